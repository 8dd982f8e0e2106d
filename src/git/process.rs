//! The one place where a process starts.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Variables that tie a child to one repository (`git rev-parse --local-env-vars`): a hook has them
/// set for the repository it runs in, and they must not leak into a call about another directory.
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
];

/// A call of `git` to come, in a directory, with a clean Git environment.
#[derive(Debug, Clone)]
pub struct Git {
    directory: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(String, OsString)>,
    input: Vec<u8>,
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
        let pinned = ["-c", "core.quotePath=false", "-c", "color.ui=false", "-c", "core.pager=cat"];
        Self {
            directory: directory.to_owned(),
            arguments: pinned.iter().map(OsString::from).collect(),
            variables: vec![
                ("GIT_OPTIONAL_LOCKS".to_owned(), "0".into()),
                ("GIT_TERMINAL_PROMPT".to_owned(), "0".into()),
                ("LC_ALL".to_owned(), "C".into()),
            ],
            input: Vec::new(),
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

    /// Runs it and returns what it left, whatever its status.
    ///
    /// # Errors
    /// If `git` cannot be started.
    pub fn output(self) -> Result<Output> {
        let call = self.describe();
        let mut expression = duct::cmd("git", &self.arguments)
            .dir(&self.directory)
            .stdin_bytes(self.input)
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
        Ok(Output {
            status: exit_status(output.status),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).trim_end().to_owned(),
        })
    }

    /// Runs it and returns standard output.
    ///
    /// # Errors
    /// If it cannot be started, or ends with another status than 0; the error quotes its stderr.
    pub fn run(self) -> Result<Vec<u8>> {
        let call = self.describe();
        let output = self.output()?;
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
        let pinned = 6;
        let words = self.arguments.iter().skip(pinned).map(|a| a.to_string_lossy());
        std::iter::once("git".into()).chain(words).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(unix)]
fn exit_status(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap_or(128)
}

#[cfg(not(unix))]
fn exit_status(status: std::process::ExitStatus) -> i32 {
    status.code().unwrap_or(128)
}
