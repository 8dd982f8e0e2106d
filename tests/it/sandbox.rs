//! A repository in a temporary directory, with the git on PATH and nothing of the user's.

use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;

use assert_fs::TempDir;
use git_kitty::domain::change::{Change, Entry, Mode};
use git_kitty::domain::oid::Oid;
use git_kitty::git::{Environment, GitVersion, Repo, Way};

/// A repository, seen from one directory.
pub(crate) struct Sandbox {
    home: Rc<TempDir>,
    pub(crate) top: PathBuf,
    environment: Vec<(&'static str, OsString)>,
}

impl Sandbox {
    /// An empty repository; `options` are those of `git init`.
    pub(crate) fn new(options: &[&str]) -> Self {
        let home = TempDir::new().unwrap();
        let top = home.path().canonicalize().unwrap().join("repo");
        fs::create_dir(&top).unwrap();
        let sandbox = Self { home: Rc::new(home), top, environment: Vec::new() };
        sandbox.git(&[&["init", "-q", "-b", "main"], options].concat());
        sandbox
    }

    /// One with a commit of some files in directories of several depths.
    pub(crate) fn with_files(options: &[&str]) -> Self {
        let sandbox = Self::new(options);
        for path in
            ["a", "b.txt", "d/x", "d/y", "d/e/deep", "d.txt", "d0/z", "src/one/f", "src/two/f"]
        {
            sandbox.write(path, path);
        }
        sandbox.symlink("link", "a");
        sandbox.git(&["add", "-A"]);
        sandbox.git(&["commit", "-qm", "first"]);
        sandbox
    }

    /// The same repository, seen from another directory.
    pub(crate) fn at(self, top: PathBuf) -> Self {
        Self { top, ..self }
    }

    /// Seen from a directory below.
    pub(crate) fn at_subdirectory(self, path: &str) -> Self {
        let top = self.top.join(path);
        self.at(top)
    }

    /// The same repository again.
    pub(crate) fn shared(&self) -> Self {
        let home = Rc::clone(&self.home);
        Self { home, top: self.top.clone(), environment: self.environment.clone() }
    }

    /// Without a variable that was set.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.environment.retain(|(set, _)| *set != name);
        self
    }

    /// With a variable set, for git and for the code under test.
    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.home.path().canonicalize().unwrap()
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        self.command("git").args(arguments).output().unwrap()
    }

    #[expect(clippy::disallowed_methods, reason = "tests ask the real git")]
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.top).env_remove("GIT_DIR").env("HOME", self.home.path());
        command.env("GIT_CONFIG_GLOBAL", self.home.path().join("gitconfig"));
        for (name, value) in [
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("GIT_AUTHOR_NAME", "A"),
            ("GIT_AUTHOR_EMAIL", "a@example.com"),
            ("GIT_AUTHOR_DATE", "1700000000 +0000"),
            ("GIT_COMMITTER_NAME", "A"),
            ("GIT_COMMITTER_EMAIL", "a@example.com"),
            ("GIT_COMMITTER_DATE", "1700000000 +0000"),
            ("GIT_EDITOR", "true"),
            ("LC_ALL", "C"),
        ] {
            command.env(name, value);
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs git, which must succeed, and returns what it printed.
    pub(crate) fn git(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.output(arguments);
        assert!(
            output.status.success(),
            "git {arguments:?}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        output.stdout
    }

    /// Runs git and returns its first line.
    pub(crate) fn line(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.git(arguments)).unwrap().lines().next().unwrap_or("").to_owned()
    }

    pub(crate) fn oid(&self, revision: &str) -> Oid {
        self.line(&["rev-parse", revision]).parse().unwrap()
    }

    pub(crate) fn path(&self, path: impl AsRef<[u8]>) -> PathBuf {
        self.top.join(std::ffi::OsStr::from_bytes(path.as_ref()))
    }

    #[expect(clippy::disallowed_methods, reason = "a work tree, not a file of ours")]
    pub(crate) fn write(&self, path: impl AsRef<[u8]>, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn symlink(&self, path: impl AsRef<[u8]>, target: &str) {
        symlink(target, self.path(path)).unwrap();
    }

    pub(crate) fn set_executable(&self, path: impl AsRef<[u8]>, executable: bool) {
        let mode = if executable { 0o755 } else { 0o644 };
        fs::set_permissions(self.path(path), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Installs a hook of shell lines.
    pub(crate) fn hook(&self, name: &str, lines: &str) {
        let directory = self.line(&["rev-parse", "--git-common-dir"]);
        let hook = self.top.join(directory).join("hooks").join(name);
        self.write(hook.as_os_str().as_bytes(), format!("#!/bin/sh\n{lines}\n"));
        self.set_executable(hook.as_os_str().as_bytes(), true);
    }

    pub(crate) fn repo(&self) -> Repo {
        let value = |name: &str| self.environment.iter().find(|(n, _)| *n == name);
        let environment = Environment::from_lookup(|name| Some(value(name)?.1.clone()));
        Repo::open(&self.top, environment).unwrap()
    }

    /// Asserts that the code under test sees the same staged change as git, and returns its way.
    #[track_caller]
    pub(crate) fn assert_staged(&self) -> Way {
        let repo = self.repo();
        let tip = repo.head().unwrap().tip();
        let tree = tip.map(|tip| repo.tree_of_commit(tip).unwrap());
        let base = tree.unwrap_or(repo.empty_tree());
        let staged = repo.staged(tree).unwrap();
        let expected = self.git(&[
            "diff-index",
            "--cached",
            "--raw",
            "-z",
            "--no-renames",
            "--ita-invisible-in-index",
            &base.to_string(),
        ]);
        assert_eq!(from_changes(&staged.changes), from_raw(&expected));
        staged.way
    }

    /// [`Sandbox::assert_staged`], with something staged.
    #[track_caller]
    pub(crate) fn assert_some_staged(&self) -> Way {
        let way = self.assert_staged();
        assert!(!self.output(&["diff-index", "--cached", "--quiet", "HEAD"]).status.success());
        way
    }
}

/// The version of the git under test.
pub(crate) fn git_is_at_least(major: u32, minor: u32) -> bool {
    GitVersion::installed().unwrap() >= GitVersion::new(major, minor, 0)
}

/// Changes as text: path, old side, new side.
pub(crate) fn from_changes(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        format!("{:?} {} {}", text(change.path.as_bytes()), side(change.old), side(change.new))
    };
    changes.iter().map(line).collect()
}

/// The same of what git prints with `--raw -z`.
pub(crate) fn from_raw(raw: &[u8]) -> Vec<String> {
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

/// A copy of a file elsewhere.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::copy(from, to).unwrap();
}
