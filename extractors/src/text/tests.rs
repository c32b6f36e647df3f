//! Whole files through the whole pipeline, made here byte by byte.

use recoup_engine::reading::{DocumentFormat, TextSource};

use super::{format, pages, render};

/// A PDF of one page per content stream; readers rebuild the missing cross-reference table.
fn pdf(contents: &[&str], page_entries: &str) -> Vec<u8> {
    let kids: Vec<String> = (0..contents.len()).map(|index| format!("{} 0 R", 10 + 2 * index)).collect();
    let mut file = format!(
        "%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[{}]/Count {}>> endobj\n3 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>> endobj\n",
        kids.join(" "),
        contents.len()
    );
    for (index, content) in contents.iter().enumerate() {
        let (page, stream) = (10 + 2 * index, 11 + 2 * index);
        file += &format!(
            "{page} 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents {stream} 0 R {page_entries}>> endobj\n"
        );
        file += &format!("{stream} 0 obj <</Length {}>> stream\n{content}\nendstream endobj\n", content.len());
    }
    (file + "trailer <</Root 1 0 R>>\n%%EOF\n").into_bytes()
}

const TEXT: &str = "BT /F1 12 Tf 100 700 Td (Remittance advice of Corner Shops Ltd) Tj 0 -40 Td (Invoice 4711) Tj 300 0 Td (1,250.00) Tj ET";

#[test]
fn a_text_layer_is_read_with_its_places() {
    let read = pages(&pdf(&[TEXT, TEXT], ""));
    assert_eq!((read.source, read.pages.len(), read.doubts.len()), (TextSource::TextLayer, 2, 0));
    let amount = read.pages[0].words.iter().find(|word| word.text == "1,250.00").expect("the amount");
    assert!((6600..6800).contains(&amount.area.left) && (2050..2200).contains(&amount.area.bottom), "{:?}", amount.area);
}

#[test]
fn a_turned_page_is_read_and_shown_upright() {
    let turned = pdf(&[TEXT], "/Rotate 90");
    let read = pages(&turned);
    let texts: Vec<&str> = read.pages[0].words.iter().map(|word| word.text.as_str()).collect();
    assert_eq!(texts[..3], ["Remittance", "advice", "of"]);
    assert!(read.pages[0].width < read.pages[0].height, "upright as the text is");
    let shown = image::load_from_memory(&render(&turned, DocumentFormat::Pdf, 1, 300).expect("a picture")).expect("a PNG");
    assert!(shown.width() == 300 && shown.height() > 400);
}

#[test]
fn what_cannot_be_read_is_said() {
    let codes = |bytes: &[u8]| pages(bytes).doubts.into_iter().map(|doubt| (doubt.code, doubt.blocking)).collect::<Vec<_>>();
    assert_eq!(codes(b"%PDF-1.4\nnothing more"), [("unreadable_pdf".to_owned(), true)]);
    assert_eq!(codes(b"\x89PNG\r\n\x1a\nnot really"), [("unreadable_image".to_owned(), true)]);
    assert_eq!(codes(b"plain words"), [("unknown_format".to_owned(), true)]);
    assert_eq!(codes(&pdf(&[""], "")), [("blank".to_owned(), true)]);
    assert_eq!(codes(&pdf(&vec![""; 501], "")), [("pdf_limits".to_owned(), true)]);
}

#[test]
fn the_first_bytes_tell_the_format() {
    assert_eq!(format(b"\r\n\r\n%PDF-1.7 ..."), Some(DocumentFormat::Pdf));
    assert_eq!(format(b"II*\0...."), Some(DocumentFormat::Tiff));
    assert_eq!(format(b"PK\x03\x04"), None);
    assert!(render(&pdf(&[TEXT], ""), DocumentFormat::Pdf, 2, 100).is_err());
}

#[cfg(feature = "ocr")]
#[test]
fn a_fax_of_several_papers_is_taken_apart() {
    let grey = |lines: &str| {
        let drawn = lines.lines().map(|line| format!("({line}) Tj T*\n")).collect::<String>();
        let page = render(&pdf(&[&format!("BT /F1 14 Tf 22 TL 60 760 Td {drawn} ET")], ""), DocumentFormat::Pdf, 1, 1654).expect("a picture");
        image::load_from_memory(&page).expect("a picture").to_luma8()
    };
    let claim = |number: &str| format!("CHARGEBACK NOTICE\nNo. {number}\nNorthgate Grocers Inc.\nInvoice: INV-2026-7\nAmount: 1,019.20 USD");
    let mut fax = std::io::Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut fax).expect("an encoder");
    for page in [grey(&claim("CB-77120")), grey("Terms of delivery apply to all orders."), grey(&claim("CB-77121"))] {
        encoder.write_image::<tiff::encoder::colortype::Gray8>(page.width(), page.height(), &page).expect("written");
    }
    let whole = crate::read(fax.get_ref(), &crate::Hints::default());
    assert_eq!((whole.members.len(), whole.reading.pages), (2, 3), "{:?}", whole.reading.doubts);
    let numbers: Vec<_> =
        whole.members.iter().map(|member| crate::read(&member.bytes, &crate::Hints::default()).reading).map(|one| (one.number, one.pages)).collect();
    assert_eq!(numbers, [(Some("CB-77120".to_owned()), 2), (Some("CB-77121".to_owned()), 1)]);
}

#[cfg(feature = "ocr")]
#[test]
fn a_picture_is_recognised_like_the_page_it_shows() {
    let picture = render(&pdf(&[TEXT], ""), DocumentFormat::Pdf, 1, 1654).expect("a picture");
    let read = pages(&picture);
    assert_eq!(read.source, TextSource::Ocr);
    let texts: Vec<&str> = read.pages[0].words.iter().map(|word| word.text.as_str()).collect();
    assert!(texts.contains(&"1,250.00") && texts.contains(&"Remittance"), "{texts:?}");
}
