//! Installing hooks, and taking them away again without a trace.
//!
//! Everything is looked at before anything changes: a survey collects what is there (`places`,
//! `occupant`, `config_hooks`, `drivers`), `plan` decides purely, `step` carries out. A second run finds
//! nothing to do. What was added is written down in `kitty/setup.json` of the common directory
//! before it is added, so that uninstalling, also after a crash, takes exactly that back.
//!
//! Not here: what a hook does when it runs (`hook::enter`).

mod addition;
mod agent;
mod binary;
mod config_hooks;
mod drivers;
mod execute;
mod manager;
mod occupant;
mod places;
mod plan;
mod setup;
mod site;
mod status;
mod step;
mod survey;

pub use addition::{Addition, Purpose};
pub use agent::{AgentReport, AgentRow, AgentState, agents, equip, tell, untell, untell_all};
pub use execute::{Report, install, install_server, set_up, status, uninstall};
pub use setup::{is_set_up, recorded_doors};
pub use site::{Asking, Site};
pub use status::{HookRow, HookState};
