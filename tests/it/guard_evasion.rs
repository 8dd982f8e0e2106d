//! Ways around the judge that leave the hooks on: each must be as closed as the front door.

use crate::kit::mission::Topology;
use crate::scene::{Scene, codes};

#[test]
fn a_log_on_a_branch_that_is_no_lane_moves_nobody() {
    let scene = Scene::new(Topology::Primary);
    let mut forged = scene.mission.log.clone();
    forged.walk("WP02", &["in_progress", "for_review", "in_review", "approved"]);
    forged.walk("WP03", &["planned", "claimed", "in_progress"]);
    let name = format!("{}1", scene.mission.lane_branch("lane-b"));
    let files = [(format!("{}/status.events.jsonl", scene.mission.dir()), forged.text())];
    scene.repo.commit_to(&name, &scene.repo.id("main"), "forge", &files);
    let output = scene.commit(&[("docs/a.txt", "a\n")]).exits(1);
    assert!(output.stderr.contains("not owned by WP02, which is active"), "{output}");
}
