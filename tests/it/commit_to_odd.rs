//! `git kitty commit` where the caller's index and the files are not what one expects.

use crate::commit_to::{changed, code, commit, desk, status};
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
