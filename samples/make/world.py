"""The made-up manufacturer, its customers and its books: every reference CSV except the few rows that belong to one story."""

import csv
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal as D

CENT = D("0.01")


def cents(x):
    return D(x).quantize(CENT, ROUND_HALF_UP)


def day(text):
    """'7-14' is 14 July 2026, the year of everything here."""
    month, number = text.split("-")
    return date(2026, int(month), int(number))


def check_digit(digits):
    """GS1: GTIN and GLN."""
    total = sum(int(c) * (3 if i % 2 == 0 else 1) for i, c in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def iban(country, rest):
    turned = "".join(str(int(c, 36)) for c in rest + country + "00")
    return f"{country}{98 - int(turned) % 97:02d}{rest}"


# ---------------------------------------------------------------------------------------------------- ourselves
ENTITIES = {
    "US01": dict(name="Quillmere Home & Pantry Inc.", country="US", currency="USD", tax_id="US84-5520917", bank="US-099900012-55017342",
                 street="1140 Tannery Road", town="Fallbrook, OH 44099", invoice="INV-{:06d}", first=260410), "GB01": dict(name="Quillmere UK Ltd", country="GB", currency="GBP", tax_id="GB318440927", bank=iban("GB", "QMRE99120855017342"),
                                 street="Unit 6 Osier Park", town="Harwell Cross OX11 0QZ", invoice="QUK{:06d}", first=261020),
    "FR01": dict(name="Quillmere France SAS", country="FR", currency="EUR", tax_id="FR61824400917", bank=iban("FR", "99917012340000055017342"),
                 street="8 quai des Tanneurs", town="59800 Valbray", invoice="FA26/{:05d}", first=412), "NL01": dict(name="Quillmere Benelux B.V.", country="NL", currency="EUR", tax_id="NL860244917B01", bank=iban("NL", "QMRE0055017342"),
                                 street="Havenweg 41", town="3089 QB Oosterdam", invoice="2026{:05d}", first=40120), "DE01": dict(name="Quillmere Deutschland GmbH", country="DE", currency="EUR", tax_id="DE318440917",
                                                 bank=iban("DE", "100999120055017342"), street="Speicherstraße 12", town="20099 Altwerder", invoice="RE-{:05d}",
                                                 first=71204),
}
for number, entity in enumerate(ENTITIES.values()):
    entity["gln"] = check_digit(f"54098700001{number}")

FOOD, HOUSEHOLD = "food", "household"
TAX = {
    ("GB", FOOD): "0", ("GB", HOUSEHOLD): "20", ("FR", FOOD): "5.5", ("FR", HOUSEHOLD): "20", ("NL", FOOD): "9", ("NL", HOUSEHOLD): "21", ("DE", FOOD): "7",
    ("DE", HOUSEHOLD): "19",
}  # else 0: United States, and Belgium (intra-community)

PRODUCTS = [  # sku, description, price of a base unit in EUR, case pack, cases on a pallet, kind
    ("Q1010", "Oat Crunch Muesli 500 g", "2.35", 8, 60, FOOD), ("Q1020", "Orchard Apple Compote 4 x 100 g", "1.85", 12, 72, FOOD),
    ("Q1030", "Wildflower Honey 350 g", "4.10", 6, 80, FOOD), ("Q1040", "Smoked Paprika Crisps 150 g", "1.45", 16, 40, FOOD),
    ("Q1050", "Tomato Basil Sauce 400 g", "1.95", 12, 64, FOOD), ("Q1060", "Red Lentil Soup 570 ml", "2.20", 12, 64, FOOD),
    ("Q1070", "Rye Crackers 200 g", "1.60", 20, 48, FOOD), ("Q1080", "Dark Chocolate 70 % 100 g", "1.75", 24, 90, FOOD),
    ("Q1090", "Cold Brew Coffee 250 ml", "1.55", 12, 70, FOOD), ("Q1100", "Mango Chutney 320 g", "2.90", 6, 96, FOOD),
    ("Q1110", "Basmati Rice 1 kg", "2.60", 10, 50, FOOD), ("Q1120", "Peppermint Tea 25 bags", "1.95", 12, 110, FOOD),
    ("Q2010", "Citrus Dish Soap 750 ml", "1.80", 12, 56, HOUSEHOLD), ("Q2020", "Laundry Liquid 1.5 l", "6.40", 4, 60, HOUSEHOLD),
    ("Q2030", "All-Purpose Spray 500 ml", "2.15", 10, 64, HOUSEHOLD), ("Q2040", "Kitchen Towel 4 rolls", "2.75", 6, 36, HOUSEHOLD),
    ("Q2050", "Bin Bags 35 l 20 pcs", "1.90", 24, 60, HOUSEHOLD), ("Q2060", "Glass Cleaner 500 ml", "1.65", 10, 64, HOUSEHOLD),
    ("Q2070", "Fabric Softener 1 l", "2.50", 8, 58, HOUSEHOLD), ("Q2080", "Sponge Trio", "1.20", 30, 80, HOUSEHOLD),
]
PACK = {p[0]: p[3] for p in PRODUCTS}
NAME = {p[0]: p[1] for p in PRODUCTS}
KIND = {p[0]: p[5] for p in PRODUCTS}
EXCHANGE = {"EUR": D("1"), "USD": D("1.12"), "GBP": D("0.88")}
NEW_PRICES = day("8-1")


def list_price(sku, currency, on, unit="case"):
    base = D(next(p[2] for p in PRODUCTS if p[0] == sku))
    each = cents(base * EXCHANGE[currency])
    if on >= NEW_PRICES:
        each = cents(each * D("1.03"))
    return each * PACK[sku] if unit == "case" else each


# ---------------------------------------------------------------------------------------------------- customers
CUSTOMERS = [  # id, name, alias, parent, country, language, domain, terms, grace, window, debit note prefix, entity, town, sites
    ("US100", "Pinecrest Markets Inc", "PINECREST MKTS|Pinecrest Corporate AP", "", "US", "en", "pinecrest", "2/10 net 30", 3, 45, "CB", "US01",
     "210 Larch Avenue, Dunmore Falls, OH 44871", "DC 04 Millbury|Store 112|Store 087"),
    ("US110", "Pinecrest Northeast LLC", "PINECREST NE", "US100", "US", "en", "ne.pinecrest", "2/10 net 30", 3, 45, "CB", "US01",
     "18 Quarry Street, Hartsbridge, MA 01099", "DC 07 Hartsbridge|Store 201"),
    ("US120", "Pinecrest Express Stores", "PINECREST XPRS", "US100", "US", "en", "express.pinecrest", "2/10 net 30", 3, 30, "CB", "US01",
     "77 Station Plaza, Dunmore Falls, OH 44871", "DC 11 Kettle Run|Store X31"),
    ("US200", "Gable & Rowe Grocers LLC", "GABLE ROWE GROC", "", "US", "en", "gableandrowe", "3/15 2/30 net 60", 2, 60, "FC-", "US01",
     "640 Commerce Park, Elkton Ridge, PA 17599", "Elkton DC"),
    ("US300", "Hollin Ridge Cash & Carry Inc", "HOLLIN RIDGE C&C", "", "US", "en", "hollinridge", "1/15 net 45", 2, 30, "HR", "US01",
     "2900 Depot Road, Mason Gap, TN 37399", "WH1 Mason Gap"),
    ("US400", "Saltmarsh Drug Stores Inc", "SALTMARSH DRUG", "", "US", "en", "saltmarshdrug", "net 30 eom", 0, 60, "SD", "US01",
     "51 Harbor Lane, Port Cullen, SC 29499", "RDC Port Cullen"),
    ("GB100", "Ashlar Stores plc", "ASHLAR STORES|Ashlar Group Payables", "", "GB", "en", "ashlar", "2.5/14 net 45", 3, 60, "CLM", "GB01",
     "Ashlar House, Mill Lane, Netherby LS33 9QZ", "RDC Netherby|Store 0418"),
    ("GB110", "Ashlar Local Ltd", "ASHLAR LOCAL", "GB100", "GB", "en", "local.ashlar", "2.5/14 net 45", 3, 60, "CLM", "GB01",
     "Ashlar House, Mill Lane, Netherby LS33 9QZ", "RDC Coldbrook"),
    ("GB200", "Fennimore Wholesale Ltd", "FENNIMORE WHSL", "", "GB", "en", "fennimore", "net 30 eom", 0, 90, "FW", "GB01",
     "14 Canal Wharf, Stoke Arden CV99 3QZ", "Depot Stoke Arden"),
    ("FR100", "Centrale Bellerive SAS", "CENTRALE BELLERIVE|Bellerive Comptabilité Fournisseurs", "", "FR", "fr", "bellerive", "45 jours fin de mois", 0, 60,
     "LIT", "FR01", "22 avenue des Peupliers, 44990 Saint-Aubray", "Entrepôt Saint-Aubray"),
    ("FR110", "Bellerive Hypermarchés SAS", "BELLERIVE HYPER", "FR100", "FR", "fr", "hyper.bellerive", "45 jours fin de mois", 0, 60, "LIT", "FR01",
     "22 avenue des Peupliers, 44990 Saint-Aubray", "Mag. 0214 Valençon|Mag. 0377 Brévan"),
    ("FR120", "Bellerive Proximité SAS", "BELLERIVE PROXI", "FR100", "FR", "fr", "proxi.bellerive", "45 jours fin de mois", 0, 60, "LIT", "FR01",
     "5 rue du Moulin, 44990 Saint-Aubray", "Entrepôt Lormoy"),
    ("FR200", "Comptoirs d'Armorel SA", "COMPTOIRS ARMOREL", "", "FR", "fr", "armorel", "1 % d'escompte à 10 jours, 45 jours net", 2, 90, "ND", "FR01",
     "3 place de la Halle, 29980 Port-Armorel", "Plateforme Armorel"),
    ("BE100", "Marché Sambreval SA", "MARCHE SAMBREVAL", "", "BE", "fr", "sambreval", "net 30", 0, 60, "NDS", "NL01", "41 rue des Forges, 5099 Sambreval",
     "Dépôt Sambreval"),
    ("BE200", "Vlinderhof Voeding NV", "VLINDERHOF VOEDING", "", "BE", "nl", "vlinderhof", "2/8 net 30", 2, 60, "DB", "NL01", "Vlinderlaan 12, 9899 Leiebeke",
     "DC Leiebeke"),
    ("NL100", "Van der Lint Supermarkten B.V.", "VD LINT SUPERM|Van der Lint Crediteuren", "", "NL", "nl", "vanderlint", "1/14 net 30", 2, 60, "DN-", "NL01",
     "Lindelaan 200, 3899 ZZ Veenwoude", "DC Veenwoude|Filiaal 107"),
    ("NL200", "Poldergoed Coöperatie U.A.", "POLDERGOED", "", "NL", "nl", "poldergoed", "net 30", 0, 60, "PG-", "NL01", "Polderdijk 9, 1799 ZZ Wieringmeer",
     "DC Wieringmeer"),
    ("DE100", "Nordwall Handels GmbH", "NORDWALL HANDEL|Nordwall Zentralregulierung", "", "DE", "de", "nordwall", "14 Tage 2 % Skonto, 30 Tage netto", 2, 60,
     "RK-", "DE01", "Wallring 58, 24999 Nordwall", "Lager Hammersen|Markt 2205 Kielau|Markt 3114 Ulmenau"),
    ("DE110", "Nordwall Markt Süd GmbH", "NORDWALL MARKT SUED", "DE100", "DE", "de", "sued.nordwall", "14 Tage 2 % Skonto, 30 Tage netto", 2, 60, "RK-", "DE01",
     "Südtor 3, 89999 Ulmenau", "Lager Ulmenau"),
    ("DE200", "Feinkost Tannhof KG", "FEINKOST TANNHOF", "", "DE", "de", "tannhof", "3/15 2/30 net 60", 2, 90, "BA", "DE01", "Tannhof 1, 79999 Schwarzach",
     "Lager Schwarzach"),
    ("DE300", "Getränke Ulmbach GmbH", "GETRAENKE ULMBACH", "", "DE", "de", "ulmbach", "30 Tage netto", 0, 60, "GU-", "DE01", "Brunnenweg 44, 59999 Ulmbach",
     "Lager Ulmbach"),
]
CUSTOMER_COLUMNS = "id name aliases parent country language domain terms grace window prefix entity address sites".split()


@dataclass
class Customer:
    id: str
    name: str
    aliases: str
    parent: str
    country: str
    language: str
    domain: str
    terms: str
    grace: int
    window: int
    prefix: str
    entity: str
    address: str
    sites: list
    number: int = 0

    @property
    def currency(self):
        return ENTITIES[self.entity]["currency"]

    @property
    def bank_name(self):
        """How the bank statement writes the payer."""
        return self.aliases.split("|")[0]

    @property
    def gln(self):
        return check_digit(f"5411870{self.number:05d}")

    @property
    def account(self):
        tail = f"{4400100 + self.number * 137:08d}"
        if self.country == "US":
            return f"US-099900037-{tail}"
        shape = {
            "GB": "LOAM9907{}".format("66" + tail), "FR": "999170{}0000000{}".format("42", tail)[:23].ljust(23, "0"), "BE": "9950" + tail,
            "NL": "LOAM00" + tail, "DE": "10099900" + "00" + tail,
        }
        return iban(self.country, shape[self.country])


def customers():
    out = {}
    for number, row in enumerate(CUSTOMERS):
        values = dict(zip(CUSTOMER_COLUMNS, row))
        values["sites"] = values["sites"].split("|")
        out[row[0]] = Customer(**values, number=number)
    return out


# ---------------------------------------------------------------------------------------------------- the books
@dataclass
class Line:
    sku: str
    quantity: int
    unit: str
    price: D
    amount: D
    rate: D


@dataclass
class Invoice:
    customer: Customer
    issued: date
    lines: list
    ordered: list  # (sku, quantity, unit, price) of the purchase order
    requested: date
    drops: list  # deliveries: (date, [(sku, received, damaged, refused, substituted_for, unit, note)])
    shipped: list  # (sku, quantity, unit)
    site: str
    terms: str = ""
    paid_outside: D = D(0)
    filler: bool = False
    same_order_as: "Invoice" = None
    number: str = ""
    purchase_order: str = ""
    delivery_note: str = ""
    pod: str = ""
    bol: str = ""
    carrier: str = ""
    signed_by: str = ""

    @property
    def net(self):
        return sum((l.amount for l in self.lines), D(0))

    @property
    def tax(self):
        by_rate = defaultdict(D)
        for l in self.lines:
            by_rate[l.rate] += l.amount
        return sum((cents(a * r / 100) for r, a in by_rate.items()), D(0))

    @property
    def total(self):
        return self.net + self.tax

    @property
    def currency(self):
        return self.customer.currency

    @property
    def delivered(self):
        return self.drops[-1][0] if self.drops else None

    def line(self, sku):
        return next(l for l in self.lines if l.sku == sku)

    def worth(self, sku, quantity, unit="case", price=None):
        """So many cases (or each) of an article as billed, with the line's tax."""
        l = self.line(sku)
        per = price if price is not None else l.price
        if price is None and unit != l.unit:
            per = per / PACK[sku] if unit == "each" else per * PACK[sku]
        return cents(per * quantity * (1 + l.rate / 100))

    def percent(self, rate, less=D(0)):
        return cents((self.total - less) * D(rate) / 100)


CARRIERS = {"US": "Tallgrass Freight", "GB": "Fosse Way Haulage", "FR": "Transports Quérin", "BE": "Leievracht", "NL": "Leievracht", "DE": "Spedition Harms"}
SIGNERS = {
    "US": ["J. Ortega", "D. Whitlock", "M. Ames"], "GB": ["P. Hargreave", "S. Iqbal"], "FR": ["L. Morvan", "C. Baudry"], "BE": ["T. Claes", "A. Rousseau"],
    "NL": ["K. de Wit", "R. Smit"], "DE": ["H. Brandt", "S. Yilmaz"],
}


class Books:

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.customers = customers()
        self.invoices = []
        self.agreements = []
        self.rows = defaultdict(list)  # rows of the small files, as the stories need them

    def invoice(self, customer, issued, items, *, site="", billed=None, ordered=None, late=0, received=None, damaged=None, refused=None, substitute=None,
                split=None, delivery="full", units=None, extension=None, terms="", paid_outside=D(0), note="", filler=False,
                ):
        """items: 'Q1010 24, Q2010 10 each'. What is not said is as it should be: list price, ordered as billed, delivered in full two days after dispatch.

        billed: {sku: price} instead of the list price · ordered: {sku: sku ordered instead} · late: days after the requested date · received, damaged, refused: {sku: quantity}
        substitute: {sku: sku delivered instead, accepted} · split: days after the first delivery of a second one that brings the rest · delivery: full, or none (nobody recorded it)
        units: {sku: unit of the receipt} · extension: {sku: error added to the line's amount}"""
        c = self.customers[customer] if isinstance(customer, str) else customer
        issued = day(issued) if isinstance(issued, str) else issued
        order_day = issued - timedelta(days=8)
        lines, order = [], []
        for item in items.split(","):
            sku, quantity, *unit = item.split()
            unit = unit[0] if unit else "case"
            agreed = list_price(sku, c.currency, order_day, unit)
            price = D((billed or {}).get(sku, agreed))
            lines.append(
                Line(sku, int(quantity), unit, price,
                     cents(price * int(quantity)) + D((extension or {}).get(sku, 0)), D(TAX.get((c.country, KIND[sku]), "0"))))
            wanted = (ordered or {}).get(sku, sku)
            order.append((wanted, int(quantity), unit, agreed if wanted == sku else list_price(wanted, c.currency, order_day, unit)))
        requested = issued + timedelta(days=2)
        first = requested + timedelta(days=late)
        drops = []
        if delivery == "full":
            parts = ([], [])
            for l in lines:
                got = (received or {}).get(l.sku, l.quantity)
                unit = (units or {}).get(l.sku, l.unit)
                if unit == "each" and l.unit == "case":
                    got = got * PACK[l.sku]
                hurt, back = (damaged or {}).get(l.sku, 0), (refused or {}).get(l.sku, 0)
                said = note if (hurt or back or got != l.quantity) and unit == l.unit else ""
                if split:
                    half = got // 2
                    parts[0].append((l.sku, half, hurt, back, "", unit, "rest to follow"))
                    parts[1].append((l.sku, got - half, 0, 0, "", unit, "balance of the order"))
                elif substitute and l.sku in substitute:
                    parts[0].append((substitute[l.sku], got, hurt, back, l.sku, unit, "substitute accepted by receiving"))
                else:
                    parts[0].append((l.sku, got, hurt, back, "", unit, said))
            drops.append((first, parts[0]))
            if split:
                drops.append((first + timedelta(days=split), parts[1]))
        shipped = [((substitute or {}).get(l.sku, l.sku), l.quantity, l.unit) for l in lines]
        inv = Invoice(c, issued, lines, order, requested, drops, shipped, site or c.sites[len(self.invoices) % len(c.sites)], terms, paid_outside, filler)
        self.invoices.append(inv)
        return inv

    def second_bill(self, first, issued):
        """The same order and delivery billed once more by mistake."""
        copy = Invoice(first.customer, day(issued), list(first.lines), [], first.requested, [], [], first.site, first.terms, same_order_as=first)
        self.invoices.append(copy)
        return copy

    def plain(self, customer, issued, **more):
        """An ordinary invoice without a story."""
        skus = self.rng.sample(list(PACK), self.rng.randint(2, 4))
        return self.invoice(customer, issued, ", ".join(f"{s} {self.rng.randint(3, 30) * 2}" for s in skus), **more)

    def fill(self, customer, months, count):
        """Everyday business, booked and paid before this system came (June and July) or still open."""
        for _ in range(count):
            month = self.rng.choice(months)
            issued = date(2026, month, self.rng.randint(1, 26))
            inv = self.plain(customer, issued, filler=True)
            if month < 8:
                inv.paid_outside = inv.total

    def number(self):
        """Numbers rise with the dates, per legal entity."""
        counters = {k: e["first"] for k, e in ENTITIES.items()}
        self.invoices.sort(key=lambda i: i.issued)  # stable: the order of creation on one day
        for n, inv in enumerate(self.invoices):
            entity = inv.customer.entity
            inv.number = ENTITIES[entity]["invoice"].format(counters[entity])
            counters[entity] += self.rng.randint(1, 4)
            twin = inv.same_order_as
            shape = {"US": "PO{:07d}", "GB": "P{:06d}", "FR": "CDE{:06d}", "BE": "BC{:06d}", "NL": "IO-{:06d}", "DE": "B{:07d}"}[inv.customer.country]
            inv.purchase_order = twin.purchase_order if twin else shape.format(115200 + n * 7)
            inv.delivery_note = twin.delivery_note if twin else f"L{73010 + n}"
            inv.pod, inv.bol = f"POD{73010 + n}", f"BL{41010 + n}"
            inv.carrier = CARRIERS[inv.customer.country]
            signers = SIGNERS[inv.customer.country]
            inv.signed_by = signers[n % len(signers)]

    def sales(self, customer, first, last):
        """Net invoiced lines of one customer in a period: the base of period agreements."""
        return sum((i.net for i in self.invoices if i.customer.id == customer and first <= i.issued <= last), D(0))

    def agreement(self, customer, kind, description, reference, starts, ends, rate_type, rate, *, skus="", stores="", cap="", status="confirmed",
                  performance=""):
        c = self.customers[customer]
        row = dict(agreement_id=f"AG-{4101 + len(self.agreements)}", customer_id=customer, kind=kind, description=description, customer_reference=reference,
                   skus=skus, starts_on=day(starts), ends_on=day(ends), rate_type=rate_type, rate=D(str(rate)), committed_stores=stores, cap_amount=cap,
                   currency=c.currency, status=status, performance_required=performance, contact_email="sales@quillmere.example")
        self.agreements.append(row)
        return row


COLUMNS = {
    "company": "legal_entity name aliases country currency tax_id gln bank_accounts",
    "customers": "customer_id name aliases parent_customer_id tax_id gln bank_accounts country currency language email email_domains payment_terms discount_grace_days dispute_window_days debit_note_prefixes tolerance_amount",
    "reason_codes": "customer_id code description category", "products": "sku description gtin customer_skus unit case_pack pallet_pack",
    "invoices": "invoice_number customer_id issue_date due_date currency total_amount tax_amount purchase_order delivery_note payment_terms paid_amount legal_entity",
    "invoice_lines": "invoice_number line_number sku description quantity unit unit_price line_amount tax_rate",
    "agreements": "agreement_id customer_id kind description customer_reference skus starts_on ends_on rate_type rate committed_stores cap_amount currency status performance_required contact_email",
    "scan_data": "customer_id sku week_starting units store_count", "price_list": "customer_id sku unit unit_price currency valid_from valid_to",
    "orders": "purchase_order customer_id order_date requested_delivery_date sku quantity unit unit_price",
    "shipments": "shipment_id invoice_number purchase_order sku shipped_quantity unit shipped_on carrier bill_of_lading",
    "deliveries": "delivery_id shipment_id invoice_number purchase_order sku received_quantity damaged_quantity refused_quantity substituted_for_sku unit delivered_on pod_reference signed_by note",
    "returns": "return_id customer_id invoice_number sku quantity unit authorised_on received_on credit_amount",
    "credit_memos": "credit_memo_number customer_id invoice_number issue_date amount currency reason reference",
    "settled_deductions": "customer_id reference invoice_number agreement_id category amount currency settled_on outcome note",
    "dispute_windows": "customer_id category days counted_from attempts source verified_on",
    "payments": "payment_id received_on payer_name payer_account customer_id amount currency reference",
}
NET_DAYS = {
    "2/10 net 30": 30, "3/15 2/30 net 60": 60, "1/15 net 45": 45, "2.5/14 net 45": 45, "1 % d'escompte à 10 jours, 45 jours net": 45, "net 30": 30,
    "2/8 net 30": 30, "1/14 net 30": 30, "14 Tage 2 % Skonto, 30 Tage netto": 30, "30 Tage netto": 30,
}


def month_end(d):
    return (d.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def due(inv):
    terms = inv.customer.terms
    if terms == "net 30 eom":
        return month_end(inv.issued) + timedelta(days=30)
    if terms == "45 jours fin de mois":
        return month_end(inv.issued + timedelta(days=45))
    return inv.issued + timedelta(days=NET_DAYS[terms])


def their_article(customer, sku):
    """Some customers use article numbers of their own."""
    if customer.id in ("DE100", "DE110", "NL100", "FR110", "FR100", "GB100"):
        return str(300000 + (customer.number + 3) * 1000 + int(sku[1:]) % 1000)
    return sku


def write_reference(books, folder):
    rows = books.rows
    for key, e in ENTITIES.items():
        rows["company"].append(
            dict(legal_entity=key, name=e["name"], aliases="QUILLMERE" if key == "US01" else "", country=e["country"], currency=e["currency"],
                 tax_id=e["tax_id"], gln=e["gln"], bank_accounts=e["bank"]))
    for c in books.customers.values():
        tax = {
            "US": f"US{31 + c.number}-{4410070 + c.number * 911}", "GB": f"GB{402118330 + c.number * 77}", "FR": f"FR{17 + c.number}{512330088 + c.number}",
            "BE": f"BE0{477310020 + c.number}", "NL": f"NL{851200440 + c.number}B01", "DE": f"DE{266100310 + c.number}",
        }[c.country]
        rows["customers"].append(
            dict(customer_id=c.id, name=c.name, aliases=c.aliases, parent_customer_id=c.parent, tax_id=tax, gln=c.gln, bank_accounts=c.account,
                 country=c.country, currency=c.currency, language=c.language, email=f"payables@{c.domain}.example", email_domains=f"{c.domain}.example",
                 payment_terms=c.terms, discount_grace_days=c.grace, dispute_window_days=c.window, debit_note_prefixes=c.prefix,
                 tolerance_amount="1.00" if c.id in ("US100", "US110", "US120") else ""))
    for n, p in enumerate(PRODUCTS):
        theirs = "|".join(f"{c.id}:{their_article(c, p[0])}" for c in books.customers.values() if their_article(c, p[0]) != p[0])
        rows["products"].append(
            dict(sku=p[0], description=p[1], gtin=check_digit(f"5409870{10100 + n * 10:05d}"), customer_skus=theirs, unit="each", case_pack=p[3],
                 pallet_pack=p[3] * p[4]))
        for currency in EXCHANGE:
            for unit in ("case", "each"):
                for starts, ends in ((date(2026, 1, 1), NEW_PRICES - timedelta(days=1)), (NEW_PRICES, "")):
                    rows["price_list"].append(
                        dict(customer_id="", sku=p[0], unit=unit, unit_price=list_price(p[0], currency, starts, unit), currency=currency, valid_from=starts,
                             valid_to=ends))
    for n, inv in enumerate(books.invoices):
        c = inv.customer
        rows["invoices"].append(
            dict(invoice_number=inv.number, customer_id=c.id, issue_date=inv.issued, due_date=due(inv), currency=inv.currency, total_amount=inv.total,
                 tax_amount=inv.tax, purchase_order=inv.purchase_order, delivery_note=inv.delivery_note, payment_terms=inv.terms,
                 paid_amount=cents(inv.paid_outside), legal_entity=c.entity))
        for k, l in enumerate(inv.lines, 1):
            rows["invoice_lines"].append(
                dict(invoice_number=inv.number, line_number=k, sku=l.sku, description=NAME[l.sku], quantity=l.quantity, unit=l.unit, unit_price=l.price,
                     line_amount=l.amount, tax_rate=l.rate))
        for sku, quantity, unit, price in inv.ordered:
            rows["orders"].append(
                dict(purchase_order=inv.purchase_order, customer_id=c.id, order_date=inv.issued - timedelta(days=8), requested_delivery_date=inv.requested,
                     sku=sku, quantity=quantity, unit=unit, unit_price=price))
        for sku, quantity, unit in inv.shipped:
            rows["shipments"].append(
                dict(shipment_id=f"S{510010 + n}", invoice_number=inv.number, purchase_order=inv.purchase_order, sku=sku, shipped_quantity=quantity, unit=unit,
                     shipped_on=inv.issued, carrier=inv.carrier, bill_of_lading=inv.bol))
        for k, (when, items) in enumerate(inv.drops):
            for sku, got, hurt, back, instead_of, unit, note in items:
                rows["deliveries"].append(
                    dict(delivery_id=f"DL{610010 + n}{'-2' if k else ''}", shipment_id=f"S{510010 + n}", invoice_number=inv.number,
                         purchase_order=inv.purchase_order, sku=sku, received_quantity=got, damaged_quantity=hurt, refused_quantity=back,
                         substituted_for_sku=instead_of, unit=unit, delivered_on=when, pod_reference=inv.pod + ("-2" if k else ""), signed_by=inv.signed_by,
                         note=note))
    rows["agreements"] = books.agreements
    for name, columns in COLUMNS.items():
        write_csv(folder / f"{name}.csv", columns.split(), rows[name])


def write_csv(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as f:
        out = csv.DictWriter(f, columns, restval="", lineterminator="\r\n")
        out.writeheader()
        for row in rows:
            out.writerow({k: "" if v is None else v.number if isinstance(v, Invoice) else v for k, v in row.items()})
