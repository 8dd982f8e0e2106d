//! What only looks like a landing.

use serde_json::json;

use super::ground::{APPROVED, Ground};

#[test]
fn a_byte_more_is_no_landing() {
    let here = Ground::new();
    let landed = here.land(&["--strategy", "squash"]);
    here.repo.kitty(["merge", "--dry-run"]).exits(0);
    here.repo.unhooked(["update-ref", "refs/heads/main", "origin/main"]).run().exits(0);
    let more = here.with(&landed, "src/a/one.rs", "1\n2\n3\n4\n5\n6\n7\nlane-a\n\n");
    let squashed = here.commit(&more, &["main"]);
    here.refused_everywhere(&squashed, "it is not the merge of");
    let merged = here.commit(&more, &["main", &here.own()]);
    here.refused_everywhere(&merged, "it is not the merge of");
    here.refused_everywhere(&more, "PROTECTED_BRANCH_REFUSED");
}

#[test]
fn a_certificate_by_hand_holds_only_for_what_is_finished_and_owned() {
    let mut here = Ground::new();
    let together = here.together();
    let honest = here.certified(&together, |_| {});
    here.passes_range(&honest);
    let wrong = here.certified(&together, |it| it["counts"]["mission_paths"] = json!(1));
    here.refused_everywhere(&wrong, "0 paths of the target");
    let evil = here.with(&together, "docs/evil.md", "evil\n");
    let evil = here.certified(&evil, |_| {});
    here.refused_everywhere(&evil, "COORDINATION_PATH_REFUSED");
    let other = here.certified(&together, |it| it["target"] = json!("other"));
    here.refused_everywhere(&other, "it is for `other`");
    here.mission.log.event("WP02", "approved", "in_progress").force("not yet");
    here.mission.save();
    here.refused_everywhere(&honest, "WP02 is in_progress by the log");
}

#[test]
fn a_mission_that_is_not_finished_does_not_land_by_hand() {
    let mut here = Ground::begun();
    here.walk("WP01", &APPROVED);
    here.walk("WP02", &APPROVED[..5]);
    let tip = here.repo.id(&here.own());
    let landed = here.certified(&tip, |_| {});
    here.refused_everywhere(&landed, "WP02 is in_review");
}

#[test]
fn a_review_that_asks_for_changes_speaks_against_a_landing() {
    let mut here = Ground::begun();
    here.walk("WP01", &APPROVED);
    here.walk("WP02", &["planned", "claimed", "in_progress", "for_review", "in_review"]);
    here.mission.log.event("WP02", "in_review", "in_progress").review("rita", "changes_requested");
    here.mission.log.event("WP02", "in_progress", "approved").force("done, I say");
    here.mission.save();
    let together = here.together();
    let landed = here.certified(&together, |_| {});
    here.refused_everywhere(&landed, "the latest review of WP02 asks for changes");
    let noted = here.certified(&together, |it| it["review_note"] = json!("rita is away"));
    here.passes_range(&noted);
}

#[test]
fn what_comes_along_with_a_landing_has_to_be_made_by_it() {
    let here = Ground::new();
    here.land(&["--strategy", "merge"]);
    let landed = here.repo.id("main");
    here.repo.unhooked(["update-ref", "refs/heads/main", "origin/main"]).run().exits(0);
    here.passes_range(&landed);
    let evil = here.with("main", "docs/evil.md", "evil\n");
    let octopus = here.commit(&landed, &["main", &here.own(), &evil]);
    here.refused_everywhere(&octopus, "commits come along that are neither");
    let hidden = here.commit(&landed, &[&evil, &here.own()]);
    here.refused_everywhere(&hidden, "PROTECTED_BRANCH_REFUSED");
}

#[test]
fn a_landing_says_nothing_of_what_it_stands_on() {
    let here = Ground::new();
    let evil = here.with("main", "docs/evil.md", "evil\n");
    let evil = here.with(&evil, "docs/more.md", "evil\n");
    // Past every door, and none has ever seen the branch.
    let moved = |to: &str| {
        here.repo.unhooked(["reset", "-q", "--hard", to]).run().exits(0);
        let _ = std::fs::remove_dir_all(here.repo.path().join(".git/kitty/judged"));
    };
    let together = here.together();
    for strategy in ["squash", "merge", "rebase"] {
        moved(&evil);
        let landed = here.land(&["--strategy", strategy]);
        moved("origin/main");
        here.refused_everywhere(&landed, "PROTECTED_BRANCH_REFUSED");
        moved(&landed);
        here.repo.kitty(["undo"]).exits(0);
    }
    moved(&evil);
    let tree = here.repo.ask(["merge-tree", "--write-tree", &together, &evil]);
    let merged = here.commit(&tree, &[&together, &evil]);
    let landed = here.certified(&merged, |_| {});
    moved("origin/main");
    here.declined(&[&format!("{landed}:main")], "PROTECTED_BRANCH_REFUSED");
    let moved = here.repo.git(["update-ref", "refs/heads/main", &landed]);
    assert!(moved.stderr.contains("[PROTECTED_BRANCH_REFUSED]"), "{moved}");
}

#[test]
fn what_a_branch_got_before_it_coordinated_is_judged() {
    let here = Ground::new();
    let (together, own) = (here.together(), here.own());
    let free = here.with("main", "docs/evil.md", "evil\n");
    here.repo
        .unhooked(["push", "-q", "origin", &format!("{free}:refs/heads/{own}")])
        .run()
        .exits(0);
    let merged = here.repo.ask(["merge-tree", "--write-tree", &free, &together]);
    let merged = here.commit(&merged, &[&free, &together]);
    let landed = here.certified(&merged, |_| {});
    let said = here.declined(&[&format!("{landed}:main")], "PROTECTED_BRANCH_REFUSED");
    assert!(said.contains("COORDINATION_PATH_REFUSED"), "{said}");
}

#[test]
fn another_mission_of_that_name_does_not_land() {
    let here = Ground::new();
    let together = here.together();
    let meta = format!("{}/meta.json", here.mission.dir());
    let text = here.repo.ask(["show", &format!("{together}:{meta}")]);
    let twin = here.with(&together, &meta, &text.replace(&here.own(), "kitty/mission-twin"));
    let landed = here.certified(&twin, |_| {});
    here.refused_everywhere(&landed, "does not hold");
}

#[test]
fn a_certificate_about_nothing_that_is_there_is_refused_in_words() {
    let here = Ground::new();
    let together = here.together();
    for (key, value) in [
        ("coordination_tip", json!("0000000000000000000000000000000000000001")),
        ("target_old", json!("no id")),
        ("lanes", json!([{"lane_id": "lane-a", "tip": "1", "commit": "2"}])),
    ] {
        let landed = here.certified(&together, |it| it[key] = value.clone());
        let said = here.declined(&[&format!("{landed}:main"), &here.own()], "LANDING_NOT_HERE");
        assert!(said.contains("cannot be proven"), "{said}");
    }
    let wrong = json!([{"lane_id": "lane-a", "tip": here.own_tip(), "commit": "2"}]);
    let landed = here.certified(&together, |it| it["lanes"] = wrong.clone());
    here.refused_everywhere(&landed, "does not hold");
}

impl Ground {
    fn own_tip(&self) -> String {
        self.repo.id(&self.own())
    }
}

#[test]
fn the_operation_log_takes_its_own_entries_only() {
    let here = Ground::new();
    here.land(&[]);
    let oplog = "refs/kitty/oplog";
    let last = here.repo.id(oplog);
    let forged = |words: &[&str]| {
        let said = here.repo.git(words);
        assert!(said.status != 0 && said.stderr.contains("[OPLOG_FORGED]"), "{said}");
        assert_eq!(here.repo.id(oplog), last);
    };
    forged(&["update-ref", oplog, "main"]);
    forged(&["update-ref", "-d", oplog]);
    let again = here.commit(&last, &[&last]);
    forged(&["update-ref", oplog, &again]);
    here.repo.kitty(["undo"]).exits(0);
    forged_by_hand(&here, &last);
}

/// An entry that names all that moves passes; one that names less does not.
fn forged_by_hand(here: &Ground, entry: &str) {
    let last = here.repo.id("refs/kitty/oplog");
    let entry = here.commit(entry, &[&last]);
    let said = here.repo.git(["update-ref", "refs/kitty/oplog", &entry]);
    assert!(said.stderr.contains("about other moves than come with it"), "{said}");
}

#[test]
fn an_operation_passes_before_a_hook_of_others() {
    let here = Ground::new();
    here.repo.kitty(["install", "--uninstall"]).exits(0);
    let script = "#!/bin/sh\nexit 0\n";
    here.repo.write(".git/hooks/reference-transaction", script);
    here.repo.set_executable(".git/hooks/reference-transaction", true);
    here.repo.kitty(["install"]).exits(0);
    let before = here.repo.id("main");
    here.land(&["--pr"]);
    here.repo.kitty(["undo"]).exits(0);
    here.land(&["--strategy", "squash"]);
    here.repo.kitty(["undo"]).exits(0);
    assert_eq!(here.repo.id("main"), before);
    here.land(&["--strategy", "squash"]);
    here.repo.kitty(["mission", "close"]).exits(0);
}
