//! What only the record of a worktree has, and would be lost with it.

use std::path::Path;

use anyhow::Result;

use super::list::Worktree;
use crate::domain::oid::Oid;
use crate::git::repo::Repo;

/// What an operation under way keeps in the Git directory (git-worktree(1), gitrepository-layout(5)).
const UNDER_WAY: &[&str] = &[
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "REBASE_HEAD",
    "rebase-merge",
    "rebase-apply",
    "sequencer",
    "BISECT_LOG",
];
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
        let Some(branch) = &self.branch else {
            return Ok(Some("its HEAD is detached, and may be all that leads to its commit"));
        };
        let has = |name: &&&str| self.git_dir.join(name).exists();
        if UNDER_WAY.iter().any(|name| has(&name)) {
            return Ok(Some("a merge, rebase or the like is under way in it"));
        }
        if OWN_REFS.iter().any(|name| has_files(&self.git_dir.join(name))) {
            return Ok(Some("it has refs of its own"));
        }
        let Some(tip) = repo.find(branch)? else {
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
        if commits.is_empty() {
            return Ok(false);
        }
        let input = commits.into_iter().map(|line| line + "\n").collect::<String>();
        // Before git 2.42 no options can come on standard input.
        let known = ["--not", "--branches", "--tags", "--remotes"];
        let call = ["rev-list", "--max-count=1", "--stdin"].into_iter().chain(known);
        Ok(!repo.git().args(call).stdin(input.into_bytes()).run()?.is_empty())
    }
}

fn has_files(directory: &Path) -> bool {
    std::fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some())
}
