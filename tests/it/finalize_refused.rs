//! `git kitty mission finalize`: plans with faults, and files that are none.

use std::os::unix::fs::PermissionsExt as _;

use crate::finalize::{LOCK, Plan};
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

/// Refused with this code and these parts of the message, and nothing has changed.
fn refused(plan: &Plan, code: &str, parts: &[&str]) {
    let before = state(&plan.repo).without(LOCK);
    let said = plan.finalize();
    assert_eq!(said.status, 1, "{said}");
    for part in parts.iter().copied().chain([format!("[{code}]").as_str()]) {
        assert!(said.stderr.contains(part), "{part} in {said}");
    }
    assert_unchanged(&before, &state(&plan.repo).without(LOCK));
}

fn raw(plan: &Plan, name: &str, keys: &str) {
    plan.repo.write(format!("{}/tasks/{name}", plan.dir), format!("---\n{keys}---\n"));
}

#[test]
fn all_faults_are_told_at_once_with_file_and_line() {
    let plan = Plan::new();
    plan.write(&Wp::new("WP01").owns(&["src/a/**"]));
    raw(&plan, "WP01-again.md", "work_package_id: WP01\nowned_files: [a]\n");
    raw(&plan, "WP02-x.md", "work_package_id: WP03\nowned_files: [a]\n");
    raw(
        &plan,
        "WP04-x.md",
        "work_package_id: WP04\ndependencies:\n- WP09\nowned_files: ['a{', '../b']\n",
    );
    raw(&plan, "WP05-x.md", "work_package_id: WP05\nscope: codebase-wide\nscope: none\n");
    raw(
        &plan,
        "WP06-x.md",
        "work_package_id: WP06\nexecution_mode: code_change\nowned_files: []\n",
    );
    raw(&plan, "WP7-x.md", "work_package_id: WP07\n");
    plan.repo.write(format!("{}/tasks/WP08.md", plan.dir), "no front matter\n");
    let tasks = format!("{}/tasks", plan.dir);
    let parts = [
        "the plan has 9 faults: ".to_owned(),
        format!(
            "{tasks}/WP01-part-wp01.md: `{tasks}/WP01-again.md` is a file of the same work package"
        ),
        format!("{tasks}/WP02-x.md:2: `work_package_id` is WP03, but the file is named WP02"),
        format!("{tasks}/WP04-x.md:4: it depends on WP09, which is not there"),
        format!("{tasks}/WP04-x.md:5: `a{{` is no glob"),
        format!("{tasks}/WP04-x.md:5: `../b` can match nothing"),
        format!("{tasks}/WP05-x.md:4: `scope` stands here and in line 3 already"),
        format!("{tasks}/WP06-x.md:4: it changes code and owns no files"),
        format!("{tasks}/WP08.md:1: no front matter"),
        format!("{tasks}/WP7-x.md: its name announces no work package"),
    ];
    refused(&plan, "PLAN_INVALID", &parts.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn mission_files_belong_to_planning_work() {
    let plan = Plan::new();
    plan.write(&Wp::new("WP01").owns(&["src/a/**", "kitty-specs/x/**"]));
    refused(
        &plan,
        "INVALID_WP_OWNED_FILES_KITTY_SPECS",
        &["WP01-part-wp01.md:14: `kitty-specs/x/**`"],
    );
    plan.write(&Wp::new("WP01").owns(&["kitty-specs/x/**"]).mode("planning_artifact"));
    plan.finalize().exits(0);
    // Who has begun may keep what it has.
    plan.write(&Wp::new("WP01").owns(&["src/a/**"]));
    plan.finalize().exits(0);
    plan.repo.kitty(["wp", "claim", "WP01"]).exits(0);
    plan.write(&Wp::new("WP01").owns(&["src/a/**", "kitty-specs/x/**"]));
    plan.finalize().exits(0);
}

#[test]
fn a_circle_is_named() {
    let plan = Plan::new();
    plan.write(&Wp::new("WP01").owns(&["a"]).needs(&["WP02"]));
    plan.write(&Wp::new("WP02").owns(&["b"]).needs(&["WP01"]));
    refused(&plan, "WP_DEPENDENCY_CYCLE", &["WP01 -> WP02 -> WP01"]);
}

#[test]
fn a_mission_stays_what_it_is() {
    let plan = Plan::new();
    let meta = plan.on_branch("meta.json");
    let path = format!("{}/meta.json", plan.dir);
    plan.repo.write(&path, meta.replace("\"target_branch\": \"main\"", "\"target_branch\": \"x\""));
    refused(&plan, "PLAN_INVALID", &["meta.json: `target_branch` cannot change"]);
    plan.repo
        .write(&path, meta.replace("\"friendly_name\": \"pay\"", "\"friendly_name\": \"Paid\""));
    plan.finalize().exits(0);
    assert!(plan.on_branch("meta.json").contains("\"Paid\""));
    plan.write_two();
    plan.finalize().exits(0);
    std::fs::remove_file(plan.repo.path().join(&path)).unwrap();
    refused(&plan, "PLAN_INVALID", &["cannot be deleted"]);
}

#[test]
fn begun_work_keeps_its_file() {
    let plan = Plan::new();
    plan.write_two();
    plan.finalize().exits(0);
    plan.repo.kitty(["wp", "claim", "WP01"]).exits(0);
    plan.write(&Wp::new("WP02").owns(&["src/b/**"]));
    std::fs::remove_file(plan.repo.path().join(plan.wp_path("WP01"))).unwrap();
    refused(&plan, "PLAN_INVALID", &["WP01 has begun, and its file is missing"]);
}

#[test]
fn status_and_lanes_are_never_taken() {
    let plan = Plan::new();
    plan.write_two();
    plan.finalize().exits(0);
    let (tip, tree) = (plan.tip(), plan.files_on_branch());
    for name in ["status.events.jsonl", "status.json", "lanes.json", "deep/status.json"] {
        plan.repo.write(format!("{}/{name}", plan.dir), "forged\n");
    }
    plan.finalize().exits(0);
    assert_eq!((plan.tip(), plan.files_on_branch()), (tip, tree));
    assert_eq!(plan.repo.read(&format!("{}/status.json", plan.dir)), "forged\n");
}

#[test]
fn only_regular_files_are_taken() {
    let plan = Plan::new();
    plan.write_two();
    plan.finalize().exits(0);
    let tasks = format!("{}/tasks", plan.dir);
    std::fs::remove_file(plan.repo.path().join(plan.wp_path("WP02"))).unwrap();
    plan.repo.symlink(plan.wp_path("WP02"), "/etc/passwd");
    plan.repo.symlink(format!("{tasks}/WP03-x.md"), "/etc/passwd");
    plan.repo.symlink(format!("{}/dir", plan.dir), "/etc");
    plan.repo.sh(&format!("mkfifo '{tasks}/WP04-x.md'")).exits(0);
    plan.repo.write(format!("{tasks}/WP05-x.md/file"), "in a directory\n");
    plan.repo.write(format!("{}/nested/.git/config", plan.dir), "[core]\n");
    plan.repo.write(format!("{}/nested/file", plan.dir), "x\n");
    let odd = [plan.dir.as_bytes(), b"/odd-\xff\n.md"].concat();
    plan.repo.write(&odd, "odd\n");
    let said = plan.finalize().exits(0);
    for part in [
        "WP02-part-wp02.md` is left out: it is a symbolic link",
        "WP03-x.md`",
        "dir` is",
        "WP04-x.md` is left out: it is no regular file",
        "WP05-x.md` is a directory",
        "nested` is left out: it is another repository",
    ] {
        assert!(said.stderr.contains(part), "{part} in {said}");
    }
    let listed = plan.repo.ask(["ls-tree", "-r", "--name-only", "-z", &plan.branch()]);
    assert!(listed.contains("odd-") && listed.contains("WP05-x.md/file"), "{listed}");
    assert!(listed.contains("WP02-part-wp02.md"), "a link is no deletion");
    assert!(!listed.contains("WP03") && !listed.contains("WP04") && !listed.contains("nested"));
    let bytes = plan.repo.call(["ls-tree", "-r", "--name-only", "-z", &plan.branch()]).run().bytes;
    assert!(bytes.split(|b| *b == 0).any(|path| path == odd));
    assert!(plan.repo.file(plan.wp_path("WP02")).is_symlink());
}

#[test]
fn a_name_that_nobody_could_read_is_told() {
    let plan = Plan::new();
    plan.repo.write([plan.dir.as_bytes(), b"/tasks/WP01-\xff.md"].concat(), "---\n---\n");
    refused(&plan, "PLAN_INVALID", &["WP01-\\377.md: its name is no UTF-8"]);
}

#[test]
fn what_cannot_be_read_is_not_deleted() {
    let plan = Plan::new();
    plan.write_two();
    plan.finalize().exits(0);
    let tasks = plan.repo.path().join(&plan.dir).join("tasks");
    let set = |mode| std::fs::set_permissions(&tasks, std::fs::Permissions::from_mode(mode));
    set(0o000).unwrap();
    let readable = std::fs::read_dir(&tasks).is_ok();
    let (tip, said) = (plan.tip(), plan.finalize());
    set(0o755).unwrap();
    // Root reads everything.
    assert!(readable || said.status == 70, "{said}");
    assert_eq!(plan.tip(), tip);
}

#[test]
fn junk_that_git_ignores_stays_out_and_all_else_comes_in() {
    let plan = Plan::new();
    plan.repo.write(".git/info/exclude", "*~\n.*.swp\nWP02*\n");
    plan.write_two();
    for name in ["spec.md~", "tasks/.WP01.swp"] {
        plan.repo.write(format!("{}/{name}", plan.dir), "junk");
    }
    raw(&plan, "WP02-part-wp02.md", "work_package_id: WP02\nowned_files: [src/b/two.rs]\n");
    let said = plan.finalize().exits(0);
    assert!(said.stderr.contains("WP02-part-wp02.md` is left out: git ignores it"), "{said}");
    let files = plan.files_on_branch().join(" ");
    assert!(
        files.contains("WP01-part") && !files.contains('~') && !files.contains("swp"),
        "{files}"
    );
    // Where all of it is ignored, that says nothing about a file.
    plan.repo.write(".git/info/exclude", "kitty-specs/\n");
    plan.finalize().exits(0);
    assert!(plan.files_on_branch().join(" ").contains("WP02-part"));
}

#[test]
fn globs_that_own_nothing_are_told() {
    let plan = Plan::new();
    let keys = "work_package_id: WP01\nzz: 1\nowned_files:\n- src/a/one.rs\n- src/a\n- src/a/gone.rs\n\
                - src/a/new.rs\n- src/**/*.rs\n- src/**/*.py\n- new/**\n- later/**\n- lib/\n- '{a,b}.c'\n\
                create_intent: [src/a/new.rs, later/x]\n";
    raw(&plan, "WP01-x.md", keys);
    let dry = plan.finalize_with(&["--dry-run"]).exits(0);
    assert!(dry.stderr.contains("WP01-x.md:3: unknown key"), "lines as they are: {dry}");
    let document = plan.json(&[]);
    let told: Vec<String> = document["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| {
            let text = |key: &str| warning[key].as_str().unwrap().to_owned();
            let message = text("message").replace(&format!("{}/tasks/WP01-x.md:", plan.dir), "");
            format!("{} {}", text("code"), message.split('`').take(2).collect::<Vec<_>>().join(""))
        })
        .collect();
    assert_eq!(
        told,
        [
            "UNKNOWN_FRONTMATTER_KEY 5: unknown key zz",
            "OWNED_FILE_MISSING 9: src/a/gone.rs",
            "GLOB_MATCHES_NOTHING 12: src/**/*.py",
            "GLOB_MATCHES_NOTHING 13: new/**",
            "GLOB_MATCHES_NOTHING 15: lib/",
            "GLOB_MATCHES_NOTHING 16: {a,b}.c",
        ]
    );
}

#[test]
fn a_status_that_stands_in_a_file_alone_is_left_to_adoption() {
    let plan = Plan::new();
    plan.write(&Wp::new("WP01").legacy("done"));
    let said = plan.finalize().exits(0);
    assert!(said.stderr.contains("WP01 is done by its file alone"), "{said}");
    assert!(!plan.files_on_branch().contains(&"status.events.jsonl".to_owned()));
}

#[test]
fn a_link_in_place_of_the_directory_is_told_and_not_followed() {
    for (link, outside) in [("kitty-specs", "../specs"), ("", "../mission")] {
        let plan = Plan::new();
        let link = if link.is_empty() { plan.dir.clone() } else { link.to_owned() };
        let below = plan.dir.strip_prefix(&link).unwrap();
        let text = Wp::new("WP01").owns(&["src/a/**"]).text("develop");
        let outside = format!("{outside}{below}/tasks/WP01-part-wp01.md");
        plan.repo.write(&outside, &text);
        let place = plan.repo.path().join(&link);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let target =
            plan.repo.path().join(outside.strip_suffix("/tasks/WP01-part-wp01.md").unwrap());
        let target = target.to_str().unwrap().strip_suffix(below).unwrap().to_owned();
        std::os::unix::fs::symlink(target, &place).unwrap();
        let said = plan.finalize().exits(0);
        let told = format!("`{}` is left out: it is a symbolic link", place.display());
        assert!(said.stderr.contains(&told), "{said}");
        assert!(said.stderr.contains("[PLANNING_FILE_LEFT_OUT]"), "{said}");
        assert_eq!(plan.repo.read(&outside), text);
        assert!(!plan.files_on_branch().join(" ").contains("WP01"));
    }
}

#[test]
fn a_link_in_the_coordination_worktree_is_not_followed_either() {
    let plan = Plan::new();
    plan.write_two();
    plan.finalize().exits(0);
    let checkout = plan.repo.worktree(".worktrees/view", &plan.branch());
    let (tip, place) = (plan.tip(), checkout.path().join("kitty-specs"));
    std::fs::rename(&place, plan.repo.path().join("../moved")).unwrap();
    std::os::unix::fs::symlink(plan.repo.path().join("../moved"), &place).unwrap();
    let spec = format!("../moved/{}/spec.md", plan.slug);
    plan.repo.write(&spec, "# Outside\n");
    let said = plan.finalize().exits(0);
    let told = format!("`{}` is left out: it is a symbolic link", place.display());
    assert!(said.stderr.contains(&told), "{said}");
    assert_eq!((plan.tip(), plan.repo.read(&spec).as_str()), (tip, "# Outside\n"));
}
