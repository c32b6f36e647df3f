"""Business paper: remittances in eight layouts, debit notes, proofs of delivery and the rest, and the scanner, fax and camera they pass through."""

import io
import random
from decimal import Decimal as D
from pathlib import Path

import pypdfium2
import reportlab
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A4, LETTER, landscape
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from world import ENTITIES, NAME, their_article

for face in ("Vera", "VeraBd"):
    pdfmetrics.registerFont(TTFont(face, str(Path(reportlab.__file__).parent / "fonts" / f"{face}.ttf")))

WORDS = {
    "en": dict(title="REMITTANCE ADVICE", to="Pay to", vendor="Vendor no.", ref="Payment no.", date="Payment date", total="Total payment", number="Invoice no.",
               doc_date="Inv. date", po="PO number", site="Store", gross="Gross amount", discount="Discount", deduction="Deduction", net="Net amount",
               code="Code", text="Description", sum="TOTAL", sub="Subtotal", carried="Balance carried forward", brought="Balance brought forward", page="Page",
               invoices="Invoices", deductions="Deductions", dear="Dear Sir or Madam,", intro="we have today transferred the following amount to your account:",
               bye="Yours faithfully", desk="Accounts Payable", account="to your account", debit="DEBIT NOTE", our_ref="Our reference", supplier="Supplier",
               invoice="Invoice", order="Order", reason="Reason", amount="Amount", article="Item", quantity="Quantity", price="Unit price"),
    "fr": dict(title="AVIS DE PAIEMENT", to="Bénéficiaire", vendor="Code fourn.", ref="N° de virement", date="Date de règlement", total="Montant total réglé",
               number="N° facture", doc_date="Date fact.", po="N° commande", site="Magasin", gross="Montant brut", discount="Escompte", deduction="Retenue",
               net="Net payé", code="Cd", text="Motif", sum="TOTAL", sub="Sous-total", carried="À reporter", brought="Report", page="Page",
               invoices="Détail de règlement", deductions="Déductions", dear="Madame, Monsieur,",
               intro="nous avons procédé ce jour au règlement des pièces suivantes :", bye="Veuillez agréer, Madame, Monsieur, nos salutations distinguées",
               desk="Comptabilité fournisseurs", account="sur votre compte", debit="NOTE DE DÉBIT", our_ref="Notre référence", supplier="Fournisseur",
               invoice="Facture", order="Commande", reason="Motif", amount="Montant", article="Article", quantity="Quantité", price="Prix unit."),
    "nl": dict(title="BETAALSPECIFICATIE", to="Leverancier", vendor="Lev.nr.", ref="Betalingsnr.", date="Betaaldatum", total="Totaal betaald",
               number="Factuurnr.", doc_date="Fact.datum", po="Inkooporder", site="Filiaal", gross="Brutobedrag", discount="Korting", deduction="Inhouding",
               net="Nettobedrag", code="Code", text="Omschrijving", sum="TOTAAL", sub="Subtotaal", carried="Transport", brought="Transport vorige pagina",
               page="Pagina", invoices="Facturen", deductions="Inhoudingen", dear="Geachte heer, mevrouw,", intro="hierbij de specificatie van onze betaling:",
               bye="Met vriendelijke groet", desk="Crediteurenadministratie", account="op uw rekening", debit="DEBETNOTA", our_ref="Ons kenmerk",
               supplier="Leverancier", invoice="Factuur", order="Order", reason="Reden", amount="Bedrag", article="Artikel", quantity="Aantal", price="Prijs"),
    "de": dict(title="ZAHLUNGSAVIS", to="Empfänger", vendor="Lief.-Nr.", ref="Zahlungsnr.", date="Valuta", total="Überweisungsbetrag", number="Beleg",
               doc_date="Belegdatum", po="Auftrag", site="Filiale", gross="Rg.-Betrag", discount="Skonto", deduction="Kürzung", net="Zahlbetrag", code="Kz",
               text="Bemerkung", sum="GESAMT", sub="Zwischensumme", carried="Übertrag", brought="Übertrag", page="Seite", invoices="Rechnungen",
               deductions="Abzüge", dear="Sehr geehrte Damen und Herren,", intro="wir haben heute folgende Belege reguliert:", bye="Mit freundlichen Grüßen",
               desk="Kreditorenbuchhaltung", account="auf Ihr Konto", debit="BELASTUNGSANZEIGE", our_ref="Unser Zeichen", supplier="Lieferant",
               invoice="Rechnung", order="Bestellung", reason="Grund", amount="Betrag", article="Artikel", quantity="Menge", price="Preis"),
}


def grouped(x, comma, point):
    whole, part = f"{abs(x):,.2f}".split(".")
    return whole.replace(",", comma) + point + part


def amount(x, customer, negative="minus"):
    if x is None:
        return ""
    marks = {"US": (",", "."), "GB": (",", "."), "FR": (" ", ",")}.get(customer.country, (".", ","))
    text = grouped(x, *marks)
    if x >= 0:
        return text
    return {"minus": f"-{text}", "brackets": f"({text})", "behind": f"{text}-", "cr": f"{text} CR"}[negative]


def when(d, customer):
    if d is None:
        return ""
    return d.strftime({"US": "%m/%d/%Y", "NL": "%d-%m-%Y", "DE": "%d.%m.%Y"}.get(customer.country, "%d/%m/%Y"))


class Sheet:
    """A page with the origin at its top left corner, in millimetres."""

    def __init__(self, size, title):
        self.width, self.height = size[0] / 72 * 25.4, size[1] / 72 * 25.4
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=size, invariant=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("")
        self.pages = 1

    def text(self, x, y, words, size=9, font="Helvetica", align="left", color=black):
        c = self.canvas
        c.setFont(font, size)
        c.setFillColor(color)
        draw = {"left": c.drawString, "right": c.drawRightString, "centre": c.drawCentredString}[align]
        draw(x / 25.4 * 72, (self.height - y) / 25.4 * 72, words)

    def line(self, x1, y1, x2, y2, width=0.5, color=black):
        c = self.canvas
        c.setLineWidth(width)
        c.setStrokeColor(color)
        k = 72 / 25.4
        c.line(x1 * k, (self.height - y1) * k, x2 * k, (self.height - y2) * k)

    def box(self, x, y, w, h, fill=None, stroke=True, width=0.5):
        c, k = self.canvas, 72 / 25.4
        c.setLineWidth(width)
        c.setStrokeColor(black)
        if fill:
            c.setFillColor(HexColor(fill))
        c.rect(x * k, (self.height - y - h) * k, w * k, h * k, stroke=int(stroke), fill=int(bool(fill)))

    def wrap(self, words, width, size, font="Helvetica"):
        lines, current = [], ""
        for word in words.split():
            longer = f"{current} {word}".strip()
            if current and pdfmetrics.stringWidth(longer, font, size) > width / 25.4 * 72:
                lines.append(current)
                current = word
            else:
                current = longer
        return lines + [current] if current else lines

    def page(self):
        self.canvas.showPage()
        self.pages += 1

    def done(self):
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()


def size_of(customer):
    return LETTER if customer.country == "US" else A4


def head(a):
    w = WORDS[a.payer.language]
    return w, (lambda x: amount(x, a.payer, a.negative)), (lambda d: when(d, a.payer))


def vendor_number(customer):
    return f"{48100 + customer.number * 13:07d}"


def payee_block(s, a, x, y, size=9, font="Helvetica"):
    for k, words in enumerate((a.entity["name"], a.entity["street"], a.entity["town"])):
        s.text(x, y + k * size * 0.48, words, size, font)


def table(s, a, columns, rows, top, *, bottom, size=8, font="Helvetica", step=5.0, ruled=False, zebra=False, heading=None, again=None):
    """columns: (key, label, x, align). Long descriptions run on in a second line. Gives the y below the table."""
    w, money, date = head(a)
    bold = {"Helvetica": "Helvetica-Bold", "Courier": "Courier-Bold", "Vera": "VeraBd", "Times-Roman": "Times-Bold"}[font]
    right = s.width - 15
    text_at = next((c for c in columns if c[0] == "text"), None)
    edge_of = lambda x, align: x - 2 if align == "left" else x - 22.5
    room = min([edge_of(x, align) for _, _, x, align in columns if x > text_at[2]] or [right]) - text_at[2] - 1 if text_at else 0

    def cell(row, key):
        if key in ("gross", "discount", "deduction", "net"):
            return money(getattr(row, key))
        return date(row.date) if key == "date" else getattr(row, key)

    def titles(y):
        if ruled or zebra:
            s.box(15, y - 4, right - 15, 6, fill="#d9dde3" if zebra else None)
        for key, label, x, align in columns:
            s.text(x, y, label, size, bold, align)
        if not ruled and not zebra and font != "Courier":
            s.line(15, y + 1.6, right, y + 1.6)
        return y + step + 1

    y = titles(top)
    running, upper = D(0), top - 4
    for n, row in enumerate(rows):
        words = s.wrap(row.text, room, size, font) if text_at else []
        tall = step * max(1, len(words))
        if y + tall > bottom:
            if again:
                s.text(15, y + 1, w["carried"], size, bold)
                s.text(next(c[2] for c in columns if c[0] == "net"), y + 1, money(running), size, bold, "right")
            s.page()
            y = titles(again() if again else top)
            s.text(15, y, w["brought"], size, bold)
            s.text(next(c[2] for c in columns if c[0] == "net"), y, money(running), size, bold, "right")
            y += step
        if zebra and n % 2:
            s.box(15, y - 3.6, right - 15, tall, fill="#f1f3f6", stroke=False)
        for key, label, x, align in columns:
            if key == "text":
                for k, part in enumerate(words):
                    s.text(x, y + k * step, part, size, font)
            else:
                s.text(x, y, cell(row, key), size, font, align)
        running += row.net
        y += tall
        if ruled:
            s.line(15, y - 3.6, right, y - 3.6, 0.3)
    if ruled:
        for x in (15, right):
            s.line(x, upper, x, y - 3.6, 0.5)
        for key, label, x, align in columns[1:]:
            edge = edge_of(x, align)
            s.line(edge, upper, edge, y - 3.6, 0.3)
    return y


# ---------------------------------------------------------------------------------------------------- eight remittances
def ruled(a):
    w, money, date = head(a)
    s = Sheet(size_of(a.payer), a.heading or w["title"])
    s.text(15, 20, a.payer.name, 13, "Helvetica-Bold")
    s.text(15, 25.5, a.payer.address, 8)
    s.text(s.width - 15, 20, a.heading or w["title"], 14, "Helvetica-Bold", "right")
    s.box(15, 33, 85, 22)
    s.text(17, 37.5, w["to"] + ":", 7.5, "Helvetica-Oblique")
    payee_block(s, a, 17, 42.5)
    s.box(s.width - 95, 33, 80, 22)
    for k, (label, value) in enumerate(
        ((w["ref"], a.reference), (w["date"], date(a.day)), (w["vendor"], vendor_number(a.payer)), (w["total"], f"{money(a.total)} {a.currency}"))):
        s.text(s.width - 92, 38 + k * 4.8, label, 8)
        s.text(s.width - 17, 38 + k * 4.8, value, 8.5, "Helvetica-Bold" if k == 3 else "Helvetica", "right")
    r = s.width - 15
    columns = [("number", w["number"], 17, "left"), ("date", w["doc_date"], 41, "left"), ("code", w["code"], 61, "left"), ("text", w["text"], 72, "left"),
               ("gross", w["gross"], r - 73.5, "right"), ("discount", w["discount"], r - 49.5, "right"), ("deduction", w["deduction"], r - 25.5, "right"),
               ("net", w["net"], r - 1.5, "right"), ]
    y = table(s, a, columns, a.rows(), 67, bottom=s.height - 30, size=7.5, ruled=True)
    s.text(r - 30, y + 3, w["sum"], 9, "Helvetica-Bold", "right")
    s.text(r - 1, y + 3, money(a.total), 9, "Helvetica-Bold", "right")
    s.text(s.width / 2, s.height - 12, f"{w['page']} 1 / 1", 7, align="centre")
    return s.done(), s.pages


def mono(a):
    """The bare listing of an old purchase ledger."""
    w, money, date = head(a)
    s = Sheet(size_of(a.payer), w["title"])
    put = lambda y, words, x=15: s.text(x, y, words, 8, "Courier")
    put(18, a.payer.name.upper())
    put(22, a.payer.address.upper())
    put(30, f"{(a.heading or w['title']):<46}{w['page'].upper()}    1")
    put(34, "=" * 96)
    put(39, f"{w['to'].upper():<16}{a.entity['name']}")
    put(43, f"{w['vendor'].upper():<16}{vendor_number(a.payer)}")
    put(47, f"{w['ref'].upper():<16}{a.reference:<26}{w['date'].upper():<16}{date(a.day)}")
    put(51, f"{w['total'].upper():<16}{money(a.total)} {a.currency}")
    put(57, "-" * 96)
    put(61, f"{w['number']:<14}{w['doc_date']:<12}{w['gross']:>14}{w['discount']:>12}{w['deduction']:>12}{w['net']:>14}  {w['code']:<5}")
    put(65, "-" * 96)
    y = 70
    for row in a.rows():
        put(
            y,
            f"{row.number:<14}{date(row.date):<12}{money(row.gross):>14}{money(row.discount):>12}{money(row.deduction):>12}{money(row.net):>14}  {row.code:<5}")
        y += 4.2
        if row.text:
            put(y, "    " + row.text)
            y += 4.2
    put(y, "-" * 96)
    put(y + 4.2, f"{w['sum']:<64}{money(a.total):>14}  {a.currency}")
    put(y + 12.6, ("*** END OF REPORT ***" if a.payer.language == "en" else
                   "*** FIN ***" if a.payer.language == "fr" else "*** EINDE ***" if a.payer.language == "nl" else "*** ENDE ***"))
    return s.done(), s.pages


def letter(a):
    w, money, date = head(a)
    s = Sheet(size_of(a.payer), w["title"])
    s.text(20, 22, a.payer.name, 12, "Times-Bold")
    s.text(20, 27, a.payer.address, 9, "Times-Italic")
    payee_block(s, a, 20, 48, 10, "Times-Roman")
    s.text(s.width - 20, 70, date(a.day), 10, "Times-Roman", "right")
    s.text(20, 80, f"{a.heading or w['title'].capitalize()} – {w['ref']} {a.reference}", 11, "Times-Bold")
    s.text(20, 89, w["dear"], 10, "Times-Roman")
    s.text(20, 95, w["intro"], 10, "Times-Roman")
    r = s.width - 20
    y = table(s, a, [("number", w["number"], 20, "left"), ("date", w["doc_date"], 45, "left"), ("text", w["text"], 67, "left"),
                     ("gross", w["gross"], r - 48, "right"), ("discount", w["discount"], r - 25, "right"), ("net", w["net"], r, "right"), ], a.rows(), 106,
              bottom=s.height - 50, size=9, font="Times-Roman", step=5.2)
    s.line(r - 45, y - 2, r, y - 2)
    s.text(r - 30, y + 3, f"{w['total']} {a.currency}", 9.5, "Times-Bold", "right")
    s.text(r, y + 3, money(a.total), 9.5, "Times-Bold", "right")
    s.text(20, y + 14, f"{w['date']}: {date(a.day)}   {w['account']}: {a.entity['bank']}", 9, "Times-Roman")
    s.text(20, y + 25, w["bye"], 10, "Times-Roman")
    s.text(20, y + 31, w["desk"], 10, "Times-Roman")
    s.text(20, y + 36, a.payer.name, 10, "Times-Roman")
    return s.done(), s.pages


def twoline(a):
    """Every record takes a line of figures and a line of words."""
    w, money, date = head(a)
    s = Sheet(size_of(a.payer), w["title"])
    s.text(s.width - 18, 20, a.payer.name, 12, "Helvetica-Bold", "right")
    s.text(s.width - 18, 25, a.payer.address, 8, "Helvetica", "right")
    s.text(18, 20, w["title"], 13, "Helvetica-Bold")
    payee_block(s, a, 18, 36)
    for k, (label, value) in enumerate(((w["ref"], a.reference), (w["date"], date(a.day)), (w["total"], f"{money(a.total)} {a.currency}"))):
        s.text(18, 56 + k * 4.8, f"{label}: {value}", 9, "Helvetica-Bold" if k == 2 else "Helvetica")
    r = s.width - 18
    y = 78
    s.line(18, y - 5, r, y - 5, 1)
    for label, x, align in ((w["number"], 18, "left"), (w["doc_date"], 48, "left"), (w["po"], 72, "left"), (w["site"], 98, "left"),
                            (w["gross"], r - 32, "right"), (w["net"], r, "right"),
                            ):
        s.text(x, y, label, 8.5, "Helvetica-Bold", align)
    s.line(18, y + 2, r, y + 2, 1)
    y += 8
    for row in a.rows():
        for words, x, align in ((row.number, 18, "left"), (date(row.date) if row.gross is not None else "", 48, "left"), (row.purchase_order, 72, "left"),
                                (row.site, 98, "left"), (money(row.gross if row.gross is not None else row.net), r - 32, "right"), (money(row.net), r, "right"),
                                ):
            s.text(x, y, words, 8.5, align=align)
        y += 4.3
        under = []
        if row.discount:
            under.append(f"{w['discount']} {money(row.discount)}")
        if row.deduction:
            under.append(f"{w['deduction']} {money(row.deduction)}  {row.code} {row.text}".rstrip())
        elif row.text:
            under.append(f"{row.code} {row.text}".strip())
        if under:
            s.text(26, y, " / ".join(under), 8, "Helvetica-Oblique")
            y += 4.3
        y += 1.6
    s.line(18, y - 2, r, y - 2, 1)
    s.text(r - 40, y + 3, w["sum"], 9, "Helvetica-Bold", "right")
    s.text(r, y + 3, money(a.total), 9, "Helvetica-Bold", "right")
    s.text(s.width / 2, s.height - 12, f"{w['page']} 1", 7, align="centre")
    return s.done(), s.pages


def stores(a):
    """Grouped by the store that received the goods."""
    w, money, date = head(a)
    s = Sheet(size_of(a.payer), w["title"])
    s.text(15, 18, a.payer.name, 12, "Helvetica-Bold")
    s.text(15, 23, a.payer.address, 8)
    s.text(s.width - 15, 18, w["title"], 13, "Helvetica-Bold", "right")
    for k, (label, value) in enumerate(
        ((w["ref"], a.reference), (w["date"], date(a.day)), (w["vendor"], vendor_number(a.payer)), (w["total"], f"{money(a.total)} {a.currency}"))):
        s.text(s.width - 60, 28 + k * 4.6, f"{label}:", 8.5, align="right")
        s.text(s.width - 15, 28 + k * 4.6, value, 8.5, align="right")
    payee_block(s, a, 15, 36)
    r = s.width - 15
    y = 62
    for label, x, align in ((w["number"], 15, "left"), (w["doc_date"], 43, "left"), (w["text"], 63, "left"), (w["gross"], r - 46, "right"),
                            (w["discount"], r - 25, "right"), (w["net"], r, "right"),
                            ):
        s.text(x, y, label, 8, "Helvetica-Bold", align)
    s.line(15, y + 1.5, r, y + 1.5)
    y += 8
    rows = a.rows()
    groups = {}
    for row in rows:
        groups.setdefault(f"{w['site']}: {row.site}" if row.site else w["deductions"].upper(), []).append(row)
    for title, members in groups.items():
        s.text(15, y, title, 8.5, "Helvetica-Bold")
        y += 5
        for row in members:
            parts = s.wrap(" ".join(x for x in (row.code, row.text) if x), r - 70 - 63, 8) or [""]
            for words, x, align in ((row.number, 15, "left"), (date(row.date), 43, "left"), (parts[0], 63, "left"), (money(row.gross), r - 46, "right"),
                                    (money(row.discount), r - 25, "right"), (money(row.net), r, "right"),
                                    ):
                s.text(x, y, words, 8, align=align)
            for more in parts[1:]:
                y += 4
                s.text(63, y, more, 8)
            y += 4.8
        s.text(r - 30, y + 0.5, w["sub"], 8, "Helvetica-Oblique", "right")
        s.text(r, y + 0.5, money(sum((m.net for m in members), D(0))), 8, "Helvetica-Oblique", "right")
        y += 9
    s.line(r - 60, y - 4, r, y - 4, 1)
    s.text(r - 30, y, w["sum"], 9, "Helvetica-Bold", "right")
    s.text(r, y, money(a.total), 9, "Helvetica-Bold", "right")
    s.text(s.width / 2, s.height - 12, f"{w['page']} 1", 7, align="centre")
    return s.done(), s.pages


def wide(a):
    """Landscape, several pages, the running total carried forward."""
    w, money, date = head(a)
    s = Sheet(landscape(size_of(a.payer)), w["title"])
    r = s.width - 15
    s.text(s.width / 2, 16, a.payer.name.upper(), 12, "Helvetica-Bold", "centre")
    s.text(s.width / 2, 21, a.payer.address, 8, align="centre")
    s.text(s.width / 2, 31, a.heading or w["title"], 13, "Helvetica-Bold", "centre")
    s.text(15, 39, f"{w['to']}: {a.entity['name']}, {a.entity['street']}, {a.entity['town']}", 8.5)
    s.text(15, 44, f"{a.entity['bank']}", 8.5)
    s.text(r, 39, f"{w['ref']}: {a.reference}   {w['date']}: {date(a.day)}", 8.5, align="right")
    s.text(r, 44, f"{w['total']}: {money(a.total)} {a.currency}", 8.5, "Helvetica-Bold", "right")

    def again():
        s.text(15, 14, f"{a.payer.name}   {w['ref']} {a.reference}   {date(a.day)}", 8)
        s.text(r, 14, f"{w['page']} {s.pages}", 8, align="right")
        return 24

    columns = [("number", w["number"], 15, "left"), ("date", w["doc_date"], 38, "left"),
               ("purchase_order", w["po"], 58, "left"), ("site", w["site"], 79, "left"), ("gross", w["gross"], 136, "right"),
               ("discount", w["discount"], 156, "right"), ("deduction", w["deduction"], 177, "right"), ("net", w["net"], 200, "right"),
               ("code", w["code"], 205, "left"), ("text", w["text"], 215, "left"), ]
    y = table(s, a, columns, a.rows(), 56, bottom=s.height - 22, size=8, step=4.9, again=again)
    s.line(170, y - 2, 200, y - 2, 0.8)
    s.text(172, y + 3, w["sum"], 9, "Helvetica-Bold", "right")
    s.text(200, y + 3, money(a.total), 9, "Helvetica-Bold", "right")
    return s.done(), s.pages


def modern(a):
    w, money, date = head(a)
    s = Sheet(size_of(a.payer), w["title"])
    s.box(0, 0, s.width, 26, fill="#2c4a5a", stroke=False)
    s.text(15, 16, a.payer.name, 13, "VeraBd", color=white)
    s.text(s.width - 15, 16, w["title"].capitalize(), 11, "Vera", "right", white)
    for k, (label, value) in enumerate(
        ((w["to"], a.entity["name"]), (w["ref"], a.reference), (w["date"], date(a.day)), (w["total"], f"{money(a.total)} {a.currency}"))):
        x = (15, 75, 118, 155)[k]
        s.text(x, 38, label, 7, "Vera", color=HexColor("#667788"))
        s.text(x, 43, value, 8.5, "VeraBd" if k == 3 else "Vera")
    s.text(15, 48, f"{a.entity['street']}, {a.entity['town']}", 7.5, "Vera")
    y = table(s, a, [("number", w["number"], 17, "left"), ("date", w["doc_date"], 41, "left"), ("gross", w["gross"], 83, "right"),
                     ("discount", w["discount"], 102, "right"), ("deduction", w["deduction"], 123, "right"), ("net", w["net"], 146, "right"),
                     ("text", w["text"], 150, "left"), ], a.rows(), 62, bottom=s.height - 30, size=7.5, font="Vera", step=5.2, zebra=True)
    s.text(120, y + 4, w["sum"], 8.5, "VeraBd", "right")
    s.text(146, y + 4, money(a.total), 8.5, "VeraBd", "right")
    s.text(15, s.height - 14, f"{a.payer.address}  ·  payables@{a.payer.domain}.example", 7, "Vera", color=HexColor("#667788"))
    return s.done(), s.pages


def section(a):
    """Invoices first, deductions in a part of their own."""
    w, money, date = head(a)
    s = Sheet(size_of(a.payer), w["title"])
    payee_block(s, a, 18, 22, 9.5)
    x = s.width - 90
    s.text(x, 18, a.payer.name, 11, "Helvetica-Bold")
    s.text(x, 23, a.payer.address, 7.5)
    for k, (label, value) in enumerate(
        ((w["ref"], a.reference), (w["date"], date(a.day)), (w["vendor"], vendor_number(a.payer)), (w["total"], f"{money(a.total)} {a.currency}"))):
        s.text(x, 31 + k * 4.8, f"{label} : {value}", 9)
    r = s.width - 18
    y, parts = 62, ([x for x in a.rows() if x.gross is not None], [x for x in a.rows() if x.gross is None])
    s.text(18, y - 3, w["invoices"], 10, "Helvetica-Bold")
    y = table(s, a, [("number", w["number"], 18, "left"), ("date", w["doc_date"], 46, "left"), ("code", w["code"], 70, "left"), ("text", w["text"], 82, "left"),
                     ("gross", w["gross"], r - 46, "right"), ("discount", w["discount"], r - 24, "right"), ("net", w["net"], r, "right"), ], parts[0], y + 4,
              bottom=s.height - 40, size=8)
    s.text(r - 28, y + 1, w["sub"], 8, "Helvetica-Bold", "right")
    s.text(r, y + 1, money(sum((p.net for p in parts[0]), D(0))), 8, "Helvetica-Bold", "right")
    if parts[1]:
        y += 14
        s.text(18, y - 3, w["deductions"], 10, "Helvetica-Bold")
        y = table(s, a, [("number", w["our_ref"], 18, "left"), ("code", w["code"], 46, "left"), ("text", w["text"], 58, "left"), ("net", w["net"], r, "right")],
                  parts[1], y + 4, bottom=s.height - 20, size=8)
        s.text(r - 28, y + 1, w["sub"], 8, "Helvetica-Bold", "right")
        s.text(r, y + 1, money(sum((p.net for p in parts[1]), D(0))), 8, "Helvetica-Bold", "right")
    s.line(r - 60, y + 5, r, y + 5, 1)
    s.text(r - 28, y + 10, w["total"], 9, "Helvetica-Bold", "right")
    s.text(r, y + 10, money(a.total), 9, "Helvetica-Bold", "right")
    return s.done(), s.pages


LAYOUTS = dict(ruled=ruled, mono=mono, letter=letter, twoline=twoline, stores=stores, wide=wide, modern=modern, section=section)


# ---------------------------------------------------------------------------------------------------- supporting documents
def form(size, title, owner, number, fields):
    """The common shape of our own and our customers' short forms: a title, an owner, labelled fields."""
    s = Sheet(size, title)
    s.text(20, 24, title, 16, "Helvetica-Bold")
    s.text(20, 30, f"No. {number}", 10)
    s.text(s.width - 20, 24, owner, 11, "Helvetica-Bold", "right")
    s.line(20, 34, s.width - 20, 34, 1)
    y = 43
    for label, value in fields:
        if value:
            s.text(20, y, label + ":", 9, "Helvetica-Bold")
            s.text(62, y, value, 9)
            y += 5.5
    return s, y + 4


def debit_note(a, t):
    c, w = a.payer, WORDS[a.payer.language]
    inv = t.invoice
    s, y = form(size_of(c), w["debit"], c.name, t.note,
                ((POD[c.language][5], when(t.event or a.day, c)), (w["our_ref"], t.note), (w["supplier"], a.entity["name"]),
                 (w["invoice"], inv.number if inv else ""), (w["order"], inv.purchase_order if inv else ""),
                 ("Promo" if c.language == "en" else "Ref.", t.references)))
    s.text(20, y, w["reason"], 9, "Helvetica-Bold")
    for k, part in enumerate(s.wrap(t.words(c, t.paper_text or t.text), s.width - 45, 10)):
        s.text(20, y + 6 + k * 5.5, part, 10)
    y += 24
    if t.sku and t.quantity:
        s.box(20, y - 5, s.width - 40, 7, fill="#e8e8e8")
        for label, x, align in ((w["article"], 22, "left"), (w["text"], 45, "left"), (w["quantity"], s.width - 60, "right"), (w["amount"], s.width - 22,
                                                                                                                              "right")):
            s.text(x, y, label, 8.5, "Helvetica-Bold", align)
        y += 7
        unit = {"case": {"en": "cs", "fr": "colis", "nl": "dozen", "de": "Karton"}, "each": {"en": "ea", "fr": "unités", "nl": "stuks",
                                                                                             "de": "Stück"}}[t.unit][c.language]
        for words, x, align in ((their_article(c, t.sku), 22, "left"), (NAME[t.sku], 45, "left"), (f"{t.quantity} {unit}", s.width - 60, "right"),
                                (amount(t.amount, c), s.width - 22, "right"),
                                ):
            s.text(x, y, words, 9, align=align)
        y += 12
    s.line(s.width - 90, y - 4, s.width - 20, y - 4)
    s.text(s.width - 55, y + 2, w["amount"], 11, "Helvetica-Bold", "right")
    s.text(s.width - 20, y + 2, f"{amount(t.amount, c)} {a.currency}", 11, "Helvetica-Bold", "right")
    s.text(20, y + 20, c.address, 8, "Helvetica-Oblique")
    return s.done()


POD = {
    "en": ("PROOF OF DELIVERY", "Delivered to", "Invoice", "Order", "Delivery note", "Date", ("Item", "Description", "Shipped", "Received", "Unit"),
           "Remarks on delivery", "Received in good order, no exceptions", "Received by", "Carrier", {"case": "case", "each": "each"}),
    "fr": ("BON DE LIVRAISON ÉMARGÉ", "Livré à", "Facture", "Commande", "Bon de livraison", "Date", ("Article", "Désignation", "Expédié", "Reçu", "Unité"),
           "Réserves à la livraison", "Conforme, sans réserve", "Reçu par", "Transporteur", {"case": "colis", "each": "unité"}), "nl": ("AFLEVERBON", "Geleverd aan", "Factuur", "Order", "Pakbon", "Datum", ("Artikel", "Omschrijving", "Verzonden", "Ontvangen", "Eenheid"),
                     "Opmerkingen bij ontvangst", "Akkoord, geen opmerkingen", "Ontvangen door", "Vervoerder", {"case": "doos", "each": "stuk"}),
    "de": ("LIEFERNACHWEIS", "Geliefert an", "Rechnung", "Bestellung", "Lieferschein", "Datum", ("Artikel", "Bezeichnung", "Versandt", "Erhalten", "Einheit"),
           "Vorbehalte bei Anlieferung", "Vollständig und unbeschädigt", "Empfangen von", "Frachtführer", {"case": "Karton", "each": "Stück"}),
}


def signature(s, x, y, seed):
    """A few quick loops of a pen."""
    rng, c, k = random.Random(seed), s.canvas, 72 / 25.4
    c.setStrokeColor(HexColor("#1b2f6b"))
    c.setLineWidth(1.1)
    path = c.beginPath()
    px, py = x, y
    path.moveTo(px * k, (s.height - py) * k)
    for _ in range(7):
        nx = px + rng.uniform(2.5, 6)
        path.curveTo((px + rng.uniform(0, 3)) * k, (s.height - y + rng.uniform(3, 9)) * k, (nx - rng.uniform(0, 3)) * k, (s.height - y - rng.uniform(1, 6)) * k,
                     nx * k, (s.height - y + rng.uniform(-1, 2)) * k)
        px = nx
    c.drawPath(path)
    c.line(x * k, (s.height - y - 3) * k, (px + 6) * k, (s.height - y - 1) * k)


def proof_of_delivery(inv, received, remark, language, day, seed):
    """received: {sku: quantity}; remark: what the receiver wrote, by hand."""
    title, to, invoice, order, note, date_word, columns, remarks, fine, by, carrier, units = POD[language]
    c = inv.customer
    s, y = form(size_of(c), title, ENTITIES[c.entity]["name"], inv.pod, ((to, f"{c.name}, {inv.site}"), (invoice, inv.number), (order, inv.purchase_order),
                                                                         (note, inv.delivery_note), (date_word, when(day, c)), (carrier, inv.carrier)))
    xs = (22, 45, s.width - 70, s.width - 45, s.width - 38)
    s.box(20, y - 5, s.width - 40, 7, fill="#e8e8e8")
    for label, x, align in zip(columns, xs, ("left", "left", "right", "right", "left")):
        s.text(x, y, label, 8.5, "Helvetica-Bold", align)
    y += 7
    for l in inv.lines:
        for words, x, align in zip((l.sku, NAME[l.sku], str(l.quantity), str(received.get(l.sku, l.quantity)), units[l.unit]), xs,
                                   ("left", "left", "right", "right", "left")):
            s.text(x, y, words, 9, align=align)
        y += 6
    y += 8
    s.text(20, y, remarks + ":", 9, "Helvetica-Bold")
    if remark:
        s.text(26, y + 8, remark, 13, "Times-BoldItalic", color=HexColor("#1b2f6b"))
    else:
        s.text(26, y + 7, fine, 9)
    y += 26
    s.text(20, y, by + ":", 9, "Helvetica-Bold")
    s.text(50, y, inv.signed_by, 10, "Helvetica-Oblique")
    s.text(s.width - 20, y, when(day, c), 10, "Helvetica-Oblique", "right")
    signature(s, 88, y, seed)
    s.line(48, y + 2, s.width - 20, y + 2, 0.4)
    return s.done()


def bill_of_lading(inv, language):
    words = {
        "en": ("BILL OF LADING", "Ship to", "Order", "Delivery note", "Date", "Carrier", ("Item", "Description", "Shipped", "Weight kg")),
        "de": ("FRACHTBRIEF", "Geliefert an", "Bestellung", "Lieferschein", "Datum", "Frachtführer", ("Artikel", "Bezeichnung", "Versandt", "Gewicht kg")),
    }[language]
    c = inv.customer
    s, y = form(size_of(c), words[0], ENTITIES[c.entity]["name"], inv.bol,
                ((words[1], f"{c.name}, {inv.site}"), (words[2], inv.purchase_order), (words[3], inv.delivery_note), (words[4], when(inv.issued, c)),
                 (words[5], inv.carrier)))
    xs = (22, 45, s.width - 55, s.width - 22)
    for label, x, align in zip(words[6], xs, ("left", "left", "right", "right")):
        s.text(x, y, label, 8.5, "Helvetica-Bold", align)
    s.line(20, y + 2, s.width - 20, y + 2)
    for sku, quantity, unit in inv.shipped:
        y += 6
        for value, x, align in zip((sku, NAME[sku], f"{quantity} {POD[language][11][unit]}", f"{quantity * D('6.4')}"), xs, ("left", "left", "right", "right")):
            s.text(x, y, value, 9, align=align)
    s.text(20, y + 25, "________________________", 9)
    s.text(20, y + 30, inv.carrier, 8)
    signature(s, 24, y + 22, inv.bol)
    return s.done()


DEAL = {
    "en": ("PROMOTION AGREEMENT", "Our reference", "Description", "Valid", "Rate", "Item", "Agreed for the customer:", "Agreed for Quillmere:"),
    "fr": ("ACCORD PROMOTIONNEL", "Notre référence", "Désignation", "Validité", "Remise", "Article", "Bon pour accord :", "Pour Quillmere :"),
    "nl": ("ACTIEOVEREENKOMST", "Ons kenmerk", "Omschrijving", "Geldig", "Korting", "Artikel", "Akkoord klant:", "Voor Quillmere:"),
    "de": ("AKTIONSVEREINBARUNG", "Unser Zeichen", "Bezeichnung", "Gültig", "Rabatt", "Artikel", "Einverstanden:", "Für Quillmere:"),
}


def deal_sheet(customer, agreement, signed=True):
    w = DEAL[customer.language]
    per = {
        "per_case": {"en": "per case", "fr": "par colis", "nl": "per doos", "de": "je Karton"},
        "per_unit": {"en": "per unit", "fr": "par unité", "nl": "per stuk", "de": "je Stück"}, "amount": dict.fromkeys("en fr nl de".split(), ""),
    }[agreement["rate_type"]][customer.language]
    s, y = form(size_of(customer), w[0], customer.name, agreement["customer_reference"],
                ((w[1], agreement["customer_reference"]), (w[2], agreement["description"]),
                 (w[3], f"{when(agreement['starts_on'], customer)} - {when(agreement['ends_on'], customer)}"),
                 (w[4], f"{amount(agreement['rate'], customer)} {agreement['currency']} {per}")))
    for sku in filter(None, agreement["skus"].split("|")):
        s.text(22, y, f"{w[5]} {sku}", 9)
        s.text(60, y, NAME[sku], 9)
        y += 6
    s.text(20, y + 20, w[6], 9)
    s.text(s.width / 2 + 5, y + 20, w[7], 9)
    if signed:
        signature(s, 62, y + 19, agreement["agreement_id"])
        signature(s, s.width / 2 + 40, y + 19, agreement["agreement_id"] + " ours")
    s.line(20, y + 22, s.width / 2 - 10, y + 22, 0.4)
    s.line(s.width / 2 + 5, y + 22, s.width - 20, y + 22, 0.4)
    return s.done()


def credit_memo(customer, memo, invoice):
    w = {
        "en": ("CREDIT MEMO", "Date", "Customer", "Invoice", "Reason", "Amount"), "fr": ("AVOIR", "Date", "Client", "Facture", "Motif", "Montant"),
        "nl": ("CREDITNOTA", "Datum", "Klant", "Factuur", "Reden", "Bedrag"), "de": ("GUTSCHRIFT", "Datum", "Kunde", "Rechnung", "Grund", "Betrag"),
    }[customer.language]
    e = ENTITIES[customer.entity]
    s, y = form(size_of(customer), w[0], e["name"], memo["credit_memo_number"],
                ((w[1], when(memo["issue_date"], customer)), (w[2], f"{customer.name} ({customer.id})"), (w[3], invoice.number if invoice else ""),
                 (w[4], memo["reason"])))
    s.text(s.width - 60, y + 8, w[5], 11, "Helvetica-Bold", "right")
    s.text(s.width - 20, y + 8, f"{amount(memo['amount'], customer)} {memo['currency']}", 11, "Helvetica-Bold", "right")
    s.text(20, s.height - 16, f"{e['name']} · {e['street']} · {e['town']} · {e['tax_id']}", 7.5)
    return s.done()


def plain_letter(customer, entity, day, paragraphs):
    w = WORDS[customer.language]
    s = Sheet(size_of(customer), "")
    s.text(25, 25, customer.name, 12, "Times-Bold")
    s.text(25, 30, customer.address, 9, "Times-Italic")
    for k, words in enumerate((entity["name"], entity["street"], entity["town"])):
        s.text(25, 48 + k * 5, words, 10.5, "Times-Roman")
    s.text(s.width - 25, 72, when(day, customer), 10.5, "Times-Roman", "right")
    s.text(25, 84, w["dear"], 10.5, "Times-Roman")
    y = 93
    for p in paragraphs:
        for part in s.wrap(p, s.width - 50, 10.5, "Times-Roman"):
            s.text(25, y, part, 10.5, "Times-Roman")
            y += 5.4
        y += 3
    s.text(25, y + 6, w["bye"], 10.5, "Times-Roman")
    signature(s, 27, y + 18, customer.id)
    s.text(25, y + 27, f"{w['desk']}, {customer.name}", 10.5, "Times-Roman")
    return s.done()


def invoice_copy(inv):
    c, e = inv.customer, ENTITIES[inv.customer.entity]
    title, net_word, tax_word = {
        "en": ("INVOICE", "Net", "VAT"), "fr": ("FACTURE", "Total HT", "TVA"), "nl": ("FACTUUR", "Netto", "Btw"), "de": ("RECHNUNG", "Netto", "MwSt."),
    }[c.language]
    w, p = WORDS[c.language], POD[c.language]
    s, y = form(size_of(c), title, e["name"], inv.number,
                ((p[5], when(inv.issued, c)), ({"en": "Customer", "fr": "Client", "nl": "Klant", "de": "Kunde"}[c.language], f"{c.name}, {c.address}"),
                 (p[3], inv.purchase_order), (p[4], inv.delivery_note)))
    xs = (22, 45, s.width - 85, s.width - 60, s.width - 22)
    for label, x, align in zip((p[6][0], p[6][1], w["quantity"], w["price"], w["amount"]), xs, ("left", "left", "right", "right", "right")):
        s.text(x, y, label, 8.5, "Helvetica-Bold", align)
    s.line(20, y + 2, s.width - 20, y + 2)
    for l in inv.lines:
        y += 6
        for words, x, align in zip((l.sku, NAME[l.sku], f"{l.quantity} {POD[c.language][11][l.unit]}", amount(l.price, c), amount(l.amount, c)), xs,
                                   ("left", "left", "right", "right", "right")):
            s.text(x, y, words, 9, align=align)
    s.line(s.width - 80, y + 3, s.width - 20, y + 3)
    for label, value in ((net_word, inv.net), (tax_word, inv.tax), (w["sum"], inv.total)):
        y += 7
        s.text(s.width - 60, y, label, 9, "Helvetica-Bold", "right")
        s.text(s.width - 22, y, f"{amount(value, c)} {inv.currency}", 9, align="right")
    s.text(20, s.height - 16, f"{e['name']} · {e['street']} · {e['town']} · {e['tax_id']} · {e['bank']}", 7.5)
    return s.done()


# ---------------------------------------------------------------------------------------------------- scanner, fax, camera
def render(pdf, dpi):
    document = pypdfium2.PdfDocument(pdf)
    return [document[n].render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for n in range(len(document))]


def worn(image, seed, skew=0.7, grain=10, blur=0.5, paper=246):
    """A slightly crooked, grainy page on paper that is not quite white."""
    rng = random.Random(seed)
    image = image.rotate(rng.choice((-1, 1)) * skew, Image.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(blur))
    small = Image.frombytes("L", (image.width // 2, image.height // 2), rng.randbytes((image.width // 2) * (image.height // 2)))
    noise = small.point(lambda v: 128 + (v - 128) * grain // 128).resize(image.size, Image.BILINEAR)
    image = image.point(lambda v: 40 + v * (paper - 40) // 255)
    image = ImageChops.add(image, noise, 1, -128)
    draw = ImageDraw.Draw(image)
    for _ in range(25):
        x, y = rng.randrange(image.width), rng.randrange(image.height)
        draw.ellipse((x, y, x + rng.randint(0, 2), y + rng.randint(0, 2)), fill=rng.randint(90, 190))
    return image


def jpeg(image, quality=48, dpi=170):
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, dpi=(dpi, dpi), optimize=True)
    return out.getvalue()


def scanned_pdf(pdf, seed, dpi=170):
    pages = render(pdf, dpi)
    out = io.BytesIO()
    c = Canvas(out, invariant=1)
    for n, page in enumerate(pages):
        size = (page.width / dpi * 72, page.height / dpi * 72)
        c.setPageSize(size)
        c.drawImage(ImageReader(io.BytesIO(jpeg(worn(page, f"{seed}{n}")))), 0, 0, *size)
        c.showPage()
    c.save()
    return out.getvalue()


def scanned_png(pdf, seed, dpi=150):
    image = worn(render(pdf, dpi)[0], seed, skew=0.5, grain=4, blur=0.3).point(lambda v: min(255, (v + 8) // 17 * 17))
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True, dpi=(dpi, dpi))
    return out.getvalue()


def fax_tiff(pdf, seed, dpi=204):
    image = worn(render(pdf, dpi)[0], seed, skew=0.6, grain=30, blur=0.6).point(lambda v: 255 if v > 165 else 0).convert("1")
    out = io.BytesIO()
    image.save(out, "TIFF", compression="group4", dpi=(dpi, dpi))
    return out.getvalue()


def photo_jpeg(pdf, seed, dpi=165):
    """A page on a desk, photographed by hand: perspective and a shadow."""
    rng = random.Random(seed)
    page = worn(render(pdf, dpi)[0], seed, skew=0.1, grain=6, blur=0.4, paper=238)
    w, h = page.size
    border = 70
    desk = Image.new("L", (w + 2 * border, h + 2 * border), 96)
    desk.paste(page, (border, border))
    j = lambda: rng.uniform(0, 26)
    W, H = desk.size
    tilted = desk.transform((W, H), Image.QUAD, (j(), j(), j(), H - j(), W - j(), H - j(), W - j(), j()), Image.BICUBIC)
    shade = Image.linear_gradient("L").resize((W, H)).rotate(180).point(lambda v: 150 + v * 105 // 255)
    lit = ImageChops.multiply(tilted, shade)
    warm = Image.merge("RGB", (lit.point(lambda v: min(255, v + 8)), lit.point(lambda v: min(255, v + 3)), lit.point(lambda v: max(0, v - 10))))
    return jpeg(warm, 62, dpi)
