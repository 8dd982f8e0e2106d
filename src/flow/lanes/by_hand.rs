//! The merge that leads out where lanes cannot be brought together.

use anyhow::Result;

use super::site::Site;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::ByHand;
use crate::git::{Repo, automatic_merge};

/// A lane that another depends on, and what is there of it.
pub(super) struct Needed {
    /// The lane.
    pub(super) site: Site,
    /// Its branch as `git merge` takes it: the local one, or the remote's.
    branch: String,
    /// The tip of that.
    pub(super) tip: Oid,
}

impl Needed {
    /// The lane with its branch here, or else on the remote; `None` if it has none.
    pub(super) fn of(repo: &Repo, site: Site) -> Result<Option<Self>> {
        if let Some(tip) = repo.find(&site.name)? {
            return Ok(Some(Self { branch: site.branch.to_string(), site, tip }));
        }
        let branch = format!("origin/{}", site.branch);
        let remote: RefName = format!("refs/remotes/{branch}").parse()?;
        Ok(repo.find(&remote)?.map(|tip| Self { site, branch, tip }))
    }
}

impl Site {
    /// The merge of a branch in this lane's worktree.
    pub(super) fn merge_by_hand(&self, branch: &str) -> Box<ByHand> {
        Box::new(ByHand {
            mission: self.mission.clone(),
            into: self.lane.id.to_string(),
            worktree: self.path.display().to_string(),
            branch: branch.to_owned(),
        })
    }
}

/// What is to be merged by hand so that `needed` can be merged into what `start` and the lanes that
/// are `merged` already make: what conflicts comes together in the lane that is needed, so that no
/// later merge meets it again; what conflicts with the lane's own commits, in that lane.
pub(super) fn way_out(
    repo: &Repo,
    (site, start): (&Site, Oid),
    merged: &[Needed],
    needed: &Needed,
) -> Result<Box<ByHand>> {
    let fits = |other: Oid| -> Result<bool> {
        let merge = automatic_merge(repo, needed.tip, &[other])?;
        Ok(merge.clean || merge.conflicted.iter().all(|path| site.left_out.contains(path)))
    };
    for other in merged {
        if !fits(other.tip)? {
            return Ok(needed.site.merge_by_hand(&other.branch));
        }
    }
    if fits(start)?
        && let Some(other) = merged.last()
    {
        // It fits each of them, and not all together.
        return Ok(needed.site.merge_by_hand(&other.branch));
    }
    Ok(match repo.find(&site.name)? {
        Some(_) => site.merge_by_hand(&needed.branch),
        None => needed.site.merge_by_hand(&site.base),
    })
}
