//! Where the settings of a tool are, in each worktree of a repository.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::domain::agent::{Tool, is_in};
use crate::domain::refusal::{Document, Refusal};
use crate::domain::source::Source;
use crate::git::file::read_if_present;
use crate::git::setup::{self, Repository};

/// A settings file, there or not.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) tool: Tool,
    /// The top of the worktree.
    pub(super) top: PathBuf,
    /// The file, behind links.
    pub(super) file: PathBuf,
    /// Its bytes.
    pub(super) bytes: Option<Vec<u8>>,
    /// Whether one stands in this worktree.
    pub(super) is_here: bool,
}

/// The places of a tool, that of the main worktree first; each file once.
pub(super) fn places(repository: &Repository, tool: Tool, start: &Path) -> Result<Vec<Place>> {
    let here = here(repository, start);
    let mut places: Vec<Place> = Vec::new();
    for top in repository.checkouts.iter().filter(|top| **top != repository.common) {
        let is_here = here.as_ref() == Some(top);
        let place = Place::look(top, tool, is_here)?;
        match places.iter_mut().find(|known| known.file == place.file) {
            Some(known) => known.is_here |= is_here,
            None => places.push(place),
        }
    }
    Ok(places)
}

/// The worktree around a directory.
fn here(repository: &Repository, start: &Path) -> Option<PathBuf> {
    let start = start.canonicalize().ok()?;
    let around = repository
        .checkouts
        .iter()
        .filter(|top| top.canonicalize().is_ok_and(|top| start.starts_with(top)));
    around.max_by_key(|top| top.components().count()).cloned()
}

impl Place {
    pub(super) fn look(top: &Path, tool: Tool, is_here: bool) -> Result<Self> {
        let file = behind_links(&top.join(tool.settings_file()));
        let unreadable = |error: anyhow::Error| {
            let name = file.display().to_string();
            Refusal::damaged(Document::AgentSettings, &name, None, format!("{error:#}"))
        };
        let bytes = read_if_present(&file).map_err(unreadable)?;
        Ok(Self { tool, top: top.to_owned(), file, bytes, is_here })
    }

    /// Whether git has the file.
    pub(super) fn is_tracked(&self) -> Result<bool> {
        setup::is_tracked(&self.top, Path::new(self.tool.settings_file()))
    }

    /// Whether git leaves the file out already.
    pub(super) fn is_ignored(&self) -> Result<bool> {
        setup::is_ignored(&self.top, Path::new(self.tool.settings_file()))
    }

    /// Whether the tool is told there.
    pub(super) fn is_told(&self) -> Result<bool, Refusal> {
        let name = self.name();
        self.bytes.as_ref().map_or(Ok(false), |bytes| is_in(bytes, self.tool, source(&name)))
    }

    pub(super) fn name(&self) -> String {
        self.file.display().to_string()
    }
}

/// The file that a path leads to, which need not be there.
fn behind_links(path: &Path) -> PathBuf {
    let beside = || Some(path.parent()?.canonicalize().ok()?.join(path.file_name()?));
    path.canonicalize().ok().or_else(beside).unwrap_or_else(|| path.to_owned())
}

/// The settings in this file.
pub(super) const fn source(name: &str) -> Source<'_> {
    Source::new(Document::AgentSettings, name)
}
