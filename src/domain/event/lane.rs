//! Events that move a work package from one status to another.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

use super::actor::Actor;
use super::line::Place;
use super::text::Text;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;

/// A move of a work package.
///
/// What is rarely asked for stays unparsed; the methods parse it.
#[derive(Debug, Clone)]
pub struct LaneEvent<'a> {
    /// Where it stands.
    pub place: Place<'a>,
    /// Its identity: a ULID in all logs seen, though none is asked for here.
    pub event_id: Text<'a>,
    /// The mission's slug; old logs call it `feature_slug`.
    pub mission_slug: Option<Text<'a>>,
    /// The mission's ULID; old logs lack it.
    pub mission_id: Option<Text<'a>>,
    /// The work package, as written.
    pub wp_id: Text<'a>,
    /// Where the writer saw it. Nothing promises that it is where the event before left it.
    pub from: Status,
    /// Where it goes.
    pub to: Status,
    /// When, as written. Order compares it as a string.
    pub at: Text<'a>,
    /// Who.
    pub actor: Actor<'a>,
    /// Whether rules were bypassed.
    pub force: bool,
    /// `worktree` or `direct_repo`.
    pub execution_mode: Text<'a>,
    /// Why.
    pub reason: Option<Text<'a>>,
    /// The review that this answers.
    pub review_ref: Option<Text<'a>>,
    /// `{review, repos, verification}`.
    pub evidence: Option<&'a RawValue>,
    /// Free notes of the writer.
    pub policy_metadata: Option<&'a RawValue>,
    /// The verdict, see [`Self::verdict`].
    pub review_result: Option<&'a RawValue>,
}

/// A reviewer's verdict, as event and snapshot have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewResult {
    /// Where the feedback lies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feedback_path: Option<String>,
    /// What was reviewed, or where the approval is written.
    pub reference: String,
    /// Who reviewed.
    pub reviewer: String,
    /// `approved` or `changes_requested`.
    pub verdict: String,
}

/// What a claim says of the process that made it, kept as written.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Claim {
    /// The agent.
    pub agent: Option<Value>,
    /// The process.
    pub shell_pid: Option<Value>,
    /// When the process began.
    pub shell_pid_created_at: Option<Value>,
}

impl Claim {
    /// Whether it says anything at all.
    #[must_use]
    pub const fn says_something(&self) -> bool {
        self.agent.is_some() || self.shell_pid.is_some() || self.shell_pid_created_at.is_some()
    }
}

impl LaneEvent<'_> {
    /// Whether a reviewer sent the work back. Of two events at the same time such a one wins.
    #[must_use]
    pub fn is_rollback(&self) -> bool {
        let answers_a_review = self.from == Status::InReview
            || (self.from == Status::ForReview && self.review_ref.is_some());
        self.to == Status::InProgress && answers_a_review
    }

    /// The verdict that the event carries; an empty object is none.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] if it is no verdict.
    pub fn verdict(&self) -> Result<Option<ReviewResult>, Refusal> {
        self.review_result
            .filter(|raw| !is_empty_object(raw))
            .map(|raw| self.place.read("review_result", raw))
            .transpose()
    }

    /// What a claim (planned to claimed) says of its process; `None` for any other event.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] if `policy_metadata` is no object.
    pub fn claim(&self) -> Result<Option<Claim>, Refusal> {
        if (self.from, self.to) != (Status::Planned, Status::Claimed) {
            return Ok(None);
        }
        self.policy_metadata.map(|raw| self.place.read("policy_metadata", raw)).transpose()
    }
}

fn is_empty_object(raw: &RawValue) -> bool {
    let inside = raw.get().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inside.is_some_and(|text| text.trim().is_empty())
}
