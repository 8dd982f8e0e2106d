//! The files that reviews left in a mission's directory.

use std::collections::BTreeMap;

use anyhow::Result;

use super::files::{Found, names_in_tree};
use crate::domain::change::Mode;
use crate::domain::event::Log;
use crate::domain::id::WpId;
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::review::{Latest, ReviewCycle, cycle_number, latest_verdicts};
use crate::git::Repo;

/// The latest verdict about each work package of the mission in `kitty-specs/<dir>` of a commit: by
/// its log there, and where that has none by the last `review-cycle-N.md` there.
///
/// # Errors
/// [`Refusal::Damaged`](crate::domain::refusal::Refusal::Damaged) for a log, or a file that has to be asked, that cannot be read.
pub fn verdicts_at(repo: &Repo, commit: Oid, dir: &str) -> Result<BTreeMap<WpId, Latest>> {
    let tree = repo.tree_of_commit(commit)?;
    let top = format!("{}/{dir}", layout::MISSIONS);
    let log = format!("{top}/{}", layout::EVENT_LOG);
    let bytes = repo.blob_at(tree, &log.as_str().into())?.unwrap_or_default();
    let mut verdicts = latest_verdicts([&Log::parse(&log, &bytes)?])?;
    for (wp_id, (_, path)) in last_cycles(repo, tree, &format!("{top}/{}", layout::TASKS))? {
        if !verdicts.contains_key(&wp_id)
            && let Some(latest) = in_file(repo, tree, path)?
        {
            verdicts.insert(wp_id, latest);
        }
    }
    Ok(verdicts)
}

fn in_file(repo: &Repo, tree: Oid, shown: String) -> Result<Option<Latest>> {
    let Some(bytes) = repo.blob_at(tree, &shown.as_str().into())? else { return Ok(None) };
    let found = Found { bytes, shown };
    let cycle = ReviewCycle::parse(&found.bytes, &found.shown)?;
    Ok(Latest::of_cycle(&cycle, &found.shown))
}

/// The last round of each work package that has any, with the path of its file. A directory below
/// `tasks` belongs to the work package that its name begins with.
fn last_cycles(repo: &Repo, tree: Oid, tasks: &str) -> Result<BTreeMap<WpId, (u32, String)>> {
    let mut last: BTreeMap<WpId, (u32, String)> = BTreeMap::new();
    for directory in names_below(repo, tree, tasks)? {
        let Some(wp_id) = layout::work_package_of(&format!("{directory}.md")) else { continue };
        let directory = format!("{tasks}/{directory}");
        for name in names_below(repo, tree, &directory)? {
            let Some(number) = cycle_number(&name) else { continue };
            if last.get(&wp_id).is_none_or(|(known, _)| *known < number) {
                last.insert(wp_id.clone(), (number, format!("{directory}/{name}")));
            }
        }
    }
    Ok(last)
}

/// The names in a directory of a tree; none if it is no directory.
fn names_below(repo: &Repo, tree: Oid, path: &str) -> Result<Vec<String>> {
    let entry = repo.entry(tree, &path.into())?.filter(|entry| entry.mode == Mode::Tree);
    entry.map_or_else(|| Ok(Vec::new()), |entry| names_in_tree(repo, entry.oid))
}
