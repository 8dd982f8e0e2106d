//! `git kitty doctor --canary`: proof that hooks run in every worktree, and why they do not.

use serde_json::Value;

use crate::kit::checkout::Checkout;
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};

const HOOK: &str = "reference-transaction";

fn set_up(builder: RepoBuilder) -> Checkout {
    let repo = builder.build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    repo
}

/// Whether git reads hooks from the configuration, so that there are no files to break.
fn has_config_hooks(repo: &Checkout) -> bool {
    repo.sandbox().git_version() >= (2, 54, 0)
}

fn findings(repo: &Checkout, arguments: &[&str]) -> Vec<Value> {
    let words = ["doctor", "--canary", "--format", "json"].iter().chain(arguments);
    let said = repo.program("git-kitty").args(words).run().masked();
    assert_eq!(said.stderr, "", "{said}");
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap().clone();
    let matters =
        |finding: &&Value| finding["severity"] != "info" && finding["outcome"] != "mended";
    assert_eq!(said.status, i32::from(findings.iter().any(|finding| matters(&finding))), "{said}");
    findings
}

fn text<'v>(finding: &'v Value, key: &str) -> &'v str {
    finding[key].as_str().unwrap()
}

/// What the canary itself says, as `CODE SUBJECT: MESSAGE`; nothing is changed by asking.
#[track_caller]
fn heard(repo: &Checkout) -> Vec<String> {
    let before = state(repo);
    let found = findings(repo, &[]);
    assert_unchanged(&before, &state(repo));
    let own = found.iter().filter(|finding| text(finding, "code").starts_with("HOOKS_"));
    let own = own.filter(|finding| text(finding, "code") != "HOOKS_PATH_FOREIGN");
    let line =
        |f: &Value| format!("{} {}: {}", text(f, "code"), text(f, "subject"), text(f, "message"));
    own.map(line).collect()
}

/// The one worktree in which no hook runs, and why.
#[track_caller]
fn silent(repo: &Checkout, worktree: &str, cause: &str) {
    let heard = heard(repo);
    let expected = format!("HOOKS_SILENT [TMP]/{worktree}: git runs no hook of ours for ");
    let fits = |line: &String| line.starts_with(&expected) && line.ends_with(cause);
    assert!(heard.len() == 1 && heard.iter().all(fits), "{heard:#?}\n{expected}…{cause}");
}

#[test]
fn hooks_are_proven_in_every_worktree_and_nothing_is_left() {
    let reftable = RepoBuilder::default().objects(ObjectFormat::Sha256).refs(RefFormat::Reftable);
    for (builder, is_known) in
        [(RepoBuilder::default(), true), (reftable, Sandbox::new().has_reftable())]
    {
        if !is_known {
            continue;
        }
        let repo = set_up(builder);
        let linked = repo.worktree("../linked", "work");
        repo.must(["worktree", "lock", "../linked"]);
        let before = repo.sandbox().bytes("repo/.git/refs");
        for place in [&repo, &linked, &repo.below("src")] {
            assert_eq!(findings(place, &[]), Vec::<Value>::new());
        }
        assert_eq!(repo.sandbox().bytes("repo/.git/refs"), before);
        assert!(!repo.path().join(".git/refs/kitty").exists());
        assert_eq!(repo.ask(["for-each-ref", "refs/kitty"]), "");
    }
}

#[test]
fn bare_and_empty_repositories_and_servers_are_proven() {
    for builder in [RepoBuilder::default().bare(), RepoBuilder::default().files(0)] {
        let repo = set_up(builder);
        assert_eq!(findings(&repo, &[]), Vec::<Value>::new());
    }
    let repo = RepoBuilder::default().bare().build(&Sandbox::new(), "server.git");
    repo.kitty(["install", "--server"]).exits(0);
    assert_eq!(findings(&repo, &[]), Vec::<Value>::new());
    if !has_config_hooks(&repo) {
        repo.set_executable("hooks/pre-receive", false);
        silent(&repo, "server.git", "`[TMP]/server.git/hooks/pre-receive` is not executable");
    }
}

#[test]
fn a_linked_worktree_of_a_bare_repository_is_proven() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.must(["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = Checkout::at(repo.sandbox(), repo.sandbox().root().join("bare.git"));
    bare.kitty(["init"]).exits(0);
    let linked = bare.worktree("../linked", "work");
    assert_eq!(findings(&linked, &[]), Vec::<Value>::new());
    bare.must(["config", "extensions.worktreeConfig", "true"]);
    linked.must(["config", "--worktree", "core.hooksPath", "/nowhere"]);
    if !has_config_hooks(&repo) {
        let set = "the worktree's own configuration sets `core.hooksPath` to `/nowhere`, and there is no `/nowhere/pre-commit`";
        silent(&bare, "linked", set);
    }
}

#[test]
fn the_reserved_ref_is_refused_to_everybody_and_can_always_go() {
    let repo = set_up(RepoBuilder::default());
    let name = "refs/kitty/canary/x";
    let said = repo.git(["update-ref", name, "HEAD"]).exits(128);
    let refusal = "error: the hooks of git-kitty 0.1.0 run: they refuse `refs/kitty/canary/x` always [CANARY_REFUSED]\n";
    assert!(said.stderr.starts_with(refusal), "{said}");
    repo.must(["update-ref", "refs/kitty/canaryx", "HEAD"]);
    // One that came past the hooks is in nobody's way.
    repo.unhooked(["update-ref", name, "HEAD"]).run().exits(0);
    repo.must(["pack-refs", "--all"]);
    repo.must(["update-ref", "-d", name]);
    assert_eq!(findings(&repo, &[]), Vec::<Value>::new());
}

#[test]
fn each_cause_is_named() {
    let managers = [
        ("husky", "#!/usr/bin/env sh\n# husky\n"),
        ("lefthook", "#!/bin/sh\ntrue || call_lefthook run\n"),
        (
            "pre-commit",
            "#!/usr/bin/env bash\n# File generated by pre-commit: https://pre-commit.com\n",
        ),
    ];
    let repo = set_up(RepoBuilder::default());
    if has_config_hooks(&repo) {
        return;
    }
    let file = format!(".git/hooks/{HOOK}");
    let at = format!("`[TMP]/repo/{file}`");
    let breaks = |text: &str| {
        std::fs::remove_file(repo.file(&file)).unwrap();
        repo.write(&file, text);
        repo.set_executable(&file, true);
    };
    for (manager, script) in managers {
        breaks(&format!("{script}exit 0\n"));
        silent(&repo, "repo", &format!("{at} is {manager}'s hook"));
    }
    breaks("#!/bin/sh\nexit 0\n");
    silent(&repo, "repo", &format!("{at} is another tool's hook"));
    breaks("#!/bin/sh\n# [git-kitty hook reference-transaction 0.0.9]\n");
    silent(&repo, "repo", &format!("{at} is of another version, 0.0.9, and did not answer"));
    repo.set_executable(&file, false);
    silent(&repo, "repo", &format!("{at} is not executable"));
    std::fs::remove_file(repo.file(&file)).unwrap();
    silent(&repo, "repo", &format!("there is no {at}"));
    repo.symlink(&file, "/gone");
    silent(&repo, "repo", &format!("{at} is a link that leads nowhere"));
    std::fs::remove_file(repo.file(&file)).unwrap();
    let outcomes: Vec<String> = findings(&repo, &["--fix"])
        .iter()
        .map(|finding| format!("{} {}", text(finding, "code"), text(finding, "outcome")))
        .collect();
    assert_eq!(outcomes, ["HOOK_MISSING mended", "HOOKS_SILENT mended"]);
    assert_eq!(findings(&repo, &[]), Vec::<Value>::new());
}

#[test]
fn a_hooks_path_is_told_with_where_it_comes_from() {
    let repo = set_up(RepoBuilder::default());
    if has_config_hooks(&repo) {
        return;
    }
    let linked = repo.worktree("../linked", "work");
    repo.must(["config", "core.hooksPath", ".husky/_"]);
    repo.kitty(["install"]).exits(0);
    assert_eq!(heard(&repo), Vec::<String>::new());
    std::fs::remove_dir_all(linked.path().join(".husky")).unwrap();
    let cause = "`core.hooksPath` is relative (`.husky/_`), leads here to `[TMP]/linked/.husky/_`, \
                 and there is no `[TMP]/linked/.husky/_/pre-commit`";
    silent(&repo, "linked", cause);
    linked.write(".husky/_/h", "#!/usr/bin/env sh\n# husky\n");
    let cause = "and there is no `pre-commit` in `[TMP]/linked/.husky/_`, which is husky's";
    silent(&repo, "linked", cause);
    std::fs::remove_dir_all(linked.path().join(".husky")).unwrap();
    repo.must(["config", "--unset", "core.hooksPath"]);
    repo.kitty(["install"]).exits(0);
    let said = repo.git(["-c", "core.hooksPath=/x", "kitty", "doctor", "--canary"]).exits(1);
    let cause = "here: the command configuration sets `core.hooksPath` to `/x`, and there is no `/x/pre-commit`\n";
    assert_eq!(said.stdout.matches(cause).count(), 2, "{said}");
    repo.must(["config", "--global", "core.hooksPath", "/y"]);
    let global = "here: the global configuration sets `core.hooksPath` to `/y`, and there is no `/y/pre-commit`";
    let heard = heard(&repo);
    assert!(heard.len() == 2 && heard.iter().all(|line| line.ends_with(global)), "{heard:?}");
    let fixed = findings(&repo, &["--fix"]);
    assert!(fixed.iter().all(|finding| finding["outcome"] == "left"), "{fixed:?}");
}

#[test]
fn worktrees_that_are_not_there_are_told_and_not_errors() {
    let repo = set_up(RepoBuilder::default());
    let gone = repo.worktree("../gone", "gone");
    let elsewhere = repo.worktree("../stick", "stick");
    repo.worktree("below", "below");
    repo.must(["worktree", "lock", "--reason", "on a stick", "../stick"]);
    std::fs::remove_dir_all(gone.path()).unwrap();
    std::fs::remove_dir_all(elsewhere.path()).unwrap();
    // What is around it would answer in its place.
    std::fs::remove_file(repo.file("below/.git")).unwrap();
    let heard = heard(&repo);
    let not = "its directory is gone or on another machine";
    let expected = [
        format!("HOOKS_NOT_ASKED [TMP]/repo/below: {not}"),
        format!("HOOKS_NOT_ASKED [TMP]/gone: {not}"),
        format!("HOOKS_NOT_ASKED [TMP]/stick: {not}, and it is locked: on a stick"),
    ];
    assert_eq!(heard, expected);
}

#[test]
fn hooks_of_others_are_not_run_and_their_refusal_is_no_proof() {
    let repo = set_up(RepoBuilder::default());
    if has_config_hooks(&repo) {
        return;
    }
    let sandbox = repo.sandbox();
    let ours = repo.file(".git/hooks/pre-commit");
    std::fs::remove_file(&ours).unwrap();
    sandbox.hook("repo/.git/hooks/pre-commit", "#!/bin/sh\necho ran >>\"$HOME/ran\"\nexit 1\n");
    silent(&repo, "repo", "`[TMP]/repo/.git/hooks/pre-commit` is another tool's hook");
    repo.kitty(["install"]).exits(0);
    assert_eq!(heard(&repo), Vec::<String>::new(), "ours answers before the one that it runs");
    assert!(!sandbox.at("home/ran").exists());
    let chained = format!("repo/.git/hooks/{HOOK}.git-kitty-chained");
    sandbox.hook(&chained, "#!/bin/sh\necho not today >&2\nexit 1\n");
    let doubt = format!(
        "HOOKS_UNPROVEN [TMP]/repo: whether ours runs for `{HOOK}` here cannot be told: not today"
    );
    assert_eq!(heard(&repo), [doubt]);
    std::fs::remove_file(sandbox.at(&chained)).unwrap();
    sandbox.hook(&format!("repo/.git/hooks/{HOOK}"), "#!/no/such/interpreter\n");
    let heard = heard(&repo);
    assert!(heard[0].starts_with("HOOKS_UNPROVEN [TMP]/repo: "), "{heard:?}");
    let fixed = findings(&repo, &["--fix"]);
    assert!(fixed.iter().any(|finding| text(finding, "code") == "HOOKS_UNPROVEN"), "{fixed:?}");
}

#[test]
fn hooks_in_the_configuration_are_asked_by_a_move() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    if has_config_hooks(&repo) {
        return;
    }
    repo.sandbox().upgrade_git();
    repo.program("git-kitty").args(["init"]).run().exits(0);
    let path = format!("`[TMP]/repo/.git/kitty/bin/git-kitty-hook-{HOOK}`");
    silent(&repo, "repo", &format!("{path} is ours, and did not answer"));
    std::fs::remove_file(repo.file(format!(".git/kitty/bin/git-kitty-hook-{HOOK}"))).unwrap();
    silent(&repo, "repo", &format!("there is no {path}"));
    std::fs::remove_file(repo.sandbox().at("newer/git")).unwrap();
    let (major, minor, patch) = repo.sandbox().git_version();
    let old = format!("which git {major}.{minor}.{patch} does not read hooks from");
    silent(&repo, "repo", &format!("the configuration names it, {old}"));
}

#[test]
fn what_is_not_set_up_is_not_asked() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    assert_eq!(heard(&repo), Vec::<String>::new());
    repo.kitty(["install", "--doors", "pre-commit"]).exits(0);
    assert_eq!(heard(&repo), Vec::<String>::new(), "what is left out, DOORS_LOOSENED tells");
}
