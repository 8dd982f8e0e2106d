//! Reading objects.

use git_kitty::domain::change::{Entry, Mode};
use git_kitty::domain::path::RepoPath;

use crate::sandbox::{Sandbox, from_changes, from_raw};

#[test]
fn trees_are_read_by_path() {
    for options in [&[][..], &["--object-format=sha256"]] {
        let sandbox = Sandbox::with_files(options);
        let repo = sandbox.repo();
        let commit = repo.commit(sandbox.oid("HEAD")).unwrap();
        assert_eq!((commit.tree, commit.parents.len()), (sandbox.oid("HEAD^{tree}"), 0));
        let entry = |path: &str| repo.entry(commit.tree, &path.into()).unwrap();
        let file = |revision: &str| Some(Entry { mode: Mode::File, oid: sandbox.oid(revision) });
        assert_eq!(entry("d/e/deep"), file("HEAD:d/e/deep"));
        let directory = Entry { mode: Mode::Tree, oid: sandbox.oid("HEAD:d/e") };
        assert_eq!(entry("d/e"), Some(directory));
        for none in ["none", "d/none", "a/b", "d/x/y", "", "d/", "/d", "d//x"] {
            assert_eq!(entry(none), None, "{none:?}");
        }
        let blob = |path: &str| repo.blob_at(commit.tree, &path.into()).unwrap();
        assert_eq!(blob("d/x").as_deref(), Some(&b"d/x"[..]));
        assert_eq!(blob("link").as_deref(), Some(&b"a"[..]));
        assert_eq!(blob("d"), None);
        let names: Vec<Vec<u8>> =
            repo.entries(commit.tree).unwrap().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, [&b"a"[..], b"b.txt", b"d.txt", b"d", b"d0", b"link", b"src"]);
        assert_eq!(repo.entries(repo.empty_tree()).unwrap(), []);
    }
}

#[test]
fn what_is_missing_or_of_another_kind_is_an_error() {
    let sandbox = Sandbox::with_files(&[]);
    let repo = sandbox.repo();
    let missing = "ab".repeat(20).parse().unwrap();
    assert!(repo.commit(missing).is_err());
    assert!(repo.entries(sandbox.oid("HEAD")).is_err());
    assert!(repo.blob(sandbox.oid("HEAD:d")).is_err());
    assert!(repo.tree_of_commit(sandbox.oid("HEAD^{tree}")).is_err());
}

#[test]
fn objects_in_quarantine_are_seen() {
    let sandbox = Sandbox::with_files(&[]);
    let objects = sandbox.path(".git/objects");
    let quarantine = sandbox.home().join("quarantine");
    std::fs::create_dir(&quarantine).unwrap();
    let sandbox = sandbox
        .env("GIT_OBJECT_DIRECTORY", quarantine)
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects);
    sandbox.write("d/new", "new");
    sandbox.git(&["add", "-A"]);
    let tree = sandbox.line(&["write-tree"]);
    let commit = sandbox.line(&["commit-tree", "-p", "HEAD", "-m", "x", &tree]).parse().unwrap();
    let repo = sandbox.repo();
    let commit = repo.commit(commit).unwrap();
    assert_eq!(commit.tree.to_string(), tree);
    let blob = repo.blob_at(commit.tree, &"d/new".into()).unwrap();
    assert_eq!(blob.as_deref(), Some(&b"new"[..]));
    assert_eq!(repo.diff(Some(sandbox.oid("HEAD^{tree}")), Some(commit.tree)).unwrap().len(), 1);
}

#[test]
fn a_partial_clone_fetches_what_is_asked_for() {
    let server = Sandbox::with_files(&[]);
    server.git(&["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", server.top.display());
    server.git(&["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "../partial"]);
    let partial = server.home().join("partial");
    let sandbox = server.at(partial);
    let tree = sandbox.oid("HEAD^{tree}");
    let blob = sandbox.repo().blob_at(tree, &"d/x".into()).unwrap();
    assert_eq!(blob.as_deref(), Some(&b"d/x"[..]));
}

#[test]
fn two_trees_are_compared_as_git_does() {
    let sandbox = Sandbox::with_files(&[]);
    let old = sandbox.oid("HEAD^{tree}");
    sandbox.git(&["rm", "-qr", "d", "a", "link"]);
    sandbox.write("d", "now a file");
    sandbox.write("a/now", "a directory");
    sandbox.write(b"\xff\n\"", "odd");
    sandbox.write("src/two/f", "changed");
    sandbox.set_executable("b.txt", true);
    sandbox.git(&["add", "-A"]);
    sandbox.git(&["commit", "-qm", "second"]);
    let new = sandbox.oid("HEAD^{tree}");
    for (a, b) in [(old, new), (new, old), (old, old)] {
        let raw = sandbox.git(&["diff-tree", "-r", "-z", "--raw", &a.to_string(), &b.to_string()]);
        let changes = sandbox.repo().diff(Some(a), Some(b)).unwrap();
        assert_eq!(from_changes(&changes), from_raw(&raw));
    }
    let all = sandbox.repo().diff(None, Some(new)).unwrap();
    assert_eq!(all.len(), sandbox.git(&["ls-files", "-z"]).split(|b| *b == 0).count() - 1);
    assert!(all.iter().all(|change| change.old.is_none()));
    assert!(all.iter().any(|change| change.path == RepoPath::new(&b"\xff\n\""[..])));
}
