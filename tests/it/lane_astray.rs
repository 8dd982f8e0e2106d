//! Lanes whose worktree has something else checked out: the way back is told, and can be typed.

use crate::kit::call::Output;
use crate::lane::{Lanes, json};

/// The commands between backticks in the hint.
fn commands(output: &Output) -> Vec<String> {
    let hint = output.stderr.lines().find(|line| line.starts_with("hint: ")).unwrap();
    hint.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

fn refused(lanes: &Lanes, code: &str) -> Vec<String> {
    let output = lanes.repo.kitty(["lane", "sync", "lane-a"]).exits(1);
    assert!(output.stderr.contains(code), "{output}");
    commands(&output)
}

const MISMATCH: &str = "[LANE_WORKTREE_BRANCH_MISMATCH]";

#[test]
fn a_branch_that_was_renamed_gets_its_name_back() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.must(["branch", "-m", "renamed"]);
    let typed = refused(&lanes, MISMATCH);
    assert_eq!(typed.len(), 1, "{typed:?}");
    lanes.repo.sh(&typed[0]).exits(0);
    lanes.repo.kitty(["lane", "sync", "lane-a"]).exits(0);
    assert_eq!(lane.ask(["symbolic-ref", "--short", "HEAD"]), lanes.branch("lane-a"));
}

#[test]
fn what_was_committed_on_a_detached_head_is_kept() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.must(["switch", "-q", "--detach"]);
    let mine = lane.commit_file("src/a/one.rs", "mine\n");
    for typed in refused(&lanes, MISMATCH) {
        lanes.repo.sh(&typed).exits(0);
    }
    assert_eq!(lanes.repo.id("KEEP"), mine);
    lanes.repo.kitty(["lane", "sync", "lane-a"]).exits(0);
}

#[test]
fn a_rebase_under_way_is_ended_or_given_up_first() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.commit_file("src/a/one.rs", "mine\n");
    let rebase = lane.call(["rebase", "-q", "-i", "HEAD~"]);
    rebase.env("GIT_SEQUENCE_EDITOR", "sed -i s/^pick/edit/").run().exits(0);
    let typed = refused(&lanes, MISMATCH);
    assert_eq!(typed.len(), 2, "{typed:?}");
    assert!(typed[0].ends_with("rebase --continue") && typed[1].ends_with("rebase --abort"));
    let inside = lane.kitty(["lane", "sync"]).exits(1);
    assert_eq!(commands(&inside), typed, "the lane one stands in is meant: {inside}");
    lanes.repo.sh(&typed[1]).exits(0);
    lane.kitty(["lane", "sync"]).exits(0);
}

#[test]
fn a_worktree_that_stands_elsewhere_is_still_its_lane() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.must(["switch", "-q", "-c", "aside"]);
    let said = lane.kitty(["lane", "sync", "--format", "json"]).exits(1);
    let told = json(&said);
    assert_eq!(told["error_code"], "LANE_WORKTREE_BRANCH_MISMATCH", "{said}");
    assert_eq!(
        (&told["lane_id"], &told["mission_id"]),
        (&"lane-a".into(), &lanes.mission.id.clone().into())
    );
    assert_eq!(told["mission_slug"], lanes.mission.slug.as_str());
}
