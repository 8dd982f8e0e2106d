//! `git kitty mission close`.

use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::{Answer, Context, Handle, Printable};
use crate::cli::lane::gone_along;
use crate::cli::request::host;
use crate::flow::close::{Closed, How, close};
use crate::flow::status::mission;
use crate::git::Repo;

/// The options of `mission close`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(flatten)]
    handle: Handle,
    /// Give it up: delete also branches that were never merged
    #[arg(long)]
    discard: bool,
    /// Remove the worktrees only
    #[arg(long, conflicts_with = "discard")]
    keep_branches: bool,
}

pub(super) fn answer(repo: &Repo, options: &Options, context: &Context) -> Result<Answer<Value>> {
    let mission = mission(repo, options.handle.as_deref())?;
    let how = match (options.discard, options.keep_branches) {
        (true, _) => How::Discarded,
        (false, true) => How::KeepBranches,
        (false, false) => How::Landed,
    };
    let closed = close(repo, &host(repo, context, "mission close")?, &mission, how)?;
    let (document, human) = (document(&mission.dir, &closed), human(&mission.dir, &closed, how));
    let warnings = closed.receipt.map(|receipt| receipt.warnings).unwrap_or_default();
    Ok(Answer::new(document, human).with_warnings(warnings))
}

fn document(dir: &str, closed: &Closed) -> Value {
    let refs = closed.branches.iter().map(|(branch, tip)| {
        json!({"ref": format!("refs/heads/{branch}"), "old": tip.to_string(), "new": null})
    });
    let ignored = closed.worktrees.iter().flat_map(|(worktree, paths)| {
        paths.iter().map(|path| format!("{}/{path}", worktree.display()))
    });
    json!({
        "mission_slug": dir,
        "refs": refs.collect::<Vec<_>>(),
        "kept": closed.kept.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "worktrees": closed.worktrees.iter().map(|(path, _)| path.display().to_string()).collect::<Vec<_>>(),
        "ignored_files": ignored.collect::<Vec<_>>(),
        "commits": [],
    })
}

fn human(dir: &str, closed: &Closed, how: How) -> String {
    let what = match how {
        How::Landed => "is closed",
        How::Discarded => "is given up",
        How::KeepBranches => "has no worktrees any more",
    };
    let mut text = format!("{} {what}\n", Printable(dir));
    for (path, ignored) in &closed.worktrees {
        let _ = writeln!(text, "  removed {}", Printable(&path.display().to_string()));
        if !ignored.is_empty() {
            let _ = write!(text, "    {}", gone_along(ignored));
        }
    }
    for (branch, tip) in &closed.branches {
        let short: String = tip.to_string().chars().take(12).collect();
        let _ = writeln!(text, "  deleted {} (was {short})", Printable(branch.as_str()));
    }
    for name in &closed.kept {
        let _ = writeln!(text, "  its last commit stays at {}", Printable(&name.to_string()));
    }
    text
}
