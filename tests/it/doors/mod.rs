//! The doors: every way to move a branch, once as an attempt to get a foreign file onto a lane, and
//! once as honest work.
//!
//! `table` has the ways, as scripts that one could type; `ground` the repository they start from.

mod ground;
mod table;

use ground::{Ground, Kind};
use table::{Seen, WAYS, Way};

/// Runs every way on a kind of repository, and collects what did not go as it must.
fn all(kind: Kind) -> Vec<String> {
    let ground = Ground::new(kind);
    let ways = WAYS.iter().filter(|way| way.is_known(&ground));
    ways.flat_map(|way| [escape(&ground, way), honest(&ground, way)]).flatten().collect()
}

/// With a foreign file: the lane must not have it afterwards, if the way can be seen at all.
fn escape(ground: &Ground, way: &Way) -> Option<String> {
    let place = ground.copy();
    let output = place.run(way.script, "evil");
    let has_it = place.lane_has("src/a/foreign.rs");
    match way.seen {
        Seen::Refused if has_it => Some(format!("{}: the foreign file got in\n{output}", way.name)),
        Seen::Refused if !way.is_mute && !output.stderr.contains("_VIOLATION]") => {
            Some(format!("{}: no word of why\n{output}", way.name))
        }
        Seen::NowhereAtOnce if !has_it => {
            Some(format!("{}: is seen by now, say so in the table\n{output}", way.name))
        }
        Seen::NowhereAtOnce => {
            let next = place.go_on();
            let is_found = next.status != 0 && next.stderr.contains("_VIOLATION]");
            (!is_found).then(|| format!("{}: the next door did not find it\n{next}", way.name))
        }
        Seen::Refused | Seen::Harmless => None,
    }
}

/// With a file of the lane's own: everything must go through, and the lane must have it.
fn honest(ground: &Ground, way: &Way) -> Option<String> {
    let place = ground.copy();
    let output = place.run(way.script, "good");
    let arrived = way.seen == Seen::Harmless || place.lane_has("src/b/own.rs");
    let mut clean = place.problems();
    if way.seen == Seen::NowhereAtOnce {
        let next = place.go_on();
        clean += &if next.status == 0 { String::new() } else { next.to_string() };
    }
    (output.status != 0 || !arrived || !clean.is_empty())
        .then(|| format!("{}: honest work failed {clean}\n{output}", way.name))
}

fn assert_none(problems: Vec<String>) {
    assert!(problems.is_empty(), "{} ways:\n{}", problems.len(), problems.join("\n----\n"));
}

#[test]
fn with_plain_refs() {
    assert_none(all(Kind::Plain));
}

#[test]
fn with_reftable_and_long_ids() {
    if Ground::has_reftable() {
        assert_none(all(Kind::ReftableSha256));
    }
}
