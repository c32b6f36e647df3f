//! What past decisions teach about deductions whose code and words say nothing to the book: a category, or silence.
//!
//! No black box: the model is a table of counts, how many decided deductions of each category bore each sign (a word, a code, an amount, a habit of the
//! customer). It answers only where decisions that were held back from it came out right often enough, and says how often. It proposes, the evidence
//! decides.
//!
//! - [`signs`]: what is looked at, with everything covered up that the book itself understands
//! - [`counts`]: which category the counts speak for, by naive Bayes in whole numbers: the same lessons give the same answer on every machine
//! - [`calibration`]: how often a lead over the second best was right on decisions that were held back

pub mod calibration;
pub mod counts;
pub mod signs;

use recoup_engine::reading::Confidence;
use recoup_engine::taxonomy::Category;
use serde::{Deserialize, Serialize};

use self::calibration::{Band, Curve, Examined, Tried};
use self::counts::Counts;
use crate::book::Learning;

/// A decided deduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    pub signs: Vec<String>,
    pub category: Category,
}

/// What was learnt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    pub counts: Counts,
    pub curve: Curve,
}

/// A category that past decisions speak for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub category: Category,
    /// How decisions fared that were held back and looked as clear.
    pub before: Band,
    /// What speaks for it most, in words.
    pub because: Vec<String>,
}

impl Proposal {
    /// How often such a proposal is right, one doubt added: nothing is certain because it never failed yet.
    pub fn confidence(&self) -> Confidence {
        let share = (u64::from(self.before.right) + 1) * 1000 / (u64::from(self.before.of) + 2);
        Confidence::from_thousandths(u16::try_from(share).unwrap_or(0))
    }
}

impl Model {
    /// Counts all lessons, and examines each with itself held back.
    pub fn train(lessons: &[Lesson], learning: &Learning) -> Self {
        let counts = Counts::of(lessons);
        let tried = lessons.iter().map(|lesson| match counts.without(lesson.category).best(&lesson.signs) {
            Some((category, lead)) => Tried { lead, right: category == lesson.category },
            None => Tried { lead: 0, right: false },
        });
        Self { curve: Curve::of(tried.collect(), learning.fewest_cases), counts: counts.without_single_signs() }
    }

    /// How a model of four fifths of the lessons does on the fifth that it never saw: its confidence is calibrated without them too.
    pub fn examined_on_a_fifth(lessons: &[Lesson], learning: &Learning) -> Examined {
        let (mut seen, mut held_back) = (Vec::new(), Vec::new());
        for (position, lesson) in lessons.iter().enumerate() {
            if position % 5 == 4 { held_back.push(lesson) } else { seen.push(lesson.clone()) }
        }
        let model = Self::train(&seen, learning);
        let mut examined = Examined { held_back: 0, proposed: 0, right: 0 };
        for lesson in held_back {
            let proposal = model.propose(&lesson.signs, learning);
            examined.held_back += 1;
            examined.proposed += u32::from(proposal.is_some());
            examined.right += u32::from(proposal.is_some_and(|proposal| proposal.category == lesson.category));
        }
        examined
    }

    /// The category that the signs speak for; `None` where proposals as clear as this were not right as often as the book asks.
    pub fn propose(&self, signs: &[String], learning: &Learning) -> Option<Proposal> {
        let (category, lead) = self.counts.all().best(signs)?;
        let before = self.curve.band(lead).filter(|band| band.passes(learning))?;
        Some(Proposal { category, before, because: self.counts.all().speaking_for(category, signs) })
    }
}

#[cfg(test)]
mod tests {
    use recoup_engine::facts::Facts;
    use recoup_engine::recovery::TrackRecords;
    use recoup_engine::remittance::CodeList;
    use recoup_engine::verdict::Shape;

    use super::signs::{Looked, signs};
    use super::*;
    use crate::book::{Book, DEFAULT};
    use crate::decide::Policy;

    fn seen(book: &Book, customer_id: &str, words: &str, code: Option<&str>, amount: i64) -> Vec<String> {
        let shape = Some(Shape::StandAlone);
        let looked = Looked { customer_id, words, code, code_list: CodeList::Customer, shape, amount, settled_gross: None, debit_note_number: None };
        signs(looked, Policy { book, own_codes: &[], records: &TrackRecords::default(), learnt: None }, &Facts::default())
    }

    /// What two customers do: C1 writes "Nachlass" for advertising, C2 gives code Z9 for missing goods; a third of C1's "Diverses" is anything.
    fn lessons(book: &Book) -> Vec<Lesson> {
        let mut lessons = Vec::new();
        for number in 0..60_i64 {
            let mut add = |customer, words, code, amount, category| lessons.push(Lesson { signs: seen(book, customer, words, code, amount), category });
            add("C1", "Nachlass Handel", None, 10_000 + number * 731, Category::CoopAdvertising);
            add("C2", "", Some("Z9"), 2_000 + number * 97, Category::Shortage);
            let anything = [Category::Return, Category::TaxOrBank, Category::Damage][usize::try_from(number % 3).expect("small")];
            add("C1", "Diverses", None, 5_000 + number * 13, anything);
        }
        lessons
    }

    #[test]
    fn habits_are_learnt_and_what_is_unclear_stays_silent() {
        let book = Book::load(DEFAULT).expect("the default book");
        let learning = &book.settings.learning;
        let model = Model::train(&lessons(&book), learning);
        let propose = |customer: &str, words: &str, code| model.propose(&seen(&book, customer, words, code, 12_345), learning);
        let nachlass = propose("C1", "Handel Nachlass 17", None).expect("a proposal");
        assert_eq!(nachlass.category, Category::CoopAdvertising);
        assert!(nachlass.before.of >= 20 && nachlass.before.right == nachlass.before.of, "{nachlass:?}");
        assert!(nachlass.because.iter().any(|sign| sign.contains("nachlass") || sign.contains("handel")), "{nachlass:?}");
        assert_eq!(propose("C2", "", Some("Z9")).map(|proposal| proposal.category), Some(Category::Shortage));
        assert_eq!(propose("C1", "Diverses", None), None);
        assert_eq!(propose("C9", "Quarzuhr", None), None);
    }

    #[test]
    fn a_fifth_that_was_never_seen_is_as_right_as_the_book_asks() {
        let book = Book::load(DEFAULT).expect("the default book");
        let examined = Model::examined_on_a_fifth(&lessons(&book), &book.settings.learning);
        assert_eq!((examined.held_back, examined.proposed, examined.right), (36, 24, 24));
    }

    #[test]
    fn the_order_of_lessons_does_not_matter() {
        let book = Book::load(DEFAULT).expect("the default book");
        let learning = &book.settings.learning;
        let model = Model::train(&lessons(&book), learning);
        assert_eq!(Model::train(&lessons(&book).into_iter().rev().collect::<Vec<_>>(), learning), model);
    }

    #[test]
    fn few_lessons_teach_nothing() {
        let book = Book::load(DEFAULT).expect("the default book");
        let learning = &book.settings.learning;
        let model = Model::train(&lessons(&book)[..12], learning);
        assert_eq!(model.propose(&seen(&book, "C1", "Nachlass", None, 12_345), learning), None);
    }
}
