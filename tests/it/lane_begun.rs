//! Lanes whose opening was interrupted, and worktrees of which a part is gone.

use git_kitty::git::crash;

use crate::kit::state::state;
use crate::lane::{Lanes, assert_whole};

#[test]
fn an_opening_that_was_killed_is_finished_by_the_next() {
    let usual = Lanes::new();
    usual.open("lane-a");
    for step in crash::WORKTREE {
        let lanes = Lanes::new();
        let call = lanes.repo.call(["kitty", "lane", "open", "lane-a"]);
        call.env("GIT_KITTY_CRASH", step).run().exits(128 + 6);
        lanes.open("lane-a");
        assert_whole(&lanes, "lane-a");
        let records = std::fs::read_dir(lanes.repo.file(".git/worktrees")).unwrap().count();
        assert_eq!(records, 1, "{step}");
    }
}

#[test]
fn an_opening_that_was_killed_before_its_worktree_is_finished() {
    for step in ["after-build", "after-publish", "after-settle", "after-release"] {
        let lanes = Lanes::new();
        let call = lanes.repo.call(["kitty", "lane", "open", "lane-a"]);
        call.env("GIT_KITTY_CRASH", step).run().exits(128 + 6);
        lanes.open("lane-a");
        assert_whole(&lanes, "lane-a");
    }
}

#[test]
fn a_killed_coordination_worktree_is_finished() {
    for step in ["worktree-added", "worktree-patterns", "worktree-files", "worktree-checked-out"] {
        let lanes = Lanes::new();
        let call = lanes.repo.call(["kitty", "mission", "worktree", &lanes.mission.slug]);
        call.env("GIT_KITTY_CRASH", step).run().exits(128 + 6);
        lanes.repo.kitty(["mission", "worktree", &lanes.mission.slug]).exits(0);
        let view = lanes.lane("coord");
        assert_eq!(view.ask(["status", "--porcelain"]), "");
        assert!(view.file("src/a/one.rs").exists());
    }
}

/// A checkout that was killed while it wrote files.
#[test]
fn what_a_killed_checkout_wrote_is_completed_and_what_others_wrote_stays() {
    let lanes = Lanes::new();
    let call = lanes.repo.call(["kitty", "lane", "open", "lane-a"]);
    call.env("GIT_KITTY_CRASH", "worktree-patterns").run().exits(128 + 6);
    let lane = lanes.lane("lane-a");
    lane.write("src/a/one.rs", "one\ntw");
    lane.write("src/b/two.rs", "mine\n");
    lane.write("notes.txt", "mine\n");
    lanes.open("lane-a");
    assert_eq!(lane.read("src/a/one.rs"), "one\ntwo\nthree\n");
    assert_eq!(lane.ask(["status", "--porcelain"]), " M src/b/two.rs\n?? notes.txt");
    assert_eq!(lane.read("src/b/two.rs"), "mine\n");
}

#[test]
fn a_directory_whose_record_is_gone_gets_it_back_with_its_changes() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.write("src/a/one.rs", "one\n");
    lane.write("new.txt", "new\n");
    std::fs::remove_file(lane.file("src/b/two.rs")).unwrap();
    let record = lane.ask(["rev-parse", "--absolute-git-dir"]);
    std::fs::remove_dir_all(record).unwrap();
    assert_eq!(lanes.states()[0], "incomplete");
    let call = lanes.repo.call(["kitty", "lane", "repair", "lane-a"]);
    call.env("GIT_KITTY_CRASH", "worktree-beside").run().exits(128 + 6);
    lanes.repo.kitty(["lane", "repair", "lane-a"]).exits(0);
    // A file that is gone cannot be told from one that was never written.
    assert_eq!(lane.ask(["status", "--porcelain"]), " M src/a/one.rs\n?? new.txt");
    assert_eq!((lane.read("src/a/one.rs"), lane.read("new.txt")), ("one\n".into(), "new\n".into()));
    assert_eq!(lanes.repo.ask(["worktree", "list"]).lines().count(), 2);
    assert_eq!(lanes.states()[0], "open");
}

#[test]
fn a_record_whose_directory_is_gone_is_forgotten_and_no_other() {
    let lanes = Lanes::new();
    let (lane, other) = (lanes.open("lane-a"), lanes.open("lane-b"));
    for gone in [&lane, &other] {
        std::fs::remove_dir_all(gone.path()).unwrap();
    }
    assert_eq!(lanes.states(), ["no_worktree", "no_worktree", "not_open"]);
    lanes.repo.kitty(["lane", "repair", "lane-a"]).exits(0);
    assert_whole(&lanes, "lane-a");
    let listed = lanes.repo.ask(["worktree", "list", "--porcelain"]);
    assert_eq!(listed.matches("prunable").count(), 1, "{listed}");
}

#[test]
fn a_sparse_checkout_that_drifted_is_put_right_and_changes_stay() {
    let lanes = Lanes::new();
    let lane = lanes.open("lane-a");
    lane.ask(["config", "--worktree", "user.name", "Lane"]);
    let whole = lane.ask(["config", "--worktree", "--list"]);
    let drifts: [&[&str]; 3] = [
        &["sparse-checkout", "disable"],
        &["sparse-checkout", "set", "--no-cone", "/*", "!/src/a/"],
        &["config", "--worktree", "core.sparseCheckoutCone", "true"],
    ];
    for drift in drifts {
        lane.must(drift);
        lane.write("src/b/two.rs", "changed\n");
        lane.must(["add", "src/b/two.rs"]);
        lane.write("src/b/two.rs", "changed again\n");
        assert_eq!(lanes.states()[0], "drifted", "{drift:?}");
        lanes.repo.kitty(["lane", "repair", "lane-a"]).exits(0);
        assert_eq!(lanes.states()[0], "open");
        assert_eq!(lane.ask(["status", "--porcelain"]), "MM src/b/two.rs");
        lane.must(["reset", "-q", "--hard"]);
        let [mut now, mut then] = [lane.ask(["config", "--worktree", "--list"]), whole.clone()]
            .map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>());
        now.retain(|setting| setting != "index.sparse=false");
        now.sort();
        then.sort();
        assert_eq!(now, then);
    }
}

#[test]
fn looking_at_half_made_lanes_changes_nothing() {
    let lanes = Lanes::new();
    let call = lanes.repo.call(["kitty", "lane", "open", "lane-a"]);
    call.env("GIT_KITTY_CRASH", "worktree-added").run().exits(128 + 6);
    let before = state(&lanes.repo);
    assert_eq!(lanes.states(), ["incomplete", "not_open", "not_open"]);
    crate::kit::state::assert_unchanged(&before, &state(&lanes.repo));
}
