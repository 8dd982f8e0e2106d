//! Every kind of change to a path, through commits on a lane: both sides count, whatever a path is
//! made of.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::kit::mission::{MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::scene::{Scene, codes, last_resort};

const WP01: &str = "WP01, lane-a, in_progress";
const NOBODY: &str = "no work package";

/// What a test case does in the worktree of lane-b, and which paths are refused, with their owners.
struct Case {
    name: &'static str,
    /// Committed before, without hooks.
    given: &'static str,
    /// Stages something.
    change: &'static str,
    refused: &'static [(&'static str, &'static str)],
}

const fn case(name: &'static str, change: &'static str) -> Case {
    Case { name, given: "", change, refused: &[] }
}

impl Case {
    const fn given(self, given: &'static str) -> Self {
        Self { given, ..self }
    }

    const fn refused(self, refused: &'static [(&'static str, &'static str)]) -> Self {
        Self { refused, ..self }
    }
}

/// Runs the cases one after the other, each from the same commit.
fn check(scene: &Scene, cases: &[Case]) {
    let base = scene.lane.id("HEAD");
    for Case { name, given, change, refused } in cases {
        scene.lane.sh(given).exits(0);
        scene.lane.unhooked(["commit", "-q", "--allow-empty", "-m", "given"]).run().exits(0);
        scene.lane.sh(&format!("set -e; {change}")).exits(0);
        let before = (!refused.is_empty()).then(|| state(&scene.repo));
        let output = scene.lane.git(["commit", "-q", "-m", "work"]);
        assert_eq!(output.to_string(), expected(scene, refused), "{name}");
        if let Some(before) = before {
            assert_unchanged(&before, &state(&scene.repo));
        }
        scene.restore(&base);
    }
}

fn expected(scene: &Scene, refused: &[(&str, &str)]) -> String {
    if refused.is_empty() {
        return "$ git commit -q -m work\n[exit 0]\n".to_owned();
    }
    let count =
        if let [_] = refused { "1 path is".into() } else { format!("{} paths are", refused.len()) };
    let listed = refused.iter().map(|(path, owner)| format!("!   {path}  (owned by {owner})\n"));
    let typed: Vec<_> = refused.iter().map(|(path, _)| *path).collect();
    format!(
        "$ git commit -q -m work\n\
         ! error: {count} not owned by WP02, which is active on `{}` [ACTIVE_WP_SCOPE_VIOLATION]\n\
         {}!   WP02 owns: src/b/**, *.md\n\
         ! hint: leave the path out of the commit: `git restore --staged {}`; or add it to \
         `owned_files` of WP02 where the mission is planned\n! {}[exit 1]\n",
        scene.mission.lane_branch("lane-b"),
        listed.collect::<String>(),
        typed.join(" "),
        last_resort(&scene.mission.lane_branch("lane-b"))
    )
}

#[test]
fn both_sides_of_a_rename_or_copy_count() {
    const FOREIGN: &[(&str, &str)] = &[("src/a/one.rs", WP01)];
    check(
        &Scene::new(Topology::Coordination),
        &[
            case("inside", "git mv src/b/two.rs src/b/zwei.rs"),
            case("out of another's", "git mv src/a/one.rs src/b/one.rs").refused(FOREIGN),
            case("out of another's, edited", "git mv src/a/one.rs src/b/one.rs; echo x >>src/b/one.rs; git add .")
                .refused(FOREIGN),
            case("into another's", "git mv src/b/two.rs src/a/two.rs").refused(&[("src/a/two.rs", WP01)]),
            case("out of nobody's", "git mv src/0000/file_0.txt src/b/f")
                .refused(&[("src/0000/file_0.txt", NOBODY)]),
            case("a directory", "git mv src/a src/b/a").refused(FOREIGN),
            case("a swap", "git mv src/a/one.rs t; git mv src/b/two.rs src/a/one.rs; git mv t src/b/two.rs")
                .refused(FOREIGN),
            case("a copy of another's", "cp src/a/one.rs src/b/copy.rs; git add ."),
            case("a copy into another's", "cp src/b/two.rs src/a/copy.rs; git add .")
                .refused(&[("src/a/copy.rs", WP01)]),
            case("with copies detected", "git config diff.renames copies; git config status.renames copies; git mv src/a/one.rs src/b/one.rs")
                .refused(FOREIGN),
        ],
    );
}

#[test]
fn deletions_modes_and_types_count() {
    const FOREIGN: &[(&str, &str)] = &[("src/a/one.rs", WP01)];
    check(
        &Scene::new(Topology::Primary),
        &[
            case("deletion", "git rm -q src/b/two.rs"),
            case("deletion of another's", "git rm -q src/a/one.rs").refused(FOREIGN),
            case("deletion in the index alone", "git rm -q --cached src/a/one.rs").refused(FOREIGN),
            case("mode", "chmod +x src/b/two.rs; git add ."),
            case("mode of another's", "chmod +x src/a/one.rs; git add .").refused(FOREIGN),
            case(
                "mode where the file system has none",
                "git config core.fileMode false; git update-index --chmod=+x src/a/one.rs",
            )
            .refused(FOREIGN),
            case("file to link", "ln -sf nowhere src/b/two.rs; git add ."),
            case("another's file to link", "ln -sf nowhere src/a/one.rs; git add .")
                .refused(FOREIGN),
            case(
                "a link that leads to another's is one's own",
                "ln -s ../a/one.rs src/b/link; git add .",
            ),
            case("another's link to file", "rm src/a/link; echo >src/a/link; git add .")
                .given("ln -s one.rs src/a/link; git add .")
                .refused(&[("src/a/link", WP01)]),
            case(
                "file to directory",
                "rm src/b/two.rs; mkdir src/b/two.rs; echo >src/b/two.rs/x; git add .",
            ),
            case(
                "another's file to directory",
                "rm src/a/one.rs; mkdir src/a/one.rs; echo >src/a/one.rs/x; git add .",
            )
            .refused(&[("src/a/one.rs", WP01), ("src/a/one.rs/x", WP01)]),
            case("directory to file", "rm -r src/b/d; echo >src/b/d; git add .")
                .given("mkdir src/b/d; echo >src/b/d/x; git add ."),
            case("another's directory to file", "rm -r src/a; echo >src/a; git add .")
                .refused(&[("src/a", NOBODY), ("src/a/one.rs", WP01)]),
            case("another's directory to link", "rm -r src/a; ln -s b src/a; git add .")
                .refused(&[("src/a", NOBODY), ("src/a/one.rs", WP01)]),
            case("the top of one's own directory", "rm -r src/b; ln -s a src/b; git add .")
                .refused(&[("src/b", NOBODY)]),
        ],
    );
}

#[test]
fn submodules_count_as_paths() {
    let scene = Scene::new(Topology::Split);
    let sub = RepoBuilder::default().build(scene.repo.sandbox(), "sub");
    let new = sub.commit_file("new.txt", "new\n");
    let add = |path: &str| {
        format!(
            "git -c protocol.file.allow=always submodule --quiet add --force '{}' {path}",
            sub.path().display()
        )
    };
    let leak = |text: String| -> &'static str { text.leak() };
    let link = |id: &str, path: &str| {
        leak(format!("git update-index --add --cacheinfo 160000,{id},{path}"))
    };
    let old = "ab".repeat(20);
    check(
        &scene,
        &[
            case("added", leak(add("src/b/sub"))).refused(&[(".gitmodules", NOBODY)]),
            case("another's, added", leak(add("lib/sub")))
                .refused(&[(".gitmodules", NOBODY), ("lib/sub", NOBODY)]),
            case("removed", "git rm -q lib/sub")
                .given(leak(add("lib/sub")))
                .refused(&[(".gitmodules", NOBODY), ("lib/sub", NOBODY)]),
            case("updated", link(&new, "src/b/sub")).given(link(&old, "src/b/sub")),
            case("another's, updated", link(&new, "src/a/sub"))
                .given(link(&old, "src/a/sub"))
                .refused(&[("src/a/sub", WP01)]),
            case(
                "updated, and hidden from git diff",
                leak(format!("git config diff.ignoreSubmodules all; {}", link(&new, "src/a/sub"))),
            )
            .given(link(&old, "src/a/sub"))
            .refused(&[("src/a/sub", WP01)]),
            case(
                "in the place of another's file",
                leak(format!("git rm -q --cached src/a/one.rs; {}", link(&new, "src/a/one.rs"))),
            )
            .refused(&[("src/a/one.rs", WP01)]),
        ],
    );
}

/// File names with all bytes that git allows, as they are printed, and as one types them.
const NAMES: [(&[u8], &str, Option<&str>); 13] = [
    (b"with space", "with space", Some("'src/a/with space'")),
    (b"quote\"s", "quote\"s", Some("'src/a/quote\"s'")),
    (b"it's", "it's", Some(r"'src/a/it'\''s'")),
    (b"new\nline", "new\\nline", None),
    (b"tab\t", "tab\\t", None),
    (b"back\\slash", "back\\\\slash", None),
    (b" leading and trailing ", " leading and trailing ", Some("'src/a/ leading and trailing '")),
    (
        "z\u{fc}rich \u{4f60}".as_bytes(),
        "z\u{fc}rich \u{4f60}",
        Some("'src/a/z\u{fc}rich \u{4f60}'"),
    ),
    ("\u{202e}turned".as_bytes(), "\\342\\200\\256turned", None),
    (b"not-utf8-\xff\xfe", "not-utf8-\\377\\376", None),
    (b"-n", "-n", Some("src/a/-n")),
    (b":(glob)", ":(glob)", Some("'src/a/:(glob)'")),
    (b"\x1b[31m", "\\033[31m", None),
];

#[test]
fn names_of_any_bytes_are_judged_as_they_are() {
    let scene = Scene::new(Topology::Coordination);
    scene.repo.must(["config", "core.quotePath", "true"]);
    let base = scene.lane.id("HEAD");
    let stage = |directory: &str, name: &[u8]| {
        let path = [directory.as_bytes(), name].concat();
        scene.lane.write(&path, "x\n");
        scene
            .lane
            .call(["--literal-pathspecs", "add", "--"])
            .args([OsStr::from_bytes(&path)])
            .run()
            .exits(0);
    };
    for (name, shown, typed) in NAMES {
        stage("src/b/", name);
        let output = scene.lane.git(["commit", "-q", "-m", "work"]);
        assert_eq!(output.to_string(), expected(&scene, &[]), "{shown}");
        stage("src/a/", name);
        let output = scene.lane.git(["commit", "-q", "-m", "work"]);
        let path = format!("src/a/{shown}");
        let text = expected(&scene, &[(&path, WP01)]);
        let hint = format!("--staged {}`", typed.unwrap_or("PATH"));
        assert_eq!(
            output.to_string(),
            text.replace(&format!("--staged {path}`"), &hint),
            "{shown}"
        );
        scene.restore(&base);
    }
}

/// The scene with one package that owns a path in brackets and one with capitals.
fn scene_of(policy: &str) -> Scene {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    crate::kit::project::set_up(&repo, policy);
    let mission = MissionBuilder::new("names")
        .wp(Wp::new("WP01"))
        .wp(Wp::new("WP02").owns(&["app/[id].ts", "Docs/**", "a-file"]))
        .lane("lane-b", &["WP02"]);
    Scene::with_mission(&repo, mission)
}

#[test]
fn an_entry_owns_its_own_bytes_and_what_its_glob_matches() {
    let scene = scene_of("");
    for (path, passes) in [
        ("app/[id].ts", true),
        ("app/i.ts", true),
        ("app/id.ts", false),
        ("app/[id].tsx", false),
        ("a-file", true),
        ("a-file.txt", false),
        ("sub/a-file", false),
        ("Docs/deep/x", true),
    ] {
        let base = scene.lane.id("HEAD");
        scene.lane.write(path, "x\n");
        scene.lane.must(["--literal-pathspecs", "add", path]);
        let output = scene.lane.git(["commit", "-q", "-m", "work"]);
        assert_eq!(output.status, i32::from(!passes), "{path}: {output}");
        scene.restore(&base);
    }
}

#[test]
fn case_counts_unless_the_policy_says_otherwise() {
    let folding = "policy:\n  commit_guard:\n    case_insensitive: true\n";
    for (policy, passes) in [("", false), (folding, true)] {
        let scene = scene_of(policy);
        for path in ["docs/x", "DOCS/x", "App/[ID].ts", "A-FILE"] {
            let base = scene.lane.id("HEAD");
            scene.lane.write(path, "x\n");
            scene.lane.must(["--literal-pathspecs", "add", path]);
            let output = scene.lane.git(["commit", "-q", "-m", "work"]);
            let refused =
                if passes { vec![] } else { vec!["ACTIVE_WP_SCOPE_VIOLATION".to_owned()] };
            assert_eq!(
                (output.status, codes(&output)),
                (i32::from(!passes), refused),
                "{path}, {policy}"
            );
            scene.restore(&base);
        }
    }
}

#[test]
fn the_directory_of_missions_cannot_be_put_aside() {
    let scene = Scene::new(Topology::Coordination);
    let base = scene.lane.id("HEAD");
    let gone = "git rm -rq --sparse --cached kitty-specs; rm -rf kitty-specs";
    for (name, last) in [
        ("deleted", ":"),
        ("a link", "ln -s src kitty-specs; git add kitty-specs"),
        ("a file", "echo >kitty-specs; git add kitty-specs"),
        (
            "a submodule",
            "git update-index --add --cacheinfo 160000,abababababababababababababababababababab,kitty-specs",
        ),
    ] {
        scene.lane.sh(&format!("set -e; {gone}; {last}")).exits(0);
        let output = scene.lane.git(["commit", "-q", "-m", "work"]).exits(1);
        assert_eq!(codes(&output), ["MISSION_FILE_PROTECTED", "STATUS_FILE_PROTECTED"], "{name}");
        let listed = output.stderr.lines().any(|line| line == "  kitty-specs");
        assert_eq!(listed, name != "deleted", "{name}: {output}");
        scene.restore(&base);
    }
    let map = format!("{}/occurrence_map.yaml", scene.mission.dir());
    scene.lane.symlink(&map, "spec.md");
    scene.lane.must(["add", &map]);
    let output = scene.lane.git(["commit", "-q", "-m", "work"]).exits(1);
    assert_eq!(codes(&output), ["MISSION_FILE_PROTECTED"], "the exception is for a plain file");
}

/// The command that the hint names, by the letter and from where one stands.
#[test]
fn the_hint_takes_out_what_is_in_the_way_and_nothing_else() {
    let scene = Scene::new(Topology::Coordination);
    std::fs::create_dir(scene.lane.file("deep")).unwrap();
    for (place, name) in [
        ("deep", "deep/q"),
        (".", "-n"),
        (".", "*"),
        ("deep", "*"),
        (".", "it's"),
        (".", ":(top)x"),
    ] {
        scene.lane.write(name, "x\n");
        scene.lane.write("src/b/own.rs", name);
        scene.lane.must(["add", "--", "src/b/own.rs", &format!(":(literal){name}")]);
        let here = scene.lane.below(place);
        let said = here.git(["commit", "-qm", "x"]).exits(1);
        let command = said.stderr.split('`').find(|text| text.starts_with("git restore")).unwrap();
        here.sh(command).exits(0);
        assert_eq!(scene.lane.ask(["diff", "--cached", "--name-only"]), "src/b/own.rs", "{said}");
        scene.lane.must(["reset", "-q", "--hard"]);
    }
}

#[test]
fn before_the_first_commit_there_is_nothing_to_restore() {
    let repo = RepoBuilder::default().files(1).build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    repo.must(["switch", "-q", "--orphan", "new"]);
    repo.kitty(["scope", "add", "docs/**"]).exits(0);
    repo.stage(&[("docs/a", "a\n"), ("foreign", "x\n")]);
    let said = repo.git(["commit", "-qm", "x"]).exits(1);
    let command = said.stderr.split('`').find(|text| text.starts_with("git rm")).unwrap();
    repo.sh(command).exits(0);
    repo.git(["commit", "-qm", "x"]).exits(0);
}
