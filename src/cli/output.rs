//! Answers, and how they are printed.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use super::globals::{Context, Detail, Format};
use crate::domain::printable::Printable;
use crate::domain::refusal::{Exit, Refusal, Warning};
use crate::git::page;

/// The version of all JSON documents.
const SCHEMA: u8 = 1;

/// What a command says when it did what was asked.
#[derive(Debug, Clone)]
pub struct Answer<T> {
    body: Body<T>,
    story: String,
    warnings: Vec<Warning>,
    exit: Exit,
    /// Whether it may be longer than a screen.
    is_long: bool,
}

#[derive(Debug, Clone)]
enum Body<T> {
    /// The keys of the JSON document, and the same for people.
    Document(T, Vec<u8>),
    /// Bytes that are the same in every format.
    Raw(Vec<u8>),
}

impl<T: Serialize> Answer<T> {
    /// An answer with the keys of `document` (a struct or a map), or `human` for people: text with
    /// names in it escaped ([`Printable`]). `schema` and `warnings` are added.
    #[must_use]
    pub fn new(document: T, human: impl Into<String>) -> Self {
        Self::with_bytes(document, with_newline(human.into()).into_bytes())
    }

    /// As [`Answer::new`], with what people get as bytes, to be printed as they are.
    #[must_use]
    pub fn with_bytes(document: T, human: Vec<u8>) -> Self {
        let body = Body::Document(document, human);
        Self { body, story: String::new(), warnings: Vec::new(), exit: Exit::Yes, is_long: false }
    }

    /// An answer that is printed as it is, whatever the format.
    #[must_use]
    pub fn raw(bytes: Vec<u8>) -> Self {
        Self {
            body: Body::Raw(bytes),
            story: String::new(),
            warnings: Vec::new(),
            exit: Exit::Yes,
            is_long: false,
        }
    }

    /// With warnings: in the JSON document, or on standard error.
    #[must_use]
    pub fn with_warnings(mut self, warnings: impl IntoIterator<Item = Warning>) -> Self {
        self.warnings.extend(warnings);
        self
    }

    /// With text that belongs on standard error; a JSON document, which must hold it too, goes
    /// without.
    #[must_use]
    pub fn with_story(mut self, story: String) -> Self {
        self.story = story;
        self
    }

    /// Shown in the pager that git would use, where a person reads it on a terminal.
    #[must_use]
    pub fn in_pager(mut self) -> Self {
        self.is_long = true;
        self
    }

    /// With another exit status than 0, e.g. for findings.
    #[must_use]
    pub fn with_exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }

    /// Prints it, and returns the exit status.
    pub(super) fn show(&self, context: &Context) -> Result<Exit> {
        let bytes = self.bytes(context)?;
        let is_read = context.format == Format::Human && io::stdout().is_terminal();
        if self.is_long && is_read && self.exit == Exit::Yes {
            self.tell(context);
            page(&context.directory, &bytes)?;
            print(&bytes)?;
        } else {
            print(&bytes)?;
            self.tell(context);
        }
        Ok(self.exit)
    }

    /// What belongs on standard output.
    pub(super) fn bytes(&self, context: &Context) -> Result<Vec<u8>> {
        match (&self.body, context.format) {
            (Body::Document(document, _), Format::Json) => {
                json(&Document::new(document, &self.warnings))
            }
            (Body::Document(_, human), Format::Human | Format::Github | Format::Sarif) => {
                Ok(human.clone())
            }
            (Body::Raw(bytes), _) => Ok(bytes.clone()),
        }
    }

    /// Says what belongs on standard error.
    pub(super) fn tell(&self, context: &Context) {
        match (&self.body, context.format) {
            (Body::Document(..), Format::Human | Format::Github | Format::Sarif)
            | (Body::Raw(_), _) => {
                let _ = io::stderr().write_all(self.story.as_bytes());
            }
            (Body::Document(..), Format::Json) => {}
        }
        if !self.warnings_are_in_document(context.format) {
            tell_all(&self.warnings, context);
        }
    }

    fn warnings_are_in_document(&self, format: Format) -> bool {
        match (&self.body, format) {
            (Body::Document(..), Format::Json) => true,
            (Body::Document(..), Format::Human | Format::Github | Format::Sarif)
            | (Body::Raw(_), _) => false,
        }
    }
}

/// Writes to standard output. A reader that has gone is no error: it has what it wanted.
///
/// # Errors
/// [`Refusal::OutputUnwritten`] if it cannot be written for another reason, e.g. a full disk.
pub fn print(bytes: &[u8]) -> Result<()> {
    print_to_reader(bytes).map(drop)
}

/// Whether anyone reads standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// As far as can be told.
    Open,
    /// No: the pipe is closed.
    Gone,
}

/// As [`print()`], and tells whether the reader is still there.
pub(super) fn print_to_reader(bytes: &[u8]) -> Result<Reading> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => Ok(Reading::Open),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reading::Gone),
        Err(error) => bail!(Refusal::OutputUnwritten { what: error.to_string() }),
    }
}

/// Waits so long, or until the reader has gone.
pub(super) fn pause(time: Duration) -> Reading {
    #[cfg(unix)]
    {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        let stdout = io::stdout();
        let mut fds = [PollFd::new(&stdout, PollFlags::empty())];
        let limit = Timespec::try_from(time).ok();
        if poll(&mut fds, limit.as_ref()).is_ok_and(|ready| ready > 0) {
            return Reading::Gone;
        }
    }
    #[cfg(not(unix))]
    std::thread::sleep(time);
    Reading::Open
}

/// A line on standard error.
pub(super) struct Story<'a> {
    /// The word before it, and the number of its colour.
    pub(super) label: (&'static str, u8),
    /// What happened.
    pub(super) text: &'a str,
    /// The stable code.
    pub(super) code: Option<&'a str>,
}

impl<'a> Story<'a> {
    fn warning(warning: &'a Warning) -> Self {
        Self { label: ("warning", 33), text: &warning.message, code: Some(warning.code) }
    }
}

/// Writes to standard error, where nothing can be done about a failure.
pub(super) fn tell(story: &Story<'_>, color: bool) {
    let (word, number) = story.label;
    let label = if color { format!("\x1b[1;{number}m{word}:\x1b[0m") } else { format!("{word}:") };
    let code = story.code.map(|code| format!(" [{code}]")).unwrap_or_default();
    let _ = writeln!(io::stderr(), "{label} {}{code}", Printable(story.text));
}

/// Writes warnings to standard error, unless they are not wanted.
pub(super) fn tell_all(warnings: &[Warning], context: &Context) {
    if context.detail != Detail::Quiet {
        warnings.iter().for_each(|warning| tell(&Story::warning(warning), context.color));
    }
}

/// A document as its line of JSON.
pub(super) fn json(document: &impl Serialize) -> Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(document).context("could not write the answer as JSON")?;
    bytes.push(b'\n');
    Ok(bytes)
}

#[derive(Serialize)]
pub(super) struct Document<'a, T> {
    schema: u8,
    #[serde(flatten)]
    body: &'a T,
    warnings: Vec<WarningEntry<'a>>,
}

#[derive(Serialize)]
struct WarningEntry<'a> {
    severity: &'static str,
    code: &'a str,
    message: &'a str,
    /// What ends a command is a refusal.
    fatal: bool,
    phase: &'static str,
}

impl<'a, T> Document<'a, T> {
    pub(super) fn new(body: &'a T, warnings: &'a [Warning]) -> Self {
        let warnings = warnings.iter().map(WarningEntry::of).collect();
        Self { schema: SCHEMA, body, warnings }
    }
}

impl<'a> WarningEntry<'a> {
    fn of(warning: &'a Warning) -> Self {
        let Warning { code, message } = warning;
        Self { severity: "warning", code, message, fatal: false, phase: warning.phase() }
    }
}

fn with_newline(text: String) -> String {
    if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
}
