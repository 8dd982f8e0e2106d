//! `git kitty review diff` and `verdict`, and what the beginning of a review records.

use serde_json::{Value, json};

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::state::{assert_unchanged, state};
use crate::lane::{self, Lanes};
use crate::scene::{Scene, TOPOLOGIES, codes};

/// The scene with WP02 waiting for its review, and a commit of its own in lane-b.
fn waiting(topology: Topology) -> Scene {
    let mut scene = Scene::new(topology);
    scene.commit(&[("src/b/two.rs", "changed\n")]).exits(0);
    scene.walk("WP02", &["in_progress", "for_review"]);
    scene
}

/// The scene with WP02 in review.
fn in_review() -> Scene {
    let scene = waiting(Topology::Coordination);
    move_to(&scene.repo, &["in_review"]);
    scene
}

fn move_to(at: &Checkout, to: &[&str]) {
    at.kitty(["wp", "move", "WP02", "--to"].iter().chain(to)).exits(0);
}

/// What the last event in the log records of a review.
fn recorded(at: &Checkout) -> Value {
    let log = at.kitty(["log", "--wp", "WP02", "--kind", "lane", "-n", "1"]).success();
    let mut event: Value = serde_json::from_str(&log).unwrap();
    event["policy_metadata"]["review"].take()
}

fn diff(at: &Checkout) -> Value {
    lane::json(&at.kitty(["review", "diff", "WP02", "--format", "json"]).exits(0))
}

fn verdict(at: &Checkout, verdict: &str) -> Output {
    at.kitty(["review", "verdict", "WP02", "--verdict", verdict, "--reference", "notes/1.md"])
}

fn warnings(document: &Value) -> Vec<&str> {
    let all = document["warnings"].as_array().unwrap();
    all.iter().map(|warning| warning["code"].as_str().unwrap()).collect()
}

#[test]
fn a_review_is_of_the_lane_as_the_sync_leaves_it() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lanes.repo.kitty(["wp", "claim", "WP01"]).exits(0);
    lane.commit_file("src/a/one.rs", "changed\n");
    lane.kitty(["wp", "move", "WP01", "--to", "in_progress"]).exits(0);
    lane.kitty(["wp", "move", "WP01", "--to", "for_review", "--subtasks-complete"]).exits(0);
    let plan = lanes.coordinate("docs/plan.md", "plan\n");
    let before = lane.id("HEAD");
    lane.kitty(["wp", "move", "WP01", "--to", "in_review"]).exits(0);
    assert!(lane.file("docs/plan.md").exists() && lane.id("HEAD") != before, "it was synced");
    let said = lane.kitty(["review", "diff", "WP01", "--format", "json"]).exits(0);
    let said = lane::json(&said);
    assert_eq!((&said["base"], &said["tip"]), (&json!(plan), &json!(lane.id("HEAD"))));
    assert_eq!(said["files"], json!([{ "path": "src/a/one.rs", "change": "modified" }]));
    assert_eq!(said["warnings"], json!([]));
    let patch = lane.must(["diff", &plan, "HEAD"]).stdout;
    assert_eq!(said["patch"], json!(patch));
    assert_eq!(lane.kitty(["review", "diff", "WP01"]).parts(), (0, patch.as_str(), ""));
}

#[test]
fn work_of_lanes_that_it_needs_is_no_part_of_a_review() {
    let lanes = Lanes::new();
    let work = |wp: &str, lane: &str, file: &str| {
        lanes.repo.kitty(["wp", "claim", wp]).exits(0);
        lanes.lane(lane).commit_file(file, "changed\n");
        for to in ["in_progress", "for_review", "in_review"] {
            lanes.repo.kitty(["wp", "move", wp, "--to", to, "--subtasks-complete"]).exits(0);
        }
    };
    work("WP01", "lane-a", "src/a/one.rs");
    for to in ["approved", "done"] {
        let review = ["--reviewer", "rita", "--verdict", "approved", "--reference", "r"];
        let words = ["wp", "move", "WP01", "--to", to];
        lanes.repo.kitty(words.iter().chain(&review)).exits(0);
    }
    work("WP02", "lane-b", "src/b/two.rs");
    assert_eq!(lanes.lane("lane-b").read("src/a/one.rs"), "changed\n", "it has that work");
    let needed = lanes.lane("lane-a").id("HEAD");
    for _ in ["open", "deleted, since it was merged"] {
        let said = lanes.repo.kitty(["review", "diff", "WP02", "--format", "json"]).exits(0);
        let said = lane::json(&said);
        assert_eq!(said["files"], json!([{ "path": "src/b/two.rs", "change": "modified" }]));
        assert_eq!(said["without"], json!([needed]));
        assert!(!said["patch"].as_str().unwrap().contains("one.rs"), "{said}");
        lanes.lane("lane-a").unhooked(["switch", "-q", "--detach"]).run().exits(0);
        let name = format!("refs/heads/{}", lanes.branch("lane-a"));
        lanes.repo.unhooked(["update-ref", "-d", &name]).run().exits(0);
    }
}

#[test]
fn every_way_into_review_records_the_commits() {
    let scene = waiting(Topology::Coordination);
    let event = r#"{"wp_id": "WP02", "to_lane": "in_review"}"#;
    let append = || scene.repo.call(["kitty", "event", "append"]).stdin(event).run().exits(0);
    append();
    let first = scene.lane.id("HEAD");
    assert_eq!(recorded(&scene.repo)["tip"], json!(first), "by event append");
    verdict(&scene.repo, "changes_requested").exits(0);
    scene.commit(&[("src/b/two.rs", "mended\n")]).exits(0);
    let second = scene.lane.id("HEAD");
    move_to(&scene.repo, &["in_review", "--force", "--reason", "again"]);
    assert_eq!(recorded(&scene.repo)["tip"], json!(second), "by force");
    assert_eq!(diff(&scene.repo)["tip"], json!(second), "the last one counts");
    verdict(&scene.repo, "changes_requested").exits(0);
    move_to(&scene.repo, &["for_review", "--subtasks-complete"]);
    move_to(&scene.repo, &["in_review"]);
    assert_eq!(recorded(&scene.repo)["tip"], json!(second), "the second time, without sync");
}

#[test]
fn older_missions_record_the_commits_on_the_lane_that_has_their_log() {
    let scene = waiting(Topology::Primary);
    let tip = scene.lane.id("HEAD");
    move_to(&scene.repo, &["in_review"]);
    let base = scene.repo.ask(["merge-base", "main", &tip]);
    assert_eq!(recorded(&scene.repo), json!({ "base": base, "tip": tip }));
    let said = diff(&scene.repo);
    assert_eq!(warnings(&said), [""; 0], "the event is no work: {said}");
    assert_eq!(said["tip"], json!(tip));
}

#[test]
fn the_patch_stays_that_of_the_review_when_the_lane_moves() {
    let scene = in_review();
    let before = diff(&scene.repo);
    assert_eq!(warnings(&before), [""; 0]);
    scene.commit(&[("src/b/more.rs", "more\n")]).exits(0);
    let after = diff(&scene.repo);
    assert_eq!(warnings(&after), ["REVIEW_LANE_MOVED"]);
    for key in ["base", "tip", "files", "patch"] {
        assert_eq!(before[key], after[key], "{key}");
    }
    let approved = verdict(&scene.repo, "approved").exits(0);
    let tip = &before["tip"].as_str().unwrap()[..12];
    let expected = format!(
        "warning: `{}` has moved since the review began: that is of {tip}, and the branch is at {} \
         [REVIEW_LANE_MOVED]\n",
        scene.mission.lane_branch("lane-b"),
        &scene.lane.id("HEAD")[..12]
    );
    assert_eq!(approved.stderr, expected);
}

#[test]
fn without_recorded_commits_the_lane_is_shown_and_that_is_told() {
    for topology in TOPOLOGIES {
        let mut scene = waiting(topology);
        let tip = scene.lane.id("HEAD");
        for began in [false, true] {
            if began {
                scene.walk("WP02", &["for_review", "in_review"]);
            }
            let said = diff(&scene.repo);
            assert_eq!(warnings(&said), ["REVIEW_IDS_NOT_RECORDED"], "{topology:?}");
            assert_eq!(said["tip"], json!(tip));
            assert_eq!(said["files"][0]["path"], "src/b/two.rs", "{topology:?}: {said}");
        }
    }
}

#[test]
fn a_patch_is_the_same_whatever_is_configured_and_whatever_it_holds() {
    let scene = waiting(Topology::Coordination);
    let files = ["src/b/binary", "src/b/windows.txt", "src/b/latin.txt", "src/b/-> \u{e9}.txt"];
    for (name, bytes) in files.iter().zip([&b"\0\x01"[..], b"a\r\nb\r\n", b"\xe9\n", b"x\n"]) {
        scene.lane.write(name, bytes);
    }
    let large = "0123456789\n".repeat(200_000);
    scene.commit(&[("src/b/large.txt", &large)]).exits(0);
    scene.lane.must(["add", "-A", "src"]);
    scene.lane.must(["mv", "src/b/two.rs", "src/b/three.rs"]);
    scene.lane.must(["commit", "-q", "-m", "more"]);
    move_to(&scene.repo, &["in_review"]);
    let plain = scene.repo.kitty(["review", "diff", "WP02"]).exits(0);
    let has = |part: &[u8]| plain.bytes.windows(part.len()).any(|found| found == part);
    assert!(has(b"+\xe9\n") && has(b"+a\r\n") && has(b"Binary files /dev/null and "));
    for (key, value) in [
        ("diff.noprefix", "true"),
        ("diff.external", "false"),
        ("color.ui", "always"),
        ("diff.renames", "false"),
        ("diff.loud.textconv", "tr a-z A-Z <"),
        ("diff.context", "0"),
    ] {
        scene.repo.must(["config", key, value]);
    }
    scene.repo.write(".git/info/attributes", "*.txt diff=loud\n");
    assert!(scene.repo.kitty(["review", "diff", "WP02"]).exits(0).bytes == plain.bytes);
    let said = diff(&scene.repo);
    assert!(said["patch"].as_str().unwrap().contains("+\u{fffd}\n"));
    assert_eq!(said["files"].as_array().unwrap().len(), 7);
    let closed = scene.repo.sh("git kitty review diff WP02 | head -n 1");
    assert_eq!((closed.status, closed.stderr.as_str()), (0, ""));
}

#[test]
fn a_verdict_moves_the_work_package_either_way() {
    for (word, to) in [("approved", "approved"), ("changes_requested", "in_progress")] {
        let scene = in_review();
        let words = ["review", "verdict", "WP02", "--verdict", word, "--reference", "notes/1.md"];
        let more = ["--reviewer", "rita", "--format", "json"];
        let said = lane::json(&scene.repo.kitty(words.iter().chain(&more)).exits(0));
        assert_eq!((&said["from_status"], &said["to_status"]), (&json!("in_review"), &json!(to)));
        let line = scene.repo.kitty(["log", "-n", "1"]).success();
        let event: Value = serde_json::from_str(&line).unwrap();
        let review = json!({ "reference": "notes/1.md", "reviewer": "rita", "verdict": word });
        assert_eq!(event["review_result"], review);
        let (evidence, review_ref) = match to {
            "approved" => (json!({ "review": review }), Value::Null),
            _ => (Value::Null, json!("notes/1.md")),
        };
        assert_eq!((&event["evidence"], &event["review_ref"]), (&evidence, &review_ref));
        let before = state(&scene.repo);
        for second in ["approved", "changes_requested"] {
            let refused = verdict(&scene.repo, second).exits(1);
            assert_eq!(codes(&refused), ["REVIEW_NOT_OPEN"], "of two verdicts one counts");
        }
        assert_unchanged(&before, &state(&scene.repo));
    }
}

#[test]
fn a_verdict_is_the_actors_and_needs_a_place_where_it_stands() {
    let scene = in_review();
    let empty = ["review", "verdict", "WP02", "--verdict", "approved", "--reference", " "];
    assert_eq!(codes(&scene.repo.kitty(empty).exits(1)), ["TRANSITION_GUARD_UNMET"]);
    scene.repo.kitty(["review", "verdict", "WP02", "--verdict", "good"]).exits(2);
    let unknown = ["review", "verdict", "WP77", "--verdict", "approved", "--reference", "r"];
    assert_eq!(codes(&scene.repo.kitty(unknown).exits(1)), ["WP_NOT_FOUND"]);
    let by = ["--actor", "rita", "review", "verdict", "WP02", "--verdict", "approved"];
    scene.repo.kitty(by.iter().chain(&["--reference", "r"])).exits(0);
    let line = scene.repo.kitty(["log", "-n", "1"]).success();
    let event: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(event["review_result"]["reviewer"], "rita");
}

#[test]
fn what_cannot_be_shown_is_refused_by_name() {
    let scene = in_review();
    let unknown = scene.repo.kitty(["review", "diff", "WP77"]).exits(1);
    assert_eq!(codes(&unknown), ["WP_NOT_FOUND"]);
    let closed = scene.repo.kitty(["review", "diff", "WP01"]).exits(1);
    assert_eq!(codes(&closed), ["LANE_NOT_OPEN"], "{closed}");
    let clone = scene.repo.sandbox().root().join("clone");
    let from = format!("file://{}", scene.repo.path().display());
    let words = ["clone", "-q", "--single-branch", "-b", &scene.mission.branch(), &from];
    scene.repo.must(words.iter().chain(&[&*clone.to_string_lossy()]));
    let clone = Checkout::at(scene.repo.sandbox(), clone);
    let missing = clone.kitty(["review", "diff", "WP02"]).exits(1);
    assert_eq!(codes(&missing), ["REVIEW_COMMIT_MISSING"], "{missing}");
}
