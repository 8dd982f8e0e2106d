//! The start of a mission that has no coordination branch yet.

use anyhow::Result;

use super::Base;
use crate::domain::branch::BranchName;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::flow::gate::free;
use crate::git::Repo;
use crate::store::{Evidence, Mission, Statuses};

impl Base {
    /// The mission `meta` in the directory `dir`, on the coordination branch `destination`, which is
    /// to be cut from the commit `tip`, and must not be there.
    pub(in crate::flow) fn begin(
        repo: &Repo,
        (dir, meta): (&str, Meta),
        (destination, tip): (BranchName, Oid),
    ) -> Result<Self> {
        free(repo, &meta, &destination)?;
        let mission = Mission::to_be(dir.to_owned(), meta, destination.clone(), tip);
        Ok(Self {
            mission,
            destination,
            statuses: Statuses::default(),
            greatest_at: None,
            tip,
            is_new: true,
            tree: repo.tree_of_commit(tip)?,
            log: Vec::new(),
            snapshot: None,
            evidence: Evidence::default(),
            lanes: None,
            warnings: Vec::new(),
        })
    }
}
