#!/usr/bin/env python3
"""Proves the samples consistent, from the written files alone: references resolve, sums hold, every category and format is there, and the expected verdicts follow from the reference data.

venv/bin/python check.py [FOLDER]
"""

import csv
import hashlib
import re
import sys
import zipfile
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal as D
from email import message_from_bytes, policy
from pathlib import Path

import pypdfium2

CATEGORIES = (
    "early_payment_discount volume_rebate promotion_allowance scan_back coop_advertising slotting markdown_support freight_allowance unsaleable_allowance price_difference invoice_error shortage damage wrong_item quality return delivery_penalty compliance_fine freight_charge duplicate_billing "
    "post_audit tax_or_bank offset unknown").split()
FORMATS = "csv text xlsx pdf png jpeg tiff eml zip x12_820 x12_812 edifact_remadv camt_053 camt_054 mt940".split()
KINDS = "remittance_advice debit_note proof_of_delivery bill_of_lading agreement invoice credit_memo bank_statement correspondence other".split()
AGREEMENT_OF = {
    "promotion_allowance": "off_invoice bill_back lump_sum", "scan_back": "scan_back", "slotting": "slotting", "coop_advertising": "coop_advertising display",
    "volume_rebate": "volume_rebate", "freight_allowance": "freight_allowance", "unsaleable_allowance": "defective_allowance", "markdown_support": "",
}
REQUIRED = {
    "company": "legal_entity name", "customers": "customer_id name currency", "reason_codes": "code category", "products": "sku unit",
    "invoices": "invoice_number customer_id issue_date currency total_amount", "invoice_lines": "invoice_number line_number quantity unit_price line_amount",
    "agreements": "agreement_id customer_id kind starts_on ends_on rate_type rate currency status", "scan_data": "customer_id sku week_starting units",
    "price_list": "sku unit_price currency valid_from", "orders": "purchase_order customer_id order_date sku quantity",
    "shipments": "shipment_id sku shipped_quantity", "deliveries": "delivery_id sku received_quantity delivered_on",
    "returns": "return_id customer_id sku quantity", "credit_memos": "credit_memo_number customer_id issue_date amount currency",
    "settled_deductions": "customer_id reference amount currency settled_on outcome", "dispute_windows": "days",
    "payments": "payment_id received_on payer_name amount currency",
}
TERMS = {
    "2/10 net 30": [(2, 10)], "3/15 2/30 net 60": [(3, 15), (2, 30)], "1/15 net 45": [(1, 15)], "2.5/14 net 45": [(D("2.5"), 14)],
    "1 % d'escompte à 10 jours, 45 jours net": [(1, 10)], "2/8 net 30": [(2, 8)], "1/14 net 30": [(1, 14)], "14 Tage 2 % Skonto, 30 Tage netto": [(2, 14)],
}
problems, counted = [], Counter()


def expect(truth, words):
    counted["checks"] += 1
    if not truth:
        problems.append(words)


def cents(x):
    return D(x).quantize(D("0.01"), ROUND_HALF_UP)


def read(path):
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def on(text):
    return date.fromisoformat(text)


class Samples:

    def __init__(self, folder):
        self.folder = folder
        self.ref = {n: read(folder / "reference" / f"{n}.csv") for n in REQUIRED}
        self.exp = {n: read(folder / "expected" / f"{n}.csv") for n in ("deductions", "allocations", "payments", "documents")}
        self.invoice = {r["invoice_number"]: r for r in self.ref["invoices"]}
        self.customer = {r["customer_id"]: r for r in self.ref["customers"]}
        self.agreement = {r["agreement_id"]: r for r in self.ref["agreements"]}
        self.pack = {r["sku"]: int(r["case_pack"]) for r in self.ref["products"]}
        self.lines, self.drops, self.orders = defaultdict(list), defaultdict(list), defaultdict(list)
        for r in self.ref["invoice_lines"]:
            self.lines[r["invoice_number"]].append(r)
        for r in self.ref["deliveries"]:
            self.drops[r["invoice_number"]].append(r)
        for r in self.ref["orders"]:
            self.orders[r["purchase_order"]].append(r)

    # ------------------------------------------------------------------------------------------------ reference data
    def references(self):
        for name, columns in REQUIRED.items():
            expect(self.ref[name], f"{name}.csv is empty")
            for n, r in enumerate(self.ref[name], 2):
                for c in columns.split():
                    expect(r[c] != "", f"{name}.csv line {n}: {c} is blank")
                for c, known in (("customer_id", self.customer), ("parent_customer_id", self.customer), ("invoice_number", self.invoice),
                                 ("agreement_id", self.agreement), ("sku", self.pack), ("substituted_for_sku", self.pack),
                                 ):
                    if r.get(c):
                        expect(r[c] in known, f"{name}.csv line {n}: unknown {c} {r[c]}")
                for c, v in r.items():
                    if v and (c.endswith("_on") or c.endswith("_date") or c in ("valid_from", "valid_to", "week_starting")):
                        expect(re.fullmatch(r"\d{4}-\d\d-\d\d", v), f"{name}.csv line {n}: {c} {v}")
        for n, i in self.invoice.items():
            by_rate = defaultdict(D)
            for l in self.lines[n]:
                by_rate[D(l["tax_rate"])] += D(l["line_amount"])
                right = cents(D(l["quantity"]) * D(l["unit_price"]))
                if right != D(l["line_amount"]):
                    expect(
                        any(d["invoice_number"] == n and d["scenario"] == "invoice_error_confirmed" and D(d["amount"]) == D(l["line_amount"]) - right
                            for d in self.exp["deductions"]), f"{n}: line {l['line_number']} does not multiply")
                order_day = on(i["issue_date"]) - timedelta(days=8)
                listed = [
                    p for p in self.ref["price_list"]
                    if p["sku"] == l["sku"] and p["currency"] == i["currency"] and p["unit"] == l["unit"] and on(p["valid_from"]) <= order_day and (
                        not p["valid_to"] or order_day <= on(p["valid_to"]))
                ]
                expect(len(listed) == 1, f"{n}: {len(listed)} prices for {l['sku']}")
                if listed and D(listed[0]["unit_price"]) != D(l["unit_price"]):
                    expect(any(d["invoice_number"] == n and d["category"] == "price_difference" for d in self.exp["deductions"]),
                           f"{n}: {l['sku']} is not billed at list price")
            tax = sum((cents(a * r / 100) for r, a in by_rate.items()), D(0))
            expect(tax == D(i["tax_amount"]), f"{n}: tax {i['tax_amount']} is not {tax}")
            expect(sum(by_rate.values(), tax) == D(i["total_amount"]), f"{n}: lines and tax do not make the total")
            expect(D(i["paid_amount"]) in (0, D(i["total_amount"])), f"{n}: paid_amount")
            expect(date(2026, 6, 1) <= on(i["issue_date"]) <= date(2026, 9, 30), f"{n}: issued {i['issue_date']}")
            expect(i["purchase_order"] in self.orders, f"{n}: order {i['purchase_order']}")
            expect(self.customer[i["customer_id"]]["currency"] == i["currency"], f"{n}: currency")
        numbers = [r["payment_id"] for r in self.ref["payments"]]
        expect(len(set(numbers)) == len(numbers), "payment ids repeat")

    # ------------------------------------------------------------------------------------------------ expected sums
    def sums(self):
        key = lambda r: (r["document"], r["member"], r["payment_id"], r["part"])
        alloc, ded = defaultdict(list), defaultdict(list)
        for a in self.exp["allocations"]:
            alloc[key(a)].append(a)
            g, d, o, p = (D(a[k]) for k in ("gross_amount", "discount_amount", "deducted_amount", "paid_amount"))
            expect(g == d + o + p, f"{key(a)} {a['invoice_number']}: gross is not discount + deducted + paid")
            expect(g == D(self.invoice[a["invoice_number"]]["total_amount"]), f"{a['invoice_number']}: gross is not the invoice total")
            if a["alt_paid_amount"]:
                expect(g == D(a["alt_discount_amount"]) + D(a["alt_deducted_amount"]) + D(a["alt_paid_amount"]), f"{a['invoice_number']}: second form")
            paid_before = D(self.invoice[a["invoice_number"]]["paid_amount"])
            expect(paid_before == 0, f"{a['invoice_number']}: paid outside and paid again")
        paid_once = Counter(a["invoice_number"] for a in self.exp["allocations"])
        expect(max(paid_once.values()) == 1, "an invoice is paid twice")
        for d in self.exp["deductions"]:
            ded[key(d)].append(d)
        for p in self.exp["payments"]:
            k = key(p)
            paid_here = {a["invoice_number"] for a in alloc[k]}
            inside, alone = defaultdict(D), D(0)
            for d in ded[k]:
                if d["invoice_number"] in paid_here:
                    inside[d["invoice_number"]] += D(d["amount"])
                else:
                    alone += D(d["amount"])
            for a in alloc[k]:
                expect(inside[a["invoice_number"]] == D(a["discount_amount"]) + D(a["deducted_amount"]),
                       f"{k} {a['invoice_number']}: deductions do not make the gap")
            expect(sum((D(a["paid_amount"]) for a in alloc[k]), D(0)) - alone == D(p["amount"]), f"{k}: payment is not paid less stand-alone deductions")
            family = {p["customer_id"]} | {c for c, r in self.customer.items() if r["parent_customer_id"] == p["customer_id"]}
            for a in alloc[k]:
                expect(self.invoice[a["invoice_number"]]["customer_id"] in family, f"{k}: {a['invoice_number']} is of another customer")
            if p["payment_id"]:
                bank = next(r for r in self.ref["payments"] if r["payment_id"] == p["payment_id"])
                expect((bank["amount"], bank["received_on"], bank["currency"]) == (p["amount"], p["payment_date"], p["currency"]), f"{k}: bank line differs")
        for d in self.exp["deductions"]:
            v = d["validity"]
            expect((d["valid_amount"] == "") == (v == "unknown"), f"{d['scenario']}: valid amount of {v}")
            if v == "partial":
                expect(0 < D(d["valid_amount"]) < D(d["amount"]), f"{d['scenario']}: partial {d['valid_amount']} of {d['amount']}")
            if v in ("valid", "invalid"):
                expect(D(d["valid_amount"]) == (D(d["amount"]) if v == "valid" else 0), f"{d['scenario']}: {v} {d['valid_amount']}")

    # ------------------------------------------------------------------------------------------------ verdicts, recomputed
    def verdicts(self):
        when = {(p["document"], p["member"], p["payment_id"], p["part"]): on(p["payment_date"]) for p in self.exp["payments"]}
        payer = {(p["document"], p["member"], p["payment_id"], p["part"]): p["customer_id"] for p in self.exp["payments"]}
        for d in self.exp["deductions"]:
            k = (d["document"], d["member"], d["payment_id"], d["part"])
            i = self.invoice.get(d["invoice_number"])
            customer = i["customer_id"] if i else payer[k]
            got = self.judge(d, i, customer, when[k])
            said = (d["expectation"], d["validity"], d["valid_amount"])
            if got is None:
                problems.append(f"{d['scenario']}: no rule here for {d['category']}")
                continue
            expectation, owed = got
            amount = D(d["amount"])
            if owed is None:
                want = (expectation, "unknown", "")
            else:
                owed = max(D(0), min(cents(owed), amount))
                want = (expectation, "valid" if owed == amount else "invalid" if owed == 0 else "partial", f"{owed:.2f}")
            expect(
                said == want,
                f"{d['scenario']} {d['document'] or d['payment_id']} {d['invoice_number'] or d['debit_note_number']}: expected/ says {said}, the rules say {want}")

    def worth(self, i, sku, quantity, unit, price=None):
        l = next(x for x in self.lines[i["invoice_number"]] if x["sku"] == sku)
        per = D(l["unit_price"]) if price is None else price
        if price is None and unit != l["unit"]:
            per = per / self.pack[sku] if unit == "each" else per * self.pack[sku]
        return cents(per * quantity * (1 + D(l["tax_rate"]) / 100))

    def base_units(self, quantity, unit, sku):
        return int(quantity) * (self.pack[sku] if unit == "case" else 1)

    def settled(self, d, customer):
        """Already credited: the same reference, or the same agreement, or the same invoice, category and amount."""
        for s in self.ref["settled_deductions"]:
            if s["customer_id"] == customer and s["category"] != "price_difference" and D(s["amount"]) == D(d["amount"]):
                if (s["reference"] in (d["debit_note_number"], d["references"]) or s["agreement_id"] and s["agreement_id"] == d["agreement_id"]
                        or s["invoice_number"] and s["invoice_number"] == d["invoice_number"] and s["category"] == d["category"]):
                    return True
        return False

    def judge(self, d, i, customer, paid_on):
        """(expectation, amount owed or None for unknown)."""
        c, amount, no = d["category"], D(d["amount"]), ("unexpected", D(0))
        row = self.customer[customer]
        if self.settled(d, customer):
            return no
        if c == "early_payment_discount":
            tiers = TERMS.get(row["payment_terms"], [])
            credited = sum((D(m["amount"]) for m in self.ref["credit_memos"] if m["invoice_number"] == i["invoice_number"] and on(m["issue_date"]) <= paid_on),
                           D(0))
            days = (paid_on - on(i["issue_date"])).days
            open_tiers = [D(rate) for rate, last in tiers if days <= last + int(row["discount_grace_days"])]
            return ("expected", cents((D(i["total_amount"]) - credited) * max(open_tiers) / 100)) if open_tiers else no
        if c in AGREEMENT_OF:
            return self.judge_agreement(d, i, customer, paid_on)
        if c in ("shortage", "damage"):
            sku, claimed, unit = d["sku"], int(d["quantity"]), d["unit"]
            drops = self.drops[i["invoice_number"]]
            if amount != self.worth(i, sku, claimed, unit):
                problems.append(f"{d['scenario']}: {amount} is not {claimed} {unit} of {sku}")
            if not drops:
                if not d["evidence_document"]:
                    return "unexpected", None
                return ("unexpected", D(0)) if "full" in d["scenario"] else ("unexpected", amount)  # the paper decides; documents() reads it
            if c == "damage":
                hurt = sum(int(x["damaged_quantity"]) for x in drops if x["sku"] == sku)
                return "unexpected", self.worth(i, sku, hurt, "case") if hurt else D(0)
            billed = sum(self.base_units(l["quantity"], l["unit"], sku) for l in self.lines[i["invoice_number"]] if l["sku"] == sku)
            received = sum(
                self.base_units(int(x["received_quantity"]) - int(x["refused_quantity"]), x["unit"], x["sku"]) *
                (self.pack[sku] if x["substituted_for_sku"] else 1) // (self.pack[x["sku"]] if x["substituted_for_sku"] else 1) for x in drops
                if sku in (x["substituted_for_sku"] or x["sku"], ))
            return "unexpected", self.worth(i, sku, billed - received, "each") if billed > received else D(0)
        if c == "price_difference":
            gaps = []
            for l in self.lines[i["invoice_number"]]:
                order = next((o for o in self.orders[i["purchase_order"]] if o["sku"] == l["sku"]), None)
                gap = D(l["unit_price"]) - D(order["unit_price"]) if order else D(0)
                if gap and (not d["sku"] or l["sku"] == d["sku"]):
                    gaps.append(cents(gap * int(l["quantity"]) * (1 + D(l["tax_rate"]) / 100)))
            return "unexpected", sum(gaps, D(0))
        if c == "invoice_error":
            return "unexpected", sum((D(l["line_amount"]) - cents(D(l["quantity"]) * D(l["unit_price"])) for l in self.lines[i["invoice_number"]]), D(0))
        if c == "wrong_item":
            ordered = {o["sku"] for o in self.orders[i["purchase_order"]]}
            return "unexpected", D(0) if d["sku"] in ordered else amount
        if c == "return":
            r = next((x for x in self.ref["returns"] if x["return_id"] == d["references"]), None)
            if not r or not r["authorised_on"] or r["credit_amount"] or int(r["quantity"]) < int(d["quantity"]):
                return no
            return "expected", self.worth(i, d["sku"], int(d["quantity"]), d["unit"])
        if c in ("delivery_penalty", "compliance_fine"):
            if row["country"] == "FR":
                return no
            word = "late delivery" if c == "delivery_penalty" else ("ASN", "Etikettierung")
            programs = [
                a for a in self.covering(customer, "compliance_program")
                if a["starts_on"] <= i["issue_date"] <= a["ends_on"] and any(w in a["description"] for w in ([word] if isinstance(word, str) else word))
            ]
            if not programs:
                return no
            requested = max(o["requested_delivery_date"] for o in self.orders[i["purchase_order"]])
            if c == "delivery_penalty" and max(x["delivered_on"] for x in self.drops[i["invoice_number"]]) <= requested:
                return no
            expect(d["agreement_id"] == programs[0]["agreement_id"], f"{d['scenario']}: agreement")
            return "unexpected", D(programs[0]["rate"])
        if c == "duplicate_billing":
            first = self.invoice[d["duplicate_of"]]
            same = all(first[x] == i[x] for x in ("purchase_order", "total_amount", "customer_id", "delivery_note"))
            return "unexpected", amount if same else D(0)
        if c == "post_audit":
            before = ([
                s for s in self.ref["settled_deductions"]
                if s["reference"] == d["references"] and s["invoice_number"] == d["invoice_number"] and D(s["amount"]) == amount
            ] if d["references"] else [])
            return ("unexpected", D(0)) if before else ("unexpected", None)
        if c == "tax_or_bank":
            return ("unexpected", amount) if "bank" in d["scenario"] and amount <= 20 else ("unexpected", None)
        if c == "offset":
            memo = next((m for m in self.ref["credit_memos"] if m["credit_memo_number"] == d["references"] and m["customer_id"] == customer), None)
            return ("expected", D(memo["amount"])) if memo else ("unexpected", None)
        return {"freight_charge": no, "quality": ("unexpected", None), "unknown": ("unexpected", None)}.get(c)

    def covering(self, customer, kinds):
        family = (customer, self.customer[customer]["parent_customer_id"])
        return [a for a in self.ref["agreements"] if a["customer_id"] in family and a["kind"] in kinds.split()]

    def judge_agreement(self, d, i, customer, paid_on):
        period = d["period"].split("/") if d["period"] else None
        fits = []
        for a in self.covering(customer, AGREEMENT_OF[d["category"]]):
            if d["references"] and a["customer_reference"] != d["references"] or a["status"] == "rejected":
                continue
            if d["sku"] and a["skus"] and d["sku"] not in a["skus"].split("|"):
                continue
            if period:
                inside = a["starts_on"] <= period[0] and period[1] <= a["ends_on"]
            elif i:
                delivered = max([x["delivered_on"] for x in self.drops[i["invoice_number"]]] or [i["issue_date"]])
                inside = a["starts_on"] <= delivered <= a["ends_on"]
            else:
                inside = a["starts_on"] <= str(paid_on) <= a["ends_on"]
            if inside:
                fits.append(a)
        expect(d["agreement_id"] == (fits[0]["agreement_id"] if fits else ""),
               f"{d['scenario']}: agreement {d['agreement_id']} but {[a['agreement_id'] for a in fits]} cover it")
        if not fits:
            return "unexpected", D(0)
        a = fits[0]
        rate, kind = D(a["rate"]), a["kind"]
        if a["status"] == "proposed" or a["performance_required"]:
            return "expected", None
        if kind == "scan_back":
            weeks = [
                s for s in self.ref["scan_data"]
                if s["customer_id"] == customer and s["sku"] == d["sku"] and a["starts_on"] <= s["week_starting"] <= a["ends_on"]
            ]
            return ("expected", sum((int(s["units"]) for s in weeks), 0) * rate) if weeks else ("expected", None)
        if a["rate_type"] == "percent":
            base = sum((D(l["line_amount"])
                        for n, v in self.invoice.items() if v["customer_id"] == customer and a["starts_on"] <= v["issue_date"] <= a["ends_on"]
                        for l in self.lines[n]), D(0))
            return "expected", base * rate / 100
        if a["rate_type"] == "per_store":
            return "expected", rate * int(a["committed_stores"])
        if a["rate_type"] == "per_case":
            line = next(l for l in self.lines[i["invoice_number"]] if l["sku"] == d["sku"])
            expect(line["unit"] == "case" and int(d["quantity"]) <= int(line["quantity"]), f"{d['scenario']}: more cases than billed")
            owed = rate * int(d["quantity"])
            return "expected", min(owed, D(a["cap_amount"])) if a["cap_amount"] else owed
        return "expected", rate

    # ------------------------------------------------------------------------------------------------ documents
    def documents(self):
        docs = self.exp["documents"]
        there = {p.name for p in (self.folder / "documents").iterdir()}
        expect(there == {r["document"] for r in docs}, f"documents.csv and the folder differ: {there ^ {r['document'] for r in docs}}")
        for want, column in ((FORMATS, "format"), (KINDS, "kind")):
            have = {r[column] for r in docs} | ({"eml", "zip"} & {Path(r["document"]).suffix[1:] for r in docs} if column == "format" else set())
            expect(set(want) <= have, f"missing {column}: {set(want) - have}")
        expect({d["category"] for d in self.exp["deductions"] if d["scored"] == "yes"} == set(CATEGORIES), "a category is missing")
        expect({d["validity"] for d in self.exp["deductions"]} == {"valid", "partial", "invalid", "unknown"}, "an outcome is missing")
        names = there | {r["member"] for r in docs}
        for d in self.exp["deductions"]:
            for n in filter(None, [d["document"], d["member"], d["evidence_document"], *d["also_in"].split("|")]):
                expect(n in names, f"{d['scenario']}: no document {n}")
        magic = {
            "pdf": b"%PDF", "png": b"\x89PNG", "jpeg": b"\xff\xd8", "tiff": b"II*\x00", "xlsx": b"PK", "x12_820": b"ISA*", "x12_812": b"ISA*",
            "edifact_remadv": b"UNA", "camt_053": b"<?xml", "camt_054": b"<?xml", "mt940": b":20:",
        }
        readme = (self.folder / "README.md").read_text(encoding="utf-8")
        for r in docs:
            data = (self.folder / "documents" / r["document"]).read_bytes()
            expect(r["document"] in readme, f"README does not name {r['document']}")
            if r["member"]:
                data = self.member(r["document"], r["member"], data)
            elif r["document"] == "empty.pdf":
                expect(not data, "empty.pdf has bytes")
                continue
            if r["format"] in magic:
                expect(data.startswith(magic[r["format"]]), f"{r['document']} is no {r['format']}")
            if r["expected"] == "duplicate":
                expect(
                    hashlib.sha256(data).digest() == hashlib.sha256((self.folder / "documents" / r["links"]).read_bytes()).digest(),
                    f"{r['document']} is no copy")
            if r["kind"] == "remittance_advice" and r["format"] == "pdf" and r["ocr"] == "no" and r["expected"] == "processed":
                self.printed(r, data)
            if r["format"] == "pdf" and r["ocr"] == "yes":
                expect(not pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range().strip(), f"{r['document']} has a text layer")
        for r in docs:
            if r["format"] in ("csv", "text", "x12_820", "edifact_remadv", "camt_054") and r["kind"] == "remittance_advice" and r["expected"] == "processed":
                data = ((self.folder / "documents" / r["document"]).read_bytes().decode(
                    "cp1252" if r["format"] == "csv" and "GU-" in r["document"] else "latin-1" if r["format"] == "edifact_remadv" else "utf-8"))
                for a in self.exp["allocations"]:
                    if a["document"] == r["document"]:
                        expect(a["invoice_number"] in data, f"{r['document']}: {a['invoice_number']} is not in it")
        for file in ("camt053_20260812.xml", "umsatz_20260909.sta"):
            text = (self.folder / "documents" / file).read_bytes().decode("latin-1").replace("\r\n", "")
            for p in self.exp["payments"]:
                if p["document"] == file:
                    expect(p["amount"] in text or p["amount"].replace(".", ",") in text, f"{file}: {p['amount']} is not in it")
        for r in self.exp["payments"]:
            if not r["payment_id"] and r["document"] and not r["document"].endswith((".xml", ".sta")):
                found = any(r["amount"] in t or r["amount"].replace(".", ",") in t
                            for t in ((self.folder / "documents" / f).read_bytes().decode("latin-1") for f in ("camt053_20260812.xml", "umsatz_20260909.sta")))
                counted["with a bank line on a statement" if found else "announced, no bank line"] += 1

    def member(self, container, name, data):
        if container.endswith(".zip"):
            return zipfile.ZipFile(self.folder / "documents" / container).read(name)
        mail = message_from_bytes(data, policy=policy.default)
        return next(p.get_content() for p in mail.iter_attachments() if p.get_filename() == name)

    def printed(self, r, data):
        pdf = pypdfium2.PdfDocument(data)
        text = " ".join(pdf[n].get_textpage().get_text_range() for n in range(len(pdf)))
        expect(len(pdf) == int(r["pages"]), f"{r['document']}: {len(pdf)} pages, {r['pages']} said")
        digits = re.sub(r"[^0-9]", "", text)
        for a in self.exp["allocations"]:
            if a["document"] == r["document"]:
                expect(a["invoice_number"] in text, f"{r['document']}: {a['invoice_number']} is not printed")
        for p in self.exp["payments"]:
            if p["document"] == r["document"]:
                expect(p["amount"].replace(".", "") in digits, f"{r['document']}: total {p['amount']} is not printed")
        for d in self.exp["deductions"]:
            if d["document"] == r["document"] and d["debit_note_number"]:
                expect(d["debit_note_number"] in text, f"{r['document']}: {d['debit_note_number']} is not printed")

    def size(self):
        total = sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file() and "make" not in p.relative_to(self.folder).parts)
        expect(total < 6_000_000, f"{total} bytes")
        return total


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    s = Samples(folder)
    for step in (s.references, s.sums, s.verdicts, s.documents):
        step()
    total = s.size()
    ded = [d for d in s.exp["deductions"] if d["scored"] == "yes"]
    print(
        f"{len(s.invoice)} invoices, {len(s.exp['documents'])} documents and members, {len(s.exp['payments'])} payments, {len(s.exp['allocations'])} allocations, {len(ded)} deductions, {total:,} bytes"
    )
    print("formats:   ", dict(sorted(Counter(r["format"] for r in s.exp["documents"]).items())))
    print("kinds:     ", dict(sorted(Counter(r["kind"] for r in s.exp["documents"]).items())))
    print("languages: ", dict(sorted(Counter(d["language"] for d in ded).items())))
    print("categories:")
    for c in CATEGORIES:
        print(f"    {c:24}", ", ".join(f"{v} {n}" for v, n in Counter(d["validity"] for d in ded if d["category"] == c).items()))
    print({k: v for k, v in counted.items()})
    for p in problems:
        print("PROBLEM", p)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
