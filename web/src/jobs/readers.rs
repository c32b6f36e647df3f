//! The pool of guarded children that read and draw documents.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_extractors::text::Page;
use recoup_extractors::{Extraction, Hints, Member};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Mutex, Semaphore};

use super::child::{Answer, Request};

/// Limits of one child.
const MEMORY_BYTES: u64 = 3 << 30;
/// Processor seconds over the life of a child. One that reaches them ends like one that crashed: its document is tried again on a fresh one.
const CPU_SECONDS: u64 = 3_600;
/// Time for one document.
const DEADLINE: Duration = Duration::from_secs(180);
/// A document that broke its child is tried once more on a fresh one.
const ATTEMPTS: u32 = 2;
/// An answer larger than this is garbage.
const LARGEST_FRAME: u64 = 1 << 30;

/// A running child and its pipes.
#[derive(Debug)]
struct Running {
    child: Child,
    requests: ChildStdin,
    answers: ChildStdout,
}

/// Children waiting for work; at most `size` run at once.
#[derive(Debug)]
pub struct Readers {
    program: PathBuf,
    idle: Mutex<Vec<Running>>,
    permits: Semaphore,
}

impl Readers {
    /// A pool of one child a core of this machine.
    pub fn new() -> io::Result<Self> {
        let size = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { program: std::env::current_exe()?, idle: Mutex::new(Vec::new()), permits: Semaphore::new(size) })
    }

    /// Reads a document; a child that dies or hangs twice makes a reading that says so.
    pub async fn read(&self, path: PathBuf, hints: Hints) -> Extraction {
        let request = Request::Read { path, hints };
        let mut problem = String::new();
        for _ in 0..ATTEMPTS {
            match self.ask(&request).await {
                Ok((Answer::Reading { reading, members }, parts)) => {
                    return Extraction { reading: *reading, members: members.into_iter().zip(parts).map(|(name, bytes)| Member { name, bytes }).collect() };
                }
                Ok(_) => problem = "its reader answered out of turn".to_owned(),
                Err(error) => problem = error.to_string(),
            }
        }
        let doubt = Doubt::blocking("extract_failed", format!("Reading this document failed twice: {problem}. The original is kept and can be downloaded."));
        Extraction { reading: Reading::not_understood(DocumentFormat::Unknown, doubt), members: Vec::new() }
    }

    /// A page as a PNG picture.
    pub async fn render(&self, path: PathBuf, page: u32, width_pixels: u32) -> Result<Vec<u8>, String> {
        match self.ask(&Request::Render { path, page, width_pixels }).await {
            Ok((Answer::Picture, parts)) => parts.into_iter().next().ok_or_else(|| "no picture came".to_owned()),
            Ok((Answer::Refused { doubt }, _)) => Err(doubt.says),
            Ok(_) => Err("the reader answered out of turn".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// The words of every page with their boxes, as the reader sees them.
    pub async fn words(&self, path: PathBuf) -> Result<Vec<Page>, String> {
        match self.ask(&Request::Words { path }).await {
            Ok((Answer::Words { pages }, _)) => Ok(pages),
            Ok((Answer::Refused { doubt }, _)) => Err(doubt.says),
            Ok(_) => Err("the reader answered out of turn".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    async fn ask(&self, request: &Request) -> io::Result<(Answer, Vec<Vec<u8>>)> {
        let _permit = self.permits.acquire().await.map_err(io::Error::other)?;
        let waiting = self.idle.lock().await.pop();
        let mut running = match waiting {
            Some(running) => running,
            None => self.start()?,
        };
        match tokio::time::timeout(DEADLINE, running.exchange(request)).await {
            Ok(Ok(answer)) => {
                self.idle.lock().await.push(running);
                Ok(answer)
            }
            Ok(Err(error)) => {
                // It may still be alive with a garbled answer; one that ended keeps its own status.
                running.child.start_kill()?;
                let status = running.child.wait().await?;
                Err(io::Error::other(format!("its reader stopped ({status}): {error}")))
            }
            Err(_) => {
                running.child.kill().await?;
                Err(io::Error::other(format!("it took longer than {} seconds", DEADLINE.as_secs())))
            }
        }
    }

    fn start(&self) -> io::Result<Running> {
        let mut command = std::process::Command::new(&self.program);
        // Tesseract's threads cost more than they bring; the variable counts only when it is set before the program starts.
        command.arg("read-documents").env("OMP_THREAD_LIMIT", "1").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // SAFETY: only async-signal-safe calls between fork and exec.
        unsafe {
            command.pre_exec(|| {
                for (resource, limit) in [(libc::RLIMIT_AS, MEMORY_BYTES), (libc::RLIMIT_CPU, CPU_SECONDS), (libc::RLIMIT_CORE, 0), (libc::RLIMIT_FSIZE, 0)] {
                    let limit = libc::rlimit { rlim_cur: limit, rlim_max: limit };
                    if libc::setrlimit(resource, &raw const limit) != 0 {
                        return Err(io::Error::last_os_error());
                    }
                }
                Ok(())
            });
        }
        let mut child = Command::from(command).kill_on_drop(true).spawn()?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (requests, answers) = pipes.ok_or_else(|| io::Error::other("the reader has no pipes"))?;
        Ok(Running { child, requests, answers })
    }
}

impl Running {
    async fn exchange(&mut self, request: &Request) -> io::Result<(Answer, Vec<Vec<u8>>)> {
        let body = serde_json::to_vec(request).map_err(io::Error::other)?;
        self.requests.write_all(&(body.len() as u64).to_le_bytes()).await?;
        self.requests.write_all(&body).await?;
        self.requests.flush().await?;
        let answer: Answer = serde_json::from_slice(&self.frame().await?).map_err(io::Error::other)?;
        let announced = match &answer {
            Answer::Reading { members, .. } => members.len(),
            Answer::Picture => 1,
            Answer::Words { .. } | Answer::Refused { .. } => 0,
        };
        let mut parts = Vec::with_capacity(announced);
        for _ in 0..announced {
            parts.push(self.frame().await?);
        }
        Ok((answer, parts))
    }

    async fn frame(&mut self) -> io::Result<Vec<u8>> {
        let mut length = [0; 8];
        self.answers.read_exact(&mut length).await?;
        let length = u64::from_le_bytes(length);
        if length > LARGEST_FRAME {
            return Err(io::Error::other("its answer is larger than any honest one"));
        }
        let mut frame = vec![0; usize::try_from(length).map_err(io::Error::other)?];
        self.answers.read_exact(&mut frame).await?;
        Ok(frame)
    }
}
