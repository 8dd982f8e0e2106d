//! The snapshot `status.json`: what a log adds up to, and the bytes it is written as.
//!
//! Its bytes are a function of the log and two facts of `meta.json`, equal to what the reference
//! writes: sorted keys, two spaces, UTF-8 without escapes, a line feed at the end. Fields stand in
//! the order of their names for that reason. Source: `formats.md` sections 1 and 2.

mod grow;
#[cfg(test)]
mod model_test;
mod reduce;
mod retrospective;
mod work_package;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use reduce::{MissionFacts, reduce, reduce_bytes};
pub use retrospective::{Mode, Retrospective, RetrospectiveStatus, SourceSignal};
pub use work_package::{Slot, WorkPackage};

use super::json::fault;
use super::refusal::{Document, Refusal};

/// A mission's state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// How many moves there were; annotations and foreign lines do not count.
    pub event_count: usize,
    /// The last move in order.
    pub last_event_id: Option<String>,
    /// When the last move was; empty if none was.
    pub materialized_at: String,
    /// The number for display, empty if there is none.
    #[serde(default)]
    pub mission_number: String,
    /// The slug of the first move in order; empty if none was, or if it is unsafe in a path.
    #[serde(alias = "feature_slug")]
    pub mission_slug: String,
    /// The mission's type.
    #[serde(default)]
    pub mission_type: String,
    /// The retrospective, if the log has lines of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retrospective: Option<Retrospective>,
    /// How many work packages have each of the nine statuses that are displayed.
    pub summary: BTreeMap<String, usize>,
    /// The work packages.
    pub work_packages: BTreeMap<String, WorkPackage>,
}

impl Snapshot {
    /// Reads a snapshot; `file` names it in messages. Keys that are not ours are passed over.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] if it is none.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(bytes).map_err(|error| {
            let line = Some(error.line()).filter(|line| *line > 0);
            Refusal::damaged(Document::Snapshot, file, line, fault(&error))
        })
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// None is known: all keys are strings and all numbers finite.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIVE: &str = r#""actor":"a","force_count":0,"lane":"doing","last_event_id":null,"last_transition_at":null"#;

    fn with(work_package: &str) -> String {
        format!(
            r#"{{"event_count":0,"last_event_id":null,"materialized_at":"","feature_slug":"s","summary":{{}},"work_packages":{{"WP01":{{{work_package}}}}},"more":1}}"#
        )
    }

    #[test]
    fn absent_null_and_set_are_told_apart() {
        let json = with(&format!(r#"{FIVE},"agent":null,"shell_pid":7"#));
        let snapshot = Snapshot::parse("status.json", json.as_bytes()).unwrap();
        let work_package = &snapshot.work_packages["WP01"];
        assert_eq!(work_package.agent, Slot::Cleared);
        assert_eq!(work_package.shell_pid, Slot::Set(7.into()));
        assert_eq!(work_package.review, Slot::Absent);
        assert_eq!(snapshot.mission_slug, "s");
    }

    #[test]
    fn damage_is_named_with_its_line() {
        let refused = |text: &str| Snapshot::parse("s.json", text.as_bytes()).unwrap_err();
        assert_eq!(refused("{\n<<<<<<< HEAD\n").to_string(), "s.json:2: key must be a string");
        assert_eq!(refused(&with("")).to_string(), "s.json:1: missing field `actor`");
    }
}
