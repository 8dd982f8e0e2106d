//! Object ids of both hash functions.

use std::fmt;
use std::str::FromStr;

use super::id::InvalidId;

/// An object id: 20 bytes (SHA-1) or 32 (SHA-256). Never the zero id: absence is an `Option`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Oid {
    bytes: [u8; 32],
    len: u8,
}

impl Oid {
    /// The id with these bytes; `None` if their number is neither 20 nor 32, or all are zero.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if !matches!(bytes.len(), 20 | 32) || bytes.iter().all(|b| *b == 0) {
            return None;
        }
        let mut own = [0; 32];
        own.get_mut(..bytes.len())?.copy_from_slice(bytes);
        Some(Self { bytes: own, len: u8::try_from(bytes.len()).ok()? })
    }

    /// The bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    fn hex(&self) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let digit = |value: u8| DIGITS.get(usize::from(value)).copied().map_or('0', char::from);
        self.as_bytes().iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
    }
}

/// Printed as hex; `{:.10}` are the first ten digits.
impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.hex())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Oid {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let digits: Option<Vec<u8>> =
            text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
        digits
            .filter(|digits| digits.len() % 2 == 0)
            .and_then(|digits| {
                let pairs = digits.chunks_exact(2);
                let bytes: Vec<u8> =
                    pairs.filter_map(|p| Some(p.first()? * 16 + p.last()?)).collect();
                Self::from_bytes(&bytes)
            })
            .ok_or_else(|| InvalidId { kind: "object id", text: text.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_hashes_round_trip_and_zero_is_none() {
        for hex in ["e69de29bb2d1d6434b8b29ae775ad8c2e48c5391".to_owned(), "ab".repeat(32)] {
            let oid: Oid = hex.parse().unwrap();
            assert_eq!(oid.to_string(), hex);
            assert_eq!(format!("{oid:.10}"), hex[..10]);
        }
        for bad in ["0".repeat(40), "e69d".to_owned(), "x".repeat(40), "ab".repeat(21)] {
            assert!(bad.parse::<Oid>().is_err(), "{bad}");
        }
    }
}
