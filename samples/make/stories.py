"""What happened between June and September: one function per remittance, with everything that explains it."""

from datetime import timedelta
from decimal import Decimal as D

from model import Advice, Take
from world import cents, day

# the customers' own codes: (code, description, category)
CODES = {
    ("US100", "US110", "US120"): [("022", "Carton shortage", "shortage"), ("028", "Damaged in transit", "damage"),
                                  ("010", "Promotional allowance", "promotion_allowance"), ("011", "Cost difference", "price_difference"),
                                  ("150", "Vendor compliance", "compliance_fine"), ("059", "On time in full", "delivery_penalty"),
                                  ("027", "Unsaleables", "unsaleable_allowance"), ("035", "Product quality", "quality"), ("033", "Scan promotion", "scan_back"),
                                  ], ("US200", ): [("SH", "Short ship", "shortage"), ("DG", "Damage", "damage"),
                                                   ("PP", "Purchase price variance", "price_difference"), ("HD", "Handling", "freight_charge"),
                                                   ("BB", "Billback", "promotion_allowance"), ], ("GB100", "GB110"): [
        ("S1", "Shortage", "shortage"), ("D2", "Duplicate", "duplicate_billing"), ("C4", "Compliance charge", "compliance_fine"),
        ("E1", "Invoice error", "invoice_error"), ("P3", "Promotion", "promotion_allowance"), ("A7", "Advertising and display", "coop_advertising"),
    ], ("FR100", "FR110", "FR120"): [("LQ", "Litige quantité", "shortage"), ("OP", "Opération promotionnelle", "promotion_allowance"),
                                     ("MC", "Mise en conformité", "compliance_fine"), ("CF", "Casse forfaitaire", "unsaleable_allowance"),
                                     ("RF", "Remise de fin d'année", "volume_rebate"), ], ("NL100", ): [("301", "Manco", "shortage"),
                                                                                                        ("302", "Prijsverschil", "price_difference"),
                                                                                                        ("310", "Actiekorting", "promotion_allowance"),
                                                                                                        ("320", "Displaybijdrage", "coop_advertising"),
                                                                                                        ("390", "Bankkosten", "tax_or_bank"),
                                                                                                        ("315", "Afprijzing", "markdown_support"), ],
    ("DE100", "DE110"): [("K10", "Aktionsrabatt", "promotion_allowance"), ("K20", "Fehlmenge", "shortage"), ("K21", "Transportschaden", "damage"),
                         ("K40", "Werbekostenzuschuss", "coop_advertising"), ("K41", "Abverkaufsaktion", "scan_back"), ("K50", "Umsatzbonus", "volume_rebate"),
                         ("K60", "Logistikrabatt", "freight_allowance"), ("K70", "Etikettierung", "compliance_fine"), ("K80", "Nachbelastung", "post_audit"), ],
    ("", ): [("SKTO", "Skonto", "early_payment_discount")],
}
DISPUTE_WINDOWS = [  # customer, category, days, counted from, attempts, source
    ("", "", 60, "payment_date", "", "our default, general terms of sale section 9"),
    ("US100", "", 45, "payment_date", 2, "Pinecrest supplier guide 2026, chapter 7"),
    ("US100", "compliance_fine", 30, "payment_date", 1, "Pinecrest supplier guide 2026, chapter 8"),
    ("US200", "shortage", 90, "invoice_date", 2, "Gable & Rowe vendor portal, help page"),
    ("GB100", "", 60, "payment_date", 2, "Ashlar trading terms, schedule 3"),
    ("FR100", "delivery_penalty", 30, "payment_date", "", "contrat cadre 2026, article 12"),
    ("DE100", "damage", 14, "delivery_date", 1, "Nordwall Lieferantenhandbuch, Abschnitt 4"),
    ("NL100", "", 60, "payment_date", 3, "Van der Lint leveranciersvoorwaarden artikel 15"),
]


def take(where, amount, category, verdict, scenario, expected=False, **more):
    """verdict: valid, invalid, unknown, or what is owed of it."""
    partial = isinstance(verdict, D)
    return Take(where, cents(amount), category, "expected" if expected else "unexpected", "partial" if partial else verdict, scenario,
                owed=verdict if partial else None, **more)


class Stories:

    def __init__(self, books):
        self.b = books
        self.advices, self.lines = [], []  # lines: bank lines that no advice explains
        self.papers = []  # supporting documents: dicts for make_samples.write_paper

    # ------------------------------------------------------------------------------------------------ small words
    def advice(self, customer, reference, when, layout, file, story, told, invoices, takes, bank=None, **more):
        a = Advice(story, told, self.b.customers[customer], reference, day(when), layout, file, sorted(invoices, key=lambda i: i.issued), takes,
                   day(bank) if bank else None, **more)
        self.advices.append(a)
        return a

    def earned(self, inv, rate, scenario="discount_earned", where="discount"):
        return take(where, inv.percent(rate), "early_payment_discount", "valid", scenario, True, invoice=inv)

    def plains(self, customer, *dates):
        return [self.b.plain(customer, d) for d in dates]

    def settled(self, customer, reference, amount, when, *, invoice=None, agreement=None, category="", note="", outcome="credited"):
        self.b.rows["settled_deductions"].append(
            dict(customer_id=customer, reference=reference, invoice_number=invoice, agreement_id=agreement["agreement_id"] if agreement else "",
                 category=category, amount=cents(amount), currency=self.b.customers[customer].currency, settled_on=day(when), outcome=outcome, note=note))

    def credit(self, number, customer, when, amount, reason, invoice=None, reference=""):
        row = dict(credit_memo_number=number, customer_id=customer, invoice_number=invoice, issue_date=day(when), amount=cents(amount),
                   currency=self.b.customers[customer].currency, reason=reason, reference=reference)
        self.b.rows["credit_memos"].append(row)
        return row

    def returned(self, number, inv, sku, quantity, authorised, received, credit=None):
        self.b.rows["returns"].append(
            dict(return_id=number, customer_id=inv.customer.id, invoice_number=inv, sku=sku, quantity=quantity, unit="case",
                 authorised_on=day(authorised) if authorised else None, received_on=day(received), credit_amount=credit))

    def scans(self, customer, sku, first, *units):
        for n, u in enumerate(units):
            self.b.rows["scan_data"].append(dict(customer_id=customer, sku=sku, week_starting=day(first) + timedelta(days=7 * n), units=u, store_count=18 + n))

    def paper(self, kind, file, customer, **facts):
        self.papers.append(dict(kind=kind, file=file, customer=self.b.customers[customer], **facts))

    # ------------------------------------------------------------------------------------------------ United States
    def pinecrest_pays_for_its_children(self):
        b = self.b
        promo = b.agreement("US100", "bill_back", "Fourth of July chocolate billback", "PX-2047", "6-15", "7-10", "per_case", 2, skus="Q1080")
        asn = b.agreement("US100", "compliance_program", "Vendor compliance: ship notice (ASN) missing or late, per shipment", "VC-2026-01", "1-1", "12-31",
                          "amount", 250)
        i1, i2, i3 = b.plain("US100", "7-6"), b.plain("US110", "7-2"), b.plain("US120", "6-22")
        i4 = b.invoice("US110", "6-22", "Q1040 20, Q2010 12", received={"Q1040": 17}, note="3 cases crisps missing")
        i5 = b.invoice("US110", "6-24", "Q1080 30, Q1110 10")
        i6 = b.invoice("US100", "7-1", "Q2020 18, Q1010 24")
        self.advice(
            "US100", "EFT0077120", "7-14", "ruled", "remittance_EFT0077120.pdf", "A parent pays for its children",
            "Pinecrest pays for itself and two subsidiaries: one discount earned, one saved by the days of grace, one taken far too late; a true shortage; a promotion that only the parent's "
            "agreement covers; an ASN fine inside the program's tariff, explained by a debit note.",
            [i1, i2, i3, i4, i5, i6, *self.plains("US110", "6-19", "6-23")], [
                self.earned(i1, 2),
                self.earned(i2, 2, "discount_in_grace"),
                take("discount", i3.percent(2), "early_payment_discount", "invalid", "discount_late", invoice=i3),
                take("column", i4.worth("Q1040", 3), "shortage", "valid", "shortage_as_claimed", invoice=i4, code="022", text="Carton shortage 3 cs item {art}",
                     sku="Q1040", quantity="3", unit="case", edi="06"),
                take("column", 60, "promotion_allowance", "valid", "promo_parent_agreement", True, invoice=i5, code="010",
                     text="Promo allowance 30 cs item {art}", sku="Q1080", quantity="30", unit="case", agreement=promo),
                take("attached", 250, "compliance_fine", "valid", "compliance_in_tariff", invoice=i6, code="150", note="CB440112", text="Debit memo",
                     agreement=asn, paper="debit_note_CB440112.pdf",
                     paper_text="Vendor compliance charge: ASN not received before arrival, PO {po}, invoice {inv}"),
            ], bank="7-14", negative="brackets")
        self.paper("proof_of_delivery", "pod_pinecrest_hartsbridge.pdf", "US110", invoice=i4, received={"Q1040": 17}, remark="3 cs crisps short - count 17",
                   form="pdf")
        self.paper("agreement", "deal_PX-2047_scan.pdf", "US100", agreement=promo, form="scan")

    def gable_and_rowe_two_tiers(self):
        b = self.b
        i1, i2 = b.plain("US200", "7-1"), b.plain("US200", "7-8")
        i3 = b.invoice("US200", "7-2", "Q2020 16, Q1060 10", damaged={"Q2020": 2}, note="2 cases leaking")
        i4 = b.invoice("US200", "7-3", "Q1010 20, Q1120 8")
        i5 = b.invoice("US200", "7-6", "Q1050 24, Q2040 10", billed={"Q1050": "27.36"})
        self.advice(
            "US200", "GR-0718842", "7-21", "csv", "remit_GR-0718842.csv", "Two-tier terms, two kinds of damage",
            "3 % where only the second tier (2 %) was still open; damage that the driver's receipt confirms and damage that nobody noted; an overcharge the price list proves; a pallet handling "
            "charge nobody agreed.", [i1, i2, i3, i4, i5], [
                take("discount", i1.percent(3), "early_payment_discount", i1.percent(2), "discount_wrong_tier", True, invoice=i1),
                self.earned(i2, 3),
                take("column", i3.worth("Q2020", 2), "damage", "valid", "damage_noted", invoice=i3, code="DG", text="Damaged 2 cs item {art}", sku="Q2020",
                     quantity="2", unit="case"),
                take("column", i4.worth("Q1010", 3), "damage", "invalid", "damage_not_noted", invoice=i4, code="DG", text="Crushed 3 cs item {art}",
                     sku="Q1010", quantity="3", unit="case"),
                take("column", D("28.80"), "price_difference", "valid", "price_list_supports", invoice=i5, code="PP", text="PPV 24 cs item {art} cost 26.16",
                     sku="Q1050", quantity="24", unit="case"),
                take("separate", 84, "freight_charge", "invalid", "freight_charge_not_agreed", code="HD", note="FC-2201",
                     text="Pallet handling and storage 6 pallets"),
            ], bank="7-21")
        self.paper("proof_of_delivery", "pod_elkton_scan.pdf", "US200", invoice=i3, received={}, remark="2 cs Laundry Liquid leaking, kept apart", form="scan")
        self.paper("bill_of_lading", "bol_elkton.pdf", "US200", invoice=i4, form="pdf")

    def pinecrest_northeast_counts_in_pieces(self):
        b = self.b
        scan = b.agreement("US110", "scan_back", "Summer compote scan-back", "PX-2061", "6-29", "7-26", "per_unit", "0.35", skus="Q1020")
        swell = b.agreement("US110", "defective_allowance", "Unsaleables allowance June", "PX-2030", "6-1", "6-30", "percent", "0.75")
        self.scans("US110", "Q1020", "6-29", 412, 530, 488, 371)
        i1 = b.invoice("US110", "7-8", "Q1090 12, Q2050 8", units={"Q1090": "each"})
        i2 = b.invoice("US110", "7-13", "Q1110 20, Q2080 6", split=4)
        self.advice(
            "US110", "EFT0078034", "8-4", "tsv", "pinecrest_ne_0804.tsv", "A unit illusion and a second truck",
            "144 pieces were received, which is the 12 cases billed; the other half of an order came with a second delivery; a scan-back that the scan data confirms; an unsaleables allowance "
            "that comes as an X12 812 debit.", [i1, i2, *self.plains("US110", "7-9", "7-15", "7-16", "7-20", "7-21")], [
                take("column", i1.worth("Q1090", 132, "each"), "shortage", "invalid", "shortage_unit_illusion", invoice=i1, code="022",
                     text="Short 132 ea item {art} rec 12", sku="Q1090", quantity="132", unit="each"),
                take("column", i2.worth("Q1110", 10), "shortage", "invalid", "shortage_split_delivery", invoice=i2, code="022", text="Short 10 cs item {art}",
                     sku="Q1110", quantity="10", unit="case"),
                take("separate", D("630.35"), "scan_back", "valid", "scan_units_match", True, code="033", note="CB441020",
                     text="Scan promo 1801 ea item {art} ref PX-2061 wks 06/29-07/26", agreement=scan, sku="Q1020", quantity="1801", unit="each",
                     references="PX-2061", period="2026-06-29/2026-07-26"),
                take("attached",
                     b.sales("US110", day("6-1"), day("6-30")) * D("0.0075"), "unsaleable_allowance", "valid", "unsaleable_agreed", True, note="CB441027",
                     text="Debit memo", agreement=swell, references="PX-2030", period="2026-06-01/2026-06-30", edi="GG", paper="812_CB441027.edi",
                     paper_text="UNSALEABLES ALLOWANCE REF PX-2030 JUNE 2026 06/01/2026-06/30/2026"),
            ], bank="8-5")

    def hollin_ridge_bare_listing(self):
        b = self.b
        listing = b.agreement("US300", "slotting", "Glass cleaner new item listing", "NI-884", "6-22", "7-31", "per_store", 60, skus="Q2060", stores=40)
        otif = b.agreement("US300", "compliance_program", "OTIF program: late delivery, per order", "OT-2026", "1-1", "12-31", "amount", 200)
        i1 = b.plain("US300", "7-15")
        i2 = b.invoice("US300", "6-30", "Q2040 24, Q1060 16")
        i3 = b.invoice("US300", "7-2", "Q2080 18, Q1050 12")
        first = b.invoice("US300", "6-24", "Q1030 12, Q2030 20")
        first.paid_outside = first.total
        second = b.second_bill(first, "6-29")
        i5 = b.plain("US300", "7-6")
        i6 = b.invoice("US300", "7-3", "Q1110 30, Q2070 14", late=3)
        self.returned("RA-7001", i2, "Q2040", 6, "7-8", "7-14")
        self.returned("RA-7004", i3, "Q2080", 4, None, "7-16")
        self.advice(
            "US300", "CHK 0091774", "7-28", "mono", "remittance_CHK0091774.pdf", "Returns, a double bill and a listing fee",
            "A bare ledger listing: a discount taken without a word but earned; one return authorised, one not; the same order billed twice; a note nobody can explain; the agreed listing fee; "
            "a penalty for a delivery that was late, above the tariff.", [i1, i2, i3, second, i5, i6, *self.plains("US300", "6-25", "6-26", "7-1")], [
                self.earned(i1, 1, "discount_silent", "silent"),
                take("column", i2.worth("Q2040", 6), "return", "valid", "return_authorised", True, invoice=i2, text="RTV RA-7001 6 CS ITEM {art}", sku="Q2040",
                     quantity="6", unit="case", references="RA-7001"),
                take("column", i3.worth("Q2080", 4), "return", "invalid", "return_not_authorised", invoice=i3, text="RTV RA-7004 4 CS ITEM {art}", sku="Q2080",
                     quantity="4", unit="case", references="RA-7004"),
                take("column", second.total, "duplicate_billing", "valid", "duplicate_true", invoice=second, text="DUPLICATE OF {dup} ALREADY PAID",
                     duplicate_of=first),
                take("column", 45, "unknown", "unknown", "unknown_words", invoice=i5, text="ADJ PER TERRY 7/21"),
                take("separate", 2400, "slotting", "valid", "slotting_agreed", True, note="HR20118",
                     text="NEW ITEM LISTING REF NI-884 40 STORES 07/01/2026-07/20/2026", agreement=listing, references="NI-884", period="2026-07-01/2026-07-20"),
                take("separate", 350, "delivery_penalty", D("200.00"), "penalty_above_tariff", invoice=i6, note="HR20121",
                     text="OTIF LATE DELIVERY FINE INV {inv}", agreement=otif, related=otif),
            ], bank="7-28", negative="behind")

    def saltmarsh_photograph(self):
        b = self.b
        coupon = b.agreement("US400", "scan_back", "Peppermint tea coupon redemption", "SM-77", "7-6", "8-2", "per_unit", "0.50", skus="Q1120")
        i1 = b.plain("US400", "6-24")
        self.advice("US400", "0440981", "8-3", "ruled+photo", "photo_2026-08-04.jpg", "A photograph of a remittance",
                    "Paid short by 37.45 without a word, and a coupon claim for weeks without scan data: nothing can be decided yet, and it says so.",
                    [i1, *self.plains("US400", "6-11", "6-18", "6-30")], [
                        take("silent", D("37.45"), "unknown", "unknown", "unknown_silent", invoice=i1),
                        take("separate", 320, "scan_back", "unknown", "scan_no_data", True, note="SD7731",
                             text="Coupon redemption 640 ea item {art} ref SM-77 07/06-08/02", agreement=coupon, sku="Q1120", quantity="640", unit="each",
                             references="SM-77", period="2026-07-06/2026-08-02"),
                    ], bank="8-4")

    def saltmarsh_print_file(self):
        b = self.b
        otif = b.agreement("US400", "compliance_program", "OTIF program: late delivery, per order", "SM-OTIF", "1-1", "12-31", "amount", 150)
        i1 = b.plain("US400", "8-4")
        i2 = b.invoice("US400", "7-28", "Q2050 15, Q1010 20", received={"Q2050": 12}, note="3 cases short")
        i3 = b.invoice("US400", "8-6", "Q1050 24, Q2010 12")
        self.settled("US400", "SD7702", i2.worth("Q2050", 3), "8-20", invoice=i2, category="shortage")
        self.advice("US400", "0441377", "9-8", "text", "saltmarsh_0441377.txt", "A print file with nothing owed",
                    "A penalty for a delivery that was on time, a true shortage that was credited weeks ago, a promotion nobody agreed.",
                    [i1, i2, i3, *self.plains("US400", "7-30", "8-10")], [
                        take("separate", 150, "delivery_penalty", "invalid", "penalty_on_time", invoice=i1, note="SD7790", text="LATE DELIVERY INV {inv}",
                             related=otif),
                        take("column", i2.worth("Q2050", 3), "shortage", "invalid", "shortage_already_credited", invoice=i2,
                             text="NOT RECEIVED 3 CS ITEM {art}", sku="Q2050", quantity="3", unit="case"),
                        take("column", 48, "promotion_allowance", "invalid", "promo_no_agreement", invoice=i3, text="BILLBACK PROMOTION 24 CS ITEM {art}",
                             sku="Q1050", quantity="24", unit="case"),
                    ], bank="9-8")

    def pinecrest_express_820(self):
        b = self.b
        promo = b.agreement("US120", "bill_back", "June honey billback", "PX-2015", "6-8", "6-28", "per_case", "1.50", skus="Q1030")
        i1 = b.plain("US120", "7-6")
        i2 = b.invoice("US120", "6-22", "Q1030 20, Q2010 10")
        i3 = b.invoice("US120", "6-25", "Q2030 30, Q1070 12", billed={"Q2030": "24.90"})
        i4 = b.invoice("US120", "6-29", "Q1100 14, Q2040 8")
        self.settled("US120", "CB439870", 30, "7-2", invoice=i2, agreement=promo, category="promotion_allowance", note="credited on the first claim")
        self.advice(
            "US120", "EFT0077415", "7-17", "x12_820", "820_pinecrest_express_0717.edi", "An X12 820 with private codes",
            "A promotion that was credited once already, an overcharge deducted silently to the cent, a quality complaint without proof, and an unsaleables claim without agreement.",
            [i1, i2, i3, i4, *self.plains("US120", "6-30", "7-1")], [
                self.earned(i1, 2),
                take("column", 30, "promotion_allowance", "invalid", "promo_already_settled", invoice=i2, code="010",
                     text="PROMO ALLOWANCE 20 CS ITEM {art} REF PX-2015", agreement=promo, sku="Q1030", quantity="20", unit="case", references="PX-2015",
                     edi="89"),
                take("silent", 24, "price_difference", "valid", "price_silent", invoice=i3),
                take("column", i4.worth("Q1100", 2), "quality", "unknown", "quality_unproven", invoice=i4, code="035", text="DEFECTIVE SEALS 2 CS ITEM {art}",
                     sku="Q1100", quantity="2", unit="case", edi="05"),
                take("separate", 118, "unsaleable_allowance", "invalid", "unsaleable_not_agreed", note="CB440301", text="SWELL ALLOWANCE", edi="GG"),
            ], bank="7-17")

    def gable_and_rowe_820(self):
        b = self.b
        otif = b.agreement("US200", "compliance_program", "OTIF program: late delivery, per order", "GR-OTIF", "1-1", "12-31", "amount", 250)
        pickup = b.agreement("US200", "freight_allowance", "Pick-up allowance June", "GR-118", "6-1", "6-30", "percent", 1)
        base = b.sales("US200", day("6-1"), day("6-30"))
        i1 = b.plain("US200", "8-11")
        i2 = b.invoice("US200", "7-27", "Q2040 20, Q1080 10", late=3)
        self.advice(
            "US200", "GR-0724410", "8-24", "x12_820", "820_gable_rowe_0824.edi", "An X12 820 with debits that stand alone",
            "A late-delivery penalty inside its tariff (its 812 arrives apart), a pick-up allowance at a higher rate than agreed, a credit memo of ours that is not on file, a post-audit claim "
            "that nothing on file supports.", [i1, i2, *self.plains("US200", "7-9", "7-10", "7-14", "7-16")], [
                self.earned(i1, 3),
                take("attached", 250, "delivery_penalty", "valid", "penalty_late_in_tariff", invoice=i2, note="FC-2290", text="DEBIT MEMO", agreement=otif,
                     related=otif, edi="ZZ", paper="812_FC-2290.edi", paper_text="OTIF FINE LATE DELIVERY PO {po}"),
                take("separate", base * D("0.0125"), "freight_allowance", cents(base * D("0.01")), "freight_allowance_above_amount", True, note="FC-2293",
                     text="PICK-UP ALLOWANCE REF GR-118 JUNE 2026 06/01/2026-06/30/2026", agreement=pickup, references="GR-118", period="2026-06-01/2026-06-30",
                     edi="MB"),
                take("separate", 212, "offset", "unknown", "offset_missing_credit", note="CM-4990", text="CREDIT MEMO CM-4990", references="CM-4990", edi="CM"),
                take("separate", D("388.12"), "post_audit", "unknown", "post_audit_unknown", note="FC-2301", text="POST AUDIT RECOVERY 2025 PROMOTIONS",
                     edi="L1"),
            ], bank="8-24")

    # ------------------------------------------------------------------------------------------------ Great Britain
    def ashlar_local_scan(self):
        b = self.b
        i1 = b.plain("GB110", "7-7")
        i2 = b.invoice("GB110", "6-26", "Q2010 24, Q1060 12", received={"Q2010": 18}, note="6 cases short")
        earlier = b.invoice("GB110", "6-16", "Q1110 8, Q2070 10")
        earlier.paid_outside = earlier.total
        i3 = b.invoice("GB110", "6-23", "Q1010 18, Q2020 6")
        self.advice("GB110", "BACS772018", "7-20", "ruled+scan", "scan_20260721_0014.pdf", "A scanned advice, half a shortage",
                    "Nine cases claimed, six were missing; an invoice refused as a duplicate of another order.",
                    [i1, i2, i3, *self.plains("GB110", "6-24", "7-1")], [
                        self.earned(i1, "2.5"),
                        take("column", i2.worth("Q2010", 9), "shortage", i2.worth("Q2010", 6), "shortage_less_than_claimed", invoice=i2, code="S1",
                             text="Shortage 9 cs item {art}", sku="Q2010", quantity="9", unit="case"),
                        take("column", i3.total, "duplicate_billing", "invalid", "duplicate_false", invoice=i3, code="D2", text="Duplicate of {dup}",
                             duplicate_of=earlier),
                    ], bank="7-20")
        self.paper("proof_of_delivery", "pod_coldbrook_scan.pdf", "GB110", invoice=i2, received={"Q2010": 18}, remark="6 cases dish soap short", form="scan")

    def ashlar_credit_advice_of_the_bank(self):
        b = self.b
        display = b.agreement("GB100", "display", "Summer end cap display", "PR-667", "7-6", "8-2", "amount", 900)
        i1 = b.plain("GB100", "7-29")
        i2 = b.plain("GB100", "7-8")
        i3 = b.invoice("GB100", "7-10", "Q1010 30, Q2050 10")
        self.advice(
            "GB100", "BACS774402", "8-11", "camt_054", "camt054_ashlar_0811.xml", "The bank's credit advice in XML",
            "A display paid above the agreed sum, a labelling charge without a program, an extension error that the invoice does not have.",
            [i1, i2, i3, *self.plains("GB100", "7-13", "7-15")], [
                self.earned(i1, "2.5"),
                take("column", 60, "compliance_fine", "invalid", "compliance_no_program", invoice=i2, code="C4", text="Labelling chargeback"),
                take("column", 40, "invoice_error", "invalid", "invoice_error_unfounded", invoice=i3, code="E1", text="Billing error, extension line 1"),
                take("separate", 1100, "coop_advertising", D("900.00"), "coop_display_above_amount", True, code="A7", note="CLM88120",
                     text="End cap display ref PR-667 06/07/2026-02/08/2026", agreement=display, references="PR-667", period="2026-07-06/2026-08-02"),
            ], bank="8-11", bank_file="camt054_ashlar_0811.xml")

    def ashlar_archive(self):
        b = self.b
        refused = b.agreement("GB100", "bill_back", "Tea promotion, refused", "PR-680", "7-20", "8-31", "per_case", 1, skus="Q1120", status="rejected")
        leaflet = b.agreement("GB100", "coop_advertising", "Leaflet feature week 33", "PR-671", "8-10", "8-23", "amount", 650)
        self.settled("GB100", "CLM88101", 650, "8-25", agreement=leaflet, category="coop_advertising")
        i1 = b.plain("GB100", "8-26")
        i2 = b.invoice("GB100", "8-6", "Q1120 30, Q2010 16")
        self.advice("GB100", "BACS776915", "9-8", "xlsx", "ashlar_payment_0908.zip", "An archive with a sheet and a debit note",
                    "A promotion that we had refused, and a leaflet contribution that was credited two weeks before under another number.",
                    [i1, i2, *self.plains("GB100", "8-5", "8-10", "8-12")], [
                        self.earned(i1, "2.5"),
                        take("column", 30, "promotion_allowance", "invalid", "promo_rejected", invoice=i2, code="P3",
                             text="Promotion 30 cs item {art} ref PR-680", related=refused, sku="Q1120", quantity="30", unit="case", references="PR-680"),
                        take("attached", 650, "coop_advertising", "invalid", "coop_display_taken_twice", note="CLM88164", text="See debit note",
                             agreement=leaflet, references="PR-671", period="2026-08-10/2026-08-23", paper="debit_note_CLM88164.pdf",
                             paper_text="Leaflet feature week 33, ref PR-671, 10/08/2026-23/08/2026"),
                    ], bank="9-8", member="remittance_BACS776915.xlsx")

    def fennimore_mail(self):
        b = self.b
        i1 = b.invoice("GB200", "6-19", "Q2070 20, Q1090 14", billed={"Q2070": "18.20"})
        memo = self.credit("SC-5020", "GB200", "5-28", D("96.30"), "price correction")
        self.settled("GB200", "SC-5020", D("96.30"), "6-30", category="offset", note="credit memo netted in the June payment")
        self.advice(
            "GB200", "FW-3218", "7-31", "mail", "message_fennimore_0731.eml", "Plain text in a mail",
            "Twice the overcharge is claimed, a credit memo is netted for the second time, and a lump has no reason at all.",
            [i1, *self.plains("GB200", "6-9", "6-22", "6-25")], [
                take("column", i1.worth("Q2070", 20, price=D("1.20")), "price_difference", i1.worth("Q2070", 20, price=D("0.60")), "price_partly", invoice=i1,
                     text="Price difference 20 cs item {art}", sku="Q2070", quantity="20", unit="case"),
                take("separate", D("96.30"), "offset", "invalid", "offset_used_credit", note="SC-5020", text="Your credit note SC-5020", references="SC-5020"),
                take("lump", D("62.50"), "unknown", "unknown", "unknown_lump", text="Sundry deductions"),
            ], bank="7-31")
        self.paper("credit_memo", "credit_memo_SC-5020.pdf", "GB200", memo=memo)

    def fennimore_corrects_itself(self):
        b = self.b
        promo = b.agreement("GB200", "bill_back", "Dish soap summer deal", "FD-19", "7-6", "8-23", "per_case", "1.10", skus="Q2010")
        i1 = b.invoice("GB200", "7-20", "Q2030 20, Q1010 16")
        invoices = [i1, *self.plains("GB200", "7-14", "7-17", "7-24")]
        why = "The first advice forgot a deduction; a corrected one followed the same day and is the one that counts."
        wrong = self.advice("GB200", "FW-3391", "8-28", "letter", "remittance_FW-3391.pdf", "A corrected advice (the first version)", why, invoices, [])
        self.advice("GB200", "FW-3391", "8-28", "letter", "remittance_FW-3391_corrected.pdf", "A corrected advice replaces an earlier one",
                    why + " The promotion claimed covers another article.", invoices, [
                        take("column", 22, "promotion_allowance", "invalid", "promo_sku_out_of_scope", invoice=i1, text="Billback 20 cs item {art} ref FD-19",
                             related=promo, sku="Q2030", quantity="20", unit="case", references="FD-19")
                    ], bank="8-28", heading="CORRECTED remittance advice", negative="cr", also=[wrong.file])
        wrong.superseded_by = "remittance_FW-3391_corrected.pdf"
        self.paper(
            "correspondence", "letter_fennimore.pdf", "GB200", day=day("9-3"), paragraphs=[
                "thank you for your statement of account dated 31 August. Our purchase ledger is working through the open items and will reply within ten working days.",
                "Please send copies of all delivery notes for July to the address above.",
            ])

    # ------------------------------------------------------------------------------------------------ France
    def armorel_letter(self):
        b = self.b
        i1 = b.plain("FR200", "7-6")
        i2 = b.plain("FR200", "6-29", late=2)
        self.advice(
            "FR200", "VIR260188", "7-15", "letter", "avis_VIR260188.pdf", "A French letter",
            "The discount is earned. A late-delivery penalty may not be deducted by a French retailer, however late the truck was. Stock clearance money and an advance on a yearly rebate were never agreed.",
            [i1, i2, *self.plains("FR200", "6-15", "6-18", "6-22")], [
                self.earned(i1, 1),
                take("separate", 150, "delivery_penalty", "invalid", "penalty_french", invoice=i2, note="ND3301",
                     text="Pénalités logistiques retard de livraison fact. {inv}"),
                take("attached", 320, "markdown_support", "invalid", "markdown_no_agreement", note="ND3302", text="Note de débit",
                     paper="debit_note_ND3302.pdf", paper_text="Dégagement : compensation stock ancien conditionnement"),
                take("separate", 450, "volume_rebate", "invalid", "volume_rebate_not_agreed", note="ND3303", text="Acompte RFA 2e trimestre 2026",
                     period="2026-04-01/2026-06-30"),
            ], bank="7-15")

    def bellerive_by_store(self):
        b = self.b
        promo = b.agreement("FR120", "bill_back", "Semaine du chocolat, remise différée", "OP-2240", "6-29", "7-26", "per_case", "1.50", skus="Q1080")
        i1 = b.invoice("FR110", "6-25", "Q1010 28, Q2060 12", delivery="none")
        i2 = b.invoice("FR110", "6-30", "Q1060 25, Q2010 10")
        i3 = b.invoice("FR120", "7-8", "Q1080 40, Q1020 14")
        i4 = b.plain("FR110", "7-2")
        self.advice(
            "FR100", "BEL-3391", "8-25", "stores", "avis_reglement_BEL-3391.pdf", "Grouped by store",
            "The buying group pays for hypermarkets and convenience stores. A shortage that only the scanned delivery note proves, another that the full receipt refutes; a promotion at a higher rate than agreed; "
            "a palletisation fine a French customer may not deduct.", [i1, i2, i3, i4, *self.plains("FR120", "6-29", "7-3", "7-9")], [
                take("column", i1.worth("Q1010", 4), "shortage", "valid", "shortage_pod_document_short", invoice=i1, code="LQ",
                     text="4 colis manquants art. {art}", sku="Q1010", quantity="4", unit="case", evidence="pod_valencon_scan.pdf"),
                take("column", i2.worth("Q1060", 5), "shortage", "invalid", "shortage_full_pod", invoice=i2, code="LQ", text="Non livré 5 colis art. {art}",
                     sku="Q1060", quantity="5", unit="case"),
                take("column", 80, "promotion_allowance", D("60.00"), "promo_over_rate", True, invoice=i3, code="OP",
                     text="Op promo 40 colis art. {art} réf. OP-2240", agreement=promo, sku="Q1080", quantity="40", unit="case", references="OP-2240"),
                take("separate", 90, "compliance_fine", "invalid", "compliance_french", invoice=i4, code="MC", note="LIT77104",
                     text="Mise en conformité de palettes fact. {inv}"),
            ], bank="8-25")
        self.paper("proof_of_delivery", "pod_valencon_scan.pdf", "FR110", invoice=i1, received={"Q1010": 24}, remark="Manque 4 colis Muesli, reçu 24",
                   form="scan")

    def bellerive_fax(self):
        b = self.b
        event = b.agreement("FR110", "lump_sum", "Foire aux saveurs, participation forfaitaire", "OP-2250", "8-24", "9-20", "amount", 750)
        swell = b.agreement("FR110", "defective_allowance", "Casse forfaitaire juin", "OP-2231", "6-1", "6-30", "percent", "0.5")
        rebate = b.agreement("FR110", "volume_rebate", "Ristourne juin", "OP-2229", "6-1", "6-30", "percent", 1)
        base = b.sales("FR110", day("6-1"), day("6-30"))
        self.settled("FR110", "LIT76980", base * D("0.01"), "7-30", agreement=rebate, category="volume_rebate")
        i1 = b.invoice("FR110", "7-15", "Q2050 26, Q1110 12", delivery="none")
        self.advice(
            "FR110", "BEL-3502", "9-15", "twoline+fax", "fax_20260915_008.tif", "A fax",
            "An agreed lump sum for an autumn fair; a shortage that the signed delivery note (a document only) refutes; a breakage rate above the agreed one; a rebate credited in July already.",
            [i1, *self.plains("FR110", "7-6", "7-10", "7-20")], [
                take("column", i1.worth("Q2050", 6), "shortage", "invalid", "shortage_pod_document_full", invoice=i1, code="LQ",
                     text="6 colis manquants art. {art}", sku="Q2050", quantity="6", unit="case", evidence="pod_brevan.pdf"),
                take("separate", 750, "promotion_allowance", "valid", "promo_lump_sum", True, code="OP", note="LIT77310",
                     text="Foire aux saveurs réf. OP-2250 07/09/2026-13/09/2026", agreement=event, references="OP-2250", period="2026-09-07/2026-09-13"),
                take("attached", base * D("0.008"), "unsaleable_allowance", cents(base * D("0.005")), "unsaleable_above_amount", True, note="LIT77110",
                     text="Note de débit", agreement=swell, references="OP-2231", period="2026-06-01/2026-06-30", paper="debit_note_LIT77110.pdf",
                     paper_text="Casse forfaitaire juin 2026 réf. OP-2231 (01/06/2026 - 30/06/2026)"),
                take("separate", base * D("0.01"), "volume_rebate", "invalid", "volume_rebate_taken_twice", code="RF", note="LIT77115",
                     text="RFA juin 2026 réf. OP-2229", agreement=rebate, references="OP-2229", period="2026-06-01/2026-06-30"),
            ], bank="9-15")
        self.paper("proof_of_delivery", "pod_brevan.pdf", "FR110", invoice=i1, received={}, remark="", form="pdf")
        self.paper("agreement", "deal_OP-2250.pdf", "FR110", agreement=event, form="pdf")

    def armorel_edifact(self):
        b = self.b
        coupon = b.agreement("FR200", "scan_back", "Bon de réduction riz", "AR-55", "7-6", "8-2", "per_unit", "0.40", skus="Q1110")
        self.scans("FR200", "Q1110", "6-8", 140, 155, 160, 145, 210, 225, 190, 170)
        i1 = b.invoice("FR200", "7-10", "Q1070 24, Q2030 12", received={"Q1070": 21}, note="3 colis manquants")
        self.advice("FR200", "VIR260244", "8-31", "edifact_remadv", "remadv_armorel_0831.edi", "An EDIFACT REMADV in French",
                    "A true shortage; a pick-up allowance never agreed; coupons scanned before the campaign began.",
                    [i1, *self.plains("FR200", "7-16", "7-17", "7-20")], [
                        take("column", i1.worth("Q1070", 3), "shortage", "valid", "shortage_as_claimed", invoice=i1, text="3 colis manquants art. {art}",
                             sku="Q1070", quantity="3", unit="case", edi="4"),
                        take("separate", D("96.40"), "freight_allowance", "invalid", "freight_allowance_not_agreed", note="ND3340",
                             text="Remise logistique enlèvement juillet 2026", period="2026-07-01/2026-07-31", edi="40"),
                        take("separate", 240, "scan_back", "invalid", "scan_weeks_outside", note="ND3342",
                             text="NIP 600 unités art. {art} réf. AR-55 08/06/2026-05/07/2026", related=coupon, sku="Q1110", quantity="600", unit="each",
                             references="AR-55", period="2026-06-08/2026-07-05", edi="75"),
                    ], bank="8-31")

    # ------------------------------------------------------------------------------------------------ Belgium and the Netherlands
    def sambreval_picture(self):
        b = self.b
        promo = b.agreement("BE100", "bill_back", "Petit-déjeuner de juin, remise différée", "MS-14", "6-1", "6-20", "per_case", 1, skus="Q1010")
        i1 = b.invoice("BE100", "6-26", "Q1110 24, Q2070 10", extension={"Q1110": 100})
        i2 = b.invoice("BE100", "7-6", "Q1010 20, Q2060 14")
        self.advice("BE100", "SV-2207", "7-24", "letter+png", "avis_SV-2207.png", "A picture of a French letter from Belgium",
                    "The first line of an invoice was multiplied wrongly, the customer is right; a promotion claimed for goods delivered after its last day.",
                    [i1, i2, *self.plains("BE100", "6-24", "7-1")], [
                        take("column", 100, "invoice_error", "valid", "invoice_error_confirmed", invoice=i1, text="Erreur de facturation ligne 1 : 24 x 26,00"),
                        take("column", 20, "promotion_allowance", "invalid", "promo_outside_window", invoice=i2,
                             text="Promotion 20 colis art. {art} réf. MS-14", related=promo, sku="Q1010", quantity="20", unit="case", references="MS-14"),
                    ], bank="7-24")
        self.paper("invoice", "facture_copie.pdf", "BE100", invoice=i1)

    def vlinderhof_mail(self):
        b = self.b
        i1 = b.plain("BE200", "7-28")
        i2 = b.invoice("BE200", "7-7", "Q2020 20, Q1040 10", delivery="none")
        self.advice(
            "BE200", "OV-60318", "8-5", "modern", "message_vlinderhof_0805.eml", "A mail with two attachments",
            "The transport damage has its own debit note, and a scanned delivery note on which the driver's damage is written; an introduction fee nobody agreed.",
            [i1, i2, *self.plains("BE200", "7-6", "7-9")], [
                self.earned(i1, 2),
                take("attached", i2.worth(
                    "Q2020", 3), "damage", "valid", "damage_noted", invoice=i2, note="DB4417", text="Zie debetnota in bijlage", sku="Q2020", quantity="3",
                     unit="case", evidence="pod_leiebeke.png", paper="debetnota_DB4417.pdf", paper_text="Transportschade 3 dozen art. {art}, factuur {inv}"),
                take("separate", 500, "slotting", "invalid", "slotting_not_agreed", note="DB4420", text="Introductiebijdrage nieuw artikel"),
            ], bank="8-5", member="betaling_OV-60318.pdf")
        self.paper("proof_of_delivery", "pod_leiebeke.png", "BE200", invoice=i2, received={}, remark="3 dozen Laundry Liquid beschadigd", form="png",
                   day=day("7-9"))

    def van_der_lint_workbook(self):
        b = self.b
        proposed = b.agreement("NL100", "bill_back", "Crackerweken actiekorting", "ACT-3382", "7-10", "8-10", "per_case", "1.50", skus="Q1070",
                               status="proposed")
        display = b.agreement("NL100", "display", "Zomerdisplay schoonmaak", "ACT-3391", "7-13", "8-9", "amount", 850)
        i1 = b.plain("NL100", "8-6")
        i2 = b.invoice("NL100", "7-20", "Q1050 20, Q2080 10")
        i3 = b.invoice("NL100", "7-22", "Q1070 24, Q1100 12")
        i4 = b.plain("NL100", "7-23")
        self.advice(
            "NL100", "BT-260611", "8-18", "xlsx", "betaalspecificatie_BT-260611.xlsx", "A workbook with a bit of everything",
            "2 % taken where 1 % is agreed; a price difference that neither order nor price list knows; a promotion still under discussion, for sales to confirm; the agreed display; a small bank fee; two cents of "
            "rounding.", [i1, i2, i3, i4, *self.plains("NL100", "7-21")], [
                take("discount", i1.percent(2), "early_payment_discount", i1.percent(1), "discount_over_rate", True, invoice=i1),
                take("column", i2.worth("Q1050", 20, price=D("0.60")), "price_difference", "invalid", "price_not_supported", invoice=i2, code="302",
                     text="Prijsverschil 20 dozen art. {art}", sku="Q1050", quantity="20", unit="case"),
                take("column", 36, "promotion_allowance", "unknown", "promo_proposed", True, invoice=i3, code="310",
                     text="Actiekorting 24 dozen art. {art} ref. ACT-3382", agreement=proposed, sku="Q1070", quantity="24", unit="case", references="ACT-3382"),
                take("silent", D("0.02"), "unknown", "unknown", "rounding", invoice=i4, scored=False),
                take("separate", 850, "coop_advertising", "valid", "coop_display_agreed", True, code="320", note="DN-55201",
                     text="Displaybijdrage ref. ACT-3391 13-07-2026 / 09-08-2026", agreement=display, references="ACT-3391", period="2026-07-13/2026-08-09"),
                take("lump", D("7.50"), "tax_or_bank", "valid", "bank_fee_small", code="390", text="Bankkosten"),
            ], bank="8-18")
        self.paper("agreement", "voorstel_ACT-3382.pdf", "NL100", agreement=proposed, form="pdf", signed=False)

    def poldergoed_two_lines(self):
        b = self.b
        leaflet = b.agreement("NL200", "coop_advertising", "Folder week 30", "PG-A30", "7-20", "8-2", "amount", 600, performance="copy of the leaflet page")
        memo = self.credit("CN-5031", "NL200", "7-24", D("118.40"), "goodwill")
        i1 = b.plain("NL200", "7-20")
        i2 = b.invoice("NL200", "7-16", "Q2060 12, Q1080 10", ordered={"Q2060": "Q2030"})
        self.advice(
            "NL200", "BT-881204", "8-11", "twoline", "betaling_BT-881204.pdf", "Two lines per record, paid through the bank file",
            "A discount without terms for it; goods that were never ordered; a leaflet contribution whose proof is missing; our own open credit memo, netted.",
            [i1, i2, *self.plains("NL200", "7-13", "7-15")], [
                take("discount", i1.percent(1), "early_payment_discount", "invalid", "discount_no_terms", invoice=i1),
                take("column", i2.worth("Q2060", 12), "wrong_item", "valid", "wrong_item_shipped", invoice=i2,
                     text="Verkeerd geleverd, niet besteld: 12 dozen art. {art}", sku="Q2060", quantity="12", unit="case"),
                take("separate", 600, "coop_advertising", "unknown", "coop_performance_missing", True, note="PG-1187",
                     text="Folderbijdrage week 30 ref. PG-A30", agreement=leaflet, references="PG-A30", period="2026-07-20/2026-08-02"),
                take("separate", D("118.40"), "offset", "valid", "offset_open_credit", True, note="CN-5031", text="Creditnota CN-5031 verrekend",
                     references="CN-5031"),
            ], bank="8-12", bank_file="camt053_20260812.xml")
        self.paper("credit_memo", "creditnota_CN-5031.pdf", "NL200", memo=memo)

    def van_der_lint_announced(self):
        b = self.b
        i1 = b.invoice("NL100", "8-31", "Q2040 16, Q1060 14", received={"Q2040": 14}, note="2 dozen manco")
        self.advice(
            "NL100", "BT-261077", "9-28", "section", "betaalspecificatie_BT-261077.pdf", "Announced, but the money is not here",
            "No bank line yet: allocated provisionally. A true shortage, and a markdown contribution without approval.",
            [i1, *self.plains("NL100", "8-31", "9-1", "9-2")], [
                take("column", i1.worth("Q2040", 2), "shortage", "valid", "shortage_as_claimed", invoice=i1, code="301", text="Manco 2 dozen art. {art}",
                     sku="Q2040", quantity="2", unit="case"),
                take("separate", 275, "markdown_support", "invalid", "markdown_no_agreement", code="315", note="DN-55260", text="Afprijzing oude verpakking"),
            ])
        self.paper("proof_of_delivery", "afleverbon_veenwoude.pdf", "NL100", invoice=i1, received={"Q2040": 14}, remark="manco 2 dozen Kitchen Towel",
                   form="pdf")

    # ------------------------------------------------------------------------------------------------ Germany
    def nordwall_three_pages(self):
        b = self.b
        promo = b.agreement("DE100", "bill_back", "Apfelwochen Aktionsrabatt", "AK-5510", "8-1", "8-31", "per_case", "1.20", skus="Q1020")
        capped = b.agreement("DE100", "bill_back", "Grillsaison Chutney", "AK-5514", "8-1", "8-31", "per_case", "2.50", skus="Q1100", cap=100)
        wkz = b.agreement("DE100", "coop_advertising", "Handzettel KW 33 bis 35", "AK-5521", "8-10", "8-30", "amount", 1200)
        opening = b.agreement("DE100", "slotting", "Neueröffnung Märkte", "AK-5530", "7-27", "8-30", "per_store", 150, skus="Q2070", stores=6)
        i1, i2, i3 = b.plain("DE100", "8-27"), b.plain("DE110", "8-28"), b.plain("DE100", "8-26")
        self.credit("GS-7031", "DE100", "9-2", D("85.60"), "price correction", invoice=i3)
        i4 = b.invoice("DE100", "8-10", "Q1060 15, Q2010 20", substitute={"Q1060": "Q1050"})
        i5 = b.invoice("DE100", "8-11", "Q1020 25, Q2080 8")
        i6 = b.invoice("DE100", "8-12", "Q1100 60, Q1090 20")
        i7 = b.invoice("DE110", "8-11", "Q1030 18, Q2040 12", damaged={"Q1030": 2}, note="2 Karton Bruch")
        audited = b.invoice("DE100", "6-17", "Q1010 30, Q2020 10")
        audited.paid_outside = audited.total
        self.settled("DE100", "RK-88410", D("64.80"), "7-9", invoice=audited, category="price_difference")
        rest = [b.plain("DE110" if n % 4 == 1 else "DE100", day("8-3") + timedelta(days=n * 26 // 58)) for n in range(58)]
        invoices = [i1, i2, i3, i4, i5, i6, i7, *rest]
        self.advice(
            "DE100", "ZR-26-0914", "9-9", "wide", "Zahlungsavis_ZR-26-0914.pdf", "Three pages and a carried total",
            "The central payer settles sixty-five invoices. Among them: discounts, one on an invoice that was partly credited; a substitute that was accepted; one promotion as agreed, one above its cap; half a damage; "
            "a leaflet as agreed; more store openings than agreed; an audit claim that was settled in July.", invoices, [
                self.earned(i1, 2),
                self.earned(i2, 2),
                take("discount", i3.percent(2), "early_payment_discount", i3.percent(2, D("85.60")), "discount_base_credited", True, invoice=i3),
                take("column", i4.worth("Q1060", 15), "shortage", "invalid", "shortage_substitution", invoice=i4, code="K20",
                     text="Fehlmenge 15 Karton Art. {art}", sku="Q1060", quantity="15", unit="case"),
                take("column", 30, "promotion_allowance", "valid", "promo_agreed", True, invoice=i5, code="K10",
                     text="Aktionsrabatt 25 Karton Art. {art} AK-5510", agreement=promo, sku="Q1020", quantity="25", unit="case", references="AK-5510"),
                take("column", 150, "promotion_allowance", D("100.00"), "promo_over_cap", True, invoice=i6, code="K10",
                     text="Aktion 60 Karton Art. {art} AK-5514", agreement=capped, sku="Q1100", quantity="60", unit="case", references="AK-5514"),
                take("column", i7.worth("Q1030", 5), "damage", i7.worth("Q1030", 2), "damage_less_than_claimed", invoice=i7, code="K21",
                     text="Transportschaden 5 Karton Art. {art}", sku="Q1030", quantity="5", unit="case"),
                take("attached", 1200, "coop_advertising", "valid", "coop_display_agreed", True, note="RK-90112", text="Belastungsanzeige", agreement=wkz,
                     references="AK-5521", period="2026-08-10/2026-08-30", paper="Belastung_RK-90112.pdf",
                     paper_text="WKZ Handzettel KW 33 bis 35, AK-5521, 10.08.2026 - 30.08.2026"),
                take("separate", 1050, "slotting", D("900.00"), "slotting_above_amount", True, note="RK-90121",
                     text="Neueröffnung 7 Märkte AK-5530 03.08.2026 - 23.08.2026", agreement=opening, references="AK-5530", period="2026-08-03/2026-08-23"),
                take("separate", D("64.80"), "post_audit", "invalid", "post_audit_settled", invoice=audited, code="K80", note="RK-90125",
                     text="Nachbelastung Preis {inv} zu RK-88410", references="RK-88410"),
            ], bank="9-9", bank_file="umsatz_20260909.sta")

    def ulmbach_semicolons(self):
        b = self.b
        i1 = b.invoice("DE300", "7-6", "Q1090 24, Q2050 8", delivery="none")
        i2, i4 = b.plain("DE300", "7-8"), b.plain("DE300", "7-13")
        i3 = b.invoice("DE300", "7-9", "Q1080 20, Q2010 10")
        back = i3.worth("Q1080", 5)
        self.returned("RS-7011", i3, "Q1080", 5, "7-16", "7-21", back)
        self.credit("GS-7012", "DE300", "7-22", back, "return", invoice=i3, reference="RS-7011")
        self.settled("DE300", "RS-7011", back, "7-22", invoice=i3, category="return", note="credit memo GS-7012")
        self.advice(
            "DE300", "GU-40177", "8-12", "csv_de", "zahlung_GU-40177.csv", "Semicolons and umlauts in an old code page",
            "A shortage for which no receipt is on file; pallets and deposit, never agreed; a return we credited three weeks ago; a VAT correction nobody explains.",
            [i1, i2, i3, i4], [
                take("column", i1.worth("Q1090", 4), "shortage", "unknown", "shortage_no_pod", invoice=i1, text="Fehlmenge 4 Karton Art. {art}", sku="Q1090",
                     quantity="4", unit="case"),
                take("column", 57, "freight_charge", "invalid", "freight_charge_not_agreed", invoice=i2, text="Paletten und Pfand nicht getauscht"),
                take("separate", back, "return", "invalid", "return_already_credited", invoice=i3, note="GU-3301",
                     text="Retoure RS-7011 5 Karton Art. {art} Rg. {inv}", sku="Q1080", quantity="5", unit="case", references="RS-7011"),
                take("column", D("38.40"), "tax_or_bank", "unknown", "vat_unexplained", invoice=i4, text="MwSt-Korrektur"),
            ], bank="8-12", negative="behind")
        self.paper("bill_of_lading", "frachtbrief_ulmbach.pdf", "DE300", invoice=i1, form="pdf")

    def ulmbach_edifact(self):
        b = self.b
        i1 = b.invoice("DE300", "8-10", "Q2030 18, Q1010 20")
        self.advice(
            "DE300", "GU-40244", "9-14", "edifact_remadv", "remadv_ulmbach_0914.edi", "An EDIFACT REMADV in German",
            "Goods called wrong that were ordered, shipped and billed alike; a second placement nobody agreed.",
            [i1, *self.plains("DE300", "8-12", "8-13", "8-14")], [
                take("column", i1.worth("Q2030", 6), "wrong_item", "invalid", "wrong_item_as_ordered", invoice=i1, text="Falschlieferung 6 Karton Art. {art}",
                     sku="Q2030", quantity="6", unit="case", edi="14"),
                take("separate", 300, "coop_advertising", "invalid", "coop_display_not_agreed", note="GU-3360", text="Zweitplatzierung August", edi="21"),
            ], bank="9-14")

    def tannhof_scan(self):
        b = self.b
        i1 = b.plain("DE200", "7-22")
        i2 = b.invoice("DE200", "7-10", "Q1030 16, Q1120 10")
        i3 = b.plain("DE200", "7-8", late=4)
        self.advice(
            "DE200", "ZA-20264", "8-17", "section+scan", "scan_20260818_0031.pdf", "A scanned German advice",
            "The second tier of the discount is earned; a quality complaint without proof, on a scanned debit note; a contract penalty without a contract.",
            [i1, i2, i3, *self.plains("DE200", "7-3", "7-6")], [
                self.earned(i1, 2),
                take("attached", i2.worth("Q1030", 2), "quality", "unknown", "quality_unproven", invoice=i2, note="BA20331", text="Belastungsanzeige",
                     sku="Q1030", quantity="2", unit="case", paper="Belastung_BA20331.png",
                     paper_text="Reklamation Qualitätsmangel: Honig kristallisiert, 2 Karton Art. {art}, Rechnung {inv}"),
                take("separate", 120, "delivery_penalty", "invalid", "penalty_no_program", invoice=i3, note="BA20334",
                     text="Vertragsstrafe Lieferverzug Rg. {inv}"),
            ], bank="8-17")
        self.paper(
            "correspondence", "message_tannhof_0902.eml", "DE200", day=day("9-2"), subject="Saldenbestätigung August", paragraphs=[
                "Guten Tag,", "anbei bestätigen wir den Saldo Ihres Kontos zum 31. August. Bitte senden Sie uns die Kopien der Lieferscheine für Juli.",
                "Mit freundlichen Grüßen\nFeinkost Tannhof KG, Buchhaltung",
            ])

    def nordwall_sued_html(self):
        b = self.b
        scan = b.agreement("DE110", "scan_back", "Kassenbon-Aktion Chips", "AK-5502", "7-20", "8-16", "per_unit", "0.30", skus="Q1040")
        bonus = b.agreement("DE110", "volume_rebate", "Umsatzbonus Juni", "AK-5490", "6-1", "6-30", "percent", "1.5")
        logistics = b.agreement("DE110", "freight_allowance", "Selbstabholung Juni", "AK-5491", "6-1", "6-30", "percent", "1.25")
        base = b.sales("DE110", day("6-1"), day("6-30"))
        label = b.agreement("DE110", "compliance_program", "Etikettierung: fehlendes oder falsches Etikett, je Lieferung", "LH-4", "1-1", "12-31", "amount", 75)
        self.scans("DE110", "Q1040", "7-20", 340, 402, 385, 353)
        i1, i2 = b.plain("DE110", "8-13"), b.plain("DE110", "8-4")
        self.advice(
            "DE110", "ZR-26-0871", "8-26", "html", "message_nordwall_sued_0826.eml", "A table in an HTML mail",
            "More units claimed than the tills scanned; a bonus and a logistics allowance exactly as agreed on the June sales; a labelling fine above the tariff.",
            [i1, i2, *self.plains("DE110", "7-29", "7-30", "7-31")], [
                self.earned(i1, 2),
                take("separate", 495, "scan_back", D("444.00"), "scan_units_above", True, code="K41", note="RK-90088",
                     text="Kassenbon-Aktion 1650 Stück Art. {art} AK-5502 20.07.2026 - 16.08.2026", agreement=scan, sku="Q1040", quantity="1650", unit="each",
                     references="AK-5502", period="2026-07-20/2026-08-16"),
                take("separate", base * D("0.015"), "volume_rebate", "valid", "volume_rebate_agreed", True, code="K50", note="RK-90085",
                     text="Umsatzbonus Juni 2026 AK-5490", agreement=bonus, references="AK-5490", period="2026-06-01/2026-06-30"),
                take("separate", base * D("0.0125"), "freight_allowance", "valid", "freight_allowance_agreed", True, code="K60", note="RK-90086",
                     text="Logistikrabatt Selbstabholung Juni 2026 AK-5491", agreement=logistics, references="AK-5491", period="2026-06-01/2026-06-30"),
                take("separate", 100, "compliance_fine", D("75.00"), "compliance_above_tariff", invoice=i2, code="K70", note="RK-90091",
                     text="Etikettierung fehlerhaft Rg. {inv}", agreement=label, related=label),
            ], bank="8-26")

    # ------------------------------------------------------------------------------------------------ money without an advice
    def bank_lines(self):
        """(statement, day, customer, invoices, takes, words): what the statements and payments.csv tell alone."""
        b = self.b
        s1, s2 = self.plains("BE100", "7-14", "7-17")
        s3 = b.plain("NL100", "7-30")
        s4, s5 = self.plains("DE200", "8-27", "8-28")
        s6 = b.plain("DE300", "8-7")
        s7 = b.plain("US300", "7-9")
        s8, s9 = self.plains("GB200", "7-27", "7-28")
        self.lines = [
            ("camt053_20260812.xml", day("8-12"), "BE100", [s1, s2], [], "factures {0} {1}"),
            ("camt053_20260812.xml", day("8-12"), "NL100", [s3], [self.earned(s3, 1, "lump_discount", "silent")], "fact {0}"),
            ("umsatz_20260909.sta", day("9-9"), "DE200", [s4,
                                                          s5], [self.earned(s4, 3, "lump_discount", "silent"),
                                                                self.earned(s5, 3, "lump_discount", "silent")], "{0} {1} ABZGL SKONTO"), ("umsatz_20260909.sta", day("9-9"), "DE300", [s6], [take("silent", D("34.20"), "unknown", "unknown", "lump_short", invoice=s6)], "RG {0}"),
            ("", day("8-20"), "US300", [s7], [], "{0}"), ("", day("8-26"), "GB200", [s8, s9], [], "{0} {1}"),
        ]

    def tell(self):
        for story in (self.pinecrest_pays_for_its_children, self.gable_and_rowe_two_tiers, self.pinecrest_northeast_counts_in_pieces,
                      self.hollin_ridge_bare_listing, self.saltmarsh_photograph, self.saltmarsh_print_file, self.pinecrest_express_820, self.gable_and_rowe_820,
                      self.ashlar_local_scan, self.ashlar_credit_advice_of_the_bank, self.ashlar_archive, self.fennimore_mail, self.fennimore_corrects_itself,
                      self.armorel_letter, self.bellerive_by_store, self.bellerive_fax, self.armorel_edifact, self.sambreval_picture, self.vlinderhof_mail,
                      self.van_der_lint_workbook, self.poldergoed_two_lines, self.van_der_lint_announced, self.nordwall_three_pages, self.ulmbach_semicolons,
                      self.ulmbach_edifact, self.tannhof_scan, self.nordwall_sued_html, self.bank_lines,
                      ):
            story()
