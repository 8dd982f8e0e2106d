//! The way out of conflicts between lanes: what the hint says, done by the letter, with all hooks.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::lane::Lanes;
use crate::lane_sync::{DONE, dependent};

const CONFLICT: &str = "DEPENDENCY_LANE_MERGE_CONFLICT";

/// The commands that the hint of a refusal names.
pub(crate) fn commands(said: &Output) -> Vec<String> {
    let hint = said.stderr.lines().find_map(|line| line.strip_prefix("hint: ")).unwrap();
    hint.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Does what the hint says; `path` is in conflict, and gets this text.
#[track_caller]
fn follow(repo: &Checkout, said: &Output, (path, text): (&str, &str)) {
    let words = commands(said);
    let [open, merge, commit] = words.as_slice() else { panic!("{words:?}") };
    repo.sh(open).exits(0);
    let merged = repo.sh(merge).exits(1);
    assert!(merged.stdout.contains("CONFLICT"), "{merged}");
    let place = merge.split('\'').nth(1).unwrap();
    Checkout::at(repo.sandbox(), place).write(path, text);
    repo.sh(commit).exits(0);
}

fn contains(lanes: &Lanes, lane: &str, others: &[&str]) {
    for other in others {
        let [lane, other] = [lane, other].map(|name| lanes.branch(name));
        lanes.repo.must(["merge-base", "--is-ancestor", &other, &lane]);
    }
}

/// Two finished lanes that changed one file, and a third that needs both.
fn conflicting() -> Lanes {
    let mut lanes = dependent();
    for (lane, text) in [("lane-a", "one\n"), ("lane-b", "other\n")] {
        lanes.open(lane).commit_file("both.txt", text);
    }
    for wp in ["WP01", "WP02"] {
        lanes.mission.log.walk(wp, DONE);
    }
    lanes.mission.save();
    lanes.forget_what_was_judged();
    lanes
}

#[test]
fn two_needed_lanes_come_together_in_the_second() {
    let lanes = conflicting();
    let said = lanes.refused(&["lane", "open", "lane-c"], 3, CONFLICT);
    follow(&lanes.repo, &said, ("both.txt", "one and other\n"));
    assert_eq!(lanes.open("lane-c").read("both.txt"), "one and other\n");
    contains(&lanes, "lane-c", &["lane-a", "lane-b"]);
}

#[test]
fn only_what_conflicts_may_be_changed_by_the_way() {
    let lanes = conflicting();
    let said = lanes.refused(&["lane", "open", "lane-c"], 3, CONFLICT);
    let words = commands(&said);
    lanes.repo.sh(&words[1]).exits(1);
    let lane = lanes.lane("lane-b");
    lane.write("both.txt", "both\n");
    lane.write("src/a/one.rs", "evil\n");
    let said = lanes.repo.sh(&words[2]).exits(1);
    assert!(said.stderr.contains("[ACTIVE_WP_CONTEXT_AMBIGUOUS]"), "{said}");
    lane.must(["checkout", "-q", "HEAD", "src/a/one.rs"]);
    lanes.repo.sh(&words[2]).exits(0);
    // A branch that is none of the mission's brings no such right.
    lane.commit_file("both.txt", "ours\n");
    let files = [("both.txt".to_owned(), "theirs\n".to_owned())];
    lanes.repo.commit_to("foreign", "main", "Foreign", &files);
    lane.git(["merge", "-q", "foreign"]).exits(1);
    lane.write("both.txt", "ours and theirs\n");
    lane.git(["commit", "-q", "-a", "-m", "x"]).exits(1);
}

#[test]
fn a_needed_lane_takes_what_the_coordination_branch_has() {
    let lanes = conflicting();
    lanes.coordinate("both.txt", "planned\n");
    let said = lanes.refused(&["lane", "open", "lane-c"], 3, CONFLICT);
    assert!(commands(&said)[1].ends_with(&format!("merge {}", lanes.mission.branch())), "{said}");
    follow(&lanes.repo, &said, ("both.txt", "planned and one\n"));
    let said = lanes.refused(&["lane", "open", "lane-c"], 3, CONFLICT);
    follow(&lanes.repo, &said, ("both.txt", "all\n"));
    lanes.repo.kitty(["lane", "open", "lane-c"]).exits(0);
    assert_eq!(lanes.lane("lane-c").read("both.txt"), "all\n");
    contains(&lanes, "lane-c", &["lane-a", "lane-b"]);
}

#[test]
fn a_lane_that_only_the_remote_has_comes_together_here() {
    let lanes = conflicting();
    lanes.repo.must(["remote", "add", "origin", "nowhere"]);
    for name in ["lane-a", "lane-b"] {
        lanes.repo.must(["worktree", "remove", &lanes.lane(name).path().display().to_string()]);
        let branch = lanes.branch(name);
        let tip = lanes.repo.id(&branch);
        lanes.repo.ask(["update-ref", &format!("refs/remotes/origin/{branch}"), &tip]);
        lanes.repo.ask(["update-ref", "-d", &format!("refs/heads/{branch}")]);
    }
    let said = lanes.refused(&["lane", "open", "lane-c"], 3, CONFLICT);
    assert!(commands(&said)[1].contains("merge origin/"), "{said}");
    follow(&lanes.repo, &said, ("both.txt", "one and other\n"));
    assert_eq!(lanes.open("lane-c").read("both.txt"), "one and other\n");
}

/// Nobody has claimed the lane's work package yet, so that nobody owns anything there.
#[test]
fn a_lane_takes_the_coordination_branch_by_hand() {
    let lanes = Lanes::new();
    lanes.open("lane-a").commit_file("src/a/one.rs", "mine\n");
    lanes.coordinate("src/a/one.rs", "planned\n");
    lanes.forget_what_was_judged();
    let words = ["wp", "claim", "WP01", "--actor", "ada"];
    let said = lanes.refused(&words, 3, "LANE_AUTO_REBASE_FAILED");
    follow(&lanes.repo, &said, ("src/a/one.rs", "planned and mine\n"));
    lanes.repo.kitty(words).exits(0);
    assert_eq!(lanes.lane("lane-a").read("src/a/one.rs"), "planned and mine\n");
}

#[test]
fn own_commits_take_a_needed_lane_by_hand() {
    let mut lanes = dependent();
    lanes.mission.log.walk("WP01", DONE);
    lanes.mission.log.walk("WP02", DONE);
    lanes.mission.log.walk("WP03", &["planned", "claimed", "planned"]);
    lanes.mission.save();
    lanes.open("lane-c").commit_file("both.txt", "mine\n");
    lanes.open("lane-b").commit_file("both.txt", "other\n");
    lanes.forget_what_was_judged();
    let words = ["wp", "claim", "WP03", "--actor", "ada"];
    let said = lanes.refused(&words, 3, CONFLICT);
    assert!(commands(&said)[0].contains("lane open lane-c"), "{said}");
    follow(&lanes.repo, &said, ("both.txt", "mine and other\n"));
    lanes.repo.kitty(words).exits(0);
    contains(&lanes, "lane-c", &["lane-b"]);
}
