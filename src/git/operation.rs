//! What git is in the midst of in a worktree (gitrepository-layout(5); `sequencer/`, `rebase-merge/`
//! and `rebase-apply/` as git's own `wt-status.c` reads them).

use super::repo::Repo;

/// A command of git that is not done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `git rebase`.
    Rebase,
    /// `git rebase --apply`, of which a refusal at its end loses the name of the branch.
    RebaseUnnamed,
    /// `git am`.
    Am,
    /// `git cherry-pick`.
    CherryPick,
    /// `git revert` of several commits, or one that stopped at a conflict.
    Revert,
    /// `git merge`.
    Merge,
}

impl Operation {
    /// The one that is under way in the worktree of `repo`.
    #[must_use]
    pub fn under_way(repo: &Repo) -> Option<Self> {
        let has = |name: &str| repo.git_dir().join(name).exists();
        if has("rebase-merge") {
            Some(Self::Rebase)
        } else if has("rebase-apply/applying") {
            Some(Self::Am)
        } else if has("rebase-apply/head-name") {
            Some(Self::Rebase)
        } else if has("rebase-apply") {
            Some(Self::RebaseUnnamed)
        } else if has("CHERRY_PICK_HEAD") {
            Some(Self::CherryPick)
        } else if has("REVERT_HEAD") || has("sequencer") {
            Some(Self::Revert)
        } else {
            has("MERGE_HEAD").then_some(Self::Merge)
        }
    }

    /// The command that leaves everything as it was before.
    #[must_use]
    pub const fn way_back(self) -> &'static str {
        match self {
            Self::Rebase => "git rebase --abort",
            Self::RebaseUnnamed => "git rebase --quit`, then `git switch BRANCH",
            Self::Am => "git am --abort",
            Self::CherryPick => "git cherry-pick --abort",
            Self::Revert => "git revert --abort",
            Self::Merge => "git merge --abort",
        }
    }
}
