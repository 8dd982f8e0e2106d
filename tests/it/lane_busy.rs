//! Lanes in whose worktree something is under way, or of which only the record is left.

use crate::lane::{Lanes, assert_whole};
use crate::lane_by_hand::commands;

/// Commands that stop half-way, in a lane that changed the same line.
const HALF_WAY: [&str; 5] = [
    "git merge -q --no-ff --no-commit side",
    "git cherry-pick side~ || true",
    "git revert --no-edit side~ || true",
    "git format-patch -1 --stdout side~ | git am -q || true",
    "git bisect start",
];

#[test]
fn a_branch_does_not_move_and_its_worktree_does_not_go_in_the_midst_of_something() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.commit_file("src/a/one.rs", "mine\n");
    lanes.coordinate("docs/plan.md", "plan\n");
    let files = |path: &str| [(path.to_owned(), "theirs\n".to_owned())];
    lanes.repo.commit_to("side", "main", "Clash", &files("src/a/one.rs"));
    let tree = lanes.repo.id("main^{tree}");
    let apart = lanes.repo.ask(["commit-tree", "-p", "side", "-m", "Apart", &tree]);
    lanes.repo.ask(["branch", "-f", "side", &apart]);
    for script in HALF_WAY {
        lane.sh(script).exits(0);
        let close = ["mission", "close", &lanes.mission.slug, "--keep-branches"];
        lanes.refused(&close, 1, "WORKTREE_BUSY");
        let said = lanes.refused(&["lane", "sync", "lane-a"], 1, "WORKTREE_BUSY");
        lanes.repo.sh(commands(&said).last().unwrap()).exits(0);
        assert_eq!(lane.ask(["status", "--porcelain"]), "", "{script}");
    }
    lanes.repo.kitty(["lane", "sync", "lane-a"]).exits(0);
    assert_whole(&lanes, "lane-a");
}

#[test]
fn the_commit_of_a_detached_lane_whose_directory_is_gone_is_kept_first() {
    let lanes = Lanes::new();
    let words = ["wp", "claim", "WP01", "--actor", "ada"];
    lanes.repo.kitty(words).exits(0);
    let lane = lanes.lane("lane-a");
    lane.must(["switch", "-q", "--detach"]);
    let commit = lane.commit_file("src/a/one.rs", "mine\n");
    std::fs::remove_dir_all(lane.path()).unwrap();
    let way = format!("git branch KEEP {commit}");
    let told = lanes.repo.kitty(["doctor"]).exits(1);
    assert!(told.stdout.contains("[CLAIM_INTERRUPTED]") && told.stdout.contains(&way), "{told}");
    let said = lanes.refused(&words, 1, "WORKTREE_GONE");
    assert_eq!(commands(&said), [way]);
    lanes.refused(&["lane", "open", "lane-a"], 1, "WORKTREE_GONE");
    lanes.repo.sh(&commands(&said)[0]).exits(0);
    lanes.repo.kitty(words).exits(0);
    assert_whole(&lanes, "lane-a");
    assert_eq!(lanes.repo.id("KEEP"), commit);
}

#[test]
fn what_else_such_a_record_has_is_named_with_the_way_to_forget_it() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.must(["switch", "-q", "--detach"]);
    lane.stage(&[("src/a/one.rs", "staged\n")]);
    std::fs::remove_dir_all(lane.path()).unwrap();
    let said = lanes.refused(&["lane", "open", "lane-a"], 1, "WORKTREE_GONE");
    assert!(said.stderr.contains("its index has something"), "{said}");
    lanes.repo.sh(&commands(&said)[0]).exits(0);
    lanes.open("lane-a");
    assert_whole(&lanes, "lane-a");
}
