//! The worktrees of a repository.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::domain::refname::RefName;
use crate::git::repo::{RefBackend, Repo, unexpected};

/// A worktree, whether its directory is there or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worktree {
    /// The top of it; for a bare main repository, the repository itself.
    pub path: PathBuf,
    /// Its own Git directory.
    pub git_dir: PathBuf,
    /// The full name that its HEAD names, in one step; `None` if detached.
    pub branch: Option<RefName>,
    /// What it is.
    pub kind: Kind,
    /// Why it is locked; empty if no reason was given. `None` if it is not locked.
    pub locked: Option<String>,
    /// Whether `git worktree prune` would forget it: its directory is gone, and it is not locked.
    pub prunable: bool,
}

/// Kinds of worktrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The one that the repository was made with.
    Main,
    /// The place of the main one in a bare repository, where nothing is checked out.
    Bare,
    /// One of `git worktree add`.
    Linked,
}

impl Repo {
    /// All worktrees: first the main one (or the bare repository), then the linked ones, sorted by
    /// the names of their Git directories.
    ///
    /// # Errors
    /// If their records cannot be read.
    pub fn worktrees(&self) -> Result<Vec<Worktree>> {
        let mut worktrees = vec![self.main_worktree()?];
        let records = self.common_dir().join("worktrees");
        let mut git_dirs = match std::fs::read_dir(&records) {
            Ok(found) => found.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>(),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
        .with_context(|| format!("could not list `{}`", records.display()))?;
        git_dirs.sort();
        for git_dir in git_dirs {
            worktrees.extend(self.linked_worktree(git_dir)?);
        }
        Ok(worktrees)
    }

    fn main_worktree(&self) -> Result<Worktree> {
        let git_dir = self.common_dir().to_owned();
        let top = self.primary_work_tree()?;
        Ok(Worktree {
            branch: self.branch_of(&git_dir)?,
            kind: if top.is_some() { Kind::Main } else { Kind::Bare },
            path: top.unwrap_or_else(|| git_dir.clone()),
            git_dir,
            locked: None,
            prunable: false,
        })
    }

    /// `None` if the directory is no record of a worktree.
    fn linked_worktree(&self, git_dir: PathBuf) -> Result<Option<Worktree>> {
        let Some(back) = read_if_there(&git_dir.join("gitdir"))? else { return Ok(None) };
        let back = gix::path::from_byte_slice(back.trim_ascii_end()).map_err(unexpected)?;
        // Since git 2.48 it may be relative to the record.
        let dot_git = gix::path::normalize_saturating(git_dir.join(back).into(), Path::new("/"));
        let dot_git = dot_git.map_err(unexpected)?.into_owned();
        let locked = read_if_there(&git_dir.join("locked"))?;
        let locked = locked.map(|text| String::from_utf8_lossy(text.trim_ascii()).into_owned());
        Ok(Some(Worktree {
            path: dot_git.parent().unwrap_or(&dot_git).to_owned(),
            branch: self.branch_of(&git_dir)?,
            kind: Kind::Linked,
            prunable: locked.is_none() && !dot_git.exists(),
            locked,
            git_dir,
        }))
    }

    fn branch_of(&self, git_dir: &Path) -> Result<Option<RefName>> {
        match self.ref_backend() {
            RefBackend::Files => branch_in_file(&git_dir.join("HEAD")),
            RefBackend::Other => {
                let git = self.git().env("GIT_DIR", git_dir);
                let output = git.args(["symbolic-ref", "--no-recurse", "-q", "HEAD"]).output()?;
                Ok(RefName::new(output.stdout.trim_ascii_end()).ok())
            }
        }
    }
}

fn branch_in_file(head: &Path) -> Result<Option<RefName>> {
    if let Ok(target) = std::fs::read_link(head) {
        return Ok(RefName::new(target.as_os_str().as_encoded_bytes()).ok());
    }
    let text = read_if_there(head)?.unwrap_or_default();
    let name = text.strip_prefix(b"ref:").map(<[u8]>::trim_ascii);
    Ok(name.and_then(|name| RefName::new(name).ok()))
}

fn read_if_there(file: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(error).with_context(|| format!("could not read `{}`", file.display())),
    }
}
