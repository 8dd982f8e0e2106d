//! Looking at worktrees and settings, for who wants to know whether all is well.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::bring_up::git;
use super::file::{path_of, read_if_present};
use super::process::Git;
use super::repo::Repo;
use super::worktree::Worktree;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;

impl Worktree {
    /// The paths that differ between HEAD, index and files, or are untracked and not ignored.
    ///
    /// # Errors
    /// If git cannot tell.
    pub fn dirt(&self) -> Result<Vec<RepoPath>> {
        let call = ["status", "--porcelain", "-z", "--no-renames", "--ignore-submodules=dirty"];
        let listed = git(self).args(call).run()?;
        let entries = listed.split(|byte| *byte == 0).filter_map(|entry| entry.get(3..));
        Ok(entries.map(RepoPath::new).collect())
    }

    /// Whether the index holds just what a commit has. Works without the worktree's directory too.
    ///
    /// # Errors
    /// If git cannot tell.
    pub fn index_is_of(&self, commit: Oid) -> Result<bool> {
        let start = if self.path.is_dir() { &self.path } else { &self.git_dir };
        let git = Git::new(start).env("GIT_DIR", &self.git_dir).env("GIT_NO_REPLACE_OBJECTS", "1");
        let call = ["diff-index", "--cached", "--quiet", "--ignore-submodules=dirty"];
        let output = git.args(call).args([commit.to_string(), "--".to_owned()]).output()?;
        match output.status {
            0 => Ok(true),
            1 => Ok(false),
            status => bail!("`git diff-index` ended with status {status}: {}", output.stderr),
        }
    }
}

impl Repo {
    /// The paths below a directory that the index of the main worktree holds; in a bare repository,
    /// those of HEAD.
    ///
    /// # Errors
    /// If git cannot tell.
    pub fn tracked_below(&self, directory: &str) -> Result<Vec<RepoPath>> {
        let (place, call) = match self.primary_work_tree()? {
            Some(top) => (top, vec!["ls-files", "-z"]),
            None if self.head()?.tip().is_none() => return Ok(Vec::new()),
            None => {
                (self.common_dir().to_owned(), vec!["ls-tree", "-r", "-z", "--name-only", "HEAD"])
            }
        };
        let listed = Git::new(&place).args(call).args(["--", directory]).run()?;
        let paths = listed.split(|byte| *byte == 0).filter(|path| !path.is_empty());
        Ok(paths.map(RepoPath::new).collect())
    }

    /// Forgets a worktree whose directory is gone.
    ///
    /// # Errors
    /// If git refuses.
    pub fn forget_worktree(&self, worktree: &Worktree) -> Result<()> {
        let git = Git::new(self.common_dir()).env("GIT_DIR", self.common_dir());
        git.args(["worktree", "remove"]).args([&worktree.path]).run().map(drop)
    }

    /// Takes a setting out of the repository's own config, if it has just this value.
    ///
    /// # Errors
    /// If git refuses.
    pub fn unset(&self, key: &str, value: &str) -> Result<()> {
        let git = Git::new(self.common_dir()).env("GIT_DIR", self.common_dir());
        git.args(["config", "--local", "--fixed-value", "--unset-all", key, value]).run().map(drop)
    }
}

/// The Git directory that the `.git` file of a directory leads to; `None` if it has none.
#[must_use]
pub fn link_of(directory: &Path) -> Option<PathBuf> {
    let text = read_if_present(&directory.join(".git")).ok()??;
    let target = text.strip_prefix(b"gitdir: ")?.trim_ascii_end();
    Some(directory.join(path_of(target.to_vec())))
}
