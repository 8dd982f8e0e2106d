//! Appending events that others made: what `git kitty event append` reads.

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::domain::event::{Event, Place};
use crate::domain::id::WpId;
use crate::domain::json::beyond_64_bits;
use crate::domain::refusal::{Document, Refusal, STANDARD_INPUT};
use crate::domain::transition::{Request, Review, Verdict};
use crate::git::Repo;
use crate::store::Mission;

use super::group;
use super::host::Host;
use super::transaction::{Pending, Receipt, Transaction};
use super::wp::{check_known, move_in};

/// An event to come, as a line of input has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Incoming {
    /// A move, to be checked like any other.
    Move(WpId, Box<Request>),
    /// An annotation, with the fields that it was given.
    Annotation(Map<String, Value>),
}

impl Incoming {
    /// Reads a line: an annotation (`kind`), or a move with `wp_id`, `to_lane` or `to_status`, and
    /// what it brings, by the names of the log. `actor` acts where the line names nobody. Id and
    /// time are given by us, so a move that has them is refused.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] with the number of the line.
    pub fn parse(line: &str, number: usize, actor: &str) -> Result<Self, Refusal> {
        let damaged =
            |what: String| Refusal::damaged(Document::EventLog, STANDARD_INPUT, Some(number), what);
        let value: Value =
            serde_json::from_str(line).map_err(|error| damaged(error.to_string()))?;
        let Value::Object(mut fields) = value else {
            return Err(damaged("no JSON object".to_owned()));
        };
        fields.entry("actor").or_insert_with(|| actor.into());
        if fields.contains_key("kind") {
            if let Some(number) = beyond_64_bits(line) {
                return Err(damaged(format!("{number} has more than 64 bits: write it as text")));
            }
            return annotation(fields, number);
        }
        let text = |key: &str| fields.get(key).and_then(Value::as_str).map(str::to_owned);
        let needed = |key: &str| text(key).ok_or_else(|| damaged(format!("`{key}` is missing")));
        if let Some(given) = ["event_id", "at"].into_iter().find(|key| fields.contains_key(*key)) {
            return Err(damaged(format!("`{given}` is given by git-kitty")));
        }
        let wp_id = needed("wp_id")?.parse().map_err(|error| damaged(format!("{error}")))?;
        let to = text("to_status").or_else(|| text("to_lane"));
        let flag = |key: &str| fields.get(key).and_then(Value::as_bool).unwrap_or_default();
        Ok(Self::Move(
            wp_id,
            Box::new(Request {
                to: to.ok_or_else(|| damaged("`to_lane` is missing".to_owned()))?,
                actor: needed("actor")?,
                force: flag("force"),
                reason: text("reason"),
                review_ref: text("review_ref"),
                review: review(&fields).map_err(damaged)?,
                subtasks_complete: flag("subtasks_complete"),
                implementation_evidence: flag("implementation_evidence_present"),
                workspace: text("workspace"),
            }),
        ))
    }

    /// Whether the event was given an id.
    pub(super) fn has_id(&self) -> bool {
        match self {
            Self::Move(..) => false,
            Self::Annotation(fields) => fields.contains_key("event_id"),
        }
    }

    /// The work package that it is about.
    #[must_use]
    pub fn wp_id(&self) -> Option<WpId> {
        match self {
            Self::Move(wp_id, _) => Some(wp_id.clone()),
            Self::Annotation(fields) => fields.get("wp_id")?.as_str()?.parse().ok(),
        }
    }
}

/// A verdict in `review_result`, or in `evidence.review`.
fn review(fields: &Map<String, Value>) -> Result<Option<Review>, String> {
    let given = fields.get("review_result").filter(|value| value.is_object());
    let given = given.or_else(|| fields.get("evidence").and_then(|e| e.get("review")));
    let Some(given) = given else { return Ok(None) };
    let text = |key: &str| given.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let verdict = match text("verdict").as_str() {
        "approved" => Verdict::Approved,
        "changes_requested" => Verdict::ChangesRequested,
        other => return Err(format!("`{other}` is no verdict")),
    };
    Ok(Some(Review { reviewer: text("reviewer"), verdict, reference: text("reference") }))
}

/// An annotation must be one that the log can be read with again.
fn annotation(fields: Map<String, Value>, number: usize) -> Result<Incoming, Refusal> {
    let mut probe = fields.clone();
    probe.entry("event_id").or_insert_with(|| "00000000000000000000000000".into());
    probe.insert("at".to_owned(), "1970-01-01T00:00:00.000000+00:00".into());
    let line = Value::Object(probe).to_string();
    Event::parse(Place { file: STANDARD_INPUT, line: number }, &line)?;
    Ok(Incoming::Annotation(fields))
}

/// Appends events in the caller's transaction.
///
/// # Errors
/// What the events' transitions refuse; [`Refusal::DoubleEventId`].
pub fn append_in(
    transaction: &mut Transaction<'_>,
    repo: &Repo,
    incoming: &[Incoming],
) -> Result<Vec<Pending>> {
    let append = |incoming: &Incoming| match incoming {
        Incoming::Move(wp_id, request) => Ok(move_in(transaction, (repo, wp_id), request)?.event),
        Incoming::Annotation(fields) => {
            if let Some(wp_id) = incoming.wp_id() {
                transaction.check_destination(repo, &wp_id)?;
            }
            let pending = transaction.append_fields(fields.clone())?;
            transaction.describe(format!("{}: annotation", pending.wp_id));
            Ok(pending)
        }
    };
    incoming.iter().map(append).collect()
}

/// Appends events: all of them, or none. They may go into one commit with those that others append
/// to the mission at the same moment.
///
/// # Errors
/// As [`append_in`] and [`super::transaction::run`].
pub fn append(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    incoming: &[Incoming],
) -> Result<(Vec<Pending>, Receipt)> {
    if let Some(Incoming::Move(wp_id, _)) = incoming.first() {
        check_known(repo, mission, wp_id)?;
    }
    group::append(repo, host, mission, incoming)
}
