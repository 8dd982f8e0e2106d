//! `git kitty merge --resolve`, `--continue` and `--abort` where something besides the conflict is in
//! the worktree, or was left there.

use serde_json::{Value, json};

use crate::kit::approved::Approved;
use crate::kit::checkout::Checkout;
use crate::kit::state::{assert_unchanged, state};
use crate::merge_conflict::{kill, list, open, place, refused, resolve, scene, with_target};

#[test]
fn a_lock_that_was_left_is_named() {
    for name in ["index.lock", "HEAD.lock"] {
        let scene = scene();
        resolve(&open(&scene), &list("both"));
        let lock = scene.repo.file(format!(".git/worktrees/{}-merge/{name}", scene.mission.slug));
        std::fs::write(&lock, "").unwrap();
        let before = state(&scene.repo);
        for words in ["--continue", "--abort", "--resolve"] {
            let told = refused(&scene, &[words], 4, "FILE_LOCKED");
            assert_eq!(told["paths"], json!([lock.display().to_string()]), "{words}");
        }
        assert_unchanged(&before, &state(&scene.repo));
        std::fs::remove_file(lock).unwrap();
        scene.json(&["merge", "--continue"], 0);
        assert_eq!(scene.at("main", "common/list"), Some(list("both")));
    }
}

/// A page that shows markers, and is in conflict elsewhere.
#[test]
fn markers_that_belong_to_a_file_are_none_that_are_left() {
    let page = |first: &str, last: &str| {
        format!("{first}\n\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n{last}\n")
    };
    let scene = Approved::new(&[
        &[("common/page", &page("a", "end"))],
        &[("common/page", &page("b", "end"))],
    ]);
    scene.json(&["merge", "--resolve"], 0);
    let place = place(&scene);
    let continued = |text: &str| {
        place.write("common/page", text);
        place.must(["add", "common/page"]);
        refused(&scene, &["--continue"], 1, "RESOLUTION_UNFINISHED")
    };
    let laid_out = place.read("common/page");
    assert_eq!(continued(&laid_out)["paths"], json!(["common/page"]));
    let (half, _) = laid_out.rsplit_once(">>>>>>> ").unwrap();
    continued(half);
    continued(&laid_out.replace('\n', "\r\n"));
    place.must(["checkout", "-q", "--merge", "common/page"]);
    continued(&place.read("common/page"));
    place.write("common/page", page("both", "end"));
    place.must(["add", "common/page"]);
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "common/page"), Some(page("both", "end")));
    scene.json(&["verify-landing"], 0);
}

/// A mission whose target has a submodule, with the conflict open and resolved; the submodule is
/// checked out there.
fn with_submodule() -> (Approved, Checkout) {
    let scene = with_target();
    let library = scene.repo.below("../library");
    std::fs::create_dir(library.path()).unwrap();
    library.must(["init", "-q"]);
    library.commit_file("one", "1\n");
    let always = ["-c", "protocol.file.allow=always", "submodule", "--quiet"];
    scene.repo.must([&always[..], &["add", "../library", "lib"]].concat());
    scene.repo.commit_all("A library");
    scene.json(&["merge", "--resolve"], 0);
    let place = place(&scene);
    place.must([&always[..], &["update", "--init"]].concat());
    assert_eq!(place.read("lib/one"), "1\n");
    resolve(&place, &list("both"));
    (scene, place)
}

fn warned(told: &Value) -> Vec<&str> {
    let codes = told["warnings"].as_array().unwrap().iter();
    codes.map(|one| one["code"].as_str().unwrap()).collect()
}

#[test]
fn a_worktree_with_submodules_goes_if_nothing_is_lost_with_it() {
    let (scene, place) = with_submodule();
    let told = scene.json(&["merge", "--continue"], 0);
    assert_eq!((warned(&told), place.path().exists()), (Vec::new(), false));
    assert_eq!(scene.at("main", "common/list"), Some(list("both")));
    let (scene, place) = with_submodule();
    kill(&scene, &["--abort"], "abort-given-up");
    scene.json(&["merge", "--abort"], 0);
    assert!(!place.path().exists());
    // Work in it stays, and nothing else is given up.
    for is_committed in [false, true] {
        let (scene, place) = with_submodule();
        let library = place.below("lib");
        library.write("two", "2\n");
        if is_committed {
            library.commit_all("Two");
            library.must(["checkout", "-q", "HEAD~"]);
            library.must(["branch", "more", "HEAD@{1}"]);
        }
        let before = state(&scene.repo);
        refused(&scene, &["--abort"], 1, "WORKTREE_FAILED");
        assert_unchanged(&before, &state(&scene.repo));
        let told = scene.json(&["merge", "--continue"], 0);
        assert_eq!(warned(&told), ["MERGE_WORKTREE_LEFT"]);
        assert!(place.path().exists());
    }
}

/// What cannot be cleared away is told, and is in nobody's way.
#[test]
fn a_worktree_that_cannot_go_does_not_undo_the_merge() {
    let scene = scene();
    let place = open(&scene);
    resolve(&place, &list("both"));
    let path = place.path().display().to_string();
    scene.repo.must(["worktree", "lock", "--reason", "mine", &path]);
    let before = state(&scene.repo);
    refused(&scene, &["--abort"], 1, "WORKTREE_LOCKED");
    assert_unchanged(&before, &state(&scene.repo));
    let told = scene.json(&["merge", "--continue"], 0);
    assert_eq!(warned(&told), ["MERGE_WORKTREE_LEFT"]);
    assert!(told["warnings"][0]["message"].as_str().unwrap().contains("worktree unlock"), "{told}");
    assert_eq!(scene.at("main", "common/list"), Some(list("both")));
    assert!(!state(&scene.repo).to_string().contains("/kitty/merge/"));
    assert_eq!(warned(&scene.json(&["merge"], 0)), ["MERGE_WORKTREE_LEFT"]);
    scene.repo.must(["worktree", "unlock", &path]);
    // What somebody makes of it since is theirs.
    let landed = place.id("HEAD");
    place.commit_file("own", "own\n");
    assert!(warned(&scene.json(&["merge"], 0)).is_empty());
    assert_eq!(scene.json(&["merge", "--abort"], 0)["worktree"], Value::Null);
    assert!(place.path().exists());
    place.must(["reset", "-q", "--hard", &landed]);
    scene.json(&["merge"], 0);
    assert!(!place.path().exists());
    scene.repo.kitty(["mission", "close"]).exits(0);
}

#[test]
fn giving_up_is_said_alone_and_hints_at_itself() {
    let scene = scene();
    let place = open(&scene);
    for other in ["--continue", "--resolve", "--dry-run"] {
        scene.merge(&["--abort", other]).exits(2);
        scene.merge(&[other, "--abort"]).exits(2);
    }
    place.write("stray", "stray\n");
    let told = refused(&scene, &["--abort"], 1, "RESOLUTION_UNFINISHED");
    let hint = told["next_step"].as_str().unwrap();
    assert!(hint.contains("--abort`") && !hint.contains("--continue"), "{told}");
}

#[test]
fn a_plan_that_is_open_is_not_asked_for_another_way() {
    let scene = with_target();
    scene.json(&["merge", "--resolve", "--strategy", "squash"], 0);
    let before = state(&scene.repo);
    let note = ["--resolve", "--skip-review-check", "--note", "Fine"];
    let others: [&[&str]; 4] = [
        &["--resolve", "--strategy", "merge"],
        &["--resolve", "--lanes-only"],
        &["--resolve", "--pr"],
        &note,
    ];
    for words in others {
        let told = refused(&scene, words, 1, "MERGE_IN_PROGRESS");
        assert!(told["next_step"].as_str().unwrap().contains("--abort"), "{told}");
    }
    assert_unchanged(&before, &state(&scene.repo));
    for words in [&["--resolve"][..], &["--resolve", "--strategy", "squash"]] {
        scene.merge(words).exits(0);
    }
    resolve(&place(&scene), &list("both"));
    assert_eq!(scene.json(&["merge", "--continue"], 0)["strategy"], "squash");
}

#[test]
fn a_worktree_that_was_moved_is_found() {
    for last in ["--continue", "--abort"] {
        let scene = scene();
        let old = open(&scene);
        resolve(&old, &list("both"));
        let moved = scene.repo.below("../moved");
        let paths = [&old, &moved].map(|one| one.path().display().to_string());
        scene.repo.must(["worktree", "move", &paths[0], &paths[1]]);
        let moved = Checkout::at(scene.repo.sandbox(), moved.path().canonicalize().unwrap());
        let shown = json!(moved.path().display().to_string());
        assert_eq!(refused(&scene, &[], 1, "MERGE_IN_PROGRESS")["worktree"], shown);
        assert_eq!(scene.json(&["merge", "--resolve"], 0)["worktree"], shown);
        assert_eq!(moved.read("common/list"), list("both"));
        scene.json(&["merge", last], 0);
        let lands = (last == "--continue").then(|| list("both"));
        assert_eq!(scene.at("main", "common/list"), lands.or_else(|| Some(list("1"))));
        assert!(!moved.path().exists() && !old.path().exists());
    }
}

/// It would end in a conflict that no resolution can settle.
#[test]
fn what_lands_by_rebase_is_not_resolved() {
    for is_policy in [false, true] {
        let scene = with_target();
        let mut words = vec!["--resolve"];
        if is_policy {
            scene.move_target(&[(".kittify/config.yaml", "merge:\n  strategy: rebase\n")]);
        } else {
            words.extend(["--strategy", "rebase"]);
        }
        let before = state(&scene.repo);
        let told = refused(&scene, &words, 3, "REBASE_CONFLICT");
        assert_eq!(told["paths"], json!(["common/list"]));
        assert!(told["next_step"].as_str().unwrap().contains("--resolve --strategy merge`"));
        assert_unchanged(&before, &state(&scene.repo));
        scene.json(&["merge", "--resolve", "--strategy", "merge"], 0);
        resolve(&place(&scene), &list("both"));
        scene.json(&["merge", "--continue"], 0);
    }
}

/// Of a plan that an older git-kitty wrote.
#[test]
fn a_plan_that_is_to_land_by_rebase_is_given_up() {
    let scene = with_target();
    scene.json(&["merge", "--resolve", "--strategy", "merge"], 0);
    resolve(&place(&scene), &list("both"));
    let plan = format!(".git/kitty/merge/{}/plan.json", scene.mission.slug);
    scene.repo.write(&plan, scene.repo.read(&plan).replace("\"merge\"", "\"rebase\""));
    let told = refused(&scene, &["--continue"], 3, "REBASE_CONFLICT");
    assert!(told["next_step"].as_str().unwrap().contains("--abort`, then"), "{told}");
}
