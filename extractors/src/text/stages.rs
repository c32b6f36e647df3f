//! What each stage of recognition costs. Measured only when somebody asks, by the clock they bring: readers have none of their own.

use std::cell::{Cell, RefCell};
use std::time::Duration;

/// A part of the way from a picture to words, in the order of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Unpacking or drawing the picture.
    Picture,
    /// Finding how the page lies.
    Position,
    /// Even background, straight lines, no rules.
    Preparation,
    /// A glance at some lines to tell the language.
    Language,
    /// The page read once.
    FirstPass,
    /// A page, or a part of it, read again.
    SecondPass,
}

impl Stage {
    pub const ALL: [Self; 6] = [Self::Picture, Self::Position, Self::Preparation, Self::Language, Self::FirstPass, Self::SecondPass];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Position => "position",
            Self::Preparation => "preparation",
            Self::Language => "language",
            Self::FirstPass => "first_pass",
            Self::SecondPass => "second_pass",
        }
    }
}

/// Time spent in each stage, by the clock of [`measured`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Costs([Duration; Stage::ALL.len()]);

impl Costs {
    pub fn of(&self, stage: Stage) -> Duration {
        self.0[stage as usize]
    }
}

thread_local! {
    static CLOCK: Cell<Option<fn() -> Duration>> = const { Cell::new(None) };
    static COSTS: RefCell<Costs> = const { RefCell::new(Costs([Duration::ZERO; Stage::ALL.len()])) };
}

/// Does the work on this thread and tells what its stages took; `clock` gives the time passed since any fixed moment.
pub fn measured<T>(clock: fn() -> Duration, work: impl FnOnce() -> T) -> (T, Costs) {
    CLOCK.set(Some(clock));
    COSTS.take();
    let done = work();
    CLOCK.set(None);
    (done, COSTS.take())
}

/// One stage of the work.
pub(super) fn stage<T>(stage: Stage, work: impl FnOnce() -> T) -> T {
    let Some(clock) = CLOCK.get() else { return work() };
    let started = clock();
    let done = work();
    COSTS.with_borrow_mut(|costs| costs.0[stage as usize] += clock().saturating_sub(started));
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    thread_local!(static NOW: Cell<u64> = const { Cell::new(0) });

    fn clock() -> Duration {
        NOW.set(NOW.get() + 1);
        Duration::from_secs(NOW.get())
    }

    #[test]
    fn stages_are_counted_while_somebody_measures() {
        stage(Stage::Picture, || ());
        let (answer, costs) = measured(clock, || stage(Stage::Position, || 7));
        assert_eq!((answer, costs.of(Stage::Position), costs.of(Stage::Picture)), (7, Duration::from_secs(1), Duration::ZERO));
    }
}
