//! Missions as they stand in a repository: one resolver, one consistent view at a tip.
//!
//! Reads come from refs: the coordination branch if the mission has one, else (older missions) the
//! primary checkout. The current directory never changes an answer.

pub mod approved;
pub mod audit;
pub mod behind;
mod cache;
pub mod claims;
mod digest;
mod disowned;
mod evidence;
mod files;
mod forecasts;
mod gone;
mod handle;
pub mod judged;
mod list;
mod log;
pub mod merge_plan;
mod mission;
mod moment;
mod of_branch;
pub mod outbox;
pub mod overrides;
mod plan;
pub mod planning;
mod primary;
pub mod prompts;
pub mod queue;
mod refs;
mod reviews;
mod seen;
mod state;
mod statuses;
mod view;
mod workspace;

pub use digest::Digest;
pub use evidence::Evidence;
pub use files::Found;
pub use forecasts::{Forecasts, Paths, Train};
pub use log::LogState;
pub use mission::{Mission, Source, Store};
pub use reviews::verdicts_at;
pub use state::State;
pub use statuses::{Record, Statuses, records, statuses_at};
pub use view::{View, WpFile};
pub use workspace::Workspace;
