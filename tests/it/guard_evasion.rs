//! Ways around the judge that leave the hooks on: each must be as closed as the front door.

use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::scene::{Scene, codes};

/// The codes that a change of what lane-a owns gets in lane-b.
fn foreign(scene: &Scene) -> Vec<String> {
    codes(&scene.commit(&[("src/a/one.rs", "1\n")]).exits(1))
}

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

#[test]
fn a_lane_cannot_bring_its_own_policy() {
    let scene = Scene::new(Topology::Primary);
    scene.lane.write(".kittify/config.yaml", "policy:\n  commit_guard:\n    mode: off\n");
    scene.lane.unhooked(["add", ".kittify"]).run().exits(0);
    scene.lane.unhooked(["commit", "-q", "-m", "as if owned"]).run().exits(0);
    assert_eq!(foreign(&scene), ["ACTIVE_WP_SCOPE_VIOLATION"]);
    let unknown = format!("{}-lane-zz", scene.mission.branch());
    scene.lane.git(["branch", "-m", &unknown]).exits(0);
    assert_eq!(foreign(&scene), ["ACTIVE_WP_CONTEXT_MISSING"]);
}

fn policy_on(repo: &Checkout, branch: &str, text: &str) {
    let files = [(".kittify/config.yaml".to_owned(), text.to_owned())];
    repo.commit_to(branch, &repo.id("HEAD"), "policy", &files);
}

#[test]
fn a_later_policy_ref_replaces_no_earlier_one() {
    let scene = Scene::new(Topology::Primary);
    policy_on(&scene.repo, "company", "protection:\n  protected_branches: [prod]\n");
    policy_on(&scene.repo, "lax", "protection:\n  protected_branches: []\n");
    scene.repo.must(["config", "kitty.policyRef", "company"]);
    let prod = scene.repo.worktree("../prod", "prod");
    prod.stage(&[("a", "a\n")]);
    let output = prod.git(["-c", "kitty.policyRef=lax", "commit", "-m", "x"]).exits(1);
    assert_eq!(codes(&output), ["PROTECTED_BRANCH_REFUSED"]);
}

#[test]
fn a_remote_of_the_command_line_hides_no_default_branch() {
    let scene = Scene::new(Topology::Primary);
    let trunk = scene.repo.worktree("../trunk", "trunk");
    trunk.must(["config", "remote.upstream.url", "/nowhere"]);
    trunk.must(["update-ref", "refs/remotes/upstream/trunk", "HEAD"]);
    trunk.must(["symbolic-ref", "refs/remotes/upstream/HEAD", "refs/remotes/upstream/trunk"]);
    trunk.stage(&[("a", "a\n")]);
    for more in ["user.x=1", "remote.other.url=/elsewhere"] {
        let output = trunk.git(["-c", more, "commit", "-m", "x"]).exits(1);
        assert_eq!(codes(&output), ["PROTECTED_BRANCH_REFUSED"], "{more}");
    }
}

#[test]
fn of_several_branches_that_claim_a_mission_none_is_taken() {
    let scene = Scene::new(Topology::Primary);
    let meta = format!("{}/meta.json", scene.mission.dir());
    let forged =
        scene.repo.read(&meta).replace(r#""target_branch": "main""#, r#""target_branch": "aaa""#);
    scene.repo.commit_to("aaa", &scene.repo.id("main"), "forge", &[(meta, forged)]);
    assert_eq!(foreign(&scene), ["ACTIVE_WP_SCOPE_VIOLATION"], "the primary checkout has it");
    scene.repo.unhooked(["checkout", "-q", "--orphan", "empty"]).run().exits(0);
    scene.repo.unhooked(["rm", "-rqf", "."]).run().exits(0);
    let output = scene.commit(&[("src/a/one.rs", "2\n")]).exits(1);
    assert_eq!(codes(&output), ["ACTIVE_WP_CONTEXT_ERROR"], "{output}");
    assert!(output.stderr.contains("several branches: `aaa`, `main`"), "{output}");
    scene.repo.must(["branch", "-D", "aaa"]);
    assert_eq!(foreign(&scene), ["ACTIVE_WP_SCOPE_VIOLATION"]);
}

#[test]
fn a_file_that_is_not_surely_the_work_packages_is_no_metadata() {
    let own = "---\nwork_package_id: WP02\ntitle: x\nowned_files: ['**']\n---\n";
    for (name, text) in
        [("WP02-another.md", own.to_owned()), ("WP02-a.md", own.replace("WP02", "WP01"))]
    {
        let scene = Scene::new(Topology::Primary);
        let tasks = format!("{}/tasks", scene.mission.dir());
        if !text.contains("WP02") {
            scene.repo.sh(&format!("rm '{tasks}'/WP02*.md")).exits(0);
        }
        scene.repo.write(format!("{tasks}/{name}"), text);
        assert_eq!(foreign(&scene), ["ACTIVE_WP_METADATA_INVALID"], "{name}");
    }
}

#[test]
fn where_case_does_not_count_it_does_not_open_mission_files() {
    let scene = Scene::new(Topology::Primary);
    let policy =
        "policy:\n  commit_guard:\n    case_insensitive: true\n    enforce_ownership: false\n";
    crate::kit::project::set_up(&scene.repo, policy);
    let dir = scene.mission.dir().replace("kitty-specs", "Kitty-Specs");
    let output = scene.commit(&[(&format!("{dir}/STATUS.json"), "{}\n")]).exits(1);
    assert_eq!(codes(&output), ["STATUS_FILE_PROTECTED"]);
}

#[test]
fn the_first_policy_passes_only_if_it_can_be_read() {
    let sandbox = crate::kit::sandbox::Sandbox::new();
    let repo = crate::kit::repo::RepoBuilder::default().build(&sandbox, "repo");
    repo.kitty(["init"]).exits(0);
    repo.stage(&[(".kittify/config.yaml", "policy: [\n")]);
    let output = repo.git(["commit", "-m", "policy"]).exits(1);
    assert_eq!(codes(&output), ["POLICY_CONFIG_INVALID"]);
    std::fs::remove_file(repo.file(".kittify/config.yaml")).unwrap();
    repo.symlink(".kittify/config.yaml", "elsewhere");
    repo.must(["add", "-A"]);
    let output = repo.git(["commit", "-m", "policy"]).exits(1);
    assert_eq!(codes(&output), ["PROTECTED_BRANCH_REFUSED"]);
    std::fs::remove_file(repo.file(".kittify/config.yaml")).unwrap();
    repo.stage(&[(".kittify/config.yaml", "policy: {}\n")]);
    repo.git(["commit", "-q", "-m", "policy"]).exits(0);
}

#[test]
fn a_branch_shaped_like_a_lane_of_a_mission_is_no_free_one() {
    let scene = Scene::new(Topology::Primary);
    for tail in ["lane-a1", "lane-{", "lane-B", "lane-b-"] {
        let name = format!("{}-{tail}", scene.mission.branch());
        scene.lane.git(["switch", "-q", "-c", &name]).exits(0);
        let output = scene.commit(&[("src/b/two.rs", "2\n")]).exits(1);
        assert_eq!(codes(&output), ["ACTIVE_WP_CONTEXT_MISSING"], "{name}: {output}");
        scene.lane.git(["switch", "-q", &scene.mission.lane_branch("lane-b")]).exits(0);
    }
    let other = "kitty/mission-of-nobody-lane-a1";
    scene.lane.git(["switch", "-q", "-c", other]).exits(0);
    scene.commit(&[("src/a/one.rs", "no mission of that name: free\n")]).exits(0);
}

#[test]
fn a_branch_cannot_declare_itself_the_coordination_branch_of_an_older_mission() {
    let scene = Scene::new(Topology::Primary);
    let branch = scene.mission.branch();
    let forged = scene.repo.worktree("../forged", &branch);
    let meta = format!("{}/meta.json", scene.mission.dir());
    let named =
        forged.read(&meta).replacen('{', &format!("{{\"coordination_branch\": \"{branch}\","), 1);
    let tasks = format!("{}/tasks", scene.mission.dir());
    forged.stage(&[(&meta, &named)]);
    forged.sh(&format!("sed -i 's#src/b#src/a#' {tasks}/WP02*")).exits(0);
    forged.git(["commit", "-q", "-a", "-m", "as if it coordinated"]).exits(0);
    assert_eq!(foreign(&scene), ["ACTIVE_WP_SCOPE_VIOLATION"]);
    scene.commit(&[("README.md", "still owned\n")]).exits(1);
    scene.lane.git(["reset", "-q", "--hard"]).exits(0);
    scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
}

#[test]
fn a_pipe_in_the_place_of_a_log_keeps_nobody_waiting() {
    let scene = Scene::new(Topology::Primary);
    let log = format!("{}/status.events.jsonl", scene.mission.dir());
    scene.repo.sh(&format!("rm {log} && mkfifo {log}")).exits(0);
    let output = scene.commit(&[("src/b/two.rs", "2\n")]).exits(1);
    assert_eq!(codes(&output), ["ACTIVE_WP_STATUS_UNAVAILABLE"], "{output}");
    assert!(output.stderr.contains("no regular file"), "{output}");
}

#[test]
fn the_hint_fits_a_commit_that_brought_its_own_index() {
    let scene = Scene::new(Topology::Primary);
    scene.lane.write("src/a/one.rs", "1\n");
    let output = scene.lane.git(["commit", "-a", "-m", "all"]).exits(1);
    assert!(
        output.stderr.contains(
            "hint: leave the path out of the commit: `git commit -- OTHERS`, without `-a`"
        ),
        "{output}"
    );
}
