//! `git kitty merge` and `git kitty undo`, killed at each step: after the next command refs are before
//! or after, never between, and worktrees where their branches are.

use git_kitty::git::crash;

use crate::kit::approved::Approved;
use crate::kit::checkout::Checkout;
use crate::kit::repo::{RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;

/// How refs are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// By ourselves.
    Native,
    /// By git, since others want to be asked.
    Hooked,
    /// By git, since it keeps refs in another way.
    Reftable,
}

/// Six lanes, so that the merge is many commits away from what checkouts have; the target has gone on;
/// a worktree has the coordination branch.
fn scene(way: Way) -> (Approved, Checkout) {
    let builder = match way {
        Way::Native | Way::Hooked => RepoBuilder::default(),
        Way::Reftable => RepoBuilder::default().refs(RefFormat::Reftable),
    };
    let scene = Approved::in_repository(
        builder,
        &[
            &[("a/one", "1\n")],
            &[("b/two", "2\n")],
            &[("c/x", "3\n")],
            &[("d/x", "4\n")],
            &[("e/x", "5\n")],
            &[("f/x", "6\n")],
        ],
    );
    if way == Way::Hooked {
        let hook = ".git/hooks/reference-transaction";
        scene.repo.write(hook, "#!/bin/sh\nexit 0\n");
        scene.repo.set_executable(hook, true);
    }
    scene.move_target(&[("new", "new\n"), ("common/list", "other\n")]);
    let view = scene.mission.open_coordination();
    (scene, view)
}

fn kill(scene: &Approved, words: &[&str], step: &str) -> bool {
    let call = scene.repo.call([&["kitty"], words].concat()).env("GIT_KITTY_CRASH", step);
    match call.run().status {
        134 => true,
        0 => false,
        status => panic!("{step}: {status}"),
    }
}

/// Whether all three refs are as before, or all three are others.
#[track_caller]
fn is_moved(scene: &Approved, before: &[Option<String>; 3], step: &str) -> bool {
    let moved = scene.tips().iter().zip(before).filter(|(now, old)| now != old).count();
    assert!(moved == 0 || moved == 3, "{step}: {moved} of three refs moved");
    moved == 3
}

/// No lock and no journal is left.
#[track_caller]
fn assert_settled(scene: &Approved, step: &str) {
    scene.assert_clean(step);
    let script = "find .git -name '*.lock' -not -path '.git/spec-kitty-locks/*' \
                  -not -path '.git/kitty/outbox/*' -not -path '.git/kitty/locks/*'; \
                  find .git/kitty/journal .git/kitty/behind -type f -not -name '*.new' 2>/dev/null";
    assert_eq!(scene.repo.sh(script).stdout, "", "{step}");
}

fn killed_merge(way: Way, step: &str) {
    let (scene, _) = scene(way);
    let before = scene.tips();
    if !kill(&scene, &["merge"], step) {
        assert_ne!(way, Way::Native, "{step} was not come to");
        return;
    }
    let was_published = scene.tips()[1] != before[1];
    // The next command, whatever it is.
    let note = "{\"kind\": \"annotation\", \"wp_id\": \"WP01\", \"delta\": {\"note\": \"n\"}}\n";
    scene.repo.call(["kitty", "event", "append"]).stdin(note).run().exits(0);
    let after = scene.tips();
    assert_ne!(after[1], before[1]);
    assert_eq!((after[0] == before[0], after[2] == before[2]), (!was_published, !was_published));
    assert_settled(&scene, step);
    // And then the same one.
    scene.json(&["merge"], 0);
    scene.json(&["verify-landing"], 0);
    assert_settled(&scene, step);
    assert_eq!(scene.at("main", "new").as_deref(), Some("new\n"), "{step}");
    assert_eq!(scene.at("main", "f/x").as_deref(), Some("6\n"), "{step}");
}

/// The same command is the next one.
fn merged_again(way: Way, step: &str) {
    let (scene, _) = scene(way);
    let before = scene.tips();
    if !kill(&scene, &["merge"], step) {
        return;
    }
    let told = scene.json(&["merge"], 0);
    assert!(is_moved(&scene, &before, step), "{told}");
    assert_settled(&scene, step);
    scene.json(&["verify-landing"], 0);
    let log = scene.at("main", &format!("{}/status.events.jsonl", scene.mission.dir())).unwrap();
    assert_eq!(log.matches("MissionLanded").count(), 1, "{step}");
}

#[test]
fn killed_at_any_step_the_next_command_finds_before_or_after() {
    for step in crash::PUBLISH.iter().chain(crash::TRANSACTION) {
        killed_merge(Way::Native, step);
    }
}

#[test]
fn killed_at_any_step_the_same_command_lands_it_once() {
    for step in crash::PUBLISH.iter().chain(crash::TRANSACTION) {
        merged_again(Way::Native, step);
    }
}

const THROUGH_GIT: [&str; 6] = [
    "after-announcement",
    "before-journal",
    "after-journal",
    "after-renames",
    "after-publish",
    "after-confirm",
];

#[test]
fn the_same_where_others_are_asked() {
    for step in THROUGH_GIT {
        killed_merge(Way::Hooked, step);
        merged_again(Way::Hooked, step);
    }
}

#[test]
fn the_same_where_git_keeps_refs_in_another_way() {
    if Sandbox::new().has_reftable() {
        for step in THROUGH_GIT {
            killed_merge(Way::Reftable, step);
            merged_again(Way::Reftable, step);
        }
    }
}

fn killed_undo(way: Way, step: &str) {
    let (scene, view) = scene(way);
    let trees = [scene.repo.id("main^{tree}"), view.id("HEAD^{tree}")];
    scene.json(&["merge"], 0);
    let before = scene.tips();
    if !kill(&scene, &["undo"], step) {
        assert_ne!(way, Way::Native, "{step} was not come to");
        return;
    }
    let again = scene.repo.kitty(["undo", "--format", "json"]);
    match again.status {
        0 => {}
        1 => assert!(again.stdout.contains("UNDO_NOTHING"), "{step}: {again}"),
        _ => panic!("{step}: {again}"),
    }
    assert!(is_moved(&scene, &before, step), "{step}: {again}");
    assert_eq!(scene.repo.id("main^{tree}"), trees[0], "{step}");
    assert_eq!(scene.at("main", "f/x"), None);
    // One who is told that nothing is left has had no checkout brought up.
    scene.json(&["merge"], 0);
    assert_settled(&scene, step);
    scene.json(&["verify-landing"], 0);
    assert_eq!(scene.at("main", "f/x").as_deref(), Some("6\n"), "{step}");
}

#[test]
fn an_undo_that_is_killed_is_done_or_not_begun() {
    for step in crash::PUBLISH.iter().chain(crash::TRANSACTION) {
        killed_undo(Way::Native, step);
    }
    for step in THROUGH_GIT {
        killed_undo(Way::Hooked, step);
    }
}

/// A process that was killed before anything moved has written down what was to move; what a person
/// then does by hand is no move of that.
#[test]
fn what_never_moved_is_not_followed() {
    let (scene, _) = scene(Way::Native);
    let dir = scene.mission.dir();
    assert!(kill(&scene, &["merge"], "after-announcement"));
    let spec = format!("{dir}/spec.md");
    // A version that the mission's history has, in somebody's hands.
    let known = scene.at(&scene.mission.branch(), &spec).unwrap();
    scene.move_target(&[(&spec, "my own\n")]);
    scene.repo.write(&spec, &known);
    let note = "{\"kind\": \"annotation\", \"wp_id\": \"WP01\", \"delta\": {\"note\": \"n\"}}\n";
    scene.repo.call(["kitty", "event", "append"]).stdin(note).run().exits(0);
    assert_eq!(scene.repo.read(&spec), known);
    assert_eq!(scene.repo.ask(["status", "--porcelain"]), format!(" M {spec}"));
}
