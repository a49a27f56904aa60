//! Signatures in hexadecimal digits.

use std::fmt;

use super::signature_length::SignatureLength;

/// A signature, truncated to some lower-case hexadecimal digits.
#[derive(Clone, Copy)]
pub(crate) struct HexSignature {
    digits: [u8; SignatureLength::FULL.get()],
    length: SignatureLength,
}

impl HexSignature {
    pub(crate) fn truncated(bytes: [u8; 32], length: SignatureLength) -> Self {
        let mut digits = [0; SignatureLength::FULL.get()];
        let words = length.get().div_ceil(8);
        for (eight, word) in digits
            .as_chunks_mut()
            .0
            .iter_mut()
            .zip(bytes.as_chunks().0)
            .take(words)
        {
            *eight = hex_digits(u32::from_be_bytes(*word));
        }
        Self { digits, length }
    }

    #[expect(clippy::indexing_slicing, reason = "a signature length is at most 64")]
    pub(crate) fn digits(&self) -> &[u8] {
        &self.digits[..self.length.get()]
    }
}

impl fmt::Display for HexSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The digits are ASCII.
        f.write_str(str::from_utf8(self.digits()).unwrap_or_default())
    }
}

impl fmt::Debug for HexSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Encodes a number as eight hexadecimal digits. There is no lookup table, so
/// memory addresses do not depend on the digits.
const fn hex_digits(number: u32) -> [u8; 8] {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // Move one nibble into each byte.
    let mut nibbles = number as u64;
    nibbles = (nibbles | nibbles << 16) & 0x0000_ffff_0000_ffff;
    nibbles = (nibbles | nibbles << 8) & 0x00ff_00ff_00ff_00ff;
    nibbles = (nibbles | nibbles << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    // Adding 6 carries into the next nibble for 10 to 15, which become letters.
    let letters = (nibbles + ONES * 6) >> 4 & ONES;
    let to_letter = (b'a' - b'0' - 10) as u64;
    (nibbles + ONES * b'0' as u64 + letters * to_letter).to_be_bytes()
}

/// Returns whether a text has the form of a signature of any valid length.
pub(crate) fn is_hex_signature(text: &str) -> bool {
    SignatureLength::new(text.len()).is_ok()
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
