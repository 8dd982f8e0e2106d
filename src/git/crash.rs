//! Named steps at which a test can make the process die.
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

/// The steps of a claim behind its transaction.
pub const CLAIM: &[&str] = &["claim-published", "claim-worktree"];

/// Dies here, if the environment says so.
pub fn point(step: &str) {
    #[cfg(debug_assertions)]
    if wanted() == Some(step.into()) {
        std::process::abort();
    }
    #[cfg(not(debug_assertions))]
    let _ = step;
}

#[cfg(debug_assertions)]
#[expect(clippy::disallowed_methods, reason = "a test has no other way in; debug builds only")]
fn wanted() -> Option<std::ffi::OsString> {
    std::env::var_os("GIT_KITTY_CRASH")
}
