//! A work package's place in the life cycle, and which step leads where.
//!
//! The file formats call it "lane"; everywhere else a lane is a branch with a worktree. Source:
//! `formats.md` section 2.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::id::InvalidId;
use Status::{
    Approved, Blocked, Canceled, Claimed, Done, ForReview, Genesis, InProgress, InReview, Planned,
    Uninitialized,
};

/// A place in the life cycle.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Written down, not yet planned: the origin of a first event, never a destination.
    Genesis,
    /// Known by annotations alone: a reading of the log, never written to it.
    #[default]
    Uninitialized,
    /// Ready to be claimed once its dependencies allow.
    Planned,
    /// Somebody's, not begun.
    Claimed,
    /// Being worked on.
    InProgress,
    /// Handed in.
    ForReview,
    /// Being reviewed.
    InReview,
    /// Accepted, not yet integrated.
    Approved,
    /// Integrated.
    Done,
    /// Waiting for something outside the mission.
    Blocked,
    /// Given up.
    Canceled,
}

/// The legal steps without force.
const TRANSITIONS: [(Status, &[Status]); 11] = [
    (Genesis, &[Planned, Canceled]),
    (Uninitialized, &[]),
    (Planned, &[Claimed, Blocked, Canceled]),
    (Claimed, &[InProgress, Blocked, Canceled]),
    (InProgress, &[ForReview, Approved, Planned, Blocked, Canceled]),
    (ForReview, &[InReview, Blocked, Canceled]),
    (InReview, &[Approved, Done, InProgress, Planned, Blocked, Canceled]),
    (Approved, &[Done, InProgress, Planned, Blocked, Canceled]),
    (Done, &[]),
    (Blocked, &[InProgress, Canceled]),
    (Canceled, &[]),
];

impl Status {
    /// Those that are shown and counted, in the order of display.
    pub const ALL: [Self; 9] =
        [Planned, Claimed, InProgress, ForReview, InReview, Approved, Done, Blocked, Canceled];

    /// The name in the file formats.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Genesis => "genesis",
            Uninitialized => "uninitialized",
            Planned => "planned",
            Claimed => "claimed",
            InProgress => "in_progress",
            ForReview => "for_review",
            InReview => "in_review",
            Approved => "approved",
            Done => "done",
            Blocked => "blocked",
            Canceled => "canceled",
        }
    }

    /// Whether the step is legal without force. Guards may still ask for evidence.
    #[must_use]
    pub fn allows(self, to: Self) -> bool {
        TRANSITIONS.iter().any(|(from, targets)| *from == self && targets.contains(&to))
    }

    /// Whether only force leads out of it.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Done | Canceled)
    }

    /// Whether it is shown and counted.
    #[must_use]
    pub const fn is_displayed(self) -> bool {
        !matches!(self, Genesis | Uninitialized)
    }

    /// Whether the work package holds its lane's merge up no longer.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(self, Approved | Done | Canceled)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads the names of the file formats, and `doing`, which old files have for `in_progress`.
impl FromStr for Status {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let name = if text == "doing" { InProgress.as_str() } else { text };
        TRANSITIONS
            .iter()
            .map(|(status, _)| *status)
            .find(|status| status.as_str() == name)
            .ok_or_else(|| InvalidId { kind: "status", text: text.to_owned() })
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Status {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(StatusVisitor)
    }
}

struct StatusVisitor;

impl serde::de::Visitor<'_> for StatusVisitor {
    type Value = Status;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a status")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Status, E> {
        text.parse().map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_round_trip_and_the_old_name_is_read() {
        for (status, _) in TRANSITIONS {
            assert_eq!(status.to_string().parse(), Ok(status));
        }
        assert_eq!("doing".parse(), Ok(InProgress));
        for bad in ["", "Planned", "in progress", "review"] {
            assert!(bad.parse::<Status>().is_err(), "{bad}");
        }
    }

    #[test]
    fn all_are_those_displayed() {
        let displayed: Vec<_> =
            TRANSITIONS.iter().map(|row| row.0).filter(|s| s.is_displayed()).collect();
        assert_eq!(displayed, Status::ALL);
    }

    #[test]
    fn nothing_leads_to_where_no_event_may_end_or_out_of_an_end() {
        for (from, targets) in TRANSITIONS {
            assert!(!from.allows(Genesis) && !from.allows(Uninitialized) && !from.allows(from));
            assert_eq!(from.is_terminal() || from == Uninitialized, targets.is_empty(), "{from}");
        }
        assert!(InReview.allows(Done) && !ForReview.allows(Approved) && !Blocked.allows(Planned));
        assert_eq!(TRANSITIONS.iter().map(|row| row.1.len()).sum::<usize>(), 29);
    }
}
