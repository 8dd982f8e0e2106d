//! The settings of a tool, with our hook in them and without. No byte of the rest changes.
//!
//! All tools have `hooks`, an object of lists by event. An item of Claude's and Codex's is a group
//! (`matcher`, and `hooks`, a list of commands), one of Cursor's is a command.

use std::ops::Range;

use serde_json::Value;

use super::Tool;
use super::settings_text::{entry, list, new_file, object, place, place_first};
use crate::domain::json::span::{Part, items, members, not_editable, only, removal};
use crate::domain::json::{Object, read};
use crate::domain::refusal::Refusal;
use crate::domain::source::Source;

/// The key of all hooks.
const HOOKS: &str = "hooks";

/// The settings with our hook; `None` if they have it. Of no file, a new one.
///
/// # Errors
/// As [`read`]; [`Refusal::KeyNotEditable`] if hooks stand there in another form, or twice.
pub fn add(
    bytes: Option<&[u8]>,
    tool: Tool,
    source: Source<'_>,
) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(bytes) = bytes else { return Ok(Some(new_file(tool).into_bytes())) };
    let text = checked(bytes, source)?;
    let found = Found::look(text, tool, source)?;
    if found.ours(text, tool).next().is_some() {
        return Ok(None);
    }
    let (range, with) = match (&found.hooks, &found.event) {
        (_, Some(event)) => {
            let at = (event.value.clone(), found.items.as_slice());
            into(text, at, 3, &entry(tool))
        }
        (Some(hooks), None) => {
            let member = format!("\"{}\": {}", tool.event(), list(tool));
            into(text, (hooks.value.clone(), &found.events), 2, &member)
        }
        (None, None) => {
            let member = format!("\"{HOOKS}\": {}", object(tool));
            into(text, (found.root.clone(), &found.top), 1, &member)
        }
    };
    let mut text = text.to_owned();
    text.replace_range(range, &with);
    Ok(Some(text.into_bytes()))
}

/// Whether the settings have our hook.
///
/// # Errors
/// As [`add`].
pub fn is_in(bytes: &[u8], tool: Tool, source: Source<'_>) -> Result<bool, Refusal> {
    let text = checked(bytes, source)?;
    let is_in = Found::look(text, tool, source)?.ours(text, tool).next().is_some();
    Ok(is_in)
}

/// The settings without our hook, wherever it stands among others, and without lists that are empty
/// then.
///
/// # Errors
/// As [`add`].
pub fn remove(bytes: &[u8], tool: Tool, source: Source<'_>) -> Result<Vec<u8>, Refusal> {
    let mut text = checked(bytes, source)?.to_owned();
    while let Some(range) = Found::look(&text, tool, source)?.goes(&text, tool, source)? {
        text.replace_range(range, "");
    }
    Ok(text.into_bytes())
}

fn checked<'t>(bytes: &'t [u8], source: Source<'t>) -> Result<&'t str, Refusal> {
    read::<Object>(bytes, source)?;
    source.utf8(bytes, 1)
}

/// What there is on the way to our hook.
struct Found {
    root: Range<usize>,
    top: Vec<Part>,
    hooks: Option<Part>,
    events: Vec<Part>,
    event: Option<Part>,
    items: Vec<Part>,
}

impl Found {
    fn look(text: &str, tool: Tool, source: Source<'_>) -> Result<Self, Refusal> {
        let root = text.find('{').unwrap_or_default()..text.trim_end().len();
        let top = members(text, root.clone(), source)?;
        let hooks = only(text, &top, HOOKS, source)?.map(|(_, part)| part.clone());
        let mut found =
            Self { root, top, hooks, events: Vec::new(), event: None, items: Vec::new() };
        if let Some(hooks) = &found.hooks {
            found.events = members(text, hooks.value.clone(), source)
                .map_err(|_| not_editable(text, hooks, source, "it is no object"))?;
            let event = only(text, &found.events, tool.event(), source)?;
            found.event = event.map(|(_, part)| part.clone());
        }
        if let Some(event) = &found.event {
            found.items = items(text, event.value.clone(), source)
                .map_err(|_| not_editable(text, event, source, "it is no list"))?;
        }
        Ok(found)
    }

    /// The items in which our hook is.
    fn ours<'f>(&'f self, text: &'f str, tool: Tool) -> impl Iterator<Item = (usize, &'f Part)> {
        self.items.iter().enumerate().filter(move |(_, item)| {
            let value = value(text, &item.value);
            is_ours(&value, tool) || commands(&value).iter().any(|hook| is_ours(hook, tool))
        })
    }

    /// The next range to go, until nothing of ours is left.
    fn goes(
        &self,
        text: &str,
        tool: Tool,
        source: Source<'_>,
    ) -> Result<Option<Range<usize>>, Refusal> {
        let Some((at, item)) = self.ours(text, tool).next() else { return Ok(None) };
        let value = value(text, &item.value);
        if commands(&value).len() > 1 {
            return of_group(text, item, tool, source);
        }
        Ok(Some(match (self.items.len(), self.events.len()) {
            (1, 1) => self.of_member(text, &self.top, HOOKS),
            (1, _) => self.of_member(text, &self.events, tool.event()),
            (_, _) => removal(text, &self.items, at),
        }))
    }

    fn of_member(&self, text: &str, members: &[Part], key: &str) -> Range<usize> {
        let at = members.iter().position(|member| member.key == key);
        removal(text, members, at.unwrap_or(members.len()))
    }
}

/// Our command, in a group that has others.
fn of_group(
    text: &str,
    group: &Part,
    tool: Tool,
    source: Source<'_>,
) -> Result<Option<Range<usize>>, Refusal> {
    let fields = members(text, group.value.clone(), source)?;
    let Some((_, hooks)) = only(text, &fields, HOOKS, source)? else { return Ok(None) };
    let hooks = items(text, hooks.value.clone(), source)?;
    let ours = hooks.iter().position(|hook| is_ours(&value(text, &hook.value), tool));
    Ok(ours.map(|at| removal(text, &hooks, at)))
}

fn value(text: &str, at: &Range<usize>) -> Value {
    text.get(at.clone()).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn commands(group: &Value) -> &[Value] {
    group.get(HOOKS).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// Whether a hook runs us for this tool, by whatever path.
fn is_ours(hook: &Value, tool: Tool) -> bool {
    let command = hook.get("command").and_then(Value::as_str).unwrap_or_default();
    let ours = tool.command().trim_start_matches("git-kitty-");
    let before = command.trim().strip_suffix(ours);
    before.is_some_and(|before| before.ends_with([' ', '-']))
}

/// Where a new part of an object or list goes, and its text.
fn into(
    text: &str,
    (container, parts): (Range<usize>, &[Part]),
    depth: usize,
    part: &str,
) -> (Range<usize>, String) {
    match parts.last() {
        Some(last) => {
            let end = last.whole.end;
            (end..end, place(text, last, depth, part))
        }
        None => {
            let inner = container.start + 1..container.end.saturating_sub(1);
            (inner, place_first(text, container.start, depth, part))
        }
    }
}

#[cfg(test)]
#[path = "settings_test.rs"]
mod tests;
