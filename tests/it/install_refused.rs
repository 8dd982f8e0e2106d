//! Where hooks are not installed: nothing changes, and the way out is said.

use crate::install_kit::{GITS, Said, Sandbox};

const HOOK: &str = "git-kitty-install";

/// Installs, which must be refused and change nothing.
fn refused(sandbox: &Sandbox, directory: &str) -> Said {
    let before = sandbox.snapshot_with_times(".");
    let said = sandbox.kitty(directory, HOOK, &[]);
    assert_eq!(sandbox.snapshot_with_times("."), before);
    assert_eq!(said.stdout, "");
    said
}

#[test]
fn a_hooks_path_that_is_not_the_repositorys() {
    for git in GITS {
        let sandbox = Sandbox::with_repository(git);
        sandbox.git(".", &["config", "--global", "core.hooksPath", "/their hooks"]);
        let said = refused(&sandbox, "repo");
        let expected = "error: `core.hooksPath` is set to `/their hooks` in the global configuration, which is not this repository's [HOOKS_PATH_FOREIGN]\nhint: install git 2.54 or later, or let this repository use its own hooks: `git config --local core.hooksPath 'ROOT/repo/.git/hooks'`\n";
        assert_eq!((said.status, said.stderr.as_str()), (1, expected));
        sandbox.git("repo", &["config", "core.hooksPath", ".git/hooks"]);
        assert_eq!(sandbox.kitty("repo", HOOK, &[]).status, 0, "a local one wins");
        sandbox.git("repo", &["config", "--unset", "core.hooksPath"]);
        let said = sandbox.kitty("repo", HOOK, &["--uninstall"]);
        assert_eq!((said.status, said.stderr.as_str()), (0, ""), "uninstalling needs no leave");
        assert!(!sandbox.at("repo/.git/hooks/pre-commit").exists());
    }
}

#[test]
fn a_hooks_path_from_the_command_line() {
    let sandbox = Sandbox::with_repository(GITS[0]);
    let mut command = sandbox.command("repo", &crate::install_kit::program(HOOK));
    command.envs([
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.hooksPath"),
        ("GIT_CONFIG_VALUE_0", "x"),
    ]);
    let said = sandbox.said(&mut command);
    assert_eq!(said.status, 1);
    assert!(said.stderr.contains("in the command configuration"), "{said:?}");
}

#[test]
fn a_hook_under_version_control() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.hook("repo/.hooks/pre-commit", "#!/bin/sh\n");
    sandbox.git("repo", &["add", "."]);
    sandbox.git("repo", &["config", "core.hooksPath", ".hooks"]);
    let said = refused(&sandbox, "repo");
    let expected = "error: the hook `ROOT/repo/.hooks/pre-commit` is under version control, and replacing it would change the work tree [HOOK_TRACKED]\nhint: install git 2.54 or later, or use a hooks directory outside version control: `git config --local --unset core.hooksPath`\n";
    assert_eq!((said.status, said.stderr.as_str()), (1, expected));
}

#[test]
fn a_tracked_hook_behind_a_symlinked_directory() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.hook("repo/.hooks/pre-commit", "#!/bin/sh\n");
    sandbox.git("repo", &["add", "."]);
    std::fs::remove_dir_all(sandbox.at("repo/.git/hooks")).unwrap();
    std::os::unix::fs::symlink("../.hooks", sandbox.at("repo/.git/hooks")).unwrap();
    let said = refused(&sandbox, "repo");
    assert!(said.stderr.contains("[HOOK_TRACKED]"), "{said:?}");
}

#[test]
fn a_place_that_is_taken() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.write("repo/.git/hooks/pre-commit/x", "");
    let said = refused(&sandbox, "repo");
    let expected = "error: `ROOT/repo/.git/hooks/pre-commit` is a directory: no hook can be put there [HOOK_PLACE_TAKEN]\nhint: move `ROOT/repo/.git/hooks/pre-commit` away and try again\n";
    assert_eq!((said.status, said.stderr.as_str()), (1, expected));
    for odd in ["/dev/null", "a", ""] {
        sandbox.git("repo", &["config", "core.hooksPath", odd]);
        let said = refused(&sandbox, "repo");
        assert!(said.stderr.contains("[HOOK_PLACE_TAKEN]"), "{odd}: {said:?}");
    }
}

#[test]
fn a_hook_that_another_tool_wrote_over_ours() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    let hook = "repo/.git/hooks/pre-commit";
    sandbox.hook(hook, "#!/bin/sh\necho one\n");
    sandbox.kitty("repo", HOOK, &[]);
    std::fs::remove_file(sandbox.at(hook)).unwrap();
    sandbox.hook(hook, "#!/bin/sh\necho two\n");
    let said = refused(&sandbox, "repo");
    let expected = "error: another tool wrote the hook `ROOT/repo/.git/hooks/pre-commit`, and the hook from before is still in `ROOT/repo/.git/hooks/pre-commit.git-kitty-chained` [HOOK_REPLACED]\nhint: keep one of the two, then try again: `mv 'ROOT/repo/.git/hooks/pre-commit' 'ROOT/repo/.git/hooks/pre-commit.git-kitty-chained'` keeps the new one, `rm 'ROOT/repo/.git/hooks/pre-commit'` the old one\n";
    assert_eq!((said.status, said.stderr.as_str()), (1, expected));
    let row = "in ROOT/repo (ROOT/repo/.git/hooks/pre-commit)\n";
    let said = sandbox.kitty("repo", HOOK, &["--status"]);
    assert_eq!(said.stdout, format!("pre-commit: replaced {row}"));
    let said = sandbox.kitty("repo", HOOK, &["--uninstall"]);
    assert_eq!(said.status, 0);
    assert!(said.stdout.ends_with(&format!("pre-commit: replaced {row}")), "{said:?}");
    assert!(said.stderr.ends_with("was left alone [HOOK_REPLACED]\n"), "{said:?}");
    assert_eq!(sandbox.read(hook), "#!/bin/sh\necho two\n");
    assert!(!sandbox.at("repo/.git/kitty").exists());
}

#[test]
fn the_first_hook_written_again_is_no_stranger() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    let hook = "repo/.git/hooks/pre-commit";
    sandbox.hook(hook, "#!/bin/sh\necho one\n");
    let before = sandbox.snapshot("repo");
    for _ in 0..2 {
        sandbox.kitty("repo", HOOK, &[]);
        std::fs::remove_file(sandbox.at(hook)).unwrap();
        sandbox.hook(hook, "#!/bin/sh\necho one\n");
    }
    let said = sandbox.kitty("repo", HOOK, &[]);
    assert_eq!(said.status, 0, "{said:?}");
    std::fs::remove_file(sandbox.at(hook)).unwrap();
    sandbox.hook(hook, "#!/bin/sh\necho one\n");
    let said = sandbox.kitty("repo", HOOK, &["--uninstall"]);
    assert_eq!((said.status, said.stderr.as_str()), (0, ""));
    assert_eq!(sandbox.snapshot("repo"), before);
}

#[test]
fn no_repository_an_old_git_and_a_damaged_record() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    let said = sandbox.kitty(".", HOOK, &["--format", "json"]);
    let expected = r#"{"schema":1,"error_code":"NOT_A_GIT_REPOSITORY","message":"`ROOT` is in no Git repository","next_step":"go to a repository, or name one with `-C PATH`","warnings":[]}
"#;
    assert_eq!((said.status, said.stdout.as_str(), said.stderr.as_str()), (5, expected, ""));
    sandbox.write("repo/.git/kitty/setup.json", "{\"schema\":2}");
    for arguments in [&[][..], &["--uninstall"], &["--status"]] {
        let said = sandbox.kitty("repo", HOOK, arguments);
        assert_eq!(said.status, 2, "{said:?}");
        assert!(said.stderr.contains("[SETUP_INVALID]"), "{said:?}");
    }
    sandbox.hook("old/git", "#!/bin/sh\necho git version 2.37.9\n");
    let mut command = sandbox.command("repo", &crate::install_kit::program(HOOK));
    command.env("PATH", format!("{}:/usr/bin", sandbox.at("old").display()));
    let said = sandbox.said(&mut command);
    assert_eq!(said.status, 5);
    assert!(said.stderr.starts_with("error: `git version 2.37.9` is too old"), "{said:?}");
}
