//! The invariants of the database, each as the list of what breaks it.

use serde::Deserialize;

use crate::{Result, Store, Value};

/// One invariant and how the database stands to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Short name, stable: `payment_conservation`.
    pub invariant: &'static str,
    /// What it says, in words.
    pub says: &'static str,
    /// How many rows were looked at.
    pub checked: i64,
    /// How many break it.
    pub broken: i64,
    /// Up to ten of them.
    pub examples: Vec<String>,
}

/// An invariant as two queries: what is looked at, and the keys of what breaks it.
struct Check {
    invariant: &'static str,
    says: &'static str,
    checked: &'static str,
    broken: &'static str,
}

const CHECKS: &[Check] = &[
    Check {
        invariant: "payment_conservation",
        says: "payment amount = paid + on account - stand-alone deductions",
        checked: "select count(*) as value from payments where reversed = false",
        broken: "select p.payment_id as key from payments p where p.reversed = false and p.amount <> \
                 coalesce((select cast(sum(a.paid) as bigint) from allocations a where a.payment_id = p.payment_id and a.reversed = false), 0) + p.on_account \
                 - coalesce((select cast(sum(d.amount) as bigint) from deductions d where d.payment_id = p.payment_id and d.reversed = false and d.allocation_id is null), 0)",
    },
    Check {
        invariant: "allocation_sums",
        says: "gross = paid + discount + deducted, and the deductions of an allocation sum to its discount and deducted amount",
        checked: "select count(*) as value from allocations where reversed = false",
        broken: "select a.allocation_id as key from allocations a where a.reversed = false and (a.gross <> a.paid + a.discount + a.deducted or a.discount + a.deducted <> \
                 coalesce((select cast(sum(d.amount) as bigint) from deductions d where d.allocation_id = a.allocation_id and d.reversed = false), 0))",
    },
    Check {
        invariant: "allocated_amount",
        says: "the allocated amount of a payment is the sum of its allocations",
        checked: "select count(*) as value from payments where reversed = false",
        broken: "select p.payment_id as key from payments p where p.reversed = false and p.allocated <> coalesce((select cast(sum(a.paid) as bigint) from allocations a where a.payment_id = p.payment_id and a.reversed = false), 0)",
    },
    Check {
        invariant: "on_account_not_negative",
        says: "nothing is paid out of money that was not received",
        checked: "select count(*) as value from payments where reversed = false",
        broken: "select payment_id as key from payments where reversed = false and on_account < 0",
    },
    Check {
        invariant: "open_items",
        says: "no invoice is settled beyond its total",
        checked: "select count(*) as value from invoices",
        broken: "select i.invoice_number as key from invoices i join (select invoice_number, cast(sum(gross) as bigint) as gross from allocations where reversed = false group by invoice_number) a \
                 on a.invoice_number = i.invoice_number where a.gross + coalesce(i.paid_amount, 0) > i.total_amount and i.total_amount > 0",
    },
    Check {
        invariant: "journal_balance",
        says: "every journal entry sums to zero per currency",
        checked: "select count(distinct entry_id) as value from journal",
        broken: "select entry_id as key from journal group by entry_id, currency having sum(amount) <> 0",
    },
    Check {
        invariant: "journal_complete",
        says: "every payment has its journal entry with its cash, the invoices it settled and what is on account; every reversed payment its counter-entry",
        checked: "select count(*) as value from payments",
        broken: "select p.payment_id as key from payments p where p.amount <> 0 and (not exists (select 1 from journal j where j.payment_id = p.payment_id) or (p.reversed = true and \
                 0 <> (select coalesce(sum(j.amount), 0) from journal j where j.payment_id = p.payment_id and j.account = 'cash')) or (p.reversed = false and (\
                 p.amount <> (select coalesce(sum(j.amount), 0) from journal j where j.payment_id = p.payment_id and j.account = 'cash') \
                 or p.on_account <> (select coalesce(-sum(j.amount), 0) from journal j where j.payment_id = p.payment_id and j.account = 'on_account') \
                 or (select coalesce(sum(a.gross), 0) from allocations a where a.payment_id = p.payment_id and a.reversed = false) \
                 <> (select coalesce(-sum(j.amount), 0) from journal j where j.payment_id = p.payment_id and j.account = 'receivable'))))",
    },
    Check {
        invariant: "currency_not_mixed",
        says: "a payment is put on invoices of its own currency only",
        checked: "select count(*) as value from allocations where reversed = false",
        broken: "select a.allocation_id as key from allocations a join invoices i on i.invoice_number = a.invoice_number where a.reversed = false and i.currency <> a.currency",
    },
    Check {
        invariant: "intake",
        says: "every receipt has its document and every document at least one receipt",
        checked: "select count(*) as value from documents",
        broken: "select d.document_id as key from documents d where not exists (select 1 from receipts r where r.document_id = d.document_id)",
    },
    Check {
        invariant: "one_effect",
        says: "the same bytes have at most one document that counts",
        checked: "select count(distinct sha256) as value from documents",
        broken: "select sha256 as key from documents where status <> 'duplicate' group by sha256 having count(*) > 1",
    },
    Check {
        invariant: "bank_money_once",
        says: "money at the bank is in at most one standing payment",
        checked: "select count(*) as value from bank_payments",
        broken: "select bank_payment_id as key from payments where bank_payment_id is not null and reversed = false group by bank_payment_id having count(*) > 1",
    },
    Check {
        invariant: "bank_money_kept",
        says: "the payment that took money of the bank was made of that money, to the cent",
        checked: "select count(*) as value from bank_payments where taken_by is not null",
        broken: "select b.payment_id as key from bank_payments b where b.taken_by is not null and not exists (select 1 from payments p where p.payment_id = b.taken_by and p.bank_payment_id = b.payment_id and p.reversed = false \
                 and p.amount = b.amount and p.currency = b.currency)",
    },
    Check {
        invariant: "judged",
        says: "every standing deduction has a verdict, a desk and an explanation",
        checked: "select count(*) as value from deductions where reversed = false",
        broken: "select deduction_id as key from deductions where reversed = false and (needs_verdict = true or category is null or queue is null or explanation is null or explanation = '')",
    },
    Check {
        invariant: "valid_amounts",
        says: "what is owed lies between nothing and the amount deducted",
        checked: "select count(*) as value from deductions where reversed = false",
        broken: "select deduction_id as key from deductions where reversed = false and amount > 0 and valid_amount is not null and (valid_amount < 0 or valid_amount > amount)",
    },
    Check {
        invariant: "evidence",
        says: "every decided verdict rests on evidence or says that there is none",
        checked: "select count(*) as value from deductions where reversed = false and validity in ('valid', 'partial', 'invalid')",
        broken: "select deduction_id as key from deductions where reversed = false and validity in ('valid', 'partial', 'invalid') and (evidence is null or evidence = '[]')",
    },
    Check {
        invariant: "claims_have_work",
        says: "every claim stands on standing deductions and carries a queue, unless it was merged or withdrawn",
        checked: "select count(*) as value from claims",
        broken: "select c.claim_id as key from claims c where c.queue = '' or (c.state not in ('merged', 'withdrawn') and not exists (select 1 from deductions d where d.claim_id = c.root_claim_id and d.reversed = false))",
    },
    Check {
        invariant: "claim_amounts",
        says: "claimed = accepted + disputed + written off + recovered + open, and no part is larger than the whole",
        checked: "select count(*) as value from claims",
        broken: "select claim_id as key from claims where amount >= 0 and (accepted < 0 or disputed < 0 or written_off < 0 or recovered < 0 or accepted + disputed + written_off + recovered > amount) \
                 or amount < 0 and (accepted > 0 or disputed > 0 or written_off > 0 or recovered > 0 or accepted + disputed + written_off + recovered < amount)",
    },
    Check {
        invariant: "claim_sums",
        says: "a claim and what was split off it sum to the deductions they stand on",
        checked: "select count(distinct root_claim_id) as value from claims",
        broken: "select c.root_claim_id as key from claims c group by c.root_claim_id having sum(c.amount) <> \
                 coalesce((select sum(d.amount) from deductions d where d.claim_id = c.root_claim_id and d.reversed = false), 0)",
    },
    Check {
        invariant: "claims_decided",
        says: "every decided or closed claim names who decided it and has the decision, and the approval it names, in the log",
        checked: "select count(*) as value from claims where status = 'decided' or state = 'closed'",
        broken: "select c.claim_id as key from claims c where (c.status = 'decided' or c.state = 'closed') and (c.decided_by is null \
                 or not exists (select 1 from audit a where a.subject = c.claim_id and a.actor = c.decided_by and a.action in ('decide', 'recover')) \
                 or (c.facts like '%\"approved_by\":\"%' and not exists (select 1 from audit a where a.subject = c.claim_id and a.action = 'approve')))",
    },
    Check {
        invariant: "claims_booked",
        says: "what was accepted, written off and recovered stands in the journal, each on its account",
        checked: "select count(*) as value from claims where worked = true",
        broken: "select c.claim_id as key from claims c where c.worked = true and (\
                 c.accepted <> coalesce((select sum(j.amount) from journal j where j.reference = c.claim_id and j.account = 'accepted_deductions'), 0) \
                 or c.written_off <> coalesce((select sum(j.amount) from journal j where j.reference = c.claim_id and j.account = 'written_off_deductions'), 0) \
                 or c.recovered <> coalesce((select sum(j.amount) from journal j where j.reference = c.claim_id and j.account = 'recovered_deductions'), 0))",
    },
];

#[derive(Deserialize)]
struct Key {
    key: String,
}

impl Store {
    /// Re-checks every invariant that the database alone can prove.
    pub async fn verify(&self) -> Result<Vec<Finding>> {
        let mut findings = Vec::with_capacity(CHECKS.len() + 2);
        for check in CHECKS {
            let broken: Vec<Key> = self.rows(check.broken, vec![]).await?;
            findings.push(Finding {
                invariant: check.invariant,
                says: check.says,
                checked: self.count(check.checked, vec![]).await?,
                broken: i64::try_from(broken.len()).unwrap_or(i64::MAX),
                examples: broken.into_iter().take(10).map(|row| row.key).collect(),
            });
        }
        findings.push(self.verify_summaries().await?);
        Ok(findings)
    }

    /// Walks the audit chain; the first entry that does not follow from the one before is named.
    pub async fn verify_audit(&self, digest: fn(&str) -> String) -> Result<Finding> {
        let mut finding =
            Finding { invariant: "audit_chain", says: "no entry of the audit log was changed, removed or moved", checked: 0, broken: 0, examples: Vec::new() };
        let (mut previous, mut sequence) = (String::new(), 0_i64);
        loop {
            let entries: Vec<crate::audit::AuditEntry> = self
                .rows(
                    "select sequence, at, actor, action, subject, detail, previous_hash, hash from audit where sequence > $1 order by sequence limit 5000",
                    vec![Value::Integer(sequence)],
                )
                .await?;
            if entries.is_empty() {
                return Ok(finding);
            }
            for entry in entries {
                finding.checked += 1;
                let broken = entry.sequence != sequence + 1 || entry.previous_hash != previous || digest(&entry.covered()) != entry.hash;
                if broken && finding.broken == 0 {
                    finding.broken = 1;
                    finding.examples.push(format!("entry {}", entry.sequence));
                }
                sequence = entry.sequence;
                previous = entry.hash;
            }
        }
    }
}
