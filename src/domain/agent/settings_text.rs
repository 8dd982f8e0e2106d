//! Our hook as text, laid out as what is around it.

use super::Tool;
use crate::domain::json::span::{Part, gap};

/// What our own layout is indented by.
const UNIT: &str = "  ";

/// A file of our own.
pub(super) fn new_file(tool: Tool) -> String {
    let version = match tool {
        Tool::Claude | Tool::Codex => "",
        Tool::Cursor => "  \"version\": 1,\n",
    };
    format!("{{\n{version}  \"hooks\": {}\n}}\n", inside(&object(tool)))
}

/// The object of all events.
pub(super) fn object(tool: Tool) -> String {
    format!("{{\n  \"{}\": {}\n}}", tool.event(), inside(&list(tool)))
}

/// The list of an event's hooks.
pub(super) fn list(tool: Tool) -> String {
    format!("[\n  {}\n]", inside(&entry(tool)))
}

/// The item of that list which is ours.
pub(super) fn entry(tool: Tool) -> String {
    let (matcher, command) = (tool.matcher(), tool.command());
    match tool {
        Tool::Claude | Tool::Codex => format!(
            "{{\n  \"matcher\": \"{matcher}\",\n  \"hooks\": [\n    {{\n      \
             \"type\": \"command\",\n      \"command\": \"{command}\"\n    }}\n  ]\n}}"
        ),
        Tool::Cursor => {
            format!("{{\n  \"command\": \"{command}\",\n  \"matcher\": \"{matcher}\"\n}}")
        }
    }
}

fn inside(text: &str) -> String {
    text.replace('\n', "\n  ")
}

/// A part to follow another one, which stands `depth` levels in.
pub(super) fn place(text: &str, before: &Part, depth: usize, part: &str) -> String {
    let gap = gap(text, before);
    match gap.rfind('\n') {
        Some(at) => {
            let indent = gap.get(at + 1..).unwrap_or_default();
            format!(",{gap}{}", laid_out(part, line_end(text), indent, &unit(indent, depth)))
        }
        None => format!(",{gap}{}", on_one_line(part)),
    }
}

/// A part to be the first of an object or list that opens at `open`, `depth` levels in.
pub(super) fn place_first(text: &str, open: usize, depth: usize, part: &str) -> String {
    let is_one_line = !text.trim().contains('\n');
    if is_one_line && depth > 1 {
        return on_one_line(part);
    }
    let line = text.get(..open).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    let outer = line.get(..line.len() - line.trim_start().len()).unwrap_or_default();
    let outer = outer.trim_start_matches('\u{feff}');
    let unit = unit(outer, depth - 1);
    let (end, indent) = (line_end(text), format!("{outer}{unit}"));
    format!("{end}{indent}{}{end}{outer}", laid_out(part, end, &indent, &unit))
}

fn laid_out(part: &str, line_end: &str, indent: &str, unit: &str) -> String {
    let mut lines = part.lines();
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let inner = line.trim_start();
        let levels = (line.len() - inner.len()) / UNIT.len();
        text.extend([line_end, indent]);
        text.extend(std::iter::repeat_n(unit, levels));
        text.push_str(inner);
    }
    text
}

fn on_one_line(part: &str) -> String {
    part.lines().map(str::trim_start).collect()
}

fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// What one level is indented by, where `depth` levels are by `indent`.
fn unit(indent: &str, depth: usize) -> String {
    let length = indent.len().checked_div(depth).unwrap_or_default();
    let unit = indent.get(..length).unwrap_or_default();
    let whole = !unit.is_empty() && unit.repeat(depth) == indent;
    if whole { unit } else { UNIT }.to_owned()
}
