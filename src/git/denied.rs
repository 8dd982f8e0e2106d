//! A checkout whose repository calls itself bare: some tool set `core.bare` there by mistake.
//!
//! Git itself fails in such a checkout. We go on with it as if nothing were wrong, so that no mission
//! vanishes and no worktree is made at another place, and let the doctor take the setting back.

use std::path::PathBuf;

use anyhow::Result;

use super::environment::Environment;
use super::file::path_of;
use super::index::lists_any;
use super::open::tidy;
use super::repo::{Repo, unexpected};

/// What there is of a checkout that a repository denies to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied {
    /// An index, and files of it around the Git directory: it is there, with this top.
    Checkout(PathBuf),
    /// An index alone: it may have been given up.
    Index,
}

/// Of a main repository, as it was opened.
pub(super) fn denied(main: &gix::Repository) -> Option<Denied> {
    let common = tidy(main.common_dir());
    let calls_itself_bare = main.config_snapshot().boolean("core.bare") == Some(true);
    let index = common.join("index");
    if !calls_itself_bare || common.file_name()? != ".git" || !index.is_file() {
        return None;
    }
    let top = common.parent()?;
    let is_there = |path: &[u8]| top.join(path_of(path.to_vec())).symlink_metadata().is_ok();
    // Of an index that cannot be read nothing is proven.
    let proven = lists_any(&index, main.object_hash().len_in_bytes(), is_there).unwrap_or(false);
    Some(if proven { Denied::Checkout(top.to_owned()) } else { Denied::Index })
}

impl Repo {
    /// What there is of a checkout, if the repository calls itself bare.
    ///
    /// # Errors
    /// If the main repository of a linked worktree cannot be opened.
    pub fn denied(&self) -> Result<Option<Denied>> {
        Ok(denied(&self.inner.main_repo().map_err(unexpected)?))
    }

    /// The repository's own files that say it were bare.
    ///
    /// # Errors
    /// If git cannot be asked.
    pub fn denying(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for file in ["config", "config.worktree"].map(|name| self.common_dir().join(name)) {
            let call = self.config_file(&file).args(["--type=bool", "--get", "core.bare"]);
            if file.is_file() && call.output()?.stdout.trim_ascii() == b"true" {
                found.push(file);
            }
        }
        Ok(found)
    }

    /// Has the repository no longer call itself bare, whichever of its own files says so. Returns
    /// whether that was all it took.
    ///
    /// # Errors
    /// If git refuses.
    pub fn admit_checkout(&self) -> Result<bool> {
        for file in self.denying()? {
            self.config_file(&file).args(["--replace-all", "core.bare", "false"]).run()?;
        }
        let again = Self::open(self.common_dir(), Environment::default())?;
        Ok(again.denied()?.is_none())
    }
}
