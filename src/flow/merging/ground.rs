//! Everything that a merge is decided by, read once at one tip of the coordination branch.

use anyhow::Result;

use super::merged::Request;
use super::order::{Order, Wanted};
use super::resolutions::Resolutions;
use crate::domain::board::Board;
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning};
use crate::flow::gate::absent;
use crate::flow::host::Host;
use crate::flow::policy::{For, governing};
use crate::flow::transaction::Transaction;
use crate::git::Repo;
use crate::policy::config::MergeStrategy;
use crate::store::{Mission, Store};

/// A mission that is about to be merged.
pub(super) struct Ground<'r> {
    pub(super) repo: &'r Repo,
    pub(super) host: &'r Host,
    pub(super) request: &'r Request,
    /// What a person made of conflicts before.
    pub(super) resolutions: &'r Resolutions,
    pub(super) mission: Mission,
    pub(super) board: Board,
    /// The coordination branch's tip.
    pub(super) tip: Oid,
    pub(super) order: Order,
    pub(super) target: Target,
    /// How it is to land, if somebody has said so: the command line, else the policy.
    pub(super) strategy: Option<MergeStrategy>,
    pub(super) warnings: Vec<Warning>,
}

/// The branch that the mission lands on.
pub(super) struct Target {
    pub(super) branch: BranchName,
    pub(super) name: RefName,
    /// Where it is; `None` if it is not here.
    pub(super) tip: Option<Oid>,
    /// What it follows, where that is here.
    pub(super) tracking: Option<Tracking>,
}

/// What a remote has of the target, as last fetched.
pub(super) struct Tracking {
    /// As a person names it, e.g. `origin/main`.
    pub(super) shown: String,
    pub(super) tip: Oid,
    /// How many commits only the target has.
    pub(super) ahead: usize,
    /// How many commits only the remote has.
    pub(super) behind: usize,
}

impl<'r> Ground<'r> {
    /// Reads it, at what the transaction starts from.
    ///
    /// # Errors
    /// If the mission or a ref cannot be read.
    pub(super) fn read(
        transaction: &Transaction<'_>,
        (repo, host): (&'r Repo, &'r Host),
        (request, resolutions): (&'r Request, &'r Resolutions),
    ) -> Result<Self> {
        let mission = transaction.mission().clone();
        let view = Store::new(repo).view(mission.clone())?;
        let board = view.board();
        let order = Order::of(repo, (&mission, transaction.lanes()), (&board, Wanted::Finished))?;
        let policy = governing(repo, For::Mission(Some(&mission.meta.target_branch)))?;
        Ok(Self {
            repo,
            host,
            request,
            resolutions,
            board,
            tip: transaction.tip(),
            order,
            target: Target::find(repo, (&mission.meta.target_branch, !request.lanes_only))?,
            strategy: request.strategy.or(policy.config.strategy),
            mission,
            warnings: view.warnings,
        })
    }

    /// The lanes that are ready, with their tips.
    pub(super) fn lanes(&self) -> Vec<(String, Oid)> {
        self.order.ready.iter().map(|one| (one.site.lane.id.to_string(), one.tip)).collect()
    }

    /// The commit that the mission lands on: the target's, or, where that must not move before it was
    /// brought in step, the remote's.
    ///
    /// # Errors
    /// [`Refusal::DestinationMissing`] and the like if there is none.
    pub(super) fn onto(&self) -> Result<Oid> {
        let remote = self.target.tracking.as_ref().filter(|one| one.behind > 0).map(|one| one.tip);
        match (self.request.pr, remote, self.target.tip) {
            (true, Some(tip), _) | (_, _, Some(tip)) => Ok(tip),
            (_, _, None) => Err(absent(&|name| self.repo.find(name), &self.target.branch)?.into()),
        }
    }
}

impl Target {
    /// What the target follows counts only where it is to move.
    fn find(repo: &Repo, (name, moves): (&str, bool)) -> Result<Self> {
        let shape = |_| Refusal::DestinationShape { name: name.to_owned() };
        let branch: BranchName = name.parse().map_err(shape)?;
        let full = branch.ref_name()?;
        let tip = repo.find(&full)?;
        let tracking = match tip {
            Some(tip) if moves => Tracking::find(repo, &branch, tip)?,
            Some(_) | None => None,
        };
        Ok(Self { branch, name: full, tip, tracking })
    }
}

impl Tracking {
    /// What `branch`, which is at `tip`, follows; `None` if it follows nothing, or that is not here.
    fn find(repo: &Repo, branch: &BranchName, tip: Oid) -> Result<Option<Self>> {
        let Some(name) = repo.upstream_of(branch)? else { return Ok(None) };
        let Some(remote) = repo.find(&name)? else { return Ok(None) };
        let text = name.to_string();
        let shown = text.strip_prefix("refs/remotes/").unwrap_or(&text).to_owned();
        let (ahead, behind) = match tip == remote {
            true => (0, 0),
            false => repo.apart(tip, remote)?,
        };
        Ok(Some(Self { shown, tip: remote, ahead, behind }))
    }
}
