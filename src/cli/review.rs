//! `git kitty review`: prompts, patches and verdicts of exactly one work package.

use std::fmt::Write as _;
use std::io::{IsTerminal, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::request::{Said, host};
use super::wp::moved_answer;
use super::{Answer, Context, Printable, run};
use crate::domain::change::Change;
use crate::domain::id::WpId;
use crate::domain::review::prompt::Metadata;
use crate::domain::transition::Review;
use crate::flow::review::{Desk, Diff, Expected, Opened, diff, give_verdict, open, verify};
use crate::flow::status::mission;
use crate::git::Repo;

/// The options of `review`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Action,
    /// The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)
    #[arg(long, value_name = "HANDLE", global = true)]
    mission: Option<String>,
}

#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// Write a prompt for the review of a work package that is in review
    Open {
        /// The work package, e.g. WP01
        #[arg(value_name = "WP")]
        wp_id: WpId,
        /// Who reviews (default: the actor)
        #[arg(long, value_name = "N")]
        reviewer: Option<String>,
    },
    /// Compare a prompt with the repository: does it belong here?
    Verify {
        /// The prompt
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The work package that it must be of
        #[arg(long, value_name = "WP")]
        wp: Option<WpId>,
    },
    /// Show what a work package changed, between the commits that its review is of
    Diff {
        /// The work package, e.g. WP01
        #[arg(value_name = "WP")]
        wp_id: WpId,
    },
    /// Give the verdict of a review: approved, or back to work
    Verdict {
        /// The work package, e.g. WP01
        #[arg(value_name = "WP")]
        wp_id: WpId,
        /// What the reviewer says
        #[arg(long, value_enum, value_name = "V")]
        verdict: Said,
        /// Where the reviewer says it
        #[arg(long, value_name = "R")]
        reference: String,
        /// Who reviewed (default: the actor)
        #[arg(long, value_name = "N")]
        reviewer: Option<String>,
    },
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("review", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let handle = options.mission.as_deref();
    match options.action {
        Action::Open { wp_id, reviewer } => {
            let host = host(&repo, context, "review open")?;
            let temporary = context.directory.join(std::env::temp_dir());
            let reviewer = reviewer.as_deref().unwrap_or(&host.actor);
            let desk = Desk { reviewer, temporary: &temporary };
            let mission = mission(&repo, handle)?;
            Ok(opened_answer(open(&repo, &host, (&mission, &wp_id), desk)?))
        }
        Action::Verify { file, wp } => {
            let expected = Expected { mission: handle, wp_id: wp.as_ref() };
            let metadata = verify(&repo, &context.directory.join(file), expected)?;
            Ok(verified_answer(&metadata))
        }
        Action::Diff { wp_id } => {
            let mission = mission(&repo, handle)?;
            let diff = diff(&repo, &mission, &wp_id)?;
            Ok(diff_answer((&mission.dir, &wp_id), diff))
        }
        Action::Verdict { wp_id, verdict, reference, reviewer } => {
            let host = host(&repo, context, "review verdict")?;
            let mission = mission(&repo, handle)?;
            let reviewer = reviewer.unwrap_or_else(|| host.actor.clone());
            let review = Review { reviewer, verdict: verdict.into(), reference };
            let (moved, receipt) = give_verdict(&repo, &host, (&mission, &wp_id), review)?;
            Ok(moved_answer(&moved, receipt))
        }
    }
}

fn fields(metadata: &Metadata) -> Map<String, Value> {
    let field = |(key, value): (&str, &str)| (key.to_owned(), Value::from(value));
    metadata.fields().into_iter().map(field).collect()
}

fn opened_answer(opened: Opened) -> Answer<Value> {
    let Opened { metadata, of, warnings } = opened;
    let mut document = fields(&metadata);
    document.insert("base_commit".to_owned(), json!(of.as_ref().map(|of| of.base.to_string())));
    document.insert("tip_commit".to_owned(), json!(of.as_ref().map(|of| of.tip.to_string())));
    let Metadata { work_package_id: wp_id, prompt_path, mission_slug, .. } = &metadata;
    let mut human = format!("{}\n", Printable(prompt_path));
    if let Some(of) = of {
        let _ = writeln!(
            human,
            "{wp_id} of {}: {:.12}..{:.12}",
            Printable(mission_slug),
            of.base,
            of.tip
        );
    }
    Answer::new(document.into(), human).with_warnings(warnings)
}

fn verified_answer(metadata: &Metadata) -> Answer<Value> {
    let mut document = fields(metadata);
    document.insert("verified".to_owned(), true.into());
    let Metadata { work_package_id, mission_slug, .. } = metadata;
    let human = format!("a prompt of {work_package_id} of {}\n", Printable(mission_slug));
    Answer::new(document.into(), human)
}

fn diff_answer((mission, wp_id): (&str, &WpId), diff: Diff) -> Answer<Value> {
    let Diff { of, files, patch, warnings } = diff;
    let text = String::from_utf8_lossy(&patch);
    let document = json!({
        "mission_slug": mission,
        "wp_id": wp_id.to_string(),
        "base": of.base.to_string(),
        "tip": of.tip.to_string(),
        "without": of.without.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "files": files.iter().map(file).collect::<Vec<_>>(),
        "patch": text,
    });
    // Whatever reads a pipe gets the patch as it is.
    let human = if stdout().is_terminal() { shown(&text).into_bytes() } else { patch };
    Answer::with_bytes(document, human).with_warnings(warnings).in_pager()
}

fn file(change: &Change) -> Value {
    let kind = match (change.old, change.new) {
        (None, _) => "added",
        (Some(_), None) => "deleted",
        (Some(_), Some(_)) => "modified",
    };
    json!({ "path": change.path.to_string(), "change": kind })
}

/// A patch that cannot speak to the terminal: its lines and tabs stay.
fn shown(patch: &str) -> String {
    let cells = |line: &str| {
        line.split('\t').map(|cell| Printable(cell).to_string()).collect::<Vec<_>>().join("\t")
    };
    patch.split('\n').map(cells).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_patch_keeps_its_form_on_a_terminal() {
        let patch = "+a\tb\n-\u{1b}[2J\r\n";
        assert_eq!(super::shown(patch), "+a\tb\n-\\u{1b}[2J\\r\n");
    }
}
