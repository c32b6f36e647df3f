//! ZIP archives: their members are documents of their own, under limits that no honest archive reaches.

use std::io::{Cursor, Read};

use recoup_engine::reading::Doubt;
use zip::ZipArchive;

use crate::Member;
use crate::sniff::{Family, family};

const MOST_ENTRIES: usize = 500;
const MOST_BYTES: u64 = 200 * 1024 * 1024;
const MOST_RATIO: u64 = 100;
/// An archive in an archive is opened, one inside that isn't.
const DEEPEST: u32 = 2;

/// The members of an archive with what kept others out.
pub fn members(bytes: &[u8]) -> (Vec<Member>, Vec<Doubt>) {
    match unpack(bytes) {
        Ok((members, doubts)) => {
            if members.iter().any(|member| nesting(&member.bytes, 1) >= DEEPEST) {
                return (Vec::new(), vec![Doubt::blocking("archive_limits", format!("Archives are nested more than {DEEPEST} deep."))]);
            }
            (members, doubts)
        }
        Err(doubt) => (Vec::new(), vec![doubt]),
    }
}

fn unpack(bytes: &[u8]) -> Result<(Vec<Member>, Vec<Doubt>), Doubt> {
    let limits = |says: String| Doubt::blocking("archive_limits", says);
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| Doubt::blocking("archive_unreadable", format!("The archive can't be opened: {error}.")))?;
    if archive.len() > MOST_ENTRIES {
        return Err(limits(format!("The archive holds {} entries; at most {MOST_ENTRIES} are taken.", archive.len())));
    }
    let mut members: Vec<Member> = Vec::new();
    let mut doubts = Vec::new();
    let mut total = 0_u64;
    for index in 0..archive.len() {
        let mut entry = match archive.by_index(index) {
            Ok(entry) => entry,
            Err(zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED)) => {
                doubts.push(Doubt::blocking("password_needed", format!("Entry {} of the archive is encrypted.", index + 1)));
                continue;
            }
            Err(error) => {
                doubts.push(Doubt::blocking("archive_unreadable", format!("Entry {} of the archive can't be read: {error}.", index + 1)));
                continue;
            }
        };
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_or_else(|_| format!("entry-{}", index + 1), |name| name.into_owned());
        if entry.is_symlink()
            || entry.enclosed_name().is_none()
            || name.starts_with(['/', '\\'])
            || name.contains('\0')
            || name.get(1..3) == Some(":\\")
            || name.split(['/', '\\']).any(|part| part == "..")
        {
            return Err(Doubt::blocking("archive_unsafe", format!("The archive holds the entry `{}`, which points outside of it.", name.escape_debug())));
        }
        let packed = entry.compressed_size().max(1);
        let allowed = MOST_BYTES.saturating_sub(total).min(packed.saturating_mul(MOST_RATIO).max(64 * 1024));
        let mut content = Vec::new();
        // The stated size may lie: what is read is what counts.
        if let Err(error) = entry.by_ref().take(allowed + 1).read_to_end(&mut content) {
            doubts.push(Doubt::blocking("archive_unreadable", format!("The entry `{name}` is damaged: {error}.")));
            continue;
        }
        let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
        if length > allowed {
            return Err(limits(format!(
                "The entry `{name}` unpacks to more than {MOST_RATIO} times its size, or the archive to more than {} MB.",
                MOST_BYTES / 1024 / 1024
            )));
        }
        total += length;
        // Files that systems leave in archives are no documents.
        let last = name.rsplit('/').next().unwrap_or(&name);
        if name.starts_with("__MACOSX/") || matches!(last, ".DS_Store" | "Thumbs.db" | "desktop.ini") {
            continue;
        }
        let name = if members.iter().any(|member| member.name == name) { format!("{name} ({})", index + 1) } else { name };
        members.push(Member { name, bytes: content });
    }
    if members.is_empty() && doubts.is_empty() {
        doubts.push(Doubt::blocking("empty_file", "The archive holds no documents."));
    }
    Ok((members, doubts))
}

/// How many archives stand inside each other in these bytes.
fn nesting(bytes: &[u8], depth: u32) -> u32 {
    if family(bytes) != Family::Archive {
        return depth - 1;
    }
    if depth >= DEEPEST {
        return depth;
    }
    unpack(bytes).map_or(depth, |(members, _)| members.iter().map(|member| nesting(&member.bytes, depth + 1)).max().unwrap_or(depth))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in entries {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn members_come_out_and_danger_stays_in() {
        let (members, doubts) = members(&archive(&[("a.csv", b"1;2"), ("b/c.txt", b"x")]));
        assert_eq!((members.len(), doubts.len(), members[1].name.as_str()), (2, 0, "b/c.txt"));
        let (found, doubts) = super::members(&archive(&[("../x", b"1")]));
        assert_eq!((found.len(), doubts[0].code.as_str()), (0, "archive_unsafe"));
        let (found, doubts) = super::members(&archive(&[("bomb", &vec![0; 20_000_000])]));
        assert_eq!((found.len(), doubts[0].code.as_str()), (0, "archive_limits"));
        let inner = archive(&[("a", b"1")]);
        let middle = archive(&[("inner.zip", &inner)]);
        assert_eq!(super::members(&middle).1, []);
        let outer = archive(&[("middle.zip", &middle)]);
        assert_eq!(super::members(&outer).1[0].code, "archive_limits");
    }
}
