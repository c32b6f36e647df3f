//! The command line keeps its promises to scripts: exit status, output, errors.

use std::process::Stdio;

use recoup_tests::{Place, project};
use serde_json::Value as Json;

#[test]
fn exit_statuses_are_those_of_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(folder.path());
    assert_eq!(place.run(&["no-such-command"]).status.code(), Some(2));
    assert_eq!(place.run(&["import"]).status.code(), Some(2), "a path is required");
    assert_eq!(place.run(&["import", "nowhere.csv"]).status.code(), Some(1));
    assert_eq!(place.run(&["ingest", "nowhere"]).status.code(), Some(1));
    assert_eq!(place.run(&["export", "everything"]).status.code(), Some(2));
    assert_eq!(place.run(&["verify"]).status.code(), Some(0));
    let mistyped = Place::embedded(&folder.path().join("nowhere")).run(&["verify"]);
    assert_eq!(mistyped.status.code(), Some(1), "a folder without a database is not an empty one");
    let wrong = Place { database: Some("mysql://x".to_owned()), ..place.clone() }.run(&["verify"]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("postgres://"));
}

#[test]
fn output_is_quiet_when_piped_and_one_json_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(folder.path());
    let reference = project().join("samples/reference");
    let output = place.run(&["import", "--json", &reference.to_string_lossy()]);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    let summary: Json = serde_json::from_slice(&output.stdout).expect("one JSON value");
    let invoices = summary["files"].as_array().expect("files").iter().find(|file| file["file"] == "invoices.csv").expect("invoices");
    assert_eq!(invoices["rows"], invoices["new"]);
    assert!(invoices["control_totals"].as_object().is_some_and(|totals| totals.keys().any(|key| key.starts_with("total_amount"))));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(folder.path());
    place.must(&["import", &project().join("samples/reference").to_string_lossy()]);
    let mut child = place.command(&["export", "customers"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What a command says when it fails with status 1.
fn failed(place: &Place, arguments: &[&str]) -> String {
    let output = place.run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_person_changes_role_or_leaves_and_the_last_administrator_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(folder.path());
    assert!(place.add_person("ada", "administrator", "correct horse battery").status.success());
    assert!(place.add_person("sam", "analyst", "correct horse battery").status.success());
    assert!(failed(&place, &["user", "disable", "ada"]).contains("the last administrator"));
    assert!(failed(&place, &["user", "role", "ada", "analyst"]).contains("the last administrator"));
    assert!(failed(&place, &["user", "role", "nobody", "analyst"]).contains("there is no `nobody`"));
    assert_eq!(place.run(&["user", "role", "sam", "king"]).status.code(), Some(2), "a role is one of the known ones");
    place.must(&["user", "role", "sam", "administrator"]);
    place.must(&["user", "disable", "ada"]);
    assert!(failed(&place, &["user", "limit", "ada", "--outcome", "accept", "--currency", "EUR", "--amount", "5"]).contains("was disabled"));
    let listed: Json = serde_json::from_str(&place.must(&["user", "list", "--json"])).expect("JSON");
    let shown: Vec<(&str, &str, bool)> = listed["users"]
        .as_array()
        .expect("users")
        .iter()
        .map(|user| (user["login"].as_str().unwrap_or_default(), user["role"].as_str().unwrap_or_default(), user["active"] == true))
        .collect();
    assert_eq!(shown, [("ada", "administrator", false), ("sam", "administrator", true)]);
    place.must(&["verify"]);
}

#[test]
fn what_can_not_be_done_is_an_error_that_names_the_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(&folder.path().join("data"));
    place.must(&["import", &project().join("samples/reference").to_string_lossy()]);
    place.must(&["ingest", &project().join("samples/documents/pinecrest_ne_0804.tsv").to_string_lossy()]);
    let letter = folder.path().join("letter.txt");
    std::fs::write(&letter, "Dear all,\nthe office is closed on Friday.\n").expect("written");
    place.must(&["ingest", &letter.to_string_lossy()]);
    assert!(failed(&place, &["export", "deductions", "--customer", "NOPE"]).contains("`NOPE` is no customer on file"));
    let nowhere = folder.path().join("no/such/folder");
    assert!(failed(&place, &["export", "deductions", "--out", &nowhere.join("x.csv").to_string_lossy()]).contains("there is no folder"));
    assert!(!folder.path().join("no").exists(), "a mistyped folder is not made");
    assert!(failed(&place, &["serve", "--listen", "127.0.0.1:0", "--watch", &nowhere.to_string_lossy()]).contains("can't be watched"));
    assert!(failed(&place, &["confirm", "letter.txt"]).contains("there is nothing to confirm on letter.txt"));
    place.must(&["ingest", &project().join("samples/documents/Zahlungsavis_ZR-26-0914.pdf").to_string_lossy()]);
    assert!(place.must(&["confirm", "Zahlungsavis_ZR-26-0914.pdf"]).contains("1 table confirmed"));
    assert!(failed(&place, &["explain", "NOPE-1"]).contains("`NOPE-1` is no document, deduction, claim, payment or invoice on file"));
    let letter = place.must(&["explain", "letter.txt"]);
    assert!(!letter.contains("a other") && !letter.contains("0.000") && !letter.contains("no reason stored"), "{letter}");
}

#[test]
fn payments_and_invoices_are_explained_to_the_cent() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(folder.path());
    place.must(&["import", &project().join("samples/reference").to_string_lossy()]);
    place.must(&["ingest", &project().join("samples/documents/pinecrest_ne_0804.tsv").to_string_lossy()]);
    let payment = place.must(&["explain", "PAY-20260011"]);
    for part in [
        "PAY-20260011: 12898.90 USD of ",
        "from      pinecrest_ne_0804.tsv",
        "paid      429.84 USD INV-260532 (gross 659.52 USD - discount 0.00 USD - deducted 229.68 USD)",
        "held back 229.68 USD C-",
        "sum       12898.90 USD = paid 13667.68 USD + on account 0.00 USD - stand-alone deductions 768.78 USD: holds",
    ] {
        assert!(payment.contains(part), "{part}: {payment}");
    }
    let invoice = place.must(&["explain", "INV-260532"]);
    for part in ["INV-260532: 659.52 USD billed to US110 on ", "paid      429.84 USD by PAY-20260011", "held back 229.68 USD C-", "open      "] {
        assert!(invoice.contains(part), "{part}: {invoice}");
    }
    let told: Json = serde_json::from_str(&place.must(&["explain", "PAY-20260011", "--json"])).expect("JSON");
    assert_eq!((told["conservation_holds"].as_bool(), told["deductions"].as_array().map(Vec::len)), (Some(true), Some(4)));
    let reference = place.export("deductions").iter().find_map(|row| row["remittance_reference"].as_str().map(str::to_owned)).expect("the advice has a number");
    assert_eq!(place.must(&["explain", &reference]), payment, "by its reference");
    assert!(place.must(&["explain", "QUK261020"]).contains("by no payment yet"));
}

#[test]
fn people_are_added_with_a_password_from_standard_input_that_is_kept_as_a_hash() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(folder.path());
    let add = |login: &str, password: &str| place.add_person(login, "manager", password);
    assert!(add("Mara@Example", "correct horse battery").status.success());
    assert_eq!(add("mara@example", "correct horse battery").status.code(), Some(1), "the same address in another case is the same person");
    assert_eq!(add("short", "secret").status.code(), Some(1));
    let listed: Json = serde_json::from_str(&place.must(&["user", "list", "--json"])).expect("JSON");
    assert_eq!(listed["users"][0]["role"], "manager");
    let database = std::fs::read(place.data.join("recoup.sqlite")).expect("the database");
    assert!(!database.windows(13).any(|window| window == b"correct horse"), "the password itself is never kept");
}

#[test]
fn a_payment_on_account_is_put_on_open_items_in_a_named_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(&folder.path().join("data"));
    let reference = folder.path().join("reference");
    std::fs::create_dir_all(&reference).expect("a folder");
    std::fs::write(reference.join("customers.csv"), "customer_id,name,currency\nC1,Greenfield Foods Ltd,GBP\n").expect("written");
    let invoices = "invoice_number,customer_id,issue_date,due_date,currency,total_amount\nA1,C1,2026-05-01,2026-08-01,GBP,100.00\nA2,C1,2026-06-01,2026-06-15,GBP,300.00\nA3,C1,2026-04-01,2026-09-01,GBP,70.00\n";
    std::fs::write(reference.join("invoices.csv"), invoices).expect("written");
    std::fs::write(reference.join("payments.csv"), "payment_id,received_on,payer_name,amount,currency\nPAY-1,2026-09-10,Greenfield Foods Ltd,150.00,GBP\n")
        .expect("written");
    place.must(&["import", &reference.to_string_lossy()]);
    place.must(&["process"]);
    let paid = |place: &Place| {
        place.export("allocations").iter().map(|row| format!("{} {} {}", row["invoice_number"], row["paid_amount"], row["method"])).collect::<Vec<_>>()
    };
    assert!(paid(&place).is_empty(), "no combination makes 150.00, so nobody picks");
    place.must(&["allocate", "PAY-1", "--strategy", "oldest"]);
    assert_eq!(paid(&place), [r#""A3" "70.00" "strategy""#, r#""A1" "80.00" "strategy""#]);
    assert_eq!(place.run(&["allocate", "PAY-1", "--strategy", "largest"]).status.code(), Some(1), "it no longer stands on account");
    place.must(&["verify"]);
}

#[test]
fn rules_are_written_changed_tried_on_the_past_and_published() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(&folder.path().join("data"));
    place.must(&["import", &project().join("samples/reference").to_string_lossy()]);
    place.must(&["ingest", &project().join("samples/documents/pinecrest_ne_0804.tsv").to_string_lossy()]);
    let draft = folder.path().join("draft");
    let draft = draft.to_string_lossy();
    place.must(&["rules", "write", &draft]);
    assert!(place.must(&["rules", "check", &draft]).starts_with("0 findings"));
    let same: serde_json::Value = serde_json::from_str(&place.must(&["rules", "backtest", &draft, "--json"])).expect("JSON");
    assert!(same["decided"].as_u64().is_some_and(|decided| decided > 0) && same["changes"] == serde_json::json!([]), "{same}");
    let version_before = place.must(&["export", "audit", "--format", "jsonl"]);
    // Every invalid claim goes to finance.
    let routing = format!("{draft}/routing.csv");
    let text = std::fs::read_to_string(&routing).expect("the routing table");
    std::fs::write(&routing, text.replace("invalid,,,,invalid|partial,,owner", "invalid,,,,invalid|partial,,finance")).expect("written");
    let changed: serde_json::Value = serde_json::from_str(&place.must(&["rules", "backtest", &draft, "--json"])).expect("JSON");
    let moved = changed["changes"].as_array().expect("changes");
    assert!(!moved.is_empty() && moved.iter().all(|change| change["after"]["queue"] == "finance" && change["before"]["queue"] != "finance"), "{changed}");
    // Its own examples say otherwise, so that it can't be published by accident.
    assert_eq!(place.run(&["rules", "publish", &draft]).status.code(), Some(2), "somebody answers for it");
    let unknown = place.run(&["rules", "publish", &draft, "--by", "maria"]);
    assert!(unknown.status.code() == Some(1) && String::from_utf8_lossy(&unknown.stderr).contains("there is no `maria`"));
    assert!(place.add_person("maria", "manager", "correct horse battery").status.success());
    let refused = place.run(&["rules", "publish", &draft, "--by", "maria"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("examples are decided otherwise"));
    for name in example_tables() {
        std::fs::write(format!("{draft}/examples/{name}"), EXAMPLE_HEAD).expect("written");
    }
    let deduction = place.export("deductions").into_iter().find(|row| row["validity"] == "invalid").expect("an invalid deduction");
    let id = deduction["deduction_id"].as_str().expect("an id").to_owned();
    place.must(&["rules", "publish", &draft, "--by", "maria"]);
    // What was decided keeps the rules that decided it, and the same answer.
    assert!(place.must(&["explain", &id]).contains("run again: the same decision"));
    place.must(&["process", "--again"]);
    let after = place.export("deductions").into_iter().find(|row| row["deduction_id"] == id.as_str()).expect("the same deduction");
    assert_eq!(after["queue"], "finance");
    assert!(place.must(&["explain", &id]).contains("before    "), "what it said before is kept");
    let audit = place.must(&["export", "audit", "--format", "jsonl"]);
    assert!(audit.len() > version_before.len() && audit.contains("rule book published") && audit.contains("maria"));
    place.must(&["verify"]);
}

const EXAMPLE_HEAD: &str = "case,customer,terms,billed,on_file,paid_on,shape,held_back,code,words,category,expectation,validity,owed,queue,rule\n";

/// The example tables of whole decisions, by name; what a claim is worth has columns of its own.
fn example_tables() -> Vec<String> {
    let entries = std::fs::read_dir(project().join("rules/books/default/examples")).expect("examples");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).filter(|name| name != "small_claims.csv").collect()
}

#[test]
fn one_folder_is_served_by_one_process_which_the_second_one_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(&folder.path().join("data"));
    place.must(&["import", &project().join("samples/reference/customers.csv").to_string_lossy()]);
    let mut first = place.command(&["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let mut said = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(first.stdout.take().expect("its output")), &mut said).expect("a line");
    let second = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    let refused = String::from_utf8_lossy(&second.stderr).into_owned();
    let process = first.id();
    first.kill().expect("stopped");
    first.wait().expect("ended");
    assert_eq!(second.status.code(), Some(1), "{refused}");
    assert!(refused.contains(&format!("served already by process {process}")), "{refused}");
}

#[test]
fn an_import_keeps_what_the_file_does_not_speak_of_and_counts_lines_of_any_ending() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = Place::embedded(&folder.path().join("data"));
    let import = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        place.run(&["import", &path.to_string_lossy()])
    };
    assert!(import("customers.csv", "customer_id,name,currency,payment_terms,discount_grace_days\nC1,Greenfield,GBP,2/10 net 30,3\n").status.success());
    let again = String::from_utf8(import("customers.csv", "customer_id,name,currency\r\nC1,Greenfield,GBP\r\n").stdout).expect("text");
    assert!(again.contains("0 changed") && again.contains("1 unchanged"), "{again}");
    let renamed = import("customers.csv", "customer_id,name,currency\r\nC1,Greenfield Foods,GBP\r\nC2,Ashlar,GBPP\r\n");
    assert!(String::from_utf8_lossy(&renamed.stdout).contains("1 changed"));
    assert!(String::from_utf8_lossy(&renamed.stderr).contains("customers.csv:3: column `currency`"), "{}", String::from_utf8_lossy(&renamed.stderr));
    let audit = place.export("audit");
    let after = audit.iter().find(|row| row["subject"] == "customers.csv: C1").map(|row| row["detail"].to_string()).expect("the change is logged");
    assert!(after.contains("2/10 net 30") && after.contains("Greenfield Foods"), "what the file did not speak of is kept: {after}");
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    let refused = place.run(&["rules", "check", &empty.to_string_lossy()]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("no file of a rule book"));
}

#[test]
fn the_demo_tells_a_history_that_holds_and_leaves_something_for_everybody() {
    let folder = tempfile::tempdir().expect("a folder");
    let books = folder.path().join("books");
    let demo = |data: &std::path::Path| {
        let mut command = std::process::Command::new(recoup_tests::program());
        command.current_dir(folder.path()).arg("--data").arg(data).args(["demo", "--no-serve"]).output().expect("it starts")
    };
    std::fs::create_dir(&books).expect("a folder");
    std::fs::write(books.join("recoup.sqlite"), "somebody's books").expect("written");
    let refused = demo(&books);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("holds data that no demo made"));
    assert_eq!(std::fs::read_to_string(books.join("recoup.sqlite")).expect("kept"), "somebody's books");

    let data = folder.path().join("shown");
    let output = demo(&data);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("/approvals"), "it says what to look at first");
    let place = Place::embedded(&data);
    assert!(place.must(&["verify", "--json"]).contains("\"clean\":true"));
    let claims = place.export("claims");
    let states: std::collections::BTreeSet<&str> = claims.iter().filter_map(|claim| claim["state"].as_str()).collect();
    assert!(claims.len() > 400, "{} claims", claims.len());
    for state in ["new", "in_review", "waiting", "awaiting_approval", "accepted", "partly_accepted", "disputed", "recovered", "written_off"] {
        assert!(states.contains(state), "{state} is missing among {states:?}");
    }
    let left = place.export("payments").iter().filter(|payment| payment["on_account_amount"] != "0.00" && payment["status"] != "reversed").count();
    assert!(left >= 3, "{left} payments to match");
    let reviewed = place.export("documents").iter().filter(|document| document["status"] == "needs_review").count();
    assert!(reviewed >= 3, "{reviewed} documents to review");
}
