//! Which lanes are ready to be merged, and in which order.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::domain::board::Board;
use crate::domain::id::{LaneId, WpId};
use crate::domain::lanes::{Lane, Lanes};
use crate::domain::oid::Oid;
use crate::domain::status::Status;
use crate::flow::lanes::Site;
use crate::git::Repo;
use crate::store::Mission;

/// A lane that is to be merged.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    pub(super) site: Site,
    pub(super) tip: Oid,
}

/// A lane that is not merged now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The lane.
    pub lane_id: LaneId,
    /// Its branch.
    pub branch: String,
    /// Why.
    pub reason: Reason,
    /// The work packages for which it is.
    pub wp_ids: Vec<WpId>,
}

/// Why a lane is not merged now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Work packages of it are not finished.
    Unfinished,
    /// A lane that it depends on is not ready.
    DependencyUnfinished,
    /// Nobody wants what it has: all of its work packages are canceled.
    Canceled,
    /// It has no branch.
    NotOpen,
}

impl Reason {
    /// Its name in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unfinished => "unfinished",
            Self::DependencyUnfinished => "dependency_unfinished",
            Self::Canceled => "canceled",
            Self::NotOpen => "not_open",
        }
    }
}

/// Which lanes are to be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Those whose work packages are all approved, done or canceled.
    Finished,
    /// All that have a branch and are not canceled.
    Open,
}

/// The lanes of a mission, sorted out.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// What is to be merged, each lane behind those that it depends on.
    pub(super) ready: Vec<Ready>,
    /// What is not, in the order of `lanes.json`.
    pub(super) skipped: Vec<Skipped>,
}

impl Order {
    /// Sorts out the lanes.
    pub(super) fn of(
        repo: &Repo,
        (mission, lanes): (&Mission, Option<&Lanes>),
        (board, wanted): (&Board, Wanted),
    ) -> Result<Self> {
        let mut order = Self::default();
        let Some(lanes) = lanes else { return Ok(order) };
        for lane in lanes.lanes.iter().filter(|lane| !lane.id.is_planning()) {
            let site = Site::of(repo, mission, Some(lanes), &lane.id)?;
            let tip = repo.find(&site.name)?;
            let not_ready = not_ready(lane, board).filter(|(reason, _)| wanted.minds(*reason));
            match (not_ready, tip) {
                (None, Some(tip)) => order.ready.push(Ready { site, tip }),
                (None, None) => {
                    order.skip(&site, Reason::NotOpen, with(lane, board, &[Status::Approved]));
                }
                (Some((reason, wp_ids)), _) => order.skip(&site, reason, wp_ids),
            }
        }
        order.leave_out_dependents();
        order.sort();
        Ok(order)
    }

    fn skip(&mut self, site: &Site, reason: Reason, wp_ids: Vec<WpId>) {
        let (lane_id, branch) = (site.lane.id.clone(), site.branch.to_string());
        self.skipped.push(Skipped { lane_id, branch, reason, wp_ids });
    }

    /// What depends on a lane that is not finished may have commits of it.
    fn leave_out_dependents(&mut self) {
        loop {
            let unfinished: BTreeSet<&LaneId> = self
                .skipped
                .iter()
                .filter(|one| {
                    matches!(one.reason, Reason::Unfinished | Reason::DependencyUnfinished)
                })
                .map(|one| &one.lane_id)
                .collect();
            let waits = |one: &Ready| {
                one.site.lane.depends_on_lanes.iter().any(|id| unfinished.contains(id))
            };
            let Some(place) = self.ready.iter().position(waits) else { return };
            let Ready { site, .. } = self.ready.remove(place);
            self.skip(&site, Reason::DependencyUnfinished, site.lane.wp_ids.clone());
        }
    }

    /// Each behind those that it depends on, else as in `lanes.json`. In a circle, which `lanes.json`
    /// cannot have of its making, the first comes first.
    fn sort(&mut self) {
        let mut rest = std::mem::take(&mut self.ready);
        while !rest.is_empty() {
            let waits = |one: &Ready| {
                let needed = &one.site.lane.depends_on_lanes;
                rest.iter().any(|other| needed.contains(&other.site.lane.id))
            };
            let next = rest.iter().position(|one| !waits(one)).unwrap_or_default();
            self.ready.push(rest.remove(next));
        }
    }
}

impl Wanted {
    const fn minds(self, reason: Reason) -> bool {
        match reason {
            Reason::Unfinished | Reason::DependencyUnfinished => matches!(self, Self::Finished),
            Reason::Canceled | Reason::NotOpen => true,
        }
    }
}

/// Why a lane's work packages keep it from being merged; `None` if they do not.
fn not_ready(lane: &Lane, board: &Board) -> Option<(Reason, Vec<WpId>)> {
    let is_settled = |wp: &&WpId| status(wp, board).is_settled();
    let open: Vec<WpId> = lane.wp_ids.iter().filter(|wp| !is_settled(wp)).cloned().collect();
    if !open.is_empty() {
        return Some((Reason::Unfinished, open));
    }
    let canceled = with(lane, board, &[Status::Canceled]);
    (canceled.len() == lane.wp_ids.len()).then_some((Reason::Canceled, canceled))
}

/// The lane's work packages that are at one of these.
fn with(lane: &Lane, board: &Board, wanted: &[Status]) -> Vec<WpId> {
    let is_wanted = |wp: &&WpId| wanted.contains(&status(wp, board));
    lane.wp_ids.iter().filter(is_wanted).cloned().collect()
}

fn status(wp_id: &WpId, board: &Board) -> Status {
    board.package(wp_id).map_or(Status::Planned, |package| package.status)
}
