//! Which policy governs a branch.
//!
//! The one that is committed: for a mission's branches on its target branch, for others on the
//! remote's head, `main` and `master` (here, and as last fetched), the stricter value winning where
//! several have one. Each `kitty.policyRef` names a further ref whose policy can only tighten it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::Result;

use super::anchors::{Anchors, without_anchor};
use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::git::Repo;
use crate::policy::config::PolicyConfig;

/// The policy in force, and where it was found.
#[derive(Debug)]
pub(super) struct Governing {
    /// What it says; the defaults if none was ever committed.
    pub(super) config: PolicyConfig,
    /// Whether any policy is committed.
    pub(super) committed: bool,
    /// The branch that the remote's head names, as last fetched.
    pub(super) remote_head: Option<BranchName>,
}

/// For which branches a policy is asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum For<'a> {
    /// A mission's, with its target if that is known. What such a branch itself has committed decides
    /// nothing: a lane could switch its own guard off.
    Mission(Option<&'a str>),
    /// Any other.
    Other,
}

/// The policy for these branches.
///
/// # Errors
/// [`Refusal::Damaged`] if the committed policy cannot be read: nothing is guessed then.
pub(super) fn governing(repo: &Repo, branches: For<'_>) -> Result<Governing> {
    let served = served_head(repo)?;
    let remote_ref = if served.is_some() { None } else { remote_head(repo)? };
    let remote_head = match &remote_ref {
        Some(name) => short_name(name),
        None => served.clone(),
    };
    let target = match branches {
        For::Mission(target) => target.and_then(|target| target.parse::<BranchName>().ok()),
        For::Other => None,
    };
    let found = match target {
        Some(target) => first_policy(repo, vec![target.ref_name()?, target.remote_ref()?])?,
        None => {
            let anchors = Anchors::find(repo, remote_ref, remote_head.as_ref())?;
            let is_first_trusted = served.is_some();
            match anchors.policy(is_first_trusted, remote_head.as_ref())? {
                None if !anchors.any && matches!(branches, For::Other) => without_anchor(repo)?,
                found => found,
            }
        }
    };
    let committed = found.is_some();
    let mut config = found.unwrap_or_default();
    for name in repo.config_strings("kitty.policyRef") {
        let named = first_policy(repo, vec![full_name(&name)?])?
            .ok_or(Refusal::PolicyRefMissing { name })?;
        config = config.tighten(named);
    }
    Ok(Governing { config, committed, remote_head })
}

/// The policies of missions by their targets, each read once: for who reads many missions.
pub(super) struct Policies<'r> {
    repo: &'r Repo,
    known: RefCell<BTreeMap<String, Rc<Governing>>>,
}

impl<'r> Policies<'r> {
    pub(super) const fn new(repo: &'r Repo) -> Self {
        Self { repo, known: RefCell::new(BTreeMap::new()) }
    }

    /// As [`governing()`].
    pub(super) fn of_mission(&self, target: &str) -> Result<Rc<Governing>> {
        if let Some(known) = self.known.borrow().get(target) {
            return Ok(Rc::clone(known));
        }
        let found = Rc::new(governing(self.repo, For::Mission(Some(target)))?);
        self.known.borrow_mut().insert(target.to_owned(), Rc::clone(&found));
        Ok(found)
    }
}

/// The policy of the first of these refs that has one.
pub(super) fn first_policy(repo: &Repo, names: Vec<RefName>) -> Result<Option<PolicyConfig>> {
    let mut seen: Vec<Oid> = Vec::new();
    for name in names {
        let Some(tip) = repo.find(&name)?.filter(|tip| !seen.contains(tip)) else { continue };
        seen.push(tip);
        if let Some(bytes) = policy_at(repo, tip)? {
            return Ok(Some(PolicyConfig::parse(&bytes, &shown(&name))?));
        }
    }
    Ok(None)
}

/// The policy file of a commit.
pub(super) fn policy_at(repo: &Repo, commit: Oid) -> Result<Option<Vec<u8>>> {
    repo.blob_at(repo.tree_of_commit(commit)?, &layout::POLICY.into())
}

/// How the policy file of a ref is called.
pub(super) fn shown(name: &RefName) -> String {
    format!("{name}:{}", layout::POLICY)
}

/// The remote-tracking branch that the remote's HEAD names: of `origin`, else of the only remote.
/// Remotes of `git -c` or of the user's config are none: they would hide which is the only one.
fn remote_head(repo: &Repo) -> Result<Option<RefName>> {
    let remotes = repo.local_config_subsections("remote");
    let origin: &[u8] = b"origin";
    let remote = match remotes.as_slice() {
        [only] => only.as_slice(),
        _ => origin,
    };
    let name = [b"refs/remotes/", remote, b"/HEAD"].concat();
    match RefName::new(name) {
        Ok(name) => repo.symbolic(&name),
        Err(_) => Ok(None),
    }
}

/// The branch that HEAD names of a repository that others push to, or of a bare one that fetches from
/// nowhere: for those who fetch from it, that is the remote's head.
fn served_head(repo: &Repo) -> Result<Option<BranchName>> {
    let fetches = || !repo.local_config_subsections("remote").is_empty();
    if !repo.is_served() && (!repo.is_bare() || fetches()) {
        return Ok(None);
    }
    Ok(repo.head()?.branch().and_then(BranchName::of_ref))
}

/// The branch's name on the remote: `refs/remotes/origin/release/next` is `release/next`.
fn short_name(remote_ref: &RefName) -> Option<BranchName> {
    let name = std::str::from_utf8(remote_ref.as_bytes()).ok()?;
    name.strip_prefix("refs/remotes/")?.split_once('/')?.1.parse().ok()
}

fn full_name(name: &str) -> Result<RefName> {
    let full = if name == "HEAD" || name.starts_with("refs/") {
        name.to_owned()
    } else {
        format!("refs/heads/{name}")
    };
    full.parse().map_err(|_| Refusal::PolicyRefMissing { name: name.to_owned() }.into())
}
