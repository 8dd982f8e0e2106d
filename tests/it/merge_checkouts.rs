//! Checkouts of the branches that `git kitty merge` moves: they follow, or nothing moves.

use crate::kit::approved::Approved;
use crate::kit::checkout::Checkout;
use crate::kit::state::{assert_unchanged, state};

#[track_caller]
fn follows(scene: &Approved, at: &Checkout) {
    scene.json(&["merge"], 0);
    assert_eq!(at.read("b/two"), "two\n");
    assert_eq!(at.id("HEAD"), scene.repo.id("main"));
    scene.assert_clean("merged");
    scene.json(&["undo"], 0);
    assert!(!at.file("b/two").exists());
    scene.assert_clean("undone");
    scene.json(&["merge"], 0);
    scene.assert_clean("merged again");
}

#[track_caller]
fn refused(scene: &Approved, code: &str) -> serde_json::Value {
    let before = state(&scene.repo);
    let told = scene.json(&["merge"], 1);
    assert_eq!(told["error_code"], code, "{told}");
    assert_eq!(scene.json(&["merge", "--dry-run"], 1)["error_code"], code);
    assert_unchanged(&before, &state(&scene.repo));
    told
}

#[test]
fn the_primary_checkout_follows() {
    let scene = Approved::two();
    follows(&scene, &scene.repo);
}

#[test]
fn another_worktree_follows_and_the_primary_checkout_stays() {
    let scene = Approved::two();
    scene.repo.must(["checkout", "-q", "-b", "elsewhere"]);
    let view = scene.repo.worktree(".worktrees/main", "main");
    let own = scene.mission.open_coordination();
    follows(&scene, &view);
    assert!(!scene.repo.file("b/two").exists());
    assert_eq!(own.read("b/two"), "two\n");
    // Run from within the worktree that follows, or a directory below.
    scene.json(&["undo"], 0);
    view.below("a").kitty(["merge"]).exits(0);
    scene.assert_clean("from within");
}

#[test]
fn two_checkouts_of_the_target_follow() {
    let scene = Approved::two();
    scene.repo.must(["worktree", "add", "-q", "--force", ".worktrees/main", "main"]);
    let view = scene.repo.below(".worktrees/main");
    scene.json(&["merge"], 0);
    assert_eq!(
        (scene.repo.read("b/two"), view.read("b/two")),
        ("two\n".to_owned(), "two\n".to_owned())
    );
    scene.assert_clean("both");
}

#[test]
fn a_sparse_checkout_follows_and_stays_sparse() {
    let scene = Approved::two();
    scene.repo.must(["sparse-checkout", "set", "--no-cone", "/*", "!/b/", "!/other"]);
    assert!(!scene.repo.file("other").exists());
    scene.json(&["merge"], 0);
    assert!(!scene.repo.file("b/two").exists() && !scene.repo.file("other").exists());
    assert_eq!(scene.repo.read("a/one"), "1\n");
    scene.assert_clean("sparse");
    assert!(scene.repo.ask(["ls-files", "-t", "b/two"]).starts_with('S'));
    scene.json(&["undo"], 0);
    scene.assert_clean("undone");
}

#[test]
fn somebodys_work_in_the_way_is_kept_and_nothing_moves() {
    let scene = Approved::two();
    scene.repo.write("a/one", "in the making\n");
    assert_eq!(refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE")["paths"][0], "a/one");
    scene.repo.must(["add", "a/one"]);
    refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE");
    scene.repo.must(["reset", "-q", "--hard"]);
    // What nobody has added yet.
    scene.repo.write("b/two", "mine\n");
    assert_eq!(refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE")["paths"][0], "b/two");
    std::fs::remove_file(scene.repo.file("b/two")).unwrap();
    scene.repo.write("b/two/deeper", "mine\n");
    refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE");
    std::fs::remove_dir_all(scene.repo.file("b")).unwrap();
    scene.repo.write("b", "mine\n");
    refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE");
    std::fs::remove_file(scene.repo.file("b")).unwrap();
    // What is ignored is somebody's as well.
    scene.repo.write(".git/info/exclude", ".worktrees/\nb/\n");
    scene.repo.write("b/two", "mine\n");
    refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE");
}

#[test]
fn work_elsewhere_stays_as_it_is() {
    let scene = Approved::two();
    scene.repo.write("other", "mine\n");
    scene.repo.write("docs/guide", "staged\n");
    scene.repo.must(["add", "docs/guide"]);
    scene.repo.write("new", "new\n");
    scene.repo.write("marked", "marked\n");
    scene.repo.must(["add", "-N", "marked"]);
    scene.json(&["merge"], 0);
    let status = " A marked\n M other\n?? new";
    let found = scene.repo.ask(["status", "--porcelain"]);
    let mut lines: Vec<&str> = found.lines().collect();
    lines.sort_unstable();
    let mut due: Vec<&str> = status.lines().chain(["M  docs/guide"]).collect();
    due.sort_unstable();
    assert_eq!(lines, due);
}

#[test]
fn a_checkout_in_the_midst_of_something_is_left_alone() {
    let scene = Approved::two();
    scene.repo.must(["bisect", "start"]);
    refused(&scene, "WORKTREE_BUSY");
    scene.repo.must(["bisect", "reset"]);
    let view = scene.mission.open_coordination();
    view.must(["bisect", "start"]);
    refused(&scene, "WORKTREE_BUSY");
    view.must(["bisect", "reset"]);
    view.write("a/one", "mine\n");
    refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE");
    view.must(["checkout", "-q", "a/one"]);
    scene.json(&["merge"], 0);
    scene.assert_clean("after it");
}

/// Planning files as the reference leaves them in the primary checkout: whatever the mission's history
/// has may go.
#[test]
fn planning_files_in_the_way_go_if_the_history_has_them() {
    let scene = Approved::two();
    let (own, dir) = (scene.mission.branch(), scene.mission.dir());
    let spec = format!("{dir}/spec.md");
    let older = scene.at(&own, &spec).unwrap();
    scene.repo.commit_to(&own, &own, "Plan on", &[(spec.clone(), "# Newer\n".to_owned())]);
    let log = format!("{dir}/status.events.jsonl");
    let some: String =
        scene.at(&own, &log).unwrap().lines().take(3).map(|line| format!("{line}\n")).collect();
    let snapshot = scene.at(&own, &format!("{dir}/status.json")).unwrap();
    let put = || {
        scene.repo.write(&spec, &older);
        scene.repo.write(&log, &some);
        scene.repo.write(format!("{dir}/status.json"), &snapshot);
        scene.repo.write(
            format!("{dir}/meta.json"),
            scene.at(&own, &format!("{dir}/meta.json")).unwrap(),
        );
    };
    put();
    // One that nobody else has stays, and everything with it.
    scene.repo.write(&spec, "# My own\n");
    let told = refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE");
    assert_eq!(told["paths"], serde_json::json!([spec]));
    put();
    scene.repo.write(&log, format!("{some}{{\"mine\": 1}}\n"));
    let told = refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE");
    assert_eq!(told["paths"], serde_json::json!([log]));
    put();
    scene.repo.write(format!("{dir}/notes.md"), "mine\n");
    scene.json(&["merge"], 0);
    assert_eq!(scene.repo.read(&spec), "# Newer\n");
    assert_eq!(scene.repo.ask(["status", "--porcelain"]), format!("?? {dir}/notes.md"));
}

#[test]
fn a_worktree_that_is_gone_is_in_nobodys_way() {
    let scene = Approved::two();
    scene.repo.must(["checkout", "-q", "-b", "elsewhere"]);
    let view = scene.repo.worktree(".worktrees/main", "main");
    std::fs::remove_dir_all(view.path()).unwrap();
    scene.json(&["merge"], 0);
    scene.json(&["verify-landing"], 0);
}
