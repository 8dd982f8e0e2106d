//! `git kitty guard --range`: commits that were made already, judged one by one, also where nothing
//! of them is checked out.

mod clones;
mod ends;
mod forms;

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::scene::{Scene, TOPOLOGIES, codes};

/// Commits in a lane past the hooks. Returns the commit's id.
fn slip(lane: &Checkout, files: &[(&str, &str)], message: &str) -> String {
    lane.stage(files);
    lane.unhooked(["commit", "-q", "-m", message]).run().exits(0);
    lane.id("HEAD")
}

fn judge(checkout: &Checkout, range: &str, more: &[&str]) -> Output {
    checkout.kitty(["guard", "--range", range].iter().chain(more))
}

fn json(checkout: &Checkout, range: &str, more: &[&str]) -> Value {
    let output = judge(checkout, range, &[more, &["--format", "json"]].concat());
    assert_eq!(output.stderr, "", "{output}");
    let document: Value = serde_json::from_str(&output.stdout).unwrap();
    let refused = if document["verdict"] == "refused" { 1 } else { 0 };
    assert_eq!(output.status, refused, "{output}");
    document
}

/// Each violation as `CODE path commit`.
fn found(document: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let each = |v: &Value| {
        let (code, path) = (text(&v["error_code"]), text(&v["path"]));
        format!("{code} {path} {}", text(&v["commit"]))
    };
    document["violations"].as_array().unwrap().iter().map(each).collect()
}

#[test]
fn own_commits_pass_whoever_of_the_lane_owns_them() {
    for topology in TOPOLOGIES {
        let mut scene = Scene::new(topology);
        slip(&scene.lane, &[("src/b/two.rs", "2\n")], "work of WP02");
        scene.walk("WP02", &["in_progress", "for_review", "in_review", "approved"]);
        scene.walk("WP03", &["planned", "claimed", "in_progress"]);
        slip(&scene.lane, &[("docs/a.md", "a\n")], "work of WP03");
        let branch = scene.mission.lane_branch("lane-b");
        let output = judge(&scene.lane, "main..", &[]).exits(0);
        assert_eq!(
            output.stdout,
            format!("2 commits judged for `{branch}`: allowed\n"),
            "{topology:?}"
        );
        assert_eq!(output.stderr, "");
        let document = json(&scene.repo, &format!("main..{branch}"), &[]);
        assert_eq!(document["verdict"], "allowed");
        assert_eq!(document["branch"], branch.as_str());
        assert_eq!(document["mission_dir"], scene.mission.slug.as_str());
        assert_eq!(document["lane_id"], "lane-b");
        assert_eq!(document["range"]["judged"], 2);
        assert_eq!(document["range"]["from"], scene.repo.id("main").as_str());
        assert_eq!(document["range"]["to"], scene.lane.id("HEAD").as_str());
    }
}

#[test]
fn a_foreign_change_is_found_also_when_it_was_taken_back() {
    let scene = Scene::new(Topology::Coordination);
    slip(&scene.lane, &[("src/b/two.rs", "2\n")], "own");
    let foreign =
        slip(&scene.lane, &[("src/a/one.rs", "1\n"), ("new.txt", "n\n")], "foreign\u{1b}[2J");
    let back = {
        scene.lane.unhooked(["revert", "--no-edit", "HEAD"]).run().exits(0);
        scene.lane.id("HEAD")
    };
    let branch = scene.mission.lane_branch("lane-b");
    let output = judge(&scene.lane, "main..HEAD", &[]).exits(1);
    assert_eq!(output.stdout, "");
    let (first, second) = (&foreign[..10], &back[..10]);
    let hint = |base: &str| {
        format!(
            "hint: make the commit anew without new.txt src/a/one.rs: \
             `git rebase --interactive {base}~`; or add it to `owned_files` of"
        )
    };
    assert!(
        output.stderr.starts_with(&format!("commit {first}: foreign\\u{{1b}}[2J\nerror: 2 paths are owned by no work package that `{branch}` was claimed for [ACTIVE_WP_SCOPE_VIOLATION]\n")),
        "{output}"
    );
    assert!(output.stderr.contains("  src/a/one.rs  (owned by WP01, lane-a, in_progress)\n"));
    assert!([first, second].iter().all(|base| output.stderr.contains(&hint(base))), "{output}");
    assert!(output.stderr.contains(&format!("\ncommit {second}: Revert ")), "{output}");
    assert!(output.stderr.ends_with(&format!("3 commits judged for `{branch}`: 2 refused\n")));
    assert_eq!(codes(&output), ["ACTIVE_WP_SCOPE_VIOLATION"; 2]);
    let document = json(&scene.lane, "main..HEAD", &[]);
    let expected: Vec<String> = [&foreign, &back]
        .iter()
        .flat_map(|commit| {
            ["new.txt", "src/a/one.rs"]
                .map(|path| format!("ACTIVE_WP_SCOPE_VIOLATION {path} {commit}"))
        })
        .collect();
    assert_eq!(found(&document), expected);
    assert_eq!(document["violations"][1]["owners"], serde_json::json!(["WP01"]));
    assert_eq!(document["violations"][1]["owned_files"], serde_json::json!(["src/b/**", "*.md"]));
    let from = |base: &str| format!("`git rebase --interactive {base}~`");
    let step = |value: &Value| value["next_step"].as_str().unwrap().to_owned();
    assert!(step(&document).contains(&from(first)), "{document}");
    assert!(step(&document["violations"][2]).contains(&from(second)), "{document}");
    assert_eq!(document["error_code"], "ACTIVE_WP_SCOPE_VIOLATION");
    assert_eq!(document["paths"], serde_json::json!(["new.txt", "src/a/one.rs"]));
    assert!(document.get("decisions").is_none());
}

#[test]
fn each_rule_that_decided_is_told_with_its_commit() {
    let scene = Scene::new(Topology::Coordination);
    let own = slip(&scene.lane, &[("src/b/two.rs", "2\n")], "own");
    let output = judge(&scene.lane, "main..HEAD", &["--explain"]).exits(0);
    let branch = scene.mission.lane_branch("lane-b");
    let short = &own[..10];
    assert_eq!(
        output.stdout,
        format!(
            "commit {short}: own\nsrc/b/two.rs: owned by the active work package through `src/b/**`\n\
             1 commit judged for `{branch}`: allowed\n"
        )
    );
    let foreign = slip(&scene.lane, &[("new.txt", "n\n")], "foreign");
    let output = judge(&scene.lane, "main..HEAD", &["--explain"]).exits(1);
    assert!(
        output.stdout.contains(&format!("commit {}: foreign\nnew.txt: ", &foreign[..10])),
        "{output}"
    );
    let document = json(&scene.lane, "main..HEAD", &["--explain"]);
    let decisions = document["decisions"].as_array().unwrap();
    let commits: Vec<_> = decisions.iter().map(|d| d["commit"].as_str().unwrap()).collect();
    assert_eq!(commits, [own, foreign]);
}

#[test]
fn both_sides_of_a_rename_count_and_names_in_any_bytes() {
    let scene = Scene::new(Topology::Coordination);
    scene.lane.unhooked(["mv", "src/a/one.rs", "src/b/one.rs"]).run().exits(0);
    let moved = slip(&scene.lane, &[], "move");
    assert_eq!(
        found(&json(&scene.lane, "main..HEAD", &[])),
        [format!("ACTIVE_WP_SCOPE_VIOLATION src/a/one.rs {moved}")]
    );
    scene.restore(&format!("{moved}~"));
    let odd = slip(&scene.lane, &[("über uns.txt", "ü\n"), ("src/b/é\n.rs", "x\n")], "odd");
    assert_eq!(
        found(&json(&scene.lane, "main..HEAD", &[])),
        [format!("ACTIVE_WP_SCOPE_VIOLATION über uns.txt {odd}")]
    );
}

#[test]
fn mission_files_stay_closed_to_lanes() {
    let scene = Scene::new(Topology::Coordination);
    let dir = scene.mission.dir();
    let (plan, log) = (format!("{dir}/spec.md"), format!("{dir}/status.json"));
    scene.lane.write(&plan, "mine\n");
    scene.lane.must(["add", "--sparse", &plan]);
    let commit = slip(&scene.lane, &[], "plan");
    let blob = scene.lane.ask(["hash-object", "-w", "--stdin"]);
    scene.lane.must(["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{log}")]);
    scene.lane.unhooked(["commit", "-q", "-m", "status"]).run().exits(0);
    let status = scene.lane.id("HEAD");
    assert_eq!(
        found(&json(&scene.lane, "main..HEAD", &[])),
        [
            format!("MISSION_FILE_PROTECTED {plan} {commit}"),
            format!("STATUS_FILE_PROTECTED {log} {status}")
        ]
    );
}

#[test]
fn a_merge_is_judged_by_what_nobody_else_did() {
    let scene = Scene::new(Topology::Coordination);
    scene.repo.commit_file("src/a/one.rs", "from main\n");
    slip(&scene.lane, &[("src/b/two.rs", "2\n")], "own");
    let start = scene.lane.id("HEAD");
    scene.lane.unhooked(["merge", "-q", "--no-edit", "main"]).run().exits(0);
    let honest = json(&scene.lane, &format!("{start}~..HEAD"), &[]);
    assert_eq!(honest["verdict"], "allowed", "{honest}");
    assert_eq!(honest["range"]["judged"], 2, "main's own commit was judged there");
    scene.lane.unhooked(["reset", "-q", "--hard", &start]).run().exits(0);
    scene.lane.unhooked(["merge", "-q", "--no-commit", "--no-ff", "main"]).run().exits(0);
    let evil = slip(&scene.lane, &[("new.txt", "hidden\n")], "merge");
    assert_eq!(
        found(&json(&scene.lane, &format!("{start}..HEAD"), &[])),
        [format!("ACTIVE_WP_SCOPE_VIOLATION new.txt {evil}")]
    );
}

/// Where a submodule is checked out git takes the later one of two commits, elsewhere nobody can.
#[test]
fn a_submodule_that_git_moved_on_in_a_merge_is_nobodys_work() {
    let scene = Scene::new(Topology::Coordination);
    let sub = scene.repo.below("../sub");
    scene.repo.must(["init", "-q", "../sub"]);
    let [one, two, three, other] = ["1", "2", "3", "other"].map(|name| {
        sub.must(["commit", "-q", "--allow-empty", "-m", name]);
        sub.id("HEAD")
    });
    let place = |checkout: &Checkout, commit: &str| {
        let info = format!("160000,{commit},sub");
        checkout.must(["update-index", "--add", "--cacheinfo", &info]);
        checkout.unhooked(["commit", "-q", "-m", "sub"]).run().exits(0);
    };
    let merge = || scene.lane.unhooked(["merge", "-q", "--no-edit", "main"]).run();
    place(&scene.repo, &one);
    merge().exits(0);
    scene.lane.must(["clone", "-q", &sub.path().display().to_string(), "sub"]);
    place(&scene.lane, &two);
    place(&scene.repo, &three);
    let start = scene.lane.id("HEAD");
    merge().exits(0);
    assert_eq!(scene.lane.id("HEAD:sub"), three);
    let range = format!("{start}..HEAD");
    assert_eq!(json(&scene.lane, &range, &[])["verdict"], "allowed");
    scene.lane.must(["update-index", "--cacheinfo", &format!("160000,{other},sub")]);
    scene.lane.unhooked(["commit", "-q", "--amend", "--no-edit"]).run().exits(0);
    assert_eq!(json(&scene.lane, &range, &[])["verdict"], "refused");
}

#[test]
fn the_policy_decides_what_is_only_told() {
    let scene = Scene::new(Topology::Coordination);
    crate::kit::project::set_up(&scene.repo, "policy:\n  commit_guard:\n    mode: warn\n");
    let foreign = slip(&scene.lane, &[("new.txt", "n\n")], "foreign");
    let output = judge(&scene.lane, "main..HEAD", &[]).exits(0);
    assert!(
        output.stderr.starts_with(&format!("commit {}: foreign\nwarning: ", &foreign[..10])),
        "{output}"
    );
    assert!(output.stdout.ends_with(": allowed, with warnings\n"), "{output}");
    assert_eq!(json(&scene.lane, "main..HEAD", &[])["verdict"], "warned");
}

#[test]
fn protected_branches_and_those_with_a_scope_are_judged_as_such() {
    let scene = Scene::new(Topology::Coordination);
    scene.repo.must(["switch", "-q", "-c", "topic"]);
    let inside = slip(&scene.repo, &[("src/a/x.rs", "x\n")], "inside");
    let outside = slip(&scene.repo, &[("docs/x.md", "x\n")], "outside");
    assert_eq!(json(&scene.repo, "main..topic", &[])["verdict"], "allowed", "nobody guards it");
    scene.repo.kitty(["scope", "add", "src/**"]).exits(0);
    assert_eq!(
        found(&json(&scene.repo, "main..topic", &[])),
        [format!("SCOPE_VIOLATION docs/x.md {outside}")]
    );
    assert_eq!(
        found(&json(&scene.repo, "main..topic", &["--branch", "main"])),
        [
            format!("PROTECTED_BRANCH_REFUSED - {inside}"),
            format!("PROTECTED_BRANCH_REFUSED - {outside}"),
        ]
    );
}

#[test]
fn a_log_that_lost_lines_is_found_though_no_commit_shows_it() {
    let mut scene = Scene::new(Topology::Coordination);
    let branch = scene.mission.branch();
    let short = scene.repo.id(&branch);
    scene.walk("WP02", &["in_progress", "for_review"]);
    let long = scene.repo.id(&branch);
    let document = json(&scene.repo, &format!("{short}..{long}"), &["--branch", &branch]);
    assert_eq!(document["verdict"], "allowed", "{document}");
    let document = json(&scene.repo, &format!("{long}..{short}"), &["--branch", &branch]);
    assert_eq!(found(&document), ["LOG_NOT_APPEND_ONLY - -"]);
    let output = judge(&scene.repo, &format!("{long}..{short}"), &["--branch", &branch]).exits(1);
    assert!(output.stderr.starts_with("the branch as a whole:\nerror: the event log"), "{output}");
}
