//! A line on the terminal while work takes its time.

use std::io::{IsTerminal, Write, stderr};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::globals::{Context, Detail, variable};

/// Work of less than that is not shown.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line changes from then on.
const STEP: Duration = Duration::from_millis(250);

/// Says that work goes on, until it is dropped; then the line is gone.
pub(super) struct Progress {
    /// Nothing is ever sent: it is dropped.
    work: Option<Sender<()>>,
    teller: Option<JoinHandle<()>>,
}

impl Progress {
    /// Says `what`, e.g. "merging", if there is a person to see it: on a terminal, unless it is to be
    /// quiet. It takes no colours.
    pub(super) fn of(what: &'static str, context: &Context) -> Self {
        let is_dumb = variable("TERM").is_none_or(|name| name == "dumb");
        if context.detail == Detail::Quiet || is_dumb || !stderr().is_terminal() {
            return Self { work: None, teller: None };
        }
        let (work, over) = channel();
        let teller = std::thread::spawn(move || {
            let (mut wait, mut shown) = (PATIENCE, 0_usize);
            while over.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                let dots = ".".repeat(1 + shown % 3);
                let _ = write!(stderr(), "\r{what}{dots:<3}");
                (wait, shown) = (STEP, shown + 1);
            }
            if shown > 0 {
                let _ = write!(stderr(), "\r{:width$}\r", "", width = what.len() + 3);
            }
        });
        Self { work: Some(work), teller: Some(teller) }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.work = None;
        if let Some(teller) = self.teller.take() {
            let _ = teller.join();
        }
    }
}
