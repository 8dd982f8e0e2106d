//! A repository whose `core.bare` some tool has set by mistake: hooks judge on, and the doctor mends it.

use crate::kit::mission::Topology;
use crate::scene::{Scene, TOPOLOGIES};

/// What a client does that knows the work tree all the same.
const COMMIT: &str = "git --work-tree=. add -f -A src; git --work-tree=. commit -q -m x";

#[test]
fn hooks_judge_on_where_the_repository_calls_itself_bare() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let (repo, lane) = (&scene.repo, scene.mission.lane_branch("lane-b"));
        let start = scene.lane.id("HEAD");
        repo.must(["config", "core.bare", "true"]);
        scene.lane.write("src/b/own.rs", "x\n");
        scene.lane.sh(COMMIT).exits(0);
        scene.lane.write("src/a/foreign.rs", "x\n");
        for (words, status) in [(COMMIT.to_owned(), 1), (format!("{COMMIT} -n"), 128)] {
            let evil = scene.lane.sh(&words).exits(status);
            assert!(evil.stderr.contains("[ACTIVE_WP_SCOPE_VIOLATION]"), "{topology:?} {evil}");
        }
        // From the primary checkout, where git itself finds no work tree any more.
        repo.must(["update-ref", "refs/heads/free", &start]);
        let evil = repo.git(["update-ref", "refs/heads/main", &start, "refs/heads/main"]);
        assert_ne!(evil.status, 0, "{topology:?} {evil}");
        repo.must(["update-ref", &format!("refs/heads/{lane}"), &start]);
        let said = repo.kitty(["doctor", "--canary"]).exits(1).stdout;
        assert!(said.contains("error: core.bare [CORE_BARE_WITH_CHECKOUT]"), "{said}");
        assert!(!said.contains("[HOOKS_"), "{said}");
        repo.kitty(["doctor", "--fix"]);
        assert_eq!(repo.ask(["config", "core.bare"]), "false");
        assert_eq!(repo.git(["status", "--porcelain"]).status, 0);
    }
}

#[test]
fn a_push_into_such_a_repository_is_judged_and_the_setting_is_found_from_a_worktree() {
    let scene = Scene::new(Topology::Coordination);
    scene.repo.must(["config", "core.bare", "true"]);
    let evil = scene.lane.git(["push", "-q", ".", "HEAD~0:refs/heads/main"]);
    assert!(evil.status == 0 || evil.stderr.contains("error: "), "{evil}");
    let said = scene.lane.kitty(["doctor"]).exits(1).stdout;
    assert!(said.contains("[CORE_BARE_WITH_CHECKOUT]"), "{said}");
    scene.lane.kitty(["doctor", "--fix"]);
    assert_eq!(scene.repo.ask(["config", "core.bare"]), "false");
}
