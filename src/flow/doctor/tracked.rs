//! Worktrees that somebody committed.

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::domain::layout;

const TRACKED: Kind =
    Kind::error("TRACKED_WORKTREES_CONTENT").left("your index, and what you commit, are yours");

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let paths = patient.repo.tracked_below(layout::WORKTREES)?;
    let Some(first) = paths.first() else { return Ok(Vec::new()) };
    let message = match paths.len() {
        1 => format!("`{first}` is tracked"),
        many => format!("`{first}` and {} more are tracked", many - 1),
    };
    let fix = format!("`git rm -r --cached {}`, and commit that", layout::WORKTREES);
    Ok(vec![Case::left(TRACKED.found(layout::WORKTREES, message, fix))])
}
