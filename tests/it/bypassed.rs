//! What comes past `pre-commit` where the policy only warns is on record.

use serde_json::json;

use crate::kit::mission::Topology;
use crate::kit::project::set_up;
use crate::overrides::{audit, kinds};
use crate::scene::Scene;

const FOREIGN: &str = "ACTIVE_WP_SCOPE_VIOLATION";
const BYPASSED: &str = "guard.bypassed reference-transaction";

fn warning() -> Scene {
    let scene = Scene::new(Topology::Coordination);
    set_up(&scene.repo, "policy:\n  commit_guard:\n    mode: warn\n");
    scene
}

/// Commits a file of another lane past `pre-commit`.
fn past(scene: &Scene, text: &str) {
    scene.lane.stage(&[("src/a/one.rs", text)]);
    scene.lane.must(["commit", "-nqm", "past"]);
}

#[test]
fn who_was_warned_is_not_recorded_and_who_went_past_is() {
    let scene = warning();
    let said = scene.commit(&[("src/a/one.rs", "seen\n")]).exits(0);
    assert!(said.stderr.contains(&format!("[{FOREIGN}]")), "{said}");
    assert_eq!(audit(&scene.repo), Vec::<serde_json::Value>::new());
    let before = scene.lane.id("HEAD");
    let agent = scene.lane.clone().env("GIT_KITTY_ACTOR", "agent 7");
    agent.stage(&[("src/a/one.rs", "past\n")]);
    agent.must(["commit", "-nqm", "past"]);
    let [line] = &audit(&scene.repo)[..] else { panic!() };
    let after = scene.lane.id("HEAD");
    assert_eq!(line["event_type"], "guard.bypassed");
    assert_eq!(line["ref"], format!("refs/heads/{}", scene.mission.lane_branch("lane-b")));
    assert_eq!((&line["old"], &line["new"]), (&before.into(), &after.clone().into()));
    assert_eq!((&line["commits"], &line["codes"]), (&json!([after]), &json!([FOREIGN])));
    assert_eq!(
        (&line["actor"], &line["door"]),
        (&"agent 7".into(), &"reference-transaction".into())
    );
    let doctor = scene.repo.kitty(["doctor", "--format", "json"]);
    assert!(doctor.stdout.contains(r#""code":"GUARD_BYPASSED""#), "{doctor}");
}

#[test]
fn what_is_allowed_is_never_recorded() {
    let scene = warning();
    scene.lane.stage(&[("src/b/two.rs", "mine\n")]);
    scene.lane.must(["commit", "-nqm", "own"]);
    scene.lane.must(["commit", "-nq", "--allow-empty", "-m", "empty"]);
    scene.repo.must(["switch", "-q", "-c", "free"]);
    scene.repo.stage(&[("src/a/one.rs", "x\n")]);
    scene.repo.must(["commit", "-nqm", "free"]);
    assert!(kinds(&scene.repo).is_empty());
}

#[test]
fn every_way_of_a_commit_through_its_door_leaves_the_note() {
    let scene = warning();
    let lane = &scene.lane;
    lane.write("src/a/one.rs", "a\n");
    lane.must(["commit", "-qam", "all"]);
    lane.write("src/a/one.rs", "b\n");
    lane.must(["commit", "-qm", "partial", "--", "src/a/one.rs"]);
    lane.write("src/a/deep/new/file.rs", "c\n");
    lane.must(["add", "."]);
    lane.must(["commit", "-q", "--amend", "-m", "amended"]);
    lane.must(["rm", "-q", "src/a/one.rs"]);
    lane.must(["commit", "-qm", "gone"]);
    scene.repo.commit_to("side", "main", "Side", &[("src/a/two.rs".to_owned(), "n\n".to_owned())]);
    lane.must(["merge", "-q", "--no-ff", "-m", "m", "side"]);
    assert_eq!(kinds(&scene.repo), Vec::<String>::new());
}

#[test]
fn every_other_way_is_recorded_once() {
    let scene = warning();
    let lane = &scene.lane;
    past(&scene, "else\n");
    let foreign = lane.id("HEAD");
    lane.must(["reset", "-q", "--hard", "HEAD~"]);
    assert_eq!(kinds(&scene.repo), [BYPASSED]);
    for (number, words) in [
        &["cherry-pick", foreign.as_str()][..],
        &["merge", "-q", "--ff-only", &foreign],
        &["reset", "-q", "--hard", &foreign],
    ]
    .into_iter()
    .enumerate()
    {
        lane.must(words);
        assert_eq!(kinds(&scene.repo).len(), number + 2, "{words:?}");
        lane.must(["reset", "-q", "--hard", "HEAD~"]);
        assert_eq!(kinds(&scene.repo).len(), number + 2, "going back is none");
    }
    lane.must(["switch", "-q", "--detach"]);
    lane.stage(&[("src/a/one.rs", "apart\n")]);
    lane.must(["commit", "-qm", "apart"]);
    let apart = lane.id("HEAD");
    let name = format!("refs/heads/{}", scene.mission.lane_branch("lane-b"));
    lane.must(["update-ref", &name, &apart]);
    assert_eq!(kinds(&scene.repo).last().unwrap(), BYPASSED);
    assert_eq!(kinds(&scene.repo).len(), 5);
}

#[test]
fn the_note_is_of_its_branch_and_its_worktree_and_only_where_it_counts() {
    let scene = warning();
    scene.commit(&[("src/a/one.rs", "seen\n")]).exits(0);
    let note = scene.lane.ask(["rev-parse", "--git-path", "kitty-approved"]);
    let text = std::fs::read_to_string(scene.lane.path().join(&note)).unwrap();
    let tree = scene.lane.id("HEAD^{tree}");
    assert_eq!(text, format!("{tree} {}\n", scene.mission.lane_branch("lane-b")));
    assert!(!scene.repo.path().join(".git/kitty-approved").exists());
    let strict = Scene::new(Topology::Coordination);
    strict.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    assert!(
        !strict
            .lane
            .path()
            .join(strict.lane.ask(["rev-parse", "--git-path", "kitty-approved"]))
            .exists()
    );
}

#[test]
fn a_branch_that_goes_or_loses_lines_is_recorded_too() {
    let scene = warning();
    scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    scene.lane.must(["switch", "-q", "--detach"]);
    let lane = format!("refs/heads/{}", scene.mission.lane_branch("lane-b"));
    scene.repo.must(["update-ref", "-d", &lane]);
    let line = audit(&scene.repo).pop().unwrap();
    assert_eq!((&line["codes"], &line["ref"]), (&json!(["BRANCH_DELETION_REFUSED"]), &lane.into()));
    assert!(line.get("new").is_none() && line.get("commits").is_none(), "{line}");
}
