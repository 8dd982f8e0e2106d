//! Clones as CI makes them: all branches as remote-tracking refs only, a commit checked out.

use super::{found, json, judge, slip};
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::project;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::{Scene, TOPOLOGIES, codes};

const PAGE: &str = include_str!("../../../docs/ci.md");

/// What `actions/checkout` leaves: no branch, no `origin/HEAD`, HEAD at this commit.
fn ci(scene: &Scene, commit: &str) -> Checkout {
    let sandbox = scene.repo.sandbox();
    let path = sandbox.root().join("ci");
    let url = scene.repo.path().to_str().unwrap();
    let clone = Checkout::at(sandbox, &path);
    std::fs::create_dir(&path).unwrap();
    clone.must(["init", "-q", "-b", "unborn"]);
    clone.must(["remote", "add", "origin", url]);
    clone.must(["fetch", "-q", "origin"]);
    clone.must(["checkout", "-q", "--detach", commit]);
    assert_eq!(clone.ask(["for-each-ref", "refs/heads"]), "");
    clone
}

#[test]
fn missions_are_read_from_remote_tracking_refs() {
    for topology in TOPOLOGIES {
        let mut scene = Scene::new(topology);
        slip(&scene.lane, &[("src/b/two.rs", "2\n")], "own");
        let foreign = slip(&scene.lane, &[("src/a/one.rs", "1\n")], "foreign");
        scene.walk("WP02", &["in_progress", "for_review", "in_review", "approved"]);
        scene.walk("WP03", &["planned", "claimed"]);
        slip(
            &scene.lane,
            &[("docs/a.md", "a\n")],
            "of WP03, which was claimed after the lane was cut",
        );
        let lane = scene.mission.lane_branch("lane-b");
        let clone = ci(&scene, &format!("origin/{lane}"));
        let before = state(&clone);
        let expected = [format!("ACTIVE_WP_SCOPE_VIOLATION src/a/one.rs {foreign}")];
        for (range, more) in [
            ("origin/main..HEAD", vec!["--branch", &lane]),
            ("origin/main..HEAD", vec![]),
            ("origin/main..HEAD", vec!["--explain"]),
        ] {
            let document = json(&clone, range, &more);
            assert_eq!(found(&document), expected, "{topology:?}: {document:#}");
            assert_eq!(document["branch"], lane.as_str());
            assert_eq!(document["violations"][0]["owners"], serde_json::json!(["WP01"]));
        }
        let named = json(&clone, &format!("origin/main..origin/{lane}"), &[]);
        assert_eq!(found(&named), expected, "{topology:?}");
        assert_unchanged(&before, &state(&clone));
    }
}

#[test]
fn the_merge_that_github_makes_is_judged_too() {
    let scene = Scene::new(Topology::Coordination);
    scene.repo.commit_file("src/a/one.rs", "from main\n");
    slip(&scene.lane, &[("src/b/two.rs", "2\n")], "own");
    let lane = scene.mission.lane_branch("lane-b");
    let clone = ci(&scene, "origin/main");
    clone.must(["merge", "-q", "--no-ff", "-m", "Merge into main", &format!("origin/{lane}")]);
    let document = json(&clone, "HEAD^1..HEAD", &["--branch", &lane]);
    assert_eq!(document["verdict"], "allowed", "{document}");
    assert_eq!(document["range"]["judged"], 2);
}

#[test]
fn what_a_pull_request_says_of_the_mission_decides_nothing() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let meta = scene.mission.dir() + "/meta.json";
        scene
            .lane
            .unhooked(["checkout", "-q", &scene.mission.planning_branch(), "--", "kitty-specs"])
            .run()
            .exits(0);
        let taken: Vec<String> =
            scene.lane.ask(["ls-files", "--", "kitty-specs"]).lines().map(str::to_owned).collect();
        let task = taken.iter().find(|path| path.contains("tasks/WP02")).unwrap();
        let text = scene.lane.read(task).replace("src/b/**", "**");
        scene.lane.stage(&[
            (task, &text),
            ("new.txt", "n\n"),
            (".kittify/config.yaml", "policy:\n  commit_guard:\n    mode: off\n"),
        ]);
        let commit = slip(&scene.lane, &[], "widen");
        let lane = scene.mission.lane_branch("lane-b");
        let clone = ci(&scene, &commit);
        let found = found(&json(&clone, "origin/main..HEAD", &["--branch", &lane]));
        assert!(
            found.contains(&format!("ACTIVE_WP_SCOPE_VIOLATION new.txt {commit}")),
            "{topology:?} {found:?}"
        );
        assert!(
            found.contains(&format!("MISSION_FILE_PROTECTED {task} {commit}")),
            "{topology:?} {found:?} {meta}"
        );
    }
}

#[test]
fn the_policy_is_that_of_the_remote() {
    let scene = Scene::new(Topology::Coordination);
    project::set_up(&scene.repo, "protection:\n  protected_branches: [release]\n");
    scene.repo.unhooked(["switch", "-q", "-c", "release"]).run().exits(0);
    let commit = slip(&scene.repo, &[("x", "x\n")], "to release");
    scene.repo.must(["switch", "-q", "main"]);
    let clone = ci(&scene, &commit);
    let document = json(&clone, "origin/main..HEAD", &[]);
    assert_eq!(
        found(&document),
        [format!("PROTECTED_BRANCH_REFUSED - {commit}")],
        "as pushed or not"
    );
    clone.stage(&[(".kittify/config.yaml", "protection:\n  protected_branches: []\n")]);
    clone.unhooked(["commit", "-q", "-m", "unprotect"]).run().exits(0);
    let document = json(&clone, "origin/main..HEAD", &["--branch", "release"]);
    assert_eq!(document["violations"].as_array().unwrap().len(), 2, "HEAD's own decides nothing");
}

#[test]
fn a_lane_nobody_knows_is_refused_not_taken_for_free() {
    let scene = Scene::new(Topology::Coordination);
    let commit = slip(&scene.lane, &[("src/b/two.rs", "2\n")], "own");
    let clone = ci(&scene, &commit);
    clone.must(["update-ref", "-d", &format!("refs/remotes/origin/{}", scene.mission.branch())]);
    let lane = scene.mission.lane_branch("lane-b");
    let document = json(&clone, "origin/main..HEAD", &["--branch", &lane]);
    let own = format!("ACTIVE_WP_STATUS_UNAVAILABLE - {commit}");
    assert!(found(&document).contains(&own), "{document}");
}

#[test]
fn a_shallow_clone_is_refused_with_the_way_out() {
    let scene = Scene::new(Topology::Coordination);
    slip(&scene.lane, &[("src/b/two.rs", "2\n")], "own");
    let lane = scene.mission.lane_branch("lane-b");
    let sandbox = scene.repo.sandbox();
    let url = format!("file://{}", scene.repo.path().display());
    let clone = Checkout::at(sandbox, sandbox.root().join("shallow"));
    scene.repo.must([
        "clone",
        "-q",
        "--depth=1",
        "--no-single-branch",
        &url,
        clone.path().to_str().unwrap(),
    ]);
    let range = format!("origin/main..origin/{lane}");
    let output = judge(&clone, &range, &[]).exits(5);
    assert_eq!(codes(&output), ["SHALLOW_REPOSITORY"], "{output}");
    assert!(output.stderr.contains("\nhint: `git fetch --unshallow`; in CI"), "{output}");
    clone.must(["fetch", "-q", "--unshallow"]);
    assert_eq!(json(&clone, &range, &[])["verdict"], "allowed");
}

#[test]
fn the_files_of_the_page_judge_what_they_should() {
    let scene = Scene::new(Topology::Coordination);
    let foreign = slip(&scene.lane, &[("new.txt", "n\n")], "foreign");
    let lane = scene.mission.lane_branch("lane-b");
    let clone = ci(&scene, &foreign);
    let variables = [
        ("BASE", "main"),
        ("BRANCH", &lane),
        ("CI_DEFAULT_BRANCH", "main"),
        ("CI_COMMIT_BRANCH", &lane),
    ];
    let lines = PAGE.lines().filter_map(|line| line.trim().strip_prefix("run: git kitty"));
    let more = PAGE.lines().filter_map(|line| line.trim().strip_prefix("- git kitty"));
    let lines: Vec<&str> = lines.chain(more).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    for line in lines {
        let script = format!("git kitty{line}");
        let call = clone.program("sh").args(["-c", &script]);
        let call = variables.iter().fold(call, |call, (name, value)| call.env(name, value));
        let output = call.run().exits(1);
        let report = clone.path().join("guard.sarif");
        let said = format!("{output}{}", std::fs::read_to_string(report).unwrap_or_default());
        assert!(
            said.contains("ACTIVE_WP_SCOPE_VIOLATION") && said.contains(&foreign[..10]),
            "{said}"
        );
    }
}
