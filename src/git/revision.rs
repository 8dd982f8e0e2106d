//! Commits by the names that people give them.

use anyhow::Result;

use super::repo::Repo;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;

impl Repo {
    /// The commit that `name` means to git (gitrevisions(7)), through tags; `None` if there is none.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn commit_named(&self, name: &str) -> Result<Option<Oid>> {
        if name.is_empty() || name.starts_with(['-', '^']) || name.contains(['\0', '\n']) {
            return Ok(None);
        }
        let commit = format!("{name}^{{commit}}");
        let output = self.git().args(["rev-parse", "--verify", "--quiet", &commit]).output()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok((output.status == 0).then(|| text.parse().ok()).flatten())
    }

    /// The branch that `name` means to git, here or on a remote; `None` if it means anything else,
    /// such as a tag or a commit by its id.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub fn branch_named(&self, name: &str) -> Result<Option<BranchName>> {
        for place in ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"] {
            let Ok(full) = format!("{place}{name}").parse::<RefName>() else { continue };
            if full.as_bytes().starts_with(b"refs/") && self.find(&full)?.is_some() {
                return Ok(BranchName::of_ref(&full).or_else(|| tracked(&full)));
            }
        }
        Ok(None)
    }

    /// The branches of `origin` whose names begin with `prefix`, as last fetched.
    ///
    /// # Errors
    /// If a ref is damaged.
    pub fn remote_branches(&self, prefix: &str) -> Result<Vec<(BranchName, Oid)>> {
        let found = self.list(&format!("refs/remotes/origin/{prefix}"))?;
        Ok(found.iter().filter_map(|(name, tip)| Some((tracked(name)?, *tip))).collect())
    }
}

/// The branch that a remote-tracking ref follows. What the remote's `HEAD` leads to has a ref of its
/// own.
fn tracked(name: &RefName) -> Option<BranchName> {
    let name = std::str::from_utf8(name.as_bytes()).ok()?;
    let (_, branch) = name.strip_prefix("refs/remotes/")?.split_once('/')?;
    (branch != "HEAD").then(|| branch.parse().ok())?
}
