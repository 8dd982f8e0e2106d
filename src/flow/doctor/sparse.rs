//! Lanes that have the status files, which only the coordination branch may have.

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::domain::layout;
use crate::git::Sparse;
use crate::store::{Mission, Source};

const DRIFT: Kind = Kind::warning("LANE_SPARSE_CHECKOUT_DRIFT")
    .left("files would come and go in a worktree that somebody works in");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let mut cases = Vec::new();
    for mission in patient.healthy().filter(|mission| mission.source != Source::Primary) {
        let wanted = wanted(mission);
        for (lane, workspace) in patient.workspaces(mission)? {
            let Some(worktree) = patient.worktree_at(&workspace.path) else { continue };
            let is_open = worktree.path.is_dir();
            let is_own = worktree.branch.as_ref() == Some(&workspace.branch);
            if !is_open || !is_own || worktree.sparse(patient.repo)? == wanted {
                continue;
            }
            let message = "its sparse checkout does not leave out exactly the two status files";
            let fix = format!("`git kitty lane repair {lane} --mission {}`", mission.dir);
            cases.push(Case::left(DRIFT.found(workspace.path.display().to_string(), message, fix)));
        }
    }
    Ok(cases)
}

/// The sparse checkout that lanes of a mission have (`formats.md` section 1).
fn wanted(mission: &Mission) -> Sparse {
    let out = |name| format!("!{}/{}/{name}", layout::MISSIONS, mission.dir);
    let patterns = vec!["/*".to_owned(), out(layout::EVENT_LOG), out(layout::SNAPSHOT)];
    Sparse { enabled: true, cone: false, patterns }
}
