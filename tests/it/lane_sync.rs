//! `git kitty lane sync`, and what a lane is cut from: computed in memory, refused with nothing
//! changed.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::MissionBuilder;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::lane::{Lanes, assert_whole, json};

impl Lanes {
    fn sync(&self) -> String {
        let said = self.repo.kitty(["lane", "sync", "lane-a", "--format", "json"]).exits(0);
        json(&said)["state"].as_str().unwrap().to_owned()
    }

    /// A refusal that changes nothing; `code` is its code.
    #[track_caller]
    pub(crate) fn refused(&self, words: &[&str], status: i32, code: &str) -> Output {
        let look = || state(&self.repo).without("locks/");
        let before = look();
        let said = self.repo.kitty(words).exits(status);
        assert!(said.stderr.contains(&format!("[{code}]")), "{said}");
        assert_unchanged(&before, &look());
        said
    }

    /// A lane with a commit of its own, and a coordination branch that went on.
    fn parted(path: &str, text: &str) -> (Self, Checkout) {
        let lanes = Self::new();
        let lane = lanes.open("lane-a");
        lane.commit_file("src/a/one.rs", "one\ntwo\nthree\nfour\n");
        lanes.coordinate(path, text);
        (lanes, lane)
    }
}

#[test]
fn a_lane_without_commits_is_moved_forward() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    assert_eq!(lanes.sync(), "up_to_date");
    let tip = lanes.coordinate("docs/plan.md", "plan\n");
    lane.write("notes.txt", "mine\n");
    assert_eq!(lanes.sync(), "fast_forwarded");
    assert_eq!(lanes.repo.id(&lanes.branch("lane-a")), tip);
    assert_eq!(lane.read("docs/plan.md"), "plan\n");
    assert_eq!(lane.ask(["status", "--porcelain"]), "?? notes.txt");
    std::fs::remove_file(lane.file("notes.txt")).unwrap();
    assert_whole(&lanes, "lane-a");
    assert_eq!(lanes.sync(), "up_to_date");
}

#[test]
fn own_commits_are_made_again_with_author_and_message() {
    let (lanes, lane) = Lanes::parted("docs/plan.md", "plan\n");
    let message = "Größe\n\nbody\n\n- list\n";
    let write = |words: &[&str]| {
        lane.unhooked(["-c", "i18n.commitEncoding=ISO-8859-1", "commit", "-q"])
            .args(words)
            .env("GIT_AUTHOR_NAME", "Zoë <z>")
            .env("GIT_AUTHOR_DATE", "1700000000 +0530")
            .run()
            .exits(0)
    };
    write(&["--allow-empty", "-m", message]);
    lane.stage(&[("src/a/new.rs", "new\n")]);
    write(&["-m", "second"]);
    let old = lanes.branch("lane-a");
    let look = "--format=%an|%ae|%ad|%e|%B";
    let told = |range: &str| lane.ask(["log", "--reverse", "--date=raw", look, range]);
    let before = told(&format!("{}..{old}", lanes.repo.id(&format!("{old}~3"))));
    assert_eq!(lanes.sync(), "replayed");
    let onto = lanes.mission.branch();
    assert_eq!(told(&format!("{onto}..{old}")), before);
    assert_eq!(lane.ask(["rev-list", "--count", &format!("{onto}..{old}")]), "3");
    assert_eq!(lane.ask(["diff", "--name-only", &onto, &old]), "src/a/new.rs\nsrc/a/one.rs");
    assert_eq!(lane.ask(["log", "-1", "--format=%cn"]), "Carl");
    lane.must(["fsck", "--strict", "--no-dangling"]);
    assert_whole(&lanes, "lane-a");
}

#[test]
fn a_commit_that_changes_nothing_any_more_stays() {
    let (lanes, lane) = Lanes::parted("src/a/one.rs", "one\ntwo\nthree\nfour\n");
    assert_eq!(lanes.sync(), "replayed");
    let (onto, own) = (lanes.mission.branch(), lanes.branch("lane-a"));
    assert_eq!(lane.ask(["rev-list", "--count", &format!("{onto}..{own}")]), "1");
    assert_eq!(lane.ask(["diff", &onto, &own]), "");
}

#[test]
fn what_was_pushed_is_merged_unless_the_settings_say_otherwise() {
    for (strategy, expected) in [("auto", "merged"), ("replay", "replayed"), ("merge", "merged")] {
        let (lanes, lane) = Lanes::parted("docs/plan.md", "plan\n");
        lanes.repo.ask(["config", "kitty.syncStrategy", strategy]);
        let own = lanes.branch("lane-a");
        let old = lanes.repo.id(&own);
        lanes.repo.ask(["update-ref", &format!("refs/remotes/origin/{own}"), &old]);
        assert_eq!(lanes.sync(), expected);
        if expected == "merged" {
            let parents = format!("{old} {}", lanes.repo.id(&lanes.mission.branch()));
            assert_eq!(lane.ask(["log", "-1", "--format=%P"]), parents);
        }
        assert_whole(&lanes, "lane-a");
    }
    let (lanes, _) = Lanes::parted("docs/plan.md", "plan\n");
    lanes.repo.ask(["config", "kitty.syncStrategy", "merge"]);
    assert_eq!(lanes.sync(), "merged");
    lanes.repo.ask(["config", "kitty.syncStrategy", "theirs"]);
    lanes.coordinate("docs/plan.md", "another\n");
    lanes.refused(&["lane", "sync", "lane-a"], 2, "SETTING_INVALID");
}

#[test]
fn a_lane_with_merges_is_merged() {
    let (lanes, lane) = Lanes::parted("docs/plan.md", "plan\n");
    lane.unhooked(["merge", "-q", "--no-ff", "-m", "mine", &lanes.mission.branch()]).run().exits(0);
    lanes.coordinate("docs/more.md", "more\n");
    assert_eq!(lanes.sync(), "merged");
    assert_whole(&lanes, "lane-a");
}

#[test]
fn a_conflict_changes_nothing() {
    for strategy in ["auto", "merge"] {
        let (lanes, lane) = Lanes::parted("src/a/one.rs", "one\ntwo\nthree\nelse\n");
        lanes.repo.ask(["config", "kitty.syncStrategy", strategy]);
        let said = lanes.refused(&["lane", "sync", "lane-a"], 3, "LANE_AUTO_REBASE_FAILED");
        assert!(said.stderr.contains("src/a/one.rs"), "{said}");
        assert_eq!(lane.ask(["status", "--porcelain"]), "");
    }
}

#[test]
fn changes_where_the_worktree_would_change_are_refused() {
    let (lanes, lane) = Lanes::parted("docs/plan.md", "plan\n");
    lane.write("docs/plan.md", "mine\n");
    lanes.refused(&["lane", "sync", "lane-a"], 1, "REF_ADVANCE_DIRTY_WORKTREE");
    std::fs::remove_file(lane.file("docs/plan.md")).unwrap();
    lane.must(["switch", "-q", "--detach"]);
    lanes.refused(&["lane", "sync", "lane-a"], 1, "LANE_WORKTREE_BRANCH_MISMATCH");
    lanes.refused(&["lane", "sync", "lane-b"], 1, "LANE_NOT_OPEN");
}

/// Lanes of Spec Kitty have status files of their own: the coordination branch's hold.
#[test]
fn the_status_files_follow_the_coordination_branch() {
    for strategy in ["auto", "merge"] {
        let mut lanes = Lanes::new();
        lanes.repo.ask(["config", "kitty.syncStrategy", strategy]);
        let own = lanes.branch("lane-a");
        lanes.open("lane-a");
        let log = format!("{}/status.events.jsonl", lanes.mission.dir());
        let files = [(log.clone(), "{}\n".to_owned()), ("src/a/x.rs".to_owned(), "x\n".to_owned())];
        let old = lanes.repo.id(&own);
        let new = lanes.repo.commit_to(&own, &own, "Take the log along", &files);
        lanes.lane("lane-a").unhooked(["read-tree", "-m", "-u", &old, &new]).run().exits(0);
        lanes.mission.log.walk("WP01", &["planned", "claimed"]);
        lanes.mission.save();
        assert_ne!(lanes.sync(), "up_to_date");
        let blob = |branch: &str| lanes.repo.id(&format!("{branch}:{log}"));
        assert_eq!(blob(&own), blob(&lanes.mission.branch()));
        assert_whole(&lanes, "lane-a");
    }
}

#[test]
fn a_sync_that_was_killed_is_made_up_for() {
    for (step, words) in [
        ("after-build", ["lane", "sync", "lane-a"]),
        ("after-publish", ["lane", "sync", "lane-a"]),
        ("after-settle", ["lane", "repair", "lane-a"]),
        ("after-release", ["lane", "open", "lane-a"]),
    ] {
        let (lanes, lane) = Lanes::parted("docs/plan.md", "plan\n");
        let call = lanes.repo.call(["kitty", "lane", "sync", "lane-a"]);
        call.env("GIT_KITTY_CRASH", step).run().exits(128 + 6);
        lanes.repo.kitty(words).exits(0);
        assert_whole(&lanes, "lane-a");
        assert_eq!(lane.read("docs/plan.md"), "plan\n", "{step}");
    }
}

/// Two lanes that a third needs; both own what the third may not.
pub(crate) fn dependent() -> Lanes {
    Lanes::of(
        MissionBuilder::new("checkout")
            .wp(Wp::new("WP01").owns(&["src/a/**"]))
            .wp(Wp::new("WP02").owns(&["src/b/**"]))
            .wp(Wp::new("WP03").owns(&["docs/**"]).needs(&["WP01", "WP02"])),
    )
}

pub(crate) const DONE: &[&str] =
    &["planned", "claimed", "in_progress", "for_review", "in_review", "approved"];

#[test]
fn finished_lanes_that_a_lane_needs_are_brought_in() {
    let mut lanes = dependent();
    for (lane, path) in [("lane-a", "src/a/one.rs"), ("lane-b", "src/b/two.rs")] {
        lanes.open(lane).commit_file(path, "changed\n");
    }
    lanes.mission.log.walk("WP01", DONE);
    lanes.mission.log.walk("WP02", &DONE[..3]);
    lanes.mission.save();
    let lane = lanes.open("lane-c");
    assert_whole(&lanes, "lane-c");
    assert_eq!(
        (lane.read("src/a/one.rs"), lane.read("src/b/two.rs")),
        ("changed\n".into(), "two\n".into())
    );
    let parents = [lanes.mission.branch(), lanes.branch("lane-a")].map(|name| lanes.repo.id(&name));
    assert_eq!(lane.ask(["log", "-1", "--format=%P"]), parents.join(" "));
}

#[test]
fn a_needed_lane_that_conflicts_changes_nothing() {
    let mut lanes = dependent();
    for (lane, text) in [("lane-a", "one\n"), ("lane-b", "other\n")] {
        lanes.open(lane).commit_file("both.txt", text);
    }
    lanes.mission.log.walk("WP01", DONE);
    lanes.mission.log.walk("WP02", DONE);
    lanes.mission.save();
    let words = ["lane", "open", "lane-c"];
    let said = lanes.refused(&words, 3, "DEPENDENCY_LANE_MERGE_CONFLICT");
    assert!(said.stderr.contains("lane-b") && said.stderr.contains("both.txt"), "{said}");
    assert_eq!(lanes.repo.tip(&lanes.branch("lane-c")), None);
}

#[test]
fn a_lane_that_only_the_remote_has_is_taken_from_there() {
    let lanes = Lanes::new();
    let own = lanes.branch("lane-a");
    let files = [("src/a/one.rs".to_owned(), "far\n".to_owned())];
    let tip = lanes.repo.commit_to("far", &lanes.mission.branch(), "Far work", &files);
    lanes.repo.ask(["update-ref", &format!("refs/remotes/origin/{own}"), &tip]);
    assert_eq!(lanes.open("lane-a").id("HEAD"), tip);
}

#[test]
fn what_another_lane_has_or_a_review_approved_is_merged() {
    let (lanes, _) = Lanes::parted("docs/plan.md", "plan\n");
    let own = lanes.branch("lane-a");
    lanes.repo.unhooked(["branch", &lanes.branch("lane-c"), &own]).run().exits(0);
    let tip = lanes.repo.id(&own);
    assert_eq!(lanes.sync(), "merged");
    assert_eq!(lanes.repo.id(&format!("{own}^1")), tip);

    let (mut lanes, _) = Lanes::parted("docs/plan.md", "plan\n");
    lanes.mission.log.walk("WP01", &["planned", "claimed", "in_progress", "approved"]);
    lanes.mission.save();
    assert_eq!(lanes.sync(), "merged");
}

#[test]
fn whoever_lost_the_lane_does_not_move_it() {
    let lanes = Lanes::new();
    lanes.repo.kitty(["wp", "claim", "WP01", "--actor", "ada"]).exits(0);
    let taken = ["wp", "claim", "WP01", "--actor", "bob", "--takeover", "--reason", "away"];
    lanes.repo.kitty(taken).exits(0);
    let sync = |actor| {
        let call = lanes.repo.call(["kitty", "lane", "sync", "lane-a"]);
        call.env("GIT_KITTY_ACTOR", actor).run()
    };
    assert!(sync("ada").exits(1).stderr.contains("[CLAIM_TAKEN_OVER]"));
    sync("bob").exits(0);
}
