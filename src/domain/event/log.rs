//! A whole log, and the union of several.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use serde_json::Value;

use super::annotation::Annotation;
use super::lane::LaneEvent;
use super::line::{Event, Line, Place};
use crate::domain::refusal::{Document, Refusal};

/// A log's lines in the order of the file. Blank lines are not among them.
#[derive(Debug, Clone, Default)]
pub struct Log<'a> {
    lines: Vec<Line<'a>>,
}

impl<'a> Log<'a> {
    /// Reads a log; `file` names it in messages.
    ///
    /// Line ends may be CR LF, and the last line may lack its own.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] with the first line that is no event. A byte order mark is refused, as
    /// the reference does.
    pub fn parse(file: &'a str, bytes: &'a [u8]) -> Result<Self, Refusal> {
        let text = decode(file, bytes)?;
        if text.starts_with('\u{feff}') {
            return Err(Place { file, line: 1 }.damaged("the file begins with a byte order mark"));
        }
        let numbered = text.split('\n').zip(1..).filter(|(text, _)| !text.trim().is_empty());
        let lines = numbered.map(|(text, line)| {
            let place = Place { file, line };
            Event::parse(place, text).map(|event| Line { place, text, event })
        });
        Ok(Self { lines: lines.collect::<Result<_, _>>()? })
    }

    /// All of the logs' lines, each event once: those of the first log, then what the second has
    /// besides, and so on. Foreign lines without an id are told apart by their text.
    ///
    /// # Errors
    /// [`Refusal::EventConflict`] if two lines give the same id to different events.
    pub fn union(logs: impl IntoIterator<Item = Self>) -> Result<Self, Refusal> {
        let mut seen: HashMap<String, Line<'a>> = HashMap::new();
        let mut lines = Vec::new();
        for line in logs.into_iter().flat_map(|log| log.lines) {
            match seen.entry(line.event.event_id().unwrap_or(line.text).to_owned()) {
                Entry::Occupied(first) => line.must_equal(first.get())?,
                Entry::Vacant(place) => {
                    lines.push(place.insert(line).clone());
                }
            }
        }
        Ok(Self { lines })
    }

    /// Every line.
    #[must_use]
    pub fn lines(&self) -> &[Line<'a>] {
        &self.lines
    }

    /// The moves, in the order of the file.
    pub fn lane_events(&self) -> impl Iterator<Item = &LaneEvent<'a>> {
        self.lines.iter().filter_map(|line| match &line.event {
            Event::Lane(event) => Some(&**event),
            Event::Annotation(_) | Event::Foreign(_) => None,
        })
    }

    /// The annotations, in the order of the file.
    pub fn annotations(&self) -> impl Iterator<Item = &Annotation<'a>> {
        self.lines.iter().filter_map(|line| match &line.event {
            Event::Annotation(event) => Some(&**event),
            Event::Lane(_) | Event::Foreign(_) => None,
        })
    }

    /// The lines as they stood, each with a line feed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| [line.text, "\n"]).collect::<String>().into_bytes()
    }
}

impl Line<'_> {
    /// The same event may be written with other spaces or another order of keys.
    fn must_equal(&self, first: &Self) -> Result<(), Refusal> {
        let value = |line: &Self| serde_json::from_str::<Value>(line.text).ok();
        if self.text == first.text || value(self) == value(first) {
            return Ok(());
        }
        Err(Refusal::EventConflict {
            event_id: self.event.event_id().unwrap_or_default().to_owned(),
            first: first.place.to_string(),
            second: self.place.to_string(),
        })
    }
}

fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Refusal> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Refusal::damaged(Document::EventLog, file, Some(line), "not UTF-8")
    })
}
