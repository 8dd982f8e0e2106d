//! Tools that edit files on somebody's behalf: what they say before an edit, how they want to be
//! answered, and where they are told to ask.
//!
//! Pure: bytes in, paths or bytes out. `docs/agents.md` names the sources of each protocol. Not
//! here: which repository a path belongs to, and whether it may be written (`hook::edit`).

mod event;
mod patch;
mod reply;
mod settings;
mod settings_text;
mod tool;

pub use event::{Edit, Event, Unjudgeable, read};
pub use reply::{Reply, allow, deny};
pub use settings::{add, is_in, remove};
pub use tool::{Tool, UnknownTool};
