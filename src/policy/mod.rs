//! The judge: what a project allows, and whether a change keeps to it. Pure.

pub mod config;
