//! `git kitty undo`: the last operation is taken back, or it is said why not.

use serde_json::{Value, json};

use crate::kit::approved::{APPROVED, Approved};
use crate::kit::checkout::Checkout;
use crate::kit::mission::MissionBuilder;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

/// A mission that has landed.
fn landed() -> Approved {
    let scene = Approved::two();
    scene.json(&["merge"], 0);
    scene
}

fn log(scene: &Approved, revision: &str) -> String {
    scene.at(revision, &format!("{}/status.events.jsonl", scene.mission.dir())).unwrap_or_default()
}

#[track_caller]
fn refused(scene: &Approved, codes: &[&str]) -> Value {
    let before = state(&scene.repo);
    let told = scene.json(&["undo"], 1);
    let found: Vec<&str> = match told["blockers"].as_array() {
        Some(all) => all.iter().map(|one| one["error_code"].as_str().unwrap()).collect(),
        None => vec![told["error_code"].as_str().unwrap()],
    };
    assert_eq!(found, codes, "{told}");
    assert_eq!(told["error_code"], codes[0]);
    let dry = scene.json(&["undo", "--dry-run"], 1);
    assert_eq!(dry["error_code"], codes[0], "{dry}");
    assert_unchanged(&before, &state(&scene.repo));
    told
}

#[test]
fn both_stages_go_and_the_log_only_grows() {
    let scene = Approved::two();
    let view = scene.mission.open_coordination();
    let (main, tree) = (scene.repo.id("main"), view.ask(["ls-tree", "-r", "HEAD", "--", "a", "b"]));
    let told = scene.json(&["merge"], 0);
    let merged = log(&scene, &scene.mission.branch());
    let before = state(&scene.repo);
    let dry = scene.json(&["undo", "--dry-run"], 0);
    assert_eq!((&dry["undone"], &dry["dry_run"]), (&told["operation"], &json!(true)));
    assert_unchanged(&before, &state(&scene.repo));
    let undone = scene.json(&["undo"], 0);
    assert_eq!(undone["undone"], told["operation"]);
    assert_eq!(undone["certificate"], told["certificate"]["event_id"]);
    assert_eq!(undone["events"].as_array().unwrap().len(), 3, "two packages and the landing");
    assert_eq!(scene.repo.id("main"), main);
    assert_eq!(view.ask(["ls-tree", "-r", "HEAD", "--", "a", "b"]), tree);
    let own = scene.mission.branch();
    let grown = log(&scene, &own);
    assert!(grown.starts_with(&merged) && grown.len() > merged.len());
    assert_eq!(scene.statuses(&own), ["approved", "approved"]);
    let meta = scene.at(&own, &format!("{}/meta.json", scene.mission.dir())).unwrap();
    assert!(meta.contains("\"mission_number\": null"), "{meta}");
    scene.assert_clean("undone");
    assert_eq!(scene.json(&["verify-landing"], 1)["error_code"], "LANDING_NOT_FOUND");
    assert_eq!(scene.repo.ask(["status", "--porcelain"]), "");
    refused(&scene, &["UNDO_NOTHING"]);
}

#[test]
fn what_is_merged_again_is_really_merged() {
    for strategy in ["ff", "merge", "squash", "rebase"] {
        let scene = landed();
        scene.json(&["undo"], 0);
        let told = scene.json(&["merge", "--strategy", strategy], 0);
        let lanes = told["stages"][0]["lanes"].as_array().unwrap();
        assert!(lanes.iter().all(|lane| lane["outcome"] == "merged"), "{told}");
        assert_eq!(told["mission_number"], 1);
        assert_eq!(scene.at("main", "b/two").as_deref(), Some("two\n"));
        assert_eq!(scene.statuses("main"), ["done", "done"]);
        scene.json(&["verify-landing"], 0);
        scene.assert_clean(strategy);
        // And taken back again.
        scene.json(&["undo"], 0);
        assert_eq!(scene.at("main", "b/two"), None);
        scene.json(&["merge"], 0);
        scene.json(&["verify-landing"], 0);
    }
}

#[test]
fn a_lane_can_be_worked_on_after_it() {
    let scene = landed();
    scene.json(&["undo"], 0);
    scene.move_lane(1, &[("b/two", "better\n")]);
    scene.json(&["merge"], 0);
    assert_eq!(scene.at("main", "b/two").as_deref(), Some("better\n"));
    scene.json(&["verify-landing"], 0);
}

#[test]
fn lanes_that_came_alone_go_alone() {
    let scene = Approved::two();
    let main = scene.repo.id("main");
    scene.json(&["merge", "--lanes-only"], 0);
    assert_eq!(scene.repo.id("main"), main);
    assert_eq!(scene.statuses(&scene.mission.branch()), ["done", "done"]);
    let undone = scene.json(&["undo"], 0);
    assert_eq!(undone["certificate"], Value::Null);
    assert_eq!(scene.statuses(&scene.mission.branch()), ["approved", "approved"]);
    assert_eq!(scene.at(&scene.mission.branch(), "b/two"), None);
    scene.json(&["merge"], 0);
    assert_eq!(scene.at("main", "b/two").as_deref(), Some("two\n"));
}

/// What was taken back leaves the coordination branch where no operation had put it.
#[test]
fn one_operation_of_a_mission_is_taken_back_and_not_the_one_before() {
    let scene = Approved::two();
    let main = scene.repo.id("main");
    scene.json(&["merge", "--lanes-only"], 0);
    scene.json(&["merge"], 0);
    scene.json(&["undo"], 0);
    assert_eq!(scene.statuses(&scene.mission.branch()), ["done", "done"]);
    assert_eq!(scene.repo.id("main"), main);
    refused(&scene, &["UNDO_REFS_MOVED"]);
    scene.json(&["merge"], 0);
    scene.json(&["verify-landing"], 0);
}

#[test]
fn what_others_may_have_is_not_taken_back() {
    let scene = landed();
    let main = scene.repo.id("main");
    scene.repo.ask(["update-ref", "refs/remotes/origin/main", &main]);
    let told = refused(&scene, &["UNDO_PUSHED"]);
    assert_eq!(told["remote_refs"], json!(["refs/remotes/origin/main"]));
    // Also where only a part of it is there, or more.
    scene.repo.ask(["update-ref", "-d", "refs/remotes/origin/main"]);
    let own = scene.repo.id(&scene.mission.branch());
    scene.repo.ask(["update-ref", "refs/remotes/fork/theirs", &own]);
    refused(&scene, &["UNDO_PUSHED"]);
    scene.repo.ask(["update-ref", "-d", "refs/remotes/fork/theirs"]);
    scene.json(&["undo"], 0);
}

#[test]
fn refs_that_moved_on_stay() {
    let scene = landed();
    scene.move_target(&[("later", "later\n")]);
    let told = refused(&scene, &["UNDO_REFS_MOVED"]);
    assert_eq!(told["destination_ref"], "refs/heads/main");
    assert_eq!(told["found"], scene.repo.id("main"));
    let note = "{\"kind\": \"annotation\", \"wp_id\": \"WP01\", \"delta\": {\"note\": \"n\"}}\n";
    scene.repo.call(["kitty", "event", "append"]).stdin(note).run().exits(0);
    refused(&scene, &["UNDO_REFS_MOVED", "UNDO_REFS_MOVED"]);
    // Of a closed mission the branch is gone.
    let scene = landed();
    scene.repo.kitty(["mission", "close"]).exits(0);
    refused(&scene, &["UNDO_REFS_MOVED"]);
}

#[test]
fn what_somebody_built_upon_stays() {
    let scene = landed();
    scene.repo.ask(["branch", "feature", "main"]);
    let told = refused(&scene, &["UNDO_BUILT_UPON"]);
    assert_eq!(told["candidates"], json!(["refs/heads/feature"]));
    scene.repo.ask(["branch", "-D", "feature"]);
    scene.repo.ask(["tag", "v1", "main"]);
    refused(&scene, &["UNDO_BUILT_UPON"]);
    scene.repo.ask(["tag", "-d", "v1"]);
    // A worktree without a branch stands on it as well.
    let detached = scene.repo.below("../detached");
    let path = detached.path().display().to_string();
    scene.repo.unhooked(["worktree", "add", "-q", "--detach", &path, "main"]).run().exits(0);
    scene.json(&["undo"], 0);
}

#[test]
fn checkouts_with_somebodys_work_keep_it_and_all_is_said_at_once() {
    let scene = landed();
    scene.repo.write("a/one", "in the making\n");
    let told = refused(&scene, &["REF_ADVANCE_DIRTY_WORKTREE"]);
    assert_eq!(told["paths"], json!(["a/one"]));
    scene.repo.ask(["branch", "feature", "main"]);
    scene.repo.ask(["update-ref", "refs/remotes/origin/main", "main"]);
    refused(&scene, &["REF_ADVANCE_DIRTY_WORKTREE", "UNDO_PUSHED", "UNDO_BUILT_UPON"]);
    scene.repo.ask(["branch", "-D", "feature"]);
    scene.repo.ask(["update-ref", "-d", "refs/remotes/origin/main"]);
    scene.repo.must(["checkout", "-q", "a/one"]);
    // What is in nobody's way may be there.
    scene.repo.write("other", "mine\n");
    scene.repo.write("untracked", "mine\n");
    scene.json(&["undo"], 0);
    assert_eq!(scene.repo.ask(["status", "--porcelain"]), " M other\n?? untracked");
}

#[test]
fn a_branch_for_a_pull_request_goes_again() {
    let scene = Approved::two();
    let told = scene.json(&["merge", "--pr"], 0);
    let branch = told["stages"][1]["pr_branch"].as_str().unwrap().to_owned();
    assert!(scene.repo.tip(&branch).is_some());
    let main = scene.repo.id("main");
    let undone = scene.json(&["undo"], 0);
    assert_eq!(undone["refs"].as_array().unwrap().len(), 3);
    assert_eq!((scene.repo.tip(&branch), scene.repo.id("main")), (None, main));
}

/// Two missions: the last operation is one of the repository.
#[test]
fn the_last_operation_is_taken_back_whatever_mission_it_is_of() {
    let scene = Approved::two();
    let other = MissionBuilder::new("cart").number(2).wp(Wp::new("WP01").owns(&["cart/**"]));
    let mut other = other.build(&scene.repo);
    other.log.walk("WP01", &APPROVED);
    other.save();
    let lane = other.lane_branch("lane-a");
    let files = [("cart/one".to_owned(), "cart\n".to_owned())];
    scene.repo.commit_to(&lane, &other.branch(), "Work", &files);
    let merged = |slug: &str| scene.json(&["merge", slug], 0);
    assert_eq!(merged("pay")["mission_number"], 1);
    assert_eq!(merged("cart")["mission_number"], 2);
    assert_eq!(scene.json(&["undo"], 0)["mission_slug"], other.slug);
    assert_eq!(scene.at("main", "cart/one"), None);
    assert_eq!(scene.json(&["undo"], 0)["mission_slug"], scene.mission.slug);
    assert_eq!(scene.at("main", "b/two"), None);
    assert_eq!(merged("cart")["mission_number"], 1);
    scene.assert_clean("after it");
}

/// An entry of the operation log keeps what refs held before.
#[test]
fn it_can_be_taken_back_after_a_gc() {
    let scene = Approved::two();
    let old = scene.repo.id(&scene.mission.branch());
    scene.json(&["merge", "--strategy", "squash"], 0);
    scene.repo.must(["reflog", "expire", "--expire=now", "--all"]);
    scene.repo.must(["gc", "-q", "--prune=now"]);
    scene.json(&["undo"], 0);
    assert_eq!(scene.repo.id(&format!("{}~", scene.mission.branch())), old);
    let entries: Vec<String> = oplog(&scene.repo);
    assert_eq!(entries, ["undo", "merge"]);
    scene.repo.must(["fsck", "--strict"]);
}

fn oplog(repo: &Checkout) -> Vec<String> {
    let said = repo.ask(["log", "--first-parent", "--format=%s", "refs/kitty/oplog"]);
    let kinds = said.lines().filter_map(|line| line.split(' ').next());
    kinds.take(2).map(str::to_owned).collect()
}
