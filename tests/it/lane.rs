//! `git kitty lane` and `mission worktree`: opening, finding, closing.

use std::path::Path;

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

/// A mission of three lanes, of which lane-b needs lane-a, in a repository that is set up.
pub(crate) struct Lanes {
    pub(crate) repo: Checkout,
    pub(crate) mission: Mission,
}

impl Lanes {
    pub(crate) fn new() -> Self {
        Self::of(builder())
    }

    pub(crate) fn of(builder: MissionBuilder) -> Self {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().files(3).build(&sandbox, "repo");
        repo.commit_file("src/a/one.rs", "one\ntwo\nthree\n");
        repo.commit_file("src/b/two.rs", "two\n");
        let mission = builder.build(&repo);
        repo.kitty(["init"]).exits(0);
        Self { repo, mission }
    }

    /// Where a lane's worktree is or would be.
    pub(crate) fn lane(&self, lane: &str) -> Checkout {
        self.repo.below(format!(".worktrees/{}-{lane}", self.mission.slug))
    }

    /// Opens a lane, which must succeed.
    #[track_caller]
    pub(crate) fn open(&self, lane: &str) -> Checkout {
        self.repo.kitty(["lane", "open", lane]).exits(0);
        self.lane(lane)
    }

    /// Lets what the branches hold count as made before there were doors.
    pub(crate) fn forget_what_was_judged(&self) {
        std::fs::remove_dir_all(self.repo.file(".git/kitty/judged")).unwrap();
    }

    /// The branch of a lane.
    pub(crate) fn branch(&self, lane: &str) -> String {
        self.mission.lane_branch(lane)
    }

    /// Commits a file to the coordination branch, as others would.
    pub(crate) fn coordinate(&self, path: &str, text: &str) -> String {
        let files = [(path.to_owned(), text.to_owned())];
        self.repo.commit_to(&self.mission.branch(), "main", &format!("Plan {path}"), &files)
    }

    /// The state of each lane, as `lane list` has it.
    pub(crate) fn states(&self) -> Vec<String> {
        let said = json(&self.repo.kitty(["lane", "list", "--format", "json"]).exits(0));
        let lanes = said["lanes"].as_array().unwrap();
        lanes.iter().map(|lane| lane["state"].as_str().unwrap().to_owned()).collect()
    }
}

fn builder() -> MissionBuilder {
    MissionBuilder::new("checkout")
        .wp(Wp::new("WP01").owns(&["src/a/**"]))
        .wp(Wp::new("WP02").owns(&["src/b/**"]).needs(&["WP01"]))
        .wp(Wp::new("WP03").owns(&["docs/**"]))
}

pub(crate) fn json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output}"))
}

/// The files of a checkout that Git knows, and whether they are there: `S` for those left out.
fn tags(checkout: &Checkout) -> Vec<String> {
    let listed = checkout.ask(["ls-files", "-t"]);
    listed.lines().filter(|line| line.contains("status.")).map(str::to_owned).collect()
}

/// Asserts that a lane's worktree is whole: branch, files, sparse checkout, its own settings only.
#[track_caller]
pub(crate) fn assert_whole(lanes: &Lanes, lane: &str) {
    let checkout = lanes.lane(lane);
    assert_eq!(checkout.ask(["status", "--porcelain"]), "");
    assert_eq!(checkout.ask(["symbolic-ref", "--short", "HEAD"]), lanes.branch(lane));
    let dir = lanes.mission.dir();
    let [log, snapshot] = ["status.events.jsonl", "status.json"].map(|f| format!("{dir}/{f}"));
    assert_eq!(tags(&checkout), [format!("S {log}"), format!("S {snapshot}")]);
    assert!(!checkout.file(&log).exists() && checkout.file("src/a/one.rs").exists());
    let patterns = checkout.ask(["rev-parse", "--git-path", "info/sparse-checkout"]);
    assert_eq!(checkout.read(&patterns), format!("/*\n!{log}\n!{snapshot}\n"));
    let own = checkout.ask(["config", "--worktree", "--list"]);
    assert_eq!(own, "core.sparsecheckout=true\ncore.sparsecheckoutcone=false");
    let record = checkout.ask(["rev-parse", "--absolute-git-dir"]);
    let left = ["index.lock", "index.copy", "index.kitty", "kitty-opening", "locked"];
    let left: Vec<_> = left.iter().filter(|name| Path::new(&record).join(name).exists()).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_lane_is_cut_from_the_coordination_branch_and_opened_once() {
    let lanes = Lanes::new();
    assert_eq!(lanes.states(), ["not_open", "not_open", "not_open"]);
    let before = state(&lanes.repo);
    lanes.repo.kitty(["lane", "list"]).exits(0);
    assert_unchanged(&before, &state(&lanes.repo));

    let said = json(&lanes.repo.kitty(["lane", "open", "lane-a", "--format", "json"]).exits(0));
    assert_whole(&lanes, "lane-a");
    let tip = lanes.repo.id(&lanes.mission.branch());
    assert_eq!(lanes.repo.id(&lanes.branch("lane-a")), tip);
    assert_eq!(said["worktree"], lanes.lane("lane-a").path().display().to_string());
    assert_eq!(said["branch"], lanes.branch("lane-a"));
    assert_eq!(
        (said["state"].as_str(), said["base"].as_str().unwrap()),
        (Some("created"), &*lanes.mission.branch())
    );
    assert_eq!(said["commits"][0]["outcome"], "created");
    assert_eq!(lanes.states(), ["open", "not_open", "not_open"]);

    let opened = state(&lanes.repo);
    let said = json(&lanes.lane("lane-a").kitty(["lane", "open", "--format", "json"]).exits(0));
    assert_eq!(
        (said["state"].as_str(), said["commits"].as_array().unwrap().len()),
        (Some("present"), 0)
    );
    assert_unchanged(&opened, &state(&lanes.repo));
}

#[test]
fn nothing_of_the_worktree_one_stands_in_leaks_into_a_new_one() {
    let lanes = Lanes::new();
    lanes.repo.ask(["config", "extensions.worktreeConfig", "true"]);
    lanes.repo.ask(["config", "--worktree", "user.name", "Main"]);
    lanes.repo.ask(["config", "--worktree", "core.sparseCheckout", "true"]);
    lanes.repo.write(".git/info/sparse-checkout", "/*\n!/src/a/\n");
    let first = lanes.open("lane-a");
    first.ask(["config", "--worktree", "user.email", "lane-a@example.com"]);
    let patterns = first.ask(["rev-parse", "--git-path", "info/sparse-checkout"]);
    first.write(&patterns, "/*\n!/src/b/\n");
    first.kitty(["lane", "open", "lane-c"]).exits(0);
    assert_whole(&lanes, "lane-c");
    assert_eq!(lanes.repo.ask(["config", "--worktree", "user.name"]), "Main");

    first.kitty(["mission", "worktree"]).exits(0);
    let view = lanes.lane("coord");
    assert_eq!(view.ask(["status", "--porcelain"]), "");
    assert_eq!(tags(&view).iter().filter(|line| line.starts_with('H')).count(), 2);
    assert!(view.file("src/a/one.rs").exists());
    assert_eq!(view.ask(["config", "--worktree", "--list"]), "core.sparsecheckout=false");
}

#[test]
fn twenty_lanes_open_at_once() {
    let wps = (1..=20).map(|n| Wp::new(&format!("WP{n:02}")).owns(&[&format!("src/{n}/**")]));
    let lanes = Lanes::of(wps.fold(MissionBuilder::new("crowd"), MissionBuilder::wp));
    let names: Vec<String> = ('a'..='t').map(|letter| format!("lane-{letter}")).collect();
    std::thread::scope(|scope| {
        for name in &names {
            scope.spawn(|| lanes.repo.kitty(["lane", "open", name]).exits(0));
        }
    });
    names.iter().for_each(|name| assert_whole(&lanes, name));
    assert_eq!(lanes.repo.ask(["config", "--get-all", "extensions.worktreeConfig"]), "true");
    assert!(!lanes.repo.file(".git/config.lock").exists());
}

#[test]
fn twenty_openings_of_one_lane_make_one() {
    let lanes = Lanes::new();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| lanes.repo.kitty(["lane", "open", "lane-a"]).exits(0));
        }
    });
    assert_whole(&lanes, "lane-a");
    assert_eq!(lanes.repo.ask(["worktree", "list"]).lines().count(), 2);
}

#[test]
fn settings_of_a_bare_main_worktree_stay_its_own() {
    let lanes = Lanes::new();
    let bare = Checkout::at(lanes.repo.sandbox(), lanes.repo.sandbox().root().join("bare.git"));
    lanes.repo.must(["clone", "-q", "--bare", ".", "../bare.git"]);
    let shared = bare.file("config");
    let lock = bare.file("config.lock");
    std::fs::write(&lock, "").unwrap();
    std::thread::scope(|scope| {
        let handle = lanes.mission.slug.as_str();
        let opening = scope.spawn(|| bare.kitty(["lane", "open", "lane-a", "--mission", handle]));
        std::thread::sleep(std::time::Duration::from_millis(300));
        std::fs::remove_file(&lock).unwrap();
        opening.join().unwrap().exits(0);
    });
    let config = std::fs::read_to_string(shared).unwrap();
    assert!(!config.contains("bare") && config.contains("worktreeConfig = true"), "{config}");
    assert_eq!(bare.ask(["config", "core.bare"]), "true");
    let lane = bare.below(format!(".worktrees/{}-lane-a", lanes.mission.slug));
    assert_eq!(lane.ask(["status", "--porcelain"]), "");
    assert_eq!(lane.ask(["rev-parse", "--is-bare-repository"]), "false");
    assert_eq!(tags(&lane).iter().filter(|line| line.starts_with('S')).count(), 2);
    bare.kitty(["mission", "worktree", &lanes.mission.slug]).exits(0);
    bare.kitty(["lane", "close", "lane-a", "--mission", &lanes.mission.slug]).exits(0);
    assert!(!lane.path().exists());
}

#[test]
fn the_primary_checkout_may_be_detached_dirty_and_elsewhere() {
    let lanes = Lanes::new();
    lanes.repo.must(["checkout", "-q", "--detach"]);
    lanes.repo.write("src/a/one.rs", "dirty\n");
    let status = lanes.repo.ask(["status", "--porcelain"]);
    lanes.repo.below("src").kitty(["lane", "open", "lane-a"]).exits(0);
    assert_whole(&lanes, "lane-a");
    assert_eq!(lanes.repo.ask(["status", "--porcelain"]), status);
}

#[test]
fn the_post_checkout_hook_runs_as_for_git() {
    let lanes = Lanes::new();
    let hook =
        "#!/bin/sh\necho \"$@\" \"$(pwd)\" >> \"$(git rev-parse --git-common-dir)/ran\"\nexit 3\n";
    lanes.repo.write(".git/hooks/post-checkout", hook);
    lanes.repo.set_executable(".git/hooks/post-checkout", true);
    let said = lanes.repo.kitty(["lane", "open", "lane-a"]).exits(0);
    assert!(said.stderr.contains("[POST_CHECKOUT_HOOK_FAILED]"), "{said}");
    let (tip, top) = (lanes.repo.id(&lanes.branch("lane-a")), lanes.lane("lane-a"));
    let zero = "0".repeat(tip.len());
    assert_eq!(lanes.repo.read(".git/ran"), format!("{zero} {tip} 1 {}\n", top.path().display()));
    lanes.open("lane-a");
    assert_eq!(lanes.repo.read(".git/ran").lines().count(), 1);
}

#[test]
fn what_stands_in_the_way_is_named_and_left() {
    let lanes = Lanes::new();
    let path = format!(".worktrees/{}-lane-a", lanes.mission.slug);
    let refused = |code: &str| {
        let before = state(&lanes.repo).without("locks/");
        let said = lanes.repo.kitty(["lane", "open", "lane-a"]).exits(1);
        assert!(said.stderr.contains(&format!("[{code}]")), "{said}");
        assert_unchanged(&before, &state(&lanes.repo).without("locks/"));
    };
    lanes.repo.write(&path, "a file\n");
    refused("WORKTREE_PATH_TAKEN");
    std::fs::remove_file(lanes.repo.file(&path)).unwrap();
    lanes.repo.write(format!("{path}/notes.txt"), "mine\n");
    refused("WORKTREE_PATH_TAKEN");
    assert_eq!(lanes.states()[0], "path_taken");
    std::fs::remove_dir_all(lanes.repo.file(&path)).unwrap();
    lanes.repo.symlink(&path, "/tmp");
    refused("WORKTREE_PATH_TAKEN");
    std::fs::remove_file(lanes.repo.file(&path)).unwrap();
    lanes.repo.ask(["branch", &lanes.branch("lane-a"), &lanes.mission.branch()]);
    let elsewhere = lanes.repo.worktree("../elsewhere", &lanes.branch("lane-a"));
    refused("BRANCH_CHECKED_OUT");
    elsewhere.must(["switch", "-q", "--detach"]);
    std::fs::create_dir(lanes.repo.file(&path)).unwrap();
    lanes.open("lane-a");
    assert_whole(&lanes, "lane-a");
    let lane = lanes.lane("lane-a");
    lane.must(["switch", "-q", "-c", "other"]);
    refused("LANE_WORKTREE_BRANCH_MISMATCH");
    assert_eq!(lanes.states()[0], "wrong_branch");
    lane.must(["switch", "-q", "--detach"]);
    refused("LANE_WORKTREE_BRANCH_MISMATCH");
    lanes.repo.must(["worktree", "lock", "--reason", "on a stick", &path]);
    std::fs::remove_dir_all(lane.path()).unwrap();
    refused("WORKTREE_LOCKED");
}

#[test]
fn the_planning_lane_is_the_primary_checkout() {
    let lanes = Lanes::of(builder().lane("lane-a", &["WP01"]).lane("lane-planning", &["WP03"]));
    let said = lanes.repo.kitty(["lane", "open", "lane-planning"]).exits(1);
    assert!(said.stderr.contains("[LANE_OF_PLANNING]") && said.stderr.contains("`main`"), "{said}");
    assert_eq!(lanes.states(), ["not_open", "primary"]);
    let said = lanes.repo.kitty(["lane", "open", "lane-x"]).exits(1);
    assert!(said.stderr.contains("[LANE_NOT_FOUND]"), "{said}");
}

#[test]
fn without_a_name_the_lane_one_stands_in_is_meant() {
    let lanes = Lanes::new();
    let said = json(&lanes.repo.kitty(["lane", "open", "--format", "json"]).exits(1));
    assert_eq!(said["error_code"], "LANE_REQUIRED");
    assert_eq!(said["candidates"].as_array().unwrap().len(), 3);
    let lane = lanes.open("lane-c");
    let said = json(&lane.below("src").kitty(["lane", "repair", "--format", "json"]).exits(0));
    assert_eq!(
        (said["lane_id"].as_str(), said["state"].as_str()),
        (Some("lane-c"), Some("present"))
    );
}

#[test]
fn a_record_for_spec_kitty_is_kept_where_it_has_a_place() {
    let lanes = Lanes::new();
    lanes.open("lane-a");
    assert!(!lanes.repo.file(".kittify").exists());
    lanes.repo.write(".kittify/config.yaml", "protection: {}\n");
    lanes.open("lane-a");
    assert!(!lanes.repo.file(".kittify/workspaces").exists(), "a policy makes no such project");
    lanes.repo.write(".kittify/metadata.yaml", "spec_kitty: {}\n");
    lanes.open("lane-b");
    let name = format!(".kittify/workspaces/{}-lane-b.json", lanes.mission.slug);
    let record: Value = serde_json::from_str(&lanes.repo.read(&name)).unwrap();
    assert_eq!(record["branch_name"], lanes.branch("lane-b"));
    assert_eq!(record["base_branch"], lanes.mission.branch());
    assert_eq!(record["base_commit"], lanes.repo.id(&lanes.mission.branch()));
    assert_eq!(record["worktree_path"], format!(".worktrees/{}-lane-b", lanes.mission.slug));
    assert_eq!((&record["wp_id"], &record["lane_wp_ids"][0]), (&"WP02".into(), &"WP02".into()));
    assert_eq!(record["dependencies"][0], "WP01");
    assert_eq!(lanes.repo.read(&name).lines().nth(1), Some("  \"wp_id\": \"WP02\","));
    lanes.repo.kitty(["lane", "close", "lane-b"]).exits(0);
    assert!(!lanes.repo.file(&name).exists());
}

#[test]
fn the_coordination_worktree_comes_goes_and_comes_back() {
    let lanes = Lanes::new();
    let slug = &lanes.mission.slug;
    let call = |more: &[&str]| {
        let words = ["mission", "worktree", slug, "--format", "json"];
        json(&lanes.repo.kitty(words.iter().chain(more)).exits(0))["state"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(call(&["--remove"]), "absent");
    assert_eq!((call(&[]), call(&[])), ("created".to_owned(), "present".to_owned()));
    let view = lanes.lane("coord");
    std::fs::remove_dir_all(view.path()).unwrap();
    assert_eq!(call(&[]), "restored");
    assert_eq!(view.ask(["status", "--porcelain"]), "");
    view.write("notes.txt", "mine\n");
    let said = lanes.repo.kitty(["mission", "worktree", slug, "--remove"]).exits(1);
    assert!(
        said.stderr.contains("[COORDINATION_WORKTREE_DIRTY]") && said.stderr.contains("notes.txt"),
        "{said}"
    );
    std::fs::remove_file(view.file("notes.txt")).unwrap();
    view.must(["switch", "-q", "--detach"]);
    for more in [&[][..], &["--remove"]] {
        let words = ["mission", "worktree", slug].into_iter().chain(more.iter().copied());
        let said = lanes.repo.kitty(words).exits(1);
        assert!(said.stderr.contains("[COORDINATION_WORKTREE_BRANCH_MISMATCH]"), "{said}");
    }
    view.must(["switch", "-q", &lanes.mission.branch()]);
    assert_eq!(
        (view.kitty(["mission", "worktree", "--remove"]).exits(0).status, call(&["--remove"])),
        (0, "absent".to_owned())
    );
    assert!(!view.path().exists());
}
