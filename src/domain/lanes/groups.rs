//! Groups of work packages that are to share a lane.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::joins::{Cause, Found, Join};
use super::members::Members;
use crate::domain::id::WpId;

/// Disjoint groups, each told by the smallest place in it. Those that write planning files are one.
pub(super) struct Groups<'a> {
    members: &'a Members<'a>,
    parent: Vec<usize>,
    /// What brought them together, and what else would have.
    pub(super) joins: Vec<Join>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(members: &'a Members<'a>) -> Self {
        let parent = (0..members.count()).collect();
        let mut groups = Self { members, parent, joins: Vec::new() };
        let planning: Vec<usize> =
            groups.parent.iter().copied().filter(|place| members.is_planning(*place)).collect();
        for pair in planning.windows(2) {
            if let [first, second] = pair {
                groups.unite(*first, *second);
            }
        }
        groups
    }

    /// Brings together what these reasons ask for.
    pub(super) fn join(&mut self, found: impl IntoIterator<Item = Found>) {
        for (first, second, cause) in found {
            let is_decisive = self.unite(first, second);
            if let (Some(first), Some(second)) = (self.members.id(first), self.members.id(second)) {
                self.joins.push(Join { first, second, cause, is_decisive });
            }
        }
    }

    /// Brings lanes together that would wait for each other for ever.
    pub(super) fn join_cycles(&mut self) {
        let edges: Vec<Edge> = self.edges().into_iter().filter(|edge| !edge.is_soft).collect();
        for cycle in cycles(&self.graph(&edges)) {
            let inside = edges.iter().filter(|edge| self.is_inside(edge, &cycle));
            let needs: Vec<(WpId, WpId)> = inside.filter_map(|edge| self.ids(edge)).collect();
            let pairs = cycle.iter().zip(cycle.iter().skip(1));
            let cause = || Cause::LaneCycle(needs.clone());
            let found: Vec<Found> =
                pairs.map(|(first, second)| (*first, *second, cause())).collect();
            self.join(found);
        }
    }

    /// What each group waits for, and the dependencies that no lane can wait for: those of and on
    /// settled work, and those on planning files, which are in no lane's branch, where they close a cycle.
    pub(super) fn waiting(&self) -> (Graph, Vec<(WpId, WpId)>) {
        let edges = self.edges();
        let cycles = cycles(&self.graph(&edges));
        let closes =
            |edge: &Edge| edge.is_soft && cycles.iter().any(|cycle| self.is_inside(edge, cycle));
        let (idle, kept): (Vec<Edge>, Vec<Edge>) = edges.into_iter().partition(closes);
        (self.graph(&kept), idle.iter().filter_map(|edge| self.ids(edge)).collect())
    }

    /// The dependencies between groups.
    fn edges(&self) -> Vec<Edge> {
        let members = self.members;
        let of = |from: usize| {
            members.graph.needed(from).map(move |to| Edge {
                from,
                to,
                is_soft: members.is_planning(to)
                    || members.is_settled(from)
                    || members.is_settled(to),
            })
        };
        let edges = (0..members.count()).flat_map(of);
        edges.filter(|edge| self.of(edge.from) != self.of(edge.to)).collect()
    }

    fn graph(&self, edges: &[Edge]) -> Graph {
        let mut graph = Graph::new(self.parent.len());
        for edge in edges {
            graph.add(self.of(edge.from), self.of(edge.to));
        }
        graph
    }

    fn is_inside(&self, edge: &Edge, cycle: &BTreeSet<usize>) -> bool {
        cycle.contains(&self.of(edge.from)) && cycle.contains(&self.of(edge.to))
    }

    fn ids(&self, edge: &Edge) -> Option<(WpId, WpId)> {
        Some((self.members.id(edge.from)?, self.members.id(edge.to)?))
    }

    /// The groups, by their smallest places.
    pub(super) fn all(&self) -> BTreeMap<usize, Vec<usize>> {
        let mut all: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for place in 0..self.parent.len() {
            all.entry(self.of(place)).or_default().push(place);
        }
        all
    }

    /// The group of a work package.
    pub(super) fn of(&self, place: usize) -> usize {
        let mut at = place;
        while let Some(parent) = self.parent.get(at).filter(|parent| **parent != at) {
            at = *parent;
        }
        at
    }

    fn unite(&mut self, first: usize, second: usize) -> bool {
        let (first, second) = (self.of(first), self.of(second));
        if let Some(parent) = self.parent.get_mut(first.max(second)) {
            *parent = first.min(second);
        }
        first != second
    }
}

/// A dependency between work packages of two groups.
struct Edge {
    from: usize,
    to: usize,
    /// Whether the group need not wait for it.
    is_soft: bool,
}

/// The largest sets of nodes that all need each other.
fn cycles(graph: &Graph) -> Vec<BTreeSet<usize>> {
    let reach = graph.reach();
    let needs = |a: usize, b: usize| reach.get(a).is_some_and(|all| all.contains(&b));
    let around = |node: usize| -> BTreeSet<usize> {
        reach.get(node).into_iter().flatten().copied().filter(|other| needs(*other, node)).collect()
    };
    let sets = (0..reach.len()).map(|node| (node, around(node)));
    sets.filter(|(node, set)| set.first() == Some(node)).map(|(_, set)| set).collect()
}
