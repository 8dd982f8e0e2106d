//! Types and rules, pure: no disk, clock, environment or git.

pub mod board;
pub mod branch;
pub mod change;
pub mod event;
pub mod frontmatter;
pub mod git_version;
pub mod glob;
pub mod id;
pub mod json;
pub mod lanes;
pub mod layout;
pub mod meta;
pub mod moment;
pub mod oid;
pub mod path;
pub mod refname;
pub mod refusal;
pub mod review;
pub mod snapshot;
pub mod source;
pub mod status;
pub mod time;
pub mod transition;
pub mod workspace;
pub mod wp;
pub mod yaml;
