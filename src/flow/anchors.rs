//! Whose policies hold for all branches that are no mission's: no branch that anybody may write loosens
//! what a protected one says.

use anyhow::Result;

use super::policy::{first_policy, policy_at, shown};
use crate::domain::branch::BranchName;
use crate::domain::refname::RefName;
use crate::domain::refusal::Refusal;
use crate::git::Repo;
use crate::policy::config::{PolicyConfig, Protected};

/// The branches that hold a project's policy: the remote's head, `main` and `master`, here and as last
/// fetched.
pub(super) struct Anchors {
    /// Whether any of them is there.
    pub(super) any: bool,
    /// What they say, each policy once.
    policies: Vec<(Option<BranchName>, Result<PolicyConfig, Refusal>)>,
    /// Whether `main` or `master` are there, and neither says anything.
    are_usual_silent: bool,
}

impl Anchors {
    /// Reads them, those that cannot be read included.
    ///
    /// # Errors
    /// If a ref or an object is damaged.
    pub(super) fn find(
        repo: &Repo,
        remote_ref: Option<RefName>,
        remote_head: Option<&BranchName>,
    ) -> Result<Self> {
        let mut names: Vec<(Option<BranchName>, RefName)> = Vec::new();
        match (remote_ref, remote_head) {
            (Some(tracking), branch) => names.push((branch.cloned(), tracking)),
            (None, Some(served)) => names.push((Some(served.clone()), served.ref_name()?)),
            (None, None) => {}
        }
        for name in ["main", "master"] {
            let branch: BranchName = name.parse()?;
            names.push((Some(branch.clone()), branch.ref_name()?));
            names.push((Some(branch.clone()), branch.remote_ref()?));
        }
        let mut found = Self { any: false, policies: Vec::new(), are_usual_silent: false };
        let (mut seen, mut usual) = (Vec::new(), Vec::new());
        for (branch, name) in names {
            let Some(tip) = repo.find(&name)? else { continue };
            found.any = true;
            let bytes = policy_at(repo, tip)?;
            if branch.as_ref().is_some_and(|it| Protected::Default.contains(it, None)) {
                usual.push(bytes.is_some());
            }
            let Some(bytes) = bytes else { continue };
            if !seen.contains(&bytes) {
                found.policies.push((branch, PolicyConfig::parse(&bytes, &shown(&name))));
                seen.push(bytes);
            }
        }
        found.are_usual_silent = !usual.is_empty() && !usual.contains(&true);
        Ok(found)
    }

    /// All of them at once, so that none loosens what another says: what the remote's head is can be
    /// set here by anybody. Where the first is the head of the repository that serves, only what it
    /// protects counts besides: others may be made by a push.
    ///
    /// # Errors
    /// [`Refusal::Damaged`] if one of them cannot be read that none of the others leaves free.
    pub(super) fn policy(
        &self,
        is_first_trusted: bool,
        remote_head: Option<&BranchName>,
    ) -> Result<Option<PolicyConfig>> {
        let protects = |config: &PolicyConfig, branch: Option<&BranchName>| {
            branch.is_none_or(|branch| config.protected.contains(branch, remote_head))
        };
        let mut joined: Option<PolicyConfig> = None;
        for (branch, policy) in &self.policies {
            let Ok(policy) = policy else { continue };
            joined = Some(match joined {
                Some(first) if is_first_trusted && !protects(&first, branch.as_ref()) => first,
                Some(first) => first.tighten(policy.clone()),
                None => policy.clone(),
            });
        }
        for (branch, policy) in &self.policies {
            let is_free = joined.as_ref().is_some_and(|all| !protects(all, branch.as_ref()));
            if let Err(damaged) = policy
                && !is_free
            {
                return Err(damaged.clone().into());
            }
        }
        Ok(joined.map(|all| if self.are_usual_silent { with_usual(all) } else { all }))
    }
}

/// The same, but the branches are protected besides that would be without a policy.
fn with_usual(config: PolicyConfig) -> PolicyConfig {
    let protected = config.protected.clone().and_usual();
    PolicyConfig { protected, ..config }
}

/// The policy of a repository that has none of the usual branches: what the branches say that their
/// own policies protect, and the usual ones, which may be made one day. If there are none, that of HEAD, which anybody may write: it loosens nothing.
///
/// # Errors
/// If a ref is damaged, or the policy of HEAD.
pub(super) fn without_anchor(repo: &Repo) -> Result<Option<PolicyConfig>> {
    let mut joined: Option<PolicyConfig> = None;
    for (name, tip) in repo.list("refs/heads/")? {
        let Some(branch) = BranchName::of_ref(&name).filter(|b| b.mission_parts().is_none()) else {
            continue;
        };
        let Some(bytes) = policy_at(repo, tip)? else { continue };
        if let Ok(own) = PolicyConfig::parse(&bytes, &shown(&name))
            && own.protected.contains(&branch, None)
        {
            joined = Some(joined.map_or(own.clone(), |all| all.tighten(own)));
        }
    }
    let of_head = || first_policy(repo, vec!["HEAD".parse()?]);
    Ok(match joined {
        Some(joined) => Some(with_usual(joined)),
        None => of_head()?.map(|own| PolicyConfig::default().tighten(own)),
    })
}
