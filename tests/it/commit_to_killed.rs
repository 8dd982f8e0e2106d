//! `git kitty commit`, killed at each step.

use git_kitty::git::crash;

use crate::commit_to::{commit, desk, status};
use crate::kit::checkout::Checkout;

/// The state that matters: what is committed, staged and changed, and what lies beside the index.
fn seen(repo: &Checkout) -> (String, String, String) {
    let index = repo.ask(["ls-files", "--stage"]);
    (repo.ask(["rev-parse", "HEAD^{tree}"]), index, status(repo))
}

fn beside_the_index(repo: &Checkout) -> Vec<String> {
    let names = std::fs::read_dir(repo.file(".git")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("index")).collect();
    names.sort();
    names
}

/// A desk with something in every state, and what it is to become.
fn begun() -> Checkout {
    let repo = desk();
    repo.stage(&[("a", "staged\n"), ("d/x", "staged\n"), ("d/gone", "x\n")]);
    repo.write("d/x", "mine\n");
    std::fs::remove_file(repo.file("d/gone")).unwrap();
    std::fs::remove_file(repo.file("d/y")).unwrap();
    repo.write("d/new", "new\n");
    repo.write("marked", "m\n");
    repo.must(["add", "-N", "marked"]);
    repo
}

fn listens(repo: &Checkout) {
    let hook = ".git/hooks/reference-transaction";
    repo.write(hook, "#!/bin/sh\nexit 0\n");
    repo.set_executable(hook, true);
}

fn killed_at(step: &str, is_hooked: bool) {
    let (repo, undisturbed) = (begun(), begun());
    commit(&undisturbed, &["d"]).exits(0);
    if is_hooked {
        listens(&repo);
    }
    let before = seen(&repo);
    let words = ["kitty", "commit", "--to-branch", "work", "-m", "Take it", "d"];
    let output = repo.call(words).env("GIT_KITTY_CRASH", step).run();
    if output.status == 0 {
        assert!(is_hooked, "{step} was not come to");
        return;
    }
    output.exits(128 + 6);
    let is_made = repo.ask(["rev-parse", "HEAD^{tree}"]) != before.0;
    // Git does not commit the other way round what was left.
    if is_made && step != "commit-ended" {
        assert_ne!(repo.git(["commit", "-q", "-m", "by hand"]).status, 0, "{step}");
    }
    // Any command that writes puts it right, also one that is refused.
    repo.kitty(["mission", "create", "x", "--target", "nowhere"]).exits(1);
    if is_made {
        assert_eq!(seen(&repo), seen(&undisturbed), "{step}");
        assert_eq!(beside_the_index(&repo), ["index"], "{step}");
    } else {
        assert_eq!(seen(&repo), before, "{step}");
        commit(&repo, &["d"]).exits(0);
        assert_eq!(seen(&repo), seen(&undisturbed), "{step}");
        assert_eq!(beside_the_index(&repo), ["index"], "{step}");
    }
    repo.must(["fsck", "--strict"]);
}

#[test]
fn killed_at_any_step_it_is_done_or_not_begun_after_the_next_command() {
    for step in crash::COMMIT.iter().chain(crash::PUBLISH) {
        killed_at(step, false);
    }
    killed_at(crash::UNDER_LOCK, false);
}

#[test]
fn what_was_written_half_goes_away() {
    let words = ["kitty", "commit", "--to-branch", "work", "-m", "Take it", "d"];
    for durability in ["full", "git"] {
        let repo = begun();
        repo.must(["config", "kitty.durability", durability]);
        repo.call(words).env("GIT_KITTY_CRASH", crash::UNDER_LOCK).run().exits(128 + 6);
        repo.kitty(["doctor", "--fix"]).exits(0);
        assert_eq!(beside_the_index(&repo), ["index"], "{durability}");
    }
}

#[test]
fn the_same_where_others_are_asked() {
    for step in
        ["before-journal", "after-journal", "after-renames", "after-publish", "commit-announced"]
    {
        killed_at(step, true);
    }
}

#[test]
fn the_next_commit_finishes_the_last_one() {
    let repo = begun();
    let words = ["kitty", "commit", "--to-branch", "work", "-m", "Take it", "d"];
    repo.call(words).env("GIT_KITTY_CRASH", "commit-published").run().exits(128 + 6);
    repo.write("b.txt", "1\n");
    commit(&repo, &["b.txt"]).exits(0);
    assert_eq!(status(&repo), "M  a\n A marked");
}

#[test]
fn doctor_finishes_it_as_well() {
    let repo = begun();
    let words = ["kitty", "commit", "--to-branch", "work", "-m", "Take it", "d"];
    repo.call(words).env("GIT_KITTY_CRASH", "commit-published").run().exits(128 + 6);
    repo.kitty(["doctor", "--fix"]).exits(0);
    assert_eq!(status(&repo), "M  a\n A marked");
}

#[test]
fn what_somebody_did_meanwhile_stays() {
    let repo = begun();
    let words = ["kitty", "commit", "--to-branch", "work", "-m", "Take it", "d"];
    repo.call(words).env("GIT_KITTY_CRASH", "commit-published").run().exits(128 + 6);
    std::fs::remove_file(repo.file(".git/index.lock")).unwrap();
    repo.stage(&[("d/x", "later\n")]);
    repo.kitty(["mission", "create", "x", "--target", "nowhere"]).exits(1);
    assert_eq!(status(&repo), "M  a\nM  d/x\n A marked");
    // On another branch nothing is entered.
    let repo = begun();
    repo.must(["branch", "other"]);
    repo.call(words).env("GIT_KITTY_CRASH", "commit-published").run().exits(128 + 6);
    std::fs::remove_file(repo.file(".git/index.lock")).unwrap();
    repo.must(["symbolic-ref", "HEAD", "refs/heads/other"]);
    let before = repo.ask(["ls-files", "--stage"]);
    repo.kitty(["mission", "create", "x", "--target", "nowhere"]).exits(1);
    assert_eq!(repo.ask(["ls-files", "--stage"]), before);
}

#[test]
fn two_at_once_are_both_made_or_refused_with_a_code() {
    let repo = desk();
    for number in 0..4 {
        repo.write(format!("n{number}"), "1\n");
    }
    let outputs: Vec<_> = std::thread::scope(|scope| {
        let one = |number: u32| {
            let repo = repo.clone();
            scope.spawn(move || commit(&repo, &[&format!("n{number}")]))
        };
        let started: Vec<_> = (0..4).map(one).collect();
        started.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let made = outputs.iter().filter(|output| output.status == 0).count();
    assert!(made > 0);
    assert!(outputs.iter().all(|output| matches!(output.status, 0 | 4)), "{outputs:?}");
    assert_eq!(repo.ask(["rev-list", "--count", "main..work"]), made.to_string());
    assert_eq!(status(&repo).lines().filter(|line| line.starts_with("??")).count(), 4 - made);
    assert_eq!(beside_the_index(&repo), ["index"]);
}
