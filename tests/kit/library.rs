//! The library's view of a checkout, and the same view by git.

use git_kitty::domain::change::{Change, Entry, Mode};
use git_kitty::domain::oid::Oid;
use git_kitty::git::{Environment, Repo, Way};

use super::checkout::Checkout;
use super::repo::RepoBuilder;
use super::sandbox::Sandbox;

/// A repository with files of several depths, in a sandbox of its own.
pub fn with_files() -> Checkout {
    with_files_in(RepoBuilder::default())
}

/// The same in a repository of this kind.
pub fn with_files_in(builder: RepoBuilder) -> Checkout {
    builder.depths().build(&Sandbox::new(), "repo")
}

/// A repository without commits, in a sandbox of its own.
pub fn empty() -> Checkout {
    empty_in(RepoBuilder::default())
}

/// The same in a repository of this kind.
pub fn empty_in(builder: RepoBuilder) -> Checkout {
    builder.files(0).build(&Sandbox::new(), "repo")
}

/// Whether the git under test is of this version or later.
pub fn git_is_at_least(major: u32, minor: u32) -> bool {
    Sandbox::new().git_version() >= (major, minor, 0)
}

/// Whether the slow loops run in full: `GIT_KITTY_THOROUGH` is set.
pub fn is_thorough() -> bool {
    std::env::var_os("GIT_KITTY_THOROUGH").is_some()
}

/// Small numbers that look random and are the same every time.
pub fn dice(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |sides| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    }
}

impl Checkout {
    /// The repository as the library opens it here, with the variables that were set.
    pub fn open(&self) -> Repo {
        let environment = Environment::from_lookup(|name| self.variable(name).cloned());
        Repo::open(self.path(), environment).unwrap()
    }

    /// The id that `revision` names, as the library's type.
    #[track_caller]
    pub fn oid(&self, revision: &str) -> Oid {
        self.id(revision).parse().unwrap()
    }

    /// Asserts that the library sees the same staged change as git, and returns its way.
    #[track_caller]
    pub fn assert_staged(&self) -> Way {
        let repo = self.open();
        let tip = repo.head().unwrap().tip();
        let tree = tip.map(|tip| repo.tree_of_commit(tip).unwrap());
        let base = tree.unwrap_or(repo.empty_tree()).to_string();
        let staged = repo.staged(tree).unwrap();
        let words = ["diff-index", "--cached", "--raw", "-z", "--no-renames"];
        let git = self.call(words).args(["--ita-invisible-in-index", &base]).still().run();
        assert_eq!(from_changes(&staged.changes), from_raw(&git.exits(0).bytes));
        staged.way
    }

    /// [`Checkout::assert_staged`], with something staged.
    #[track_caller]
    pub fn assert_some_staged(&self) -> Way {
        let way = self.assert_staged();
        self.git(["diff-index", "--cached", "--quiet", "HEAD"]).exits(1);
        way
    }
}

/// Changes as text: path, old side, new side.
pub fn from_changes(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        format!("{:?} {} {}", text(change.path.as_bytes()), side(change.old), side(change.new))
    };
    changes.iter().map(line).collect()
}

/// The same of what git prints with `--raw -z`.
pub fn from_raw(raw: &[u8]) -> Vec<String> {
    let words: Vec<&[u8]> = raw.split(|b| *b == 0).collect();
    let mut changes: Vec<(&[u8], String)> = words
        .chunks_exact(2)
        .map(|pair| {
            let head: Vec<&str> = std::str::from_utf8(pair[0]).unwrap()[1..].split(' ').collect();
            let side = |mode: &str, oid: &str| match mode {
                "000000" => "-".to_owned(),
                mode => format!("{mode}:{oid}"),
            };
            let path = text(pair[1]);
            let [old, new] = [side(head[0], head[2]), side(head[1], head[3])];
            (pair[1], format!("{path:?} {old} {new}"))
        })
        .collect();
    changes.sort();
    changes.into_iter().map(|(_, line)| line).collect()
}

fn side(entry: Option<Entry>) -> String {
    let Some(Entry { mode, oid }) = entry else { return "-".to_owned() };
    let mode = match mode {
        Mode::Tree => "040000",
        Mode::File => "100644",
        Mode::Executable => "100755",
        Mode::Symlink => "120000",
        Mode::Gitlink => "160000",
    };
    format!("{mode}:{oid}")
}

/// Bytes as a text that tells them apart.
fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
