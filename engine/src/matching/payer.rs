//! Who paid: from identifiers, accounts, names, mail domains, or the invoices that are paid.

use std::collections::{BTreeMap, HashMap};

use crate::party::Customer;
use crate::reference::{fold, normalise};
use crate::remittance::PartyNamed;

/// Legal forms and filler that say nothing about who it is.
const LEGAL_FORMS: [&str; 34] = [
    "inc", "llc", "ltd", "plc", "co", "corp", "company", "gmbh", "ag", "kg", "ohg", "sa", "sas", "sarl", "bv", "nv", "cv", "vof", "bvba", "srl", "group",
    "groupe", "holding", "the", "and", "et", "und", "en", "lp", "se", "ev", "eg", "mbh", "limited",
];

/// Shorter names may be words of any sentence.
const TELLING: usize = 8;

/// Names less alike are not offered.
const NEAR: f64 = 0.88;

/// Customers by every mark they can be recognised by. A mark that two customers share recognises neither.
#[derive(Debug, Default)]
pub struct Payers {
    by_identifier: HashMap<String, Option<String>>,
    by_account: HashMap<String, Option<String>>,
    by_name: HashMap<String, Option<String>>,
    by_domain: HashMap<String, Option<String>>,
    names: Vec<(String, String)>,
    /// The words of the longest name.
    most_words: usize,
}

/// A payer recognised, with the reason in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    pub customer_id: String,
    pub why: String,
}

fn mark(index: &mut HashMap<String, Option<String>>, key: String, customer_id: &str) {
    if key.is_empty() {
        return;
    }
    index
        .entry(key)
        .and_modify(|known| {
            if known.as_deref() != Some(customer_id) {
                *known = None;
            }
        })
        .or_insert_with(|| Some(customer_id.to_owned()));
}

/// The words of a name that tell companies apart, joined.
pub fn name_key(name: &str) -> String {
    let folded = fold(name).replace('.', "");
    folded.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty() && !LEGAL_FORMS.contains(word)).collect::<Vec<_>>().join(" ")
}

impl Payers {
    pub fn new<'customers>(customers: impl IntoIterator<Item = &'customers Customer>) -> Self {
        let mut payers = Self::default();
        for customer in customers {
            let id = &customer.customer_id;
            mark(&mut payers.by_identifier, normalise(id), id);
            for identifier in [&customer.tax_id, &customer.gln].into_iter().flatten() {
                mark(&mut payers.by_identifier, normalise(identifier), id);
            }
            for account in &customer.bank_accounts {
                mark(&mut payers.by_account, normalise(account), id);
            }
            for name in std::iter::once(&customer.name).chain(&customer.aliases) {
                let key = name_key(name);
                mark(&mut payers.by_name, key.clone(), id);
                payers.most_words = payers.most_words.max(key.split(' ').count());
                payers.names.push((key, id.clone()));
            }
            for domain in &customer.email_domains {
                mark(&mut payers.by_domain, domain.to_lowercase(), id);
            }
        }
        payers
    }

    /// The customer behind a party as a document names it; the surest mark first.
    pub fn recognise(&self, party: &PartyNamed) -> Option<Recognised> {
        let found = |customer_id: &Option<String>, why: String| customer_id.clone().map(|customer_id| Recognised { customer_id, why });
        for identifier in &party.identifiers {
            if let Some(hit) = self.by_identifier.get(&normalise(identifier)) {
                return found(hit, format!("identifier {identifier}"));
            }
        }
        if let Some(account) = &party.account
            && let Some(hit @ Some(_)) = self.by_account.get(&normalise(account))
        {
            return found(hit, format!("account {account}"));
        }
        if let Some(name) = &party.name
            && let Some(recognised) = self.by_name(name)
        {
            return Some(recognised);
        }
        let domain = party.email.as_deref().and_then(|email| email.rsplit_once('@')).map(|(_, domain)| domain.trim_end_matches('>').to_lowercase())?;
        self.by_domain.get(&domain).and_then(|hit| found(hit, format!("mail domain {domain}")))
    }

    fn by_name(&self, name: &str) -> Option<Recognised> {
        let key = name_key(name);
        if let Some(Some(customer_id)) = self.by_name.get(&key) {
            return Some(Recognised { customer_id: customer_id.clone(), why: format!("name {name}") });
        }
        if key.len() < 5 {
            return None;
        }
        let mut best: BTreeMap<&str, f64> = BTreeMap::new();
        for (known, customer_id) in &self.names {
            let truncated = known.len() >= 8 && key.len() >= 8 && (known.starts_with(&key) || key.starts_with(known.as_str()));
            let score = if truncated { 0.97 } else { strsim::jaro_winkler(known, &key) };
            let entry = best.entry(customer_id).or_insert(0.0);
            *entry = entry.max(score);
        }
        let mut ranked: Vec<(&str, f64)> = best.into_iter().collect();
        ranked.sort_by(|left, right| right.1.total_cmp(&left.1));
        let second = ranked.get(1).map_or(0.0, |other| other.1);
        ranked
            .first()
            .filter(|(_, score)| *score >= 0.93 && *score - second >= 0.03)
            .map(|(customer_id, _)| Recognised { customer_id: (*customer_id).to_owned(), why: format!("name like {name}") })
    }

    /// The customers whose names are most like one that nobody is known by, at most so many: to be offered, never taken.
    pub fn near(&self, name: &str, most: usize) -> Vec<String> {
        let said = name_key(name);
        let alike = |known: &str| {
            let words = said.split(' ').filter(|word| word.len() >= 4);
            let by_word = words.flat_map(|word| known.split(' ').map(move |other| strsim::jaro_winkler(word, other)));
            by_word.fold(strsim::jaro_winkler(known, &said), f64::max)
        };
        let mut best: BTreeMap<&str, f64> = BTreeMap::new();
        for (known, customer_id) in &self.names {
            let entry = best.entry(customer_id).or_insert(0.0);
            *entry = entry.max(alike(known));
        }
        let mut ranked: Vec<(&str, f64)> = best.into_iter().filter(|(_, score)| *score >= NEAR).collect();
        ranked.sort_by(|left, right| right.1.total_cmp(&left.1));
        ranked.into_iter().take(most).map(|(customer_id, _)| customer_id.to_owned()).collect()
    }

    /// The only customer whose whole name stands in the sentences of a paper; of names inside one another the longest counts.
    pub fn named_in(&self, text: &str) -> Option<Recognised> {
        let said = name_key(text);
        let words: Vec<&str> = said.split(' ').collect();
        let mut named: Option<(String, &str)> = None;
        let mut at = 0;
        while at < words.len() {
            let runs = (1..=self.most_words.min(words.len() - at)).rev().map(|length| (length, words[at..at + length].join(" ")));
            let longest = runs.filter(|(_, run)| run.len() >= TELLING).find_map(|(length, run)| self.by_name.get(&run).map(|owner| (length, run, owner)));
            let Some((length, run, owner)) = longest else {
                at += 1;
                continue;
            };
            at += length;
            // A name that two customers share names neither, and so do two names.
            let owner = owner.as_deref()?;
            if named.as_ref().is_some_and(|(_, known)| *known != owner) {
                return None;
            }
            named = Some((run, owner));
        }
        named.map(|(name, customer_id)| Recognised { customer_id: customer_id.to_owned(), why: format!("the name {name} in its words") })
    }

    /// The customer that the paid invoices point to: their only owner, or the nearest parent all of them share.
    pub fn from_invoices<'owners>(owners: impl IntoIterator<Item = &'owners str>, family: impl Fn(&str) -> Vec<String>) -> Option<Recognised> {
        let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
        for owner in owners {
            *counted.entry(owner).or_default() += 1;
        }
        let mut common: Option<Vec<String>> = None;
        for owner in counted.keys() {
            let line = family(owner);
            common = Some(match common {
                None => line,
                Some(shared) => shared.into_iter().filter(|member| line.contains(member)).collect(),
            });
        }
        let customer_id = common?.into_iter().next()?;
        Some(Recognised { customer_id, why: "the invoices it pays".to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customer(id: &str, name: &str, aliases: &[&str], domain: &str) -> Customer {
        Customer {
            customer_id: id.into(),
            name: name.into(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            parent_customer_id: None,
            tax_id: None,
            gln: None,
            bank_accounts: vec![],
            country: None,
            currency: "EUR".parse().expect("currency"),
            language: None,
            email: None,
            email_domains: vec![domain.into()],
            payment_terms: None,
            discount_grace_days: None,
            dispute_window_days: None,
            debit_note_prefixes: vec![],
            tolerance_amount: None,
        }
    }

    #[test]
    fn payers_are_recognised_by_name_alias_and_domain_but_never_by_a_shared_mark() {
        let customers = [
            customer("C1", "Épicerie du Sud SAS", &["EPIC SUD"], "sud.example"),
            customer("C2", "Nordmarkt GmbH & Co. KG", &[], "shared.example"),
            customer("C3", "Bakker Retail B.V.", &[], "shared.example"),
        ];
        let payers = Payers::new(&customers);
        let by = |name: Option<&str>, email: Option<&str>| {
            payers
                .recognise(&PartyNamed { name: name.map(str::to_owned), email: email.map(str::to_owned), ..PartyNamed::default() })
                .map(|found| found.customer_id)
        };
        assert_eq!(by(Some("EPICERIE DU SUD"), None).as_deref(), Some("C1"));
        assert_eq!(by(Some("Epic Sud"), None).as_deref(), Some("C1"));
        assert_eq!(by(Some("Nordmarkt GmbH"), None).as_deref(), Some("C2"));
        assert_eq!(by(None, Some("ap@sud.example")).as_deref(), Some("C1"));
        assert_eq!(by(None, Some("ap@shared.example")), None);
        assert_eq!(payers.near("Nordmart Handels", 3), ["C2"], "offered, though nobody is known by it");
        assert!(payers.near("Zwiebel", 3).is_empty());
        let named = |text: &str| payers.named_in(text).map(|found| found.customer_id);
        assert_eq!(named("Between Épicerie du Sud SAS and Werkhof Foods").as_deref(), Some("C1"));
        assert_eq!(named("Épicerie du Sud SAS / Bakker Retail B.V."), None, "two names name nobody");
        assert_eq!(named("Nordmarkthalle"), None);
        assert_eq!(named("Nordmarkt GmbH, bisher Nordmarkt GmbH & Co. KG").as_deref(), Some("C2"));
        let longer = [customer("C4", "Nord Markt GmbH", &[], "a.example"), customer("C5", "Nord Markthalle GmbH", &[], "b.example")];
        let payers = Payers::new(&longer);
        assert_eq!(payers.named_in("Nord Markt GmbH an Nord Markthalle GmbH"), None, "a name is no part of another word");
        assert_eq!(payers.named_in("an die Nord Markthalle GmbH").map(|found| found.customer_id).as_deref(), Some("C5"));
    }
}
