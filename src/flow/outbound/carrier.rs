//! How events reach a sink.

use std::ffi::OsStr;
use std::fmt;
use std::time::Duration;

use super::command_of;
use crate::domain::refusal::outbound;
use crate::git::process::Program;
use crate::git::{Ended, Repo};
use crate::store::outbox::Delivery;

/// Takes events to sinks. A test's own one records them.
pub trait Carrier {
    /// Takes these lines to the sink of `delivery`. `Ok` means that they are there.
    ///
    /// # Errors
    /// Why they are not.
    fn carry(&mut self, delivery: &Delivery, lines: &[String]) -> Result<(), Failure>;
}

/// Why events did not reach a sink. Prints as what the sink did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The config does not name it any more.
    Unknown,
    /// It failed, and said this.
    Failed(String),
    /// It had not ended after this time.
    TimedOut(Duration),
    /// It did so a moment ago, and was not tried.
    Resting,
}

/// Sinks as commands: run by `sh`, with the events as JSON lines on standard input.
///
/// The command gets `GIT_KITTY_DELIVERY` and `GIT_KITTY_SINK`, and runs at the top of the main
/// worktree, or in the Git directory where there is none. Exit status 0 means delivered.
pub struct Commands<'r> {
    repo: &'r Repo,
    limit: Duration,
}

/// How long a sink may take.
const LIMIT: Duration = Duration::from_secs(30);

impl<'r> Commands<'r> {
    /// The sinks of the repository's config.
    #[must_use]
    pub const fn of(repo: &'r Repo) -> Self {
        Self { repo, limit: LIMIT }
    }

    /// With another time that a sink may take.
    #[must_use]
    pub const fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    fn run(&self, command: &str, delivery: &Delivery, lines: &[String]) -> anyhow::Result<Ended> {
        let input = lines.iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes();
        let top = self.repo.primary_work_tree()?;
        let directory = top.as_deref().unwrap_or(self.repo.common_dir());
        let program = Program::new(OsStr::new("sh"))
            .args(["-c", command])
            .env("GIT_KITTY_DELIVERY", &delivery.id)
            .env("GIT_KITTY_SINK", &delivery.sink);
        Ok(program.bounded(directory, input, self.limit)?)
    }
}

impl Carrier for Commands<'_> {
    fn carry(&mut self, delivery: &Delivery, lines: &[String]) -> Result<(), Failure> {
        let command = command_of(self.repo, &delivery.sink).ok_or(Failure::Unknown)?;
        match self.run(&command, delivery, lines) {
            Ok(Ended::Status { status: 0, .. }) => Ok(()),
            Ok(Ended::Status { status, said }) => Err(Failure::ended(status, &said)),
            Ok(Ended::TimedOut) => Err(Failure::TimedOut(self.limit)),
            Err(error) => Err(Failure::Failed(format!("could not be started: {error:#}"))),
        }
    }
}

impl Failure {
    fn ended(status: i32, said: &str) -> Self {
        let last = said.lines().rfind(|line| !line.trim().is_empty());
        let said = last.map(|line| format!(": {}", line.trim())).unwrap_or_default();
        Self::Failed(format!("ended with status {status}{said}"))
    }

    /// The code of the warning about it.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => outbound::SINK_UNKNOWN,
            Self::Failed(_) => outbound::SINK_FAILED,
            Self::TimedOut(_) | Self::Resting => outbound::SINK_TIMED_OUT,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("is not configured any more"),
            Self::Failed(what) => f.write_str(what),
            Self::TimedOut(limit) => write!(f, "had not ended after {} s", limit.as_secs()),
            Self::Resting => f.write_str("hung less than a minute ago"),
        }
    }
}
