//! Branches that are other names for others: a push to one moves what it leads to.

use anyhow::Result;

use super::super::branch_judge::{BranchJudge, Counting};
use super::super::found::Found;
use super::side::Remote;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::domain::refname::RefName;
use crate::git::Repo;
use crate::store::Store;

/// What is really moved: git moves what a symbolic ref leads to.
///
/// # Errors
/// If a ref is damaged.
pub(super) fn resolved(repo: &Repo, updates: &[RefUpdate]) -> Result<Vec<RefUpdate>> {
    let resolved =
        |update: &RefUpdate| Ok(RefUpdate { name: repo.moved_by(&update.name)?, ..update.clone() });
    updates.iter().map(resolved).collect()
}

/// As [`resolved()`], at a remote. It is asked only of branches that nobody guards by their name, and
/// that have what another one had there when it was fetched last, or what is not known here.
///
/// # Errors
/// If what is needed cannot be read.
pub(super) fn resolved_there(
    store: &Store<'_>,
    (repo, remote): (&Repo, &Remote),
    updates: &[RefUpdate],
) -> Result<Vec<RefUpdate>> {
    let mut resolved = updates.to_vec();
    for update in &mut resolved {
        let (Some(branch), Value::Object(old)) = (BranchName::of_ref(&update.name), &update.old)
        else {
            continue;
        };
        if !may_be_alias(repo, (remote, &branch), *old)? {
            continue;
        }
        let judge = BranchJudge::find(store, repo, branch, Counting::EverClaimed)?;
        if matches!(judge.found, Found::Free | Found::Scoped(_))
            && let Some(name) = repo.moved_at_remote(&remote.url, &update.name)?
        {
            update.name = name;
        }
    }
    Ok(resolved)
}

fn may_be_alias(repo: &Repo, (remote, branch): (&Remote, &BranchName), old: Oid) -> Result<bool> {
    let own = format!("refs/remotes/{}/{branch}", remote.name);
    let known = repo.list(&format!("refs/remotes/{}/", remote.name)).unwrap_or_default();
    let is_other = |name: &RefName| name.as_bytes() != own.as_bytes();
    Ok(known.is_empty()
        || !repo.has_object(old)
        || known.iter().any(|(name, tip)| *tip == old && is_other(name) && !is_head(name)))
}

fn is_head(name: &RefName) -> bool {
    name.as_bytes().ends_with(b"/HEAD")
}
