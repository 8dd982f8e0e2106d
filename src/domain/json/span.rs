//! Where the parts of a JSON text stand.

use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::read;
use crate::domain::refusal::Refusal;
use crate::domain::source::{Source, line_ends};

/// A key with its value, or an item of a list, by its bytes in the text.
#[derive(Debug, Clone)]
pub(in crate::domain) struct Part {
    /// The key; empty for an item.
    pub(in crate::domain) key: String,
    /// From the quote that opens the key, or the start of the item, to the end of the value.
    pub(in crate::domain) whole: Range<usize>,
    /// The value.
    pub(in crate::domain) value: Range<usize>,
}

/// The members of the object at `at`, in the order of the text, twins included.
///
/// # Errors
/// As [`read`]: if there is no object.
pub(in crate::domain) fn members(
    text: &str,
    at: Range<usize>,
    source: Source<'_>,
) -> Result<Vec<Part>, Refusal> {
    let Raw(raw) = read(text.get(at.clone()).unwrap_or_default().as_bytes(), source)?;
    let open = text.get(at.clone()).and_then(|object| object.find('{')).unwrap_or_default();
    let mut end = at.start + open + 1;
    let member = |(key, value): (String, &RawValue)| {
        let start = offset(text, value);
        let before = text.get(end..start).unwrap_or_default();
        let whole = end + before.find('"').unwrap_or_default();
        end = start + value.get().len();
        Part { key, whole: whole..end, value: start..end }
    };
    Ok(raw.into_iter().map(member).collect())
}

/// The items of the list at `at`.
///
/// # Errors
/// As [`read`]: if there is no list.
pub(in crate::domain) fn items(
    text: &str,
    at: Range<usize>,
    source: Source<'_>,
) -> Result<Vec<Part>, Refusal> {
    let raw: Vec<&RawValue> = read(text.get(at).unwrap_or_default().as_bytes(), source)?;
    let item = |value: &RawValue| {
        let start = offset(text, value);
        let whole = start..start + value.get().len();
        Part { key: String::new(), whole: whole.clone(), value: whole }
    };
    Ok(raw.into_iter().map(item).collect())
}

/// The only member of this name; `None` if there is none.
///
/// # Errors
/// [`Refusal::KeyNotEditable`] if there are two.
pub(in crate::domain) fn only<'p>(
    text: &str,
    members: &'p [Part],
    key: &str,
    source: Source<'_>,
) -> Result<Option<(usize, &'p Part)>, Refusal> {
    let mut found = members.iter().enumerate().filter(|(_, member)| member.key == key);
    let first = found.next();
    match found.next() {
        None => Ok(first),
        Some((_, twin)) => {
            let what = "it stands there for the second time";
            Err(not_editable(text, twin, source, what))
        }
    }
}

/// The refusal of a member that cannot be changed.
pub(in crate::domain) fn not_editable(
    text: &str,
    member: &Part,
    source: Source<'_>,
    what: &str,
) -> Refusal {
    let before = text.get(..member.whole.start).unwrap_or_default();
    Refusal::KeyNotEditable {
        file: source.file.to_owned(),
        line: 1 + line_ends(before.as_bytes()),
        key: member.key.clone(),
        what: what.to_owned(),
    }
}

/// The blanks and line ends before a part.
pub(in crate::domain) fn gap<'t>(text: &'t str, part: &Part) -> &'t str {
    let before = text.get(..part.whole.start).unwrap_or_default();
    before.get(before.trim_end().len()..).unwrap_or_default()
}

/// What goes when a part is taken out, with the comma that set it apart.
pub(in crate::domain) fn removal(text: &str, parts: &[Part], at: usize) -> Range<usize> {
    let Some(part) = parts.get(at) else { return 0..0 };
    let before = at.checked_sub(1).and_then(|before| parts.get(before));
    match (before, parts.get(at + 1)) {
        (_, Some(next)) => part.whole.start..next.whole.start,
        (Some(before), None) => before.whole.end..part.whole.end,
        (None, None) => part.whole.start - gap(text, part).len()..part.whole.end,
    }
}

fn offset(text: &str, value: &RawValue) -> usize {
    value.get().as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// Keys and values as they stand, twins included.
struct Raw<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Raw<'de> {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Raw<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Raw(members))
            }
        }
        input.deserialize_map(Members)
    }
}
