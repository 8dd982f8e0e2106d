//! `git kitty commit`: what it takes, what it leaves, and each of its codes.

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::scene::Scene;

/// A repository that is set up, on the branch `work`, with files at several depths.
pub(crate) fn desk() -> Checkout {
    desk_of(RepoBuilder::default().depths())
}

pub(crate) fn desk_of(builder: RepoBuilder) -> Checkout {
    let repo = builder.build(&Sandbox::new(), "repo");
    repo.must(["switch", "-q", "-c", "work"]);
    repo.kitty(["init"]).exits(0);
    repo
}

/// The commit of these paths to `work`.
pub(crate) fn commit(repo: &Checkout, paths: &[&str]) -> Output {
    repo.kitty(["commit", "--to-branch", "work", "-m", "Take it", "--"].iter().chain(paths))
}

/// What is in the index and the files, as `git status` tells it, without the paths that are as in HEAD.
pub(crate) fn status(repo: &Checkout) -> String {
    repo.ask(["status", "--porcelain", "--untracked-files=all"])
}

/// The code of a refusal, and its exit status.
pub(crate) fn code(output: &Output) -> (i32, &str) {
    let line = output.stderr.lines().find(|line| line.starts_with("error: ")).unwrap_or_default();
    (output.status, line.rsplit_once('[').map_or("", |(_, code)| code.trim_end_matches(']')))
}

/// The paths that HEAD changes, with how.
pub(crate) fn changed(repo: &Checkout) -> String {
    repo.ask(["diff-tree", "--no-commit-id", "--name-status", "--no-renames", "-r", "HEAD"])
}

/// The lines of the index about other paths than these.
fn others(repo: &Checkout, paths: &[&str]) -> Vec<String> {
    let index = repo.ask(["ls-files", "--stage", "--debug"]);
    // Times and the like follow each entry, its flags last.
    let is_entry = |line: &&str| !line.starts_with(' ') || line.contains("flags: ");
    let lines: Vec<&str> = index.lines().filter(is_entry).collect();
    let entry = |pair: &[&str]| format!("{} {}", pair[0], pair[1].rsplit(' ').next().unwrap());
    let is_other = |line: &String| !paths.iter().any(|path| line.contains(&format!("\t{path}")));
    lines.chunks(2).map(entry).filter(is_other).collect()
}

#[test]
fn what_is_committed_is_what_the_files_are_and_all_else_stays() {
    let repo = desk();
    // Staged in full, in part, only changed, marked, deleted both ways, another mode, a link.
    repo.stage(&[("a", "staged\n"), ("d/x", "staged\n"), ("src/one/f", "staged\n")]);
    repo.write("d/x", "changed again\n");
    repo.write("src/one/f", "changed again\n");
    repo.write("b.txt", "changed\n");
    repo.write("d/new", "new\n");
    repo.write("beside", "new\n");
    repo.write("d/marked", "");
    repo.write("marked", "marked\n");
    repo.must(["add", "-N", "d/marked", "marked"]);
    std::fs::remove_file(repo.file("d/y")).unwrap();
    repo.must(["rm", "-q", "--cached", "src/two/f"]);
    repo.set_executable("d/e/deep", true);
    std::fs::remove_file(repo.file("d0/z")).unwrap();
    repo.symlink("d0/z", "../a");
    let before = others(&repo, &["d/", "d0/"]);
    let output = commit(&repo, &["d", "d0/z"]);
    assert_eq!(output.status, 0, "{output}");
    assert_eq!(changed(&repo), "M\td/e/deep\nA\td/marked\nA\td/new\nM\td/x\nD\td/y\nT\td0/z");
    assert_eq!(repo.ask(["show", "HEAD:d/x"]), "changed again");
    assert_eq!(others(&repo, &["d/", "d0/"]), before);
    assert_eq!(
        status(&repo),
        "M  a\n M b.txt\n A marked\nMM src/one/f\nD  src/two/f\n?? beside\n?? src/two/f"
    );
    assert_eq!(repo.ask(["diff-index", "--cached", "HEAD", "--", "d", "d0"]), "");
    assert_eq!(repo.ask(["log", "-1", "--format=%an %cn %s"]), "Ada Carl Take it");
    assert_eq!(repo.ask(["reflog", "-1", "--format=%gs"]), "commit: Take it");
    // Once more there is nothing.
    let before = state(&repo);
    assert_eq!(code(&commit(&repo, &["d", "d0/z"])), (1, "SAFE_COMMIT_EMPTY_CHANGESET"));
    assert_unchanged(&before, &state(&repo));
}

#[test]
fn the_document_names_the_commit_and_its_paths() {
    let repo = desk();
    repo.write("d/x", "1\n");
    repo.write("d/n", "1\n");
    let call = [
        "kitty",
        "commit",
        "--to-branch",
        "work",
        "-m",
        "One",
        "-m",
        "Two",
        "--format",
        "json",
        "d",
    ];
    let output = repo.call(call).run().exits(0);
    let head = repo.id("HEAD");
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    let commit = serde_json::json!({"commit": head, "branch": "work", "message": "One", "outcome": "committed"});
    let expected = serde_json::json!({"schema": 1, "commit": head, "branch": "work",
        "paths": ["d/n", "d/x"], "commits": [commit], "warnings": []});
    assert_eq!((document, output.stderr.as_str()), (expected, ""));
    assert_eq!(repo.ask(["log", "-1", "--format=%B"]), "One\n\nTwo\n");
    repo.write("d/x", "2\n");
    let human = self::commit(&repo, &["d"]).parts_of();
    let short = &repo.id("HEAD")[..12];
    assert_eq!(human, (0, format!("committed {short} to work: Take it\n  d/x\n"), String::new()));
}

/// The parts, owned.
trait Parts {
    fn parts_of(&self) -> (i32, String, String);
}

impl Parts for Output {
    fn parts_of(&self) -> (i32, String, String) {
        let (status, stdout, stderr) = self.parts();
        (status, stdout.to_owned(), stderr.to_owned())
    }
}

/// An exit status, and a code.
type Expected = (i32, &'static str);

#[test]
fn each_no_has_its_code_and_changes_nothing() {
    let repo = desk();
    repo.stage(&[("a", "staged\n")]);
    repo.write("a", "changed\n");
    repo.write("other", "x\n");
    repo.must(["add", "-N", "other"]);
    repo.write(".gitignore", "ignored\n");
    repo.write("ignored", "x\n");
    repo.must(["branch", "elsewhere"]);
    repo.must(["tag", "v1"]);
    repo.must(["update-ref", "refs/remotes/origin/there", "HEAD"]);
    repo.must(["init", "-q", "d/nested"]);
    repo.below("d/nested").must(["commit", "-q", "--allow-empty", "-m", "x"]);
    let head = repo.id("HEAD");
    let before = state(&repo);
    let cases: &[(&str, &str, &[&str], Expected)] = &[
        ("refs/heads/work", "m", &["a"], (2, "SAFE_COMMIT_DESTINATION_REF_SHAPE")),
        ("HEAD", "m", &["a"], (2, "SAFE_COMMIT_DESTINATION_REF_SHAPE")),
        ("w..k", "m", &["a"], (2, "SAFE_COMMIT_DESTINATION_REF_SHAPE")),
        ("", "m", &["a"], (2, "SAFE_COMMIT_DESTINATION_REF_SHAPE")),
        ("nowhere", "m", &["a"], (1, "SAFE_COMMIT_DESTINATION_NOT_FOUND")),
        ("origin/there", "m", &["a"], (1, "SAFE_COMMIT_DESTINATION_NOT_FOUND")),
        ("there", "m", &["a"], (1, "SAFE_COMMIT_DESTINATION_NOT_FOUND")),
        ("v1", "m", &["a"], (1, "SAFE_COMMIT_DESTINATION_NOT_FOUND")),
        (&head, "m", &["a"], (1, "SAFE_COMMIT_DESTINATION_NOT_FOUND")),
        ("elsewhere", "m", &["a"], (1, "SAFE_COMMIT_HEAD_MISMATCH")),
        ("main", "m", &["a"], (1, "SAFE_COMMIT_HEAD_MISMATCH")),
        ("work", "m", &["nothing"], (1, "SAFE_COMMIT_EMPTY_CHANGESET")),
        ("work", "m", &["a", "nothing"], (1, "SAFE_COMMIT_EMPTY_CHANGESET")),
        ("work", "m", &["d/x"], (1, "SAFE_COMMIT_EMPTY_CHANGESET")),
        ("work", "m", &["*"], (1, "SAFE_COMMIT_EMPTY_CHANGESET")),
        ("work", "m", &["ignored"], (1, "SAFE_COMMIT_GENERIC")),
        ("work", " \n", &["a"], (1, "SAFE_COMMIT_GENERIC")),
        ("work", "m", &["d"], (1, "SAFE_COMMIT_GENERIC")),
        ("work", "m", &["../out"], (2, "PATH_OUTSIDE")),
        ("work", "m", &[".git/config"], (1, "SAFE_COMMIT_EMPTY_CHANGESET")),
    ];
    for (branch, message, paths, expected) in cases {
        let words = ["commit", "--to-branch", branch, "-m", message, "--"];
        let output = repo.kitty(words.iter().chain(*paths));
        assert_eq!(code(&output), *expected, "{branch} {paths:?} {output}");
        assert_unchanged(&before, &state(&repo));
    }
    let output =
        repo.kitty(["commit", "--to-branch", "elsewhere", "-m", "m", "--format", "json", "a"]);
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(
        (&document["head"], &document["destination_ref"]),
        (&"work".into(), &"elsewhere".into())
    );
    let output = repo.kitty(["commit", "--to-branch", "there", "-m", "m", "a"]);
    assert!(output.stderr.contains("only `origin/there`"), "{output}");
}

#[test]
fn the_branch_is_never_guessed_but_where_the_environment_says_so() {
    let repo = desk();
    repo.write("a", "1\n");
    let call = || repo.call(["kitty", "commit", "-m", "m", "a"]);
    let before = state(&repo);
    assert_eq!(code(&call().run()), (2, "DESTINATION_REF_REQUIRED"));
    assert_eq!(
        code(&call().env("GIT_KITTY_INFER_DESTINATION_REF", "0").run()),
        (2, "DESTINATION_REF_REQUIRED")
    );
    assert_unchanged(&before, &state(&repo));
    for name in ["GIT_KITTY_INFER_DESTINATION_REF", "SPEC_KITTY_INFER_DESTINATION_REF"] {
        repo.write("a", format!("{name}\n"));
        let output = call().env(name, "1").run().exits(0);
        let said = format!(
            "warning: no branch was named: {name} takes `work`, which is checked out [DESTINATION_REF_INFERRED]\n"
        );
        assert_eq!(output.stderr, said);
    }
    // It asserts nothing where a branch is named.
    repo.write("a", "2\n");
    let named = repo.call(["kitty", "commit", "--to-branch", "main", "-m", "m", "a"]);
    let output = named.env("GIT_KITTY_INFER_DESTINATION_REF", "1").run();
    assert_eq!(code(&output), (1, "SAFE_COMMIT_HEAD_MISMATCH"));
    repo.must(["checkout", "-q", "--detach"]);
    let output = call().env("GIT_KITTY_INFER_DESTINATION_REF", "1").run();
    assert_eq!(code(&output), (2, "DESTINATION_REF_REQUIRED"));
    assert!(output.stderr.starts_with("error: HEAD is detached here"), "{output}");
    assert!(output.stderr.contains("hint: `git switch B`"), "{output}");
    assert_eq!(code(&commit(&repo, &["a"])), (1, "SAFE_COMMIT_HEAD_MISMATCH"));
}

#[test]
fn the_judge_is_asked_with_and_without_hooks() {
    let scene = Scene::new(Topology::Coordination);
    let branch = scene.mission.lane_branch("lane-b");
    let take = |paths: &[&str]| {
        scene.lane.kitty(["commit", "--to-branch", &branch, "-m", "m", "--"].iter().chain(paths))
    };
    scene.lane.write("src/b/two.rs", "mine\n");
    scene.lane.stage(&[("src/a/one.rs", "theirs\n")]);
    for _ in 0..2 {
        let before = state(&scene.repo);
        let output = take(&["src"]);
        assert_eq!(code(&output), (1, "SAFE_COMMIT_PATH_POLICY"), "{output}");
        assert_eq!(
            output.stderr,
            format!(
                "error: 1 path is not owned by WP02, which is active on `{branch}`: `src/a/one.rs` \
                 [SAFE_COMMIT_PATH_POLICY]\nhint: name the other paths only; or add it to `owned_files` of WP02 where the mission is planned\n"
            )
        );
        assert_unchanged(&before, &state(&scene.repo));
        scene.repo.kitty(["install", "--uninstall"]).exits(0);
    }
    let output = take(&["src/b"]).exits(0);
    assert!(output.stdout.ends_with("  src/b/two.rs\n"), "{output}");
    assert_eq!(status(&scene.lane), "M  src/a/one.rs");
    // What is in a mission's records is closed.
    scene.repo.write("a", "x\n");
    let main =
        scene.repo.kitty(["commit", "--to-branch", "main", "-m", "m", "--format", "json", "a"]);
    let document: Value = serde_json::from_str(&main.stdout).unwrap();
    assert_eq!((main.status, &document["error_code"]), (1, &"SAFE_COMMIT_PROTECTED_BRANCH".into()));
    assert_eq!(document["violations"][0]["error_code"], "PROTECTED_BRANCH_REFUSED");
}

#[test]
fn the_doors_know_what_was_committed() {
    let scene = Scene::new(Topology::Coordination);
    let branch = scene.mission.lane_branch("lane-b");
    for text in ["1\n", "2\n"] {
        scene.lane.write("src/b/two.rs", text);
        scene.lane.kitty(["commit", "--to-branch", &branch, "-m", "m", "src/b"]).exits(0);
        assert_eq!(
            scene.commit(&[("src/b/two.rs", &format!("{text}{text}"))]).parts(),
            (0, "", "")
        );
    }
    // A commit that came past every door is still judged at the next one.
    scene.lane.stage(&[("src/a/one.rs", "theirs\n")]);
    scene.lane.unhooked(["commit", "-q", "-m", "past"]).run().exits(0);
    scene.lane.write("src/b/two.rs", "3\n");
    let before = state(&scene.repo);
    let output = scene.lane.kitty(["commit", "--to-branch", &branch, "-m", "m", "src/b"]);
    assert_eq!(code(&output), (1, "SAFE_COMMIT_PATH_POLICY"), "{output}");
    assert_unchanged(&before, &state(&scene.repo));
}

#[test]
fn it_stands_in_any_directory_and_any_worktree() {
    let repo = desk();
    repo.write("d/x", "1\n");
    commit(&repo.below("d"), &["x"]).exits(0);
    repo.write("a", "1\n");
    commit(&repo.below("d/e"), &["../../a"]).exits(0);
    repo.write("b.txt", "1\n");
    repo.write("d/e/deep", "1\n");
    commit(&repo.below("d/e"), &["."]).exits(0);
    assert_eq!(changed(&repo), "M\td/e/deep");
    commit(&repo, &["."]).exits(0);
    assert_eq!((changed(&repo).as_str(), status(&repo).as_str()), ("M\tb.txt", ""));
    let linked = repo.worktree("../linked", "other");
    linked.stage(&[("a", "staged\n")]);
    linked.write("d/x", "linked\n");
    let output = linked.kitty(["commit", "--to-branch", "other", "-m", "m", "d"]).exits(0);
    assert!(output.stdout.contains(" to other: m\n"), "{output}");
    assert_eq!((status(&linked).as_str(), status(&repo).as_str()), ("M  a", ""));
    // Where the branch is checked out elsewhere this is the wrong worktree.
    linked.write("d/x", "again\n");
    assert_eq!(code(&commit(&linked, &["d"])), (1, "SAFE_COMMIT_HEAD_MISMATCH"));
    let bare = RepoBuilder::default().bare().build(repo.sandbox(), "bare");
    assert_eq!(code(&commit(&bare, &["d"])), (5, "SAFE_COMMIT_NOT_A_WORKTREE"));
}

#[test]
fn the_first_commit_of_a_branch_is_taken_too() {
    let repo = RepoBuilder::default().files(0).build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    repo.stage(&[("a", "a\n")]);
    repo.write("b", "b\n");
    repo.kitty(["commit", "--to-branch", "main", "-m", "m", "b"]).exits(0);
    assert_eq!((changed_root(&repo).as_str(), status(&repo).as_str()), ("b", "A  a"));
    assert_eq!(repo.ask(["reflog", "-1", "--format=%gs"]), "commit (initial): m");
}

fn changed_root(repo: &Checkout) -> String {
    repo.ask(["ls-tree", "-r", "--name-only", "HEAD"])
}

#[test]
fn a_locked_index_and_what_is_not_finished_are_left_alone() {
    let repo = desk();
    repo.write("a", "1\n");
    repo.write(".git/index.lock", "");
    let before = state(&repo);
    let output = commit(&repo, &["a"]);
    assert_eq!(code(&output), (4, "FILE_LOCKED"), "{output}");
    assert_unchanged(&before, &state(&repo));
    std::fs::remove_file(repo.file(".git/index.lock")).unwrap();
    repo.commit_all("mine");
    repo.must(["branch", "side", "HEAD~"]);
    repo.commit_to("side", "HEAD", "theirs", &[("a".to_owned(), "2\n".to_owned())]);
    assert_eq!(repo.git(["merge", "-q", "side"]).status, 1);
    repo.write("b.txt", "1\n");
    let before = state(&repo);
    for path in ["a", "b.txt"] {
        let output = commit(&repo, &[path]);
        assert_eq!(code(&output), (1, "SAFE_COMMIT_GENERIC"), "{output}");
        assert!(output.stderr.contains("git merge --abort"), "{output}");
    }
    assert_unchanged(&before, &state(&repo));
    // Without a merge, as after `git stash pop`.
    std::fs::remove_file(repo.file(".git/MERGE_HEAD")).unwrap();
    assert!(commit(&repo, &["a"]).stderr.contains("`a` is in conflict"));
    commit(&repo, &["b.txt"]).exits(0);
    assert_eq!(status(&repo), "UU a");
}

#[test]
fn a_file_in_place_of_a_directory_and_the_other_way_round() {
    let repo = desk();
    std::fs::remove_dir_all(repo.file("d")).unwrap();
    repo.write("d", "file\n");
    std::fs::remove_file(repo.file("a")).unwrap();
    repo.write("a/b", "below\n");
    let before = state(&repo);
    // What has to go was not named.
    let output = commit(&repo, &["a/b"]);
    assert_eq!(code(&output), (1, "SAFE_COMMIT_BACKSTOP"), "{output}");
    assert_unchanged(&before, &state(&repo));
    commit(&repo, &["a", "d"]).exits(0);
    assert_eq!(changed(&repo), "D\ta\nA\ta/b\nA\td\nD\td/e/deep\nD\td/x\nD\td/y");
    assert_eq!(status(&repo), "");
}

#[test]
fn a_sparse_checkout_keeps_what_it_leaves_out() {
    for cone in ["--cone", "--no-cone"] {
        for sparse_index in ["false", "true"] {
            let repo = desk();
            repo.must(["sparse-checkout", "set", cone, "d"]);
            repo.must(["config", "index.sparse", sparse_index]);
            repo.must(["sparse-checkout", "reapply"]);
            repo.write("d/x", "1\n");
            repo.stage(&[("d/y", "staged\n")]);
            let hidden = || repo.ask(["ls-files", "-t"]).matches("S ").count();
            let before = hidden();
            assert!(before >= 3);
            let output = commit(&repo, &["d/x"]).exits(0);
            assert_eq!(
                (changed(&repo).as_str(), status(&repo).as_str()),
                ("M\td/x", "M  d/y"),
                "{output}"
            );
            let files = repo.ask(["ls-files", "-t"]);
            assert_eq!(hidden(), before, "{cone} {files}");
            // Files that are not here are not gone.
            repo.write("d/x", "2\n");
            commit(&repo, &["."]).exits(0);
            assert_eq!((changed(&repo).as_str(), hidden()), ("M\td/x\nM\td/y", before));
            assert_eq!(commit(&repo, &["src"]).status, 1);
        }
    }
}

#[test]
fn a_staged_change_outside_of_the_sparse_checkout_stays_one() {
    let repo = desk();
    repo.must(["sparse-checkout", "set", "--no-cone", "/d/"]);
    let blob = repo.call(["hash-object", "-w", "--stdin"]).stdin("x\n").run().success();
    repo.must(["update-index", "--cacheinfo", &format!("100644,{blob},src/one/f")]);
    repo.must(["update-index", "--skip-worktree", "src/one/f"]);
    let before = state(&repo);
    let output = commit(&repo, &["src"]);
    let said = "git does not take the files: The following paths and/or pathspecs matched paths that exist outside of";
    assert!(output.stderr.contains(said), "{output}");
    assert_eq!(code(&commit(&repo, &["."])), (1, "SAFE_COMMIT_EMPTY_CHANGESET"));
    assert_unchanged(&before, &state(&repo));
    repo.write("d/x", "1\n");
    commit(&repo, &["."]).exits(0);
    assert_eq!((changed(&repo).as_str(), status(&repo).as_str()), ("M\td/x", "M  src/one/f"));
}

#[test]
fn every_kind_of_index_stays_sound() {
    let kinds: [(&str, &[&str]); 5] = [
        ("version 2", &["update-index", "--index-version", "2"]),
        ("version 4", &["update-index", "--index-version", "4"]),
        ("split", &["update-index", "--split-index"]),
        ("untracked cache", &["update-index", "--force-untracked-cache"]),
        ("skip hash", &["config", "index.skipHash", "true"]),
    ];
    for (kind, words) in kinds {
        let repo = desk();
        repo.must(words);
        repo.stage(&[("a", "staged\n"), ("d/new", "new\n")]);
        repo.write("d/x", "1\n");
        repo.write("b.txt", "n\n");
        repo.ask(["status"]);
        commit(&repo, &["d"]).exits(0);
        assert_eq!(changed(&repo), "A\td/new\nM\td/x", "{kind}");
        assert_eq!(status(&repo), "M  a\n M b.txt", "{kind}");
        repo.write("d/later", "1\n");
        assert_eq!(status(&repo), "M  a\n M b.txt\n?? d/later", "{kind}");
        repo.must(["fsck", "--strict"]);
        repo.must(["commit", "-q", "-m", "the rest"]);
        assert_eq!(changed(&repo), "M\ta", "{kind}");
    }
}

#[test]
fn other_ids_and_ref_stores_do_as_well() {
    let mut builders = vec![RepoBuilder::default().depths().objects(ObjectFormat::Sha256)];
    if Sandbox::new().has_reftable() {
        builders.push(RepoBuilder::default().depths().refs(RefFormat::Reftable));
    }
    for builder in builders {
        let repo = desk_of(builder);
        repo.stage(&[("a", "staged\n")]);
        repo.write("d/x", "1\n");
        commit(&repo, &["d"]).exits(0);
        assert_eq!((changed(&repo).as_str(), status(&repo).as_str()), ("M\td/x", "M  a"));
    }
}

#[test]
fn odd_names_are_taken_as_they_are() {
    let repo = desk();
    for name in ["*", "[a]", ":(top)x", "new\nline", "sp ace", "-dash", "\u{e9}"] {
        repo.write(name, "1\n");
    }
    let output = commit(&repo, &["*", "[a]", ":(top)x", "-dash"]).exits(0);
    assert_eq!(changed(&repo), "A\t*\nA\t-dash\nA\t:(top)x\nA\t[a]", "{output}");
    commit(&repo, &["new\nline", "sp ace", "\u{e9}"]).exits(0);
    assert_eq!(status(&repo), "");
}

#[test]
fn an_index_of_the_caller_s_own_is_the_one_that_stays() {
    let repo = desk();
    let own = repo.clone().env("GIT_INDEX_FILE", repo.file(".git/own"));
    own.must(["read-tree", "HEAD"]);
    own.stage(&[("a", "staged\n")]);
    repo.write("d/x", "1\n");
    let real = others(&repo, &[]);
    commit(&own, &["d"]).exits(0);
    assert_eq!(own.ask(["diff-index", "--cached", "--name-status", "HEAD"]), "M\ta");
    assert_eq!(others(&repo, &[]), real);
    // From elsewhere, by variables.
    let away = Checkout::at(repo.sandbox(), repo.sandbox().root());
    let away = away.env("GIT_DIR", repo.file(".git")).env("GIT_WORK_TREE", repo.path());
    repo.must(["reset", "-q"]);
    repo.write("b.txt", "1\n");
    commit(&away, &["repo/b.txt"]).exits(0);
    assert_eq!(changed(&repo), "M\tb.txt");
}
