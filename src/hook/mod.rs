//! Git's hooks: what they get from git as types, verdicts to exit statuses, and how they are
//! installed. The mains in `hooks/` call one function of this layer each.

mod canary;
pub mod doctor;
mod door;
pub mod edit;
mod entry;
mod init;
pub mod install;
pub mod pre_commit;
pub mod pre_merge_commit;
pub mod pre_push;
pub mod pre_receive;
pub mod reference_transaction;
mod refused;
mod undecided;
mod visitor;
mod wish;

pub use canary::Canary;
pub use door::{Door, UnknownDoor};
pub use entry::{Entry, enter, pass};
pub use init::{InitReport, init};
use undecided::blocked;
use visitor::visitor;
pub use wish::wished_doors;
