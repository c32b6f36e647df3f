//! The papers of the demo: remittance advices as separated text or PDF, proofs of delivery as PDF with a signature.

use std::fmt::Write as _;

use jiff::civil::Date;
use recoup_engine::sentence::counted;

use super::stories::{Remittance, decimal};
use super::world::{COMPANY, Customer, Sends};

/// A delivery on paper.
pub struct Receipt<'story> {
    pub pod: &'story str,
    pub invoice: &'story str,
    pub order: &'story str,
    pub on: Date,
    pub signed_by: &'story str,
    /// The received cases are written in by hand, which nothing but an eye reads.
    pub by_hand: bool,
    /// Article, description, cases shipped and received.
    pub lines: Vec<(&'static str, &'static str, i64, i64)>,
}

/// A row of separated text.
pub fn separated(cells: &[String]) -> String {
    let quoted = cells.iter().map(|cell| if cell.contains([',', '"']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() });
    format!("{}\n", quoted.collect::<Vec<_>>().join(","))
}

/// The advice in the form in which the customer sends it; name and bytes.
pub fn remittance(customer: &Customer, remittance: &Remittance) -> (String, Vec<u8>) {
    match customer.sends {
        Sends::Csv => (format!("remittance_{}.csv", remittance.number), as_text(customer, remittance).into_bytes()),
        Sends::Pdf => (format!("remittance_{}.pdf", remittance.number), as_pdf(customer, remittance)),
    }
}

/// What is paid, in minor units.
pub fn total(remittance: &Remittance) -> i64 {
    remittance.lines.iter().map(|line| line.gross - line.discount - line.deducted).sum()
}

fn as_text(customer: &Customer, remittance: &Remittance) -> String {
    let mut text = "Payment No.,Payment Date,Payer,Currency,Total Payment,Invoice No.,Gross Amount,Discount,Deduction,Net Amount,Code,Reason\n".to_owned();
    for line in &remittance.lines {
        let amount = |minor: i64| if minor == 0 { String::new() } else { decimal(minor) };
        text.push_str(&separated(&[
            remittance.number.clone(),
            remittance.paid_on.to_string(),
            customer.name.to_owned(),
            customer.currency.to_owned(),
            decimal(total(remittance)),
            line.invoice.clone(),
            decimal(line.gross),
            amount(line.discount),
            amount(line.deducted),
            decimal(line.gross - line.discount - line.deducted),
            line.code.to_owned(),
            line.words.clone(),
        ]));
    }
    text
}

/// An advice as somebody typed it, with what it claims to total: sender, number, currency, heading and lines of invoice, gross, discount and net.
pub struct Typed<'story> {
    pub sender: &'story str,
    pub number: &'story str,
    pub on: Date,
    pub currency: &'story str,
    pub total: i64,
    /// Invoice, gross, discount, net, in minor units.
    pub lines: Vec<(String, i64, i64, i64)>,
}

/// The typed advice as a PDF.
pub fn typed(advice: &Typed<'_>) -> Vec<u8> {
    let mut page = Page::default();
    page.text(50, 790, 15, advice.sender);
    page.text(50, 760, 12, "REMITTANCE ADVICE");
    page.text(50, 720, 9, &format!("Payment No.: {}", advice.number));
    page.text(50, 705, 9, &format!("Payment Date: {}", advice.on));
    page.text(330, 705, 9, &format!("Total Payment: {} {}", decimal(advice.total), advice.currency));
    let columns = [50, 150, 250, 350];
    let mut y = 675;
    for (x, heading) in columns.into_iter().zip(["Invoice No.", "Gross", "Discount", "Net Amount"]) {
        page.text(x, y, 9, heading);
    }
    for (invoice, gross, discount, net) in &advice.lines {
        y -= 15;
        for (x, cell) in columns.into_iter().zip([invoice.clone(), decimal(*gross), decimal(*discount), decimal(*net)]) {
            page.text(x, y, 9, &cell);
        }
    }
    page.finish()
}

fn ours(customer: &Customer) -> &'static str {
    COMPANY.iter().find(|company| company.0 == customer.entity).map_or("", |company| company.1)
}

fn as_pdf(customer: &Customer, remittance: &Remittance) -> Vec<u8> {
    let mut page = Page::default();
    page.text(50, 790, 15, customer.name);
    page.text(50, 760, 12, "REMITTANCE ADVICE");
    page.text(50, 735, 9, &format!("Supplier: {}", ours(customer)));
    page.text(50, 720, 9, &format!("Payment No.: {}", remittance.number));
    page.text(50, 705, 9, &format!("Payment Date: {}", remittance.paid_on));
    page.text(330, 720, 9, &format!("Currency: {}", customer.currency));
    page.text(330, 705, 9, &format!("Total Payment: {}", decimal(total(remittance))));
    const COLUMNS: [i64; 7] = [50, 110, 170, 225, 285, 345, 375];
    let mut y = 675;
    for (x, heading) in COLUMNS.iter().zip(["Invoice No.", "Gross", "Discount", "Deduction", "Net Amount", "Code", "Reason"]) {
        page.text(*x, y, 8, heading);
    }
    page.line(50, y - 4, 560, y - 4);
    for line in &remittance.lines {
        y -= 15;
        let net = line.gross - line.discount - line.deducted;
        let cells =
            [line.invoice.clone(), decimal(line.gross), decimal(line.discount), decimal(line.deducted), decimal(net), line.code.to_owned(), line.words.clone()];
        for (x, cell) in COLUMNS.iter().zip(&cells) {
            page.text(*x, y, 8, cell);
        }
    }
    page.finish()
}

/// A signed proof of delivery; name and bytes.
pub fn proof_of_delivery(customer: &Customer, receipt: &Receipt<'_>) -> (String, Vec<u8>) {
    let mut page = Page::default();
    page.text(50, 790, 15, "Fosse Way Haulage");
    page.text(50, 760, 12, "PROOF OF DELIVERY");
    page.text(50, 735, 9, &format!("POD No.: {}", receipt.pod));
    page.text(50, 720, 9, &format!("Invoice No.: {}", receipt.invoice));
    page.text(50, 705, 9, &format!("Purchase Order: {}", receipt.order));
    page.text(330, 735, 9, &format!("Delivered to: {}", customer.name));
    page.text(330, 720, 9, &format!("Delivery Date: {}", receipt.on));
    const COLUMNS: [i64; 5] = [50, 120, 330, 410, 490];
    let mut y = 670;
    for (x, heading) in COLUMNS.iter().zip(["Item", "Description", "Unit", "Shipped", "Received"]) {
        page.text(*x, y, 9, heading);
    }
    page.line(50, y - 4, 560, y - 4);
    for (sku, description, shipped, received) in &receipt.lines {
        y -= 18;
        for (x, cell) in COLUMNS.iter().zip([*sku, *description, "case", &shipped.to_string(), &received.to_string()]) {
            if receipt.by_hand && *x == COLUMNS[4] {
                page.handwriting(*x, y, cell);
            } else {
                page.text(*x, y, 9, cell);
            }
        }
    }
    let missing: i64 = receipt.lines.iter().map(|(_, _, shipped, received)| shipped - received).sum();
    page.text(
        50,
        y - 60,
        9,
        &format!(
            "Remarks: {}",
            if missing == 0 {
                "none".to_owned()
            } else if receipt.by_hand {
                "see count".to_owned()
            } else {
                format!("{} short, counted with the driver", counted(missing, "case", "cases"))
            }
        ),
    );
    page.text(50, y - 100, 9, &format!("Received by: {}", receipt.signed_by));
    page.signature(330, y - 100);
    page.line(320, y - 106, 520, y - 106);
    (format!("{}.pdf", receipt.pod.to_lowercase()), page.finish())
}

/// The strokes of the digits 0 to 9 by hand: points in tens to the right and ones up, in points of the page.
const STROKES: [&[u8]; 10] = [
    &[28, 6, 1, 30, 52, 57, 38, 18],
    &[6, 38, 30],
    &[6, 18, 47, 45, 0, 50],
    &[8, 48, 25, 53, 41, 20, 1],
    &[38, 3, 53, 35, 30],
    &[48, 8, 5, 44, 52, 30, 0],
    &[48, 15, 2, 30, 52, 34, 3],
    &[8, 48, 10],
    &[25, 7, 28, 47, 3, 0, 40, 53, 25],
    &[44, 14, 7, 38, 47, 30],
];

/// One page of a PDF 1.4 with Helvetica, A4 in points; the origin is at the lower left.
#[derive(Default)]
struct Page {
    content: String,
}

impl Page {
    fn text(&mut self, x: i64, y: i64, size: i64, text: &str) {
        let escaped = text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        let _ = writeln!(self.content, "BT /F1 {size} Tf {x} {y} Td ({escaped}) Tj ET");
    }

    fn line(&mut self, x: i64, y: i64, to_x: i64, to_y: i64) {
        let _ = writeln!(self.content, "0.5 w {x} {y} m {to_x} {to_y} l S");
    }

    /// A number as a pen writes it: strokes, no letters that a reader of text would find.
    fn handwriting(&mut self, x: i64, y: i64, number: &str) {
        self.content.push_str("1 w\n");
        for (place, digit) in (0..).zip(number.chars().filter_map(|digit| digit.to_digit(10))) {
            let mut draws = "m";
            for point in STROKES[digit as usize] {
                let (right, up) = (i64::from(*point / 10), i64::from(*point % 10));
                let _ = writeln!(self.content, "{} {} {draws}", x + place * 8 + right + up / 4, y - 1 + up);
                draws = "l";
            }
            self.content.push_str("S\n");
        }
    }

    /// A scribble.
    fn signature(&mut self, x: i64, y: i64) {
        let _ = writeln!(self.content, "1.2 w {x} {y} m");
        for step in 0..7 {
            let at = x + step * 22;
            let _ = writeln!(self.content, "{} {} {} {} {} {} c", at + 6, y + 24 - step * 3, at + 14, y - 12 + step, at + 22, y + 4);
        }
        self.content.push_str("S\n");
    }

    /// The file: five objects and the table that says where each begins.
    fn finish(self) -> Vec<u8> {
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>".to_owned(),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
            format!("<< /Length {} >>\nstream\n{}endstream", self.content.len(), self.content),
        ];
        let mut file = "%PDF-1.4\n".to_owned();
        let mut places = Vec::new();
        for (number, object) in (1..).zip(&objects) {
            places.push(file.len());
            let _ = writeln!(file, "{number} 0 obj\n{object}\nendobj");
        }
        let table = file.len();
        let _ = writeln!(file, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1);
        for place in places {
            let _ = writeln!(file, "{place:010} 00000 n ");
        }
        let _ = writeln!(file, "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF", objects.len() + 1);
        file.into_bytes()
    }
}
