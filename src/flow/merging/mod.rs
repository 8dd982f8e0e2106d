//! Bringing the lanes of a mission together, and landing it on its target.
//!
//! All is computed in memory, from what refs hold: the train of lanes on the coordination branch
//! (`together`), and its landing (`stage_two`, `land`). What is in the way is found before anything
//! moves (`preflight`). Then one transaction moves coordination branch, target and operation log
//! (`record`, which lets [`super::transaction`] do it). docs/design/merging.md says why.

mod forecast;
mod ground;
mod history;
mod land;
mod markers;
mod merge;
mod merged;
mod number;
mod oplog;
mod order;
mod planned;
mod preflight;
mod record;
mod resolutions;
mod resolve;
mod settle;
mod stage_two;
mod taking;
mod together;
mod undo;
mod verify;
mod workplace;

pub use forecast::{Forecast, Lane, forecast};
pub use merge::{dry_run, merge};
pub use merged::{Merged, Request, Stage};
pub use order::{Reason, Skipped};
pub use resolve::{Aborted, Continued, Opened, abort, carry_on, resolve};
pub use together::{Step, StepOutcome};
pub use undo::{Undone, undo};
pub use verify::{Check, Verified, verify};
pub(super) use workplace::in_progress;

pub(in crate::flow) use history::is_made_of;
pub(in crate::flow) use oplog::read as read_entry;
pub(in crate::flow) use verify::{first_with, prove, verify_at};
