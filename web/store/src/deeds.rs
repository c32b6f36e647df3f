//! What may stand in the log as done: acts on claims, which the engine knows, and everything else that is written there.

use recoup_engine::claim::action::Act;
use recoup_engine::vocabulary;

vocabulary! {
    /// What is done beside acts on claims. The words stand in logs that are chained: none is ever changed.
    Deed {
        PaymentPosted = "payment posted",
        PaymentReceived = "payment received",
        PaymentTakenBack = "payment taken back",
        /// A claim lost deductions with the payment they stood on.
        ClaimLostPayment = "payment_taken_back",
        MatchedByHand = "matched by hand",
        AllocatedByStrategy = "allocated by strategy",
        MatchRefused = "match refused",
        PayerNamed = "payer named",
        ReadingConfirmed = "confirm_reading",
        VersionSaid = "said which paper holds",
        PaperTakenIn = "took in a paper",
        ReferenceChanged = "changed reference data",
        Judged = "judged",
        Batched = "batched",
        ClaimCategorised = "categorise",
        DeductionCategorised = "categorised",
        Learnt = "learnt",
        /// A model that did not hold on decisions it never saw.
        LearntInVain = "learnt, not put in force",
        DeliveryChecked = "delivery_checked",
        DeliveryCheckTakenBack = "delivery_check_taken_back",
        AgreementProposed = "propose_agreement",
        SalesAsked = "ask_sales",
        SalesAnswered = "answer_agreement",
        BookPublished = "rule book published",
        DraftBegun = "rule draft begun",
        DraftChanged = "rule draft changed",
        DraftRenewed = "rule draft renewed",
        DraftDiscarded = "rule draft discarded",
        DraftProposed = "rule draft proposed",
        DraftWithdrawn = "rule draft withdrawn",
        DraftSentBack = "rule draft sent back",
        DraftPublished = "rule draft published",
        DraftBacktested = "rule draft backtested",
        BacktestStopped = "backtest stopped",
        RejudgingBegun = "judging anew begun",
        RejudgingStopped = "judging anew stopped",
        Invited = "invited a person",
        InvitationWithdrawn = "withdrew an invitation",
        /// A link by which somebody who is here already sets a new password.
        PasswordLinkMade = "made a password link",
        PasswordSet = "set a password",
        PersonAdded = "added a person",
        PersonDisabled = "disabled a person",
        PersonEnabled = "enabled a person",
        RoleChanged = "changed a role",
        LimitSet = "set a limit",
        LimitsLent = "lent limits",
        TokenMade = "made a token",
        LoggedIn = "log_in",
        LanguageChosen = "choose_language",
        ViewSaved = "save_view",
        ViewForgotten = "forget_view",
    }
}

/// What an entry says was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// A person's act on a claim.
    Act(Act),
    Deed(Deed),
}

impl Done {
    /// The word that stands in the log.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Act(act) => act.word(),
            Self::Deed(deed) => deed.word(),
        }
    }
}

impl From<Act> for Done {
    fn from(act: Act) -> Self {
        Self::Act(act)
    }
}

impl From<Deed> for Done {
    fn from(deed: Deed) -> Self {
        Self::Deed(deed)
    }
}
