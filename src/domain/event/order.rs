//! In which order events count, whatever the order of their lines.
//!
//! Of events with the same id the first counts. Then `(at, event_id)` decides, both compared as
//! strings; for one work package at one time, a rollback beats every other event. The reducer and
//! the guard share these functions, so that they cannot disagree. Source: `formats.md` section 2.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};

use super::annotation::Annotation;
use super::lane::LaneEvent;
use super::log::Log;
use crate::domain::claim::Claim;
use crate::domain::status::Status;

/// A work package as the log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WpStatus<'l> {
    /// Its status.
    pub status: Status,
    /// The event that put it there.
    pub last_event_id: &'l str,
    /// When, as written.
    pub at: &'l str,
    /// Who did, see [`super::Actor::identity`].
    pub actor: &'l str,
    /// The claim that counts, if it was ever claimed.
    pub claim: Option<Claim>,
}

/// The status of every work package that ever moved: what the snapshot would say, without making
/// one. Several logs count as their union, in which the first of equal ids counts.
#[must_use]
pub fn statuses<'l, 'a: 'l>(
    logs: impl IntoIterator<Item = &'l Log<'a>>,
) -> BTreeMap<&'l str, WpStatus<'l>> {
    let mut current: BTreeMap<&str, (&LaneEvent<'_>, Option<Claim>)> = BTreeMap::new();
    for event in lane_events_in_order(logs) {
        match current.entry(&event.wp_id) {
            Entry::Vacant(slot) => {
                slot.insert((event, event.claim_after(None)));
            }
            Entry::Occupied(mut slot) if event.supersedes(slot.get().0) => {
                let (last, claim) = slot.get_mut();
                *claim = event.claim_after(claim.take());
                *last = event;
            }
            Entry::Occupied(_) => {}
        }
    }
    current.into_iter().map(|(wp_id, (event, claim))| (wp_id, event.outcome(claim))).collect()
}

/// The moves that count, in the order in which they do.
#[must_use]
pub fn lane_events_in_order<'l, 'a: 'l>(
    logs: impl IntoIterator<Item = &'l Log<'a>>,
) -> Vec<&'l LaneEvent<'a>> {
    let events = logs.into_iter().flat_map(Log::lane_events);
    in_order(events, |event| (&event.at, &event.event_id))
}

/// The annotations that count, in the order in which they do.
#[must_use]
pub fn annotations_in_order<'l, 'a: 'l>(
    logs: impl IntoIterator<Item = &'l Log<'a>>,
) -> Vec<&'l Annotation<'a>> {
    let annotations = logs.into_iter().flat_map(Log::annotations);
    in_order(annotations, |event| (&event.at, &event.event_id))
}

fn in_order<'l, T>(
    events: impl Iterator<Item = &'l T>,
    key: impl Fn(&'l T) -> (&'l str, &'l str),
) -> Vec<&'l T> {
    let mut seen = HashSet::new();
    let mut events: Vec<_> = events.filter(|event| seen.insert(key(event).1)).collect();
    events.sort_by(|a, b| key(a).cmp(&key(b)));
    events
}

impl LaneEvent<'_> {
    /// Whether the event counts after `earlier`, which set the work package's present status and
    /// stands before it in order.
    #[must_use]
    pub fn supersedes(&self, earlier: &LaneEvent<'_>) -> bool {
        self.at != earlier.at || self.is_rollback() || !earlier.is_rollback()
    }

    /// The claim that counts after the event.
    fn claim_after(&self, earlier: Option<Claim>) -> Option<Claim> {
        match self.to {
            Status::Claimed => {
                Some(Claim::after(earlier.as_ref(), &self.event_id, self.actor.identity()))
            }
            Status::Genesis
            | Status::Uninitialized
            | Status::Planned
            | Status::InProgress
            | Status::ForReview
            | Status::InReview
            | Status::Approved
            | Status::Done
            | Status::Blocked
            | Status::Canceled => earlier,
        }
    }

    fn outcome(&self, claim: Option<Claim>) -> WpStatus<'_> {
        WpStatus {
            status: self.to,
            last_event_id: &self.event_id,
            at: &self.at,
            actor: self.actor.identity(),
            claim,
        }
    }
}
