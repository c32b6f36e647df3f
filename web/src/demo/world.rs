//! The made-up company, its customers, articles and people. No name belongs to anybody.

/// Login, name, role.
pub const PEOPLE: [(&str, &str, &str); 7] = [
    ("mara", "Mara Deen", "analyst"),
    ("theo", "Theo Lindgren", "analyst"),
    ("noor", "Noor Haddad", "analyst"),
    ("jonas", "Jonas Weber", "manager"),
    ("claire", "Claire Morin", "sales"),
    ("sam", "Sam Okafor", "supply_chain"),
    ("ada", "Ada Lindqvist", "administrator"),
];

/// What people may settle alone: login, accept, write off, in minor units of each currency.
pub const LIMITS: [(&str, i64, i64); 4] = [("mara", 6_000, 3_000), ("theo", 6_000, 3_000), ("noor", 12_000, 6_000), ("jonas", 5_000_000, 1_000_000)];

/// Us: legal entity, name, country, currency, bank account.
pub const COMPANY: [(&str, &str, &str, &str, &str); 3] = [
    ("EU01", "Brightmeadow Foods B.V.", "NL", "EUR", "NL02BMDW0123456789"),
    ("GB01", "Brightmeadow Foods (UK) Ltd", "GB", "GBP", "GB29BMDW60161331926819"),
    ("US01", "Brightmeadow Foods Inc", "US", "USD", "US-021000021-77104412"),
];

/// How a customer sends its remittance advices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sends {
    Csv,
    Pdf,
}

/// A customer: who it is, how it pays and what it calls things.
#[derive(Debug)]
pub struct Customer {
    pub id: &'static str,
    pub name: &'static str,
    pub country: &'static str,
    pub currency: &'static str,
    pub entity: &'static str,
    pub terms: &'static str,
    pub dispute_days: i64,
    pub sends: Sends,
    /// Deductions of each remittance, about.
    pub appetite: i64,
}

const fn customer(
    id: &'static str,
    name: &'static str,
    country: &'static str,
    entity: &'static str,
    terms: &'static str,
    sends: Sends,
    appetite: i64,
) -> Customer {
    let currency = match country.as_bytes() {
        b"US" => "USD",
        b"GB" => "GBP",
        _ => "EUR",
    };
    Customer { id, name, country, currency, entity, terms, dispute_days: 60, sends, appetite }
}

pub const CUSTOMERS: [Customer; 10] = [
    customer("US10", "Harrowgate Markets Inc", "US", "US01", "2/10 net 30", Sends::Csv, 4),
    customer("US20", "Cedar & Pike Grocers LLC", "US", "US01", "1/15 net 45", Sends::Pdf, 3),
    customer("US30", "Lakeshore Pantry Stores", "US", "US01", "net 30", Sends::Csv, 4),
    customer("GB10", "Thistledown Stores plc", "GB", "GB01", "2/10 net 30", Sends::Pdf, 3),
    customer("GB20", "Marlow & Fenn Ltd", "GB", "GB01", "net 30", Sends::Csv, 2),
    customer("NL10", "Duinrand Supermarkten B.V.", "NL", "EU01", "2/14 net 30", Sends::Csv, 3),
    customer("NL20", "Veldkamp Groothandel B.V.", "NL", "EU01", "net 30", Sends::Pdf, 2),
    customer("DE10", "Birkenfeld Handels GmbH", "DE", "EU01", "2/14 net 30", Sends::Csv, 4),
    customer("FR10", "Comptoirs Valmont SAS", "FR", "EU01", "net 45", Sends::Csv, 3),
    customer("IE10", "Ballinree Wholesale Ltd", "IE", "EU01", "net 30", Sends::Pdf, 2),
];

/// An article: number, description, pieces in a case, minor units a case.
pub const ARTICLES: [(&str, &str, i64, i64); 12] = [
    ("B1010", "Oat Crunch Muesli 500 g", 8, 18_80),
    ("B1020", "Apple Compote 4 x 100 g", 12, 19_56),
    ("B1030", "Wildflower Honey 350 g", 6, 27_30),
    ("B1040", "Paprika Crisps 150 g", 16, 20_48),
    ("B1050", "Tomato Passata 690 g", 12, 14_40),
    ("B1060", "Red Lentil Soup 570 ml", 12, 27_24),
    ("B1070", "Dark Chocolate 100 g", 24, 36_96),
    ("B1080", "Mango Chutney 280 g", 6, 17_70),
    ("B2010", "Citrus Dish Soap 750 ml", 12, 22_20),
    ("B2020", "Glass Cleaner 500 ml", 12, 19_80),
    ("B2030", "Laundry Liquid 1.5 l", 6, 33_60),
    ("B2040", "Cream Cleanser 500 ml", 16, 25_60),
];

/// Our customers' own code for a category, in codes and words.
pub const CODES: [(&str, &str, &str); 9] = [
    ("22", "Shortage", "shortage"),
    ("28", "Damage", "damage"),
    ("40", "Price difference", "price_difference"),
    ("10", "Promotion", "promotion_allowance"),
    ("55", "Advertising", "coop_advertising"),
    ("70", "Compliance fine", "compliance_fine"),
    ("75", "Late delivery", "delivery_penalty"),
    ("60", "Return", "return"),
    ("30", "Freight", "freight_charge"),
];

/// Who signs at the customers' docks.
pub const SIGNATURES: [&str; 6] = ["J. Ortega", "P. Hargreave", "S. Yilmaz", "L. Brandt", "M. Keane", "A. Duval"];
