//! `git kitty mission create`.

use std::fmt::Write as _;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::{Answer, Context, Printable};
use crate::cli::request::{commits, host, summary};
use crate::domain::branch::BranchName;
use crate::domain::layout;
use crate::domain::slug::MissionSlug;
use crate::flow::create::{Created, Wish, create};
use crate::git::Repo;
use crate::git::worktree::is_same;

/// The options of `mission create`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Its name: small letters, digits and single dashes
    #[arg(value_name = "SLUG", allow_hyphen_values = true)]
    slug: String,
    /// The branch it lands on (default: the one that is checked out)
    #[arg(long, value_name = "B")]
    target: Option<BranchName>,
    /// Its title (default: the words of its name)
    #[arg(long, value_name = "T")]
    title: Option<String>,
}

pub(super) fn answer(repo: &Repo, options: Options, context: &Context) -> Result<Answer<Value>> {
    let Options { slug, target, title } = options;
    let wish = Wish { slug: MissionSlug::given(&slug)?, target, title };
    let host = host(repo, context, "mission create")?;
    let created = create(repo, &host, &wish)?;
    let (document, human) = (document(&created), human(&created, &desks(repo, &created)?));
    let told = created.receipt.map(|receipt| receipt.warnings).unwrap_or_default();
    Ok(Answer::new(document, human).with_warnings(told).with_warnings(created.warnings))
}

fn document(created: &Created) -> Value {
    let Created { mission, receipt, .. } = created;
    json!({
        "mission_id": mission.meta.id.as_ref().map(ToString::to_string),
        "mid8": mission.mid8().map(|mid8| mid8.to_string()),
        "mission_slug": mission.dir,
        "coordination_branch": mission.branch(),
        "target_branch": mission.meta.target_branch,
        "mission_dir": format!("{}/{}", layout::MISSIONS, mission.dir),
        "created": receipt.is_some(),
        "commits": receipt.as_ref().map(commits).unwrap_or_default(),
    })
}

/// Where `mission finalize` looks for work packages, in words.
fn desks(repo: &Repo, created: &Created) -> Result<String> {
    let tasks = format!("{}/{}/{}", layout::MISSIONS, created.mission.dir, layout::TASKS);
    Ok(match repo.primary_work_tree()? {
        Some(top) if repo.work_tree().is_some_and(|here| is_same(here, &top)) => {
            format!("{tasks} of this checkout, or of the worktree that\n")
        }
        Some(top) => {
            let there = top.join(&tasks).display().to_string();
            format!("{}, or in {tasks} of the worktree that\n", Printable(&there))
        }
        None => format!("{tasks} of the worktree that\n"),
    })
}

fn human(created: &Created, desks: &str) -> String {
    let Created { mission, receipt, .. } = created;
    let (dir, target) = (Printable(&mission.dir), Printable(&mission.meta.target_branch));
    let mut text = match receipt {
        Some(_) => format!("{dir}: made, to land on {target}\n"),
        None => format!("{dir} is there already, to land on {target}\n"),
    };
    let _ = writeln!(
        text,
        "write its work packages in {desks}\
         `git kitty mission worktree {dir}` opens; then `git kitty mission finalize {dir}`"
    );
    text + &receipt.as_ref().map(summary).unwrap_or_default()
}
