//! What a merge would come to now, while the work goes on. Nothing of it can be seen: what git makes
//! for it is thrown away, and what is remembered is known by the ids of commits.

mod ask;
mod look;
mod sides;
mod train;

use std::collections::BTreeMap;

use anyhow::Result;

use self::ask::Ask;
use self::look::Look;
use super::order::{Ready, Skipped};
use crate::domain::id::LaneId;
use crate::domain::merging::{Meeting, PathConflict, Turn, Wish, best_order};
use crate::domain::oid::Oid;
use crate::domain::refusal::Warning;
use crate::git::{Pair, Repo};
use crate::store::Mission;

/// How the lanes of a mission stand to each other and to where they go.
#[derive(Debug, Clone)]
pub struct Forecast {
    /// The mission's directory.
    pub mission: String,
    /// The branch that the lanes come to first.
    pub coordination: String,
    /// The branch that the mission is for.
    pub target: String,
    /// Each lane that is open and not merged yet, in the order of their dependencies.
    pub lanes: Vec<Lane>,
    /// Each two of them.
    pub pairs: Vec<(LaneId, LaneId, Meeting)>,
    /// What becomes of these lanes, one behind the other; one that conflicts is left out.
    pub train: Vec<Turn>,
    /// Where the target conflicts with all that came together; `None` if the target is not here.
    pub landing: Option<Vec<PathConflict>>,
    /// The same lanes in an order with as few conflicts as can be.
    pub best_order: Vec<LaneId>,
    /// The lanes that are merged.
    pub contained: Vec<LaneId>,
    /// The lanes that do not count.
    pub skipped: Vec<Skipped>,
    /// How many merges of two were known.
    pub cached: usize,
    /// How many were not.
    pub computed: usize,
    /// What was found on the way.
    pub warnings: Vec<Warning>,
}

/// A lane, and how it stands to the target.
#[derive(Debug, Clone)]
pub struct Lane {
    /// The lane.
    pub lane_id: LaneId,
    /// Its branch.
    pub branch: String,
    /// Its tip.
    pub tip: Oid,
    /// What becomes of it and the target; `None` if that is not here.
    pub target: Option<Meeting>,
}

/// Looks at all lanes of a mission that are open, finished or not. It takes no lock and moves no ref.
///
/// # Errors
/// If the mission or a commit cannot be read, or git fails.
pub fn forecast(repo: &Repo, mission: Mission) -> Result<Forecast> {
    let look = Look::at(repo, mission)?;
    let ask = Ask::about(&look);
    let going = &look.going;
    let places = || 0..going.len();
    let pairs: Vec<(&Ready, &Ready)> = places()
        .flat_map(|one| going.get(one).into_iter().zip(going.get(one + 1..)))
        .flat_map(|(one, rest)| rest.iter().map(move |other| (one, other)))
        .collect();
    let of_two = pairs.iter().map(|(one, other)| Pair { ours: one.tip, theirs: other.tip });
    let with_target =
        going.iter().filter_map(|lane| Some(Pair { ours: look.onto?, theirs: lane.tip }));
    let asked: Vec<Pair> = of_two.chain(with_target).collect();
    let (mut meetings, computed) = ask.meetings(&asked)?;
    let mut with_target = meetings.split_off(pairs.len()).into_iter();
    let train = train::train(&ask)?;
    ask.keep();
    let named = pairs.iter().zip(meetings);
    let pairs: Vec<_> = named.map(|((one, other), with)| (id(one), id(other), with)).collect();
    let contained = |lane: &&Ready| going.iter().all(|one| one.site.lane.id != lane.site.lane.id);
    Ok(Forecast {
        lanes: going.iter().map(|lane| Lane::of(lane, with_target.next())).collect(),
        best_order: best(going, &pairs),
        pairs,
        train: train.turns,
        landing: train.landing,
        contained: look.order.ready.iter().filter(contained).map(id).collect(),
        cached: asked.len() - computed,
        computed,
        target: look.mission.meta.target_branch,
        mission: look.mission.dir,
        coordination: look.coordination,
        skipped: look.order.skipped,
        warnings: look.warnings,
    })
}

impl Lane {
    fn of(lane: &Ready, target: Option<Meeting>) -> Self {
        Self { lane_id: id(lane), branch: lane.site.branch.to_string(), tip: lane.tip, target }
    }
}

fn id(lane: &Ready) -> LaneId {
    lane.site.lane.id.clone()
}

fn best(lanes: &[Ready], pairs: &[(LaneId, LaneId, Meeting)]) -> Vec<LaneId> {
    let places: BTreeMap<&LaneId, usize> =
        lanes.iter().enumerate().map(|(place, lane)| (&lane.site.lane.id, place)).collect();
    let wish = |lane: &Ready| {
        let own = &lane.site.lane.id;
        let conflicting = pairs.iter().filter(|(_, _, meeting)| !meeting.clean);
        let others = conflicting.filter_map(|(a, b, _)| match own {
            own if own == a => Some(b),
            own => (own == b).then_some(a),
        });
        let needed = &lane.site.lane.depends_on_lanes;
        let place = |id: &LaneId| places.get(id).copied();
        Wish {
            conflicts: others.filter_map(place).collect(),
            after: needed.iter().filter_map(place).collect(),
        }
    };
    let wishes: Vec<Wish> = lanes.iter().map(wish).collect();
    best_order(&wishes).into_iter().filter_map(|place| lanes.get(place)).map(id).collect()
}
