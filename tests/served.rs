//! A served place, as a browser without a script asks it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use crate::Place;

/// A served place and the session of one person.
pub struct Site {
    server: Child,
    address: String,
    cookie: String,
}

impl Drop for Site {
    fn drop(&mut self) {
        // The process may have ended by itself: then there is nothing to stop.
        drop(self.server.kill());
        drop(self.server.wait());
    }
}

impl Site {
    /// Serves a place until it is dropped.
    pub fn serve(place: &Place) -> Self {
        let mut server = place.command(&["serve", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).spawn().expect("served");
        let mut line = String::new();
        BufReader::new(server.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().rsplit_once("http://").expect("an address").1.to_owned();
        Self { server, address, cookie: String::new() }
    }

    /// Status, headers and body of an answer.
    pub fn ask(&self, method: &str, path: &str, form: &[(&str, &str)]) -> (u16, String, String) {
        let body = form.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
        let mut stream = TcpStream::connect(&self.address).expect("connected");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: recoup={}\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.cookie,
            body.len()
        );
        stream.write_all(format!("{head}{body}").as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        (status, head.to_owned(), body.to_owned())
    }

    /// Everybody's password is the same one.
    pub fn log_in(&mut self, login: &str) {
        let (status, head, _) = self.ask("POST", "/login", &[("login", login), ("password", "a long passphrase")]);
        assert_eq!(status, 303, "{login} logs in");
        let cookie = head.split("recoup=").nth(1).and_then(|rest| rest.split(';').next()).expect("a session");
        self.cookie = cookie.to_owned();
    }

    /// Goes on without a session.
    pub fn leave(&mut self) {
        self.cookie.clear();
    }

    /// A page that has to be there.
    pub fn page(&self, path: &str) -> String {
        let (status, _, body) = self.ask("GET", path, &[]);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Status of an act on a claim.
    pub fn act(&self, claim: &str, version: &str, form: &[(&str, &str)]) -> u16 {
        let form: Vec<(&str, &str)> = form.iter().copied().chain([("version", version)]).collect();
        self.ask("POST", &format!("/claims/{claim}/act"), &form).0
    }
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
