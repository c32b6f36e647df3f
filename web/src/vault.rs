//! The original bytes of everything that arrived, by SHA-256: written once, never changed, found again by their hash.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A folder of originals.
#[derive(Clone, Debug)]
pub struct Vault {
    folder: PathBuf,
}

/// The SHA-256 of some bytes in lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of a text: how identifiers are derived from content.
pub fn digest(text: &str) -> String {
    sha256(text.as_bytes())
}

impl Vault {
    /// Opens the folder, creating it when it is missing.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        Ok(Self { folder })
    }

    /// Where the bytes of a hash lie.
    pub fn path(&self, sha256: &str) -> PathBuf {
        self.folder.join(&sha256[..2]).join(sha256)
    }

    /// Keeps bytes durably and returns their hash: temporary file, fsync, rename, fsync of the folder. Bytes that are kept already are left alone.
    pub fn keep(&self, bytes: &[u8]) -> io::Result<String> {
        let hash = sha256(bytes);
        let path = self.path(&hash);
        if path.exists() {
            return Ok(hash);
        }
        let parent = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(parent)?;
        let mut temporary = tempfile::NamedTempFile::new_in(parent)?;
        temporary.write_all(bytes)?;
        temporary.as_file().sync_all()?;
        temporary.persist(&path).map_err(|error| error.error)?;
        sync_folder(parent)?;
        sync_folder(&self.folder)?;
        Ok(hash)
    }

    pub fn read(&self, sha256: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(sha256))
    }

    /// Whether the bytes of a hash are there and still have that hash.
    pub fn is_intact(&self, hash: &str) -> bool {
        self.read(hash).is_ok_and(|bytes| sha256(&bytes) == hash)
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_kept_once_and_found_by_their_hash() {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = Vault::open(folder.path().to_owned()).expect("a vault");
        let hash = vault.keep(b"remittance").expect("kept");
        assert_eq!(vault.keep(b"remittance").expect("kept again"), hash);
        assert_eq!(vault.read(&hash).expect("read"), b"remittance");
        assert!(vault.is_intact(&hash));
        fs::write(vault.path(&hash), b"tampered").expect("write");
        assert!(!vault.is_intact(&hash));
    }
}
