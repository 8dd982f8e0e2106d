//! Lanes that have the status files, which only the coordination branch may have.

use anyhow::Result;

use super::case::{Case, left, mended};
use super::patient::{Patient, readable};
use crate::domain::finding::{Kind, Outcome};
use crate::flow::lanes::Site;
use crate::git::worktree::{is_drifted, make};
use crate::git::{Repo, Worktree};
use crate::store::Source;

const DRIFT: Kind = Kind::warning("LANE_SPARSE_CHECKOUT_DRIFT");

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
            let finding = DRIFT.found(workspace.path.display().to_string(), message, fix);
            let (repo, worktree) = (patient.repo, worktree.clone());
            cases.push(Case::mended_by(finding, move || mend(repo, &worktree, &site)));
        }
    }
    Ok(cases)
}

/// Puts it right where nobody has anything under way: files come and go by that.
fn mend(repo: &Repo, worktree: &Worktree, site: &Site) -> Result<Outcome> {
    if worktree.under_way().is_some() || !worktree.dirt()?.is_empty() {
        return left("there is work in it that is not committed");
    }
    make(repo, &site.new_worktree())?;
    mended("it leaves out these two, and nothing else")
}
