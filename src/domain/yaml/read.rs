//! From text to tree, without recursion, so that no input can exhaust the stack.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::node::{Entry, Mapping, Node, Scalar, Value};
use crate::domain::refusal::Refusal;
use crate::domain::source::{Source, line_ends};

/// Values inside one another.
const MAX_DEPTH: usize = 64;
/// Values in all, those that aliases repeat included.
const MAX_NODES: usize = 50_000;

/// Reads one YAML document whose first line is `first_line` of the file; `None` if it is empty.
///
/// # Errors
/// A damaged document, with the line of the file: bad syntax, control characters, keys that are not
/// single values, unknown tags, a second document, or too much of it (64 deep, 50,000 values).
pub fn read(text: &str, first_line: usize, source: Source<'_>) -> Result<Option<Node>, Refusal> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(at) = text.bytes().position(is_forbidden) {
        let before = text.as_bytes().get(..at).unwrap_or_default();
        return Err(source.damaged(first_line + line_ends(before), "control character"));
    }
    let line_of = |line: usize| first_line + line.saturating_sub(1);
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            source.damaged(line_of(error.marker().line()), format!("not YAML: {}", error.info()))
        })?;
        let line = line_of(span.start.line());
        builder.take(event, line).map_err(|what| source.damaged(line, what))?;
    }
    Ok(builder.root)
}

/// YAML allows no control characters, and the parser takes a NUL for the end of the input: what
/// follows it must not vanish silently.
fn is_forbidden(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r')
}

type Taken = Result<(), String>;

/// Puts events together. What is wrong is said without its place, which [`read`] knows.
#[derive(Default)]
struct Builder {
    open: Vec<Open>,
    anchors: HashMap<usize, Anchored>,
    nodes: usize,
    documents: usize,
    root: Option<Node>,
}

/// A list or mapping whose end has not come yet.
struct Open {
    line: usize,
    anchor: usize,
    /// How many nodes there were when it began.
    nodes_before: usize,
    content: Content,
}

enum Content {
    Sequence(Vec<Node>),
    Mapping(Mapping, Option<Key>),
}

struct Key {
    text: String,
    line: usize,
}

struct Anchored {
    node: Node,
    size: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Taken {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => self.begin_document(),
            Event::Alias(anchor) => self.repeat(anchor, line),
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && !is_text_tag(tag.as_deref())?;
                let value = Value::Scalar(Scalar { text: text.into_owned(), plain });
                self.count(1)?;
                self.add(Node { line, value }, anchor, 1)
            }
            Event::SequenceStart(anchor, tag) => {
                is_text_tag(tag.as_deref())?;
                self.begin(line, anchor, Content::Sequence(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                is_text_tag(tag.as_deref())?;
                self.begin(line, anchor, Content::Mapping(Mapping::default(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
        }
    }

    fn begin_document(&mut self) -> Taken {
        self.documents += 1;
        if self.documents > 1 { Err("a second YAML document".to_owned()) } else { Ok(()) }
    }

    fn begin(&mut self, line: usize, anchor: usize, content: Content) -> Taken {
        if self.open.len() >= MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} values inside one another"));
        }
        self.open.push(Open { line, anchor, nodes_before: self.nodes, content });
        self.count(1)
    }

    fn end(&mut self) -> Taken {
        let Some(Open { line, anchor, nodes_before, content }) = self.open.pop() else {
            return Err("an end without a beginning".to_owned());
        };
        let value = match content {
            Content::Sequence(items) => Value::Sequence(items),
            Content::Mapping(mapping, _) => Value::Mapping(mapping),
        };
        let size = self.nodes.saturating_sub(nodes_before);
        self.add(Node { line, value }, anchor, size)
    }

    fn repeat(&mut self, anchor: usize, line: usize) -> Taken {
        let Some(Anchored { node, size }) = self.anchors.get(&anchor) else {
            return Err("an alias of a value that contains it".to_owned());
        };
        let size = *size;
        if self.nodes.saturating_add(size) > MAX_NODES {
            return self.count(size);
        }
        let node = Node { line, value: node.value.clone() };
        self.count(size)?;
        self.add(node, 0, size)
    }

    fn count(&mut self, more: usize) -> Taken {
        self.nodes = self.nodes.saturating_add(more);
        if self.nodes > MAX_NODES { Err(format!("more than {MAX_NODES} values")) } else { Ok(()) }
    }

    fn add(&mut self, node: Node, anchor: usize, size: usize) -> Taken {
        if anchor != 0 {
            self.anchors.insert(anchor, Anchored { node: node.clone(), size });
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::Sequence(items)) => items.push(node),
            Some(Content::Mapping(mapping, waiting)) => match waiting.take() {
                Some(Key { text, line }) => {
                    mapping.entries.push(Entry { key: text, line, value: node });
                }
                None => *waiting = Some(key(node)?),
            },
        }
        Ok(())
    }
}

fn key(node: Node) -> Result<Key, String> {
    match node.value {
        Value::Scalar(scalar) => Ok(Key { text: scalar.text, line: node.line }),
        Value::Sequence(_) | Value::Mapping(_) => Err("a key that is no single value".to_owned()),
    }
}

/// Whether the tag makes a text of what it stands before.
fn is_text_tag(tag: Option<&Tag>) -> Result<bool, String> {
    let Some(tag) = tag else { return Ok(false) };
    let core = tag.is_yaml_core_schema();
    match tag.suffix.as_str() {
        "str" if core => Ok(true),
        "!" if tag.handle.is_empty() => Ok(true),
        "bool" | "int" | "float" | "null" | "seq" | "map" if core => Ok(false),
        _ => Err(format!("unknown tag `{tag}`")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::refusal::Document;

    fn tree(text: &str) -> Result<Option<Node>, String> {
        read(text, 10, Source::new(Document::Policy, "f")).map_err(|refusal| refusal.to_string())
    }

    fn refused(text: &str) -> String {
        tree(text).unwrap_err()
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let Value::Mapping(top) = tree("a:\n  - x\n  - y: z\nb: 2\n").unwrap().unwrap().value
        else {
            panic!("a mapping")
        };
        let Value::Sequence(items) = &top.entries[0].value.value else { panic!("a list") };
        assert_eq!((top.entries[0].line, top.entries[1].line), (10, 13));
        assert_eq!(items.iter().map(|item| item.line).collect::<Vec<_>>(), [11, 12]);
    }

    #[test]
    fn nothing_is_nothing() {
        for text in ["", "\n", "# a remark\n", "\u{feff}"] {
            assert!(tree(text).unwrap().is_none_or(|node| node.is_null()), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_read_names_its_line() {
        assert!(refused("a: 1\nb: [x\n").starts_with("f:1"), "{}", refused("a: 1\nb: [x\n"));
        assert_eq!(refused("a: 1\nb: x\0y\nc: 2\n"), "f:11: control character");
        assert_eq!(refused("a: 1\n---\nb: 2\n"), "f:11: a second YAML document");
        assert_eq!(refused("a: !ruby/object 1\n"), "f:10: unknown tag `!ruby/object`");
        assert_eq!(refused("[a]: b\n"), "f:10: a key that is no single value");
        assert_eq!(refused("a: &x [*x]\n"), "f:10: an alias of a value that contains it");
        let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
        assert_eq!(refused(&deep), "f:10: more than 64 values inside one another");
    }

    #[test]
    fn aliases_repeat_but_do_not_explode() {
        let twin = tree("[&x {a: b}, *x]").unwrap().unwrap();
        let Value::Sequence(items) = &twin.value else { panic!("a list") };
        assert!(items[0].same_value(&items[1]));
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let again = vec![format!("*a{}", n - 1); 8].join(", ");
            bomb.push_str(&format!("a{n}: &a{n} [{again}]\n"));
        }
        assert!(refused(&bomb).ends_with("more than 50000 values"), "{}", refused(&bomb));
    }

    #[test]
    fn core_tags_are_known() {
        let node = tree("[!!str true, ! yes, !!bool true]").unwrap().unwrap();
        let Value::Sequence(items) = &node.value else { panic!("a list") };
        let plain: Vec<bool> =
            items.iter().map(|i| matches!(&i.value, Value::Scalar(s) if s.plain)).collect();
        assert_eq!(plain, [false, false, true]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = tree(&text);
        }

        #[test]
        fn nor_any_mix_of_indicators(text in r#"([-?:,\[\]{}#&*!|>'"%@` \n\ta-c~<.0\r\\]|: |- |\n  |---\n|\.\.\.\n|&a |\*a|é){0,60}"#) {
            let _ = tree(&text);
        }
    }
}
