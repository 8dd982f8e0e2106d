//! The certificate of a landing: an event in the mission's log that says what was joined, so that
//! anybody who has the commits can do it again and compare.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::event::Log;
use crate::domain::json::Object;
use crate::domain::refusal::Refusal;

/// The type of the event that has a certificate. Readers of the reference skip lines with a type.
pub const LANDED: &str = "MissionLanded";
/// The type of the event that takes one back.
pub const UNDONE: &str = "MissionLandingUndone";

/// What a landing joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The version of this document.
    pub certificate: u32,
    /// The operation, as the operation log has it.
    pub operation: String,
    /// `ff`, `merge`, `squash` or `rebase`.
    pub strategy: String,
    /// The branch that the mission landed on.
    pub target: String,
    /// Where that was before, as hex.
    pub target_old: String,
    /// The commits that target and coordination branch both come from.
    pub bases: Vec<String>,
    /// The coordination branch with all lanes, before the commit that has this certificate, which is
    /// made on top of it.
    pub coordination_tip: String,
    /// The lanes that are in it, in the order in which they came.
    pub lanes: Vec<LandedLane>,
    /// Conflicts that a person resolved on the way.
    pub resolved: Vec<Resolved>,
    /// The number that the mission got.
    pub mission_number: Option<u32>,
    /// Why a review was set aside, if one was.
    pub review_note: Option<String>,
    /// The branch for a pull request, where the target itself was not moved.
    pub pr_branch: Option<String>,
    /// How much there was to join.
    pub counts: Counts,
}

/// A lane in a landing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandedLane {
    /// The lane.
    pub lane_id: String,
    /// Its tip.
    pub tip: String,
    /// The commit that merged it; none if the coordination branch had it already.
    pub commit: Option<String>,
}

/// A merge that a person concluded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// The merge commit.
    pub commit: String,
    /// The paths that were in conflict.
    pub paths: Vec<String>,
}

/// How many paths differ from the base.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// On the target.
    pub target_paths: usize,
    /// In the mission.
    pub mission_paths: usize,
    /// On both, each merged three-way without conflict.
    pub both: usize,
    /// Resolved by a person.
    pub resolved: usize,
}

/// A certificate as a log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landing {
    /// The event.
    pub event_id: String,
    /// What it says.
    pub certificate: Certificate,
}

impl Certificate {
    /// The version that is written.
    pub const VERSION: u32 = 1;

    /// The fields of its event, but for id, time and mission.
    #[must_use]
    pub fn event(&self, actor: &str) -> Object {
        let payload = serde_json::to_value(self).unwrap_or_default();
        Object::from_iter([
            ("event_type".to_owned(), Value::from(LANDED)),
            ("actor".to_owned(), actor.into()),
            ("payload".to_owned(), payload),
        ])
    }
}

/// The last landing in a log that was not taken back.
///
/// # Errors
/// As [`landings`].
pub fn latest(log: &[u8], file: &str) -> Result<Option<Landing>, Refusal> {
    Ok(landings(log, file)?.pop())
}

/// The landings in a log that were not taken back, the latest last.
///
/// # Errors
/// [`Refusal::Damaged`] if the log cannot be read. A certificate of a version that is not known is
/// none.
pub fn landings(log: &[u8], file: &str) -> Result<Vec<Landing>, Refusal> {
    let log = Log::parse(file, log)?;
    let mut found: Vec<Landing> = Vec::new();
    for line in log.lines() {
        // Most lines are moves of work packages, and have neither word.
        if ![LANDED, UNDONE].iter().any(|word| line.text.contains(word)) {
            continue;
        }
        let Ok(event) = serde_json::from_str::<Event>(line.text) else { continue };
        match event.event_type.as_str() {
            LANDED => {
                let payload = serde_json::from_value::<Certificate>(event.payload);
                let known = payload.ok().filter(|one| one.certificate == Certificate::VERSION);
                let event_id = event.event_id;
                found.extend(known.map(|certificate| Landing { event_id, certificate }));
            }
            UNDONE => {
                let undone = event.payload.get("certificate").and_then(Value::as_str);
                found.retain(|landing| Some(landing.event_id.as_str()) != undone);
            }
            _ => {}
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Event {
    event_id: String,
    event_type: String,
    #[serde(default)]
    payload: Value,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::event::write::line;

    fn certificate(operation: &str) -> Certificate {
        Certificate {
            certificate: Certificate::VERSION,
            operation: operation.to_owned(),
            strategy: "ff".to_owned(),
            target: "main".to_owned(),
            target_old: "1".repeat(40),
            bases: vec!["1".repeat(40)],
            coordination_tip: "2".repeat(40),
            lanes: Vec::new(),
            resolved: Vec::new(),
            mission_number: Some(3),
            review_note: None,
            pr_branch: None,
            counts: Counts::default(),
        }
    }

    fn landed(id: &str) -> String {
        let mut event = certificate(id).event("ada");
        event.insert("event_id".to_owned(), id.into());
        line(&event) + "\n"
    }

    fn undone(id: &str) -> String {
        let event = json!({
            "event_id": format!("U{id}"), "event_type": UNDONE, "payload": {"certificate": id},
        });
        format!("{event}\n")
    }

    fn found(log: &str) -> Option<String> {
        latest(log.as_bytes(), "log").unwrap().map(|landing| landing.event_id)
    }

    #[test]
    fn the_last_landing_counts_that_was_not_taken_back() {
        let (one, two) = (landed("A"), landed("B"));
        assert_eq!(found(""), None);
        assert_eq!(found(&one), Some("A".to_owned()));
        assert_eq!(found(&format!("{one}{two}")), Some("B".to_owned()));
        assert_eq!(found(&format!("{one}{two}{}", undone("B"))), Some("A".to_owned()));
        assert_eq!(found(&format!("{one}{}", undone("A"))), None);
    }

    #[test]
    fn a_certificate_comes_back_as_it_was_written() {
        let landing = latest(landed("A").as_bytes(), "log").unwrap().unwrap();
        assert_eq!(landing.certificate, certificate("A"));
    }

    #[test]
    fn what_is_no_certificate_that_we_know_is_none() {
        let newer = landed("A").replace("\"certificate\": 1", "\"certificate\": 2");
        assert_eq!(found(&newer), None);
        let other = json!({"event_id": "A", "event_type": LANDED, "payload": {"x": 1}});
        assert_eq!(found(&format!("{other}\n")), None);
    }
}
