//! When the judge cannot know the active work package, it says why, and never calls that a scope
//! violation.

use crate::kit::mission::{MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::wp::Wp;
use crate::scene::{Scene, codes};

/// The codes for a change in scope after `trouble`.
fn codes_after(topology: Topology, trouble: impl FnOnce(&mut Scene)) -> Vec<String> {
    let mut scene = Scene::new(topology);
    trouble(&mut scene);
    codes(&scene.commit(&[("src/b/two.rs", "2\n")]).exits(1))
}

#[test]
fn several_or_no_active_work_packages_are_ambiguous() {
    let both = |scene: &mut Scene| scene.walk("WP03", &["planned", "claimed", "in_progress"]);
    assert_eq!(codes_after(Topology::Coordination, both), ["ACTIVE_WP_CONTEXT_AMBIGUOUS"]);
    let none = |scene: &mut Scene| scene.walk("WP02", &["in_progress", "planned"]);
    assert_eq!(codes_after(Topology::Primary, none), ["ACTIVE_WP_CONTEXT_AMBIGUOUS"]);
    let done = |scene: &mut Scene| {
        scene.walk("WP02", &["in_progress", "for_review", "in_review", "approved"]);
    };
    assert_eq!(codes_after(Topology::Split, done), ["ACTIVE_WP_CONTEXT_AMBIGUOUS"]);
}

#[test]
fn a_lane_of_no_mission_is_missing_its_context() {
    let gone = |scene: &mut Scene| {
        std::fs::remove_dir_all(scene.repo.path().join(scene.mission.dir())).unwrap();
    };
    assert_eq!(codes_after(Topology::Primary, gone), ["ACTIVE_WP_CONTEXT_MISSING"]);
    let unknown = |scene: &mut Scene| {
        let name = format!("{}-lane-zz", scene.mission.branch());
        scene.lane.git(["branch", "-m", &name]).exits(0);
    };
    assert_eq!(codes_after(Topology::Coordination, unknown), ["ACTIVE_WP_CONTEXT_MISSING"]);
}

#[test]
fn a_log_that_cannot_be_read_makes_the_status_unavailable() {
    let damaged = |scene: &mut Scene| {
        scene.mission.log.raw("{not json");
        scene.mission.save();
    };
    for topology in crate::scene::TOPOLOGIES {
        let mut scene = Scene::new(topology);
        damaged(&mut scene);
        let output = scene.commit(&[("src/b/two.rs", "2\n")]).exits(1);
        assert_eq!(codes(&output), ["ACTIVE_WP_STATUS_UNAVAILABLE"]);
        assert!(output.stderr.contains("status.events.jsonl:8: "), "the line is named: {output}");
    }
}

#[test]
fn a_deleted_coordination_branch_never_falls_back_to_main() {
    let deleted = |scene: &mut Scene| {
        scene.repo.unhooked(["branch", "-D", &scene.mission.branch()]).run().exits(0);
    };
    assert_eq!(codes_after(Topology::Split, deleted), ["ACTIVE_WP_STATUS_UNAVAILABLE"]);
}

#[test]
fn the_file_of_the_active_work_package_must_be_there_and_good() {
    let file = |scene: &Scene| {
        let dir = scene.repo.path().join(scene.mission.dir()).join("tasks");
        let names = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
        names.into_iter().find(|path| path.to_string_lossy().contains("WP02")).unwrap()
    };
    let missing = |scene: &mut Scene| std::fs::remove_file(file(scene)).unwrap();
    assert_eq!(codes_after(Topology::Primary, missing), ["ACTIVE_WP_METADATA_MISSING"]);
    let damaged = |scene: &mut Scene| {
        std::fs::write(file(scene), "---\nwork_package_id: WP02\nowned_files: {\n---\n").unwrap();
    };
    assert_eq!(codes_after(Topology::Primary, damaged), ["ACTIVE_WP_METADATA_INVALID"]);
}

#[test]
fn owning_nothing_fails_closed() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    let mut mission = MissionBuilder::new("empty").wp(Wp::new("WP01").owns(&[])).build(&repo);
    let lane = mission.open_lane("lane-a");
    mission.log.walk("WP01", &["planned", "claimed"]);
    mission.save();
    repo.kitty(["init"]).exits(0);
    lane.stage(&[("a.txt", "a\n")]);
    assert_eq!(codes(&lane.git(["commit", "-m", "x"]).exits(1)), ["ACTIVE_WP_OWNERSHIP_MISSING"]);
}

#[test]
fn damaged_lanes_are_an_error_of_the_context() {
    let damaged = |scene: &mut Scene| {
        scene.repo.write(
            format!("{}/lanes.json", scene.mission.dir()),
            "{\"version\": 1,\n\"lanes\": [}",
        );
    };
    assert_eq!(codes_after(Topology::Primary, damaged), ["ACTIVE_WP_CONTEXT_ERROR"]);
}

#[test]
fn mission_files_are_refused_also_without_context() {
    let mut scene = Scene::new(Topology::Coordination);
    scene.walk("WP03", &["planned", "claimed", "in_progress"]);
    let spec = format!("{}/spec.md", scene.mission.dir());
    let output = scene.commit(&[("src/b/two.rs", "2\n"), (&spec, "x\n")]).exits(1);
    assert_eq!(codes(&output), ["MISSION_FILE_PROTECTED", "ACTIVE_WP_CONTEXT_AMBIGUOUS"]);
}

#[test]
fn a_stale_record_of_the_reference_is_a_warning_and_the_log_decides() {
    let scene = Scene::new(Topology::Primary);
    let name = format!(".kittify/workspaces/{}-lane-b.json", scene.mission.slug);
    let stale =
        scene.repo.read(&name).replace(r#""current_wp": "WP02""#, r#""current_wp": "WP03""#);
    scene.repo.write(&name, &stale);
    let output = scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
    assert_eq!(
        output.stderr,
        format!(
            "warning: {name} names WP03 as current; by the log WP02 is active [ACTIVE_WP_CONTEXT_STALE]\n"
        )
    );
}
