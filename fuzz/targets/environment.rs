//! Any value of `GIT_CONFIG_PARAMETERS` is a list of settings.
#![no_main]

use std::ffi::OsString;

use git_kitty::git::Environment;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let value = |name: &str| (name == "GIT_CONFIG_PARAMETERS").then(|| OsString::from(text));
    let _ = Environment::from_lookup(value).settings();
});
