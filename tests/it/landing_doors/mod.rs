//! Landings at the doors: what was proven to be one comes to a protected branch, and nothing else.

mod forged;
mod ground;
mod honest;
