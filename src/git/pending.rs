//! What is under way in a worktree: a rebase, a merge. Git keeps these as plain files whatever the
//! ref backend is (`git help gitrepository-layout`; `rebase-merge/` and `rebase-apply/` are read
//! by `git status` in the same way).

use std::io::ErrorKind;

use anyhow::{Context, Result};

use super::repo::Repo;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;

impl Repo {
    /// The branch that is being rebased in this worktree while HEAD is detached; `None` if no
    /// rebase is under way, or one of a detached HEAD.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn rebasing(&self) -> Result<Option<RefName>> {
        for file in ["rebase-merge/head-name", "rebase-apply/head-name"] {
            if let Some(text) = self.state(file)? {
                let name = text.trim_ascii_end();
                return Ok(RefName::new(name).ok().filter(|name| name.branch().is_some()));
            }
        }
        Ok(None)
    }

    /// The commits that are being merged into HEAD of this worktree, in order; empty if no merge is
    /// under way.
    ///
    /// # Errors
    /// If the state cannot be read.
    pub fn merge_heads(&self) -> Result<Vec<Oid>> {
        let text = self.state("MERGE_HEAD")?.unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        let heads = text.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>();
        heads.context("MERGE_HEAD is damaged")
    }

    fn state(&self, file: &str) -> Result<Option<Vec<u8>>> {
        match std::fs::read(self.git_dir().join(file)) {
            Ok(text) => Ok(Some(text)),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(error).with_context(|| format!("could not read `{file}`")),
        }
    }
}
