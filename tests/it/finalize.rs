//! `git kitty mission finalize`: what is taken, computed and begun.

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;
use crate::scene::Scene;

/// The file that is locked while a mission is written to; it stays.
pub(crate) const LOCK: &str = "spec-kitty-locks/";

/// A mission that `git kitty mission create` made, to be planned in the primary checkout.
pub(crate) struct Plan {
    /// The primary checkout, on `main`, which is protected.
    pub(crate) repo: Checkout,
    /// The mission's directory.
    pub(crate) dir: String,
    /// Its name.
    pub(crate) slug: String,
}

impl Plan {
    pub(crate) fn new() -> Self {
        Self::onto("main")
    }

    /// One that lands on `target`, which is made where it is missing.
    pub(crate) fn onto(target: &str) -> Self {
        let repo = RepoBuilder::default().files(3).build(&Sandbox::new(), "repo");
        for file in ["src/a/one.rs", "src/b/two.rs", "docs/guide.md"] {
            repo.commit_file(file, file);
        }
        if target != "main" {
            repo.must(["branch", target]);
        }
        repo.kitty(["init"]).exits(0);
        let words = ["mission", "create", "pay", "--target", target, "--format", "json"];
        let made: Value = serde_json::from_str(&repo.kitty(words).exits(0).stdout).unwrap();
        let slug = made["mission_slug"].as_str().unwrap().to_owned();
        Self { repo, dir: format!("kitty-specs/{slug}"), slug }
    }

    pub(crate) fn branch(&self) -> String {
        format!("kitty/mission-{}", self.slug)
    }

    /// Writes a work package into a checkout.
    pub(crate) fn write_in(&self, place: &Checkout, wp: &Wp) {
        place.write(self.wp_path(&wp.id), wp.text("develop"));
    }

    pub(crate) fn write(&self, wp: &Wp) {
        self.write_in(&self.repo, wp);
    }

    /// Two that have nothing in common.
    pub(crate) fn write_two(&self) {
        self.write(&Wp::new("WP01").owns(&["src/a/**"]));
        self.write(&Wp::new("WP02").owns(&["src/b/**"]).needs(&["WP01"]));
    }

    pub(crate) fn wp_path(&self, id: &str) -> String {
        format!("{}/tasks/{}.md", self.dir, Wp::new(id).stem())
    }

    pub(crate) fn finalize(&self) -> Output {
        self.finalize_with(&[])
    }

    pub(crate) fn finalize_with(&self, more: &[&str]) -> Output {
        self.repo.kitty(["mission", "finalize"].iter().chain(more))
    }

    pub(crate) fn json(&self, more: &[&str]) -> Value {
        let more: Vec<&str> = more.iter().copied().chain(["--format", "json"]).collect();
        let said = self.finalize_with(&more);
        serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{said}"))
    }

    /// What the branch has at a path of the mission.
    pub(crate) fn on_branch(&self, path: &str) -> String {
        let spec = format!("{}:{}/{path}", self.branch(), self.dir);
        let said = self.repo.call(["cat-file", "blob", &spec]).still().run().exits(0);
        said.stdout
    }

    pub(crate) fn files_on_branch(&self) -> Vec<String> {
        let dir = format!("{}/", self.dir);
        let listed = self.repo.ask(["ls-tree", "-r", "--name-only", &self.branch(), "--", &dir]);
        listed.lines().map(|line| line.strip_prefix(&dir).unwrap().to_owned()).collect()
    }

    /// Commits a file of the mission to its branch, as another tool would.
    pub(crate) fn commit(&self, path: &str, text: &str) {
        let file = (format!("{}/{path}", self.dir), text.to_owned());
        self.repo.commit_to(&self.branch(), "HEAD", "Somebody else", &[file]);
    }

    pub(crate) fn tip(&self) -> String {
        self.repo.id(&self.branch())
    }
}

/// `lane-a: WP01 WP02 < lane-b` for each lane.
pub(crate) fn lanes(document: &Value) -> Vec<String> {
    let list = |value: &Value| {
        let items = value.as_array().unwrap().iter().map(|item| item.as_str().unwrap());
        items.collect::<Vec<_>>().join(" ")
    };
    let line = |lane: &Value| {
        let id = lane["lane_id"].as_str().unwrap();
        let line = format!("{id}: {} < {}", list(&lane["wp_ids"]), list(&lane["depends_on_lanes"]));
        line.trim_end_matches(" < ").to_owned()
    };
    document["lanes"].as_array().unwrap().iter().map(line).collect()
}

#[test]
fn a_plan_is_taken_checked_and_begun() {
    let plan = Plan::new();
    plan.write_two();
    plan.write(&Wp::new("WP03").owns(&["src/b/t*"]));
    plan.repo.write(format!("{}/spec.md", plan.dir), "# All mine\n");
    let (index, head) = (plan.repo.ask(["ls-files", "--stage"]), plan.repo.ask(["status", "-b"]));
    let said = plan.finalize_with(&["--actor", "ann"]).exits(0);
    let short = &plan.tip()[..12];
    assert_eq!(
        said.stdout,
        format!(
            "lane-a: WP01\nlane-b: WP02, WP03, waits for lane-a\n\
             overlap: WP02 and WP03: `src/b/**` and `src/b/t*` both match `src/b/t`\n\
             committed {short} to {}: Finalize the plan, and 3 more\n",
            plan.branch()
        )
    );
    let documents = ["meta.json", "plan.md", "spec.md", "tasks.md"];
    let mut files = documents.map(str::to_owned).to_vec();
    files.extend(
        ["lanes.json", "status.events.jsonl", "status.json", "tasks/README.md"].map(str::to_owned),
    );
    files.extend(["WP01", "WP02", "WP03"].map(|id| format!("tasks/{}.md", Wp::new(id).stem())));
    files.sort();
    assert_eq!(plan.files_on_branch(), files);
    assert_eq!(plan.on_branch("spec.md"), "# All mine\n");
    let wp = plan.on_branch("tasks/WP01-part-wp01.md");
    assert_eq!(wp, Wp::new("WP01").owns(&["src/a/**"]).text("main"), "the target, and no more");
    assert_eq!(plan.repo.read(&plan.wp_path("WP01")), wp, "written back");
    let events = plan.on_branch("status.events.jsonl");
    let events: Vec<Value> = events.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    for (event, id) in events.iter().zip(["WP01", "WP02", "WP03"]) {
        let field = |key: &str| event[key].as_str().unwrap();
        let fields = ["wp_id", "from_lane", "to_lane", "actor", "execution_mode"].map(field);
        assert_eq!(fields, [id, "genesis", "planned", "ann", "worktree"]);
    }
    assert_eq!(events.len(), 3);
    assert_eq!(plan.repo.ask(["ls-files", "--stage"]), index);
    assert_eq!(plan.repo.ask(["status", "-b"]), head);
    assert_eq!(plan.repo.kitty(["wp", "claim", "WP01"]).status, 0);
}

#[test]
fn the_document_has_what_was_promised() {
    let plan = Plan::new();
    plan.write(&Wp::new("WP01").owns(&["src/**"]));
    plan.write(&Wp::new("WP02").owns(&["src/a/*"]));
    let document = plan.json(&[]);
    assert_eq!(lanes(&document), ["lane-a: WP01 WP02"]);
    let overlap = &document["overlaps"][0];
    assert_eq!((&overlap["wp_a"], &overlap["wp_b"]), (&"WP01".into(), &"WP02".into()));
    assert!(overlap["witness"].as_str().unwrap().starts_with("src/a/"));
    assert_eq!(document["mission_slug"], plan.slug.as_str());
    assert_eq!(document["work_packages"][1]["status"], "planned");
    assert_eq!(document["commits"][0]["commit"], plan.tip().as_str());
    assert_eq!(document["warnings"], Value::Array(Vec::new()));
}

#[test]
fn again_changes_nothing_and_says_so() {
    let plan = Plan::new();
    plan.write_two();
    plan.finalize().exits(0);
    // A moved target alone is no reason.
    plan.repo.commit_file("src/a/more.rs", "more");
    let before = state(&plan.repo);
    let said = plan.finalize().exits(0);
    let nothing = "nothing to commit: the plan is as it was\n";
    assert_eq!(said.stdout, format!("lane-a: WP01\nlane-b: WP02, waits for lane-a\n{nothing}"));
    assert_unchanged(&before, &state(&plan.repo));
}

#[test]
fn a_dry_run_tells_everything_and_writes_nothing() {
    let plan = Plan::new();
    plan.write_two();
    let before = state(&plan.repo).without(LOCK);
    let said = plan.finalize_with(&["--dry-run"]).exits(0);
    let path = plan.wp_path("WP02");
    assert!(
        said.stdout.contains(&format!("would be added: {path}\nnothing was written\n")),
        "{said}"
    );
    assert_eq!(lanes(&plan.json(&["--dry-run"])).len(), 2);
    assert_unchanged(&before, &state(&plan.repo).without(LOCK));
}

#[test]
fn a_plan_without_work_packages_says_where_they_go() {
    let plan = Plan::new();
    let said = plan.finalize().exits(0);
    let told = said.stderr.contains("[PLAN_EMPTY]") && said.stderr.contains("tasks/WP01-NAME.md`");
    assert!(told, "{said}");
}

#[test]
fn every_checkout_gives_the_same_result() {
    let plan = Plan::new();
    let lane = plan.repo.worktree(".worktrees/other", "other");
    let tree = |plan: &Plan| {
        let files = ["lanes.json", "tasks/WP01-part-wp01.md", "tasks/WP02-part-wp02.md"];
        let texts = files.map(|file| plan.on_branch(file)).concat();
        let timeless = texts.lines().filter(|line| !line.contains("computed_at"));
        timeless.map(str::to_owned).collect::<Vec<_>>()
    };
    plan.write_two();
    plan.repo.must(["checkout", "-q", "--detach"]);
    let from = |place: &Checkout| place.kitty(["mission", "finalize", "pay"]).exits(0);
    from(&plan.repo.below("src/a"));
    let (first, start) = (tree(&plan), plan.repo.id(&format!("{}~", plan.branch())));
    for place in [&lane, &plan.repo.below(&plan.dir), &plan.repo] {
        let branch = format!("refs/heads/{}", plan.branch());
        plan.repo.unhooked(["update-ref", &branch, &start]).run().exits(0);
        for kept in ["kitty/planning", "kitty/seen", "kitty/cache"] {
            let _ = std::fs::remove_dir_all(plan.repo.path().join(".git").join(kept));
        }
        plan.write_two();
        from(place);
        assert_eq!(tree(&plan), first);
    }
}

#[test]
fn the_target_is_that_of_the_mission_whatever_is_checked_out() {
    let plan = Plan::onto("release/1");
    plan.write_two();
    plan.repo.must(["switch", "-q", "-c", "elsewhere"]);
    plan.repo.commit_file("new.rs", "new");
    plan.finalize().exits(0);
    let wp = plan.on_branch("tasks/WP01-part-wp01.md");
    for key in ["planning_base_branch", "merge_target_branch"] {
        assert!(wp.contains(&format!("\n{key}: release/1\n")), "{wp}");
    }
    let lanes: Value = serde_json::from_str(&plan.on_branch("lanes.json")).unwrap();
    assert_eq!(lanes["target_branch"], "release/1");
    assert_eq!(lanes["planning_commit_sha"], plan.repo.id("release/1").as_str());
}

#[test]
fn a_target_that_is_gone_is_told() {
    let plan = Plan::onto("release/1");
    plan.write_two();
    plan.repo.must(["branch", "-q", "-D", "release/1"]);
    let said = plan.finalize().exits(0);
    assert_eq!(
        said.stderr,
        "warning: the branch `release/1`, which the mission lands on, is not here \
         [TARGET_BRANCH_MISSING]\n"
    );
}

#[test]
fn a_file_of_another_age_changes_on_its_lines_only() {
    let plan = Plan::new();
    let before = "---\r\n# kept\r\nwork_package_id: \"WP07\" # id\r\ntitle: 'T'\r\n\
                  merge_target_branch: develop  # was\r\nowned_files: [src/a/one.rs] # one\r\n\
                  dependencies: \"[]\"\r\n---\r\n# Body\r\nmerge_target_branch: no\r\nno end";
    let after = before
        .replace("develop  # was", "main  # was")
        .replace("\"[]\"\r\n", "\"[]\"\r\nplanning_base_branch: main\r\n");
    plan.repo.write(format!("{}/tasks/WP07-old.md", plan.dir), before);
    plan.finalize().exits(0);
    let file = format!("{}/tasks/WP07-old.md", plan.dir);
    assert_eq!(plan.repo.read(&file), after);
    let said = plan.repo.call(["cat-file", "blob", &format!("{}:{file}", plan.branch())]).run();
    assert_eq!(String::from_utf8(said.bytes).unwrap(), after);
}

#[test]
fn lanes_keep_their_ids() {
    let plan = Plan::new();
    for id in ["WP02", "WP03"] {
        plan.write(&Wp::new(id).owns(&[&format!("src/{id}/**")]));
    }
    assert_eq!(lanes(&plan.json(&[])), ["lane-a: WP02", "lane-b: WP03"]);
    plan.write(&Wp::new("WP01").owns(&["src/WP01/**"]));
    assert_eq!(lanes(&plan.json(&[])), ["lane-a: WP02", "lane-b: WP03", "lane-c: WP01"]);
    // A branch that somebody made keeps its id, too.
    plan.repo.must(["branch", &format!("{}-lane-d", plan.branch())]);
    plan.write(&Wp::new("WP00").owns(&["src/WP00/**"]));
    plan.write(&Wp::new("WP03").owns(&["src/WP02/x"]));
    let document = plan.json(&[]);
    assert_eq!(lanes(&document), ["lane-a: WP02 WP03", "lane-c: WP01", "lane-e: WP00"]);
    assert_eq!(document["moved"][0]["wp_id"], "WP03");
    // Nor does one go to somebody else whose lane is in the plan no more.
    std::fs::remove_file(plan.repo.path().join(plan.wp_path("WP00"))).unwrap();
    assert_eq!(lanes(&plan.json(&[])), ["lane-a: WP02 WP03", "lane-c: WP01"]);
    plan.write(&Wp::new("WP04").owns(&["src/WP04/**"]));
    assert_eq!(lanes(&plan.json(&[])), ["lane-a: WP02 WP03", "lane-c: WP01", "lane-f: WP04"]);
}

#[test]
fn there_are_more_than_26_lanes() {
    let plan = Plan::new();
    for number in 1..=30 {
        let id = format!("WP{number:02}");
        plan.write(&Wp::new(&id).owns(&[&format!("src/{id}/**")]));
    }
    let document = plan.json(&[]);
    let ids: Vec<String> =
        lanes(&document).into_iter().map(|l| l.split(':').next().unwrap().to_owned()).collect();
    assert_eq!(ids[25..], ["lane-z", "lane-aa", "lane-ab", "lane-ac", "lane-ad"]);
    assert_eq!(plan.repo.kitty(["mission", "show"]).exits(0).stdout.matches("lane-").count(), 30);
}

#[test]
fn files_keep_their_executable_bit() {
    let plan = Plan::new();
    let script = format!("{}/check.sh", plan.dir);
    plan.repo.write(&script, "true\n");
    plan.repo.set_executable(&script, true);
    plan.finalize().exits(0);
    let listed = |plan: &Plan| plan.repo.ask(["ls-tree", &plan.branch(), &script]);
    assert!(listed(&plan).starts_with("100755"));
    plan.repo.set_executable(&script, false);
    plan.finalize().exits(0);
    assert!(listed(&plan).starts_with("100644"));
}

#[test]
fn a_named_directory_is_the_only_source() {
    let plan = Plan::new();
    plan.write(&Wp::new("WP01").owns(&["src/a/**"]));
    let text = Wp::new("WP02").owns(&["src/b/**"]).text("develop");
    plan.repo.write("../draft/tasks/WP02-part-wp02.md", &text);
    plan.finalize_with(&["--from", "../draft"]).exits(0);
    assert!(!plan.files_on_branch().iter().any(|file| file.contains("WP01")));
    let written = plan.repo.read("../draft/tasks/WP02-part-wp02.md");
    assert_eq!(written, plan.on_branch("tasks/WP02-part-wp02.md"));
    let said = plan.finalize_with(&["--from", "nowhere"]).exits(2);
    assert!(said.stderr.contains("[FILE_UNREADABLE]"), "{said}");
}

#[test]
fn a_named_directory_must_be_one_of_planning_files() {
    let plan = Plan::new();
    plan.write_two();
    plan.finalize().exits(0);
    std::fs::create_dir(plan.repo.file("../nothing")).unwrap();
    plan.repo.write("../project/kitty-specs/x/spec.md", "");
    let before = state(&plan.repo).without(LOCK);
    for (directory, what) in [
        (".", "it is the top of a repository"),
        ("kitty-specs", "it has whole missions in it"),
        ("../project", "it has whole missions in it"),
        (".git/kitty", "it belongs to Git"),
        ("src", "it has no work packages, nor any other file that a plan begins with"),
        ("../nothing", "it has no work packages, nor any other file that a plan begins with"),
    ] {
        let said = plan.finalize_with(&["--from", directory]).exits(2);
        assert!(said.stderr.contains(&format!("planning files: {what} [")), "{said}");
        assert!(said.stderr.contains("[PLANNING_DIRECTORY_INVALID]"), "{said}");
    }
    assert_unchanged(&before, &state(&plan.repo).without(LOCK));
    plan.finalize_with(&["--from", &plan.dir]).exits(0);
}

#[test]
fn a_mission_whose_plan_is_elsewhere_is_refused() {
    for topology in [Topology::Primary, Topology::Split] {
        let scene = Scene::new(topology);
        let before = state(&scene.repo).without(LOCK);
        let said = scene.repo.kitty(["mission", "finalize"]).exits(1);
        let slug = &scene.mission.slug;
        let hint = match topology {
            Topology::Primary => format!("`git kitty mission adopt {slug}`"),
            Topology::Coordination | Topology::Split => format!(
                "change it on `main`, where Spec Kitty keeps it: `spec-kitty agent mission \
                 finalize-tasks --mission {slug}`"
            ),
        };
        assert_eq!(
            said.stderr,
            format!(
                "error: the plan of mission `{slug}` is not on a coordination branch \
                 [PLAN_ELSEWHERE]\nhint: {hint}\n"
            )
        );
        assert_unchanged(&before, &state(&scene.repo).without(LOCK));
    }
}

#[test]
fn work_that_has_begun_stays_where_it_is() {
    let mut scene = Scene::new(Topology::Coordination);
    scene.walk("WP03", &["planned", "canceled"]);
    let said = scene.repo.kitty(["mission", "finalize", "--format", "json"]).exits(0);
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(lanes(&document), ["lane-a: WP01", "lane-b: WP02 WP03"]);
    let log = scene.on(&scene.mission.branch(), "status.events.jsonl");
    assert_eq!(log.matches("genesis").count(), 3, "who has events gets none");
}
