//! `git kitty mission adopt`.

use anyhow::Result;
use serde_json::{Value, json};

use super::{Answer, Context, Printable};
use crate::cli::request::{commits, host, summary};
use crate::domain::branch::BranchName;
use crate::flow::adopt::adopt;
use crate::flow::status::mission;
use crate::git::Repo;

pub(super) fn answer(
    repo: &Repo,
    handle: Option<&str>,
    context: &Context,
) -> Result<Answer<Value>> {
    let mission = mission(repo, handle)?;
    let host = host(repo, context, "mission adopt")?;
    let adopted = adopt(repo, &host, &mission)?;
    let changed = adopted.changed.as_ref().map(|path| path.display().to_string());
    let document = json!({
        "mission_slug": mission.dir,
        "refs": [format!("refs/heads/{}", adopted.branch)],
        "worktrees": [],
        "changed": changed.iter().collect::<Vec<_>>(),
        "commits": adopted.receipt.as_ref().map(commits).unwrap_or_default(),
    });
    let (dir, branch) = (Printable(&mission.dir), Printable(&adopted.branch));
    let told = match (&adopted.receipt, &changed) {
        (Some(receipt), Some(changed)) => format!(
            "{dir} is on {branch} from now on\n`{}` names it: {}\n{}",
            Printable(changed),
            spreading(&mission.dir, adopted.protected.as_ref()),
            summary(receipt)
        ),
        (_, _) => format!("{dir} is on {branch} already\n"),
    };
    let warnings = adopted.receipt.map(|receipt| receipt.warnings).unwrap_or_default();
    Ok(Answer::new(document, told).with_warnings(warnings).with_warnings(adopted.warnings))
}

/// How other clones come to know. Where a protected branch is checked out, it takes that only by a pull
/// request.
fn spreading(dir: &str, protected: Option<&BranchName>) -> String {
    match protected {
        None => "commit that, so that other clones know".to_owned(),
        Some(protected) => format!(
            "`git switch -c adopt-{}` takes that along; commit it there, and it comes to `{}` by a pull \
             request, so that other clones know",
            Printable(dir),
            Printable(protected.as_str())
        ),
    }
}
