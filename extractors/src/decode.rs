//! Bytes to text, whatever encoding they arrived in.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// Decodes text: a byte-order mark wins, then UTF-16 without a mark, then valid UTF-8, then what the letters suggest. The mark is taken off.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    if let Some(encoding) = utf16_without_mark(bytes) {
        return encoding.decode_without_bom_handling(bytes).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    eight_bit(bytes).decode_without_bom_handling(bytes).0
}

/// Every second byte is zero in western text of two bytes per letter.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(512)];
    if sample.len() < 8 {
        return None;
    }
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let most = sample.len() * 2 / 5;
    if odd > most && even < sample.len() / 20 {
        Some(UTF_16LE)
    } else if even > most && odd < sample.len() / 20 {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The eight-bit encoding of the bytes: the western one unless the letters clearly say otherwise.
fn eight_bit(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new();
    detector.feed(&bytes[..bytes.len().min(65_536)], true);
    let guess = detector.guess(None, false);
    // The four languages are written in the western code page; neighbours of it are guessed from a handful of letters and would spoil accents.
    if guess == UTF_8 || guess.is_single_byte() { WINDOWS_1252 } else { guess }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_survive_every_encoding() {
        let text = "N° facture;Escompte;Réglé\r\nKürzung;Währung;München";
        assert_eq!(decode(text.as_bytes()), text);
        assert_eq!(decode(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), text);
        assert_eq!(decode(&WINDOWS_1252.encode(text).0), text);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(decode(&wide), text);
        assert_eq!(decode(&[b"\xff\xfe".as_slice(), &wide].concat()), text);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&wide), text);
    }
}
