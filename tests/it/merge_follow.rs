//! Checkouts that cannot follow a merge just now: they are told before anything moves, and what hinders
//! one all the same is made good later.

use crate::kit::approved::Approved;
use crate::kit::state::{assert_unchanged, state};

#[track_caller]
fn refused(scene: &Approved, code: &str) -> serde_json::Value {
    let before = state(&scene.repo);
    assert_eq!(scene.json(&["merge", "--dry-run"], 1)["error_code"], code);
    let told = scene.json(&["merge"], 1);
    assert_eq!(told["error_code"], code, "{told}");
    assert_unchanged(&before, &state(&scene.repo));
    told
}

fn findings(scene: &Approved) -> String {
    scene.repo.kitty(["doctor"]).stdout
}

#[test]
fn who_holds_the_index_is_told_before_anything_moves() {
    let scene = Approved::two();
    let lock = scene.repo.file(".git/index.lock");
    std::fs::write(&lock, "").unwrap();
    let told = refused(&scene, "FILE_LOCKED");
    assert!(told["next_step"].as_str().unwrap().contains("index.lock"), "{told}");
    std::fs::remove_file(&lock).unwrap();
    scene.json(&["merge"], 0);
    scene.assert_clean("followed");
    // The same on the way back.
    std::fs::write(&lock, "").unwrap();
    assert_eq!(scene.json(&["undo"], 1)["error_code"], "FILE_LOCKED");
    std::fs::remove_file(&lock).unwrap();
    scene.json(&["undo"], 0);
    scene.assert_clean("taken back");
}

/// Git would leave such a file, and bring the others up.
#[test]
fn what_git_was_told_not_to_look_at_is_looked_at() {
    for mark in ["assume-unchanged", "skip-worktree"] {
        let scene = Approved::two();
        scene.repo.must(["update-index", &format!("--{mark}"), "a/one"]);
        scene.repo.write("a/one", "hidden\n");
        assert_eq!(refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE")["paths"][0], "a/one");
        assert_eq!(scene.repo.read("a/one"), "hidden\n");
        scene.repo.write("a/one", "one\n");
        scene.repo.must(["update-index", &format!("--no-{mark}"), "a/one"]);
        scene.repo.must(["checkout", "-q", "a/one"]);
        // One that does not move is nobody's business.
        scene.repo.must(["update-index", &format!("--{mark}"), "other"]);
        scene.repo.write("other", "hidden\n");
        scene.json(&["merge"], 0);
        assert_eq!(scene.repo.read("other"), "hidden\n");
    }
}

/// Planning files may go where nobody has begun anything with them.
#[test]
fn what_somebody_has_staged_of_the_plan_stays() {
    let scene = Approved::two();
    let spec = format!("{}/spec.md", scene.mission.dir());
    scene.repo.write(&spec, scene.at(&scene.mission.branch(), &spec).unwrap());
    scene.repo.must(["add", "-f", &spec]);
    assert_eq!(refused(&scene, "REF_ADVANCE_DIRTY_WORKTREE")["paths"][0], *spec);
    scene.repo.must(["rm", "-q", "--cached", &spec]);
    scene.json(&["merge"], 0);
    scene.assert_clean("the plan has landed");
}

/// Nobody can tell beforehand that a filter will fail.
#[test]
fn who_could_not_follow_is_brought_up_by_the_next_command() {
    let scene = Approved::two();
    let away = scene.repo.file(".git/away");
    scene.repo.write(".git/info/attributes", "b/* filter=far\n");
    scene.repo.must(["config", "filter.far.required", "true"]);
    scene.repo.must(["config", "filter.far.clean", "sed s/^far://"]);
    scene.repo.must(["config", "filter.far.smudge", "test ! -e .git/away && sed s/^/far:/"]);
    std::fs::write(&away, "").unwrap();
    let told = scene.json(&["merge"], 0);
    assert!(told["warnings"].to_string().contains("WORKTREE_BEHIND"), "{told}");
    assert!(findings(&scene).contains("CHECKOUT_LEFT_BEHIND"), "{}", findings(&scene));
    // As long as it cannot be helped that is said.
    let said = scene.repo.kitty(["doctor", "--fix"]).stdout;
    assert!(said.contains("CHECKOUT_LEFT_BEHIND"), "{said}");
    assert!(findings(&scene).contains("CHECKOUT_LEFT_BEHIND"));
    std::fs::remove_file(&away).unwrap();
    scene.repo.kitty(["doctor", "--fix"]);
    assert_eq!(scene.repo.read("b/two"), "far:two\n");
    scene.assert_clean("brought up");
    assert!(!findings(&scene).contains("CHECKOUT_LEFT_BEHIND"));
}

/// A git that was killed leaves such a lock, and no other git goes on then.
#[test]
fn a_lock_that_was_left_is_named() {
    let scene = Approved::two();
    scene.json(&["merge"], 0);
    let lock = scene.repo.file(".git/packed-refs.lock");
    std::fs::write(&lock, "").unwrap();
    let close = ["mission", "close", &scene.mission.slug, "--format", "json"];
    let said = scene.repo.kitty(close).exits(4);
    let told: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(told["error_code"], "FILE_LOCKED", "{told}");
    assert!(told["next_step"].as_str().unwrap().contains("packed-refs.lock"), "{told}");
    std::fs::remove_file(&lock).unwrap();
    scene.repo.kitty(close).exits(0);
}
