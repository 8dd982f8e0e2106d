//! The hook that was there first goes on running as git ran it.

use crate::install_kit::{GITS, Said, Sandbox, program};

const COMMIT: &[&str] = &["commit", "-q", "--allow-empty", "-m", "x"];

fn installed(git: &str, script: &str) -> Sandbox {
    let sandbox = Sandbox::with_repository(git);
    sandbox.hook("repo/.git/hooks/pre-commit", script);
    let said = sandbox.kitty("repo", "git-kitty-install", &[]);
    assert_eq!(said.status, 0, "{said:?}");
    sandbox
}

fn commit(sandbox: &Sandbox, directory: &str) -> Said {
    sandbox.run(directory, "git", COMMIT)
}

#[test]
fn scripts_see_the_name_arguments_and_environment_that_git_gave() {
    let body = "echo \"$0 $# $GIT_INDEX_FILE $PWD\" >&2\n";
    for git in GITS {
        for shebang in ["#!/bin/sh\n", "#!/usr/bin/env sh\n", "#!/bin/sh -eu\n", ""] {
            let sandbox = Sandbox::with_repository(git);
            sandbox.git("repo", &["worktree", "add", "-q", "../linked"]);
            sandbox.hook("repo/.git/hooks/pre-commit", &format!("{shebang}{body}"));
            let before = [commit(&sandbox, "repo"), commit(&sandbox, "linked")];
            sandbox.kitty("repo", "git-kitty-install", &[]);
            let after = [commit(&sandbox, "repo"), commit(&sandbox, "linked")];
            for (before, after) in before.iter().zip(&after) {
                assert_eq!(after.stderr, before.stderr, "{git} {shebang}");
                assert!(!after.stderr.is_empty());
            }
        }
    }
}

#[test]
fn its_refusal_is_the_commits() {
    for script in ["#!/bin/sh\nexit 3\n", "#!/bin/bash\nexit 3\n", "#!/bin/sh -e\nfalse\n"] {
        let sandbox = installed(GITS[1], script);
        assert_eq!(commit(&sandbox, "repo").status, 1, "{script}");
        let hook = sandbox.at("repo/.git/hooks/pre-commit");
        let said = sandbox.run("repo", hook.to_str().unwrap(), &[]);
        assert_eq!(said.status, if script.contains('3') { 3 } else { 1 }, "{script}");
    }
    let sandbox = installed(GITS[1], "#!/bin/bash\nkill -TERM $$\n");
    let said = sandbox.run("repo", sandbox.at("repo/.git/hooks/pre-commit").to_str().unwrap(), &[]);
    assert_eq!(said.status, 128 + 15);
}

#[test]
fn arguments_and_input_are_passed_on() {
    for shell in ["sh", "bash"] {
        let sandbox = installed(GITS[1], &format!("#!/bin/{shell}\necho \"$@\"; cat\n"));
        let hook = sandbox.at("repo/.git/hooks/pre-commit");
        let script = format!("echo input | '{}' 'a b' c", hook.display());
        let said = sandbox.run("repo", "sh", &["-c", &script]);
        assert_eq!((said.status, said.stdout.as_str()), (0, "a b c\ninput\n"));
    }
}

#[test]
fn what_git_would_not_have_run_does_not_run() {
    let sandbox = installed(GITS[1], "#!/bin/sh\nexit 1\n");
    sandbox.chmod("repo/.git/hooks/pre-commit.git-kitty-chained", 0o644);
    assert_eq!(commit(&sandbox, "repo").status, 0);
}

#[test]
fn a_hook_that_cannot_be_started_blocks() {
    let sandbox = installed(GITS[1], "#!/no/such/interpreter\n");
    let said = commit(&sandbox, "repo");
    assert_eq!(said.status, 1);
    assert!(said.stderr.starts_with("error: could not run the `pre-commit` hook"), "{said:?}");
}

#[test]
fn a_manager_that_runs_us_from_within_our_chain_does_not_go_round_in_circles() {
    let script = "#!/bin/bash\necho manager >&2\n\"$(dirname \"$0\")/pre-commit.legacy\" \"$@\"\n";
    let sandbox = installed(GITS[1], script);
    let ours = sandbox.at("repo/.git/hooks/pre-commit");
    std::fs::copy(&ours, sandbox.at("repo/.git/hooks/pre-commit.legacy")).unwrap();
    let said = commit(&sandbox, "repo");
    assert_eq!((said.status, said.stderr.as_str()), (0, "manager\n"));
}

#[test]
fn a_repository_that_was_never_set_up_is_left_alone() {
    let sandbox = Sandbox::with_repository(GITS[1]);
    std::fs::copy(program("git-kitty-hook-pre-commit"), sandbox.at("repo/.git/hooks/pre-commit"))
        .unwrap();
    let said = commit(&sandbox, "repo");
    assert_eq!((said.status, said.stderr.as_str()), (0, ""));
    sandbox.kitty("repo", "git-kitty-install", &["--uninstall"]);
    assert!(!sandbox.at("repo/.git/hooks/pre-commit").exists());
}
