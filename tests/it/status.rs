//! `git kitty status` and `mission`: the same board from everywhere, whatever state a mission is in.

use std::fs;

use serde_json::{Value, json};

use crate::kit::checkout::Checkout;
use crate::kit::log::time;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::{RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::scene::{Scene, TOPOLOGIES, codes};

fn repository() -> Checkout {
    RepoBuilder::default().build(&Sandbox::new(), "repo")
}

/// What `git kitty ARGUMENTS --format json` says, with status 0 and without a word on stderr.
#[track_caller]
fn json(place: &Checkout, arguments: &[&str]) -> Value {
    let said = place.call(["kitty"]).args(arguments).args(["--format", "json"]).run().exits(0);
    assert_eq!(said.stderr, "");
    assert!(said.stdout.starts_with("{\"schema\":1,"), "{said}");
    serde_json::from_str(&said.stdout).unwrap()
}

/// A mission in which every kind of blocker stands in somebody's way.
fn blocked(repo: &Checkout) -> Mission {
    let builder = MissionBuilder::new("checkout")
        .wp(Wp::new("WP01").owns(&["src/a/**"]))
        .wp(Wp::new("WP02").owns(&["src/b/**"]))
        .wp(Wp::new("WP03").owns(&["src/b/c/**"]))
        .wp(Wp::new("WP04").owns(&["src/d/**"]).needs(&["WP01", "WP02", "WP09"]))
        .wp(Wp::new("WP05").owns(&["src/e/**"]))
        .wp(Wp::new("WP06").owns(&[]))
        .wp(Wp::new("WP07").front_matter("work_package_id: WP07\nowned_files: {\n"))
        .lane("lane-a", &["WP01"])
        .lane("lane-b", &["WP02", "WP03"])
        .lane("lane-c", &["WP04", "WP05", "WP06"]);
    let mut mission = builder.build(repo);
    let done = ["planned", "claimed", "in_progress", "for_review", "in_review", "approved", "done"];
    mission.log.walk("WP01", &done);
    mission.log.walk("WP02", &["planned", "claimed", "in_progress"]);
    mission.log.walk("WP05", &["planned", "canceled"]);
    mission.save();
    mission
}

#[test]
fn the_board_says_what_stands_in_whose_way() {
    let repo = repository();
    let mission = blocked(&repo);
    let damage = format!(
        "{}:{}/tasks/WP07-part-wp07.md:4: not YAML: while parsing a node, did not find expected \
         node content",
        mission.branch(),
        mission.dir()
    );
    let board = format!(
        "{} (checkout): in progress, 16.67 % done
  planned      WP03   lane-b         Part WP03  (its lane is busy with WP02)
               WP04   lane-c         Part WP04  (waits for WP02; waits for WP09)
               WP06   lane-c         Part WP06  (its `owned_files` is empty)
               WP07   -              (no title)  ({damage})
  in_progress  WP02   lane-b         Part WP02  [claude]
  done         WP01   lane-a         Part WP01  [claude]
  canceled     WP05   lane-c         Part WP05  [claude]
",
        mission.slug
    );
    let warning = format!("warning: {damage} [WP_FILE_INVALID]\n");
    assert_eq!(repo.kitty(["status"]).parts(), (0, board.as_str(), warning.as_str()));
}

#[test]
fn the_same_in_json() {
    let repo = repository();
    let mission = blocked(&repo);
    let mut facts = json(&repo, &["status"])["missions"][0].clone();
    let packages = facts.as_object_mut().unwrap().remove("work_packages").unwrap();
    let lane = |id: &str, wps: &[&str], needs: &[&str]| json!({"lane_id": id, "wp_ids": wps, "depends_on_lanes": needs});
    let lanes = [
        lane("lane-a", &["WP01"], &[]),
        lane("lane-b", &["WP02", "WP03"], &[]),
        lane("lane-c", &["WP04", "WP05", "WP06"], &["lane-a", "lane-b"]),
    ];
    let expected = json!({
        "mission_id": mission.id, "mission_slug": mission.slug, "friendly_name": "checkout",
        "state": "in_progress", "percent": 16.67, "lanes": lanes,
        "counts": {
            "planned": 4, "claimed": 0, "in_progress": 1, "for_review": 0, "in_review": 0,
            "approved": 0, "done": 1, "blocked": 0, "canceled": 1,
        },
    });
    assert_eq!(facts, expected);
    let none = json!({
        "dependency_blockers": [], "ownership_blockers": [], "workspace_blockers": [],
        "policy_blockers": [],
    });
    let blocked_by = |kind: &str, by: Value| {
        let mut blockers = none.clone();
        blockers[kind] = by;
        blockers
    };
    let first = json!({
        "wp_id": "WP01", "title": "Part WP01", "status": "done", "lane_id": "lane-a",
        "actor": "claude", "last_transition_at": time(13), "dependencies": [], "blockers": none,
    });
    assert_eq!(packages[0], first);
    let waits =
        json!([{"wp_id": "WP02", "status": "in_progress"}, {"wp_id": "WP09", "status": null}]);
    let busy = json!([{"wp_id": "WP02", "status": "in_progress"}]);
    let empty =
        json!([{"code": "ACTIVE_WP_OWNERSHIP_MISSING", "message": "its `owned_files` is empty"}]);
    let blockers: Vec<_> =
        packages.as_array().unwrap().iter().map(|wp| wp["blockers"].clone()).collect();
    let expected = [
        none.clone(),
        none.clone(),
        blocked_by("ownership_blockers", busy),
        blocked_by("dependency_blockers", waits),
        none.clone(),
        blocked_by("policy_blockers", empty),
    ];
    assert_eq!(blockers[..6], expected);
    assert_eq!(blockers[6]["policy_blockers"][0]["code"], "ACTIVE_WP_METADATA_INVALID");
}

#[test]
fn a_mission_without_anything_to_do_has_no_percentage() {
    let repo = repository();
    let mission = MissionBuilder::new("empty").build(&repo);
    let board = format!("{} (empty): not started, nothing to do\n", mission.slug);
    assert_eq!(repo.kitty(["status"]).parts(), (0, board.as_str(), ""));
    let document = json(&repo, &["status"]);
    let facts = &document["missions"][0];
    assert_eq!((&facts["percent"], &facts["state"]), (&Value::Null, &json!("not_started")));
    assert_eq!(facts["work_packages"], json!([]));
}

#[test]
fn what_is_canceled_does_not_count() {
    let repo = repository();
    let builder = MissionBuilder::new("dropped");
    let ids = ["WP01", "WP02", "WP03", "WP04"];
    let mut mission = ids.iter().fold(builder, |b, id| b.wp(Wp::new(id).owns(&[id]))).build(&repo);
    let mut look = |id: &str, to: &[&str]| {
        mission.log.walk(id, to);
        mission.save();
        let facts = json(&repo, &["status"])["missions"][0].clone();
        (facts["percent"].clone(), facts["state"].as_str().unwrap().to_owned())
    };
    assert_eq!(look("WP01", &["planned", "canceled"]), (json!(0.0), "in_progress".to_owned()));
    let done = ["planned", "claimed", "in_progress", "for_review", "in_review", "done"];
    assert_eq!(look("WP02", &done), (json!(33.33), "in_progress".to_owned()));
    assert_eq!(look("WP03", &["planned", "canceled"]), (json!(50.0), "in_progress".to_owned()));
    assert_eq!(look("WP04", &["planned", "canceled"]), (json!(100.0), "complete".to_owned()));
}

#[test]
fn all_canceled_is_complete_without_percentage() {
    let repo = repository();
    let mut mission = MissionBuilder::new("dropped").wp(Wp::new("WP01").owns(&["x"])).build(&repo);
    mission.log.walk("WP01", &["planned", "canceled"]);
    mission.save();
    let facts = json(&repo, &["status"])["missions"][0].clone();
    assert_eq!((&facts["percent"], &facts["state"]), (&Value::Null, &json!("complete")));
    assert_eq!(
        repo.kitty(["mission", "list"]).stdout,
        "no open missions; 1 complete or given up (`--all` shows them)\n"
    );
    assert!(repo.kitty(["mission", "list", "--all"]).stdout.contains(&mission.slug));
}

#[test]
fn files_from_before_the_log_say_their_status_themselves() {
    let repo = repository();
    let builder = MissionBuilder::new("old")
        .topology(Topology::Primary)
        .wp(Wp::new("WP01").owns(&["x"]).legacy("doing"))
        .wp(Wp::new("WP02").owns(&["y"]).legacy("done"))
        .wp(Wp::new("WP03").owns(&["z"]).legacy("planned"));
    let mission = builder.build(&repo);
    let dir = mission.dir();
    repo.must(["rm", "-q", &format!("{dir}/status.events.jsonl"), &format!("{dir}/status.json")]);
    repo.commit_all("As it was before the log");
    let listed = json(&repo, &["status"])["missions"][0]["work_packages"].clone();
    let statuses: Vec<_> =
        listed.as_array().unwrap().iter().map(|wp| wp["status"].clone()).collect();
    assert_eq!(statuses, ["in_progress", "done", "planned"]);
    let board = format!(
        "{} (old): in progress, 33.33 % done
  planned      WP03   lane-c         Part WP03  (its `owned_files` is empty)
  in_progress  WP01   lane-a         Part WP01
  done         WP02   lane-b         Part WP02
",
        mission.slug
    );
    assert_eq!(repo.kitty(["status"]).parts(), (0, board.as_str(), ""));
}

#[test]
fn a_handle_is_an_id_its_beginning_a_slug_or_a_directory() {
    for topology in TOPOLOGIES {
        let repo = repository();
        let build = |slug, number| {
            let plan = MissionBuilder::new(slug).number(number).topology(topology);
            plan.wp(Wp::new("WP01").owns(&["x"])).build(&repo)
        };
        let (pay, _other) = (build("pay", 1), build("payments", 2));
        let mid8 = &pay.id[..8];
        for handle in [pay.id.as_str(), mid8, "pay", pay.slug.as_str()] {
            for command in [
                &["status", handle][..],
                &["status", "--mission", handle],
                &["mission", "show", handle],
            ] {
                let said = json(&repo, command);
                let found =
                    said["missions"][0]["mission_slug"].as_str().or(said["mission_slug"].as_str());
                assert_eq!(found, Some(pay.slug.as_str()), "{command:?} {topology:?}");
            }
            let listed = json(&repo, &["wp", "list", "--mission", handle]);
            assert!(listed.to_string().contains("WP01"), "{listed}");
        }
        for handle in ["pa", "01", "", "../pay", "kitty-specs/pay", "PAY"] {
            let said = repo.kitty(["status", handle]);
            assert_eq!(
                (said.status, codes(&said)),
                (1, vec!["MISSION_NOT_FOUND".to_owned()]),
                "{handle}"
            );
        }
    }
}

#[test]
fn what_several_missions_are_called_names_none_of_them() {
    let repo = repository();
    let [one, two] = [1, 2].map(|number| MissionBuilder::new("pay").number(number).build(&repo));
    let said = repo.kitty(["status", "pay"]);
    let expected = format!(
        "error: several missions are called `pay` [MISSION_AMBIGUOUS]\nhint: name one of: {}, {}\n",
        one.slug, two.slug
    );
    assert_eq!(said.parts(), (1, "", expected.as_str()));
    let said = repo.kitty(["wp", "list"]);
    let expected = format!(
        "error: several missions could be meant [MISSION_REQUIRED]\nhint: name one of: {}, {}\n",
        one.slug, two.slug
    );
    assert_eq!(said.parts(), (1, "", expected.as_str()));
    let said = repo.kitty(["status", "pay", "--format", "json"]).exits(1);
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(document["candidates"], json!([one.slug, two.slug]));
}

#[test]
fn every_directory_gives_the_same_answer() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let places = [
            scene.lane.clone(),
            scene.lane.below("src/b"),
            scene.repo.below("src"),
            scene.repo.below(".git"),
            scene.repo.below("kitty-specs/.."),
        ];
        let mut places = places.to_vec();
        if topology != Topology::Primary {
            places.push(scene.mission.open_coordination());
        }
        let before = state(&scene.repo);
        for command in
            [&["status"][..], &["mission", "show"], &["mission", "list"], &["wp", "show", "WP02"]]
        {
            let here = json(&scene.repo, command);
            for place in places.iter().filter(|place| place.path().exists()) {
                assert_eq!(
                    json(place, command),
                    here,
                    "{command:?} {} {topology:?}",
                    place.path().display()
                );
            }
        }
        assert_unchanged(&before, &state(&scene.repo));
    }
}

#[test]
fn a_damaged_mission_hides_no_other() {
    let repo = repository();
    let good = MissionBuilder::new("good").wp(Wp::new("WP01").owns(&["x"])).build(&repo);
    let bad = MissionBuilder::new("bad").number(2).topology(Topology::Primary).build(&repo);
    for (file, text, code) in [
        ("meta.json", "{\"slug\": \"x\",\n", "META_INVALID"),
        ("status.events.jsonl", "{}\n", "EVENT_LOG_INVALID"),
    ] {
        let path = format!("{}/{file}", bad.dir());
        let old = repo.read(&path);
        repo.write(&path, text);
        let said = repo.kitty(["status"]).exits(0);
        assert!(said.stdout.starts_with(&good.slug) && !said.stdout.contains(&bad.slug), "{said}");
        let warning = said.stderr.strip_suffix('\n').unwrap();
        assert!(
            warning.starts_with(&format!("warning: mission `{}` is left out: ", bad.slug)),
            "{said}"
        );
        assert!(warning.ends_with(&format!("[{code}]")) && !warning.contains('\n'), "{said}");
        assert_eq!(repo.kitty(["-q", "status"]).stderr, "");
        let listed = json(&repo, &["status"]);
        assert_eq!(listed["warnings"][0]["code"], code);
        for handle in [bad.slug.as_str(), "bad"] {
            let said = repo.kitty(["status", handle]);
            assert_eq!((said.status, codes(&said)), (2, vec![code.to_owned()]), "{said}");
        }
        json(&repo, &["status", &good.slug]);
        let said = repo.kitty(["wp", "list"]).exits(1);
        assert_eq!(codes(&said), ["MISSION_REQUIRED"], "it may be open");
        assert!(said.stderr.contains(&bad.slug) && said.stderr.contains(&good.slug), "{said}");
        repo.write(&path, &old);
    }
}

/// Where each question about a ref costs a process, none is asked for each mission.
#[test]
fn many_missions_cost_no_more_processes_than_two() {
    if !Sandbox::new().has_reftable() {
        return;
    }
    let processes = |missions: usize| {
        let repo = RepoBuilder::default().refs(RefFormat::Reftable).build(&Sandbox::new(), "repo");
        repo.kitty(["init"]).exits(0);
        for number in 0..missions {
            repo.kitty(["mission", "create", &format!("part-{number}")]).exits(0);
        }
        let trace = repo.path().with_extension("trace");
        let said = repo.call(["kitty", "status"]).env("GIT_TRACE", &trace).run().exits(0);
        assert_eq!(said.stdout.lines().filter(|line| line.contains("part-")).count(), missions);
        let trace = fs::read_to_string(trace).unwrap();
        trace.lines().filter(|line| line.contains("trace: built-in:")).count()
    };
    assert_eq!(processes(2), processes(4));
}

#[test]
fn the_only_mission_may_be_damaged() {
    let repo = repository();
    let only = MissionBuilder::new("only").topology(Topology::Primary).build(&repo);
    for (file, code) in
        [("meta.json", "META_INVALID"), ("status.events.jsonl", "EVENT_LOG_INVALID")]
    {
        let path = format!("{}/{file}", only.dir());
        let old = repo.read(&path);
        repo.write(&path, "{}\n");
        assert_eq!(codes(&repo.kitty(["wp", "list"]).exits(2)), [code]);
        repo.write(&path, &old);
    }
}

#[test]
fn without_missions_there_is_nothing_to_show() {
    let repo = repository();
    assert_eq!(json(&repo, &["status"])["missions"], json!([]));
    assert_eq!(repo.kitty(["mission", "list"]).parts(), (0, "no missions\n", ""));
    let said = repo.kitty(["wp", "list"]);
    assert_eq!((said.status, codes(&said)), (1, vec!["MISSION_REQUIRED".to_owned()]));
}
