//! What git gives a hook reaches the hook that was there first unchanged, and leads none of our own
//! calls astray that are about another worktree or repository.

use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::{RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::scene::Scene;

const LOCAL: [&str; 4] = ["pre-commit", "pre-merge-commit", "pre-push", "reference-transaction"];

/// Ways to get each hook run, with all that git sets for it.
const MOVES: &str = r#"
git switch -q -c side; echo 1 >a; git add a; git commit -q -m one
echo 2 >a; git commit -q -am two
echo 3 >a; echo 3 >b; git add b; git commit -q -m three -- a
(mkdir -p d; cd d; git commit -q --allow-empty -m four)
git switch -q -c other HEAD~2; git commit -q --allow-empty -m five; git merge -q --no-edit side
git --git-dir=.git --work-tree=. --literal-pathspecs commit -q --allow-empty -m six
git -c user.name=Zoe commit -q --allow-empty -m seven
git worktree add -q ../linked -b linked; cd ../linked; echo 4 >a; git commit -q -am eight
git -C ../repo push -q ../server.git side other :nothing 2>&1 || true
git push -q ../server.git linked side +other:new
git tag v1; git push -q ../server.git v1; git branch -q x; git branch -q -D x; git stash -q || true
"#;

/// Writes down all that a hook can see, in a file of the sandbox, and refuses if that is wished.
fn probe(shell: &str, event: &str) -> String {
    format!(
        r#"#!/bin/{shell}
{{
    echo "== {event} $# $* in $PWD"
    env | grep -v -e '^_=' -e '^GIT_KITTY_CHAINED=' -e '^OLDPWD=' -e '^SHLVL=' -e '^GIT_TRACE' | sort
    cat
}} >>"$HOME/seen" 2>&1
echo "said by {event}" >&2
test "$STOP" != "{event}" || exit 3
"#
    )
}

struct World {
    repo: Checkout,
    server: Checkout,
}

impl World {
    fn new(shell: &str, refs: RefFormat) -> Self {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().refs(refs).build(&sandbox, "repo");
        let server = RepoBuilder::default().bare().build(&sandbox, "server.git");
        for event in LOCAL {
            sandbox.hook(&format!("repo/.git/hooks/{event}"), &probe(shell, event));
        }
        sandbox.hook("server.git/hooks/pre-receive", &probe(shell, "pre-receive"));
        Self { repo, server }
    }

    /// With ours in front. The sandbox's clock stands where it stood.
    fn with_ours(self) -> Self {
        self.repo.program("git-kitty").args(["install"]).still().run().exits(0);
        let server = self.server.program("git-kitty").args(["install", "--server"]);
        server.still().run().exits(0);
        self
    }

    /// What git said, and what the hooks saw.
    fn run(&self, script: &str, stop: &str) -> (i32, String, String) {
        let call = self.repo.program("sh").args(["-c", script]).env("STOP", stop);
        let said = call.env("GIT_ALTERNATE_OBJECT_DIRECTORIES", "/none").run().masked();
        let sandbox = self.repo.sandbox();
        let seen = std::fs::read_to_string(sandbox.at("home/seen")).unwrap_or_default();
        let seen = seen.replace(&sandbox.root().display().to_string(), "[TMP]");
        (said.status, format!("{}{}", said.stdout, said.stderr), without_random(&seen))
    }
}

/// Quarantines and indexes of one commit have names that are never the same.
fn without_random(seen: &str) -> String {
    let line = |line: &str| {
        let line = without(line, "tmp_objdir-incoming-");
        without(&line, "next-index-") + "\n"
    };
    seen.lines().map(line).collect()
}

/// The line without the word that comes after `prefix`.
fn without(line: &str, prefix: &str) -> String {
    let mut parts = line.split(prefix);
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts {
        kept += prefix;
        kept += part.trim_start_matches(|c: char| c.is_ascii_alphanumeric());
    }
    kept
}

#[track_caller]
fn assert_alike(shell: &str, refs: RefFormat, (script, stop): (&str, &str)) -> (i32, String) {
    let without = World::new(shell, refs).run(script, stop);
    let with = World::new(shell, refs).with_ours().run(script, stop);
    let lines = without.2.lines().zip(with.2.lines());
    let differs = lines.filter(|(one, other)| one != other).take(5).collect::<Vec<_>>();
    assert!(differs.is_empty(), "{shell} {stop}: {differs:#?}");
    assert_eq!((with.0, &with.1), (without.0, &without.1), "{shell} {stop}");
    assert_eq!(with.2.len(), without.2.len());
    (without.0, without.2)
}

#[test]
fn the_hook_that_was_there_sees_all_that_git_gave_and_nothing_else() {
    let other = if Sandbox::new().has_reftable() { RefFormat::Reftable } else { RefFormat::Files };
    for (shell, refs) in [("sh", RefFormat::Files), ("bash", other)] {
        let (_, seen) = assert_alike(shell, refs, (MOVES, ""));
        for event in LOCAL.iter().chain(&["pre-receive"]) {
            assert!(seen.contains(&format!("== {event} ")), "{event}");
        }
        for needed in ["GIT_QUARANTINE_PATH=", "GIT_INDEX_FILE=", "GIT_DIR=", "GITHEAD_"] {
            assert!(seen.contains(needed), "{needed}");
        }
    }
}

#[test]
fn its_refusal_ends_what_it_would_have_ended() {
    for (event, script) in [
        ("pre-commit", "git commit -q --allow-empty -m x"),
        (
            "pre-merge-commit",
            "git -c core.hooksPath=/x commit -q --allow-empty -m y; git switch -q -c z HEAD~; git -c core.hooksPath=/x commit -q --allow-empty -m z; git merge -q - -m m",
        ),
        ("pre-push", "git push -q ../server.git HEAD:a"),
        ("pre-receive", "git push -q ../server.git HEAD:a"),
        (
            "reference-transaction",
            "git -c core.hooksPath=/x switch -q -c z; git update-ref refs/heads/a HEAD",
        ),
    ] {
        let script = format!("git -c core.hooksPath=/x switch -q -c side\n{script}\nexit $?");
        let (status, _) = assert_alike("bash", RefFormat::Files, (&script, event));
        assert_ne!(status, 0, "{event}");
    }
}

/// Commits to a lane in its worktree: its mission is read elsewhere, with `GIT_DIR` and
/// `GIT_INDEX_FILE` set for the lane's.
#[test]
fn a_mission_is_found_whatever_git_sets_for_the_worktree_that_commits() {
    let mut kinds = vec![RefFormat::Files];
    kinds.extend(Sandbox::new().has_reftable().then_some(RefFormat::Reftable));
    for (refs, topology) in kinds.into_iter().flat_map(|refs| {
        [Topology::Primary, Topology::Coordination].map(|topology| (refs, topology))
    }) {
        let scene = Scene::in_repository(topology, RepoBuilder::default().refs(refs));
        let (lane, start) = (&scene.lane, scene.lane.id("HEAD"));
        let git_dir = lane.ask(["rev-parse", "--absolute-git-dir"]);
        let top = lane.path().display();
        let explicit =
            format!("cd /; git --git-dir='{git_dir}' --work-tree='{top}' --icase-pathspecs");
        let below =
            "cd src/b; GIT_INDEX_FILE=../../own git read-tree HEAD; GIT_INDEX_FILE=../../own git";
        for (name, git) in [("plain", "git"), ("explicit", &explicit), ("own index", below)] {
            for words in ["commit -qam x", "commit -qnam x"] {
                for (path, passes) in [("src/b/two.rs", true), ("src/a/one.rs", false)] {
                    lane.write(path, "changed\n");
                    let said = lane.sh(&format!("{git} {words}"));
                    let case = format!("{refs:?} {topology:?} {name} {words} {path}: {said}");
                    assert_eq!(said.status == 0, passes, "{case}");
                    assert_eq!(
                        said.stderr.contains("[ACTIVE_WP_SCOPE_VIOLATION]"),
                        !passes,
                        "{case}"
                    );
                    std::fs::remove_file(lane.path().join("own")).ok();
                    scene.restore(&start);
                }
            }
        }
    }
}

/// A push over a path: the hooks of both sides, with the server's objects in quarantine.
#[test]
fn a_push_from_within_a_hook_of_another_repository_is_judged_by_its_own() {
    let scene = Scene::new(Topology::Coordination);
    let sandbox = scene.repo.sandbox();
    let server = RepoBuilder::default().bare().build(sandbox, "server.git");
    server.kitty(["install", "--server"]).exits(0);
    let other = RepoBuilder::default().build(sandbox, "other");
    let to = server.path().display();
    let from = scene.repo.path().display();
    let branches =
        format!("main {} {}", scene.mission.branch(), scene.mission.lane_branch("lane-b"));
    let hook = format!(
        "#!/bin/sh\nunset $(git rev-parse --local-env-vars); git -C '{from}' push -q '{to}' {branches}\n"
    );
    sandbox.hook("other/.git/hooks/post-commit", &hook);
    let said = other.git(["commit", "-q", "--allow-empty", "-m", "x"]);
    assert_eq!(said.parts(), (0, "", ""));
    assert_eq!(server.ask(["for-each-ref", "--format=x"]), "x\nx\nx");
    scene.lane.stage(&[("src/a/foreign.rs", "x")]);
    scene.lane.unhooked(["commit", "-q", "-m", "x"]).run().exits(0);
    let said = other.git(["commit", "-q", "--allow-empty", "-m", "x"]);
    assert!(said.stderr.contains("[ACTIVE_WP_SCOPE_VIOLATION]"), "{said}");
    let quarantined = scene.repo.call(["push", "-q", "--no-verify"]).args([&to.to_string()]);
    let said = quarantined.args([scene.mission.lane_branch("lane-b")]).run();
    assert!(said.stderr.contains("remote: error: "), "{said}");
}

/// As from within a hook of a linked worktree: what is asked of the others is answered by them.
#[test]
fn calls_about_other_worktrees_are_not_told_of_this_one() {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    let (linked, other) = (repo.worktree("../linked", "one"), repo.worktree("../other", "two"));
    repo.must(["config", "extensions.worktreeConfig", "true"]);
    linked.must(["config", "--worktree", "core.hooksPath", "/nowhere"]);
    let plain = linked.kitty(["doctor", "--canary"]).masked();
    assert_eq!(plain.stdout.matches("[HOOKS_SILENT]").count(), 1, "{plain}");
    let git_dir = linked.ask(["rev-parse", "--absolute-git-dir"]);
    let within = linked
        .clone()
        .env("GIT_DIR", git_dir)
        .env("GIT_WORK_TREE", other.path())
        .env("GIT_INDEX_FILE", "/none/index")
        .env("GIT_QUARANTINE_PATH", "/none")
        .env("GIT_NAMESPACE", "else")
        .env("GIT_PREFIX", "src/")
        .env("GIT_ICASE_PATHSPECS", "1");
    let said = within.program("git-kitty").args(["doctor", "--canary"]).run().masked();
    assert_eq!(said.parts(), plain.parts());
}
