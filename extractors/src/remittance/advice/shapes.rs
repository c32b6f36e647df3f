//! Numbers of one document are built alike: what recognition made of a letter or a zero is set right by the numbers beside it.
//!
//! Only confusions of one sign are mended (a letter among digits, a digit among letters, a zero seen twice), only towards a form that at least two
//! other numbers of the document have, and only when exactly one form fits. A digit that is taken for another digit leaves the form as it is; that is
//! for sums and open items to find.

use std::collections::BTreeMap;

use recoup_engine::remittance::AdviceLine;

/// The form of a number: `A` for a letter, `9` for a digit, other signs as they are.
fn form(number: &str) -> String {
    number
        .chars()
        .map(|sign| {
            if sign.is_ascii_digit() {
                '9'
            } else if sign.is_alphabetic() {
                'A'
            } else {
                sign
            }
        })
        .collect()
}

/// Mends numbers whose form stands alone among their neighbours; returns what was changed, from and to.
pub(super) fn mend(lines: &mut [AdviceLine]) -> Vec<(String, String)> {
    let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for number in lines.iter_mut().flat_map(numbers) {
        seen.entry(form(number)).or_default().push(number.clone());
    }
    let mut changed = Vec::new();
    for number in lines.iter_mut().flat_map(numbers) {
        if number.len() < 5 {
            continue;
        }
        let own = form(number);
        let alone = seen.get(&own).is_none_or(|alike| alike.len() < 2);
        let others = seen.iter().filter(|(form, alike)| **form != own && alike.len() >= 2);
        let mut fitting: Vec<String> =
            others.filter_map(|(_, alike)| if alone { fitted(number, alike).or_else(|| undoubled(number, alike)) } else { undoubled(number, alike) }).collect();
        fitting.sort();
        fitting.dedup();
        if let [only] = &fitting[..]
            && only != number
        {
            changed.push((number.clone(), only.clone()));
            number.clone_from(only);
        }
    }
    changed
}

fn numbers(line: &mut AdviceLine) -> impl Iterator<Item = &mut String> {
    let adjusted = line.adjustments.iter_mut().filter_map(|adjustment| adjustment.reference.as_mut());
    line.reference.iter_mut().chain(line.invoice_named.as_mut()).chain(line.debit_note.as_mut()).chain(adjusted)
}

/// The number in the form of the others, when confusions alone make the difference; the letters must be theirs.
fn fitted(number: &str, alike: &[String]) -> Option<String> {
    let model: Vec<char> = alike[0].chars().collect();
    let signs: Vec<char> = number.chars().collect();
    let as_they_are = |signs: &[char]| -> Option<String> {
        let signs = signs.iter().zip(&model).enumerate();
        signs.map(|(place, (sign, model))| as_in(*sign, *model, place, alike)).collect()
    };
    // A stroke beside the number is seen as a sign of it.
    match signs.len().checked_sub(model.len())? {
        0 => as_they_are(&signs),
        1 if !signs[0].is_ascii_digit() => as_they_are(&signs[1..]).filter(|rest| rest[..] == number[signs[0].len_utf8()..]),
        _ => None,
    }
}

/// A crossed zero is seen as two signs: without one of them the number is built and begins like the others.
fn undoubled(number: &str, alike: &[String]) -> Option<String> {
    let signs: Vec<char> = number.chars().collect();
    let zero = |sign: char| matches!(sign, '0' | 'O' | 'o' | 'Q' | 'D');
    let doubled = (1..signs.len()).find(|place| zero(signs[place - 1]) && zero(signs[*place]))?;
    let single: String = signs[..doubled - 1].iter().copied().chain(['0']).chain(signs[doubled + 1..].iter().copied()).collect();
    let single = fitted(&single, alike).filter(|single| single.len() + 1 == signs.len())?;
    let beginning: String = single.chars().take(doubled + 1).collect();
    (beginning.chars().any(|sign| ('1'..='9').contains(&sign)) && alike.iter().any(|number| number.starts_with(&beginning))).then_some(single)
}

/// A sign as the others have one at its place: their letter, or a digit.
fn as_in(sign: char, model: char, place: usize, alike: &[String]) -> Option<char> {
    if model.is_ascii_digit() {
        return digit(sign);
    }
    let all_the_same = alike.iter().all(|number| number.chars().nth(place) == Some(model));
    (sign == model || (all_the_same && (digit(sign).is_some() && digit(sign) == digit(model) || (sign == '€' && model == 'C')))).then_some(model)
}

/// The digit that a sign is or is taken for.
fn digit(sign: char) -> Option<char> {
    Some(match sign {
        'O' | 'o' | 'Q' | 'D' => '0',
        'I' | 'l' | 'i' | '|' | '!' => '1',
        'Z' => '2',
        'S' | '$' => '5',
        'G' => '6',
        'B' => '8',
        digit if digit.is_ascii_digit() => digit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(numbers: &[&str]) -> Vec<String> {
        let mut lines: Vec<AdviceLine> = numbers.iter().map(|number| AdviceLine { reference: Some((*number).to_owned()), ..AdviceLine::default() }).collect();
        mend(&mut lines);
        lines.into_iter().filter_map(|line| line.reference).collect()
    }

    #[test]
    fn confused_signs_take_the_form_of_the_others() {
        assert_eq!(mended(&["DN055949", "DN055989", "DNO55931", "DN0055902"]), ["DN055949", "DN055989", "DN055931", "DN055902"]);
        assert_eq!(mended(&["0018466D", "0018449D", "00184490"]), ["0018466D", "0018449D", "0018449D"]);
        assert_eq!(mended(&["DN055949", "DN055989", "DN0055931", "DN0055902"])[2..], ["DN055931", "DN055902"]);
        assert_eq!(mended(&["INV-2026-1", "INV-2026-2", "TINV-2026-3"])[2], "INV-2026-3");
        assert_eq!(mended(&["CB029708", "CB029711", "€B029712"])[2], "CB029712");
    }

    #[test]
    fn other_forms_and_other_letters_stay() {
        assert_eq!(mended(&["INV-1001", "INV-1002", "CN-20015", "RK-1003"])[2..], ["CN-20015", "RK-1003"]);
        assert_eq!(mended(&["DN055949", "DN0055902"])[1], "DN0055902");
    }
}
