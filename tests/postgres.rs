//! A PostgreSQL server for the tests: own folder, own port, gone when the tests end.

use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

/// The running server.
#[derive(Debug)]
pub struct Server {
    port: u16,
    databases: AtomicU32,
}

static SERVER: OnceLock<Server> = OnceLock::new();

/// The server that all tests of a run share.
pub fn server() -> &'static Server {
    SERVER.get_or_init(Server::start)
}

impl Server {
    fn start() -> Self {
        let programs = programs();
        let folder = tempfile::tempdir().expect("a folder").keep();
        let owner = unprivileged_owner(&folder);
        let data = folder.join("data");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
        let run = |program: &str| {
            let mut command = Command::new(programs.join(program));
            command.current_dir(&folder).stdin(Stdio::null());
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command
        };
        let made = run("initdb")
            .args(["--username", "recoup", "--auth", "trust", "--encoding", "UTF8", "--no-locale", "--pgdata"])
            .arg(&data)
            .output()
            .expect("initdb starts");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let mut server = run("postgres");
        server
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200", "-k"])
            .arg(&folder);
        server.stdout(Stdio::null()).stderr(Stdio::null());
        // SAFETY: prctl is async-signal-safe; the server ends with the test that started it.
        unsafe {
            server.pre_exec(|| {
                libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT);
                Ok(())
            });
        }
        // The parent-death signal follows the thread that starts the server, so that thread must live as long as the tests do.
        let (ready, started) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let child = server.spawn();
            let failed = child.as_ref().err().map(ToString::to_string);
            ready.send(failed).expect("the test waits");
            if let Ok(mut child) = child {
                child.wait().expect("the server ends");
            }
        });
        assert_eq!(started.recv().expect("the server's thread"), None, "postgres starts");
        let answers = || {
            run("psql")
                .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", "recoup", "-d", "postgres", "-c", "select 1"])
                .output()
                .is_ok_and(|output| output.status.success())
        };
        let up = (0..100).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            answers()
        });
        assert!(up, "the PostgreSQL server in {} does not answer", folder.display());
        Self { port, databases: AtomicU32::new(0) }
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        let name = format!("journey_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let create = |locale: &[&str]| {
            let port = self.port.to_string();
            let mut command = Command::new(programs().join("createdb"));
            command.args(["-h", "127.0.0.1", "-p", &port, "-U", "recoup"]).args(locale).arg(&name).output().expect("createdb starts")
        };
        // Servers order words as their language does, and nothing may depend on it; before version 15 a database has the order of its server.
        let mut made = create(&["--template=template0", "--locale-provider=icu", "--icu-locale=en-US"]);
        if !made.status.success() {
            made = create(&[]);
        }
        assert!(made.status.success(), "createdb: {}", String::from_utf8_lossy(&made.stderr));
        format!("postgres://recoup@127.0.0.1:{}/{name}", self.port)
    }
}

/// Runs a statement on a database of the server.
pub fn execute(database: &str, sql: &str) {
    let done = Command::new(programs().join("psql")).args([database, "-v", "ON_ERROR_STOP=1", "-c", sql]).output().expect("psql starts");
    assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
}

/// The newest installed version's programs.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is installed: run scripts/setup test")
        .map(|entry| entry.expect("an entry").path().join("bin"))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().expect("a PostgreSQL server is installed: run scripts/setup test")
}

/// PostgreSQL refuses to run as root: root hands the folder to the user that Debian's package makes.
fn unprivileged_owner(folder: &Path) -> Option<(u32, u32)> {
    // SAFETY: geteuid has no preconditions.
    if unsafe { libc::geteuid() } != 0 {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").expect("the list of users");
    let fields: Vec<&str> = users.lines().find(|line| line.starts_with("postgres:")).expect("Debian's package makes the user postgres").split(':').collect();
    let (user, group) = (fields[2].parse().expect("a user id"), fields[3].parse().expect("a group id"));
    std::os::unix::fs::chown(folder, Some(user), Some(group)).expect("the folder changes hands");
    Some((user, group))
}
