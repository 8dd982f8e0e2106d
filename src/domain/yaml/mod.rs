//! YAML as a small tree in which every node knows its line.
//!
//! Guarantees: scalars stay the text that was written (`012`, `1e3` and `main` alike), with the
//! information whether they were quoted; mappings keep duplicate keys, in order; depth and size are
//! bounded, aliases included; one document only. Booleans and null are those of the YAML 1.2 core
//! schema (section 10.3.2). Written are single keys of a text that is there
//! ([`edit()`]), never whole documents. Not here: merge keys (`<<`), tags other than those of the core
//! schema.

mod edit;
mod field;
mod node;
mod place;
mod read;
mod write;

pub use edit::{Change, Wanted, edit};
pub use field::{Field, Located, Table};
pub use node::{Duplicate, Entry, Mapping, Node, Scalar, Value};
pub use read::read;
pub use write::{flow_scalar, is_plain, scalar};
