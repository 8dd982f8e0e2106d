//! The three ways in which the reference writes JSON (`formats.md` section 1).

use serde::Serialize;
use serde_json::Value;

/// One line of a log: keys sorted, `, ` and `: `, everything outside ASCII escaped, no line end.
pub fn line(value: &Value) -> String {
    let mut text = String::new();
    write_line(value, &mut text);
    text
}

/// A document: keys in the order of the value's own fields (sorted for a [`Value`]), two spaces of
/// indent, UTF-8 as it is, a line end.
pub fn document(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

fn write_line(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            let each = |item: &Value, text: &mut String| write_line(item, text);
            separated(items, ["[", "]"], text, each);
        }
        Value::Object(fields) => separated(fields, ["{", "}"], text, |(key, item), text| {
            text.push_str(&escaped(key));
            text.push_str(": ");
            write_line(item, text);
        }),
        Value::String(string) => text.push_str(&escaped(string)),
        Value::Null | Value::Bool(_) | Value::Number(_) => text.push_str(&value.to_string()),
    }
}

fn separated<T>(
    items: impl IntoIterator<Item = T>,
    [open, close]: [&str; 2],
    text: &mut String,
    each: impl Fn(T, &mut String),
) {
    text.push_str(open);
    for (number, item) in items.into_iter().enumerate() {
        text.push_str(if number == 0 { "" } else { ", " });
        each(item, text);
    }
    text.push_str(close);
}

/// A JSON string in printable ASCII; a character beyond the basic plane is a surrogate pair.
fn escaped(string: &str) -> String {
    let quoted = Value::from(string).to_string();
    let mut units = [0; 2];
    let mut ascii = String::new();
    for c in quoted.chars() {
        match c {
            ' '..='~' => ascii.push(c),
            c => c
                .encode_utf16(&mut units)
                .iter()
                .for_each(|unit| ascii.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    ascii
}
