//! What can be read as a name prints as it was.
#![no_main]

use std::fmt::Display;
use std::str::FromStr;

use git_kitty::domain::branch::{BranchName, split_mid8, strip_number};
use git_kitty::domain::git_version::GitVersion;
use git_kitty::domain::id::{LaneId, Mid8, MissionId, WpId};
use git_kitty::domain::layout::work_package_of;
use git_kitty::domain::oid::Oid;
use git_kitty::domain::path::RepoPath;
use git_kitty::domain::refname::RefName;
use git_kitty::domain::status::Status;

fn round_trip<T: FromStr + Display>(text: &str) {
    if let Ok(name) = text.parse::<T>() {
        assert_eq!(name.to_string(), text);
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = (RepoPath::new(bytes).to_string(), RefName::new(bytes).map(|name| name.to_string()));
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    round_trip::<BranchName>(text);
    round_trip::<WpId>(text);
    round_trip::<LaneId>(text);
    round_trip::<Mid8>(text);
    round_trip::<MissionId>(text);
    let _ = (split_mid8(text), strip_number(text), work_package_of(text));
    let _ = (text.parse::<GitVersion>(), text.parse::<Oid>(), text.parse::<Status>());
    if let Ok(branch) = text.parse::<BranchName>() {
        let _ = (branch.mission_parts(), branch.ref_name());
    }
});
