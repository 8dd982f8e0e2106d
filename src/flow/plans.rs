//! Where plans are written: also in the primary checkout while a protected branch is checked out there,
//! since `git kitty mission finalize` takes them from it. No commit ever brings them to that branch.

use super::branch_judge::BranchJudge;
use super::found::Found;
use crate::domain::change::Change;
use crate::domain::layout;
use crate::domain::path::RepoPath;

/// The edits that are judged as commits would be: all but those of plans in that place.
pub(super) fn beside_plans(judge: &BranchJudge<'_>, edits: Vec<Change>) -> Vec<Change> {
    let is_place = matches!(judge.found, Found::Protected) && !judge.repo.is_linked();
    edits.into_iter().filter(|edit| !(is_place && is_plan(&edit.path))).collect()
}

/// Whether this is a planning file of some mission. Logs and their snapshots are none: nobody edits
/// them.
fn is_plan(path: &RepoPath) -> bool {
    let path = path.as_bytes();
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let below = path.strip_prefix(layout::MISSIONS.as_bytes()).and_then(|p| p.strip_prefix(b"/"));
    below.is_some_and(|below| below.contains(&b'/')) && !layout::is_status_file(name)
}

#[cfg(test)]
mod tests {
    use super::is_plan;

    #[test]
    fn plans_are_the_files_of_missions_but_for_their_logs() {
        for (path, expected) in [
            ("kitty-specs/pay/spec.md", true),
            ("kitty-specs/pay/tasks/WP01.md", true),
            ("kitty-specs/pay/status.json", false),
            ("kitty-specs/pay/deep/status.events.jsonl", false),
            ("kitty-specs/spec.md", false),
            ("kitty-specs", false),
            ("kitty-specsx/pay/spec.md", false),
            ("src/kitty-specs/pay/spec.md", false),
        ] {
            assert_eq!(is_plan(&path.into()), expected, "{path}");
        }
    }
}
