//! Kept summaries: what claims and deductions sum to by queue, person, day, category and customer, so that no screen counts the rows themselves.
//!
//! A unit of work touches rows before it changes them: they are taken out of the sums as they stood, and counted again when it commits. [`FACETS`] and
//! [`MEASURES`] alone say what is summed; keeping, checking and making the sums anew all read them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::verify::Finding;
use crate::{Result, Store, Value, Work};

/// The rows that a facet sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rows {
    Claims,
    Deductions,
}

/// One way to sum: by `key`, the queue, `detail` and the currency. All are SQL over the columns of its [`Rows`].
struct Facet {
    name: &'static str,
    of: Rows,
    key: &'static str,
    detail: &'static str,
    amount: &'static str,
    when: &'static str,
}

const UNFINISHED: &str = "unfinished = 1";
const FACETS: [Facet; 16] = [
    Facet { name: "stage", of: Rows::Claims, key: "stage", detail: "person", amount: "amount", when: "1 = 1" },
    Facet { name: "parked", of: Rows::Claims, key: "wake_on", detail: "person", amount: "amount", when: "stage = 'parked'" },
    Facet { name: "since", of: Rows::Claims, key: "paid", detail: "person", amount: "amount", when: UNFINISHED },
    Facet { name: "late", of: Rows::Claims, key: "work_by", detail: "person", amount: "amount", when: "unfinished = 1 and work_by <> ''" },
    Facet { name: "overdue", of: Rows::Claims, key: "work_by", detail: "''", amount: "amount", when: "unfinished = 1 and work_by <> ''" },
    Facet { name: "age", of: Rows::Claims, key: "paid", detail: "''", amount: "amount", when: UNFINISHED },
    Facet { name: "due", of: Rows::Claims, key: "dispute_by", detail: "''", amount: "amount", when: "unfinished = 1 and dispute_by <> ''" },
    Facet { name: "bare", of: Rows::Claims, key: "''", detail: "''", amount: "amount", when: "unfinished = 1 and pieces <= 1" },
    Facet { name: "opened", of: Rows::Claims, key: "paid", detail: "''", amount: "amount", when: "1 = 1" },
    Facet { name: "decided", of: Rows::Claims, key: "decided_on", detail: "''", amount: "amount", when: "decided_on <> ''" },
    Facet { name: "results", of: Rows::Claims, key: "''", detail: "case when recovered <> 0 then 'won' else 'lost' end", amount: "recovered", when: ENDED },
    Facet { name: "checked", of: Rows::Claims, key: "''", detail: "case when recovered <> 0 then 'wrong' else 'right' end", amount: "amount", when: CHECKED },
    Facet { name: "bunched", of: Rows::Claims, key: "''", detail: "''", amount: "amount", when: BUNCHED },
    Facet { name: "said", of: Rows::Claims, key: "cast(confidence / 100 as text)", detail: TURNED_OUT, amount: "confidence", when: DECIDED_BY_A_PERSON },
    Facet { name: "incurred", of: Rows::Deductions, key: "paid", detail: "''", amount: "amount", when: "1 = 1" },
    Facet { name: "judged", of: Rows::Deductions, key: "''", detail: "closed_by", amount: "amount", when: "judged = 1" },
];

/// Claims that came to an end in money: it came back, or it was given up.
const ENDED: &str = "(recovered <> 0 or written_off <> 0)";

/// Claims that would have been let go, were drawn to be checked (see `recoup_rules::small_claims::CHECKED`) and are finished.
const CHECKED: &str = "routing_rule = 'small-claim-checked' and (recovered <> 0 or written_off <> 0 or accepted <> 0)";

/// Open claims that stand among others right under the limit of small claims (see `recoup_rules::small_claims::BUNCHED`).
const BUNCHED: &str = "unfinished = 1 and routing_rule = 'small-claims-bunched'";

/// Claims of one deduction whose verdict said what is owed before a person decided, and nobody told it the category. Writing off says nothing of who is right.
const DECIDED_BY_A_PERSON: &str = "unfinished = 0 and decided_by is not null and written_off = 0 and suggested in ('valid', 'partial', 'invalid') and category_said is null and amount = held_back";
/// What the person accepted is what the verdict said.
const TURNED_OUT: &str = "case when accepted = suggested_amount then 'right' else 'wrong' end";

/// A sum that is kept for every category, as the facet `category`, and for every customer, as `customer`: `detail` names it.
struct Measure {
    of: Rows,
    detail: &'static str,
    amount: &'static str,
    when: &'static str,
}

const MEASURES: [Measure; 11] = [
    Measure { of: Rows::Claims, detail: "'open'", amount: "amount", when: UNFINISHED },
    Measure { of: Rows::Claims, detail: "'accepted'", amount: "accepted", when: "accepted <> 0" },
    Measure { of: Rows::Claims, detail: "'disputed'", amount: "disputed", when: "disputed <> 0" },
    Measure { of: Rows::Claims, detail: "'written_off'", amount: "written_off", when: "written_off <> 0" },
    Measure { of: Rows::Claims, detail: "'recovered'", amount: "recovered", when: "recovered <> 0" },
    Measure { of: Rows::Claims, detail: "'lost'", amount: "amount", when: "recovered = 0 and written_off <> 0" },
    Measure { of: Rows::Deductions, detail: "'taken'", amount: "amount", when: "judged = 1" },
    Measure { of: Rows::Deductions, detail: "'unexpected'", amount: "amount", when: "expectation = 'unexpected'" },
    Measure { of: Rows::Deductions, detail: "validity", amount: "amount", when: "judged = 1" },
    Measure { of: Rows::Deductions, detail: "'owed'", amount: "owed", when: "owed <> 0" },
    Measure { of: Rows::Deductions, detail: "'not_owed'", amount: "amount - owed", when: "validity in ('invalid', 'partial')" },
];

const NAMES: [&str; 7] = ["facet", "key", "queue", "detail", "currency", "members", "amount"];

/// Which facets are asked for: all of them, unless they are named.
type Wanted<'a> = Option<&'a [&'a str]>;

fn is_wanted(wanted: Wanted<'_>, facet: &str) -> bool {
    wanted.is_none_or(|wanted| wanted.contains(&facet))
}

/// The rows behind the sums, with the columns that the wanted facets speak of: what counts pieces of evidence reads all of it. A day that is not known is blank; some were once written as year 0.
fn chosen(of: Rows, which: &str, wanted: Wanted<'_>) -> String {
    let day = |column: &str| format!("case when {column} > '1000' then {column} else '' end");
    let pieces = "(length(coalesce(d.evidence, '')) - length(replace(coalesce(d.evidence, ''), '\"kind\":\"', ''))) / 8";
    match of {
        Rows::Claims => format!(
            "select c.currency, c.queue, coalesce(c.assignee, '') as person, case when c.state = 'waiting' then 'waiting_' || coalesce(c.waiting_on, '') else c.state end as stage, \
             case when c.status in ('open', 'waiting') then 1 else 0 end as unfinished, {} as dispute_by, {} as work_by, coalesce(c.wake_on, '') as wake_on, {} as paid, {} as decided_on, \
             {} as pieces, c.category, coalesce(c.customer_id, '') as customer, d.routing_rule, \
             c.decided_by, d.validity as suggested, coalesce(d.valid_amount, 0) as suggested_amount, d.category_said, d.amount as held_back, coalesce(d.confidence, 0) as confidence, \
             c.amount, c.accepted, c.disputed, c.written_off, c.recovered \
             from claims c join deductions d on d.deduction_id = c.deduction_id where c.state not in ('merged', 'withdrawn'){which}",
            day("c.dispute_by"),
            day("c.work_by"),
            day("c.opened_on"),
            day("c.decided_on"),
            if is_wanted(wanted, "bare") { pieces } else { "0" },
        ),
        Rows::Deductions => format!(
            "select d.currency, coalesce(d.queue, '') as queue, {} as paid, case when d.category is null then 0 else 1 end as judged, case when d.claim_id is null then 'rule' else 'person' end as closed_by, \
             coalesce(d.category, '') as category, coalesce(d.customer_id, '') as customer, d.expectation, coalesce(d.validity, '') as validity, d.amount, coalesce(d.valid_amount, 0) as owed \
             from deductions d join payments p on p.payment_id = d.payment_id where d.reversed = false{which}",
            day("p.payment_date"),
        ),
    }
}

/// The sums of these rows, as the table keeps them; `None` where no wanted facet is of such rows. `which` narrows the rows: blank, or ` and …`.
fn summed(of: Rows, which: &str, wanted: Wanted<'_>) -> Option<String> {
    let one = |name: &str, key: &str, detail: &str, amount: &str, when: &str| {
        format!(
            "select '{name}' as facet, {key} as key, queue, {detail} as detail, currency, count(*) as members, cast(sum({amount}) as bigint) as amount from chosen where {when} group by 2, 3, 4, 5"
        )
    };
    let facets = FACETS
        .iter()
        .filter(|facet| facet.of == of && is_wanted(wanted, facet.name))
        .map(|facet| one(facet.name, facet.key, facet.detail, facet.amount, facet.when));
    let measures = MEASURES.iter().filter(|measure| measure.of == of);
    let measured = measures.flat_map(|measure| {
        ["category", "customer"].into_iter().filter(|by| is_wanted(wanted, by)).map(|by| one(by, by, measure.detail, measure.amount, measure.when))
    });
    let parts: Vec<String> = facets.chain(measured).collect();
    (!parts.is_empty()).then(|| format!("with chosen as materialized ({}) {}", chosen(of, which, wanted), parts.join(" union all ")))
}

/// The measures of rows that name their `key` themselves, as figures; the rows have the columns that [`MEASURES`] speak of.
pub(crate) fn measured(of: Rows, rows: &str) -> String {
    let one = |measure: &Measure| {
        let Measure { detail, amount, when, .. } = measure;
        format!(
            "select key, '' as queue, {detail} as detail, currency, count(*) as count, cast(sum({amount}) as bigint) as amount, cast(null as text) as first_key \
             from chosen where {when} group by 1, 3, 4"
        )
    };
    let parts: Vec<String> = MEASURES.iter().filter(|measure| measure.of == of).map(one).collect();
    format!("with chosen as materialized ({rows}) {}", parts.join(" union all "))
}

/// The wanted sums, made of the rows, narrowed for claims and for deductions.
fn made_anew(which: [&str; 2], wanted: Wanted<'_>) -> String {
    let parts = [summed(Rows::Claims, which[0], wanted), summed(Rows::Deductions, which[1], wanted)];
    parts.into_iter().flatten().map(|sums| format!("select * from ({sums}) as part")).collect::<Vec<_>>().join(" union all ")
}

/// What names a sum: facet, key, queue, detail, currency.
type Name = [String; 5];

/// What a unit of work did to the sums so far.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    claims: BTreeSet<String>,
    deductions: BTreeSet<String>,
    /// Members and minor units.
    changes: BTreeMap<Name, (i64, i64)>,
}

/// A sum as it is kept.
#[derive(Debug, Deserialize)]
pub(crate) struct SumRow {
    pub facet: String,
    pub key: String,
    pub queue: String,
    pub detail: String,
    pub currency: String,
    pub members: i64,
    pub amount: i64,
}

#[derive(Deserialize)]
struct Id {
    id: String,
}

impl Work {
    /// Says that these claims are about to change. Every statement that opens, changes or removes claims stands behind it.
    pub(crate) async fn touch_claims(&mut self, claim_ids: &[String]) -> Result<()> {
        let new: Vec<String> = claim_ids.iter().filter(|id| !self.touched.claims.contains(*id)).cloned().collect();
        self.lock_rows("select claim_id as id from claims where claim_id in ({keys}) order by claim_id for update", &new).await?;
        self.sum(Rows::Claims, &new, -1).await?;
        self.touched.claims.extend(new);
        Ok(())
    }

    /// Says that these deductions are about to change; the claims that were opened for them are summed by what they say.
    pub(crate) async fn touch_deductions(&mut self, deduction_ids: &[String]) -> Result<()> {
        let new: Vec<String> = deduction_ids.iter().filter(|id| !self.touched.deductions.contains(*id)).cloned().collect();
        // Claims before their deductions, as everywhere: two people never wait for each other.
        let claims: Vec<Id> = self.rows_for("select claim_id as id from claims where deduction_id in ({keys})", &new).await?;
        self.touch_claims(&claims.into_iter().map(|claim| claim.id).collect::<Vec<_>>()).await?;
        self.lock_rows("select deduction_id as id from deductions where deduction_id in ({keys}) order by deduction_id for update", &new).await?;
        self.sum(Rows::Deductions, &new, -1).await?;
        self.touched.deductions.extend(new);
        Ok(())
    }

    /// The same for the claims that a condition on `$1` finds.
    pub(crate) async fn touch_claims_where(&mut self, condition: &str, value: &str) -> Result<()> {
        let ids: Vec<Id> = self.rows(&format!("select claim_id as id from claims where {condition}"), vec![value.into()]).await?;
        self.touch_claims(&ids.into_iter().map(|row| row.id).collect::<Vec<_>>()).await
    }

    /// The same for the deductions that a condition on `$1` finds.
    pub(crate) async fn touch_deductions_where(&mut self, condition: &str, value: &str) -> Result<()> {
        let ids: Vec<Id> = self.rows(&format!("select deduction_id as id from deductions where {condition}"), vec![value.into()]).await?;
        self.touch_deductions(&ids.into_iter().map(|row| row.id).collect::<Vec<_>>()).await
    }

    /// Others must not change a row between its being taken out of the sums and being counted again. On SQLite nobody else writes.
    async fn lock_rows(&mut self, sql: &str, keys: &[String]) -> Result<()> {
        if self.is_sqlite() {
            return Ok(());
        }
        self.rows_for::<Id>(sql, keys).await.map(drop)
    }

    /// Adds what these rows sum to now, or takes it away.
    async fn sum(&mut self, of: Rows, keys: &[String], sign: i64) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        let which = match of {
            Rows::Claims => " and c.claim_id in ({keys})",
            Rows::Deductions => " and d.deduction_id in ({keys})",
        };
        let Some(sql) = summed(of, which, None) else { return Ok(()) };
        let rows: Vec<SumRow> = self.rows_for(&sql, keys).await?;
        for row in rows {
            let change = self.touched.changes.entry([row.facet, row.key, row.queue, row.detail, row.currency]).or_default();
            *change = (change.0 + sign * row.members, change.1 + sign * row.amount);
        }
        Ok(())
    }

    /// Writes what changed, in the order of the names, so that two units of work never wait for each other.
    pub(crate) async fn keep_summaries(&mut self) -> Result<()> {
        let Touched { claims, deductions, .. } = &self.touched;
        let (claims, deductions): (Vec<String>, Vec<String>) = (claims.iter().cloned().collect(), deductions.iter().cloned().collect());
        self.sum(Rows::Claims, &claims, 1).await?;
        self.sum(Rows::Deductions, &deductions, 1).await?;
        let changes = std::mem::take(&mut self.touched).changes;
        let rows: Vec<Vec<Value>> = changes
            .into_iter()
            .filter(|(_, change)| *change != (0, 0))
            .map(|(name, (members, amount))| name.into_iter().map(Value::from).chain([members.into(), amount.into()]).collect())
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        let added = "on conflict (facet, key, queue, detail, currency) do update set members = summaries.members + excluded.members, amount = summaries.amount + excluded.amount";
        self.insert("summaries", &NAMES, rows, added).await?;
        self.execute("delete from summaries where members = 0 and amount = 0", vec![]).await.map(drop)
    }

    /// Makes all sums anew; returns how many there are.
    pub async fn rebuild_summaries(&mut self) -> Result<i64> {
        // Whoever commits meanwhile waits, and adds to the new sums.
        if !self.is_sqlite() {
            self.execute("lock table summaries in exclusive mode", vec![]).await?;
        }
        self.execute("delete from summaries", vec![]).await?;
        self.execute(&format!("insert into summaries ({}) {}", NAMES.join(", "), made_anew(["", ""], None)), vec![]).await?;
        self.touched = Touched::default();
        self.count("select count(*) as value from summaries", vec![]).await
    }
}

impl Store {
    /// Some sums of one customer, made of its rows: few enough to be counted when they are asked for.
    pub(crate) async fn sums_of_customer(&self, customer_id: &str, facets: &[&str]) -> Result<Vec<SumRow>> {
        self.rows(&made_anew([" and c.customer_id = $1", " and d.customer_id = $1"], Some(facets)), vec![customer_id.into()]).await
    }

    /// Compares every kept sum with the rows it sums.
    pub(crate) async fn verify_summaries(&self) -> Result<Finding> {
        let columns = "facet, key, queue, detail, currency, members, amount";
        let differences = format!(
            "select facet || ' ' || key || ' ' || queue || ' ' || detail || ' ' || currency as id from (select {columns} from summaries \
             union all select facet, key, queue, detail, currency, -members, -amount from ({}) as made) as compared \
             group by facet, key, queue, detail, currency having sum(members) <> 0 or sum(amount) <> 0 order by 1",
            made_anew(["", ""], None)
        );
        let broken: Vec<Id> = self.rows(&differences, vec![]).await?;
        Ok(Finding {
            invariant: "summaries",
            says: "what is kept of counts and sums is what the claims and deductions come to; `recoup rebuild` mends it",
            checked: self.count("select count(*) as value from summaries", vec![]).await?,
            broken: i64::try_from(broken.len()).unwrap_or(i64::MAX),
            examples: broken.into_iter().take(10).map(|row| row.id).collect(),
        })
    }
}
