//! The events of git at which we judge.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A hook of ours. Prints, parses and serialises as git's name of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Door {
    /// Before a commit is made (githooks(5)).
    PreCommit,
    /// Before a merge without conflict is committed (githooks(5)).
    PreMergeCommit,
    /// Before a push sends anything (githooks(5)).
    PrePush,
    /// Before refs move (githooks(5)).
    ReferenceTransaction,
    /// Before a server takes a push (githooks(5)).
    PreReceive,
}

/// A text that names no hook of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownDoor(String);

macro_rules! marks {
    ($($door:ident => $event:literal),+ $(,)?) => {
        impl Door {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$door),+];

            /// Those of a repository that people work in, in the order in which they are installed and
            /// listed.
            pub const LOCAL: &[Self] = &[
                Self::PreCommit,
                Self::PreMergeCommit,
                Self::PrePush,
                Self::ReferenceTransaction,
            ];

            /// Those of a repository that others push to.
            pub const SERVER: &[Self] = &[Self::PreReceive];

            /// Git's name of the event.
            #[must_use]
            pub const fn event(self) -> &'static str {
                match self { $(Self::$door => $event),+ }
            }

            /// The name of the program that answers it.
            #[must_use]
            pub const fn binary(self) -> &'static str {
                match self { $(Self::$door => concat!("git-kitty-hook-", $event)),+ }
            }

            /// The text by which a copy of that program is known, with its version.
            #[must_use]
            pub const fn mark(self) -> &'static str {
                match self {
                    $(Self::$door => {
                        concat!("[git-kitty hook ", $event, " ", env!("CARGO_PKG_VERSION"), "]")
                    }),+
                }
            }
        }
    };
}

marks! { PreCommit => "pre-commit", PreMergeCommit => "pre-merge-commit", PrePush => "pre-push", ReferenceTransaction => "reference-transaction", PreReceive => "pre-receive" }

/// Reads the name of a hook that can be chosen: that of a server is installed as a whole.
impl FromStr for Door {
    type Err = UnknownDoor;

    fn from_str(text: &str) -> Result<Self, UnknownDoor> {
        let found = Self::LOCAL.iter().find(|door| door.event() == text);
        found.copied().ok_or_else(|| UnknownDoor(text.to_owned()))
    }
}

impl fmt::Display for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.event())
    }
}

impl fmt::Display for UnknownDoor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<_> = Door::LOCAL.iter().map(|door| door.event()).collect();
        write!(f, "`{}` is not one of {}", self.0.escape_debug(), known.join(", "))
    }
}

impl std::error::Error for UnknownDoor {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_also_in_json() {
        for door in Door::LOCAL {
            assert_eq!(door.to_string().parse(), Ok(*door));
        }
        assert!("pre-receive".parse::<Door>().is_err(), "nobody chooses it");
        for door in Door::ALL {
            assert_eq!(serde_json::to_string(door).unwrap(), format!("\"{door}\""));
        }
        assert!("post-commit".parse::<Door>().is_err());
    }
}
