//! What the `pre-push` hook lets pass, by real pushes into bare repositories.

use crate::kit::repo::RepoBuilder;
use crate::pushing::Pushing;

#[test]
fn honest_pushes_pass_without_a_word() {
    let mut here = Pushing::new();
    here.scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    let lane = here.lane();
    here.passes(&[&lane]);
    here.scene.walk("WP02", &["in_progress", "for_review"]);
    let coordination = here.scene.mission.branch();
    here.passes(&[&coordination]);
    let repo = &here.scene.repo;
    repo.ask(["branch", "feature", "main"]);
    repo.ask(["tag", "v1"]);
    repo.ask(["tag", "-a", "-m", "v2", "v2"]);
    here.passes(&["feature", "v1", "v2", "main"]);
    here.smuggle("feature", "src/a/free.rs");
    here.passes(&["feature"]);
    repo.ask(["branch", "-f", "feature", "main"]);
    here.passes(&["+feature", ":v1"]);
    here.passes(&[":feature"]);
    here.passes(&["main:refs/heads/new", &lane, &coordination]);
}

#[test]
fn the_first_push_into_an_empty_remote_passes_as_a_whole() {
    let here = Pushing::empty();
    here.passes(&["--all"]);
    assert_eq!(here.server.id("main"), here.scene.repo.id("main"));
    let alone = Pushing::empty();
    alone.passes(&["main"]);
    let behind = Pushing::empty();
    behind.passes(&["main~1:refs/heads/main"]);
    behind.refused(&["main"], "PROTECTED_BRANCH_REFUSED");
}

#[test]
fn a_protected_branch_that_is_new_there_takes_what_the_others_have() {
    let here = Pushing::new();
    here.passes(&["main:refs/heads/master"]);
    here.unjudged(&[":master"]);
    let new = here.smuggle("feature", "src/a/free.rs");
    here.refused(&[&format!("{new}:refs/heads/master")], "PROTECTED_BRANCH_REFUSED");
}

#[test]
fn what_is_behind_or_diverged_is_told_with_counts_and_the_next_step() {
    let here = Pushing::new();
    let repo = &here.scene.repo;
    let coordination = here.scene.mission.branch();
    here.others("main", "theirs");
    here.others(&coordination, "kitty-specs/theirs");
    let said = here.refused(&["+main"], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    assert!(said.contains("has commits that are not here"), "{said}");
    assert!(said.contains("`git fetch origin`"), "{said}");
    here.refused(&[&format!("+{coordination}")], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    repo.must(["fetch", "-q"]);
    let said = here.refused(&["+main"], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    assert!(said.contains("behind the remote's `main`: 0 ahead, 1 behind"), "{said}");
    assert!(said.contains("`git pull --no-rebase origin main`"), "{said}");
    here.smuggle("main", "ours");
    here.smuggle("main", "ours too");
    let said = here.refused(&["+main"], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    assert!(said.contains("diverged from the remote's `main`: 2 ahead, 1 behind"), "{said}");
    let tip = repo.id("main");
    let step = format!("`git push origin {}:refs/heads/NAME`", tip);
    assert!(said.contains(&step), "{said}");
    here.smuggle(&coordination, &format!("{}/notes.md", here.scene.mission.dir()));
    let said = here.refused(&[&format!("+{coordination}")], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    assert!(said.contains("1 ahead, 1 behind") && said.contains("join both logs"), "{said}");
    let url = here.server.path().display().to_string();
    repo.must(["remote", "set-url", "origin", &url]);
    let place = said.split("join both logs first: `").nth(1).unwrap().split('`').next().unwrap();
    assert!(said.contains(&format!("and there `git pull --no-rebase origin {coordination}`")));
    repo.sh(place).exits(0);
    let said = here.refused(&[&format!("+{coordination}")], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    let pull = said.split("join both logs first: `").nth(1).unwrap().split('`').next().unwrap();
    repo.sh(pull).exits(0);
    here.passes(&[&coordination]);
}

#[test]
fn a_lane_may_be_written_anew_once_what_the_remote_has_is_here() {
    let here = Pushing::new();
    let lane = here.lane();
    here.scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    here.passes(&[&lane]);
    here.others(&lane, "src/b/theirs.rs");
    here.scene.lane.must(["commit", "-q", "--amend", "-m", "again"]);
    here.refused(&[&format!("+{lane}")], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    here.scene.repo.must(["fetch", "-q"]);
    here.passes(&[&format!("+{lane}")]);
}

#[test]
fn a_log_on_the_remote_only_grows() {
    let mut here = Pushing::new();
    here.scene.walk("WP02", &["in_progress", "for_review"]);
    let coordination = here.scene.mission.branch();
    here.passes(&[&coordination]);
    let log = format!("{}/status.events.jsonl", here.scene.mission.dir());
    let back = format!("+{coordination}~1:refs/heads/{coordination}");
    here.refused(&[&back], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    let shrunk = (log, "".to_owned());
    here.scene.repo.commit_to(&coordination, "main", "Shrink", &[shrunk]);
    here.refused(&[&coordination], "LOG_NOT_APPEND_ONLY");
}

#[test]
fn a_protected_branch_takes_no_commits_and_is_not_deleted() {
    let here = Pushing::new();
    let coordination = here.scene.mission.branch();
    here.smuggle("main", "direct");
    let said = here.refused(&["main"], "PROTECTED_BRANCH_REFUSED");
    assert!(said.contains("would get 1 commit by a push"), "{said}");
    here.refused(&["main", "main:refs/heads/free"], "PROTECTED_BRANCH_REFUSED");
    let repo = &here.scene.repo;
    repo.unhooked(["reset", "-q", "--hard"]).run().exits(0);
    repo.unhooked(["merge", "-q", "--no-ff", "-m", "Land", &coordination]).run().exits(0);
    let said = here.refused(&["main"], "PROTECTED_BRANCH_REFUSED");
    let slug = &here.scene.mission.slug;
    let tip = repo.id("main");
    let step = format!("`git push origin {tip}:refs/heads/kitty/pr/{slug}-to-main`");
    assert!(said.contains(&step), "{said}");
    here.passes(&[&format!("{tip}:refs/heads/kitty/pr/{slug}-to-main")]);
    here.refused(&[":main"], "BRANCH_DELETION_REFUSED");
    here.unjudged(&["main"]);
}

#[test]
fn a_lane_does_not_come_to_its_target_by_itself() {
    let here = Pushing::new();
    let lane = here.lane();
    for file in ["src/b/one.rs", "src/b/two.rs"] {
        here.scene.commit(&[(file, "mine\n")]).exits(0);
    }
    for part in [lane.clone(), format!("{lane}~1")] {
        let said = here.refused(&[&format!("{part}:main")], "LANE_ONTO_TARGET");
        assert!(said.contains(&format!("`{}` first", here.scene.mission.branch())), "{said}");
    }
    free_main(&here);
    here.passes(&["main"]);
    here.refused(&[&format!("+{lane}:main")], "LANE_ONTO_TARGET");
    here.refused(&[&format!("+{lane}~1:main")], "LANE_ONTO_TARGET");
    let repo = &here.scene.repo;
    repo.unhooked(["merge", "-q", "-m", "Land", &lane]).run().exits(0);
    here.refused(&["main"], "LANE_ONTO_TARGET");
    here.passes(&[&lane]);
    here.unjudged(&["main"]);
    here.smuggle("main", "later");
    here.passes(&["main"]);
}

/// Nothing is protected any more, and the remote knows.
fn free_main(here: &Pushing) {
    let policy = "protection:\n  protected_branches: []\n".to_owned();
    let files = [(".kittify/config.yaml".to_owned(), policy)];
    here.scene.repo.commit_to("main", "main", "Decide", &files);
    here.scene.repo.unhooked(["reset", "-q", "--hard"]).run().exits(0);
    here.unjudged(&["main"]);
}

#[test]
fn what_came_past_the_doors_of_this_repository_stays_here() {
    let here = Pushing::new();
    let repo = &here.scene.repo;
    let lane = here.lane();
    here.scene.lane.stage(&[("src/a/foreign.rs", "evil\n")]);
    here.scene.lane.unhooked(["commit", "-q", "-m", "evil"]).run().exits(0);
    here.scene.commit(&[("src/b/own.rs", "good\n")]).exits(0);
    let said = here.refused(&[&lane], "ACTIVE_WP_SCOPE_VIOLATION");
    assert!(said.contains("src/a/foreign.rs") && said.contains(": evil"), "{said}");
    here.refused(
        &[&format!("{lane}:refs/heads/{lane}"), "main:refs/heads/x"],
        "ACTIVE_WP_SCOPE_VIOLATION",
    );
    repo.must(["switch", "-q", "-c", "narrow"]);
    repo.kitty(["scope", "add", "docs/**"]).exits(0);
    here.smuggle("narrow", "docs/fine");
    here.passes(&["narrow"]);
    here.smuggle("narrow", "src/a/wide.rs");
    here.refused(&["narrow"], "SCOPE_VIOLATION");
    here.unjudged(&["narrow"]);
}

#[test]
fn branches_of_a_mission_are_deleted_there_once_something_has_their_commits() {
    let here = Pushing::new();
    let (lane, coordination) = (here.lane(), here.scene.mission.branch());
    here.passes(&[&format!(":{lane}")]);
    here.refused(&[&format!(":{coordination}")], "BRANCH_DELETION_REFUSED");
    here.passes(&[&lane]);
    here.others(&lane, "src/b/theirs.rs");
    here.refused(&[&format!(":{lane}")], "TARGET_BRANCH_NOT_SYNCHRONIZED");
    here.scene.repo.must(["fetch", "-q"]);
    here.refused(&[&format!(":{lane}")], "BRANCH_DELETION_REFUSED");
    here.scene.repo.ask(["branch", "kept", &format!("origin/{lane}")]);
    here.passes(&[&format!(":{lane}")]);
    here.scene.repo.ask(["update-ref", "refs/kitty/discarded/m/coordination", &coordination]);
    here.passes(&[&format!(":{coordination}")]);
}

#[test]
fn each_of_two_remotes_is_asked() {
    let here = Pushing::new();
    let repo = &here.scene.repo;
    let second = RepoBuilder::default().bare().build(repo.sandbox(), "second");
    repo.ask(["remote", "add", "second", "../second"]);
    repo.must(["push", "-q", "second", "main"]);
    here.smuggle("main", "direct");
    repo.ask(["remote", "set-url", "--add", "--push", "origin", "../server"]);
    repo.ask(["remote", "set-url", "--add", "--push", "origin", "../second"]);
    here.refused(&["main"], "PROTECTED_BRANCH_REFUSED");
    assert_ne!(second.id("main"), repo.id("main"));
    here.scene.commit(&[("src/b/two.rs", "mine\n")]).exits(0);
    let lane = here.lane();
    here.passes(&[&lane, &here.scene.mission.branch()]);
    assert_eq!(second.id(&lane), repo.id(&lane));
    repo.git(["push", "-q", "../third", "main"]).exits(128);
}

#[test]
fn the_first_policy_and_a_mended_one_go_to_a_protected_branch() {
    let here = Pushing::new();
    let commit = |text: &str, more: &[(&str, &str)]| {
        let mut files = vec![(".kittify/config.yaml".to_owned(), text.to_owned())];
        files.extend(more.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())));
        here.scene.repo.commit_to("main", "main", "Decide", &files);
    };
    commit("policy: {}\n", &[]);
    here.passes(&["main"]);
    commit("protection:\n  protected_branches: []\n", &[]);
    here.refused(&["main"], "PROTECTED_BRANCH_REFUSED");
    here.scene.repo.ask(["symbolic-ref", "-d", "refs/remotes/origin/HEAD"]);
    here.refused(&["main"], "PROTECTED_BRANCH_REFUSED");
    commit("{", &[]);
    here.unjudged(&["main"]);
    commit("policy: {}\n", &[]);
    here.passes(&["main"]);
}

#[test]
fn a_policy_that_only_warns_lets_pass_and_says_so() {
    let here = Pushing::new();
    let policy = "policy:\n  commit_guard:\n    mode: warn\n".to_owned();
    here.scene.repo.commit_to(
        "main",
        "main",
        "Warn",
        &[(".kittify/config.yaml".to_owned(), policy)],
    );
    here.passes(&["main"]);
    here.smuggle(&here.lane(), "src/a/foreign.rs");
    let said = here.push(&[&here.lane()]).exits(0);
    assert!(
        said.stderr.contains("warning: ") && said.stderr.contains("[ACTIVE_WP_SCOPE_VIOLATION]"),
        "{said}"
    );
    let coordination = here.scene.mission.branch();
    let said = here.push(&[&format!("+{coordination}~1:refs/heads/{coordination}")]).exits(0);
    assert!(said.stderr.contains("[TARGET_BRANCH_NOT_SYNCHRONIZED]"), "{said}");
    here.smuggle("main", "direct");
    here.refused(&["main"], "PROTECTED_BRANCH_REFUSED");
}

#[test]
fn clones_that_have_not_everything_push_what_they_have() {
    let here = Pushing::new();
    let sandbox = here.scene.repo.sandbox();
    here.server.ask(["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", here.server.path().display());
    let lane = here.lane();
    for (name, option) in [("blobless", "--filter=blob:none"), ("shallow", "--depth=1")] {
        let words = ["clone", "-q", "--no-single-branch", option, "-b", &lane, &url, name];
        sandbox.call("git", sandbox.root()).args(words).run().exits(0);
        let clone = crate::kit::checkout::Checkout::at(sandbox, sandbox.root().join(name));
        clone.kitty(["init"]).exits(0);
        let coordination = here.scene.mission.branch();
        clone.must(["branch", "-q", &coordination, &format!("origin/{coordination}")]);
        clone.stage(&[("src/b/more.rs", name)]);
        clone.must(["commit", "-q", "-m", "More"]);
        assert_eq!(clone.git(["push", "-q"]).parts(), (0, "", ""), "{name}");
        clone.git(["push", "-q", "origin", "HEAD:main"]).exits(1);
        clone.must(["switch", "-q", "-c", "unknown-upstream"]);
        let said = clone.git(["push", "-q"]).exits(128);
        assert!(said.stderr.contains("has no upstream branch"), "{said}");
        clone.must(["push", "-q", "-u", "origin", &format!("HEAD:{name}")]);
        clone.commit_to(&lane, &lane, "Evil", &[("src/a/x.rs".to_owned(), "x\n".to_owned())]);
        let said = clone.git(["push", "-q", "origin", &lane]).exits(1);
        assert!(said.stderr.contains("[ACTIVE_WP_SCOPE_VIOLATION]"), "{said}");
    }
}
