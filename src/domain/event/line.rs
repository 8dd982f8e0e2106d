//! One line of the log: which of the four schemas it has, and what it says.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny};
use serde_json::Value;
use serde_json::value::RawValue;

use super::actor::Actor;
use super::annotation::Annotation;
use super::lane::LaneEvent;
use super::text::Text;
use crate::domain::id::is_ulid;
use crate::domain::json::{Object, fault};
use crate::domain::refusal::{Document, Refusal};
use crate::domain::status::Status;

/// A line that is not blank.
#[derive(Debug, Clone)]
pub struct Line<'a> {
    /// Where it stands.
    pub place: Place<'a>,
    /// Its text without the line feed.
    pub text: &'a str,
    /// What it says.
    pub event: Event<'a>,
}

/// What a line says.
#[derive(Debug, Clone)]
pub enum Event<'a> {
    /// A work package moves.
    Lane(Box<LaneEvent<'a>>),
    /// Something is noted about a work package.
    Annotation(Box<Annotation<'a>>),
    /// Another subsystem's line, to be kept as it stands.
    Foreign(Foreign<'a>),
}

/// A line of another subsystem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreign<'a> {
    /// Its identity, where it has one.
    pub event_id: Option<Text<'a>>,
    /// By which key it is known.
    pub envelope: Envelope,
}

/// The key that makes a line foreign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Envelope {
    /// `event_name`, beginning with `retrospective.`.
    EventName,
    /// `type`, one of the three of retrospectives.
    Type,
    /// `event_type`, whatever it says.
    EventType,
}

/// A line of a file, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The file, as a person would look for it.
    pub file: &'a str,
    /// The line, counted from 1.
    pub line: usize,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

impl Place<'_> {
    /// The refusal that says what is wrong at this place of a log.
    #[must_use]
    pub fn damaged(&self, what: impl Into<String>) -> Refusal {
        Refusal::damaged(Document::EventLog, self.file, Some(self.line), what)
    }

    /// A part of an event that was left unparsed.
    pub(super) fn read<'a, T: Deserialize<'a>>(
        &self,
        name: &str,
        raw: &'a RawValue,
    ) -> Result<T, Refusal> {
        serde_json::from_str(raw.get())
            .map_err(|error| self.damaged(format!("`{name}`: {}", fault(&error))))
    }
}

impl<'a> Event<'a> {
    /// What the text of one line says.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] if it is no JSON object, of an unknown kind, or lacks what its schema
    /// asks for.
    pub fn parse(place: Place<'a>, text: &'a str) -> Result<Self, Refusal> {
        let event = serde_json::from_str(text).ok().and_then(|wire| Self::of(place, wire));
        event.map_or_else(|| Self::explain(place, text), Ok)
    }

    /// The event's identity; only foreign lines may lack one.
    #[must_use]
    pub fn event_id(&self) -> Option<&str> {
        match self {
            Self::Lane(event) => Some(&event.event_id),
            Self::Annotation(event) => Some(&event.event_id),
            Self::Foreign(foreign) => foreign.event_id.as_deref(),
        }
    }

    /// Its time as written, of the schemas whose order the reducer looks at.
    #[must_use]
    pub fn at(&self) -> Option<&str> {
        match self {
            Self::Lane(event) => Some(&event.at),
            Self::Annotation(event) => Some(&event.at),
            Self::Foreign(_) => None,
        }
    }

    /// `None` if the line lacks something: [`Self::explain`] says what.
    fn of(place: Place<'a>, wire: Wire<'a>) -> Option<Self> {
        match (wire.kind.as_deref(), wire.envelope()) {
            (Some("annotation"), _) => {
                wire.annotation(place).map(|event| Self::Annotation(Box::new(event)))
            }
            (Some(_), _) => None,
            (None, Some(envelope)) => {
                Some(Self::Foreign(Foreign { event_id: wire.event_id, envelope }))
            }
            (None, None) => wire.lane(place).map(|event| Self::Lane(Box::new(event))),
        }
    }

    /// The slow way, for lines that the quick one does not take: foreign ones whose keys mean
    /// something else than ours, and damaged ones.
    fn explain(place: Place<'a>, text: &'a str) -> Result<Self, Refusal> {
        let object = object(place, text)?;
        let string = |key| object.get(key).and_then(Value::as_str);
        let schema = match object.get("kind").filter(|kind| !kind.is_null()) {
            Some(Value::String(kind)) if kind == "annotation" => ANNOTATION_KEYS,
            Some(kind) => return Err(place.damaged(format!("unknown kind of event: {kind}"))),
            None => LANE_KEYS,
        };
        let has_event_type = object.contains_key("event_type");
        if schema == LANE_KEYS
            && let Some(envelope) = envelope(string("event_name"), string("type"), has_event_type)
        {
            let event_id = string("event_id").map(Text::owned);
            return Ok(Self::Foreign(Foreign { event_id, envelope }));
        }
        let missing = schema.iter().find(|key| object.get(**key).is_none_or(Value::is_null));
        Err(place.damaged(match missing {
            Some(key) => format!("the event lacks `{key}`"),
            None => wrong_type(text),
        }))
    }
}

/// The object that a line is, whatever its schema.
pub(super) fn object(place: Place<'_>, text: &str) -> Result<Object, Refusal> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(place.damaged("not a JSON object")),
        Err(error) => Err(place.damaged(format!("not a line of JSON: {}", sentence(&error)))),
    }
}

const LANE_KEYS: &[&str] =
    &["event_id", "wp_id", "from_lane", "to_lane", "at", "actor", "force", "execution_mode"];
const ANNOTATION_KEYS: &[&str] = &["event_id", "wp_id", "at", "actor", "delta"];

fn wrong_type(text: &str) -> String {
    serde_json::from_str::<Wire<'_>>(text)
        .map_or_else(|error| sentence(&error), |_| "`event_id` is not a ULID".to_owned())
}

fn sentence(error: &serde_json::Error) -> String {
    format!("{} (column {})", fault(error), error.column())
}

/// Foreign lines, in the order in which the reference asks.
fn envelope(event_name: Option<&str>, kind: Option<&str>, event_type: bool) -> Option<Envelope> {
    if event_name.is_some_and(|name| name.starts_with("retrospective.")) {
        return Some(Envelope::EventName);
    }
    match kind {
        Some("RetrospectiveCaptured" | "RetrospectiveCaptureFailed" | "RetrospectiveSkipped") => {
            Some(Envelope::Type)
        }
        Some(_) | None => event_type.then_some(Envelope::EventType),
    }
}

/// All keys of our two schemas, and those that tell them from the others.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Wire<'a> {
    kind: Option<Text<'a>>,
    event_name: Option<Text<'a>>,
    #[serde(rename = "type")]
    lifecycle: Option<Text<'a>>,
    #[serde(default, deserialize_with = "present")]
    event_type: bool,
    event_id: Option<Text<'a>>,
    mission_slug: Option<Text<'a>>,
    feature_slug: Option<Text<'a>>,
    mission_id: Option<Text<'a>>,
    wp_id: Option<Text<'a>>,
    from_lane: Option<Status>,
    to_lane: Option<Status>,
    at: Option<Text<'a>>,
    actor: Option<Actor<'a>>,
    force: Option<bool>,
    execution_mode: Option<Text<'a>>,
    reason: Option<Text<'a>>,
    review_ref: Option<Text<'a>>,
    evidence: Option<&'a RawValue>,
    policy_metadata: Option<&'a RawValue>,
    review_result: Option<&'a RawValue>,
    delta: Option<&'a RawValue>,
}

/// A key counts as present whatever its value, even null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl<'a> Wire<'a> {
    fn envelope(&self) -> Option<Envelope> {
        envelope(self.event_name.as_deref(), self.lifecycle.as_deref(), self.event_type)
    }

    fn lane(self, place: Place<'a>) -> Option<LaneEvent<'a>> {
        Some(LaneEvent {
            place,
            event_id: self.event_id?,
            mission_slug: self.mission_slug.filter(|slug| !slug.is_empty()).or(self.feature_slug),
            mission_id: self.mission_id,
            wp_id: self.wp_id?,
            from: self.from_lane?,
            to: self.to_lane?,
            at: self.at?,
            actor: self.actor?,
            force: self.force?,
            execution_mode: self.execution_mode?,
            reason: self.reason,
            review_ref: self.review_ref,
            evidence: self.evidence,
            policy_metadata: self.policy_metadata,
            review_result: self.review_result,
        })
    }

    fn annotation(self, place: Place<'a>) -> Option<Annotation<'a>> {
        Some(Annotation {
            place,
            event_id: self.event_id.filter(|id| is_ulid(id))?,
            wp_id: self.wp_id?,
            at: self.at?,
            actor: self.actor?,
            raw_delta: self.delta?,
        })
    }
}
