//! Worktrees: which there are, what stands where one may be, and making and removing them.
//!
//! Making one is `git worktree add` without its checkout, then our own settings and sparse patterns,
//! then the checkout: so nothing of the worktree that one stands in, nor of the main one, leaks into
//! it. It may be killed anywhere; made again, it is finished. Nothing here overwrites or deletes a
//! file that Git does not have.

mod astray;
mod checkout;
mod clear_conflict;
mod conflict;
mod embedded;
mod hidden;
mod keeps;
mod left_behind;
mod list;
mod make;
mod path_lock;
mod place;
mod remove;
mod settings;
mod sparse;
mod submodules;

pub use astray::astray;
pub use clear_conflict::{check_conflict_removable, is_done_with, mark_done, remove_conflict};
pub use conflict::{
    Resolving, check_unlocked, conclude, end_merge, find_conflict, give_up, index_tree, lay_out,
    moved_from, open_conflict, resolving,
};
pub use keeps::lost;
pub use list::{Kind, Worktree};
pub use make::{How, Made, NewWorktree, check_place, is_begun, make};
pub use path_lock::PathLock;
pub use place::{Place, is_same, moved};
pub use remove::{Removed, check_only_at, check_removable, refuse_busy, remove, remove_under};
pub use sparse::{is_drifted, present, restore};
