//! The reducer against the snapshots that the reference committed.

use std::collections::BTreeMap;

use git_kitty::domain::event::{Envelope, Event, Line, Log, statuses};
use git_kitty::domain::snapshot::{Snapshot, reduce, reduce_bytes};
use git_kitty::domain::status::Status;

use crate::missions::{Mission, missions};

/// Why a committed snapshot is not that of the log beside it.
#[derive(Clone, Copy)]
enum Staleness {
    /// It was made before the log's last lines came, which are so many.
    LastLines(usize),
    /// It was made by a reader that passes annotations over.
    Annotations,
    /// It has work packages that no line of the log names.
    Invented(&'static [&'static str]),
}

const STALE: [(&str, Staleness); 6] = [
    ("expected-artifacts-manifest-repair-01KZY498", Staleness::LastLines(5)),
    ("kind-complete-cascade-orphan-wiring-01M0FQCD", Staleness::Annotations),
    ("operating-procedures-validate-triage-01M0DR8F", Staleness::Annotations),
    ("project-tier-drg-node-emission-01M0DM94", Staleness::Annotations),
    (
        "rc3-lane-allocation-single-seam-01M0GGX8",
        Staleness::Invented(&["WP1", "WP2", "WP3", "WP4", "WP5"]),
    ),
    ("rc3-mission-type-backfill-01M0GGNS", Staleness::LastLines(4)),
];

#[test]
#[ignore = "needs the corpus"]
fn snapshots_equal_the_committed_ones_but_for_six() {
    let missions = missions();
    let (equal, other): (Vec<&Mission>, _) = missions
        .iter()
        .filter(|mission| mission.snapshot.is_some())
        .partition(|mission| Some(mission.reduce(&mission.log)) == mission.snapshot);
    let names: Vec<&str> = other.iter().map(|mission| mission.name.as_str()).collect();
    assert_eq!((equal.len(), names), (206, STALE.map(|(name, _)| name).to_vec()));
}

#[test]
#[ignore = "needs the corpus"]
fn each_stale_snapshot_has_one_reason() {
    let missions = missions();
    for (name, staleness) in STALE {
        let mission = missions.iter().find(|mission| mission.name == name).unwrap();
        let log = mission.parse();
        let committed = mission.snapshot.clone().unwrap();
        match staleness {
            Staleness::LastLines(count) => {
                let then = &log.lines()[..log.lines().len() - count];
                assert_eq!(mission.reduce(&bytes(then)), committed, "{name}");
            }
            Staleness::Annotations => {
                let moves = log.lines().iter().filter(|l| !matches!(l.event, Event::Annotation(_)));
                assert_eq!(mission.reduce(&bytes(moves)), committed, "{name}");
            }
            Staleness::Invented(wp_ids) => {
                let mut committed = Snapshot::parse(name, &committed).unwrap();
                for wp_id in wp_ids {
                    let invented = committed.work_packages.remove(*wp_id).unwrap();
                    assert_eq!(invented.status, Status::Uninitialized);
                }
                assert_eq!(committed, reduce(&log, Some(&mission.facts)).unwrap(), "{name}");
            }
        }
    }
}

#[test]
#[ignore = "needs the corpus"]
fn every_line_is_of_one_of_four_schemas_and_kept() {
    let missions = missions();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for mission in &missions {
        let log = mission.parse();
        for line in log.lines() {
            *counts.entry(schema(&line.event)).or_default() += 1;
        }
        assert!(log.to_bytes() == mission.log, "{}", mission.name);
    }
    assert_eq!(missions.len(), 213);
    let expected = [("annotation", 2763), ("event_type", 733), ("lane", 9876), ("type", 93)];
    assert_eq!(counts, BTreeMap::from(expected));
}

#[test]
#[ignore = "needs the corpus"]
fn the_light_reading_agrees_with_the_snapshot() {
    for mission in missions() {
        let log = mission.parse();
        let snapshot = reduce(&log, None).unwrap();
        let full: Vec<_> = snapshot
            .work_packages
            .iter()
            .filter_map(|(wp_id, wp)| {
                let (id, at) = (wp.last_event_id.as_deref()?, wp.last_transition_at.as_deref()?);
                Some((wp_id.as_str(), wp.status, id, at, wp.actor.as_str()))
            })
            .collect();
        let light: Vec<_> = statuses([&log])
            .into_iter()
            .map(|(wp_id, wp)| (wp_id, wp.status, wp.last_event_id, wp.at, wp.actor))
            .collect();
        assert_eq!(light, full, "{}", mission.name);
    }
}

#[test]
#[ignore = "needs the corpus"]
fn committed_snapshots_are_read_and_written_alike() {
    for mission in missions() {
        let Some(committed) = &mission.snapshot else { continue };
        let snapshot = Snapshot::parse("status.json", committed).unwrap();
        assert!(snapshot.to_bytes().unwrap() == *committed, "{}", mission.name);
    }
}

impl Mission {
    fn parse(&self) -> Log<'_> {
        Log::parse(&self.name, &self.log).unwrap()
    }

    fn reduce(&self, log: &[u8]) -> Vec<u8> {
        reduce_bytes(&self.name, log, Some(&self.facts)).unwrap()
    }
}

fn bytes<'l, 'a: 'l>(lines: impl IntoIterator<Item = &'l Line<'a>>) -> Vec<u8> {
    lines.into_iter().flat_map(|line| [line.text, "\n"]).collect::<String>().into_bytes()
}

fn schema(event: &Event<'_>) -> &'static str {
    match event {
        Event::Lane(_) => "lane",
        Event::Annotation(_) => "annotation",
        Event::Foreign(foreign) => match foreign.envelope {
            Envelope::EventName => "event_name",
            Envelope::Type => "type",
            Envelope::EventType => "event_type",
        },
    }
}
