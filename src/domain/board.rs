//! Where a mission stands: counts, progress, and what keeps a work package from starting.
//!
//! Source: `design.md` section 8.

use serde_json::{Value, json};

use super::id::{LaneId, WpId};
use super::json::Object;
use super::status::Status;

/// Why something cannot be done: a stable code, and a sentence.
pub type Obstacle = (&'static str, String);

/// What is known of one work package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Which.
    pub wp_id: WpId,
    /// Its title, where its file has one.
    pub title: Option<String>,
    /// Its status by the log; without any event, by its file; without that, planned.
    pub status: Status,
    /// Its lane.
    pub lane_id: Option<LaneId>,
    /// Who moved it last.
    pub actor: Option<String>,
    /// When, as the log has it.
    pub last_transition_at: Option<String>,
    /// The last event about it.
    pub last_event_id: Option<String>,
    /// The work packages it waits for.
    pub dependencies: Vec<WpId>,
    /// What its file lacks to be started, as a code and a sentence.
    pub defect: Option<Obstacle>,
    /// Why its mission may not write down that it is started.
    pub forbidden: Option<Obstacle>,
    /// What stands where its lane would be worked on.
    pub workspace: Vec<Obstacle>,
}

/// How far a mission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No work package has left `planned`.
    NotStarted,
    /// Some have.
    InProgress,
    /// Each is done or canceled, and there is at least one.
    Complete,
}

impl State {
    /// The name that JSON carries.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotStarted => "not_started",
            Self::InProgress => "in_progress",
            Self::Complete => "complete",
        }
    }
}

/// Another work package that stands in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocking {
    /// Which.
    pub wp_id: WpId,
    /// Its status; `None` if nothing is known of it.
    pub status: Option<Status>,
}

/// What keeps a planned work package from starting, by kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blockers {
    /// Dependencies that are neither approved, done nor canceled.
    pub dependency: Vec<Blocking>,
    /// Work packages of the same lane that are being worked on.
    pub ownership: Vec<Blocking>,
    /// Others' files and checkouts where its lane would be.
    pub workspace: Vec<Obstacle>,
    /// What its own file lacks, and what the policy forbids.
    pub policy: Vec<Obstacle>,
}

impl Blockers {
    /// Whether it can start.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.dependency.is_empty()
            && self.ownership.is_empty()
            && self.workspace.is_empty()
            && self.policy.is_empty()
    }

    /// As JSON has them.
    #[must_use]
    pub fn to_json(&self) -> Object {
        let other = |blocking: &Blocking| {
            json!({
                "wp_id": blocking.wp_id.to_string(),
                "status": blocking.status.map(Status::as_str),
            })
        };
        let own = |(code, message): &Obstacle| json!({"code": code, "message": message});
        let kinds: [(&str, Vec<Value>); 4] = [
            ("dependency_blockers", self.dependency.iter().map(other).collect()),
            ("ownership_blockers", self.ownership.iter().map(other).collect()),
            ("workspace_blockers", self.workspace.iter().map(own).collect()),
            ("policy_blockers", self.policy.iter().map(own).collect()),
        ];
        kinds.into_iter().map(|(kind, list)| (kind.to_owned(), list.into())).collect()
    }

    /// A part of a sentence for each.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let others = self.dependency.iter().map(|other| format!("waits for {}", other.wp_id));
        let busy =
            self.ownership.iter().map(|other| format!("its lane is busy with {}", other.wp_id));
        let own = self.workspace.iter().chain(&self.policy).map(|(_, message)| message.clone());
        others.chain(busy).chain(own).collect()
    }
}

/// The work packages of a mission, by id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Board {
    packages: Vec<Package>,
}

impl Board {
    /// The board of these work packages.
    #[must_use]
    pub fn new(mut packages: Vec<Package>) -> Self {
        packages.sort_by(|a, b| a.wp_id.cmp(&b.wp_id));
        Self { packages }
    }

    /// The work packages in the order of their ids.
    #[must_use]
    pub fn packages(&self) -> &[Package] {
        &self.packages
    }

    /// One of them.
    #[must_use]
    pub fn package(&self, wp_id: &WpId) -> Option<&Package> {
        self.packages.iter().find(|package| package.wp_id == *wp_id)
    }

    /// How many have a status.
    #[must_use]
    pub fn count(&self, status: Status) -> usize {
        self.packages.iter().filter(|package| package.status == status).count()
    }

    /// How far the mission is.
    #[must_use]
    pub fn state(&self) -> State {
        let all = |wanted: fn(Status) -> bool| self.packages.iter().all(|p| wanted(p.status));
        if all(is_unstarted) {
            State::NotStarted
        } else if all(|status| status.is_terminal()) {
            State::Complete
        } else {
            State::InProgress
        }
    }

    /// The share of work packages that are done among those not canceled, in hundredths of a
    /// percent, rounded half up; `None` if there is nothing to do.
    #[must_use]
    pub fn percent_hundredths(&self) -> Option<usize> {
        let total = self.packages.len() - self.count(Status::Canceled);
        let scaled = self.count(Status::Done) * 10_000;
        (scaled + total / 2).checked_div(total)
    }

    /// The work packages that have not been started.
    pub fn unstarted(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| is_unstarted(package.status))
    }

    /// What keeps `package` from starting; nothing if it is not planned any more.
    #[must_use]
    pub fn blockers(&self, package: &Package) -> Blockers {
        if !is_unstarted(package.status) {
            return Blockers::default();
        }
        let blocking = |wp_id: &WpId| {
            let status = self.package(wp_id).map(|p| p.status);
            (!status.is_some_and(Status::is_settled))
                .then(|| Blocking { wp_id: wp_id.clone(), status })
        };
        let busy = |other: &&Package| {
            other.wp_id != package.wp_id
                && package.lane_id.is_some()
                && other.lane_id == package.lane_id
                && matches!(other.status, Status::Claimed | Status::InProgress)
        };
        Blockers {
            dependency: package.dependencies.iter().filter_map(blocking).collect(),
            ownership: self
                .packages
                .iter()
                .filter(busy)
                .map(|p| Blocking { wp_id: p.wp_id.clone(), status: Some(p.status) })
                .collect(),
            workspace: package.workspace.clone(),
            policy: package.defect.iter().chain(&package.forbidden).cloned().collect(),
        }
    }
}

fn is_unstarted(status: Status) -> bool {
    matches!(status, Status::Genesis | Status::Uninitialized | Status::Planned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(id: &str, status: Status, lane: &str, needs: &[&str]) -> Package {
        Package {
            wp_id: id.parse().unwrap(),
            title: None,
            status,
            lane_id: lane.parse().ok(),
            actor: None,
            last_transition_at: None,
            last_event_id: None,
            dependencies: needs.iter().map(|id| id.parse().unwrap()).collect(),
            defect: None,
            forbidden: None,
            workspace: Vec::new(),
        }
    }

    #[test]
    fn progress_without_work_packages_is_none_and_not_a_division_by_zero() {
        let none = Board::default();
        assert_eq!((none.percent_hundredths(), none.state()), (None, State::NotStarted));
        let canceled = Board::new(vec![package("WP01", Status::Canceled, "lane-a", &[])]);
        assert_eq!((canceled.percent_hundredths(), canceled.state()), (None, State::Complete));
    }

    #[test]
    fn progress_counts_what_is_done_among_what_is_not_canceled() {
        let board = Board::new(vec![
            package("WP03", Status::Canceled, "lane-a", &[]),
            package("WP01", Status::Done, "lane-a", &[]),
            package("WP02", Status::Planned, "lane-a", &[]),
            package("WP04", Status::Approved, "lane-b", &[]),
        ]);
        assert_eq!(board.percent_hundredths(), Some(3333));
        assert_eq!(board.state(), State::InProgress);
        assert_eq!(board.count(Status::Done), 1);
        assert_eq!(board.packages()[0].wp_id.as_str(), "WP01");
    }

    #[test]
    fn blockers_come_by_kind_and_only_for_what_has_not_started() {
        let board = Board::new(vec![
            package("WP01", Status::InProgress, "lane-a", &["WP09"]),
            package("WP02", Status::Planned, "lane-a", &["WP01", "WP03", "WP09"]),
            package("WP03", Status::Approved, "lane-b", &[]),
        ]);
        let of = |id: &str| board.blockers(board.package(&id.parse().unwrap()).unwrap());
        let ids = |list: &[Blocking]| list.iter().map(|b| b.wp_id.to_string()).collect::<Vec<_>>();
        assert_eq!(of("WP01"), Blockers::default());
        assert_eq!(ids(&of("WP02").dependency), ["WP01", "WP09"]);
        assert_eq!(ids(&of("WP02").ownership), ["WP01"]);
    }
}
