//! `git kitty log`: filters, and following.

use std::time::{Duration, Instant};

use crate::kit::log::time;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;
use crate::scene::TOPOLOGIES;

fn mission(topology: Topology) -> Mission {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    let plan = MissionBuilder::new("checkout").topology(topology);
    plan.wp(Wp::new("WP01")).wp(Wp::new("WP02")).build(&repo)
}

fn log(mission: &Mission, arguments: &[&str]) -> String {
    mission.repo.kitty(["log"].iter().chain(arguments)).exits(0).stdout
}

#[test]
fn events_come_as_stored_in_the_order_in_which_they_count() {
    for topology in TOPOLOGIES {
        let mut mission = mission(topology);
        mission.log.walk("WP01", &["planned", "claimed"]);
        mission.log.event("WP02", "planned", "claimed").actor("é").set("at", time(0));
        mission.save();
        let text = mission.log.text();
        let mut lines: Vec<&str> = text.lines().collect();
        let early = lines.pop().unwrap();
        lines.insert(0, early);
        let expected: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        assert_eq!(log(&mission, &[]), expected, "{topology:?}");
        assert_eq!(log(&mission, &["--format", "json"]), expected);
        assert_eq!(log(&mission, &[&mission.slug]), expected);
        assert_eq!(log(&mission, &["--mission", &mission.slug]), expected);
    }
}

#[test]
fn filters_join() {
    let mut mission = mission(Topology::Coordination);
    mission.log.walk("WP01", &["planned", "claimed", "in_progress"]);
    mission.log.annotation("WP01", serde_json::json!({ "note": "n" }));
    mission.log.raw(
        r#"{"event_id": "F", "event_type": "MissionCreated", "timestamp": "2020-01-01T00:00:00Z"}"#,
    );
    let plain = mission.log.text();
    let lines: Vec<&str> = plain.lines().collect();
    let files = [(format!("{}/status.events.jsonl", mission.dir()), plain.clone())];
    mission.repo.commit_to(&mission.branch(), &mission.branch(), "Log", &files);
    let expect = |arguments: &[&str], places: &[usize]| {
        let expected: String = places.iter().flat_map(|place| [lines[*place], "\n"]).collect();
        assert_eq!(log(&mission, arguments), expected, "{arguments:?}");
    };
    expect(&[], &[5, 0, 1, 2, 3, 4]);
    expect(&["-n", "2"], &[3, 4]);
    expect(&["-n", "0"], &[]);
    expect(&["--wp", "WP01"], &[0, 2, 3, 4]);
    expect(&["--wp", "WP01", "-n", "1"], &[4]);
    expect(&["--kind", "lane"], &[0, 1, 2, 3]);
    expect(&["--kind", "annotation"], &[4]);
    expect(&["--kind", "foreign"], &[5]);
    expect(&["--kind", "MissionCreated"], &[5]);
    expect(&["--since", &time(3)], &[2, 3, 4]);
    expect(&["--since", "2026-01-05T10:00:04.000004+01:00", "--kind", "lane"], &[3]);
    expect(&["--since", "1h"], &[]);
    expect(&["--since", "99999d"], &[5, 0, 1, 2, 3, 4]);
    for bad in [["--since", "yesterday"], ["--wp", "1"], ["-n", "-1"]] {
        mission.repo.kitty(["log"].iter().chain(&bad)).exits(2);
    }
    assert!(mission.repo.kitty(["log", "nothing"]).exits(1).stderr.contains("[MISSION_NOT_FOUND]"));
}

#[test]
fn a_damaged_log_is_refused_with_its_line() {
    let mut mission = mission(Topology::Coordination);
    mission.log.raw("<<<<<<< HEAD");
    let files = [(format!("{}/status.events.jsonl", mission.dir()), mission.log.text())];
    mission.repo.commit_to(&mission.branch(), &mission.branch(), "Log", &files);
    let said = mission.repo.kitty(["log", &mission.slug]).exits(2);
    assert!(said.stderr.contains("status.events.jsonl:3: not a line of JSON"), "{said}");
}

/// Runs a shell command that follows the log, while `meanwhile` happens half a second later.
#[track_caller]
pub(crate) fn following(
    mission: &Mission,
    command: &str,
    meanwhile: impl FnOnce() + Send,
) -> String {
    let start = Instant::now();
    let said = std::thread::scope(|threads| {
        threads.spawn(|| {
            std::thread::sleep(Duration::from_millis(500));
            meanwhile();
        });
        let call = mission.repo.sandbox().call("sh", mission.repo.path());
        call.args(["-c", command]).still().run().exits(0)
    });
    assert!(start.elapsed() < Duration::from_secs(30));
    assert_eq!(said.stderr, "");
    said.stdout
}

#[test]
fn following_shows_what_comes_and_ends_with_its_reader() {
    for topology in [Topology::Coordination, Topology::Primary] {
        let mut mission = mission(topology);
        let here = mission.clone();
        let said = following(&here, "git kitty log --follow -n 1 | head -n 3", || {
            mission.log.walk("WP01", &["planned", "claimed"]);
            mission.save();
            std::thread::sleep(Duration::from_millis(400));
            mission.log.walk("WP01", &["claimed", "in_progress"]);
            mission.save();
        });
        let text = mission.log.text();
        let expected: Vec<&str> = text.lines().skip(1).collect();
        assert_eq!(said.lines().collect::<Vec<_>>(), expected, "{topology:?}");
        assert_eq!(expected.len(), 3);
    }
}

#[test]
fn following_ends_quietly_without_another_event_or_at_an_interrupt() {
    let mission = mission(Topology::Coordination);
    let first = mission.log.text().lines().next().unwrap().to_owned() + "\n";
    assert_eq!(following(&mission, "git kitty log --follow | head -n 1", || ()), first);
    let interrupt = "timeout --preserve-status -s INT 1 git-kitty-log --follow -n 0; [ $? = 130 ]";
    assert_eq!(following(&mission, interrupt, || ()), "");
}
