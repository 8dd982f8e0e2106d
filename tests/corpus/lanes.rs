//! Lanes, read, written again, and computed anew from the work packages of each mission.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use git_kitty::domain::id::WpId;
use git_kitty::domain::lanes::{Cause, Grouping, Lanes, Member, Progress, compute};
use git_kitty::domain::layout::work_package_of;
use git_kitty::domain::wp::WorkPackage;
use serde_json::Value;

use crate::missions::root;

/// Each `lanes.json` that can be read, with its bytes and its mission's work packages.
fn each(mut look: impl FnMut(&str, &[u8], &Lanes, &[Member])) {
    let mut dirs: Vec<_> =
        fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).collect();
    dirs.sort();
    for dir in dirs {
        let Ok(bytes) = fs::read(dir.join("lanes.json")) else { continue };
        let name = dir.file_name().unwrap().to_string_lossy().into_owned();
        let Ok(lanes) = Lanes::parse(&bytes, &name) else { continue };
        look(&name, &bytes, &lanes, &members(&dir));
    }
}

fn members(dir: &Path) -> Vec<Member> {
    let Ok(files) = fs::read_dir(dir.join("tasks")) else { return Vec::new() };
    let mut members: BTreeMap<WpId, Member> = BTreeMap::new();
    for file in files.map(|entry| entry.unwrap().path()) {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        if work_package_of(&name).is_none() {
            continue;
        }
        if let Ok(content) = WorkPackage::parse(&fs::read(&file).unwrap(), &name) {
            let member = Member::new(&content, false, Progress::Open);
            members.insert(member.id.clone(), member);
        }
    }
    members.into_values().collect()
}

#[test]
#[ignore = "needs the corpus"]
fn every_file_is_written_again_as_the_reference_would() {
    let mut same = 0;
    each(|name, bytes, lanes, _| {
        let written = lanes.encode();
        assert_eq!(&Lanes::parse(&written, name).unwrap(), lanes, "{name}");
        let text = String::from_utf8(written).unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let mut old: Value = serde_json::from_slice(bytes).unwrap();
        let object = old.as_object_mut().unwrap();
        for (key, absent) in [
            ("planning_commit_sha", Value::Null),
            ("planning_artifact_wps", Value::Array(Vec::new())),
        ] {
            object.entry(key).or_insert(absent);
        }
        assert_eq!(value, old, "{name}");
        let without_new = text.replace("  \"planning_commit_sha\": null,\n", "");
        let without_new = without_new.replace(",\n  \"planning_commit_sha\": null", "");
        same += usize::from(without_new.as_bytes() == bytes || text.as_bytes() == bytes);
    });
    println!("{same} files are the same bytes, but for the newer key");
    assert!(same >= 170, "only {same}");
}

type Groups = BTreeSet<BTreeSet<WpId>>;

/// Who shares a lane with whom, of these work packages.
fn groups(lanes: impl Iterator<Item = Vec<WpId>>, known: &BTreeSet<WpId>) -> Groups {
    let among = |wps: Vec<WpId>| wps.into_iter().filter(|wp| known.contains(wp)).collect();
    lanes.map(among).filter(|group: &BTreeSet<WpId>| !group.is_empty()).collect()
}

/// Why the grouping of a mission is not that of its file.
fn explained(
    (lanes, members): (&Lanes, &[Member]),
    grouping: &Grouping,
    (theirs, ours): (&Groups, &Groups),
) -> &'static str {
    let rules: Vec<&str> = lanes
        .collapse_report
        .iter()
        .filter_map(|report| report.get("events")?.as_array())
        .flatten()
        .filter_map(|event| event.get("rule")?.as_str())
        .collect();
    let decisive = |is: fn(&Cause) -> bool| {
        grouping.joins.iter().any(|join| join.is_decisive && is(&join.cause))
    };
    let refined = |fine: &Groups, coarse: &Groups| {
        fine.iter().all(|group| coarse.iter().any(|other| group.is_subset(other)))
    };
    let scope = |lane: &git_kitty::domain::lanes::Lane| -> BTreeSet<String> {
        lane.write_scope.iter().cloned().collect()
    };
    let owned = |lane: &git_kitty::domain::lanes::Lane| -> BTreeSet<String> {
        let of = members.iter().filter(|member| lane.wp_ids.contains(&member.id));
        of.flat_map(|member| member.owned.entries().map(str::to_owned)).collect()
    };
    let is_edited =
        lanes.lanes.iter().any(|lane| !lane.id.is_planning() && scope(lane) != owned(lane));
    if rules.contains(&"dependency") {
        "an older version joined along dependencies"
    } else if decisive(|cause| matches!(cause, Cause::LaneCycle(_))) {
        "lanes that would wait for each other are one here"
    } else if decisive(|cause| matches!(cause, Cause::CodebaseWide)) {
        "what may write anything shares a lane here"
    } else if is_edited {
        "the work packages were edited since"
    } else if refined(ours, theirs) && lanes.collapse_report.is_none() {
        "finer here: joined there for reasons that the file does not tell"
    } else if refined(ours, theirs) {
        "finer here: the report does not tell why they were joined"
    } else if refined(theirs, ours) {
        "coarser here: the files share a path"
    } else {
        "unexplained"
    }
}

#[test]
#[ignore = "needs the corpus"]
fn lanes_computed_anew_agree_or_differ_for_known_reasons() {
    let mut count: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    each(|name, _, lanes, members| {
        let known: BTreeSet<WpId> = members.iter().map(|member| member.id.clone()).collect();
        let recorded: BTreeSet<WpId> = lanes.lanes.iter().flat_map(|l| l.wp_ids.clone()).collect();
        let both: BTreeSet<WpId> = known.intersection(&recorded).cloned().collect();
        let what = match compute(members, None, &BTreeSet::new()) {
            _ if both.is_empty() => "no work package files",
            Err(_) => "refused",
            Ok(grouping) => {
                for join in &grouping.joins {
                    let Cause::Files { witness, .. } = &join.cause else { continue };
                    let path = witness.as_ref().unwrap_or_else(|| panic!("{name}: unproven"));
                    let owner = |id: &WpId| members.iter().find(|m| m.id == *id).unwrap();
                    assert!(owner(&join.first).owned.matching(path).is_some(), "{name} {path}");
                    assert!(owner(&join.second).owned.matching(path).is_some(), "{name} {path}");
                }
                let of = |lanes: &[git_kitty::domain::lanes::Lane]| {
                    groups(lanes.iter().map(|lane| lane.wp_ids.clone()), &both)
                };
                let (theirs, ours) = (of(&lanes.lanes), of(&grouping.lanes));
                if theirs == ours {
                    "the same"
                } else {
                    explained((lanes, members), &grouping, (&theirs, &ours))
                }
            }
        };
        count.entry(what).or_default().push(name.to_owned());
    });
    for (what, names) in &count {
        println!(
            "{:4} {what}: {}",
            names.len(),
            names.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
        );
    }
    assert!(!count.contains_key("refused") && !count.contains_key("unexplained"));
    let agreeing = count.get("the same").map_or(0, Vec::len);
    assert!(agreeing >= 140, "only {agreeing} agree");
}
