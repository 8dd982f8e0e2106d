//! The table for readers: docs/doors.md has it between two marks, made by `GIT_KITTY_BLESS=1 cargo test
//! --test it doors::page`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::table::{Seen, WAYS, Way};

const BEGIN: &str = "<!-- ways: made by tests/it/doors/page.rs -->\n";
const END: &str = "<!-- ways: end -->\n";

fn table() -> String {
    let mut text = String::new();
    for (seen, head) in [
        (Seen::Refused, "Refused where they happen"),
        (Seen::NowhereAtOnce, "Seen by no hook: found by the next door"),
        (Seen::Harmless, "Never refused: they move no guarded branch, or only to what it may have"),
    ] {
        let ways: Vec<&Way> = WAYS.iter().filter(|way| way.seen == seen).collect();
        let _ = writeln!(text, "\n**{head}** ({}).\n", ways.len());
        for way in ways {
            let _ = writeln!(text, "- {}{}", way.name, remarks(way));
        }
    }
    text + "\n"
}

/// Where a way is not to be had, or git keeps silent.
fn remarks(way: &Way) -> String {
    let (major, minor) = way.since;
    let since = (way.since > (2, 38)).then(|| format!("git {major}.{minor} and later"));
    let files = way.files_only.then(|| "refs as files only".to_owned());
    let mute = way.is_mute.then(|| "git does not show why".to_owned());
    let all: Vec<String> = [since, files, mute].into_iter().flatten().collect();
    if all.is_empty() { String::new() } else { format!(" ({})", all.join(", ")) }
}

#[test]
fn the_page_has_all_ways() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/doors.md");
    let page = fs::read_to_string(&path).unwrap();
    let (head, rest) = page.split_once(BEGIN).expect("the page has no place for the ways");
    let (_, tail) = rest.split_once(END).expect("the place for the ways has no end");
    let made = format!("{head}{BEGIN}{}{END}{tail}", table());
    if std::env::var_os("GIT_KITTY_BLESS").is_some() {
        fs::write(path, made).unwrap();
    } else {
        assert!(
            page == made,
            "docs/doors.md is old: GIT_KITTY_BLESS=1 cargo test --test it doors::page"
        );
    }
}
