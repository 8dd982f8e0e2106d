//! What only the record of a worktree has, and would be lost with it.

use std::path::Path;

use anyhow::Result;

use super::list::Worktree;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, UnderWay};
use crate::git::operation::under_way;
use crate::git::process::Git;
use crate::git::repo::Repo;

/// Refs of its own.
const OWN_REFS: &[&str] = &["refs/worktree", "refs/bisect", "refs/rewritten"];
/// How far back a branch is looked at for what an index was made of.
const FAR: usize = 50;

impl Worktree {
    /// What is in the record and nowhere else; `None` if it can be forgotten.
    ///
    /// # Errors
    /// If git cannot tell.
    pub fn keeps(&self, repo: &Repo) -> Result<Option<&'static str>> {
        if self.lost_head(repo)?.is_some() {
            return Ok(Some("its HEAD is detached, and all that leads to its commit"));
        }
        if self.under_way().is_some() {
            return Ok(Some("a merge, rebase or the like is under way in it"));
        }
        if OWN_REFS.iter().any(|name| has_files(&self.git_dir.join(name))) {
            return Ok(Some("it has refs of its own"));
        }
        let tip = match &self.branch {
            Some(branch) => repo.find(branch)?,
            None => self.head()?,
        };
        let Some(tip) = tip else {
            return Ok(Some("its branch is gone, and its index may have what that had"));
        };
        if self.git_dir.join("index").exists() && !self.index_was_of(repo, tip)? {
            return Ok(Some("its index has something that its branch has not"));
        }
        if self.reflog_leads_further(repo)? {
            return Ok(Some("its reflog leads to commits that no branch has"));
        }
        Ok(None)
    }

    /// What is begun in it, and not finished.
    #[must_use]
    pub fn under_way(&self) -> Option<UnderWay> {
        under_way(&self.git_dir)
    }

    /// The commit of a detached HEAD that no branch and no tag has, here or on a remote.
    ///
    /// # Errors
    /// If git cannot tell.
    pub fn lost_head(&self, repo: &Repo) -> Result<Option<Oid>> {
        if self.branch.is_some() {
            return Ok(None);
        }
        let head = self.head()?.filter(|head| repo.has_object(*head));
        let is_lost = head.map(|head| has_unknown(repo, &[head.to_string()])).transpose()?;
        Ok(head.filter(|_| is_lost == Some(true)))
    }

    /// The commit of HEAD; `None` if there is none.
    fn head(&self) -> Result<Option<Oid>> {
        let git = Git::new(&self.git_dir).env("GIT_DIR", &self.git_dir);
        let output = git.args(["rev-parse", "--verify", "-q", "HEAD"]).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().parse().ok())
    }

    /// The last commit that its HEAD was at, by its reflog; `None` if it has none.
    pub fn last_head(&self, repo: &Repo) -> Option<Oid> {
        let text = std::fs::read_to_string(self.git_dir.join("logs/HEAD")).ok()?;
        let mut commits =
            text.lines().rev().filter_map(|line| line.split(' ').nth(1)?.parse().ok());
        commits.find(|commit| repo.has_object(*commit))
    }

    /// Whether the index holds just what the branch has, or had a while ago.
    fn index_was_of(&self, repo: &Repo, tip: Oid) -> Result<bool> {
        let mut commit = tip;
        for _ in 0..FAR {
            if self.index_is_of(commit)? {
                return Ok(true);
            }
            let Some(parent) = repo.commit(commit)?.parents.first().copied() else { break };
            commit = parent;
        }
        Ok(false)
    }

    fn reflog_leads_further(&self, repo: &Repo) -> Result<bool> {
        let text = std::fs::read_to_string(self.git_dir.join("logs/HEAD")).unwrap_or_default();
        let mut commits = Vec::new();
        for line in text.lines() {
            let oid = line.split(' ').nth(1).and_then(|oid| oid.parse::<Oid>().ok());
            if let Some(oid) = oid.filter(|oid| repo.has_object(*oid)) {
                commits.push(oid.to_string());
            }
        }
        commits.sort();
        commits.dedup();
        has_unknown(repo, &commits)
    }
}

/// Whether one of the commits is in no branch and no tag.
pub(super) fn has_unknown(repo: &Repo, commits: &[String]) -> Result<bool> {
    if commits.is_empty() {
        return Ok(false);
    }
    let input: String = commits.iter().flat_map(|commit| [commit, "\n"]).collect();
    // Before git 2.42 no options can come on standard input.
    let known = ["--not", "--branches", "--tags", "--remotes"];
    let call = ["rev-list", "--max-count=1", "--stdin"].into_iter().chain(known);
    Ok(!repo.git().args(call).stdin(input.into_bytes()).run()?.is_empty())
}

/// Why the record of a worktree whose directory is gone cannot make way for one of `branch`, nor get
/// its directory back.
///
/// # Errors
/// If git cannot tell.
pub fn lost(repo: &Repo, found: &Worktree, branch: &RefName) -> Result<Option<Refusal>> {
    if found.branch.as_ref() == Some(branch) {
        return Ok(None);
    }
    let worktree = found.path.display().to_string();
    if let Some(head) = found.lost_head(repo)? {
        return Ok(Some(Refusal::HeadLost { worktree, commit: head.to_string() }));
    }
    let kept = found.keeps(repo)?;
    Ok(kept.map(|what| Refusal::RecordKept { worktree, what: what.to_owned() }))
}

fn has_files(directory: &Path) -> bool {
    std::fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some())
}
