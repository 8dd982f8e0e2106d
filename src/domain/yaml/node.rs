//! The tree.

use std::collections::HashMap;

/// A value and the line, counted from 1, on which it begins.
#[derive(Debug, Clone)]
pub struct Node {
    /// The line of the file.
    pub line: usize,
    /// What stands there.
    pub value: Value,
}

/// The three kinds of YAML values.
#[derive(Debug, Clone)]
pub enum Value {
    /// A text, number, boolean or null.
    Scalar(Scalar),
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping.
    Mapping(Mapping),
}

/// A scalar as written, with escapes and folding undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text.
    pub text: String,
    /// Whether it stands without quotes, so that it may mean a boolean, a number or null.
    pub plain: bool,
}

/// Keys and values in the order of the file; the same key may occur more than once.
#[derive(Debug, Clone, Default)]
pub struct Mapping {
    /// The entries.
    pub entries: Vec<Entry>,
}

/// One key with its value.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The line of the key, counted from 1.
    pub line: usize,
    /// The value.
    pub value: Node,
}

/// A key that occurs again in the same mapping.
#[derive(Debug, Clone, Copy)]
pub struct Duplicate<'a> {
    /// The earlier entry.
    pub first: &'a Entry,
    /// The later one, which holds.
    pub again: &'a Entry,
}

impl Node {
    /// Whether both stand for the same value, wherever and however quoted they are written.
    #[must_use]
    pub fn same_value(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Scalar(one), Value::Scalar(two)) => one.same_value(two),
            (Value::Sequence(one), Value::Sequence(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(a, b)| a.same_value(b))
            }
            (Value::Mapping(one), Value::Mapping(two)) => one.same_value(two),
            (Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_), _) => false,
        }
    }

    /// Whether this is YAML's null: nothing, `~` or `null`, unquoted.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(&self.value, Value::Scalar(scalar) if scalar.is_null())
    }

    /// The text of a single value; `None` for null, a list or a mapping.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(scalar) if !scalar.is_null() => Some(&scalar.text),
            Value::Scalar(_) | Value::Sequence(_) | Value::Mapping(_) => None,
        }
    }

    /// What kind of value this is, for a message.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Scalar(scalar) if scalar.is_null() => "empty",
            Value::Scalar(_) => "a single value",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a mapping",
        }
    }
}

impl Scalar {
    /// Whether this is YAML's null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.plain && matches!(self.text.as_str(), "" | "~" | "null" | "Null" | "NULL")
    }

    /// The boolean of the core schema: `true`, `True`, `TRUE` and their opposites, unquoted.
    /// `yes`, `on` and quoted words are none.
    #[must_use]
    pub fn boolean(&self) -> Option<bool> {
        match self.text.as_str() {
            "true" | "True" | "TRUE" if self.plain => Some(true),
            "false" | "False" | "FALSE" if self.plain => Some(false),
            _ => None,
        }
    }

    fn same_value(&self, other: &Self) -> bool {
        self.text == other.text
            && self.is_null() == other.is_null()
            && self.boolean() == other.boolean()
    }
}

impl Mapping {
    /// The entry that holds for a key: the last one, as YAML loaders have it.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().rev().find(|entry| entry.key == key)
    }

    /// Every key that occurs again, paired with its occurrence before that.
    #[must_use]
    pub fn duplicates(&self) -> Vec<Duplicate<'_>> {
        let mut seen = HashMap::with_capacity(self.entries.len());
        self.entries
            .iter()
            .filter_map(|again| {
                let first = seen.insert(again.key.as_str(), again)?;
                Some(Duplicate { first, again })
            })
            .collect()
    }

    fn same_value(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self.entries.iter().all(|entry| {
                other.entry(&entry.key).is_some_and(|twin| entry.value.same_value(&twin.value))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Document;
    use crate::domain::source::Source;

    fn node(text: &str) -> Node {
        super::super::read(text, 1, Source::new(Document::Policy, "f")).unwrap().unwrap()
    }

    #[test]
    fn only_the_core_schema_has_booleans_and_nulls() {
        for (text, boolean, null) in [
            ("true", Some(true), false),
            ("FALSE", Some(false), false),
            ("'true'", None, false),
            ("yes", None, false),
            ("off", None, false),
            ("tRue", None, false),
            ("~", None, true),
            ("null", None, true),
            ("'null'", None, false),
            ("''", None, false),
        ] {
            let node = node(&format!("- {text}"));
            let Value::Sequence(items) = &node.value else { panic!("{node:?}") };
            let Value::Scalar(scalar) = &items[0].value else { panic!("{node:?}") };
            assert_eq!((scalar.boolean(), scalar.is_null()), (boolean, null), "{text}");
        }
    }

    #[test]
    fn the_last_of_two_keys_holds_and_both_are_told() {
        let node = node("a: 1\nb: x\na: 2\na: 3\n");
        let Value::Mapping(mapping) = &node.value else { panic!("{node:?}") };
        assert_eq!(mapping.entry("a").unwrap().line, 4);
        let lines: Vec<_> =
            mapping.duplicates().iter().map(|d| (d.first.line, d.again.line)).collect();
        assert_eq!(lines, [(1, 3), (3, 4)]);
    }

    #[test]
    fn equal_values_may_be_written_differently() {
        assert!(node("[a, 'b', {c: d}]").same_value(&node("- a\n- b\n- c: \"d\"\n")));
        assert!(!node("['true']").same_value(&node("[true]")));
        assert!(!node("[a, b]").same_value(&node("[a]")));
        assert!(!node("[a]").same_value(&node("a: b")));
    }
}
