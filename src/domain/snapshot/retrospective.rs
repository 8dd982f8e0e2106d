//! The retrospective in the snapshot, from the log's lines named `retrospective.*`.
//!
//! No snapshot of the corpus has one; what is here follows from the reference's description of its
//! events. Lines of type `RetrospectiveCaptured` and the like do not count.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::domain::event::{Envelope, Event, Line, Log};

/// How far a mission's retrospective is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retrospective {
    /// How it was started, by the last request.
    pub mode: Option<Mode>,
    /// Proposals that were taken up.
    pub proposals_applied: usize,
    /// Proposals that await a decision.
    pub proposals_pending: usize,
    /// Proposals that were turned down.
    pub proposals_rejected: usize,
    /// All proposals.
    pub proposals_total: usize,
    /// Where the record lies, by the last event that ended it.
    pub record_path: Option<String>,
    /// How it ended, if it did.
    pub status: RetrospectiveStatus,
}

/// How a retrospective stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetrospectiveStatus {
    /// Not begun; the snapshot then leaves the whole key out.
    Absent,
    /// Begun.
    Pending,
    /// Done.
    Completed,
    /// Left out on purpose.
    Skipped,
    /// Tried in vain.
    Failed,
}

/// How a retrospective was started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mode {
    /// What decided it.
    pub source_signal: SourceSignal,
    /// `autonomous` or `human_in_command`.
    pub value: String,
}

/// What decided a mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSignal {
    /// What was seen.
    pub evidence: String,
    /// Where, e.g. `explicit_flag`.
    pub kind: String,
}

#[derive(Deserialize)]
struct Entry {
    event_name: String,
    #[serde(default)]
    at: Value,
    #[serde(default)]
    event_id: Value,
    #[serde(default)]
    payload: Value,
}

impl Retrospective {
    /// What the log says of the retrospective; `None` if nothing.
    #[must_use]
    pub fn of(log: &Log<'_>) -> Option<Self> {
        let mut entries: Vec<Entry> = log.lines().iter().filter_map(Entry::read).collect();
        entries.sort_by(|a, b| a.key().cmp(&b.key()));
        let end = entries.iter().rev().find(|entry| entry.end().is_some());
        let count = |name| entries.iter().filter(|entry| entry.event_name == name).count();
        let [total, applied, rejected] = [
            "retrospective.proposal.generated",
            "retrospective.proposal.applied",
            "retrospective.proposal.rejected",
        ]
        .map(count);
        entries.first()?;
        Some(Self {
            mode: entries.iter().rev().find_map(Entry::request).and_then(mode),
            proposals_applied: applied,
            proposals_pending: total.saturating_sub(applied + rejected),
            proposals_rejected: rejected,
            proposals_total: total,
            record_path: end.and_then(|entry| text(entry.payload.get("record_path")?)),
            status: end.and_then(Entry::end).unwrap_or(RetrospectiveStatus::Pending),
        })
    }
}

impl Entry {
    fn read(line: &Line<'_>) -> Option<Self> {
        match &line.event {
            Event::Foreign(foreign) if foreign.envelope == Envelope::EventName => {
                serde_json::from_str(line.text).ok()
            }
            Event::Foreign(_) | Event::Lane(_) | Event::Annotation(_) => None,
        }
    }

    fn key(&self) -> (&str, &str) {
        (self.at.as_str().unwrap_or_default(), self.event_id.as_str().unwrap_or_default())
    }

    fn end(&self) -> Option<RetrospectiveStatus> {
        match self.event_name.as_str() {
            "retrospective.completed" => Some(RetrospectiveStatus::Completed),
            "retrospective.skipped" => Some(RetrospectiveStatus::Skipped),
            "retrospective.failed" => Some(RetrospectiveStatus::Failed),
            _ => None,
        }
    }

    fn request(&self) -> Option<&Value> {
        (self.event_name == "retrospective.requested").then_some(&self.payload)
    }
}

fn mode(request: &Value) -> Option<Mode> {
    let mode = Mode::deserialize(request.get("mode")?).ok()?;
    let known = ["charter_override", "explicit_flag", "environment", "parent_process"];
    let is_known = known.contains(&mode.source_signal.kind.as_str())
        && ["autonomous", "human_in_command"].contains(&mode.value.as_str());
    is_known.then_some(mode)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Option<Retrospective> {
        let log = lines.join("\n");
        Retrospective::of(&Log::parse("log", log.as_bytes()).unwrap())
    }

    const REQUEST: &str = r#"{"event_name":"retrospective.requested","at":"1","payload":{"mode":{"value":"autonomous","source_signal":{"kind":"environment","evidence":"CI"}}}}"#;

    #[test]
    fn only_lines_by_that_name_make_one() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[r#"{"type":"RetrospectiveCaptured","record_path":"x"}"#]), None);
    }

    #[test]
    fn the_last_end_in_order_of_time_decides() {
        let begun = of(&[REQUEST]).unwrap();
        assert_eq!(begun.status, RetrospectiveStatus::Pending);
        assert_eq!(begun.mode.unwrap().source_signal.evidence, "CI");
        let ended = of(&[
            r#"{"event_name":"retrospective.completed","at":"3","payload":{"record_path":"p"}}"#,
            r#"{"event_name":"retrospective.failed","at":"2","payload":null}"#,
            r#"{"event_name":"retrospective.proposal.generated","at":"1"}"#,
            r#"{"event_name":"retrospective.proposal.generated","at":"1"}"#,
            r#"{"event_name":"retrospective.proposal.applied","at":"1"}"#,
        ]);
        let expected = Retrospective {
            mode: None,
            proposals_applied: 1,
            proposals_pending: 1,
            proposals_rejected: 0,
            proposals_total: 2,
            record_path: Some("p".to_owned()),
            status: RetrospectiveStatus::Completed,
        };
        assert_eq!(ended, Some(expected));
    }

    #[test]
    fn a_mode_that_nobody_knows_is_none() {
        assert_eq!(of(&[&REQUEST.replace("environment", "guess")]).unwrap().mode, None);
        assert_eq!(of(&[&REQUEST.replace("evidence", "proof")]).unwrap().mode, None);
    }
}
