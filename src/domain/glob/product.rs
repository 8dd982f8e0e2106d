//! A path that two automata both match, or the proof that there is none.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};

use super::automaton::{Automaton, State, StateId, Step};
use super::component::Component;
use super::overlap::Overlap;
use crate::domain::path::RepoPath;

/// How many positions may still be looked at before the answer becomes "not proven".
#[derive(Debug, Clone)]
pub(super) struct Budget {
    total: usize,
    of_pair: usize,
}

impl Budget {
    pub(super) const fn new(total: usize, of_pair: usize) -> Self {
        Self { total, of_pair }
    }

    /// Whether no further pair can be decided.
    pub(super) const fn is_spent(&self) -> bool {
        self.total == 0
    }
}

/// Where both automata stand, and how far the path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Position {
    a: StateId,
    b: StateId,
    component: Component,
}

/// A position, and how it was come to.
struct Reached {
    position: Position,
    from: Option<usize>,
    byte: Option<u8>,
}

/// The cheapest valid path that both match: short, and without dots where none need be.
pub(super) fn common_path(a: &Automaton, b: &Automaton, budget: &mut Budget) -> Overlap {
    let allowed = budget.total.min(budget.of_pair);
    let mut search = Search { a, b, reached: Vec::new(), queue: BinaryHeap::new() };
    let answer = search.run(allowed);
    budget.total = budget.total.saturating_sub(search.reached.len());
    answer
}

struct Search<'a> {
    a: &'a Automaton,
    b: &'a Automaton,
    reached: Vec<Reached>,
    queue: BinaryHeap<Reverse<(u32, usize)>>,
}

impl Search<'_> {
    fn run(&mut self, allowed: usize) -> Overlap {
        let start = Position { a: self.a.start(), b: self.b.start(), component: Component::Start };
        self.reach(0, Reached { position: start, from: None, byte: None });
        let mut seen = HashSet::new();
        while let Some(Reverse((cost, at))) = self.queue.pop() {
            if self.reached.len() > allowed {
                return Overlap::Unproven;
            }
            let Some(position) = self.reached.get(at).map(|reached| reached.position) else {
                continue;
            };
            if !seen.insert(position) {
                continue;
            }
            if self.is_match(position) {
                return Overlap::Shared(self.path_to(at));
            }
            self.go_on(position, cost, at);
        }
        Overlap::Disjoint
    }

    fn is_match(&self, position: Position) -> bool {
        let states = (self.a.state(position.a), self.b.state(position.b));
        matches!(states, (State::Accept, State::Accept)) && position.component.may_end()
    }

    fn go_on(&mut self, position: Position, cost: u32, at: usize) {
        let (a, b) = (self.a, self.b);
        match (a.state(position.a), b.state(position.b)) {
            (State::Fork(ways), _) => {
                for way in ways {
                    self.wander(Position { a: *way, ..position }, cost, at);
                }
            }
            (_, State::Fork(ways)) => {
                for way in ways {
                    self.wander(Position { b: *way, ..position }, cost, at);
                }
            }
            (State::Read(of_a), State::Read(of_b)) => {
                for (step_a, step_b) in pairs(of_a, of_b) {
                    self.read_both(position, (step_a, step_b), cost, at);
                }
            }
            (State::Accept, _) | (_, State::Accept) => {}
        }
    }

    fn wander(&mut self, position: Position, cost: u32, at: usize) {
        self.reach(cost, Reached { position, from: Some(at), byte: None });
    }

    fn read_both(&mut self, position: Position, steps: (Step, Step), cost: u32, at: usize) {
        let (a, b) = steps;
        let (first, last) = (a.first.max(b.first), a.last.min(b.last));
        for byte in position.component.choices(first, last) {
            let Some(component) = position.component.after(byte) else { continue };
            let cost = cost + position.component.cost(byte);
            let position = Position { a: a.next, b: b.next, component };
            self.reach(cost, Reached { position, from: Some(at), byte: Some(byte) });
        }
    }

    fn reach(&mut self, cost: u32, reached: Reached) {
        self.queue.push(Reverse((cost, self.reached.len())));
        self.reached.push(reached);
    }

    fn path_to(&self, end: usize) -> RepoPath {
        let mut bytes = Vec::new();
        let mut at = Some(end);
        while let Some(reached) = at.and_then(|at| self.reached.get(at)) {
            bytes.extend(reached.byte);
            at = reached.from;
        }
        bytes.reverse();
        RepoPath::new(bytes)
    }
}

/// The steps that some byte fits both of.
fn pairs<'a>(of_a: &'a [Step], of_b: &'a [Step]) -> impl Iterator<Item = (Step, Step)> + 'a {
    let meet = |a: &Step, b: &Step| a.first <= b.last && b.first <= a.last;
    of_a.iter().flat_map(move |a| of_b.iter().filter(move |b| meet(a, b)).map(move |b| (*a, *b)))
}
