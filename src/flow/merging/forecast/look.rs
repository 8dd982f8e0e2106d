//! What a forecast is about: the lanes of a mission and where they go, read once.

use anyhow::Result;

use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning};
use crate::flow::gate::absent;
use crate::flow::merging::order::{Order, Ready, Wanted};
use crate::git::{Graph, Repo};
use crate::store::{Mission, Source, Store};

/// The lanes of a mission, and where they go.
pub(super) struct Look<'r> {
    pub(super) repo: &'r Repo,
    pub(super) mission: Mission,
    /// The branch that the lanes come to first.
    pub(super) coordination: String,
    /// Its tip.
    pub(super) start: Oid,
    /// The tip of the branch that the mission lands on; `None` if that is not here.
    pub(super) onto: Option<Oid>,
    /// All lanes that are open, and why the others do not count.
    pub(super) order: Order,
    /// Those of them that the coordination branch does not have.
    pub(super) going: Vec<Ready>,
    pub(super) graph: Graph,
    pub(super) warnings: Vec<Warning>,
}

impl<'r> Look<'r> {
    /// Reads it.
    ///
    /// # Errors
    /// If the mission or a ref cannot be read.
    pub(super) fn at(repo: &'r Repo, mission: Mission) -> Result<Self> {
        let view = Store::new(repo).view(mission.clone())?;
        let board = view.board();
        let order = Order::of(repo, (&mission, view.lanes.as_ref()), (&board, Wanted::Open))?;
        let mut warnings = view.warnings;
        let target = &mission.meta.target_branch;
        let onto = tip(repo, target)?;
        let coordination = match order.ready.first() {
            Some(lane) => lane.site.base.clone(),
            None => mission.branch(),
        };
        let start = match (&mission.source, tip(repo, &coordination)?) {
            (Source::Coordination { tip, .. }, _) => *tip,
            (Source::Primary, Ok(tip)) => tip,
            (Source::Primary, Err(absent)) => match &onto {
                Ok(onto) => *onto,
                Err(_) => return Err(absent.into()),
            },
        };
        if let Err(absent) = &onto {
            warnings.push(Warning { code: absent.code(), message: absent.to_string() });
        }
        let onto = onto.ok();
        let tips = order.ready.iter().map(|one| one.tip).chain([start]).chain(onto);
        let mut tips: Vec<Oid> = tips.collect();
        tips.sort();
        tips.dedup();
        let graph = Graph::of(repo, &tips)?;
        let mut going = Vec::new();
        for lane in &order.ready {
            let is_there = match graph.contains(&[start], lane.tip) {
                Some(known) => known,
                None => repo.is_ancestor(lane.tip, start)?,
            };
            if !is_there {
                going.push(lane.clone());
            }
        }
        Ok(Self { repo, mission, coordination, start, onto, order, going, graph, warnings })
    }

    /// The commit that a merge of two others begins with, if there is just one.
    pub(super) fn base(&self, ours: &[Oid], theirs: Oid) -> Option<Oid> {
        self.graph.base(ours, theirs)
    }
}

/// The tip of a local branch, or why there is none.
fn tip(repo: &Repo, name: &str) -> Result<Result<Oid, Refusal>> {
    let Ok(branch) = name.parse::<BranchName>() else {
        return Ok(Err(Refusal::DestinationShape { name: name.to_owned() }));
    };
    match repo.find(&RefName::of_branch(name)?)? {
        Some(tip) => Ok(Ok(tip)),
        None => Ok(Err(absent(&|name| repo.find(name), &branch)?)),
    }
}
