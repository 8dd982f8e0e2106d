//! The judge: pure functions over a policy and a change, the same behind every door.

mod active;
pub mod config;
pub mod destination;
mod judge;
mod lane;
mod overriding;
mod protect;
mod verdict;

pub use active::{ContextTrouble, active_work_package};
pub use judge::{Case, Standing, Unfit, judge};
pub use lane::{Active, LaneCase, Who};
pub use protect::Exemption;
pub use verdict::{Decision, GuardCode, Outcome, Owner, Rule, Verdict, Violation};
