//! What comes along with a landing besides the coordination branch: nothing but landings.
//!
//! Equal trees prove what a target has, not what its history has. So each commit that a landing brings
//! and the coordination branch does not have must be one that a landing is made of.

use anyhow::Result;

use super::land::{joined, to_rebase};
use super::verify::{Verified, parent};
use crate::domain::identity::Identity;
use crate::domain::oid::Oid;
use crate::domain::time::Instant;
use crate::git::{Durability, Replay, Repo, Signed, Writer, replayed_trees};
use crate::policy::config::MergeStrategy;

/// How many merges of pull requests a landing may stand behind.
const DEPTH: u32 = 4;

/// Whether each commit that a landing brings to what has `known` is one of the coordination branch, or
/// was made by a landing: itself, the commits of a rebase, or the landing on the branch of a pull
/// request that it merges.
///
/// # Errors
/// If a commit cannot be read, or git fails.
pub(in crate::flow) fn is_made_of(repo: &Repo, landing: &Verified, known: &[Oid]) -> Result<bool> {
    let made = Made { repo, landing, known };
    made.holds((landing.parent, landing.commit), DEPTH)
}

struct Made<'m> {
    repo: &'m Repo,
    landing: &'m Verified,
    known: &'m [Oid],
}

impl Made<'_> {
    fn holds(&self, (parent, commit): (Oid, Oid), depth: u32) -> Result<bool> {
        let known = [&[parent, self.landing.landed], self.known].concat();
        let mut behind = self.repo.commits_since(commit, &known)?;
        behind.retain(|one| *one != commit);
        if behind.is_empty() {
            return Ok(true);
        }
        match self.repo.commit(commit)?.parents.as_slice() {
            [_] => self.is_rebased(parent, &[behind, vec![commit]].concat()),
            [_, request] if depth > 0 => self.is_requested((*request, &known), depth),
            _ => Ok(false),
        }
    }

    /// Whether the commits are those that a rebase makes.
    fn is_rebased(&self, onto: Oid, commits: &[Oid]) -> Result<bool> {
        let strategy = self.landing.landing.certificate.strategy.as_str();
        if strategy != MergeStrategy::Rebase.as_str() {
            return Ok(false);
        }
        let originals = to_rebase(self.repo, [onto, self.landing.landed])?;
        if originals.len() != commits.len() {
            return Ok(false);
        }
        // Nobody's: these commits are not kept.
        let who = Identity::new("git-kitty", "")?;
        let committer = Signed { who: &who, at: Instant::from_micros(0) };
        let plan = Replay { commits: &originals, onto, fixed: &[], committer };
        let due = replayed_trees(&Writer::new(self.repo, Durability::Git), &plan)?;
        let has: Vec<Oid> =
            commits.iter().map(|one| self.repo.tree_of_commit(*one)).collect::<Result<_>>()?;
        Ok(due == Some(has))
    }

    /// Whether the branch of a pull request that is merged has a landing, on what the target had once.
    fn is_requested(&self, (request, known): (Oid, &[Oid]), depth: u32) -> Result<bool> {
        let Verified { landing, landed, .. } = self.landing;
        let old: Oid = landing.certificate.target_old.parse()?;
        let onto = parent(self.repo, (old, *landed, request))?;
        if !self.repo.is_in_any(onto, known)? {
            return Ok(false);
        }
        let writer = Writer::new(self.repo, Durability::Git);
        let due = joined(&writer, self.repo, [onto, *landed])?;
        let is_due = due.clean && due.tree == self.repo.tree_of_commit(request)?;
        Ok(is_due && self.holds((onto, request), depth - 1)?)
    }
}
