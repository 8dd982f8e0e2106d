//! Where the ways start: a guarded branch that is checked out in the primary checkout, with an own and
//! a foreign commit at hand that it has not.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, Topology};
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::scene::mission;

/// A kind of repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// As git makes it today: files and SHA-1.
    Present,
    /// As git 3 will make it: reftable, where this git has it, and SHA-256.
    Next,
}

/// The branch that the ways lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guarded {
    /// A lane, with a work package in progress.
    Lane,
    /// The coordination branch of its mission.
    Coordination,
    /// `main`, whose remote has the honest commit.
    Protected,
}

/// What may be done with it, and what not.
struct Files {
    /// What is to be kept out.
    foreign: String,
    /// What is let in.
    own: String,
    /// What is there, and may be changed.
    mine: String,
    /// What may be added.
    new: String,
}

impl Guarded {
    fn files(self, mission: &Mission) -> Files {
        let below = |dir: &str, mine: &str| {
            let [own, new] = ["own.rs", "e"].map(|name| format!("{dir}/{name}"));
            Files {
                foreign: "src/a/foreign.rs".to_owned(),
                own,
                mine: format!("{dir}/{mine}"),
                new,
            }
        };
        match self {
            Self::Lane | Self::Protected => below("src/b", "two.rs"),
            Self::Coordination => below(&mission.dir(), "notes.md"),
        }
    }

    /// The end of the code that a refusal names.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Lane => "ACTIVE_WP_SCOPE_VIOLATION]",
            Self::Coordination => "COORDINATION_PATH_REFUSED]",
            Self::Protected => "PROTECTED_BRANCH_REFUSED]",
        }
    }
}

/// The repository to copy.
pub(super) struct Ground {
    sandbox: Sandbox,
    repo: Checkout,
    branch: String,
    files: Files,
    pub(super) has_reftable: bool,
    pub(super) guarded: Guarded,
}

/// A copy of it, for one way.
pub(super) struct Place<'g> {
    ground: &'g Ground,
    repo: Checkout,
    base: String,
}

impl Ground {
    pub(super) fn new(kind: Kind, guarded: Guarded) -> Self {
        let sandbox = Sandbox::new();
        let has_reftable = kind == Kind::Next && sandbox.has_reftable();
        let builder = match kind {
            Kind::Present => RepoBuilder::default(),
            Kind::Next => RepoBuilder::default().objects(ObjectFormat::Sha256),
        };
        let builder = if has_reftable { builder.refs(RefFormat::Reftable) } else { builder };
        let repo = builder.files(3).build(&sandbox, "repo");
        repo.commit_file("src/a/one.rs", "one\n");
        repo.commit_file("src/b/two.rs", "two\n");
        let mut mission = mission(Topology::Coordination).build(&repo);
        mission.log.walk("WP02", &["planned", "claimed", "in_progress"]);
        mission.save();
        repo.kitty(["init"]).exits(0);
        let files = guarded.files(&mission);
        let branch = check_out(&repo, &mission, guarded);
        if guarded == Guarded::Coordination {
            repo.commit_file(&files.mine, "notes\n");
        }
        commit(&repo, "evil", &files.foreign);
        commit(&repo, "good", &files.own);
        if guarded == Guarded::Protected {
            repo.must(["remote", "add", "origin", "../nowhere"]);
            repo.must(["update-ref", "refs/remotes/origin/main", "good"]);
        }
        Self { sandbox, repo, branch, files, has_reftable, guarded }
    }

    pub(super) fn git_version(&self) -> (u32, u32, u32) {
        self.sandbox.git_version()
    }

    /// A fresh copy. The hooks are links: they are large, and nobody changes them.
    pub(super) fn copy(&self) -> Place<'_> {
        let sandbox = Sandbox::new();
        let path = sandbox.root().join("repo");
        copy(self.repo.path(), &path);
        let repo = Checkout::at(&sandbox, path);
        repo.ask(["update-index", "-q", "--refresh"]);
        let base = repo.id("HEAD");
        Place { ground: self, repo, base }
    }
}

/// Checks the branch out, and returns its name.
fn check_out(repo: &Checkout, mission: &Mission, guarded: Guarded) -> String {
    let branch = match guarded {
        Guarded::Lane => mission.lane_branch("lane-b"),
        Guarded::Coordination => mission.branch(),
        Guarded::Protected => return "main".to_owned(),
    };
    if guarded == Guarded::Lane {
        repo.unhooked(["branch", &branch, &mission.branch()]).run().exits(0);
    }
    repo.unhooked(["switch", "-q", &branch]).run().exits(0);
    repo.git(["commit", "-q", "--allow-empty", "-m", "Begin"]).exits(0);
    branch
}

/// Makes a branch `name` with one commit of one file on top of what is checked out.
fn commit(repo: &Checkout, name: &str, path: &str) {
    repo.unhooked(["switch", "-q", "-c", name]).run().exits(0);
    repo.commit_file(path, "new\n");
    repo.unhooked(["switch", "-q", "-"]).run().exits(0);
}

impl Place<'_> {
    /// Runs the script of a way, with the foreign file or the own one.
    pub(super) fn run(&self, script: &str, with: &str) -> Output {
        let (Ground { branch, files, .. }, call) = (self.ground, self.repo.program("sh"));
        let file = if with == "evil" { &files.foreign } else { &files.own };
        let call = call.args(["-ec", script]).env("BRANCH", branch).env("BASE", &self.base);
        call.env("X", with).env("FILE", file).env("MINE", &files.mine).env("NEW", &files.new).run()
    }

    /// Commits nothing on the branch, through the doors: what came past them is found now.
    pub(super) fn go_on(&self) -> Output {
        let name = format!("refs/heads/{}", self.ground.branch);
        self.repo.call(["symbolic-ref", "HEAD", &name]).run().exits(0);
        // What came past the index, too, would else be taken back by this commit.
        self.repo.call(["read-tree", "HEAD"]).run().exits(0);
        self.repo.git(["commit", "-nq", "--allow-empty", "-m", "Go on"])
    }

    /// Whether the branch has the foreign file.
    pub(super) fn is_broken_into(&self) -> bool {
        self.has(&self.ground.files.foreign)
    }

    /// Whether the branch has the own file.
    pub(super) fn is_served(&self) -> bool {
        self.has(&self.ground.files.own)
    }

    fn has(&self, path: &str) -> bool {
        let spec = format!("refs/heads/{}:{path}", self.ground.branch);
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
