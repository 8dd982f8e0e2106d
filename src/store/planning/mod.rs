//! Planning files outside of the coordination branch: the files of a directory ([`walk()`]), and what
//! was finalized from it last ([`Record`]).

mod record;
mod walk;

pub use record::{Bases, Record};
pub use walk::{Found, Walk, is_never_planned, no_file, read, walk};
