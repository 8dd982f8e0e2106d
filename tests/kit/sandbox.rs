//! A directory of its own with an environment of its own, and the one way for tests to start
//! processes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use assert_fs::TempDir;

use super::call::Call;

/// The time of the first call: 2026-01-05T09:00:00Z. Every call is a second later.
pub const EPOCH: u64 = 1_767_603_600;

/// Who writes what the sandbox's processes commit.
const PEOPLE: [(&str, &str); 4] = [
    ("GIT_AUTHOR_NAME", "Ada"),
    ("GIT_AUTHOR_EMAIL", "ada@example.com"),
    ("GIT_COMMITTER_NAME", "Carl"),
    ("GIT_COMMITTER_EMAIL", "carl@example.com"),
];

/// A temporary directory, a home, an empty git configuration and a clock.
///
/// Clones share all of it, also between threads; the directory goes when the last one does.
#[derive(Clone, Debug)]
pub struct Sandbox(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    directory: TempDir,
    root: PathBuf,
    path: Mutex<OsString>,
    clock: AtomicU64,
}

impl Sandbox {
    /// An empty sandbox. The git in it is the first one on the caller's PATH.
    pub fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let root = directory.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("home/tmp")).unwrap();
        std::fs::write(root.join("home/.gitconfig"), "").unwrap();
        Self(Arc::new(Inner {
            directory,
            root,
            path: Mutex::new(search_path()),
            clock: AtomicU64::new(EPOCH),
        }))
    }

    /// The directory, without symbolic links in its path.
    pub fn root(&self) -> &Path {
        &self.0.root
    }

    /// A call of `program`, looked up in the sandbox's own PATH, to be completed and run.
    pub fn call(&self, program: &str, directory: &Path) -> Call<'_> {
        Call::new(self, program, directory)
    }

    /// The PATH of every process: the built binaries, the directory of the git under test, and the
    /// system's directories.
    pub(super) fn path(&self) -> OsString {
        self.0.path.lock().unwrap().clone()
    }

    /// Puts a directory in front of the PATH of every later process.
    pub fn add_to_path(&self, directory: &Path) {
        let mut path = self.0.path.lock().unwrap();
        let old = std::env::split_paths(&*path).collect::<Vec<_>>();
        *path = std::env::join_paths([directory.to_owned()].into_iter().chain(old)).unwrap();
    }

    /// From now on `git` says that it is version 2.55. It still does what it did.
    pub fn upgrade_git(&self) {
        let real = which::which_in("git", Some(self.path()), self.root()).unwrap();
        let real = real.display();
        let script = format!(
            "#!/bin/sh\ncase \" $* \" in\n*' version ') echo git version 2.55.0 ;;\n\
             *) exec {real} \"$@\" ;;\nesac\n"
        );
        self.hook("newer/git", &script);
        self.add_to_path(&self.at("newer"));
    }

    /// Now, without letting time pass.
    pub(super) fn now(&self) -> u64 {
        self.0.clock.load(Ordering::Relaxed)
    }

    /// The version of the git under test, e.g. `(2, 47, 3)`.
    pub fn git_version(&self) -> (u32, u32, u32) {
        static VERSION: OnceLock<(u32, u32, u32)> = OnceLock::new();
        *VERSION.get_or_init(|| Self::new().ask_version())
    }

    fn ask_version(&self) -> (u32, u32, u32) {
        let said = self.call("git", self.root()).args(["version"]).still().run().success();
        let mut numbers = said
            .split(|c: char| !c.is_ascii_digit())
            .filter(|digits| !digits.is_empty())
            .map(|digits| digits.parse().unwrap());
        let mut next = || numbers.next().unwrap_or(0);
        (next(), next(), next())
    }

    /// Whether this git knows reftable (2.45 and later). If not, says that the test is skipped.
    pub fn has_reftable(&self) -> bool {
        let version = self.git_version();
        let has = version >= (2, 45, 0);
        if !has {
            eprintln!("skipped: git {version:?} has no reftable");
        }
        has
    }

    /// The variables that every process of the sandbox gets, all of them, at `now` (Unix seconds).
    pub(super) fn environment(&self, now: u64) -> Vec<(OsString, OsString)> {
        let home = self.root().join("home");
        let date = format!("{now} +0000");
        let mut all: Vec<(&str, OsString)> = vec![
            ("PATH", self.path()),
            ("HOME", home.clone().into()),
            ("TMPDIR", home.join("tmp").into()),
            ("LC_ALL", "C".into()),
            ("TZ", "UTC".into()),
            ("TERM", "dumb".into()),
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            ("GIT_CONFIG_GLOBAL", home.join(".gitconfig").into()),
            ("GIT_CEILING_DIRECTORIES", self.root().into()),
            ("GIT_TERMINAL_PROMPT", "0".into()),
        ];
        all.extend(PEOPLE.iter().map(|(name, value)| (*name, (*value).into())));
        all.push(("GIT_AUTHOR_DATE", date.clone().into()));
        all.push(("GIT_COMMITTER_DATE", date.into()));
        all.into_iter().map(|(name, value)| (name.into(), value)).collect()
    }

    /// The time of the next call, in Unix seconds.
    pub(super) fn tick(&self) -> u64 {
        self.0.clock.fetch_add(1, Ordering::Relaxed)
    }
}

fn search_path() -> OsString {
    let binaries = Path::new(env!("CARGO_BIN_EXE_git-kitty")).parent().unwrap();
    let git = which::which("git").expect("the tests need a git on PATH");
    let system = ["/usr/bin", "/bin"].map(Path::new);
    std::env::join_paths([binaries, git.parent().unwrap()].into_iter().chain(system)).unwrap()
}
