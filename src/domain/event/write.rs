//! Writing events, byte for byte as the reference writes them.
//!
//! Source: `formats.md` section 1: Python's `json.dumps(event, sort_keys=True)`, one to a line.

use serde_json::{Number, Value};

use crate::domain::json::Object;

/// One event as a line of a log, without a line end: keys sorted, `, ` and `: ` between, and all
/// but printable ASCII escaped (a character beyond the basic plane as its two surrogates).
#[must_use]
pub fn line(event: &Object) -> String {
    let mut text = String::new();
    put_object(event, &mut text);
    text
}

/// Adds lines to the bytes of a log, each with a line feed. A last line that lacks its own gets it
/// first, so that the old bytes are a prefix of the new ones.
pub fn append(log: &mut Vec<u8>, lines: &[&str]) {
    for line in lines {
        if log.last().is_some_and(|last| *last != b'\n') {
            log.push(b'\n');
        }
        log.extend_from_slice(line.as_bytes());
        log.push(b'\n');
    }
}

fn put(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&number_text(number)),
        Value::String(string) => put_string(string, text),
        Value::Array(items) => {
            text.push('[');
            for (place, item) in items.iter().enumerate() {
                text.push_str(if place == 0 { "" } else { ", " });
                put(item, text);
            }
            text.push(']');
        }
        Value::Object(fields) => put_object(fields, text),
    }
}

fn put_object(fields: &Object, text: &mut String) {
    text.push('{');
    for (place, (key, item)) in fields.iter().enumerate() {
        text.push_str(if place == 0 { "" } else { ", " });
        put_string(key, text);
        text.push_str(": ");
        put(item, text);
    }
    text.push('}');
}

fn put_string(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            ' '..='~' => text.push(c),
            c => {
                let mut units = [0; 2];
                let units = c.encode_utf16(&mut units).iter();
                text.extend(units.map(|unit| format!("\\u{unit:04x}")));
            }
        }
    }
    text.push('"');
}

fn number_text(number: &Number) -> String {
    match number.as_f64().filter(|_| number.is_f64()) {
        Some(float) => float_text(float),
        None => number.to_string(),
    }
}

/// As `float.__repr__`: the fewest digits that round-trip, with an exponent below 1e-4 and from
/// 1e16 on.
fn float_text(float: f64) -> String {
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{digits}e{sign}{:02}", exponent.abs());
    }
    let plain = float.to_string();
    if plain.contains('.') { plain } else { format!("{plain}.0") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(json: &str) -> String {
        line(&serde_json::from_str(json).unwrap())
    }

    #[test]
    fn keys_separators_and_escapes_are_those_of_python() {
        let event = r#"{"b":[1,{"é":"\u007f😀\n\t\"\\\/\b\f\r\u0000 ~\u2028"}],"a":{},"c":[],"B":null,"_":true}"#;
        let expected = r#"{"B": null, "_": true, "a": {}, "b": [1, {"\u00e9": "\u007f\ud83d\ude00\n\t\"\\/\b\f\r\u0000 ~\u2028"}], "c": []}"#;
        assert_eq!(written(event), expected);
        assert_eq!(written(r#"{"𐀀":2,"￿":1}"#), r#"{"\uffff": 1, "\ud800\udc00": 2}"#);
    }

    #[test]
    fn numbers_are_those_of_python() {
        for (json, python) in [
            ("1.0", "1.0"),
            ("-0.0", "-0.0"),
            ("0.1", "0.1"),
            ("1e15", "1000000000000000.0"),
            ("123456789012345678.0", "1.2345678901234568e+17"),
            ("1e16", "1e+16"),
            ("1e22", "1e+22"),
            ("-1.5e300", "-1.5e+300"),
            ("0.0001", "0.0001"),
            ("0.00001", "1e-05"),
            ("1.5e-7", "1.5e-07"),
            ("5e-324", "5e-324"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
        ] {
            assert_eq!(written(&format!(r#"{{"n":{json}}}"#)), format!(r#"{{"n": {python}}}"#));
        }
    }

    #[test]
    fn a_last_line_without_an_end_stays_a_line_of_its_own() {
        let appended = |log: &[u8], lines: &[&str]| {
            let mut log = log.to_vec();
            append(&mut log, lines);
            log
        };
        assert_eq!(appended(b"", &["a", "b"]), b"a\nb\n");
        assert_eq!(appended(b"x\n", &["a"]), b"x\na\n");
        assert_eq!(appended(b"x", &["a"]), b"x\na\n");
        assert_eq!(appended(b"x", &[]), b"x");
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<String>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<Option<bool>>().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(any::<String>(), inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again_and_is_one_line_of_ascii(value in value()) {
            let event: Object = [("v".to_owned(), value)].into_iter().collect();
            let text = line(&event);
            prop_assert!(text.bytes().all(|byte| matches!(byte, b' '..=b'~')));
            prop_assert_eq!(serde_json::from_str::<Object>(&text).unwrap(), event);
        }
    }
}
