//! Where hooks are not installed: nothing changes, and the way out is said.

use crate::kit::call::Output;
use crate::kit::sandbox::Sandbox;

const NONE: [&str; 0] = [];
const HOOK: &str = "git-kitty-install";

/// Installs, which must be refused and change nothing.
fn refused(sandbox: &Sandbox, directory: &str) -> Output {
    let before = sandbox.bytes_and_times(".");
    let said = sandbox.run(directory, HOOK, NONE);
    assert_eq!(sandbox.bytes_and_times("."), before);
    assert_eq!(said.stdout, "");
    said
}

#[test]
fn a_hooks_path_that_is_not_the_repositorys() {
    {
        let sandbox = Sandbox::with_repository();
        sandbox.git(".", ["config", "--global", "core.hooksPath", "/their hooks"]);
        let said = refused(&sandbox, "repo");
        let expected = "error: `core.hooksPath` is set to `/their hooks` in the global configuration, which is not this repository's [HOOKS_PATH_FOREIGN]\nhint: install git 2.54 or later, or let this repository use its own hooks: `git config --local core.hooksPath '[TMP]/repo/.git/hooks'`\n";
        assert_eq!((said.status, said.stderr.as_str()), (1, expected));
        sandbox.git("repo", ["config", "core.hooksPath", ".git/hooks"]);
        assert_eq!(sandbox.run("repo", HOOK, NONE).status, 0, "a local one wins");
        sandbox.git("repo", ["config", "--unset", "core.hooksPath"]);
        let said = sandbox.run("repo", HOOK, ["--uninstall"]);
        assert_eq!((said.status, said.stderr.as_str()), (0, ""), "uninstalling needs no leave");
        assert!(!sandbox.at("repo/.git/hooks/pre-commit").exists());
    }
}

#[test]
fn a_hooks_path_from_the_command_line() {
    let sandbox = Sandbox::with_repository();
    let said = sandbox
        .program("repo", HOOK)
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.hooksPath")
        .env("GIT_CONFIG_VALUE_0", "x")
        .run();
    assert_eq!(said.status, 1);
    assert!(said.stderr.contains("in the command configuration"), "{said:?}");
}

#[test]
fn a_hook_under_version_control() {
    let sandbox = Sandbox::with_repository();
    sandbox.hook("repo/.hooks/pre-commit", "#!/bin/sh\n");
    sandbox.git("repo", ["add", "."]);
    sandbox.git("repo", ["config", "core.hooksPath", ".hooks"]);
    let said = refused(&sandbox, "repo");
    let expected = "error: the hook `[TMP]/repo/.hooks/pre-commit` is under version control, and replacing it would change the work tree [HOOK_TRACKED]\nhint: install git 2.54 or later, or use a hooks directory outside version control: `git config --local --unset core.hooksPath`\n";
    assert_eq!((said.status, said.stderr.as_str()), (1, expected));
}

#[test]
fn a_tracked_hook_behind_a_symlinked_directory() {
    let sandbox = Sandbox::with_repository();
    sandbox.hook("repo/.hooks/pre-commit", "#!/bin/sh\n");
    sandbox.git("repo", ["add", "."]);
    std::fs::remove_dir_all(sandbox.at("repo/.git/hooks")).unwrap();
    std::os::unix::fs::symlink("../.hooks", sandbox.at("repo/.git/hooks")).unwrap();
    let said = refused(&sandbox, "repo");
    assert!(said.stderr.contains("[HOOK_TRACKED]"), "{said:?}");
}

#[test]
fn a_place_that_is_taken() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("repo/.git/hooks/pre-commit/x", "");
    let said = refused(&sandbox, "repo");
    let expected = "error: `[TMP]/repo/.git/hooks/pre-commit` is a directory: no hook can be put there [HOOK_PLACE_TAKEN]\nhint: move `[TMP]/repo/.git/hooks/pre-commit` away and try again\n";
    assert_eq!((said.status, said.stderr.as_str()), (1, expected));
    for odd in ["/dev/null", "src/0000/file_0.txt", ""] {
        sandbox.git("repo", ["config", "core.hooksPath", odd]);
        let said = refused(&sandbox, "repo");
        assert!(said.stderr.contains("[HOOK_PLACE_TAKEN]"), "{odd}: {said:?}");
    }
}

#[test]
fn a_hook_that_another_tool_wrote_over_ours() {
    let sandbox = Sandbox::with_repository();
    let hook = "repo/.git/hooks/pre-commit";
    sandbox.hook(hook, "#!/bin/sh\necho one\n");
    sandbox.run("repo", HOOK, NONE);
    std::fs::remove_file(sandbox.at(hook)).unwrap();
    sandbox.hook(hook, "#!/bin/sh\necho two\n");
    let said = refused(&sandbox, "repo");
    let expected = "error: another tool wrote the hook `[TMP]/repo/.git/hooks/pre-commit`, and the hook from before is still in `[TMP]/repo/.git/hooks/pre-commit.git-kitty-chained` [HOOK_REPLACED]\nhint: keep one of the two: `mv '[TMP]/repo/.git/hooks/pre-commit' '[TMP]/repo/.git/hooks/pre-commit.git-kitty-chained'` keeps the new one, `rm '[TMP]/repo/.git/hooks/pre-commit'` the old one; then try again\n";
    assert_eq!((said.status, said.stderr.as_str()), (1, expected));
    let row = "pre-commit: replaced in [TMP]/repo ([TMP]/repo/.git/hooks/pre-commit)\n";
    let said = sandbox.run("repo", HOOK, ["--status"]);
    assert!(said.stdout.starts_with(row), "{said:?}");
    let said = sandbox.run("repo", HOOK, ["--uninstall"]);
    assert_eq!(said.status, 0);
    assert!(said.stdout.contains(row), "{said:?}");
    assert!(said.stderr.ends_with("was left alone [HOOK_REPLACED]\n"), "{said:?}");
    assert_eq!(sandbox.read(hook), "#!/bin/sh\necho two\n");
    assert!(!sandbox.at("repo/.git/kitty").exists());
}

#[test]
fn the_first_hook_written_again_is_no_stranger() {
    let sandbox = Sandbox::with_repository();
    let hook = "repo/.git/hooks/pre-commit";
    sandbox.hook(hook, "#!/bin/sh\necho one\n");
    let before = sandbox.bytes("repo");
    for _ in 0..2 {
        sandbox.run("repo", HOOK, NONE);
        std::fs::remove_file(sandbox.at(hook)).unwrap();
        sandbox.hook(hook, "#!/bin/sh\necho one\n");
    }
    let said = sandbox.run("repo", HOOK, NONE);
    assert_eq!(said.status, 0, "{said:?}");
    std::fs::remove_file(sandbox.at(hook)).unwrap();
    sandbox.hook(hook, "#!/bin/sh\necho one\n");
    let said = sandbox.run("repo", HOOK, ["--uninstall"]);
    assert_eq!((said.status, said.stderr.as_str()), (0, ""));
    assert_eq!(sandbox.bytes("repo"), before);
}

#[test]
fn no_repository_an_old_git_and_a_damaged_record() {
    let sandbox = Sandbox::with_repository();
    let said = sandbox.run(".", HOOK, ["--format", "json"]);
    let expected = r#"{"schema":1,"error_code":"NOT_A_GIT_REPOSITORY","message":"`[TMP]` is in no Git repository","next_step":"go to a repository, or name one with `-C PATH`","paths":["[TMP]"],"warnings":[]}
"#;
    assert_eq!(said.parts(), (5, expected, ""));
    sandbox.write("repo/.git/kitty/setup.json", "{\"schema\":2}");
    for arguments in [&[][..], &["--uninstall"], &["--status"]] {
        let said = sandbox.run("repo", HOOK, arguments);
        assert_eq!(said.status, 2, "{said:?}");
        assert!(said.stderr.contains("[SETUP_INVALID]"), "{said:?}");
    }
    sandbox.hook("old/git", "#!/bin/sh\necho git version 2.37.9\n");
    sandbox.add_to_path(&sandbox.at("old"));
    let said = sandbox.run("repo", HOOK, NONE);
    assert_eq!(said.status, 5);
    assert!(said.stderr.starts_with("error: `git version 2.37.9` is too old"), "{said:?}");
}
