//! A mission of which every lane is approved and waits to be merged.

use serde_json::Value;

use super::call::Output;
use super::checkout::Checkout;
use super::mission::{Mission, MissionBuilder};
use super::repo::RepoBuilder;
use super::sandbox::Sandbox;
use super::wp::Wp;

/// All statuses up to an approval.
pub const APPROVED: [&str; 6] =
    ["planned", "claimed", "in_progress", "for_review", "in_review", "approved"];

/// Ten lines, of which sides can change different ones.
pub const LINES: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

/// What is on `main` before the mission begins, besides what the kit's own repositories have.
const BASE: [(&str, &str); 4] =
    [("a/one", "one\n"), ("common/list", LINES), ("docs/guide", LINES), ("other", "other\n")];

/// Files with their texts.
pub type Files<'f> = &'f [(&'f str, &'f str)];

/// Paths with the texts that they shall have; `None` is no file.
pub type Edits = Vec<(String, Option<String>)>;

/// The mission, in a primary checkout that is on `main`.
pub struct Approved {
    /// The primary checkout.
    pub repo: Checkout,
    /// The mission.
    pub mission: Mission,
}

impl Approved {
    /// WP01 in lane-a, WP02 in lane-b and so on, each with a commit of these files. A lane owns the
    /// directory of its letter, and `common`, which all share. Branches only: no worktree is made.
    pub fn new(lanes: &[Files<'_>]) -> Self {
        Self::in_repository(RepoBuilder::default(), lanes)
    }

    /// The same in a repository of this kind.
    pub fn in_repository(builder: RepoBuilder, lanes: &[Files<'_>]) -> Self {
        let repo = builder.files(1).build(&Sandbox::new(), "repo");
        repo.stage(&BASE);
        repo.unhooked(["commit", "-q", "-m", "Base"]).run().exits(0);
        Self::planned(&repo, plan(lanes.len()), lanes)
    }

    /// The same of a mission that is planned another way; its lanes are lane-a, lane-b and so on, and
    /// its packages have their numbers.
    pub fn planned(repo: &Checkout, plan: MissionBuilder, lanes: &[Files<'_>]) -> Self {
        let mut mission = plan.build(repo);
        for (index, files) in lanes.iter().enumerate() {
            mission.log.walk(&format!("WP{:02}", index + 1), &APPROVED);
            commit(repo, (&lane_branch(&mission, index), &mission.branch()), files);
        }
        mission.save();
        repo.write(".git/info/exclude", ".worktrees/\n");
        // The file to lock stays once somebody has written.
        repo.write(format!(".git/spec-kitty-locks/{}.status.lock", mission.slug), "");
        Self { repo: repo.clone(), mission }
    }

    /// The mission of [`Approved::new`] on a `main` with these files, of lanes with these edits.
    pub fn edited(base: &Edits, lanes: &[&Edits]) -> Self {
        let nothing: Vec<Files<'_>> = lanes.iter().map(|_| &[] as Files<'_>).collect();
        let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
        write(&repo, base);
        repo.commit_all("Base");
        let scene = Self::planned(&repo, plan(lanes.len()), &nothing);
        for (index, edits) in lanes.iter().enumerate() {
            scene.edit_lane(index, edits);
        }
        scene
    }

    /// Commits edits to a lane.
    pub fn edit_lane(&self, index: usize, edits: &Edits) {
        let branch = lane_branch(&self.mission, index);
        let tip = self.repo.id(&branch);
        let mut stream = format!(
            "commit refs/heads/{branch}\ncommitter Carl <carl@example.com> {} +0000\ndata 5\nEdit\n\nfrom {tip}\n",
            super::sandbox::EPOCH
        );
        for (path, text) in edits {
            match text {
                Some(text) => stream
                    .push_str(&format!("M 100644 inline {path}\ndata {}\n{text}\n", text.len())),
                None => stream.push_str(&format!("D {path}\n")),
            }
        }
        let import = self.repo.unhooked(["fast-import", "--quiet", "--date-format=raw"]);
        import.stdin(stream).still().run().exits(0);
    }

    /// Commits edits to `main`, in the primary checkout.
    pub fn edit_target(&self, edits: &Edits) {
        write(&self.repo, edits);
        self.repo.unhooked(["add", "-A"]).run().exits(0);
        self.repo.unhooked(["commit", "-q", "--allow-empty", "-m", "Go on"]).run().exits(0);
    }

    /// Two lanes that touch nothing in common.
    pub fn two() -> Self {
        Self::new(&[&[("a/one", "1\n")], &[("b/two", "two\n")]])
    }

    /// `git kitty merge`.
    pub fn merge(&self, words: &[&str]) -> Output {
        self.repo.kitty([&["merge"], words].concat())
    }

    /// What `git kitty COMMAND` says as JSON; it must end with `status`.
    #[track_caller]
    pub fn json(&self, words: &[&str], status: i32) -> Value {
        json(&self.repo, words, status)
    }

    /// Commits files to `main`, in the primary checkout.
    pub fn move_target(&self, files: Files<'_>) -> String {
        self.repo.stage(files);
        self.repo.unhooked(["commit", "-q", "-m", "Go on"]).run().exits(0);
        self.repo.id("HEAD")
    }

    /// Commits files to a lane.
    pub fn move_lane(&self, index: usize, files: Files<'_>) -> String {
        let branch = lane_branch(&self.mission, index);
        commit(&self.repo, (&branch, &branch), files)
    }

    /// The text of a file at a revision; `None` if it is not there.
    pub fn at(&self, revision: &str, path: &str) -> Option<String> {
        let said = self.repo.call(["cat-file", "-p", &format!("{revision}:{path}")]).still().run();
        (said.status == 0).then_some(said.stdout)
    }

    /// The tips of `main`, the coordination branch and the operation log.
    pub fn tips(&self) -> [Option<String>; 3] {
        let names = ["main".to_owned(), self.mission.branch()];
        let [main, own] = names.map(|name| self.repo.tip(&name));
        let said = self.repo.call(["rev-parse", "-q", "--verify", "refs/kitty/oplog"]).still();
        let said = said.run();
        [main, own, (said.status == 0).then(|| said.success())]
    }

    /// Where each work package is, by the log of a revision.
    pub fn statuses(&self, revision: &str) -> Vec<String> {
        let path = format!("{}/status.json", self.mission.dir());
        let text = self.at(revision, &path).unwrap();
        let snapshot: Value = serde_json::from_str(&text).unwrap();
        let packages = snapshot["work_packages"].as_object().unwrap();
        packages.values().map(|one| one["lane"].as_str().unwrap().to_owned()).collect()
    }

    /// That no worktree has anything that its HEAD has not.
    #[track_caller]
    pub fn assert_clean(&self, what: &str) {
        for line in self.repo.ask(["worktree", "list", "--porcelain"]).lines() {
            let Some(path) = line.strip_prefix("worktree ") else { continue };
            let said = self.repo.below(path).ask(["status", "--porcelain"]);
            assert_eq!(said, "", "{what}: {path}");
        }
    }
}

/// What `git kitty COMMAND` says as JSON in a checkout; it must end with `status`.
#[track_caller]
pub fn json(repo: &Checkout, words: &[&str], status: i32) -> Value {
    let said = repo.kitty([words, &["--format", "json"]].concat()).exits(status);
    serde_json::from_str(&said.stdout).unwrap_or_else(|error| panic!("{error}: {said}"))
}

/// The branch of the lane with this number, counted from 0.
pub fn lane_branch(mission: &Mission, index: usize) -> String {
    mission.lane_branch(&format!("lane-{}", letter(index)))
}

/// A mission of so many packages, each in a lane of its own.
fn plan(count: usize) -> MissionBuilder {
    (0..count).fold(MissionBuilder::new("pay"), |mission, index| {
        let own = format!("{}/**", letter(index));
        mission.wp(Wp::new(&format!("WP{:02}", index + 1)).owns(&[&own, "common/**"]))
    })
}

fn write(repo: &Checkout, edits: &Edits) {
    for (path, text) in edits {
        match text {
            Some(text) => repo.write(path, text),
            None => std::fs::remove_file(repo.file(path)).unwrap(),
        }
    }
}

fn letter(index: usize) -> char {
    ('a'..='z').nth(index).unwrap()
}

fn commit(repo: &Checkout, (branch, start): (&str, &str), files: Files<'_>) -> String {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    let files: Vec<_> = files.iter().map(owned).collect();
    repo.commit_to(branch, start, &format!("Work on {branch}"), &files)
}
