//! `kitty/agents.json` in the common directory: what was done to settings of tools.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::super::addition::Addition;
use super::super::setup::{DIRECTORY, StoredPath};
use crate::domain::agent::Tool;
use crate::domain::refusal::{Document, Refusal};
use crate::git::file::{read_if_present, replace};
use crate::git::shared;

const SCHEMA: u32 = 1;

/// All that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    schema: u32,
    /// What was done to each file.
    pub(super) files: Vec<Touched>,
    /// Lines that keep files of ours out of `git status`.
    pub(super) exclusions: Vec<Exclusion>,
}

/// What was done to a file: one text in it is in place of another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Touched {
    /// Whose settings it holds.
    pub(super) tool: Tool,
    /// The file.
    pub(super) path: StoredPath,
    /// What stood there; nothing for a file that was made.
    pub(super) old: String,
    /// What stands there now.
    pub(super) new: String,
    /// Whether the file was made.
    pub(super) created: bool,
    /// Whether its directory was.
    pub(super) directory: bool,
}

/// Lines for the file of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Exclusion {
    pub(super) tool: Tool,
    pub(super) lines: Addition,
}

impl Record {
    /// Reads it; an empty one if nothing was done.
    pub(super) fn load(common: &Path) -> Result<Self> {
        let file = path(common);
        let Some(bytes) = read_if_present(&file)? else {
            return Ok(Self { schema: SCHEMA, files: Vec::new(), exclusions: Vec::new() });
        };
        let name = file.display().to_string();
        let damaged = |line, what| Refusal::damaged(Document::AgentRecord, &name, line, what);
        let record: Self = serde_json::from_slice(&bytes)
            .map_err(|error| damaged(Some(error.line()), error.to_string()))?;
        if record.schema != SCHEMA {
            return Err(damaged(None, format!("schema {} is not {SCHEMA}", record.schema)).into());
        }
        Ok(record)
    }

    /// Writes it, or removes it if it is empty.
    pub(super) fn save(&self, common: &Path) -> Result<()> {
        let file = path(common);
        if self.files.is_empty() && self.exclusions.is_empty() {
            let _ = fs::remove_file(&file);
            let _ = fs::remove_dir(common.join(DIRECTORY));
            return Ok(());
        }
        let mut bytes = serde_json::to_vec_pretty(self).context("could not write `agents.json`")?;
        bytes.push(b'\n');
        shared::create_dir_all(&common.join(DIRECTORY))
            .with_context(|| format!("could not make `{}`", common.join(DIRECTORY).display()))?;
        replace(&file, &bytes)
    }

    /// The tools that were told.
    pub(super) fn tools(&self) -> Vec<Tool> {
        let mut tools: Vec<Tool> = self.files.iter().map(|file| file.tool).collect();
        tools.sort();
        tools.dedup();
        tools
    }

    /// Puts lines in place of older ones for the same tool.
    pub(super) fn exclude(&mut self, mut exclusion: Exclusion) {
        let same = |known: &Exclusion| known.tool == exclusion.tool;
        let created = self.exclusions.iter().any(|known| same(known) && known.lines.created);
        self.exclusions.retain(|known| !same(known));
        exclusion.lines.created |= created;
        self.exclusions.push(exclusion);
    }

    /// Puts an entry in place of an older one for the same file.
    pub(super) fn put(&mut self, mut touched: Touched) {
        let same = |file: &Touched| (file.tool, &file.path) == (touched.tool, &touched.path);
        let directory = self.files.iter().any(|file| same(file) && file.directory);
        self.files.retain(|file| !same(file));
        touched.directory |= directory;
        self.files.push(touched);
    }
}

impl Touched {
    /// The one text that became another, where the whole became another.
    pub(super) fn texts(old: &str, new: &str) -> (String, String) {
        let same = |(a, b): &(char, char)| a == b;
        let lead: usize =
            old.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
        let (old, new) = (old.get(lead..).unwrap_or(old), new.get(lead..).unwrap_or(new));
        let pairs = old.chars().rev().zip(new.chars().rev());
        let tail: usize = pairs.take_while(same).map(|(c, _)| c.len_utf8()).sum();
        let kept = |text: &str| text.get(..text.len() - tail).unwrap_or(text).to_owned();
        (kept(old), kept(new))
    }

    /// The text as it was before, if ours stands in it as it was put there.
    pub(super) fn undone(&self, text: &str) -> Option<String> {
        let (at, _) = text.match_indices(&self.new).next().filter(|_| !self.new.is_empty())?;
        let end = at + self.new.len();
        let (before, after) = (text.get(..at)?, text.get(end..)?);
        (!after.contains(&self.new)).then(|| format!("{before}{}{after}", self.old))
    }
}

fn path(common: &Path) -> PathBuf {
    common.join(DIRECTORY).join("agents.json")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn touched(old: &str, new: &str) -> Touched {
        let path = StoredPath::new(Path::new("/w/f"), Path::new("/c"));
        let (old, new) = Touched::texts(old, new);
        Touched { tool: Tool::Claude, path, old, new, created: false, directory: false }
    }

    proptest! {
        #[test]
        fn what_was_put_in_is_taken_out_of_any_text(a in "[a-cé]{0,6}", b in "[a-cé]{0,6}", c in "[a-cé]{0,6}", after in "z{0,3}") {
            let (old, new) = (format!("{a}{b}"), format!("{a}X{c}Y{b}"));
            let text = format!("{new}{after}");
            prop_assert_eq!(touched(&old, &new).undone(&text), Some(format!("{old}{after}")));
        }
    }

    #[test]
    fn what_changed_since_or_stands_there_twice_is_not_guessed_at() {
        let touched = touched("{}", "{X}");
        assert_eq!(touched.undone("{x}"), None);
        assert_eq!(touched.undone("{X}{X}"), None);
    }
}
