//! What git is in the midst of in a worktree (gitrepository-layout(5); looked for as `git status`
//! does).

use std::path::Path;

use anyhow::Result;

use super::repo::Repo;
use crate::domain::oid::Oid;
use crate::domain::refusal::UnderWay;

/// What an operation under way keeps in the Git directory. A rebase picks commits too, so that it
/// comes first.
const TRACES: &[(&str, UnderWay)] = &[
    ("rebase-merge", UnderWay::Rebase),
    ("rebase-apply/applying", UnderWay::Am),
    ("rebase-apply", UnderWay::Rebase),
    ("MERGE_HEAD", UnderWay::Merge),
    ("CHERRY_PICK_HEAD", UnderWay::CherryPick),
    ("REVERT_HEAD", UnderWay::Revert),
    ("BISECT_LOG", UnderWay::Bisect),
];

/// What is begun in the worktree with this Git directory, and not finished.
#[must_use]
pub(super) fn under_way(git_dir: &Path) -> Option<UnderWay> {
    let trace = TRACES.iter().find(|(name, _)| git_dir.join(name).exists());
    trace.map(|(_, under_way)| *under_way).or_else(|| {
        let todo = std::fs::read(git_dir.join("sequencer/todo")).ok()?;
        Some(if todo.starts_with(b"revert") { UnderWay::Revert } else { UnderWay::CherryPick })
    })
}

impl Repo {
    /// What is begun in this worktree, and not finished.
    #[must_use]
    pub fn under_way(&self) -> Option<UnderWay> {
        under_way(self.git_dir())
    }

    /// The command that leaves this worktree as it was before what is under way in it.
    #[must_use]
    pub fn way_back(&self) -> Option<String> {
        let operation = under_way(self.git_dir())?;
        let apply = self.git_dir().join("rebase-apply");
        if operation == UnderWay::Rebase && apply.exists() && !apply.join("head-name").exists() {
            // A refusal at its end takes away what `--abort` needs.
            return Some("`git rebase --quit`, then `git switch BRANCH`".to_owned());
        }
        (operation != UnderWay::Bisect).then(|| format!("`git {} --abort`", operation.command()))
    }

    /// The same command, if what is under way ends with a commit that one makes oneself.
    #[must_use]
    pub fn way_back_from_conclusion(&self) -> Option<String> {
        match under_way(self.git_dir())? {
            UnderWay::Merge | UnderWay::CherryPick | UnderWay::Revert => self.way_back(),
            UnderWay::Rebase | UnderWay::Am | UnderWay::Bisect => None,
        }
    }

    /// Whether git is making `new`, all of it, out of another commit: a pick or a revert.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn is_picking(&self, new: Oid) -> Result<bool> {
        match under_way(self.git_dir()) {
            Some(UnderWay::CherryPick | UnderWay::Revert) => Ok(true),
            Some(UnderWay::Merge | UnderWay::Rebase | UnderWay::Am | UnderWay::Bisect) | None => {
                self.is_revert_under_way(new)
            }
        }
    }
}

/// How the subjects of commits begin that `git revert` makes.
const REVERTS: [&str; 2] = ["Revert \"", "Reapply \""];

impl Repo {
    /// The command that takes back what git has done to index and files already for a move to `new`
    /// that is refused: a fast-forward, `reset`, `checkout -B`, or the revert of one commit, none of
    /// which `--abort` ends. `None` also for a commit that is only made: what is staged is one's own.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn way_back_from(&self, new: Oid) -> Result<Option<&'static str>> {
        let Some(tip) = self.head()?.tip() else { return Ok(None) };
        let (old, tree) = (self.tree_of_commit(tip)?, self.tree_of_commit(new)?);
        if old == tree || !self.staged(Some(tree))?.changes.is_empty() {
            return Ok(None);
        }
        if !self.is_revert_under_way(new)? && !self.was_there_before(new)? {
            return Ok(None);
        }
        let unlike = self.git().args(["diff-files", "--name-only", "-z"]).run()?;
        let moved = self.diff(Some(old), Some(tree))?;
        let is_moved = |path: &[u8]| moved.iter().any(|change| change.path.as_bytes() == path);
        // `reset` without `--hard` leaves the files as they were.
        let only_index = unlike.split(|byte| *byte == 0).any(is_moved);
        Ok(Some(if only_index { "`git reset`" } else { "`git reset --merge`" }))
    }

    fn is_revert_under_way(&self, new: Oid) -> Result<bool> {
        let message = std::fs::read_to_string(self.git_dir().join("MERGE_MSG")).unwrap_or_default();
        let subject = self.subject(new)?;
        let is_revert = REVERTS.iter().any(|beginning| subject.starts_with(beginning));
        Ok(is_revert && message.lines().next() == Some(&subject))
    }

    /// Whether a ref, a reflog or the last fetch has the commit: else it is being made.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn was_there_before(&self, commit: Oid) -> Result<bool> {
        let commit = commit.to_string();
        let fetched =
            std::fs::read_to_string(self.git_dir().join("FETCH_HEAD")).unwrap_or_default();
        if fetched.contains(&commit) {
            return Ok(true);
        }
        let tips = self.git().args(["for-each-ref", "--count=1", "--contains", &commit]).run()?;
        if !tips.is_empty() {
            return Ok(true);
        }
        let known = self.git().args(["rev-list", "--no-walk", "--reflog"]).run()?;
        Ok(known.split(|byte| *byte == b'\n').any(|line| line == commit.as_bytes()))
    }
}
