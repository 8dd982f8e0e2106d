//! `git kitty guard --agent-hook`: an edit is refused before the file is written.

use std::path::Path;

use serde_json::{Value, json};

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::project::set_up;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::{Scene, TOPOLOGIES, last_resort};

const TOOLS: [&str; 3] = ["claude", "codex", "cursor"];

/// The answer to an event.
fn asked(at: &Checkout, tool: &str, event: &Value) -> Output {
    let call = at.call(["kitty", "guard", "--agent-hook", tool]);
    call.stdin(event.to_string()).still().run()
}

/// What a tool says before it writes a file.
fn write(tool: &str, path: &Path) -> Value {
    let path = path.to_str().unwrap();
    match tool {
        "claude" => json!({
            "session_id": "s", "cwd": "/", "permission_mode": "default", "hook_event_name": "PreToolUse",
            "tool_name": "Write", "tool_input": {"file_path": path, "content": "x"}, "tool_use_id": "t",
        }),
        "codex" => json!({
            "session_id": "s", "turn_id": "1", "cwd": "/", "hook_event_name": "PreToolUse", "model": "m",
            "tool_name": "apply_patch", "tool_use_id": "t",
            "tool_input": {"command": format!("*** Begin Patch\n*** Add File: {path}\n+x\n*** End Patch\n")},
        }),
        _ => json!({
            "conversation_id": "c", "generation_id": "g", "hook_event_name": "preToolUse", "cwd": "/",
            "workspace_roots": ["/"], "tool_name": "Write", "tool_input": {"file_path": path},
        }),
    }
}

/// The answer of Claude's hook to writing this file, from where `at` is.
fn written(at: &Checkout, path: impl AsRef<Path>) -> Output {
    asked(at, "claude", &write("claude", path.as_ref()))
}

/// That nothing was said against it, or for it.
#[track_caller]
fn passes(output: &Output) {
    assert_eq!(output.parts(), (0, "", ""), "{output}");
}

/// That it was refused with this code, in both ways.
#[track_caller]
fn refuses(output: &Output, code: &str) {
    assert_eq!(output.status, 2, "{output}");
    let said: Value = serde_json::from_str(&output.stdout).unwrap();
    let decision = &said["hookSpecificOutput"];
    assert_eq!(decision["permissionDecision"], "deny", "{output}");
    let reason = decision["permissionDecisionReason"].as_str().unwrap();
    assert_eq!(reason, output.stderr.trim_end());
    assert!(reason.contains(&format!("[{code}]")), "{output}");
}

#[test]
fn each_tool_is_refused_what_a_commit_would_be_and_left_alone_otherwise() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let before = state(&scene.repo);
        let branch = scene.mission.lane_branch("lane-b");
        let reason = format!(
            "error: 1 path is not owned by WP02, which is active on `{branch}` [ACTIVE_WP_SCOPE_VIOLATION]\n  \
             src/a/new.rs  (owned by WP01, lane-a, in_progress)\n  WP02 owns: src/b/**, *.md\n\
             hint: leave src/a/new.rs as it is; or add it to `owned_files` of WP02 where the mission is planned\n{}",
            last_resort(&branch).trim_end()
        );
        for tool in TOOLS {
            let output = asked(&scene.repo, tool, &write(tool, &scene.lane.file("src/a/new.rs")));
            let denial = match tool {
                "cursor" => {
                    json!({"permission": "deny", "user_message": reason, "agent_message": reason})
                }
                _ => json!({"hookSpecificOutput": {
                    "hookEventName": "PreToolUse",
                    "permissionDecision": "deny",
                    "permissionDecisionReason": reason,
                }}),
            };
            let said = (2, format!("{denial}\n"), format!("{reason}\n"));
            assert_eq!((output.status, output.stdout, output.stderr), said, "{tool} {topology:?}");
            let output = asked(&scene.repo, tool, &write(tool, &scene.lane.file("src/b/new/x.rs")));
            let word = if tool == "cursor" { "{}\n" } else { "" };
            assert_eq!(output.parts(), (0, word, ""), "{tool} {topology:?}");
        }
        assert_unchanged(&before, &state(&scene.repo));
    }
}

#[test]
fn the_worktree_that_holds_the_file_decides_wherever_one_stands() {
    let scene = Scene::new(Topology::Coordination);
    let lane_a = scene.mission.open_lane("lane-a");
    let places = [
        scene.repo.clone(),
        scene.repo.below(".git"),
        lane_a.clone(),
        scene.lane.below("src/a"),
        Checkout::at(scene.repo.sandbox(), "/"),
        lane_a.clone().env("GIT_DIR", lane_a.path().join(".git")).env("GIT_INDEX_FILE", "no"),
    ];
    for at in places {
        passes(&written(&at, lane_a.file("src/a/one.rs")));
        refuses(&written(&at, lane_a.file("src/b/two.rs")), "ACTIVE_WP_SCOPE_VIOLATION");
        refuses(&written(&at, scene.lane.file("src/a/one.rs")), "ACTIVE_WP_SCOPE_VIOLATION");
        refuses(&written(&at, scene.repo.file("src/a/one.rs")), "PROTECTED_BRANCH_REFUSED");
    }
    let mut event = write("codex", Path::new("src/a/one.rs"));
    event["cwd"] = json!(scene.lane.path());
    refuses(&asked(&lane_a, "codex", &event), "ACTIVE_WP_SCOPE_VIOLATION");
    event["cwd"] = json!(lane_a.path());
    passes(&asked(&scene.lane, "codex", &event));
}

#[test]
fn what_is_not_ours_to_judge_is_left_alone_silently() {
    let scene = Scene::new(Topology::Coordination);
    let sandbox = scene.repo.sandbox();
    let stranger = RepoBuilder::default().build(sandbox, "stranger");
    scene.lane.write(".gitignore", "*.log\nout/\n");
    let inner = scene.lane.below("vendor");
    inner.write("x", "");
    inner.must(["init", "-q"]);
    let lane = &scene.lane;
    for path in [
        sandbox.root().join("home/notes.txt"),
        "/nowhere/at/all.txt".into(),
        stranger.file("a.txt"),
        inner.file("a.txt"),
        stranger.file(".git/config"),
        lane.file("debug.log"),
        lane.file("out/deep/new.o"),
    ] {
        passes(&written(lane, path));
    }
    lane.stage(&[("kept.log", "tracked\n")]);
    refuses(&written(lane, lane.file("kept.log")), "ACTIVE_WP_SCOPE_VIOLATION");
}

#[test]
fn git_directories_are_not_edited() {
    let scene = Scene::new(Topology::Coordination);
    let (repo, lane) = (&scene.repo, &scene.lane);
    let inner = repo.below("vendor");
    inner.write("x", "");
    inner.must(["init", "-q"]);
    lane.symlink("src/b/config", repo.file(".git/config").to_str().unwrap());
    for path in [
        repo.file(".git/config"),
        repo.file(".git/hooks/new/x"),
        repo.file(".git/kitty/judged/x"),
        repo.file(".git/refs/remotes/origin/main"),
        repo.file(".git/worktrees/any/HEAD"),
        inner.file(".git/config"),
        lane.file(".git"),
        lane.file("src/b/config"),
    ] {
        refuses(&written(lane, path), "EDIT_IN_GIT_DIRECTORY");
    }
    passes(&written(lane, lane.file("src/b/.github/x")));
}

#[test]
fn links_do_not_lead_past_the_judge() {
    let scene = Scene::new(Topology::Primary);
    let lane = &scene.lane;
    let refused = |path: &str| {
        refuses(&written(&scene.repo, lane.file(path)), "ACTIVE_WP_SCOPE_VIOLATION");
    };
    lane.symlink("src/b/link", "../a/one.rs");
    lane.symlink("src/b/twice", "link");
    lane.symlink("src/b/dangling", "../a/new.rs");
    lane.symlink("src/b/dir", "../a");
    lane.symlink("src/b/lost", "../a/no/where");
    for path in ["link", "twice", "dangling", "dir/one.rs", "dir/new/x.rs", "lost/x.rs"] {
        refused(&format!("src/b/{path}"));
    }
    lane.symlink("src/b/out", scene.repo.path().to_str().unwrap());
    refuses(&written(lane, lane.file("src/b/out/src/b/two.rs")), "PROTECTED_BRANCH_REFUSED");
    lane.symlink("src/a/link", "../b/two.rs");
    refused("src/a/link");
    refused("src/b/dir/../new.rs");
    refused("src/b/no/../../a/one.rs");
    passes(&written(lane, lane.file("src/a/../b/./two.rs")));
    let elsewhere = scene.repo.sandbox().root().join("home/way-in");
    std::os::unix::fs::symlink(lane.file("src"), &elsewhere).unwrap();
    refuses(&written(lane, elsewhere.join("a/one.rs")), "ACTIVE_WP_SCOPE_VIOLATION");
    passes(&written(lane, elsewhere.join("b/two.rs")));
    lane.symlink("src/b/round", "round");
    assert_eq!(written(lane, lane.file("src/b/round")).status, 2);
}

#[test]
fn all_files_of_an_event_are_judged_each_where_it_is() {
    let scene = Scene::new(Topology::Coordination);
    let lane = scene.lane.path().display();
    let patch = |lines: &str| {
        let text = format!("*** Begin Patch\n{lines}*** End Patch\n");
        let mut event = write("codex", Path::new("x"));
        event["tool_input"]["command"] = json!(text);
        event["cwd"] = json!(scene.lane.path());
        asked(&scene.repo, "codex", &event)
    };
    passes(&patch("*** Update File: src/b/two.rs\n@@\n-two\n+*** Delete File: src/a/one.rs\n"));
    let moved = patch("*** Update File: src/b/two.rs\n*** Move to: src/a/two.rs\n@@\n-two\n+2\n");
    refuses(&moved, "ACTIVE_WP_SCOPE_VIOLATION");
    let both = patch(&format!(
        "*** Delete File: {lane}/src/a/one.rs\n*** Add File: {}\n+x\n",
        scene.repo.file("new.txt").display()
    ));
    refuses(&both, "ACTIVE_WP_SCOPE_VIOLATION");
    refuses(&both, "PROTECTED_BRANCH_REFUSED");
    for (tool, input) in [
        ("MultiEdit", json!({"edits": [{"file_path": "src/b/x.rs"}, {"file_path": "src/a/x.rs"}]})),
        (
            "NotebookEdit",
            json!({"notebook_path": scene.lane.file("src/a/x.ipynb"), "new_source": ""}),
        ),
    ] {
        let event = json!({"tool_name": tool, "tool_input": input, "cwd": scene.lane.path()});
        refuses(&asked(&scene.repo, "claude", &event), "ACTIVE_WP_SCOPE_VIOLATION");
    }
}

#[test]
fn mission_files_and_logs_are_closed_to_edits_on_lanes() {
    let scene = Scene::new(Topology::Coordination);
    let specs = scene.mission.dir();
    let log = format!("{specs}/status.events.jsonl");
    refuses(&written(&scene.repo, scene.lane.file(&log)), "STATUS_FILE_PROTECTED");
    let coordination = scene.mission.open_coordination();
    let at = &scene.repo;
    passes(&written(at, coordination.file(format!("{specs}/spec.md"))));
    refuses(&written(at, coordination.file(&log)), "LOG_NOT_APPEND_ONLY");
    refuses(&written(at, coordination.file("src/a/one.rs")), "COORDINATION_PATH_REFUSED");
}

#[test]
fn other_events_pass_and_an_edit_that_cannot_be_understood_does_not() {
    let scene = Scene::new(Topology::Primary);
    let path = scene.lane.file("src/a/one.rs");
    for (name, tool) in [("PostToolUse", "Write"), ("PreToolUse", "Bash"), ("Stop", "Write")] {
        let mut event = write("claude", &path);
        event["hook_event_name"] = json!(name);
        event["tool_name"] = json!(tool);
        passes(&asked(&scene.lane, "claude", &event));
    }
    let stranger = RepoBuilder::default().build(scene.repo.sandbox(), "stranger");
    for event in ["", "{\"tool_name\": \"Write", "{\"tool_name\": \"Write\", \"tool_input\": {}}"] {
        let ask = |at: &Checkout| {
            at.call(["kitty", "guard", "--agent-hook", "claude"]).stdin(event).still().run()
        };
        let output = ask(&scene.lane);
        assert_eq!(output.status, 2, "{output}");
        assert!(
            output.stderr.starts_with("error: the edit cannot be judged: the event "),
            "{output}"
        );
        assert!(
            output.stderr.contains("`git kitty install --uninstall --agent claude`"),
            "{output}"
        );
        passes(&ask(&stranger));
    }
}

#[test]
fn what_cannot_be_judged_is_refused_and_mending_the_policy_is_not() {
    let scene = Scene::new(Topology::Primary);
    set_up(&scene.repo, "policy: [\n");
    scene.repo.must(["switch", "-q", "-c", "mend"]);
    refuses(&written(&scene.lane, scene.repo.file("new.txt")), "POLICY_CONFIG_INVALID");
    passes(&written(&scene.lane, scene.repo.file(".kittify/config.yaml")));
}

#[test]
fn plans_may_be_written_where_they_are_finalized_from() {
    let scene = Scene::new(Topology::Coordination);
    let dir = scene.mission.dir();
    let [plan, log] = ["tasks/WP01-new.md", "status.events.jsonl"].map(|f| format!("{dir}/{f}"));
    passes(&written(&scene.lane, scene.repo.file(&plan)));
    refuses(&written(&scene.lane, scene.repo.file(&log)), "PROTECTED_BRANCH_REFUSED");
    refuses(&written(&scene.repo, scene.lane.file(&plan)), "MISSION_FILE_PROTECTED");
    scene.repo.must(["branch", "master", "main"]);
    let linked = scene.repo.worktree("../linked", "master");
    refuses(&written(&scene.repo, linked.file(&plan)), "PROTECTED_BRANCH_REFUSED");
    let mut both = write("codex", &scene.repo.file(&plan));
    let other = scene.repo.file("src/x.rs").display().to_string();
    let patch = both["tool_input"]["command"].as_str().unwrap();
    let patch = patch.replace("*** End", &format!("*** Add File: {other}\n+x\n*** End"));
    both["tool_input"]["command"] = json!(patch);
    let output = asked(&scene.repo, "codex", &both);
    refuses(&output, "PROTECTED_BRANCH_REFUSED");
    assert!(!output.stderr.contains("WP01-new"), "{output}");
}

#[test]
fn it_answers_about_nothing_else() {
    let scene = Scene::new(Topology::Coordination);
    for other in [&["--staged"][..], &["--range", "main..HEAD"], &["--branch", "main"]] {
        let words = ["guard", "--agent-hook", "claude"].iter().chain(other);
        let said = scene.repo.kitty(words).exits(2);
        assert!(said.stderr.contains("cannot be used with"), "{said}");
    }
}

#[test]
fn the_first_policy_may_be_written_where_its_first_commit_may() {
    let scene = Scene::new(Topology::Coordination);
    passes(&written(&scene.repo, scene.repo.file(".kittify/config.yaml")));
    set_up(&scene.repo, "");
    let output = written(&scene.repo, scene.repo.file(".kittify/config.yaml"));
    refuses(&output, "PROTECTED_BRANCH_REFUSED");
}

#[test]
fn mode_warn_says_the_same_and_lets_pass() {
    let scene = Scene::new(Topology::Coordination);
    set_up(&scene.repo, "policy:\n  commit_guard:\n    mode: warn\n");
    for (tool, word) in [("claude", ""), ("cursor", "{}\n")] {
        let output = asked(&scene.repo, tool, &write(tool, &scene.lane.file("src/a/one.rs")));
        assert_eq!((output.status, output.stdout.as_str()), (0, word), "{output}");
        assert!(output.stderr.starts_with("warning: 1 path is not owned by WP02"), "{output}");
    }
}

#[test]
fn an_edit_that_passes_starts_no_process() {
    let scene = Scene::new(Topology::Coordination);
    let event = write("claude", &scene.lane.file("src/b/two.rs")).to_string();
    let call = scene.repo.program("git-kitty-guard").args(["--agent-hook", "claude"]);
    passes(&call.env("PATH", "/nowhere").stdin(event).still().run());
}

#[test]
fn a_tool_in_a_directory_that_is_gone_is_answered() {
    let scene = Scene::new(Topology::Coordination);
    let event = write("claude", &scene.lane.file("src/a/one.rs")).to_string();
    let script =
        "mkdir gone && cd gone && rmdir ../gone && exec git-kitty-guard --agent-hook claude";
    let call = scene.repo.program("sh").args(["-c", script]).stdin(event);
    refuses(&call.still().run(), "ACTIVE_WP_SCOPE_VIOLATION");
}

#[test]
fn it_goes_with_no_other_way_to_say_what_is_judged() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    for other in [&["--staged"] as &[_], &["--paths", "a"], &["--branch", "b"], &["--explain"]] {
        let words = ["guard", "--agent-hook", "claude"].into_iter().chain(other.iter().copied());
        let output = repo.kitty(words).exits(2);
        assert!(output.stderr.contains("[USAGE]"), "{output}");
    }
    let output = repo.kitty(["guard", "--agent-hook", "vi"]).exits(2);
    assert!(output.stderr.contains("`vi` is not one of claude, codex, cursor"), "{output}");
}
