//! The ends of a range, and the branch that it is for.

use super::{found, json, judge, slip};
use crate::kit::library;
use crate::kit::mission::Topology;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::scene::{Scene, codes};

#[test]
fn three_dots_ask_for_a_common_commit() {
    let scene = Scene::new(Topology::Coordination);
    let foreign = slip(&scene.lane, &[("new.txt", "n\n")], "foreign");
    scene.repo.commit_file("README.md", "on\n");
    let expected = [format!("ACTIVE_WP_SCOPE_VIOLATION new.txt {foreign}")];
    assert_eq!(found(&json(&scene.lane, "main...HEAD", &[])), expected);
    scene.repo.must(["switch", "-q", "--orphan", "island"]);
    slip(&scene.repo, &[("x", "x\n")], "island");
    let branch = scene.mission.lane_branch("lane-b");
    let output = judge(&scene.repo, &format!("island...{branch}"), &[]).exits(2);
    assert_eq!(
        output.stderr,
        format!(
            "error: `island` and `{branch}` have no commit in common [RANGE_UNRELATED]\n\
             hint: `island..{branch}` judges every commit that `{branch}` has\n"
        )
    );
    let document = json(&scene.repo, &format!("island..{branch}"), &[]);
    assert_eq!(found(&document), expected, "what the lane was cut from was judged there");
}

#[test]
fn an_empty_range_has_nothing_to_refuse() {
    let scene = Scene::new(Topology::Coordination);
    let output = judge(&scene.lane, "HEAD..HEAD", &[]).exits(0);
    assert!(output.stdout.starts_with("0 commits judged for `kitty/mission-"), "{output}");
    let output = judge(&scene.lane, "HEAD..HEAD", &["--format", "github"]).exits(0);
    assert_eq!(output.stdout, "");
    let document = json(&scene.lane, "HEAD..HEAD", &["--explain"]);
    assert_eq!(document["decisions"], serde_json::json!([]));
    assert_eq!(document["range"]["judged"], 0);
}

#[test]
fn the_zero_id_stands_for_a_branch_that_was_not_there() {
    let scene = Scene::new(Topology::Coordination);
    let foreign = slip(&scene.lane, &[("new.txt", "n\n")], "foreign");
    let document = json(&scene.lane, &format!("{}..HEAD", "0".repeat(40)), &[]);
    assert_eq!(found(&document), [format!("ACTIVE_WP_SCOPE_VIOLATION new.txt {foreign}")]);
    assert!(document["range"]["from"].is_null());
}

#[test]
fn what_is_no_commit_is_said() {
    let repo = library::with_files();
    for (range, name) in [
        ("nowhere..HEAD", "nowhere"),
        ("HEAD..origin/gone", "origin/gone"),
        ("HEAD..HEAD:b.txt", "HEAD:b.txt"),
        ("--all..HEAD", "--all"),
    ] {
        let output =
            repo.kitty([&format!("--range={range}")].map(|r| ["guard", r]).concat()).exits(2);
        let said =
            format!("error: `{name}` is no commit here [RANGE_COMMIT_MISSING]\nhint: fetch it");
        assert!(output.stderr.starts_with(&said), "{output}");
    }
    for range in ["HEAD", "..", "a..b..c"] {
        let output = judge(&repo, range, &[]).exits(2);
        assert_eq!(codes(&output), ["USAGE"], "{output}");
    }
    for more in [&["--staged"][..], &["--paths", "x"], &["--agent-hook", "claude"]] {
        assert_eq!(codes(&judge(&repo, "HEAD..HEAD", more).exits(2)), ["USAGE"]);
    }
}

#[test]
fn the_branch_is_the_one_that_the_end_names_or_is() {
    let scene = Scene::new(Topology::Coordination);
    slip(&scene.lane, &[("src/b/two.rs", "2\n")], "own");
    let (lane, tip) = (scene.mission.lane_branch("lane-b"), scene.lane.id("HEAD"));
    let branch = |range: &str| json(&scene.repo, range, &[])["branch"].clone();
    assert_eq!(branch(&format!("main..{lane}")), lane.as_str(), "by its name");
    assert_eq!(branch(&format!("main..refs/heads/{lane}")), lane.as_str());
    assert_eq!(branch(&format!("main..{tip}")), lane.as_str(), "by its tip");
    assert_eq!(branch(&format!("main..{tip}~")), "main", "nobody's tip: HEAD's branch");
    assert_eq!(branch("main..HEAD"), "main", "HEAD's");
    scene.repo.must(["branch", "another", &tip]);
    assert_eq!(branch("main..another"), "another");
    let output = judge(&scene.repo, &format!("main..{tip}"), &[]).exits(2);
    assert_eq!(
        output.stderr,
        format!(
            "error: several branches end with {tip}: `another`, `{lane}` [RANGE_BRANCH_UNKNOWN]\n\
             hint: name it with `--branch B`\n"
        )
    );
    scene.repo.must(["checkout", "-q", "--detach", "HEAD~1"]);
    let output = judge(&scene.repo, "main..HEAD", &[]).exits(2);
    assert_eq!(codes(&output), ["RANGE_BRANCH_UNKNOWN"], "{output}");
}

#[test]
fn a_bare_repository_is_judged_as_well() {
    for topology in [Topology::Primary, Topology::Coordination, Topology::Split] {
        let scene = Scene::new(topology);
        let foreign = slip(&scene.lane, &[("new.txt", "n\n")], "foreign");
        let sandbox = scene.repo.sandbox();
        let bare = RepoBuilder::default().bare().files(0).build(sandbox, "bare.git");
        let url = scene.repo.path().to_str().unwrap();
        bare.unhooked(["fetch", "-q", url, "+refs/heads/*:refs/heads/*"]).run().exits(0);
        let branch = scene.mission.lane_branch("lane-b");
        let document = json(&bare, &format!("main..{branch}"), &[]);
        let expected = [format!("ACTIVE_WP_SCOPE_VIOLATION new.txt {foreign}")];
        assert_eq!(found(&document), expected, "{topology:?}");
    }
}

#[test]
fn a_thousand_commits_take_a_handful_of_processes() {
    let scene = Scene::new(Topology::Coordination);
    let branch = scene.mission.lane_branch("lane-b");
    let mut stream = String::new();
    for number in 0..1000 {
        let from =
            if number == 0 { format!("from {}\n", scene.lane.id("HEAD")) } else { String::new() };
        let path = if number == 500 { "src/a/one.rs" } else { "src/b/two.rs" };
        stream += &format!(
            "commit refs/heads/{branch}\ncommitter C <c@example.com> {} +0000\ndata 1\nx\n{from}M 100644 \
             inline {path}\ndata <<END\n{number}\nEND\n\n",
            1_800_000_000 + number
        );
    }
    let import = scene.repo.unhooked(["fast-import", "--quiet"]);
    import.stdin(stream).run().exits(0);
    let trace = scene.repo.sandbox().root().join("trace");
    let range = format!("main..{branch}");
    let call = scene.repo.call(["kitty", "guard", "--range", &range, "--format", "json"]);
    let output = call.env("GIT_TRACE", &trace).run().exits(1);
    let document: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(document["range"]["judged"], 1000);
    assert_eq!(found(&document).len(), 1);
    let trace = std::fs::read_to_string(trace).unwrap();
    let processes = trace.lines().filter(|line| line.contains("built-in: git")).count();
    assert!((1..10).contains(&processes), "{processes}:\n{trace}");
}

#[test]
fn outside_of_a_repository_there_is_nothing_to_judge() {
    let sandbox = Sandbox::new();
    let output =
        sandbox.call("git", sandbox.root()).args(["kitty", "guard", "--range", "a..b"]).run();
    assert_eq!(codes(&output.exits(5)), ["NOT_A_GIT_REPOSITORY"]);
}
