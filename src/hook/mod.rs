//! Git's hooks: what they get from git as types, verdicts to exit statuses, and how they are
//! installed. The mains in `hooks/` call one function of this layer each.

pub mod doctor;
mod door;
pub mod edit;
mod entry;
mod init;
pub mod install;
pub mod pre_commit;

pub use door::{Door, UnknownDoor};
pub use entry::{Entry, enter};
pub use init::{InitReport, init};
