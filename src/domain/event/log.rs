//! A whole log, and the union of several.

use super::annotation::Annotation;
use super::lane::LaneEvent;
use super::line::{Event, Line, Place};
use super::union::distinct;
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
        let lines = numbered(file, bytes)?.map(|(place, text)| {
            Event::parse(place, text).map(|event| Line { place, text, event })
        });
        Ok(Self { lines: lines.collect::<Result<_, _>>()? })
    }

    /// All of the logs' lines, each event once: those of the first log, then what the second has
    /// besides, and so on. Foreign lines without an id are told apart by their text.
    ///
    /// # Errors
    /// [`Refusal::EventConflict`] with all ids that stand for different events.
    pub fn union(logs: impl IntoIterator<Item = Self>) -> Result<Self, Refusal> {
        Ok(Self { lines: distinct(logs.into_iter().flat_map(|log| log.lines))? })
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

/// The lines that are not blank, each with its place.
pub(super) fn numbered<'a>(
    file: &'a str,
    bytes: &'a [u8],
) -> Result<impl Iterator<Item = (Place<'a>, &'a str)>, Refusal> {
    let text = decode(file, bytes)?;
    if text.starts_with('\u{feff}') {
        return Err(Place { file, line: 1 }.damaged("the file begins with a byte order mark"));
    }
    let lines = text.split('\n').zip(1..).filter(|(text, _)| !text.trim().is_empty());
    Ok(lines.map(move |(text, line)| (Place { file, line }, text)))
}

fn decode<'a>(file: &str, bytes: &'a [u8]) -> Result<&'a str, Refusal> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Refusal::damaged(Document::EventLog, file, Some(line), "not UTF-8")
    })
}
