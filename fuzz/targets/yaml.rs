//! Any text is a document or a refusal, and neither takes for ever.
#![no_main]

use git_kitty::domain::refusal::Document;
use git_kitty::domain::source::Source;
use git_kitty::domain::yaml::read;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = read(text, 1, Source::new(Document::Policy, "config.yaml"));
});
