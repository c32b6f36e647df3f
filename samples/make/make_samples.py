#!/usr/bin/env python3
"""Writes samples/: reference data, documents, what is expected of them, and the README. The same seed gives the same bytes.

python3 -m venv venv && venv/bin/pip install -r requirements.txt
venv/bin/python make_samples.py [FOLDER]          default: the folder above this one, where make/ stands
"""

import shutil
import sys
from datetime import timedelta
from decimal import Decimal as D
from pathlib import Path

import paper
import wire
from model import QUEUE
from stories import CODES, DISPUTE_WINDOWS, Stories
from world import ENTITIES, Books, day, write_csv, write_reference

SEED = 20260930
EXPECTED = {
    "deductions": "document member payment_id part also_in line_hint invoice_number debit_note_number amount currency category expectation validity valid_amount agreement_id related_agreements queue scenario difficulty language scored presentation shown customer_reason_code sku quantity unit references period "
    "duplicate_of evidence_document",
    "allocations": "document member payment_id part invoice_number gross_amount discount_amount deducted_amount paid_amount currency alt_discount_amount alt_deducted_amount alt_paid_amount difficulty",
    "payments": "document member payment_id part payment_date amount currency customer_id reference difficulty",
    "documents": "document member kind language customer_id pages ocr expected links difficulty format note",
}
EXTENSION = {
    ".pdf": "pdf", ".png": "png", ".jpg": "jpeg", ".tif": "tiff", ".eml": "eml", ".zip": "zip", ".csv": "csv", ".tsv": "csv", ".txt": "text", ".xlsx": "xlsx",
    ".sta": "mt940",
}
STRUCTURED = ("x12_820", "x12_812", "edifact_remadv", "camt_053", "camt_054", "mt940")


class Maker:

    def __init__(self, folder):
        self.folder = folder
        self.books = Books(SEED)
        self.stories = Stories(self.books)
        self.expected = {k: [] for k in EXPECTED}
        self.statements = {}  # file -> [(advice or line)]
        self.debit_papers = {}  # advice file -> file names

    # ------------------------------------------------------------------------------------------------ the books
    def open_books(self):
        b = self.books
        for c in b.customers:
            b.fill(c, (6, ), 3)
            b.fill(c, (7, 8), 2)
            b.fill(c, (9, ), 1)
        self.stories.tell()
        b.number()
        for group, codes in CODES.items():
            for c in group:
                b.rows["reason_codes"] += [dict(customer_id=c, code=code, description=words, category=category) for code, words, category in codes]
        for c, category, days, counted, attempts, source in DISPUTE_WINDOWS:
            b.rows["dispute_windows"].append(
                dict(customer_id=c, category=category, days=days, counted_from=counted, attempts=attempts, source=source, verified_on=day("5-18")))

    # ------------------------------------------------------------------------------------------------ money
    def receive(self):
        """Bank lines: most come with payments.csv, some with a statement, one is missing."""
        arrivals = []
        for a in self.stories.advices:
            if a.superseded_by or a.bank_day is None or a.layout == "camt_054":
                continue
            if a.bank_file:
                self.statements.setdefault(a.bank_file, []).append((a.bank_day, a.total, a.payer, a.reference, a.reference))
            else:
                arrivals.append((a.bank_day, a.payer, a.total, a.reference, a))
        counts = {}
        for file, when, customer, invoices, takes, words in self.stories.lines:
            c = self.books.customers[customer]
            total = sum((i.total for i in invoices), D(0)) - sum((t.amount for t in takes), D(0))
            text = words.format(*(i.number for i in invoices))
            line = dict(customer=c, day=when, invoices=invoices, takes=takes, total=total, text=text, file=file, payment_id="", part="")
            if file:
                self.statements.setdefault(file, []).append((when, total, c, "", text))
                counts[file] = counts.get(file, 0) + 1
                line["part"] = counts[file]
            else:
                arrivals.append((when, c, total, text, line))
            if file:
                self.expect_line(line)
        arrivals.sort(key=lambda x: (x[0], x[1].id))
        for n, (when, c, total, reference, source) in enumerate(arrivals, 1):
            payment_id = f"PAY-{20260000 + n}"
            self.books.rows["payments"].append(
                dict(payment_id=payment_id, received_on=when, payer_name=c.bank_name, payer_account=c.account if n % 3 else "",
                     customer_id=c.id if n % 4 == 0 else "", amount=total, currency=c.currency, reference=reference))
            if isinstance(source, dict):
                source["payment_id"] = payment_id
                self.expect_line(source)
            else:
                source.payment_id = payment_id

    # ------------------------------------------------------------------------------------------------ what is expected
    def deduction(self, t, common, customer, also, in_advice):
        shown = [
            k for k, on in (("invoice", t.invoice and t.where in ("separate", "attached")), ("quantity", t.quantity), ("sku", t.sku),
                            ("reference", t.references), ("period", t.period), ("duplicate_of", t.duplicate_of), ("debit_note_document", t.where == "attached"),
                            ) if on
        ]
        where = {"attached": "separate"}.get(t.where, t.where)
        target = t.invoice.number if t.invoice else t.note or "lump"
        return dict(common, also_in="|".join(also), line_hint=f"{where}:{target}", invoice_number=t.invoice, debit_note_number=t.note, amount=t.amount,
                    category=t.category, expectation=t.expectation, validity=t.validity, valid_amount=t.valid_amount,
                    agreement_id=t.agreement["agreement_id"] if t.agreement else "", related_agreements=t.related["agreement_id"] if t.related else "",
                    queue=QUEUE[t.category], scenario=t.scenario, language=customer.language, scored="yes" if t.scored else "no", presentation=t.where,
                    shown="|".join(shown), customer_reason_code=t.code, sku=t.sku, quantity=t.quantity, unit=t.unit, references=t.references, period=t.period,
                    duplicate_of=t.duplicate_of, evidence_document=t.evidence)

    def allocation(self, common, inv, takes):
        inside = [t for t in takes if t.invoice is inv and t.where in ("discount", "column", "silent")]
        apart = sum((t.amount for t in takes if t.invoice is inv and t.where in ("separate", "attached")), D(0))
        discount = sum((t.amount for t in inside if t.category == "early_payment_discount"), D("0.00"))
        other = sum((t.amount for t in inside if t.category != "early_payment_discount"), D("0.00"))
        row = dict(common, invoice_number=inv, gross_amount=inv.total, discount_amount=discount, deducted_amount=other + apart,
                   paid_amount=inv.total - discount - other - apart)
        if apart:
            row.update(alt_discount_amount=discount, alt_deducted_amount=other, alt_paid_amount=inv.total - discount - other)
        return row

    def expect_line(self, line):
        common = dict(document=line["file"], payment_id=line["payment_id"], part=line["part"], currency=line["customer"].currency, difficulty="machine")
        for inv in line["invoices"]:
            self.expected["allocations"].append(self.allocation(common, inv, line["takes"]))
        for t in line["takes"]:
            self.expected["deductions"].append(self.deduction(t, common, line["customer"], [], line["invoices"]))
        self.expected["payments"].append(dict(common, payment_date=line["day"], amount=line["total"], customer_id=line["customer"].id, reference=line["text"]))

    def expect_advice(self, a):
        if a.superseded_by:
            return
        also = self.debit_papers.get(a.file, [])
        common = dict(document=a.file, member=a.member, payment_id=a.payment_id, currency=a.currency, difficulty=a.difficulty)
        for inv in a.invoices:
            self.expected["allocations"].append(self.allocation(common, inv, a.takes))
        for t in a.takes:
            self.expected["deductions"].append(self.deduction(t, common, a.payer, also, a.invoices))
        self.expected["payments"].append(dict(common, payment_date=a.bank_day or a.day, amount=a.total, customer_id=a.payer.id, reference=a.reference))

    def document(self, file, kind, customer=None, language=None, *, member="", pages=1, ocr=False, expected="processed", links=(), difficulty="clean",
                 format="", note=""):
        kind_of_file = format or EXTENSION[Path(member or file).suffix]
        self.expected["documents"].append(
            dict(document=file, member=member, kind=kind,
                 language=language if language is not None else customer.language if customer and kind_of_file not in STRUCTURED else "",
                 customer_id=customer.id if customer else "", pages=pages, ocr="yes" if ocr else "no", expected=expected, links="|".join(x for x in links if x),
                 difficulty=difficulty, format=kind_of_file, note=note))

    # ------------------------------------------------------------------------------------------------ documents
    def save(self, file, data):
        (self.folder / "documents" / file).write_bytes(data)

    def write_advice(self, a, number):
        layout, _, wear = a.layout.partition("+")
        notes = [t for t in a.takes if t.paper]
        if layout in paper.LAYOUTS:
            data, pages = paper.LAYOUTS[layout](a)
            data = {
                "": lambda: data, "scan": lambda: paper.scanned_pdf(data, a.reference), "photo": lambda: paper.photo_jpeg(data, a.reference),
                "png": lambda: paper.scanned_png(data, a.reference), "fax": lambda: paper.fax_tiff(data, a.reference),
            }[wear]()
            a.pages = pages
        else:
            data = {
                "csv": lambda: wire.flat_csv(a), "csv_de": lambda: wire.headed_sheet(a, ";", "cp1252"), "tsv": lambda: wire.headed_sheet(a, "\t", "utf-8"),
                "text": lambda: wire.fixed_text(a), "xlsx": lambda: wire.workbook(a), "mail": lambda: wire.text_mail(a, number),
                "html": lambda: wire.html_mail(a, number), "x12_820": lambda: wire.x12_820(a, 700100 + number),
                "edifact_remadv": lambda: wire.remadv(a, 200 + number), "camt_054": lambda: wire.camt_054(a, f"N{number:06d}"),
            }[layout]()
        members = [(a.member, data)] if a.member else []
        format = layout if layout in STRUCTURED else ""
        self.document(a.file, "remittance_advice", a.payer, member=a.member, pages=a.pages, ocr=bool(wear),
                      expected="superseded" if a.superseded_by else "processed", links=[a.superseded_by, *a.also], difficulty=a.difficulty, format=format,
                      note=f"an earlier version of {a.superseded_by}" if a.superseded_by else a.layout)
        for t in notes:
            links = [a.file, t.note, t.invoice.number if t.invoice else ""]
            if t.paper.endswith(".edi"):
                self.save(t.paper, wire.x12_812(a, t, 700500 + number))
                self.document(t.paper, "debit_note", a.payer, links=links, difficulty="machine", format="x12_812")
                continue
            note, scanned = paper.debit_note(a, t), t.paper.endswith(".png")
            if scanned:
                note = paper.scanned_png(note, t.note)
            if a.member:
                members.append((t.paper, note))
            else:
                self.save(t.paper, note)
            self.document(a.file if a.member else t.paper, "debit_note", a.payer, member=t.paper if a.member else "", ocr=scanned, links=links,
                          difficulty="ocr" if scanned else "clean")
        self.debit_papers[a.file] = [t.paper for t in notes]
        if a.member:
            data = wire.archive(members) if a.file.endswith(".zip") else wire.mail_with(a, number, members)
        self.save(a.file, data)

    def write_paper(self, p):
        c, kind, file, language = p["customer"], p["kind"], p["file"], p["customer"].language
        inv = p.get("invoice")
        if kind == "proof_of_delivery":
            data = paper.proof_of_delivery(inv, p["received"], p["remark"], language, p.get("day") or inv.delivered or inv.requested, file)
            links = [inv.number]
        elif kind == "bill_of_lading":
            data, links = paper.bill_of_lading(inv, language), [inv.delivery_note, inv.purchase_order, inv.number]
        elif kind == "agreement":
            data, links = paper.deal_sheet(c, p["agreement"], p.get("signed", True)), [p["agreement"]["agreement_id"], p["agreement"]["customer_reference"]]
        elif kind == "credit_memo":
            data, links = paper.credit_memo(c, p["memo"], p["memo"]["invoice_number"]), [p["memo"]["credit_memo_number"]]
        elif kind == "invoice":
            data, links = paper.invoice_copy(inv), [inv.number]
        elif file.endswith(".eml"):
            data, links = wire.letter_mail(c, p["day"], p["subject"], p["paragraphs"], 900), []
        else:
            data, links = paper.plain_letter(c, ENTITIES[c.entity], p["day"], p["paragraphs"]), []
        form = p.get("form", "pdf")
        if form == "scan":
            data = paper.scanned_pdf(data, file)
        elif form == "png":
            data = paper.scanned_png(data, file)
        self.save(file, data)
        self.document(file, kind, c, ocr=form != "pdf", links=links, difficulty="machine" if file.endswith(".eml") else "ocr" if form != "pdf" else "clean")

    def write_statements(self):
        for file, entries in sorted(self.statements.items()):
            if file.endswith(".sta"):
                rows = [(when, total, wire.ascii_upper(c.bank_name), c.account, f"SVWZ+{text}") for when, total, c, reference, text in entries]
                self.save(file, wire.mt940(ENTITIES["DE01"]["bank"], "EUR", 36, D("48211.07"), entries[0][0] - timedelta(days=1), rows, D("12.80")))
                self.document(file, "bank_statement", difficulty="machine", format="mt940")
            else:
                rows = [(total, c.bank_name, c.account, reference, text) for when, total, c, reference, text in entries]
                self.save(file, wire.camt_053(ENTITIES["NL01"]["bank"], "EUR", entries[0][0], D("15200.40"), rows))
                self.document(file, "bank_statement", difficulty="machine", format="camt_053")

    def write_oddities(self):
        filler = next(i for i in self.books.invoices if i.filler and i.customer.id == "DE300")
        whole = paper.invoice_copy(filler)
        self.save("broken_transfer.pdf", whole[:len(whole) * 2 // 5])
        self.document("broken_transfer.pdf", "other", language="", expected="needs_review", difficulty="", note="truncated PDF")
        self.save("empty.pdf", b"")
        self.document("empty.pdf", "other", language="", expected="needs_review", difficulty="", note="0 bytes")
        original = "betaalspecificatie_BT-260611.xlsx"
        self.save(f"copy_of_{original}", (self.folder / "documents" / original).read_bytes())
        self.document(f"copy_of_{original}", "remittance_advice", self.books.customers["NL100"], expected="duplicate", links=[original], difficulty="machine",
                      note="the same bytes once more")

    # ------------------------------------------------------------------------------------------------ all of it
    def make(self):
        for name in ("reference", "documents", "expected"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir(parents=True)
        self.open_books()
        self.receive()
        write_reference(self.books, self.folder / "reference")
        for number, a in enumerate(self.stories.advices, 1):
            self.write_advice(a, number)
        for p in self.stories.papers:
            self.write_paper(p)
        self.write_statements()
        self.write_oddities()
        for a in self.stories.advices:
            self.expect_advice(a)
        self.expected["documents"].sort(key=lambda r: (r["document"], r["kind"] != "remittance_advice", r["member"]))
        for name, columns in EXPECTED.items():
            write_csv(self.folder / "expected" / f"{name}.csv", columns.split(), self.expected[name])
        (self.folder / "README.md").write_text(self.readme(), encoding="utf-8")

    def readme(self):
        b, out = self.books, []
        ded = [r for r in self.expected["deductions"] if r["scored"] == "yes"]
        verdicts = {v: sum(1 for r in ded if r["validity"] == v) for v in ("valid", "partial", "invalid", "unknown")}
        out.append(f"""# Samples: one quarter of short payments

Everything here is made up: the manufacturer, its customers, their numbers and papers. Domains end in `.example`.

**Quillmere** makes food and household goods (mueslis, sauces, dish soap, bin bags) and sells them to grocers, wholesalers and drugstores through five companies: {', '.join(f"{e['name']} ({e['currency']})" for e in ENTITIES.values())}. Prices went up by 3 % on 1 August 2026.
Between June and September 2026 it sent {len(b.invoices)} invoices. The customers paid, and often paid less than billed; this folder holds what they sent, and what a careful clerk finds in it.

    reference/    what the company knows: load it with `recoup import samples/reference`
    documents/    what arrived, in every form it arrives in: `recoup ingest samples/documents`
    expected/     what a perfect clerk would have found, one row per deduction, allocation, payment and document
    make/         the generator that wrote all of this, and the check that proves it consistent

`recoup demo` loads both into a fresh folder. {len(ded)} amounts are held back in all: {verdicts['valid']} owed, {verdicts['partial']} owed in part, {verdicts['invalid']} not owed, and {verdicts['unknown']} that the evidence at hand does not decide.

## The customers

| id | name | country, language | currency | payment terms (days of grace) | belongs to |
|---|---|---|---|---|---|""")
        for c in b.customers.values():
            out.append(f"| {c.id} | {c.name} | {c.country}, {c.language} | {c.currency} | {c.terms} ({c.grace}) | {c.parent} |")
        out.append("""
## The stories

Each is one remittance with the papers that explain it. Amounts are in the customer's currency; "owed" is what Quillmere owes of the amount taken.
""")
        papers = {}
        for p in self.stories.papers:
            if p.get("invoice") is not None:
                papers.setdefault(id(p["invoice"]), []).append(p["file"])
            if p.get("agreement"):
                papers.setdefault(id(p["agreement"]), []).append(p["file"])
            if p.get("memo"):
                papers.setdefault(p["memo"]["credit_memo_number"], []).append(p["file"])
        for n, a in enumerate((a for a in self.stories.advices if not a.superseded_by), 1):
            files = [a.file, *a.also, *[t.paper for t in a.takes if t.paper and not a.member]]
            if a.bank_file and a.bank_file not in files:
                files.append(a.bank_file)
            for t in a.takes:
                for key in (id(t.invoice), id(t.agreement), t.note):
                    files += [f for f in papers.get(key, []) if f not in files]
            out.append(
                f"### {n}. {a.story}\n\n{a.payer.name}, {a.day}, {a.total:,.2f} {a.currency}. {a.told}\n\nDocuments: {', '.join(f'`{f}`' for f in files)}\n")
            out.append("| taken | for | finding | owed | why |\n|---:|---|---|---:|---|")
            for t in a.takes:
                why = t.scenario.replace("_", " ")
                name = f"{t.category}" + (f", invoice {t.invoice.number}" if t.invoice else "")
                out.append(
                    f"| {t.amount:,.2f} | {name} | {t.expectation}, {t.validity} | {'?' if t.valid_amount is None else f'{t.valid_amount:,.2f}'} | {why} |")
            out.append("")
        out.append("### Money that nobody explained\n\n| where | payer | what it pays | finding |\n|---|---|---|---|")
        for line in [x for x in self.stories.lines]:
            file, when, customer, invoices, takes, words = line
            total = sum((i.total for i in invoices), D(0)) - sum((t.amount for t in takes), D(0))
            finding = "; ".join(f"{t.amount} taken: {t.category}, {t.validity} ({t.scenario.replace('_', ' ')})" for t in takes) or "paid in full"
            out.append(
                f"| {f'`{file}`' if file else 'payments.csv'}, {when} | {b.customers[customer].name} | {', '.join(i.number for i in invoices)}: {total:,.2f} {b.customers[customer].currency} | {finding} |"
            )
        out.append("\n## Every form in which a document arrives\n\n| format | files |\n|---|---|")
        by_format = {}
        for r in self.expected["documents"]:
            by_format.setdefault(r["format"], []).append(f"`{r['document']}{'!' + r['member'] if r['member'] else ''}`")
        for name in sorted(by_format):
            out.append(f"| {name} | {', '.join(by_format[name])} |")
        out.append("""
### Files with nothing to post

- `empty.pdf` has no bytes and `broken_transfer.pdf` ends in the middle: both belong in the review queue, with the reason.
- `copy_of_betaalspecificatie_BT-260611.xlsx` is byte for byte the same as its original: recognised, processed once.
- `remittance_FW-3391.pdf` was replaced by `remittance_FW-3391_corrected.pdf`: only the second counts.
- `letter_fennimore.pdf` and `message_tannhof_0902.eml` are correspondence; bills of lading, `facture_copie.pdf` and the deal sheets are evidence.

## How to read `expected/`

- `deductions.csv`: `presentation` says how the amount stands on the remittance: in the discount column, in a column of its invoice's line, on a line of its own (separate), as such a line that only a debit note explains (attached), without any number (lump), or not at all (silent). `scored` is `no` for rounding.
  `scenario` names the case in two or three words. `evidence_document` is the document that decides.
- `allocations.csv`: gross = discount + deducted + paid. A separate line that names an invoice paid by the same remittance may be netted into it or stand alone; the `alt_` columns hold the second form.
- `payments.csv`: `document` is blank where only `reference/payments.csv` tells of the payment. `part` numbers the payments of a statement that no advice explains. The date is the bank's.
- `documents.csv`: every file, and every member of a mail or archive. `expected`: processed, needs_review, duplicate, superseded. A deal sheet has the kind `agreement` here, `promotion_agreement` in an export."""
                   )
        return "\n".join(out) + "\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    Maker(target).make()
