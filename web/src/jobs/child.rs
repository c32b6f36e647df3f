//! The guarded child: reads or renders one document after another and answers on its original standard output.
//!
//! A hostile document can panic, overflow a stack, eat memory or loop; here it costs its own reading and never the service. The parent sets the
//! limits before the program starts and kills what exceeds its time.
//!
//! Frames are a length (8 bytes, little endian) and that many bytes. A request is one frame of JSON; an answer is one frame of JSON followed by a
//! frame for each member document or picture it announces.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::FromRawFd;
use std::path::PathBuf;

use recoup_engine::reading::{DocumentFormat, Doubt, Reading};
use recoup_extractors::text::Page;
use recoup_extractors::{Extraction, Hints};
use serde::{Deserialize, Serialize};

/// What the parent asks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    Read {
        path: PathBuf,
        hints: Hints,
    },
    /// A picture of a page, PNG.
    Render {
        path: PathBuf,
        page: u32,
        width_pixels: u32,
    },
    /// The words of every page with their boxes.
    Words {
        path: PathBuf,
    },
}

/// What the child answers; the bytes it announces follow in frames of their own.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Reading { reading: Box<Reading>, members: Vec<String> },
    Picture,
    Words { pages: Vec<Page> },
    Refused { doubt: Doubt },
}

/// Serves requests until the input ends.
pub fn serve() -> io::Result<()> {
    let mut answers = take_standard_output()?;
    let mut requests = io::stdin().lock();
    while let Some(frame) = read_frame(&mut requests)? {
        let request: Request = serde_json::from_slice(&frame).map_err(io::Error::other)?;
        let (answer, parts) = answer(request);
        write_frame(&mut answers, &serde_json::to_vec(&answer).map_err(io::Error::other)?)?;
        for part in parts {
            write_frame(&mut answers, &part)?;
        }
        answers.flush()?;
    }
    Ok(())
}

fn answer(request: Request) -> (Answer, Vec<Vec<u8>>) {
    match request {
        Request::Read { path, hints } => {
            let extraction = match std::fs::read(&path) {
                Ok(bytes) => {
                    std::panic::catch_unwind(|| recoup_extractors::read(&bytes, &hints)).unwrap_or_else(|_| failed("The reader gave up on this document."))
                }
                Err(error) => failed(&format!("The original can't be opened: {error}.")),
            };
            let (names, parts) = extraction.members.into_iter().map(|member| (member.name, member.bytes)).unzip();
            (Answer::Reading { reading: Box::new(extraction.reading), members: names }, parts)
        }
        Request::Words { path } => {
            let seen = std::fs::read(&path).map_err(|error| Doubt::blocking("original_missing", error.to_string())).and_then(|bytes| {
                std::panic::catch_unwind(|| recoup_extractors::text::pages(&bytes).pages)
                    .map_err(|_| Doubt::blocking("extract_failed", "The words of this document can't be told."))
            });
            match seen {
                Ok(pages) => (Answer::Words { pages }, Vec::new()),
                Err(doubt) => (Answer::Refused { doubt }, Vec::new()),
            }
        }
        Request::Render { path, page, width_pixels } => {
            let rendered = std::fs::read(&path).map_err(|error| Doubt::blocking("original_missing", error.to_string())).and_then(|bytes| {
                std::panic::catch_unwind(|| draw(&bytes, page, width_pixels))
                    .unwrap_or_else(|_| Err(Doubt::blocking("render_failed", "The page can't be drawn.")))
            });
            match rendered {
                Ok(picture) => (Answer::Picture, vec![picture]),
                Err(doubt) => (Answer::Refused { doubt }, Vec::new()),
            }
        }
    }
}

fn draw(bytes: &[u8], page: u32, width_pixels: u32) -> Result<Vec<u8>, Doubt> {
    let format = recoup_extractors::text::format(bytes).ok_or_else(|| Doubt::blocking("no_pages", "This format has no pages to draw."))?;
    recoup_extractors::text::render(bytes, format, page, width_pixels)
}

fn failed(says: &str) -> Extraction {
    Extraction { reading: Reading::not_understood(DocumentFormat::Unknown, Doubt::blocking("extract_failed", says)), members: Vec::new() }
}

/// Keeps the answers' channel for us and sends whatever libraries print to standard error instead.
fn take_standard_output() -> io::Result<File> {
    // SAFETY: both descriptors are open for the life of the process, and nothing has used standard output yet.
    unsafe {
        let ours = libc::dup(1);
        if ours < 0 || libc::dup2(2, 1) < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(File::from_raw_fd(ours))
    }
}

/// The next frame; `None` at the end of the input.
pub fn read_frame(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match input.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut frame = vec![0; usize::try_from(u64::from_le_bytes(length)).map_err(io::Error::other)?];
    input.read_exact(&mut frame)?;
    Ok(Some(frame))
}

pub fn write_frame(output: &mut impl Write, frame: &[u8]) -> io::Result<()> {
    output.write_all(&(frame.len() as u64).to_le_bytes())?;
    output.write_all(frame)
}
