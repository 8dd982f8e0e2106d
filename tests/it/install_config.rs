//! Installing hooks in the configuration, for git 2.54 and later.

use crate::install_kit::{GITS, Sandbox};

const HOOK: &str = "git-kitty-install";

#[test]
fn the_configuration_names_a_copy_of_the_program() {
    for git in GITS {
        let mut sandbox = Sandbox::with_repository(git);
        sandbox.upgrade_git();
        sandbox.git(".", &["clone", "-q", "repo", "it's \"a\" b"]);
        let repository = "it's \"a\" b";
        sandbox.hook(&format!("{repository}/.git/hooks/pre-commit"), "#!/bin/sh\n");
        let said = sandbox.kitty(repository, HOOK, &["--format=json"]);
        let row = r#""state":"installed","path":"ROOT/it's \"a\" b/.git/kitty/bin/git-kitty-hook-pre-commit","version":"0.1.0""#;
        assert!(said.stdout.contains(row), "{said:?}");
        let get = |key: &str| sandbox.git(repository, &["config", "--local", "--includes", key]);
        assert_eq!(get("hook.git-kitty-pre-commit.event"), "pre-commit\n");
        let command = get("hook.git-kitty-pre-commit.command");
        let command =
            command.replace("ROOT", sandbox.at("").to_str().unwrap().trim_end_matches('/'));
        let said = sandbox.run(repository, "sh", &["-c", &command]);
        assert_eq!((said.status, said.stderr.as_str()), (0, ""));
        let hook = sandbox.read(&format!("{repository}/.git/hooks/pre-commit"));
        assert_eq!(hook, "#!/bin/sh\n", "git runs this one itself");
    }
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
            let mut sandbox = Sandbox::with_repository(GITS[1]);
            sandbox.upgrade_git();
            if let Some(config) = config {
                sandbox.write("repo/.git/config", config);
            }
            sandbox.chmod("repo/.git/config", 0o640);
            sandbox.write("repo/.git/info/exclude", "x");
            let before = sandbox.snapshot("repo");
            let said = sandbox.kitty("repo", command, &[]);
            assert_eq!(said.status, 0, "{case}: {said:?}");
            let installed = sandbox.snapshot_with_times("repo");
            sandbox.kitty("repo", command, &[]);
            assert_eq!(sandbox.snapshot_with_times("repo"), installed, "{case}");
            sandbox.kitty("repo", HOOK, &["--uninstall"]);
            assert_eq!(sandbox.snapshot("repo"), before, "{case}");
        }
    }
}

#[test]
fn settings_that_others_made_since_stay() {
    let mut sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.upgrade_git();
    let before = sandbox.read("repo/.git/config");
    sandbox.kitty("repo", HOOK, &[]);
    sandbox.git("repo", &["config", "--add", "include.path", "other"]);
    sandbox.git("repo", &["config", "user.name", "B"]);
    sandbox.kitty("repo", HOOK, &["--uninstall"]);
    let expected = format!("{before}[include]\n\tpath = other\n[user]\n\tname = B\n");
    assert_eq!(sandbox.read("repo/.git/config"), expected);
}

#[test]
fn a_newer_git_moves_the_hooks_and_an_older_one_moves_them_back() {
    for relative in [false, true] {
        let mut sandbox = Sandbox::with_repository(GITS[1]);
        let hook = if relative { "repo/.hooks/pre-commit" } else { "repo/.git/hooks/pre-commit" };
        if relative {
            sandbox.git("repo", &["config", "core.hooksPath", ".hooks"]);
        }
        sandbox.hook(hook, "#!/bin/sh\necho first >&2\n");
        sandbox.write("repo/.git/info/exclude", "x");
        let before = sandbox.snapshot("repo");
        sandbox.kitty("repo", HOOK, &[]);
        sandbox.kitty("repo", "git-kitty-init", &[]);
        sandbox.upgrade_git();
        let said = sandbox.kitty("repo", "git-kitty-init", &[]);
        assert_eq!(said.status, 0, "{said:?}");
        assert_eq!(sandbox.read(hook), "#!/bin/sh\necho first >&2\n");
        assert_eq!(sandbox.read("repo/.git/info/exclude"), "x\n/.worktrees/\n");
        assert!(sandbox.at("repo/.git/kitty/hooks.config").exists());
        let moved = sandbox.snapshot_with_times("repo");
        sandbox.kitty("repo", "git-kitty-init", &[]);
        assert_eq!(sandbox.snapshot_with_times("repo"), moved);
        std::fs::remove_file(sandbox.at("newer/git")).unwrap();
        sandbox.kitty("repo", "git-kitty-init", &[]);
        assert!(!sandbox.at("repo/.git/kitty/hooks.config").exists());
        assert!(!sandbox.at("repo/.git/kitty/bin").exists());
        sandbox.kitty("repo", HOOK, &["--uninstall"]);
        assert_eq!(sandbox.snapshot("repo"), before, "relative: {relative}");
    }
}

#[test]
fn a_locked_configuration_is_left_to_its_owner() {
    let mut sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.upgrade_git();
    sandbox.write("repo/.git/config.lock", "");
    let before = sandbox.read("repo/.git/config");
    let said = sandbox.kitty("repo", HOOK, &[]);
    assert_eq!(said.status, 4);
    assert!(said.stderr.contains("[FILE_LOCKED]"), "{said:?}");
    assert_eq!(sandbox.read("repo/.git/config"), before);
    assert!(sandbox.at("repo/.git/config.lock").exists());
    std::fs::remove_file(sandbox.at("repo/.git/config.lock")).unwrap();
    assert_eq!(sandbox.kitty("repo", HOOK, &[]).status, 0);
}
