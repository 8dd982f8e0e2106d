//! `git kitty override`: granting, listing, revoking, and what is refused.

use std::path::PathBuf;

use git_kitty::domain::identity::Identity;
use git_kitty::domain::time::Instant;
use git_kitty::flow::host::Host;
use git_kitty::flow::overriding::{Wish, grant};
use git_kitty::git::crash;
use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::project::set_up;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::scene::Scene;

/// A repository on `main`, which is protected as `master` is, with a branch `free`.
pub(crate) fn guarded() -> Checkout {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.ask(["branch", "free"]);
    repo.ask(["branch", "master"]);
    repo.kitty(["init"]).exits(0);
    repo
}

/// Grants an override of a branch for ten minutes, by Ann.
#[track_caller]
pub(crate) fn allow(repo: &Checkout, branch: &str) -> String {
    let words = ["override", "--ref", branch, "--reason", "release 7", "--for", "10m"];
    let said = repo.kitty(words.iter().chain(&["--actor", "ann", "--format", "json"])).exits(0);
    let listed = overrides(&said);
    listed.last().unwrap()["id"].as_str().unwrap().to_owned()
}

/// Grants one that began so many seconds ago, for ten minutes.
pub(crate) fn allow_since(repo: &Checkout, branch: &str, seconds: u64) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let then = u64::try_from(now.as_micros()).unwrap() - seconds * 1_000_000;
    let identity = Identity::new("Ann", "").unwrap();
    let host = Host::seeded("ann".to_owned(), identity, Instant::from_micros(then));
    let wish = Wish { branch: branch.parse().unwrap(), reason: "release 7", span: "10m" };
    grant(&repo.open(), &host, wish).unwrap();
}

/// What a JSON document says is in force.
pub(crate) fn overrides(said: &Output) -> Vec<Value> {
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    document["overrides"].as_array().unwrap().clone()
}

/// The lines of the audit.
pub(crate) fn audit(repo: &Checkout) -> Vec<Value> {
    let path = repo.ask(["rev-parse", "--path-format=absolute", "--git-common-dir"]);
    let text = std::fs::read_to_string(format!("{path}/policy-audit.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The kinds of the lines of the audit, and at which door.
pub(crate) fn kinds(repo: &Checkout) -> Vec<String> {
    let kind = |line: &Value| {
        let door = line["door"].as_str().map(|door| format!(" {door}")).unwrap_or_default();
        format!("{}{door}", line["event_type"].as_str().unwrap())
    };
    audit(repo).iter().map(kind).collect()
}

fn file(repo: &Checkout) -> PathBuf {
    repo.path().join(".git/kitty/overrides.json")
}

fn ids(said: &Output) -> Vec<String> {
    overrides(said).iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
}

fn in_force(repo: &Checkout) -> Vec<String> {
    ids(&repo.kitty(["override", "--list", "--format", "json"]).exits(0))
}

#[test]
fn what_is_granted_is_listed_and_written_down_first() {
    let repo = guarded();
    let words =
        ["override", "--ref", "refs/heads/main", "--reason", " on\nfire ", "--for", "1h30m"];
    let said = repo.kitty(words.iter().chain(&["--actor", "ann", "--format", "json"])).exits(0);
    let [one] = &overrides(&said)[..] else { panic!("{said}") };
    assert_eq!((&one["ref"], &one["actor"]), (&"refs/heads/main".into(), &"ann".into()));
    assert_eq!(one["reason"], "on\nfire");
    let moment = |key: &str| Instant::from_log(one[key].as_str().unwrap()).unwrap().micros();
    assert_eq!(moment("until") - moment("from"), 5_400_000_000);
    let [line] = &audit(&repo)[..] else { panic!() };
    assert_eq!(line["event_type"], "override.granted");
    assert_eq!(line["override_id"], one["id"]);
    for key in ["ref", "actor", "reason", "from", "until"] {
        assert_eq!(line[key], one[key], "{key}");
    }
    assert!(line["event_id"].as_str().unwrap().len() == 26 && line["at"].is_string(), "{line}");
    let id = one["id"].as_str().unwrap();
    let until = one["until"].as_str().unwrap();
    let list = repo.kitty(["override", "--list"]).exits(0).stdout;
    assert_eq!(list, format!("main until {until}, by ann: on\\nfire ({id})\n"));
    let other = repo.kitty(["override", "--list", "--ref", "free", "--format", "json"]).exits(0);
    assert_eq!(overrides(&other), Vec::<Value>::new());
    let linked = repo.worktree("../linked", "free");
    assert_eq!(in_force(&linked), [id], "all worktrees share them");
}

#[test]
fn what_cannot_be_granted_is_refused_and_leaves_nothing() {
    let repo = guarded();
    for (branch, reason, span, status, code) in [
        ("main", "", "10m", 2, "OVERRIDE_REASON_MISSING"),
        ("main", " \t\n", "10m", 2, "OVERRIDE_REASON_MISSING"),
        ("main", "r", "0", 2, "OVERRIDE_DURATION_INVALID"),
        ("main", "r", "0m", 2, "OVERRIDE_DURATION_INVALID"),
        ("main", "r", "10", 2, "OVERRIDE_DURATION_INVALID"),
        ("main", "r", "soon", 2, "OVERRIDE_DURATION_INVALID"),
        ("main", "r", "25h", 2, "OVERRIDE_DURATION_INVALID"),
        ("main", "r", "99999999999999d", 2, "OVERRIDE_DURATION_INVALID"),
        ("a..b", "r", "10m", 2, "BRANCH_NAME_INVALID"),
        ("refs/tags/v1", "r", "10m", 2, "BRANCH_NAME_INVALID"),
        ("gone", "r", "10m", 1, "OVERRIDE_BRANCH_MISSING"),
        ("free", "r", "10m", 1, "OVERRIDE_NOT_NEEDED"),
    ] {
        let words = ["override", "--ref", branch, "--reason", reason, "--for", span];
        let said = repo.kitty(words.iter().chain(&["--format", "json"])).exits(status);
        let document: Value = serde_json::from_str(&said.stdout).unwrap();
        assert_eq!(document["error_code"], code, "{said}");
        assert!(document["next_step"].is_string(), "{said}");
    }
    for words in [
        &["override"][..],
        &["override", "--ref", "main"],
        &["override", "--ref", "main", "--for", "10m"],
        &["override", "--ref", "main", "--reason", "r"],
        &["override", "--list", "--reason", "r"],
        &["override", "--revoke", "--for", "10m"],
        &["override", "--list", "--revoke"],
    ] {
        assert!(repo.kitty(words).exits(2).stderr.contains("[USAGE]"), "{words:?}");
    }
    assert!(!file(&repo).exists() && audit(&repo).is_empty());
}

#[test]
fn the_policy_that_governs_the_branch_can_deny() {
    let scene = Scene::new(Topology::Coordination);
    set_up(&scene.repo, "policy:\n  override: deny\n");
    for branch in ["main", &scene.mission.branch(), &scene.mission.lane_branch("lane-b")] {
        let words = ["override", "--ref", branch, "--reason", "r", "--for", "10m"];
        let said = scene.lane.kitty(words).exits(1);
        assert!(said.stderr.contains("[OVERRIDE_DENIED]"), "{said}");
    }
    scene.repo.write(".kittify/config.yaml", "policy: [\n");
    scene.repo.commit_all("Damage it");
    let words = ["override", "--ref", "main", "--reason", "r", "--for", "10m"];
    assert!(scene.repo.kitty(words).exits(2).stderr.contains("[POLICY_CONFIG_INVALID]"));
    scene.repo.write(".kittify/config.yaml", "policy:\n  commit_guard:\n    mode: warn\n");
    scene.repo.commit_all("Only warn");
    let lane = scene.mission.lane_branch("lane-b");
    let words = ["override", "--ref", &lane, "--reason", "r", "--for", "10m"];
    assert!(scene.repo.kitty(words).exits(1).stderr.contains("[OVERRIDE_NOT_NEEDED]"));
    allow(&scene.repo, "main");
}

#[test]
fn revoking_ends_one_those_of_a_branch_or_all() {
    let repo = guarded();
    let [a, b, c] = ["main", "main", "master"].map(|branch| allow(&repo, branch));
    let revoke = |words: &[&str]| {
        let words = [&["override", "--format", "json", "--revoke"], words].concat();
        repo.kitty(words)
    };
    assert_eq!(ids(&revoke(&[&a]).exits(0)), [b.clone(), c.clone()]);
    assert_eq!(ids(&revoke(&["--ref", "main"]).exits(0)), [c.as_str()]);
    for words in [&[a.as_str()][..], &["--ref", "main"], &["nonsense"]] {
        let said = revoke(words).exits(1);
        assert!(said.stdout.contains(r#""error_code":"OVERRIDE_NOT_FOUND""#), "{said}");
    }
    assert_eq!(in_force(&repo), [c.as_str()]);
    assert!(ids(&revoke(&[]).exits(0)).is_empty());
    assert!(ids(&revoke(&[]).exits(0)).is_empty(), "nothing to do is no fault");
    let revoked = audit(&repo).into_iter().filter(|line| line["event_type"] == "override.revoked");
    let revoked: Vec<_> = revoked.map(|line| line["override_id"].clone()).collect();
    assert_eq!(revoked, [a, b, c]);
    assert_eq!(repo.kitty(["override", "--list"]).exits(0).stdout, "no override is in force\n");
}

#[test]
fn what_has_ended_is_gone() {
    let repo = guarded();
    allow_since(&repo, "main", 601);
    assert!(in_force(&repo).is_empty());
    allow_since(&repo, "main", 540);
    assert_eq!(in_force(&repo).len(), 1);
    allow_since(&repo, "main", 0);
    let text = std::fs::read_to_string(file(&repo)).unwrap();
    assert_eq!(text.matches("\"id\"").count(), 2, "the next grant leaves it out: {text}");
}

#[test]
fn grants_at_once_are_all_kept() {
    let repo = guarded();
    let mut granted: Vec<String> = std::thread::scope(|scope| {
        let threads = (0..8).map(|_| scope.spawn(|| allow(&repo, "main"))).collect::<Vec<_>>();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let mut found = in_force(&repo);
    found.sort();
    granted.sort();
    granted.dedup();
    assert_eq!((found.len(), &found), (8, &granted));
    assert_eq!(kinds(&repo), ["override.granted"; 8]);
}

#[test]
fn a_killed_grant_leaves_none_that_is_not_written_down() {
    let repo = guarded();
    for (step, expected) in crash::OVERRIDE.iter().zip([0, 1]) {
        let words = ["override", "--ref", "main", "--reason", "r", "--for", "10m"];
        let said = repo.call(["kitty"]).args(words).env("GIT_KITTY_CRASH", step).run();
        assert_ne!(said.status, 0, "{said}");
        let found = in_force(&repo);
        assert_eq!(found.len(), expected, "{step}");
        let written: Vec<Value> =
            audit(&repo).iter().map(|line| line["override_id"].clone()).collect();
        assert!(found.iter().all(|id| written.contains(&id.as_str().into())), "{step}");
    }
    allow(&repo, "main");
    assert_eq!(in_force(&repo).len(), 2);
}

#[test]
fn a_damaged_file_holds_none_and_says_so() {
    let repo = guarded();
    for text in [
        "",
        "{",
        "[]",
        r#"{"schema":2,"overrides":[]}"#,
        r#"{"schema":1,"overrides":[{"id":"x","ref":"refs/tags/x","reason":"r","actor":"a","from":"2026-01-01T00:00:00Z","until":"2026-01-01T00:00:00Z"}]}"#,
    ] {
        std::fs::write(file(&repo), text).unwrap();
        let said = repo.kitty(["override", "--list"]).exits(0);
        assert_eq!(said.stdout, "no override is in force\n");
        assert!(said.stderr.contains("[OVERRIDES_INVALID]"), "{said}");
        let commit = repo.git(["commit", "-q", "--allow-empty", "-m", "x"]).exits(1);
        assert!(commit.stderr.contains("[PROTECTED_BRANCH_REFUSED]"), "{commit}");
        assert!(commit.stderr.contains("[OVERRIDES_INVALID]"), "{commit}");
    }
    let doctor = repo.kitty(["doctor", "--format", "json"]).exits(1);
    assert!(doctor.stdout.contains(r#""code":"OVERRIDES_INVALID""#), "{doctor}");
    allow(&repo, "main");
    assert_eq!(in_force(&repo).len(), 1, "a grant mends it");
    repo.must(["commit", "-q", "--allow-empty", "-m", "x"]);
}

#[test]
fn a_line_that_was_cut_off_stays_alone() {
    let repo = guarded();
    repo.write(".git/policy-audit.jsonl", r#"{"event_id":"cut o"#);
    allow(&repo, "main");
    let text = repo.read(".git/policy-audit.jsonl");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (2, r#"{"event_id":"cut o"#));
    assert!(lines[1].contains("override.granted") && text.ends_with('\n'), "{text}");
    repo.kitty(["doctor"]).exits(0);
}
