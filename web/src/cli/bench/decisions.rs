//! Benchmarks of matching and deciding: lines against open items, lump sums, a draft of the rules on the past.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use recoup_engine::matching::combination::{Choice, search};
use recoup_engine::matching::{OpenItem, OpenItems};
use recoup_rules::edition::Edition;
use serde_json::{Value as Json, json};

use crate::desk::backtest;
use crate::desk::runs::Course;
use crate::workplace::Workplace;

/// Lines found by their literal numbers among as many open items, on one core; building the index is part of the time.
pub(super) fn matching(size: usize) -> Result<Json> {
    let (currency, issue_date) = ("GBP".parse()?, "2026-06-01".parse()?);
    let item = |number: usize| OpenItem {
        invoice_number: format!("BN{number:08}"),
        customer_id: "C1".to_owned(),
        currency,
        issue_date,
        due_date: None,
        payment_terms: None,
        purchase_order: None,
        delivery_note: None,
        total: 10_000,
        open: 10_000,
    };
    let items: Vec<OpenItem> = (0..size).map(item).collect();
    let references: Vec<String> = (0..size).rev().map(|number| format!("BN{number:08}")).collect();
    let started = Instant::now();
    let index = OpenItems::new(items);
    let found = references.iter().filter(|reference| index.find(reference).is_some()).count();
    let seconds = started.elapsed().as_secs_f64();
    anyhow::ensure!(found == size, "{found} of {size} lines were matched");
    Ok(json!({ "open_items": size, "lines": size, "lines_per_second": (size as f64 / seconds).round() }))
}

/// Milliseconds to search a lump sum among 200 open items, each with and without a discount: the median and the worst of 100 sums.
pub(super) fn lump_sums() -> Json {
    // A fixed sequence of amounts that look random: the same search at every run.
    let mut state = 20_260_101_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut milliseconds: Vec<f64> = (0..100)
        .map(|round| {
            let choices: Vec<Vec<Choice>> = (0..200)
                .map(|item| {
                    let amount = 10_000 + i64::try_from(next(990_000)).unwrap_or(0);
                    vec![Choice { item, amount }, Choice { item, amount: amount - amount / 50 }]
                })
                .collect();
            let items = 1 + round % 6;
            let target: i64 = (0..items).map(|part| choices[(part * 31 + round) % 200][0].amount).sum();
            let started = Instant::now();
            std::hint::black_box(search(&choices, target, 6));
            started.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    milliseconds.sort_by(f64::total_cmp);
    let rounded = |value: f64| (value * 100.0).round() / 100.0;
    json!({ "open_items": 200, "median_milliseconds": rounded(milliseconds[50]), "worst_milliseconds": rounded(milliseconds[99]) })
}

/// Seconds to replay every past deduction of a workplace by the book in force and by the same book as a draft.
pub(super) async fn replay(workplace: &Workplace) -> Result<Json> {
    let started = Instant::now();
    let report = backtest::run(workplace, &Edition::compiled_in().book()?, &Course::default()).await?.context("the backtest was stopped")?;
    anyhow::ensure!(report.changes.is_empty(), "the same book decides {} deductions otherwise", report.changes.len());
    Ok(json!({ "deductions": report.decided, "seconds": (started.elapsed().as_secs_f64() * 10.0).round() / 10.0 }))
}

/// An advice whose every line is short, so that each leaves a deduction.
pub(super) fn short_advice(folder: &Path, count: usize) -> Result<std::path::PathBuf> {
    use std::fmt::Write as _;
    let mut text = String::new();
    let mut total = 0_i64;
    for number in 0..count {
        let gross = i64::try_from((100 + number % 900) * 100 + number % 100)?;
        let net = gross - 1234;
        total += net;
        writeln!(text, "BN{number:08},{}.{:02},12.34,{}.{:02},Short received", gross / 100, gross % 100, net / 100, net % 100)?;
    }
    let head = format!(
        "Remittance advice\nPayer,Bench Retail Ltd\nPayment reference,BENCH-2\nPayment date,2026-06-20\nTotal paid,{}.{:02},GBP\n\nInvoice,Gross amount,Deduction,Net amount,Reason\n",
        total / 100,
        total % 100
    );
    let path = folder.join("short.csv");
    std::fs::write(&path, head + &text)?;
    Ok(path)
}
