//! Where the missions of a repository stand.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::refusal::{Refusal, Warning};
use crate::git::{Head, Repo};
use crate::store::{Mission, Store, View};

/// The missions that were asked for; those that cannot be read are warnings.
#[derive(Debug)]
pub struct Overview {
    /// In the order of their directories.
    pub views: Vec<View>,
    /// What kept the others from being shown.
    pub warnings: Vec<Warning>,
}

/// One mission by its handle; without one, all of them.
///
/// # Errors
/// If the handle fits no mission or several, or the named mission cannot be read.
pub fn overview(repo: &Repo, handle: Option<&str>) -> Result<Overview> {
    let store = Store::new(repo);
    if let Some(handle) = handle {
        let view = store.view(store.by_handle(handle)?)?;
        return Ok(Overview { views: vec![view], warnings: Vec::new() });
    }
    let (mut views, mut warnings) = (Vec::new(), Vec::new());
    for (dir, mission) in store.all()? {
        let view = mission.map_err(anyhow::Error::from).and_then(|mission| store.view(mission));
        match view {
            Ok(view) => views.push(view),
            Err(error) => warnings.push(unreadable(&dir, error)?),
        }
    }
    Ok(Overview { views, warnings })
}

/// The mission that a command is about: the one that the handle means; without a handle, the one
/// of the branch that one stands on; else the only one that is not complete. One that cannot be read
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
    let mut open = store.all()?;
    open.retain(|(_, mission)| mission.as_ref().map_or(true, |mission| is_open(&store, mission)));
    match (open.pop(), open.as_slice()) {
        (Some((_, only)), []) => Ok(only?),
        (last, rest) => {
            let candidates = rest.iter().chain(&last).map(|(dir, _)| dir.clone()).collect();
            Err(Refusal::MissionRequired { candidates }.into())
        }
    }
}

fn checked_out(repo: &Repo) -> Result<Option<BranchName>> {
    match repo.head()? {
        Head::Branch { name, .. } => Ok(BranchName::of_ref(&name)),
        Head::Detached { .. } => Ok(None),
    }
}

fn is_open(store: &Store<'_>, mission: &Mission) -> bool {
    let view = store.view(mission.clone());
    view.map_or(true, |view| view.board().state() != crate::domain::board::State::Complete)
}

fn unreadable(dir: &str, error: anyhow::Error) -> Result<Warning> {
    let refusal = error.downcast::<Refusal>()?;
    Ok(Warning { code: refusal.code(), message: format!("mission `{dir}` is left out: {refusal}") })
}
