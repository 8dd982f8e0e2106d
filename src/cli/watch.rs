//! `--watch`: an answer that is given again whenever it changes.

use std::io::{IsTerminal, stdout};
use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use super::globals::{Format, variable};
use super::output::{Reading, pause, print_to_reader};
use super::{Answer, Context};
use crate::domain::refusal::Refusal;

/// How often to look.
pub(super) const INTERVAL: Duration = Duration::from_millis(250);
/// How often in a row what is read may be found damaged: another tool may be writing it.
pub(super) const PATIENCE: u32 = 20;

/// Begins at the top of a screen that is empty,
const CLEARED: &str = "\x1b[2J\x1b[H";
/// or of one that is written over.
const TOP: &str = "\x1b[H";
/// Clears what is left of the line,
const REST_OF_LINE: &str = "\x1b[K\n";
/// and of the screen.
const REST: &str = "\x1b[J";

/// Answers, and answers again when that has changed, until nobody reads any more. `state` is cheap,
/// and different whenever `answer` may be. On a terminal people see the last answer only; JSON is a
/// document a line.
///
/// # Errors
/// What `answer` says the first time, or for five seconds.
pub(super) fn watch<S: PartialEq, T: Serialize>(
    context: &Context,
    state: impl Fn() -> Result<S>,
    answer: impl Fn() -> Result<Answer<T>>,
) -> Result<()> {
    let mut screen = Screen::new(context);
    let mut seen = state()?;
    let mut reading = screen.show(&answer()?, context)?;
    let mut failures = 0;
    while reading == Reading::Open && pause(INTERVAL) == Reading::Open {
        let now = state()?;
        if now == seen && failures == 0 {
            continue;
        }
        match answer() {
            Ok(answer) => {
                (seen, failures) = (now, 0);
                reading = screen.show(&answer, context)?;
            }
            Err(error) if failures < PATIENCE && error.is::<Refusal>() => failures += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Where answers are shown.
struct Screen {
    in_place: bool,
    shown: Option<Vec<u8>>,
}

impl Screen {
    fn new(context: &Context) -> Self {
        let is_dumb = variable("TERM").is_none_or(|name| name == "dumb");
        let in_place = context.format == Format::Human && stdout().is_terminal() && !is_dumb;
        Self { in_place, shown: None }
    }

    /// Shows an answer that is not the one that is shown.
    fn show<T: Serialize>(&mut self, answer: &Answer<T>, context: &Context) -> Result<Reading> {
        let bytes = answer.bytes(context)?;
        if self.shown.as_ref() == Some(&bytes) {
            return Ok(Reading::Open);
        }
        let reading = match (self.in_place, self.shown.is_some()) {
            (false, _) => print_to_reader(&bytes)?,
            (true, again) => {
                let text = String::from_utf8_lossy(&bytes).replace('\n', REST_OF_LINE);
                let top = if again { TOP } else { CLEARED };
                print_to_reader(format!("{top}{text}{REST}").as_bytes())?
            }
        };
        answer.tell(context);
        self.shown = Some(bytes);
        Ok(reading)
    }
}
