//! The scene that most tests play in: a mission of two lanes in a repository that is set up.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;

/// All the ways in which a mission's files are laid out.
pub(crate) const TOPOLOGIES: [Topology; 3] =
    [Topology::Primary, Topology::Coordination, Topology::Split];

/// A mission with lane-a (WP01) and lane-b (WP02, then WP03); WP01 and WP02 are in progress.
pub(crate) struct Scene {
    /// The primary checkout, on `main`.
    pub(crate) repo: Checkout,
    /// The mission.
    pub(crate) mission: Mission,
    /// The worktree of lane-b.
    pub(crate) lane: Checkout,
}

impl Scene {
    /// The scene in a plain repository.
    pub(crate) fn new(topology: Topology) -> Self {
        Self::in_repository(topology, RepoBuilder::default())
    }

    /// The scene in a repository of this kind.
    pub(crate) fn in_repository(topology: Topology, builder: RepoBuilder) -> Self {
        let sandbox = Sandbox::new();
        let repo = builder.files(3).build(&sandbox, "repo");
        repo.commit_file("src/a/one.rs", "one\n");
        repo.commit_file("src/b/two.rs", "two\n");
        Self::with_mission(&repo, mission(topology))
    }

    /// The scene with another mission, whose lane-b is opened.
    pub(crate) fn with_mission(repo: &Checkout, mission: MissionBuilder) -> Self {
        let mut mission = mission.build(repo);
        let lane = mission.open_lane("lane-b");
        for wp in ["WP01", "WP02"] {
            mission.log.walk(wp, &["planned", "claimed", "in_progress"]);
        }
        mission.save();
        repo.kitty(["init"]).exits(0);
        Self { repo: repo.clone(), mission, lane }
    }

    /// Moves a work package in the log, and commits that.
    pub(crate) fn walk(&mut self, wp: &str, statuses: &[&str]) {
        self.mission.log.walk(wp, statuses);
        self.mission.save();
    }

    /// Brings the lane back to a commit, with nothing else in index and worktree.
    pub(crate) fn restore(&self, commit: &str) {
        self.lane.unhooked(["reset", "-q", "--hard", commit]).run().exits(0);
        self.lane.unhooked(["clean", "-qffdx"]).run().exits(0);
    }

    /// Commits files in the lane's worktree through the hooks.
    pub(crate) fn commit(&self, files: &[(&str, &str)]) -> Output {
        self.lane.stage(files);
        self.lane.git(["commit", "-q", "-m", "work"])
    }
}

/// The mission of the scene.
pub(crate) fn mission(topology: Topology) -> MissionBuilder {
    MissionBuilder::new("checkout")
        .topology(topology)
        .wp(Wp::new("WP01").owns(&["src/a/**"]))
        .wp(Wp::new("WP02").owns(&["src/b/**", "*.md"]))
        .wp(Wp::new("WP03").owns(&["docs/"]))
        .lane("lane-a", &["WP01"])
        .lane("lane-b", &["WP02", "WP03"])
}

/// What refused a commit: the codes in its message, in order.
pub(crate) fn codes(output: &Output) -> Vec<String> {
    let lines = output.stderr.lines().filter(|line| line.starts_with("error: "));
    lines
        .filter_map(|line| Some(line.rsplit_once('[')?.1.trim_end_matches(']').to_owned()))
        .collect()
}

/// The last line of a refusal on a branch whose policy allows overrides.
pub(crate) fn last_resort(branch: &str) -> String {
    let command = format!("git kitty override --ref {branch} --reason T --for 10m");
    format!("hint: as a last resort, for a while and on record: `{command}`\n")
}
