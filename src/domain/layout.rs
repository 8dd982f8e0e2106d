//! Where things stand in a repository: every path of the formats, written once.
//!
//! Source: `formats.md` section 1. Paths are relative to the top of a tree or checkout.

use super::path::RepoPath;

/// The directory of all missions; [`in_mission`] names what is in one.
pub const MISSIONS: &str = "kitty-specs";
/// The policy of a repository.
pub const POLICY: &str = ".kittify/config.yaml";
/// What Spec Kitty writes into each project that it sets up.
pub const PROJECT: &str = ".kittify/metadata.yaml";
/// The directory of all worktrees, in the primary checkout.
pub const WORKTREES: &str = ".worktrees";
/// The reference's records of lane worktrees, in the primary checkout only.
pub const WORKSPACES: &str = ".kittify/workspaces";
/// In the common Git directory: what can be found out again at any time.
pub const CACHE: &str = "kitty/cache";
/// In the common Git directory: what guarded branches held when a door let them pass.
pub const JUDGED: &str = "kitty/judged";
/// In the common Git directory: the overrides that were granted.
pub const OVERRIDES: &str = "kitty/overrides.json";
/// In the common Git directory: what was let pass past the judge, and by whom.
pub const AUDIT: &str = "policy-audit.jsonl";
/// In the Git directory of a worktree: the trees that its commits were let pass with.
pub const APPROVED: &str = "kitty-approved";
/// In the common Git directory: that the repository is set up, and what was added to it.
pub const SETUP: &str = "kitty/setup.json";
/// In the common Git directory: what readers saw of each mission's logs last.
pub const SEEN: &str = "kitty/seen";
/// In the common Git directory: who holds or held a mission's lock, for those who wait.
pub const HOLDERS: &str = "kitty/holders";
/// In the common Git directory: what those want who wait.
pub const QUEUE: &str = "kitty/queue";
/// In the common Git directory: the review prompts that were made here.
pub const REVIEW_PROMPTS: &str = "kitty/review-prompts";
/// In the Git directory of a lane's worktree: the claims that it was opened for.
pub const CLAIMS: &str = "kitty-claims.json";
/// Refs of missions that were adopted here: the coordination branch as it was then, by mission id.
pub const ADOPTED: &str = "refs/kitty/adopted";
/// Refs of missions that were merged and closed: the coordination branch's last tip, by mission id.
pub const LANDED: &str = "refs/kitty/landed";
/// The operation log: which refs were moved together.
pub const OPLOG: &str = "refs/kitty/oplog";
/// Refs of missions that were given up: the last tips of their branches, by mission id.
pub const DISCARDED: &str = "refs/kitty/discarded";
/// In the common Git directory: which planning files were finalized last, from where.
pub const PLANNING: &str = "kitty/planning";
/// Refs that can never be made: a move of one proves that hooks run.
pub const CANARY: &str = "refs/kitty/canary/";
/// Inside a mission's directory: its identity.
pub const META: &str = "meta.json";
/// Inside a mission's directory: its lanes.
pub const LANES: &str = "lanes.json";
/// Inside a mission's directory: its event log.
pub const EVENT_LOG: &str = "status.events.jsonl";
/// Inside a mission's directory: the snapshot of the log.
pub const SNAPSHOT: &str = "status.json";
/// Inside a mission's directory: the work packages.
pub const TASKS: &str = "tasks";
/// Inside a mission's directory: the one planning file that lanes may change.
pub const OCCURRENCE_MAP: &str = "occurrence_map.yaml";

/// Where a file of the mission in the directory `dir` stands, from the top of a tree.
#[must_use]
pub fn in_mission(dir: &str, name: &str) -> RepoPath {
    RepoPath::new(format!("{MISSIONS}/{dir}/{name}"))
}

/// Where the event log of the mission in the directory `dir` stands.
#[must_use]
pub fn event_log(dir: &str) -> RepoPath {
    in_mission(dir, EVENT_LOG)
}

/// The event log and its snapshot: what a write to the mission in the directory `dir` changes.
#[must_use]
pub fn status_files(dir: &str) -> [RepoPath; 2] {
    [EVENT_LOG, SNAPSHOT].map(|name| in_mission(dir, name))
}

/// Whether a file of a mission's directory holds status, which no lane and no person may write.
#[must_use]
pub fn is_status_file(name: &[u8]) -> bool {
    name == EVENT_LOG.as_bytes() || name == SNAPSHOT.as_bytes()
}

/// The work package that a file name in `tasks/` announces: `WP01-title.md` or `WP01.md`, and
/// nothing for `WP010-…` when asked for `WP01`.
#[must_use]
pub fn work_package_of(file_name: &str) -> Option<super::id::WpId> {
    let stem = file_name.strip_suffix(".md")?;
    stem.split(['-', '_', '.', ' ']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::work_package_of;

    #[test]
    fn a_work_package_is_the_whole_first_word() {
        assert_eq!(work_package_of("WP01-a-b.md").unwrap().as_str(), "WP01");
        assert_eq!(work_package_of("WP010.md").unwrap().as_str(), "WP010");
        assert!(work_package_of("WP01x.md").is_none());
        assert!(work_package_of("README.md").is_none());
        assert!(work_package_of("WP01-a.txt").is_none());
    }
}
