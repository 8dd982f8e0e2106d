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

#[test]
fn a_batch_is_for_one_branch() {
    let scene = Scene::new(Topology::Primary);
    let base = scene.repo.id("main");
    scene.mission.open_lane("lane-a");
    let lanes = ["lane-a", "lane-b"].map(|lane| scene.mission.lane_branch(lane));
    let other = json!({"wp_id": "WP01", "to_status": "blocked"});
    let about = json!({"kind": "annotation", "wp_id": "WP01", "delta": {"note": "n"}});
    let tips = || lanes.each_ref().map(|lane| scene.repo.id(lane));
    let before = (tips(), scene.repo.read(&scene.log_path()));
    for second in [&other, &about] {
        let (status, receipts, said) =
            scene.append(&["--batch"], &[step("claimed"), second.clone()]);
        let told = format!(
            "error: one commit cannot go to two branches: `{}`, and `{}` where WP01 belongs \
             [DESTINATION_NOT_ONE]\nhint: leave `--batch` out, so that each line is a commit of its \
             own; or give the lines of each branch apart\n",
            lanes[1], lanes[0]
        );
        assert_eq!((status, receipts.len(), &*said), (1, 0, &*told));
    }
    assert_eq!((tips(), scene.repo.read(&scene.log_path())), before);
    let (status, receipts, said) = scene.append(&["-q"], &[step("claimed"), other, about]);
    assert_eq!((status, receipts.len(), &*said), (0, 3, ""));
    assert_eq!(
        scene.messages(&before.0[0], &lanes[0]),
        ["WP01: in_progress -> blocked", "WP01: annotation"]
    );
    assert_eq!(scene.messages(&before.0[1], &lanes[1]), ["WP03: planned -> claimed"]);
    assert_eq!(scene.repo.id("main"), base);
}

#[test]
fn a_damaged_line_of_input_is_mended_in_the_input() {
    let scene = Scene::new(Topology::Coordination);
    let call = scene.repo.call(["kitty", "event", "append"]).stdin("{\"wp_id\": \"WP03\"}\n");
    let told = "error: standard input:1: `to_lane` is missing [EVENT_LOG_INVALID]\n\
                hint: mend the input from that line on, and give it again\n";
    assert_eq!(call.run().parts(), (2, "", told));
    let reduce = scene.repo.call(["kitty", "event", "reduce", "-"]).stdin("{}\n{\n").run().exits(2);
    assert!(reduce.stderr.ends_with("hint: mend the input from that line on, and give it again\n"));
}

/// Integers beyond 64 bits, spaces, escapes and the order of keys stay as they stand in lines that
/// are there; what we would have to round we do not take.
#[test]
fn no_number_of_a_line_is_ever_rounded() {
    let big = "123456789012345678901234567890";
    let foreign = format!(
        "{{\"event_type\":\"X\",  \"z\": {big}, \"a\": [1.10, 1E2, -0, \"\\u00e9\\/é\"], \"event_id\": \"F\"}}"
    );
    for topology in TOPOLOGIES {
        let mut scene = Scene::new(topology);
        scene.mission.log.raw(&foreign);
        let known = format!(
            "{{\"kind\":\"annotation\", \"wp_id\": \"WP03\",\"actor\":\"a\",\"at\":\"2026-01-05T09:00:01\",\
             \"event_id\":\"01KF4FTJ380000000000000000\",\"delta\":{{}}, \"more\": {big}}}"
        );
        scene.mission.log.raw(&known);
        let text = scene.mission.log.text();
        let branch = scene.destination(topology);
        let path = scene.log_path();
        match topology {
            Topology::Primary => scene.repo.write(&path, &text),
            Topology::Coordination | Topology::Split => {
                scene.repo.commit_to(&branch, &branch, "Note", &[(path.clone(), text)]);
            }
        }
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        let (status, receipts, said) = scene.append(&["-q"], &[step("in_progress"), note("n")]);
        assert_eq!((status, receipts.len()), (0, 2), "{said}");
        let log = match topology {
            Topology::Primary => scene.repo.read(&path),
            Topology::Coordination | Topology::Split => {
                scene.repo.ask(["show", &format!("{branch}:{path}")])
            }
        };
        let shown = scene.repo.kitty(["log"]).exits(0).stdout;
        for line in [&foreign, &known] {
            assert!(log.lines().any(|found| found == line), "{topology:?}: {log}");
            assert!(shown.lines().any(|found| found == line), "{topology:?}: {shown}");
        }
        let line = format!(
            "{{\"kind\":\"annotation\",\"wp_id\":\"WP03\",\"delta\":{{\"shell_pid\":{big}}}}}"
        );
        let said = scene.repo.call(["kitty", "event", "append"]).stdin(line).run().exits(2);
        let told = format!("standard input:1: {big} has more than 64 bits: write it as text");
        assert!(said.stderr.contains(&told), "{said}");
    }
}

#[test]
fn input_that_is_no_text_is_named_with_its_line() {
    let scene = Scene::new(Topology::Coordination);
    for options in [&[][..], &["--batch"]] {
        let call = scene.lane.call(["kitty", "event", "append"]).args(options);
        let said = call.stdin(b"\n\xff\n".to_vec()).run().exits(2);
        assert!(said.stderr.starts_with("error: standard input:2: not UTF-8 ["), "{said}");
    }
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
    if topology == Topology::Primary {
        let primary = scene.repo.read(&format!("{}/status.events.jsonl", scene.mission.dir()));
        assert_eq!(
            primary.matches("\"note\"").count(),
            2,
            "{step}: the primary checkout: {primary}"
        );
    }
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
            let claim = ["kitty", "wp", "move", "WP03", "--to", "claimed"];
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
