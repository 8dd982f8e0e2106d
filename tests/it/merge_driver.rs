//! Logs and snapshots under git's own merge, pull, rebase and cherry-pick.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;
use crate::kit::{json, project};

/// A mission whose coordination branch has grown apart in two clones.
pub(crate) struct Clones {
    pub(crate) ours: Side,
    pub(crate) theirs: Side,
}

/// One clone, with the coordination branch checked out.
pub(crate) struct Side {
    pub(crate) mission: Mission,
    pub(crate) view: Checkout,
}

impl Clones {
    pub(crate) fn new(topology: Topology) -> Self {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().build(&sandbox, "ours");
        Self::of(plan(topology).build(&repo))
    }

    fn of(mission: Mission) -> Self {
        let sandbox = mission.repo.sandbox().clone();
        sandbox.git("", ["clone", "-q", "ours", "theirs"]);
        let mut clone = mission.clone();
        clone.repo = Checkout::at(&sandbox, sandbox.root().join("theirs"));
        let branch = clone.status_branch();
        if clone.repo.tip(&branch).is_none() {
            clone.repo.ask(["branch", "-q", &branch, &format!("origin/{branch}")]);
        }
        clone.log.wait(500);
        Self { ours: Side::of(mission), theirs: Side::of(clone) }
    }

    /// Moves WP01 here and WP02 there, each with its commit.
    pub(crate) fn part(&mut self) {
        self.ours.walk("WP01", &["planned", "claimed"]);
        self.theirs.walk("WP02", &["planned", "claimed"]);
        self.ours.walk("WP01", &["claimed", "in_progress"]);
    }

    /// Pulls in our clone what theirs has; on `main`, which takes no merge by hand, past the hooks.
    pub(crate) fn pull(&self, words: &[&str]) -> Output {
        let branch = self.ours.mission.status_branch();
        let url = self.theirs.mission.repo.path().display().to_string();
        let words = [&["pull", "-q", "--no-edit"], words, &[url.as_str(), &branch]].concat();
        match branch.as_str() {
            "main" => self.ours.view.unhooked(words).run(),
            _ => self.ours.view.call(words).run(),
        }
    }

    /// All lines of both sides, as the kit wrote them.
    fn lines(&self) -> Vec<String> {
        let both = [&self.ours, &self.theirs].map(|side| side.mission.log.text());
        let mut lines: Vec<String> =
            both.iter().flat_map(|log| log.lines()).map(str::to_owned).collect();
        lines.sort();
        lines.dedup();
        lines
    }
}

impl Side {
    fn of(mission: Mission) -> Self {
        mission.repo.kitty(["init"]).exits(0);
        let view = match mission.status_branch() == "main" {
            true => mission.repo.clone(),
            false => mission.open_coordination(),
        };
        Self { mission, view }
    }

    fn walk(&mut self, wp: &str, statuses: &[&str]) {
        self.mission.log.walk(wp, statuses);
        self.mission.save();
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.mission.dir())
    }

    fn log(&self) -> String {
        self.view.read(&self.path("status.events.jsonl"))
    }

    /// The log holds these lines once each, ordered by time, and the snapshot is what it adds up to.
    #[track_caller]
    fn assert_merged(&self, lines: &[String]) {
        let log = self.log();
        let mut found: Vec<&str> = log.lines().collect();
        let at =
            |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap()["at"].to_string();
        assert!(found.is_sorted_by_key(|line| at(line)), "{log}");
        found.sort_unstable();
        assert_eq!(found, lines);
        let reduced = self.view.kitty(["event", "reduce", &self.path("status.events.jsonl")]);
        assert_eq!(self.view.read(&self.path("status.json")), reduced.exits(0).stdout);
        assert_eq!(self.view.ask(["status", "--porcelain", "--untracked-files=no"]), "");
    }
}

fn plan(topology: Topology) -> MissionBuilder {
    let plan = MissionBuilder::new("checkout").topology(topology);
    plan.wp(Wp::new("WP01").owns(&["src/a/**"])).wp(Wp::new("WP02").owns(&["src/b/**"]))
}

#[test]
fn a_pull_of_two_clones_is_the_union_and_its_snapshot() {
    for topology in [Topology::Coordination, Topology::Primary] {
        let mut clones = Clones::new(topology);
        clones.part();
        clones.pull(&["--no-rebase"]).exits(0);
        clones.ours.assert_merged(&clones.lines());
        assert!(clones.ours.view.read(&clones.ours.path("status.json")).contains("in_progress"));
        let parents = clones.ours.view.ask(["rev-list", "--parents", "-1", "HEAD"]);
        assert_eq!(parents.split(' ').count(), 3, "{topology:?}");
    }
}

#[test]
fn a_merge_in_one_repository_works_with_the_program_off_the_path() {
    let mut clones = Clones::new(Topology::Coordination);
    clones.part();
    let Side { view, mission } = &clones.ours;
    view.git(["fetch", "-q", "../../../theirs", &format!("{}:other", mission.branch())]).exits(0);
    let git = which::which("git").unwrap();
    let bare = format!("{}:/usr/bin:/bin", git.parent().unwrap().display());
    view.call(["merge", "-q", "--no-edit", "other"]).env("PATH", bare).run().exits(0);
    clones.ours.assert_merged(&clones.lines());
}

#[test]
fn a_rebase_and_a_cherry_pick_keep_every_line() {
    let mut clones = Clones::new(Topology::Coordination);
    clones.part();
    clones.pull(&["--rebase"]).exits(0);
    clones.ours.assert_merged(&clones.lines());

    let mut clones = Clones::new(Topology::Coordination);
    clones.part();
    let Side { view, mission } = &clones.ours;
    view.git(["fetch", "-q", "../../../theirs", &format!("{}:other", mission.branch())]).exits(0);
    view.git(["cherry-pick", "other"]).exits(0);
    clones.ours.assert_merged(&clones.lines());
    clones.ours.view.git(["rebase", "-q", "--apply", "--onto", "other", "HEAD~3"]).exits(0);
    clones.ours.assert_merged(&clones.lines());
}

#[test]
fn a_merge_with_several_bases_is_the_union_too() {
    let mut clones = Clones::new(Topology::Coordination);
    clones.part();
    let branch = clones.ours.mission.branch();
    let [ours, theirs] = [&clones.ours.view, &clones.theirs.view];
    ours.git(["fetch", "-q", "../../../theirs", &format!("{branch}:before")]).exits(0);
    theirs.git(["pull", "-q", "--no-rebase", "--no-edit", "../../../ours", &branch]).exits(0);
    ours.git(["merge", "-q", "--no-edit", "before"]).exits(0);
    for side in [&mut clones.ours, &mut clones.theirs] {
        let lines = clones_lines(&side.log());
        side.assert_merged(&lines);
    }
    let whole = clones.ours.log();
    for (side, wp) in [(&mut clones.ours, "WP01"), (&mut clones.theirs, "WP02")] {
        let mut own = crate::kit::log::Log::new("x", None);
        own.wait(if wp == "WP01" { 5_000 } else { 6_000 });
        own.annotation(wp, serde_json::json!({ "note": wp }));
        let log = format!("{whole}{}", own.text());
        side.view.write(side.path("status.events.jsonl"), &log);
        let reduced =
            side.view.kitty(["event", "reduce", &side.path("status.events.jsonl")]).stdout;
        side.view.write(side.path("status.json"), &reduced);
        side.view.commit_all("Note");
    }
    let mut expected = clones_lines(&clones.ours.log());
    expected.extend(clones_lines(&clones.theirs.log()));
    expected.sort();
    expected.dedup();
    clones.pull(&["--no-rebase"]).exits(0);
    clones.ours.assert_merged(&expected);
}

fn clones_lines(log: &str) -> Vec<String> {
    let mut lines: Vec<String> = log.lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[test]
fn different_events_under_one_id_stop_the_merge_and_are_all_named() {
    let mut clones = Clones::new(Topology::Coordination);
    clones.ours.mission.log.wait(500);
    clones.ours.walk("WP01", &["planned", "claimed", "in_progress"]);
    clones.theirs.walk("WP02", &["planned", "claimed", "in_progress"]);
    let before = clones.ours.log();
    let said = clones.pull(&["--no-rebase"]).exits(1);
    let events = clones.ours.mission.log.events();
    for event in &events[events.len() - 2..] {
        let id = event["event_id"].as_str().unwrap();
        assert!(said.stderr.contains(&format!("with the same id `{id}`")), "{said}");
    }
    assert!(said.stderr.contains("[EVENT_PAYLOAD_CONFLICT]"), "{said}");
    assert_eq!(clones.ours.log(), before, "ours stays in the work tree");
    let unmerged = clones.ours.view.ask(["diff", "--name-only", "--diff-filter=U"]);
    let both = [clones.ours.path("status.events.jsonl"), clones.ours.path("status.json")];
    assert_eq!(unmerged.lines().collect::<Vec<_>>(), both);
    clones.ours.view.git(["merge", "--abort"]).exits(0);
}

#[test]
fn a_damaged_line_stops_the_merge_with_its_number() {
    let mut clones = Clones::new(Topology::Coordination);
    clones.ours.walk("WP01", &["planned", "claimed"]);
    clones.theirs.mission.log.raw("<<<<<<< HEAD");
    clones.theirs.walk("WP02", &["planned", "claimed"]);
    let said = clones.pull(&["--no-rebase"]).exits(1);
    let place = format!("theirs:{}:3: not a line of JSON", clones.ours.path("status.events.jsonl"));
    assert!(said.stderr.contains(&place), "{said}");
}

#[test]
fn snapshots_alone_in_conflict_are_made_anew() {
    let clones = Clones::new(Topology::Coordination);
    for (side, text) in [(&clones.ours, "<<<<<<< ours\n"), (&clones.theirs, " {}\n")] {
        let good = side.view.read(&side.path("status.json"));
        side.view.write(side.path("status.json"), good.replacen('{', text, 1));
        side.view.commit_all("Damage the snapshot");
    }
    clones.pull(&["--no-rebase"]).exits(1);
    let path = clones.ours.path("status.json");
    let clones = Clones::new(Topology::Coordination);
    for (side, indent) in [(&clones.ours, "    "), (&clones.theirs, "\t")] {
        let good = side.view.read(&path);
        side.view.write(&path, good.replace("\n  ", &format!("\n{indent}")));
        side.view.commit_all("Indent the snapshot");
    }
    clones.pull(&["--no-rebase"]).exits(0);
    clones.ours.assert_merged(&clones.lines());
}

#[test]
fn a_number_that_one_side_gave_the_mission_is_kept() {
    let mut clones = Clones::new(Topology::Coordination);
    clones.part();
    for name in ["meta.json", "status.json"] {
        let path = clones.theirs.path(name);
        let text = clones.theirs.view.read(&path);
        let text = text.replace(r#""mission_number": """#, r#""mission_number": "12""#);
        let text = text.replace(r#""mission_number": null"#, r#""mission_number": 12"#);
        clones.theirs.view.write(&path, &text);
    }
    clones.theirs.view.commit_all("Number the mission");
    clones.pull(&["--no-rebase"]).exits(0);
    clones.ours.assert_merged(&clones.lines());
    assert!(clones.ours.view.read(&clones.ours.path("status.json")).contains(r#"": "12""#));
}

#[test]
fn a_snapshot_that_no_commit_holds_stays_in_conflict() {
    let mut clones = Clones::new(Topology::Coordination);
    clones.part();
    let view = &clones.ours.view;
    let text = view.read(&clones.ours.path("status.json"));
    for (name, text) in [("o", ""), ("a", text.as_str()), ("b", "{}\n")] {
        view.write(name, text);
    }
    let path = clones.ours.path("status.json");
    let said = view.kitty(["merge-driver", "snapshot", "o", "a", "b", &path]).exits(3);
    assert!(said.stderr.contains("[SNAPSHOT_UNPROVEN]"), "{said}");
    assert_eq!(view.read("a"), text);
}

#[test]
fn a_spec_kitty_project_keeps_its_own_settings() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "ours");
    project::set_up(&repo, "");
    let before = repo.read(".git/config");
    let mut clones = Clones::of(plan(Topology::Split).build(&repo));
    clones.part();
    clones.pull(&["--no-rebase"]).exits(0);
    let log: Vec<String> = clones_lines(&clones.ours.log());
    assert_eq!(log, clones.lines());
    let key = "merge.spec-kitty-event-log.driver";
    repo.git(["config", key, "spec-kitty other %A"]).exits(0);
    assert!(repo.ask(["config", key]).contains("git-kitty-merge-driver event-log"));
    repo.git(["config", key, "spec-kitty merge-driver-event-log %O %A %B"]).exits(0);
    repo.git(["worktree", "remove", &clones.ours.view.path().display().to_string()]).exits(0);
    repo.kitty(["install", "--uninstall"]).exits(0);
    assert_eq!(repo.read(".git/config"), before);
}

#[test]
fn other_files_of_events_need_no_schema() {
    let clones = Clones::new(Topology::Coordination);
    let line = |id: &str| json::line(&serde_json::json!({"event_id": id, "choice": "é"})) + "\n";
    for (side, text) in [(&clones.ours, line("B")), (&clones.theirs, line("A"))] {
        side.view.write(side.path("decisions.events.jsonl"), &text);
        side.view.commit_all("Decide");
    }
    clones.pull(&["--no-rebase"]).exits(0);
    let merged = clones.ours.view.read(&clones.ours.path("decisions.events.jsonl"));
    assert_eq!(merged, line("A") + &line("B"));
}
