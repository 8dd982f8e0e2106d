//! The commits behind several tips, down to where all of them have come from: one walk answers what
//! would take a process for each two of them.

use std::collections::{BinaryHeap, HashMap, HashSet};

use anyhow::Result;

use super::repo::Repo;
use crate::domain::oid::Oid;

/// What came before several commits, the tips. What it cannot tell, git can.
#[derive(Debug, Default)]
pub struct Graph {
    tips: Vec<Oid>,
    commits: HashMap<Oid, Node>,
}

#[derive(Debug)]
struct Node {
    parents: Vec<Oid>,
    /// By which tips it is reached.
    reached: Tips,
    /// Seconds since the epoch, as the committer's clock said.
    date: i64,
    /// How often it is to be gone on from.
    pending: usize,
}

impl Node {
    /// How often it is to be gone on from without being reached by all tips.
    fn partial(&self, count: usize) -> usize {
        if self.reached.is_full(count) { 0 } else { self.pending }
    }
}

/// A set of tips, by their places.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tips(Vec<u64>);

/// A history that is longer than this is left to git.
const MOST: usize = 20_000;

impl Graph {
    /// Walks from the tips to what all of them have.
    ///
    /// Commits come before their children by their dates, if clocks went right. Where one did not, a
    /// commit may seem not to be reached by a tip; never the other way round.
    ///
    /// # Errors
    /// If a commit is missing.
    pub fn of(repo: &Repo, tips: &[Oid]) -> Result<Self> {
        if repo.is_shallow() {
            return Ok(Self::default());
        }
        let mut walk = Walk::begin(repo, tips)?;
        Ok(if walk.run()? { walk.graph } else { Self::default() })
    }

    /// Whether `commit` is one of these tips or comes before one; `None` if it was not met.
    #[must_use]
    pub fn contains(&self, tips: &[Oid], commit: Oid) -> Option<bool> {
        let node = self.commits.get(&commit)?;
        let places = self.places(tips)?;
        Some(places.iter().any(|place| node.reached.has(*place)))
    }

    /// The one commit that a merge of the tip `theirs` into a merge of the tips `ours` begins with;
    /// `None` if there are several, or none, or nobody knows.
    #[must_use]
    pub fn base(&self, ours: &[Oid], theirs: Oid) -> Option<Oid> {
        let (ours, theirs) = (self.places(ours)?, self.place(theirs)?);
        let is_common = |node: &Node| {
            node.reached.has(theirs) && ours.iter().any(|place| node.reached.has(*place))
        };
        let common = || self.commits.iter().filter(|(_, node)| is_common(node));
        let older: HashSet<Oid> = common().flat_map(|(_, node)| &node.parents).copied().collect();
        let mut latest = common().map(|(commit, _)| *commit).filter(|id| !older.contains(id));
        let base = latest.next()?;
        latest.next().is_none().then_some(base)
    }

    /// The commits that `tip` has and none of the tips `others`, parents first; `None` if `tip` or
    /// one of the others is no tip. None is left out; where a clock went wrong there may be some that
    /// the others have too.
    #[must_use]
    pub fn own(&self, tip: Oid, others: &[Oid]) -> Option<Vec<Oid>> {
        let (place, others) = (self.place(tip)?, self.places(others)?);
        let is_own = |node: &Node| {
            node.reached.has(place) && !others.iter().any(|other| node.reached.has(*other))
        };
        let (mut done, mut own) = (HashSet::new(), Vec::new());
        let mut pending = vec![(tip, false)];
        while let Some((commit, is_ready)) = pending.pop() {
            if is_ready {
                own.push(commit);
                continue;
            }
            let Some(node) = self.commits.get(&commit).filter(|node| is_own(node)) else {
                continue;
            };
            if done.insert(commit) {
                pending.push((commit, true));
                pending.extend(node.parents.iter().rev().map(|parent| (*parent, false)));
            }
        }
        Some(own)
    }

    fn places(&self, tips: &[Oid]) -> Option<Vec<usize>> {
        tips.iter().map(|tip| self.place(*tip)).collect()
    }

    fn place(&self, tip: Oid) -> Option<usize> {
        self.tips.iter().position(|known| *known == tip)
    }
}

/// A walk that is under way.
struct Walk<'r> {
    repo: &'r Repo,
    graph: Graph,
    /// Commits to go on from, the latest first.
    pending: BinaryHeap<(i64, Oid)>,
    /// How many of the pending ones are not reached by all tips.
    partial: usize,
    /// The oldest date of a commit that was left behind and is not reached by all tips.
    oldest: i64,
}

impl<'r> Walk<'r> {
    fn begin(repo: &'r Repo, tips: &[Oid]) -> Result<Self> {
        let graph = Graph { tips: tips.to_vec(), commits: HashMap::new() };
        let pending = BinaryHeap::new();
        let mut walk = Self { repo, graph, pending, partial: 0, oldest: i64::MAX };
        for (place, tip) in tips.iter().enumerate() {
            walk.reach(*tip, &Tips::one(place, tips.len()))?;
        }
        Ok(walk)
    }

    /// Whether it came to an end.
    fn run(&mut self) -> Result<bool> {
        let count = self.graph.tips.len();
        while let Some((date, commit)) = self.pending.pop() {
            let is_long = self.graph.commits.len() > MOST;
            let Some(node) = self.graph.commits.get_mut(&commit) else { continue };
            let is_full = node.reached.is_full(count);
            if is_full && self.partial == 0 && date < self.oldest {
                return Ok(true);
            }
            if is_long {
                return Ok(false);
            }
            node.pending -= 1;
            if !is_full {
                self.oldest = self.oldest.min(date);
                self.partial -= 1;
            }
            let (parents, reached) = (node.parents.clone(), node.reached.clone());
            for parent in parents {
                self.reach(parent, &reached)?;
            }
        }
        Ok(true)
    }

    fn reach(&mut self, commit: Oid, tips: &Tips) -> Result<()> {
        let count = self.graph.tips.len();
        let node = match self.graph.commits.get_mut(&commit) {
            Some(node) => node,
            None => {
                let (parents, date) = self.repo.parents_and_date(commit)?;
                let reached = Tips::none(count);
                self.graph.commits.entry(commit).or_insert(Node {
                    parents,
                    reached,
                    date,
                    pending: 0,
                })
            }
        };
        let before = node.partial(count);
        if node.reached.add(tips) {
            node.pending += 1;
            self.pending.push((node.date, commit));
            self.partial = self.partial + node.partial(count) - before;
        }
        Ok(())
    }
}

impl Tips {
    fn none(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn one(place: usize, count: usize) -> Self {
        let mut tips = Self::none(count);
        if let Some(word) = tips.0.get_mut(place / 64) {
            *word |= 1 << (place % 64);
        }
        tips
    }

    fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// Whether that made a difference.
    fn add(&mut self, other: &Self) -> bool {
        let before = self.0.clone();
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own |= other);
        self.0 != before
    }

    fn is_full(&self, count: usize) -> bool {
        self.0.iter().map(|word| word.count_ones() as usize).sum::<usize>() == count
    }
}
