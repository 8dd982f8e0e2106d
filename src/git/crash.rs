//! Named steps at which a test can make the process die, or wait.
//!
//! In a debug build a process dies at the step that `GIT_KITTY_CRASH` names: at once, with nothing
//! unwound or cleaned up, as a kill or a power cut would end it. In a release build nothing here
//! does anything.

/// The steps of [`super::publish()`], in the order in which a native publishing comes to them. The
/// first and the last two are also steps of one through git.
pub const PUBLISH: &[&str] = &[
    "before-journal",
    "after-journal",
    "after-values",
    "after-first-lock",
    "after-locks",
    "after-check",
    "after-first-reflog",
    "after-reflogs",
    "after-first-rename",
    "after-renames",
    "after-publish",
];

/// The steps of writing an object.
pub const OBJECT: &[&str] = &["object-written", "object-named"];

/// The steps of a transaction around its publishing, in their order.
pub const TRANSACTION: &[&str] = &[
    "after-build",
    "after-announcement",
    "after-outbox",
    "after-confirm",
    "after-settle",
    "after-release",
];

/// The steps of making a worktree, in their order; the second only where the settings of worktrees
/// are not their own yet, the last but one only for one that did not exist.
pub const WORKTREE: &[&str] = &[
    "worktree-begin",
    "worktree-added",
    "worktree-extension",
    "worktree-config",
    "worktree-patterns",
    "worktree-files",
    "worktree-checked-out",
];

/// The step of an edit of the repository's settings at which nothing but their lock is there.
pub const SETTINGS: &str = "settings-locked";

/// The step at which a file that is replaced under a lock is written, and not there yet.
pub const UNDER_LOCK: &str = "written-under-lock";

/// The steps of granting an override: when it is written down, and when it is in force.
pub const OVERRIDE: &[&str] = &["override-written-down", "override-granted"];

/// The steps of a claim behind its transaction.
pub const CLAIM: &[&str] = &["claim-published", "claim-worktree"];

/// The steps of a commit past the index, in their order; the steps of [`PUBLISH`] lie between the
/// second and the third.
pub const COMMIT: &[&str] =
    &["commit-built", "commit-announced", "commit-published", "commit-entered", "commit-ended"];

/// The steps of opening a worktree with a conflict, in their order.
pub const RESOLVE: &[&str] =
    &["resolve-planned", "resolve-worktree", "resolve-laying-out", "resolve-laid-out"];

/// The steps of taking what was resolved, in their order; around the merge that follows, and behind
/// which the steps of [`TRANSACTION`] lie, or those of [`RESOLVE`] for the next conflict.
pub const CONTINUE: &[&str] =
    &["continue-recorded", "continue-concluded", "merge-worktree-removed"];

/// The steps of giving a resolution up, in their order.
pub const ABORT: &[&str] = &["abort-given-up", "abort-worktree"];

/// Dies here, or waits, if the environment says so.
pub fn point(step: &str) {
    #[cfg(debug_assertions)]
    {
        if wanted("GIT_KITTY_CRASH") == Some(step.into()) {
            std::process::abort();
        }
        wait(step);
    }
    #[cfg(not(debug_assertions))]
    let _ = step;
}

/// At the step of `GIT_KITTY_PAUSE=STEP:DIRECTORY` makes a directory of that name in that one, and
/// goes on when it has a file `go`, or after a while.
#[cfg(debug_assertions)]
fn wait(step: &str) {
    let pause = wanted("GIT_KITTY_PAUSE").and_then(|text| text.into_string().ok());
    let Some((_, directory)) =
        pause.as_deref().and_then(|text| text.split_once(':')).filter(|(name, _)| *name == step)
    else {
        return;
    };
    let directory = std::path::Path::new(directory);
    let _ = std::fs::create_dir(directory.join(step));
    for _ in 0..5000 {
        if directory.join("go").exists() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
}

#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "a test has no other way in; debug builds only")]
fn wanted(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}
