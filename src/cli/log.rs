//! `git kitty log`: the events of a mission, one a line as stored, whatever the format.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::clock::now;
use super::mission::Handle;
use super::output::{Reading, pause, print_to_reader, tell_all};
use super::watch::{INTERVAL, PATIENCE};
use super::{Answer, Context, Printable, run};
use crate::domain::id::WpId;
use crate::domain::moment::Moment;
use crate::domain::refusal::Refusal;
use crate::flow::log::{Filter, Kind, Reader, accept};
use crate::flow::status::mission;
use crate::git::Repo;

/// The options of `log`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(flatten)]
    handle: Handle,
    /// Only events of this work package
    #[arg(long, value_name = "WP")]
    wp: Option<WpId>,
    /// Only events at this time or later: RFC 3339, or how long ago (10m, 2h, 3d)
    #[arg(long, value_name = "TIME")]
    since: Option<Moment>,
    /// Only events of this kind: lane, annotation, foreign, or the type of a foreign one
    #[arg(long, value_name = "KIND")]
    kind: Option<Kind>,
    /// Only the last N events
    #[arg(short = 'n', value_name = "N")]
    last: Option<usize>,
    /// Wait for more events, and print them as they come
    #[arg(long)]
    follow: bool,
    /// Take the log as it is now, although it lost or changed lines since it was last seen
    #[arg(long, conflicts_with_all = ["wp", "since", "kind", "last", "follow"])]
    accept: bool,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("log", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let mission = mission(&repo, options.handle.as_deref())?;
    if options.accept {
        accept(&repo, &mission)?;
        let human = format!("the log of {} is accepted as it is\n", Printable(&mission.dir));
        return Ok(Answer::new(json!({"mission_slug": mission.dir, "accepted": true}), human));
    }
    let since = options.since.map(|moment| moment.instant(now()));
    let filter = Filter { wp_id: options.wp, since, kind: options.kind };
    let mut reader = Reader::new(&repo, mission, filter);
    let mut lines = reader.news()?;
    let warnings = reader.take_warnings();
    let first = options.last.map_or(0, |last| lines.len().saturating_sub(last));
    lines.drain(..first);
    if options.follow {
        tell_all(&warnings, context);
        follow(&mut reader, &lines, context)?;
        return Ok(Answer::raw(Vec::new()));
    }
    Ok(Answer::raw(joined(&lines)).with_warnings(warnings).in_pager())
}

/// Prints until nobody reads any more.
fn follow(reader: &mut Reader<'_>, first: &[String], context: &Context) -> Result<()> {
    let mut reading = print_to_reader(&joined(first))?;
    let mut failures = 0;
    while reading == Reading::Open && pause(INTERVAL) == Reading::Open {
        match reader.news() {
            Ok(lines) => {
                failures = 0;
                tell_all(&reader.take_warnings(), context);
                reading = print_to_reader(&joined(&lines))?;
            }
            Err(error) if failures < PATIENCE && error.is::<Refusal>() => failures += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn joined(lines: &[String]) -> Vec<u8> {
    lines.iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes()
}
