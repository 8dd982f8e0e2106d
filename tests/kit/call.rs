//! A call of a program, and what it said, as one text.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use super::sandbox::Sandbox;

/// A call to come.
#[derive(Debug)]
pub struct Call<'s> {
    sandbox: &'s Sandbox,
    directory: PathBuf,
    words: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    input: Vec<u8>,
    still: bool,
}

impl<'s> Call<'s> {
    /// A call of `program` without arguments.
    pub(super) fn new(sandbox: &'s Sandbox, program: &str, directory: &Path) -> Self {
        let words = vec![program.into()];
        let directory = directory.to_owned();
        Self { sandbox, directory, words, variables: Vec::new(), input: Vec::new(), still: false }
    }

    /// Adds arguments.
    pub fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.words.extend(arguments.into_iter().map(|word| word.as_ref().to_owned()));
        self
    }

    /// Sets a variable on top of the sandbox's own.
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name.into(), value.as_ref().to_owned()));
        self
    }

    /// What the program reads on standard input.
    pub fn stdin(mut self, input: impl Into<Vec<u8>>) -> Self {
        self.input = input.into();
        self
    }

    /// Lets no time pass: for calls that only look.
    pub fn still(mut self) -> Self {
        self.still = true;
        self
    }

    /// Runs it to its end, whatever its status.
    pub fn run(self) -> Output {
        let now = if self.still { self.sandbox.now() } else { self.sandbox.tick() };
        let mut environment = self.sandbox.environment(now);
        environment.extend(self.variables);
        let program = which::which_in(&self.words[0], Some(self.sandbox.path()), &self.directory)
            .unwrap_or_else(|error| panic!("{}: {error}", self.words[0].display()));
        let done = duct::cmd(program, &self.words[1..])
            .dir(&self.directory)
            .full_env(environment)
            .stdin_bytes(self.input)
            .stdout_capture()
            .stderr_capture()
            .unchecked()
            .run()
            .unwrap();
        Output {
            command: shown(&self.words),
            root: self.sandbox.root().display().to_string(),
            status: status(done.status),
            signal: done.status.signal(),
            stdout: String::from_utf8_lossy(&done.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&done.stderr).into_owned(),
            bytes: done.stdout,
        }
    }
}

/// What a finished program left.
///
/// `Display` is the whole of it as one text, to be compared at once: the command, standard output,
/// standard error with `! ` before each line, and the exit status. The sandbox's directory reads
/// `[TMP]`, so that the text is the same on every run.
#[derive(Clone, PartialEq, Eq)]
pub struct Output {
    /// The exit status; 128 + n for a signal n.
    pub status: i32,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Standard output; what is no UTF-8 is replaced.
    pub stdout: String,
    /// Standard error; what is no UTF-8 is replaced.
    pub stderr: String,
    /// Standard output as it was.
    pub bytes: Vec<u8>,
    command: String,
    root: String,
}

impl Output {
    /// Standard output without its last line end, of a program that must have succeeded.
    #[track_caller]
    pub fn success(self) -> String {
        assert_eq!(self.status, 0, "{self}");
        self.stdout.strip_suffix('\n').unwrap_or(&self.stdout).to_owned()
    }

    /// The same output with `[TMP]` for the sandbox's directory.
    pub fn masked(self) -> Self {
        let mask = |text: &str| text.replace(&self.root, "[TMP]");
        Self { stdout: mask(&self.stdout), stderr: mask(&self.stderr), ..self }
    }

    /// Status, standard output and standard error, to be compared at once.
    pub fn parts(&self) -> (i32, &str, &str) {
        (self.status, &self.stdout, &self.stderr)
    }

    /// The same output, which must have ended with `status`.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("$ {}\n", self.command);
        text.push_str(&lines(&self.stdout, ""));
        text.push_str(&lines(&self.stderr, "! "));
        text.push_str(&format!("[exit {}]\n", self.status));
        f.write_str(&text.replace(&self.root, "[TMP]"))
    }
}

/// As `Display`, so that a failed assertion shows the text and not its escapes.
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Each line behind `prefix`; a last line without an end says so.
fn lines(text: &str, prefix: &str) -> String {
    let mut shown: String = text.lines().map(|line| format!("{prefix}{line}\n")).collect();
    if !text.is_empty() && !text.ends_with('\n') {
        shown.push_str("[no line end]\n");
    }
    shown
}

/// The words as one could type them.
fn shown(words: &[OsString]) -> String {
    let quoted = words.iter().map(|word| {
        let word = word.to_string_lossy();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:@,+%^~".contains(c);
        let needs_none = !word.is_empty() && word.chars().all(plain);
        if needs_none { word.into_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn status(status: std::process::ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap()
}
