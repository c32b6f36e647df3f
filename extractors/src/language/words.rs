//! The label words of remittance advices and claims in English, French, Dutch and German, folded: lower case, no accents, single spaces.
//!
//! Architecture invariant: words of the trade and of common systems only, never a sender's name.

use super::labels::{ColumnRole, HeaderField};

#[rustfmt::skip]
pub(super) const COLUMNS: &[(ColumnRole, &[&str])] = &[
    (
        ColumnRole::Invoice,
        &[
            "your invoice ref", "your inv", "your inv no", "customer invoice", "sales invoice", "invoice doc", "facture fourn", "ref fact", "fact fourn", "votre fact", "vos factures", "facture client", "uw fact", "uw factuurnummers", "leveranciersfactuur", "factuur leverancier",
            "lieferantenrg", "rechng", "rechng nr", "rg nummer", "ihre rg", "ihre rg nr", "ihre faktura", "rechnung ref", "re nummer", "lieferanten rechnung",
            "invoice", "invoices", "invoice no", "invoice number", "invoice nbr", "invoice num", "invoice id", "invoice ref", "invoice reference", "inv",
            "inv no", "inv num", "inv nbr", "inv number", "inv ref", "supplier invoice", "supplier invoice no", "vendor invoice", "vendor invoice no",
            "vendor invoice number", "your invoice", "your invoice no", "your invoice number", "invoice your", "bill no", "bill number", "invoice document",
            "facture", "factures", "no facture", "no de facture", "numero facture", "numero de facture", "num facture", "n facture", "ref facture",
            "reference facture", "votre facture", "facture no", "fact no", "no fact", "facture fournisseur", "no facture fournisseur", "votre no facture",
            "piece facture", "factuur", "facturen", "factuurnr", "factuurnummer", "factuur nr", "factuur nummer", "fact nr", "factnr", "uw factuur",
            "uw factuurnr", "uw factuurnummer", "factuurreferentie", "factuur ref", "rechnung", "rechnungen", "rechnungsnr", "rechnungs nr",
            "rechnungsnummer", "rechnung nr", "rechnr", "rech nr", "rg nr", "rgnr", "re nr", "ihre rechnung", "ihre rechnungsnr", "ihre rechnungsnummer",
            "ihre rechnung nr", "lieferantenrechnung", "fremdrechnung", "fakturanummer", "faktura nr", "fakturanr", "faktura", "externe rechnungsnr",
        ],
    ),
    (
        ColumnRole::Document,
        &[
            "credit note", "credit memo", "credit note no", "credit memo no", "credit note number",
            "uw nummer", "uw nr", "uw stuk", "uw document", "uw boekstuk", "votre numero", "votre no", "votre piece", "votre document", "ihre nummer",
            "ihre nr", "ihr belegnr", "ihr dokument", "your number", "your doc no", "your document no", "your voucher", "ext document", "external doc",
            "ext ref", "ext beleg", "externe referentie", "extern nr", "extern nummer", "ref externe", "piece fournisseur", "no piece fournisseur",
            "document fournisseur", "supplier document", "supplier doc", "vendor document", "leveranciersreferentie", "buchungsbeleg", "externer beleg",
            "xblnr", "zuordnungsnr", "betreffende factuur",
            "bill", "bills", "particulars no", "our voucher for", "pay item", "creance", "titre", "nota", "notanummer", "stukken", "urkunde", "vorgangsnummer", "rechnungsbeleg",
            "document", "document no", "document number", "document nbr", "document id", "document ref", "doc", "doc no", "doc num", "doc number", "doc nbr",
            "doc id", "doc ref", "reference", "reference no", "reference number", "ref", "ref no", "ref number", "ref doc", "your reference", "your ref",
            "your document", "your doc", "your no", "supplier reference", "supplier ref", "vendor reference", "vendor ref", "external reference", "item ref",
            "item reference", "transaction", "transaction no", "transaction number", "trans no", "external document no", "paid item", "piece", "pieces",
            "no piece", "no de piece", "numero piece", "numero de piece", "piece no", "no document", "no de document", "numero document",
            "numero de document", "votre reference", "votre ref", "vos references", "v ref", "vos ref", "ref fournisseur", "reference fournisseur",
            "ref piece", "reference piece", "no ref", "documentnr", "document nr", "documentnummer", "document nummer", "stuknummer", "stuknr", "stuk nr",
            "stuk", "boekstuk", "boekstuknr", "boekstuknummer", "uw referentie", "uw ref", "uw kenmerk", "referentie", "ref nr", "beleg", "belege", "belegnr",
            "beleg nr", "belegnummer", "beleg nummer", "referenz", "referenznr", "referenz nr", "referenznummer", "ihr beleg", "ihre belegnr",
            "ihre belegnummer", "ihre referenz", "ihr zeichen", "dokument", "dokumentnr", "dokument nr", "dokumentnummer", "lieferantenbeleg", "posten",
            "vorgang", "zuordnung",
        ],
    ),
    (
        ColumnRole::Date,
        &[
            "issued", "issued on", "d d", "emise le", "emission", "emis le", "uitgegeven", "ausgestellt", "ausgestellt am", "ausstellungsdatum",
            "date", "invoice date", "inv date", "inv dt", "doc date", "document date", "doc dt", "issue date", "date of invoice", "bill date", "dated",
            "item date", "transaction date", "trans date", "date facture", "date de facture", "date fact", "date de la facture", "date piece",
            "date de piece", "date document", "date d emission", "date emission", "du", "datum", "factuurdatum", "factuur datum", "fact datum", "factdatum",
            "documentdatum", "document datum", "doc datum", "stukdatum", "boekdatum", "rechnungsdatum", "rechnungs datum", "rg datum", "rgdatum",
            "rech datum", "re datum", "belegdatum", "beleg datum", "bel datum", "dokumentdatum", "vom", "fakturadatum",
        ],
    ),
    (
        ColumnRole::PurchaseOrder,
        &[
            "purchase order", "purchase order no", "purchase order number", "po", "p o", "po no", "po number", "po num", "po nbr", "p o no", "p o number",
            "order", "order no", "order number", "order ref", "our order", "cust po", "customer po", "commande", "no commande", "no de commande",
            "numero commande", "numero de commande", "no cde", "no de cde", "cde", "num cde", "notre commande", "bon de commande", "ref commande",
            "inkooporder", "inkoopordernr", "inkoopordernummer", "inkooporder nr", "inkoopnr", "bestelling", "bestelnr", "bestel nr", "bestelnummer",
            "bestelbon", "bestelbonnr", "ordernr", "order nr", "ordernummer", "onze order", "bestellung", "bestellnr", "bestell nr", "bestellnummer",
            "best nr", "bestellnr", "auftrag", "auftragsnr", "auftrags nr", "auftragsnummer", "unsere bestellung", "bestellreferenz",
        ],
    ),
    (
        ColumnRole::Store,
        &[
            "store", "store no", "store number", "store nbr", "store name", "site", "site no", "site code", "location", "loc", "branch", "branch no",
            "branch code", "depot", "warehouse", "dc", "whse", "division", "div", "plant", "outlet", "shop", "ship to", "department", "dept", "cost centre",
            "cost center", "region", "magasin", "no magasin", "code magasin", "mag", "entrepot", "plateforme", "plate forme", "point de vente", "pdv", "lieu",
            "lieu de livraison", "etablissement", "agence", "filiaal", "filiaalnr", "filiaal nr", "filiaalnummer", "fil", "winkel", "winkelnr", "vestiging",
            "vestigingsnr", "locatie", "magazijn", "afdeling", "dc nr", "markt", "markt nr", "marktnr", "filiale", "filialnr", "filial nr", "filialnummer",
            "filial", "niederlassung", "werk", "lager", "standort", "betrieb", "haus", "verkaufsstelle", "abteilung", "empfangsstelle",
        ],
    ),
    (
        ColumnRole::Gross,
        &[
            "nominaal", "nominaal bedrag", "nominal", "nominal value", "nominalbetrag", "nennbetrag", "mt ttc", "mnt ttc", "montant nominal", "montant origine", "total ttc facture", "valeur nominale", "mt initial", "fact ttc", "bedrag factuur", "bruto fact", "factuurwaarde", "incl btw",
            "bedrag inclusief btw", "rg brutto", "brutto rg", "rechnungswert", "belegwert", "originalbetrag", "rechnungsendbetrag", "inv gross", "orig inv amt", "original invoice amount", "invoice gross", "billed amt", "amount per invoice", "invoice face value",
            "face value", "full amount", "amount billed", "billed", "invoiced amount", "value invoiced", "original value", "claimed value", "montant facture ttc", "facture ttc", "gefactureerd", "gefactureerd bedrag", "forderung", "berechnet", "fakturiert",
            "gross", "gross amount", "gross amt", "gross value", "invoice amount", "invoice amt", "invoice value", "invoice total", "inv amount", "inv amt",
            "inv total", "inv value", "original amount", "original amt", "orig amount", "orig amt", "document amount", "doc amount", "doc amt", "amount due",
            "amt due", "invoiced", "amount invoiced", "bill amount", "billed amount", "amount before discount", "gross invoice amount", "gross invoice",
            "total invoice", "face amount", "item amount", "open amount", "amount open", "brut", "brut ttc", "montant brut", "montant brut ttc", "mt brut",
            "mnt brut", "montant facture", "montant de la facture", "mt facture", "montant ttc", "ttc", "montant initial", "montant d origine", "montant du",
            "total facture", "valeur facture", "montant piece", "montant document", "brutobedrag", "bruto bedrag", "bruto", "bruto factuurbedrag",
            "factuurbedrag", "factuur bedrag", "fact bedrag", "oorspronkelijk bedrag", "factuurtotaal", "documentbedrag", "bedrag incl btw", "bedrag bruto",
            "origineel bedrag", "brutobetrag", "brutto betrag", "brutto", "bruttobetrag", "rechnungsbetrag", "rechnungs betrag", "rg betrag", "rgbetrag",
            "rech betrag", "re betrag", "belegbetrag", "beleg betrag", "ursprungsbetrag", "forderungsbetrag", "rechnungsbetrag brutto", "betrag brutto",
            "fakturabetrag", "rechnungssumme", "offener betrag",
        ],
    ),
    (
        ColumnRole::Discount,
        &[
            "kb", "k b", "settlement", "prompt pymt", "prompt pay", "prompt pmt", "early pay", "early payment", "early settlement", "cash dis", "disc allowed",
            "disc amt taken", "terms taken", "terms allowance", "csh disc", "pay disc", "pymt disc", "pmt disc", "ppa", "remise regl", "remise reglement", "remise sur reglement", "remise comptant", "escpte", "escpt", "escompte regl", "esc regl", "escompte obtenu", "remise pour paiement comptant", "escompte accorde", "korting bet", "korting betaling", "krediet bep", "kred bep", "kb korting", "bet kort",
            "betaalkort", "vroegbetaalkorting", "skontobetr", "skontowert", "sko", "skt", "kassaskonto", "nachlass", "zahlungsnachl", "barskonto",
            "skonto eur", "skontonachlass",
            "rebate", "prompt payment", "ristourne", "rabais", "snelbetalerskorting", "rabatt", "zahlungsnachlass",
            "discount", "disc", "discount amount", "discount amt", "disc amount", "disc amt", "discount taken", "disc taken", "disct", "cash discount",
            "terms", "terms amt", "zahlungsrabatt", "zahlungsrabatte", "cash disc", "cash discount taken", "terms discount", "terms disc", "prompt payment discount", "prompt pay discount", "ppd",
            "settlement discount", "settlement disc", "early payment discount", "early pay discount", "payment discount", "less discount", "trade discount",
            "escompte", "esc", "escompte pris", "escompte deduit", "montant escompte", "esc compte", "mt escompte", "remise paiement anticipe", "remise",
            "korting", "kort", "kortingen", "kortingsbedrag", "betalingskorting", "bet korting", "betaalkorting", "korting contant", "contantkorting",
            "kredietbeperking", "kredietbep", "kredietbeperkingstoeslag", "skonto", "skto", "skontobetrag", "skonto betrag", "skontoabzug", "skonto abzug",
            "abzgl skonto", "sk", "skonti", "skonto in eur", "barzahlungsnachlass", "zahlungsabzug",
        ],
    ),
    (
        ColumnRole::Deduction,
        &[
            "dr", "debit eur", "soll eur",
            "underpaid", "under paid", "short payment", "short amt", "amt short", "shortfall", "not paid", "unpaid", "disallowed", "queried",
            "disputed", "amount disputed", "in dispute", "held", "withholding", "wthld", "dedn", "dedns", "dedctn", "deducs", "deductions taken", "ded taken", "charge backs", "chgbk", "chrgbk", "cb amount", "cb amt", "clm amt", "setoff", "set off", "less deductions", "penalty", "penalties",
            "non regle", "non paye", "mt retenu", "mt deduit", "mnt deduit", "ret", "reten", "deduc", "contestation", "montant conteste", "conteste",
            "retranche", "a deduire", "deductions appliquees", "penalites", "gekort", "kortingen en inhoudingen", "niet betaald", "betwist",
            "onbetaald", "ingeh", "inh", "afgehouden", "in mindering gebracht", "verminderd", "minder betaald", "abgezogen", "nicht bezahlt",
            "strittig", "einbeh", "abz", "kurz", "gekurzter betrag", "abgezogener betrag", "rechnungskurzung", "rechnungsabzug", "minderzahlung",
            "unterzahlung", "abzugl", "abzgl",
            "held back", "retained", "taken off", "retenu", "prelevement", "afgetrokken", "einbehaltener betrag", "verrechnet",
            "deduction", "deductions", "deduction amount", "deduct", "deducted", "amount deducted", "ded", "ded amount", "ded amt", "adjustment",
            "adjustments", "adjustment amount", "adj", "adj amount", "adj amt", "adjust", "allowance", "allowances", "chargeback", "chargebacks",
            "chargeback amount", "charge back", "claim amount", "claims", "less", "other deductions", "other adj", "withheld", "amount withheld",
            "short paid", "short pay", "shortage amount", "debit", "debits", "debit amount", "difference", "variance", "offset", "retenue", "retenues",
            "montant retenue", "montant retenu", "deductions diverses", "montant deduit", "montant deduction", "deduit", "ajustement", "ajustements",
            "regularisation", "reduction", "ecart", "deduction s", "minoration", "abattement", "imputation", "debit montant", "inhouding", "inhoudingen",
            "ingehouden", "ingehouden bedrag", "inhouding bedrag", "aftrek", "aftrekbedrag", "in mindering", "mindering", "correctie", "correctiebedrag",
            "verrekening", "verschil", "verrekend", "afhouding", "vermindering", "overige kortingen", "debet", "abzug", "abzuge", "abzugsbetrag", "kurzung",
            "kurzungen", "gekurzt", "einbehalt", "einbehalten", "abweichung", "minderung", "belastung", "belastungen", "belastungsbetrag",
            "sonstige abzuge", "differenz", "korrektur", "korrekturbetrag", "verrechnung", "ruckbelastung", "soll",
        ],
    ),
    (
        ColumnRole::Net,
        &[
            "cr", "credit", "credits", "credit amount", "haben",
            "amt remitted", "remit amt", "amt remit", "amount remit", "chk amt", "chk amount", "check amt", "cheque amt", "cash", "cash paid", "cash amount", "settlement amount", "eft amount", "ach amount", "bacs amount", "total paid to you", "mt verse", "mt vire", "mnt vire", "somme reglee", "somme versee", "mt paye", "mnt paye", "net regl", "net decaisse", "acquitte", "overgeschreven", "gestort", "door ons betaald",
            "netto overgemaakt", "bet bedrag", "zahlg", "zahlungsbetr", "zahlbetr", "uberw betrag", "uberwiesener betrag", "netto zahlbetrag",
            "anweisung", "angewiesen", "reguliert", "regulierungsbetrag",
            "we paid", "transferred", "amount transferred", "net vire", "regle net", "overgemaakt bedrag", "uberwiesen", "ausgleich", "ausbezahlt",
            "net", "net amount", "net amt", "net paid", "net payment", "net value", "net pay", "paid", "amount paid", "amt paid", "paid amount", "paid amt",
            "payment", "payment amount", "payment amt", "pay amount", "pmt amount", "pmt amt", "payment value", "amount remitted", "remitted",
            "remitted amount", "remittance amount", "settled", "settled amount", "amount settled", "total paid", "check amount", "cheque amount",
            "net remitted", "applied", "applied amount", "amount applied", "net total", "net due", "net payable", "net paye", "net a payer", "net regle",
            "net verse", "regle", "montant regle", "montant paye", "paye", "montant verse", "mt regle", "mnt regle", "montant net", "mt net", "mnt net",
            "reglement", "montant reglement", "montant du reglement", "montant paiement", "paiement", "versement", "vire", "montant vire", "verse",
            "solde paye", "nettobedrag", "netto bedrag", "netto", "netto betaald", "betaald", "betaald bedrag", "betaalbedrag", "betaling", "betalingsbedrag",
            "voldaan", "uitbetaald", "uitbetaald bedrag", "te betalen", "netto te betalen", "overgemaakt", "bedrag betaald", "bedrag netto",
            "netto uitbetaald", "zahlbetrag", "zahl betrag", "zahlungsbetrag", "zahlung", "gezahlt", "bezahlt", "gezahlter betrag", "bezahlter betrag",
            "nettobetrag", "netto betrag", "netto zahlung", "auszahlung", "auszahlungsbetrag", "uberweisungsbetrag", "uberweisung", "betrag netto",
            "zahlbetrag netto", "ausgleichsbetrag", "beglichen", "beglichener betrag", "ausgezahlt", "zahlung netto", "gesamtbetrag",
        ],
    ),
    (
        ColumnRole::Amount,
        &[
            "amount", "amt", "value", "total", "sum", "total amount", "amount eur", "amount usd", "amount gbp", "montant", "mnt", "mt", "montants", "somme",
            "valeur", "total ttc", "bedrag", "bedragen", "waarde", "totaal", "totaalbedrag", "betrag", "betrage", "wert", "summe", "gesamt",
        ],
    ),
    (
        ColumnRole::Code,
        &[
            "code", "cd", "reason code", "reason cd", "rsn code", "rsn cd", "rc", "ded code", "deduction code", "adj code", "adjustment code",
            "adj reason code", "chargeback code", "claim code", "type code", "rsn", "r c", "reason id", "disc code", "code motif", "code raison",
            "code deduction", "code retenue", "motif code", "redencode", "reden code", "code reden", "redenscode", "rdn", "kortingscode", "inhoudingscode",
            "grund", "grundcode", "grund code", "kz", "kennz", "kennzeichen", "abzugscode", "abzugsgrund code", "grundschlussel", "schlussel", "ursachencode",
            "abweichungscode", "code grund", "kzl", "gc",
        ],
    ),
    (
        ColumnRole::Text,
        &[
            "cause", "causes", "cause de la retenue", "cause retenue", "bijzonderheden", "reason for short payment", "reason withheld", "why withheld",
            "reason not paid", "query", "query reason", "comment code text", "nature retenue", "nature de la retenue", "motif retenue", "motif de la retenue", "motif ecart", "motif du litige", "justification", "precisions", "precision", "detail retenue", "explications", "oorzaak", "reden korting", "reden verschil", "uitleg", "aanleiding", "motivatie", "nadere omschrijving", "grund der kurzung", "grund des abzugs",
            "einbehaltungsgrund", "ursache", "anlass", "erklarung", "grund fur abzug", "warum", "grund abzug", "grund kurzung",
            "why", "because", "grounds", "waarom", "hinweise",
            "reason", "reason text", "description", "desc", "descr", "explanation", "comment", "comments", "remark", "remarks", "note", "notes", "memo",
            "text", "details", "detail", "narrative", "message", "reason for deduction", "deduction reason", "reason description", "adjustment reason",
            "adj reason", "explanation of deduction", "particulars", "line text", "information", "motif", "motifs", "libelle", "lib", "designation",
            "commentaire", "commentaires", "observation", "observations", "remarque", "remarques", "raison", "objet", "motif de la deduction",
            "motif de retenue", "motif deduction", "nature", "texte", "explication", "libelle motif", "reden", "redenen", "omschrijving", "omschr",
            "toelichting", "opmerking", "opmerkingen", "mededeling", "tekst", "beschrijving", "reden inhouding", "reden aftrek", "verklaring", "specificatie",
            "bemerkung", "bemerkungen", "beschreibung", "bezeichnung", "verwendungszweck", "erlauterung", "buchungstext", "positionstext", "abzugsgrund",
            "kurzungsgrund", "begrundung", "hinweis", "anmerkung", "zusatztext", "grundtext", "notiz", "info", "abweichungsgrund", "vermerk", "betreff",
        ],
    ),
    (
        ColumnRole::DebitNote,
        &[
            "debit note", "debit note no", "debit note number", "debit note ref", "debit memo", "debit memo no", "debit memo number", "dn", "dn no", "dm no",
            "claim", "claim no", "claim number", "claim ref", "claim id", "claim reference", "chargeback no", "chargeback number", "chargeback ref",
            "deduction no", "deduction number", "deduction ref", "deduction id", "cb no", "dispute no", "our reference", "our ref", "our claim",
            "note de debit", "no note de debit", "note debit", "no debit", "no litige", "litige", "no de litige", "no reclamation", "reclamation",
            "ref litige", "ref debit", "debetnota", "debetnotanr", "debetnotanummer", "debetnota nr", "claimnr", "claimnummer", "claim nr", "onze referentie",
            "onze ref", "debitnota", "belastungsanzeige", "belastungsnr", "belastungs nr", "belastung nr", "belastungsanzeige nr", "belastungsnummer",
            "lastschriftnr", "reklamation", "reklamationsnr", "reklamations nr", "reklamationsnummer", "abzugsnr", "abzugsbeleg", "unsere referenz",
            "unser zeichen", "lastschrift nr", "rkl nr",
        ],
    ),
    (
        ColumnRole::DocumentType,
        &[
            "s h", "sh", "s h kz", "s h kennz", "s h kennzeichen", "sh kz", "soll haben", "sollhaben", "soll haben kennzeichen", "d c", "dc kz", "dr cr", "drcr", "cr dr", "debit credit", "c d", "db cr", "sens", "sens d c", "d c indicator", "dc indicator", "debit credit indicator", "debet credit", "d c code", "bvtype", "posting key", "buchungsschlussel",
            "type", "doc type", "document type", "item type", "transaction type", "trans type", "tran type", "typ", "type doc", "type piece", "type de piece",
            "type document", "type de document", "nature piece", "soort", "soort document", "soort stuk", "nature document", "nature du document", "documentsoort", "documenttype", "doc soort", "type boeking", "belegart", "art",
            "dokumentart", "vorgangsart", "bart", "dt", "ba",
        ],
    ),
    (
        ColumnRole::Currency,
        &["currency", "curr", "cur", "ccy", "devise", "dev", "monnaie", "valuta", "munt", "munteenheid", "wahrung", "whrg", "wrg", "waehrung"],
    ),
    (
        ColumnRole::Tax,
        &[
            "tax", "vat", "vat amount", "tax amount", "sales tax", "tva", "montant tva", "mt tva", "btw", "btw bedrag", "mwst", "ust", "mehrwertsteuer",
            "steuer", "umsatzsteuer", "steuerbetrag", "mwst betrag", "gst",
        ],
    ),
    (
        ColumnRole::DueDate,
        &[
            "due date", "due", "net due date", "maturity", "date echeance", "echeance", "date d echeance", "vervaldatum", "vervaldag", "verv datum", "fallig",
            "falligkeit", "falligkeitsdatum", "fallig am", "falligkeitstag",
        ],
    ),
    (
        ColumnRole::Balance,
        &[
            "running balance", "running total", "cumulative", "cumul", "cumule", "solde progressif", "solde cumule", "lopend saldo", "cumulatief",
            "laufender saldo", "saldo kumuliert", "kumuliert",
            "balance", "remaining", "outstanding", "open balance", "balance due", "remaining balance", "solde", "reste a payer", "reste du", "solde restant",
            "saldo", "openstaand", "restant", "restbedrag", "rest", "restbetrag", "offen", "offener rest", "restsaldo",
        ],
    ),
    (
        ColumnRole::LineNumber,
        &[
            "line", "line no", "no", "item", "item no", "pos", "position", "seq", "sequence", "row", "ligne", "no ligne", "regel", "regelnr", "nr", "lfd nr",
            "zeile", "volgnr", "rang", "positionsnr",
        ],
    ),
    (ColumnRole::Percent, &["%", "percent", "disc %", "discount %", "rate", "taux", "pct", "prozent", "skonto %", "korting %", "escompte %"]),
    (ColumnRole::Quantity, &["quantity", "qty", "quantite", "qte", "aantal", "menge", "anzahl", "cases", "units"]),
    (
        ColumnRole::Article,
        &[
            "article", "article no", "item code", "item number", "sku", "product", "product code", "material", "part no", "upc", "gtin", "ean",
            "code article", "ref article", "produit", "artikel", "artikelnr", "artikel nr", "artikelnummer", "art nr", "artnr", "art no", "materialnr",
            "material nr",
        ],
    ),
    (
        ColumnRole::TheirReference,
        &[
            "wire transfer", "bank transfer", "voucher", "voucher no", "voucher number", "vchr", "vchr no", "our document", "our document no", "our doc", "our doc no", "internal no",
            "internal reference", "clearing document", "clearing doc", "journal no", "posting no", "batch", "batch no", "no interne", "notre reference",
            "notre ref", "n ref", "nos references", "no comptable", "ecriture", "ons nummer", "intern nr", "intern nummer", "onze boeking", "boekingsnr",
            "boekingsnummer", "unser beleg", "unsere belegnr", "interne belegnr", "interne nr", "buchungsnr", "buchungsnummer", "ausgleichsbeleg",
            "unsere nr", "vorgangsnr", "our no", "ons kenmerk",
        ],
    ),
];

#[rustfmt::skip]
pub(super) const HEADERS: &[(HeaderField, &[&str])] = &[
    (
        HeaderField::PaymentReference,
        &[
            "communication", "mededeling", "referte", "betalingsdocument", "betaaldocument", "betalingsdocument nr", "zahlungsdokument", "piece de reglement", "document de paiement", "piece no", "remit no", "eft no", "wire no", "voucher no of payment",
            "paiement", "reglement", "zahlung", "uberweisung",
            "voucher", "voucher no", "batch", "batch no", "batch ref", "trace", "transfer id", "transfer", "remittance", "boekstuk", "boekstuknr",
            "boekstuknummer", "opdracht", "opdrachtnr", "wire", "bacs", "trace id", "document de paiement", "bordereau", "bordereau no", "no bordereau",
            "no de bordereau", "no d operation", "sepa reference", "end to end id", "referentie betaling", "zahlungs id", "sammelbeleg", "trans id",
            "settlement ref", "abrechnung", "abrechnung nr", "abrechnungsnummer", "sendungsreferenz",
            "payment no", "payment number", "payment ref", "payment reference", "payment id", "payment nbr", "payment document", "payment doc no", "payment",
            "remittance no", "remittance number", "remittance ref", "remittance reference", "remittance id", "remittance advice no",
            "remittance advice number", "advice no", "advice number", "check no", "check number", "check", "cheque no", "cheque number", "cheque", "eft no",
            "eft number", "eft reference", "eft ref", "eft trace", "ach trace", "ach reference", "ach number", "ach trace number", "trace no", "trace number",
            "bacs reference", "bacs ref", "bacs no", "wire reference", "wire no", "transfer no", "transfer number", "transfer reference", "transaction id",
            "settlement no", "transaction reference", "bank reference", "bank ref", "reference", "our reference", "our ref", "reference no",
            "reference number", "ref", "run no", "payment run", "check eft no", "check eft number", "no de virement", "no virement", "numero de virement",
            "virement no", "virement", "reference virement", "ref virement", "reference de virement", "reference du virement", "no de paiement",
            "no paiement", "numero de paiement", "paiement no", "reference paiement", "reference de paiement", "reference du paiement", "ref paiement",
            "no reglement", "no de reglement", "numero de reglement", "reference reglement", "reference du reglement", "ref reglement",
            "reference de reglement", "no avis", "no d avis", "numero d avis", "avis no", "no cheque", "no de cheque", "no lcr", "notre reference",
            "notre ref", "n ref", "nos references", "betalingsnr", "betalings nr", "betalingsnummer", "betaling nr", "betaling", "betaalnummer", "betaalnr",
            "betalingskenmerk", "betaalkenmerk", "kenmerk", "ons kenmerk", "betalingsreferentie", "betaalreferentie", "referentie", "betaalopdracht",
            "betalingsopdracht", "overschrijving", "overschrijvingsnr", "adviesnr", "adviesnummer", "advies nr", "betaalrun", "betaaladvies nr",
            "specificatienr", "avis nr", "avisnr", "avisnummer", "avis nummer", "avis", "zahlungsavis nr", "zahlungsavis", "zahlungsnr", "zahlungs nr",
            "zahlungsnummer", "zahlung nr", "zahlungsreferenz", "zahlungsbeleg", "zahlbeleg", "zahlungsbelegnr", "zahlungsbelegnummer", "belegnummer",
            "beleg nr", "belegnr", "referenz", "referenznr", "referenznummer", "unsere referenz", "unser zeichen", "uberweisungsnr", "uberweisungsnummer",
            "uberweisung nr", "schecknr", "scheck nr", "schecknummer", "zahllauf", "zahlungslauf", "ausgleichsbeleg",
        ],
    ),
    (
        HeaderField::PaymentDate,
        &[
            "run", "ausfuhrung", "execution", "uitvoering", "betaald", "date val", "date val",
            "date credited", "credit date", "funds available", "funds will clear on", "clears on", "clearing date", "transmitted", "transmitted on",
            "date sent", "sent on", "processed", "processed on", "processing date", "run date", "date de traitement", "execute le", "credite le", "verse le", "date d envoi du virement", "reglement du", "virement du", "paiement du", "uitgevoerd op", "verwerkt op", "overgemaakt op",
            "verwerkingsdatum", "bijgeschreven op", "overschrijvingsdatum", "uberwiesen am", "uberweisung vom", "ausgefuhrt am", "ausfuhrung am",
            "angewiesen am", "buchungstag", "gutgeschrieben am", "bezahlt am", "per valuta", "valuta per", "valuta vom", "zahllauf vom", "zahlungslauf vom", "wertstellung am", "wertstellung zum",
            "bank date", "eft date", "ach date", "wire date", "bacs date", "remit date", "deposit date", "draft date", "payment date", "date paid", "paid on", "pay date", "date of payment", "remittance date", "check date", "cheque date", "eft date",
            "settlement date", "value date", "transfer date", "ach date", "deposit date", "effective date", "date de paiement", "date paiement",
            "date du paiement", "date de reglement", "date reglement", "date du reglement", "regle le", "paye le", "date de virement", "date virement",
            "date du virement", "date de valeur", "date valeur", "date d execution", "vire le", "date d operation", "betaaldatum", "betalingsdatum",
            "datum betaling", "betaald op", "datum van betaling", "valutadatum", "uitvoeringsdatum", "datum overschrijving", "boekdatum", "zahlungsdatum",
            "zahldatum", "datum der zahlung", "zahlung vom", "valuta", "valutadatum", "wertstellung", "wertstellungsdatum", "uberweisungsdatum", "gezahlt am",
            "zahltag", "ausfuhrungsdatum", "ausfuhrungstag", "buchungsdatum", "zahlungstag", "scheckdatum", "wert",
        ],
    ),
    (
        HeaderField::TotalPaid,
        &[
            "you receive", "you will receive", "vous recevez", "vous recevrez", "u ontvangt", "u ontvangt van ons", "sie erhalten", "we have paid you", "we have sent you", "we have transferred", "we paid you", "we remit", "paid to you", "total remitted to you", "net remitted", "total credited", "amount credited", "credited to your account", "bacs total", "cheque value", "check value", "value of payment",
            "total transferred", "net payable to you", "amount of this payment", "net cash", "total of this remittance", "cash paid", "net check", "net cheque", "soit un virement de", "soit un virement", "soit un reglement de", "soit un cheque de", "soit net", "net a votre credit", "net vire", "net verse", "net regle", "montant credite", "somme versee", "nous vous versons", "nous vous virons", "nous vous reglons", "total net vire", "total net regle", "net du reglement", "net du virement", "montant net vire", "montant net du reglement", "overgemaakt",
            "uitbetaald", "te ontvangen", "te ontvangen bedrag", "wij maken over", "wij betalen u", "wij hebben overgemaakt", "totaal te ontvangen",
            "netto te ontvangen", "netto uitbetaald", "netto overgemaakt", "door ons betaald", "totaal overgeschreven", "overgeschreven bedrag", "wir uberweisen", "wir uberweisen ihnen", "wir zahlen", "wir zahlen ihnen", "wir haben uberwiesen", "uberwiesen", "ausgezahlt", "auszahlung",
            "netto uberwiesen", "summe uberweisung", "uberweisung gesamt", "zu ihren gunsten", "zahlbetrag eur", "gesamt uberwiesen",
            "anweisungsbetrag", "restzahlung",
            "total paid", "amount paid", "total payment", "payment amount", "payment total", "total amount paid", "total amount", "amount", "check amount",
            "cheque amount", "check total", "eft amount", "ach amount", "remittance amount", "remittance total", "total remittance", "total remitted",
            "net payment", "net amount", "net paid", "total net", "amount remitted", "transfer amount", "total net paid", "grand total", "total eft", "paid",
            "montant regle", "montant paye", "montant total regle", "montant total paye", "montant total", "total regle", "total paye", "total reglement",
            "total du reglement", "total paiement", "montant du paiement", "montant du reglement", "montant du virement", "montant virement", "montant vire",
            "montant paiement", "montant reglement", "total virement", "total vire", "net paye", "net a payer", "montant", "montant verse",
            "montant net regle", "totaal betaald", "betaald bedrag", "totaal betaling", "totaalbedrag", "totaal bedrag", "betaalbedrag", "betaal bedrag",
            "bedrag betaling", "bedrag betaald", "betalingsbedrag", "betaald totaal", "netto betaald", "totaal overgemaakt", "bedrag", "overgemaakt bedrag",
            "uitbetaald bedrag", "totaal uitbetaald", "zahlbetrag", "zahlungsbetrag", "gesamtbetrag", "gesamtzahlung", "zahlung gesamt", "gesamtzahlbetrag",
            "uberweisungsbetrag", "betrag", "summe zahlung", "gezahlter betrag", "uberwiesener betrag", "zahlungssumme", "auszahlungsbetrag",
            "uberweisungssumme", "betrag der zahlung", "scheckbetrag", "zahlbetrag gesamt", "zahlungsbetrag gesamt",
        ],
    ),
    (
        HeaderField::Payee,
        &[
            "payee", "pay to", "paid to", "vendor", "vendor name", "supplier", "supplier name", "beneficiary", "beneficiary name", "to", "remit to",
            "in favour of", "fournisseur", "nom fournisseur", "beneficiaire", "a l ordre de", "destinataire", "creancier", "nom du fournisseur",
            "leverancier", "naam leverancier", "begunstigde", "crediteur", "ontvanger", "t a v", "lieferant", "empfanger", "zahlungsempfanger",
            "begunstigter", "kreditor", "lieferantenname", "an",
        ],
    ),
    (
        HeaderField::Payer,
        &[
            "payer", "payer name", "paid by", "payor", "payor name", "customer", "customer name", "from", "remitter", "company", "buyer", "retailer",
            "issued by", "ordering party", "originator", "bill to", "payeur", "nom du payeur", "regle par", "paye par", "client", "nom client", "emetteur",
            "donneur d ordre", "societe", "debiteur", "enseigne", "de la part de", "betaler", "betaald door", "klant", "naam betaler", "afzender",
            "opdrachtgever", "debiteur", "bedrijf", "klantnaam", "zahler", "zahlender", "auftraggeber", "kunde", "absender", "zahlungspflichtiger", "debitor",
            "gezahlt von", "kundenname", "gesellschaft", "firma", "besteller", "aussteller", "emis par", "uitgegeven door", "issuer",
        ],
    ),
    (
        HeaderField::SupplierNumber,
        &[
            "vendor no", "vendor number", "vendor id", "vendor code", "vendor nbr", "vendor account", "supplier no", "supplier number", "supplier id",
            "supplier code", "supplier account", "account with us", "your account no", "no fournisseur", "code fournisseur", "numero fournisseur",
            "no de fournisseur", "compte fournisseur", "leveranciersnr", "leveranciersnummer", "leverancier nr", "leverancierscode", "crediteurnr",
            "crediteurnummer", "crediteur nr", "lieferantennr", "lieferanten nr", "lieferantennummer", "lieferant nr", "kreditorennr", "kreditoren nr",
            "kreditorennummer", "kreditor nr", "konto nr bei uns", "creditor no",
        ],
    ),
    (
        HeaderField::Account,
        &[
            "iban", "account", "account no", "account number", "bank account", "compte", "compte bancaire", "no de compte", "rekening", "rekeningnr",
            "rekeningnummer", "bankrekening", "konto", "kontonr", "konto nr", "kontonummer", "bankkonto", "bankverbindung", "rib",
        ],
    ),
    (HeaderField::Currency, &["currency", "curr", "ccy", "devise", "monnaie", "munt", "munteenheid", "wahrung", "whrg"]),
    (
        HeaderField::DocumentDate,
        &[
            "statement date", "as at", "as of", "stand", "stand per", "per datum", "date du releve", "arrete au", "situation au", "stand vom", "saldo per", "shipped on", "ship date", "date signed", "signed on", "signed at", "emarge le", "recu le", "receptionne le", "ontvangen op",
            "empfangen am", "ubernommen am", "lieferung am", "gutschriftsdatum", "creditdatum", "memo date", "d d", "vom",
            "date", "issue date", "issued", "document date", "date of issue", "dated", "date d emission", "date emission", "date du document", "emis le",
            "etabli le", "le", "datum", "documentdatum", "datum document", "opgemaakt op", "ausstellungsdatum", "belegdatum", "erstellt am", "dokumentdatum",
            "debit date", "debit note date", "claim date", "delivery date", "date de livraison", "leverdatum", "lieferdatum", "date livraison",
            "date delivered", "delivered on", "livre le", "geleverd op", "geliefert am", "afleverdatum", "agreement date", "date accord", "notice date",
        ],
    ),
    (
        HeaderField::DocumentNumber,
        &[
            "memo no", "memo number", "memo", "note no", "penalty no", "penalty invoice no", "charge no", "return no", "lot no", "pod", "cmr no",
            "consignment no", "consignment note no", "waybill no", "docket no", "docket", "load no", "delivery receipt no", "no de note", "no de penalite", "recepisse no", "no recepisse", "dossier no", "dossier", "afleverbewijs nr", "afleverbewijs", "ritnummer", "rit nr", "dossiernr",
            "dossiernummer", "abliefernachweis nr", "ablieferbeleg nr", "beleg", "vorgang nr", "vorgangsnr", "vorgangsnummer", "reklamationsnr", "tour nr", "tournummer", "confirmation no", "programme no", "program no", "promotion no", "offre no", "promo no",
            "no", "nr", "number", "document no", "document number", "document", "documentnr", "documentnummer", "document nr", "debit note no", "debit note number", "debit note", "debit memo",
            "debit memo no", "debit memo number", "chargeback no", "chargeback number", "claim no", "claim number", "claim ref", "claim reference", "claim",
            "credit memo", "credit memo no", "credit memo number", "credit note no", "credit note", "credit note number", "deal no", "deal number", "deal",
            "agreement no", "agreement number", "agreement", "agreement id", "contract no", "contract number", "statement no", "pod no", "pod number",
            "bill of lading no", "bill of lading number", "bill of lading", "bol no", "bol number", "bol", "b l no", "pro number", "shipment no", "shipment",
            "shipment number", "no note de debit", "note de debit no", "note de debit", "numero", "no document", "no avoir", "avoir no", "avoir",
            "numero d avoir", "no d avoir", "no accord", "accord no", "accord", "no d accord", "no operation", "lettre de voiture", "no lettre de voiture",
            "no cmr", "no litige", "expedition", "no expedition", "debetnota", "debetnotanr", "debetnotanummer", "debetnota nr", "debetnota nummer", "nummer",
            "creditnota", "creditnotanr", "creditnota nr", "creditnotanummer", "overeenkomst", "overeenkomstnr", "overeenkomst nr", "contractnr",
            "contract nr", "actienr", "actienummer", "actie nr", "vrachtbrief", "vrachtbriefnr", "vrachtbriefnummer", "vrachtbrief nr", "zending",
            "zendingnr", "cmr nr", "cmr", "belastungsanzeige", "belastungsanzeige nr", "belastungsnr", "belastungs nr", "belastung nr", "belastungsnummer",
            "gutschrift", "gutschrift nr", "gutschriftsnr", "gutschriftnr", "gutschriftsnummer", "gutschriftnummer", "vereinbarung", "vereinbarung nr",
            "vereinbarungsnr", "vereinbarungsnummer", "aktionsnr", "aktions nr", "aktionsnummer", "aktion nr", "vertragsnr", "frachtbrief", "frachtbrief nr",
            "frachtbriefnr", "frachtbriefnummer", "sendung", "sendungsnr", "sendungsnummer", "sendung nr", "ladeliste", "dokument nr", "dokumentnr",
            "reklamation nr",
        ],
    ),
    (
        HeaderField::InvoiceNumber,
        &[
            "customer invoice", "supplier invoice", "vendor invoice", "sales invoice", "invoices", "ref invoice", "for invoice", "invoice ref no",
            "factures", "pour facture", "sur facture", "concerne facture", "votre facture no", "voor factuur", "bij factuur", "op factuur", "facturen",
            "verkoopfactuur", "fur rechnung", "betrifft rechnung", "aus rechnung", "rechnungen", "rg", "zur rechnung", "rechnungs nummer", "faktura",
            "faktura nr", "lieferantenrechnung",
            "invoice", "invoice no", "invoice number", "invoice ref", "our invoice", "your invoice", "your invoice no", "inv no", "inv", "re invoice",
            "related invoice", "original invoice", "on invoice", "facture", "facture no", "no facture", "no de facture", "numero de facture", "votre facture",
            "ref facture", "facture concernee", "facture d origine", "factuur", "factuurnr", "factuurnummer", "factuur nr", "uw factuur", "uw factuurnr",
            "betreft factuur", "oorspronkelijke factuur", "fact nr", "rechnung", "rechnungsnr", "rechnungs nr", "rechnungsnummer", "rechnung nr",
            "ihre rechnung", "rg nr", "re nr", "zu rechnung", "ursprungsrechnung", "bezug rechnung", "rechnungsbezug", "urspr rechnung", "ihre rechnung nr",
        ],
    ),
    (
        HeaderField::PurchaseOrder,
        &[
            "po", "p o", "po no", "po number", "purchase order", "purchase order no", "purchase order number", "order", "order no", "order number",
            "customer po", "your order", "our order", "commande", "no commande", "no de commande", "numero de commande", "bon de commande", "commande no",
            "cde", "no cde", "votre commande", "inkooporder", "inkoopordernr", "inkoopordernummer", "bestelling", "bestelnr", "bestelnummer", "ordernr",
            "ordernummer", "order nr", "uw order", "bestelbon", "bestellung", "bestellnr", "bestell nr", "bestellnummer", "bestellung nr", "auftrag",
            "auftragsnr", "auftrag nr", "auftragsnummer", "auftrags nr", "ihre bestellung",
        ],
    ),
    (
        HeaderField::TaxNumber,
        &[
            "vat", "vat no", "vat number", "vat id", "vat reg no", "tax id", "tax number", "ein", "federal tax id", "gln", "tva", "no tva", "n tva",
            "tva intracommunautaire", "siret", "siren", "btw", "btw nr", "btwnr", "btw nummer", "btw id", "kvk", "kvk nr", "ust id", "ust idnr", "ust id nr",
            "ustid", "steuernummer", "steuer nr", "mwst nr", "uid", "hrb",
        ],
    ),
    (
        HeaderField::Code,
        &[
            "code", "reason code", "reason cd", "deduction code", "chargeback code", "claim code", "code motif", "code raison", "redencode", "reden code",
            "redenscode", "code reden", "grundcode", "grund code", "abzugscode", "grundschlussel", "kennzeichen", "motif code", "kz",
        ],
    ),
    (
        HeaderField::Reason,
        &[
            "reason", "reason for debit", "reason for deduction", "reason for claim", "reason for chargeback", "description", "details", "explanation",
            "comment", "comments", "subject", "re", "motif", "motif du debit", "motif de la deduction", "raison", "libelle", "objet", "description du litige",
            "commentaire", "reden", "reden van inhouding", "reden debitering", "omschrijving", "toelichting", "betreft", "onderwerp", "grund",
            "grund der belastung", "begrundung", "belastungsgrund", "abzugsgrund", "bemerkung", "betreff", "beschreibung", "text", "verwendungszweck",
            "claim reason", "claim description", "claim type", "deduction reason", "nature",
        ],
    ),
    (
        HeaderField::Amount,
        &[
            "amount to be deducted", "to be deducted", "amount payable by supplier", "payable by supplier", "total to be deducted", "amount of claim", "amount charged back", "charge", "total charge", "te verrekenen", "wordt verrekend", "wir kurzen", "kurzungsbetrag", "zu kurzen", "a deduire", "montant de la penalite", "total penalites", "gesamtkurzung",
            "claim amount", "amount claimed", "debit amount", "deduction amount", "amount deducted", "chargeback amount", "total claim", "total claimed",
            "total debit", "credit amount", "total credit", "montant du debit", "montant debite", "montant reclame", "montant deduit", "montant de l avoir",
            "total avoir", "total debite", "montant a deduire", "te debiteren", "debetbedrag", "gedebiteerd bedrag", "claimbedrag", "creditbedrag",
            "ingehouden bedrag", "belastungsbetrag", "belasteter betrag", "abzugsbetrag", "gutschriftsbetrag", "gutschriftbetrag", "forderungsbetrag",
            "amount due", "total due", "balance due", "totaal claim", "totaal debet", "belastung gesamt", "summe belastung", "totaal te verrekenen",
        ],
    ),
    (
        HeaderField::Total,
        &[
            "total", "totaal", "summe", "gesamt", "gesamtsumme", "endbetrag", "eindtotaal", "total general", "total ttc", "total incl vat", "totaal incl btw",
            "gesamt inkl mwst", "total inc vat", "invoice total", "factuurtotaal", "rechnungsbetrag", "montant ttc", "total document", "subtotal",
        ],
    ),
    (
        HeaderField::DeliveryNote,
        &[
            "delivery note", "delivery note no", "delivery no", "delivery number", "delivery", "packing slip", "dispatch note", "despatch note",
            "bon de livraison", "bon de livraison no", "no bl", "bl", "no bon de livraison", "bl no", "no de bl", "livraison no", "pakbon", "pakbonnr",
            "leveringsbon", "leverbon", "afleverbon", "pakbonnummer", "levering", "leveringsnr", "lieferschein", "lieferschein nr", "lieferscheinnr",
            "lieferscheinnummer", "ls nr", "lieferung", "lieferung nr", "liefernr", "liefernummer",
        ],
    ),
    (
        HeaderField::DeliveredTo,
        &[
            "delivered to", "deliver to", "ship to", "consignee", "delivery address", "receiver", "received by", "livre a",
            "adresse de livraison", "lieu de livraison", "geleverd aan", "afleveradres", "leveradres", "geliefert an", "lieferadresse",
            "warenempfanger", "lieferanschrift",
        ],
    ),
    (HeaderField::Page, &["page", "page no", "pagina", "seite", "blatt", "blad", "feuille", "pg", "sheet"]),
];

/// Words that begin the row of a grand total.
#[rustfmt::skip]
pub const TOTALS: &[&str] = &[
    "total", "totals", "grand total", "total paid", "total payment", "total amount", "net total", "sum", "total net", "total remittance", "payment total",
    "check total", "cheque total", "report total", "document total", "amount paid", "total general", "totaux", "total regle", "total paye", "total du",
    "total reglement", "montant total", "somme", "net a payer", "totaal", "eindtotaal", "totaalbedrag", "totaal betaald", "totaal generaal", "totalen",
    "generaal totaal", "summe", "gesamt", "gesamtsumme", "gesamtbetrag", "endsumme", "endbetrag", "gesamtzahlung", "total zahlung", "zahlbetrag",
    "zahlungsbetrag", "summen", "summe gesamt", "gesamttotal", "zahlbetrag gesamt", "uberweisungsbetrag",
];

/// Words that begin the row of a sum of a part: a page, a store, a month.
#[rustfmt::skip]
pub const SUBTOTALS: &[&str] = &[
    "subtotal", "sub total", "page total", "total page", "total this page", "store total", "total for", "total store", "sous total", "total magasin",
    "total de la page", "subtotaal", "sub totaal", "tussentotaal", "totaal filiaal", "totaal pagina", "paginatotaal", "zwischensumme", "teilsumme",
    "seitensumme", "summe filiale", "summe markt", "summe seite", "zwischentotal", "seitentotal",
];

/// Words that begin a row which repeats a sum of another page.
#[rustfmt::skip]
pub const CARRIED_FORWARD: &[&str] = &[
    "carried forward", "brought forward", "carry forward", "carried over", "brought over", "carry over", "balance carried over", "carried to", "carried from", "brought from", "balance forward", "balance brought forward", "balance carried forward", "continued", "cont d",
    "total carried forward", "total brought forward", "c f", "b f", "report", "a reporter", "report a nouveau", "reporte", "total a reporter", "suite",
    "report page", "report de la page", "transport", "overdracht", "over te brengen", "overgebracht", "transporteren", "transport naar", "overbrengen",
    "te transporteren", "vervolg", "ubertrag", "uebertrag", "zwischenubertrag", "ubertrag von", "ubertrag auf", "vortrag", "fortsetzung",
];

/// Words by which a document says that it replaces an earlier one.
#[rustfmt::skip]
pub const CORRECTED: &[&str] = &[
    "corrected", "correction", "replaces", "replacement", "supersedes", "superseding", "amended", "revised", "revision", "reissued", "restated",
    "rectificatif", "rectificative", "rectifie", "rectifiee", "corrige", "corrigee", "annule et remplace", "remplace", "annulant et remplacant", "correctie",
    "gecorrigeerd", "gecorrigeerde", "vervangt", "vervangende", "herzien", "herziene", "verbeterd", "verbeterde", "korrektur", "korrigiert", "korrigierte",
    "korrigierter", "korrigiertes", "berichtigt", "berichtigte", "berichtigter", "berichtigtes", "berichtigung", "ersetzt", "korrekturavis", "neufassung",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{fold, kinds};

    #[test]
    fn every_phrase_is_written_as_labels_are_compared() {
        let tables = COLUMNS.iter().map(|(_, phrases)| *phrases).chain(HEADERS.iter().map(|(_, phrases)| *phrases));
        let tables =
            tables.chain(kinds::TITLES.iter().map(|(_, phrases)| *phrases)).chain([TOTALS, SUBTOTALS, CARRIED_FORWARD, CORRECTED, kinds::LETTER_WORDS]);
        let odd: Vec<&str> = tables.flatten().copied().filter(|phrase| fold(phrase) != *phrase).collect();
        assert!(odd.is_empty(), "they match no label: {odd:?}");
    }

    #[test]
    fn no_phrase_means_two_things() {
        let mut columns: Vec<(&str, ColumnRole)> = COLUMNS.iter().flat_map(|(role, phrases)| phrases.iter().map(|phrase| (*phrase, *role))).collect();
        columns.sort_unstable();
        columns.dedup();
        let twice: Vec<_> = columns.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
        assert!(twice.is_empty(), "{twice:?}");
        let mut headers: Vec<(&str, HeaderField)> = HEADERS.iter().flat_map(|(field, phrases)| phrases.iter().map(|phrase| (*phrase, *field))).collect();
        headers.sort_unstable();
        headers.dedup();
        let twice: Vec<_> = headers.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
