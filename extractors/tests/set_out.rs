//! Papers as payers set them out: one case for every habit of columns, sums and sentences.

use recoup_engine::numbering::{Numbering, series};
use recoup_engine::reading::Content;
use recoup_engine::remittance::RemittanceAdvice;
use recoup_extractors::{Hints, read};

/// The only advice of a text, read by a company that numbers its invoices `VF26…`.
fn advice(text: &str) -> RemittanceAdvice {
    let hints = Hints { numbering: Numbering::of_series(series("VF2671001")), ..Hints::default() };
    let Content::Advices(mut advices) = read(text.as_bytes(), &hints).reading.content else { panic!("no advice: {text}") };
    assert_eq!(advices.len(), 1, "{text}");
    advices.remove(0)
}

/// Number, gross, discount, what else was taken with its words, net, and the reason of the line.
fn shown(advice: &RemittanceAdvice) -> Vec<String> {
    let amount = |value: Option<rust_decimal::Decimal>| value.map_or_else(|| "-".to_owned(), |value| value.to_string());
    let lines = advice.lines.iter().map(|line| {
        let taken: Vec<String> = line.adjustments.iter().map(|taken| format!("{} {}", taken.amount, taken.text.as_deref().unwrap_or_default())).collect();
        let number = line.reference.clone().or_else(|| line.debit_note.clone()).unwrap_or_default();
        let words = line.text.as_deref().filter(|_| line.adjustments.is_empty()).unwrap_or_default();
        format!("{number} {} {} [{}] {} {words}", amount(line.gross), amount(line.discount), taken.join("; "), amount(line.net)).trim_end().to_owned()
    });
    lines.collect()
}

fn total(advice: &RemittanceAdvice) -> String {
    advice.total.map_or_else(String::new, |total| total.to_string())
}

#[test]
fn words_under_several_headings_keep_their_order() {
    let read = advice(
        "Harbour Foods Inc\nRemittance Advice 440187\nPayment Date 11/10/2026\n\n\
         Document    Inv Date    Supplier Inv         Gross   Disc Taken      Payment\n\
         330418      10/08/26    VF2671001         1,530.00                  1,530.00\n\
         330427      10/09/26    VF2671008         2,718.40                  2,718.40\n\
         330502      10/26/26    HB7741              54.37-                    54.37-\n\
        \u{20}           Remark: two cases damaged on the pallet\n\
         Total payment USD                                                  4,194.03\n",
    );
    assert_eq!(
        shown(&read),
        ["VF2671001 1530.00 - [] 1530.00", "VF2671008 2718.40 - [] 2718.40", "HB7741 -54.37 - [] -54.37 Remark: two cases damaged on the pallet"]
    );
}

#[test]
fn numbers_under_a_heading_that_is_not_known_are_no_part_of_the_next_column() {
    let read = advice(
        "Alpenmarkt AG\nZahlungsliste 26-0881\nValuta 12.11.2026\n\n\
         Lfd   Beleg         Belegdatum   Bezeichnung                  Bruttobetrag    Nettobetrag\n\
         1     VF2671001     02.11.26     Faktura                          2.115,00       2.115,00\n\
         2     AM-LK-3310    19.10.26     Lieferverzug Zentrallager          -63,45         -63,45\n\
         3     VF2671008     13.10.26     Faktura                          1.660,60       1.660,60\n\
         Zahlbetrag EUR                                                    3.712,15       3.712,15\n",
    );
    assert_eq!(
        shown(&read),
        ["VF2671001 2115.00 - [] 2115.00 Faktura", "AM-LK-3310 -63.45 - [] -63.45 Lieferverzug Zentrallager", "VF2671008 1660.60 - [] 1660.60 Faktura"]
    );
}

#[test]
fn a_sum_that_is_carried_or_turned_is_no_line() {
    let read = advice(
        "Oakfield Stores plc\nRemittance 5500418871\nValue date 13/11/2026\n\n\
         Your document   Document date   PO                    Amount GBP\n\
         VF2671001       14/09/2026      PO141465                  515.60\n\
         VF2671008       15/09/2026      PO141472                  587.95\n\
         Balance carried forward                                1,103.55\n\
         Your document   Document date   PO                    Amount GBP\n\
         Balance brought forward                                1,103.55\n\
         VF2671015       16/09/2026      PO141479                  660.30\n\
         Invoices                                               1,763.85\n\
         Debits deducted from this payment\n\
         OS/DN/408817    14/10/2026      SHORT DEL                  13.20\n\
         OS/PF/77120     28/10/2026      PROMO FUNDING              64.00\n\
         Debits                                                    -77.20\n\
         Net remittance                                         1,686.65\n",
    );
    assert_eq!(total(&read), "1686.65");
    assert_eq!(
        shown(&read)[3..],
        ["OS/DN/408817 - - [] -13.20 SHORT DEL".to_owned(), "OS/PF/77120 - - [] -64.00 PROMO FUNDING".to_owned()],
        "{:?}",
        shown(&read)
    );
}

#[test]
fn what_is_paid_may_stand_on_the_row_of_what_is_taken_off() {
    let read = advice(
        "Havelhandel mbH\nAbrechnung Nr. 88417\nvom 11.11.2026\n\n\
         Rechnung      Re.-Dat.     Vorgang                         Einzelbetrag     Auszahlung\n\
         VF2671001     02.10.26     Warenrechnung                         702,90         702,90\n\
         VF2671008     05.10.26     Warenrechnung                       1.015,35\n\
        \u{20}                          Mangel bei Anlieferung                31,20-         984,15\n\
         VF2671015     06.10.26     Warenrechnung                       1.119,50       1.119,50\n\
         Auszahlungsbetrag EUR                                                         2.806,55\n",
    );
    assert_eq!(total(&read), "2806.55");
    assert_eq!(shown(&read)[1], "VF2671008 1015.35 - [-31.20 Mangel bei Anlieferung] 984.15");
}

#[test]
fn a_sentence_with_an_amount_gives_a_reason_and_is_no_line() {
    let read = advice(
        "Maison Belcourt SARL\nRèglement VIR 2026/0418\nVirement de 2 442,80 € du 16/11/2026\n\n\
         Facture n°     du             Montant dû     Montant réglé\n\
         VF2671001      14/10/2026         722,00            722,00\n\
         VF2671008      16/10/2026       1 260,00          1 222,20\n\
         VF2671015      19/10/2026         498,60            498,60\n\
         Total                           2 480,60          2 442,80\n\n\
         Sur la facture VF2671008 nous avons retenu 37,80 € pour 3 colis arrivés écrasés.\n",
    );
    assert_eq!((total(&read), read.lines.len()), ("2442.80".to_owned(), 3));
    assert!(read.lines[1].text.as_deref().is_some_and(|reason| reason.contains("3 colis arrivés écrasés")), "{:?}", read.lines[1]);
}

#[test]
fn both_sides_of_a_french_account_make_the_transfer() {
    let read = advice(
        "Établissements Garonne SA\nAvis de virement du 12/11/2026, réf. RGT-2611-044\n\n\
         Pièce         Objet                              Doit (€)      Avoir (€)\n\
         NDF2210       Foire sur VF2671001                  102,40\n\
         VF2671001     Fact. du 12/10/2026                                5 120,00\n\
         VF2671008     Fact. du 13/10/2026                                  998,75\n\
         Totaux                                             102,40        6 118,75\n\
         Virement                                                         6 016,35\n",
    );
    assert_eq!(total(&read), "6016.35");
    assert_eq!(shown(&read)[0], "NDF2210 - - [] -102.40 Foire sur VF2671001");
}

#[test]
fn the_closing_row_of_an_export_is_its_total() {
    let read = advice(
        "Uitbetaling,Datum,Winkel,Type,Nummer,Factuur,Boekdatum,Bedrag,Omschrijving\n\
         7701882,2026-11-13,Markt Online B.V.,Factuur,VF2671001,VF2671001,2026-10-12,1502.60,\n\
         7701882,2026-11-13,Markt Online B.V.,Factuur,VF2671008,VF2671008,2026-10-13,930.00,\n\
         7701882,2026-11-13,Markt Online B.V.,Inhouding,MO-C-7718,VF2671008,2026-10-27,-18.60,Verkeerd artikel geleverd\n\
         7701882,2026-11-13,Markt Online B.V.,Uitbetaling,7701882,,2026-11-13,2414.00,Overgemaakt\n",
    );
    assert_eq!((total(&read).as_str(), read.reference.as_deref()), ("2414.00", Some("7701882")));
    assert_eq!(read.payment_date.map(|date| date.to_string()).as_deref(), Some("2026-11-13"));
    assert_eq!(shown(&read), ["VF2671001 - - [] 1502.60", "VF2671008 - - [] 930.00", "MO-C-7718 - - [] -18.60 Verkeerd artikel geleverd"]);
}

#[test]
fn an_invoice_that_pays_what_the_others_pay_is_no_closing_row() {
    let read = advice("Invoice;Gross;Net\nVF2671001;100.00;100.00\nVF2671008;100.00;100.00\nVF2671015;200.00;200.00\n");
    assert_eq!((read.lines.len(), total(&read).as_str()), (3, ""));
}

#[test]
fn the_side_of_a_row_and_its_total_may_stand_in_one_column() {
    let read = advice(
        "Versement;Date versement;Enseigne;Type;Pièce;Pièce liée;Date pièce;Montant (EUR);Sens;Commentaire\n\
         V-26-1844;15/11/2026;Place de Marché SAS;FACTURE;VF2671001;PO142648;15/10/2026;1244,00;C;\n\
         V-26-1844;15/11/2026;Place de Marché SAS;FACTURE;VF2671008;PO142655;16/10/2026;890,50;C;\n\
         V-26-1844;15/11/2026;Place de Marché SAS;RETENUE;PM-R-55410;VF2671001;26/10/2026;24,88;D;2 colis abîmés\n\
         V-26-1844;15/11/2026;Place de Marché SAS;RETENUE;PM-R-55490;;02/11/2026;40,00;D;avis manquant\n\
         V-26-1844;15/11/2026;Place de Marché SAS;VERSEMENT;V-26-1844;;15/11/2026;2069,62;T;Virement\n",
    );
    assert_eq!(total(&read), "2069.62");
    assert_eq!(read.lines.iter().map(|line| line.net.unwrap_or_default().to_string()).collect::<Vec<_>>(), ["1244.00", "890.50", "-24.88", "-40.00"]);
    assert_eq!(read.lines[2].invoice_named.as_deref(), Some("VF2671001"));
}

#[test]
fn a_column_may_hold_the_order_of_an_invoice_and_the_invoice_of_a_claim() {
    let read = advice(
        "Remit No,Remit Date,Remit Total,Customer,Doc Ref,Doc Date,DC,Value,Sett Disc,Their Ref,Remark\n\
         77104,16/11/2026,4053.80,Oakfield Ltd,VF2671001,05/10/2026,C,3120.00,0.00,PO141619,\n\
         77104,16/11/2026,4053.80,Oakfield Ltd,VF2671008,04/11/2026,C,1060.00,21.20,PO141633,\n\
         77104,16/11/2026,4053.80,Oakfield Ltd,OS55018,28/10/2026,D,62.40,0.00,VF2671001,2 cases short delivered\n\
         77104,16/11/2026,4053.80,Oakfield Ltd,OS55024,02/11/2026,D,42.60,0.00,,Gondola end\n",
    );
    assert_eq!(shown(&read)[1], "VF2671008 1060.00 21.20 [] 1038.80");
    assert_eq!(read.lines[2].invoice_named.as_deref(), Some("VF2671001"));
}

#[test]
fn a_cell_higher_than_its_row_belongs_to_the_row_in_its_middle() {
    let read = advice(
        "Iveragh Hardware Ltd\nRemittance Advice PMT-1188\nPosting date 11/11/2026\n\n\
         Our Doc.     Ext. Document   Original Amount   Discount    Amount Paid   Note\n\
         PPI-12045    VF2671001              1,650.00      33.00       1,617.00\n\
         \n\
         \u{20}                                                                        €44.22 withheld\n\
         PPI-12046    VF2671008              2,210.90                  2,166.68\n\
         \u{20}                                                                        re pallet deposit\n\
         \n\
         PPI-12047    VF2671015                877.50                    877.50\n\
         Total amount paid EUR                                         4,661.18\n",
    );
    assert_eq!(
        shown(&read),
        ["VF2671001 1650.00 33.00 [] 1617.00", "VF2671008 2210.90 - [] 2166.68 €44.22 withheld re pallet deposit", "VF2671015 877.50 - [] 877.50"]
    );
}

#[test]
fn beside_the_invoice_it_is_about_a_deduction_has_a_number_of_its_own() {
    let read = advice(
        "Brico-Rivage SA\nBordereau de règlement n° 2611-0418\nDate de règlement 13/11/2026\n\nFactures réglées\n\
         N° facture     Date facture    Montant TTC    Escompte      À payer\n\
         VF2671001      29/09/2026         2 650,00                 2 650,00\n\
         VF2671008      03/11/2026         1 888,00       37,76     1 850,24\n\
         Total factures                    4 538,00       37,76     4 500,24\n\
         Déductions\n\
         Référence      Date            Motif                           Facture concernée    Montant\n\
         BRD-AV-874     20/10/2026      Avarie constatée à réception    VF2671001              39,61\n\
         Net réglé : 4 460,63 €\n",
    );
    assert_eq!(shown(&read), ["VF2671001 2650.00 - [] 2650.00", "VF2671008 1888.00 37.76 [] 1850.24", "BRD-AV-874 - - [] -39.61 Avarie constatée à réception"]);
    assert_eq!(read.lines[2].invoice_named.as_deref(), Some("VF2671001"));
    assert_eq!(total(&read), "4460.63");
}

#[test]
fn a_column_of_row_numbers_repeats_those_of_invoices_and_numbers_the_claims() {
    let read = advice(
        "Uitbetaling,Type,Nummer,Factuur,Boekdatum,Bedrag,Omschrijving\n\
         7701882,Factuur,VF2671001,VF2671001,2026-10-12,1502.60,\n\
         7701882,Factuur,VF2671008,VF2671008,2026-10-13,930.00,\n\
         7701882,Inhouding,BOM-S-2210,,2026-10-31,-75.13,\"Scankorting oktober, 150 stuks\"\n\
         7701882,Inhouding,BOM-C-7718,VF2671008,2026-10-27,-18.60,\"Verkeerd artikel geleverd, 2 dozen\"\n",
    );
    let numbers: Vec<(Option<&str>, Option<&str>)> = read.lines.iter().map(|line| (line.reference.as_deref(), line.invoice_named.as_deref())).collect();
    assert_eq!(numbers, [(Some("VF2671001"), None), (Some("VF2671008"), None), (Some("BOM-S-2210"), None), (Some("BOM-C-7718"), Some("VF2671008"))]);
}

#[test]
fn invoices_may_stand_one_below_the_other_with_labelled_amounts() {
    let read = advice(
        "Penhallow & Daughters Ltd\nRemittance no. PEN-004417\nPaid by Faster Payment on 04/11/2026\n\n\
         Invoice VF2671001 of 6 October 2026\nYou billed: £1,312.50\nWe paid: £1,312.50\n\n\
         Invoice VF2671008 of 27 October 2026\nYou billed: £2,744.00\nPrompt payment discount: £68.60\nWe paid: £2,675.40\n\n\
         Invoice VF2671015 of 8 October 2026\nYou billed: £1,980.00\nNot paid: £59.40 – 3 cases not on the wagon\nWe paid: £1,920.60\n\n\
         Sum paid £5,908.50\n",
    );
    assert_eq!(
        shown(&read),
        ["VF2671001 1312.50 - [] 1312.50", "VF2671008 2744.00 68.60 [] 2675.40", "VF2671015 1980.00 - [-59.40 3 cases not on the wagon] 1920.60"]
    );
    assert_eq!((read.reference.as_deref(), total(&read)), (Some("PEN-004417"), "5908.50".to_owned()));
}

#[test]
fn invoices_may_stand_side_by_side_under_their_numbers() {
    let read = advice(
        "Ballycotter Wholesale DAC\nPAYMENT ADVICE\nAdvice number BWR-2611-08. SEPA transfer, value 09 November 2026\n\n\
         \u{20}                                   Item 1         Item 2         Item 3\n\
         Your invoice                      VF2671001      VF2671008      VF2671015\n\
         Invoice date                     14/09/2026     03/11/2026     16/09/2026\n\
         Invoice value                      2,205.00       1,840.30         990.00\n\
         Settlement discount 1%                               18.40\n\
         Less: charged above agreed list                                     49.50\n\
         Paid                               2,205.00       1,821.90         940.50\n\n\
         Total of this payment: EUR 4,967.40\n",
    );
    assert_eq!(
        shown(&read),
        ["VF2671001 2205.00 - [] 2205.00", "VF2671008 1840.30 18.40 [] 1821.90", "VF2671015 990.00 - [-49.50 Less: charged above agreed list] 940.50"]
    );
    assert_eq!(total(&read), "4967.40");
}

#[test]
fn what_is_left_of_a_row_is_paid_where_no_column_says_what_is() {
    let read = advice(
        "SAMENAANKOOP LEIESTREEK CV\nBETAALORDER B0071182\nUITVOERING 13/11/2026\n\n\
         STUK       DATUM      TEKST                           BEDRAG    KORTING       SALDO\n\
         VF2671001  13/10/26   UW FACTUUR                    1.199,00               1.199,00\n\
         VF2671008  04/11/26   UW FACTUUR                      780,00     15,60       764,40\n\
         SAL3301    29/10/26   3 KARTONS TEKORT                 79,66-                79,66-\n\
         TOTAAL TE UWEN GUNSTE                               1.899,34     15,60     1.883,74\n",
    );
    assert_eq!(
        shown(&read),
        ["VF2671001 1199.00 - [] 1199.00 UW FACTUUR", "VF2671008 780.00 15.60 [] 764.40 UW FACTUUR", "SAL3301 -79.66 - [] -79.66 3 KARTONS TEKORT"]
    );
    assert_eq!(total(&read), "1883.74");
}
