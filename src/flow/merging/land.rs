//! Stage 2: the coordination branch comes to the target.
//!
//! Whatever the strategy, the tree that lands is the three-way merge of target and coordination branch:
//! no side is preferred, so that nothing which the target got meanwhile is lost.

use anyhow::Result;

use super::number::numbered;
use super::settle::settle;
use crate::domain::oid::Oid;
use crate::domain::refusal::{MergeRefusal, Refusal};
use crate::git::{
    AutoMerge, CommitSpec, Replay, Replayed, Repo, Signed, Writer, automatic_merge, replay,
};
use crate::policy::config::MergeStrategy;

/// A landing to be made.
pub(super) struct Landing<'a> {
    /// How.
    pub(super) strategy: MergeStrategy,
    /// The target as it is.
    pub(super) onto: Oid,
    /// The coordination branch with all that lands.
    pub(super) from: Oid,
    /// The message of a merge commit or a squash.
    pub(super) message: &'a str,
    /// Who lands it.
    pub(super) signed: Signed<'a>,
    /// The number that the mission gets.
    pub(super) number: Option<u32>,
    /// The mission's directory and the target's name, for refusals.
    pub(super) names: (&'a str, &'a str),
}

/// The merge of the coordination branch into the target, which needs no person if it is clean.
///
/// # Errors
/// If a commit cannot be read, or git fails.
pub(super) fn joined(writer: &Writer<'_>, repo: &Repo, sides: [Oid; 2]) -> Result<AutoMerge> {
    let [onto, from] = sides;
    settle(writer, repo, automatic_merge(repo, onto, &[from])?, sides)
}

/// The commits of the coordination branch that a rebase makes again on the target: all but merges.
///
/// # Errors
/// If a commit cannot be read.
pub(super) fn to_rebase(repo: &Repo, [onto, from]: [Oid; 2]) -> Result<Vec<Oid>> {
    let mut commits = Vec::new();
    for commit in repo.commits_since(from, &[onto])? {
        if repo.commit(commit)?.parents.len() < 2 {
            commits.push(commit);
        }
    }
    Ok(commits)
}

impl Landing<'_> {
    /// The commit that the target goes to.
    ///
    /// # Errors
    /// [`MergeRefusal::RebaseConflict`] (all else was looked for before); if a commit cannot be read or written.
    pub(super) fn make(&self, writer: &Writer<'_>, repo: &Repo) -> Result<Oid> {
        match self.strategy {
            // Only where the plan found it possible.
            MergeStrategy::FastForward => Ok(self.from),
            MergeStrategy::Merge => self.commit(writer, repo, vec![self.onto, self.from]),
            MergeStrategy::Squash => self.commit(writer, repo, vec![self.onto]),
            MergeStrategy::Rebase => self.rebased(writer, repo),
        }
    }

    fn named(&self) -> [String; 2] {
        [self.names.0, self.names.1].map(str::to_owned)
    }

    fn tree(&self, writer: &Writer<'_>, repo: &Repo) -> Result<Oid> {
        let merge = joined(writer, repo, [self.onto, self.from])?;
        anyhow::ensure!(merge.clean, "the landing conflicts: {:?}", merge.conflicted);
        writer.adopt_tree(repo.tree_of_commit(self.onto)?, merge.tree)?;
        Ok(merge.tree)
    }

    fn numbered(&self, writer: &Writer<'_>, repo: &Repo) -> Result<Oid> {
        let tree = self.tree(writer, repo)?;
        numbered((writer, repo), tree, (self.names.0, self.number))
    }

    fn commit(&self, writer: &Writer<'_>, repo: &Repo, parents: Vec<Oid>) -> Result<Oid> {
        writer.commit(&CommitSpec {
            tree: self.numbered(writer, repo)?,
            parents,
            author: self.signed,
            committer: self.signed,
            message: self.message,
        })
    }

    /// All commits of the mission but merges, each on the one before. They have to lead where the merge
    /// does: what a merge commit settled is in none of them.
    fn rebased(&self, writer: &Writer<'_>, repo: &Repo) -> Result<Oid> {
        let commits = to_rebase(repo, [self.onto, self.from])?;
        let plan =
            Replay { commits: &commits, onto: self.onto, fixed: &[], committer: self.signed };
        let conflict = |commit: Option<String>, paths: Vec<String>| {
            let [mission, target] = self.named();
            Refusal::from(MergeRefusal::RebaseConflict { mission, target, commit, paths })
        };
        let tip = match replay(writer, &plan)? {
            Replayed::Done(tip) => tip,
            Replayed::Conflict { commit, paths } => {
                let named = format!("{commit:.12} {}", repo.subject(commit)?);
                let paths = paths.iter().map(ToString::to_string).collect();
                return Err(conflict(Some(named), paths).into());
            }
        };
        let (has, due) = (repo.tree_of_commit(tip)?, self.tree(writer, repo)?);
        if has == due {
            return Ok(tip);
        }
        let differs = repo.diff(Some(due), Some(has))?;
        let paths = differs.iter().map(|change| change.path.to_string()).collect();
        Err(conflict(None, paths).into())
    }
}
