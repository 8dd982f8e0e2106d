//! Reviews: what they are of, what tells a reviewer so, what a reviewer wrote down, and which verdict
//! counts.
//!
//! The verdict that counts is in the event log; the files beside it are read where the log is
//! silent, as in the reference's older missions.

mod cycle;
mod ids;
mod latest;
pub mod prompt;

pub use super::transition::Verdict;
pub use cycle::{AffectedFile, ReviewCycle, SetAside, cycle_number};
pub use ids::{Recorded, Reviewed};
pub use latest::{INVARIANT, Latest, latest_verdicts};
