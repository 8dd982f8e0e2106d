//! Identifiers as types of their own, so that none can be taken for another.
//!
//! Each one parses with `FromStr`, prints with `Display`, and the two round-trip. Sources:
//! `formats.md` sections 1 and 3 of the reference.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is not an identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidId {
    /// What was asked for, e.g. `work package id`.
    pub kind: &'static str,
    /// The text that was given.
    pub text: String,
}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a {}", self.text.escape_debug(), self.kind)
    }
}

impl std::error::Error for InvalidId {}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The text of the identifier.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(InvalidId { kind: $kind, text: text.to_owned() })
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A mission's identity: the ULID in its `meta.json`.
    MissionId, "mission id (26 characters of Crockford's base 32)",
    is_ulid
);
text_id!(
    /// The first eight characters of a [`MissionId`], as branch and directory names carry it.
    Mid8, "mid8 (8 characters of Crockford's base 32)",
    |text| text.len() == 8 && is_crockford(text)
);
text_id!(
    /// A work package: `WP` and two digits or more.
    WpId, "work package id (`WP` and at least two digits)",
    |text| text.strip_prefix("WP").is_some_and(|n| n.len() >= 2 && is_digits(n))
);
text_id!(
    /// A lane: `lane-` and one letter or more, or `lane-planning`.
    LaneId, "lane id (`lane-` and lower-case letters)",
    |text| text.strip_prefix("lane-").is_some_and(|n| {
        !n.is_empty() && n.bytes().all(|b| b.is_ascii_lowercase())
    })
);

/// How many milliseconds have ids with the same first eight characters: these leave the lowest ten of
/// the bits out that hold the time.
pub const MID8_MILLIS: u64 = 1 << 10;

impl MissionId {
    /// The first eight characters.
    #[must_use]
    pub fn mid8(&self) -> Mid8 {
        Mid8(self.0.chars().take(8).collect())
    }
}

impl LaneId {
    /// The id that the reference gives to the lane of planning artefacts, which has no branch.
    pub const PLANNING: &'static str = "lane-planning";

    /// Whether this is the lane of planning artefacts.
    #[must_use]
    pub fn is_planning(&self) -> bool {
        self.0 == Self::PLANNING
    }
}

/// Whether the text is a ULID, as missions and annotations are named by.
pub(super) fn is_ulid(text: &str) -> bool {
    text.len() == 26 && is_crockford(text)
}

fn is_crockford(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'H' | b'J' | b'K' | b'M' | b'N' | b'P'..=b'T' | b'V'..=b'Z'))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_round_trip_and_refuse_what_is_close() {
        for good in ["WP01", "WP100"] {
            assert_eq!(good.parse::<WpId>().unwrap().to_string(), good);
        }
        for bad in ["WP1", "wp01", "WP01x", "WP", ""] {
            assert!(bad.parse::<WpId>().is_err(), "{bad}");
        }
        for good in ["lane-a", "lane-aa", "lane-planning"] {
            assert_eq!(good.parse::<LaneId>().unwrap().to_string(), good);
        }
        for bad in ["lane-", "lane-A", "lane-{", "lane", "lane-a1"] {
            assert!(bad.parse::<LaneId>().is_err(), "{bad}");
        }
        let id: MissionId = "01KV6DC9Y5FJ9FCYJMM1KA09XK".parse().unwrap();
        assert_eq!(id.mid8().to_string(), "01KV6DC9");
        assert!("01KV6DCI".parse::<Mid8>().is_err(), "I is no letter of that alphabet");
    }
}
