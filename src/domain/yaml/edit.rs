//! Single keys at the top of a document, set without touching a byte of anything else.
//!
//! What cannot be changed in that way is refused and left to a person: a list where a text is to
//! stand, an anchor or tag, a key that occurs twice. The outcome is read again before it is
//! returned: it says what was asked for, and all other keys say what they said.

mod splice;

use splice::{Lines, Splice, apply};

use super::node::{Entry, Mapping, Node, Value};
use super::place::{Place, places};
use super::write::is_plain;
use crate::domain::refusal::Refusal;
use crate::domain::source::{Source, line_ends};

/// What a key is to say.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The key, at the top of the document, in letters that need no quotes.
    pub key: &'a str,
    /// Its value.
    pub wanted: Wanted<'a>,
    /// The keys behind the last of which a new one goes; it goes to the end if none is there.
    pub behind: &'a [&'a str],
}

/// The value that a key is to have.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// This text, in place of any other single value.
    Text(&'a str),
    /// A list with at least these texts: those that it lacks are added at its end, in this order.
    Including(&'a [&'a str]),
}

/// Changes some keys of a document whose first line is `first_line` of the file and whose last line
/// has an end. What is new is written on one line, or one for each item of a list that has dashes.
/// Keys that say already what is wanted keep their bytes. No key may be named twice.
///
/// # Errors
/// As [`super::read()`]; [`Refusal::KeyNotEditable`] if a key cannot be changed on its own.
pub fn edit(
    text: &str,
    first_line: usize,
    source: Source<'_>,
    changes: &[Change<'_>],
) -> Result<String, Refusal> {
    let root = super::read(text, first_line, source)?;
    let editor = Editor { text, first_line, source };
    let (Some(Node { value: Value::Mapping(before), .. }), Some(places)) = (&root, places(text))
    else {
        let change = changes.first().map_or("", |change| change.key);
        return Err(editor.unable(change, 0, "the keys do not stand in lines of their own"));
    };
    let splices: Result<Vec<_>, _> =
        changes.iter().map(|change| editor.splice(change, before, &places)).collect();
    let edited = apply(text, splices?.into_iter().flatten().collect());
    editor.check(before, &edited, changes)?;
    Ok(edited)
}

#[derive(Clone, Copy)]
struct Editor<'a> {
    text: &'a str,
    first_line: usize,
    source: Source<'a>,
}

impl Editor<'_> {
    /// What is to be done for a change; nothing if the key says already what is wanted.
    fn splice(
        self,
        change: &Change<'_>,
        before: &Mapping,
        places: &[Place],
    ) -> Result<Option<Splice>, Refusal> {
        let mut found = places.iter().filter(|place| place.key == change.key);
        let (Some(place), Some(entry)) = (found.next(), before.entry(change.key)) else {
            return Ok(Lines(self.text).insertion(change, places));
        };
        if let Some(twin) = found.next() {
            return Err(self.unable(change.key, twin.start, "it stands there for the second time"));
        }
        if change.wanted.missing(&entry.value).is_none() {
            return Ok(None);
        }
        match Lines(self.text).replacement(change, entry, place) {
            Ok(splice) => Ok(Some(splice)),
            Err(what) => Err(self.unable(change.key, place.start, what)),
        }
    }

    /// What was asked for is there, and nothing else differs.
    fn check(self, before: &Mapping, edited: &str, changes: &[Change<'_>]) -> Result<(), Refusal> {
        const ELSEWHERE: &str = "other values depend on how it is written";
        let root = super::read(edited, self.first_line, self.source).ok().flatten();
        let after = match root.map(|node| node.value) {
            Some(Value::Mapping(after)) => after,
            Some(Value::Scalar(_) | Value::Sequence(_)) | None => Mapping::default(),
        };
        let others = |mapping: &Mapping| -> Vec<Entry> {
            let is_other = |entry: &&Entry| changes.iter().all(|change| change.key != entry.key);
            mapping.entries.iter().filter(is_other).cloned().collect()
        };
        let (was, is) = (others(before), others(&after));
        let same = was.len() == is.len()
            && was.iter().zip(&is).all(|(a, b)| a.key == b.key && a.value.same_value(&b.value));
        let kept = |change: &&Change<'_>| !same || !change.holds(before, &after);
        match changes.iter().find(kept) {
            None => Ok(()),
            Some(change) => {
                let line = before.entry(change.key).map_or(self.first_line, |entry| entry.line);
                Err(self.unable_in(change.key, line, ELSEWHERE))
            }
        }
    }

    fn unable(self, key: &str, at: usize, what: &str) -> Refusal {
        let before = self.text.get(..at).unwrap_or_default();
        self.unable_in(key, self.first_line + line_ends(before.as_bytes()), what)
    }

    fn unable_in(self, key: &str, line: usize, what: &str) -> Refusal {
        let (file, key, what) = (self.source.file.to_owned(), key.to_owned(), what.to_owned());
        Refusal::KeyNotEditable { file, line, key, what }
    }
}

impl<'a> Wanted<'a> {
    /// The texts that a value lacks; `None` if it says already, to every reader, what is wanted.
    fn missing(self, value: &Node) -> Option<Vec<&'a str>> {
        match (self, &value.value) {
            (Self::Text(text), Value::Scalar(found)) => {
                let said = found.text == text && (!found.plain || is_plain(text));
                (!said).then(|| vec![text])
            }
            (Self::Text(text), Value::Sequence(_) | Value::Mapping(_)) => Some(vec![text]),
            (Self::Including(texts), Value::Sequence(found)) => {
                let is_there = |text: &str| found.iter().any(|item| item.text() == Some(text));
                let missing = distinct(texts.iter().copied().filter(|text| !is_there(text)));
                Some(missing).filter(|missing| !missing.is_empty())
            }
            (Self::Including([]), Value::Scalar(_)) if value.is_null() => None,
            (Self::Including(texts), Value::Scalar(_) | Value::Mapping(_)) => {
                Some(distinct(texts.iter().copied()))
            }
        }
    }
}

impl Change<'_> {
    /// Whether the key says what is wanted now, and of a list also all that it said before.
    fn holds(&self, before: &Mapping, after: &Mapping) -> bool {
        let items = |mapping: &Mapping| match mapping.entry(self.key).map(|e| e.value.value.clone())
        {
            Some(Value::Sequence(items)) => items,
            Some(Value::Scalar(_) | Value::Mapping(_)) | None => Vec::new(),
        };
        let (was, is) = (items(before), items(after));
        let is_said = match after.entry(self.key) {
            Some(entry) => self.wanted.missing(&entry.value).is_none(),
            None => matches!(self.wanted, Wanted::Including([])),
        };
        is_said && was.len() <= is.len() && was.iter().zip(&is).all(|(a, b)| a.same_value(b))
    }
}

/// The texts without those that came before.
fn distinct<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    texts.fold(Vec::new(), |mut distinct, text| {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
        distinct
    })
}
