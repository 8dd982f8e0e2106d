//! Installing hooks as files, and taking them away without a trace.

use std::os::unix::fs::symlink;

use crate::install_kit::{GITS, Sandbox, program};

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
    ("dangling symlink", |s| {
        symlink("nowhere", s.at("repo/.git/hooks/pre-commit")).unwrap();
    }),
    ("absolute hooks path that is not there", |s| {
        let path = s.at("elsewhere/deep/hooks").display().to_string();
        s.git("repo", &["config", "core.hooksPath", &path]);
    }),
    ("relative hooks path with spaces", |s| {
        s.git("repo", &["config", "core.hooksPath", "my hooks/of it"]);
        s.hook("repo/my hooks/of it/pre-commit", "#!/bin/sh\nexit 0\n");
    }),
    ("hooks path in the home", |s| {
        s.git("repo", &["config", "core.hooksPath", "~/hooks"]);
    }),
    ("hooks path with pattern characters", |s| {
        s.git("repo", &["config", "core.hooksPath", "h[1]*\\?"]);
    }),
    ("hooks path of one worktree", |s| {
        s.git("repo", &["worktree", "add", "-q", "../linked"]);
        s.git("repo", &["config", "extensions.worktreeConfig", "true"]);
        s.git("linked", &["config", "--worktree", "core.hooksPath", ".own"]);
    }),
    ("linked worktrees with a relative hooks path", |s| {
        s.git("repo", &["config", "core.hooksPath", ".hooks"]);
        s.git("repo", &["worktree", "add", "-q", "../linked"]);
        s.git("repo", &["worktree", "add", "-q", ".worktrees/inner"]);
    }),
    ("hooks directory is a symlink", |s| {
        std::fs::rename(s.at("repo/.git/hooks"), s.at("shared")).unwrap();
        symlink(s.at("shared"), s.at("repo/.git/hooks")).unwrap();
        s.hook("shared/pre-commit", "#!/bin/sh\nexit 0\n");
    }),
    ("no info and no hooks directory", |s| {
        std::fs::remove_dir_all(s.at("repo/.git/info")).unwrap();
        std::fs::remove_dir_all(s.at("repo/.git/hooks")).unwrap();
        s.git("repo", &["config", "core.hooksPath", "hooks"]);
    }),
    ("exclude without a last newline", |s| {
        s.write("repo/.git/info/exclude", "x");
        s.git("repo", &["config", "core.hooksPath", "hooks"]);
    }),
    ("kitty directory in use", |s| s.write("repo/.git/kitty/journal", "kept\n")),
];

/// Each case with both commands, which take turns with the gits: they share all that differs there.
fn each(test: impl Fn(&Sandbox, &str, &str)) {
    for (git, command) in GITS.into_iter().zip([HOOK, "git-kitty-init"]) {
        for (case, arrange) in CASES {
            let sandbox = Sandbox::with_repository(git);
            arrange(&sandbox);
            test(&sandbox, command, &format!("{case}, {command}, {git}"));
        }
    }
}

#[test]
fn uninstalling_restores_every_byte() {
    each(|sandbox, command, case| {
        let before = sandbox.snapshot(".");
        let said = sandbox.kitty("repo", command, &[]);
        assert_eq!(said.status, 0, "{case}: {said:?}");
        assert_ne!(sandbox.snapshot("."), before, "{case}");
        let said = sandbox.kitty("repo", HOOK, &["--uninstall"]);
        assert_eq!(said.status, 0, "{case}: {said:?}");
        assert_eq!(sandbox.snapshot("."), before, "{case}");
        let said = sandbox.kitty("repo", HOOK, &["--uninstall"]);
        assert_eq!(said.status, 0, "{case}: {said:?}");
        assert_eq!(sandbox.snapshot("."), before, "{case}, twice");
    });
}

#[test]
fn a_second_run_touches_nothing_and_the_work_tree_stays_clean() {
    each(|sandbox, command, case| {
        let tracked = sandbox.git("repo", &["status", "--porcelain"]);
        let said = sandbox.kitty("repo", command, &[]);
        assert_eq!(said.status, 0, "{case}: {said:?}");
        let status = sandbox.git("repo", &["status", "--porcelain"]);
        let news = status.lines().find(|line| !tracked.contains(line));
        assert_eq!(news, None, "{case}");
        let before = sandbox.snapshot_with_times(".");
        let said = sandbox.kitty("repo", command, &["--format", "json"]);
        assert_eq!(said.status, 0, "{case}: {said:?}");
        assert_eq!(sandbox.snapshot_with_times("."), before, "{case}");
    });
}

#[test]
fn every_worktree_has_a_hook_that_runs() {
    each(|sandbox, command, case| {
        sandbox.kitty("repo", command, &[]);
        let status = sandbox.kitty("repo", HOOK, &["--status", "--format=json"]);
        assert_eq!(status.status, 0, "{case}: {status:?}");
        let listed = sandbox.git("repo", &["worktree", "list", "--porcelain"]);
        let worktrees = listed.lines().filter(|line| line.starts_with("worktree ")).count();
        assert_eq!(status.stdout.matches("\"state\":\"installed\"").count(), worktrees, "{case}");
        for top in listed.lines().filter_map(|line| line.strip_prefix("worktree ")) {
            let hooks = ["rev-parse", "--path-format=absolute", "--git-path", "hooks"];
            let hooks = sandbox.git(top, &hooks);
            let hook = format!("{}/pre-commit", hooks.trim_end());
            let ours = std::fs::read(program("git-kitty-hook-pre-commit")).unwrap();
            assert!(std::fs::read(sandbox.at(&hook)).unwrap() == ours, "{case}: {hook}");
            let said = sandbox.run(top, "git", &["commit", "-q", "--allow-empty", "-m", "x"]);
            assert_eq!(said.status, 0, "{case}: {said:?}");
        }
    });
}

#[test]
fn any_directory_of_the_repository_will_do() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.git("repo", &["worktree", "add", "-q", "../linked"]);
    sandbox.write("linked/sub/b", "b\n");
    let expected = r#"{"schema":1,"hooks":[{"event":"pre-commit","worktree":"ROOT/repo","state":"installed","path":"ROOT/repo/.git/hooks/pre-commit","version":"0.1.0"},{"event":"pre-commit","worktree":"ROOT/linked","state":"installed","path":"ROOT/repo/.git/hooks/pre-commit","version":"0.1.0"}],"warnings":[]}
"#;
    for start in ["linked/sub", "repo", "repo/.git", "repo/.git/hooks", "linked"] {
        let said = sandbox.kitty(".", HOOK, &["-C", start, "--format", "json"]);
        assert_eq!((said.status, said.stdout.as_str(), said.stderr.as_str()), (0, expected, ""));
    }
}

#[test]
fn bare_repositories_and_submodules_have_hooks_too() {
    for git in GITS {
        let sandbox = Sandbox::with_repository(git);
        sandbox.git(".", &["clone", "-q", "--bare", "repo", "bare.git"]);
        sandbox.git(".", &["-C", "bare.git", "worktree", "add", "-q", "../of-bare"]);
        let file =
            ["-c", "protocol.file.allow=always", "submodule", "add", "-q", "../bare.git", "sub"];
        sandbox.git(".", &["init", "-q", "super"]);
        sandbox.git("super", &file);
        sandbox.git(".", &["init", "-q", "--separate-git-dir=apart.git", "apart"]);
        for (start, top, hooks) in [
            ("of-bare", "bare.git", "bare.git/hooks"),
            ("super/sub", "super/sub", "super/.git/modules/sub/hooks"),
            ("apart", "apart", "apart.git/hooks"),
        ] {
            let before = sandbox.snapshot(".");
            let said = sandbox.kitty(start, HOOK, &[]);
            let line =
                format!("pre-commit: installed 0.1.0 in ROOT/{top} (ROOT/{hooks}/pre-commit)\n");
            assert!(said.stdout.contains(&line), "{git} {start}: {said:?}");
            sandbox.kitty(start, HOOK, &["--uninstall"]);
            assert_eq!(sandbox.snapshot("."), before, "{git} {start}");
        }
    }
}

#[test]
fn a_copy_of_another_version_is_replaced_and_its_chain_kept() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.hook("repo/.git/hooks/pre-commit", "#!/bin/sh\necho first >&2\n");
    sandbox.kitty("repo", HOOK, &[]);
    sandbox.hook("repo/.git/hooks/pre-commit", "old [git-kitty hook pre-commit 0.0.9] old");
    let said = sandbox.kitty("repo", HOOK, &["--status"]);
    let row = "in ROOT/repo (ROOT/repo/.git/hooks/pre-commit)\n";
    assert_eq!(said.stdout, format!("pre-commit: outdated 0.0.9 {row}"));
    let said = sandbox.kitty("repo", HOOK, &[]);
    let placed = "placed the hook `ROOT/repo/.git/hooks/pre-commit`\n";
    assert_eq!(said.stdout, format!("{placed}pre-commit: installed 0.1.0 {row}"));
    let said = sandbox.run("repo", "git", &["commit", "-q", "--allow-empty", "-m", "x"]);
    assert_eq!((said.status, said.stderr.as_str()), (0, "first\n"));
    sandbox.chmod("repo/.git/hooks/pre-commit", 0o644);
    let said = sandbox.kitty("repo", HOOK, &["--status"]);
    assert_eq!(said.stdout, format!("pre-commit: outdated 0.1.0 {row}"));
}

#[test]
fn a_hooks_path_that_changed_is_followed() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.hook("repo/.git/hooks/pre-commit", "#!/bin/sh\necho first >&2\n");
    let before = sandbox.snapshot("repo");
    sandbox.kitty("repo", HOOK, &[]);
    sandbox.git("repo", &["config", "core.hooksPath", ".git/other"]);
    let said = sandbox.kitty("repo", HOOK, &["--status"]);
    assert_eq!(said.stdout, "pre-commit: missing in ROOT/repo\n");
    sandbox.kitty("repo", HOOK, &[]);
    assert_eq!(sandbox.read("repo/.git/hooks/pre-commit"), "#!/bin/sh\necho first >&2\n");
    assert!(sandbox.at("repo/.git/other/pre-commit").exists());
    sandbox.kitty("repo", HOOK, &["--uninstall"]);
    sandbox.git("repo", &["config", "--unset", "core.hooksPath"]);
    assert_eq!(sandbox.snapshot("repo"), before);
}

#[test]
fn init_says_what_it_changed_and_then_nothing() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    let version = sandbox.git("repo", &["version"]).replace("git version ", "");
    let said = sandbox.kitty("repo", "git-kitty-init", &[]);
    let expected = format!(
        "set up ROOT/repo (git {})
  added `/.worktrees/` to `ROOT/repo/.git/info/exclude`
  added `kitty-specs/**/status.events.jsonl merge=spec-kitty-event-log kitty-specs/**/decisions.events.jsonl merge=spec-kitty-event-log kitty-specs/**/status.json merge=git-kitty-snapshot` to `ROOT/repo/.git/info/attributes`
  placed the hook `ROOT/repo/.git/hooks/pre-commit`
  wrote `ROOT/repo/.git/kitty/drivers.config`
  added `[include] path = kitty/drivers.config` to `ROOT/repo/.git/config`
pre-commit: installed 0.1.0 in ROOT/repo (ROOT/repo/.git/hooks/pre-commit)
",
        version.trim_end()
    );
    assert_eq!((said.status, said.stdout, said.stderr.as_str()), (0, expected, ""));
    let said = sandbox.kitty("repo", "git-kitty-init", &["--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert!(said.stdout.starts_with(r#"{"schema":1,"repository":"ROOT/repo","git_version":"#));
    assert_eq!(document["changed"], serde_json::json!([]));
    sandbox.write("repo/.worktrees/x", "x");
    assert_eq!(sandbox.git("repo", &["status", "--porcelain"]), "");
}
