//! Blobs, trees and commits, against those that git itself makes.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::kit::checkout::Checkout;
use crate::kit::library::dice;
use crate::kit::repo::{ObjectFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::worker::{NO_ROOM, answers, powerless, worker, worker_under};

fn repo(objects: ObjectFormat) -> Checkout {
    RepoBuilder::default().objects(objects).files(250).build(&Sandbox::new(), "repo")
}

/// The tree that git makes of the same edits with an index of its own.
fn by_git(repo: &Checkout, base: &str, edits: &[(String, String)]) -> String {
    let index = repo.path().join(".git/own-index");
    let _ = std::fs::remove_file(&index);
    let git = |words: &[&str]| repo.call(words).env("GIT_INDEX_FILE", &index).still();
    git(&["read-tree", base]).run().exits(0);
    let zero = "0".repeat(base.len());
    let line = |(path, entry): &(String, String)| match entry.split_once(':') {
        Some((mode, oid)) => format!("{mode} {oid} 0\t{path}\n"),
        None => format!("0 {zero}\t{path}\n"),
    };
    let lines: String = edits.iter().map(line).collect();
    git(&["update-index", "--index-info"]).stdin(lines).run().exits(0);
    git(&["write-tree", "--missing-ok"]).run().success()
}

#[test]
fn trees_are_those_that_git_would_write() {
    for objects in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        let repo = repo(objects);
        let base = repo.id("HEAD^{tree}");
        let blob = repo.id("HEAD:src/0000/file_7.txt");
        let mut roll = dice(3);
        let (mut orders, mut expected) = (String::new(), String::new());
        for _ in 0..40 {
            let mut edits: Vec<(String, String)> = Vec::new();
            for _ in 0..=roll(6) {
                let path = match roll(4) {
                    0 => format!("src/000{}/file_{}.txt", roll(3), roll(250)),
                    1 => format!("new{}/a.b/c-{}", roll(3), roll(3)),
                    2 => format!("src/0001/sub{}/x", roll(3)),
                    _ => format!("src-{}", roll(5)),
                };
                let mode =
                    ["100644", "100755", "120000", "160000"][usize::try_from(roll(4)).unwrap()];
                let entry = if roll(3) == 0 { "-".to_owned() } else { format!("{mode}:{blob}") };
                edits.retain(|(known, _)| *known != path);
                edits.push((path, entry));
            }
            let words: Vec<String> = edits.iter().map(|(path, e)| format!("{path}={e}")).collect();
            orders += &format!("tree {base} {}\n", words.join(" "));
            expected += &format!("{}\n", by_git(&repo, &base, &edits));
        }
        assert_eq!(answers(&repo, &orders), expected);
        repo.git(["fsck", "--strict"]).exits(0);
    }
}

#[test]
fn directories_vanish_and_conflicts_are_errors() {
    let repo = repo(ObjectFormat::Sha1);
    let base = repo.id("HEAD^{tree}");
    let blob = repo.id("HEAD:src/0000/file_7.txt");
    let file = format!("100644:{blob}");
    let empty = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
    let only = repo.call(["mktree"]).stdin(format!("100644 blob {blob}\tsrc\n")).run().success();
    let sub = repo.id("HEAD:src/0001");
    let orders = format!(
        "tree {base} src=-\n\
         tree {base} none/at/all=- src/none=-\n\
         tree {base} src=- src={file}\n\
         tree {base} src=- src/x=- src={file}\n\
         tree {base} src/0000/file_7.txt/x={file}\n\
         tree {base} src={file}\n\
         tree {base} a={file} a/b={file}\n\
         tree - src={file}\n\
         tree {base} src/0000=40000:{sub} src/0002=-\n\
         tree {base} a/../b={file}\n\
         tree {base} .GIT/config={file}\n\
         tree {base} /a={file}\n"
    );
    let swapped = {
        let line = |name: &str| format!("040000 tree {sub}\t{name}\n");
        let src = repo.call(["mktree"]).stdin(line("0000") + &line("0001")).run().success();
        repo.call(["mktree"]).stdin(format!("040000 tree {src}\tsrc\n")).run().success()
    };
    // Two edits of one path: the last counts, so the third and fourth put a file over a directory.
    let expected = format!(
        "{empty}\n{base}\n\
         error at `src`: a directory stands where a file is to be\n\
         error at `src`: a directory stands where a file is to be\n\
         error at `src`: at `0000`: at `file_7.txt`: a file stands where a directory is to be\n\
         error at `src`: a directory stands where a file is to be\n\
         error at `a`: a directory stands where a file is to be\n\
         {only}\n{swapped}\n\
         error `a/../b` cannot be a path in a tree\n\
         error `.GIT/config` cannot be a path in a tree\n\
         error `/a` cannot be a path in a tree\n"
    );
    assert_eq!(answers(&repo, &orders), expected);
}

#[test]
fn blobs_and_commits_are_those_that_git_would_write() {
    for objects in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        let repo = repo(objects);
        let (tree, tip) = (repo.id("HEAD^{tree}"), repo.id("HEAD"));
        let orders = format!("blob some text\nlarge 3000000\ncommit {tree} {tip} A message\n");
        let said = answers(&repo, &orders);
        let ids: Vec<&str> = said.lines().collect();
        assert_eq!(repo.ask(["cat-file", "blob", ids[0]]), "some text");
        let large = repo.call(["cat-file", "blob", ids[1]]).still().run().exits(0).bytes;
        assert_eq!(repo.call(["hash-object", "--stdin"]).stdin(large).run().success(), ids[1]);
        let by_git = repo
            .call(["commit-tree", &tree, "-p", &tip])
            .env("GIT_AUTHOR_NAME", "Worker")
            .env("GIT_AUTHOR_EMAIL", "worker@example.com")
            .env("GIT_AUTHOR_DATE", "@1767603600 +0000")
            .env("GIT_COMMITTER_NAME", "Worker")
            .env("GIT_COMMITTER_EMAIL", "worker@example.com")
            .env("GIT_COMMITTER_DATE", "@1767603600 +0000")
            .stdin("A message\n");
        assert_eq!(by_git.run().success(), ids[2]);
        repo.git(["fsck", "--strict"]).exits(0);
        assert_eq!(said, answers(&repo, &orders), "what is there is found again");
    }
}

#[test]
fn what_exists_is_not_written_again() {
    let repo = repo(ObjectFormat::Sha1);
    let packed = repo.id("HEAD:src/0000/file_7.txt");
    repo.git(["repack", "-adq"]).exits(0);
    repo.git(["prune-packed"]).exits(0);
    let said = answers(&repo, "blob new\n");
    let loose = format!(".git/objects/{}/{}", &said[..2], said[2..].trim_end());
    let before = std::fs::metadata(repo.path().join(&loose)).unwrap();
    let file_7 = worker(&repo, "blob new\n").run().exits(0).stderr;
    assert_eq!(file_7, said);
    let after = std::fs::metadata(repo.path().join(&loose)).unwrap();
    assert_eq!(before.ino(), after.ino());
    assert_eq!(after.permissions().mode() & 0o777, 0o444);
    let text = repo.ask(["cat-file", "blob", &packed]);
    assert_eq!(text, "file 7");
    // With its line end, as a worker cannot be told: a tree that is packed serves as well.
    let base = repo.id("HEAD^{tree}");
    assert_eq!(answers(&repo, &format!("tree {base} none=-\n")).trim_end(), base);
    assert!(!repo.path().join(format!(".git/objects/{}", &base[..2])).join(&base[2..]).exists());
}

#[test]
fn a_signed_commit_is_signed_by_git_or_refused() {
    let repo = repo(ObjectFormat::Sha1);
    let tree = repo.id("HEAD^{tree}");
    repo.ask(["config", "commit.gpgSign", "true"]);
    repo.ask(["config", "gpg.program", "false"]);
    let refused = answers(&repo, &format!("commit {tree} - x\n"));
    assert!(refused.starts_with("COMMIT_SIGNING_FAILED "), "{refused}");
    repo.write("signer", "#!/bin/sh\necho '[GNUPG:] SIG_CREATED ' >&2\ncat >/dev/null\necho -----BEGIN PGP SIGNATURE-----\necho -----END PGP SIGNATURE-----\n");
    let signer = repo.path().join("signer");
    std::fs::set_permissions(&signer, std::fs::Permissions::from_mode(0o755)).unwrap();
    repo.ask(["config", "gpg.program", signer.to_str().unwrap()]);
    let signed = answers(&repo, &format!("commit {tree} - x\n"));
    let text = repo.ask(["cat-file", "commit", signed.trim_end()]);
    assert!(text.contains("gpgsig -----BEGIN PGP SIGNATURE-----"), "{text}");
    assert!(text.ends_with("\n\nx"), "{text}");
}

#[test]
fn a_shared_repository_stays_shared() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.ask(["config", "core.sharedRepository", "group"]);
    let umask = ["-c", "umask 077; exec \"$@\"", "sh"];
    let ours = worker_under(&repo, "sh", &umask, "blob ours\n").run().exits(0).stderr;
    let git = [&umask[..], &["git", "hash-object", "-w", "--stdin"]].concat();
    let theirs = repo.sandbox().call("sh", repo.path()).args(git).stdin("theirs").run().success();
    let modes = |id: &str| {
        let directory = repo.path().join(".git/objects").join(&id[..2]);
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        (mode(&directory), mode(&directory.join(&id[2..])))
    };
    assert_eq!(modes(ours.trim_end()), modes(&theirs));
    assert_eq!(modes(&theirs), (0o2770, 0o440));
}

#[test]
fn a_full_disk_leaves_nothing_behind() {
    let repo = repo(ObjectFormat::Sha1);
    let files = || walk(&repo.path().join(".git/objects"));
    let (before, objects) = (state(&repo), files());
    let said = worker_under(&repo, "sh", &NO_ROOM, "large 3000000\nlarge 100000\n").run();
    assert_eq!(said.stderr.matches("BOOKKEEPING_COMMIT_FAILED").count(), 2, "{said}");
    assert!(said.stderr.contains("File too large"), "{said}");
    assert_unchanged(&before, &state(&repo));
    assert_eq!(objects, files());
}

#[test]
fn a_read_only_repository_leaves_nothing_behind() {
    let repo = repo(ObjectFormat::Sha1);
    let objects = repo.path().join(".git/objects");
    let before = (state(&repo), walk(&objects));
    let all: Vec<_> = std::iter::once(objects.clone()).chain(directories(&objects)).collect();
    let set = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        all.iter().for_each(|path| std::fs::set_permissions(path, permissions.clone()).unwrap());
    };
    set(0o555);
    let said = powerless(&repo, "blob text\nblob other text\n").run();
    set(0o755);
    assert_eq!(said.stderr.matches("BOOKKEEPING_COMMIT_FAILED").count(), 2, "{said}");
    assert!(said.stderr.contains("Permission denied"), "{said}");
    assert_eq!(before, (state(&repo), walk(&objects)));
}

fn directories(top: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

fn walk(top: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for path in std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            all.extend(walk(&path));
        } else {
            all.push(path);
        }
    }
    all.sort();
    all
}
