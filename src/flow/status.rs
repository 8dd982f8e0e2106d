//! Where the missions of a repository stand.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::id::WpId;
use crate::domain::refusal::{Refusal, Warning};
use crate::git::{Head, Repo};
use crate::store::{Mission, Source, Store, View};

use super::gate::{Writes, gate};

/// The missions that were asked for; those that cannot be read are warnings.
#[derive(Debug)]
pub struct Overview {
    /// In the order of their directories.
    pub views: Vec<View>,
    /// What kept the others from being shown.
    pub warnings: Vec<Warning>,
}

/// One mission by its handle; without one, all of them that were not given up.
///
/// # Errors
/// If the handle fits no mission or several, or the named mission cannot be read.
pub fn overview(repo: &Repo, handle: Option<&str>) -> Result<Overview> {
    let store = Store::new(repo);
    if let Some(handle) = handle {
        let view = view(repo, &store, store.by_handle(handle)?)?;
        return Ok(Overview { views: vec![view], warnings: Vec::new() });
    }
    let mut found = everything(repo)?;
    found.views.retain(|view| !view.is_given_up);
    Ok(found)
}

/// All missions.
///
/// # Errors
/// If the repository cannot be read.
pub fn everything(repo: &Repo) -> Result<Overview> {
    let store = Store::new(repo);
    let (mut views, mut warnings) = (Vec::new(), Vec::new());
    for (dir, mission) in store.all()? {
        let seen =
            mission.map_err(anyhow::Error::from).and_then(|mission| view(repo, &store, mission));
        match seen {
            Ok(view) => views.push(view),
            Err(error) => warnings.push(unreadable(&dir, error)?),
        }
    }
    Ok(Overview { views, warnings })
}

/// Everything of a mission, with what its policy forbids.
///
/// # Errors
/// If its log is damaged, or the repository cannot be read.
pub fn view(repo: &Repo, store: &Store<'_>, mission: Mission) -> Result<View> {
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
    let destination = match &view.mission.source {
        Source::Coordination { branch, .. } => branch.to_string(),
        Source::Primary => view.mission.meta.target_branch.clone(),
    };
    if let Err(error) = gate(repo, &view.mission, (&destination, Writes::Destination)) {
        let refusal = error.downcast::<Refusal>()?;
        let obstacle = (refusal.code(), refusal.to_string());
        view.forbidden.extend(concerned.into_iter().map(|wp_id| (wp_id, obstacle.clone())));
    }
    Ok(view)
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

fn unreadable(dir: &str, error: anyhow::Error) -> Result<Warning> {
    let refusal = error.downcast::<Refusal>()?;
    Ok(Warning { code: refusal.code(), message: format!("mission `{dir}` is left out: {refusal}") })
}
