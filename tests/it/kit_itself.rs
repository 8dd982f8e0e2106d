//! The kit is tested like what it tests: what it promises about isolation, layout and states.

use crate::kit::checkout::Checkout;
use crate::kit::json;
use crate::kit::log::{Log, time, ulid};
use crate::kit::mission::{MissionBuilder, Topology};
use crate::kit::project;
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, diff, state};
use crate::kit::wp::Wp;

/// A mission of two packages, in both topologies.
fn mission(topology: Topology) -> MissionBuilder {
    MissionBuilder::new("checkout")
        .topology(topology)
        .wp(Wp::new("WP01").owns(&["src/a/**"]))
        .wp(Wp::new("WP02").owns(&["src/b/**"]).needs(&["WP01"]))
}

#[test]
fn the_same_calls_make_the_same_ids() {
    let make = || {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().files(3).build(&sandbox, "repo");
        repo.commit_file("a.txt", "a\n");
        repo.worktree(".worktrees/w", "side").commit_file("b.txt", "b\n");
        (sandbox, repo)
    };
    let ((_one, first), (_other, second)) = (make(), make());
    assert_eq!(first.id("side"), second.id("side"));
    assert_eq!(state(&first).to_string(), state(&second).to_string());
}

#[test]
fn output_is_one_text_without_the_sandbox_in_it() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    let text = repo.git(["rev-parse", "--show-toplevel"]).to_string();
    assert_eq!(text, "$ git rev-parse --show-toplevel\n[TMP]/repo\n[exit 0]\n");
    let text = sandbox
        .call("sh", repo.path())
        .args(["-c", "cat; printf no >&2; exit 3"])
        .stdin("a\n\nb")
        .run()
        .to_string();
    let command = "$ sh -c 'cat; printf no >&2; exit 3'";
    assert_eq!(text, format!("{command}\na\n\nb\n[no line end]\n! no\n[no line end]\n[exit 3]\n"));
}

#[test]
fn nothing_of_the_machine_gets_in() {
    let sandbox = Sandbox::new();
    let names = sandbox.call("env", sandbox.root()).run().success();
    let mut names: Vec<&str> = names.lines().filter_map(|l| Some(l.split_once('=')?.0)).collect();
    names.sort_unstable();
    let expected = "GIT_AUTHOR_DATE GIT_AUTHOR_EMAIL GIT_AUTHOR_NAME GIT_CEILING_DIRECTORIES \
        GIT_COMMITTER_DATE GIT_COMMITTER_EMAIL GIT_COMMITTER_NAME GIT_CONFIG_GLOBAL \
        GIT_CONFIG_NOSYSTEM GIT_TERMINAL_PROMPT HOME LC_ALL PATH TERM TMPDIR TZ";
    assert_eq!(names.join(" "), expected);
    let config = sandbox.program(".", "git").args(["config", "--list"]).run();
    assert_eq!(config.to_string(), "$ git config --list\n[exit 0]\n");
}

#[test]
fn the_built_commands_are_found() {
    let sandbox = Sandbox::new();
    sandbox.git(".", ["kitty", "--version"]);
}

#[test]
fn every_kind_of_repository_can_be_made() {
    let sandbox = Sandbox::new();
    let has_reftable = sandbox.has_reftable();
    for objects in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        for refs in [RefFormat::Files, RefFormat::Reftable] {
            if refs == RefFormat::Reftable && !has_reftable {
                continue;
            }
            let name = format!("{objects:?}-{refs:?}");
            let builder = RepoBuilder::default().objects(objects).refs(refs);
            check_kind(&builder.build(&sandbox, &name), objects, refs);
            let bare = builder.bare().build(&sandbox, &format!("{name}.git"));
            assert_eq!(bare.ask(["rev-parse", "--is-bare-repository"]), "true");
            state(&bare);
        }
    }
}

fn check_kind(repo: &Checkout, objects: ObjectFormat, refs: RefFormat) {
    let length = match objects {
        ObjectFormat::Sha1 => 40,
        ObjectFormat::Sha256 => 64,
    };
    assert_eq!(repo.id("main").len(), length);
    assert_eq!(repo.path().join(".git/reftable").exists(), refs == RefFormat::Reftable);
    assert_eq!(repo.ask(["status", "--porcelain"]), "");
    let mission = mission(Topology::Coordination).build(repo);
    let lane = mission.open_lane("lane-a");
    assert_eq!(lane.id("HEAD"), repo.id(&mission.branch()));
    assert_unchanged(&state(repo), &state(&lane));
}

#[test]
fn every_change_shows_in_the_state() {
    let changes: &[(&str, &[&str])] = &[
        ("a ref", &["git", "branch", "new"]),
        ("a worktree's HEAD", &["git", "-C", ".worktrees/w", "switch", "-q", "--detach"]),
        ("a reflog", &["git", "reflog", "expire", "--expire=all", "--all"]),
        ("an index", &["git", "-C", ".worktrees/w", "rm", "-q", "--cached", "src/0000/file_0.txt"]),
        ("a flag in the index", &["git", "update-index", "--skip-worktree", "src/0000/file_0.txt"]),
        ("a file", &["sh", "-c", "echo x >> src/0000/file_0.txt"]),
        ("a mode", &["chmod", "+x", "src/0000/file_0.txt"]),
        ("a link", &["ln", "-s", "nowhere", "link"]),
        ("the config", &["git", "config", "kitty.x", "y"]),
        ("a worktree's config", &["sh", "-c", "echo >> .git/worktrees/w/config.worktree"]),
        ("a hook", &["sh", "-c", "echo > .git/hooks/pre-commit"]),
        ("attributes", &["sh", "-c", "echo > .git/info/attributes"]),
        ("a lock", &["sh", "-c", "echo > .git/refs/heads/main.lock"]),
        ("a worktree", &["git", "worktree", "add", "-q", ".worktrees/v"]),
    ];
    for (what, words) in changes {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().files(2).build(&sandbox, "repo");
        repo.worktree(".worktrees/w", "side");
        let before = state(&repo);
        assert_unchanged(&before, &state(&repo));
        sandbox.call(words[0], repo.path()).args(&words[1..]).run().exits(0);
        assert_ne!(diff(&before, &state(&repo)), "", "{what}");
    }
}

#[test]
fn what_is_no_change_does_not_show_in_the_state() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().files(2).build(&sandbox, "repo");
    let tree = repo.worktree(".worktrees/w", "side");
    let before = state(&repo);
    repo.git(["pack-refs", "--all"]).exits(0);
    repo.call(["hash-object", "-w", "--stdin"]).stdin("unreachable").run().exits(0);
    sandbox.call("touch", repo.path()).args(["src/0000/file_0.txt"]).run().exits(0);
    repo.git(["status"]).exits(0);
    assert_unchanged(&before, &state(&tree));
}

#[test]
fn a_log_has_the_layout_of_the_reference() {
    let mut log = Log::new("m-01KE6V6S", None);
    log.event("WP01", "planned", "claimed")
        .actor("zoë\u{7f}")
        .force("be\"cause")
        .metadata("pid", 7);
    let id = ulid(1_000_001);
    let expected = format!(
        "{{\"actor\": \"zo\\u00eb\\u007f\", \"at\": \"2026-01-05T09:00:01.000001+00:00\", \
         \"event_id\": \"{id}\", \"evidence\": null, \"execution_mode\": \"worktree\", \
         \"force\": true, \"from_lane\": \"planned\", \"mission_id\": null, \
         \"mission_slug\": \"m-01KE6V6S\", \"policy_metadata\": {{\"pid\": 7}}, \
         \"reason\": \"be\\\"cause\", \"review_ref\": null, \"to_lane\": \"claimed\", \"wp_id\": \"WP01\"}}\n"
    );
    assert_eq!(log.text(), expected);
    assert_eq!(json::line(&serde_json::json!(["😀", {}, []])), "[\"\\ud83d\\ude00\", {}, []]");
}

#[test]
fn times_and_ids_only_grow() {
    let steps: Vec<u64> = (0..200_000).step_by(997).collect();
    assert!(steps.windows(2).all(|s| time(s[0]) < time(s[1]) && ulid(s[0]) < ulid(s[1])));
    assert_eq!(time(54_000 - 1), "2026-01-05T23:59:59.053999+00:00");
    assert_eq!(time(54_000), "2026-01-06T00:00:00.054000+00:00");
}

#[test]
fn a_mission_is_where_its_topology_says() {
    let plan = "lanes.json meta.json spec.md tasks/WP01-part-wp01.md tasks/WP02-part-wp02.md";
    let status = "status.events.jsonl status.json tasks/WP01-part-wp01/review-cycle-1.md";
    let all = "lanes.json meta.json spec.md status.events.jsonl status.json \
        tasks/WP01-part-wp01.md tasks/WP01-part-wp01/review-cycle-1.md tasks/WP02-part-wp02.md";
    let split = plan.replace("spec.md", "spec.md status.events.jsonl");
    for (topology, on_target, on_mission) in [
        (Topology::Primary, all, None),
        (Topology::Coordination, "", Some(all)),
        (Topology::Split, split.as_str(), Some(status)),
    ] {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().build(&sandbox, "repo");
        let mut mission = mission(topology).build(&repo);
        mission.log.walk("WP01", &["planned", "claimed", "in_progress"]);
        mission.save();
        mission.review_cycle("WP01", 1, Some("rejected"));
        let below = |branch: &str| {
            let prefix = format!("{}/", mission.dir());
            let names = repo.ask(["ls-tree", "-r", "--name-only", branch, "kitty-specs"]);
            names.replace(&prefix, "").replace('\n', " ")
        };
        assert_eq!(below("main"), on_target, "{topology:?}");
        let tip = repo.tip(&mission.branch());
        assert_eq!(tip.map(|tip| below(&tip)).as_deref(), on_mission, "{topology:?}");
        assert_eq!(repo.ask(["status", "--porcelain"]), "", "{topology:?}");
    }
}

#[test]
fn the_coordination_worktree_follows_its_branch() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    let mut mission = mission(Topology::Split).build(&repo);
    let view = mission.open_coordination();
    mission.log.walk("WP02", &["planned", "claimed"]);
    assert_eq!(mission.save(), view.id("HEAD"));
    assert_eq!(view.ask(["status", "--porcelain"]), "");
    assert_eq!(view.read(&format!("{}/status.events.jsonl", mission.dir())), mission.log.text());
}

#[test]
fn only_lanes_of_a_coordinated_mission_leave_the_status_files_out() {
    for (topology, has_them) in
        [(Topology::Primary, true), (Topology::Coordination, false), (Topology::Split, false)]
    {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().build(&sandbox, "repo");
        project::set_up(&repo, "");
        let mission = mission(topology).build(&repo);
        let lane = mission.open_lane("lane-b");
        let shown = lane.path().join(mission.dir());
        let has_status =
            shown.join("status.json").exists() && shown.join("status.events.jsonl").exists();
        assert_eq!(has_status, has_them, "{topology:?}");
        let sparse = lane.call(["config", "core.sparseCheckout"]).still().run().stdout;
        assert_eq!(sparse, if has_them { "" } else { "true\n" }, "{topology:?}");
        mission.merge_state(&["WP01"]);
        assert_eq!(lane.ask(["status", "--porcelain"]), "");
        assert_eq!(repo.ask(["status", "--porcelain"]), "");
        assert_eq!(lane.ask(["branch", "--show-current"]), mission.lane_branch("lane-b"));
    }
}

#[test]
fn lanes_follow_dependencies() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    let mission = mission(Topology::Coordination).build(&repo);
    let text =
        repo.ask(["show", &format!("{}:{}/lanes.json", mission.planning_branch(), mission.dir())]);
    let keys: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("  \"")?.split_once('"').map(|(key, _)| key))
        .collect();
    assert_eq!(
        keys.join(" "),
        "version mission_slug mission_id mission_branch target_branch lanes computed_at \
         computed_from planning_artifact_wps planning_commit_sha"
    );
    let lanes: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(lanes["lanes"][1]["depends_on_lanes"], serde_json::json!(["lane-a"]));
    assert_eq!(lanes["lanes"][1]["parallel_group"], 1);
}
