//! Events that note something about a work package without moving it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::actor::Actor;
use super::line::Place;
use super::text::Text;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;

/// A note about a work package.
#[derive(Debug, Clone)]
pub struct Annotation<'a> {
    /// Where it stands.
    pub place: Place<'a>,
    /// Its identity, a ULID.
    pub event_id: Text<'a>,
    /// The work package.
    pub wp_id: Text<'a>,
    /// When, as written. Order compares it as a string.
    pub at: Text<'a>,
    /// Who.
    pub actor: Actor<'a>,
    /// What changed, see [`Self::delta`].
    pub raw_delta: &'a RawValue,
}

/// What an annotation changes. Absent and null alike leave things as they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
pub struct Delta<'a> {
    /// The agent at work.
    pub agent: Option<Value>,
    /// Its process.
    pub shell_pid: Option<Value>,
    /// When the process began.
    pub shell_pid_created_at: Option<Value>,
    /// Whether agent and process of before are to be forgotten first.
    pub release_runtime_claim: Option<bool>,
    /// The person or agent in charge.
    pub assignee: Option<Text<'a>>,
    /// The role that was played.
    pub role: Option<Text<'a>>,
    /// The profile that was followed.
    pub agent_profile: Option<Text<'a>>,
    /// Its version.
    pub agent_profile_version: Option<Text<'a>>,
    /// The model that ran.
    pub model: Option<Text<'a>>,
    /// Who provided it.
    pub provider: Option<Text<'a>>,
    /// Progress of single subtasks.
    pub subtasks: Option<BTreeMap<Text<'a>, Status>>,
    /// A remark, to stand after those of before.
    pub note: Option<Text<'a>>,
    /// Issues to add.
    pub tracker_refs: Option<Vec<Text<'a>>>,
    /// Issues to have instead of those of before; goes before `tracker_refs`.
    pub tracker_refs_replace: Option<Vec<Text<'a>>>,
    /// A decision over a review; one of empty fields takes it back.
    pub review: Option<ReviewOverride>,
}

/// A decision over a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewOverride {
    /// Who decided.
    pub actor: String,
    /// When.
    pub at: String,
    /// Why.
    pub reason: String,
    /// For which work package.
    pub wp_id: String,
}

impl ReviewOverride {
    /// Whether it takes back a decision: all its fields are empty.
    #[must_use]
    pub fn is_withdrawal(&self) -> bool {
        [&self.actor, &self.at, &self.reason, &self.wp_id].iter().all(|text| text.is_empty())
    }
}

impl<'a> Annotation<'a> {
    /// What changes. A process given as digits in a string becomes a number, as the reference has
    /// it for annotations (not for claims).
    ///
    /// # Errors
    /// [`Refusal::Damaged`] if the delta has a slot of the wrong type.
    pub fn delta(&self) -> Result<Delta<'a>, Refusal> {
        let mut delta: Delta<'a> = self.place.read("delta", self.raw_delta)?;
        if let Some(Value::String(digits)) = &delta.shell_pid {
            let number: i64 = digits
                .trim()
                .parse()
                .map_err(|_| self.place.damaged("`delta`: `shell_pid` is not a number"))?;
            delta.shell_pid = Some(number.into());
        }
        Ok(delta)
    }
}
