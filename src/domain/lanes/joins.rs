//! Why two work packages share a lane.

use std::collections::BTreeMap;
use std::fmt;

use super::members::Members;
use crate::domain::glob::{self, Globs};
use crate::domain::id::{LaneId, WpId};
use crate::domain::path::RepoPath;

/// Two work packages that share a lane, and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Join {
    /// The one with the smaller id.
    pub first: WpId,
    /// The other one.
    pub second: WpId,
    /// The reason.
    pub cause: Cause,
    /// Whether it took this reason: nothing before it in the list had brought the two together.
    pub is_decisive: bool,
}

/// A reason. It prints as evidence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// Both may write the same path.
    Files {
        /// An entry of each that shows it.
        entries: (String, String),
        /// A path that both entries match; `None` if the globs are too hard to be proven disjoint.
        witness: Option<RepoPath>,
    },
    /// One of them may write anything, and no dependency keeps the other one from working meanwhile.
    CodebaseWide,
    /// Both belong to this lane, and work in it has begun.
    SameBranch(LaneId),
    /// Their lanes would wait for each other: the dependencies between them, the needing one first.
    LaneCycle(Vec<(WpId, WpId)>),
}

impl Cause {
    /// The name that `collapse_report` knows it by; the first one is the reference's.
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        match self {
            Self::Files { .. } => "write_scope_overlap",
            Self::CodebaseWide => "codebase_wide",
            Self::SameBranch(_) => "same_branch",
            Self::LaneCycle(_) => "lane_cycle",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files { entries: (first, second), witness: Some(path) } => {
                write!(f, "`{}` and `{}` both match `{path}`", shown(first), shown(second))
            }
            Self::Files { entries: (first, second), witness: None } => {
                let (first, second) = (shown(first), shown(second));
                write!(f, "`{first}` and `{second}` cannot be proven disjoint")
            }
            Self::CodebaseWide => {
                f.write_str("one may write anything, and no dependency orders the two")
            }
            Self::SameBranch(lane) => write!(f, "both belong to {lane}, where work has begun"),
            Self::LaneCycle(edges) => {
                f.write_str("their lanes would wait for each other:")?;
                edges.iter().enumerate().try_for_each(|(at, (from, to))| {
                    write!(f, "{} {from} needs {to}", if at == 0 { "" } else { "," })
                })
            }
        }
    }
}

fn shown(entry: &str) -> RepoPath {
    RepoPath::from(entry)
}

/// A reason by the places of the two.
pub(super) type Found = (usize, usize, Cause);

/// Those whose work has begun on one branch, each with the first of them.
pub(super) fn same_branch(members: &Members<'_>) -> Vec<Found> {
    let mut first_of: BTreeMap<&LaneId, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for place in (0..members.count()).filter(|place| members.has_begun(*place)) {
        let Some(lane) = members.former(place).filter(|lane| !lane.is_planning()) else { continue };
        match first_of.get(lane) {
            Some(first) => found.push((*first, place, Cause::SameBranch(lane.clone()))),
            None => _ = first_of.insert(lane, place),
        }
    }
    found
}

/// Settled ones, each with the first in the lane they were in, if that lane is still there or only
/// settled ones were in it.
pub(super) fn settled(members: &Members<'_>, ids: &BTreeMap<usize, LaneId>) -> Vec<Found> {
    let mut first_of: BTreeMap<&LaneId, usize> = BTreeMap::new();
    for (place, id) in ids {
        first_of.entry(id).or_insert(*place);
    }
    let mut found = Vec::new();
    for place in (0..members.count()).filter(|place| members.is_settled(*place)) {
        let Some(lane) = members.former(place) else { continue };
        let first = *first_of.entry(lane).or_insert(place);
        if first != place {
            found.push((first.min(place), first.max(place), Cause::SameBranch(lane.clone())));
        }
    }
    found
}

/// Those that may write the same path.
pub(super) fn same_files(members: &Members<'_>) -> Vec<Found> {
    let (places, owned): (Vec<usize>, Vec<&Globs>) = unsettled_code(members)
        .filter_map(|place| Some((place, &members.at(place)?.owned)))
        .unzip();
    let found = glob::overlaps(&owned).into_iter().filter_map(|common| {
        let cause = Cause::Files { entries: common.entries, witness: common.witness };
        Some((*places.get(common.owners.0)?, *places.get(common.owners.1)?, cause))
    });
    found.collect()
}

/// Those that may write anything, with all that could be worked on meanwhile.
pub(super) fn codebase_wide(members: &Members<'_>) -> Vec<Found> {
    let is_wide = |place| members.at(place).is_some_and(|member| member.is_codebase_wide);
    let wide: Vec<usize> = unsettled_code(members).filter(|place| is_wide(*place)).collect();
    if wide.is_empty() {
        return Vec::new();
    }
    let reach = members.graph.reach();
    let needs = |a: usize, b: usize| reach.get(a).is_some_and(|all| all.contains(&b));
    let mut found = Vec::new();
    for at in wide {
        for other in unsettled_code(members).filter(|other| *other != at) {
            if !needs(at, other) && !needs(other, at) {
                found.push((at.min(other), at.max(other), Cause::CodebaseWide));
            }
        }
    }
    found
}

fn unsettled_code(members: &Members<'_>) -> impl Iterator<Item = usize> {
    (0..members.count()).filter(|place| !members.is_planning(*place) && !members.is_settled(*place))
}
