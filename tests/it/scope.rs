//! `git kitty scope`, and commits on a branch that has one.

use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::{Scene, codes};

/// A repository that is set up, with the branch `own` checked out.
fn guarded() -> Checkout {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    repo.must(["switch", "-q", "-c", "own"]);
    repo
}

fn globs(repo: &Checkout) -> String {
    repo.kitty(["scope", "list"]).exits(0).stdout
}

#[test]
fn globs_are_added_shown_and_cleared() {
    let repo = guarded();
    let none = "own has no scope: it may touch everything\n";
    let all = "own may touch:\n  src/a/**\n  docs/\n";
    assert_eq!(globs(&repo), none);
    let added = repo.kitty(["scope", "add", "src/a/**", "docs/"]);
    assert_eq!(
        added.to_string(),
        format!("$ git kitty scope add 'src/a/**' docs/\n{all}[exit 0]\n")
    );
    let again = repo.kitty(["scope", "add", "docs/", "src/a/**"]);
    assert_eq!(again.parts(), (0, all, ""), "each counts once");
    assert_eq!(globs(&repo), all);
    let json = repo.kitty(["--format", "json", "scope", "list"]);
    let expected =
        "{\"schema\":1,\"branch\":\"own\",\"globs\":[\"src/a/**\",\"docs/\"],\"warnings\":[]}\n";
    assert_eq!(json.parts(), (0, expected, ""));
    assert_eq!(repo.kitty(["scope", "clear"]).parts(), (0, none, ""));
    assert_eq!(
        repo.kitty(["scope", "clear", "--format=json"]).parts(),
        (0, "{\"schema\":1,\"branch\":\"own\",\"globs\":[],\"warnings\":[]}\n", "")
    );
    assert_eq!(globs(&repo), none);
}

#[test]
fn a_lock_that_was_left_on_the_config_is_named() {
    let repo = guarded();
    repo.kitty(["scope", "add", "src/**"]).exits(0);
    repo.write(".git/config.lock", "");
    for words in [&["scope", "add", "docs/"][..], &["scope", "clear"]] {
        let said = repo.kitty(words).exits(4);
        assert_eq!(codes(&said), ["FILE_LOCKED"], "{said}");
        assert!(said.stderr.contains("/.git/config.lock`"), "{said}");
    }
    std::fs::remove_file(repo.file(".git/config.lock")).unwrap();
    assert_eq!(globs(&repo), "own may touch:\n  src/**\n");
}

#[test]
fn a_scope_belongs_to_a_branch_in_all_worktrees() {
    let repo = guarded();
    let linked = repo.worktree("../linked", "other");
    repo.kitty(["scope", "add", "src/**"]).exits(0);
    linked.kitty(["scope", "add", "docs/**"]).exits(0);
    linked.kitty(["scope", "add", "--branch", "own", "lib/**"]).exits(0);
    let own = "own may touch:\n  src/**\n  lib/**\n";
    assert_eq!(globs(&repo), own);
    assert_eq!(linked.kitty(["scope", "list", "--branch", "own"]).stdout, own);
    assert_eq!(globs(&linked.below("src")), "other may touch:\n  docs/**\n");
    linked.kitty(["scope", "--branch=own", "clear"]).exits(0);
    assert_eq!(globs(&repo), "own has no scope: it may touch everything\n");
}

#[test]
fn renaming_and_deleting_the_branch_take_it_along() {
    let repo = guarded();
    repo.kitty(["scope", "add", "src/**"]).exits(0);
    repo.must(["branch", "-m", "new.name/x"]);
    assert_eq!(globs(&repo), "new.name/x may touch:\n  src/**\n");
    repo.stage(&[("other", "x\n")]);
    assert_eq!(codes(&repo.git(["commit", "-m", "x"])), ["SCOPE_VIOLATION"]);
    repo.must(["switch", "-q", "-c", "third"]);
    repo.must(["branch", "-q", "-D", "new.name/x"]);
    assert_eq!(globs(&repo), "third has no scope: it may touch everything\n");
    repo.must(["branch", "new.name/x"]);
    repo.must(["switch", "-q", "new.name/x"]);
    assert_eq!(globs(&repo), "new.name/x has no scope: it may touch everything\n");
}

#[test]
fn globs_that_could_never_match_are_refused_before_anything_is_written() {
    let repo = guarded();
    let before = state(&repo);
    for (glob, what) in [
        ("", "it is empty"),
        (" ", "it is empty"),
        ("/src/**", "paths count from the top of the repository, without `/` in front or `..`"),
        ("src/../x", "paths count from the top of the repository, without `/` in front or `..`"),
    ] {
        let said = repo.kitty(["scope", "add", "good/**", glob]);
        let expected = format!(
            "error: the glob `{glob}` cannot be used: {what} [SCOPE_GLOB_INVALID]\n\
             hint: give a glob such as 'src/pay/**', quoted for the shell\n"
        );
        assert_eq!(said.parts(), (2, "", expected.as_str()));
    }
    for glob in ["a[", "a{b", "src/[z-a]"] {
        assert_eq!(
            codes(&repo.kitty(["scope", "add", glob]).exits(2)),
            ["SCOPE_GLOB_INVALID"],
            "{glob}"
        );
    }
    assert_unchanged(&before, &state(&repo));
}

#[test]
fn missions_say_themselves_what_their_branches_may_touch() {
    let scene = Scene::new(Topology::Split);
    let before = state(&scene.repo);
    for branch in [scene.mission.branch(), scene.mission.lane_branch("lane-b")] {
        let said = scene.repo.kitty(["scope", "add", "--branch", &branch, "src/**"]);
        assert_eq!((said.status, codes(&said)), (1, vec!["SCOPE_ON_MISSION_BRANCH".to_owned()]));
    }
    assert_eq!(codes(&scene.lane.kitty(["scope", "add", "x"])), ["SCOPE_ON_MISSION_BRANCH"]);
    assert_unchanged(&before, &state(&scene.repo));
}

#[test]
fn a_detached_head_has_no_scope() {
    let repo = guarded();
    repo.must(["switch", "-q", "--detach"]);
    for action in [&["list"][..], &["add", "x"], &["clear"]] {
        let said = repo.call(["kitty", "scope"]).args(action).run();
        let expected = "error: HEAD is detached: no branch is checked out [NO_BRANCH]\n\
            hint: switch to a branch, or name one with `--branch B`\n";
        assert_eq!(said.parts(), (1, "", expected));
    }
    repo.kitty(["scope", "list", "--branch", "own"]).exits(0);
}

#[test]
fn commits_out_of_scope_are_refused_and_the_others_pass() {
    let repo = guarded();
    repo.kitty(["scope", "add", "src/cart/**", "*.md"]).exits(0);
    repo.stage(&[("src/cart/total.rs", "x\n"), ("README.md", "x\n")]);
    assert_eq!(
        repo.git(["commit", "-q", "-m", "x"]).to_string(),
        "$ git commit -q -m x\n[exit 0]\n"
    );
    repo.stage(&[("src/cart/total.rs", "y\n"), ("src/pay/refund.rs", "x\n"), ("docs/a.md", "x\n")]);
    repo.must(["mv", "src/0000/file_0.txt", "src/cart/file"]);
    let before = state(&repo);
    let expected = "$ git commit -q -m x\n\
        ! error: 3 paths are outside of the scope of `own` [SCOPE_VIOLATION]\n\
        !   docs/a.md\n\
        !   src/0000/file_0.txt\n\
        !   src/pay/refund.rs\n\
        !   scope: src/cart/**, *.md\n\
        ! hint: widen the scope with `git kitty scope add GLOB`, or leave the path out of the commit: \
        `git restore --staged docs/a.md src/0000/file_0.txt src/pay/refund.rs`\n";
    let expected = format!("{expected}! {}[exit 1]\n", crate::scene::last_resort("own"));
    assert_eq!(repo.git(["commit", "-q", "-m", "x"]).to_string(), expected);
    assert_unchanged(&before, &state(&repo));
    repo.kitty(["scope", "clear"]).exits(0);
    repo.must(["commit", "-q", "-m", "x"]);
}

#[test]
fn names_of_branches_may_hold_what_git_lets_them() {
    let repo = guarded();
    for name in
        ["v1.2.x", "a/b/c.d", "it's", "q\"uote", "\u{fc}n\u{ef}", "a$b;c", "UPPER", "x.kittyScope"]
    {
        repo.must(["switch", "-q", "-c", name, "main"]);
        repo.kitty(["scope", "add", "src/**"]).exits(0);
        assert_eq!(globs(&repo), format!("{name} may touch:\n  src/**\n"));
        repo.stage(&[("other", "x\n")]);
        let output = repo.git(["commit", "-q", "-m", "x"]).exits(1);
        let first = format!("error: 1 path is outside of the scope of `{name}` [SCOPE_VIOLATION]");
        assert_eq!(output.stderr.lines().next(), Some(first.as_str()));
        repo.must(["rm", "-q", "--cached", "other"]);
        repo.stage(&[("src/in", name)]);
        repo.must(["commit", "-q", "-m", "x"]);
    }
    repo.must(["switch", "-q", "-c", "upper", "main"]);
    assert_eq!(
        globs(&repo),
        "upper has no scope: it may touch everything\n",
        "names keep their case"
    );
}
