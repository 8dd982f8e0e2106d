//! Where all missions of a repository stand.

use anyhow::Result;

use super::policy::Policies;
use super::status::{view, view_under};
use crate::domain::refusal::{Refusal, Warning};
use crate::git::Repo;
use crate::store::{Store, View};

/// The missions that were asked for; those that cannot be read are warnings.
#[derive(Debug, Default)]
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
    if let Some(handle) = handle {
        let store = Store::new(repo);
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
    let (store, policies) = (Store::of_one_moment(repo), Policies::new(repo));
    let mut found = Overview::default();
    for (dir, mission) in store.all()? {
        let mission = mission.map_err(anyhow::Error::from);
        match mission.and_then(|mission| view_under(&policies, &store, mission)) {
            Ok(view) => found.views.push(view),
            Err(error) => found.warnings.push(unreadable(&dir, error)?),
        }
    }
    Ok(found)
}

fn unreadable(dir: &str, error: anyhow::Error) -> Result<Warning> {
    let refusal = error.downcast::<Refusal>()?;
    Ok(Warning { code: refusal.code(), message: format!("mission `{dir}` is left out: {refusal}") })
}
