//! What `git kitty merge` tells besides, and does all the same.

use serde_json::Value;

use crate::kit::approved::Approved;

/// The codes of a merge's warnings.
#[track_caller]
fn codes(scene: &Approved, words: &[&str]) -> Vec<String> {
    let told = scene.json(&[&["merge"], words].concat(), 0);
    let all = told["warnings"].as_array().unwrap();
    all.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

const NONE: [&str; 0] = [];

fn cancel(scene: &Approved, wp_id: &str) {
    let words = ["wp", "move", wp_id, "--to", "canceled", "--force", "--reason", "not wanted"];
    scene.repo.kitty(words).exits(0);
}

#[test]
fn canceled_work_that_comes_along() {
    let scene = Approved::two();
    cancel(&scene, "WP01");
    assert_eq!(codes(&scene, &["--dry-run"]), NONE, "nobody has it");
    // lane-b was built on it.
    let branch = scene.mission.lane_branch("lane-b");
    let tip = scene.repo.id(&branch);
    let other = scene.repo.id(&scene.mission.lane_branch("lane-a"));
    let tree = scene.repo.ask(["merge-tree", "--write-tree", &tip, &other]);
    let both = ["commit-tree", &tree, "-p", &tip, "-p", &other, "-m", "Both"];
    let both = scene.repo.ask(both);
    scene.repo.unhooked(["update-ref", &format!("refs/heads/{branch}"), &both]).run().exits(0);
    assert_eq!(codes(&scene, &["--dry-run"]), ["CANCELED_WORK_COMES"]);
    // Or it was merged before.
    let scene = Approved::two();
    scene.json(&["merge", "--lanes-only"], 0);
    cancel(&scene, "WP01");
    assert_eq!(codes(&scene, &[]), ["CANCELED_WORK_COMES"]);
}

#[test]
fn what_came_to_a_lane_after_its_review() {
    let scene = Approved::two();
    let again = ["wp", "move", "WP01", "--to", "in_review", "--force", "--reason", "look again"];
    scene.repo.kitty(again).exits(0);
    let verdict = ["review", "verdict", "WP01", "--verdict", "approved", "--reference", "r/2"];
    scene.repo.kitty(verdict).exits(0);
    assert_eq!(codes(&scene, &["--dry-run"]), NONE);
    scene.move_lane(0, &[("a/late", "late\n")]);
    assert_eq!(codes(&scene, &["--dry-run"]), ["LANE_CHANGED_SINCE_REVIEW"]);
    scene.json(&["merge"], 0);
}

#[test]
fn a_snapshot_that_is_not_what_its_log_adds_up_to() {
    let scene = Approved::two();
    let own = scene.mission.branch();
    let path = format!("{}/status.json", scene.mission.dir());
    scene.repo.commit_to(&own, &own, "Drift", &[(path.clone(), "{}\n".to_owned())]);
    assert_eq!(codes(&scene, &["--dry-run"]), ["SNAPSHOT_DRIFT"]);
    scene.json(&["merge"], 0);
    let found: Value = serde_json::from_str(&scene.at("main", &path).unwrap()).unwrap();
    assert!(found["work_packages"].is_object(), "{found}");
}

/// Git keeps in mind that the lanes were merged, whatever was reverted since.
#[test]
fn a_landing_that_changes_nothing() {
    let scene = Approved::two();
    assert_eq!(codes(&scene, &["--strategy", "merge"]), NONE);
    scene.repo.unhooked(["revert", "--no-edit", "-m", "1", "HEAD"]).run().exits(0);
    assert_eq!(codes(&scene, &["--strategy", "merge"]), ["LANDING_CHANGES_NOTHING"]);
    assert!(scene.at("main", "b/two").is_none());
}
