//! `git kitty mission worktree`.

use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

use super::{Answer, Printable};
use crate::cli::equip::told_tools;
use crate::cli::lane::made;
use crate::domain::refusal::Warning;
use crate::flow::coordination::{create, discard};
use crate::flow::status::mission;
use crate::git::Repo;
use crate::git::worktree::Removed;

pub(super) fn answer(repo: &Repo, handle: Option<&str>, is_removal: bool) -> Result<Answer<Value>> {
    let mission = mission(repo, handle)?;
    if is_removal {
        let (path, removed) = discard(repo, &mission)?;
        let state = match removed {
            Removed::Removed { .. } => "removed",
            Removed::Absent => "absent",
        };
        return Ok(told(&path, state, Vec::new()));
    }
    let (path, how, mut warnings) = create(repo, &mission)?;
    warnings.extend(told_tools(repo, &path));
    Ok(told(&path, made(how), warnings))
}

fn told(path: &Path, state: &str, warnings: Vec<Warning>) -> Answer<Value> {
    let shown = path.display().to_string();
    let human = format!("{state}: {}\n", Printable(&shown));
    Answer::new(json!({ "path": shown, "state": state }), human).with_warnings(warnings)
}
