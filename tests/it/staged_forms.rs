//! The staged change in all the forms that an index and a repository can have.

use std::fs;

use git_kitty::git::Way;

use crate::kit::checkout::Checkout;
use crate::kit::library::{git_is_at_least, with_files, with_files_in};
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};

#[test]
fn a_split_index_is_left_to_git() {
    let checkout = with_files();
    checkout.must(["update-index", "--split-index"]);
    checkout.write("d/new", "1");
    checkout.must(["add", "-A"]);
    checkout.must(["rm", "-q", "--cached", "a"]);
    assert_eq!(checkout.assert_some_staged(), Way::Git("it is split"));
}

#[test]
fn a_sparse_index_is_left_to_git() {
    let checkout = with_files();
    checkout.must(["sparse-checkout", "set", "--cone", "--sparse-index", "d"]);
    checkout.write("d/new", "1");
    checkout.must(["add", "d/new"]);
    assert_eq!(checkout.assert_some_staged(), Way::Git("it is sparse"));
    checkout.must(["write-tree"]);
    assert_eq!(checkout.assert_some_staged(), Way::Git("it is sparse"));
}

#[test]
fn a_sparse_checkout_with_a_full_index_is_read() {
    for cone in ["--cone", "--no-cone"] {
        let checkout = with_files();
        checkout.must(["sparse-checkout", "set", cone, "--no-sparse-index", "d"]);
        checkout.write("d/new", "1");
        checkout.must(["add", "d/new"]);
        assert_eq!(checkout.assert_some_staged(), Way::Entries, "{cone}");
        checkout.must(["write-tree"]);
        assert_eq!(checkout.assert_some_staged(), Way::KnownTree, "{cone}");
    }
}

#[test]
fn other_extensions_do_not_disturb() {
    let checkout = with_files();
    checkout.must(["config", "core.untrackedCache", "true"]);
    checkout.must(["config", "index.threads", "2"]);
    checkout.must(["config", "index.recordEndOfIndexEntries", "true"]);
    checkout.must(["config", "index.recordOffsetTable", "true"]);
    checkout.must(["update-index", "--untracked-cache"]);
    checkout.must(["status"]);
    checkout.write("d/new", "1");
    checkout.must(["add", "-A"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    checkout.must(["write-tree"]);
    assert_eq!(checkout.assert_some_staged(), Way::KnownTree);
    let index = fs::read(checkout.file(".git/index")).unwrap();
    for name in [&b"UNTR"[..], b"EOIE", b"IEOT"] {
        assert!(index.windows(4).any(|word| word == name), "{name:?}");
    }
}

#[test]
fn a_skipped_checksum_is_no_damage() {
    if !git_is_at_least(2, 40) {
        return;
    }
    let checkout = with_files();
    checkout.must(["config", "index.skipHash", "true"]);
    checkout.write("d/new", "1");
    checkout.must(["add", "-A"]);
    assert!(fs::read(checkout.file(".git/index")).unwrap().ends_with(&[0; 20]));
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    checkout.must(["write-tree"]);
    assert_eq!(checkout.assert_some_staged(), Way::KnownTree);
}

#[test]
fn an_index_without_tree_extension_is_read() {
    let checkout = with_files();
    checkout.must(["rm", "-q", "--cached", "d/x"]);
    let mut index = fs::read(checkout.file(".git/index")).unwrap();
    let tree = index.windows(4).position(|word| word == b"TREE").unwrap();
    index.drain(tree..index.len() - 20);
    checkout.write("../index", index);
    assert_eq!(with_index(&checkout, "../index").assert_some_staged(), Way::Entries);
}

#[test]
fn a_large_tree_extension_is_found() {
    let checkout = with_files();
    let oid = checkout.ask(["rev-parse", "HEAD:a"]);
    let mut info = String::new();
    for number in 0..6000 {
        info += &format!("100644 {oid}\tlarge/{number}/a-directory-with-a-long-name/f\n");
    }
    checkout.write("../info", info);
    let feed = "git update-index --add --index-info < ../info && git write-tree";
    checkout.sh(feed).exits(0);
    assert_eq!(checkout.assert_some_staged(), Way::KnownTree);
    checkout.must(["rm", "-q", "--cached", "large/77/a-directory-with-a-long-name/f"]);
    checkout.must(["rm", "-q", "--cached", "d/x"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    let index = fs::metadata(checkout.file(".git/index")).unwrap();
    assert!(index.len() > 800 << 10);
}

#[test]
fn an_unknown_mandatory_extension_is_left_to_git_which_refuses_it() {
    let checkout = with_files();
    for (name, known) in [(b"zzzz", false), (b"ZZZZ", true)] {
        let mut index = fs::read(checkout.file(".git/index")).unwrap();
        let checksum = index.split_off(index.len() - 20);
        index.extend([&name[..], &[0, 0, 0, 2, 7, 7], &checksum].concat());
        checkout.write("../index", index);
        let checkout = with_index(&checkout, "../index");
        let staged = checkout.open().staged(Some(checkout.oid("HEAD^{tree}")));
        match staged {
            Ok(staged) => assert_eq!((staged.way, known), (Way::KnownTree, true)),
            Err(error) => assert!(!known && format!("{error:#}").contains("zzzz"), "{error:#}"),
        }
    }
}

#[test]
fn no_cut_of_an_index_is_believed() {
    let checkout = with_files();
    checkout.write("d/new", "1");
    checkout.must(["add", "-A"]);
    let index = fs::read(checkout.file(".git/index")).unwrap();
    let tree = Some(checkout.oid("HEAD^{tree}"));
    let mut refused = 0;
    for length in (0..index.len()).step_by(7) {
        checkout.write("../index", &index[..length]);
        let cut = with_index(&checkout, "../index");
        match cut.open().staged(tree) {
            // Git forgives some cuts, and would commit what it then sees.
            Ok(_) => assert!(matches!(cut.assert_staged(), Way::Git(_)), "{length}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn a_linked_worktree_has_its_own_index() {
    let checkout = with_files();
    checkout.must(["worktree", "add", "-q", "../linked"]);
    let top = checkout.sandbox().root().join("linked");
    let checkout = checkout.below(top);
    checkout.write("d/new", "1");
    checkout.must(["add", "-A"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    checkout.must(["write-tree"]);
    assert_eq!(checkout.assert_some_staged(), Way::KnownTree);
    let checkout = checkout.below("d");
    assert_eq!(checkout.assert_some_staged(), Way::KnownTree);
}

#[test]
fn a_relative_index_file_counts_as_git_counts_it() {
    let checkout = with_files();
    fs::copy(checkout.file(".git/index"), checkout.file("d/other")).unwrap();
    fs::copy(checkout.file(".git/index"), checkout.file("other")).unwrap();
    let checkout = checkout.env("GIT_INDEX_FILE", "other");
    checkout.must(["rm", "-q", "--cached", "a"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    let checkout = checkout.below("d");
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    // Outside of the work tree it counts from there.
    let (git_dir, top) = (checkout.path().join("../.git"), checkout.path().join(".."));
    let outside = checkout.sandbox().root();
    fs::copy(top.join("d/other"), outside.join("other")).unwrap();
    let checkout = checkout.below(outside).env("GIT_DIR", git_dir).env("GIT_WORK_TREE", top);
    checkout.must(["rm", "-q", "--cached", "b.txt"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    assert_eq!(checkout.open().staged(Some(checkout.oid("HEAD^{tree}"))).unwrap().changes.len(), 1);
}

#[test]
fn the_git_dir_may_be_named_from_anywhere() {
    let checkout = with_files();
    checkout.must(["rm", "-q", "--cached", "a"]);
    let checkout = checkout.env("GIT_DIR", ".git");
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    let home = checkout.sandbox().root();
    let checkout = checkout.below(home).env("GIT_WORK_TREE", "repo");
    let checkout = checkout.without("GIT_DIR").env("GIT_DIR", "repo/.git");
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
}

#[test]
fn a_bare_repository_takes_a_named_index() {
    let checkout = with_files();
    checkout.must(["clone", "-q", "--bare", ".", "../bare"]);
    let bare = checkout.sandbox().root().join("bare");
    let checkout = checkout.below(bare).env("GIT_INDEX_FILE", "named");
    checkout.must(["read-tree", "HEAD"]);
    assert_eq!(checkout.assert_staged(), Way::KnownTree);
    let oid = checkout.ask(["rev-parse", "HEAD:a"]);
    checkout.write("feed", format!("100644 {oid}\td/x\n"));
    let feed = "git update-index --index-info <feed";
    checkout.sh(feed).exits(0);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
}

#[test]
fn missing_trees_are_fetched_by_git() {
    let server = with_files();
    server.must(["config", "uploadpack.allowFilter", "true"]);
    server.must(["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let url = format!("file://{}", server.path().display());
    server.must(["clone", "-q", "--no-checkout", "--filter=tree:0", &url, "../partial"]);
    server.must(["rm", "-q", "--cached", "d/x"]);
    let (partial, index) = (server.sandbox().root().join("partial"), server.file(".git/index"));
    let checkout = server.below(partial).env("GIT_INDEX_FILE", index);
    assert_eq!(checkout.assert_some_staged(), Way::Git("a tree is not in the repository"));
    assert_eq!(checkout.assert_some_staged(), Way::Entries, "git has fetched them");
}

#[test]
fn replace_refs_are_not_followed() {
    let checkout = with_files();
    let innocent = checkout.ask(["rev-parse", "HEAD^{tree}"]);
    checkout.write("d/evil", "1");
    checkout.must(["add", "-A"]);
    let evil = checkout.ask(["write-tree"]);
    checkout.must(["replace", "-f", &evil, &innocent]);
    let tree = checkout.open().head().unwrap().tip().unwrap();
    let staged =
        checkout.open().staged(Some(checkout.open().tree_of_commit(tree).unwrap())).unwrap();
    assert_eq!((staged.changes.len(), staged.way), (1, Way::KnownTree));
}

#[test]
fn reftable_changes_nothing_about_the_index() {
    if !git_is_at_least(2, 45) {
        return;
    }
    for objects in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        let builder = RepoBuilder::default().refs(RefFormat::Reftable).objects(objects);
        let checkout = with_files_in(builder);
        checkout.write("d/new", "1");
        checkout.must(["add", "-A"]);
        assert_eq!(checkout.assert_some_staged(), Way::Entries);
        checkout.must(["write-tree"]);
        assert_eq!(checkout.assert_some_staged(), Way::KnownTree);
    }
}

#[test]
fn packed_objects_and_alternates_are_read() {
    let checkout = with_files();
    checkout.must(["gc", "-q"]);
    checkout.must(["clone", "-q", "--shared", ".", "../shared"]);
    let shared = checkout.sandbox().root().join("shared");
    let checkout = checkout.below(shared);
    checkout.must(["rm", "-q", "-r", "src"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
    checkout.must(["repack", "-adq", "--write-bitmap-index"]);
    checkout.must(["multi-pack-index", "write"]);
    assert_eq!(checkout.assert_some_staged(), Way::Entries);
}

fn with_index(checkout: &Checkout, index: &str) -> Checkout {
    checkout.clone().env("GIT_INDEX_FILE", index)
}
