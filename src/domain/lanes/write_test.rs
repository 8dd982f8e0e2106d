use super::*;

const TEXT: &str = r#"{
  "version": 1,
  "mission_slug": "m\u00e9\ud83d\ude00\u007f",
  "mission_id": null,
  "mission_branch": "kitty/m",
  "target_branch": "main",
  "lanes": [
    {
      "lane_id": "lane-a",
      "wp_ids": [
        "WP01",
        "WP02"
      ],
      "write_scope": [
        "src/\u00fc\"\\\t/**"
      ],
      "predicted_surfaces": [],
      "depends_on_lanes": [],
      "parallel_group": 0,
      "path_base": "x"
    }
  ],
  "computed_at": "2026-01-02T03:04:05.000006+00:00",
  "computed_from": "dependency_graph+ownership",
  "planning_artifact_wps": [],
  "planning_commit_sha": null,
  "collapse_report": {
    "events": [
      {
        "wp_a": "WP01",
        "wp_b": "WP02",
        "rule": "write_scope_overlap",
        "evidence": "both"
      }
    ],
    "total_merges": 1,
    "independent_wps_collapsed": 0,
    "by_rule": {
      "write_scope_overlap": 1
    }
  },
  "zzz": {}
}
"#;

#[test]
fn the_file_is_written_as_it_was_read() {
    let lanes = Lanes::parse(TEXT.as_bytes(), "lanes.json").unwrap();
    assert_eq!(lanes.mission_slug, "mé😀\u{7f}");
    assert_eq!(String::from_utf8(lanes.encode()).unwrap(), TEXT);
}

#[test]
fn a_new_document_tells_why_lanes_were_joined_and_keeps_strange_keys() {
    let former = Lanes::parse(TEXT.as_bytes(), "lanes.json").unwrap();
    let wp = |id: &str, needs: &[&str], owned: &str| Member {
        id: id.parse().unwrap(),
        dependencies: needs.iter().map(|id| id.parse().unwrap()).collect(),
        owned: crate::domain::glob::Globs::new([owned], false),
        is_planning: false,
        is_codebase_wide: false,
        progress: crate::domain::lanes::Progress::Open,
    };
    let members =
        [wp("WP01", &[], "src/**"), wp("WP02", &["WP01"], "src/a"), wp("WP03", &[], "src/b")];
    let grouping =
        crate::domain::lanes::compute(&members, Some(&former), &std::collections::BTreeSet::new());
    let header = |at: &str| Header {
        mission_slug: "m".into(),
        mission_id: Some("01ABCDEFGHJKMNPQRSTVWXYZ01".parse().unwrap()),
        mission_branch: "kitty/m".into(),
        target_branch: "main".into(),
        computed_at: at.into(),
        planning_commit_sha: Some("0123456789".into()),
    };
    let grouping = grouping.unwrap();
    let lanes = Lanes::of(grouping.clone(), &members, header("now"), Some(&former));
    assert_eq!(Lanes::parse(&lanes.encode(), "lanes.json").unwrap(), lanes);
    assert_eq!(lanes.lanes[0].unknown["path_base"], "x");
    assert_eq!(lanes.unknown.keys().collect::<Vec<_>>(), ["zzz"]);
    let report = lanes.collapse_report.as_ref().unwrap();
    assert_eq!(
        (&report["total_merges"], &report["independent_wps_collapsed"]),
        (&2.into(), &1.into())
    );
    assert_eq!(report["events"][1]["evidence"], "`src/**` and `src/b` both match `src/b`");
    let later = Lanes::of(grouping, &members, header("later"), Some(&former));
    assert!(lanes.is_same_but_for_time(&later) && !lanes.is_same_but_for_time(&former));
}
