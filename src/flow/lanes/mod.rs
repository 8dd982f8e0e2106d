//! Lanes as places to work in: a branch, and a worktree of it.
//!
//! What moves a branch takes the caller's transaction: [`open_in`], [`sync_in`], [`close()`]. What
//! changes a worktree comes after its publishing, can be done twice, and makes up for a call that was
//! killed: [`make_worktree`], [`follow`].

mod by_hand;
mod close;
mod context;
mod list;
mod open;
mod point;
mod site;
mod sync;
mod worktree;

pub use close::{Closed, close};
pub use context::forget;
pub use list::{Standing, State, list};
pub use open::{Opened, open, open_in};
pub use point::SyncPoint;
pub use site::{Site, lane_of_checkout, worktree_root};
pub use sync::{SyncState, Synced, follow, sync, sync_due_in, sync_in};
pub use worktree::{LaneWorktree, make_worktree};
