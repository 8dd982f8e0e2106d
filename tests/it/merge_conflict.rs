//! `git kitty merge` where a person is needed: `--resolve`, `--continue`, `--abort`.

use std::fmt::Write as _;

use git_kitty::git::crash;
use serde_json::{Value, json};

use crate::kit::approved::{Approved, Files, LINES};
use crate::kit::checkout::Checkout;
use crate::kit::mission::MissionBuilder;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{State, assert_unchanged, state};
use crate::kit::wp::Wp;

/// The list with another first line.
pub(super) fn list(first: &str) -> String {
    LINES.replacen("1\n", &format!("{first}\n"), 1)
}

/// Two lanes that change the same line, and a third that does not.
pub(super) fn scene() -> Approved {
    Approved::new(&[
        &[("common/list", &list("a")), ("a/one", "1\n")],
        &[("common/list", &list("b")), ("b/two", "two\n")],
        &[("c/three", "three\n")],
    ])
}

/// A mission that conflicts with its target.
pub(super) fn with_target() -> Approved {
    let scene = Approved::new(&[&[("common/list", &list("a"))], &[("b/two", "two\n")]]);
    scene.move_target(&[("common/list", &list("main")), ("new", "new\n")]);
    scene
}

/// The worktree for conflicts.
pub(super) fn place(scene: &Approved) -> Checkout {
    scene.repo.below(format!(".worktrees/{}-merge", scene.mission.slug))
}

/// Opens the conflict, which must be there.
#[track_caller]
pub(super) fn open(scene: &Approved) -> Checkout {
    let told = scene.json(&["merge", "--resolve"], 0);
    let place = place(scene);
    assert_eq!(told["worktree"], place.path().display().to_string());
    assert!(place.read("common/list").starts_with("<<<<<<<"));
    place
}

/// Resolves the common list.
pub(super) fn resolve(place: &Checkout, text: &str) {
    place.write("common/list", text);
    place.must(["add", "common/list"]);
}

/// The state without files to lock, which stay.
pub(super) fn still(scene: &Approved) -> State {
    state(&scene.repo).without("/kitty/locks/")
}

/// The state without what a merge writes for itself.
fn outside(scene: &Approved) -> State {
    let kept = format!("{}-merge", scene.mission.slug);
    state(&scene.repo).without("/kitty/merge/").without(&kept)
}

#[track_caller]
pub(super) fn refused(scene: &Approved, words: &[&str], status: i32, code: &str) -> Value {
    let told = scene.json(&[&["merge"], words].concat(), status);
    assert_eq!(told["error_code"], code, "{told}");
    told
}

#[test]
fn a_conflict_of_two_lanes_names_both_and_changes_nothing() {
    let scene = scene();
    let before = state(&scene.repo);
    let said = scene.merge(&[]).exits(3);
    assert!(said.stderr.contains("`common/list` was changed by lane-a and by lane-b"), "{said}");
    assert!(said.stderr.contains("--resolve` opens a worktree"), "{said}");
    let told = refused(&scene, &[], 3, "LANE_MERGE_CONFLICT");
    let conflicts = json!([{
        "stage": 1, "lane_id": "lane-b", "path": "common/list", "driver": null, "message": null,
        "sides": [["lane-a"], ["lane-b"]],
    }]);
    assert_eq!((&told["conflicts"], &told["lane_id"]), (&conflicts, &json!("lane-b")));
    assert_eq!(told["paths"], json!(["common/list"]));
    assert_eq!(refused(&scene, &["--dry-run"], 3, "LANE_MERGE_CONFLICT")["conflicts"], conflicts);
    assert_unchanged(&before, &state(&scene.repo));
}

#[test]
fn a_merge_driver_is_not_run_and_that_is_said() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.commit_file(".gitattributes", "common/list merge=mine\n");
    repo.commit_file("common/list", LINES);
    let wp = |id| Wp::new(id).owns(&["common/**"]);
    let plan = MissionBuilder::new("pay").wp(wp("WP01")).wp(wp("WP02"));
    let last = LINES.replace("10\n", "ten\n");
    let lanes: [Files<'_>; 2] = [&[("common/list", &list("a"))], &[("common/list", &last)]];
    let scene = Approved::planned(&repo, plan, &lanes);
    scene.repo.ask(["config", "merge.mine.driver", "true"]);
    let told = refused(&scene, &[], 3, "LANE_MERGE_CONFLICT");
    assert_eq!(told["conflicts"][0]["driver"], "mine");
    assert!(told["message"].as_str().unwrap().contains("merge driver `mine` is not run"), "{told}");
}

#[test]
fn what_was_resolved_lands_and_is_proven() {
    let scene = scene();
    let before = outside(&scene);
    let place = open(&scene);
    let stages = place.ask(["ls-files", "--unmerged"]);
    assert_eq!(stages.lines().count(), 3, "{stages}");
    assert_eq!(
        place.ask(["diff", "--name-only", "--cached", "--diff-filter=d"]),
        "b/two\ncommon/list"
    );
    assert_unchanged(&before, &outside(&scene));
    // Opened once, it stays as it is.
    place.write("common/list", "half");
    scene.json(&["merge", "--resolve"], 0);
    assert_eq!(place.read("common/list"), "half");
    resolve(&place, &list("both"));
    let told = scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "common/list"), Some(list("both")));
    for path in ["a/one", "b/two", "c/three"] {
        assert!(scene.at("main", path).is_some(), "{path}");
    }
    let merged = told["stages"][0]["lanes"][1]["commit"].clone();
    let resolved = json!([{"commit": merged, "paths": ["common/list"]}]);
    assert_eq!(told["certificate"]["resolved"], resolved);
    scene.json(&["verify-landing"], 0);
    assert!(!place.path().exists());
    scene.assert_clean("after it");
    assert!(!state(&scene.repo).to_string().contains("/kitty/merge/"));
    scene.repo.kitty(["mission", "close"]).exits(0);
}

#[test]
fn who_commits_the_merge_has_it_taken_as_well() {
    let scene = scene();
    let place = open(&scene);
    resolve(&place, &list("both"));
    place.must(["commit", "-q", "-m", "Both"]);
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "common/list"), Some(list("both")));
    scene.json(&["verify-landing"], 0);
}

#[test]
fn what_is_not_resolved_is_not_taken() {
    let scene = scene();
    let place = open(&scene);
    let continued = |code: &str, paths: &[&str]| {
        let before = outside(&scene);
        let told = refused(&scene, &["--continue"], 1, code);
        assert_eq!(told["paths"], json!(paths), "{told}");
        assert_unchanged(&before, &outside(&scene));
    };
    continued("RESOLUTION_UNFINISHED", &["common/list"]);
    place.must(["add", "common/list"]);
    continued("RESOLUTION_UNFINISHED", &["common/list"]);
    resolve(&place, &list("both"));
    place.write("common/list", list("later"));
    continued("RESOLUTION_UNFINISHED", &["common/list"]);
    resolve(&place, &list("both"));
    place.write("stray", "stray\n");
    continued("RESOLUTION_UNFINISHED", &["stray"]);
    place.must(["add", "stray"]);
    continued("RESOLUTION_OUT_OF_SCOPE", &["stray"]);
    place.must(["rm", "-q", "-f", "stray"]);
    // What a lane of the merge owns may change besides: a renamed function is called elsewhere.
    place.write("b/two", "two, adapted\n");
    place.must(["add", "b/two"]);
    let told = scene.json(&["merge", "--continue"], 0);
    assert_eq!(told["certificate"]["resolved"][0]["paths"], json!(["common/list", "b/two"]));
    assert_eq!(scene.at("main", "b/two").as_deref(), Some("two, adapted\n"));
    scene.json(&["verify-landing"], 0);
}

#[test]
fn given_up_nothing_is_left_of_it() {
    let scene = scene();
    let before = still(&scene);
    let place = open(&scene);
    let told = refused(&scene, &[], 1, "MERGE_IN_PROGRESS");
    assert!(told["next_step"].as_str().unwrap().contains("--abort"), "{told}");
    resolve(&place, &list("both"));
    place.write("stray", "stray\n");
    refused(&scene, &["--abort"], 1, "RESOLUTION_UNFINISHED");
    std::fs::remove_file(place.file("stray")).unwrap();
    assert_eq!(scene.json(&["merge", "--abort"], 0)["paths"], json!(["common/list"]));
    assert_unchanged(&before, &still(&scene));
    assert_eq!(scene.json(&["merge", "--abort"], 0)["worktree"], Value::Null);
    refused(&scene, &["--continue"], 1, "MERGE_PLAN_NONE");
    open(&scene);
}

#[test]
fn without_a_conflict_nothing_is_opened() {
    let scene = Approved::two();
    let before = state(&scene.repo);
    refused(&scene, &["--resolve"], 1, "MERGE_PLAN_NONE");
    assert_unchanged(&before, &state(&scene.repo));
}

#[test]
fn one_conflict_after_the_other() {
    let scene = scene();
    scene.move_lane(2, &[("common/list", &list("c"))]);
    let place = open(&scene);
    resolve(&place, &list("a and b"));
    let told = scene.json(&["merge", "--continue"], 3);
    assert_eq!(told["conflicts"][0]["lane_id"], "lane-c");
    assert_eq!(told["conflicts"][0]["sides"], json!([["lane-a", "lane-b"], ["lane-c"]]));
    let text = place.read("common/list");
    assert!(text.contains("a and b\n") && text.contains("\nc\n"), "{text}");
    resolve(&place, &list("all"));
    let told = scene.json(&["merge", "--continue"], 0);
    assert_eq!(told["certificate"]["resolved"].as_array().unwrap().len(), 2);
    assert_eq!(scene.at("main", "common/list"), Some(list("all")));
    assert_eq!(scene.at("main", "c/three").as_deref(), Some("three\n"));
    scene.json(&["verify-landing"], 0);
}

#[test]
fn a_conflict_with_the_target_is_resolved_on_the_missions_side() {
    let scene = with_target();
    let told = refused(&scene, &[], 3, "LANDING_CONFLICT");
    assert_eq!(told["conflicts"][0]["sides"], json!([["lane-a"], ["target"]]));
    for strategy in ["merge", "squash"] {
        let scene = with_target();
        scene.json(&["merge", "--strategy", strategy, "--resolve"], 0);
        resolve(&place(&scene), &list("main and a"));
        let told = scene.json(&["merge", "--continue"], 0);
        assert_eq!(
            (&told["strategy"], told["refs"].as_array().unwrap().len()),
            (&json!(strategy), 3)
        );
        assert_eq!(scene.at("main", "common/list"), Some(list("main and a")));
        assert_eq!(scene.at("main", "new").as_deref(), Some("new\n"));
        scene.json(&["verify-landing"], 0);
        scene.repo.kitty(["mission", "close"]).exits(0);
    }
}

/// Others append events, and the target goes on, while a person thinks.
#[test]
fn what_others_do_meanwhile_is_neither_lost_nor_in_the_way() {
    let scene = scene();
    let place = open(&scene);
    let note = json!({"kind": "annotation", "wp_id": "WP03", "delta": {"note": "still here"}});
    let append = |scene: &Approved| {
        let call = scene.repo.call(["kitty", "event", "append"]);
        call.stdin(format!("{note}\n")).run().exits(0);
    };
    append(&scene);
    scene.json(&["merge", "--resolve"], 0);
    resolve(&place, &list("both"));
    scene.move_target(&[("b/two", "of main\n"), ("new", "new\n")]);
    scene.repo.must(["rm", "-q", "b/two"]);
    scene.repo.unhooked(["commit", "-q", "-m", "Not so"]).run().exits(0);
    append(&scene);
    scene.json(&["merge", "--continue"], 0);
    let log = scene.at("main", &format!("{}/status.events.jsonl", scene.mission.dir())).unwrap();
    assert_eq!(log.matches("still here").count(), 2);
    assert_eq!(scene.at("main", "new").as_deref(), Some("new\n"));
    assert_eq!(scene.at("main", "common/list"), Some(list("both")));
    scene.json(&["verify-landing"], 0);
    scene.assert_clean("after it");
}

/// Also where the target gets what a lane owns, which the person has not seen.
#[test]
fn a_target_that_went_on_keeps_its_work_whatever_was_resolved() {
    let scene = with_target();
    scene.json(&["merge", "--resolve"], 0);
    resolve(&place(&scene), &list("main and a"));
    scene.move_target(&[("a/later", "later\n"), ("a/one", "of main\n")]);
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "a/later").as_deref(), Some("later\n"));
    assert_eq!(scene.at("main", "a/one").as_deref(), Some("of main\n"));
    assert_eq!(scene.at("main", "common/list"), Some(list("main and a")));
    scene.json(&["verify-landing"], 0);
    // What conflicts anew is asked for anew.
    let scene = with_target();
    scene.json(&["merge", "--resolve"], 0);
    resolve(&place(&scene), &list("main and a"));
    scene.move_target(&[("common/list", &list("main, later"))]);
    scene.json(&["merge", "--continue"], 3);
    assert!(place(&scene).read("common/list").contains("main, later"));
    resolve(&place(&scene), &list("all"));
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "common/list"), Some(list("all")));
    scene.json(&["verify-landing"], 0);
}

#[test]
fn a_lane_that_moved_ends_the_plan() {
    let scene = scene();
    let place = open(&scene);
    resolve(&place, &list("both"));
    scene.move_lane(1, &[("b/more", "more\n")]);
    let before = state(&scene.repo);
    refused(&scene, &["--continue"], 1, "MERGE_PLAN_DRIFTED");
    refused(&scene, &["--resolve"], 1, "MERGE_PLAN_DRIFTED");
    assert_unchanged(&before, &state(&scene.repo));
    scene.json(&["merge", "--abort"], 0);
    resolve(&open(&scene), &list("both"));
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "b/more").as_deref(), Some("more\n"));
}

#[test]
fn what_a_person_committed_there_besides_is_not_thrown_away() {
    let scene = scene();
    let place = open(&scene);
    resolve(&place, &list("both"));
    place.must(["commit", "-q", "-m", "Both"]);
    place.stage(&[("c/four", "four\n")]);
    place.must(["commit", "-q", "-m", "And more"]);
    let before = state(&scene.repo);
    refused(&scene, &["--continue"], 1, "RESOLUTION_UNFINISHED");
    refused(&scene, &["--resolve"], 1, "RESOLUTION_UNFINISHED");
    assert_unchanged(&before, &state(&scene.repo));
    place.must(["reset", "-q", "--hard", "HEAD~"]);
    scene.json(&["merge", "--continue"], 0);
}

#[test]
fn a_worktree_that_somebody_removed_is_opened_again() {
    let scene = scene();
    let place = open(&scene);
    let path = place.path().display().to_string();
    scene.repo.must(["worktree", "remove", "--force", &path]);
    scene.json(&["merge", "--continue"], 3);
    assert!(place.read("common/list").starts_with("<<<<<<<"));
    // Who gave git's own merge up gets it back.
    place.must(["merge", "--abort"]);
    scene.json(&["merge", "--resolve"], 0);
    assert!(place.read("common/list").starts_with("<<<<<<<"));
    std::fs::remove_dir_all(place.path()).unwrap();
    scene.json(&["merge", "--abort"], 0);
    scene.json(&["merge", "--abort"], 0);
    assert_eq!(scene.repo.ask(["worktree", "list"]).lines().count(), 1);
}

/// What is blocked besides is said at `--continue`, and what was resolved is kept.
#[test]
fn what_is_in_the_way_besides_does_not_cost_the_resolution() {
    let scene = scene();
    resolve(&open(&scene), &list("both"));
    scene.repo.write("a/one", "in the making\n");
    refused(&scene, &["--continue"], 1, "REF_ADVANCE_DIRTY_WORKTREE");
    refused(&scene, &["--resolve"], 1, "REF_ADVANCE_DIRTY_WORKTREE");
    scene.repo.must(["checkout", "-q", "a/one"]);
    refused(&scene, &["--resolve"], 1, "MERGE_IN_PROGRESS");
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "common/list"), Some(list("both")));
}

pub(super) fn kill(scene: &Approved, words: &[&str], step: &str) {
    let call = scene.repo.call([&["kitty", "merge"], words].concat());
    assert_eq!(call.env("GIT_KITTY_CRASH", step).run().status, 134, "{step}");
}

/// Two conflicts, so that each is opened over what was resolved.
fn twice() -> Approved {
    let scene = scene();
    scene.move_lane(2, &[("common/list", &list("c"))]);
    scene
}

/// Resolves what is left, and lands.
#[track_caller]
fn finish(scene: &Approved, step: &str) {
    for text in ["first", "second", "third"] {
        let place = place(scene);
        if place.path().exists() && !place.ask(["ls-files", "--unmerged"]).is_empty() {
            resolve(&place, &list(text));
        }
        let said = scene.merge(&["--continue"]);
        if said.status == 0 {
            let shown = scene.at("main", "common/list").unwrap();
            assert!(shown == list("first") || shown == list("second"), "{step}: {shown}");
            for path in ["a/one", "b/two", "c/three"] {
                assert!(scene.at("main", path).is_some(), "{step}: {path}");
            }
            scene.json(&["verify-landing"], 0);
            scene.assert_clean(step);
            assert!(!place.path().exists(), "{step}");
            assert!(!state(&scene.repo).to_string().contains("/kitty/merge/"), "{step}");
            return;
        }
        said.exits(3);
    }
    panic!("{step}: it does not end");
}

#[test]
fn killed_while_it_is_opened_it_is_opened_again_or_given_up() {
    for step in crash::RESOLVE {
        let scene = twice();
        let before = still(&scene);
        kill(&scene, &["--resolve"], step);
        open(&scene);
        finish(&scene, step);
        let scene = twice();
        kill(&scene, &["--resolve"], step);
        scene.json(&["merge", "--abort"], 0);
        scene.assert_clean(step);
        assert!(!place(&scene).path().exists(), "{step}");
        assert_unchanged(&before, &still(&scene));
    }
}

#[test]
fn killed_while_it_is_taken_it_is_taken_once() {
    let steps = crash::CONTINUE.iter().take(3).chain(&crash::RESOLVE[1..]);
    for step in steps {
        let scene = twice();
        resolve(&open(&scene), &list("first"));
        kill(&scene, &["--continue"], step);
        let said = scene.merge(&["--continue"]);
        assert!(said.status == 3 || *step == "resolve-laid-out", "{step}: {said}");
        let text = place(&scene).read("common/list");
        assert!(text.contains("first\n") && text.contains("\nc\n"), "{step}: {text}");
        finish(&scene, step);
        // The other ways on.
        let scene = twice();
        resolve(&open(&scene), &list("first"));
        kill(&scene, &["--continue"], step);
        scene.json(&["merge", "--resolve"], 0);
        assert!(place(&scene).read("common/list").contains("first\n"), "{step}");
        scene.json(&["merge", "--abort"], 0);
        scene.assert_clean(step);
        assert!(!place(&scene).path().exists(), "{step}");
    }
}

#[test]
fn killed_while_it_lands_the_next_command_ends_it() {
    let steps = crash::CONTINUE[3..].iter().chain(crash::PUBLISH).chain(crash::TRANSACTION);
    for step in steps {
        let scene = scene();
        resolve(&open(&scene), &list("first"));
        kill(&scene, &["--continue"], step);
        finish(&scene, step);
    }
    // `merge` itself ends what is done, too.
    for step in ["after-publish", "merge-worktree-removed"] {
        let scene = scene();
        resolve(&open(&scene), &list("first"));
        kill(&scene, &["--continue"], step);
        let told = scene.json(&["merge"], 0);
        assert_eq!(told["refs"], json!([]), "{step}");
        assert!(!place(&scene).path().exists(), "{step}");
        assert!(!state(&scene.repo).to_string().contains("/kitty/merge/"), "{step}");
    }
}

#[test]
fn killed_while_it_is_given_up_it_is_given_up() {
    for step in crash::ABORT {
        let scene = scene();
        let before = still(&scene);
        resolve(&open(&scene), &list("first"));
        kill(&scene, &["--abort"], step);
        scene.json(&["merge", "--abort"], 0);
        assert_unchanged(&before, &still(&scene));
    }
}

/// The same kinds of conflict that git knows, each taken as the person leaves it.
#[test]
fn files_that_one_side_removed_or_made_something_else_of() {
    let scene = Approved::new(&[&[("a/one", "1\n")], &[("common/list", &list("b"))]]);
    let own = scene.mission.lane_branch("lane-a");
    let mut stream = String::new();
    let tip = scene.repo.id(&own);
    write!(
        stream,
        "commit refs/heads/{own}\ncommitter Carl <carl@example.com> 1 +0000\ndata 2\nx\nfrom {tip}\nD common/list\n\n"
    )
    .unwrap();
    scene
        .repo
        .unhooked(["fast-import", "--quiet", "--date-format=raw"])
        .stdin(stream)
        .run()
        .exits(0);
    refused(&scene, &[], 3, "LANE_MERGE_CONFLICT");
    scene.json(&["merge", "--resolve"], 0);
    let place = place(&scene);
    assert_eq!(place.read("common/list"), list("b"));
    place.must(["rm", "-q", "common/list"]);
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "common/list"), None);
    scene.json(&["verify-landing"], 0);
}
