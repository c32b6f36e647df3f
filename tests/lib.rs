//! What the journeys share: the program under test and a PostgreSQL server of their own.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

pub mod postgres;
pub mod served;

/// The folder of the project.
pub fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the project's folder").to_owned()
}

/// The built program: beside the test's own binary.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let folder = test.ancestors().nth(2).expect("the folder of built programs");
    let program = folder.join("recoup");
    assert!(program.exists(), "{} is not built: run `cargo build --package recoup` first", program.display());
    program
}

/// Where one run of the program keeps its data.
#[derive(Clone, Debug)]
pub struct Place {
    pub data: PathBuf,
    /// `None` is the embedded database.
    pub database: Option<String>,
}

impl Place {
    pub fn embedded(data: &Path) -> Self {
        Self { data: data.to_owned(), database: None }
    }

    /// The program with this place's options, working in the data folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        std::fs::create_dir_all(&self.data).expect("the data folder");
        let mut command = Command::new(program());
        command.current_dir(&self.data).env_remove("RECOUP_DATA").env_remove("RECOUP_DATABASE").arg("--data").arg(&self.data);
        if let Some(database) = &self.database {
            command.arg("--database").arg(database);
        }
        command.args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs and insists on success; returns standard output.
    pub fn must(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(
            output.status.success(),
            "recoup {arguments:?} ended with {}\n{}\n{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    }

    /// Adds a person who logs in with this password; the answer of the program.
    pub fn add_person(&self, login: &str, role: &str, password: &str) -> Output {
        let mut add = self.command(&["user", "add", login, "--role", role, "--password-stdin"]);
        let mut add = add.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("the program starts");
        add.stdin.take().expect("its input").write_all(format!("{password}\n").as_bytes()).expect("written");
        add.wait_with_output().expect("ended")
    }

    /// One export as JSON rows.
    pub fn export(&self, what: &str) -> Vec<serde_json::Value> {
        self.must(&["export", what, "--format", "jsonl"]).lines().map(|line| serde_json::from_str(line).expect("a JSON row")).collect()
    }

    /// Everything a script takes away, as bytes: what must be equal on every engine and at every run.
    pub fn exports(&self) -> String {
        ["deductions", "allocations", "payments", "documents", "claims", "customers", "journal"].map(|what| self.must(&["export", what])).join("\n")
    }
}

/// The rows of a CSV file under their column names.
pub fn csv_rows(path: &Path) -> Vec<std::collections::HashMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    reader.deserialize().map(|row| row.expect("a row")).collect()
}
