//! A branch with everything about it that decides, read once: each change is judged against that.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use anyhow::{Error, Result};

use crate::domain::branch::BranchName;
use crate::domain::change::Change;
use crate::domain::id::LaneId;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Document, Refusal, Warning};
use crate::git::{Repo, unwritable};
use crate::policy::config::{Mode, Overrides, PolicyConfig};
use crate::policy::{Active, Case, ContextTrouble, LaneCase, Standing, Verdict, judge};
use crate::store::Store;

use super::brought::brought;
use super::exemption::{exemption, mends_policy};
use super::found::{Found, Lane, found, owner};
use super::growth::log_grew;
use super::overriding::{Leniency, Overriding};
use super::policy::{For, Governing, governing};

/// Which work packages of a lane count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    /// The active one: where a commit is made.
    Active,
    /// Every one that was ever claimed: where a whole lane is judged.
    EverClaimed,
}

/// How much of what a branch takes is judged at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Share {
    /// All of it.
    Whole,
    /// One commit of several: a later one may still mend the mission's files.
    Part,
}

/// The judge of one branch.
pub(super) struct BranchJudge<'r> {
    pub(super) repo: &'r Repo,
    pub(super) store: &'r Store<'r>,
    pub(super) branch: BranchName,
    policy: PolicyConfig,
    is_policy_committed: bool,
    remote_head: Option<BranchName>,
    pub(super) leniency: Leniency,
    pub(super) found: Found<'r>,
    /// What the mission was before it was moved, if that is known from elsewhere.
    pub(super) identity: Option<Box<Meta>>,
    /// Whether it coordinates a mission only by the move that is judged: then nothing that it has was
    /// judged as that.
    pub(super) turns: bool,
    cut_off: OnceCell<BTreeSet<Oid>>,
}

impl<'r> BranchJudge<'r> {
    /// Reads what the branch is, and the policy that governs it.
    ///
    /// # Errors
    /// If a mission that the branch may belong to cannot be read.
    pub(super) fn find(
        store: &'r Store<'r>,
        repo: &'r Repo,
        branch: BranchName,
        counting: Counting,
    ) -> Result<Self> {
        let owner = owner(store, &branch);
        let branches = match &owner {
            Ok(Some((mission, _))) => For::Mission(Some(&mission.meta.target_branch)),
            Ok(None) => For::Other,
            Err(_) => For::Mission(None),
        };
        let (governing, found) = match governing(repo, branches) {
            Ok(governing) => {
                let Governing { config, remote_head, .. } = &governing;
                let fold_case = config.guard.case_insensitive;
                let found = if config.protected.contains(&branch, remote_head.as_ref()) {
                    Found::Protected
                } else {
                    found(store, repo, (&branch, owner), (fold_case, counting))?
                };
                (governing, found)
            }
            Err(error) if is_damaged_policy(&error) && matches!(owner, Ok(None)) => {
                let config = PolicyConfig::default();
                let unknown = Governing { config, committed: true, remote_head: None };
                (unknown, Found::Unreadable(error))
            }
            Err(error) => return Err(error),
        };
        Ok(Self {
            remote_head: governing.remote_head,
            repo,
            store,
            branch,
            policy: governing.config,
            is_policy_committed: governing.committed,
            leniency: Leniency::new(Overriding::Ignored),
            found,
            identity: None,
            turns: false,
            cut_off: OnceCell::new(),
        })
    }

    /// As [`Repo::is_cut_off`], with the list read once.
    ///
    /// # Errors
    /// As it.
    pub(super) fn is_cut_off(&self, commit: Oid) -> Result<bool> {
        if let Some(known) = self.cut_off.get() {
            return Ok(known.contains(&commit));
        }
        let found = self.repo.cut_off()?;
        Ok(self.cut_off.get_or_init(|| found).contains(&commit))
    }

    /// The same judge, for whom overrides count, or not.
    pub(super) fn with(self, overriding: Overriding) -> Self {
        Self { leniency: Leniency::new(overriding), ..self }
    }

    /// The judge of the same branch, for whom other work packages count.
    ///
    /// # Errors
    /// As [`BranchJudge::find`].
    pub(super) fn again(&self, counting: Counting) -> Result<Self> {
        let found = Self::find(self.store, self.repo, self.branch.clone(), counting)?;
        Ok(found.with(self.leniency.overriding()))
    }

    /// Whether the policy that governs the branch is known, and allows overrides.
    pub(super) const fn may_be_overridden(&self) -> bool {
        !matches!(self.found, Found::Unreadable(_))
            && matches!(self.policy.overrides, Overrides::Allow)
    }

    /// Whether the branch is guarded, and its policy refuses nothing.
    pub(super) fn only_warns(&self) -> bool {
        !matches!(self.found, Found::Free) && self.mode() == Mode::Warn
    }

    /// What has no effect in the policy.
    pub(super) fn policy_warnings(&self) -> &[Warning] {
        &self.policy.warnings
    }

    /// Whether globs match without regard to case.
    pub(super) const fn folds_case(&self) -> bool {
        self.policy.guard.case_insensitive
    }

    /// What becomes of a refusal here.
    pub(super) const fn mode(&self) -> Mode {
        match &self.found {
            Found::Protected | Found::Unreadable(_) => Mode::Block,
            Found::Free | Found::Scoped(_) | Found::Lane(_) | Found::Coordination(_) => {
                self.policy.guard.effective_mode()
            }
        }
    }

    /// The mission's directory, if the branch is one of a mission's.
    pub(super) fn mission_dir(&self) -> Option<&str> {
        match &self.found {
            Found::Lane(lane) => Some(&lane.mission_dir),
            Found::Coordination(mission) => Some(&mission.dir),
            Found::Free | Found::Unreadable(_) | Found::Protected | Found::Scoped(_) => None,
        }
    }

    /// The lane, if the branch is one.
    pub(super) fn lane_id(&self) -> Option<&LaneId> {
        match &self.found {
            Found::Lane(lane) => lane.lane_id.as_ref(),
            Found::Free
            | Found::Unreadable(_)
            | Found::Protected
            | Found::Scoped(_)
            | Found::Coordination(_) => None,
        }
    }

    /// The names that the policy protects.
    pub(super) fn protected_branches(&self) -> Vec<BranchName> {
        self.policy.protected.names(self.remote_head.as_ref())
    }

    /// Judges a change.
    ///
    /// # Errors
    /// If what is needed cannot be read: a door must refuse then.
    pub(super) fn judge(&self, changes: &[Change], share: Share) -> Result<Verdict> {
        let case = |standing| self.case(standing, changes);
        let mut verdict = match &self.found {
            Found::Free => case(Standing::Free),
            Found::Unreadable(error) => {
                let mends = mends_policy(self.repo, changes)?;
                case(Standing::Protected(Some(mends.ok_or_else(|| again(error))?)))
            }
            Found::Protected => {
                let exempt = exemption(self.repo, self.is_policy_committed, changes)?;
                case(Standing::Protected(exempt))
            }
            Found::Scoped(globs) => case(Standing::Scoped(globs)),
            Found::Coordination(mission) => {
                let log_grew = log_grew(self.repo, &mission.dir, changes)?;
                let unfit = match share {
                    Share::Whole => self.unfit(mission, changes)?,
                    Share::Part => Vec::new(),
                };
                let mission_dir = &mission.dir;
                case(Standing::Coordination { mission_dir, log_grew, unfit: &unfit })
            }
            Found::Lane(lane) => self.judge_lane(lane, changes)?,
        };
        verdict.warnings.extend(brought(self.repo, changes)?);
        self.leniently(verdict, changes)
    }

    fn case(&self, standing: Standing<'_>, changes: &[Change]) -> Verdict {
        let (guard, branch) = (&self.policy.guard, Some(&self.branch));
        judge(Case { guard, branch, standing, changes })
    }

    fn judge_lane(&self, lane: &Lane<'_>, changes: &[Change]) -> Result<Verdict> {
        let active = lane.active(self.repo);
        let owners =
            |path: &RepoPath| lane.facts.as_ref().map(|f| f.owners(path)).unwrap_or_default();
        let standing = Standing::Lane(LaneCase {
            mission_dir: lane.mission_dir.clone(),
            lane_id: lane.lane_id.clone(),
            active: active.as_ref(),
            owners: &owners,
            warnings: self.doubts(lane, active)?,
        });
        Ok(self.case(standing, changes))
    }

    /// What is worth telling of a lane besides the verdict.
    fn doubts(
        &self,
        lane: &Lane<'_>,
        active: &Result<Active, ContextTrouble>,
    ) -> Result<Vec<Warning>> {
        let Ok(facts) = &lane.facts else { return Ok(Vec::new()) };
        let mut doubts = facts.doubts();
        if let Some(wp_id) = active.as_ref().ok().and_then(|active| active.who.active()) {
            let checkout = self.repo.primary_work_tree()?;
            doubts.extend(facts.stale_contexts(self.branch.as_str(), checkout.as_deref(), wp_id));
        }
        Ok(doubts)
    }
}

fn is_damaged_policy(error: &Error) -> bool {
    matches!(
        error.downcast_ref::<Refusal>(),
        Some(Refusal::Damaged { document: Document::Policy, .. })
    )
}

/// The same refusal, for each change that it stands in the way of.
pub(super) fn again(error: &Error) -> Error {
    match unwritable::refusal(error) {
        Some(refusal) => refusal.clone().into(),
        None => anyhow::anyhow!("{error:#}"),
    }
}
