//! The order in which lanes meet the fewest conflicts on their way together.

use std::collections::BTreeSet;

/// One of several things to be put in order, known by its place among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Those that it conflicts with, whichever comes first.
    pub conflicts: BTreeSet<usize>,
    /// Those that have to come before it.
    pub after: BTreeSet<usize>,
}

/// Up to so many that conflict, all orders are compared.
const EXACT: usize = 12;

/// The places in an order in which as few as can be come after one that they conflict with, and each
/// comes after those that it has to. What makes no difference stays as it was. Of more than
/// twelve that conflict, those with the fewest conflicts come first. In a circle the first comes
/// first.
#[must_use]
pub fn best_order(wishes: &[Wish]) -> Vec<usize> {
    let touched: Vec<usize> =
        places(wishes).filter(|at| !conflicts(wishes, *at).is_empty()).collect();
    let sequence = if touched.len() <= EXACT {
        Exact::new(wishes, &touched).sequence()
    } else {
        by_number(wishes, &touched)
    };
    let mut order: Vec<usize> = Vec::new();
    let mut sequence = sequence.into_iter().peekable();
    while order.len() < wishes.len() {
        let is_due = |at: &usize| {
            let waits = after(wishes, *at).iter().any(|first| !order.contains(first));
            let is_next = sequence.peek().is_none_or(|next| next == at || !touched.contains(at));
            !order.contains(at) && !waits && is_next
        };
        let rest = || places(wishes).find(|at| !order.contains(at));
        let Some(next) = places(wishes).find(is_due).or_else(rest) else { break };
        order.push(next);
        while sequence.next_if(|at| order.contains(at)).is_some() {}
    }
    order
}

fn places(wishes: &[Wish]) -> impl Iterator<Item = usize> {
    0..wishes.len()
}

/// Those that one conflicts with, by its own word or theirs.
fn conflicts(wishes: &[Wish], at: usize) -> BTreeSet<usize> {
    let says = |one: usize, other: usize| {
        wishes.get(one).is_some_and(|wish| wish.conflicts.contains(&other))
    };
    places(wishes).filter(|other| *other != at && (says(at, *other) || says(*other, at))).collect()
}

fn after(wishes: &[Wish], at: usize) -> BTreeSet<usize> {
    wishes.get(at).map(|wish| wish.after.clone()).unwrap_or_default()
}

/// All that have to come before one, also by way of others.
fn all_before(wishes: &[Wish], at: usize) -> BTreeSet<usize> {
    let (mut found, mut pending) = (BTreeSet::new(), vec![at]);
    while let Some(next) = pending.pop() {
        let new = after(wishes, next).into_iter().filter(|one| *one != at && found.insert(*one));
        pending.extend(new.collect::<Vec<_>>());
    }
    found
}

/// Those with the fewest conflicts first, as far as they may come.
fn by_number(wishes: &[Wish], touched: &[usize]) -> Vec<usize> {
    let mut rest: Vec<usize> = touched.to_vec();
    let mut sequence = Vec::new();
    while !rest.is_empty() {
        let may_come = |at: &&usize| {
            let before = all_before(wishes, **at);
            !rest.iter().any(|other| other != *at && before.contains(other))
        };
        let key = |at: &&usize| {
            let conflicts = conflicts(wishes, **at);
            let meets = conflicts.iter().any(|other| sequence.contains(other));
            (meets, conflicts.iter().filter(|other| rest.contains(other)).count())
        };
        let next = rest.iter().filter(may_come).min_by_key(key).or(rest.first()).copied();
        rest.retain(|at| Some(*at) != next);
        sequence.extend(next);
    }
    sequence
}

/// All orders of a few: what is still to come costs the same whatever order the others came in.
struct Exact {
    touched: Vec<usize>,
    /// For each of them the set of those that it conflicts with, and that come before it.
    conflicts: Vec<usize>,
    before: Vec<usize>,
    /// The cost of what is to come, by the set of those that have come.
    costs: Vec<usize>,
}

impl Exact {
    fn new(wishes: &[Wish], touched: &[usize]) -> Self {
        let set = |chosen: &BTreeSet<usize>| {
            let bits = touched.iter().enumerate().filter(|(_, at)| chosen.contains(at));
            bits.map(|(bit, _)| 1 << bit).sum()
        };
        let conflicts = touched.iter().map(|at| set(&conflicts(wishes, *at))).collect();
        let before = touched.iter().map(|at| set(&all_before(wishes, *at))).collect();
        let costs = vec![0; 1 << touched.len()];
        let mut exact = Self { touched: touched.to_vec(), conflicts, before, costs };
        for come in (0..exact.costs.len().saturating_sub(1)).rev() {
            let least = exact.ways(come).map(|(_, cost)| cost).min().unwrap_or(usize::MAX / 2);
            if let Some(cost) = exact.costs.get_mut(come) {
                *cost = least;
            }
        }
        exact
    }

    /// Which one may come next, and what it costs from there on.
    fn ways(&self, come: usize) -> impl Iterator<Item = (usize, usize)> {
        let each = self.conflicts.iter().zip(&self.before).enumerate();
        each.filter(move |(bit, (_, before))| come >> bit & 1 == 0 && *before & !come == 0).map(
            move |(bit, (conflicts, _))| {
                let rest = self.costs.get(come | 1 << bit).copied().unwrap_or_default();
                (bit, rest + usize::from(conflicts & come != 0))
            },
        )
    }

    fn sequence(&self) -> Vec<usize> {
        let (mut come, mut sequence) = (0, Vec::new());
        while let Some((bit, _)) = self.ways(come).min_by_key(|(_, cost)| *cost) {
            come |= 1 << bit;
            sequence.extend(self.touched.get(bit));
        }
        sequence
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Conflicts as pairs, and pairs of which the first comes before the second.
    fn order(count: usize, conflicts: &[(usize, usize)], first: &[(usize, usize)]) -> Vec<usize> {
        let mut wishes = vec![Wish::default(); count];
        for (one, other) in conflicts {
            wishes[*one].conflicts.insert(*other);
        }
        for (one, other) in first {
            wishes[*other].after.insert(*one);
        }
        best_order(&wishes)
    }

    fn cost(order: &[usize], conflicts: &[(usize, usize)]) -> usize {
        let place = |at: usize| order.iter().position(|one| *one == at).unwrap();
        let meets = |at: &usize| {
            conflicts.iter().any(|(a, b)| {
                (a == at && place(*b) < place(*at)) || (b == at && place(*a) < place(*at))
            })
        };
        order.iter().filter(|at| meets(at)).count()
    }

    #[test]
    fn without_conflicts_nothing_changes() {
        assert_eq!(order(4, &[], &[]), [0, 1, 2, 3]);
        assert!(order(0, &[], &[]).is_empty());
        assert_eq!(order(4, &[(1, 3)], &[]), [0, 1, 2, 3]);
    }

    #[test]
    fn who_conflicts_with_many_comes_last() {
        assert_eq!(order(4, &[(0, 1), (0, 2)], &[]), [1, 2, 0, 3]);
        assert_eq!(order(5, &[(2, 0), (2, 1), (2, 4)], &[]), [0, 1, 3, 4, 2]);
    }

    #[test]
    fn what_has_to_come_before_does() {
        assert_eq!(order(3, &[(0, 1), (0, 2)], &[(0, 2)]), [0, 1, 2]);
        assert_eq!(order(4, &[(0, 1), (0, 2)], &[(0, 3)]), [1, 2, 0, 3]);
        // By way of one that conflicts with none.
        assert_eq!(order(4, &[(0, 1), (0, 2)], &[(0, 3), (3, 1)]), [0, 3, 1, 2]);
        assert_eq!(order(3, &[(0, 1)], &[(2, 0), (0, 2)]).len(), 3, "a circle");
    }

    #[test]
    fn no_other_order_has_fewer() {
        let mut state = 7_usize;
        let mut dice = |sides: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % sides
        };
        for _ in 0..200 {
            let conflicts: Vec<_> =
                (0..dice(7)).map(|_| (dice(6), dice(6))).filter(|(a, b)| a != b).collect();
            let first: Vec<_> =
                (0..dice(4)).map(|_| (dice(6), dice(6))).filter(|(a, b)| a < b).collect();
            let found = order(6, &conflicts, &first);
            let is_allowed = |order: &[usize]| {
                let place = |at: usize| order.iter().position(|one| *one == at);
                first.iter().all(|(a, b)| place(*a) < place(*b))
            };
            assert!(is_allowed(&found), "{found:?} {first:?}");
            let least = permutations(6).into_iter().filter(|order| is_allowed(order));
            let least = least.map(|order| cost(&order, &conflicts)).min();
            assert_eq!(Some(cost(&found, &conflicts)), least, "{found:?} {conflicts:?} {first:?}");
        }
    }

    fn permutations(count: usize) -> Vec<Vec<usize>> {
        let Some(last) = count.checked_sub(1) else { return vec![Vec::new()] };
        let with = |rest: Vec<usize>| {
            (0..count).map(move |at| {
                let mut all = rest.clone();
                all.insert(at, last);
                all
            })
        };
        permutations(last).into_iter().flat_map(with).collect()
    }

    #[test]
    fn many_are_put_in_a_good_order() {
        let star: Vec<_> = (1..20).map(|at| (0, at)).collect();
        let found = order(20, &star, &[(19, 3)]);
        assert_eq!((cost(&found, &star), found.last()), (1, Some(&0)));
    }
}
