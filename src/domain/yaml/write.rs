//! A text as a YAML scalar on one line: plain where every reader takes it for that text, else
//! quoted.
//!
//! "Every reader" means those of YAML 1.1 and of 1.2, because the reference has one of each: `on`,
//! `012`, `1:30` and `2026-01-01` are no texts to the older. Single quotes where they suffice.

use std::fmt::Write as _;

use crate::domain::path::is_unsafe;

/// The scalar as the value of a key in a block mapping, or as an item of a block list.
#[must_use]
pub fn scalar(text: &str) -> String {
    if is_plain(text) { text.to_owned() } else { quoted(text) }
}

/// The scalar as an item of a list in brackets, where commas and brackets count too, and to some
/// readers a question mark anywhere and a dash before the closing bracket.
#[must_use]
pub fn flow_scalar(text: &str) -> String {
    let is_item = |c: char| !",[]{}?".contains(c);
    let plain = is_plain(text) && text.chars().all(is_item) && !text.ends_with('-');
    if plain { text.to_owned() } else { quoted(text) }
}

/// Whether the text without quotes is the same text to every reader.
#[must_use]
pub fn is_plain(text: &str) -> bool {
    const INDICATORS: &str = "-?:,[]{}#&*!|>'\"%@`=<~";
    let breaks_off = |two: &str| text.contains(two);
    !text.is_empty()
        && !text.starts_with(|c: char| c.is_whitespace() || INDICATORS.contains(c))
        && !text.ends_with(|c: char| c.is_whitespace() || c == ':')
        && !breaks_off(": ")
        && !breaks_off(" #")
        && !text.chars().any(needs_escape)
        && !is_word(text)
        && !resembles_number(text)
}

fn quoted(text: &str) -> String {
    if text.chars().any(needs_escape) {
        return format!("\"{}\"", text.chars().map(escaped).collect::<String>());
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// Line ends, control characters, those that change the direction of a text, and what YAML does
/// not count as printable (YAML 1.2, production 1) or readers take for a line end or a mark.
fn needs_escape(c: char) -> bool {
    is_unsafe(c) || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn escaped(c: char) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = match c {
        '"' | '\\' => write!(text, "\\{c}"),
        '\n' => write!(text, "\\n"),
        '\t' => write!(text, "\\t"),
        '\r' => write!(text, "\\r"),
        c if !needs_escape(c) => write!(text, "{c}"),
        c if u32::from(c) <= 0xff => write!(text, "\\x{:02x}", u32::from(c)),
        c => write!(text, "\\u{:04x}", u32::from(c)),
    };
    text
}

/// The words that are null or booleans to one reader or another.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a reader may take it for a number, a date or a time; now and then also true of a text
/// that none would.
fn resembles_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if [".inf", ".nan"].iter().any(|name| unsigned.eq_ignore_ascii_case(name)) {
        return true;
    }
    let digits_of_base = |prefix: &str| {
        let rest = unsigned.strip_prefix(prefix)?;
        Some(rest.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'_'))
    };
    let in_base = ["0x", "0o", "0b"].into_iter().find_map(digits_of_base);
    let of_numbers = |c: char| c.is_ascii_digit() || "_.:+-eETtZz ".contains(c);
    unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && in_base.unwrap_or_else(|| unsigned.chars().all(of_numbers))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Value, read};
    use super::*;
    use crate::domain::refusal::Document;
    use crate::domain::source::Source;

    /// The scalar that our reader finds, and whether it is plain.
    fn read_back(yaml: &str) -> (String, bool) {
        let source = Source::new(Document::WorkPackage, "f");
        let root = read(yaml, 1, source).unwrap().unwrap();
        let Value::Mapping(mapping) = root.value else { panic!("{yaml}") };
        assert_eq!(mapping.entries.len(), 1, "{yaml}");
        match &mapping.entries[0].value.value {
            Value::Scalar(scalar) => (scalar.text.clone(), scalar.plain),
            Value::Sequence(items) => (items[0].text().unwrap_or_default().to_owned(), false),
            Value::Mapping(_) => panic!("{yaml}"),
        }
    }

    #[test]
    fn quotes_stand_only_where_a_reader_needs_them() {
        for plain in [
            "main",
            "feature/checkout",
            "release/1",
            "2026-release",
            "7abc123",
            "it's",
            "a:b",
            "a#b",
            "über café",
            "a, b",
            "https://x/y",
            "nope",
            "v1.2",
            "C++",
            "x - y",
            "日本",
        ] {
            assert_eq!(scalar(plain), plain);
        }
        for single in [
            "",
            "on",
            "Yes",
            "NO",
            "y",
            "null",
            "~",
            "true",
            "12",
            "012",
            "0x1F",
            "0o7",
            "0b1",
            "1_000",
            "1e3",
            "1.5",
            ".5",
            "-1",
            "+.inf",
            ".NaN",
            "1:30",
            "2026-01-01",
            "2026-01-01T10:00:00Z",
            "2026-11-21 08:20:20.684872+00:00",
            "a: b",
            "a:",
            "a #b",
            " a",
            "a ",
            "#a",
            "- a",
            "-a",
            "?",
            "[a]",
            "{a}",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "@a",
            "`a",
            "%a",
            "=",
            "<<",
            "\"a\"",
            ",a",
            ":a",
            "\u{a0}a",
            "...",
            "---",
        ] {
            assert_eq!(scalar(single), format!("'{single}'"));
        }
        assert_eq!(scalar("'a'"), "'''a'''");
        assert_eq!(scalar("a\nb\t\"c\"\\"), r#""a\nb\t\"c\"\\""#);
        assert_eq!(
            scalar("\u{7f}\u{85}\u{2028}\u{202e}\u{feff}"),
            r#""\x7f\x85\u2028\u202e\ufeff""#
        );
        for single in ["a, b", "a[1]", "{a}", "a?b", "a -"] {
            assert_eq!(flow_scalar(single), format!("'{single}'"));
        }
        assert_eq!(flow_scalar("it's a-b"), "it's a-b");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_text_is_read_back(text in prop_oneof![any::<String>(), r#"[-?:,\[\]{}#&*!|>'"%@` \n\t0-2a-c~<.é\\=]{0,8}"#]) {
            let (found, plain) = read_back(&format!("k: {}\n", scalar(&text)));
            prop_assert_eq!(&found, &text);
            prop_assert_eq!(plain, is_plain(&text));
            prop_assert_eq!(&read_back(&format!("k: [{}]\n", flow_scalar(&text))).0, &text);
            prop_assert_eq!(&read_back(&format!("k:\n- {}\n", scalar(&text))).0, &text);
            prop_assert!(!scalar(&text).contains(['\n', '\r']));
        }
    }
}
