use recoup_extractors::language::{header_field, parse_date};
fn main() {
    for text in std::env::args().skip(1) {
        println!("{text}: {:?} {:?}", header_field(&text), parse_date(&text, None));
    }
}
