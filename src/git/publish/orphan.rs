//! Lock files that a killed git left, and that do not tell whose they are.
//!
//! Git makes the lock of a ref empty and writes the new value a moment later; that of a ref to be
//! deleted, and of a HEAD whose reflog it writes, stays empty.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

/// How soon after its start git takes its locks.
const SOON: Duration = Duration::from_secs(2);
/// Longer than anybody else keeps the lock empty of a ref that is not to be deleted.
const A_WHILE: Duration = Duration::from_millis(100);

/// Removes the lock if a git that was started at `since`, and is dead, must have left it: it is
/// empty, was made right after, and is still the same after a while.
pub(super) fn remove(lock: &Path, since: SystemTime) {
    let made = || {
        let metadata = fs::metadata(lock).ok()?;
        let at = metadata.modified().ok()?;
        let is_soon = at.duration_since(since).is_ok_and(|after| after <= SOON);
        (metadata.len() == 0 && is_soon).then_some(at)
    };
    let Some(at) = made() else { return };
    std::thread::sleep(A_WHILE);
    if made() == Some(at) {
        let _ = fs::remove_file(lock);
    }
}
