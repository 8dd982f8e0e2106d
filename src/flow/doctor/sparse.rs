//! Lanes that have the status files, which only the coordination branch may have.

use anyhow::Result;

use super::case::Case;
use super::patient::{Patient, readable};
use crate::domain::finding::Kind;
use crate::flow::lanes::Site;
use crate::git::worktree::is_drifted;
use crate::store::Source;

const DRIFT: Kind = Kind::warning("LANE_SPARSE_CHECKOUT_DRIFT")
    .left("files would come and go in a worktree that somebody works in");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut cases = Vec::new();
    for mission in patient.healthy().filter(|mission| mission.source != Source::Primary) {
        let lanes = readable(patient.store().lanes(mission))?.flatten();
        for (lane, workspace) in patient.workspaces(mission)? {
            let Some(worktree) = patient.worktree_at(&workspace.path) else { continue };
            let is_open = worktree.path.is_dir();
            let site = Site::of(patient.repo, mission, lanes.as_ref(), &lane)?;
            let is_own = worktree.branch.as_ref() == Some(&workspace.branch);
            if !is_open || !is_own || !is_drifted(worktree, &site.left_out)? {
                continue;
            }
            let message = "its sparse checkout does not leave out exactly the two status files";
            let fix = format!("`git kitty lane repair {lane} --mission {}`", mission.dir);
            cases.push(Case::left(DRIFT.found(workspace.path.display().to_string(), message, fix)));
        }
    }
    Ok(cases)
}
