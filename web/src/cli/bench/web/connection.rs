//! One visitor's connection to the running server: HTTP/1.1 kept alive, compressed as browsers ask for it.

use std::io::Read;

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A connection with the session it logged in to.
pub(super) struct Connection {
    address: String,
    stream: BufReader<TcpStream>,
    cookie: String,
}

/// What the server answered.
pub(super) struct Answer {
    pub status: u16,
    pub body: String,
    location: String,
    session: Option<String>,
}

impl Connection {
    /// Connects and logs in.
    pub(super) async fn log_in(address: &str, login: &str, password: &str) -> Result<Self> {
        let stream = BufReader::new(TcpStream::connect(address).await.context("the server does not answer")?);
        let mut connection = Self { address: address.to_owned(), stream, cookie: String::new() };
        let form = serde_urlencoded::to_string([("login", login), ("password", password)])?;
        let answer = connection.ask("POST", "/login", Some(&form)).await?;
        ensure!(answer.status == 303 && answer.location == "/", "{login} can't log in: status {}", answer.status);
        connection.cookie = answer.session.context("no session was given")?;
        Ok(connection)
    }

    /// Sends a request and reads the whole answer.
    pub(super) async fn ask(&mut self, method: &str, path: &str, form: Option<&str>) -> Result<Answer> {
        let body = form.unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: recoup={}\r\nAccept-Encoding: gzip\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            self.cookie,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let status = self.line().await?.split(' ').nth(1).and_then(|status| status.parse().ok()).context("an answer without a status")?;
        let mut answer = Answer { status, body: String::new(), location: String::new(), session: None };
        let (mut length, mut is_chunked, mut is_zipped) = (0, false, false);
        loop {
            let line = self.line().await?;
            let Some((name, value)) = line.split_once(": ") else { break };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse()?,
                "transfer-encoding" => is_chunked = value.contains("chunked"),
                "content-encoding" => is_zipped = value == "gzip",
                "location" => value.clone_into(&mut answer.location),
                "set-cookie" => {
                    answer.session = value.strip_prefix("recoup=").and_then(|rest| rest.split(';').next()).map(str::to_owned).or(answer.session);
                }
                _ => {}
            }
        }
        let bytes = if is_chunked { self.chunks().await? } else { self.bytes(length).await? };
        if is_zipped {
            GzDecoder::new(&*bytes).read_to_string(&mut answer.body)?;
        } else {
            answer.body = String::from_utf8(bytes)?;
        }
        Ok(answer)
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        ensure!(self.stream.read_line(&mut line).await? > 0, "the server closed the connection");
        Ok(line.trim_end().to_owned())
    }

    async fn bytes(&mut self, length: usize) -> Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes).await?;
        Ok(bytes)
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        loop {
            let length = usize::from_str_radix(&self.line().await?, 16).context("a chunk without a length")?;
            all.extend(self.bytes(length).await?);
            self.line().await?;
            if length == 0 {
                return Ok(all);
            }
        }
    }
}
