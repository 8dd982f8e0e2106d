//! The outbox: committed events that wait for systems outside, on disk so that no crash loses one.
//!
//! It lies in `kitty/outbox/` of the common directory. A transaction is one batch, a file of its
//! own, named by a number that only grows. Before the refs move it is written as prepared; after,
//! it is confirmed. What a dead writer left prepared is confirmed if its commit was published, and
//! thrown away if not: so an event is in the outbox exactly if it is in the log.
//!
//! Not here: what a sink is, and how events reach it (`flow::outbound`).

mod batch;
mod directory;
mod prepared;
mod queue;

pub use batch::{Batch, Delivery, News};
pub use directory::{Outbox, Published};
pub use prepared::Prepared;
pub use queue::Queue;
