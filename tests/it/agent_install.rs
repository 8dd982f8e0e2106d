//! `git kitty install --agent`: tools are told to ask before they edit, and told no longer.

use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::sandbox::Sandbox;
use crate::scene::Scene;

const FILES: [(&str, &str); 3] = [
    ("claude", ".claude/settings.local.json"),
    ("codex", ".codex/hooks.json"),
    ("cursor", ".cursor/hooks.json"),
];

/// Settings with much that is not ours, laid out as nobody would.
const ODD: &str = "{\r\n\t\"z\" : 1.0,\r\n\t\"hooks\": { \"Stop\": [ ],\r\n\t\t\"PreToolUse\": [ {\"matcher\":\"Bash\"} ]},\r\n\t\"permissions\": {\"allow\": [ \"\\u00e9\" ]}\r\n}";

fn tell(at: &Checkout, tool: &str) -> Output {
    at.kitty(["install", "--agent", tool]).exits(0)
}

fn untell(at: &Checkout, tool: &str) -> Output {
    at.kitty(["install", "--uninstall", "--agent", tool]).exits(0)
}

/// What a tool would run before it writes a file.
fn command(at: &Checkout, tool: &str, file: &str) -> String {
    let text = at.read(file);
    let settings: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
    let event = if tool == "cursor" { "preToolUse" } else { "PreToolUse" };
    let item = settings["hooks"][event].as_array().unwrap().last().unwrap();
    let command = if tool == "cursor" { &item["command"] } else { &item["hooks"][0]["command"] };
    command.as_str().unwrap().to_owned()
}

/// A mission with two worktrees.
fn scene() -> Scene {
    Scene::new(Topology::Coordination)
}

/// What git sees of settings of tools.
fn status(at: &Checkout) -> String {
    let said = at.ask(["status", "--porcelain", "--untracked-files=all"]);
    let of_tools = |line: &&str| FILES.iter().any(|(_, file)| line.ends_with(file));
    said.lines().filter(of_tools).map(|line| format!("{line}\n")).collect()
}

#[test]
fn each_worktree_asks_before_an_edit_and_nothing_is_left_afterwards() {
    let scene = scene();
    let sandbox = scene.repo.sandbox();
    scene.lane.kitty(["guard", "--paths", "src/a/one.rs"]).exits(1);
    let before = sandbox.bytes("repo");
    for (tool, file) in FILES {
        tell(&scene.lane, tool);
        for at in [&scene.repo, &scene.lane] {
            let event = json!({
                "hook_event_name": "preToolUse", "tool_name": "Write", "cwd": at.path(),
                "tool_input": {"file_path": scene.lane.file("src/a/one.rs")},
            });
            let words = ["-c".to_owned(), command(at, tool, file)];
            let asked = at.program("sh").args(words).stdin(event.to_string()).still().run();
            assert!(asked.exits(2).stderr.contains("[ACTIVE_WP_SCOPE_VIOLATION]"));
            assert_eq!(status(at), "");
        }
        let told = sandbox.bytes_and_times("repo");
        let again = tell(&scene.repo, tool);
        assert!(!again.stdout.contains("wrote"), "{again}");
        assert!(told == sandbox.bytes_and_times("repo"), "{tool}: a second run wrote");
    }
    for (tool, _) in FILES {
        untell(&scene.repo, tool);
    }
    let after = sandbox.bytes("repo");
    let changed = after.iter().find(|(path, text)| before.get(*path) != Some(text));
    assert_eq!((changed, after.len()), (None, before.len()));
}

#[test]
fn settings_that_are_there_keep_every_byte_of_theirs() {
    let sandbox = Sandbox::with_repository();
    let repo = Checkout::at(&sandbox, sandbox.at("repo"));
    for (tool, file) in FILES {
        for text in [ODD, "{}", "{\n}\n", "\u{feff}{\"hooks\": {}}", "{\n    \"a\": {}\n}\n"] {
            repo.write(file, text);
            sandbox.chmod(&format!("repo/{file}"), 0o600);
            let before = sandbox.bytes("repo");
            tell(&repo, tool);
            let told = repo.read(file);
            assert!(command(&repo, tool, file).ends_with(tool) && told.len() > text.len() + 50);
            assert!(status(&repo).contains(file), "what is the user's is not hidden");
            untell(&repo, tool);
            let after = sandbox.bytes("repo");
            assert!(before == after, "{tool} {text:?}: {:?}", repo.read(file));
        }
        let edited =
            |text: &str| text.replace("\"z\" : 1.0", "\"z\": [\n2 ]").replace("Stop", "Go");
        repo.write(file, ODD);
        tell(&repo, tool);
        repo.write(file, edited(&repo.read(file)));
        untell(&repo, tool);
        assert_eq!(repo.read(file), edited(ODD), "{tool}: what changed since stays");
    }
}

#[test]
fn what_a_tool_laid_out_anew_goes_without_what_came_since() {
    let sandbox = Sandbox::with_repository();
    let repo = Checkout::at(&sandbox, sandbox.at("repo"));
    let (tool, file) = FILES[0];
    let laid_out = |change: fn(&mut Value)| {
        let mut value: Value = serde_json::from_str(&repo.read(file)).unwrap();
        change(&mut value);
        repo.write(file, serde_json::to_vec(&value).unwrap());
    };
    tell(&repo, tool);
    laid_out(|_| ());
    untell(&repo, tool);
    assert!(!repo.file(".claude").exists());
    tell(&repo, tool);
    laid_out(|value| value["permissions"] = json!({"allow": ["Bash(ls)"]}));
    untell(&repo, tool);
    assert_eq!(repo.read(file), "{\"permissions\":{\"allow\":[\"Bash(ls)\"]}}");
    tell(&repo, tool);
    laid_out(|value| {
        let list = value["hooks"]["PreToolUse"].as_array_mut().unwrap();
        list[0]["hooks"].as_array_mut().unwrap().push(json!({"command": "lint"}));
    });
    untell(&repo, tool);
    assert!(repo.read(file).contains("\"hooks\":[{\"command\":\"lint\"}]"), "{}", repo.read(file));
}

#[test]
fn settings_that_cannot_be_read_are_refused_and_nothing_changes() {
    let scene = scene();
    let sandbox = scene.repo.sandbox();
    for (text, code, exit) in [
        ("{ // mine\n}", "AGENT_SETTINGS_INVALID", 2),
        ("", "AGENT_SETTINGS_INVALID", 2),
        ("{\"hooks\": {\"PreToolUse\": {}}}", "KEY_NOT_EDITABLE", 1),
        ("{\"hooks\": 1}", "KEY_NOT_EDITABLE", 1),
    ] {
        scene.lane.write(FILES[0].1, text);
        let before = sandbox.bytes("repo");
        let output = scene.repo.kitty(["install", "--agent", "claude,codex"]).exits(exit);
        assert!(output.stderr.contains(&format!("[{code}]")), "{output}");
        assert!(before == sandbox.bytes("repo"), "{text}");
    }
    scene.lane.write(FILES[0].1, "{}");
    tell(&scene.repo, "claude");
    scene.lane.write(FILES[0].1, "{");
    let before = sandbox.bytes("repo");
    scene.repo.kitty(["install", "--uninstall"]).exits(2);
    assert!(before == sandbox.bytes("repo"));
}

#[test]
fn what_is_no_file_where_settings_belong_is_refused() {
    for in_the_way in [".claude", ".claude/settings.local.json/x"] {
        let sandbox = Sandbox::with_repository();
        let repo = Checkout::at(&sandbox, sandbox.at("repo"));
        repo.write(in_the_way, "");
        let before = sandbox.bytes("repo");
        let output = repo.kitty(["install", "--agent", "claude"]).exits(2);
        assert!(output.stderr.contains("[AGENT_SETTINGS_INVALID]"), "{output}");
        assert!(before == sandbox.bytes("repo"), "{in_the_way}");
    }
}

#[test]
fn a_lane_that_is_opened_later_asks_too_and_closes_as_ever() {
    let scene = scene();
    tell(&scene.repo, "claude");
    scene.repo.kitty(["lane", "open", "lane-a"]).exits(0);
    let lane = Checkout::at(
        scene.repo.sandbox(),
        scene.lane.path().with_file_name(
            scene.lane.path().file_name().unwrap().to_str().unwrap().replace("lane-b", "lane-a"),
        ),
    );
    assert_eq!(command(&lane, "claude", FILES[0].1), "git-kitty-guard --agent-hook claude");
    assert_eq!(status(&lane), "");
    scene.repo.kitty(["install", "--uninstall", "--agent", "claude"]).exits(0);
    assert!(!lane.file(".claude").exists());
}

#[test]
fn settings_under_version_control_change_only_where_one_stands() {
    let scene = scene();
    let (tool, file) = FILES[2];
    for at in [&scene.repo, &scene.lane] {
        at.commit_file(file, "{\"version\": 1, \"hooks\": {}}\n");
    }
    scene.lane.must(["sparse-checkout", "set", "--no-cone", "/src/"]);
    assert!(!scene.lane.file(file).exists());
    let output = tell(&scene.repo, tool);
    assert!(output.stderr.contains("[AGENT_SETTINGS_TRACKED]"), "{output}");
    assert!(!scene.lane.file(file).exists(), "nor is it made where a sparse checkout has it not");
    assert_eq!(
        (status(&scene.repo).as_str(), status(&scene.lane)),
        (format!(" M {file}\n").as_str(), String::new())
    );
    untell(&scene.repo, tool);
    assert_eq!(status(&scene.repo), "");
}

#[test]
fn a_file_behind_a_link_is_edited_once_and_stays_behind_it() {
    let scene = scene();
    let (tool, file) = FILES[0];
    scene.repo.write(file, "{}\n");
    std::fs::create_dir(scene.lane.file(".claude")).unwrap();
    symlink(scene.repo.file(file), scene.lane.file(file)).unwrap();
    tell(&scene.lane, tool);
    assert!(scene.lane.file(file).is_symlink());
    assert_eq!(scene.repo.read(file).matches("--agent-hook").count(), 1);
    untell(&scene.lane, tool);
    assert_eq!(
        (scene.repo.read(file).as_str(), scene.lane.file(file).is_symlink()),
        ("{}\n", true)
    );
}

#[test]
fn worktrees_that_share_a_directory_of_settings_have_them_once() {
    let scene = scene();
    std::fs::create_dir(scene.repo.file(".claude")).unwrap();
    symlink(scene.repo.file(".claude"), scene.lane.file(".claude")).unwrap();
    let output = tell(&scene.lane, "claude");
    assert_eq!(output.stdout.matches("wrote").count(), 1, "{output}");
    untell(&scene.repo, "claude");
    assert!(!scene.repo.file(FILES[0].1).exists() && scene.repo.file(".claude").exists());
}

#[test]
fn status_tells_and_uninstalling_everything_takes_it_back() {
    let scene = scene();
    let sandbox = scene.repo.sandbox();
    let rows = |output: &Output| -> Value {
        let document: Value = serde_json::from_str(&output.stdout).unwrap();
        document["agents"].clone()
    };
    let status = || scene.repo.kitty(["install", "--status", "--format", "json"]);
    assert_eq!(rows(&status()), json!([]));
    let told = scene.repo.kitty(["install", "--agent", "cursor", "--format", "json"]).exits(0);
    let row = |at: &Checkout, state: &str| json!({"agent": "cursor", "worktree": at.path(), "state": state, "path": at.file(FILES[2].1)});
    let expected = json!([row(&scene.repo, "installed"), row(&scene.lane, "installed")]);
    assert_eq!((rows(&told), rows(&status())), (expected.clone(), expected));
    std::fs::remove_file(scene.lane.file(FILES[2].1)).unwrap();
    scene.repo.write(FILES[2].1, "{");
    let expected = json!([row(&scene.repo, "damaged"), row(&scene.lane, "missing")]);
    assert_eq!(rows(&status()), expected);
    std::fs::remove_file(scene.repo.file(FILES[2].1)).unwrap();
    tell(&scene.repo, "cursor");
    scene.repo.kitty(["install", "--uninstall"]).exits(0);
    assert!(!scene.repo.file(".cursor").exists() && !scene.lane.file(".cursor").exists());
    assert!(!sandbox.at("repo/.git/kitty/agents.json").exists());
}

#[test]
fn it_says_where_nothing_is_guarded_and_what_goes_with_what() {
    let sandbox = Sandbox::with_repository();
    let repo = Checkout::at(&sandbox, sandbox.at("repo"));
    let before = sandbox.bytes("repo");
    assert!(tell(&repo, "codex").stderr.contains("[NOTHING_GUARDED]"));
    let exclude = sandbox.read("repo/.git/info/exclude");
    sandbox.write("repo/.git/info/exclude", &exclude.replace("/.codex/hooks.json\n", ""));
    std::fs::remove_file(repo.file(FILES[1].1)).unwrap();
    tell(&repo, "codex");
    assert_eq!(status(&repo), "", "what a killed run left undone is done");
    untell(&repo, "codex");
    assert!(before == sandbox.bytes("repo"), "also the directories of ours are gone");
    for other in [&["--status"] as &[_], &["--doors", "pre-commit"]] {
        let words = ["install", "--agent", "claude"].into_iter().chain(other.iter().copied());
        assert!(repo.kitty(words).exits(2).stderr.contains("[USAGE]"));
    }
    repo.kitty(["install", "--agent", "emacs"]).exits(2);
}
