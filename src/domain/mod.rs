//! Types and rules, pure: no disk, clock, environment or git.

pub mod frontmatter;
pub mod id;
pub mod json;
pub mod lanes;
pub mod meta;
pub mod oid;
pub mod path;
pub mod refusal;
pub mod review;
pub mod source;
pub mod workspace;
pub mod wp;
pub mod yaml;
