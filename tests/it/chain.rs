//! The hook that was there first goes on running as git ran it.

use crate::kit::call::Output;
use crate::kit::disk::built;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;

const NONE: [&str; 0] = [];
const COMMIT: &[&str] = &["commit", "-q", "--allow-empty", "-m", "x"];

fn installed(script: &str) -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.hook("repo/.git/hooks/pre-commit", script);
    install(&sandbox);
    sandbox
}

fn install(sandbox: &Sandbox) {
    sandbox.run("repo", "git-kitty-install", NONE).exits(0);
}

fn commit(sandbox: &Sandbox, directory: &str) -> Output {
    sandbox.run(directory, "git", COMMIT)
}

#[test]
fn scripts_see_the_name_arguments_and_environment_that_git_gave() {
    let body = "echo \"$0 $# $GIT_INDEX_FILE $PWD\" >&2\n";
    for shebang in ["#!/bin/sh\n", "#!/usr/bin/env sh\n", "#!/bin/sh -eu\n", ""] {
        let sandbox = Sandbox::with_repository();
        sandbox.git("repo", ["worktree", "add", "-q", "../linked"]);
        sandbox.hook("repo/.git/hooks/pre-commit", &format!("{shebang}{body}"));
        let before = [commit(&sandbox, "repo"), commit(&sandbox, "linked")];
        install(&sandbox);
        let after = [commit(&sandbox, "repo"), commit(&sandbox, "linked")];
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(after.parts(), before.parts(), "{shebang}");
            assert!(!after.stderr.is_empty());
        }
    }
}

#[test]
fn its_refusal_is_the_commits() {
    for script in ["#!/bin/sh\nexit 3\n", "#!/bin/bash\nexit 3\n", "#!/bin/sh -e\nfalse\n"] {
        let sandbox = installed(script);
        assert_eq!(commit(&sandbox, "repo").status, 1, "{script}");
        let hook = sandbox.at("repo/.git/hooks/pre-commit");
        let said = sandbox.run("repo", hook.to_str().unwrap(), NONE);
        assert_eq!(said.status, if script.contains('3') { 3 } else { 1 }, "{script}");
    }
    let sandbox = installed("#!/bin/bash\nkill -TERM $$\n");
    let said =
        sandbox.run("repo", sandbox.at("repo/.git/hooks/pre-commit").to_str().unwrap(), NONE);
    assert_eq!(said.status, 128 + 15);
}

#[test]
fn arguments_and_input_are_passed_on() {
    for shell in ["sh", "bash"] {
        let sandbox = installed(&format!("#!/bin/{shell}\necho \"$@\"; cat\n"));
        let hook = sandbox.at("repo/.git/hooks/pre-commit");
        let script = format!("echo input | '{}' 'a b' c", hook.display());
        let said = sandbox.run("repo", "sh", ["-c", &script]);
        assert_eq!(said.parts(), (0, "a b c\ninput\n", ""));
    }
}

#[test]
fn what_git_would_not_have_run_does_not_run() {
    let sandbox = installed("#!/bin/sh\nexit 1\n");
    sandbox.chmod("repo/.git/hooks/pre-commit.git-kitty-chained", 0o644);
    assert_eq!(commit(&sandbox, "repo").status, 0);
}

/// At every door, with the way out; and nothing that the way out does not mend.
#[test]
fn a_hook_that_cannot_be_started_blocks() {
    for (event, script, what) in [
        ("pre-commit", "git commit -q --allow-empty -m x", "the commit"),
        ("pre-merge-commit", "git merge -q other -m x", "the merge"),
        ("pre-push", "git push -q ../server.git work", "the push"),
        ("pre-receive", "git push -q --no-verify ../server.git work", "the push"),
        ("reference-transaction", "git update-ref refs/tags/v1 HEAD", "the move of a branch"),
    ] {
        let sandbox = Sandbox::with_repository();
        RepoBuilder::default().bare().build(&sandbox, "server.git");
        let other = "git commit -q --allow-empty -m a; git switch -q -c other HEAD~; git commit -q --allow-empty -m b; git switch -q work";
        sandbox.run("repo", "sh", ["-ec", other]).exits(0);
        let hooks = if event == "pre-receive" { "server.git/hooks" } else { "repo/.git/hooks" };
        sandbox.hook(&format!("{hooks}/{event}"), "#!/no/such/interpreter\n");
        install(&sandbox);
        sandbox.run("server.git", "git-kitty-install", ["--server"]).exits(0);
        let said = sandbox.run("repo", "sh", ["-c", script]);
        let file = format!("[TMP]/{hooks}/{event}.git-kitty-chained");
        let first = format!(
            "error: {what} cannot be judged: the hook that was there first cannot be run, `{file}`: \
             No such file or directory (os error 2) [HOOK_CHAINED_BROKEN]"
        );
        let hint = format!("hint: mend it, or remove it: `rm '{file}'`");
        assert!(said.status != 0 && said.stderr.contains(&first), "{event}: {said}\n{first}");
        assert!(said.stderr.contains(&hint), "{event}: {said}");
        let way_out = format!("git merge --abort; rm '{}'; {script}", sandbox.at(&file).display());
        let said = sandbox.run("repo", "sh", ["-c", &way_out]);
        assert_eq!(said.status, 0, "{event}: {said}");
    }
}

#[test]
fn a_manager_that_runs_us_from_within_our_chain_does_not_go_round_in_circles() {
    let script = "#!/bin/bash\necho manager >&2\n\"$(dirname \"$0\")/pre-commit.legacy\" \"$@\"\n";
    let sandbox = installed(script);
    let ours = sandbox.at("repo/.git/hooks/pre-commit");
    std::fs::copy(&ours, sandbox.at("repo/.git/hooks/pre-commit.legacy")).unwrap();
    let said = commit(&sandbox, "repo");
    assert_eq!(said.parts(), (0, "", "manager\n"));
}

#[test]
fn the_judge_is_asked_after_the_hook_from_before_has_passed() {
    let sandbox = installed("#!/bin/sh\necho first >&2\n");
    sandbox.git("repo", ["switch", "-q", "main"]);
    let refusal = "first\nerror: `main` is a protected branch [PROTECTED_BRANCH_REFUSED]\n\
        hint: commit on a branch of your own: `git switch -c NAME` takes your changes along\n";
    let refusal = refusal.to_owned() + &crate::scene::last_resort("main");
    assert_eq!(commit(&sandbox, "repo").parts(), (1, "", refusal.as_str()));
    sandbox.hook("repo/.git/hooks/pre-commit.git-kitty-chained", "#!/bin/sh\nexit 1\n");
    assert_eq!(commit(&sandbox, "repo").parts(), (1, "", ""), "there is nothing left to judge");
}

/// A hook that came out of a template, in a repository that nobody set up.
#[test]
fn a_repository_that_was_never_set_up_is_left_alone() {
    let sandbox = Sandbox::with_repository();
    let hook = sandbox.at("repo/.git/hooks/pre-commit");
    std::fs::copy(built("git-kitty-hook-pre-commit"), &hook).unwrap();
    sandbox.git("repo", ["switch", "-q", "main"]);
    assert_eq!(commit(&sandbox, "repo").parts(), (0, "", ""), "`main` is not protected here");
    install(&sandbox);
    assert_eq!(commit(&sandbox, "repo").status, 1, "and now it is");
    sandbox.run("repo", "git-kitty-install", ["--uninstall"]).exits(0);
    assert!(hook.exists(), "it was there before");
    assert_eq!(commit(&sandbox, "repo").parts(), (0, "", ""), "`main` is not protected any more");
}

/// A hook that is a link to the one beside it goes on being that, now that both names are ours.
#[test]
fn a_link_to_the_hook_beside_it_runs_that_hook() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    let hook = repo.file(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, "#!/bin/sh\necho ran as $0 >>ran\n").unwrap();
    repo.set_executable(".git/hooks/pre-commit", true);
    std::os::unix::fs::symlink("pre-commit", repo.file(".git/hooks/pre-merge-commit")).unwrap();
    repo.kitty(["init"]).exits(0);
    repo.must(["switch", "-q", "-c", "one"]);
    repo.must(["commit", "-q", "--allow-empty", "-m", "one"]);
    repo.must(["switch", "-q", "-c", "two", "HEAD~"]);
    repo.must(["commit", "-q", "--allow-empty", "-m", "two"]);
    repo.must(["merge", "-q", "one"]);
    let events: Vec<_> = repo.read("ran").lines().map(str::to_owned).collect();
    assert_eq!(events.len(), 3, "{events:?}");
    assert!(events[2].ends_with("pre-merge-commit"), "{events:?}");
}
