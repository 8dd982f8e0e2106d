//! The staged change in all the forms that an index and a repository can have.

use std::fs;

use git_kitty::git::Way;

use crate::sandbox::{Sandbox, copy, git_is_at_least};

#[test]
fn a_split_index_is_left_to_git() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["update-index", "--split-index"]);
    sandbox.write("d/new", "1");
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["rm", "-q", "--cached", "a"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Git("it is split"));
}

#[test]
fn a_sparse_index_is_left_to_git() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "d"]);
    sandbox.write("d/new", "1");
    sandbox.git(&["add", "d/new"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Git("it is sparse"));
    sandbox.git(&["write-tree"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Git("it is sparse"));
}

#[test]
fn a_sparse_checkout_with_a_full_index_is_read() {
    for cone in ["--cone", "--no-cone"] {
        let sandbox = Sandbox::with_files(&[]);
        sandbox.git(&["sparse-checkout", "set", cone, "--no-sparse-index", "d"]);
        sandbox.write("d/new", "1");
        sandbox.git(&["add", "d/new"]);
        assert_eq!(sandbox.assert_some_staged(), Way::Entries, "{cone}");
        sandbox.git(&["write-tree"]);
        assert_eq!(sandbox.assert_some_staged(), Way::KnownTree, "{cone}");
    }
}

#[test]
fn other_extensions_do_not_disturb() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["config", "core.untrackedCache", "true"]);
    sandbox.git(&["config", "index.threads", "2"]);
    sandbox.git(&["config", "index.recordEndOfIndexEntries", "true"]);
    sandbox.git(&["config", "index.recordOffsetTable", "true"]);
    sandbox.git(&["update-index", "--untracked-cache"]);
    sandbox.git(&["status"]);
    sandbox.write("d/new", "1");
    sandbox.git(&["add", "-A"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    sandbox.git(&["write-tree"]);
    assert_eq!(sandbox.assert_some_staged(), Way::KnownTree);
    let index = fs::read(sandbox.path(".git/index")).unwrap();
    for name in [&b"UNTR"[..], b"EOIE", b"IEOT"] {
        assert!(index.windows(4).any(|word| word == name), "{name:?}");
    }
}

#[test]
fn a_skipped_checksum_is_no_damage() {
    if !git_is_at_least(2, 40) {
        return;
    }
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["config", "index.skipHash", "true"]);
    sandbox.write("d/new", "1");
    sandbox.git(&["add", "-A"]);
    assert!(fs::read(sandbox.path(".git/index")).unwrap().ends_with(&[0; 20]));
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    sandbox.git(&["write-tree"]);
    assert_eq!(sandbox.assert_some_staged(), Way::KnownTree);
}

#[test]
fn an_index_without_tree_extension_is_read() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["rm", "-q", "--cached", "d/x"]);
    let mut index = fs::read(sandbox.path(".git/index")).unwrap();
    let tree = index.windows(4).position(|word| word == b"TREE").unwrap();
    index.drain(tree..index.len() - 20);
    sandbox.write("../index", index);
    assert_eq!(sandbox_with_index(&sandbox, "../index").assert_some_staged(), Way::Entries);
}

#[test]
fn a_large_tree_extension_is_found() {
    let sandbox = Sandbox::with_files(&[]);
    let oid = sandbox.line(&["rev-parse", "HEAD:a"]);
    let mut info = String::new();
    for number in 0..6000 {
        info += &format!("100644 {oid}\tlarge/{number}/a-directory-with-a-long-name/f\n");
    }
    sandbox.write("../info", info);
    let feed = "git update-index --add --index-info < ../info && git write-tree";
    assert!(sandbox.command("sh").args(["-c", feed]).status().unwrap().success());
    assert_eq!(sandbox.assert_some_staged(), Way::KnownTree);
    sandbox.git(&["rm", "-q", "--cached", "large/77/a-directory-with-a-long-name/f"]);
    sandbox.git(&["rm", "-q", "--cached", "d/x"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    let index = fs::metadata(sandbox.path(".git/index")).unwrap();
    assert!(index.len() > 800 << 10);
}

#[test]
fn an_unknown_mandatory_extension_is_left_to_git_which_refuses_it() {
    let sandbox = Sandbox::with_files(&[]);
    for (name, known) in [(b"zzzz", false), (b"ZZZZ", true)] {
        let mut index = fs::read(sandbox.path(".git/index")).unwrap();
        let checksum = index.split_off(index.len() - 20);
        index.extend([&name[..], &[0, 0, 0, 2, 7, 7], &checksum].concat());
        sandbox.write("../index", index);
        let sandbox = sandbox_with_index(&sandbox, "../index");
        let staged = sandbox.repo().staged(Some(sandbox.oid("HEAD^{tree}")));
        match staged {
            Ok(staged) => assert_eq!((staged.way, known), (Way::KnownTree, true)),
            Err(error) => assert!(!known && format!("{error:#}").contains("zzzz"), "{error:#}"),
        }
    }
}

#[test]
fn no_cut_of_an_index_is_believed() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.write("d/new", "1");
    sandbox.git(&["add", "-A"]);
    let index = fs::read(sandbox.path(".git/index")).unwrap();
    let tree = Some(sandbox.oid("HEAD^{tree}"));
    let mut refused = 0;
    for length in (0..index.len()).step_by(7) {
        sandbox.write("../index", &index[..length]);
        let cut = sandbox_with_index(&sandbox, "../index");
        match cut.repo().staged(tree) {
            // Git forgives some cuts, and would commit what it then sees.
            Ok(_) => assert!(matches!(cut.assert_staged(), Way::Git(_)), "{length}"),
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 50, "{refused}");
}

#[test]
fn a_linked_worktree_has_its_own_index() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["worktree", "add", "-q", "../linked"]);
    let top = sandbox.home().join("linked");
    let sandbox = sandbox.at(top);
    sandbox.write("d/new", "1");
    sandbox.git(&["add", "-A"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    sandbox.git(&["write-tree"]);
    assert_eq!(sandbox.assert_some_staged(), Way::KnownTree);
    let sandbox = sandbox.at_subdirectory("d");
    assert_eq!(sandbox.assert_some_staged(), Way::KnownTree);
}

#[test]
fn a_relative_index_file_counts_as_git_counts_it() {
    let sandbox = Sandbox::with_files(&[]);
    copy(&sandbox.path(".git/index"), &sandbox.path("d/other"));
    copy(&sandbox.path(".git/index"), &sandbox.path("other"));
    let sandbox = sandbox.env("GIT_INDEX_FILE", "other");
    sandbox.git(&["rm", "-q", "--cached", "a"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    let sandbox = sandbox.at_subdirectory("d");
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    // Outside of the work tree it counts from there.
    let (git_dir, top) = (sandbox.top.join("../.git"), sandbox.top.join(".."));
    let outside = sandbox.home();
    copy(&top.join("d/other"), &outside.join("other"));
    let sandbox = sandbox.at(outside).env("GIT_DIR", git_dir).env("GIT_WORK_TREE", top);
    sandbox.git(&["rm", "-q", "--cached", "b.txt"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    assert_eq!(sandbox.repo().staged(Some(sandbox.oid("HEAD^{tree}"))).unwrap().changes.len(), 1);
}

#[test]
fn the_git_dir_may_be_named_from_anywhere() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["rm", "-q", "--cached", "a"]);
    let sandbox = sandbox.env("GIT_DIR", ".git");
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    let home = sandbox.home();
    let sandbox = sandbox.at(home).env("GIT_WORK_TREE", "repo");
    let sandbox = sandbox.without("GIT_DIR").env("GIT_DIR", "repo/.git");
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
}

#[test]
fn a_bare_repository_takes_a_named_index() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["clone", "-q", "--bare", ".", "../bare"]);
    let bare = sandbox.home().join("bare");
    let sandbox = sandbox.at(bare).env("GIT_INDEX_FILE", "named");
    sandbox.git(&["read-tree", "HEAD"]);
    assert_eq!(sandbox.assert_staged(), Way::KnownTree);
    let oid = sandbox.line(&["rev-parse", "HEAD:a"]);
    sandbox.write("feed", format!("100644 {oid}\td/x\n"));
    let feed = "GIT_WORK_TREE=. git update-index --index-info <feed";
    assert!(sandbox.command("sh").args(["-c", feed]).status().unwrap().success());
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
}

#[test]
fn missing_trees_are_fetched_by_git() {
    let server = Sandbox::with_files(&[]);
    server.git(&["config", "uploadpack.allowFilter", "true"]);
    server.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let url = format!("file://{}", server.top.display());
    server.git(&["clone", "-q", "--no-checkout", "--filter=tree:0", &url, "../partial"]);
    server.git(&["rm", "-q", "--cached", "d/x"]);
    let (partial, index) = (server.home().join("partial"), server.path(".git/index"));
    let sandbox = server.at(partial).env("GIT_INDEX_FILE", index);
    assert_eq!(sandbox.assert_some_staged(), Way::Git("a tree is not in the repository"));
    assert_eq!(sandbox.assert_some_staged(), Way::Entries, "git has fetched them");
}

#[test]
fn replace_refs_are_not_followed() {
    let sandbox = Sandbox::with_files(&[]);
    let innocent = sandbox.line(&["rev-parse", "HEAD^{tree}"]);
    sandbox.write("d/evil", "1");
    sandbox.git(&["add", "-A"]);
    let evil = sandbox.line(&["write-tree"]);
    sandbox.git(&["replace", "-f", &evil, &innocent]);
    let tree = sandbox.repo().head().unwrap().tip().unwrap();
    let staged = sandbox.repo().staged(Some(sandbox.repo().tree_of_commit(tree).unwrap())).unwrap();
    assert_eq!((staged.changes.len(), staged.way), (1, Way::KnownTree));
}

#[test]
fn reftable_changes_nothing_about_the_index() {
    if !git_is_at_least(2, 45) {
        return;
    }
    for options in
        [&["--ref-format=reftable"][..], &["--ref-format=reftable", "--object-format=sha256"]]
    {
        let sandbox = Sandbox::with_files(options);
        sandbox.write("d/new", "1");
        sandbox.git(&["add", "-A"]);
        assert_eq!(sandbox.assert_some_staged(), Way::Entries);
        sandbox.git(&["write-tree"]);
        assert_eq!(sandbox.assert_some_staged(), Way::KnownTree);
    }
}

#[test]
fn packed_objects_and_alternates_are_read() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["gc", "-q"]);
    sandbox.git(&["clone", "-q", "--shared", ".", "../shared"]);
    let shared = sandbox.home().join("shared");
    let sandbox = sandbox.at(shared);
    sandbox.git(&["rm", "-q", "-r", "src"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
    sandbox.git(&["repack", "-adq", "--write-bitmap-index"]);
    sandbox.git(&["multi-pack-index", "write"]);
    assert_eq!(sandbox.assert_some_staged(), Way::Entries);
}

fn sandbox_with_index(sandbox: &Sandbox, index: &str) -> Sandbox {
    sandbox.shared().env("GIT_INDEX_FILE", index)
}
