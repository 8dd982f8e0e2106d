use proptest::prelude::*;

use super::*;
use crate::domain::glob::Globs;
use crate::domain::lanes::{Cause, Header, Progress};

/// `WP01 open [WP02] src/a, src/b`: id, how far, dependencies, owned entries.
fn member(text: &str) -> Member {
    let (head, owned) = text.split_once(']').unwrap();
    let (head, needs) = head.split_once('[').unwrap();
    let words: Vec<&str> = head.split_whitespace().collect();
    let parts = |text: &str| -> Vec<String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    Member {
        id: words[0].parse().unwrap(),
        dependencies: parts(needs).iter().map(|id| id.parse().unwrap()).collect(),
        owned: Globs::new(parts(owned), false),
        is_planning: words.contains(&"planning"),
        is_codebase_wide: words.contains(&"wide"),
        progress: match words[1] {
            "open" => Progress::Open,
            "begun" => Progress::Begun,
            "settled" => Progress::Settled,
            other => panic!("{other}"),
        },
    }
}

fn members(texts: &[&str]) -> Vec<Member> {
    texts.iter().map(|text| member(text)).collect()
}

fn written(grouping: Grouping, members: &[Member]) -> Lanes {
    let header = Header {
        mission_slug: "m".into(),
        mission_id: None,
        mission_branch: "kitty/m".into(),
        target_branch: "main".into(),
        computed_at: "now".into(),
        planning_commit_sha: None,
    };
    Lanes::of(grouping, members, header, None)
}

fn lanes(texts: &[&str]) -> Lanes {
    let members = members(texts);
    written(compute(&members, None, &BTreeSet::new()).unwrap(), &members)
}

fn computed(texts: &[&str], former: Option<&Lanes>) -> Result<Grouping, Refusal> {
    compute(&members(texts), former, &BTreeSet::new())
}

/// Each lane as `a0: WP01 WP02 < b`: letters, group, work packages, lanes it waits for.
fn shown(lanes: &[Lane]) -> Vec<String> {
    let short = |id: &LaneId| id.as_str().trim_start_matches("lane-").to_owned();
    let line = |lane: &Lane| {
        let wps: Vec<&str> = lane.wp_ids.iter().map(WpId::as_str).collect();
        let needs: Vec<String> = lane.depends_on_lanes.iter().map(short).collect();
        let line = format!(
            "{}{}: {} < {}",
            short(&lane.id),
            lane.parallel_group,
            wps.join(" "),
            needs.join(" ")
        );
        line.trim_end_matches([' ', '<']).to_owned()
    };
    lanes.iter().map(line).collect()
}

fn shown_of(texts: &[&str], former: Option<&Lanes>) -> Vec<String> {
    shown(&computed(texts, former).unwrap().lanes)
}

#[test]
fn chains_and_diamonds_stay_parallel() {
    let texts = [
        "WP01 open [] a/**",
        "WP02 open [WP01] b/**",
        "WP03 open [WP01] c/**",
        "WP04 open [WP02, WP03] d/**",
    ];
    assert_eq!(
        shown_of(&texts, None),
        ["a0: WP01", "b1: WP02 < a", "c1: WP03 < a", "d2: WP04 < b c"]
    );
}

#[test]
fn shared_files_share_a_lane_with_a_witness() {
    let texts = [
        "WP01 open [WP03] src/foo/**",
        "WP02 open [] src/foobar/**",
        "WP03 open [] src/*/a.rs",
        "WP04 open [] src/foo/x, src/foo/a.rs",
    ];
    let grouping = computed(&texts, None).unwrap();
    assert_eq!(shown(&grouping.lanes), ["a0: WP02 WP03 WP01 WP04"]);
    assert_eq!(
        grouping.lanes[0].write_scope,
        ["src/*/a.rs", "src/foo/**", "src/foo/a.rs", "src/foo/x", "src/foobar/**"]
    );
    let joins: Vec<String> = grouping
        .joins
        .iter()
        .map(|j| format!("{} {} {} {}", j.first, j.second, j.is_decisive, j.cause))
        .collect();
    assert_eq!(
        joins,
        [
            "WP01 WP03 true `src/foo/**` and `src/*/a.rs` both match `src/foo/a.rs`",
            "WP01 WP04 true `src/foo/**` and `src/foo/a.rs` both match `src/foo/a.rs`",
            "WP02 WP03 true `src/foobar/**` and `src/*/a.rs` both match `src/foobar/a.rs`",
            "WP03 WP04 false `src/*/a.rs` and `src/foo/a.rs` both match `src/foo/a.rs`",
        ]
    );
}

#[test]
fn planning_work_has_its_own_lane_and_edges_both_ways() {
    let texts = [
        "WP01 open planning [] kitty-specs/m/**",
        "WP02 open [WP01] src/**",
        "WP03 open planning [WP04] src/**",
        "WP04 open [] lib/**",
    ];
    let grouping = computed(&texts, None).unwrap();
    assert_eq!(
        shown(&grouping.lanes),
        ["b0: WP04", "planning1: WP01 WP03 < b", "a2: WP02 < planning"]
    );
    assert_eq!(grouping.lanes[1].predicted_surfaces, ["planning"]);
    assert!(grouping.left_out.is_empty() && grouping.joins.is_empty());

    let circle = ["WP01 open [] src/a", "WP02 open planning [WP01] p", "WP03 open [WP02] src/a"];
    let grouping = computed(&circle, None).unwrap();
    assert_eq!(shown(&grouping.lanes), ["a0: WP01 WP03", "planning1: WP02 < a"]);
    let left_out: Vec<String> = grouping.left_out.iter().map(|(a, b)| format!("{a} {b}")).collect();
    assert_eq!(left_out, ["WP03 WP02"], "planning files are in no lane that could be waited for");
}

#[test]
fn dependency_cycles_are_named_in_order() {
    let refusal = computed(
        &["WP01 open [WP03] a", "WP02 open [] b", "WP03 open [WP04] c", "WP04 open [WP01] d"],
        None,
    );
    assert_eq!(
        refusal.unwrap_err().to_string(),
        "work packages depend on each other: WP01 -> WP03 -> WP04 -> WP01"
    );
    assert!(computed(&["WP01 open [WP01] a"], None).is_err());
    assert!(computed(&["WP01 open [WP99] a"], None).is_ok(), "others check what is not there");
}

#[test]
fn lanes_that_would_wait_for_each_other_become_one() {
    let texts = ["WP01 open [] a", "WP02 open [WP01] b", "WP03 open [WP02] a", "WP04 open [] c"];
    let grouping = computed(&texts, None).unwrap();
    assert_eq!(shown(&grouping.lanes), ["a0: WP01 WP02 WP03", "b0: WP04"]);
    let last = grouping.joins.last().unwrap();
    assert_eq!(last.cause.rule(), "lane_cycle");
    assert_eq!(
        last.cause.to_string(),
        "their lanes would wait for each other: WP02 needs WP01, WP03 needs WP02"
    );
}

#[test]
fn what_may_write_anything_shares_with_all_that_nothing_orders() {
    let texts = ["WP01 open [] a", "WP02 open [WP01] b", "WP03 open wide [WP02]", "WP04 open [] d"];
    let grouping = computed(&texts, None).unwrap();
    assert_eq!(shown(&grouping.lanes), ["a0: WP01", "b1: WP02 < a", "c2: WP03 WP04 < b"]);
    assert!(matches!(grouping.joins[..], [Join { cause: Cause::CodebaseWide, .. }]));
}

#[test]
fn ids_stay_when_work_packages_come_and_go() {
    let former = lanes(&["WP02 open [] b", "WP03 open [] c", "WP04 open [] d"]);
    assert_eq!(shown(&former.lanes), ["a0: WP02", "b0: WP03", "c0: WP04"]);
    let texts = ["WP01 open [] x", "WP03 open [] c", "WP04 open [] d"];
    assert_eq!(shown_of(&texts, Some(&former)), ["b0: WP03", "c0: WP04", "d0: WP01"]);

    let joined = ["WP02 open [] b", "WP03 open [] b", "WP04 open [] d"];
    let grouping = computed(&joined, Some(&former)).unwrap();
    assert_eq!(shown(&grouping.lanes), ["a0: WP02 WP03", "c0: WP04"]);
    let moved: Vec<String> =
        grouping.moved.iter().map(|m| format!("{} {} {}", m.wp, m.from, m.to)).collect();
    assert_eq!(moved, ["WP03 lane-b lane-a"]);

    let begun = ["WP02 open [] b", "WP03 begun [] b", "WP04 open [] d"];
    assert_eq!(shown_of(&begun, Some(&former)), ["b0: WP02 WP03", "c0: WP04"]);
}

#[test]
fn a_lane_that_is_split_keeps_its_id_where_work_has_begun() {
    let former = lanes(&["WP01 open [] a", "WP02 open [] a", "WP03 open [] a"]);
    let open = ["WP01 open [] a", "WP02 open [] b", "WP03 open [] c"];
    assert_eq!(shown_of(&open, Some(&former)), ["a0: WP01", "b0: WP02", "c0: WP03"]);
    let settled = ["WP01 settled [] a", "WP02 open [] b", "WP03 open [] c"];
    assert_eq!(
        shown_of(&settled, Some(&former)),
        ["a0: WP01 WP02", "b0: WP03"],
        "the lane is not taken from what is still open"
    );
    let joined = ["WP01 settled [] a", "WP02 open [] d", "WP03 open [] c", "WP04 begun [] d"];
    let two = lanes(&["WP01 open [] a", "WP02 open [] a", "WP03 open [] c", "WP04 open [] d"]);
    assert_eq!(
        shown_of(&joined, Some(&two)),
        ["a0: WP01", "b0: WP03", "c0: WP02 WP04"],
        "what is settled stays, though the others of its lane go"
    );
    let circle = ["WP01 settled [] a", "WP02 open [WP03] a", "WP03 open [WP01] c"];
    let grouping = computed(&circle, Some(&two)).unwrap();
    assert_eq!(shown(&grouping.lanes), ["b0: WP03", "a1: WP01 WP02 < b"]);
    assert_eq!(grouping.left_out.len(), 1, "nobody waits for what is settled");
    let begun = ["WP01 open [] a", "WP02 begun [] b", "WP03 settled [] c"];
    let grouping = computed(&begun, Some(&former)).unwrap();
    assert_eq!(shown(&grouping.lanes), ["a0: WP02 WP03", "b0: WP01"]);
    assert_eq!(grouping.joins[0].cause.to_string(), "both belong to lane-a, where work has begun");
}

#[test]
fn work_that_began_on_two_branches_is_not_brought_together() {
    let former = lanes(&["WP01 open [] a", "WP02 open [] b"]);
    let refusal = computed(&["WP01 begun [] a", "WP02 begun [] a"], Some(&former)).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "WP01 and WP02 would have to share a lane, and work has begun in lane-a and lane-b: `a` and \
         `a` both match `a`"
    );
    assert_eq!(refusal.code(), "LANES_BEGUN_APART");
    let settled = ["WP01 settled [] a", "WP02 begun [] a", "WP03 open [WP01] a"];
    assert_eq!(
        shown_of(&settled, Some(&former)),
        ["a0: WP01", "b1: WP02 WP03 < a"],
        "what is settled is in the way of nobody"
    );
}

#[test]
fn taken_ids_and_the_alphabet() {
    let texts: Vec<String> = (1..=30).map(|n| format!("WP{n:02} open [] f{n}")).collect();
    let members: Vec<Member> = texts.iter().map(|text| member(text)).collect();
    let taken = BTreeSet::from(["lane-b".parse().unwrap(), "lane-aa".parse().unwrap()]);
    let grouping = compute(&members, None, &taken).unwrap();
    let ids: Vec<&str> = grouping.lanes.iter().map(|lane| lane.id.as_str()).collect();
    assert_eq!((ids[0], ids[1], ids[24]), ("lane-a", "lane-c", "lane-z"));
    assert_eq!(ids[25..], ["lane-ab", "lane-ac", "lane-ad", "lane-ae", "lane-af"]);
}

fn any_members() -> impl Strategy<Value = Vec<Member>> {
    let one = (
        prop::collection::vec(0..12_usize, 0..3),
        prop::sample::select(vec!["a", "b/*", "b/c", "d/**", "d/e", "f", "g", "h"]),
        0..8_u8,
        0..3_u8,
    );
    prop::collection::vec(one, 1..12).prop_map(|all| {
        let text = |(at, (needs, owned, kind, progress)): (usize, (Vec<usize>, &str, u8, u8))| {
            let needs: Vec<String> =
                needs.iter().filter(|n| **n < at).map(|n| format!("WP{:02}", n + 1)).collect();
            let kind = ["planning", "wide", "", "", "", "", "", ""][usize::from(kind)];
            let progress = ["open", "begun", "settled"][usize::from(progress)];
            member(&format!("WP{:02} {progress} {kind} [{}] {owned}", at + 1, needs.join(",")))
        };
        all.into_iter().enumerate().map(text).collect()
    })
}

proptest! {
    #[test]
    fn lanes_hold_everything_once_and_wait_in_order(members in any_members(), later in any_members()) {
        let open = |m: &Member| Member { progress: Progress::Open, ..m.clone() };
        let first: Vec<Member> = members.iter().map(open).collect();
        let grouping = compute(&first, None, &BTreeSet::new()).unwrap();
        check(&grouping, &first)?;
        let mut shuffled = first.clone();
        shuffled.reverse();
        prop_assert_eq!(&compute(&shuffled, None, &BTreeSet::new()).unwrap(), &grouping);
        let former = written(grouping, &first);
        let again = compute(&first, Some(&former), &BTreeSet::new()).unwrap();
        prop_assert!(again.moved.is_empty());
        prop_assert_eq!(&again.lanes, &former.lanes);
        prop_assert_eq!(&Lanes::parse(&former.encode(), "lanes.json").unwrap(), &former);
        if let Ok(grouping) = compute(&later, Some(&former), &BTreeSet::new()) {
            check(&grouping, &later)?;
            for member in later.iter().filter(|m| m.progress != Progress::Open) {
                let moved = grouping.moved.iter().any(|moved| moved.wp == member.id);
                let kind = former.lane_of(&member.id).is_some_and(|l| l.id.is_planning() != member.is_planning);
                prop_assert!(kind || !moved, "{} has begun and moved", member.id);
            }
        }
    }
}

fn check(grouping: &Grouping, members: &[Member]) -> Result<(), TestCaseError> {
    let all: Vec<&WpId> = grouping.lanes.iter().flat_map(|lane| &lane.wp_ids).collect();
    prop_assert_eq!(all.len(), members.len());
    let lane_of = |id: &WpId| grouping.lanes.iter().find(|lane| lane.wp_ids.contains(id)).unwrap();
    for (at, lane) in grouping.lanes.iter().enumerate() {
        for other in &lane.depends_on_lanes {
            let other = grouping.lanes.iter().position(|lane| lane.id == *other).unwrap();
            prop_assert!(other < at && grouping.lanes[other].parallel_group < lane.parallel_group);
        }
    }
    for member in members {
        let own = lane_of(&member.id);
        for needed in member.dependencies.iter().filter(|id| all.contains(id)) {
            let (lane, edge) = (lane_of(needed), (member.id.clone(), needed.clone()));
            let same = own.id == lane.id;
            let waits = own.depends_on_lanes.contains(&lane.id);
            prop_assert!(same || waits || grouping.left_out.contains(&edge));
            let place = |id| own.wp_ids.iter().position(|other| other == id);
            prop_assert!(!same || place(needed) < place(&member.id));
        }
        for other in members.iter().filter(|other| other.id != member.id) {
            let free = |m: &Member| m.is_planning || m.progress == Progress::Settled;
            if !free(member) && !free(other) && own.id != lane_of(&other.id).id {
                prop_assert_eq!(
                    member.owned.overlap(&other.owned),
                    crate::domain::glob::Overlap::Disjoint
                );
            }
        }
    }
    Ok(())
}
