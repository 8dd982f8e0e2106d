//! The one place where a process starts.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};

use anyhow::{Context, Result, bail};

use super::{extension, locked};

/// Variables that tie a child to one repository (`git rev-parse --local-env-vars`), to a push that is
/// not accepted yet, or to how the caller's git was told to read paths: a hook has them set for the
/// call that it runs in, and they must not leak into a call about another directory.
pub const LOCAL_VARIABLES: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_NAMESPACE",
    "GIT_ATTR_SOURCE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// Settings that change output.
const PINNED: &[&str] =
    &["-c", "core.quotePath=false", "-c", "color.ui=false", "-c", "core.pager=cat"];

/// Git's place on PATH. Who names a place starts a process by posix_spawn(3), and not by fork(2), which
/// copies the page tables, and looks through PATH once.
fn program() -> &'static OsStr {
    static PLACE: OnceLock<OsString> = OnceLock::new();
    PLACE.get_or_init(|| which::which("git").map_or_else(|_| "git".into(), Into::into))
}

/// A call of `git` to come, in a directory, with a clean Git environment.
#[derive(Debug, Clone)]
pub struct Git {
    directory: PathBuf,
    pinned: &'static [&'static str],
    arguments: Vec<OsString>,
    variables: Vec<(String, OsString)>,
    input: Vec<u8>,
    input_file: Option<Arc<File>>,
}

/// What a finished process left.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit status; 128 + n for a signal n.
    pub status: i32,
    /// Standard output, as bytes.
    pub stdout: Vec<u8>,
    /// Standard error, for messages.
    pub stderr: String,
}

impl Git {
    /// A call in `directory`. Settings that change output or take locks are pinned.
    #[must_use]
    pub fn new(directory: &Path) -> Self {
        let variables =
            [("GIT_OPTIONAL_LOCKS", "0"), ("GIT_TERMINAL_PROMPT", "0"), ("LC_ALL", "C")];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.into()));
        Self { pinned: PINNED, variables: variables.into(), ..Self::of_user(directory) }
    }

    /// A call in `directory` with nothing pinned: for one that runs programs of the user's, such as
    /// hooks, which would inherit it.
    #[must_use]
    pub fn of_user(directory: &Path) -> Self {
        Self {
            directory: directory.to_owned(),
            pinned: &[],
            arguments: Vec::new(),
            variables: Vec::new(),
            input: Vec::new(),
            input_file: None,
        }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, arguments: I) -> Self {
        self.arguments.extend(arguments.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    /// Sets a variable for the child, also one of [`LOCAL_VARIABLES`].
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// What the child reads on standard input.
    #[must_use]
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Lets the child read from `file`, from where it stands. The child shares the open file: a lock
    /// on it (flock(2)) lasts until both have ended.
    #[must_use]
    pub fn stdin_file(mut self, file: Arc<File>) -> Self {
        self.input_file = Some(file);
        self
    }

    /// Runs it and returns what it left, whatever its status.
    ///
    /// # Errors
    /// If `git` cannot be started; [`Refusal::ExtensionUnknown`] if it is too old for the repository.
    ///
    /// [`Refusal::ExtensionUnknown`]: crate::domain::refusal::Refusal::ExtensionUnknown
    pub fn output(self) -> Result<Output> {
        let call = self.describe();
        let pinned = self.pinned.iter().map(OsString::from);
        let expression = duct::cmd(program(), pinned.chain(self.arguments)).dir(&self.directory);
        let mut expression = match self.input_file {
            Some(file) => {
                expression.stdin_file(file.try_clone().context("could not share a file")?)
            }
            None => expression.stdin_bytes(self.input),
        }
        .stdout_capture()
        .stderr_capture()
        .unchecked();
        // In duct the first of several calls about one variable holds, so what is set comes first,
        // the last value before earlier ones.
        for (name, value) in self.variables.iter().rev() {
            expression = expression.env(name, value);
        }
        for name in LOCAL_VARIABLES {
            expression = expression.env_remove(name);
        }
        let output = expression.run().with_context(|| format!("could not start `{call}`"))?;
        let stderr = String::from_utf8_lossy(&output.stderr).trim_end().to_owned();
        match extension::refusal(&stderr).filter(|_| !output.status.success()) {
            Some(refusal) => Err(refusal.into()),
            None => {
                Ok(Output { status: exit_status(output.status), stdout: output.stdout, stderr })
            }
        }
    }

    /// Runs it and returns standard output.
    ///
    /// # Errors
    /// If it cannot be started, or ends with another status than 0; the error quotes its stderr.
    /// [`Refusal::FileLocked`] if another process has a lock that it needs.
    ///
    /// [`Refusal::FileLocked`]: crate::domain::refusal::Refusal::FileLocked
    pub fn run(self) -> Result<Vec<u8>> {
        let call = self.describe();
        let output = self.output()?;
        if let Some(refusal) = locked::refusal(&output.stderr).filter(|_| output.status != 0) {
            return Err(refusal.into());
        }
        if output.status != 0 {
            bail!("`{call}` ended with status {}: {}", output.status, output.stderr);
        }
        Ok(output.stdout)
    }

    /// Runs it and returns the first line of standard output, as text.
    ///
    /// # Errors
    /// As [`Git::run`].
    pub fn line(self) -> Result<String> {
        let stdout = self.run()?;
        let text = String::from_utf8_lossy(&stdout);
        Ok(text.lines().next().unwrap_or_default().to_owned())
    }

    fn describe(&self) -> String {
        let words = self.arguments.iter().map(|a| a.to_string_lossy());
        std::iter::once("git".into()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

/// A program other than git to come, with the environment, directory and streams of this process.
#[derive(Debug)]
pub struct Program {
    pub(super) command: Command,
}

/// What a program reads on standard input.
#[derive(Debug, Clone, Copy)]
pub enum Input<'a> {
    /// What this process would read.
    Inherited,
    /// These bytes; the program need not read them.
    Bytes(&'a [u8]),
}

impl Program {
    /// A call of the program at `path`, which is looked up on PATH if it has no directory.
    #[must_use]
    pub fn new(path: &OsStr) -> Self {
        #[expect(clippy::disallowed_methods, reason = "the one place where a process starts")]
        let command = Command::new(path);
        Self { command }
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, arguments: I) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable for the child.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The name under which the program sees itself, where that can differ from its path.
    #[must_use]
    pub fn named(mut self, name: &Path) -> Self {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::arg0(&mut self.command, name);
        #[cfg(not(unix))]
        let _ = name;
        self
    }

    /// Lets the child read from a file.
    #[must_use]
    pub fn reading(mut self, file: File) -> Self {
        self.command.stdin(file);
        self
    }

    /// Runs it to its end. Returns its exit status, 128 + n for a signal n.
    ///
    /// # Errors
    /// If it cannot be started, or its input cannot be written.
    pub fn status(mut self, input: Input<'_>) -> io::Result<i32> {
        let Input::Bytes(bytes) = input else {
            return self.command.status().map(exit_status);
        };
        let mut child = self.command.stdin(Stdio::piped()).spawn()?;
        let written = child.stdin.take().map_or(Ok(()), |mut pipe| pipe.write_all(bytes));
        let status = child.wait()?;
        match written {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error),
            Err(_) | Ok(()) => Ok(exit_status(status)),
        }
    }

    /// Becomes this program: on Unix the process is replaced, so that signals and the exit status
    /// are the program's own; elsewhere it runs to its end and its status is returned.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn become_it(mut self) -> io::Result<i32> {
        #[cfg(unix)]
        {
            Err(std::os::unix::process::CommandExt::exec(&mut self.command))
        }
        #[cfg(not(unix))]
        {
            self.command.status().map(exit_status)
        }
    }
}

#[cfg(unix)]
pub(super) fn exit_status(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(128)
}

#[cfg(not(unix))]
pub(super) fn exit_status(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(128)
}
