"""A remittance as the stories tell it: which invoices it pays, what it holds back, and what a perfect clerk would find."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal as D

from world import ENTITIES, NAME, Customer, Invoice, their_article

QUEUE = {
    "early_payment_discount": "finance", "volume_rebate": "sales", "promotion_allowance": "sales", "scan_back": "sales", "coop_advertising": "sales",
    "slotting": "sales", "markdown_support": "sales", "freight_allowance": "supply_chain", "unsaleable_allowance": "sales", "price_difference": "sales",
    "invoice_error": "customer_service", "shortage": "supply_chain", "damage": "supply_chain", "wrong_item": "supply_chain", "quality": "supply_chain",
    "return": "customer_service", "delivery_penalty": "supply_chain", "compliance_fine": "supply_chain", "freight_charge": "supply_chain",
    "duplicate_billing": "finance", "post_audit": "finance", "tax_or_bank": "finance", "offset": "finance", "unknown": "finance",
}


@dataclass
class Take:
    """One amount held back. where: discount and column stand on the invoice's own line, separate has a line of its own, attached is such a line explained only by a debit note document, lump has no number, silent has no words at all."""

    where: str
    amount: D
    category: str
    expectation: str
    validity: str
    scenario: str
    invoice: Invoice = None
    owed: D = None  # of a partial claim
    text: str = ""  # {inv} {art} {po} {name} are filled in
    code: str = ""
    note: str = ""  # the customer's debit note number
    agreement: dict = None
    related: dict = None
    sku: str = ""
    quantity: str = ""
    unit: str = ""
    references: str = ""
    period: str = ""
    duplicate_of: Invoice = None
    evidence: str = ""
    event: date = None
    edi: str = "ZZ"  # X12 426 or EDIFACT 4465
    scored: bool = True
    paper: str = ""  # file name of the debit note document
    paper_text: str = ""  # and what it says

    def words(self, customer, template=None):
        return (template or self.text).format(inv=self.invoice.number if self.invoice else "", art=their_article(customer, self.sku) if self.sku else "",
                                              po=self.invoice.purchase_order if self.invoice else "", name=NAME.get(self.sku, ""),
                                              dup=self.duplicate_of.number if self.duplicate_of else "")

    @property
    def valid_amount(self):
        return {"valid": self.amount, "invalid": D("0.00"), "partial": self.owed, "unknown": None}[self.validity]


@dataclass
class Row:
    """One printed line. A line of its own for a deduction has no invoice behind it: its amount is negative and stands under net."""

    number: str
    date: date = None
    purchase_order: str = ""
    site: str = ""
    gross: D = None
    discount: D = None
    deduction: D = None
    net: D = None
    code: str = ""
    text: str = ""
    take: Take = None
    invoice: Invoice = None


@dataclass
class Advice:
    story: str  # title for the README
    told: str  # and what happens, in a sentence or two
    payer: Customer
    reference: str
    day: date
    layout: str
    file: str
    invoices: list
    takes: list = field(default_factory=list)
    bank_day: date = None  # None: announced, the money is not here yet
    bank_file: str = ""  # statement that carries it; blank: payments.csv
    payment_id: str = ""
    part: str = ""
    member: str = ""  # name inside the mail or archive
    negative: str = "minus"  # how this customer writes a negative amount
    heading: str = ""
    superseded_by: str = ""
    also: list = field(default_factory=list)  # other documents of the story
    pages: int = 1

    @property
    def entity(self):
        return ENTITIES[self.payer.entity]

    @property
    def currency(self):
        return self.payer.currency

    def rows(self):
        out = []
        for inv in self.invoices:
            mine = [t for t in self.takes if t.invoice is inv and t.where in ("discount", "column", "silent")]
            total = lambda where: sum((t.amount for t in mine if t.where == where), D(0)) or None
            said = next((t for t in mine if t.where == "column"), None)
            out.append(
                Row(inv.number, inv.issued, inv.purchase_order, inv.site, inv.total, total("discount"), total("column"), inv.total - sum(
                    (t.amount for t in mine), D(0)), said.code if said else "",
                    said.words(self.payer) if said else "", said, inv))
        for t in self.takes:
            if t.where in ("separate", "attached", "lump"):
                number = "" if t.where == "lump" else t.note or (t.invoice.number if t.invoice else "")
                out.append(Row(number, t.event, gross=None, net=-t.amount, code=t.code, text=t.words(self.payer), take=t, invoice=t.invoice))
        return out

    @property
    def total(self):
        return sum((r.net for r in self.rows()), D(0))

    @property
    def difficulty(self):
        if self.layout.endswith(("+scan", "+png", "+photo", "+fax")):
            return "ocr"
        return "clean" if self.layout in ("ruled", "mono", "letter", "twoline", "stores", "wide", "modern", "section") else "machine"
