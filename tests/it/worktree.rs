//! The list of worktrees, against `git worktree list`.

use git_kitty::domain::refname::RefName;
use git_kitty::git::{Kind, Repo};

use crate::kit::checkout::Checkout;
use crate::kit::library::{git_is_at_least, with_files, with_files_in};
use crate::kit::repo::{RefFormat, RepoBuilder};

/// In the words of `git worktree list --porcelain`, sorted, without object ids.
fn listed(repo: &Repo) -> Vec<String> {
    let mut lines: Vec<String> = repo
        .worktrees()
        .unwrap()
        .into_iter()
        .map(|worktree| {
            let head = match (worktree.kind, &worktree.branch) {
                (Kind::Bare, _) => " bare".to_owned(),
                (Kind::Main | Kind::Linked, None) => " detached".to_owned(),
                (Kind::Main | Kind::Linked, Some(branch)) => format!(" branch {branch}"),
            };
            let locked = worktree.locked.map(|why| format!(" locked {why}").trim_end().to_owned());
            let prunable = if worktree.prunable { " prunable" } else { "" };
            let path = worktree.path.display();
            format!("{path}{head}{}{prunable}", locked.unwrap_or_default())
        })
        .collect();
    lines.sort();
    lines
}

fn expected(checkout: &Checkout) -> Vec<String> {
    let text = checkout.ask(["worktree", "list", "--porcelain", "-z"]);
    let mut lines: Vec<String> = text
        .split("\0\0")
        .filter(|record| !record.is_empty())
        .map(|record| {
            let words = record.split('\0').filter(|word| !word.starts_with("HEAD "));
            let words = words.map(|word| match word.strip_prefix("worktree ") {
                Some(path) => path.to_owned(),
                None if word.starts_with("prunable ") => " prunable".to_owned(),
                None => format!(" {word}"),
            });
            words.collect()
        })
        .collect();
    lines.sort();
    lines
}

fn populate(checkout: &Checkout) {
    checkout.must(["worktree", "add", "-q", "../one", "-b", "one"]);
    checkout.must(["worktree", "add", "-q", "../two words", "--detach"]);
    checkout.must(["worktree", "add", "-q", "../gone", "-b", "gone"]);
    checkout.must(["worktree", "add", "-q", "../kept", "-b", "kept"]);
    checkout.must(["worktree", "lock", "../one"]);
    checkout.must(["worktree", "lock", "--reason", "on a stick", "../kept"]);
    for path in ["gone", "kept"] {
        std::fs::remove_dir_all(checkout.sandbox().root().join(path)).unwrap();
    }
}

#[test]
fn all_worktrees_are_listed_from_everywhere() {
    let mut formats = vec![RefFormat::Files];
    if git_is_at_least(2, 45) {
        formats.push(RefFormat::Reftable);
    }
    for refs in formats {
        let checkout = with_files_in(RepoBuilder::default().refs(refs));
        assert_eq!(listed(&checkout.open()), expected(&checkout));
        populate(&checkout);
        let expected = expected(&checkout);
        assert_eq!(expected.len(), 5);
        for directory in ["repo", "repo/d", "one", "two words/d"] {
            let seen = checkout.below(checkout.sandbox().root().join(directory));
            assert_eq!(listed(&seen.open()), expected, "{directory} {refs:?}");
        }
        let worktrees = checkout.open().worktrees().unwrap();
        let one = worktrees.iter().find(|w| w.path.ends_with("one")).unwrap();
        assert_eq!(one.git_dir, checkout.file(".git/worktrees/one"));
        assert_eq!(one.branch, Some(RefName::of_branch("one").unwrap()));
    }
}

#[test]
fn a_bare_repository_lists_itself() {
    let checkout = with_files();
    checkout.must(["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = checkout.sandbox().root().join("bare.git");
    let checkout = checkout.below(bare);
    populate(&checkout);
    assert_eq!(listed(&checkout.open()), expected(&checkout));
}

#[test]
fn relative_records_are_followed() {
    if !git_is_at_least(2, 48) {
        // What newer gits write.
        let checkout = with_files();
        checkout.must(["worktree", "add", "-q", "../one", "-b", "one"]);
        checkout.write(".git/worktrees/one/gitdir", "../../../../one/.git\n");
        let worktrees = checkout.open().worktrees().unwrap();
        assert_eq!(worktrees[1].path, checkout.sandbox().root().join("one"));
        assert!(!worktrees[1].prunable);
        return;
    }
    let checkout = with_files();
    checkout.must(["config", "worktree.useRelativePaths", "true"]);
    populate(&checkout);
    assert_eq!(listed(&checkout.open()), expected(&checkout));
}
