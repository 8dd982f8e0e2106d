//! Commits on a lane: what its active work package owns passes, nothing else does.

use serde_json::Value;

use crate::kit::mission::Topology;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::scene::{Scene, TOPOLOGIES, codes, last_resort, mission};

#[test]
fn what_the_active_work_package_owns_passes_silently() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let output = scene.commit(&[("src/b/two.rs", "2\n"), ("README.md", "hello\n")]);
        assert_eq!(output.to_string(), "$ git commit -q -m work\n[exit 0]\n", "{topology:?}");
    }
}

#[test]
fn what_it_does_not_own_is_refused_with_all_that_helps() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        scene.lane.stage(&[("src/b/two.rs", "2\n"), ("src/a/one.rs", "1\n"), ("new.txt", "new\n")]);
        let before = state(&scene.repo);
        let output = scene.lane.git(["commit", "-m", "work"]);
        let branch = scene.mission.lane_branch("lane-b");
        assert_eq!(
            output.to_string(),
            format!(
                "$ git commit -m work\n\
                 ! error: 2 paths are not owned by WP02, which is active on `{branch}` [ACTIVE_WP_SCOPE_VIOLATION]\n\
                 !   new.txt  (owned by no work package)\n\
                 !   src/a/one.rs  (owned by WP01, lane-a, in_progress)\n\
                 !   WP02 owns: src/b/**, *.md\n\
                 ! hint: leave the path out of the commit: `git restore --staged new.txt src/a/one.rs`; or add it to \
                 `owned_files` of WP02 where the mission is planned\n\
                 ! {}[exit 1]\n",
                last_resort(&branch)
            ),
            "{topology:?}"
        );
        assert_unchanged(&before, &state(&scene.repo));
    }
}

#[test]
fn mode_warn_says_the_same_and_lets_pass() {
    let scene = Scene::new(Topology::Coordination);
    crate::kit::project::set_up(&scene.repo, "policy:\n  commit_guard:\n    mode: warn\n");
    let output = scene.commit(&[("src/a/one.rs", "1\n")]).exits(0);
    assert!(output.stderr.starts_with("warning: 1 path is not owned by WP02"), "{output}");
    assert!(output.stderr.contains("[ACTIVE_WP_SCOPE_VIOLATION]\n  src/a/one.rs  (owned by WP01"));
    let judged = scene.lane.kitty(["guard", "--format", "json"]).exits(0);
    assert!(
        judged.stdout.contains(r#""verdict":"allowed""#),
        "nothing is staged any more: {judged}"
    );
}

#[test]
fn mode_off_and_a_disabled_guard_let_pass_silently() {
    for policy in ["mode: off", "enabled: false", "enforce_ownership: false"] {
        let scene = Scene::new(Topology::Primary);
        let text = format!("policy:\n  commit_guard:\n    {policy}\n");
        crate::kit::project::set_up(&scene.repo, &text);
        let output = scene.commit(&[("src/a/one.rs", "1\n")]);
        assert_eq!(output.to_string(), "$ git commit -q -m work\n[exit 0]\n", "{policy}");
    }
}

#[test]
fn a_shared_lane_belongs_to_the_work_package_that_started_last() {
    for topology in TOPOLOGIES {
        let mut scene = Scene::new(topology);
        let docs = [("docs/a.txt", "a\n")];
        assert_eq!(codes(&scene.commit(&docs).exits(1)), ["ACTIVE_WP_SCOPE_VIOLATION"]);
        scene.walk("WP02", &["in_progress", "for_review"]);
        scene.commit(&[("src/b/fix.rs", "1\n")]).exits(1);
        scene.lane.git(["reset", "-q"]).exits(0);
        scene.commit(&[("README.md", "a fix while in review\n")]).exits(0);
        scene.walk("WP03", &["planned", "claimed"]);
        scene.commit(&docs).exits(0);
        scene.walk("WP03", &["claimed", "in_progress"]);
        scene.commit(&[("docs/b.txt", "b\n")]).exits(0);
        assert_eq!(
            codes(&scene.commit(&[("src/b/two.rs", "2\n")]).exits(1)),
            ["ACTIVE_WP_SCOPE_VIOLATION"],
            "{topology:?}"
        );
    }
}

#[test]
fn mission_files_are_closed_to_lanes_but_for_the_occurrence_map() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let dir = scene.mission.dir();
        let map = format!("{dir}/occurrence_map.yaml");
        scene.commit(&[(&map, "a: 1\n")]).exits(0);
        let sibling = format!("{dir}/spec.md");
        let output = scene.commit(&[(&map, "a: 2\n"), (&sibling, "changed\n")]).exits(1);
        assert_eq!(codes(&output), ["MISSION_FILE_PROTECTED"], "{output}");
        scene.lane.git(["reset", "-q", "--hard"]).exits(0);
        let other = "kitty-specs/other-01ABCDEF/occurrence_map.yaml";
        assert_eq!(codes(&scene.commit(&[(other, "a: 1\n")]).exits(1)), ["MISSION_FILE_PROTECTED"]);
        scene.lane.git(["reset", "-q", "--hard"]).exits(0);
        let nested = format!("{dir}/tasks/occurrence_map.yaml");
        assert_eq!(
            codes(&scene.commit(&[(&nested, "a: 1\n")]).exits(1)),
            ["MISSION_FILE_PROTECTED"]
        );
    }
}

#[test]
fn status_files_never_come_from_a_lane_whatever_the_policy() {
    let scene = Scene::new(Topology::Primary);
    let policy =
        "policy:\n  commit_guard:\n    block_mission_specs: false\n    enforce_ownership: false\n";
    crate::kit::project::set_up(&scene.repo, policy);
    let dir = scene.mission.dir();
    scene.commit(&[(&format!("{dir}/notes.md"), "free by policy\n")]).exits(0);
    for name in ["status.events.jsonl", "status.json"] {
        let output = scene.commit(&[(&format!("{dir}/{name}"), "{}\n")]).exits(1);
        assert_eq!(codes(&output), ["STATUS_FILE_PROTECTED"], "{output}");
        scene.lane.git(["reset", "-q", "--hard"]).exits(0);
    }
}

#[test]
fn lane_ids_have_any_number_of_letters() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    let builder = crate::kit::mission::MissionBuilder::new("big")
        .wp(Wp::new("WP01").owns(&["src/a/**"]))
        .wp(Wp::new("WP100").owns(&["src/b/**"]))
        .lane("lane-a", &["WP01"])
        .lane("lane-aa", &["WP100"]);
    let mut mission = builder.build(&repo);
    let lane = mission.open_lane("lane-aa");
    mission.log.walk("WP100", &["planned", "claimed"]);
    mission.save();
    repo.kitty(["init"]).exits(0);
    lane.stage(&[("src/b/x", "x\n")]);
    lane.git(["commit", "-q", "-m", "in scope"]).exits(0);
    lane.stage(&[("src/a/x", "x\n")]);
    let output = lane.git(["commit", "-q", "-m", "out of scope"]).exits(1);
    assert!(output.stderr.contains("not owned by WP100, which is active on"), "{output}");
}

#[test]
fn branches_of_a_mission_that_are_no_lanes_are_not_judged_as_lanes() {
    let scene = Scene::new(Topology::Primary);
    let integration = scene.repo.worktree("../integration", &scene.mission.branch());
    integration.stage(&[("src/a/one.rs", "1\n")]);
    integration.git(["commit", "-q", "-m", "integrate"]).exits(0);
}

#[test]
fn the_coordination_branch_takes_planning_files_and_a_growing_log() {
    let scene = Scene::new(Topology::Coordination);
    let tree = scene.mission.open_coordination();
    let dir = scene.mission.dir();
    let log = format!("{dir}/status.events.jsonl");
    let grown = tree.read(&log)
        + &tree.read(&log).lines().next().unwrap().replace("0000000", "ZZZZZZZ")
        + "\n";
    tree.stage(&[(&log, &grown), (&format!("{dir}/plan.md"), "plan\n")]);
    tree.git(["commit", "-q", "-m", "plan"]).exits(0);
    tree.stage(&[("src/a/one.rs", "1\n")]);
    assert_eq!(codes(&tree.git(["commit", "-m", "code"]).exits(1)), ["COORDINATION_PATH_REFUSED"]);
    tree.git(["reset", "-q", "--hard"]).exits(0);
    let shrunk: String = grown.lines().skip(1).map(|line| format!("{line}\n")).collect();
    tree.stage(&[(&log, &shrunk)]);
    assert_eq!(codes(&tree.git(["commit", "-m", "edit"]).exits(1)), ["LOG_NOT_APPEND_ONLY"]);
    tree.git(["rm", "-q", "--cached", &log]).exits(0);
    assert_eq!(codes(&tree.git(["commit", "-m", "drop"]).exits(1)), ["LOG_NOT_APPEND_ONLY"]);
    tree.stage(&[(&log, &(grown.clone() + "<<<<<<< HEAD\n"))]);
    assert_eq!(codes(&tree.git(["commit", "-m", "junk"]).exits(1)), ["EVENT_LOG_INVALID"]);
}

#[test]
fn json_names_everything_an_agent_needs() {
    let scene = Scene::new(Topology::Coordination);
    scene.lane.stage(&[("src/a/one.rs", "1\n"), ("src/b/two.rs", "2\n")]);
    let output = scene.lane.kitty(["guard", "--staged", "--explain", "--format", "json"]).exits(1);
    assert_eq!(output.stderr, "");
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    assert!(output.stdout.starts_with(r#"{"schema":1,"#), "{output}");
    assert_eq!(document["verdict"], "refused");
    assert_eq!(document["error_code"], "ACTIVE_WP_SCOPE_VIOLATION");
    assert_eq!(document["destination_ref"], scene.mission.lane_branch("lane-b"));
    assert_eq!(document["lane_id"], "lane-b");
    assert_eq!(document["paths"], serde_json::json!(["src/a/one.rs"]));
    let violation = &document["violations"][0];
    assert_eq!(violation["path"], "src/a/one.rs");
    assert_eq!(violation["active_wp"], "WP02");
    assert_eq!(violation["owned_files"], serde_json::json!(["src/b/**", "*.md"]));
    assert_eq!(violation["owners"], serde_json::json!(["WP01"]));
    assert_eq!(violation["error_code"], "ACTIVE_WP_SCOPE_VIOLATION");
    assert_eq!(document["decisions"][0]["rule"], "not_owned");
    assert_eq!(document["decisions"][1]["rule"], "owned");
}

#[test]
fn many_paths_are_summed_up_and_all_are_in_the_json() {
    let scene = Scene::new(Topology::Coordination);
    let names: Vec<String> = (0..25).map(|n| format!("lib/{n:02}.rs")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), "x\n")).collect();
    let output = scene.commit(&files).exits(1);
    assert!(output.stderr.contains("error: 25 paths are not owned"), "{output}");
    assert!(
        output.stderr.contains("lib/09.rs") && !output.stderr.contains("lib/10.rs"),
        "{output}"
    );
    assert!(output.stderr.contains("and 15 more"), "{output}");
    let judged = scene.lane.kitty(["guard", "--format", "json"]).exits(1);
    let document: Value = serde_json::from_str(&judged.stdout).unwrap();
    assert_eq!(document["violations"].as_array().unwrap().len(), 25);
}

#[test]
fn explain_tells_where_the_reference_would_let_pass() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    let scene = Scene::with_mission(
        &repo,
        mission(Topology::Coordination)
            .wp(Wp::new("WP04").owns(&["web/*"]))
            .lane("lane-c", &["WP04"]),
    );
    let mut mission = scene.mission;
    let lane = mission.open_lane("lane-c");
    mission.log.walk("WP04", &["planned", "claimed"]);
    mission.save();
    lane.stage(&[("web/index.html", "x\n"), ("web/deep/x.html", "x\n")]);
    let output = lane.kitty(["guard", "--explain"]).exits(1);
    assert_eq!(
        output.stdout,
        "web/deep/x.html: refused: ACTIVE_WP_SCOPE_VIOLATION (Spec Kitty would let it pass through \
         `web/*`, which matches more there)\n\
         web/index.html: owned by the active work package through `web/*`\n"
    );
}

#[test]
fn a_codebase_wide_work_package_may_touch_everything_but_mission_files() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    let builder = crate::kit::mission::MissionBuilder::new("sweep").wp(Wp::new("WP01")
        .owns(&[])
        .front_matter("work_package_id: WP01\nscope: codebase-wide\n"));
    let mut mission = builder.build(&repo);
    let lane = mission.open_lane("lane-a");
    mission.log.walk("WP01", &["planned", "claimed"]);
    mission.save();
    repo.kitty(["init"]).exits(0);
    lane.stage(&[("any/where.txt", "x\n")]);
    lane.git(["commit", "-q", "-m", "sweep"]).exits(0);
    lane.stage(&[(&format!("{}/spec.md", mission.dir()), "x\n")]);
    assert_eq!(codes(&lane.git(["commit", "-m", "specs"]).exits(1)), ["MISSION_FILE_PROTECTED"]);
}
