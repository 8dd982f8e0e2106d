//! Where the ways start: a lane that is checked out in the primary checkout, with an own and a
//! foreign commit at hand that no branch of it has.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::scene::mission;

/// A kind of repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As git makes it today.
    Plain,
    /// As git 3 will make it.
    ReftableSha256,
}

/// The repository to copy.
pub(super) struct Ground {
    sandbox: Sandbox,
    repo: Checkout,
    lane: String,
    pub(super) kind: Kind,
}

/// A copy of it, for one way.
pub(super) struct Place {
    repo: Checkout,
    lane: String,
    base: String,
}

impl Ground {
    pub(super) fn new(kind: Kind) -> Self {
        let sandbox = Sandbox::new();
        let builder = match kind {
            Kind::Plain => RepoBuilder::default(),
            Kind::ReftableSha256 => {
                RepoBuilder::default().objects(ObjectFormat::Sha256).refs(RefFormat::Reftable)
            }
        };
        let repo = builder.files(3).build(&sandbox, "repo");
        repo.commit_file("src/a/one.rs", "one\n");
        repo.commit_file("src/b/two.rs", "two\n");
        let mut mission = mission(Topology::Coordination).build(&repo);
        mission.log.walk("WP02", &["planned", "claimed", "in_progress"]);
        mission.save();
        repo.kitty(["init"]).exits(0);
        let lane = mission.lane_branch("lane-b");
        repo.unhooked(["switch", "-q", "-c", &lane, &mission.branch()]).run().exits(0);
        repo.git(["commit", "-q", "--allow-empty", "-m", "Begin"]).exits(0);
        commit(&repo, "evil", "src/a/foreign.rs");
        commit(&repo, "good", "src/b/own.rs");
        Self { sandbox, repo, lane, kind }
    }

    pub(super) fn has_reftable() -> bool {
        Sandbox::new().has_reftable()
    }

    pub(super) fn git_version(&self) -> (u32, u32, u32) {
        self.sandbox.git_version()
    }

    /// A fresh copy. The hooks are links: they are large, and nobody changes them.
    pub(super) fn copy(&self) -> Place {
        let sandbox = Sandbox::new();
        let path = sandbox.root().join("repo");
        copy(self.repo.path(), &path);
        let repo = Checkout::at(&sandbox, path);
        repo.ask(["update-index", "-q", "--refresh"]);
        let base = repo.id("HEAD");
        Place { repo, lane: self.lane.clone(), base }
    }
}

/// Makes a branch `name` with one commit of one file on top of what is checked out.
fn commit(repo: &Checkout, name: &str, path: &str) {
    repo.unhooked(["switch", "-q", "-c", name]).run().exits(0);
    repo.commit_file(path, "new\n");
    repo.unhooked(["switch", "-q", "-"]).run().exits(0);
}

impl Place {
    /// Runs the script of a way. It finds the lane's branch in `$LANE`, its commit in `$BASE`, a branch
    /// with one more commit in `$X`, and the file of that in `$FILE`.
    pub(super) fn run(&self, script: &str, with: &str) -> Output {
        let file = if with == "evil" { "src/a/foreign.rs" } else { "src/b/own.rs" };
        let call = self.repo.program("sh").args(["-ec", script]);
        let call = call.env("LANE", &self.lane).env("BASE", &self.base);
        call.env("X", with).env("FILE", file).run()
    }

    /// Commits nothing on the lane, through the doors: what came past them is found now.
    pub(super) fn go_on(&self) -> Output {
        self.repo
            .call(["symbolic-ref", "HEAD", &format!("refs/heads/{}", self.lane)])
            .run()
            .exits(0);
        self.repo.git(["commit", "-nq", "--allow-empty", "-m", "Go on"])
    }

    /// Whether the lane's branch has a file.
    pub(super) fn lane_has(&self, path: &str) -> bool {
        let spec = format!("refs/heads/{}:{path}", self.lane);
        self.repo.call(["cat-file", "-e", &spec]).still().run().status == 0
    }

    /// What is not as it should be after honest work: a repository that is damaged or locked.
    pub(super) fn problems(&self) -> String {
        let check = self.repo.call(["fsck", "--no-dangling", "--no-progress"]).still().run();
        let locks = self.repo.sh("find .git -name '*.lock'").stdout;
        let damage = if check.status == 0 { String::new() } else { check.to_string() };
        damage + &locks
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (source, target): (PathBuf, PathBuf) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            copy(&source, &target);
        } else if kind.is_symlink() {
            symlink(std::fs::read_link(source).unwrap(), target).unwrap();
        } else if from.ends_with("hooks") {
            std::fs::hard_link(source, target).unwrap();
        } else {
            std::fs::copy(source, target).unwrap();
        }
    }
}
