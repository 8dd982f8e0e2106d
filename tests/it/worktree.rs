//! The list of worktrees, against `git worktree list`.

use git_kitty::domain::refname::RefName;
use git_kitty::git::{Kind, Repo};

use crate::sandbox::{Sandbox, git_is_at_least};

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

fn expected(sandbox: &Sandbox) -> Vec<String> {
    let text = String::from_utf8(sandbox.git(&["worktree", "list", "--porcelain", "-z"])).unwrap();
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

fn populate(sandbox: &Sandbox) {
    sandbox.git(&["worktree", "add", "-q", "../one", "-b", "one"]);
    sandbox.git(&["worktree", "add", "-q", "../two words", "--detach"]);
    sandbox.git(&["worktree", "add", "-q", "../gone", "-b", "gone"]);
    sandbox.git(&["worktree", "add", "-q", "../kept", "-b", "kept"]);
    sandbox.git(&["worktree", "lock", "../one"]);
    sandbox.git(&["worktree", "lock", "--reason", "on a stick", "../kept"]);
    for path in ["gone", "kept"] {
        std::fs::remove_dir_all(sandbox.home().join(path)).unwrap();
    }
}

#[test]
fn all_worktrees_are_listed_from_everywhere() {
    let mut formats = vec![&[][..]];
    if git_is_at_least(2, 45) {
        formats.push(&["--ref-format=reftable"]);
    }
    for options in formats {
        let sandbox = Sandbox::with_files(options);
        assert_eq!(listed(&sandbox.repo()), expected(&sandbox));
        populate(&sandbox);
        let expected = expected(&sandbox);
        assert_eq!(expected.len(), 5);
        for directory in ["repo", "repo/d", "one", "two words/d"] {
            let seen = sandbox.shared().at(sandbox.home().join(directory));
            assert_eq!(listed(&seen.repo()), expected, "{directory} {options:?}");
        }
        let worktrees = sandbox.repo().worktrees().unwrap();
        let one = worktrees.iter().find(|w| w.path.ends_with("one")).unwrap();
        assert_eq!(one.git_dir, sandbox.path(".git/worktrees/one"));
        assert_eq!(one.branch, Some(RefName::of_branch("one").unwrap()));
    }
}

#[test]
fn a_bare_repository_lists_itself() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = sandbox.home().join("bare.git");
    let sandbox = sandbox.at(bare);
    populate(&sandbox);
    assert_eq!(listed(&sandbox.repo()), expected(&sandbox));
}

#[test]
fn relative_records_are_followed() {
    if !git_is_at_least(2, 48) {
        // What newer gits write.
        let sandbox = Sandbox::with_files(&[]);
        sandbox.git(&["worktree", "add", "-q", "../one", "-b", "one"]);
        sandbox.write(".git/worktrees/one/gitdir", "../../../../one/.git\n");
        let worktrees = sandbox.repo().worktrees().unwrap();
        assert_eq!(worktrees[1].path, sandbox.home().join("one"));
        assert!(!worktrees[1].prunable);
        return;
    }
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["config", "worktree.useRelativePaths", "true"]);
    populate(&sandbox);
    assert_eq!(listed(&sandbox.repo()), expected(&sandbox));
}
