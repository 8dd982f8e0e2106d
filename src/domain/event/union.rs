//! Joining logs that have grown apart: each event once, nothing lost.
//!
//! Logs only grow, so a merge holds the lines of all its parents, as they stand. That a side left a
//! line out is not followed.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

use super::line::{Line, Place, object};
use super::log::{Log, numbered};
use crate::domain::json::beyond_64_bits;
use crate::domain::refusal::{Contradiction, Refusal};

/// What the lines of a file of events have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    /// The lines of `status.events.jsonl`.
    Status,
    /// Any JSON objects, as in `decisions.events.jsonl`.
    Any,
}

/// The merge of versions of one file, each with the name that messages have for it: their lines as
/// they stand, sorted as the reference's merge driver sorts (`formats.md` section 1): by `at`, else
/// `timestamp`, then by id. Of lines that say the same under one id, the first stays; lines
/// without an id are told apart by their text. Blank lines are left out.
///
/// # Errors
/// [`Refusal::Damaged`] with the first line of any version that is no event;
/// [`Refusal::EventConflict`] with all ids that stand for different events.
pub fn merge<'a>(
    schema: Schema,
    versions: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<Vec<u8>, Refusal> {
    let mut records = Vec::new();
    for (file, bytes) in versions {
        if schema == Schema::Status {
            Log::parse(file, bytes)?;
        }
        for (place, text) in numbered(file, bytes)? {
            records.push(Record::read(place, text)?);
        }
    }
    let mut records = distinct(records)?;
    records.sort_by(|a, b| a.order().cmp(&b.order()));
    Ok(records.iter().flat_map(|record| [record.text, "\n"]).collect::<String>().into_bytes())
}

/// A line whose event may stand in other logs too.
pub(super) trait Written<'a> {
    fn place(&self) -> Place<'a>;
    fn text(&self) -> &'a str;
    fn event_id(&self) -> Option<&str>;
}

/// The lines without those that say again what an earlier one says.
pub(super) fn distinct<'a, L: Written<'a>>(
    lines: impl IntoIterator<Item = L>,
) -> Result<Vec<L>, Refusal> {
    let mut seen: HashMap<String, (Place<'a>, &'a str)> = HashMap::new();
    let (mut kept, mut contradictions) = (Vec::new(), Vec::new());
    for line in lines {
        match seen.entry(line.event_id().unwrap_or(line.text()).to_owned()) {
            Entry::Vacant(slot) => {
                slot.insert((line.place(), line.text()));
                kept.push(line);
            }
            Entry::Occupied(slot) => {
                let (place, text) = slot.get();
                if !says_the_same(text, line.text()) {
                    contradictions.push(Contradiction {
                        event_id: slot.key().clone(),
                        first: place.to_string(),
                        second: line.place().to_string(),
                    });
                }
            }
        }
    }
    if contradictions.is_empty() {
        Ok(kept)
    } else {
        Err(Refusal::EventConflict { contradictions })
    }
}

/// The same event may be written with other spaces or another order of keys. What cannot be compared
/// as values is not the same.
pub(super) fn says_the_same(one: &str, other: &str) -> bool {
    let exact = |text: &&str| beyond_64_bits(text).is_none();
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    let values = || Some(value(one)? == value(other)?);
    one == other || ([one, other].iter().all(exact) && values().unwrap_or_default())
}

impl<'a> Written<'a> for Line<'a> {
    fn place(&self) -> Place<'a> {
        self.place
    }

    fn text(&self) -> &'a str {
        self.text
    }

    fn event_id(&self) -> Option<&str> {
        self.event.event_id()
    }
}

/// A line of any schema.
struct Record<'a> {
    place: Place<'a>,
    text: &'a str,
    event_id: Option<String>,
    at: Option<String>,
}

impl<'a> Record<'a> {
    fn read(place: Place<'a>, text: &'a str) -> Result<Self, Refusal> {
        let mut object = object(place, text)?;
        let mut string = |key| match object.remove(key) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            Some(_) | None => None,
        };
        let (event_id, at) = (string("event_id"), string("at").or_else(|| string("timestamp")));
        Ok(Self { place, text, event_id, at })
    }

    fn order(&self) -> (Option<&str>, Option<&str>) {
        (self.at.as_deref(), self.event_id.as_deref())
    }
}

impl<'a> Written<'a> for Record<'a> {
    fn place(&self) -> Place<'a> {
        self.place
    }

    fn text(&self) -> &'a str {
        self.text
    }

    fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }
}
