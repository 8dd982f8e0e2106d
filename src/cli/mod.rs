//! Arguments and rendering: the only layer that prints.
//!
//! A command is a file here with its options, and a call of [`run()`], which parses them, catches
//! what goes wrong, and prints the answer or the refusal in the form that was asked for.

mod agent_hook;
mod clock;
mod commands;
pub mod commit;
pub mod dispatch;
pub mod doctor;
mod equip;
pub mod event;
mod failure;
pub mod forecast;
mod globals;
pub mod guard;
pub mod init;
pub mod install;
pub mod lane;
mod listing;
pub mod log;
mod manual;
pub mod merge;
pub mod merge_driver;
pub mod mission;
pub mod outbox;
mod output;
pub mod overrides;
mod progress;
pub mod ready;
mod request;
pub mod review;
mod run;
mod sarif;
pub mod scope;
pub mod status;
pub mod undo;
pub mod verify_landing;
mod watch;
pub mod why;
mod workflow;
pub mod wp;

pub use crate::domain::printable::Printable;
pub use commands::{COMMANDS, Summary};
pub use globals::{Color, Context, Detail, Format, Globals};
pub use manual::commands;
pub use output::{Answer, print};
pub use run::{command, run};
