//! A work package in the snapshot, and how events change it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use crate::domain::event::{Annotation, Claim, Delta, LaneEvent, ReviewOverride, ReviewResult};
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;

/// A key that can be absent, null, or have a value, which the snapshot tells apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Slot<T> {
    /// Never set.
    #[default]
    Absent,
    /// Set and taken back: null.
    Cleared,
    /// Set.
    Set(T),
}

/// A work package's state. After the first five fields, those that were ever set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkPackage {
    /// Who moved it last; annotated only: who annotated it first.
    pub actor: String,
    /// The agent at work.
    #[serde(default, skip_serializing_if = "Slot::is_absent")]
    pub agent: Slot<Value>,
    /// The profile that the agent followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_profile: Option<String>,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent_profile_version: Option<String>,
    /// Who is in charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<String>,
    /// How many moves bypassed rules.
    pub force_count: u64,
    /// Its status.
    #[serde(rename = "lane")]
    pub status: Status,
    /// The move that put it there.
    pub last_event_id: Option<String>,
    /// When.
    pub last_transition_at: Option<String>,
    /// The model that ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Remarks, oldest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<Vec<String>>,
    /// Who provided the model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// A decision over a review.
    #[serde(default, skip_serializing_if = "Slot::is_absent")]
    pub review: Slot<ReviewOverride>,
    /// The last verdict; null after a review that ended without one.
    #[serde(default, skip_serializing_if = "Slot::is_absent")]
    pub review_result: Slot<ReviewResult>,
    /// The role that was played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The process at work, a number or text as it was claimed.
    #[serde(default, skip_serializing_if = "Slot::is_absent")]
    pub shell_pid: Slot<Value>,
    /// When the process began.
    #[serde(default, skip_serializing_if = "Slot::is_absent")]
    pub shell_pid_created_at: Slot<Value>,
    /// Progress of single subtasks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtasks: Option<BTreeMap<String, Status>>,
    /// Issues, in the order in which they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tracker_refs: Option<Vec<String>>,
}

impl WorkPackage {
    /// One that nothing moved yet.
    pub(super) fn untouched(actor: &str) -> Self {
        Self { actor: actor.to_owned(), ..Self::default() }
    }

    /// Takes what a move leaves behind besides the status.
    pub(super) fn keep_traces(&mut self, event: &LaneEvent<'_>) -> Result<(), Refusal> {
        self.force_count += u64::from(event.force);
        if let Some(Claim { agent, shell_pid, shell_pid_created_at }) = event.claim()? {
            self.agent.replace(agent.filter(is_not_empty));
            self.shell_pid.replace(shell_pid);
            self.shell_pid_created_at.replace(shell_pid_created_at);
        }
        match event.verdict()? {
            Some(verdict) => self.review_result = Slot::Set(verdict),
            None if event.from == Status::InReview => self.review_result = Slot::Cleared,
            None => {}
        }
        Ok(())
    }

    /// Takes the status that the last move gave.
    pub(super) fn settle(&mut self, event: &LaneEvent<'_>) {
        event.actor.identity().clone_into(&mut self.actor);
        self.status = event.to;
        self.last_event_id = Some(event.event_id.to_string());
        self.last_transition_at = Some(event.at.to_string());
    }

    /// Takes an annotation.
    pub(super) fn annotate(&mut self, annotation: &Annotation<'_>) -> Result<(), Refusal> {
        let delta = annotation.delta()?;
        self.take_process(&delta);
        replace_text(&mut self.assignee, delta.assignee);
        replace_text(&mut self.role, delta.role);
        replace_text(&mut self.agent_profile, delta.agent_profile);
        replace_text(&mut self.agent_profile_version, delta.agent_profile_version);
        replace_text(&mut self.model, delta.model);
        replace_text(&mut self.provider, delta.provider);
        if let Some(subtasks) = delta.subtasks {
            let news = subtasks.into_iter().map(|(id, status)| (id.into(), status));
            self.subtasks.get_or_insert_default().extend(news);
        }
        if let Some(note) = delta.note {
            self.notes.get_or_insert_default().push(note.into());
        }
        self.take_tracker_refs(delta.tracker_refs, delta.tracker_refs_replace);
        match delta.review {
            Some(review) if review.is_withdrawal() => self.review = Slot::Cleared,
            Some(review) => self.review = Slot::Set(review),
            None => {}
        }
        Ok(())
    }

    fn take_process(&mut self, delta: &Delta<'_>) {
        let slots = [
            (&mut self.agent, &delta.agent),
            (&mut self.shell_pid, &delta.shell_pid),
            (&mut self.shell_pid_created_at, &delta.shell_pid_created_at),
        ];
        for (slot, news) in slots {
            if delta.release_runtime_claim == Some(true) {
                *slot = Slot::Cleared;
            }
            slot.replace(news.clone().filter(is_not_empty));
        }
    }

    fn take_tracker_refs<T: Into<String>>(&mut self, add: Option<Vec<T>>, instead: Option<Vec<T>>) {
        let news = match (instead, add) {
            (Some(refs), _) => {
                self.tracker_refs = None;
                refs
            }
            (None, Some(refs)) => refs,
            (None, None) => return,
        };
        let refs = self.tracker_refs.get_or_insert_default();
        for item in news.into_iter().map(Into::into) {
            if !refs.contains(&item) {
                refs.push(item);
            }
        }
    }
}

impl<T> Slot<T> {
    /// Whether the key is left out.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    fn replace(&mut self, news: Option<T>) {
        if let Some(value) = news {
            *self = Self::Set(value);
        }
    }
}

/// Empty text never replaces anything.
fn replace_text<T: Into<String>>(slot: &mut Option<String>, news: Option<T>) {
    if let Some(text) = news.map(Into::into).filter(|text| !text.is_empty()) {
        *slot = Some(text);
    }
}

fn is_not_empty(value: &Value) -> bool {
    value.as_str() != Some("")
}

impl<T: Serialize> Serialize for Slot<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Absent | Self::Cleared => serializer.serialize_none(),
            Self::Set(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Slot<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Cleared, Self::Set))
    }
}
