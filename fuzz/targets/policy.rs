//! Any bytes are a policy or a refusal.
#![no_main]

use git_kitty::policy::config::PolicyConfig;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = PolicyConfig::parse(bytes, "config.yaml");
});
