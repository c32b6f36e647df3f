//! The words by which papers name themselves, per kind, folded; titles weigh more than mentions.

use recoup_engine::reading::DocumentKind;

use super::fold;

/// Titles of each kind in the four languages. A longer title is more telling: "proof of delivery" beats "delivery".
#[rustfmt::skip]
pub const TITLES: &[(DocumentKind, &[&str])] = &[
    (
        DocumentKind::RemittanceAdvice,
        &[
            "afrekening leverancier", "afrekening", "abrechnung", "abrechnung nr", "payment detail", "vendor payment detail", "vendor payment", "bericht van betaling", "journal of payment", "avis de virement emis",
            "statement of payment", "statement of remittance", "statement of payments", "remittance slip", "payment slip", "payment confirmation",
            "confirmation of payment", "payment report", "settlement advice", "settlement statement", "direct credit advice", "credit transfer advice",
            "supplier remittance advice", "bank transfer advice", "electronic remittance", "payment listing", "disbursement advice", "eft notification",
            "ach notification", "payment notice", "supplier payment advice", "payment breakdown", "cheque stub", "lettre cheque", "notification de virement", "annonce de paiement", "ordre de virement", "confirmation de paiement", "confirmation de virement", "decompte de paiement",
            "decompte de reglement", "avis de versement", "etat de reglement", "etat des reglements", "recapitulatif de paiement", "recapitulatif de reglement", "betaalbevestiging", "betalingsbevestiging", "betalingsinformatie", "betaalinformatie", "betaalspecificaties",
            "overboekingsadvies", "overschrijvingsbericht", "betalingsopgave", "betaalopgave", "zahlungsbenachrichtigung", "zahlungsinformation",
            "zahlavis", "uberweisungsmitteilung", "zahlungsbestatigung", "zahlungsabrechnung", "zahlungsjournal", "zahlungsmeldung",
            "uberweisungsliste", "uberweisungstrager avis", "zahlungsankundigung", "vergutungsanzeige", "zahlungsaviso nr",
            "remittance advice", "remittance", "remittance statement", "remittance detail", "remittance details", "payment remittance", "payment advice",
            "payment advise", "advice of payment", "payment notification", "payment specification", "payment details", "eft remittance", "eft payment advice",
            "ach remittance", "ach payment advice", "check remittance", "cheque remittance", "check stub", "payment voucher", "bacs remittance",
            "bacs remittance advice", "bacs advice", "supplier payment", "vendor payment", "vendor remittance", "supplier remittance",
            "electronic payment advice", "notice of payment", "avis de paiement", "avis de reglement", "avis de virement", "avis d operation",
            "bordereau de paiement", "bordereau de reglement", "detail du reglement", "detail de reglement", "details du reglement", "detail de paiement", "notification de paiement", "avis de transfert", "remittance notice", "payment summary", "payment statement", "zahlungsdetails", "zahlungsubersicht", "betaaldetails", "betalingsdetails", "specificatie van de betaling", "detail du paiement", "releve de paiement", "releve de reglement",
            "lettre de paiement", "lettre reglement", "ordre de paiement", "detail de virement", "detail du virement", "bordereau de virement",
            "betaalspecificatie", "betalingsspecificatie", "betaaladvies", "betalingsadvies", "betalingsavis", "betaalavis", "betaaloverzicht",
            "betalingsoverzicht", "betalingsbericht", "betaalbericht", "specificatie betaling", "specificatie van betaling", "betaalopdracht specificatie",
            "remittanceadvies", "zahlungsavis", "zahlungsaviso", "zahlungsaufstellung", "avis uber zahlung", "zahlungsanzeige", "zahlungsmitteilung",
            "zahlungsbegleitschreiben", "zahlungsspezifikation", "uberweisungsavis", "uberweisungsanzeige", "zahlungsnachweis", "zahlungsliste",
            "avis zur zahlung", "avis zur uberweisung", "regulierungsavis", "regulierungsliste", "abrechnungsavis", "zahlungsbeleg",
            "avis de depot", "avis de depot direct", "depot direct", "direct deposit advice", "avis de credit", "avis zu unserer uberweisung",
            "avis zu unserer zahlung", "avis zu unserer sepa uberweisung",
        ],
    ),
    (
        DocumentKind::DebitNote,
        &[
            "supplier promotions billing", "promotions billing", "promotion billing", "promotional billing", "marketing billing", "marketing invoice to supplier", "uplift debit note", "return debit note", "returns debit note", "uplift return debit note", "price claim", "price query debit", "rechnungskurzung", "mitteilung uber rechnungskurzung", "mitteilung rechnungskurzung", "rechnungskurzungsmitteilung", "kurzungsmitteilung", "kurzungsbeleg", "mangelruge mit belastung", "abzugsmitteilung", "avis de retenue", "avis de refacturation", "note de prelevement", "verrekeningsnota", "kortingsnota", "inhoudingsnota", "promotieclaim", "actieclaim",
            "facture de penalites", "facture de penalite", "facture de penalites logistiques", "facture penalites", "penalites logistiques", "note de penalite", "notification de penalites", "penalty invoice", "penalty notice", "penalty note", "service level penalty", "fine notice", "non compliance notice", "compliance chargeback", "compliance violation", "deduction memo", "charge notice", "boetefactuur", "boetenota",
            "doorbelasting", "kostendoorbelasting", "debetfactuur", "vertragsstrafenrechnung", "ponalrechnung", "malusrechnung", "weiterbelastung",
            "belastungsrechnung", "belastungsschreiben", "kostenweiterbelastung", "notice of claim", "supplier debit note", "supplier debit memo", "avis de penalite", "facture de refacturation", "refacturation",
            "debit note", "debit memo", "debit advice", "debit memorandum", "chargeback", "charge back", "chargeback notice", "notice of chargeback",
            "vendor chargeback", "deduction notice", "notice of deduction", "claim notice", "claim form", "vendor claim", "supplier claim", "claim",
            "deduction advice", "vendor debit", "vendor debit memo", "note de debit", "avis de debit", "note de debours", "reclamation fournisseur",
            "avis de deduction", "note de retenue", "litige fournisseur", "fiche litige", "notification de deduction", "facture de service", "debetnota",
            "debitnota", "debet nota", "belastingnota", "claimnota", "debiteringsnota", "leveranciersclaim", "nota van debet", "inhoudingsbericht",
            "claimformulier", "belastungsanzeige", "lastschriftanzeige", "belastungsnote", "belastung", "ruckbelastung", "nachbelastung", "belastungsbeleg",
            "lastschrift", "reklamationsanzeige", "debitnote", "abzugsanzeige", "kurzungsanzeige",
        ],
    ),
    (
        DocumentKind::ProofOfDelivery,
        &[
            "delivery docket", "signed pod", "pod confirmation", "delivery acknowledgement", "goods receipt note", "bon de livraison signe", "recepisse de transport", "lettre de voiture emargee", "aflevering", "afleverbevestiging", "getekende pakbon", "leverbevestiging", "ablieferungsbeleg",
            "auslieferungsbeleg", "empfangsbeleg", "warenempfangsschein", "ubergabeprotokoll", "lieferquittung",
            "proof of delivery", "pod", "delivery receipt", "signed delivery note", "delivery note", "receipt of goods", "goods received note",
            "delivery confirmation", "delivery report", "preuve de livraison", "bon de livraison", "bon de livraison emarge", "bordereau de livraison",
            "recepisse de livraison", "recepisse", "bon de reception", "attestation de livraison", "afleverbewijs", "aflever bewijs", "afleverbon",
            "leverbon", "leveringsbon", "ontvangstbewijs", "bewijs van levering", "bewijs van aflevering", "pakbon", "vrachtbon", "leveringsbewijs",
            "liefernachweis", "lieferschein", "ablieferbeleg", "ablieferungsnachweis", "ablieferbestatigung", "empfangsbestatigung", "lieferbestatigung",
            "zustellnachweis", "wareneingangsbeleg", "quittierter lieferschein", "abliefernachweis", "empfangsquittung",
        ],
    ),
    (
        DocumentKind::BillOfLading,
        &[
            "straight bill of lading short form", "master bill of lading", "short form bill of lading", "freight waybill", "sea waybill",
            "vervoersdocument", "transportauftrag",
            "bill of lading", "straight bill of lading", "uniform straight bill of lading", "b l", "bol", "waybill", "freight bill", "consignment note",
            "cmr", "cmr consignment note", "international consignment note", "lettre de voiture", "lettre de voiture cmr", "lettre de voiture internationale",
            "connaissement", "bordereau d expedition", "vrachtbrief", "cmr vrachtbrief", "internationale vrachtbrief", "cognossement", "vrachtdocument",
            "frachtbrief", "cmr frachtbrief", "internationaler frachtbrief", "ladeschein", "konnossement", "speditionsauftrag", "verladeschein", "ladeliste",
        ],
    ),
    (
        DocumentKind::PromotionAgreement,
        &[
            "deal sheet", "deal", "promotion agreement", "promotional agreement", "trade promotion agreement", "promotion deal sheet", "promotional deal",
            "allowance agreement", "deal confirmation", "promotion confirmation", "trade deal", "advertising agreement", "co op agreement", "coop agreement",
            "promotion form", "promotion contract", "rebate agreement", "slotting agreement", "scan agreement", "trading terms", "promotion plan",
            "agreement", "accord promotionnel", "accord d operation promotionnelle", "accord d operation commerciale", "accord operation promotionnelle", "accord de promotion", "accord commercial", "contrat promotionnel", "fiche promotionnelle", "fiche promo",
            "accord de participation", "contrat de cooperation commerciale", "cooperation commerciale", "nip", "mandat promotionnel", "fiche operation",
            "accord", "convention unique", "avenant", "actieovereenkomst", "promotieovereenkomst", "actieafspraak", "promotieafspraak", "actieformulier",
            "actiebevestiging", "actieblad", "promotieformulier", "actievoorstel", "overeenkomst", "samenwerkingsovereenkomst", "aktionsvereinbarung",
            "aktionsblatt", "aktionsbestatigung", "aktionsvertrag", "werbevereinbarung", "promotionsvereinbarung", "konditionsvereinbarung",
            "wkz vereinbarung", "bonusvereinbarung", "aktionsmeldung", "verkaufsforderungsvereinbarung", "vereinbarung", "aktionsplan", "jahresvereinbarung",
        ],
    ),
    (
        DocumentKind::CreditMemo,
        &[
            "sales credit note", "sales credit", "sales credit memo", "customer credit note", "avoir client", "avoir commercial", "verkoopcreditnota",
            "kundengutschrift", "warengutschrift", "wertgutschrift", "bonusgutschrift", "rechnungsgutschrift", "credit note copy",
            "credit memo", "credit note", "credit memorandum", "credit advice", "credit invoice", "avoir", "facture d avoir", "note de credit", "avoir no",
            "creditnota", "credit nota", "creditfactuur", "kredietnota", "gutschrift", "gutschriftsanzeige", "rechnungskorrektur", "gutschrifts rechnung",
            "stornorechnung", "korrekturrechnung",
        ],
    ),
    (
        DocumentKind::Invoice,
        &[
            "invoice", "tax invoice", "sales invoice", "commercial invoice", "vat invoice", "invoice copy", "copy invoice", "facture", "facture no",
            "facture de vente", "duplicata facture", "duplicata de facture", "copie de facture", "factuur", "verkoopfactuur", "kopie factuur", "factuurkopie",
            "rechnung", "rechnungskopie", "kopie rechnung", "ausgangsrechnung", "rechnungsduplikat", "faktura",
        ],
    ),
    (
        DocumentKind::StatementOfAccount,
        &[
            "statement of account", "account statement", "statement", "customer statement", "supplier statement", "open items", "open item statement",
            "open item list", "statement of open items", "aged statement", "releve de compte", "extrait de compte", "releve client", "releve de factures",
            "situation de compte", "etat des factures", "rekeningoverzicht", "openstaande posten", "saldo overzicht", "openstaande postenlijst",
            "debiteurenoverzicht", "kontoauszug", "offene posten", "offene posten liste", "saldenmitteilung", "saldenbestatigung", "kontoubersicht",
            "saldenliste",
        ],
    ),
    (
        DocumentKind::Order,
        &[
            "purchase order", "order confirmation", "bon de commande", "commande", "confirmation de commande", "inkooporder", "bestelbon", "orderbevestiging",
            "bestelling", "bestellung", "auftragsbestatigung",
        ],
    ),
    (
        DocumentKind::DespatchAdvice,
        &[
            "despatch advice", "dispatch advice", "advance ship notice", "advance shipping notice", "shipping notice", "packing list", "packing slip",
            "avis d expedition", "liste de colisage", "verzendadvies", "paklijst", "lieferavis", "versandanzeige", "packliste",
        ],
    ),
    (
        DocumentKind::ReceivingAdvice,
        &[
            "receiving advice", "receiving report", "goods receipt", "avis de reception", "rapport de reception", "ontvangstrapport", "ontvangstadvies",
            "goederenontvangst", "wareneingangsmeldung", "wareneingang", "wareneingangsbericht",
        ],
    ),
    (
        DocumentKind::DisputeNotice,
        &[
            "dispute notice", "notice of dispute", "dispute", "avis de litige", "contestation", "bezwaar", "geschil", "widerspruch", "reklamation",
            "beanstandung",
        ],
    ),
];

/// Words of a personal letter: greetings and closings.
#[rustfmt::skip]
pub const LETTER_WORDS: &[&str] = &[
    "dear sir", "dear sirs", "dear madam", "dear sir or madam", "dear mr", "dear mrs", "dear ms", "dear customer", "dear supplier", "dear colleague",
    "dear colleagues", "dear team", "dear all", "to whom it may concern", "yours sincerely", "yours faithfully", "yours truly", "sincerely", "kind regards",
    "best regards", "with regards", "madame monsieur", "madame", "monsieur", "messieurs", "cher client", "chere madame", "cher monsieur", "cordialement",
    "salutations distinguees", "meilleures salutations", "veuillez agreer", "je vous prie d agreer", "nous vous prions d agreer", "sinceres salutations",
    "bien a vous", "geachte heer", "geachte mevrouw", "geachte", "geachte relatie", "beste", "met vriendelijke groet", "met vriendelijke groeten",
    "hoogachtend", "vriendelijke groet", "sehr geehrte damen und herren", "sehr geehrte", "sehr geehrter", "mit freundlichen grussen", "freundliche grusse",
    "hochachtungsvoll", "beste grusse", "liebe",
    "hello", "hi", "good morning", "good afternoon", "regards", "best wishes", "many thanks", "cheers", "bonjour", "bonsoir", "salutations", "bonne journee",
    "bien a toi", "hallo", "goedemorgen", "goedemiddag", "goedendag", "groeten", "groetjes", "groet", "mvg", "guten tag", "guten morgen", "gruss gott",
    "gruezi", "moin", "mfg", "grusse", "gruss", "viele grusse", "schone grusse", "liebe grusse",
];

/// Words that announce a machine's answer to a mail.
#[rustfmt::skip]
pub const AUTO_REPLY_WORDS: &[&str] = &[
    "out of office", "automatic reply", "auto reply", "autoreply", "absence du bureau", "reponse automatique", "message d absence", "automatisch antwoord",
    "afwezig", "afwezigheidsbericht", "automatische antwort", "abwesenheitsnotiz", "abwesend", "nicht im buro", "delivery status notification",
    "undeliverable", "mail delivery failed", "returned mail", "unzustellbar",
];

/// Whether a document type names an invoice.
pub fn names_invoice(document_type: &str) -> bool {
    const INVOICES: &[&str] = &["invoice", "inv", "facture", "factuur", "rechnung", "fac", "re", "rg", "in", "ri", "rn", "kr"];
    fold(document_type).split(' ').any(|word| INVOICES.contains(&word))
}

/// Whether a document type names a claim or a credit rather than an invoice.
pub fn names_claim(document_type: &str) -> bool {
    const CLAIMS: &[&str] = &[
        "dn",
        "dm",
        "db",
        "cm",
        "cn",
        "cr",
        "kg",
        "debit",
        "credit",
        "claim",
        "chargeback",
        "deduction",
        "avoir",
        "debet",
        "belastung",
        "gutschrift",
        "debit note",
        "credit note",
        "debit memo",
        "credit memo",
        "note de debit",
        "debetnota",
        "creditnota",
        "belastungsanzeige",
        "adj",
        "adjustment",
    ];
    CLAIMS.contains(&fold(document_type).as_str())
}
