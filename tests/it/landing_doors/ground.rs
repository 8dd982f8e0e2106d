//! A mission of two lanes that can land, and a server that it comes to.

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;

/// All steps of a work package up to its approval.
pub(super) const APPROVED: [&str; 6] =
    ["planned", "claimed", "in_progress", "for_review", "in_review", "approved"];

/// The mission, where it is worked on, and a bare repository that has the target as it was before.
pub(super) struct Ground {
    pub(super) repo: Checkout,
    pub(super) server: Checkout,
    pub(super) mission: Mission,
}

impl Ground {
    /// With every work package approved.
    pub(super) fn new() -> Self {
        let mut ground = Self::begun();
        ground.walk("WP01", &APPROVED);
        ground.walk("WP02", &APPROVED);
        ground
    }

    /// With work that nobody has reviewed.
    pub(super) fn begun() -> Self {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().files(2).build(&sandbox, "repo");
        let text = "1\n2\n3\n4\n5\n6\n7\n";
        repo.stage(&[("src/a/one.rs", text), ("src/b/two.rs", text), ("docs/x.md", text)]);
        repo.unhooked(["commit", "-q", "-m", "Begin"]).run().exits(0);
        let server = RepoBuilder::default().bare().build(&sandbox, "server");
        repo.ask(["remote", "add", "origin", "../server"]);
        repo.unhooked(["push", "-q", "-u", "origin", "main"]).run().exits(0);
        server.kitty(["install", "--server"]).exits(0);
        let plan = MissionBuilder::new("checkout")
            .wp(Wp::new("WP01").owns(&["src/a/**", "docs/x.md"]))
            .wp(Wp::new("WP02").owns(&["src/b/**", "docs/x.md"]));
        let mission = plan.build(&repo);
        for (lane, path) in [("lane-a", "src/a/one.rs"), ("lane-b", "src/b/two.rs")] {
            let tree = mission.open_lane(lane);
            tree.commit_file(path, &format!("1\n2\n3\n4\n5\n6\n7\n{lane}\n"));
        }
        repo.kitty(["init"]).exits(0);
        Self { repo, server, mission }
    }

    pub(super) fn walk(&mut self, wp: &str, statuses: &[&str]) {
        self.mission.log.walk(wp, statuses);
        self.mission.save();
    }

    /// Somebody else's work on the target, on the server and here.
    pub(super) fn others_land(&self, path: &str, text: &str) {
        let files = [(path.to_owned(), text.to_owned())];
        self.server.commit_to("main", "main", "Theirs", &files);
        self.repo.git(["pull", "-q"]).exits(0);
    }

    /// Lands the mission. Returns the target's new tip.
    #[track_caller]
    pub(super) fn land(&self, words: &[&str]) -> String {
        self.repo.kitty(["merge"].iter().chain(words)).exits(0);
        self.repo.id("main")
    }

    /// The coordination branch.
    pub(super) fn own(&self) -> String {
        self.mission.branch()
    }

    pub(super) fn push(&self, words: &[&str]) -> Output {
        self.repo.git(["push", "-q", "origin"].iter().chain(words))
    }

    /// A push that passes without a word.
    #[track_caller]
    pub(super) fn passes(&self, words: &[&str]) {
        assert_eq!(self.push(words).parts(), (0, "", ""), "{words:?}");
    }

    /// A push that only the server judges, and that it refuses with this code.
    #[track_caller]
    pub(super) fn declined(&self, words: &[&str], code: &str) -> String {
        let said = self.repo.git(["push", "-q", "--no-verify", "origin"].iter().chain(words));
        assert_ne!(said.status, 0, "{said}");
        assert!(said.stderr.contains(&format!("[{code}]")), "{said}");
        said.stderr
    }

    /// That a commit comes to `main` neither by a move here, nor by a push, nor in CI.
    #[track_caller]
    pub(super) fn refused_everywhere(&self, commit: &str, reason: &str) {
        let old = self.repo.id("main");
        let moved = self.repo.git(["update-ref", "refs/heads/main", commit]);
        assert!(moved.status != 0 && moved.stderr.contains(reason), "{moved}");
        assert_eq!(self.repo.id("main"), old);
        let new = format!("{commit}:main");
        let pushed = self.push(&[&new]);
        assert!(pushed.status != 0 && pushed.stderr.contains(reason), "{pushed}");
        let own = self.own();
        let code = "PROTECTED_BRANCH_REFUSED";
        let said = self.declined(&[&new, &format!("{commit}:refs/heads/x"), &own], code);
        assert!(said.contains(reason), "{said}");
        let range = format!("origin/main..{commit}");
        let judged = self.repo.kitty(["guard", "--range", &range, "--branch", "main"]);
        assert!(judged.status == 1 && judged.stderr.contains(reason), "{judged}");
    }

    /// That CI takes what comes to `main`.
    #[track_caller]
    pub(super) fn passes_range(&self, commit: &str) {
        let range = format!("origin/main..{commit}");
        self.repo.kitty(["guard", "--range", &range, "--branch", "main"]).exits(0);
    }

    /// A commit with the tree of `tree`.
    pub(super) fn commit(&self, tree: &str, parents: &[&str]) -> String {
        let tree = self.repo.id(&format!("{tree}^{{tree}}"));
        let parents = parents.iter().flat_map(|parent| ["-p", parent]);
        self.repo.ask(["commit-tree", "-m", "Made", &tree].into_iter().chain(parents))
    }

    /// The commit with more in its tree.
    pub(super) fn with(&self, commit: &str, path: &str, text: &str) -> String {
        let commit = &self.repo.id(commit);
        let files = [(path.to_owned(), text.to_owned())];
        let name = format!("scratch/{}", &commit[..12]);
        let made = self.repo.commit_to(&name, commit, "More", &files);
        self.repo.unhooked(["branch", "-q", "-D", &name]).run().exits(0);
        made
    }

    /// The path of the log.
    pub(super) fn log(&self) -> String {
        format!("{}/status.events.jsonl", self.mission.dir())
    }

    /// What a certificate says that stands on `tip`, which `main` is to go to by a fast-forward.
    pub(super) fn certified(&self, tip: &str, edit: impl FnOnce(&mut Value)) -> String {
        let base = self.repo.id("main");
        let paths = self.repo.ask(["diff", "--name-only", "--no-renames", &base, tip]);
        let count = paths.lines().count();
        let mut event = serde_json::json!({
            "actor": "mallory", "aggregate_id": self.mission.id, "aggregate_type": "Mission",
            "at": "2027-01-01T00:00:00.000000+00:00", "event_id": "01KXZZZZZZZZZZZZZZZZZZZZZZ",
            "event_type": "MissionLanded", "mission_id": self.mission.id,
            "mission_slug": self.mission.slug, "timestamp": "2027-01-01T00:00:00.000000+00:00",
            "payload": {
                "certificate": 1, "operation": "01KXZZZZZZZZZZZZZZZZZZZZZY", "strategy": "ff",
                "target": "main", "target_old": base, "bases": [base],
                "coordination_tip": tip, "lanes": [], "resolved": [], "mission_number": null,
                "review_note": null, "pr_branch": null,
                "counts": {"target_paths": 0, "mission_paths": count, "both": 0, "resolved": 0},
            },
        });
        edit(&mut event["payload"]);
        let log = self.repo.ask(["show", &format!("{tip}:{}", self.log())]);
        self.with(tip, &self.log(), &format!("{log}\n{}{event}\n", self.done()))
    }

    /// The coordination branch with both lanes in it, as git merges them.
    pub(super) fn together(&self) -> String {
        let mut tip = self.repo.id(&self.own());
        for lane in ["lane-a", "lane-b"] {
            let lane = self.repo.id(&self.mission.lane_branch(lane));
            let tree = self.repo.ask(["merge-tree", "--write-tree", &tip, &lane]);
            tip = self.repo.ask(["commit-tree", "-m", "Merge", "-p", &tip, "-p", &lane, &tree]);
        }
        tip
    }

    /// The last step of both work packages.
    fn done(&self) -> String {
        let mut log = crate::kit::log::Log::new(&self.mission.slug, Some(&self.mission.id));
        log.wait(5000);
        for wp in ["WP01", "WP02"] {
            log.event(wp, "approved", "done").evidence("rita");
        }
        log.text()
    }
}
