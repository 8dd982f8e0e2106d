//! The values of the front matter, in their present and their older ways of writing.

use std::fmt;

use crate::domain::id::WpId;
use crate::domain::refusal::Refusal;
use crate::domain::status::Status;
use crate::domain::yaml::{Field, Located, Mapping, Node, Table, Value};

/// What kind of work a work package is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExecutionMode {
    /// Changes code, in a lane of its own.
    CodeChange,
    /// Writes planning files.
    PlanningArtifact,
    /// A word the format does not know (`review` and `documentation` were seen): it grants nothing,
    /// so treat it as [`ExecutionMode::CodeChange`].
    Other(String),
}

/// A scope that is wider than a list of globs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// May overlap with any other work package.
    CodebaseWide,
    /// Splits up what another one merged.
    MergeDecomposition,
    /// A word the format does not know: it grants nothing.
    Other(String),
}

/// A step of a work package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subtask {
    /// Such as `T010`.
    pub id: String,
    /// What is to be done, where the front matter says so.
    pub title: Option<String>,
    /// Its status, where the front matter says so.
    pub status: Option<String>,
}

/// One thing that happened, as free as people write it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryEntry {
    /// `at`, `timestamp` or `date`.
    pub at: Option<String>,
    /// `actor`, `agent`, `by` or `author`.
    pub actor: Option<String>,
    /// The status at that time (`lane` or `status`), as written.
    pub status: Option<String>,
    /// `action` or `event`, and `note` or `notes`.
    pub text: String,
}

/// Who works on it: a name, `tool:model:profile:role`, or a mapping of the four.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Agent {
    /// The tool, or the whole name if there is nothing else.
    pub tool: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// The profile.
    pub profile: Option<String>,
    /// The role.
    pub role: Option<String>,
}

/// Where a work package comes from and goes to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branches {
    /// `planning_base_branch`.
    pub planning_base: Option<String>,
    /// `merge_target_branch`.
    pub merge_target: Option<String>,
    /// `base_branch`.
    pub base: Option<String>,
    /// `base_commit`: 7 to 64 lower-case hexadecimal digits. The word `unknown` is `None`.
    pub base_commit: Option<String>,
}

impl ExecutionMode {
    pub(super) fn from_text(text: String) -> Self {
        match text.as_str() {
            "code_change" => Self::CodeChange,
            "planning_artifact" => Self::PlanningArtifact,
            _ => Self::Other(text),
        }
    }
}

impl Scope {
    pub(super) fn from_text(text: String) -> Self {
        match text.as_str() {
            "codebase-wide" => Self::CodebaseWide,
            "merge-decomposition" => Self::MergeDecomposition,
            _ => Self::Other(text),
        }
    }
}

impl fmt::Display for Agent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.tool, &self.model, &self.profile, &self.role];
        let last = parts.iter().rposition(|part| part.is_some()).unwrap_or_default();
        for (at, part) in parts.iter().take(last + 1).enumerate() {
            let colon = if at == 0 { "" } else { ":" };
            write!(f, "{colon}{}", part.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }
}

/// The status of this name, if it is one that a work package can stand in.
pub(super) fn status_named(text: &str) -> Option<Status> {
    text.parse().ok().filter(|status: &Status| status.is_displayed())
}

pub(super) fn title(table: &Table<'_>) -> Result<Option<String>, Refusal> {
    Ok(table.text("title")?.or(table.text("work_package_title")?))
}

pub(super) fn dependencies(table: &Table<'_>) -> Result<Vec<WpId>, Refusal> {
    let Some(field) = table.field("dependencies") else { return Ok(Vec::new()) };
    let parse = |item: Located| {
        item.text.parse().map_err(|error| field.wrong_at(item.line, format_args!(": {error}")))
    };
    field.texts_or_commas()?.into_iter().map(parse).collect()
}

pub(super) fn references(table: &Table<'_>, key: &str) -> Result<Vec<String>, Refusal> {
    let Some(field) = table.field(key) else { return Ok(Vec::new()) };
    Ok(field.texts_or_commas()?.into_iter().map(|item| item.text).collect())
}

pub(super) fn legacy_status(table: &Table<'_>) -> Result<Option<Status>, Refusal> {
    let Some(field) = table.field("lane") else { return Ok(None) };
    let Some(text) = field.text()? else { return Ok(None) };
    let status = status_named(&text)
        .ok_or_else(|| field.wrong(format_args!(" names no status: `{}`", text.escape_debug())))?;
    Ok(Some(status))
}

pub(super) fn subtasks(table: &Table<'_>) -> Result<Vec<Subtask>, Refusal> {
    let Some(field) = table.field("subtasks") else { return Ok(Vec::new()) };
    if matches!(field.node().value, Value::Scalar(_)) {
        let named = |item: Located| Subtask { id: item.text, title: None, status: None };
        return Ok(field.texts_or_commas()?.into_iter().map(named).collect());
    }
    field.items()?.iter().map(|item| subtask(&field, item)).collect()
}

fn subtask(field: &Field<'_>, item: &Node) -> Result<Subtask, Refusal> {
    let found = match &item.value {
        Value::Mapping(mapping) => first(mapping, &["id"]).map(|id| Subtask {
            id,
            title: first(mapping, &["title"]),
            status: first(mapping, &["status"]),
        }),
        Value::Scalar(_) | Value::Sequence(_) => item
            .text()
            .filter(|id| !id.is_empty())
            .map(|id| Subtask { id: id.to_owned(), title: None, status: None }),
    };
    found.ok_or_else(|| field.wrong_at(item.line, " has an item without an id"))
}

pub(super) fn history(table: &Table<'_>) -> Result<Vec<HistoryEntry>, Refusal> {
    let mut entries = Vec::new();
    for field in ["history", "activity_log"].into_iter().filter_map(|key| table.field(key)) {
        if let Some(text) = field.node().text() {
            entries.push(HistoryEntry { text: text.to_owned(), ..HistoryEntry::default() });
        } else {
            entries.extend(field.items()?.iter().filter_map(history_entry));
        }
    }
    Ok(entries)
}

fn history_entry(item: &Node) -> Option<HistoryEntry> {
    let mapping = match &item.value {
        Value::Mapping(mapping) => mapping,
        Value::Scalar(_) | Value::Sequence(_) => {
            let text = item.text()?.to_owned();
            return Some(HistoryEntry { text, ..HistoryEntry::default() });
        }
    };
    let texts = [first(mapping, &["action", "event"]), first(mapping, &["note", "notes"])];
    Some(HistoryEntry {
        at: first(mapping, &["at", "timestamp", "date"]),
        actor: first(mapping, &["actor", "agent", "by", "author"]),
        status: first(mapping, &["lane", "status"]),
        text: texts.into_iter().flatten().collect::<Vec<_>>().join(": "),
    })
}

pub(super) fn agent(table: &Table<'_>) -> Result<Option<Agent>, Refusal> {
    let Some(field) = table.field("agent") else { return Ok(None) };
    if let Value::Mapping(mapping) = &field.node().value {
        let part = |key: &str| first(mapping, &[key]);
        return Ok(Some(Agent {
            tool: part("tool"),
            model: part("model"),
            profile: part("profile"),
            role: part("role"),
        }));
    }
    let Some(text) = field.text()?.filter(|text| !text.is_empty()) else { return Ok(None) };
    let mut parts = text.splitn(4, ':').map(|part| Some(part.to_owned()).filter(|p| !p.is_empty()));
    let mut next = || parts.next().flatten();
    Ok(Some(Agent { tool: next(), model: next(), profile: next(), role: next() }))
}

pub(super) fn branches(table: &Table<'_>) -> Result<Branches, Refusal> {
    Ok(Branches {
        planning_base: table.text("planning_base_branch")?,
        merge_target: table.text("merge_target_branch")?,
        base: table.text("base_branch")?,
        base_commit: base_commit(table)?,
    })
}

fn base_commit(table: &Table<'_>) -> Result<Option<String>, Refusal> {
    let Some(field) = table.field("base_commit") else { return Ok(None) };
    match field.text()? {
        Some(text) if text == "unknown" || text.is_empty() => Ok(None),
        Some(text) if is_commit(&text) => Ok(Some(text)),
        Some(text) => Err(field.wrong(format_args!(" is no commit: `{}`", text.escape_debug()))),
        None => Ok(None),
    }
}

fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The text of the first of these keys that has one.
fn first(mapping: &Mapping, keys: &[&str]) -> Option<String> {
    let text = |key: &&str| mapping.entry(key)?.value.text().map(str::to_owned);
    keys.iter().find_map(text).filter(|text| !text.is_empty())
}
