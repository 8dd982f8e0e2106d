//! `git kitty guard --agent-hook`: the answer to a tool that is about to edit a file.

use std::env;
use std::io::{Read, stdin};
use std::panic::{AssertUnwindSafe, catch_unwind};

use anyhow::{Context as _, Result, anyhow};

use super::{Answer, Context};
use crate::domain::agent::Tool;
use crate::hook::edit::{judge, not_judged};

const ASKED: &[u8] = b"--agent-hook";

/// Goes to the root if this process is to answer a tool and stands in a directory that is gone, as
/// that of a lane that was closed: events have absolute paths, and must be judged all the same.
pub(super) fn find_a_footing() {
    let is_asked = || env::args_os().any(|word| word.as_encoded_bytes().starts_with(ASKED));
    if env::current_dir().is_err() && is_asked() {
        // If there is no root either, the command tells.
        let _ = env::set_current_dir("/");
    }
}

/// Answers the event on standard input. Tools let pass what fails, so whatever fails here refuses.
pub(super) fn answer<T: serde::Serialize>(tool: Tool, context: &Context) -> Result<Answer<T>> {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let mut event = Vec::new();
        stdin().lock().read_to_end(&mut event).context("could not read standard input")?;
        Ok(judge(tool, &event, &context.directory))
    }));
    let panicked = |_| Err(anyhow!("git-kitty stopped because of a bug of its own"));
    let reply = judged.unwrap_or_else(panicked).unwrap_or_else(|error| not_judged(tool, &error));
    Ok(Answer::raw(reply.output.into_bytes()).with_story(reply.story).with_exit(reply.exit))
}
