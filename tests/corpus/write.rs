//! The writer and the merge against the lines that the reference wrote.

use git_kitty::domain::event::{Schema, line, merge};

use crate::missions::missions;

#[test]
#[ignore = "needs the corpus"]
fn every_line_is_written_again_as_it_stands() {
    let mut count = 0;
    for mission in missions() {
        let text = String::from_utf8(mission.log).unwrap();
        for written in text.lines().filter(|text| !text.trim().is_empty()) {
            let event = serde_json::from_str(written).unwrap();
            assert_eq!(line(&event), written, "{}", mission.name);
            count += 1;
        }
    }
    assert!(count > 10_000, "only {count} lines");
}

#[test]
#[ignore = "needs the corpus"]
fn halves_of_a_log_merge_into_all_its_lines() {
    for mission in missions() {
        let lines: Vec<&[u8]> = mission.log.split_inclusive(|byte| *byte == b'\n').collect();
        let (ours, theirs) = (lines[..lines.len() / 2].concat(), lines[lines.len() / 3..].concat());
        let versions = [("base", &b""[..]), ("ours", &ours), ("theirs", &theirs)];
        let merged = merge(Schema::Status, versions).unwrap();
        let sorted = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines.dedup();
            lines
        };
        assert_eq!(sorted(&merged), sorted(&mission.log), "{}", mission.name);
    }
}
