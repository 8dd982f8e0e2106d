//! Ways around the judge that leave the hooks on: each must be as closed as the front door.

use crate::kit::checkout::Checkout;
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

#[test]
fn a_work_tree_named_in_the_environment_is_not_the_primary_checkout() {
    let scene = Scene::new(Topology::Primary);
    let mission = scene.repo.path().join(scene.mission.dir());
    let forged = scene.repo.sandbox().root().join("forged");
    let copy = format!(
        "mkdir -p '{0}/kitty-specs' && cp -r '{1}' '{0}/kitty-specs' && \
         sed -i 's/src.b/**/' '{0}'/kitty-specs/*/tasks/WP02*",
        forged.display(),
        mission.display()
    );
    scene.repo.sh(&copy).exits(0);
    let owned = |checkout: &Checkout| {
        let shown = checkout.kitty(["wp", "show", "WP02", "--format", "json"]).exits(0).stdout;
        serde_json::from_str::<serde_json::Value>(&shown).unwrap()["owned_files"].clone()
    };
    let honest = owned(&scene.repo);
    let told = scene.repo.clone().env("GIT_WORK_TREE", &forged);
    let told = told.env("GIT_DIR", scene.repo.path().join(".git"));
    assert_eq!(owned(&told), honest);
    scene.repo.must(["config", "extensions.worktreeConfig", "true"]);
    scene.repo.must(["config", "--worktree", "kitty.anything", "1"]);
    assert_eq!(owned(&told), honest);
}
