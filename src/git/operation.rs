//! What git is in the midst of in a worktree (gitrepository-layout(5); looked for as `git status`
//! does).

use std::path::Path;

use super::repo::Repo;
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
}
