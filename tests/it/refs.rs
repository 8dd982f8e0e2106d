//! Reading refs, in both backends.

use std::os::unix::fs::symlink;

use git_kitty::domain::refname::RefName;
use git_kitty::git::Head;

use crate::kit::checkout::Checkout;
use crate::kit::library::{empty, empty_in, git_is_at_least};
use crate::kit::repo::{RefFormat, RepoBuilder};

/// Both backends, as far as the git under test has them.
fn each_backend(test: fn(&Checkout)) {
    test(&empty());
    if git_is_at_least(2, 45) {
        test(&empty_in(RepoBuilder::default().refs(RefFormat::Reftable)));
    }
}

fn name(text: impl AsRef<[u8]>) -> RefName {
    RefName::new(text.as_ref()).unwrap()
}

fn commit(checkout: &Checkout) {
    checkout.must(["commit", "-q", "--allow-empty", "-m", "x"]);
}

#[test]
fn an_empty_repository_is_unborn_and_has_nothing() {
    each_backend(|checkout| {
        let repo = checkout.open();
        assert_eq!(repo.head().unwrap(), Head::Branch { name: name("refs/heads/main"), tip: None });
        assert!(repo.is_empty_repository().unwrap());
        assert_eq!(repo.list("").unwrap(), []);
        commit(checkout);
        assert!(!checkout.open().is_empty_repository().unwrap());
        checkout.must(["checkout", "-q", "--orphan", "fresh"]);
        let repo = checkout.open();
        assert_eq!(repo.head().unwrap().tip(), None);
        assert!(!repo.is_empty_repository().unwrap());
    });
}

#[test]
fn head_is_followed_to_the_final_name() {
    each_backend(|checkout| {
        commit(checkout);
        let tip = checkout.oid("HEAD");
        checkout.must(["branch", "lane"]);
        checkout.must(["symbolic-ref", "refs/heads/alias", "refs/heads/lane"]);
        checkout.must(["symbolic-ref", "HEAD", "refs/heads/alias"]);
        let repo = checkout.open();
        let lane = name("refs/heads/lane");
        assert_eq!(repo.head().unwrap(), Head::Branch { name: lane.clone(), tip: Some(tip) });
        assert_eq!(repo.find(&name("refs/heads/alias")).unwrap(), Some(tip));
        assert_eq!(repo.find(&name("HEAD")).unwrap(), Some(tip));
        assert_eq!(repo.symbolic(&name("HEAD")).unwrap(), Some(name("refs/heads/alias")));
        assert_eq!(repo.symbolic(&name("refs/heads/alias")).unwrap(), Some(lane.clone()));
        assert_eq!(repo.symbolic(&lane).unwrap(), None);
        assert_eq!(repo.symbolic(&name("refs/heads/none")).unwrap(), None);
        checkout.must(["symbolic-ref", "refs/heads/alias", "refs/heads/unborn"]);
        let unborn = Head::Branch { name: name("refs/heads/unborn"), tip: None };
        assert_eq!(checkout.open().head().unwrap(), unborn);
        assert_eq!(checkout.open().find(&name("refs/heads/alias")).unwrap(), None);
        checkout.must(["checkout", "-q", "--detach", "main"]);
        assert_eq!(checkout.open().head().unwrap(), Head::Detached { tip });
    });
}

#[test]
fn refs_are_found_by_their_full_name_only() {
    each_backend(|checkout| {
        commit(checkout);
        let tip = checkout.oid("HEAD");
        for branch in ["a", "b/c", "b/d", "bc"] {
            checkout.must(["branch", branch]);
        }
        checkout.must(["tag", "refs/heads/trap"]);
        checkout.must(["pack-refs", "--all"]);
        checkout.must(["branch", "loose"]);
        checkout.must(["symbolic-ref", "refs/heads/dangling", "refs/heads/none"]);
        let repo = checkout.open();
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
    let checkout = empty();
    commit(&checkout);
    let odd = RefName::of_branch(b"d\xff/\xc3\xa9'\"$(x)").unwrap();
    let tip = checkout.ask(["rev-parse", "HEAD"]);
    checkout.write([&b".git/"[..], odd.as_bytes()].concat(), format!("{tip}\n"));
    checkout.write(".git/HEAD", [b"ref: ", odd.as_bytes(), b"\n"].concat());
    let tip = Some(checkout.oid("HEAD"));
    assert_eq!(checkout.open().head().unwrap(), Head::Branch { name: odd.clone(), tip });
    checkout.must(["pack-refs", "--all"]);
    assert_eq!(checkout.open().find(&odd).unwrap(), tip);
    assert!(checkout.open().list("refs/heads/").unwrap().iter().any(|(name, _)| *name == odd));
}

#[test]
fn symbolic_refs_may_be_links_of_the_file_system() {
    let checkout = empty();
    commit(&checkout);
    let head = checkout.file(".git/HEAD");
    std::fs::remove_file(&head).unwrap();
    symlink("refs/heads/main", &head).unwrap();
    assert_eq!(checkout.ask(["symbolic-ref", "HEAD"]), "refs/heads/main");
    assert_eq!(checkout.open().head().unwrap().branch(), Some(&name("refs/heads/main")));
    symlink("main", checkout.file(".git/refs/heads/other")).unwrap();
    assert_eq!(
        checkout.open().find(&name("refs/heads/other")).unwrap(),
        Some(checkout.oid("HEAD"))
    );
}

#[test]
fn endless_and_damaged_chains_are_errors() {
    let checkout = empty();
    checkout.write(".git/refs/heads/a", "ref: refs/heads/b\n");
    checkout.write(".git/refs/heads/b", "ref: refs/heads/a\n");
    checkout.write(".git/refs/heads/c", "no id\n");
    checkout.write(".git/HEAD", "ref: refs/heads/a\n");
    assert!(checkout.open().head().is_err());
    assert!(checkout.open().find(&name("refs/heads/c")).is_err());
}

#[test]
fn packed_refs_that_are_written_anew_in_the_same_tick_are_read_anew() {
    let checkout = empty();
    let packed = checkout.file(".git/packed-refs");
    let pack = || {
        commit(&checkout);
        checkout.must(["pack-refs", "--all", "--prune"]);
        let file = std::fs::File::options().write(true).open(&packed).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
        checkout.oid("HEAD")
    };
    let main = name("refs/heads/main");
    let first = pack();
    let repo = checkout.open();
    assert_eq!(repo.find(&main).unwrap(), Some(first));
    let second = pack();
    assert_eq!(repo.find(&main).unwrap(), Some(second));
    let third = pack();
    assert_eq!(repo.list("").unwrap(), [(main, third)]);
}

#[test]
fn a_linked_worktree_has_its_own_head() {
    each_backend(|checkout| {
        commit(checkout);
        checkout.must(["worktree", "add", "-q", "../linked", "-b", "l"]);
        let linked = checkout.below(checkout.sandbox().root().join("linked"));
        assert_eq!(linked.open().head().unwrap().branch(), Some(&name("refs/heads/l")));
        assert_eq!(checkout.open().head().unwrap().branch(), Some(&name("refs/heads/main")));
        assert!(linked.open().find(&name("refs/heads/main")).unwrap().is_some());
    });
}

#[test]
fn what_is_under_way_is_told() {
    each_backend(|checkout| {
        for (branch, text) in [("main", "base"), ("o", "theirs"), ("p", "others")] {
            checkout.git(["checkout", "-qb", branch, "main"]);
            checkout.write(if branch == "p" { "p" } else { "a" }, text);
            checkout.must(["add", "-A"]);
            checkout.must(["commit", "-qm", branch]);
        }
        checkout.must(["checkout", "-q", "main"]);
        checkout.write("a", "ours");
        checkout.must(["commit", "-qam", "ours"]);
        assert_eq!(checkout.open().merge_heads().unwrap(), []);
        checkout.must(["merge", "-q", "--no-commit", "-s", "ours", "o", "p"]);
        let heads = [checkout.oid("o"), checkout.oid("p")];
        assert_eq!(checkout.open().merge_heads().unwrap(), heads);
        checkout.must(["merge", "--abort"]);
        for backend in ["--merge", "--apply"] {
            assert_eq!(checkout.open().rebasing().unwrap(), None);
            assert!(checkout.git(["rebase", backend, "o"]).status != 0);
            assert_eq!(checkout.open().rebasing().unwrap(), Some(name("refs/heads/main")));
            assert!(checkout.open().head().unwrap().branch().is_none());
            checkout.must(["rebase", "--abort"]);
        }
        checkout.must(["checkout", "-q", "--detach"]);
        assert!(checkout.git(["rebase", "o"]).status != 0);
        assert_eq!(checkout.open().rebasing().unwrap(), None);
    });
}
