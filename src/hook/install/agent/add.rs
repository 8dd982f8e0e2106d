//! Telling a tool.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::super::addition::{Addition, Purpose};
use super::super::setup::{StoredPath, is_set_up};
use super::AgentReport;
use super::place::{Place, places, source};
use super::record::{Exclusion, Record, Touched};
use super::status::rows_of;
use crate::domain::agent::{Tool, add};
use crate::domain::refusal::Warning;
use crate::git::file::{edit, read_if_present, replace};
use crate::git::setup;
use crate::git::shared;

const EXCLUDE: &str = "info/exclude";

/// A file to be written.
struct Change {
    place: Place,
    bytes: Vec<u8>,
}

/// Tells these tools to ask before they edit, in all worktrees of the repository around `start`.
///
/// Idempotent: a second run writes nothing.
///
/// # Errors
/// A [`crate::domain::refusal::Refusal`] before anything was changed, if settings are no JSON or
/// have hooks in another form; else if a file cannot be read or written.
pub fn tell(start: &Path, tools: &[Tool]) -> Result<AgentReport> {
    let repository = setup::repository(start)?;
    let common = &repository.common;
    let mut record = Record::load(common)?;
    let mut report = AgentReport::default();
    let mut changes = Vec::new();
    for tool in tools {
        for place in places(&repository, *tool, start)? {
            let is_tracked = place.is_tracked()?;
            if is_tracked && !place.is_here {
                continue;
            }
            if let Some(change) = Change::of(place)? {
                report.warnings.extend(is_tracked.then(|| tracked(&change)));
                changes.push(change);
            }
        }
    }
    for change in changes {
        change.execute(common, &mut record)?;
        report.changed.push(format!("wrote `{}`", change.place.name()));
    }
    report.warnings.extend((!is_set_up(common)).then(not_set_up));
    report.rows = rows_of(&repository, tools, start)?;
    Ok(report)
}

/// Tells the tools that were told elsewhere in the repository also in a worktree that is new, unless
/// git brought their settings there. Reads one file if there are none.
///
/// # Errors
/// As [`tell`].
pub fn equip(common: &Path, top: &Path) -> Result<()> {
    let mut record = Record::load(common)?;
    for tool in record.tools() {
        let place = Place::look(top, tool, false)?;
        if place.is_tracked()? {
            continue;
        }
        if let Some(change) = Change::of(place)? {
            change.execute(common, &mut record)?;
        }
    }
    Ok(())
}

impl Change {
    /// What is to be written at a place; `None` if nothing is.
    fn of(place: Place) -> Result<Option<Self>> {
        let name = place.name();
        let bytes = add(place.bytes.as_deref(), place.tool, source(&name))?;
        Ok(bytes.map(|bytes| Self { place, bytes }))
    }

    /// Writes it down, then writes it.
    fn execute(&self, common: &Path, record: &mut Record) -> Result<()> {
        let Place { tool, file, .. } = &self.place;
        let exclusion = self.exclusion(common, record)?;
        record.put(self.touched(common));
        if let Some(exclusion) = &exclusion {
            record.exclude(exclusion.clone());
        }
        record.save(common)?;
        if let Some(Exclusion { lines, .. }) = exclusion {
            shared::create_dir_all(&common.join("info")).context("could not make `info`")?;
            edit(&common.join(EXCLUDE), |bytes| [bytes, lines.text.as_bytes()].concat())?;
        }
        let directory = file.parent().unwrap_or(file);
        fs::create_dir_all(directory)
            .with_context(|| format!("could not make `{}` for {tool}", directory.display()))?;
        replace(file, &self.bytes)
    }

    fn touched(&self, common: &Path) -> Touched {
        let Place { tool, file, bytes, .. } = &self.place;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let before = bytes.as_deref().map(text).unwrap_or_default();
        let (old, new) = Touched::texts(&before, &text(&self.bytes));
        let directory = file.parent().is_some_and(|directory| !directory.exists());
        let path = StoredPath::new(file, common);
        Touched { tool: *tool, path, old, new, created: bytes.is_none(), directory }
    }

    /// The line that keeps a file that we make out of `git status`, if something must.
    fn exclusion(&self, common: &Path, record: &Record) -> Result<Option<Exclusion>> {
        let tool = self.place.tool;
        let bytes = read_if_present(&common.join(EXCLUDE))?;
        let is_there = record.exclusions.iter().any(|known| {
            known.tool == tool && known.lines.is_in(bytes.as_deref().unwrap_or_default())
        });
        if self.place.bytes.is_some() || is_there || self.place.is_ignored()? {
            return Ok(None);
        }
        let line = format!("/{}\n", tool.settings_file());
        let mut lines = Addition::new(EXCLUDE, &line, Purpose::Setup);
        lines.created = bytes.is_none();
        lines.text = lines.for_end_of(&bytes.unwrap_or_default());
        Ok(Some(Exclusion { tool, lines }))
    }
}

fn tracked(change: &Change) -> Warning {
    let message = format!(
        "`{}` is under version control: other worktrees get the hook with the commit of it",
        change.place.name()
    );
    Warning { code: "AGENT_SETTINGS_TRACKED", message }
}

fn not_set_up() -> Warning {
    let message =
        "nothing is refused yet: git-kitty was never set up here; `git kitty init` does it";
    Warning { code: "NOTHING_GUARDED", message: message.to_owned() }
}
