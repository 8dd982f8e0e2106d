//! The start of a mission that has no coordination branch yet.

use anyhow::Result;

use super::Base;
use crate::domain::branch::BranchName;
use crate::domain::event::{Log, statuses};
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::flow::gate::{Writes, free};
use crate::git::Repo;
use crate::store::{Evidence, Mission, Statuses, records};

/// The branch that is to become a mission's coordination branch.
pub(in crate::flow) struct Ground {
    pub(in crate::flow) branch: BranchName,
    /// Where it is; `None` if it is yet to be made.
    pub(in crate::flow) old: Option<Oid>,
    /// The commit that it is made at.
    pub(in crate::flow) tip: Oid,
}

impl Base {
    /// The mission `meta` in the directory `dir`, with the lines of `log`, which the destination has
    /// not got yet.
    pub(in crate::flow) fn begin(
        repo: &Repo,
        (dir, meta): (&str, Meta),
        ground: Ground,
        log: Vec<u8>,
    ) -> Result<Self> {
        let Ground { branch, old, tip } = ground;
        free(repo, &meta, &branch)?;
        let mission = Mission::to_be(dir.to_owned(), meta, branch.clone(), tip);
        let tree = repo.tree_of_commit(old.unwrap_or(tip))?;
        // Log and snapshot that are there already make no difference to the tree.
        let is_moved = !log.is_empty();
        let (statuses, greatest_at) = read(&log)?;
        Ok(Self {
            mission,
            destination: branch,
            statuses,
            greatest_at,
            tip: old.unwrap_or(tip),
            onto: old.unwrap_or(tip),
            onto_tree: tree,
            is_new: old.is_none(),
            writes: Writes::Destination,
            tree,
            log,
            is_moved,
            snapshot: None,
            evidence: Evidence::default(),
            lanes: None,
            warnings: Vec::new(),
        })
    }
}

/// What a log adds up to.
fn read(log: &[u8]) -> Result<(Statuses, Option<String>)> {
    let log = Log::parse(layout::EVENT_LOG, log)?;
    let greatest = log.lines().iter().filter_map(|line| line.event.at()).max();
    Ok((records(statuses([&log])), greatest.map(str::to_owned)))
}
