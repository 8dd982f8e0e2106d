//! Reviews: a prompt that cannot be mistaken for another, the patch of exactly what is reviewed, and
//! the verdict.

mod begin;
mod context;
mod diff;
mod open;
mod verdict;
mod verify;

pub(in crate::flow) use begin::reviewed_by;
pub use diff::{Diff, diff};
pub use open::{Desk, Opened, open};
pub use verdict::give_verdict;
pub use verify::{Expected, verify};
