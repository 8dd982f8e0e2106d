//! `refs/kitty/oplog`: an entry for each operation, which names all that moved with it.

use serde_json::{Value, json};

use crate::kit::approved::Approved;

/// The entry at a revision of the log.
fn entry(scene: &Approved, revision: &str) -> Value {
    serde_json::from_str(&scene.at(revision, "operation.json").unwrap()).unwrap()
}

#[test]
fn an_entry_names_what_moved_and_holds_what_was_there() {
    let scene = Approved::two();
    let (main, own) = (scene.repo.id("main"), scene.repo.id(&scene.mission.branch()));
    let told = scene.json(&["merge", "--strategy", "merge"], 0);
    let merged = entry(&scene, "refs/kitty/oplog");
    let branch = format!("refs/heads/{}", scene.mission.branch());
    let refs = json!([
        {"ref": branch, "old": own, "new": scene.repo.id(&branch)},
        {"ref": "refs/heads/main", "old": main, "new": scene.repo.id("main")},
    ]);
    assert_eq!((&merged["refs"], &merged["kind"]), (&refs, &json!("merge")));
    assert_eq!((&merged["id"], &merged["undoes"]), (&told["operation"], &Value::Null));
    assert_eq!(merged["certificate"], told["certificate"]["event_id"]);
    assert_eq!(
        (&merged["mission_id"], &merged["actor"]),
        (&json!(scene.mission.id), &json!("Carl"))
    );
    let first = scene.repo.id("refs/kitty/oplog");
    assert_eq!(scene.repo.ask(["log", "-1", "--format=%P", &first]), format!("{own} {main}"));
    let moved = told["refs"].as_array().unwrap();
    let names: Vec<&str> = moved.iter().map(|one| one["ref"].as_str().unwrap()).collect();
    assert_eq!(names, [&*branch, "refs/heads/main", "refs/kitty/oplog"]);
    let undone = scene.json(&["undo"], 0);
    let back = entry(&scene, "refs/kitty/oplog");
    assert_eq!((&back["undoes"], &back["kind"]), (&told["operation"], &json!("undo")));
    assert_eq!((&back["id"], &back["certificate"]), (&undone["operation"], &Value::Null));
    assert_eq!(scene.repo.id("refs/kitty/oplog~"), first);
}

#[test]
fn a_damaged_entry_is_said_and_no_operation() {
    let scene = Approved::two();
    scene.json(&["merge"], 0);
    let tip = scene.repo.id("refs/kitty/oplog");
    let blob =
        scene.repo.call(["hash-object", "-w", "--stdin"]).stdin("{\"schema\": ").run().success();
    let tree = scene.repo.call(["mktree"]).stdin(format!("100644 blob {blob}\toperation.json\n"));
    let tree = tree.run().success();
    let commit = scene.repo.ask(["commit-tree", "-p", &tip, "-m", "x", &tree]);
    scene.repo.unhooked(["update-ref", "refs/kitty/oplog", &commit]).run().exits(0);
    let said = scene.repo.kitty(["undo"]);
    assert!(said.status != 0 && said.stderr.contains("is damaged"), "{said}");
}
