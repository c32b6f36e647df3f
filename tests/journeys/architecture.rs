//! Who may import what.

use std::path::Path;
use std::process::Command;

use recoup_tests::project;
use serde_json::Value as Json;

/// The dependencies of a member, by name.
fn dependencies(metadata: &Json, member: &str) -> Vec<String> {
    let package =
        metadata["packages"].as_array().expect("packages").iter().find(|package| package["name"] == member).unwrap_or_else(|| panic!("{member} is a member"));
    package["dependencies"]
        .as_array()
        .expect("dependencies")
        .iter()
        .filter(|dependency| dependency["kind"].is_null())
        .map(|dependency| dependency["name"].as_str().expect("a name").to_owned())
        .collect()
}

#[test]
fn members_import_only_what_the_architecture_allows() {
    let output =
        Command::new(env!("CARGO")).args(["metadata", "--no-deps", "--format-version", "1", "--offline"]).current_dir(project()).output().expect("cargo");
    let metadata: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    let pure = ["iso_currency", "jiff", "regex", "rust_decimal", "serde", "strsim", "thiserror"];
    for name in dependencies(&metadata, "recoup-engine") {
        assert!(pure.contains(&name.as_str()), "engine imports {name}");
    }
    for name in dependencies(&metadata, "recoup-rules") {
        assert!(pure.contains(&name.as_str()) || ["recoup-engine", "csv", "toml"].contains(&name.as_str()), "rules import {name}");
    }
    for name in dependencies(&metadata, "recoup-extractors") {
        assert!(!["sqlx", "tokio", "axum", "reqwest", "recoup-rules", "recoup-store", "recoup"].contains(&name.as_str()), "extractors import {name}");
    }
    for name in dependencies(&metadata, "recoup-store") {
        assert!(!["axum", "recoup-rules", "recoup-extractors", "recoup"].contains(&name.as_str()), "store imports {name}");
    }
    assert!(!dependencies(&metadata, "recoup").contains(&"sqlx".to_owned()), "only the store speaks SQL");
}

fn lines_with(folder: &Path, forbidden: &[&str], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            lines_with(&path, forbidden, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            let product = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in (1..).zip(product.lines()).filter(|(_, line)| !line.trim_start().starts_with("//")) {
                if forbidden.iter().any(|word| line.contains(word)) {
                    found.push(format!("{}:{number}: {}", path.display(), line.trim()));
                }
            }
        }
    }
}

#[test]
fn pure_members_touch_neither_files_nor_the_environment_nor_the_network() {
    let mut found = Vec::new();
    for member in ["engine/src", "rules/src"] {
        lines_with(
            &project().join(member),
            &["std::fs", "std::env", "std::net", "std::process", "async fn", "tokio", "rand::", "println!", "tracing::"],
            &mut found,
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn sql_is_written_in_the_store_only() {
    let mut found = Vec::new();
    for member in ["web/src", "extractors/src", "rules/src", "engine/src"] {
        lines_with(&project().join(member), &["select * from", "insert into ", "update documents", "delete from ", " from deductions"], &mut found);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn money_never_passes_through_binary_floats() {
    let mut found = Vec::new();
    for part in ["engine/src/money.rs", "engine/src/allocation.rs", "engine/src/verdict", "engine/src/calendar.rs", "engine/src/units.rs", "web/store/src"] {
        let path = project().join(part);
        if path.is_dir() {
            lines_with(&path, &["f64", "f32"], &mut found);
        } else {
            let text = std::fs::read_to_string(&path).expect("text");
            found.extend(text.lines().filter(|line| line.contains("f64") || line.contains("f32")).map(|line| format!("{part}: {line}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
