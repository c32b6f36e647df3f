//! Letters, mails and debit notes of the made-up company, read by the real reader: what a search for words goes through.

use anyhow::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use recoup_extractors::Hints;
use recoup_store::documents::{ARRIVAL_STEP, Arrival, Conclusion};

use super::chance::Chance;
use super::seeding::{CUSTOMERS, customer_id, invoice_number};
use crate::desk::Progress;
use crate::vault::digest;
use crate::workplace::Workplace;

/// Papers of a unit of work.
const AT_ONCE: usize = 500;
/// Sentences of a letter: so many at least, and so many more at most.
const SENTENCES: (usize, usize) = (6, 10);

const OPENINGS: [&str; 4] = ["Dear Sirs", "Sehr geehrte Damen und Herren", "Madame, Monsieur", "Geachte heer, mevrouw"];

/// What such papers say; `{}` is an invoice, `#` a number of the sender's.
const SAYINGS: [&str; 24] = [
    "On invoice {} we counted # cases fewer than were billed.",
    "The driver noted # damaged pallets on the consignment note, photographs are enclosed.",
    "We ask for the signed proof of delivery of order # before we release the amount.",
    "The promotion of week # was agreed with your key account manager at the trade fair.",
    "According to our contract the price of article # is lower than on invoice {}.",
    "A fine of the routing guide applies: the appointment # was missed by two hours.",
    "Please send a credit note for invoice {} and quote our reference #.",
    "Die Ware zu Rechnung {} war teilweise beschädigt, siehe Lieferschein #.",
    "Wir haben den Werbekostenzuschuss laut Vereinbarung # einbehalten.",
    "Die Palette # fehlt, der Fahrer hat den Fehlbestand quittiert.",
    "Bitte senden Sie uns den Ablieferbeleg zum Auftrag #.",
    "La marchandise de la facture {} est arrivée incomplète, il manque # colis.",
    "Nous avons déduit la remise promotionnelle convenue sous le numéro #.",
    "Merci de nous adresser un avoir pour la facture {} sous référence #.",
    "Le transporteur a émis des réserves sur le bon de livraison #.",
    "Bij factuur {} ontbreken # dozen, zie de getekende vrachtbrief.",
    "De afgesproken bonus voor periode # is ingehouden.",
    "Graag ontvangen wij een creditnota met vermelding van nummer #.",
    "The barcode label of carton # could not be scanned at our warehouse.",
    "Our auditors found that allowance # was not passed on last season.",
    "The temperature recorder # shows that the cold chain was interrupted.",
    "We return # units as unsaleable under the swell agreement.",
    "Freight was prepaid by us under waybill # although the terms are delivered.",
    "This amount was deducted already with payment #, please check your books.",
];

/// Takes in so many papers, spread over the customers and the days of the company.
pub(super) async fn seed(workplace: &Workplace, count: usize, payments: usize, today: Date) -> Result<()> {
    let hints = Hints::default();
    let progress = Progress::new("taking papers in", count as u64);
    let numbers: Vec<usize> = (0..count).collect();
    for part in numbers.chunks(AT_ONCE) {
        let mut work = workplace.store.begin().await?;
        for number in part {
            let day = today.saturating_sub(i64::try_from((count - number) * 730 / count)?.days());
            let (name, text) = paper(*number, payments, day);
            let arrival = Arrival {
                sha256: workplace.vault.keep(text.as_bytes())?,
                byte_count: i64::try_from(text.len())?,
                container_id: None,
                sequence: Some((i64::try_from(*number)? + 1) * ARRIVAL_STEP),
                received_at: format!("{day}T09:00:00Z"),
                purpose: None,
                name,
            };
            let (document, _) = work.receive(&arrival, digest).await?;
            work.save_reading(&document, &recoup_extractors::read(text.as_bytes(), &hints).reading).await?;
            let conclusion = Conclusion {
                // A paper in fifty waits for a person.
                status: if number % 50 == 0 { "needs_review" } else { "processed" },
                customer_id: Some(customer_id(number % CUSTOMERS)),
                linked_to: Some(invoice_number(number % payments, number % 100)),
                ..Conclusion::default()
            };
            work.conclude_document(&document, &conclusion).await?;
        }
        work.commit().await?;
        progress.advance(part.len() as u64);
    }
    progress.finish();
    Ok(())
}

/// The name and the text of a paper: half of them are mails.
fn paper(number: usize, payments: usize, day: Date) -> (String, String) {
    let mut chance = Chance::of(number * 31 + 7);
    let customer = number % CUSTOMERS;
    let body: Vec<String> = (0..SENTENCES.0 + chance.below(SENTENCES.1))
        .map(|_| {
            let invoice = invoice_number(number % payments, chance.below(100));
            SAYINGS[chance.below(SAYINGS.len())].replace("{}", &invoice).replace('#', &(1_000 + chance.below(899_000)).to_string())
        })
        .collect();
    let opening = OPENINGS[chance.below(OPENINGS.len())];
    let text = format!("{opening},\n\n{}\n\nBench Retail {customer}\nAccounts payable\n{day}\n", body.join("\n"));
    if number.is_multiple_of(2) {
        let head = format!(
            "From: payables@bench{customer}.example\nTo: deductions@maker.example\nSubject: Deduction on invoice {}\nDate: {}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n",
            invoice_number(number % payments, number % 100),
            day.strftime("%a, %d %b %Y 09:00:00 +0000")
        );
        return (format!("mail_{number:06}.eml"), head + &text);
    }
    (format!("letter_{number:06}.txt"), text)
}
