//! `git kitty ready`: what can be started, and what keeps the rest, the same from everywhere.

use serde_json::{Value, json};

use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::scene::TOPOLOGIES;

#[track_caller]
fn ready(place: &Checkout) -> Value {
    let said = place.kitty(["ready", "--format", "json"]).exits(0);
    assert_eq!(said.stderr, "");
    serde_json::from_str(&said.stdout).unwrap()
}

/// WP01 is done, WP02 is being worked on, WP03 shares its lane, WP04 waits for both, WP05 is free.
fn mission(repo: &Checkout, topology: Topology) -> Mission {
    let mut mission = MissionBuilder::new("checkout")
        .topology(topology)
        .wp(Wp::new("WP01").owns(&["src/a/**"]))
        .wp(Wp::new("WP02").owns(&["src/b/**"]))
        .wp(Wp::new("WP03").owns(&["src/b/c/**"]).needs(&["WP01"]))
        .wp(Wp::new("WP04").owns(&["src/d/**"]).needs(&["WP01", "WP02"]))
        .wp(Wp::new("WP05").owns(&["src/e/**"]).needs(&["WP01"]))
        .wp(Wp::new("WP06").owns(&[]))
        .lane("lane-a", &["WP01"])
        .lane("lane-b", &["WP02", "WP03"])
        .lane("lane-c", &["WP04"])
        .lane("lane-d", &["WP05"])
        .lane("lane-e", &["WP06"])
        .build(repo);
    let all = ["planned", "claimed", "in_progress", "for_review", "in_review", "approved"];
    mission.log.walk("WP01", &all);
    mission.log.walk("WP02", &["planned", "claimed", "in_progress"]);
    mission.save();
    mission
}

fn repository() -> Checkout {
    RepoBuilder::default().build(&Sandbox::new(), "repo")
}

fn ids(document: &Value, list: &str) -> Vec<String> {
    let entries = document[list].as_array().unwrap();
    entries.iter().map(|entry| entry["wp_id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_answer_is_the_same_from_everywhere() {
    for topology in TOPOLOGIES {
        let repo = repository();
        let mission = mission(&repo, topology);
        let lane = mission.open_lane("lane-b");
        let expected = ready(&repo);
        assert_eq!(ids(&expected, "ready"), ["WP05"], "{topology:?}");
        assert_eq!(ids(&expected, "blocked"), ["WP03", "WP04", "WP06"]);
        lane.write("deep/down/file", "");
        let mut places = vec![repo.below("src"), lane.below("deep/down"), lane, repo.below(".git")];
        if topology != Topology::Primary {
            let coordination = mission.open_coordination();
            places.extend([coordination.below("kitty-specs"), coordination]);
        }
        for place in places {
            assert_eq!(ready(&place), expected, "{} {topology:?}", place.path().display());
        }
    }
}

#[test]
fn a_bare_repository_answers_the_same() {
    for topology in TOPOLOGIES {
        let repo = repository();
        mission(&repo, topology);
        let expected = ready(&repo);
        repo.must(["clone", "-q", "--mirror", ".", "../bare.git"]);
        let bare = repo.below("../bare.git");
        assert_eq!(ready(&bare), expected, "{topology:?}");
        bare.must(["worktree", "add", "-q", "../tree", "main"]);
        let tree = repo.below("../tree/src");
        assert_eq!(ready(&tree), expected, "{topology:?}");
        for command in [
            &["status", "--format", "json"][..],
            &["mission", "list", "--format", "json"],
            &["mission", "show", "--format", "json"],
            &["wp", "list", "--format", "json"],
            &["wp", "show", "WP02", "--format", "json"],
            &["log"],
        ] {
            let here = repo.kitty(command).exits(0).stdout;
            for place in [&bare, &tree] {
                assert_eq!(place.kitty(command).exits(0).stdout, here, "{command:?} {topology:?}");
            }
        }
    }
}

#[test]
fn each_kind_of_blocker_is_told_and_counted() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let before = state(&repo);
    let found = ready(&repo);
    let none = json!([]);
    let waits = json!([{"wp_id": "WP02", "status": "in_progress"}]);
    let file =
        json!([{"code": "ACTIVE_WP_OWNERSHIP_MISSING", "message": "its `owned_files` is empty"}]);
    let entry = |wp: &str, lane: &str, title: &str, kinds: [&Value; 4]| {
        json!({
            "mission_slug": mission.slug, "wp_id": wp, "lane_id": lane, "title": title,
            "dependency_blockers": kinds[0], "ownership_blockers": kinds[1],
            "workspace_blockers": kinds[2], "policy_blockers": kinds[3],
        })
    };
    let blocked = json!([
        entry("WP03", "lane-b", "Part WP03", [&none, &waits, &none, &none]),
        entry("WP04", "lane-c", "Part WP04", [&waits, &none, &none, &none]),
        entry("WP06", "lane-e", "Part WP06", [&none, &none, &none, &file]),
    ]);
    assert_eq!(found["blocked"], blocked);
    assert_eq!(found["ready"][0]["mission_slug"], json!(mission.slug));
    let summary = json!({
        "ready": 1, "blocked": 3, "dependency_blockers": 1, "ownership_blockers": 1,
        "workspace_blockers": 0, "policy_blockers": 1,
    });
    assert_eq!(found["summary"], summary);
    let board = format!(
        "{}
  ready    WP05   lane-d         Part WP05
  blocked  WP03   lane-b         Part WP03  (its lane is busy with WP02)
  blocked  WP04   lane-c         Part WP04  (waits for WP02)
  blocked  WP06   lane-e         Part WP06  (its `owned_files` is empty)
",
        mission.slug
    );
    assert_eq!(repo.kitty(["ready"]).parts(), (0, board.as_str(), ""));
    assert_unchanged(&before, &state(&repo));
}

#[test]
fn what_stands_where_the_lane_would_be_is_a_blocker() {
    for topology in TOPOLOGIES {
        let repo = repository();
        let mission = mission(&repo, topology);
        let path = format!(".worktrees/{}-lane-d", mission.slug);
        let workspace = |repo: &Checkout| {
            let found = ready(repo);
            let entries = found["blocked"].as_array().unwrap().clone();
            let entry = entries.into_iter().find(|entry| entry["wp_id"] == "WP05");
            entry.map(|entry| entry["workspace_blockers"].clone())
        };
        let codes = |repo: &Checkout| {
            let found = workspace(repo).unwrap();
            let codes = found.as_array().unwrap().iter().map(|own| own["code"].clone());
            codes.collect::<Vec<_>>()
        };
        std::fs::create_dir_all(repo.path().join(&path)).unwrap();
        assert_eq!(workspace(&repo), None, "an empty directory hinders nobody");
        repo.write(format!("{path}/notes"), "mine");
        assert_eq!(codes(&repo), ["WORKTREE_PATH_TAKEN"]);
        std::fs::remove_dir_all(repo.path().join(&path)).unwrap();
        repo.must(["worktree", "add", "-q", "--detach", &path]);
        assert_eq!(codes(&repo), ["LANE_WORKTREE_BRANCH_MISMATCH"]);
        repo.must(["worktree", "remove", "--force", &path]);
        assert_eq!(workspace(&repo), None);
        let branch = mission.lane_branch("lane-d");
        repo.unhooked(["branch", &branch, "main"]).run().exits(0);
        repo.must(["worktree", "add", "-q", "../elsewhere", &branch]);
        let message = format!(
            "`refs/heads/{branch}` is checked out in `{}`",
            repo.sandbox().root().join("elsewhere").display()
        );
        let expected = json!([{"code": "BRANCH_CHECKED_OUT", "message": message}]);
        assert_eq!(workspace(&repo), Some(expected), "{topology:?}");
        repo.must(["worktree", "move", "../elsewhere", &path]);
        assert_eq!(workspace(&repo), None);
    }
}

#[test]
fn a_policy_that_forbids_the_write_is_a_blocker() {
    let repo = repository();
    let mission = mission(&repo, Topology::Coordination);
    let policy = format!("protection:\n  protected_branches: [main, {}]\n", mission.branch());
    repo.write(".kittify/config.yaml", policy);
    repo.commit_all("Protect");
    let found = ready(&repo);
    assert_eq!(ids(&found, "ready"), Vec::<String>::new());
    assert_eq!(found["blocked"][2]["policy_blockers"][0]["code"], "PROTECTED_BRANCH_REFUSED");
    repo.write(".kittify/config.yaml", "protection: 7\n");
    repo.commit_all("Break");
    assert_eq!(ready(&repo)["blocked"][2]["policy_blockers"][0]["code"], "POLICY_CONFIG_INVALID");
}

#[test]
fn a_claim_that_the_policy_forbids_says_how_to_have_it_allowed() {
    let repo = repository();
    let mission = mission(&repo, Topology::Primary);
    repo.must(["rm", "-q", &format!("{}/lanes.json", mission.dir())]);
    repo.unhooked(["commit", "-qm", "No lanes"]).run().exits(0);
    let said = repo.kitty(["wp", "claim", "WP05"]).exits(1).stderr;
    assert!(said.contains("[CLAIM_BLOCKED]\nhint: `git kitty mission adopt` gives"), "{said}");
}

#[test]
fn a_damaged_mission_hides_no_other_and_handles_choose() {
    let repo = repository();
    let first = mission(&repo, Topology::Coordination);
    let second =
        MissionBuilder::new("second").number(2).wp(Wp::new("WP01").owns(&["x"])).build(&repo);
    assert_eq!(ids(&ready(&repo), "ready"), ["WP05", "WP01"]);
    let only = repo.kitty(["ready", "second"]).exits(0).stdout;
    assert_eq!(only, format!("{}\n  ready    WP01   lane-a         Part WP01\n", second.slug));
    let broken = format!("{}/meta.json", second.dir());
    second.put("Break", vec![(broken, "{".to_owned())]);
    let said = repo.kitty(["ready"]).exits(0);
    assert!(said.stdout.starts_with(&first.slug), "{said}");
    assert!(said.stderr.contains("[META_INVALID]"), "{said}");
    assert_eq!(repo.kitty(["ready", "nobody"]).status, 1);
    let bare = repository();
    assert_eq!(bare.kitty(["ready"]).parts(), (0, "nothing waits to be started\n", ""));
}
