//! Installing hooks in the configuration, for git 2.54 and later.

use crate::kit::sandbox::Sandbox;

const NONE: [&str; 0] = [];
const HOOK: &str = "git-kitty-install";

#[test]
fn the_configuration_names_a_copy_of_the_program() {
    {
        let sandbox = Sandbox::with_repository();
        sandbox.upgrade_git();
        sandbox.git(".", ["clone", "-q", "repo", "it's \"a\" b"]);
        let repository = "it's \"a\" b";
        sandbox.hook(&format!("{repository}/.git/hooks/pre-commit"), "#!/bin/sh\n");
        let said = sandbox.run(repository, HOOK, ["--format=json"]);
        let row = r#""state":"installed","path":"[TMP]/it's \"a\" b/.git/kitty/bin/git-kitty-hook-pre-commit","version":"0.1.0""#;
        assert!(said.stdout.contains(row), "{said:?}");
        let get = |key: &str| sandbox.git(repository, ["config", "--local", "--includes", key]);
        assert_eq!(get("hook.git-kitty-pre-commit.event"), "pre-commit\n");
        let command = get("hook.git-kitty-pre-commit.command");
        let command = command.replace("[TMP]", sandbox.root().to_str().unwrap());
        let hook = || sandbox.run(repository, "sh", ["-c", &command]);
        assert_eq!(hook().status, 1, "`work` is the remote's default branch");
        sandbox.git(repository, ["switch", "-q", "-c", "own"]);
        assert_eq!(hook().parts(), (0, "", ""));
        let hook = sandbox.read(&format!("{repository}/.git/hooks/pre-commit"));
        assert_eq!(hook, "#!/bin/sh\n", "git runs this one itself");
    }
}

/// Git has a shell run the command with the hook's arguments behind it; a program that is gone says
/// how to get out, also for who has no git-kitty any more.
#[test]
fn a_program_that_is_gone_refuses_with_the_way_out() {
    let sandbox = Sandbox::with_repository();
    sandbox.upgrade_git();
    sandbox.git(".", ["clone", "-q", "repo", "it's \"a\" $b `c`"]);
    let repository = "it's \"a\" $b `c`";
    sandbox.run(repository, HOOK, NONE).exits(0);
    for event in ["pre-commit", "pre-merge-commit", "pre-push", "reference-transaction"] {
        let key = format!("hook.git-kitty-{event}.command");
        let get = || sandbox.run(repository, "git", ["config", "--local", "--includes", &key]);
        let command =
            get().exits(0).stdout.trim_end().replace("[TMP]", sandbox.root().to_str().unwrap());
        let script = format!("{command} \"$@\"");
        let hook = || sandbox.run(repository, "sh", ["-c", &script, &command, "committed", "x y"]);
        assert!(!hook().stderr.contains("is gone"), "{}", hook());
        let program = format!("{repository}/.git/kitty/bin/git-kitty-hook-{event}");
        let said = format!(
            "error: `[TMP]/{program}` is gone or cannot be run, so nothing can be judged\n\
             hint: `git kitty install` mends the hooks, `git kitty install --uninstall` removes them; \
             without git-kitty: `git config --unset-all include.path kitty/hooks.config`\n"
        );
        sandbox.chmod(&program, 0o644);
        assert_eq!(hook().parts(), (1, "", said.as_str()));
        std::fs::remove_file(sandbox.at(&program)).unwrap();
        assert_eq!(hook().parts(), (1, "", said.as_str()));
    }
    sandbox.git(repository, ["config", "--unset-all", "include.path", "kitty/hooks.config"]);
    let left = sandbox.run(repository, "git", ["config", "--get-regexp", "^hook"]);
    assert_eq!(left.parts(), (1, "", ""));
}

#[test]
fn uninstalling_restores_every_byte_of_the_configuration() {
    for (case, config) in [
        ("as git wrote it", None),
        ("no last newline", Some("[core]\n\trepositoryformatversion = 0\n\tbare = false")),
        ("windows lines", Some("[core]\r\n\trepositoryformatversion = 0\r\n\tbare = false\r\n")),
        ("includes already", Some("[core]\nrepositoryformatversion=0\n[include]\n path = x\n#end")),
    ] {
        for command in ["git-kitty-init", HOOK] {
            let sandbox = Sandbox::with_repository();
            sandbox.upgrade_git();
            if let Some(config) = config {
                sandbox.write("repo/.git/config", config);
            }
            sandbox.chmod("repo/.git/config", 0o640);
            sandbox.write("repo/.git/info/exclude", "x");
            let before = sandbox.bytes("repo");
            let said = sandbox.run("repo", command, NONE);
            assert_eq!(said.status, 0, "{case}: {said:?}");
            let installed = sandbox.bytes_and_times("repo");
            sandbox.run("repo", command, NONE);
            assert_eq!(sandbox.bytes_and_times("repo"), installed, "{case}");
            sandbox.run("repo", HOOK, ["--uninstall"]);
            assert_eq!(sandbox.bytes("repo"), before, "{case}");
        }
    }
}

#[test]
fn settings_that_others_made_since_stay() {
    let sandbox = Sandbox::with_repository();
    sandbox.upgrade_git();
    let before = sandbox.read("repo/.git/config");
    sandbox.run("repo", HOOK, NONE);
    sandbox.git("repo", ["config", "--add", "include.path", "other"]);
    sandbox.git("repo", ["config", "user.name", "B"]);
    sandbox.run("repo", HOOK, ["--uninstall"]);
    let expected = format!("{before}[include]\n\tpath = other\n[user]\n\tname = B\n");
    assert_eq!(sandbox.read("repo/.git/config"), expected);
}

#[test]
fn a_newer_git_moves_the_hooks_and_an_older_one_moves_them_back() {
    for relative in [false, true] {
        let sandbox = Sandbox::with_repository();
        let hook = if relative { "repo/.hooks/pre-commit" } else { "repo/.git/hooks/pre-commit" };
        if relative {
            sandbox.git("repo", ["config", "core.hooksPath", ".hooks"]);
        }
        sandbox.hook(hook, "#!/bin/sh\necho first >&2\n");
        sandbox.write("repo/.git/info/exclude", "x");
        let before = sandbox.bytes("repo");
        sandbox.run("repo", HOOK, NONE);
        sandbox.run("repo", "git-kitty-init", NONE);
        sandbox.upgrade_git();
        let said = sandbox.run("repo", "git-kitty-init", NONE);
        assert_eq!(said.status, 0, "{said:?}");
        assert_eq!(sandbox.read(hook), "#!/bin/sh\necho first >&2\n");
        assert_eq!(sandbox.read("repo/.git/info/exclude"), "x\n/.worktrees/\n");
        assert!(sandbox.at("repo/.git/kitty/hooks.config").exists());
        let moved = sandbox.bytes_and_times("repo");
        sandbox.run("repo", "git-kitty-init", NONE);
        assert_eq!(sandbox.bytes_and_times("repo"), moved);
        std::fs::remove_file(sandbox.at("newer/git")).unwrap();
        sandbox.run("repo", "git-kitty-init", NONE);
        assert!(!sandbox.at("repo/.git/kitty/hooks.config").exists());
        assert!(!sandbox.at("repo/.git/kitty/bin").exists());
        sandbox.run("repo", HOOK, ["--uninstall"]);
        assert_eq!(sandbox.bytes("repo"), before, "relative: {relative}");
    }
}

#[test]
fn a_locked_configuration_is_left_to_its_owner() {
    let sandbox = Sandbox::with_repository();
    sandbox.upgrade_git();
    sandbox.write("repo/.git/config.lock", "");
    let before = sandbox.read("repo/.git/config");
    let said = sandbox.run("repo", HOOK, NONE);
    assert_eq!(said.status, 4);
    assert!(said.stderr.contains("[FILE_LOCKED]"), "{said:?}");
    assert_eq!(sandbox.read("repo/.git/config"), before);
    assert!(sandbox.at("repo/.git/config.lock").exists());
    std::fs::remove_file(sandbox.at("repo/.git/config.lock")).unwrap();
    assert_eq!(sandbox.run("repo", HOOK, NONE).status, 0);
}
