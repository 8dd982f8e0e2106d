//! Bringing the lanes of a mission together, and landing it: what is written down of it, and what may
//! be in the way. Pure; `flow::merging` does it.

mod best_order;
mod certificate;
mod conflict;
mod meeting;
mod operation;

pub use best_order::{Wish, best_order};
pub use certificate::{
    Certificate, Counts, LANDED, LandedLane, Landing, Resolved, UNDONE, landings, latest,
};
pub use conflict::PathConflict;
pub use meeting::{Clash, Meeting, Turn};
pub use operation::{Kind, Operation, RefMove};
