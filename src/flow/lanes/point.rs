//! When a lane is brought in step with the coordination branch: exactly twice.

use anyhow::Result;

use crate::domain::event::{Event, LaneEvent, Log};
use crate::domain::lanes::Lane;
use crate::domain::status::Status;
use crate::git::Repo;
use crate::store::{Mission, Store};

/// One of the two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncPoint {
    /// The first work package of the lane is claimed.
    FirstClaim,
    /// The first review in the lane begins.
    FirstReview,
}

impl SyncPoint {
    /// The point that a step of a work package can be.
    #[must_use]
    pub fn of(from: Status, to: Status) -> Option<Self> {
        if to == Status::Claimed {
            return Some(Self::FirstClaim);
        }
        (from == Status::ForReview && to == Status::InReview).then_some(Self::FirstReview)
    }

    /// Whether the log, as it was when the mission was read, has not passed this point in the lane.
    pub(super) fn is_due(self, repo: &Repo, mission: &Mission, lane: &Lane) -> Result<bool> {
        let files = Store::new(repo).log_texts(mission)?;
        for file in &files {
            let log = Log::parse(&file.shown, &file.bytes)?;
            let is_passed = log.lines().iter().any(|line| match &line.event {
                Event::Lane(event) => self.is_passed_by(event, lane),
                Event::Annotation(_) | Event::Foreign(_) => false,
            });
            if is_passed {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_passed_by(self, event: &LaneEvent<'_>, lane: &Lane) -> bool {
        lane.wp_ids.iter().any(|wp| wp.as_str() == &*event.wp_id)
            && Self::of(event.from, event.to) == Some(self)
    }
}
