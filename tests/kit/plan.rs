//! What a mission is to be: its packages and lanes, before anything is written.

use serde_json::Value;

use super::documents::Lane;
use super::wp::Wp;

/// Where a mission's files are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topology {
    /// On the target branch, in the primary checkout: `lanes`.
    Primary,
    /// All on the coordination branch, as `git kitty mission create` makes them.
    Coordination,
    /// `lanes_with_coord` as the reference (3.2.7) makes them: status and reviews on the
    /// coordination branch, everything else on the target branch, in the primary checkout.
    Split,
}

/// A mission to be made.
#[derive(Clone, Debug)]
pub struct MissionBuilder {
    pub(super) slug: String,
    pub(super) number: u64,
    pub(super) topology: Topology,
    pub(super) target: String,
    pub(super) wps: Vec<Wp>,
    lanes: Vec<(String, Vec<String>)>,
    pub(super) meta: Vec<(String, Value)>,
}

impl MissionBuilder {
    /// A mission on `main` with a coordination branch, without work packages.
    pub fn new(slug: &str) -> Self {
        Self {
            slug: slug.to_owned(),
            number: 1,
            topology: Topology::Coordination,
            target: "main".to_owned(),
            wps: Vec::new(),
            lanes: Vec::new(),
            meta: Vec::new(),
        }
    }

    /// The `number`th mission of the test, counted from 1: it makes the id.
    pub fn number(self, number: u64) -> Self {
        Self { number, ..self }
    }

    /// Of another topology.
    pub fn topology(self, topology: Topology) -> Self {
        Self { topology, ..self }
    }

    /// With another target branch.
    pub fn target(self, branch: &str) -> Self {
        Self { target: branch.to_owned(), ..self }
    }

    /// With a work package, in a lane of its own unless [`MissionBuilder::lane`] says otherwise.
    pub fn wp(mut self, wp: Wp) -> Self {
        self.wps.push(wp);
        self
    }

    /// With a lane of these packages. The first call drops the lanes the kit would have made.
    pub fn lane(mut self, id: &str, wps: &[&str]) -> Self {
        self.lanes.push((id.to_owned(), wps.iter().map(|&wp| wp.to_owned()).collect()));
        self
    }

    /// With a field of `meta.json`; `null` drops it.
    pub fn meta(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.meta.push((name.to_owned(), value.into()));
        self
    }

    /// The lanes with their packages: those asked for, or one for each package that changes code.
    pub(super) fn all_lanes(&self) -> Vec<(String, Vec<String>)> {
        if !self.lanes.is_empty() {
            return self.lanes.clone();
        }
        let code = self.wps.iter().filter(|wp| wp.execution_mode == "code_change");
        let letters = ('a'..='z').map(|letter| format!("lane-{letter}"));
        letters.zip(code.map(|wp| vec![wp.id.clone()])).collect()
    }

    /// The entry of a lane in `lanes.json`.
    pub(super) fn lane_entry(&self, lane_id: String, wp_ids: Vec<String>) -> Lane {
        let depends_on_lanes = self.needed_lanes(&lane_id);
        let own = self.wps.iter().filter(|wp| wp_ids.contains(&wp.id));
        let mut write_scope: Vec<_> = own.flat_map(|wp| wp.owned_files.clone()).collect();
        write_scope.sort();
        write_scope.dedup();
        let parallel_group = self.depth(&lane_id);
        let predicted_surfaces = Vec::new();
        Lane { lane_id, wp_ids, write_scope, predicted_surfaces, depends_on_lanes, parallel_group }
    }

    /// The other lanes with packages that those of `lane` need.
    fn needed_lanes(&self, lane: &str) -> Vec<String> {
        let lanes = self.all_lanes();
        let of = |id: &str| lanes.iter().find(|(_, wps)| wps.iter().any(|wp| wp == id));
        let own = self.wps.iter().filter(|wp| of(&wp.id).is_some_and(|(id, _)| id == lane));
        let needed = own.flat_map(|wp| &wp.dependencies).filter_map(|id| of(id));
        let mut ids: Vec<_> = needed.map(|(id, _)| id.clone()).filter(|id| id != lane).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    fn depth(&self, lane: &str) -> usize {
        self.needed_lanes(lane).iter().map(|other| self.depth(other) + 1).max().unwrap_or(0)
    }
}
