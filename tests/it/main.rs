//! Tests with real git: one binary, a file for each command, hook or property.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and makes its own world"
)]

#[path = "../kit/mod.rs"]
mod kit;

mod adopt;
mod adoption;
mod agent_hook;
mod agent_install;
mod bring_up;
mod cache;
mod canary;
mod chain;
mod claim;
mod claim_close;
mod claim_lane;
mod cli;
mod close;
mod codes;
mod composed;
mod create;
mod crowd;
mod dispatch;
mod doctor;
mod doctor_kinds;
mod doctor_lose;
mod doctor_places;
mod doctor_worktrees;
mod doors;
mod doors_setting;
mod event;
mod file;
mod filelock;
mod finalize;
mod finalize_checkout;
mod finalize_killed;
mod finalize_merge;
mod finalize_refused;
mod flipped_bare;
mod from_main;
mod group;
mod guard_context;
mod guard_evasion;
mod guard_lane;
mod guard_moments;
mod guard_paths;
mod guard_range;
mod honest;
mod hook_environment;
mod install;
mod install_config;
mod install_refused;
mod json;
mod kills;
mod kit_itself;
mod lane;
mod lane_astray;
mod lane_begun;
mod lane_busy;
mod lane_by_hand;
mod lane_close;
mod lane_points;
mod lane_sync;
mod layers;
mod lock;
mod log;
mod manual;
mod merge;
mod merge_driver;
mod objects;
mod outbox;
mod pre_push;
mod pre_receive;
mod protect;
mod publish;
mod pushing;
mod random;
mod ready;
mod refs;
mod regression;
mod rejected;
mod repo;
mod rollback;
mod scene;
mod scope;
mod single_way;
mod source;
mod staged;
mod staged_forms;
mod staged_hooks;
mod status;
mod template;
mod transaction;
mod transaction_append;
mod transaction_refused;
mod unseen;
mod watch;
mod why;
mod worker;
mod worktree;
mod write;
