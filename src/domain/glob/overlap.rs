//! Whether two owners can ever own the same path, proven by automata.
//!
//! Which paths count: those that a Git tree can hold. A path that two globs share is checked with
//! the matcher itself before it is told. The work is bounded: what would take more is "unproven",
//! which callers must treat as an overlap. `docs/design/lanes.md` tells of the bounds.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::Globs;
use super::automaton::Automaton;
use super::component;
use super::hint::Hint;
use super::pattern::{Meaning, Pattern};
use super::product::{Budget, common_path};
use crate::domain::path::RepoPath;

/// Whether a path exists that two sides both own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Overlap {
    /// There is none: proven.
    Disjoint,
    /// There is, and this is one: both sides match it, and a Git tree can hold it.
    Shared(RepoPath),
    /// It cannot be proven that there is none. To be treated as an overlap.
    Unproven,
}

/// Two owners that may own the same path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Common {
    /// The owners, by their places in what [`overlaps`] was given; the smaller one first.
    pub owners: (usize, usize),
    /// An entry of each that shows it, as written.
    pub entries: (String, String),
    /// A path that both entries match; `None` if that could not be proven or disproven.
    pub witness: Option<RepoPath>,
}

/// Positions of two automata in all of one question, and in one pair of entries: about a
/// second at the worst, and far more than real globs need.
const BUDGET: Budget = Budget::new(4_000_000, 200_000);

impl Globs {
    /// Whether a path exists that both match.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> Overlap {
        let found = overlaps(&[self, other]).into_iter().next();
        found.map_or(Overlap::Disjoint, |common| {
            common.witness.map_or(Overlap::Unproven, Overlap::Shared)
        })
    }
}

/// The pairs of owners that may own the same path, in the order of the owners: for each pair one
/// pair of entries, with a path where one was found. All of them up to a thousand; beyond, enough to
/// link all owners that overlap with each other, directly or through others. The answer depends on nothing but the globs.
#[must_use]
pub fn overlaps(owners: &[&Globs]) -> Vec<Common> {
    Question::new(owners).answer(BUDGET)
}

/// An entry, and what can be said of it at once.
struct Claim<'a> {
    owner: usize,
    pattern: &'a Pattern,
    hint: Hint,
    automaton: OnceLock<Option<Automaton>>,
}

struct Question<'a> {
    /// Sorted by the texts that their paths begin with.
    claims: Vec<Claim<'a>>,
}

impl<'a> Question<'a> {
    fn new(owners: &[&'a Globs]) -> Self {
        let patterns = owners
            .iter()
            .enumerate()
            .flat_map(|(owner, globs)| globs.patterns.iter().map(move |pattern| (owner, pattern)));
        let mut claims: Vec<Claim<'a>> = patterns
            .map(|(owner, pattern)| Claim {
                owner,
                pattern,
                hint: Hint::of(pattern),
                automaton: OnceLock::new(),
            })
            .collect();
        claims.sort_by(|a, b| a.hint.begins.cmp(&b.hint.begins));
        Self { claims }
    }

    fn answer(&self, budget: Budget) -> Vec<Common> {
        let owners = self.claims.iter().map(|claim| claim.owner + 1).max().unwrap_or_default();
        let mut answer = Answer { found: BTreeMap::new(), linked: (0..owners).collect(), budget };
        for (at, claim) in self.claims.iter().enumerate() {
            let later = self.claims.get(at + 1..).unwrap_or_default();
            let begins = &claim.hint.begins;
            for other in later.iter().take_while(|other| other.hint.begins.starts_with(begins)) {
                if claim.owner < other.owner {
                    answer.look_at(claim, other);
                } else if claim.owner > other.owner {
                    answer.look_at(other, claim);
                }
            }
        }
        answer.found.into_values().collect()
    }
}

/// So many pairs are told in full; then only those that link owners that nothing links yet.
const PLENTY: usize = 1000;

struct Answer {
    found: BTreeMap<(usize, usize), Common>,
    /// For each owner the first one that it is linked with by pairs.
    linked: Vec<usize>,
    budget: Budget,
}

impl Answer {
    fn look_at(&mut self, a: &Claim<'_>, b: &Claim<'_>) {
        let owners = (a.owner, b.owner);
        if self.is_answered(owners) || !a.hint.may_meet(&b.hint) {
            return;
        }
        let witness = match decide(a, b, &mut self.budget) {
            Overlap::Disjoint => return,
            Overlap::Shared(path) => Some(path),
            Overlap::Unproven => None,
        };
        if witness.is_some() || !self.found.contains_key(&owners) {
            let entries = (a.pattern.as_str().to_owned(), b.pattern.as_str().to_owned());
            self.found.insert(owners, Common { owners, entries, witness });
            self.link(owners);
        }
    }

    fn is_answered(&self, (a, b): (usize, usize)) -> bool {
        match self.found.get(&(a, b)) {
            Some(common) => common.witness.is_some() || self.budget.is_spent(),
            None => self.found.len() >= PLENTY && self.linked.get(a) == self.linked.get(b),
        }
    }

    fn link(&mut self, (a, b): (usize, usize)) {
        let (Some(a), Some(b)) = (self.linked.get(a).copied(), self.linked.get(b).copied()) else {
            return;
        };
        for first in self.linked.iter_mut().filter(|first| **first == b) {
            *first = a;
        }
    }
}

fn decide(a: &Claim<'_>, b: &Claim<'_>, budget: &mut Budget) -> Overlap {
    if let Some(answer) = without_wildcards(a.pattern, b.pattern) {
        return answer;
    }
    let automaton = |claim: &Claim<'_>| Automaton::of(claim.pattern);
    let (of_a, of_b) =
        (a.automaton.get_or_init(|| automaton(a)), b.automaton.get_or_init(|| automaton(b)));
    let (Some(of_a), Some(of_b)) = (of_a, of_b) else { return Overlap::Unproven };
    match common_path(of_a, of_b, budget) {
        Overlap::Shared(path) if !(a.pattern.matches(&path) && b.pattern.matches(&path)) => {
            Overlap::Unproven
        }
        answer @ (Overlap::Shared(_) | Overlap::Unproven | Overlap::Disjoint) => answer,
    }
}

/// The answer for two entries without wildcards: most are.
fn without_wildcards(a: &Pattern, b: &Pattern) -> Option<Overlap> {
    if a.folds_case() || b.folds_case() {
        return None;
    }
    let (a_name, b_name) = (literal(a.meaning())?, literal(b.meaning())?);
    let longer = if a_name.len() < b_name.len() { b_name } else { a_name };
    let candidates = [longer.to_owned(), format!("{longer}/a")];
    let shared = candidates
        .into_iter()
        .map(|path| RepoPath::new(path.into_bytes()))
        .find(|path| component::is_path(path.as_bytes()) && a.matches(path) && b.matches(path));
    Some(shared.map_or(Overlap::Disjoint, Overlap::Shared))
}

fn literal(meaning: &Meaning) -> Option<&str> {
    match meaning {
        Meaning::Path(name) | Meaning::Below(name) => Some(name),
        Meaning::Glob { .. } => None,
    }
}

#[cfg(test)]
#[path = "overlap_test.rs"]
mod tests;
