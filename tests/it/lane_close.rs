//! `git kitty lane close`: nothing is lost.

use crate::kit::state::{assert_unchanged, state};
use crate::lane::{Lanes, json};

#[track_caller]
fn refused(lanes: &Lanes, code: &str, part: &str) {
    let look = || state(&lanes.repo).without("locks/");
    let before = look();
    let said = lanes.repo.kitty(["lane", "close", "lane-a"]).exits(1);
    assert!(said.stderr.contains(&format!("[{code}]")) && said.stderr.contains(part), "{said}");
    assert_unchanged(&before, &look());
}

/// Moves the coordination branch to a lane's tip, as a merge would.
fn onto_coordination(lanes: &Lanes, lane: &str) {
    let (own, onto) = (lanes.branch(lane), format!("refs/heads/{}", lanes.mission.branch()));
    lanes.repo.unhooked(["update-ref", &onto, &lanes.repo.id(&own)]).run().exits(0);
}

#[test]
fn a_lane_that_is_contained_goes_and_stays_gone() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.write(".gitignore", "");
    std::fs::remove_file(lane.file(".gitignore")).unwrap();
    let call = || {
        let said = lanes.repo.kitty(["lane", "close", "lane-a", "--format", "json"]).exits(0);
        json(&said)["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(call(), "closed");
    assert_eq!((lanes.repo.tip(&lanes.branch("lane-a")), lane.path().exists()), (None, false));
    assert_eq!(lanes.repo.ask(["worktree", "list"]).lines().count(), 1);
    assert_eq!(call(), "absent");
    assert_eq!(lanes.states(), ["not_open", "not_open", "not_open"]);
}

#[test]
fn one_may_stand_in_the_lane_that_is_closed() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.below("src/a").kitty(["lane", "close"]).exits(0);
    assert_eq!((lanes.repo.tip(&lanes.branch("lane-a")), lane.path().exists()), (None, false));
}

#[test]
fn work_that_is_nowhere_else_is_refused_and_named() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.write("src/a/one.rs", "changed\n");
    refused(&lanes, "LANE_WORKTREE_DIRTY", "src/a/one.rs");
    lane.must(["add", "."]);
    refused(&lanes, "LANE_WORKTREE_DIRTY", "src/a/one.rs");
    lane.must(["reset", "-q", "--hard"]);
    lane.write("deep/er/notes.txt", "mine\n");
    refused(&lanes, "LANE_WORKTREE_DIRTY", "deep/er/notes.txt");
    std::fs::remove_dir_all(lane.file("deep")).unwrap();
    lane.commit_file("src/a/one.rs", "changed\n");
    refused(&lanes, "LANE_NOT_CONTAINED", "Write src/a/one.rs");
    onto_coordination(&lanes, "lane-a");
    lanes.repo.must(["worktree", "lock", &lane.path().display().to_string()]);
    refused(&lanes, "WORKTREE_LOCKED", "lane-a");
    lanes.repo.must(["worktree", "unlock", &lane.path().display().to_string()]);
    lane.must(["switch", "-q", "--detach"]);
    refused(&lanes, "LANE_WORKTREE_BRANCH_MISMATCH", "branch KEEP`");
    lane.must(["switch", "-q", &lanes.branch("lane-a")]);
    lanes.repo.kitty(["lane", "close", "lane-a"]).exits(0);
}

#[test]
fn a_closing_that_was_killed_is_finished() {
    for step in ["after-build", "before-journal", "after-publish", "after-release"] {
        let lanes = Lanes::new();
        lanes.open("lane-a");
        let call = lanes.repo.call(["kitty", "lane", "close", "lane-a"]);
        call.env("GIT_KITTY_CRASH", step).run().exits(128 + 6);
        lanes.repo.kitty(["lane", "close", "lane-a"]).exits(0);
        assert_eq!(lanes.states()[0], "not_open", "{step}");
    }
}

/// Tells git not to look at a file, in one of two ways.
const UNSEEN: [&str; 2] = ["assume-unchanged", "skip-worktree"];

#[test]
fn changes_that_git_was_told_not_to_see_are_work() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    // Else git takes the second mark back wherever a sparse checkout has the file.
    lane.must(["config", "--worktree", "sparse.expectFilesOutsideOfPatterns", "true"]);
    for mark in UNSEEN {
        lane.must(["update-index", &format!("--{mark}"), "src/a/one.rs"]);
        lane.write("src/a/one.rs", "changed\n");
        assert_eq!(lane.ask(["status", "--porcelain"]), "", "{mark}: git does not see it");
        refused(&lanes, "LANE_WORKTREE_DIRTY", "src/a/one.rs");
        lane.write("src/a/one.rs", "one\ntwo\nthree\n");
        lane.must(["update-index", &format!("--no-{mark}"), "src/a/one.rs"]);
    }
    lane.must(["update-index", "--assume-unchanged", "src/a/one.rs"]);
    lanes.repo.kitty(["lane", "close", "lane-a"]).exits(0);
}

#[test]
fn ignored_files_go_with_a_word() {
    let lanes = Lanes::new();
    lanes.repo.write(".git/info/exclude", "target/\n*.log\n");
    for name in ["lane-a", "lane-b"] {
        let lane = lanes.open(name);
        lane.write("target/deep/one.o", "1\n");
        (1..=6).for_each(|number| lane.write(format!("{number}.log"), "1\n"));
    }
    let said = lanes.repo.kitty(["lane", "close", "lane-a", "--format", "json"]).exits(0);
    let names = ["1.log", "2.log", "3.log", "4.log", "5.log", "6.log", "target/"];
    assert_eq!(json(&said)["ignored_files"], serde_json::json!(names));
    let words = ["mission", "close", &lanes.mission.slug, "--keep-branches"];
    let said = lanes.repo.kitty(words).exits(0);
    let line =
        "ignored files went with it: `1.log`, `2.log`, `3.log`, `4.log`, `5.log` and 2 more\n";
    assert!(said.stdout.contains(line), "{said}");
}

#[test]
fn a_record_that_alone_has_a_commit_is_no_record_of_nothing() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.must(["switch", "-q", "--detach"]);
    let commit = lane.commit_file("src/a/one.rs", "mine\n");
    std::fs::remove_dir_all(lane.path()).unwrap();
    refused(&lanes, "WORKTREE_GONE", &format!("`git branch KEEP {commit}`"));
    lanes.repo.must(["branch", "KEEP", &commit]);
    lanes.repo.kitty(["lane", "close", "lane-a"]).exits(0);
}

/// A lane at whose worktree a commit was left behind: HEAD was detached, and is on the branch again.
fn left_behind() -> (Lanes, crate::kit::checkout::Checkout, String) {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.must(["switch", "-q", "--detach"]);
    let commit = lane.commit_file("src/a/one.rs", "mine\n");
    lane.must(["switch", "-q", &lanes.branch("lane-a")]);
    (lanes, lane, commit)
}

#[test]
fn a_commit_of_a_detached_head_is_not_dropped() {
    let (lanes, _, commit) = left_behind();
    refused(&lanes, "COMMIT_LEFT_BEHIND", &format!("`git branch KEEP {commit}`"));
    let words = ["mission", "close", &lanes.mission.slug, "--discard"];
    let said = lanes.repo.kitty(words).exits(1);
    assert!(said.stderr.contains("[COMMIT_LEFT_BEHIND]"), "{said}");
    lanes.repo.must(["branch", "KEEP", &commit]);
    lanes.repo.kitty(["lane", "close", "lane-a"]).exits(0);
}

#[test]
fn what_was_picked_into_the_lane_or_once_was_its_own_is_not_left_behind() {
    let (lanes, lane, commit) = left_behind();
    lane.unhooked(["commit", "-q", "--allow-empty", "-m", "before"]).run().exits(0);
    lane.unhooked(["cherry-pick", &commit]).run().exits(0);
    lane.must(["switch", "-q", "--detach"]);
    lane.must(["switch", "-q", &lanes.branch("lane-a")]);
    lane.unhooked(["commit", "-q", "--amend", "-m", "again"]).run().exits(0);
    onto_coordination(&lanes, "lane-a");
    lanes.repo.kitty(["lane", "close", "lane-a"]).exits(0);
}

#[test]
fn a_commit_that_only_a_ref_of_the_worktree_names_is_not_dropped() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    let tree = lane.id("HEAD^{tree}");
    let commit = lane.ask(["commit-tree", "-m", "mine", &tree]);
    lane.must(["update-ref", "refs/worktree/mine", &commit]);
    refused(&lanes, "COMMIT_LEFT_BEHIND", &commit);
    lane.must(["update-ref", "-d", "refs/worktree/mine"]);
    lanes.repo.kitty(["lane", "close", "lane-a"]).exits(0);
}

#[test]
fn a_repository_below_what_is_ignored_does_not_go_with_it() {
    let lanes = Lanes::new();
    lanes.repo.write(".git/info/exclude", "deps/\n");
    let lane = lanes.open("lane-a");
    lane.write("deps/one/notes.txt", "1\n");
    lane.must(["init", "-q", "deps/one/two"]);
    refused(&lanes, "LANE_WORKTREE_DIRTY", "`deps/one/two/`");
    std::fs::remove_dir_all(lane.file("deps/one/two")).unwrap();
    lanes.repo.kitty(["lane", "close", "lane-a"]).exits(0);
}
