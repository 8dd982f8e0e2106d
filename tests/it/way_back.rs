//! What a refusal says of the way back, and how often it says what it says.

use crate::kit::mission::Topology;
use crate::scene::{Scene, codes};

const MERGE: &str = "hint: `git reset --merge` brings back what was before\n";
const PLAIN: &str = "hint: `git reset` brings back what was before\n";
const ABORT: &str = "hint: `git merge --abort` brings back what was before\n";

/// The scene, and a branch `evil` with two commits that no lane may take.
fn scene() -> Scene {
    let scene = Scene::new(Topology::Coordination);
    scene.lane.must(["switch", "-q", "-c", "evil"]);
    scene.lane.commit_file("src/a/foreign.rs", "foreign\n");
    scene.lane.commit_file("src/a/other.rs", "foreign\n");
    scene.lane.must(["switch", "-q", &scene.mission.lane_branch("lane-b")]);
    scene
}

#[test]
fn a_refusal_after_git_has_changed_files_tells_the_way_back() {
    let scene = scene();
    let (lane, before) = (scene.mission.lane_branch("lane-b"), scene.lane.id("HEAD"));
    let ways: [(&[&str], &str); 7] = [
        (&["merge", "-q", "--ff-only", "evil"], MERGE),
        (&["merge", "-q", "--ff-only", "evil~"], MERGE),
        (&["merge", "-q", "--no-ff", "--no-edit", "evil"], ABORT),
        (&["pull", "-q", "--ff-only", ".", "evil"], MERGE),
        (&["reset", "-q", "--hard", "evil"], MERGE),
        (&["reset", "-q", "evil"], PLAIN),
        (&["checkout", "-q", "-B", &lane, "evil"], MERGE),
    ];
    for (way, hint) in ways {
        let said = scene.lane.git(way);
        assert_ne!(said.status, 0, "{way:?}");
        assert!(said.stderr.contains(hint), "{way:?}: {said}");
        scene.lane.sh(hint.split('`').nth(1).unwrap()).exits(0);
        assert_eq!(scene.lane.ask(["status", "--porcelain"]), "", "{way:?}");
        assert_eq!(scene.lane.id("HEAD"), before, "{way:?}");
    }
}

#[test]
fn a_refused_revert_tells_it_and_a_refused_commit_keeps_what_is_staged() {
    let scene = scene();
    scene.lane.unhooked(["reset", "-q", "--hard", "evil"]).run().exits(0);
    scene.lane.unhooked(["rm", "-q", "src/a/other.rs"]).run().exits(0);
    scene.lane.unhooked(["commit", "-q", "-m", "Remove"]).run().exits(0);
    let said = scene.lane.git(["revert", "--no-edit", "HEAD"]);
    assert!(said.stderr.contains(MERGE), "{said}");
    scene.lane.must(["reset", "-q", "--merge"]);
    assert_eq!(scene.lane.ask(["status", "--porcelain"]), "");
    scene.lane.stage(&[("src/a/new.rs", "foreign\n")]);
    let said = scene.lane.git(["commit", "-q", "-n", "-m", "Foreign"]);
    assert!(!codes(&said).is_empty() && !said.stderr.contains("brings back"), "{said}");
}

#[test]
fn what_is_the_same_for_several_commits_is_said_once() {
    let scene = scene();
    let said = scene.repo.git(["merge", "-q", "--no-ff", "--no-edit", "evil"]);
    assert_eq!(codes(&said), ["PROTECTED_BRANCH_REFUSED"], "{said}");
    assert_eq!(said.stderr.matches("  in commit ").count(), 3, "{said}");
}

#[test]
fn a_warning_is_told_by_one_door() {
    let scene = scene();
    let name = scene.mission.lane_branch("lane-b");
    let words = ["override", "--ref", &name, "--reason", "r", "--for", "10m"];
    scene.repo.kitty(words).exits(0);
    let said = scene.commit(&[("src/a/new.rs", "foreign\n")]);
    assert_eq!(said.stderr.matches("[ACTIVE_WP_SCOPE_VIOLATION]").count(), 1, "{said}");
    scene.lane.stage(&[("src/a/newer.rs", "foreign\n")]);
    let said = scene.lane.git(["commit", "-q", "-n", "-m", "Foreign"]);
    assert_eq!(said.stderr.matches("[ACTIVE_WP_SCOPE_VIOLATION]").count(), 1, "{said}");
}
