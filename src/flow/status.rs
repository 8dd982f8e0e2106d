//! Where a mission stands, and which one a command is about.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::id::WpId;
use crate::domain::refusal::Refusal;
use crate::git::{Head, Repo};
use crate::store::{Mission, Source, Store, View};

use super::gate::{Writes, permit};
use super::policy::Policies;

/// Everything of a mission, with what its policy forbids.
///
/// # Errors
/// If its log is damaged, or the repository cannot be read.
pub fn view(repo: &Repo, store: &Store<'_>, mission: Mission) -> Result<View> {
    view_under(&Policies::new(repo), store, mission)
}

/// The same with policies that are read once for several missions.
pub(super) fn view_under(
    policies: &Policies<'_>,
    store: &Store<'_>,
    mission: Mission,
) -> Result<View> {
    let mut view = store.view(mission)?;
    let board = view.board();
    let concerned: Vec<WpId> = match &view.mission.source {
        Source::Coordination { .. } => board.unstarted().map(|p| p.wp_id.clone()).collect(),
        // The others are written down on their lanes, which nothing protects.
        Source::Primary => {
            let laneless = board.unstarted().filter(|package| package.lane_id.is_none());
            laneless.map(|package| package.wp_id.clone()).collect()
        }
    };
    if concerned.is_empty() {
        return Ok(view);
    }
    if let Err(error) = may_write(policies, store, &view.mission) {
        let refusal = error.downcast::<Refusal>()?;
        let obstacle = (refusal.code(), refusal.to_string());
        view.forbidden.extend(concerned.into_iter().map(|wp_id| (wp_id, obstacle.clone())));
    }
    Ok(view)
}

/// That the mission may write down what happens to it.
fn may_write(policies: &Policies<'_>, store: &Store<'_>, mission: &Mission) -> Result<()> {
    let target = &mission.meta.target_branch;
    let destination = match &mission.source {
        Source::Coordination { branch, .. } => branch.as_str(),
        Source::Primary => target.as_str(),
    };
    let governing = policies.of_mission(target)?;
    permit(&|name| store.find(name), &governing, (destination, Writes::Destination)).map(drop)
}

/// The mission that a command is about: the one that the handle means; without a handle, the one
/// of the branch that one stands on; else the only one that is not complete, or if all are, that has yet
/// to be closed. One that cannot be read
/// may be open, and counts.
///
/// # Errors
/// [`Refusal::MissionRequired`] with the candidates if that decides nothing; what is wrong with the
/// only one.
pub fn mission(repo: &Repo, handle: Option<&str>) -> Result<Mission> {
    let store = Store::new(repo);
    if let Some(handle) = handle {
        return store.by_handle(handle);
    }
    if let Some(branch) = checked_out(repo)?
        && let Some((mission, _)) = store.by_branch(&branch)?
    {
        return Ok(mission);
    }
    let store = Store::of_one_moment(repo);
    let is_open = |mission: &Result<Mission, _>| {
        mission.as_ref().map_or(true, |mission| is_open(&store, mission))
    };
    let (mut open, complete): (Vec<_>, Vec<_>) =
        store.all()?.into_iter().partition(|(_, mission)| is_open(mission));
    if open.is_empty() {
        open.extend(complete.into_iter().filter(|(_, mission)| has_branch(mission)));
    }
    match (open.pop(), open.as_slice()) {
        (Some((_, only)), []) => Ok(only?),
        (last, rest) => {
            let candidates = rest.iter().chain(&last).map(|(dir, _)| dir.clone()).collect();
            Err(Refusal::MissionRequired { candidates }.into())
        }
    }
}

/// Whether it is complete and yet to be closed.
fn has_branch(mission: &Result<Mission, Refusal>) -> bool {
    matches!(mission, Ok(Mission { source: Source::Coordination { .. }, .. }))
}

fn checked_out(repo: &Repo) -> Result<Option<BranchName>> {
    match repo.head()? {
        Head::Branch { name, .. } => Ok(BranchName::of_ref(&name)),
        Head::Detached { .. } => Ok(None),
    }
}

fn is_open(store: &Store<'_>, mission: &Mission) -> bool {
    let view = store.view(mission.clone());
    let is_over = |view: &View| {
        view.is_given_up || view.board().state() == crate::domain::board::State::Complete
    };
    view.map_or(true, |view| !is_over(&view))
}
