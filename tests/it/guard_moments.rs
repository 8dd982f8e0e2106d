//! Every way to come to a commit: what is judged is what the commit would change, for the branch
//! that it is for.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::scene::{Scene, codes};

const SCOPE: &str = "ACTIVE_WP_SCOPE_VIOLATION";

/// Runs `script` in the lane's worktree.
fn run(scene: &Scene, script: &str) -> Output {
    scene.lane.sh(script)
}

/// The scripts, each from the same commit of the lane, and the paths that are refused.
fn check(scene: &Scene, cases: &[(&str, &[&str])]) {
    let base = scene.lane.id("HEAD");
    for (script, refused) in cases {
        let output = run(scene, &format!("set -e; {script}"));
        assert_judged(&output, refused);
        let moved = scene.lane.id("HEAD") != base;
        assert_eq!(moved, refused.is_empty(), "{output}");
        scene.restore(&base);
    }
}

/// Asserts that just these paths were refused; none means that all passed.
#[track_caller]
fn assert_judged(output: &Output, refused: &[&str]) {
    let listed: Vec<_> = output
        .stderr
        .lines()
        .filter_map(|line| Some(line.strip_prefix("  ")?.split_once("  (owned by ")?.0))
        .collect();
    let expected: &[&str] = if refused.is_empty() { &[] } else { &[SCOPE] };
    assert_eq!(
        (listed.as_slice(), &codes(output)[..]),
        (refused, &strings(expected)[..]),
        "{output}"
    );
    assert_eq!(output.status, i32::from(!refused.is_empty()), "{output}");
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

const ONE: &[&str] = &["src/a/one.rs"];

#[test]
fn a_commit_is_judged_by_what_it_takes() {
    check(
        &Scene::new(Topology::Coordination),
        &[
            ("echo >>src/b/two.rs; git commit -qam x", &[]),
            ("echo >>src/b/two.rs; echo >>src/a/one.rs; git commit -qam x", ONE),
            ("rm src/a/one.rs; git commit -qam x", ONE),
            // What is staged besides is not part of it.
            ("echo >>src/a/one.rs; git add .; echo >>src/b/two.rs; git commit -qm x -- src/b", &[]),
            ("echo >>src/b/two.rs; git add .; echo >>src/a/one.rs; git commit -qm x -- src/a", ONE),
            ("echo >>src/a/one.rs; git add .; echo >>src/b/two.rs; git commit -qm x -i src/b", ONE),
            // In the worktree only.
            ("echo >>src/b/two.rs; git add .; echo >>src/a/one.rs; git commit -qm x", &[]),
            // Staged, then taken back in the worktree.
            (
                "echo >>src/a/one.rs; git add .; git show HEAD:src/a/one.rs >src/a/one.rs; git commit -qm x",
                ONE,
            ),
            ("cd src/b; echo >>two.rs; git commit -qam x", &[]),
            ("cd src/b; echo >>../a/one.rs; git commit -qam x", ONE),
            ("git commit -q --allow-empty -m x", &[]),
        ],
    );
}

#[test]
fn a_part_of_a_file_is_that_file() {
    let scene = Scene::new(Topology::Coordination);
    for (answers, refused) in [("n\ny\n", &[][..]), ("y\nn\n", ONE)] {
        scene.lane.write("src/a/one.rs", "first\none\n");
        scene.lane.write("src/b/two.rs", "first\ntwo\n");
        let commit = scene.lane.call(["commit", "-q", "-p", "-m", "x"]).stdin(answers).run();
        assert_judged(&commit, refused);
        let base = scene.lane.id("HEAD");
        scene.restore(&base);
    }
}

#[test]
fn amending_is_judged_by_what_it_adds_to_the_commit_before() {
    let scene = Scene::new(Topology::Primary);
    scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
    check(
        &scene,
        &[
            ("git commit -q --amend -m 'another message'", &[]),
            ("echo >>src/b/two.rs; git commit -qa --amend --no-edit", &[]),
            ("echo >>src/a/one.rs; git commit -qa --amend --no-edit", ONE),
            ("git commit -q --amend --no-edit --date=2020-01-01T00:00:00Z --author='A <a@b>'", &[]),
        ],
    );
}

#[test]
fn the_first_commit_can_be_amended_on_a_branch_of_ones_own() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    repo.kitty(["init"]).exits(0);
    repo.git(["commit", "-q", "--amend", "-m", "x"]).exits(1);
    repo.must(["switch", "-q", "-c", "own"]);
    repo.kitty(["scope", "add", "src/**"]).exits(0);
    repo.must(["commit", "-q", "--amend", "-m", "x"]);
    repo.stage(&[("other", "x\n")]);
    let output = repo.git(["commit", "-q", "--amend", "-m", "x"]).exits(1);
    assert_eq!(codes(&output), ["SCOPE_VIOLATION"]);
}

/// A scene whose lane has changed `src/b/two.rs`, and another branch for each (name, script).
/// Only `pre-commit` stands there: what the other doors say to all this is in `doors`.
fn with_others(others: &[(&str, &str)]) -> Scene {
    let scene = Scene::new(Topology::Coordination);
    scene.repo.kitty(["install", "--doors", "pre-commit"]).exits(0);
    let start = scene.lane.id("HEAD");
    for (name, script) in others {
        let tree = scene.repo.worktree(&format!("../{name}"), name);
        tree.unhooked(["reset", "-q", "--hard", &start]).run().exits(0);
        tree.sh(script).exits(0);
        tree.commit_all(name);
    }
    scene.commit(&[("src/b/two.rs", "of the lane\n")]).exits(0);
    scene
}

/// Others' files, and the two lines that conflict with the lane's.
const OTHERS: &str = "echo theirs >>src/a/one.rs; echo new >new; echo theirs >src/b/two.rs";

#[test]
fn the_conclusion_of_a_merge_is_judged_by_what_differs_from_the_automatic_one() {
    let scene = with_others(&[("other", OTHERS), ("third", "echo third >third")]);
    let merge = "git merge -q --no-edit other >/dev/null || true";
    check(
        &scene,
        &[
            (&format!("{merge}; echo both >src/b/two.rs; git add src/b; git commit -qm x"), &[]),
            (
                &format!(
                    "{merge}; git checkout -q --theirs src/b; git add src/b; git commit -qm x"
                ),
                &[],
            ),
            // An evil merge: something that neither side has.
            (
                &format!(
                    "{merge}; echo both >src/b/two.rs; echo evil >>src/a/one.rs; git add .; git commit -qm x"
                ),
                ONE,
            ),
            // Taking back what they did is a change of theirs.
            (
                &format!(
                    "{merge}; git add src/b; git checkout -q HEAD src/a; git rm -qf new; git commit -qm x"
                ),
                &["new", "src/a/one.rs"],
            ),
            ("git merge -q --no-commit third 2>/dev/null; git commit -qm x", &[]),
            (
                "git merge -q --no-commit third 2>/dev/null; echo >>third; git commit -qam x",
                &["third"],
            ),
            // A squash has one parent: everything in it is this lane's.
            ("git merge -q --squash third >/dev/null 2>&1; git commit -qm x", &["third"]),
        ],
    );
}

#[test]
fn a_conflict_that_another_owns_is_not_ours_to_resolve() {
    let scene = with_others(&[("other", "echo theirs >src/a/one.rs")]);
    scene.lane.write("src/a/one.rs", "ours\n");
    scene.lane.commit_all("Slipped past the guard");
    let base = scene.lane.id("HEAD");
    scene.lane.git(["merge", "-q", "other"]).exits(1);
    scene.lane.write("src/a/one.rs", "both\n");
    scene.lane.must(["add", "."]);
    assert_judged(&scene.lane.git(["commit", "-q", "-m", "x"]), ONE);
    scene.restore(&base);
}

#[test]
fn an_octopus_is_one_merge_after_the_other() {
    let others = [("p", "echo p >p"), ("q", "echo q >q")];
    check(
        &with_others(&others),
        &[
            ("git merge -q --no-commit p q 2>/dev/null; git commit -qm x", &[]),
            ("git merge -q --no-commit p q 2>/dev/null; echo >>q; git commit -qam x", &["q"]),
        ],
    );
}

#[test]
fn picked_and_reverted_commits_are_judged_in_full() {
    let scene = with_others(&[
        ("other", "echo theirs >>src/a/one.rs"),
        ("clash", "echo theirs >src/b/two.rs"),
        ("clashing", "echo theirs >src/b/two.rs; echo theirs >>src/a/one.rs"),
    ]);
    scene.lane.write("src/a/one.rs", "another line\n");
    scene.lane.commit_all("Slipped past the guard");
    scene.lane.write("src/b/two.rs", "again\n");
    scene.lane.commit_all("In scope");
    check(
        &scene,
        &[
            ("git cherry-pick -n other >/dev/null 2>&1 || git add .; git commit -qm x", ONE),
            ("git revert -n HEAD; git commit -qm x", &[]),
            ("git revert -n HEAD~; git commit -qm x", ONE),
            (
                "git cherry-pick clash >/dev/null 2>&1 || git add .; git -c core.editor=true cherry-pick --continue >/dev/null",
                &[],
            ),
            (
                "git cherry-pick clashing >/dev/null 2>&1 || git add .; git -c core.editor=true cherry-pick --continue >/dev/null",
                ONE,
            ),
            ("git cherry-pick clashing >/dev/null 2>&1 || git add .; git commit -qm x", ONE),
        ],
    );
}

#[test]
fn a_rebase_is_judged_as_the_branch_that_is_being_rebased() {
    for backend in ["--merge", "--apply"] {
        for finish in ["git commit -qm x", "git -c core.editor=true rebase --continue >/dev/null"] {
            let scene =
                with_others(&[("base", "echo base >src/b/two.rs; echo base >>src/a/one.rs")]);
            let start = scene.lane.id("HEAD");
            let rebase =
                format!("git rebase -q {backend} base >/dev/null 2>&1 || echo both >src/b/two.rs");
            run(&scene, &rebase).exits(0);
            scene.lane.git(["symbolic-ref", "-q", "HEAD"]).exits(1);
            scene.lane.write("src/a/one.rs", "sneaked in\n");
            run(&scene, "git add .").exits(0);
            let refused = run(&scene, "git commit -qm x");
            assert_judged(&refused, ONE);
            let branch = scene.mission.lane_branch("lane-b");
            assert!(refused.stderr.contains(&format!("active on `{branch}`")), "{refused}");
            run(&scene, "git checkout -q HEAD src/a/one.rs").exits(0);
            run(&scene, finish).exits(0);
            // What was committed by hand is no longer there to be applied.
            let rest = if backend == "--apply" { "--skip" } else { "--continue" };
            run(&scene, &format!("git rebase {rest} >/dev/null 2>&1; true")).exits(0);
            assert_ne!(scene.lane.id(&branch), start, "{backend} {finish}");
            assert_eq!(scene.lane.read("src/b/two.rs"), "both\n");
        }
    }
}

#[test]
fn a_detached_head_is_free_and_says_so() {
    let scene = Scene::new(Topology::Split);
    scene.lane.must(["switch", "-q", "--detach"]);
    let output = scene.commit(&[("src/a/one.rs", "1\n")]);
    assert_eq!(output.to_string(), "$ git commit -q -m work\n[exit 0]\n");
    let said = scene.lane.kitty(["why", "src/a/one.rs"]).exits(0);
    let last = said.stdout.lines().last().unwrap();
    assert_eq!(last, "  a commit on a detached HEAD: allowed, the branch is not guarded");
}

#[test]
fn the_first_commit_and_orphans() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().files(0).build(&sandbox, "repo");
    repo.kitty(["init"]).exits(0);
    repo.stage(&[("any/where", "x\n")]);
    repo.must(["commit", "-q", "-m", "first"]);
    assert_eq!(
        codes(&repo.git(["commit", "--allow-empty", "-m", "second"])),
        ["PROTECTED_BRANCH_REFUSED"]
    );
    repo.must(["switch", "-q", "--orphan", "fresh"]);
    repo.kitty(["scope", "add", "src/**"]).exits(0);
    repo.stage(&[("other", "x\n"), ("src/x", "x\n")]);
    let output = repo.git(["commit", "-q", "-m", "x"]).exits(1);
    assert!(
        output.stderr.contains("  other\n") && !output.stderr.contains("  src/x\n"),
        "{output}"
    );
    repo.must(["rm", "-q", "--cached", "other"]);
    repo.must(["commit", "-q", "-m", "x"]);
    // A protected branch that is born again is no first commit.
    repo.must(["branch", "-q", "-m", "main", "old"]);
    repo.must(["symbolic-ref", "HEAD", "refs/heads/main"]);
    assert_eq!(codes(&repo.git(["commit", "-m", "x"])), ["PROTECTED_BRANCH_REFUSED"]);
}

#[test]
fn a_lane_that_is_not_born_yet_is_that_lane() {
    let scene = Scene::new(Topology::Coordination);
    let lane = scene.mission.lane_branch("lane-a");
    scene.lane.must(["symbolic-ref", "HEAD", &format!("refs/heads/{lane}")]);
    scene.lane.must(["rm", "-rq", "--cached", "--sparse", "."]);
    scene.lane.must(["add", "--sparse", "src"]);
    let output = scene.lane.git(["commit", "-q", "-m", "x"]).exits(1);
    let owned = "  src/b/two.rs  (owned by WP02, lane-b, in_progress)\n";
    assert!(output.stderr.contains(owned) && !output.stderr.contains("  src/a/one.rs"), "{output}");
    assert!(output.stderr.contains(&format!("WP01, which is active on `{lane}`")), "{output}");
    scene.lane.must(["rm", "-rq", "--cached", "src/b", "src/0000"]);
    scene.lane.must(["commit", "-q", "-m", "x"]);
}

#[test]
fn a_branch_that_stands_for_a_lane_is_that_lane() {
    let scene = Scene::new(Topology::Primary);
    let lane = format!("refs/heads/{}", scene.mission.lane_branch("lane-b"));
    scene.lane.must(["symbolic-ref", "refs/heads/alias", &lane]);
    scene.lane.must(["symbolic-ref", "HEAD", "refs/heads/alias"]);
    assert_judged(&scene.commit(&[("src/a/one.rs", "1\n")]), ONE);
    scene.lane.must(["symbolic-ref", "refs/heads/free", "refs/heads/main"]);
    scene.repo.must(["symbolic-ref", "HEAD", "refs/heads/free"]);
    let output = scene.repo.git(["commit", "--allow-empty", "-m", "x"]).exits(1);
    assert_eq!(codes(&output), ["PROTECTED_BRANCH_REFUSED"]);
}

#[test]
fn the_form_of_the_index_does_not_matter() {
    let scene = Scene::new(Topology::Coordination);
    for form in [
        "git update-index --index-version 4",
        "git update-index --split-index",
        "git config index.skipHash true",
        "git config core.untrackedCache true; git update-index --untracked-cache",
        "git config core.fsmonitor false; git update-index --really-refresh",
    ] {
        run(&scene, form).exits(0);
        check(
            &scene,
            &[
                ("echo >>src/b/two.rs; git commit -qam x", &[]),
                ("echo >>src/a/one.rs; echo >>src/b/two.rs; git commit -qam x", ONE),
            ],
        );
    }
}

#[test]
fn files_that_are_left_out_or_only_intended_are_no_change() {
    let scene = Scene::new(Topology::Coordination);
    let dir = scene.mission.dir();
    assert!(!scene.lane.path().join(&dir).join("status.json").exists(), "it is sparse");
    check(
        &scene,
        &[
            ("echo >>src/b/two.rs; git commit -qam x", &[]),
            (
                "echo >intended; git add -N intended; echo >>src/b/two.rs; git commit -qm x src/b",
                &[],
            ),
            ("echo >intended; git add -N intended; git commit -qam x", &["intended"]),
            (
                "git update-index --assume-unchanged src/a/one.rs; echo >>src/a/one.rs; echo >>src/b/two.rs; git commit -qam x; git update-index --no-assume-unchanged src/a/one.rs",
                &[],
            ),
        ],
    );
    run(&scene, "git sparse-checkout set --no-cone /src/b").exits(0);
    check(
        &scene,
        &[
            ("echo >>src/b/two.rs; git commit -qam x", &[]),
            ("git rm -q --sparse --cached src/a/one.rs; git commit -qm x", ONE),
        ],
    );
}

/// A checkout to call git from, and words before the command, for each way to name the lane.
#[test]
fn git_may_be_called_from_anywhere() {
    let scene = Scene::new(Topology::Coordination);
    let (lane, base) = (&scene.lane, scene.lane.id("HEAD"));
    let top = lane.path().to_owned();
    let git_dir = lane.ask(["rev-parse", "--absolute-git-dir"]);
    let root = Checkout::at(scene.repo.sandbox(), scene.repo.sandbox().root());
    let named = root.clone().env("GIT_DIR", &git_dir).env("GIT_WORK_TREE", &top);
    let places = [
        (lane.below("src/b"), vec![]),
        (root.clone(), vec!["-C".to_owned(), top.display().to_string()]),
        (
            root.clone(),
            vec![format!("--git-dir={git_dir}"), format!("--work-tree={}", top.display())],
        ),
        (named.clone(), vec![]),
        (lane.clone().env("GIT_DIR", &git_dir), vec![]),
        (lane.below("src").env("GIT_INDEX_FILE", format!("{git_dir}/index")), vec![]),
        (lane.clone().env("GIT_PREFIX", "src/").env("GIT_OPTIONAL_LOCKS", "0"), vec![]),
    ];
    for (place, words) in places {
        for (path, refused) in [("src/b/two.rs", &[][..]), ("src/a/one.rs", ONE)] {
            lane.write(path, "changed\n");
            let output = place.call(&words).args(["commit", "-q", "-a", "-m", "x"]).run();
            assert_judged(&output, refused);
            scene.restore(&base);
        }
    }
}

#[test]
fn hooks_run_from_paths_of_all_kinds() {
    for (hooks, directory) in [("my hooks", "repo"), (".githooks", "repo"), ("", "a \"b\" c")] {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().build(&sandbox, directory);
        if !hooks.is_empty() {
            repo.must(["config", "core.hooksPath", hooks]);
        }
        let linked = repo.worktree("../linked tree", "own");
        repo.kitty(["init"]).exits(0);
        linked.kitty(["scope", "add", "src/**"]).exits(0);
        linked.stage(&[("other", "x\n")]);
        let output = linked.git(["commit", "-q", "-m", "x"]).exits(1);
        assert_eq!(codes(&output), ["SCOPE_VIOLATION"], "{hooks}");
        assert_eq!(
            codes(&repo.git(["commit", "--allow-empty", "-m", "x"])),
            ["PROTECTED_BRANCH_REFUSED"]
        );
    }
}

#[test]
fn the_format_of_the_repository_does_not_matter() {
    let has_reftable = Sandbox::new().has_reftable();
    for objects in [ObjectFormat::Sha1, ObjectFormat::Sha256] {
        for refs in [RefFormat::Files, RefFormat::Reftable] {
            if refs == RefFormat::Reftable && !has_reftable || (objects, refs) == Default::default()
            {
                continue;
            }
            let builder = RepoBuilder::default().objects(objects).refs(refs);
            let scene = Scene::in_repository(Topology::Coordination, builder);
            assert_judged(&scene.commit(&[("src/b/two.rs", "2\n")]), &[]);
            assert_judged(&scene.commit(&[("src/a/one.rs", "1\n")]), ONE);
            let output = scene.repo.git(["commit", "--allow-empty", "-m", "x"]).exits(1);
            assert_eq!(codes(&output), ["PROTECTED_BRANCH_REFUSED"]);
        }
    }
}
