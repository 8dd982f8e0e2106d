//! `git kitty commit` where the caller's index and the files are not what one expects.

use crate::commit_to::{changed, code, commit, desk, status};
use crate::kit::checkout::Checkout;
use crate::kit::state::{assert_unchanged, state};

#[test]
fn what_is_tracked_is_taken_though_it_is_ignored() {
    for how in [&["add", "-f"][..], &["add", "-f", "-N"]] {
        let repo = desk();
        repo.write(".gitignore", "*.log\n");
        for name in ["k/1", "k/z.log", "k/empty.log", "k/other.log", "k/gone.log", "z.log"] {
            repo.write(name, if name.contains("empty") { "" } else { "1\n" });
        }
        let tracked = ["--", "k/z.log", "k/empty.log", "k/gone.log", "z.log"];
        repo.must(how.iter().chain(&tracked));
        std::fs::remove_file(repo.file("k/gone.log")).unwrap();
        repo.write("k/z.log", "2\n");
        commit(&repo, &["k"]).exits(0);
        assert_eq!(changed(&repo), "A\tk/1\nA\tk/empty.log\nA\tk/z.log", "{how:?}");
        assert_eq!(repo.ask(["show", "HEAD:k/z.log"]), "2");
        assert_eq!(repo.ask(["ls-files", "k", "z.log"]), "k/1\nk/empty.log\nk/z.log\nz.log");
        assert_eq!(repo.ask(["diff-index", "--cached", "HEAD", "--", "k"]), "");
        commit(&repo, &["z.log"]).exits(0);
        assert_eq!(status(&repo), "?? .gitignore");
        repo.must(["fsck", "--strict"]);
    }
}

#[test]
fn what_was_staged_and_is_gone_goes_out_of_the_index() {
    let repo = desk();
    repo.stage(&[("n", "1\n"), ("b.txt", "staged\n")]);
    std::fs::remove_file(repo.file("n")).unwrap();
    // Alone it is nothing to commit.
    let before = state(&repo);
    assert_eq!(code(&commit(&repo, &["n"])), (1, "SAFE_COMMIT_EMPTY_CHANGESET"));
    assert_unchanged(&before, &state(&repo));
    repo.write("a", "1\n");
    commit(&repo, &["a", "n"]).exits(0);
    assert_eq!((changed(&repo).as_str(), status(&repo).as_str()), ("M\ta", "M  b.txt"));
}

#[test]
fn a_directory_in_place_of_a_staged_file_is_taken() {
    let repo = desk();
    repo.write(".gitignore", "*.log\n");
    repo.stage(&[("n", "1\n"), ("m/x", "1\n")]);
    std::fs::remove_file(repo.file("n")).unwrap();
    std::fs::remove_dir_all(repo.file("m")).unwrap();
    repo.write("n/x", "1\n");
    repo.write("m", "1\n");
    commit(&repo, &["n", "m"]).exits(0);
    assert_eq!(
        (changed(&repo).as_str(), status(&repo).as_str()),
        ("A\tm\nA\tn/x", "?? .gitignore")
    );
}

#[test]
fn an_empty_path_is_no_path() {
    let repo = desk();
    repo.write("a", "1\n");
    repo.write("d/x", "1\n");
    let before = state(&repo);
    for place in [repo.clone(), repo.below("d")] {
        for paths in [&[""][..], &["", "."], &["x", ""]] {
            assert_eq!(code(&commit(&place, paths)), (2, "PATH_OUTSIDE"), "{paths:?}");
        }
        assert_eq!(code(&place.kitty(["why", ""])), (2, "PATH_OUTSIDE"));
        assert_eq!(code(&place.kitty(["guard", "--paths", ""])), (2, "PATH_OUTSIDE"));
    }
    assert_unchanged(&before, &state(&repo));
}

#[test]
fn what_only_the_index_has_not_comes_back_at_the_paths() {
    for paths in [&["a", "b.txt", "d", "d0"][..], &["."]] {
        let repo = desk();
        repo.must(["rm", "-q", "--cached", "b.txt", "d/x", "d0/z"]);
        std::fs::remove_file(repo.file("d/y")).unwrap();
        std::fs::remove_file(repo.file("d0/z")).unwrap();
        repo.stage(&[("d/e/deep", "staged\n")]);
        repo.write("d/e/deep", format!("{}\n", repo.ask(["show", "HEAD:d/e/deep"])));
        repo.write("a", "1\n");
        commit(&repo, paths).exits(0);
        assert_eq!(
            (repo.ask(["diff-index", "--cached", "HEAD"]).as_str(), status(&repo).as_str()),
            ("", "")
        );
    }
    // Where none was named it stays out.
    let repo = desk();
    repo.must(["rm", "-q", "--cached", "b.txt"]);
    repo.write("a", "1\n");
    commit(&repo, &["a", "d"]).exits(0);
    assert_eq!(status(&repo), "D  b.txt\n?? b.txt");
}

#[test]
fn what_comes_back_does_so_after_a_kill_too() {
    let repo = desk();
    repo.must(["rm", "-q", "--cached", "b.txt"]);
    repo.write("a", "1\n");
    let words = ["kitty", "commit", "--to-branch", "work", "-m", "m", "."];
    repo.call(words).env("GIT_KITTY_CRASH", "commit-published").run().exits(128 + 6);
    repo.kitty(["doctor", "--fix"]).exits(0);
    assert_eq!(status(&repo), "");
}

#[test]
fn files_that_git_is_told_not_to_look_at_are_left_alone() {
    for flag in ["--skip-worktree", "--assume-unchanged"] {
        let repo = desk();
        repo.stage(&[("a", "staged\n"), ("new", "staged\n")]);
        repo.must(["update-index", flag, "a", "new"]);
        repo.write("a", "changed\n");
        repo.write("new", "changed\n");
        repo.write("b.txt", "1\n");
        let hidden = || repo.ask(["ls-files", "--stage", "-v", "a", "new"]);
        let before = hidden();
        commit(&repo, &["b.txt"]).exits(0);
        assert_eq!((changed(&repo).as_str(), hidden()), ("M\tb.txt", before), "{flag}");
        assert_eq!(repo.ask(["diff-index", "--cached", "--name-status", "HEAD"]), "M\ta\nA\tnew");
    }
}

#[test]
fn what_a_sparse_checkout_leaves_out_of_the_paths_is_not_committed() {
    let repo = desk();
    repo.stage(&[("a", "staged\n")]);
    repo.must(["update-index", "--skip-worktree", "a"]);
    repo.write("a", "changed\n");
    repo.write("b.txt", "1\n");
    let hidden = || repo.ask(["ls-files", "--stage", "-v", "a"]);
    let before = hidden();
    commit(&repo, &["."]).exits(0);
    assert_eq!((changed(&repo).as_str(), hidden()), ("M\tb.txt", before));
}

#[test]
fn a_directory_that_is_ignored_is_taken_as_far_as_it_is_tracked() {
    let repo = desk();
    repo.write(".gitignore", "k\nfree\n");
    for name in ["k/old", "k/new", "k/free", "free/x"] {
        repo.write(name, "1\n");
    }
    repo.must(["add", "-f", "k/old"]);
    repo.commit_all("old");
    repo.write("k/old", "2\n");
    repo.must(["add", "-f", "k/new"]);
    let before = state(&repo);
    assert_eq!(code(&commit(&repo, &["k", "free"])), (1, "SAFE_COMMIT_GENERIC"));
    assert_unchanged(&before, &state(&repo));
    commit(&repo, &["k"]).exits(0);
    assert_eq!((changed(&repo).as_str(), status(&repo).as_str()), ("A\tk/new\nM\tk/old", ""));
}

fn hook(repo: &Checkout, name: &str, script: &str) {
    let path = format!(".git/hooks/{name}");
    repo.write(&path, format!("#!/bin/sh\n{script}\n"));
    repo.set_executable(&path, true);
}

#[test]
fn a_hook_that_takes_the_message_away_stops_it() {
    for name in ["prepare-commit-msg", "commit-msg"] {
        let repo = desk();
        hook(&repo, name, "rm .git/COMMIT_EDITMSG");
        repo.stage(&[("b.txt", "staged\n")]);
        repo.write("a", "1\n");
        let before = state(&repo);
        let output = commit(&repo, &["a"]);
        assert_eq!(code(&output), (1, "SAFE_COMMIT_GENERIC"), "{output}");
        assert!(output.stderr.contains("COMMIT_EDITMSG` cannot be read: No such file"), "{output}");
        assert_unchanged(&before, &state(&repo));
    }
}

#[test]
fn the_bytes_of_a_message_are_what_git_makes_of_them() {
    for encoding in [None, Some("ISO-8859-1"), Some("ISO-8859-15")] {
        let repo = desk();
        if let Some(encoding) = encoding {
            repo.must(["config", "i18n.commitEncoding", encoding]);
        }
        hook(&repo, "commit-msg", "printf 'caf\\351 \\244\\n' > \"$1\"");
        // What follows the committer: an encoding, and the message.
        let told = || {
            let bytes = repo.call(["cat-file", "commit", "HEAD"]).run().exits(0).bytes;
            let committer = bytes.windows(11).position(|bytes| bytes == b"\ncommitter ").unwrap();
            let end = bytes[committer + 1..].iter().position(|byte| *byte == b'\n').unwrap();
            bytes[committer + 1 + end..].to_vec()
        };
        repo.write("a", "1\n");
        commit(&repo, &["a"]).exits(0);
        let ours = told();
        repo.write("a", "2\n");
        repo.must(["commit", "-q", "-m", "m", "--", "a"]);
        assert_eq!(ours, told(), "{encoding:?}");
    }
}

#[test]
fn hooks_are_told_who_the_author_is() {
    let repo = desk();
    let note =
        "echo \"$(basename $0) $GIT_AUTHOR_NAME $GIT_AUTHOR_EMAIL $GIT_AUTHOR_DATE\" >> .git/who";
    for name in ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"] {
        hook(&repo, name, note);
    }
    repo.write("a", "1\n");
    commit(&repo, &["a"]).exits(0);
    let author = || repo.ask(["log", "-1", "--format=%an %ae @%ad", "--date=raw"]);
    let told = |name: &str| format!("{name} {}\n", author());
    let names = ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit"];
    assert_eq!(repo.read(".git/who"), names.map(told).concat());
    // What the user says comes first, as with git.
    std::fs::remove_file(repo.file(".git/who")).unwrap();
    repo.write("a", "2\n");
    let call = repo.call(["kitty", "commit", "--to-branch", "work", "-m", "m", "a"]);
    let call = call.env("GIT_AUTHOR_NAME", "Grace").env("GIT_AUTHOR_EMAIL", "");
    call.env("GIT_AUTHOR_DATE", "2020-02-03T04:05:06+0530").run().exits(0);
    assert_eq!(author(), "Grace  @1580682906 +0530");
    assert_eq!(repo.read(".git/who"), names.map(told).concat());
}
