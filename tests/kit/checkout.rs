//! A repository or one of its linked worktrees, as a place to write files and run commands.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::fs::Permissions;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use super::call::{Call, Output};
use super::sandbox::Sandbox;

/// A directory that git works in, the sandbox it is in, and variables that hold there.
#[derive(Clone, Debug)]
pub struct Checkout {
    sandbox: Sandbox,
    path: PathBuf,
    variables: Vec<(&'static str, OsString)>,
}

impl Checkout {
    /// The checkout at `path`, which need not exist yet.
    pub fn at(sandbox: &Sandbox, path: impl Into<PathBuf>) -> Self {
        Self { sandbox: sandbox.clone(), path: path.into(), variables: Vec::new() }
    }

    /// The same, seen from another directory, which may be relative to this one.
    pub fn below(&self, path: impl AsRef<Path>) -> Self {
        Self { path: self.path.join(path), ..self.clone() }
    }

    /// The same, with a variable set for each process that starts here.
    pub fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self.variables.push((name, value.into()));
        self
    }

    /// The same without a variable that was set.
    pub fn without(mut self, name: &str) -> Self {
        self.variables.retain(|(known, _)| *known != name);
        self
    }

    /// The value of a variable that was set.
    pub fn variable(&self, name: &str) -> Option<&OsString> {
        self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The sandbox around it.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// A call of `git` here, to be completed and run.
    pub fn call<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Call<'_> {
        self.program("git").args(arguments)
    }

    /// A call of any program here.
    pub fn program(&self, name: &str) -> Call<'_> {
        let call = self.sandbox.call(name, &self.path);
        self.variables.iter().fold(call, |call, (name, value)| call.env(name, value))
    }

    /// Runs `git ARGUMENTS` here, which must succeed.
    #[track_caller]
    pub fn must<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        self.git(arguments).exits(0)
    }

    /// Runs a script of `sh` here.
    pub fn sh(&self, script: &str) -> Output {
        self.program("sh").args(["-c", script]).run()
    }

    /// Runs `git ARGUMENTS` here.
    pub fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        self.call(arguments).run()
    }

    /// Runs `git kitty ARGUMENTS` here.
    pub fn kitty<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        self.call(["kitty"]).args(arguments).run()
    }

    /// What `git ARGUMENTS` says here; it must succeed. Lets no time pass.
    #[track_caller]
    pub fn ask<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> String {
        self.call(arguments).env("GIT_OPTIONAL_LOCKS", "0").still().run().success()
    }

    /// The full id that `spec` names.
    #[track_caller]
    pub fn id(&self, spec: &str) -> String {
        self.ask(["rev-parse", "--verify", spec])
    }

    /// The text of the file at `path`.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path.join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// A path of bytes below this directory.
    pub fn file(&self, path: impl AsRef<[u8]>) -> PathBuf {
        self.path.join(OsStr::from_bytes(path.as_ref()))
    }

    /// Writes the file at `path`, with the directories it needs.
    pub fn write(&self, path: impl AsRef<[u8]>, text: impl AsRef<[u8]>) {
        let file = self.file(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    /// Makes a symbolic link at `path`, with the directories it needs.
    pub fn symlink(&self, path: impl AsRef<[u8]>, target: &str) {
        let link = self.file(path);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(target, link).unwrap();
    }

    /// Makes a file executable, or takes that away.
    pub fn set_executable(&self, path: impl AsRef<[u8]>, executable: bool) {
        let mode = if executable { 0o755 } else { 0o644 };
        std::fs::set_permissions(self.file(path), Permissions::from_mode(mode)).unwrap();
    }

    /// Writes files and stages them, also where they are ignored.
    pub fn stage(&self, files: &[(&str, &str)]) {
        files.iter().for_each(|(path, text)| self.write(path, text));
        self.git(["add", "-f", "--"].iter().chain(files.iter().map(|(path, _)| path))).exits(0);
    }

    /// Commits everything in the work tree, asking no hook, and returns the commit's id.
    pub fn commit_all(&self, message: &str) -> String {
        self.unhooked(["add", "-A"]).run().exits(0);
        self.unhooked(["commit", "-q", "-m", message]).run().exits(0);
        self.id("HEAD")
    }

    /// Writes one file and commits just that, asking no hook. Returns the commit's id.
    pub fn commit_file(&self, path: &str, text: &str) -> String {
        self.stage(&[(path, text)]);
        let message = format!("Write {path}");
        self.unhooked(["commit", "-q", "-m", &message, "--", path]).run().exits(0);
        self.id("HEAD")
    }

    /// Commits files to a branch that no worktree has checked out, asking no hook. The branch
    /// begins at `start` if it does not exist yet. Returns the commit's id.
    pub fn commit_to(
        &self,
        branch: &str,
        start: &str,
        message: &str,
        files: &[(String, String)],
    ) -> String {
        let tip = self.tip(branch).unwrap_or_else(|| self.id(start));
        let now = self.sandbox.tick();
        let mut stream = format!(
            "commit refs/heads/{branch}\nauthor Ada <ada@example.com> {now} +0000\n\
             committer Carl <carl@example.com> {now} +0000\ndata {}\n{message}\nfrom {tip}\n",
            message.len()
        );
        for (path, text) in files {
            write!(stream, "M 100644 inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
        }
        let import = self.unhooked(["fast-import", "--quiet", "--date-format=raw"]);
        import.stdin(stream).still().run().exits(0);
        self.id(&format!("refs/heads/{branch}"))
    }

    /// The tip of a branch, if it exists.
    pub fn tip(&self, branch: &str) -> Option<String> {
        let name = format!("refs/heads/{branch}");
        let said = self.call(["rev-parse", "--verify", "--quiet", &name]).still().run();
        (said.status == 0).then(|| said.success())
    }

    /// Adds a linked worktree at `path`, relative to this checkout, asking no hook. The branch
    /// begins at HEAD if it does not exist yet.
    pub fn worktree(&self, path: &str, branch: &str) -> Self {
        let words: Vec<&str> = match self.tip(branch) {
            Some(_) => vec!["worktree", "add", "-q", path, branch],
            None => vec!["worktree", "add", "-q", "-b", branch, path],
        };
        self.unhooked(words).run().exits(0);
        Self::at(&self.sandbox, self.path.join(path))
    }

    /// A call of `git` that asks no hook: how tests set up what others would have done.
    pub fn unhooked<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Call<'_> {
        self.call(["-c", "core.hooksPath=/dev/null"]).args(arguments)
    }
}
