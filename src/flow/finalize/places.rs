//! Where planning files come from: the primary checkout, the checkout of the coordination branch, or
//! a directory that was named.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::desk::Desk;
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::scaffold::BEGUN;
use crate::git::file::path_of;
use crate::git::{Repo, Worktree};

/// The key of the primary checkout in the record.
pub(super) const PRIMARY: &str = "primary";

/// A place.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// A directory that the record knows by its key.
    Directory { path: PathBuf, key: String },
    /// The mission's directory in a checkout of the coordination branch.
    Checkout { path: PathBuf, worktree: Worktree },
}

impl Place {
    /// The mission's files are below it.
    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Directory { path, .. } | Self::Checkout { path, .. } => path,
        }
    }

    /// The key of the versions that were taken from it.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Directory { key, .. } => key.clone(),
            Self::Checkout { worktree, .. } => format!("checkout {}", worktree.path.display()),
        }
    }

    /// The key of what the index of a checkout had when they were.
    pub(super) fn index_key(&self) -> Option<String> {
        match self {
            Self::Directory { .. } => None,
            Self::Checkout { worktree, .. } => Some(format!("index {}", worktree.path.display())),
        }
    }

    /// The place of one file.
    pub(super) fn file(&self, path: &RepoPath) -> PathBuf {
        self.path().join(path_of(path.as_bytes().to_vec()))
    }
}

/// The places to look at, in the order in which they count.
pub(super) fn places(
    desk: &Desk<'_>,
    checkouts: Vec<Worktree>,
    from: Option<&Path>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Place>> {
    let root = desk.root.as_str();
    let mut found = Vec::new();
    for worktree in checkouts.into_iter().filter(|worktree| worktree.path.is_dir()) {
        let place = Place::Checkout { path: worktree.path.join(root), worktree: worktree.clone() };
        found.push((worktree.path, place));
    }
    let primary = desk.repo.primary_work_tree()?;
    if let Some(top) = primary.filter(|top| found.iter().all(|(other, _)| other != top)) {
        let place = Place::Directory { path: top.join(root), key: PRIMARY.to_owned() };
        found.push((top, place));
    }
    let mut places = Vec::new();
    for (top, place) in found {
        match obstacle(&top, root) {
            None => places.push(place),
            Some(warning) => warnings.extend(Some(warning).filter(|_| from.is_none())),
        }
    }
    let Some(from) = from else { return Ok(places) };
    let path = directory(from)?;
    let same = |place: &Place| fs::canonicalize(place.path()).is_ok_and(|known| known == path);
    if let Some(known) = places.into_iter().find(same) {
        return Ok(vec![known]);
    }
    match unfit(desk.repo, &path)? {
        Some(what) => {
            let directory = from.display().to_string();
            Err(Refusal::NoPlanningDirectory { directory, what }.into())
        }
        None => Ok(vec![Place::Directory { key: path.display().to_string(), path }]),
    }
}

/// What stands in the place of the mission's directory, or above it: behind a link is something else.
fn obstacle(top: &Path, root: &str) -> Option<Warning> {
    let mut place = top.to_owned();
    for part in root.split('/') {
        place.push(part);
        let found = fs::symlink_metadata(&place).ok()?;
        if !found.is_dir() {
            let what = if found.is_symlink() { "a symbolic link" } else { "no directory" };
            let message = format!("`{}` is left out: it is {what}", place.display());
            return Some(Warning { code: "PLANNING_FILE_LEFT_OUT", message });
        }
    }
    None
}

/// A directory that was named, with no link in its path.
fn directory(from: &Path) -> Result<PathBuf, Refusal> {
    let found = fs::canonicalize(from).and_then(|path| fs::read_dir(&path).map(|_| path));
    found.map_err(|error| Refusal::FileUnreadable {
        file: from.display().to_string(),
        what: error.to_string(),
    })
}

/// Why nobody can have meant all the files of a directory: it is a whole project, or no plan.
fn unfit(repo: &Repo, path: &Path) -> Result<Option<&'static str>> {
    let is_there = |name: &str| path.join(name).symlink_metadata().is_ok();
    if is_there(".git") {
        return Ok(Some("it is the top of a repository"));
    }
    if path.starts_with(fs::canonicalize(repo.common_dir())?) {
        return Ok(Some("it belongs to Git"));
    }
    if is_there(layout::MISSIONS) || path.ends_with(layout::MISSIONS) {
        return Ok(Some("it has whole missions in it"));
    }
    let has_begun = BEGUN.iter().any(|name| is_there(name));
    let is_plan = has_begun || has_work_package(&path.join(layout::TASKS));
    Ok((!is_plan).then_some("it has no work packages, nor any other file that a plan begins with"))
}

fn has_work_package(tasks: &Path) -> bool {
    let names = fs::read_dir(tasks).into_iter().flatten().flatten().map(|entry| entry.file_name());
    names.filter_map(|name| layout::work_package_of(name.to_str()?)).next().is_some()
}
