//! Single keys at the top of a JSON object, set or taken out without touching a byte of the others.

use std::ops::Range;

use serde_json::Value;

use super::span::{Part, gap, members, only, removal};
use super::{Object, read};
use crate::domain::refusal::Refusal;
use crate::domain::source::Source;

/// What a key is to be: this value, or absent.
#[derive(Debug, Clone)]
pub struct Change<'a> {
    /// The key.
    pub key: &'a str,
    /// Its value; `None` takes the key out.
    pub value: Option<Value>,
}

impl<'a> Change<'a> {
    /// A key set to a value, in place of any other.
    #[must_use]
    pub fn set(key: &'a str, value: impl Into<Value>) -> Self {
        Self { key, value: Some(value.into()) }
    }

    /// A key taken out.
    #[must_use]
    pub const fn remove(key: &'a str) -> Self {
        Self { key, value: None }
    }
}

/// The bytes of an object after some changes. All other keys keep their bytes and order, and a key
/// that has the value already keeps its own; a new one goes to its place in the alphabet if the
/// others stand in that order, else to the end, and is set apart as they are.
///
/// # Errors
/// As [`read`]; [`Refusal::KeyNotEditable`] for a key that stands there twice.
pub fn edit(bytes: &[u8], source: Source<'_>, changes: &[Change<'_>]) -> Result<Vec<u8>, Refusal> {
    read::<Object>(bytes, source)?;
    let mut text = source.utf8(bytes, 1)?.to_owned();
    for change in changes {
        let members = members(&text, 0..text.len(), source)?;
        if let Some((range, with)) = splice(&text, &members, change, source)? {
            text.replace_range(range, &with);
        }
    }
    Ok(text.into_bytes())
}

fn splice(
    text: &str,
    members: &[Part],
    change: &Change<'_>,
    source: Source<'_>,
) -> Result<Option<(Range<usize>, String)>, Refusal> {
    let first = only(text, members, change.key, source)?;
    Ok(match (first, &change.value) {
        (None, None) => None,
        (None, Some(value)) => Some(insertion(text, members, change.key, value)),
        (Some((at, _)), None) => Some((removal(text, members, at), String::new())),
        (Some((_, member)), Some(value)) => replacement(text, member, value),
    })
}

fn replacement(text: &str, member: &Part, value: &Value) -> Option<(Range<usize>, String)> {
    let found = text.get(member.value.clone())?;
    let is_there = serde_json::from_str::<Value>(found).is_ok_and(|found| found == *value);
    (!is_there).then(|| (member.value.clone(), shown(value, gap(text, member))))
}

fn insertion(text: &str, members: &[Part], key: &str, value: &Value) -> (Range<usize>, String) {
    let Some(last) = members.last() else {
        let open = text.find('{').map_or(0, |at| at + 1);
        let close = text.rfind('}').unwrap_or(open);
        return (open..close, format!("\n  {}: {}\n", quoted(key), shown(value, "\n  ")));
    };
    let sorted = members.is_sorted_by(|one, two| one.key < two.key);
    let next = members.iter().find(|member| sorted && member.key.as_str() > key);
    let gap = gap(text, next.unwrap_or(last));
    let member = format!("{}: {}", quoted(key), shown(value, gap));
    match next {
        Some(next) => (next.whole.start..next.whole.start, format!("{member},{gap}")),
        None => (last.whole.end..last.whole.end, format!(",{gap}{member}")),
    }
}

/// A value as the reference writes it, as far in as the member it belongs to.
fn shown(value: &Value, gap: &str) -> String {
    match gap.rfind('\n') {
        Some(at) => format!("{value:#}").replace('\n', gap.get(at..).unwrap_or("\n")),
        None => value.to_string(),
    }
}

fn quoted(key: &str) -> String {
    Value::from(key).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::domain::json::encode;
    use crate::domain::refusal::Document;

    fn edited(text: &str, changes: &[Change<'_>]) -> Result<String, String> {
        let bytes = edit(text.as_bytes(), Source::new(Document::Meta, "f"), changes);
        bytes.map(|bytes| String::from_utf8(bytes).unwrap()).map_err(|refusal| refusal.to_string())
    }

    const SORTED: &str =
        "{\n  \"b\": 1.0,\n  \"d\": {\n    \"x\": [ ]\n  },\n  \"e\": \"\\u00e9\"\n}\n";

    #[test]
    fn a_new_key_goes_to_its_place() {
        for (key, expected) in [
            ("a", SORTED.replacen("  \"b\"", "  \"a\": null,\n  \"b\"", 1)),
            ("c", SORTED.replacen("  \"d\"", "  \"c\": null,\n  \"d\"", 1)),
            ("f\"", SORTED.replacen("e9\"", "e9\",\n  \"f\\\"\": null", 1)),
        ] {
            assert_eq!(edited(SORTED, &[Change::set(key, Value::Null)]).unwrap(), expected);
        }
        let end = edited("{\r\n\t\"b\" : 1,\r\n\t\"a\" : 2\r\n}", &[Change::set("aa", "é")]);
        assert_eq!(end.unwrap(), "{\r\n\t\"b\" : 1,\r\n\t\"a\" : 2,\r\n\t\"aa\": \"é\"\r\n}");
        assert_eq!(edited("{\"b\":1}", &[Change::set("a", 7)]).unwrap(), "{\"a\": 7,\"b\":1}");
        assert_eq!(
            edited("\u{feff}{}\n", &[Change::set("a", 7)]).unwrap(),
            "\u{feff}{\n  \"a\": 7\n}\n"
        );
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        let list = edited(SORTED, &[Change::set("b", json!(["x", {}]))]).unwrap();
        assert_eq!(list, SORTED.replace("1.0", "[\n    \"x\",\n    {}\n  ]"));
        let same = [Change::set("e", "é"), Change::set("d", json!({"x": []})), Change::remove("c")];
        assert_eq!(edited(SORTED, &same).unwrap(), SORTED);
        let big = "{\"a\": 123456789012345678901234567890, \"b\": 0.10}";
        assert_eq!(edited(big, &[Change::set("b", "x")]).unwrap(), big.replace("0.10", "\"x\""));
    }

    #[test]
    fn a_key_is_taken_out_with_its_comma() {
        assert_eq!(
            edited(SORTED, &[Change::remove("b")]).unwrap(),
            SORTED.replace("\"b\": 1.0,\n  ", "")
        );
        assert_eq!(
            edited(SORTED, &[Change::remove("e")]).unwrap(),
            SORTED.replace(",\n  \"e\": \"\\u00e9\"", "")
        );
        assert_eq!(edited("{\n  \"a\": 1\n}\n", &[Change::remove("a")]).unwrap(), "{\n}\n");
    }

    #[test]
    fn twins_and_other_things_are_refused() {
        let twins = "{\n\"a\": 1,\n\"\\u0061\": 2, \"b\": 3}";
        let expected = "f:3: `a` cannot be changed on its own: it stands there for the second time";
        assert_eq!(edited(twins, &[Change::set("a", 1)]).unwrap_err(), expected);
        assert_eq!(edited(twins, &[Change::set("b", 4)]).unwrap(), twins.replace('3', "4"));
        assert!(edited("[]", &[]).is_err());
        assert!(edited("{\"a\": 1,}", &[]).unwrap_err().starts_with("f:1: trailing comma"));
    }

    proptest! {
        #[test]
        fn the_outcome_is_that_of_the_reference(
            object in prop::collection::btree_map("[a-dé\"]{0,2}", "[\"{},:a\n]{0,3}", 0..5),
            key in "[a-dé\"]{0,2}",
            value in prop::option::of("[\"{},:a\n]{0,3}"),
        ) {
            let mut object: Object = object.into_iter().map(|(key, text)| (key, text.into())).collect();
            let text = String::from_utf8(encode(&object)).unwrap();
            let change = Change { key: &key, value: value.clone().map(Value::from) };
            let found = edited(&text, std::slice::from_ref(&change)).unwrap();
            prop_assert_eq!(&edited(&found, &[change]).unwrap(), &found);
            match value {
                Some(value) => object.insert(key, value.into()),
                None => object.remove(&key),
            };
            if object.is_empty() {
                prop_assert_eq!(found.replace(['\n', '{', '}'], ""), "");
            } else {
                prop_assert_eq!(found, String::from_utf8(encode(&object)).unwrap());
            }
        }
    }
}
