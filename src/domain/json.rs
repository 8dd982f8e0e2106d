//! JSON documents: read with the line of whatever is wrong, written as the reference writes them.

mod edit;
pub(super) mod span;

use std::fmt;
use std::str::FromStr;

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::refusal::Refusal;
use super::source::Source;

pub use edit::{Change, edit};

/// An object, its keys sorted.
pub type Object = Map<String, Value>;

/// Reads a document into a type.
///
/// # Errors
/// A damaged document, with the line at which it stops to be JSON or to fit the type; that of the
/// closing brace where the last value of an object has a wrong content.
pub fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8], source: Source<'_>) -> Result<T, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes)
        .map_err(|error| source.damaged(error.line().max(1), fault(&error)))
}

/// What is wrong, without serde's own position: messages say the position in their own way.
pub(super) fn fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).map_or(text.clone(), str::to_owned)
}

/// The bytes of an object as `meta.json` and `status.json` have them: keys sorted, two blanks of
/// indentation, UTF-8 unescaped, one newline at the end.
#[must_use]
pub fn encode(object: &Object) -> Vec<u8> {
    format!("{:#}\n", Value::Object(object.clone())).into_bytes()
}

/// A text that is there and not empty.
pub(super) fn filled<'de, D: Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    let text = String::deserialize(input)?;
    if text.trim().is_empty() { Err(D::Error::custom("an empty text")) } else { Ok(text) }
}

/// A text that may be null; an empty one counts as null.
pub(super) fn text<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<String>::deserialize(input)?.filter(|text| !text.is_empty()))
}

/// A text that parses.
pub(super) fn parsed<'de, D, T>(input: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    String::deserialize(input)?.parse().map_err(D::Error::custom)
}

/// A text that parses, or null, or nothing.
pub(super) fn parsed_or_null<'de, D, T>(input: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    text(input)?.map(|text| text.parse().map_err(D::Error::custom)).transpose()
}

/// A list of texts that parse; null counts as an empty one.
pub(super) fn parsed_list<'de, D, T>(input: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    let texts = list::<D, String>(input)?;
    texts.iter().map(|text| text.parse().map_err(D::Error::custom)).collect()
}

/// A list; null counts as an empty one.
pub(super) fn list<'de, D, T>(input: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<T>>::deserialize(input)?.unwrap_or_default())
}

/// A commit, perhaps abbreviated; null, an empty text and the word `unknown` are none.
pub(super) fn commit<'de, D: Deserializer<'de>>(input: D) -> Result<Option<String>, D::Error> {
    Ok(text(input)?.filter(|text| text != "unknown"))
}

/// The first integer of a JSON text that has more than 64 bits. Read as a value it would be rounded:
/// such a text is kept as it stands, and compared as it stands.
#[must_use]
pub fn beyond_64_bits(json: &str) -> Option<&str> {
    let ends_number = |c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9');
    let mut in_text = false;
    let mut rest = json;
    while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\\' | '-' | '0'..='9')) {
        let found = rest.get(at..)?;
        let is_number = !in_text && !found.starts_with(['"', '\\']);
        let length = match found.chars().next()? {
            '\\' => 1 + found.chars().nth(1).map_or(0, char::len_utf8),
            '"' => {
                in_text = !in_text;
                1
            }
            _ if is_number => found.find(ends_number).unwrap_or(found.len()),
            _ => 1,
        };
        let (token, after) = found.split_at(length);
        let digits = token.strip_prefix('-').unwrap_or(token);
        let is_integer = is_number && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_integer && token.parse::<u64>().is_err() && token.parse::<i64>().is_err() {
            return Some(token);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Document;

    #[test]
    fn encoding_sorts_indents_and_escapes_little() {
        let source = Source::new(Document::Meta, "f");
        let object: Object = read(
            r#"{"b": [], "a": {"é": "\u00e9\u0001\/"}, "c": [1, null], "d": {}}"#.as_bytes(),
            source,
        )
        .unwrap();
        let expected = "{\n  \"a\": {\n    \"é\": \"é\\u0001/\"\n  },\n  \"b\": [],\n  \
                        \"c\": [\n    1,\n    null\n  ],\n  \"d\": {}\n}\n";
        assert_eq!(String::from_utf8(encode(&object)).unwrap(), expected);
    }

    #[test]
    fn errors_name_their_line_once() {
        let source = Source::new(Document::Meta, "f");
        let message = read::<Object>(b"{\n  \"a\": 1,\n}\n", source).unwrap_err().to_string();
        assert_eq!(message, "f:3: trailing comma");
        assert_eq!(
            read::<Object>(b"", source).unwrap_err().to_string(),
            "f:1: EOF while parsing a value"
        );
    }

    #[test]
    fn only_integers_outside_of_texts_can_be_too_large() {
        let big = "18446744073709551616";
        for json in [
            r#"{"a": 18446744073709551616}"#,
            r#"{"a\"":"","b":[1,18446744073709551616]}"#,
            "{\"a\":18446744073709551616\t}",
        ] {
            assert_eq!(beyond_64_bits(json), Some(big), "{json}");
        }
        assert_eq!(beyond_64_bits(r#"[-9223372036854775809]"#), Some("-9223372036854775809"));
        for json in [
            r#"{"a": 18446744073709551615, "b": -9223372036854775808, "c": 1e30, "d": 1.5}"#,
            r#"{"a": "18446744073709551616", "18446744073709551616": "\\", "b": "\"1"}"#,
            "{\"a\": 12\t}",
            "1",
        ] {
            assert_eq!(beyond_64_bits(json), None, "{json}");
        }
    }
}
