//! `git kitty merge`: each way to land, on a target that stood still, went on, or conflicts.

use crate::kit::approved::{Approved, LINES};
use crate::kit::state::{assert_unchanged, state};

const STRATEGIES: [&str; 4] = ["ff", "merge", "squash", "rebase"];

/// Lane-a changes the first line of a common file, lane-b adds a file of its own.
fn scene() -> Approved {
    let list = LINES.replace("1\n2", "one\n2");
    Approved::new(&[&[("common/list", &list), ("a/one", "1\n")], &[("b/two", "two\n")]])
}

/// How many parents the commit has that landed.
fn parents(scene: &Approved) -> usize {
    scene.repo.ask(["log", "-1", "--format=%P", "main"]).split(' ').count()
}

/// Lands it, and has that proven and closed. Returns the tree that landed, without the mission's own
/// directory.
#[track_caller]
fn land(scene: &Approved, strategy: &str, is_closed: bool) -> String {
    let told = scene.json(&["merge", "--strategy", strategy], 0);
    let commit = told["stages"][1]["commit"].as_str().unwrap();
    assert_eq!((told["strategy"].as_str(), commit), (Some(strategy), &*scene.repo.id("main")));
    scene.assert_clean(strategy);
    let proof = scene.json(&["verify-landing"], 0);
    assert_eq!((&proof["verified"], &proof["landing"]["commit"]), (&true.into(), &commit.into()));
    assert_eq!(scene.statuses("main"), ["done", "done"]);
    // Nothing comes of a second merge.
    let before = state(&scene.repo);
    let again = scene.json(&["merge", "--strategy", strategy], 0);
    assert_eq!(
        (&again["stages"], &again["refs"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    assert_eq!(again["certificate"], told["certificate"]);
    assert_unchanged(&before, &state(&scene.repo));
    if is_closed {
        scene.repo.kitty(["mission", "close"]).exits(0);
        scene.json(&["verify-landing", &scene.mission.slug], 0);
    }
    let files = scene.repo.ask(["ls-tree", "-r", "main"]);
    files.lines().filter(|line| !line.contains("kitty-specs/")).map(|l| format!("{l}\n")).collect()
}

#[test]
fn a_target_that_stood_still_gets_the_same_tree_in_each_way() {
    let mut trees = Vec::new();
    for (strategy, count) in [("ff", 1), ("merge", 2), ("squash", 1), ("rebase", 1)] {
        let scene = scene();
        let old = scene.repo.id("main");
        trees.push(land(&scene, strategy, true));
        assert_eq!(parents(&scene), count, "{strategy}");
        scene.repo.must(["merge-base", "--is-ancestor", &old, "main"]);
        if strategy == "squash" {
            assert_eq!(scene.repo.id("main~"), old);
        }
        if strategy == "rebase" {
            assert_eq!(scene.repo.ask(["rev-list", "--merges", &format!("{old}..main")]), "");
        }
    }
    assert!(trees.iter().all(|tree| *tree == trees[0]), "{trees:#?}");
}

#[test]
fn what_the_target_got_meanwhile_survives_each_way() {
    let list = LINES.replace("9\n10", "nine\n10");
    // Elsewhere, and in a file that the mission changes as well.
    for (path, text) in [("docs/guide", "new guide\n"), ("common/list", &list)] {
        let mut trees = Vec::new();
        for strategy in &STRATEGIES[1..] {
            let scene = scene();
            let old = scene.move_target(&[(path, text), ("new", "new\n")]);
            scene.repo.must(["rm", "-q", "other"]);
            scene.repo.unhooked(["commit", "-q", "-m", "Remove it"]).run().exits(0);
            trees.push(land(&scene, strategy, true));
            scene.repo.must(["merge-base", "--is-ancestor", &old, "main"]);
            let both = LINES.replace("1\n2", "one\n2").replace("9\n10", "nine\n10");
            let expected = if path == "common/list" { &both } else { text };
            assert_eq!(scene.at("main", path).as_deref(), Some(expected), "{strategy}");
            assert_eq!(scene.at("main", "new").as_deref(), Some("new\n"), "{strategy}");
            assert_eq!(scene.at("main", "other"), None, "{strategy}");
            assert_eq!(scene.at("main", "b/two").as_deref(), Some("two\n"), "{strategy}");
        }
        assert!(trees.iter().all(|tree| *tree == trees[0]), "{trees:#?}");
    }
}

#[test]
fn a_fast_forward_is_the_usual_way_and_where_it_cannot_be_a_merge() {
    let scene = scene();
    assert_eq!(scene.json(&["merge", "--dry-run"], 0)["strategy"], "ff");
    scene.move_target(&[("new", "new\n")]);
    let before = state(&scene.repo);
    let told = scene.json(&["merge", "--strategy", "ff"], 1);
    assert_eq!(told["error_code"], "LANDING_NOT_FAST_FORWARD");
    assert!(told["next_step"].as_str().unwrap().contains("--strategy merge"), "{told}");
    assert_unchanged(&before, &state(&scene.repo));
    assert_eq!(scene.json(&["merge"], 0)["strategy"], "merge");
}

#[test]
fn the_policy_says_how_to_land_and_the_command_line_says_it_again() {
    let scene = scene();
    let policy = ".kittify/config.yaml";
    scene.move_target(&[(policy, "merge:\n  strategy: squash\n")]);
    assert_eq!(scene.json(&["merge", "--dry-run"], 0)["strategy"], "squash");
    assert_eq!(
        scene.json(&["merge", "--dry-run", "--strategy", "rebase"], 0)["strategy"],
        "rebase"
    );
}

#[test]
fn a_conflict_with_the_target_stops_each_way_and_nothing_moves() {
    for strategy in &STRATEGIES[1..] {
        let scene = scene();
        scene.move_target(&[("common/list", &LINES.replace("1\n2", "uno\n2"))]);
        let before = state(&scene.repo);
        let told = scene.json(&["merge", "--strategy", strategy], 3);
        assert_eq!(told["error_code"], "LANDING_CONFLICT", "{strategy}");
        let expected = serde_json::json!([{
            "stage": 2, "lane_id": null, "path": "common/list", "driver": null, "message": null,
            "sides": [["lane-a"], ["target"]],
        }]);
        assert_eq!(told["conflicts"], expected);
        assert_unchanged(&before, &state(&scene.repo));
    }
}

/// The mission's commits, one by one, add and take away again what the target changed meanwhile.
#[test]
fn commits_that_cannot_be_made_again_one_by_one_are_no_rebase() {
    let scene = scene();
    scene.move_lane(0, &[("common/list", LINES)]);
    scene.move_lane(0, &[("a/one", "uno\n")]);
    scene.move_target(&[("common/list", &LINES.replace("1\n2", "1.\n2"))]);
    let before = state(&scene.repo);
    let told = scene.json(&["merge", "--strategy", "rebase"], 3);
    assert_eq!(told["error_code"], "REBASE_CONFLICT");
    assert_eq!(told["paths"], serde_json::json!(["common/list"]));
    assert_unchanged(&before, &state(&scene.repo));
    assert_eq!(
        scene.json(&["merge", "--dry-run", "--strategy", "rebase"], 3)["error_code"],
        "REBASE_CONFLICT"
    );
    land(&scene, "squash", false);
    assert_eq!(scene.at("main", "common/list"), Some(LINES.replace("1\n2", "1.\n2")));
}

#[test]
fn a_squash_of_nothing_is_refused_and_bookkeeping_is_nothing() {
    let scene = Approved::new(&[&[("a/one", "one\n")]]);
    let before = state(&scene.repo);
    let told = scene.json(&["merge", "--strategy", "squash"], 1);
    assert_eq!(told["error_code"], "LANDING_EMPTY");
    assert_unchanged(&before, &state(&scene.repo));
    // The target got the very same meanwhile.
    let scene = self::scene();
    let list = LINES.replace("1\n2", "one\n2");
    scene.move_target(&[("common/list", &list), ("a/one", "1\n"), ("b/two", "two\n")]);
    assert_eq!(scene.json(&["merge", "--strategy", "squash"], 1)["error_code"], "LANDING_EMPTY");
    land(&scene, "merge", true);
}
