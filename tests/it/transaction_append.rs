//! `git kitty event append`: one by one, as a batch, by many at once, and killed.

use std::collections::BTreeSet;

use git_kitty::git::crash;
use serde_json::{Value, json};

use crate::kit::mission::Topology;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::{Scene, TOPOLOGIES};

fn note(text: &str) -> Value {
    json!({"kind": "annotation", "wp_id": "WP03", "delta": {"note": text}})
}

fn step(to: &str) -> Value {
    json!({"wp_id": "WP03", "to_status": to})
}

fn ids(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event_id"].as_str().unwrap()).collect()
}

#[test]
fn each_line_is_a_commit_and_a_refused_one_ends_it() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let branch = scene.destination(topology);
        let base = scene.repo.id(&branch);
        let lines = [step("claimed"), note("n"), step("done"), step("in_progress")];
        let (status, receipts, said) = scene.append(&["-q"], &lines);
        let told = "error: Illegal transition: claimed -> done [TRANSITION_ILLEGAL]\nhint: from \
                    claimed go to in_progress, blocked, canceled; or `--force --reason T`\n";
        assert_eq!((status, receipts.len(), &*said), (1, 2, told), "{topology:?}");
        let commits = scene.repo.ask(["rev-list", "--reverse", &format!("{base}..{branch}")]);
        let receipted: Vec<_> = receipts.iter().map(|r| r["commit"].as_str().unwrap()).collect();
        assert_eq!(receipted, commits.lines().collect::<Vec<_>>());
        let messages = ["WP03: planned -> claimed", "WP03: annotation"];
        assert_eq!(scene.messages(&base, &branch), messages);
        let events = scene.events(&branch);
        assert_eq!(ids(&receipts), ids(&events[events.len() - 2..]));
        assert_eq!(events.last().unwrap()["delta"], json!({"note": "n"}));
    }
}

#[test]
fn a_batch_is_one_commit() {
    let scene = Scene::new(Topology::Coordination);
    let branch = scene.mission.branch();
    let base = scene.repo.id(&branch);
    let lines = [step("claimed"), step("in_progress"), note("n"), step("blocked")];
    let (status, receipts, said) = scene.append(&["--batch"], &lines);
    assert_eq!((status, &*said), (0, ""));
    let commits: BTreeSet<_> = receipts.iter().map(|receipt| receipt["commit"].as_str()).collect();
    assert_eq!(commits, BTreeSet::from([scene.repo.tip(&branch).as_deref()]));
    assert_eq!(scene.repo.id(&format!("{branch}~")), base);
    let events = scene.events(&branch);
    assert_eq!(ids(&receipts), ids(&events[events.len() - 4..]));
    assert!(events.iter().map(|event| event["at"].as_str()).is_sorted_by(|one, two| one < two));
}

#[test]
fn a_batch_with_one_bad_line_is_nothing() {
    let scene = Scene::new(Topology::Coordination);
    scene.append(&[], &[step("claimed")]);
    let known = scene.events(&scene.mission.branch()).pop().unwrap()["event_id"].clone();
    let mut doubled = note("n");
    doubled["event_id"] = known;
    let before = state(&scene.repo);
    for (bad, status, code) in [
        (step("done"), 1, "TRANSITION_ILLEGAL"),
        (step("claimed"), 1, "TRANSITION_ILLEGAL"),
        (json!({"wp_id": "WP09", "to_status": "claimed"}), 1, "WP_NOT_FOUND"),
        (json!({"wp_id": "WP03"}), 2, "EVENT_LOG_INVALID"),
        (json!({"wp_id": "WP03", "to_status": "blocked", "at": "2026"}), 2, "EVENT_LOG_INVALID"),
        (json!({"kind": "annotation"}), 2, "EVENT_LOG_INVALID"),
        (json!([]), 2, "EVENT_LOG_INVALID"),
        (doubled, 1, "BOOKKEEPING_DOUBLE_EVENT_ID"),
    ] {
        let lines = [step("in_progress"), note("n"), bad, note("m")];
        let (found, receipts, said) = scene.append(&["--batch"], &lines);
        assert_eq!((found, receipts.len()), (status, 0), "{said}");
        assert!(said.contains(&format!("[{code}]")), "{said}");
    }
    assert_eq!(scene.append(&["--batch"], &[]), (0, vec![], String::new()));
    assert_unchanged(&before, &state(&scene.repo));
}

#[test]
fn eight_processes_lose_no_event() {
    let scene = Scene::new(Topology::Coordination);
    let view = scene.mission.open_coordination();
    let branch = scene.mission.branch();
    let known = scene.events(&branch).len();
    let write = |worker: usize| {
        let lines: Vec<Value> = (0..5).map(|n| note(&format!("{worker}.{n}"))).collect();
        let (status, receipts, said) = scene.append(&[], &lines);
        assert_eq!((status, receipts.len()), (0, 5), "{said}");
        receipts
    };
    let receipts: Vec<Value> = std::thread::scope(|threads| {
        let workers: Vec<_> = (0..8).map(|worker| threads.spawn(move || write(worker))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    let events = scene.events(&branch).split_off(known);
    let sorted = |events: &[Value]| BTreeSet::from_iter(ids(events).into_iter().map(str::to_owned));
    assert_eq!((events.len(), sorted(&events)), (40, sorted(&receipts)));
    assert!(events.iter().map(|event| event["at"].as_str()).is_sorted_by(|one, two| one < two));
    for worker in 0..8 {
        let own = events.iter().filter_map(|event| event["delta"]["note"].as_str());
        let own: Vec<_> = own.filter(|note| note.starts_with(&format!("{worker}."))).collect();
        assert_eq!(own, (0..5).map(|n| format!("{worker}.{n}")).collect::<Vec<_>>());
    }
    assert_eq!(scene.repo.ask(["rev-list", "--count", "--merges", &branch]), "0");
    assert_eq!(view.ask(["status", "--porcelain"]), "");
}
/// Kills the append of an event at a step, then appends it again, and another one.
fn killed_at(step: &str, topology: Topology) {
    let scene = Scene::new(topology);
    let view = match topology {
        Topology::Primary => scene.lane.clone(),
        Topology::Coordination | Topology::Split => scene.mission.open_coordination(),
    };
    let mut event = note("n");
    event["event_id"] = "01KF4FTJ380000000000000000".into();
    let call = scene.lane.call(["kitty", "event", "append"]).env("GIT_KITTY_CRASH", step);
    let killed = call.stdin(event.to_string()).run();
    assert_eq!(killed.status, 128 + 6, "{step}: {killed}");
    let (status, _, said) = scene.append(&["-q"], &[event]);
    let was_there = said.contains("[BOOKKEEPING_DOUBLE_EVENT_ID]");
    assert!(status == 0 || was_there, "{step}: {said}");
    let (status, _, said) = scene.append(&["-q"], &[note("later")]);
    assert_eq!((status, &*said), (0, ""), "{step}");
    let notes = scene.events(&scene.destination(topology));
    let notes: Vec<_> = notes.iter().filter_map(|event| event["delta"]["note"].as_str()).collect();
    assert_eq!(notes, ["n", "later"], "{step}");
    let shown = scene.repo.kitty(["log", "--kind", "annotation"]).exits(0).stdout;
    assert_eq!(shown.lines().count(), 2, "{step}: {shown}");
    assert_eq!(view.ask(["status", "--porcelain"]), "", "{step}");
}

#[test]
fn killed_at_any_step_and_run_again_the_event_is_there_once() {
    for step in crash::PUBLISH.iter().chain(crash::TRANSACTION) {
        killed_at(step, Topology::Coordination);
        killed_at(step, Topology::Primary);
    }
}

#[test]
fn a_write_that_was_killed_after_its_commit_is_followed_up_also_by_a_refused_one() {
    for topology in [Topology::Coordination, Topology::Primary] {
        for step in ["after-publish", "after-confirm"] {
            let scene = Scene::new(topology);
            let view = match topology {
                Topology::Primary => scene.lane.clone(),
                Topology::Coordination | Topology::Split => scene.mission.open_coordination(),
            };
            let claim = ["kitty", "wp", "claim", "WP03"];
            scene.lane.call(claim).env("GIT_KITTY_CRASH", step).run().exits(128 + 6);
            assert_ne!(view.ask(["status", "--porcelain"]), "", "{step}");
            let said = scene.lane.call(claim).run().exits(1).stderr;
            assert!(said.contains("[TRANSITION_ILLEGAL]"), "{said}");
            assert_eq!(view.ask(["status", "--porcelain"]), "", "{topology:?} {step}");
            if topology == Topology::Primary {
                let path = format!("{}/status.events.jsonl", scene.mission.dir());
                let line = scene.events(&scene.destination(topology)).pop().unwrap();
                let id = line["event_id"].as_str().unwrap();
                assert_eq!(scene.repo.read(&path).matches(id).count(), 1, "{step}");
            }
        }
    }
}
