//! Lanes in whose worktree something is under way, or of which only the record is left.

use crate::kit::mission::MissionBuilder;
use crate::kit::wp::Wp;
use crate::lane::{Lanes, assert_whole, json};
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

#[test]
fn a_lane_that_was_moved_is_found_and_comes_back() {
    let lanes = Lanes::new();
    let words = ["wp", "claim", "WP01", "--actor", "ada"];
    lanes.repo.kitty(words).exits(0);
    let lane = lanes.lane("lane-a");
    lane.write("src/a/new.rs", "mine\n");
    lanes.repo.must(["worktree", "move", lane.path().to_str().unwrap(), "../moved"]);
    let moved = lanes.repo.sandbox().root().join("moved").display().to_string();
    let listed = json(&lanes.repo.kitty(["lane", "list", "--format", "json"]).exits(0));
    let found = (&listed["lanes"][0]["state"], &listed["lanes"][0]["worktree"]);
    assert_eq!(found, (&"elsewhere".into(), &moved.as_str().into()));
    let said = lanes.refused(&words, 1, "BRANCH_CHECKED_OUT");
    let way = commands(&said).swap_remove(0);
    let told = lanes.repo.kitty(["doctor"]).exits(1);
    assert!(told.stdout.contains("[LANE_WORKTREE_ELSEWHERE]"), "{told}");
    assert!(told.stdout.contains(&way), "{told}");
    lanes.repo.sh(&way).exits(0);
    lanes.repo.kitty(words).exits(0);
    assert_eq!(lane.ask(["status", "--porcelain"]), "?? src/a/new.rs");
    lanes.repo.kitty(["doctor"]).exits(0);
}

#[test]
fn a_lane_that_was_moved_and_is_gone_leads_out() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lanes.repo.must(["worktree", "move", lane.path().to_str().unwrap(), "../moved"]);
    std::fs::remove_dir_all(lanes.repo.sandbox().root().join("moved")).unwrap();
    let said = lanes.refused(&["lane", "open", "lane-a"], 1, "WORKTREE_GONE");
    lanes.repo.sh(&commands(&said)[0]).exits(0);
    lanes.open("lane-a");
    assert_whole(&lanes, "lane-a");
}

#[test]
fn a_status_file_that_was_changed_in_a_lane_is_named_with_the_way_to_take_it_back() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    let status = format!("{}/status.json", lanes.mission.dir());
    let repair = ["lane", "repair", "lane-a"];
    lane.write(&status, "mine\n");
    assert_eq!(lanes.states()[0], "drifted");
    let told = lanes.repo.kitty(["doctor", "--fix"]).exits(1);
    assert!(told.stdout.contains("[LANE_SPARSE_CHECKOUT_DRIFT]"), "{told}");
    let said = lanes.repo.kitty(repair).exits(0);
    assert!(said.stderr.contains("[STATUS_FILE_KEPT]"), "{said}");
    assert_eq!(lane.read(&status), "mine\n");
    for command in said.stderr.split('`').skip(3).step_by(2) {
        lanes.repo.sh(command).exits(0);
    }
    assert_whole(&lanes, "lane-a");
    assert_eq!(lanes.repo.kitty(repair).exits(0).stderr, "");
}

/// Of two missions a command has to name one.
#[test]
fn hints_name_the_mission() {
    let lanes = Lanes::new();
    MissionBuilder::new("another").number(2).wp(Wp::new("WP01").owns(&["b"])).build(&lanes.repo);
    let slug = lanes.mission.slug.as_str();
    let claim = |wp, actor| ["wp", "claim", wp, "--actor", actor, "--mission", slug];
    let lane = |verb, lane| ["lane", verb, lane, "--mission", slug];
    let follow = |words: &[&str], code: &str| {
        let said = lanes.refused(words, 1, code);
        for command in commands(&said).iter().filter(|command| command.contains("kitty")) {
            lanes.repo.sh(&command.replace('…', "gone")).exits(0);
        }
    };
    follow(&lane("open", "lane-x"), "LANE_NOT_FOUND");
    follow(&lane("sync", "lane-a"), "LANE_NOT_OPEN");
    follow(&lane("repair", "lane-c"), "LANE_NOT_OPEN");
    follow(&claim("WP99", "ada"), "WP_NOT_FOUND");
    follow(&claim("WP02", "ada"), "CLAIM_BLOCKED");
    lanes.repo.kitty(claim("WP01", "ada")).exits(0);
    follow(&claim("WP01", "bob"), "CLAIM_HELD");
    let words = ["wp", "move", "WP01", "--to", "in_progress", "--actor", "ada", "--mission", slug];
    follow(&words, "CLAIM_TAKEN_OVER");
}
