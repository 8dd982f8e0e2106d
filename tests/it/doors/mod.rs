//! The doors: every way to move a branch, once as an attempt to get a foreign file onto a guarded
//! branch, and once as honest work.
//!
//! `table` has the ways, as scripts that one could type; `ground` the repositories they start from;
//! `page` the same for readers, in docs/doors.md.

mod ground;
mod page;
mod table;

use ground::{Ground, Guarded, Kind};
use table::{Seen, WAYS, Way};

/// Runs every way on a kind of repository, and collects what did not go as it must.
fn all(kind: Kind, guarded: Guarded) -> Vec<String> {
    let ground = Ground::new(kind, guarded);
    let ways = WAYS.iter().filter(|way| way.is_known(&ground));
    ways.flat_map(|way| [escape(&ground, way), honest(&ground, way)]).flatten().collect()
}

/// With a foreign file: the branch must not have it afterwards, if the way can be seen at all.
fn escape(ground: &Ground, way: &Way) -> Option<String> {
    if way.seen == Seen::Harmless {
        return None;
    }
    let (place, code) = (ground.copy(), ground.guarded.code());
    let output = place.run(way.script, "evil");
    let has_it = place.is_broken_into();
    match way.seen {
        Seen::Refused if has_it => Some(format!("{}: the foreign file got in\n{output}", way.name)),
        Seen::Refused if !way.is_mute && !output.stderr.contains(code) => {
            Some(format!("{}: no word of why\n{output}", way.name))
        }
        Seen::NowhereAtOnce if !has_it => {
            Some(format!("{}: is seen by now, say so in the table\n{output}", way.name))
        }
        Seen::NowhereAtOnce => {
            let next = place.go_on();
            let tells = next.stderr.contains(code) && !next.stderr.contains("restore --staged");
            let is_found = next.status != 0 && tells;
            (!is_found).then(|| format!("{}: the next door did not find it\n{next}", way.name))
        }
        Seen::Refused | Seen::Harmless => None,
    }
}

/// With a file of one's own: everything must go through, and the branch must have it.
fn honest(ground: &Ground, way: &Way) -> Option<String> {
    if !way.is_honest_on(ground.guarded) {
        return None;
    }
    let place = ground.copy();
    let output = place.run(way.script, "good");
    let arrived = way.seen == Seen::Harmless || place.is_served();
    let mut clean = place.problems();
    if way.seen == Seen::NowhereAtOnce && ground.guarded != Guarded::Protected {
        let next = place.go_on();
        clean += &if next.status == 0 { String::new() } else { next.to_string() };
    }
    (output.status != 0 || !arrived || !clean.is_empty())
        .then(|| format!("{}: honest work failed {clean}\n{output}", way.name))
}

#[track_caller]
fn assert_all(kind: Kind, guarded: Guarded) {
    let problems = all(kind, guarded);
    assert!(problems.is_empty(), "{} ways:\n{}", problems.len(), problems.join("\n----\n"));
}

#[test]
fn to_a_lane_as_git_is() {
    assert_all(Kind::Present, Guarded::Lane);
}

#[test]
fn to_a_lane_as_git_will_be() {
    assert_all(Kind::Next, Guarded::Lane);
}

#[test]
fn to_a_coordination_branch_as_git_is() {
    assert_all(Kind::Present, Guarded::Coordination);
}

#[test]
fn to_a_coordination_branch_as_git_will_be() {
    assert_all(Kind::Next, Guarded::Coordination);
}

#[test]
fn to_a_protected_branch_as_git_is() {
    assert_all(Kind::Present, Guarded::Protected);
}

#[test]
fn to_a_protected_branch_as_git_will_be() {
    assert_all(Kind::Next, Guarded::Protected);
}
