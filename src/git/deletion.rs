//! Whether a line of the `reference-transaction` hook with a zero new value deletes a ref.
//!
//! Git also writes such lines where nothing goes: when `pack-refs` prunes the file of a ref that is
//! packed now, for `verify` of `git update-ref --stdin`, and for the old name in `git branch -m`,
//! which it moves without any transaction. As observed with git 2.39, 2.47 and 2.55, a deletion on
//! the files backend holds `packed-refs.lock`, and the two others do not; with reftable nothing is
//! pruned, and a `verify` looks the same as a deletion.

use super::repo::{RefBackend, Repo};

impl Repo {
    /// Whether a ref, of which a transaction says that it shall be gone, is about to go.
    /// While a rename is under way the answer is no: refusing that would lose the branch's reflog.
    /// Should another process hold that lock just now, a pruning is taken for a deletion, and the
    /// file of that ref stays: nothing is lost by it.
    #[must_use]
    pub fn is_about_to_go(&self) -> bool {
        let common = self.common_dir();
        self.ref_backend() != RefBackend::Files
            || (common.join("packed-refs.lock").exists()
                && !common.join("logs/refs/.tmp-renamed-log").exists())
    }
}
