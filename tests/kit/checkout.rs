//! A repository or one of its linked worktrees, as a place to write files and run commands.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::call::{Call, Output};
use super::sandbox::Sandbox;

/// A directory that git works in, and the sandbox it is in.
#[derive(Clone, Debug)]
pub struct Checkout {
    sandbox: Sandbox,
    path: PathBuf,
}

impl Checkout {
    /// The checkout at `path`, which need not exist yet.
    pub fn at(sandbox: &Sandbox, path: impl Into<PathBuf>) -> Self {
        Self { sandbox: sandbox.clone(), path: path.into() }
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
        self.sandbox.call("git", &self.path).args(arguments)
    }

    /// Runs `git ARGUMENTS` here.
    pub fn git<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        self.call(arguments).run()
    }

    /// Runs `git kitty ARGUMENTS` here.
    pub fn kitty<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        self.sandbox.kitty(&self.path, arguments)
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

    /// Writes the file at `path`, with the directories it needs.
    pub fn write(&self, path: &str, text: &str) {
        let file = self.path.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
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
