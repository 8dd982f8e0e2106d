//! What a server takes: real pushes into a bare repository that has our hook, from clones that have
//! none.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::kit::disk::built;
use crate::pushing::Pushing;
use crate::scene::codes;

/// A scene whose pushes nobody judges but the server.
fn served() -> Pushing {
    guarded(Pushing::new())
}

fn guarded(here: Pushing) -> Pushing {
    here.server.kitty(["install", "--server"]).exits(0);
    here.scene.repo.kitty(["install", "--uninstall"]).exits(0);
    here
}

/// A push that the server must refuse as a whole, and what it said.
#[track_caller]
fn refused(here: &Pushing, words: &[&str], code: &str) -> String {
    let before = here.server.ask(["for-each-ref"]);
    let said = here.push(words);
    assert_ne!(said.status, 0, "{said}");
    assert!(said.stderr.contains(&format!("[{code}]")), "{said}");
    assert!(said.stderr.contains("pre-receive hook declined"), "{said}");
    assert_eq!(here.server.ask(["for-each-ref"]), before, "{said}");
    said.stderr
}

#[test]
fn an_empty_server_takes_everything_in_one_push() {
    let here = guarded(Pushing::empty());
    here.smuggle("main", "more");
    here.passes(&["--all"]);
    here.smuggle("main", "even more");
    refused(&here, &["main"], "PROTECTED_BRANCH_REFUSED");
    assert!(!here.server.path().join("kitty/seen").exists(), "nothing is left by judging");
    let evil = guarded(Pushing::empty());
    evil.smuggle(&evil.lane(), "src/a/foreign.rs");
    refused(&evil, &["--all"], "ACTIVE_WP_SCOPE_VIOLATION");
}

#[test]
fn honest_pushes_pass_without_a_word() {
    let mut here = served();
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    here.smuggle(&lane, "src/b/more.rs");
    here.passes(&[&lane]);
    here.scene.walk("WP03", &["planned", "claimed"]);
    here.smuggle(&lane, "docs/new.md");
    here.passes(&[&lane, &coordination]);
    here.smuggle("feature", "src/a/free.rs");
    here.scene.repo.ask(["tag", "v1"]);
    here.passes(&["feature", "v1", "main", "main:refs/heads/master"]);
    here.passes(&[":feature", ":v1"]);
}

#[test]
fn a_claim_counts_in_the_push_that_brings_it_and_not_without() {
    let mut here = served();
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    here.scene.walk("WP03", &["planned", "claimed"]);
    here.smuggle(&lane, "docs/new.md");
    refused(&here, &[&lane], "ACTIVE_WP_SCOPE_VIOLATION");
    here.passes(&[&coordination, &lane]);
}

#[test]
fn a_claim_that_is_written_over_others_does_not_count() {
    let mut here = served();
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    here.scene.walk("WP03", &["planned", "claimed"]);
    here.smuggle(&lane, "docs/new.md");
    let tree = here.scene.repo.id(&format!("{coordination}^{{tree}}"));
    let alone = here.scene.repo.ask(["commit-tree", "-m", "Rewrite", &tree]);
    let forced = format!("+{alone}:refs/heads/{coordination}");
    refused(&here, &[&forced, &lane], "TARGET_BRANCH_NOT_SYNCHRONIZED");
}

#[test]
fn lanes_and_coordination_branches_take_what_is_theirs() {
    let here = served();
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    let dir = here.scene.mission.dir();
    here.smuggle(&lane, "src/a/foreign.rs");
    let said = refused(&here, &[&lane, "main:refs/heads/x"], "ACTIVE_WP_SCOPE_VIOLATION");
    assert!(said.contains("src/a/foreign.rs") && said.contains(": Smuggle"), "{said}");
    here.smuggle("evil", "src/a/foreign.rs");
    here.passes(&["evil"]);
    refused(&here, &[&format!("+evil:{lane}")], "ACTIVE_WP_SCOPE_VIOLATION");
    here.smuggle(&coordination, "src/b/code.rs");
    refused(&here, &[&coordination], "COORDINATION_PATH_REFUSED");
    let shrunk = (format!("{dir}/status.events.jsonl"), String::new());
    let old = here.server.id(&coordination);
    here.scene.repo.ask(["branch", "-f", &coordination, &old]);
    here.scene.repo.commit_to(&coordination, "main", "Shrink", &[shrunk]);
    refused(&here, &[&coordination], "LOG_NOT_APPEND_ONLY");
    refused(
        &here,
        &[&format!("+{old}~1:refs/heads/{coordination}")],
        "TARGET_BRANCH_NOT_SYNCHRONIZED",
    );
}

#[test]
fn protected_branches_stay() {
    let here = served();
    let lane = here.lane();
    let (slug, coordination) = (here.scene.mission.slug.clone(), here.scene.mission.branch());
    here.smuggle(&lane, "src/b/more.rs");
    here.passes(&[&lane]);
    refused(&here, &[&format!("+{lane}:main")], "LANE_ONTO_TARGET");
    let repo = &here.scene.repo;
    repo.unhooked(["merge", "-q", "--no-ff", "-m", "Land", &coordination]).run().exits(0);
    let said = refused(&here, &["main"], "PROTECTED_BRANCH_REFUSED");
    assert!(said.contains(&format!("refs/heads/kitty/pr/{slug}-to-main`")), "{said}");
    here.smuggle("other", "direct");
    refused(&here, &["other:main"], "PROTECTED_BRANCH_REFUSED");
    refused(&here, &["other:refs/heads/master"], "PROTECTED_BRANCH_REFUSED");
    let root = repo.ask(["rev-list", "--max-parents=0", "main"]);
    refused(&here, &[&format!("+{root}:refs/heads/main")], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    here.server.ask(["config", "receive.denyDeleteCurrent", "ignore"]);
    refused(&here, &[":main"], "BRANCH_DELETION_REFUSED");
    refused(&here, &[&format!(":{coordination}")], "BRANCH_DELETION_REFUSED");
    refused(&here, &[&format!(":{lane}")], "BRANCH_DELETION_REFUSED");
    for odd in ["lane-a-lane-é", "lane-A", "lane-zz", "lane-"] {
        here.push(&[&format!("{lane}:refs/heads/{coordination}-{odd}")]);
    }
    refused(&here, &[&format!(":{lane}")], "BRANCH_DELETION_REFUSED");
    here.passes(&[&format!("{lane}:refs/kitty/discarded/m/lane-b"), &format!(":{lane}")]);
    let tip = repo.id(&coordination);
    here.passes(&[&format!("{tip}:refs/kitty/landed/m"), &format!(":{coordination}")]);
}

#[test]
fn what_was_kept_for_a_branch_that_went_stays() {
    let here = served();
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    here.smuggle(&lane, "src/b/more.rs");
    here.passes(&[&lane, &format!("{lane}:refs/heads/tmp")]);
    here.passes(&[&format!("{coordination}:refs/kitty/x")]);
    for branch in [&lane, &coordination] {
        refused(&here, &[&format!(":{branch}")], "BRANCH_DELETION_REFUSED");
    }
    let kept = |name: &str| format!("refs/kitty/discarded/m/{name}");
    let keep = |branch: &str, name: &str| format!("{branch}:{}", kept(name));
    here.passes(&[&keep(&lane, "lane-b"), &format!(":{lane}")]);
    here.passes(&[&keep(&coordination, "coordination"), &format!(":{coordination}")]);
    refused(&here, &[&format!(":{}", kept("lane-b"))], "BRANCH_DELETION_REFUSED");
    refused(&here, &[&format!("+main:{}", kept("coordination"))], "BRANCH_DELETION_REFUSED");
    here.passes(&[":refs/kitty/x"]);
}

#[test]
fn a_target_that_may_go_keeps_no_coordination_branch() {
    let here = served();
    let repo = &here.scene.repo;
    here.passes(&["main:refs/heads/dev"]);
    repo.must(["branch", "-q", "dev", "main"]);
    repo.kitty(["mission", "create", "second", "--target", "dev"]).exits(0);
    let second = repo.ask(["branch", "--list", "--format=%(refname:short)", "kitty/mission-sec*"]);
    here.passes(&[&second]);
    here.passes(&[&format!("{second}:dev")]);
    refused(&here, &[&format!(":{second}")], "BRANCH_DELETION_REFUSED");
    here.passes(&[&format!("{second}:refs/kitty/landed/second"), &format!(":{second}")]);
}

#[test]
fn the_policy_is_the_servers_own() {
    let here = served();
    let commit = |text: &str| {
        let files = [(".kittify/config.yaml".to_owned(), text.to_owned())];
        here.scene.repo.commit_to("main", "main", "Decide", &files)
    };
    let free = "protection:\n  protected_branches: []\n";
    commit("policy: {}\n");
    here.passes(&["main"]);
    let loose = commit(free);
    refused(&here, &["main"], "PROTECTED_BRANCH_REFUSED");
    here.passes(&[&format!("{loose}:refs/remotes/origin/main"), "main~1:refs/heads/z"]);
    refused(&here, &["main"], "PROTECTED_BRANCH_REFUSED");
    here.unjudged_by_server(&["main"]);
    here.smuggle("main", "direct");
    here.passes(&["main"]);
    commit("{");
    here.unjudged_by_server(&["main"]);
    here.smuggle("main", "more");
    refused(&here, &["main"], "POLICY_CONFIG_INVALID");
    here.scene.repo.ask(["branch", "-f", "mend", "main~1"]);
    let files = [(".kittify/config.yaml".to_owned(), "policy: {}\n".to_owned())];
    here.scene.repo.commit_to("mend", "mend", "Mend", &files);
    here.passes(&["mend:main"]);
}

#[test]
fn the_branch_that_clones_begin_with_is_protected() {
    let here = served();
    here.server.ask(["symbolic-ref", "HEAD", "refs/heads/trunk"]);
    here.passes(&["main:refs/heads/trunk"]);
    here.smuggle("other", "direct");
    refused(&here, &["other:trunk"], "PROTECTED_BRANCH_REFUSED");
}

#[test]
fn the_hook_of_the_server_stands_alone_and_goes_without_a_trace() {
    let here = Pushing::new();
    let script = "#!/bin/sh\ncat >\"$GIT_DIR/seen\"\ntest ! -e refused\n";
    let sandbox = here.server.sandbox();
    sandbox.hook("server/hooks/pre-receive", script);
    let before = sandbox.bytes("server");
    here.server.kitty(["install", "--server"]).exits(0);
    let again = here.server.kitty(["install", "--server", "--format", "json"]).exits(0);
    assert_eq!(again.stdout.matches("\"event\"").count(), 1, "{again}");
    let status = here.server.kitty(["install", "--status"]).exits(0);
    assert!(status.stdout.starts_with("pre-receive: installed"), "{status}");
    assert!(!here.server.path().join("hooks/pre-commit").exists());
    let doctor = here.server.kitty(["doctor"]);
    assert!(!doctor.stdout.contains("DOORS") && !doctor.stdout.contains("HOOK"), "{doctor}");
    here.passes(&["main:refs/heads/x"]);
    assert!(sandbox.read("server/seen").ends_with("refs/heads/x\n"));
    std::fs::remove_file(sandbox.at("server/seen")).unwrap();
    here.server.write("refused", "");
    here.push(&["main:refs/heads/y"]).exits(1);
    std::fs::remove_file(sandbox.at("server/refused")).unwrap();
    std::fs::remove_file(sandbox.at("server/seen")).unwrap();
    here.server.ask(["update-ref", "-d", "refs/heads/x"]);
    here.server.kitty(["install", "--uninstall"]).exits(0);
    let after = sandbox.bytes("server");
    let lasting = |(path, _): &(&std::path::PathBuf, &String)| {
        !path.to_string_lossy().contains("/objects") && !path.to_string_lossy().contains("/logs")
    };
    assert!(
        before.iter().filter(lasting).eq(after.iter().filter(lasting)),
        "{before:?}\n{after:?}"
    );
}

#[test]
fn the_hook_of_a_server_is_for_bare_repositories() {
    let here = Pushing::new();
    let said = here.scene.repo.kitty(["install", "--server"]).exits(1);
    assert_eq!(codes(&said), ["SERVER_NOT_BARE"], "{said}");
    here.scene.lane.kitty(["install", "--server"]).exits(1);
    here.scene.repo.kitty(["install", "--doors", "pre-receive"]).exits(2);
    let hooks = here.scene.repo.path().join(".git/hooks");
    assert!(hooks.join("pre-push").exists() && !hooks.join("pre-receive").exists());
}

#[test]
fn a_server_that_was_never_set_up_takes_everything() {
    let here = Pushing::new();
    let hook = here.server.path().join("hooks/pre-receive");
    std::fs::copy(built("git-kitty-hook-pre-receive"), hook).unwrap();
    here.scene.repo.kitty(["install", "--uninstall"]).exits(0);
    here.smuggle("main", "direct");
    here.passes(&["main"]);
}

#[test]
fn a_push_over_the_network_is_judged_as_well() {
    let here = served();
    let Some(daemon) = Daemon::start(&here) else { return };
    here.scene.repo.ask(["remote", "set-url", "origin", &daemon.url]);
    here.smuggle(&here.lane(), "src/b/more.rs");
    here.passes(&[&here.lane()]);
    here.smuggle(&here.lane(), "src/a/foreign.rs");
    refused(&here, &[&here.lane()], "ACTIVE_WP_SCOPE_VIOLATION");
}

/// A `git daemon` on this machine alone.
struct Daemon {
    process: Child,
    url: String,
}

impl Daemon {
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    fn start(here: &Pushing) -> Option<Self> {
        let sandbox = here.server.sandbox();
        let programs = here.server.ask(["--exec-path"]);
        let program = std::path::Path::new(&programs).join("git-daemon");
        if !program.exists() {
            eprintln!("skipped: git has no daemon");
            return None;
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let root = sandbox.root().display().to_string();
        let process = Command::new(program)
            .args(["--listen=127.0.0.1", "--export-all", "--enable=receive-pack", "--reuseaddr"])
            .args([format!("--port={port}"), format!("--base-path={root}"), root])
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let daemon = Self { process, url: format!("git://127.0.0.1:{port}/server") };
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the daemon does not answer");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(daemon)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_target_that_nobody_guards_frees_no_coordination_branch() {
    let here = served();
    let (scene, coordination) = (&here.scene, here.scene.mission.branch());
    let file = format!("{}/meta.json", scene.mission.dir());
    let text = scene.repo.ask(["show", &format!("{coordination}:{file}")]);
    for (name, other) in [("coordination_branch", "was"), ("mission_id", "other")] {
        let doctored = text.replace("\"coordination_branch\": ", "\"was\": ");
        let doctored = doctored.replace(&format!("\"{name}\": "), &format!("\"{other}\": "));
        here.server.commit_to("main", "main", "Doctor", &[(file.clone(), doctored)]);
        let old = scene.repo.id(&coordination);
        here.smuggle(&coordination, "src/b/code.rs");
        refused(&here, &[&coordination], "COORDINATION_PATH_REFUSED");
        refused(
            &here,
            &[&format!("+main:refs/heads/{coordination}")],
            "TARGET_BRANCH_NOT_SYNCHRONIZED",
        );
        refused(&here, &[&format!(":{coordination}")], "BRANCH_DELETION_REFUSED");
        scene.repo.ask(["branch", "-f", &coordination, &old]);
    }
}

#[test]
fn what_a_branch_had_counts_when_it_becomes_a_coordination_branch() {
    let here = served();
    let (branch, files) = crate::coordination_doors::other_mission(&here.scene);
    for prefix in ["", "+"] {
        here.smuggle(&branch, "src/b/code.rs");
        here.passes(&[&branch]);
        here.scene.repo.commit_to(&branch, "main", "Meta", &files);
        refused(&here, &[&branch], "COORDINATION_PATH_REFUSED");
        let rewritten = format!("+{branch}:refs/heads/{branch}");
        if prefix == "+" {
            let tree = here.scene.repo.id(&format!("{branch}^{{tree}}"));
            let parent = here.scene.repo.id("main");
            let forced = here.scene.repo.ask(["commit-tree", "-p", &parent, "-m", "x", &tree]);
            here.scene.repo.unhooked(["branch", "-f", &branch, &forced]).run().exits(0);
            refused(&here, &[&rewritten], "TARGET_BRANCH_NOT_SYNCHRONIZED");
        }
        here.passes(&[&format!(":{branch}")]);
        here.scene.repo.unhooked(["branch", "-q", "-D", &branch]).run().exits(0);
    }
    here.scene.repo.commit_to(&branch, "main", "Meta", &files);
    let (path, text) = &files[0];
    let older = text.replace("\"coordination_branch\": ", "\"was\": ");
    let free = here.server.id("main");
    here.server.commit_to("main", "main", "Older", &[(path.clone(), older)]);
    refused(&here, &[&branch], "MISSION_IDENTITY_CHANGED");
    here.server.unhooked(["update-ref", "refs/heads/main", &free]).run().exits(0);
    here.passes(&[&branch]);
}
