//! Logs that shrank, forked, were reordered or got a second event of one id since they were last
//! seen: each reader says so, each write is refused, and there is a way out.

use std::fs;

use serde_json::{Value, json};

use crate::kit::call::Output;
use crate::kit::mission::Topology;
use crate::kit::state::{assert_unchanged, state};
use crate::merge_driver::Clones;
use crate::scene::{Scene, codes};

/// The commands that read a log.
const READERS: [&[&str]; 8] = [
    &["status"],
    &["status", "checkout"],
    &["wp", "list"],
    &["wp", "show", "WP01"],
    &["mission", "list"],
    &["mission", "show"],
    &["log"],
    &["why", "src/a/one.rs"],
];

/// The codes of the warnings on standard error.
fn warned(output: &Output) -> Vec<&str> {
    let lines = output.stderr.lines().filter(|line| line.starts_with("warning: "));
    lines.filter_map(|line| Some(line.rsplit_once('[')?.1.trim_end_matches(']'))).collect()
}

/// Another event: a line with other values.
fn other(line: &str, values: &[(&str, &str)]) -> String {
    let mut event: Value = serde_json::from_str(line).unwrap();
    for (key, value) in values {
        event[key] = (*value).into();
    }
    crate::kit::json::line(&event)
}

impl Scene {
    /// The log, from the top of the repository.
    pub(crate) fn log_path(&self) -> String {
        format!("{}/status.events.jsonl", self.mission.dir())
    }

    /// The lines on the coordination branch.
    fn lines(&self) -> Vec<String> {
        let shown = format!("{}:{}", self.mission.branch(), self.log_path());
        self.repo.ask(["show", &shown]).lines().map(str::to_owned).collect()
    }

    /// Commits a log to the coordination branch, past all hooks.
    fn overwrite(&self, lines: &[String]) {
        let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
        let branch = self.mission.branch();
        self.repo.commit_to(&branch, &branch, "Rewrite", &[(self.log_path(), text)]);
    }

    /// Every reader warns so, once and again, and goes on; every write is refused and changes nothing.
    #[track_caller]
    fn assert_regressed(&self, code: &str, place: &str) {
        for reader in READERS.into_iter().chain(READERS) {
            let said = self.repo.kitty(reader);
            assert_eq!(warned(&said), [code], "{said}");
            assert!(said.stderr.contains(place), "{place} in {said}");
        }
        self.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(1);
        let before = state(&self.repo);
        for write in [
            &["wp", "move", "WP03", "--to", "claimed"][..],
            &["wp", "move", "WP01", "--to", "blocked"],
        ] {
            let said = self.repo.kitty(write).exits(1);
            assert_eq!(codes(&said), ["LOG_REGRESSED"], "{said}");
            assert!(said.stderr.contains(place), "{said}");
        }
        let check = self.repo.kitty(["event", "check", "WP01", "--to", "blocked"]).exits(1);
        assert_eq!(codes(&check), ["LOG_REGRESSED"]);
        assert_unchanged(&before, &state(&self.repo));
        let refused = self.commit(&[("src/b/two.rs", "other\n")]).exits(1);
        assert_eq!(codes(&refused), ["ACTIVE_WP_STATUS_UNAVAILABLE"], "{refused}");
    }

    #[track_caller]
    fn assert_sound(&self) {
        for reader in READERS {
            let said = self.repo.kitty(reader).exits(0);
            assert_eq!(warned(&said), [""; 0], "{said}");
        }
    }

    /// The command between back quotes in a refused write's hint that begins so.
    fn hinted(&self, begin: &str) -> String {
        let said = self.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(1);
        let found = said.stderr.split('`').find(|part| part.starts_with(begin));
        found.unwrap_or_else(|| panic!("{begin} in {said}")).to_owned()
    }
}

/// Both layouts with a coordination branch.
fn coordinated() -> [Scene; 2] {
    [Topology::Coordination, Topology::Split].map(|topology| {
        let scene = Scene::new(topology);
        scene.repo.kitty(["status"]).exits(0);
        scene
    })
}

#[test]
fn a_branch_that_went_back_shrank_and_comes_back_by_the_hint() {
    for scene in coordinated() {
        let branch = scene.mission.branch();
        let (tip, lines) = (scene.repo.id(&branch), scene.lines());
        scene.repo.unhooked(["branch", "-f", &branch, &format!("{branch}~")]).run().exits(0);
        let lost: Value = serde_json::from_str(&lines[3]).unwrap();
        let event = lost["event_id"].as_str().unwrap();
        let place = format!(
            "{branch}:{}:4: since it was last seen, the log lost this line and those after it (event `{event}`)",
            scene.log_path()
        );
        scene.assert_regressed("LOG_SHRANK", &place);
        let shown = scene.repo.sh(&scene.hinted("git diff ")).exits(0);
        assert!(shown.stdout.contains(&format!("-{}", lines[3])), "{shown}");
        scene.repo.sh(&scene.hinted("git update-ref ")).exits(0);
        assert_eq!(scene.repo.id(&branch), tip);
        scene.assert_sound();
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    }
}

#[test]
fn a_line_that_was_changed_or_taken_out_is_a_fork() {
    for scene in coordinated() {
        let lines = scene.lines();
        let mut changed = lines.clone();
        changed[1] = changed[1].replace("finalize-tasks", "mallory");
        scene.overwrite(&changed);
        let place = format!("{}:2: since", scene.log_path());
        scene.assert_regressed("LOG_FORKED", &place);
        let shown = scene.hinted("git log -p ");
        assert!(scene.repo.sh(&shown).exits(0).stdout.contains("mallory"), "{shown}");
        let branch = scene.mission.branch();
        scene.repo.unhooked(["branch", "-f", &branch, &format!("{branch}~")]).run().exits(0);
        scene.assert_sound();
        changed.clone_from(&lines);
        changed[6] = other(&lines[6], &[("event_id", "01KF4FTJ380000000000000000")]);
        scene.overwrite(&changed);
        scene.assert_regressed("LOG_FORKED", &format!("{}:7: since", scene.log_path()));
    }
}

#[test]
fn a_branch_that_went_another_way_is_merged_by_the_hint() {
    let scene = Scene::new(Topology::Coordination);
    let view = scene.mission.open_coordination();
    scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    view.unhooked(["reset", "-q", "--hard", "HEAD~"]).run().exits(0);
    let mut lines = scene.lines();
    let id = "01KF4FTJ380000000000000000";
    lines.push(other(&lines[6], &[("event_id", id), ("at", "2026-01-06"), ("to_lane", "blocked")]));
    scene.overwrite(&lines);
    view.unhooked(["reset", "-q", "--hard"]).run().exits(0);
    scene.assert_regressed("LOG_FORKED", &format!("{}:8: since", scene.log_path()));
    view.sh(&format!("{} -q --no-edit", scene.hinted("git merge "))).exits(0);
    assert_eq!(scene.lines().len(), 9);
    scene.assert_sound();
}

#[test]
fn lines_in_another_order_are_found_unless_a_merge_sorted_them() {
    for scene in coordinated() {
        let mut lines = scene.lines();
        lines.swap(4, 5);
        scene.overwrite(&lines);
        scene.assert_regressed("LOG_REORDERED", &format!("{}:5: since", scene.log_path()));
        scene.repo.kitty(["log", "--accept"]).exits(0);
        let said = scene.repo.kitty(["status"]).exits(0);
        assert_eq!(warned(&said), ["LOG_UNSORTED"], "{said}");
        assert!(said.stderr.contains(&format!("{}:6: its time", scene.log_path())), "{said}");
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        assert_eq!(warned(&scene.repo.kitty(["wp", "list"])), ["LOG_UNSORTED"]);
        let committed = scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
        assert_eq!(warned(&committed), [""; 0], "{committed}");
    }
}

#[test]
fn a_second_event_of_one_id_is_found_also_at_first_sight() {
    for scene in coordinated() {
        let mut lines = scene.lines();
        lines.push(lines[6].replace("in_progress", "for_review"));
        scene.overwrite(&lines);
        let place = format!("{}:8: since", scene.log_path());
        for first_sight in [false, true] {
            if first_sight {
                fs::remove_dir_all(scene.repo.path().join(".git/kitty/seen")).unwrap();
            }
            for reader in READERS {
                let said = scene.repo.kitty(reader).exits(0);
                assert_eq!(warned(&said), ["LOG_DOUBLED_ID"], "{said}");
                assert!(said.stderr.contains(&place), "{said}");
            }
            let said = scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(1);
            assert_eq!(codes(&said), ["LOG_REGRESSED"], "{said}");
        }
        scene.repo.kitty(["log", "--accept"]).exits(0);
        let shown = scene.repo.kitty(["log"]).exits(0);
        assert_eq!((shown.stdout.lines().count(), &*shown.stderr), (7, ""), "the first counts");
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        let mut lines = scene.lines();
        lines.push(other(&lines[8], &[("event_id", "01KF4FTJ380000000000000000")]));
        scene.overwrite(&lines);
        let said = scene.repo.kitty(["status"]).exits(0);
        assert_eq!(
            warned(&said),
            [""; 0],
            "what was accepted stays so while the log grows: {said}"
        );
    }
}

#[test]
fn accepting_ends_it() {
    for scene in coordinated() {
        let lines = scene.lines();
        scene.overwrite(&lines[..5]);
        scene.assert_regressed("LOG_SHRANK", ":6: since");
        let accept = scene.hinted("git kitty log ");
        let said = scene.repo.sh(&accept);
        let told = format!("the log of {} is accepted as it is\n", scene.mission.slug);
        assert_eq!(said.parts(), (0, &*told, ""));
        scene.assert_sound();
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        assert_eq!(scene.lines().len(), 6);
    }
}

/// Accepting is about the log: other work that came past the doors is not let in by it.
#[test]
fn the_doors_take_what_was_accepted_and_no_more() {
    for (more, status) in
        [(&[][..], 0), (&[("src/foreign.rs".to_owned(), "x".to_owned())][..], 128)]
    {
        let [scene, _] = coordinated();
        let (branch, lines) = (scene.mission.branch(), scene.lines());
        scene.repo.kitty(["wp", "move", "WP03", "--to", "blocked"]).exits(0);
        scene.overwrite(&lines[..5]);
        if !more.is_empty() {
            scene.repo.commit_to(&branch, &branch, "Foreign", more);
        }
        scene.repo.kitty(["log", "--accept"]).exits(0);
        let place = scene.mission.open_coordination();
        place.git(["commit", "-nq", "--allow-empty", "-m", "Go on"]).exits(status);
    }
}

#[test]
fn json_says_where_and_what_to_do() {
    let [scene, _] = coordinated();
    scene.overwrite(&scene.lines()[..6]);
    let said =
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed", "--format", "json"]).exits(1);
    let refusal: Value = serde_json::from_str(&said.stdout).unwrap();
    let file = format!("{}:{}", scene.mission.branch(), scene.log_path());
    let found = ["error_code", "mission_slug", "paths", "line"].map(|key| refusal[key].clone());
    assert_eq!(found, [json!("LOG_REGRESSED"), json!(scene.mission.slug), json!([file]), json!(7)]);
    let said = scene.repo.kitty(["status", "--format", "json"]).exits(0);
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(document["warnings"][0]["code"], "LOG_SHRANK");
    assert_eq!(document["warnings"].as_array().unwrap().len(), 1);
}

#[test]
fn gc_does_not_make_a_branch_that_went_back_look_sound() {
    for scene in coordinated() {
        let branch = scene.mission.branch();
        let old = format!("{branch}~");
        for name in [&branch, &scene.mission.lane_branch("lane-b")] {
            let (name, old) = (format!("refs/heads/{name}"), scene.repo.id(&old));
            scene.repo.unhooked(["update-ref", &name, &old]).run().exits(0);
        }
        scene.repo.ask(["reflog", "expire", "--expire=now", "--all"]);
        scene.repo.ask(["gc", "-q", "--prune=now"]);
        let place = "status.events.jsonl: the log does not go on from the one that was last seen";
        for reader in READERS {
            let said = scene.repo.kitty(reader);
            assert_eq!(warned(&said), ["LOG_FORKED"], "{said}");
            assert!(said.stderr.contains(place), "{said}");
        }
        let said = scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(1);
        assert_eq!(codes(&said), ["LOG_REGRESSED"], "{said}");
        scene.repo.sh(&scene.hinted("git kitty log ")).exits(0);
        scene.assert_sound();
    }
}

#[test]
fn a_branch_without_its_log_lost_all_of_it() {
    let [scene, _] = coordinated();
    let view = scene.mission.open_coordination();
    view.ask(["rm", "-q", &scene.log_path()]);
    view.unhooked(["commit", "-q", "-m", "Remove"]).run().exits(0);
    let said = scene.repo.kitty(["status"]).exits(0);
    assert_eq!(warned(&said), ["LOG_SHRANK"], "{said}");
    assert_eq!(
        codes(&scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(1)),
        ["LOG_REGRESSED"]
    );
    view.unhooked(["revert", "--no-edit", "HEAD"]).run().exits(0);
    scene.assert_sound();
}

#[test]
fn clones_that_are_pulled_together_have_lost_nothing() {
    for how in ["--no-rebase", "--rebase"] {
        let mut clones = Clones::new(Topology::Coordination);
        clones.part();
        let [ours, theirs] = [&clones.ours, &clones.theirs];
        let repo = theirs.mission.repo.clone();
        assert_eq!(warned(&repo.kitty(["status"]).exits(0)), [""; 0]);
        let url = ours.mission.repo.path().display().to_string();
        let branch = ours.mission.branch();
        theirs.view.git(["pull", "-q", "--no-edit", how, &url, &branch]).exits(0);
        let log =
            repo.ask(["show", &format!("{branch}:{}/status.events.jsonl", ours.mission.dir())]);
        assert!(!log.starts_with(&theirs.mission.log.text()), "{how}: their lines moved down");
        for reader in READERS {
            let said = repo.kitty(reader).exits(0);
            assert_eq!(warned(&said), [""; 0], "{how}: {said}");
        }
        repo.kitty(["wp", "move", "WP02", "--to", "claimed"]);
        repo.kitty(["wp", "move", "WP02", "--to", "in_progress"]).exits(0);
    }
}

/// A merge by hand that leaves the lines as they come.
#[test]
fn a_merge_may_put_lines_anywhere() {
    for merged in [true, false] {
        let [scene, _] = coordinated();
        let (branch, mut lines) = (scene.mission.branch(), scene.lines());
        let id = "01KF4FTJ380000000000000000";
        lines.insert(0, other(&lines[6], &[("event_id", id), ("at", "2026-01-06")]));
        scene.repo.ask(["branch", "side", &branch]);
        scene.overwrite(&lines);
        let tree = format!("{branch}^{{tree}}");
        let mut words = vec!["commit-tree", "-m", "Merge", "-p", "side", &tree];
        words.extend(if merged { vec!["-p", "main"] } else { vec![] });
        let commit = scene.repo.ask(words);
        let name = format!("refs/heads/{branch}");
        scene.repo.unhooked(["update-ref", &name, &commit]).run().exits(0);
        let said = scene.repo.kitty(["status"]).exits(0);
        assert_eq!(
            warned(&said),
            [if merged { "LOG_UNSORTED" } else { "LOG_REORDERED" }],
            "{said}"
        );
    }
}

#[test]
fn growth_is_remembered_and_nothing_else_writes() {
    let scene = Scene::new(Topology::Coordination);
    let seen = scene.repo.path().join(".git/kitty/seen").join(&scene.mission.slug);
    let told = || serde_json::from_slice::<Value>(&fs::read(&seen).unwrap()).unwrap();
    let time = || fs::metadata(&seen).unwrap().modified().unwrap();
    scene.repo.kitty(["status"]).exits(0);
    let (first, at) = (told(), time());
    for reader in READERS {
        scene.repo.kitty(reader).exits(0);
    }
    scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
    assert_eq!(time(), at);
    scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    let branch = scene.mission.branch();
    assert_eq!(told()["tip"], json!(scene.repo.id(&branch)));
    let blob = scene.repo.id(&format!("{branch}:{}", scene.log_path()));
    assert_eq!(told()["logs"][0]["id"], json!(blob));
    assert_ne!(told(), first);
    let at = time();
    scene.assert_sound();
    assert_eq!(time(), at);
}

#[test]
fn what_was_remembered_and_is_damaged_is_a_first_sight() {
    let [scene, _] = coordinated();
    let seen = scene.repo.path().join(".git/kitty/seen").join(&scene.mission.slug);
    let sound = fs::read(&seen).unwrap();
    for damaged in ["", "{", "{}", "null", "{\"format\":9,\"tip\":null,\"logs\":[]}"] {
        fs::write(&seen, damaged).unwrap();
        scene.assert_sound();
        assert_eq!(fs::read(&seen).unwrap(), sound, "{damaged}");
    }
}

#[test]
fn readers_beside_writers_find_nothing() {
    let scene = Scene::new(Topology::Coordination);
    let note = |text: &str| json!({"kind": "annotation", "wp_id": "WP03", "delta": {"note": text}});
    std::thread::scope(|threads| {
        for writer in 0..2 {
            let lines: Vec<Value> = (0..20).map(|n| note(&format!("{writer}.{n}"))).collect();
            let scene = &scene;
            threads.spawn(move || {
                let (status, receipts, said) = scene.append(&[], &lines);
                assert_eq!((status, receipts.len()), (0, 20), "{said}");
            });
        }
        for _ in 0..2 {
            threads.spawn(|| {
                for _ in 0..30 {
                    assert_eq!(warned(&scene.repo.kitty(["status"]).exits(0)), [""; 0]);
                }
            });
        }
    });
}

#[test]
fn in_an_older_mission_lost_lines_are_a_warning_and_stop_nothing() {
    let mut scene = Scene::new(Topology::Primary);
    scene.assert_sound();
    let path = scene.log_path();
    let whole = scene.repo.read(&path);
    let lines: Vec<&str> = whole.lines().collect();
    scene.repo.write(&path, lines[..6].join("\n") + "\n");
    let place = format!("{path}:7: since it was last seen, the log lost this line");
    for reader in READERS.into_iter().chain(READERS) {
        let said = scene.repo.kitty(reader);
        assert_eq!(warned(&said), ["LOG_SHRANK"], "{said}");
        assert!(said.stderr.contains(&place), "{said}");
    }
    let claimed = scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    assert_eq!(warned(&claimed), ["OLDER_MISSION", "LOG_SHRANK"], "{claimed}");
    scene.repo.write(&path, lines[..7].join("\n") + "\n");
    scene.assert_sound();
    let forged = whole.replacen("finalize-tasks", "mallory", 1);
    scene.repo.write(&path, &forged);
    let said = scene.repo.kitty(["status", "checkout"]).exits(3);
    assert_eq!(codes(&said), ["EVENT_PAYLOAD_CONFLICT"], "the lane says otherwise: {said}");
    scene.repo.write(&path, &whole);
    scene.walk("WP01", &["in_progress", "for_review"]);
    scene.assert_sound();
}

#[test]
fn in_an_older_mission_the_primary_checkout_may_switch_and_lanes_may_go_back() {
    let scene = Scene::new(Topology::Primary);
    scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
    scene.assert_sound();
    scene.lane.unhooked(["reset", "-q", "--hard", "HEAD~"]).run().exits(0);
    scene.assert_sound();
    scene.repo.unhooked(["commit", "-q", "-a", "-m", "status"]).run().exits(0);
    scene.assert_sound();
    scene.repo.ask(["checkout", "-q", "--detach", "HEAD~2"]);
    let place = format!("{}:4: since", scene.log_path());
    for reader in READERS {
        let said = scene.repo.kitty(reader);
        assert_eq!(warned(&said)[..1], ["LOG_SHRANK"], "{said}");
        assert!(said.stderr.contains(&place) && said.stderr.contains("was checked out"), "{said}");
    }
    let claimed = scene.repo.kitty(["wp", "move", "WP02", "--to", "claimed"]).exits(0);
    assert!(warned(&claimed).contains(&"LOG_SHRANK"), "{claimed}");
    let committed = scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
    assert_eq!(warned(&committed), ["LOG_FORKED"], "a door says what it judges by");
    scene.repo.unhooked(["checkout", "-q", "-f", "main"]).run().exits(0);
    scene.assert_sound();
    scene.repo.ask(["checkout", "-q", "-b", "elsewhere"]);
    scene.repo.ask(["rm", "-rq", &scene.mission.dir()]);
    scene.repo.unhooked(["commit", "-q", "-m", "no missions here"]).run().exits(0);
    scene.assert_sound();
}
