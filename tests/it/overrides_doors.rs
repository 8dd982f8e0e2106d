//! What the doors let pass by an override, and what they never do.

use serde_json::{Value, json};

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::project::set_up;
use crate::overrides::{allow, allow_since, audit, guarded, kinds};
use crate::pushing::Pushing;
use crate::scene::{Scene, codes, last_resort};

const PROTECTED: &str = "PROTECTED_BRANCH_REFUSED";
const FOREIGN: &str = "ACTIVE_WP_SCOPE_VIOLATION";

fn commit(repo: &Checkout) -> Output {
    repo.git(["commit", "-q", "--allow-empty", "-m", "x"])
}

/// A commit that only `reference-transaction` sees.
fn unverified(repo: &Checkout) -> Output {
    repo.git(["commit", "-nq", "--allow-empty", "-m", "x"])
}

#[track_caller]
fn refused(said: &Output, code: &str) {
    assert_ne!(said.status, 0, "{said}");
    assert!(said.stderr.contains("error: ") && said.stderr.contains(code), "{said}");
}

#[test]
fn a_commit_passes_with_every_reason_told_and_each_use_written_down() {
    let repo = guarded();
    let said = commit(&repo).exits(1);
    assert!(said.stderr.ends_with(&last_resort("main")), "{said}");
    let (id, before) = (allow(&repo, "main"), repo.id("HEAD"));
    let acting = repo.clone().env("GIT_KITTY_ACTOR", "bob");
    let said = commit(&acting).exits(0);
    assert!(
        said.stderr.contains(&format!("warning: `main` is a protected branch [{PROTECTED}]\n"))
    );
    assert!(said.stderr.contains(&format!("  passes by override {id} of ann until ")), "{said}");
    assert!(!said.stderr.contains("hint:"), "{said}");
    let after = repo.id("HEAD");
    assert_eq!(
        kinds(&repo),
        ["override.granted", "override.used pre-commit", "override.used reference-transaction"]
    );
    let [_, first, second] = &audit(&repo)[..] else { panic!() };
    for line in [first, second] {
        assert_eq!((&line["override_id"], &line["actor"]), (&id.clone().into(), &"bob".into()));
        assert_eq!(
            (&line["ref"], &line["codes"]),
            (&"refs/heads/main".into(), &json!([PROTECTED]))
        );
        assert_eq!(line["reason"], "release 7");
    }
    assert_eq!((&second["old"], &second["new"]), (&before.into(), &after.clone().into()));
    assert_eq!(second["commits"], json!([after]));
    unverified(&repo).exits(0);
    assert_eq!(kinds(&repo).len(), 4);
    repo.kitty(["override", "--revoke", &id]).exits(0);
    refused(&commit(&repo), PROTECTED);
    refused(&unverified(&repo), PROTECTED);
}

#[test]
fn asking_is_no_use_and_says_what_the_doors_say() {
    let repo = guarded();
    let ask = |status| -> Value {
        let said = repo.kitty(["guard", "--paths", "x", "--format", "json"]).exits(status);
        serde_json::from_str(&said.stdout).unwrap()
    };
    let said = ask(1);
    assert_eq!(said["last_resort"], "git kitty override --ref main --reason T --for 10m");
    let id = allow(&repo, "main");
    let said = ask(0);
    assert_eq!((&said["verdict"], &said["override_id"]), (&"warned".into(), &id.into()));
    assert_eq!((&said["error_code"], &said["last_resort"]), (&PROTECTED.into(), &Value::Null));
    assert_eq!(kinds(&repo), ["override.granted"]);
    commit(&repo).exits(0);
    let ranged = repo.kitty(["guard", "--range", "main~..main", "--branch", "main"]).exits(1);
    refused(&ranged, PROTECTED);
    assert!(!ranged.stderr.contains("override"), "CI knows none: {ranged}");
}

#[test]
fn an_override_that_ended_a_second_ago_does_nothing() {
    let repo = guarded();
    allow_since(&repo, "main", 601);
    refused(&commit(&repo), PROTECTED);
    refused(&unverified(&repo), PROTECTED);
    allow_since(&repo, "main", 500);
    commit(&repo).exits(0);
}

#[test]
fn it_is_about_one_branch() {
    let repo = guarded();
    allow(&repo, "master");
    refused(&commit(&repo), PROTECTED);
    refused(&unverified(&repo), PROTECTED);
    let tree = repo.id("HEAD^{tree}");
    let new = repo.ask(["commit-tree", "-p", "HEAD", "-m", "x", &tree]);
    let both = format!("update refs/heads/main {new}\nupdate refs/heads/master {new}\n");
    let said = repo.call(["update-ref", "--stdin"]).stdin(both).run();
    refused(&said, PROTECTED);
    assert_eq!(kinds(&repo), ["override.granted"], "what is refused as a whole is no use");
    repo.must(["update-ref", "refs/heads/master", &new]);
    assert_eq!(kinds(&repo)[1..], ["override.used reference-transaction"]);
}

#[test]
fn lanes_scopes_and_merges_pass_too() {
    let scene = Scene::new(Topology::Coordination);
    let lane = scene.mission.lane_branch("lane-b");
    let foreign = &[("src/a/one.rs", "mine\n")];
    assert_eq!(codes(&scene.commit(foreign).exits(1)), [FOREIGN]);
    let id = allow(&scene.repo, &lane);
    let said = scene.commit(foreign).exits(0);
    assert!(said.stderr.contains(&format!("[{FOREIGN}]")), "{said}");
    assert_eq!(audit(&scene.repo)[2]["mission_slug"], scene.mission.slug.as_str());
    scene.repo.commit_to("side", "main", "Side", &[("src/a/two.rs".to_owned(), "n\n".to_owned())]);
    scene.lane.must(["merge", "-q", "--no-ff", "-m", "m", "side"]);
    let used: Vec<String> = kinds(&scene.repo)[3..].to_vec();
    assert_eq!(used, ["override.used pre-merge-commit", "override.used reference-transaction"]);
    scene.repo.kitty(["override", "--revoke", &id]).exits(0);
    scene.repo.must(["switch", "-q", "-c", "own"]);
    scene.repo.kitty(["scope", "add", "docs"]).exits(0);
    scene.repo.stage(&[("x", "x")]);
    assert_eq!(codes(&commit(&scene.repo).exits(1)), ["SCOPE_VIOLATION"]);
    allow(&scene.repo, "own");
    commit(&scene.repo).exits(0);
}

#[test]
fn a_tool_may_write_and_the_audit_knows() {
    let scene = Scene::new(Topology::Coordination);
    let event = json!({
        "session_id": "s", "cwd": "/", "hook_event_name": "PreToolUse", "tool_name": "Write",
        "tool_input": {"file_path": scene.lane.file("src/a/new.rs"), "content": "x"},
    });
    let ask = || {
        let call = scene.lane.call(["kitty", "guard", "--agent-hook", "claude"]);
        call.stdin(event.to_string()).run()
    };
    let said = ask().exits(2);
    assert!(said.stderr.contains("as a last resort"), "{said}");
    allow(&scene.repo, &scene.mission.lane_branch("lane-b"));
    ask().exits(0);
    assert_eq!(kinds(&scene.repo)[1..], ["override.used edit"]);
    assert_eq!(audit(&scene.repo)[1]["codes"], json!([FOREIGN]));
}

#[test]
fn a_push_passes_here_and_not_at_a_server() {
    let here = Pushing::new();
    here.smuggle("main", "ours");
    let said = here.refused(&["main"], PROTECTED);
    assert!(said.contains("`git kitty override --ref main "), "{said}");
    allow(&here.scene.repo, "main");
    here.push(&["main"]).exits(0);
    let line = audit(&here.scene.repo).pop().unwrap();
    assert_eq!((&line["door"], &line["new"]), (&"pre-push".into(), &here.server.id("main").into()));
    here.server.kitty(["install", "--server"]).exits(0);
    here.smuggle("main", "more");
    allow(&here.server, "main");
    let said = here.push(&["main"]);
    assert_ne!(said.status, 0, "{said}");
    assert!(said.stderr.contains("pre-receive hook declined"), "{said}");
    assert!(!said.stderr.contains("last resort"), "{said}");
}

#[test]
fn a_push_never_loses_what_the_remote_has_nor_a_lane_goes_to_the_target() {
    let here = Pushing::new();
    let lane = here.lane();
    for branch in ["main", &here.scene.mission.branch(), &lane] {
        allow(&here.scene.repo, branch);
    }
    here.others("main", "theirs");
    here.scene.repo.must(["fetch", "-q"]);
    here.smuggle("main", "ours");
    let said = here.refused(&["+main"], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    assert!(!said.contains("last resort"), "{said}");
    here.refused(&[":main"], "BRANCH_DELETION_REFUSED");
    here.scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    here.scene.repo.must(["update-ref", "refs/heads/side", "origin/main"]);
    here.scene.lane.must(["switch", "-q", "--detach"]);
    here.scene.lane.must(["merge", "-q", "-m", "m", "origin/main"]);
    let joined = here.scene.lane.id("HEAD");
    here.refused(&[&format!("{joined}:refs/heads/main")], "LANE_ONTO_TARGET");
}

#[test]
fn no_branch_goes_away_or_leads_elsewhere() {
    let scene = Scene::new(Topology::Coordination);
    scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    let lane = scene.mission.lane_branch("lane-b");
    for branch in ["main", &scene.mission.branch(), &lane] {
        allow(&scene.repo, branch);
        let name = format!("refs/heads/{branch}");
        let said = scene.repo.git(["update-ref", "-d", &name]);
        refused(&said, "BRANCH_DELETION_REFUSED");
        assert!(!said.stderr.contains("last resort"), "{said}");
        assert!(scene.repo.tip(branch).is_some());
    }
    assert_eq!(kinds(&scene.repo), ["override.granted"; 3]);
}

/// The text of the log without its last line, or another one.
fn without_last(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[..lines.len() - 1].iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn no_log_loses_lines_on_any_branch() {
    for topology in [Topology::Coordination, Topology::Primary] {
        let scene = Scene::new(topology);
        let branch = scene.mission.status_branch();
        let path = format!("{}/status.events.jsonl", scene.mission.dir());
        let text = scene.repo.ask(["show", &format!("{branch}:{path}")]);
        allow(&scene.repo, &branch);
        let short = scene.repo.commit_to(
            "short",
            &branch,
            "Shrink",
            &[(path.clone(), without_last(&text))],
        );
        let name = format!("refs/heads/{branch}");
        let before = scene.repo.id(&name);
        let said = scene.repo.git(["update-ref", &name, &short]);
        refused(&said, "LOG_NOT_APPEND_ONLY");
        let older = scene.repo.id(&format!("{branch}~1"));
        let said = scene.repo.git(["update-ref", &name, &older]);
        refused(&said, "LOG_NOT_APPEND_ONLY");
        let gone = format!("{text}\n{{\"kind\": \"forked\"}}\n").replacen("WP01", "WP09", 1);
        let forked = scene.repo.commit_to("forked", &branch, "Fork", &[(path, gone)]);
        let said = scene.repo.git(["update-ref", &name, &forked]);
        assert_ne!(said.status, 0, "{said}");
        assert_eq!(scene.repo.id(&name), before);
        assert_eq!(kinds(&scene.repo), ["override.granted"]);
    }
}

#[test]
fn no_mission_loses_what_it_is_known_by_beside_what_may_pass() {
    let scene = Scene::new(Topology::Coordination);
    let branch = scene.mission.branch();
    allow(&scene.repo, &branch);
    let meta = format!("{}/meta.json", scene.mission.dir());
    for (number, damaged) in ["{}\n", "no json\n"].iter().enumerate() {
        let files = [("README.md".into(), "x\n".into()), (meta.clone(), (*damaged).to_owned())];
        let mixed = scene.repo.commit_to(&format!("mixed{number}"), &branch, "Mix", &files);
        let said = scene.repo.git(["update-ref", &format!("refs/heads/{branch}"), &mixed]);
        assert_ne!(said.status, 0, "{said}");
        assert!(said.stderr.contains("[MISSION_"), "{said}");
    }
}

#[test]
fn a_lane_never_writes_status() {
    let scene = Scene::new(Topology::Coordination);
    allow(&scene.repo, &scene.mission.lane_branch("lane-b"));
    let path = format!("{}/status.events.jsonl", scene.mission.dir());
    scene.lane.write(&path, "{}\n");
    scene.lane.must(["add", "--sparse", &path]);
    let said = scene.commit(&[("src/a/one.rs", "mine\n")]).exits(1);
    assert_eq!(codes(&said), ["STATUS_FILE_PROTECTED", FOREIGN]);
    refused(&unverified(&scene.lane), "STATUS_FILE_PROTECTED");
}

#[test]
fn a_protected_branch_may_go_back_and_the_audit_keeps_what_it_held() {
    let repo = guarded();
    allow(&repo, "main");
    commit(&repo).exits(0);
    let held = repo.id("HEAD");
    repo.must(["reset", "-q", "--hard", "HEAD~"]);
    let line = audit(&repo).pop().unwrap();
    assert_eq!((&line["old"], &line["event_type"]), (&held.into(), &"override.used".into()));
    assert!(line.get("commits").is_none(), "{line}");
}

#[test]
fn a_policy_that_denies_ends_what_was_granted() {
    let repo = guarded();
    allow(&repo, "main");
    commit(&repo).exits(0);
    let used = kinds(&repo).len();
    set_up(&repo, "policy:\n  override: deny\n");
    for said in [commit(&repo), unverified(&repo)] {
        refused(&said, PROTECTED);
        assert!(!said.stderr.contains("override"), "it is no way here: {said}");
    }
    assert_eq!(kinds(&repo).len(), used);
}

#[test]
fn a_file_that_was_edited_by_hand_is_still_bound_by_its_times() {
    let repo = guarded();
    allow(&repo, "main");
    let path = ".git/kitty/overrides.json";
    let text = repo.read(path);
    let year = |text: &str| text.replace("\"until\":\"20", "\"until\":\"21");
    repo.write(path, year(&text));
    refused(&commit(&repo), PROTECTED);
    // Who owns the machine can do this, as docs/design/overrides.md says.
    repo.write(path, text.replace("refs/heads/main", "refs/heads/master"));
    refused(&commit(&repo), PROTECTED);
    repo.must(["switch", "-q", "master"]);
    commit(&repo).exits(0);
}

#[test]
fn what_cannot_be_written_down_does_not_pass() {
    let repo = guarded();
    allow(&repo, "main");
    repo.sh("rm .git/policy-audit.jsonl && mkdir .git/policy-audit.jsonl");
    let said = commit(&repo).exits(1);
    assert!(said.stderr.contains("policy-audit.jsonl"), "{said}");
    let said = unverified(&repo);
    assert_ne!(said.status, 0, "{said}");
}

#[test]
fn a_branch_that_is_not_there_is_offered_none() {
    let repo = guarded();
    repo.unhooked(["branch", "-q", "-D", "master"]).run().exits(0);
    let tree = repo.id("HEAD^{tree}");
    let new = repo.ask(["commit-tree", "-p", "HEAD", "-m", "x", &tree]);
    let said = repo.git(["branch", "master", &new]);
    refused(&said, PROTECTED);
    assert!(!said.stderr.contains("override"), "it could not be granted: {said}");
}
