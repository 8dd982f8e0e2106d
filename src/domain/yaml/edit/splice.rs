//! Where the bytes go that set a key.

use std::ops::Range;

use super::{Change, Wanted, distinct};
use crate::domain::yaml::node::Entry;
use crate::domain::yaml::place::{Place, Shape, quoted_end};
use crate::domain::yaml::write::{flow_scalar, scalar};

/// Bytes to be replaced, and what comes in their place.
pub(super) struct Splice {
    range: Range<usize>,
    with: String,
}

/// Splices at the same place keep their order.
pub(super) fn apply(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| splice.range.start);
    let mut edited = String::with_capacity(text.len() + 80 * splices.len());
    let mut done = 0;
    for Splice { range, with } in splices {
        edited.push_str(text.get(done..range.start).unwrap_or_default());
        edited.push_str(&with);
        done = range.end;
    }
    edited.push_str(text.get(done..).unwrap_or_default());
    edited
}

/// A text whose lines are looked at.
#[derive(Clone, Copy)]
pub(super) struct Lines<'a>(pub(super) &'a str);

impl<'a> Lines<'a> {
    /// What makes a key that is there say what is wanted, or why nothing can.
    pub(super) fn replacement(
        self,
        change: &Change<'_>,
        entry: &Entry,
        place: &Place,
    ) -> Result<Splice, &'static str> {
        let missing = change.wanted.missing(&entry.value).unwrap_or_default();
        match (change.wanted, &place.shape) {
            (Wanted::Text(text), Shape::Plain | Shape::Quoted | Shape::Block) => {
                self.instead_of_scalar(place, &scalar(text))
            }
            (Wanted::Text(_), Shape::FlowList | Shape::DashList(_) | Shape::Other) => {
                Err("it holds no single value of its own")
            }
            (Wanted::Including(_), Shape::Plain) if entry.value.is_null() => {
                self.instead_of_scalar(place, &format!("[{}]", items(&missing)))
            }
            (Wanted::Including(_), Shape::FlowList) => Ok(self.into_brackets(place, &missing)),
            (Wanted::Including(_), Shape::DashList(starts)) => self
                .behind_dashes(place, starts, &missing)
                .ok_or("its items do not stand behind dashes of their own"),
            (Wanted::Including(_), Shape::Plain | Shape::Quoted | Shape::Block | Shape::Other) => {
                Err("it holds no list of its own")
            }
        }
    }

    fn instead_of_scalar(self, place: &Place, with: &str) -> Result<Splice, &'static str> {
        const UNUSUAL: &str = "it has an anchor, a tag or an unusual form";
        let colon = self.colon(place).ok_or(UNUSUAL)?;
        let value = self.from(place.value.start);
        let end = match place.shape {
            Shape::Block => self.block_end(colon, &place.value),
            Shape::Quoted => quoted_end(self.0, place.value.start),
            Shape::Plain if value.starts_with(['&', '!']) => None,
            Shape::Plain | Shape::FlowList | Shape::DashList(_) | Shape::Other => {
                Some(place.value.end)
            }
        };
        let between = self.0.get(colon..place.value.start).unwrap_or_default();
        let in_line = !between.is_empty() && between.trim_matches([' ', '\t']).is_empty();
        let (start, blank) = if in_line { (place.value.start, "") } else { (colon, " ") };
        let end = end.ok_or(UNUSUAL)?.max(start);
        Ok(Splice { range: start..end, with: format!("{blank}{with}") })
    }

    /// The byte behind the colon, if nothing but blanks stands before the key and the colon.
    fn colon(self, place: &Place) -> Option<usize> {
        let line = self.0.get(self.line_start(place.start)..place.start)?;
        let is_quoted = self.from(place.start).starts_with(['\'', '"']);
        let end = if is_quoted {
            quoted_end(self.0, place.start)?
        } else {
            place.start + place.key.len()
        };
        let behind = self.from(end);
        let blanks = behind.len() - behind.trim_start_matches([' ', '\t']).len();
        let colon = end + blanks;
        (line.trim_matches(' ').is_empty() && self.from(colon).starts_with(':'))
            .then_some(colon + 1)
    }

    /// The end of a block scalar's last line that is not empty, or of its header.
    fn block_end(self, colon: usize, value: &Range<usize>) -> Option<usize> {
        let header = self.from(colon).split(['\r', '\n']).next()?;
        let content = self.0.get(value.clone())?.trim_end_matches([' ', '\t', '\r', '\n']);
        if !header.trim_start().starts_with(['|', '>']) {
            return None;
        }
        let end = value.start + content.len();
        let blanks = self.from(end).len() - self.from(end).trim_start_matches([' ', '\t']).len();
        let of_content = if content.is_empty() { 0 } else { end + blanks };
        Some(of_content.max(colon + header.len()))
    }

    fn into_brackets(self, place: &Place, missing: &[&str]) -> Splice {
        let close = place.value.end.saturating_sub(1);
        let inside = self.0.get(place.value.start..close).unwrap_or_default();
        let comma = match inside.trim_end().chars().last() {
            Some('[') => "",
            Some(',') if inside.ends_with(',') => " ",
            Some(',') => "",
            Some(_) | None => ", ",
        };
        Splice { range: close..close, with: format!("{comma}{}", items(missing)) }
    }

    fn behind_dashes(self, place: &Place, starts: &[usize], missing: &[&str]) -> Option<Splice> {
        let dash = |start: &usize| {
            let before = self.0.get(self.line_start(*start)..*start)?.trim_end();
            before.strip_suffix('-').filter(|indent| indent.trim_matches(' ').is_empty())
        };
        let indent = starts.iter().find_map(dash)?;
        let at = self.next_line(place.value.end);
        let eol = self.line_end_before(at);
        let lines = missing.iter().map(|text| format!("{indent}- {}{eol}", scalar(text)));
        Some(Splice { range: at..at, with: lines.collect() })
    }

    /// A new line, behind the last of the keys that it belongs behind. A key that need not be
    /// changed gets none.
    pub(super) fn insertion(self, change: &Change<'_>, places: &[Place]) -> Option<Splice> {
        let value = match change.wanted {
            Wanted::Text(text) => scalar(text),
            Wanted::Including([]) => return None,
            Wanted::Including(texts) => format!("[{}]", items(&distinct(texts.iter().copied()))),
        };
        let is_before = |place: &&Place| change.behind.contains(&place.key.as_str());
        let before = places.iter().rfind(is_before).or(places.last());
        let at = before.map_or(self.0.len(), |place| self.next_line(place.value.end));
        let indent = places.first().map_or(0, |place| place.start - self.line_start(place.start));
        let (eol, key) = (self.line_end_before(at), change.key);
        let with = format!("{:indent$}{key}: {value}{eol}", "");
        Some(Splice { range: at..at, with })
    }

    fn from(self, at: usize) -> &'a str {
        self.0.get(at..).unwrap_or_default()
    }

    fn line_start(self, at: usize) -> usize {
        let before = self.0.get(..at).unwrap_or_default();
        before.rfind('\n').map_or(0, |end| end + 1)
    }

    /// The beginning of the line behind the one that `at` is in; `at` itself if a line begins there.
    fn next_line(self, at: usize) -> usize {
        if at > 0 && self.line_start(at) == at {
            return at;
        }
        self.from(at).find('\n').map_or(self.0.len(), |end| at + end + 1)
    }

    /// How the line before `at` ends.
    fn line_end_before(self, at: usize) -> &'static str {
        let before = self.0.get(..at).unwrap_or_default();
        if before.ends_with("\r\n") { "\r\n" } else { "\n" }
    }
}

fn items(texts: &[&str]) -> String {
    texts.iter().map(|text| flow_scalar(text)).collect::<Vec<_>>().join(", ")
}
