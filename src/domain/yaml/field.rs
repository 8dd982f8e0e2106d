//! Typed access: what a key must hold, and a refusal with its line where it does not.

use std::fmt;
use std::str::FromStr;

use super::node::{Entry, Mapping, Node, Value};
use crate::domain::refusal::Refusal;
use crate::domain::source::Source;

/// A mapping and the place of its keys in the document.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    source: Source<'a>,
    mapping: &'a Mapping,
    /// What stands before its keys in a message: `policy.commit_guard.`, or nothing at the top.
    prefix: &'static str,
}

/// A key that is present, with its value. Null counts as absent wherever a value is optional.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    source: Source<'a>,
    entry: &'a Entry,
    prefix: &'static str,
}

/// A text and the line, counted from 1, on which it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The text.
    pub text: String,
    /// The line of the file.
    pub line: usize,
}

impl<'a> Table<'a> {
    /// The top of a document; an empty one has no keys.
    ///
    /// # Errors
    /// A damaged document if the top is no mapping.
    pub fn top(source: Source<'a>, root: Option<&'a Node>) -> Result<Self, Refusal> {
        const NOTHING: &Mapping = &Mapping { entries: Vec::new() };
        let mapping = match root.filter(|node| !node.is_null()) {
            None => NOTHING,
            Some(Node { value: Value::Mapping(mapping), .. }) => mapping,
            Some(node) => {
                let what = format!("keys and values expected, not {}", node.kind());
                return Err(source.damaged(node.line, what));
            }
        };
        Ok(Self { source, mapping, prefix: "" })
    }

    /// The mapping itself.
    #[must_use]
    pub fn mapping(&self) -> &'a Mapping {
        self.mapping
    }

    /// A key's last value; `None` if the key is absent.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<Field<'a>> {
        let entry = self.mapping.entry(key)?;
        Some(Field { source: self.source, entry, prefix: self.prefix })
    }

    /// The text of a key; `None` if it is absent or null.
    ///
    /// # Errors
    /// A damaged document if it is a list or a mapping.
    pub fn text(&self, key: &str) -> Result<Option<String>, Refusal> {
        self.field(key).map_or(Ok(None), |field| field.text())
    }

    /// The texts of a list; none if it is absent or null.
    ///
    /// # Errors
    /// A damaged document if it is anything but a list of texts.
    pub fn texts(&self, key: &str) -> Result<Vec<Located>, Refusal> {
        self.field(key).map_or_else(|| Ok(Vec::new()), |field| field.texts())
    }

    /// A key whose text parses as `T`; `None` if it is absent or null.
    ///
    /// # Errors
    /// A damaged document, with what the parser said.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&self, key: &str) -> Result<Option<T>, Refusal> {
        let Some(field) = self.field(key) else { return Ok(None) };
        let Some(text) = field.text()? else { return Ok(None) };
        text.parse().map(Some).map_err(|error| field.wrong(format_args!(": {error}")))
    }
}

impl<'a> Field<'a> {
    /// The key, as written.
    #[must_use]
    pub fn key(&self) -> &'a str {
        &self.entry.key
    }

    /// What stands before the key in a message: `policy.commit_guard.`, or nothing at the top.
    #[must_use]
    pub const fn section(&self) -> &'static str {
        self.prefix
    }

    /// The line of the key.
    #[must_use]
    pub fn line(&self) -> usize {
        self.entry.line
    }

    /// The value as it was read.
    #[must_use]
    pub fn node(&self) -> &'a Node {
        &self.entry.value
    }

    /// The text; `None` for null.
    ///
    /// # Errors
    /// A damaged document for a list or a mapping.
    pub fn text(&self) -> Result<Option<String>, Refusal> {
        match &self.entry.value.value {
            Value::Scalar(scalar) if scalar.is_null() => Ok(None),
            Value::Scalar(scalar) => Ok(Some(scalar.text.clone())),
            Value::Sequence(_) | Value::Mapping(_) => Err(self.must_be("a single value")),
        }
    }

    /// The boolean; `None` for null.
    ///
    /// # Errors
    /// A damaged document for whatever the YAML 1.2 core schema has no boolean for, `"false"` and
    /// `no` included.
    pub fn boolean(&self) -> Result<Option<bool>, Refusal> {
        match &self.entry.value.value {
            Value::Scalar(scalar) if scalar.is_null() => Ok(None),
            Value::Scalar(scalar) if scalar.boolean().is_some() => Ok(scalar.boolean()),
            Value::Scalar(scalar) => {
                let text = scalar.text.escape_debug();
                Err(self.wrong(format_args!(" must be true or false, unquoted, not `{text}`")))
            }
            Value::Sequence(_) | Value::Mapping(_) => Err(self.must_be("true or false")),
        }
    }

    /// The items of a list; none for null.
    ///
    /// # Errors
    /// A damaged document for anything else.
    pub fn items(&self) -> Result<&'a [Node], Refusal> {
        match &self.entry.value.value {
            Value::Sequence(items) => Ok(items),
            Value::Scalar(scalar) if scalar.is_null() => Ok(&[]),
            Value::Scalar(_) | Value::Mapping(_) => Err(self.must_be("a list")),
        }
    }

    /// The texts of a list; none for null.
    ///
    /// # Errors
    /// A damaged document for anything else, and for an item that is empty or no text.
    pub fn texts(&self) -> Result<Vec<Located>, Refusal> {
        self.items()?.iter().map(|item| self.item(item)).collect()
    }

    /// The texts of a list, or of the older ways to write one: `"[]"` and `"A, B"`.
    ///
    /// # Errors
    /// As [`Field::texts`], and for a mapping.
    pub fn texts_or_commas(&self) -> Result<Vec<Located>, Refusal> {
        let Value::Scalar(scalar) = &self.entry.value.value else { return self.texts() };
        let line = self.entry.value.line;
        let text = scalar.text.trim();
        let inner = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        let words = if scalar.is_null() { "" } else { inner };
        Ok(words
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(|word| Located { text: word.to_owned(), line })
            .collect())
    }

    /// The mapping in it, whose keys a message writes with this prefix; `None` for null.
    ///
    /// # Errors
    /// A damaged document for anything else.
    pub fn table(&self, prefix: &'static str) -> Result<Option<Table<'a>>, Refusal> {
        match &self.entry.value.value {
            Value::Mapping(mapping) => Ok(Some(Table { source: self.source, mapping, prefix })),
            Value::Scalar(scalar) if scalar.is_null() => Ok(None),
            Value::Scalar(_) | Value::Sequence(_) => Err(self.must_be("keys and values")),
        }
    }

    /// The refusal of this value: the key's name, directly followed by `what`.
    #[must_use]
    pub fn wrong(&self, what: impl fmt::Display) -> Refusal {
        self.wrong_at(self.entry.value.line, what)
    }

    /// The same for a part of the value that stands in another line.
    #[must_use]
    pub fn wrong_at(&self, line: usize, what: impl fmt::Display) -> Refusal {
        let Self { source, entry, prefix } = self;
        source.damaged(line, format!("`{prefix}{}`{what}", entry.key.escape_debug()))
    }

    fn item(&self, node: &Node) -> Result<Located, Refusal> {
        match &node.value {
            Value::Scalar(scalar) if !scalar.is_null() && !scalar.text.is_empty() => {
                Ok(Located { text: scalar.text.clone(), line: node.line })
            }
            Value::Scalar(_) => Err(self.wrong_at(node.line, " has an empty item")),
            Value::Sequence(_) | Value::Mapping(_) => {
                let what = format!(" has {} where a single value belongs", node.kind());
                Err(self.wrong_at(node.line, what))
            }
        }
    }

    fn must_be(&self, expected: &str) -> Refusal {
        let kind = self.entry.value.kind();
        self.wrong(format_args!(" must be {expected}, not {kind}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Document;

    const SOURCE: Source<'static> = Source::new(Document::Policy, "f");

    fn on<T>(text: &str, read: impl Fn(Table<'_>) -> Result<T, Refusal>) -> Result<T, String> {
        let root = super::super::read(text, 1, SOURCE).unwrap();
        Table::top(SOURCE, root.as_ref()).and_then(read).map_err(|refusal| refusal.to_string())
    }

    fn list(text: &str) -> Result<Vec<String>, String> {
        let read = |table: Table<'_>| table.field("k").unwrap().texts_or_commas();
        on(text, read).map(|items| items.into_iter().map(|item| item.text).collect())
    }

    #[test]
    fn lists_may_be_written_in_three_ways() {
        let none: [&str; 0] = [];
        for text in ["k:", "k: []", "k: '[]'", "k: ''"] {
            assert_eq!(list(text).unwrap(), none, "{text}");
        }
        for text in ["k: [A, B]", "k:\n- A\n- 'B'\n", "k: A, B", "k: '[A,B]'"] {
            assert_eq!(list(text).unwrap(), ["A", "B"], "{text}");
        }
        assert_eq!(list("k: {a: b}").unwrap_err(), "f:1: `k` must be a list, not a mapping");
        assert_eq!(list("k:\n- a\n-\n").unwrap_err(), "f:3: `k` has an empty item");
    }

    #[test]
    fn a_wrong_kind_is_told_with_key_and_line() {
        let text = |text: &str| on(text, |table| table.text("k"));
        assert_eq!(text("k: 012").unwrap().unwrap(), "012");
        assert_eq!(text("k: ~").unwrap(), None);
        assert_eq!(text("j: 1").unwrap(), None);
        assert_eq!(text("\nk: [a]").unwrap_err(), "f:2: `k` must be a single value, not a list");
        assert_eq!(text("- k").unwrap_err(), "f:1: keys and values expected, not a list");
        let boolean = |text: &str| on(text, |table| table.field("k").unwrap().boolean());
        assert_eq!(boolean("k: True").unwrap(), Some(true));
        assert_eq!(
            boolean("k: 'false'").unwrap_err(),
            "f:1: `k` must be true or false, unquoted, not `false`"
        );
    }
}
