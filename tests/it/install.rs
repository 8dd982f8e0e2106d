//! Installing hooks as files, and taking them away without a trace.

use std::os::unix::fs::symlink;

use crate::kit::disk::built;
use crate::kit::library::is_thorough;
use crate::kit::sandbox::Sandbox;

const NONE: [&str; 0] = [];
const HOOK: &str = "git-kitty-install";

/// What a test case puts into a repository before.
type Arrange = fn(&Sandbox);

const CASES: &[(&str, Arrange)] = &[
    ("plain", |_| {}),
    ("sh hook", |s| s.hook("repo/.git/hooks/pre-commit", "#!/bin/sh\nexit 0\n")),
    ("bash hook, odd mode", |s| {
        s.hook("repo/.git/hooks/pre-commit", "#!/bin/bash\nexit 0\n");
        s.chmod("repo/.git/hooks/pre-commit", 0o711);
    }),
    ("hook that cannot run", |s| s.write("repo/.git/hooks/pre-commit", "#!/bin/sh\nexit 1\n")),
    ("symlink", |s| {
        s.hook("repo/.git/real", "#!/bin/sh\nexit 0\n");
        symlink("../real", s.at("repo/.git/hooks/pre-commit")).unwrap();
    }),
    ("symlink to another hook", |s| {
        s.hook("repo/.git/hooks/pre-commit", "#!/bin/sh\nexit 0\n");
        symlink("pre-commit", s.at("repo/.git/hooks/pre-merge-commit")).unwrap();
    }),
    ("dangling symlink", |s| {
        symlink("nowhere", s.at("repo/.git/hooks/pre-commit")).unwrap();
    }),
    ("absolute hooks path that is not there", |s| {
        let path = s.at("elsewhere/deep/hooks").display().to_string();
        s.git("repo", ["config", "core.hooksPath", &path]);
    }),
    ("relative hooks path with spaces", |s| {
        s.git("repo", ["config", "core.hooksPath", "my hooks/of it"]);
        s.hook("repo/my hooks/of it/pre-commit", "#!/bin/sh\nexit 0\n");
    }),
    ("hooks path in the home", |s| {
        s.git("repo", ["config", "core.hooksPath", "~/hooks"]);
    }),
    ("hooks path with pattern characters", |s| {
        s.git("repo", ["config", "core.hooksPath", "h[1]*\\?"]);
    }),
    ("hooks path of one worktree", |s| {
        s.git("repo", ["worktree", "add", "-q", "../linked"]);
        s.git("repo", ["config", "extensions.worktreeConfig", "true"]);
        s.git("linked", ["config", "--worktree", "core.hooksPath", ".own"]);
    }),
    ("linked worktrees with a relative hooks path", |s| {
        s.git("repo", ["config", "core.hooksPath", ".hooks"]);
        s.git("repo", ["worktree", "add", "-q", "../linked"]);
        s.git("repo", ["worktree", "add", "-q", ".worktrees/inner"]);
    }),
    ("hooks directory is a symlink", |s| {
        std::fs::rename(s.at("repo/.git/hooks"), s.at("shared")).unwrap();
        symlink(s.at("shared"), s.at("repo/.git/hooks")).unwrap();
        s.hook("shared/pre-commit", "#!/bin/sh\nexit 0\n");
    }),
    ("no info and no hooks directory", |s| {
        std::fs::remove_dir_all(s.at("repo/.git/info")).unwrap();
        std::fs::remove_dir_all(s.at("repo/.git/hooks")).unwrap();
        s.git("repo", ["config", "core.hooksPath", "hooks"]);
    }),
    ("exclude without a last newline", |s| {
        s.write("repo/.git/info/exclude", "x");
        s.git("repo", ["config", "core.hooksPath", "hooks"]);
    }),
    ("kitty directory in use", |s| s.write("repo/.git/kitty/journal", "kept\n")),
];

const COMMANDS: [&str; 2] = [HOOK, "git-kitty-init"];

#[test]
fn install_gives_every_worktree_a_hook_and_uninstall_restores_every_byte() {
    CASES.iter().step_by(2).for_each(|(case, arrange)| round_trip(case, *arrange, COMMANDS[0]));
}

#[test]
fn init_gives_every_worktree_a_hook_and_uninstall_restores_every_byte() {
    let odd = CASES.iter().skip(1).step_by(2);
    odd.for_each(|(case, arrange)| round_trip(case, *arrange, COMMANDS[1]));
}

#[test]
fn the_two_commands_do_the_same_in_all_other_cases() {
    for (number, (case, arrange)) in CASES.iter().enumerate().filter(|_| is_thorough()) {
        round_trip(case, *arrange, COMMANDS[1 - number % 2]);
    }
}

fn round_trip(case: &str, arrange: Arrange, command: &str) {
    let sandbox = Sandbox::with_repository();
    arrange(&sandbox);
    let tracked = sandbox.git("repo", ["status", "--porcelain"]);
    let before = sandbox.bytes(".");
    sandbox.run("repo", command, NONE).exits(0);
    assert_ne!(sandbox.bytes("."), before, "{case}");
    let installed = sandbox.bytes_and_times(".");
    sandbox.run("repo", command, ["--format", "json"]).exits(0);
    assert_eq!(sandbox.bytes_and_times("."), installed, "{case}: a second run touches nothing");
    let status = sandbox.git("repo", ["status", "--porcelain"]);
    assert!(status.lines().all(|line| tracked.contains(line)), "{case}: {status}");
    check_hooks(&sandbox, case);
    for _ in 0..2 {
        sandbox.run("repo", HOOK, ["--uninstall"]).exits(0);
        assert_eq!(sandbox.bytes("."), before, "{case}");
    }
}

/// The hooks of a repository that people work in.
const DOORS: [&str; 4] = ["pre-commit", "pre-merge-commit", "pre-push", "reference-transaction"];

/// The row of each hook in the only worktree, with its state.
fn rows(state: impl Fn(&str) -> String) -> String {
    let row = |door: &str| format!("{door}: {}\n", state(door));
    DOORS.map(row).concat()
}

/// Where a hook is in the only worktree.
fn placed(door: &str) -> String {
    format!("in [TMP]/repo ([TMP]/repo/.git/hooks/{door})")
}

/// Every worktree has our programs as its hooks, and git runs them there.
fn check_hooks(sandbox: &Sandbox, case: &str) {
    let status = sandbox.run("repo", HOOK, ["--status", "--format=json"]).exits(0);
    let listed = sandbox.git("repo", ["worktree", "list", "--porcelain"]);
    let worktrees: Vec<_> = listed.lines().filter_map(|l| l.strip_prefix("worktree ")).collect();
    let installed = status.stdout.matches("\"state\":\"installed\"").count();
    assert_eq!(installed, worktrees.len() * DOORS.len(), "{case}");
    for top in worktrees {
        let hooks = ["rev-parse", "--path-format=absolute", "--git-path", "hooks"];
        let hooks = sandbox.at(sandbox.git(top, hooks).trim_end());
        for door in DOORS {
            let ours = std::fs::read(built(&format!("git-kitty-hook-{door}"))).unwrap();
            assert!(std::fs::read(hooks.join(door)).unwrap() == ours, "{case}: {door} in {top}");
        }
        let hook = hooks.join("pre-commit");
        sandbox.git(top, ["hook", "run", "pre-commit"]);
        std::fs::rename(&hook, sandbox.at("away")).unwrap();
        sandbox.run(top, "git", ["hook", "run", "pre-commit"]).exits(1);
        std::fs::rename(sandbox.at("away"), &hook).unwrap();
    }
}

#[test]
fn any_directory_of_the_repository_will_do() {
    let sandbox = Sandbox::with_repository();
    sandbox.git("repo", ["worktree", "add", "-q", "../linked"]);
    sandbox.write("linked/sub/b", "b\n");
    let row = |door, worktree| {
        format!(
            r#"{{"event":"{door}","worktree":"[TMP]/{worktree}","state":"installed","path":"[TMP]/repo/.git/hooks/{door}","version":"0.1.0"}}"#
        )
    };
    let both = |door| [row(door, "repo"), row(door, "linked")].join(",");
    let hooks = DOORS.map(both).join(",");
    let expected = format!("{{\"schema\":1,\"hooks\":[{hooks}],\"agents\":[],\"warnings\":[]}}\n");
    for start in ["linked/sub", "repo", "repo/.git", "repo/.git/hooks", "linked"] {
        let said = sandbox.run(".", HOOK, ["-C", start, "--format", "json"]);
        assert_eq!(said.parts(), (0, expected.as_str(), ""));
    }
}

/// As `git --git-dir` and `--work-tree` hand it on, from wherever one stands.
#[test]
fn the_repository_that_the_environment_names_is_meant() {
    let sandbox = Sandbox::with_repository();
    sandbox.git(".", ["init", "-q", "other"]);
    let (git_dir, top) = (sandbox.at("repo/.git"), sandbox.at("repo"));
    let run = |start: &str, program, arguments: &[&str]| {
        let call = sandbox.call(program, &sandbox.at(start)).args(arguments);
        call.env("GIT_DIR", &git_dir).env("GIT_WORK_TREE", &top).run().exits(0)
    };
    run("other", "git-kitty-init", &[]);
    assert!(sandbox.at("repo/.git/hooks/pre-commit").is_file());
    assert!(!sandbox.at("other/.git/hooks/pre-commit").exists());
    for start in [".", "other"] {
        assert!(run(start, "git-kitty-install", &["--status"]).stdout.contains("/repo ("));
        assert_eq!(run(start, "git-kitty-doctor", &[]).stdout, "nothing is wrong\n");
    }
    sandbox.git("other", ["--git-dir", "../repo/.git", "kitty", "install", "--uninstall"]);
    assert!(!sandbox.at("repo/.git/hooks/pre-commit").exists());
}

#[test]
fn bare_repositories_and_submodules_have_hooks_too() {
    {
        let sandbox = Sandbox::with_repository();
        sandbox.git(".", ["clone", "-q", "--bare", "repo", "bare.git"]);
        sandbox.git(".", ["-C", "bare.git", "worktree", "add", "-q", "../of-bare"]);
        let file =
            ["-c", "protocol.file.allow=always", "submodule", "add", "-q", "../bare.git", "sub"];
        sandbox.git(".", ["init", "-q", "super"]);
        sandbox.git("super", file);
        sandbox.git(".", ["init", "-q", "--separate-git-dir=apart.git", "apart"]);
        for (start, top, hooks) in [
            ("of-bare", "bare.git", "bare.git/hooks"),
            ("super/sub", "super/sub", "super/.git/modules/sub/hooks"),
            ("apart", "apart", "apart.git/hooks"),
        ] {
            let before = sandbox.bytes(".");
            let said = sandbox.run(start, HOOK, NONE);
            let line =
                format!("pre-commit: installed 0.1.0 in [TMP]/{top} ([TMP]/{hooks}/pre-commit)\n");
            assert!(said.stdout.contains(&line), "{start}: {said:?}");
            sandbox.run(start, HOOK, ["--uninstall"]);
            assert_eq!(sandbox.bytes("."), before, "{start}");
        }
    }
}

#[test]
fn a_copy_of_another_version_is_replaced_and_its_chain_kept() {
    let sandbox = Sandbox::with_repository();
    sandbox.hook("repo/.git/hooks/pre-commit", "#!/bin/sh\necho first >&2\n");
    sandbox.run("repo", HOOK, NONE);
    sandbox.hook("repo/.git/hooks/pre-commit", "old [git-kitty hook pre-commit 0.0.9] old");
    let said = sandbox.run("repo", HOOK, ["--status"]);
    let all = |state: &str| {
        rows(|door| {
            let state = if door == "pre-commit" { state } else { "installed 0.1.0" };
            format!("{state} {}", placed(door))
        })
    };
    assert_eq!(said.stdout, all("outdated 0.0.9"));
    let said = sandbox.run("repo", HOOK, NONE);
    let change = "placed the hook `[TMP]/repo/.git/hooks/pre-commit`\n";
    assert_eq!(said.stdout, format!("{change}{}", all("installed 0.1.0")));
    let said = sandbox.run("repo", "git", ["commit", "-q", "--allow-empty", "-m", "x"]);
    assert_eq!(said.parts(), (0, "", "first\n"));
    sandbox.chmod("repo/.git/hooks/pre-commit", 0o644);
    let said = sandbox.run("repo", HOOK, ["--status"]);
    assert_eq!(said.stdout, all("outdated 0.1.0"));
}

#[test]
fn a_hooks_path_that_changed_is_followed() {
    let sandbox = Sandbox::with_repository();
    sandbox.hook("repo/.git/hooks/pre-commit", "#!/bin/sh\necho first >&2\n");
    let before = sandbox.bytes("repo");
    sandbox.run("repo", HOOK, NONE);
    sandbox.git("repo", ["config", "core.hooksPath", ".git/other"]);
    let said = sandbox.run("repo", HOOK, ["--status"]);
    assert_eq!(said.stdout, rows(|_| "missing in [TMP]/repo".to_owned()));
    sandbox.run("repo", HOOK, NONE);
    assert_eq!(sandbox.read("repo/.git/hooks/pre-commit"), "#!/bin/sh\necho first >&2\n");
    assert!(sandbox.at("repo/.git/other/pre-commit").exists());
    sandbox.run("repo", HOOK, ["--uninstall"]);
    sandbox.git("repo", ["config", "--unset", "core.hooksPath"]);
    assert_eq!(sandbox.bytes("repo"), before);
}

#[test]
fn init_says_what_it_changed_and_then_nothing() {
    let sandbox = Sandbox::with_repository();
    let version = sandbox.git("repo", ["version"]).replace("git version ", "");
    let said = sandbox.run("repo", "git-kitty-init", NONE);
    let changes =
        DOORS.map(|door| format!("  placed the hook `[TMP]/repo/.git/hooks/{door}`\n")).concat();
    let rows = rows(|door| format!("installed 0.1.0 {}", placed(door)));
    let expected = format!(
        "set up [TMP]/repo (git {})
  added `/.worktrees/` to `[TMP]/repo/.git/info/exclude`
  added `kitty-specs/**/status.events.jsonl merge=spec-kitty-event-log kitty-specs/**/decisions.events.jsonl merge=spec-kitty-event-log kitty-specs/**/status.json merge=git-kitty-snapshot` to `[TMP]/repo/.git/info/attributes`
{changes}  wrote `[TMP]/repo/.git/kitty/drivers.config`
  added `[include] path = kitty/drivers.config` to `[TMP]/repo/.git/config`
{rows}",
        version.trim_end()
    );
    assert_eq!(said.parts(), (0, expected.as_str(), ""));
    let said = sandbox.run("repo", "git-kitty-init", ["--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert!(said.stdout.starts_with(r#"{"schema":1,"repository":"[TMP]/repo","git_version":"#));
    assert_eq!(document["changed"], serde_json::json!([]));
    sandbox.write("repo/.worktrees/x", "x");
    assert_eq!(sandbox.git("repo", ["status", "--porcelain"]), "");
}
