//! Work packages as the computation of lanes sees them.

use std::collections::HashMap;

use super::file::Lanes;
use super::graph::Graph;
use crate::domain::glob::Globs;
use crate::domain::id::{LaneId, WpId};
use crate::domain::wp::{ExecutionMode, WorkPackage};

/// How far the work on a work package is, as far as it binds it to its lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nobody has claimed it: it may still change its lane.
    Open,
    /// It was claimed: its work is on the branch of its lane.
    Begun,
    /// Its work is on the coordination branch, or there will be none (done, canceled): whatever it
    /// owns is free for others.
    Settled,
}

/// A work package.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its id, unique among those that are computed together.
    pub id: WpId,
    /// The work packages that must be finished before.
    pub dependencies: Vec<WpId>,
    /// What it owns.
    pub owned: Globs,
    /// Whether it writes planning files, and is in the lane for these.
    pub is_planning: bool,
    /// Whether it may change anything, whatever it owns.
    pub is_codebase_wide: bool,
    /// How far it is.
    pub progress: Progress,
}

impl Member {
    /// A work package by its file; `fold_case` is the policy's.
    #[must_use]
    pub fn new(content: &WorkPackage, fold_case: bool, progress: Progress) -> Self {
        Self {
            id: content.id.clone(),
            dependencies: content.dependencies.clone(),
            owned: Globs::new(content.owned_entries(), fold_case),
            is_planning: content.execution_mode == Some(ExecutionMode::PlanningArtifact),
            is_codebase_wide: content.is_codebase_wide(),
            progress,
        }
    }
}

/// All of them, in the order of their ids, with what was decided about them before.
pub(super) struct Members<'a> {
    all: Vec<&'a Member>,
    former: Vec<Option<LaneId>>,
    /// Who depends on whom, by place.
    pub(super) graph: Graph,
}

/// A text's place among ids of growing numbers or letters: the shorter one first.
pub(super) fn natural(text: &str) -> (usize, &str) {
    (text.len(), text)
}

impl<'a> Members<'a> {
    pub(super) fn new(members: &'a [Member], former: Option<&Lanes>) -> Self {
        let mut all: Vec<&Member> = members.iter().collect();
        all.sort_by(|a, b| natural(a.id.as_str()).cmp(&natural(b.id.as_str())));
        let lane = |member: &&Member| {
            let lane = former?.lane_of(&member.id)?;
            (lane.id.is_planning() == member.is_planning).then(|| lane.id.clone())
        };
        let former = all.iter().map(lane).collect();
        let graph = dependencies(&all);
        Self { all, former, graph }
    }

    /// The one at a place that came from here.
    pub(super) fn at(&self, place: usize) -> Option<&'a Member> {
        self.all.get(place).copied()
    }

    pub(super) fn id(&self, place: usize) -> Option<WpId> {
        self.at(place).map(|member| member.id.clone())
    }

    pub(super) const fn count(&self) -> usize {
        self.all.len()
    }

    /// The lane that it was in; none if its kind has changed since.
    pub(super) fn former(&self, place: usize) -> Option<&LaneId> {
        self.former.get(place)?.as_ref()
    }

    pub(super) fn is_planning(&self, place: usize) -> bool {
        self.at(place).is_some_and(|member| member.is_planning)
    }

    /// Whether the work on it is on the branch of the lane that it was in, and only there.
    pub(super) fn has_begun(&self, place: usize) -> bool {
        self.was(place, Progress::Begun)
    }

    /// Whether its files no longer matter. Planning files are no lane's, and never settled.
    pub(super) fn is_settled(&self, place: usize) -> bool {
        self.was(place, Progress::Settled) && !self.is_planning(place)
    }

    fn was(&self, place: usize, progress: Progress) -> bool {
        self.former(place).is_some() && self.at(place).is_some_and(|m| m.progress == progress)
    }
}

/// Dependencies on what is not there are left to whoever checks the files.
fn dependencies(all: &[&Member]) -> Graph {
    let places: HashMap<&WpId, usize> =
        all.iter().enumerate().map(|(place, member)| (&member.id, place)).collect();
    let mut graph = Graph::new(all.len());
    for (place, member) in all.iter().enumerate() {
        for other in member.dependencies.iter().filter_map(|id| places.get(id)) {
            graph.add(place, *other);
        }
    }
    graph
}
