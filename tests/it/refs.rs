//! Reading refs, in both backends.

use std::os::unix::fs::symlink;

use git_kitty::domain::refname::RefName;
use git_kitty::git::Head;

use crate::sandbox::{Sandbox, git_is_at_least};

/// Both backends, as far as the git under test has them.
fn each_backend(test: fn(&Sandbox)) {
    test(&Sandbox::new(&[]));
    if git_is_at_least(2, 45) {
        test(&Sandbox::new(&["--ref-format=reftable"]));
    }
}

fn name(text: impl AsRef<[u8]>) -> RefName {
    RefName::new(text.as_ref()).unwrap()
}

fn commit(sandbox: &Sandbox) {
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
}

#[test]
fn an_empty_repository_is_unborn_and_has_nothing() {
    each_backend(|sandbox| {
        let repo = sandbox.repo();
        assert_eq!(repo.head().unwrap(), Head::Branch { name: name("refs/heads/main"), tip: None });
        assert!(repo.is_empty_repository().unwrap());
        assert_eq!(repo.list("").unwrap(), []);
        commit(sandbox);
        assert!(!sandbox.repo().is_empty_repository().unwrap());
        sandbox.git(&["checkout", "-q", "--orphan", "fresh"]);
        let repo = sandbox.repo();
        assert_eq!(repo.head().unwrap().tip(), None);
        assert!(!repo.is_empty_repository().unwrap());
    });
}

#[test]
fn head_is_followed_to_the_final_name() {
    each_backend(|sandbox| {
        commit(sandbox);
        let tip = sandbox.oid("HEAD");
        sandbox.git(&["branch", "lane"]);
        sandbox.git(&["symbolic-ref", "refs/heads/alias", "refs/heads/lane"]);
        sandbox.git(&["symbolic-ref", "HEAD", "refs/heads/alias"]);
        let repo = sandbox.repo();
        let lane = name("refs/heads/lane");
        assert_eq!(repo.head().unwrap(), Head::Branch { name: lane.clone(), tip: Some(tip) });
        assert_eq!(repo.find(&name("refs/heads/alias")).unwrap(), Some(tip));
        assert_eq!(repo.find(&name("HEAD")).unwrap(), Some(tip));
        assert_eq!(repo.symbolic(&name("HEAD")).unwrap(), Some(name("refs/heads/alias")));
        assert_eq!(repo.symbolic(&name("refs/heads/alias")).unwrap(), Some(lane.clone()));
        assert_eq!(repo.symbolic(&lane).unwrap(), None);
        assert_eq!(repo.symbolic(&name("refs/heads/none")).unwrap(), None);
        sandbox.git(&["symbolic-ref", "refs/heads/alias", "refs/heads/unborn"]);
        let unborn = Head::Branch { name: name("refs/heads/unborn"), tip: None };
        assert_eq!(sandbox.repo().head().unwrap(), unborn);
        assert_eq!(sandbox.repo().find(&name("refs/heads/alias")).unwrap(), None);
        sandbox.git(&["checkout", "-q", "--detach", "main"]);
        assert_eq!(sandbox.repo().head().unwrap(), Head::Detached { tip });
    });
}

#[test]
fn refs_are_found_by_their_full_name_only() {
    each_backend(|sandbox| {
        commit(sandbox);
        let tip = sandbox.oid("HEAD");
        for branch in ["a", "b/c", "b/d", "bc"] {
            sandbox.git(&["branch", branch]);
        }
        sandbox.git(&["tag", "refs/heads/trap"]);
        sandbox.git(&["pack-refs", "--all"]);
        sandbox.git(&["branch", "loose"]);
        sandbox.git(&["symbolic-ref", "refs/heads/dangling", "refs/heads/none"]);
        let repo = sandbox.repo();
        assert_eq!(repo.find(&name("refs/heads/b/c")).unwrap(), Some(tip));
        assert_eq!(repo.find(&name("refs/heads/loose")).unwrap(), Some(tip));
        for none in ["refs/heads/b", "refs/heads/trap", "refs/heads/dangling", "refs/main"] {
            assert_eq!(repo.find(&name(none)).unwrap(), None, "{none}");
        }
        let list = |prefix| {
            let refs = repo.list(prefix).unwrap();
            assert!(refs.iter().all(|(_, oid)| *oid == tip));
            refs.into_iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(list("refs/heads/b"), ["refs/heads/b/c", "refs/heads/b/d", "refs/heads/bc"]);
        assert_eq!(list("refs/heads/b/"), ["refs/heads/b/c", "refs/heads/b/d"]);
        assert_eq!(list("refs/heads/loose"), ["refs/heads/loose"]);
        assert_eq!(list("refs/none/"), [""; 0]);
        assert_eq!(list("").len(), 7);
    });
}

#[test]
fn names_of_any_bytes_survive() {
    let sandbox = Sandbox::new(&[]);
    commit(&sandbox);
    let odd = RefName::of_branch(b"d\xff/\xc3\xa9'\"$(x)").unwrap();
    let tip = sandbox.line(&["rev-parse", "HEAD"]);
    sandbox.write([&b".git/"[..], odd.as_bytes()].concat(), format!("{tip}\n"));
    sandbox.write(".git/HEAD", [b"ref: ", odd.as_bytes(), b"\n"].concat());
    let tip = Some(sandbox.oid("HEAD"));
    assert_eq!(sandbox.repo().head().unwrap(), Head::Branch { name: odd.clone(), tip });
    sandbox.git(&["pack-refs", "--all"]);
    assert_eq!(sandbox.repo().find(&odd).unwrap(), tip);
    assert!(sandbox.repo().list("refs/heads/").unwrap().iter().any(|(name, _)| *name == odd));
}

#[test]
fn symbolic_refs_may_be_links_of_the_file_system() {
    let sandbox = Sandbox::new(&[]);
    commit(&sandbox);
    let head = sandbox.path(".git/HEAD");
    std::fs::remove_file(&head).unwrap();
    symlink("refs/heads/main", &head).unwrap();
    assert_eq!(sandbox.line(&["symbolic-ref", "HEAD"]), "refs/heads/main");
    assert_eq!(sandbox.repo().head().unwrap().branch(), Some(&name("refs/heads/main")));
    symlink("main", sandbox.path(".git/refs/heads/other")).unwrap();
    assert_eq!(sandbox.repo().find(&name("refs/heads/other")).unwrap(), Some(sandbox.oid("HEAD")));
}

#[test]
fn endless_and_damaged_chains_are_errors() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write(".git/refs/heads/a", "ref: refs/heads/b\n");
    sandbox.write(".git/refs/heads/b", "ref: refs/heads/a\n");
    sandbox.write(".git/refs/heads/c", "no id\n");
    sandbox.write(".git/HEAD", "ref: refs/heads/a\n");
    assert!(sandbox.repo().head().is_err());
    assert!(sandbox.repo().find(&name("refs/heads/c")).is_err());
}

#[test]
fn a_linked_worktree_has_its_own_head() {
    each_backend(|sandbox| {
        commit(sandbox);
        sandbox.git(&["worktree", "add", "-q", "../linked", "-b", "l"]);
        let linked = sandbox.shared().at(sandbox.home().join("linked"));
        assert_eq!(linked.repo().head().unwrap().branch(), Some(&name("refs/heads/l")));
        assert_eq!(sandbox.repo().head().unwrap().branch(), Some(&name("refs/heads/main")));
        assert!(linked.repo().find(&name("refs/heads/main")).unwrap().is_some());
    });
}

#[test]
fn what_is_under_way_is_told() {
    each_backend(|sandbox| {
        for (branch, text) in [("main", "base"), ("o", "theirs"), ("p", "others")] {
            sandbox.output(&["checkout", "-qb", branch, "main"]);
            sandbox.write(if branch == "p" { "p" } else { "a" }, text);
            sandbox.git(&["add", "-A"]);
            sandbox.git(&["commit", "-qm", branch]);
        }
        sandbox.git(&["checkout", "-q", "main"]);
        sandbox.write("a", "ours");
        sandbox.git(&["commit", "-qam", "ours"]);
        assert_eq!(sandbox.repo().merge_heads().unwrap(), []);
        sandbox.git(&["merge", "-q", "--no-commit", "-s", "ours", "o", "p"]);
        let heads = [sandbox.oid("o"), sandbox.oid("p")];
        assert_eq!(sandbox.repo().merge_heads().unwrap(), heads);
        sandbox.git(&["merge", "--abort"]);
        for backend in ["--merge", "--apply"] {
            assert_eq!(sandbox.repo().rebasing().unwrap(), None);
            assert!(!sandbox.output(&["rebase", backend, "o"]).status.success());
            assert_eq!(sandbox.repo().rebasing().unwrap(), Some(name("refs/heads/main")));
            assert!(sandbox.repo().head().unwrap().branch().is_none());
            sandbox.git(&["rebase", "--abort"]);
        }
        sandbox.git(&["checkout", "-q", "--detach"]);
        assert!(!sandbox.output(&["rebase", "o"]).status.success());
        assert_eq!(sandbox.repo().rebasing().unwrap(), None);
    });
}
