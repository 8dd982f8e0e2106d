//! Which lane id a group gets: the one its work packages had, else a new one.

use std::collections::{BTreeMap, BTreeSet};

use super::file::Lanes;
use super::members::{Members, natural};
use crate::domain::id::LaneId;

/// The id of each work package's lane, by its place; settled ones are left to the lane they were in.
/// An id that was ever given to a lane goes to nobody else: neither those of `former` nor those of
/// `taken`.
pub(super) fn lane_ids(
    members: &Members<'_>,
    groups: &BTreeMap<usize, Vec<usize>>,
    former: Option<&Lanes>,
    taken: &BTreeSet<LaneId>,
) -> BTreeMap<usize, LaneId> {
    let mut used = taken.clone();
    used.extend(former.into_iter().flat_map(|former| &former.lanes).map(|lane| lane.id.clone()));
    let heirs = heirs(members, groups);
    let mut fresh = (0..).filter_map(fresh_id).filter(|id| !used.contains(id));
    let mut ids = BTreeMap::new();
    for (group, places) in groups.iter().filter(|(group, _)| !members.is_settled(**group)) {
        let id = if members.is_planning(*group) {
            LaneId::PLANNING.parse().ok()
        } else {
            inherited(members, *group, places, &heirs).or_else(|| fresh.next())
        };
        ids.extend(id.into_iter().flat_map(|id| places.iter().map(move |p| (*p, id.clone()))));
    }
    ids
}

/// For each former lane the group that keeps its id: the one in which its work has begun, else the
/// one of its first work package that is not settled.
fn heirs(members: &Members<'_>, groups: &BTreeMap<usize, Vec<usize>>) -> BTreeMap<LaneId, Heir> {
    let mut heirs: BTreeMap<LaneId, Heir> = BTreeMap::new();
    let places = groups.iter().flat_map(|(group, places)| places.iter().map(move |p| (*p, *group)));
    let mut places: Vec<(usize, usize)> = places.collect();
    places.sort_unstable();
    for (place, group) in places.into_iter().filter(|(place, _)| !members.is_settled(*place)) {
        let Some(lane) = members.former(place) else { continue };
        let has_begun = members.has_begun(place);
        let heir = heirs.entry(lane.clone()).or_insert(Heir { has_begun, group });
        if has_begun && !heir.has_begun {
            *heir = Heir { has_begun, group };
        }
    }
    heirs
}

/// Who keeps the id of a former lane.
struct Heir {
    has_begun: bool,
    group: usize,
}

/// Of the ids that a group may keep, the one of begun work, else the first.
fn inherited(
    members: &Members<'_>,
    group: usize,
    places: &[usize],
    heirs: &BTreeMap<LaneId, Heir>,
) -> Option<LaneId> {
    let of_group = |lane: &&LaneId| heirs.get(*lane).is_some_and(|heir| heir.group == group);
    let lanes = places.iter().filter_map(|place| members.former(*place)).filter(of_group);
    let key = |lane: &&LaneId| {
        let has_begun = heirs.get(*lane).is_some_and(|heir| heir.has_begun);
        let (length, text) = natural(lane.as_str());
        (!has_begun, length, text.to_owned())
    };
    lanes.min_by_key(key).cloned()
}

/// `lane-a` to `lane-z`, then `lane-aa`, and so on.
fn fresh_id(number: u32) -> Option<LaneId> {
    let mut letters = Vec::new();
    let mut left = number + 1;
    while left > 0 {
        left -= 1;
        letters.push(char::from(b'a' + u8::try_from(left % 26).ok()?));
        left /= 26;
    }
    let name: String = letters.iter().rev().collect();
    format!("lane-{name}").parse().ok().filter(|id: &LaneId| !id.is_planning())
}

#[cfg(test)]
mod tests {
    use super::fresh_id;

    #[test]
    fn ids_go_on_after_the_alphabet() {
        let id = |number| fresh_id(number).unwrap().to_string();
        let ids = [id(0), id(25), id(26), id(51), id(52), id(701), id(702)];
        let expected = ["lane-a", "lane-z", "lane-aa", "lane-az", "lane-ba", "lane-zz", "lane-aaa"];
        assert_eq!(ids, expected);
    }
}
