//! From work packages to lanes (`design.md` section 5).

use std::collections::{BTreeMap, BTreeSet};

use super::file::{Lane, Lanes};
use super::graph::Graph;
use super::groups::Groups;
use super::ids::lane_ids;
use super::joins::{self, Join};
use super::members::{Member, Members, natural};
use crate::domain::id::{LaneId, WpId};
use crate::domain::json::Object;
use crate::domain::refusal::Refusal;

/// The lanes of a mission, and how they came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouping {
    /// The lanes, by parallel group, then by id. Every work package is in exactly one.
    pub lanes: Vec<Lane>,
    /// Why work packages share lanes; those that brought lanes together are decisive.
    pub joins: Vec<Join>,
    /// Dependencies (the needing one first) that `depends_on_lanes` leaves out, because the lanes
    /// would wait for each other: on planning files, or of settled work. As dependencies of work
    /// packages they hold.
    pub left_out: Vec<(WpId, WpId)>,
    /// Work packages that are no longer in the lane they were in.
    pub moved: Vec<Moved>,
}

/// A work package that changed its lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The work package.
    pub wp: WpId,
    /// The lane it was in.
    pub from: LaneId,
    /// The lane it is in now.
    pub to: LaneId,
}

/// Computes the lanes of these work packages. Work packages that may write the same path share one,
/// work that has begun stays where it is, and ids stay: neither those in `former` nor those `taken`
/// (by branches, for example) go to another lane. Dependencies on work packages that are not among
/// `members` are not looked at. The order of `members` makes no difference.
///
/// # Errors
/// [`Refusal::DependencyCycle`], and [`Refusal::LanesBegunApart`] where work packages would have to
/// share a lane whose work has begun in two.
pub fn compute(
    members: &[Member],
    former: Option<&Lanes>,
    taken: &BTreeSet<LaneId>,
) -> Result<Grouping, Refusal> {
    let members = Members::new(members, former);
    check_cycle(&members)?;
    let mut groups = Groups::new(&members);
    groups.join(joins::same_branch(&members));
    groups.join(joins::same_files(&members));
    groups.join(joins::codebase_wide(&members));
    groups.join_cycles();
    check_begun(&members, &groups.all(), &groups.joins)?;
    let mut ids = lane_ids(&members, &groups.all(), former, taken);
    groups.join(joins::settled(&members, &ids));
    let all = groups.all();
    for (group, places) in &all {
        let of_settled = || members.former(*group).cloned();
        let id = places.iter().find_map(|place| ids.get(place).cloned()).or_else(of_settled);
        ids.extend(id.map(|id| (*group, id)));
    }
    let (waiting, left_out) = groups.waiting();
    let planned = Planned { members: &members, groups: &all, ids: &ids, waiting: &waiting, former };
    Ok(Grouping { lanes: planned.lanes(), moved: planned.moved(), joins: groups.joins, left_out })
}

fn check_cycle(members: &Members<'_>) -> Result<(), Refusal> {
    let Some(cycle) = members.graph.cycle() else { return Ok(()) };
    let names = cycle.iter().filter_map(|place| members.id(*place));
    Err(Refusal::DependencyCycle { wp_ids: names.map(|id| id.to_string()).collect() })
}

/// Two branches that hold work cannot become one lane.
fn check_begun(
    members: &Members<'_>,
    groups: &BTreeMap<usize, Vec<usize>>,
    joins: &[Join],
) -> Result<(), Refusal> {
    for places in groups.values().filter(|places| places.len() > 1) {
        let begun: Vec<usize> =
            places.iter().copied().filter(|place| members.has_begun(*place)).collect();
        let Some(first) = begun.first().copied() else { continue };
        let other = begun.iter().find(|other| members.former(**other) != members.former(first));
        if let Some(second) = other {
            return Err(begun_apart(members, first, *second, joins));
        }
    }
    Ok(())
}

fn begun_apart(members: &Members<'_>, first: usize, second: usize, joins: &[Join]) -> Refusal {
    let text = |place| members.id(place).map(|id| id.to_string()).unwrap_or_default();
    let lane = |place| members.former(place).map(ToString::to_string).unwrap_or_default();
    let (wp, other) = (text(first), text(second));
    let direct =
        joins.iter().find(|join| join.first.as_str() == wp && join.second.as_str() == other);
    Refusal::LanesBegunApart {
        why: direct.map_or_else(
            || "others may write the same files as both of them".to_owned(),
            |join| join.cause.to_string(),
        ),
        first: (wp, lane(first)),
        second: (other, lane(second)),
    }
}

struct Planned<'a> {
    members: &'a Members<'a>,
    groups: &'a BTreeMap<usize, Vec<usize>>,
    ids: &'a BTreeMap<usize, LaneId>,
    waiting: &'a Graph,
    former: Option<&'a Lanes>,
}

impl Planned<'_> {
    fn lanes(&self) -> Vec<Lane> {
        let (order, depths) = (self.members.graph.order(), self.waiting.depths());
        let lane = |(group, places): (&usize, &Vec<usize>)| {
            let depth = depths.get(*group).copied().unwrap_or_default();
            let wp_ids = order.iter().filter(|place| places.contains(place));
            let wp_ids = wp_ids.filter_map(|place| self.members.id(*place)).collect();
            self.lane(*group, places, wp_ids, depth)
        };
        let mut lanes: Vec<Lane> = self.groups.iter().filter_map(lane).collect();
        lanes.sort_by(|a, b| {
            let key = |lane: &Lane| (lane.parallel_group, lane.id.as_str().len());
            key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
        });
        lanes
    }

    fn lane(
        &self,
        group: usize,
        places: &[usize],
        wp_ids: Vec<WpId>,
        parallel_group: u32,
    ) -> Option<Lane> {
        let id = self.ids.get(&group)?.clone();
        let members = places.iter().filter_map(|place| self.members.at(*place));
        let write_scope: BTreeSet<&str> =
            members.flat_map(|member| member.owned.entries()).collect();
        let mut depends_on_lanes: Vec<LaneId> =
            self.waiting.needed(group).filter_map(|other| self.ids.get(&other).cloned()).collect();
        depends_on_lanes.sort_by(|a, b| natural(a.as_str()).cmp(&natural(b.as_str())));
        let former = self.former.and_then(|former| former.lane(&id));
        Some(Lane {
            wp_ids,
            write_scope: write_scope.into_iter().map(str::to_owned).collect(),
            predicted_surfaces: if id.is_planning() {
                vec!["planning".to_owned()]
            } else {
                former.map(|lane| lane.predicted_surfaces.clone()).unwrap_or_default()
            },
            depends_on_lanes,
            parallel_group,
            unknown: former.map_or_else(Object::new, |lane| lane.unknown.clone()),
            id,
        })
    }

    fn moved(&self) -> Vec<Moved> {
        let Some(former) = self.former else { return Vec::new() };
        let of = |group: &usize| self.ids.get(group);
        let places =
            self.groups.iter().flat_map(|(group, places)| places.iter().map(move |p| (p, group)));
        let mut moved: Vec<(usize, Moved)> = places
            .filter_map(|(place, group)| {
                let wp = self.members.id(*place)?;
                let (from, to) = (former.lane_of(&wp)?.id.clone(), of(group)?.clone());
                (from != to).then_some((*place, Moved { wp, from, to }))
            })
            .collect();
        moved.sort_by_key(|(place, _)| *place);
        moved.into_iter().map(|(_, moved)| moved).collect()
    }
}

#[cfg(test)]
#[path = "compute_test.rs"]
mod tests;
