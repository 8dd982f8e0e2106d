//! Moves and appends: each is one transaction, done as a whole or refused as a whole.

use serde_json::{Value, json};

use crate::kit::mission::Topology;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::{Scene, TOPOLOGIES};

impl Scene {
    /// The branch that takes what is written about WP02 and WP03.
    pub(crate) fn destination(&self, topology: Topology) -> String {
        match topology {
            Topology::Primary => self.mission.lane_branch("lane-b"),
            Topology::Coordination | Topology::Split => self.mission.branch(),
        }
    }

    /// A file of the mission on a branch.
    pub(crate) fn on(&self, branch: &str, file: &str) -> String {
        self.repo.ask(["show", &format!("{branch}:{}/{file}", self.mission.dir())]) + "\n"
    }

    /// The events on a branch.
    pub(crate) fn events(&self, branch: &str) -> Vec<Value> {
        let log = self.on(branch, "status.events.jsonl");
        log.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The messages of the commits since `base`, the oldest first.
    pub(crate) fn messages(&self, base: &str, branch: &str) -> Vec<String> {
        let range = format!("{base}..{branch}");
        let said = self.repo.ask(["log", "--reverse", "--first-parent", "--format=%s", &range]);
        said.lines().map(str::to_owned).collect()
    }

    /// What `git kitty event append` says to these lines: status, receipts, standard error.
    pub(crate) fn append(&self, options: &[&str], lines: &[Value]) -> (i32, Vec<Value>, String) {
        let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let call = self.lane.call(["kitty", "event", "append"]).args(options);
        let said = call.stdin(input).run();
        let receipts = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
        (said.status, receipts.collect(), said.stderr)
    }
}

/// The whole life of a work package, with what each step asks for.
const LIFE: [(&str, &[&str]); 6] = [
    ("claimed", &[]),
    ("in_progress", &[]),
    ("for_review", &["--subtasks-complete", "--evidence", "tests pass"]),
    ("in_review", &["--actor", "rita"]),
    ("approved", &["--reviewer", "rita", "--verdict", "approved", "--reference", "PR-7"]),
    ("done", &["--reviewer", "rita", "--verdict", "approved", "--reference", "PR-7"]),
];

#[test]
fn a_package_moves_along_its_whole_life_wherever_its_mission_is() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let branch = scene.destination(topology);
        let base = scene.repo.id(&branch);
        let known = scene.events(&branch).len();
        let mut expected = Vec::new();
        let mut from = "planned";
        for (to, options) in LIFE {
            let said = scene.lane.kitty(["wp", "move", "WP03", "--to", to].iter().chain(options));
            let step = format!("WP03: {from} -> {to}");
            let commit = &scene.repo.id(&branch)[..12];
            let told = format!("{step}\ncommitted {commit} to {branch}: {step}\n");
            assert_eq!((said.status, said.stdout), (0, told), "{topology:?}");
            expected.push(step);
            from = to;
        }
        assert_eq!(scene.messages(&base, &branch), expected, "{topology:?}");
        let events = scene.events(&branch);
        let moves = events[known..].iter().map(|event| {
            let text = |key: &str| event[key].as_str().unwrap();
            format!("{}: {} -> {}", text("wp_id"), text("from_lane"), text("to_lane"))
        });
        assert_eq!(moves.collect::<Vec<_>>(), expected, "{topology:?}");
        let board = scene.repo.kitty(["wp", "show", "WP03"]).exits(0).stdout;
        assert!(board.contains("  status: done (lane-b)\n"), "{topology:?}: {board}");
    }
}

#[test]
fn steps_that_are_not_allowed_say_what_is_missing_and_change_nothing() {
    let scene = Scene::new(Topology::Coordination);
    let illegal = |to: &str| {
        format!(
            "error: Illegal transition: in_progress -> {to} [TRANSITION_ILLEGAL]\nhint: from \
             in_progress go to planned, for_review, approved, blocked, canceled; or `--force \
             --reason T`\n"
        )
    };
    let unmet = |sentence: &str, hint: &str| {
        format!("error: Transition {sentence} [TRANSITION_GUARD_UNMET]\nhint: give {hint}\n")
    };
    let work = "in_progress -> for_review requires completed subtasks or force with reason";
    let approval = "to approved requires evidence (reviewer identity and approval reference)";
    let cases: [(&[&str], i32, String); 9] = [
        (&["done"], 1, illegal("done")),
        (&["doing"], 1, illegal("in_progress")),
        (&["genesis"], 1, illegal("genesis")),
        (
            &["for_review"],
            1,
            unmet(work, "`--subtasks-complete` and `--evidence TEXT`, or commit to the lane"),
        ),
        (
            &["for_review", "--subtasks-complete"],
            1,
            unmet(
                "in_progress -> for_review requires implementation evidence or force with reason",
                "`--evidence TEXT`, or commit to the lane",
            ),
        ),
        (&["approved"], 1, unmet(approval, "`--reviewer N --verdict approved --reference R`")),
        (&["planned"], 1, unmet("in_progress -> planned requires reason", "`--reason T`")),
        (
            &["done", "--force"],
            1,
            "error: Force transitions require actor and reason [TRANSITION_FORCE_INCOMPLETE]\n\
             hint: give `--actor NAME` and `--reason T`\n"
                .to_owned(),
        ),
        (
            &["nowhere"],
            2,
            "error: Unknown lane: nowhere [STATUS_UNKNOWN]\nhint: one of: planned, claimed, \
             in_progress, for_review, in_review, approved, done, blocked, canceled\n"
                .to_owned(),
        ),
    ];
    scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    let before = state(&scene.repo);
    for (arguments, status, told) in cases {
        let said = scene.lane.kitty(["wp", "move", "WP02", "--to"].iter().chain(arguments));
        assert_eq!(said.parts(), (status, "", &*told), "{arguments:?}");
    }
    let said = scene.lane.kitty(["wp", "move", "WP09", "--to", "blocked"]).exits(1).stderr;
    let unknown = format!("error: mission `{}` has no work package `WP09`", scene.mission.slug);
    assert!(said.starts_with(&unknown), "{said}");
    assert_unchanged(&before, &state(&scene.repo));
}

#[test]
fn force_passes_edges_and_guards_and_is_on_record() {
    let scene = Scene::new(Topology::Coordination);
    let words = ["wp", "move", "WP02", "--to", "done", "--force", "--reason", "shipped by hand"];
    let said = scene.lane.kitty(words).exits(0);
    assert!(said.stdout.starts_with("WP02: in_progress -> done\n"), "{said}");
    let event = scene.events(&scene.mission.branch()).pop().unwrap();
    let told = [&event["force"], &event["reason"], &event["from_lane"], &event["to_lane"]];
    assert_eq!(
        told,
        [&json!(true), &json!("shipped by hand"), &json!("in_progress"), &json!("done")]
    );
    scene.lane.kitty(["wp", "move", "WP02", "--to", "planned"]).exits(1);
    let words = ["wp", "move", "WP02", "--to", "planned", "--force", "--reason", "not quite"];
    scene.lane.kitty(words).exits(0);
}

#[test]
fn commits_on_the_lane_are_evidence() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let ask = ["event", "check", "WP02", "--to", "for_review", "--subtasks-complete"];
        let said = scene.lane.kitty(ask).exits(1).stdout;
        assert!(said.contains("requires implementation evidence"), "{topology:?}: {said}");
        scene.commit(&[("src/b/two.rs", "better\n")]).exits(0);
        let said = scene.lane.kitty(ask);
        let told = "WP02 may go from in_progress to for_review\n";
        assert_eq!(said.parts(), (0, told, ""), "{topology:?}");
    }
}

#[test]
fn a_check_says_what_a_move_would_and_writes_nothing() {
    let scene = Scene::new(Topology::Split);
    let before = state(&scene.repo);
    let check = |options: &[&str]| {
        let words = ["event", "check", "WP02", "--format", "json", "--to"];
        let said = scene.lane.kitty(words.iter().chain(options));
        (said.status, serde_json::from_str::<Value>(&said.stdout).unwrap())
    };
    let allowed = json!({
        "schema": 1, "allowed": true, "error_code": null, "missing": [], "warnings": [],
    });
    assert_eq!(check(&["blocked"]), (0, allowed));
    for (to, code, missing) in [
        ("done", "TRANSITION_ILLEGAL", &[][..]),
        ("planned", "TRANSITION_GUARD_UNMET", &["reason"]),
        ("approved", "TRANSITION_GUARD_UNMET", &["approval_evidence"]),
        ("for_review", "TRANSITION_GUARD_UNMET", &["subtasks_complete", "implementation_evidence"]),
    ] {
        let (status, said) = check(&[to]);
        assert_eq!((status, &said["allowed"]), (1, &json!(false)), "{to}");
        assert_eq!((&said["error_code"], &said["missing"]), (&json!(code), &json!(missing)));
        let moved = scene.lane.kitty(["wp", "move", "WP02", "--format", "json", "--to", to]);
        let moved: Value = serde_json::from_str(&moved.exits(1).stdout).unwrap();
        assert_eq!(
            [&moved["message"], &moved["next_step"]],
            [&said["message"], &said["next_step"]]
        );
    }
    let (status, said) = check(&["nowhere"]);
    assert_eq!((status, &said["error_code"]), (2, &json!("STATUS_UNKNOWN")));
    let after = state(&scene.repo).without("spec-kitty-locks");
    assert_unchanged(&before.without("spec-kitty-locks"), &after);
}

#[test]
fn whoever_acts_is_named_by_option_variable_or_git() {
    let scene = Scene::new(Topology::Coordination);
    let named = scene.lane.clone().env("GIT_KITTY_ACTOR", "vera");
    named.kitty(["wp", "move", "WP03", "--to", "claimed", "--actor", "olga"]).exits(0);
    named.kitty(["wp", "move", "WP03", "--to", "in_progress"]).exits(0);
    scene.lane.kitty(["wp", "move", "WP03", "--to", "blocked"]).exits(0);
    let (status, ..) =
        scene.append(&[], &[json!({"wp_id": "WP03", "to_status": "in_progress", "actor": "line"})]);
    assert_eq!(status, 0);
    let branch = scene.mission.branch();
    let actors: Vec<_> =
        scene.events(&branch).into_iter().map(|event| event["actor"].clone()).collect();
    assert_eq!(actors[actors.len() - 4..], ["olga", "vera", "Carl", "line"]);
    let people = scene.repo.ask(["log", "-4", "--format=%an <%ae>/%cn <%ce>", &branch]);
    assert_eq!(
        people.lines().collect::<Vec<_>>(),
        ["Carl <carl@example.com>/Carl <carl@example.com>"; 4]
    );
    let nobody = scene.lane.clone().env("GIT_COMMITTER_NAME", "").env("GIT_COMMITTER_EMAIL", "");
    let said = nobody.kitty(["wp", "move", "WP03", "--to", "blocked", "--actor", "x"]).exits(5);
    assert!(said.stderr.contains("[IDENTITY_UNKNOWN]"), "{said}");
}

#[test]
fn time_only_moves_forward_even_after_a_clock_that_was_ahead() {
    let mut scene = Scene::new(Topology::Coordination);
    let ahead = "2099-12-31T23:59:59.999999+00:00";
    scene.mission.log.event("WP03", "planned", "claimed").set("at", ahead);
    scene.mission.save();
    scene.lane.kitty(["wp", "move", "WP03", "--to", "in_progress"]).exits(0);
    scene.lane.kitty(["wp", "move", "WP02", "--to", "blocked"]).exits(0);
    let events = scene.events(&scene.mission.branch());
    let times: Vec<_> = events[events.len() - 2..].iter().map(|event| &event["at"]).collect();
    assert_eq!(times, ["2100-01-01T00:00:00.000000+00:00", "2100-01-01T00:00:00.000001+00:00"]);
    let board = scene.repo.kitty(["wp", "show", "WP03"]).exits(0).stdout;
    assert!(board.contains("status: in_progress"), "{board}");
}

#[test]
fn what_is_written_is_the_snapshot_of_what_is_there() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        scene.lane.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        let branch = scene.destination(topology);
        let log = scene.on(&branch, "status.events.jsonl");
        scene.repo.write("../log", &log);
        scene.repo.write("../meta", scene.on(&scene.mission.planning_branch(), "meta.json"));
        let words = ["event", "reduce", "../log", "--meta", "../meta"];
        let reduced = scene.repo.kitty(words).exits(0).stdout;
        assert_eq!(reduced, scene.on(&branch, "status.json"), "{topology:?}");
        assert_eq!(scene.lane.ask(["status", "--porcelain"]), "", "{topology:?}");
        let files = scene.repo.ask(["diff", "--name-only", &format!("{branch}~"), &branch]);
        let names = ["status.events.jsonl", "status.json"];
        let names = names.map(|name| format!("{}/{name}", scene.mission.dir()));
        assert_eq!(files.lines().collect::<Vec<_>>(), names, "{topology:?}");
    }
}
