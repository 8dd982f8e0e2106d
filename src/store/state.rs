//! What is different whenever a board is.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;

use super::mission::Store;
use super::workspace::Workspace;
use crate::domain::layout;
use crate::git::RefsState;

/// How deep below `kitty-specs/` a board reads: `<mission>/tasks/WP01.md`.
const DEPTH: usize = 3;

/// The state of everything that missions are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    refs: RefsState,
    files: Vec<Stamp>,
}

/// A file or directory, and when it changed last.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    path: PathBuf,
    len: u64,
    modified: Option<SystemTime>,
}

impl Store<'_> {
    /// The state of what [`Self::view`] reads for all missions, without reading it: refs, the
    /// planning files of the primary checkout, and which worktrees there are.
    ///
    /// # Errors
    /// If the refs cannot be read.
    pub fn state(&self) -> Result<State> {
        let mut files = Vec::new();
        if let Some(top) = self.repo.primary_work_tree()? {
            add_below(&top.join(layout::MISSIONS), DEPTH, &mut files);
        }
        let records = self.repo.common_dir().join("worktrees");
        for git_dir in entries(&records) {
            for name in ["HEAD", "gitdir", "locked"] {
                add(&git_dir.join(name), &mut files);
            }
        }
        add_below(&Workspace::directory(self.repo)?, 1, &mut files);
        Ok(State { refs: self.repo.refs_state()?, files })
    }
}

fn add_below(directory: &Path, depth: usize, files: &mut Vec<Stamp>) {
    for path in entries(directory) {
        add(&path, files);
        if depth > 1 && path.is_dir() {
            add_below(&path, depth - 1, files);
        }
    }
}

fn add(path: &Path, files: &mut Vec<Stamp>) {
    let Ok(found) = fs::symlink_metadata(path) else { return };
    let (path, len, modified) = (path.to_owned(), found.len(), found.modified().ok());
    files.push(Stamp { path, len, modified });
}

/// What a directory holds, sorted; nothing if it cannot be read.
fn entries(directory: &Path) -> Vec<PathBuf> {
    let found = fs::read_dir(directory).into_iter().flatten();
    let mut paths: Vec<PathBuf> = found.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    paths
}
