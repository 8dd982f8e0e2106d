//! Where the keys and values at the top of a document stand, in bytes.
//!
//! Of the parser's spans only the beginnings are exact, and the ends of plain scalars: a quoted
//! scalar and a closing bracket take the remark behind them along, a block list has no end of its
//! own. Those ends are found here.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

/// A key at the top and its value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The key.
    pub(super) key: String,
    /// Where it begins.
    pub(super) start: usize,
    /// The value. That of a block scalar begins below its header, and ends behind the empty lines
    /// that follow it; a remark behind quotes is part of it.
    pub(super) value: Range<usize>,
    /// How the value is written.
    pub(super) shape: Shape,
}

/// How a value is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Without quotes, or not at all.
    Plain,
    /// In quotes.
    Quoted,
    /// Below a `|` or `>`.
    Block,
    /// In brackets; the closing one is the last byte of the value.
    FlowList,
    /// With dashes; where each item begins behind its dash.
    DashList(Vec<usize>),
    /// A mapping, or an alias.
    Other,
}

/// The places of all keys, in the order of the text; `None` if the top is no mapping in lines of
/// its own, or has a key that is an alias. The text is YAML that [`super::read()`] takes.
pub(super) fn places(text: &str) -> Option<Vec<Place>> {
    let mut scan = Scan::new(text);
    for event in Parser::new_from_str(text) {
        let (event, span) = event.ok()?;
        scan.take(&event, span)?;
    }
    Some(scan.places)
}

/// Where a scalar in quotes that begins at `start` ends.
pub(super) fn quoted_end(text: &str, start: usize) -> Option<usize> {
    let mut bytes = text.bytes().enumerate().skip(start);
    let (_, quote) = bytes.next().filter(|(_, byte)| matches!(byte, b'\'' | b'"'))?;
    while let Some((at, byte)) = bytes.next() {
        if quote == b'"' && byte == b'\\' {
            bytes.next();
        } else if byte == quote {
            let again = quote == b'\'' && text.as_bytes().get(at + 1) == Some(&quote);
            if !again {
                return Some(at + 1);
            }
            bytes.next();
        }
    }
    None
}

struct Scan<'a> {
    text: &'a str,
    /// The byte at which each character begins.
    offsets: Vec<usize>,
    depth: usize,
    key: Option<(String, usize)>,
    places: Vec<Place>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        let offsets = text.char_indices().map(|(at, _)| at).collect();
        Self { text, offsets, depth: 0, key: None, places: Vec::new() }
    }

    fn take(&mut self, event: &Event<'_>, span: Span) -> Option<()> {
        let start = self.offset(span.start.index());
        let end = self.offset(span.end.index());
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
            Event::Alias(_) => self.value(start..end, Shape::Other)?,
            Event::Scalar(text, ..) if self.depth == 1 && self.key.is_none() => {
                self.key = Some((text.clone().into_owned(), start));
            }
            Event::Scalar(_, style, ..) => self.value(start..end, Shape::of(*style))?,
            Event::MappingStart(..) if self.depth == 0 => {
                self.depth = 1;
                return (!self.opens(start..end, '{')).then_some(());
            }
            Event::MappingStart(..) => {
                self.value(start..end, Shape::Other)?;
                self.depth += 1;
            }
            Event::SequenceStart(..) => {
                let flow = self.opens(start..end, '[');
                let shape = if flow { Shape::FlowList } else { Shape::DashList(Vec::new()) };
                self.value(start..end, shape)?;
                self.depth += 1;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                self.depth = self.depth.saturating_sub(1);
                if end > start {
                    self.reach(start + 1);
                }
            }
        }
        Some(())
    }

    /// A value at the top begins, or something inside one.
    fn value(&mut self, span: Range<usize>, shape: Shape) -> Option<()> {
        match self.depth {
            0 => return None,
            1 => {
                let (key, start) = self.key.take()?;
                self.places.push(Place { key, start, value: span, shape });
            }
            depth => {
                let item = span.start;
                self.reach(span.end);
                let shape = self.places.last_mut().map(|place| &mut place.shape);
                if let (2, Some(Shape::DashList(items))) = (depth, shape) {
                    items.push(item);
                }
            }
        }
        Some(())
    }

    /// Something inside the value ends here: a scalar, or brackets.
    fn reach(&mut self, end: usize) {
        if let Some(place) = self.places.last_mut() {
            place.value.end = place.value.end.max(end);
        }
    }

    fn opens(&self, span: Range<usize>, bracket: char) -> bool {
        self.text.get(span).is_some_and(|text| text.trim_end().ends_with(bracket))
    }

    fn offset(&self, character: usize) -> usize {
        self.offsets.get(character).copied().unwrap_or(self.text.len())
    }
}

impl Shape {
    fn of(style: ScalarStyle) -> Self {
        match style {
            ScalarStyle::Plain => Self::Plain,
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => Self::Quoted,
            ScalarStyle::Literal | ScalarStyle::Folded => Self::Block,
        }
    }
}
