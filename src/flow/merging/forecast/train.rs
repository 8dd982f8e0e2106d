//! All lanes one behind the other, and then the target: as the merge would go on, if each lane that
//! conflicts were left out.

use std::collections::BTreeSet;

use anyhow::Result;

use super::ask::Ask;
use super::sides::{Side, Touching};
use crate::domain::identity::Identity;
use crate::domain::merging::{PathConflict, Turn};
use crate::domain::oid::Oid;
use crate::domain::time::Instant;
use crate::flow::merging::land::joined;
use crate::flow::merging::order::Ready;
use crate::flow::merging::resolutions::Resolutions;
use crate::flow::merging::stage_two;
use crate::flow::merging::together::{Changed, Coming, conflicts};
use crate::git::train::{AtConflict, Outcome};
use crate::git::{Repo, Signed, Writer};
use crate::store::Train;

/// Numbers of sides that are no lane.
const AHEAD: usize = usize::MAX - 1;
const TARGET: usize = usize::MAX;

/// What becomes of all lanes that are going, and of the target behind them.
///
/// # Errors
/// If a commit cannot be read, or git fails.
pub(super) fn train(ask: &Ask<'_, '_>) -> Result<Train> {
    let look = ask.look;
    let all: Vec<&Ready> = look.going.iter().collect();
    if all.is_empty() && look.onto.is_none() {
        return Ok(Train::default());
    }
    let key = key(ask, &all, look.onto)?;
    if let Some(known) = ask.old.trains.get(&key) {
        ask.new.borrow_mut().trains.clone_from(&ask.old.trains);
        return Ok(known.clone());
    }
    let found = match entangled(ask)? {
        Some(some) if !ask.is_first() => of_some(ask, &some)?,
        some => {
            let found = Real { ask, lanes: &all, lands: true }.run()?;
            // What it says of these holds without the others, too.
            if let Some(some) = some.filter(|some| !some.is_empty()) {
                keep_some(ask, &some, &found)?;
            }
            found
        }
    };
    ask.new.borrow_mut().trains.insert(key, found.clone());
    Ok(found)
}

/// The lanes that touch what others touch, by their places; `None` if the rest cannot be told without
/// git, or the target touches something.
fn entangled(ask: &Ask<'_, '_>) -> Result<Option<BTreeSet<usize>>> {
    let look = ask.look;
    let tips: Vec<Oid> = look.going.iter().map(|lane| lane.tip).collect();
    let others = |own: usize| {
        let rest = tips.iter().enumerate().filter(move |(place, _)| *place != own);
        [look.start].into_iter().chain(rest.map(|(_, tip)| *tip)).collect::<Vec<_>>()
    };
    // The same base with all others as with the start alone: then it is with any of them.
    let base = |own: usize, tip: Oid| {
        let base = look.base(&[look.start], tip)?;
        (look.base(&others(own), tip)? == base).then_some(base)
    };
    let mut ends: Vec<(usize, [Oid; 2])> = Vec::new();
    let mut bases = BTreeSet::new();
    let target = look.onto.map(|onto| (TARGET, onto));
    for (own, tip) in tips.iter().copied().enumerate().chain(target) {
        let Some(base) = base(own, tip) else { return Ok(None) };
        bases.insert(base);
        ends.push((own, [base, tip]));
    }
    // The target comes last: see `Touching`.
    let target = ends.pop_if(|(own, _)| *own == TARGET);
    ends.extend(bases.into_iter().map(|base| (AHEAD, [base, look.start])));
    ends.extend(target);
    let mut sides = Vec::new();
    for (own, commits) in ends {
        sides.push((own, ask.side(commits)?));
    }
    let sides: Vec<(usize, &Side)> = sides.iter().map(|(own, side)| (*own, &**side)).collect();
    let Some(touching) = Touching::of(&sides) else { return Ok(None) };
    if touching.touches(TARGET, |_| true) {
        return Ok(None);
    }
    let is_entangled = |own: &usize| touching.touches(*own, |other| other != TARGET);
    let some: BTreeSet<usize> = (0..tips.len()).filter(is_entangled).collect();
    let is_mixed = touching.may_mix(|own| own == AHEAD || some.contains(&own));
    Ok((some.is_empty() || !is_mixed).then_some(some))
}

/// Asks git about some lanes; the others, and the target, are merged whatever comes before them.
fn of_some(ask: &Ask<'_, '_>, some: &BTreeSet<usize>) -> Result<Train> {
    let lanes = lanes(ask, some);
    let mut known = Train::default();
    if !lanes.is_empty() {
        let key = key(ask, &lanes, None)?;
        known = match ask.old.trains.get(&key) {
            Some(known) => known.clone(),
            None => Real { ask, lanes: &lanes, lands: false }.run()?,
        };
        ask.new.borrow_mut().trains.insert(key, known.clone());
    }
    let mut turns = known.turns.into_iter();
    let turn = |(place, lane): (usize, &Ready)| match some.contains(&place) {
        true => turns.next(),
        false => Some(Turn {
            lane_id: lane.site.lane.id.to_string(),
            is_contained: false,
            conflicts: Vec::new(),
        }),
    };
    let turns = ask.look.going.iter().enumerate().filter_map(turn).collect();
    Ok(Train { turns, landing: ask.look.onto.map(|_| Vec::new()) })
}

fn keep_some(ask: &Ask<'_, '_>, some: &BTreeSet<usize>, all: &Train) -> Result<()> {
    let turns = all.turns.iter().enumerate().filter(|(place, _)| some.contains(place));
    let turns = turns.map(|(_, turn)| turn.clone()).collect();
    let key = key(ask, &lanes(ask, some), None)?;
    ask.new.borrow_mut().trains.insert(key, Train { turns, landing: None });
    Ok(())
}

fn lanes<'l>(ask: &'l Ask<'_, '_>, some: &BTreeSet<usize>) -> Vec<&'l Ready> {
    some.iter().filter_map(|place| ask.look.going.get(*place)).collect()
}

/// The id of all that it depends on.
fn key(ask: &Ask<'_, '_>, lanes: &[&Ready], onto: Option<Oid>) -> Result<String> {
    let start = ask.look.start.to_string();
    let onto = onto.map(|onto| onto.to_string()).unwrap_or_default();
    let lanes = lanes.iter().map(|lane| format!("{} {}", lane.site.lane.id, lane.tip));
    let text = [start, onto].into_iter().chain(lanes).collect::<Vec<_>>().join("\n");
    Ok(ask.look.repo.id_of_blob(text.as_bytes())?.to_string())
}

/// A train that is made, where nobody sees it.
struct Real<'a, 'l, 'r> {
    ask: &'a Ask<'l, 'r>,
    lanes: &'a [&'l Ready],
    /// Whether it goes on to the target.
    lands: bool,
}

impl Real<'_, '_, '_> {
    fn run(&self) -> Result<Train> {
        let (look, scratch) = (self.ask.look, self.ask.scratch()?);
        let (repo, writer) = (scratch.repo(), scratch.writer());
        let who = Identity::new("git-kitty", "git-kitty@invalid")?;
        let lanes: Vec<Ready> = self.lanes.iter().map(|lane| (*lane).clone()).collect();
        let made = Coming {
            repo,
            start: look.start,
            branch: &look.coordination,
            lanes: &lanes,
            resolutions: &Resolutions::default(),
            signed: Signed { who: &who, at: Instant::from_micros(0) },
            at_conflict: AtConflict::Skip,
        }
        .together(&writer)?;
        let mut merged: Vec<&Ready> = Vec::new();
        let mut turns = Vec::new();
        for (lane, step) in lanes.iter().zip(&made.steps) {
            let (mut is_contained, mut found) = (false, Vec::new());
            match &step.outcome {
                Outcome::Merged { .. } => merged.push(lane),
                Outcome::Contained => is_contained = true,
                Outcome::Conflict(merge) => {
                    let changed = self.changed(look.start, &merged)?;
                    found = conflicts(&changed, (&step.wagon.name, merge));
                }
            }
            let lane_id = lane.site.lane.id.to_string();
            turns.push(Turn { lane_id, is_contained, conflicts: found });
        }
        let onto = look.onto.filter(|_| self.lands);
        let landing = onto.map(|onto| self.landing((&writer, repo), [onto, made.tip], &merged));
        Ok(Train { turns, landing: landing.transpose()? })
    }

    /// Where the target conflicts with what came together, as stage 2 would find it.
    fn landing(
        &self,
        (writer, repo): (&Writer<'_>, &Repo),
        [onto, tip]: [Oid; 2],
        merged: &[&Ready],
    ) -> Result<Vec<PathConflict>> {
        if self.ask.look.graph.contains(&[self.ask.look.start], onto) == Some(true)
            || joined(writer, repo, [onto, tip])?.clean
        {
            return Ok(Vec::new());
        }
        let merge = joined(writer, repo, [tip, onto])?;
        Ok(stage_two::conflicts(&self.changed(onto, merged)?, &merge))
    }

    /// The paths that each lane changed since it left `from`.
    fn changed(&self, from: Oid, lanes: &[&Ready]) -> Result<Vec<Changed>> {
        let one = |lane: &&Ready| {
            let look = self.ask.look;
            let base = match look.base(&[from], lane.tip) {
                Some(base) => Some(base),
                None => look.repo.merge_base(from, lane.tip)?,
            };
            let paths = match base {
                Some(base) => self.ask.side([base, lane.tip])?.footprint.touched.clone(),
                None => crate::flow::merging::together::changed(look.repo, from, lane.tip)?
                    .into_iter()
                    .collect(),
            };
            Ok((lane.site.lane.id.to_string(), paths.into_iter().collect()))
        };
        lanes.iter().map(one).collect()
    }
}
