//! `core.sharedRepository`: what we write in a Git directory has the permissions that git would give it,
//! whatever the umask.

use std::collections::BTreeMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::scene::{Scene, mission};

/// A mission in a repository where nobody has set up anything, shared as `value` says.
fn shared(value: &str) -> Scene {
    let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
    repo.commit_file("src/b/two.rs", "two\n");
    repo.must(["config", "core.sharedRepository", value]);
    repo.must(["config", "kitty.sink", "cat >/dev/null"]);
    let mut mission = mission(Topology::Coordination).build(&repo);
    let lane = mission.open_lane("lane-b");
    mission.log.walk("WP01", &["planned", "claimed", "in_progress"]);
    mission.log.walk("WP02", &["planned", "claimed", "in_progress"]);
    mission.save();
    Scene { repo, mission, lane }
}

/// All that we write: set up, a transaction, a commit that a hook judges, an override and a lane.
const WORK: &str = "umask 077 && git kitty init && git kitty install --agent claude && \
    git kitty wp move WP03 --to claimed && git kitty lane open lane-a && git kitty status";

/// The modes of all below a Git directory.
fn modes(directory: &Path, found: &mut BTreeMap<PathBuf, u32>) {
    for entry in std::fs::read_dir(directory).unwrap().map(Result::unwrap) {
        let metadata = entry.metadata().unwrap();
        found.insert(entry.path(), metadata.mode());
        if metadata.is_dir() {
            modes(&entry.path(), found);
        }
    }
}

fn modes_of(repo: &Checkout) -> BTreeMap<PathBuf, u32> {
    let mut found = BTreeMap::new();
    modes(&repo.file(".git"), &mut found);
    found
}

/// What `work` makes new in the repository, with its modes.
fn made_by(repo: &Checkout, work: &str) -> BTreeMap<PathBuf, u32> {
    let before = modes_of(repo);
    repo.sh(work).exits(0);
    let mut after = modes_of(repo);
    // These git makes, of which it shares only some.
    let of_git = repo.file(".git/worktrees");
    after.retain(|path, _| !before.contains_key(path) && !path.starts_with(&of_git));
    after
}

/// Checks the modes of all that is new: what `directory`, `file` and `program` say.
fn check(scene: &Scene, [directory, file, program]: [u32; 3]) {
    let made = made_by(&scene.repo, WORK);
    for part in
        ["kitty/setup.json", "kitty/journal", "spec-kitty-locks", "hooks/pre-commit", "objects"]
    {
        let part = scene.repo.file(".git").join(part);
        assert!(made.keys().any(|path| path.starts_with(&part)), "{part:?}: {made:?}");
    }
    for (path, mode) in made {
        let expected = match mode & 0o170_000 {
            0o040_000 => directory,
            _ if path.parent().unwrap().ends_with("hooks") => program,
            _ if mode & 0o200 == 0 => file & !0o222,
            _ => file,
        };
        assert_eq!(format!("{:o}", mode & 0o7777), format!("{expected:o}"), "{path:?}");
    }
}

#[test]
fn a_group_may_use_what_was_written_whatever_the_umask() {
    check(&shared("group"), [0o2770, 0o660, 0o775]);
}

#[test]
fn a_mode_holds_exactly() {
    check(&shared("0640"), [0o2750, 0o640, 0o750]);
}

#[test]
fn the_umask_holds_where_nothing_is_shared() {
    check(&shared("umask"), [0o700, 0o600, 0o755]);
}
