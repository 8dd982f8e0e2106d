//! What needs what: of work packages, and of lanes.

use std::collections::{BTreeSet, VecDeque};

/// Nodes are numbered; an edge goes from what needs to what is needed.
#[derive(Debug, Clone)]
pub(super) struct Graph(Vec<BTreeSet<usize>>);

impl Graph {
    pub(super) fn new(nodes: usize) -> Self {
        Self(vec![BTreeSet::new(); nodes])
    }

    pub(super) fn add(&mut self, from: usize, to: usize) {
        if let Some(needed) = self.0.get_mut(from) {
            needed.insert(to);
        }
    }

    /// What a node needs itself.
    pub(super) fn needed(&self, node: usize) -> impl Iterator<Item = usize> {
        self.0.get(node).into_iter().flatten().copied()
    }

    /// What each node needs in the end.
    pub(super) fn reach(&self) -> Vec<BTreeSet<usize>> {
        (0..self.0.len()).map(|node| self.reach_of(node)).collect()
    }

    fn reach_of(&self, node: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut open: Vec<usize> = self.needed(node).collect();
        while let Some(next) = open.pop() {
            if found.insert(next) {
                open.extend(self.needed(next));
            }
        }
        found
    }

    /// A shortest cycle through the first node that is on one: each needs the next, the last one
    /// the first.
    pub(super) fn cycle(&self) -> Option<Vec<usize>> {
        (0..self.0.len()).find_map(|node| self.cycle_through(node))
    }

    fn cycle_through(&self, start: usize) -> Option<Vec<usize>> {
        let mut from = vec![None; self.0.len()];
        let mut open = VecDeque::from([start]);
        while let Some(node) = open.pop_front() {
            for next in self.needed(node) {
                if next == start {
                    return Some(path(&from, start, node));
                }
                if let Some(place @ None) = from.get_mut(next) {
                    *place = Some(node);
                    open.push_back(next);
                }
            }
        }
        None
    }

    /// All nodes, each after what it needs, smaller numbers first where that leaves a choice. Of a
    /// graph with cycles their nodes are left out.
    pub(super) fn order(&self) -> Vec<usize> {
        let mut left: BTreeSet<usize> = (0..self.0.len()).collect();
        let mut order = Vec::with_capacity(left.len());
        let ready = |left: &BTreeSet<usize>| {
            left.iter().copied().find(|node| self.needed(*node).all(|other| !left.contains(&other)))
        };
        while let Some(node) = ready(&left) {
            left.remove(&node);
            order.push(node);
        }
        order
    }

    /// For each node the length of the longest way to one that needs nothing.
    pub(super) fn depths(&self) -> Vec<u32> {
        let mut depths = vec![0; self.0.len()];
        for node in self.order() {
            let below = self.needed(node).filter_map(|other| depths.get(other)).max();
            let depth = below.map_or(0, |below| below + 1);
            if let Some(place) = depths.get_mut(node) {
                *place = depth;
            }
        }
        depths
    }
}

fn path(from: &[Option<usize>], start: usize, end: usize) -> Vec<usize> {
    let mut path = vec![end];
    let mut at = end;
    while let (true, Some(Some(before))) = (at != start, from.get(at)) {
        at = *before;
        path.push(at);
    }
    path.reverse();
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(nodes: usize, edges: &[(usize, usize)]) -> Graph {
        let mut graph = Graph::new(nodes);
        edges.iter().for_each(|(from, to)| graph.add(*from, *to));
        graph
    }

    #[test]
    fn cycles_are_named_in_order() {
        assert_eq!(graph(3, &[(1, 0), (2, 1)]).cycle(), None);
        assert_eq!(graph(1, &[(0, 0)]).cycle(), Some(vec![0]));
        let cycle = graph(5, &[(0, 1), (1, 2), (2, 3), (3, 1), (3, 4), (4, 2)]).cycle();
        assert_eq!(cycle, Some(vec![1, 2, 3]));
    }

    #[test]
    fn order_and_depth_follow_the_needs() {
        let graph = graph(4, &[(0, 3), (1, 0), (2, 0), (1, 2)]);
        assert_eq!(graph.order(), [3, 0, 2, 1]);
        assert_eq!(graph.depths(), [1, 3, 2, 0]);
        assert_eq!(graph.reach()[1], BTreeSet::from([0, 2, 3]));
    }
}
