//! Reading objects.

use git_kitty::domain::change::{Entry, Mode};
use git_kitty::domain::path::RepoPath;

use crate::kit::library::{from_changes, from_raw, with_files, with_files_in};
use crate::kit::repo::{ObjectFormat, RepoBuilder};

#[test]
fn trees_are_read_by_path() {
    for objects in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        let checkout = with_files_in(RepoBuilder::default().objects(objects));
        let repo = checkout.open();
        let commit = repo.commit(checkout.oid("HEAD")).unwrap();
        assert_eq!((commit.tree, commit.parents.len()), (checkout.oid("HEAD^{tree}"), 0));
        let entry = |path: &str| repo.entry(commit.tree, &path.into()).unwrap();
        let file = |revision: &str| Some(Entry { mode: Mode::File, oid: checkout.oid(revision) });
        assert_eq!(entry("d/e/deep"), file("HEAD:d/e/deep"));
        let directory = Entry { mode: Mode::Tree, oid: checkout.oid("HEAD:d/e") };
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
    let checkout = with_files();
    let repo = checkout.open();
    let missing = "ab".repeat(20).parse().unwrap();
    assert!(repo.commit(missing).is_err());
    assert!(repo.entries(checkout.oid("HEAD")).is_err());
    assert!(repo.blob(checkout.oid("HEAD:d")).is_err());
    assert!(repo.tree_of_commit(checkout.oid("HEAD^{tree}")).is_err());
}

#[test]
fn objects_in_quarantine_are_seen() {
    let checkout = with_files();
    let objects = checkout.file(".git/objects");
    let quarantine = checkout.sandbox().root().join("quarantine");
    std::fs::create_dir(&quarantine).unwrap();
    let checkout = checkout
        .env("GIT_OBJECT_DIRECTORY", quarantine)
        .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", objects);
    checkout.write("d/new", "new");
    checkout.must(["add", "-A"]);
    let tree = checkout.ask(["write-tree"]);
    let commit = checkout.ask(["commit-tree", "-p", "HEAD", "-m", "x", &tree]).parse().unwrap();
    let repo = checkout.open();
    let commit = repo.commit(commit).unwrap();
    assert_eq!(commit.tree.to_string(), tree);
    let blob = repo.blob_at(commit.tree, &"d/new".into()).unwrap();
    assert_eq!(blob.as_deref(), Some(&b"new"[..]));
    assert_eq!(repo.diff(Some(checkout.oid("HEAD^{tree}")), Some(commit.tree)).unwrap().len(), 1);
}

#[test]
fn a_partial_clone_fetches_what_is_asked_for() {
    let server = with_files();
    server.must(["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", server.path().display());
    server.must(["clone", "-q", "--no-checkout", "--filter=blob:none", &url, "../partial"]);
    let partial = server.sandbox().root().join("partial");
    let checkout = server.below(partial);
    let tree = checkout.oid("HEAD^{tree}");
    let blob = checkout.open().blob_at(tree, &"d/x".into()).unwrap();
    assert_eq!(blob.as_deref(), Some(&b"d/x"[..]));
}

#[test]
fn two_trees_are_compared_as_git_does() {
    let checkout = with_files();
    let old = checkout.oid("HEAD^{tree}");
    checkout.must(["rm", "-qr", "d", "a", "link"]);
    checkout.write("d", "now a file");
    checkout.write("a/now", "a directory");
    checkout.write(b"\xff\n\"", "odd");
    checkout.write("src/two/f", "changed");
    checkout.set_executable("b.txt", true);
    checkout.must(["add", "-A"]);
    checkout.must(["commit", "-qm", "second"]);
    let new = checkout.oid("HEAD^{tree}");
    for (a, b) in [(old, new), (new, old), (old, old)] {
        let trees = [a.to_string(), b.to_string()];
        let raw = checkout.call(["diff-tree", "-r", "-z", "--raw"]).args(trees).run().bytes;
        let changes = checkout.open().diff(Some(a), Some(b)).unwrap();
        assert_eq!(from_changes(&changes), from_raw(&raw));
    }
    let all = checkout.open().diff(None, Some(new)).unwrap();
    assert_eq!(all.len(), checkout.must(["ls-files", "-z"]).bytes.split(|b| *b == 0).count() - 1);
    assert!(all.iter().all(|change| change.old.is_none()));
    assert!(all.iter().any(|change| change.path == RepoPath::new(&b"\xff\n\""[..])));
}
