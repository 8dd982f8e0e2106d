//! Review prompts: each belongs to one repository, mission, work package and invocation, and to no other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::{Mission, MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{diff, state};
use crate::kit::wp::Wp;
use crate::lane;
use crate::scene::codes;

const FIELDS: [&str; 11] = [
    "invocation_id",
    "repo_root",
    "mission_id",
    "mission_slug",
    "work_package_id",
    "lane_worktree",
    "mission_branch",
    "lane_branch",
    "base_ref",
    "prompt_path",
    "created_at",
];

/// A mission with WP01 and WP02 in review, in the open lane-a.
struct Desk {
    repo: Checkout,
    mission: Mission,
}

impl Desk {
    fn new() -> Self {
        let sandbox = Sandbox::new();
        let repo = RepoBuilder::default().files(3).build(&sandbox, "repo");
        Self::with_mission(&repo, "shop", 1)
    }

    fn with_mission(repo: &Checkout, slug: &str, number: u64) -> Self {
        let mut mission = MissionBuilder::new(slug)
            .number(number)
            .topology(Topology::Coordination)
            .wp(Wp::new("WP01").owns(&["src/a/**"]))
            .wp(Wp::new("WP02").owns(&["src/b/**"]))
            .lane("lane-a", &["WP01", "WP02"])
            .build(repo);
        mission.open_lane("lane-a");
        for wp in ["WP01", "WP02"] {
            let steps = ["planned", "claimed", "in_progress", "for_review", "in_review"];
            mission.log.walk(wp, &steps);
        }
        mission.save();
        Self { repo: repo.clone(), mission }
    }

    /// Opens a review of WP01.
    #[track_caller]
    fn open(&self) -> Prompt {
        self.open_of("WP01")
    }

    #[track_caller]
    fn open_of(&self, wp: &str) -> Prompt {
        let words = ["--format", "json", "review", "open", wp, "--mission", &self.mission.slug];
        let said = lane::json(&self.repo.kitty(words).exits(0));
        let path = PathBuf::from(said["prompt_path"].as_str().unwrap());
        Prompt { text: fs::read_to_string(&path).unwrap(), path, said }
    }
}

/// A prompt as it was written.
struct Prompt {
    path: PathBuf,
    text: String,
    said: Value,
}

impl Prompt {
    /// Writes it again with another value of a field; `None` leaves the field out.
    fn edit(&self, field: &str, value: Option<&str>) {
        let line = |line: &str| match (line.starts_with(&format!("{field}: ")), value) {
            (false, _) => format!("{line}\n"),
            (true, Some(value)) => format!("{field}: {value}\n"),
            (true, None) => String::new(),
        };
        fs::write(&self.path, self.text.lines().map(line).collect::<String>()).unwrap();
    }

    fn restore(&self) {
        fs::write(&self.path, &self.text).unwrap();
    }
}

fn verify(at: &Checkout, file: &Path) -> Output {
    at.kitty(["review".as_ref(), "verify".as_ref(), file.as_os_str()])
}

/// The code of a prompt that is not trusted, with the fields that are missing and that differ.
#[track_caller]
fn distrust(at: &Checkout, file: &Path, more: &[&str]) -> (String, Vec<String>, Vec<String>) {
    let words = ["--format", "json", "review", "verify", file.to_str().unwrap()];
    let said = lane::json(&at.kitty(words.iter().chain(more)).exits(1));
    assert_eq!(said["diagnostic_code"], said["error_code"]);
    assert_eq!(said["prompt_path"], json!(file));
    let requested = said["requested_context"].as_object().unwrap();
    assert_eq!(requested.keys().map(String::as_str).collect::<BTreeSet<_>>(), FIELDS.into());
    let list = |key: &str| -> Vec<String> {
        serde_json::from_value(said["prompt_context"][key].clone()).unwrap()
    };
    let code = said["error_code"].as_str().unwrap().to_owned();
    (code, list("_missing_fields"), list("_mismatched_fields"))
}

fn mismatch(fields: &[&str]) -> (String, Vec<String>, Vec<String>) {
    let fields = fields.iter().map(ToString::to_string).collect();
    ("REVIEW_PROMPT_METADATA_MISMATCH".to_owned(), Vec::new(), fields)
}

#[test]
fn a_prompt_says_where_it_belongs_and_is_trusted_there() {
    let desk = Desk::new();
    let before = state(&desk.repo);
    let prompt = desk.open();
    let changed = diff(&before, &state(&desk.repo));
    assert!(changed.lines().all(|line| line.contains("kitty/review-prompts")), "{changed}");
    let Prompt { said, path, text } = &prompt;
    let root = desk.repo.path().display().to_string();
    let expected = json!({
        "repo_root": root, "mission_id": desk.mission.id, "mission_slug": desk.mission.slug,
        "work_package_id": "WP01", "mission_branch": desk.mission.branch(),
        "lane_worktree": format!("{root}/.worktrees/{}-lane-a", desk.mission.slug),
        "lane_branch": desk.mission.lane_branch("lane-a"), "base_ref": desk.mission.branch(),
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(&said[key], value, "{key}");
    }
    assert_eq!(said["tip_commit"], json!(desk.repo.id(&desk.mission.lane_branch("lane-a"))));
    let hash = desk.repo.sh(&format!("printf %s '{root}' | sha256sum")).success();
    let place = format!("home/tmp/spec-kitty-review-prompts/repo-{}", &hash[..12]);
    let name = format!("{}.md", said["invocation_id"].as_str().unwrap());
    let below = format!("{place}/{}/WP01/{name}", desk.mission.slug);
    assert_eq!(*path, desk.repo.sandbox().root().join(below));
    let keys: Vec<_> =
        text.lines().skip(1).take(11).map(|l| l.split(':').next().unwrap()).collect();
    assert_eq!(keys, FIELDS);
    let ours = lane::json(
        &desk
            .repo
            .kitty([
                "--format",
                "json",
                "review",
                "verify",
                path.to_str().unwrap(),
                "--wp",
                "WP01",
                "--mission",
                &desk.mission.slug,
            ])
            .exits(0),
    );
    for key in FIELDS {
        assert_eq!(ours[key], said[key], "{key}");
    }
    let lane = desk.repo.below(format!(".worktrees/{}-lane-a", desk.mission.slug));
    verify(&lane, path).exits(0);
}

#[test]
fn each_field_is_compared_and_none_may_be_missing() {
    let desk = Desk::new();
    let prompt = desk.open();
    for field in FIELDS {
        prompt.edit(field, Some("other"));
        assert_eq!(distrust(&desk.repo, &prompt.path, &[]), mismatch(&[field]));
        prompt.edit(field, None);
        let missing = ("REVIEW_PROMPT_METADATA_MISSING".to_owned(), vec![field.to_owned()], vec![]);
        assert_eq!(distrust(&desk.repo, &prompt.path, &[]), missing);
    }
    prompt.restore();
    verify(&desk.repo, &prompt.path).exits(0);
    for nothing in ["", "# Review\n", "---\nrepo_root: x\n", "---\n- a\n---\n"] {
        fs::write(&prompt.path, nothing).unwrap();
        let said = distrust(&desk.repo, &prompt.path, &[]);
        assert_eq!((said.0.as_str(), said.1.len()), ("REVIEW_PROMPT_METADATA_MISSING", 11));
    }
    let gone = verify(&desk.repo, Path::new("no-such-file.md")).exits(1);
    assert_eq!(codes(&gone), ["REVIEW_PROMPT_METADATA_MISSING"]);
    let directory = verify(&desk.repo, Path::new(".")).exits(1);
    assert_eq!(codes(&directory), ["REVIEW_PROMPT_METADATA_MISSING"]);
}

#[test]
fn prompts_of_repositories_missions_and_moments_are_never_taken_for_one_another() {
    let sandbox = Sandbox::new();
    let build = |at: &str| {
        fs::create_dir_all(sandbox.root().join(at)).unwrap();
        RepoBuilder::default().files(3).build(&sandbox, &format!("{at}/repo"))
    };
    let (one, two) = (build("one"), build("two"));
    let desks = [
        Desk::with_mission(&one, "shop", 1),
        Desk::with_mission(&one, "till", 2),
        Desk::with_mission(&two, "shop", 1),
    ];
    let prompts: Vec<Vec<Prompt>> = desks
        .iter()
        .map(|desk| ["WP01", "WP02", "WP01"].map(|wp| desk.open_of(wp)).into())
        .collect();
    let all: BTreeSet<_> = prompts.iter().flatten().map(|prompt| &prompt.path).collect();
    assert_eq!(all.len(), 9);
    for (own, desk) in desks.iter().enumerate() {
        for (other, prompts) in prompts.iter().enumerate() {
            for prompt in prompts {
                let wp = prompt.said["work_package_id"].as_str().unwrap();
                let file = prompt.path.to_str().unwrap();
                let slug = &desk.mission.slug;
                let words = ["review", "verify", file, "--mission", slug, "--wp", wp];
                let trusted = desk.repo.kitty(words).status == 0;
                assert_eq!(trusted, own == other, "{own} {other} {file}");
            }
        }
    }
    let shop = &prompts[0][0].path;
    let (code, _, fields) = distrust(&one, shop, &["--mission", &desks[1].mission.slug]);
    assert_eq!(code, "REVIEW_PROMPT_METADATA_MISMATCH");
    let of_the_mission = [
        "mission_id",
        "mission_slug",
        "lane_worktree",
        "mission_branch",
        "lane_branch",
        "base_ref",
    ];
    assert_eq!(fields, of_the_mission);
    assert_eq!(distrust(&one, shop, &["--wp", "WP02"]), mismatch(&["work_package_id"]));
    // Another clone at another place knows nothing of the prompt.
    let foreign =
        mismatch(&["invocation_id", "repo_root", "lane_worktree", "prompt_path", "created_at"]);
    assert_eq!(distrust(&two, shop, &[]), foreign);
}

#[test]
fn reviews_that_open_at_once_have_prompts_of_their_own() {
    let desk = Desk::new();
    let script = "for n in 1 2 3 4 5 6; do git kitty review open WP01 -q & done; wait";
    let said = desk.repo.sh(script).exits(0).stdout;
    let paths: BTreeSet<&str> = said.lines().filter(|line| line.starts_with('/')).collect();
    assert_eq!(paths.len(), 6, "{said}");
    for path in paths {
        verify(&desk.repo, Path::new(path)).exits(0);
    }
}

#[test]
fn a_copy_a_link_and_a_forgery_are_not_trusted() {
    let desk = Desk::new();
    let prompt = desk.open();
    let other = desk.open();
    let beside = prompt.path.with_file_name("copy.md");
    fs::copy(&prompt.path, &beside).unwrap();
    let elsewhere = mismatch(&["invocation_id", "prompt_path", "created_at"]);
    assert_eq!(distrust(&desk.repo, &beside, &[]), elsewhere);
    fs::remove_file(&beside).unwrap();
    std::os::unix::fs::symlink(&prompt.path, &beside).unwrap();
    assert_eq!(distrust(&desk.repo, &beside, &[]), elsewhere);
    // Everything right, and made by nobody.
    let forged = prompt.path.with_file_name(format!("{}.md", "0".repeat(32)));
    let unmade = |line: &str| match line.split(':').next() {
        Some(key @ ("invocation_id" | "prompt_path" | "created_at")) => format!("{key}: ''\n"),
        _ => format!("{line}\n"),
    };
    fs::write(&forged, prompt.text.lines().map(unmade).collect::<String>()).unwrap();
    let nobody = mismatch(&["invocation_id", "prompt_path"]);
    assert_eq!(distrust(&desk.repo, &forged, &[]), nobody);
    // The content of another one, and then a link, in place of this one.
    fs::write(&prompt.path, &other.text).unwrap();
    let swapped = mismatch(&["invocation_id", "prompt_path", "created_at"]);
    assert_eq!(distrust(&desk.repo, &prompt.path, &[]), swapped);
    let aside = prompt.path.with_extension("bak");
    fs::write(&aside, &prompt.text).unwrap();
    fs::remove_file(&prompt.path).unwrap();
    std::os::unix::fs::symlink(&aside, &prompt.path).unwrap();
    assert_eq!(distrust(&desk.repo, &prompt.path, &[]), mismatch(&["prompt_path"]));
    // Line ends are no metadata.
    fs::write(&other.path, other.text.replace('\n', "\r\n")).unwrap();
    verify(&desk.repo, &other.path).exits(0);
}

#[test]
fn what_moved_since_is_told() {
    let desk = Desk::new();
    let prompt = desk.open();
    let lane = format!(".worktrees/{}-lane-a", desk.mission.slug);
    desk.repo.must(["worktree", "move", &lane, ".worktrees/elsewhere"]);
    assert_eq!(distrust(&desk.repo, &prompt.path, &[]), mismatch(&["lane_worktree"]));
    desk.repo.must(["worktree", "move", ".worktrees/elsewhere", &lane]);
    verify(&desk.repo, &prompt.path).exits(0);
    let moved = desk.repo.sandbox().root().join("moved");
    fs::rename(desk.repo.path(), &moved).unwrap();
    let repo = Checkout::at(desk.repo.sandbox(), &moved);
    // Git's own record still has the lane where it was.
    assert_eq!(distrust(&repo, &prompt.path, &[]), mismatch(&["repo_root"]));
}

#[test]
fn the_last_twenty_of_a_work_package_are_kept() {
    let desk = Desk::new();
    let other = desk.open_of("WP02");
    let prompts: Vec<Prompt> = (0..22).map(|_| desk.open()).collect();
    for (number, prompt) in prompts.iter().enumerate() {
        assert_eq!(prompt.path.exists(), number >= 2, "{number}");
    }
    verify(&desk.repo, &prompts[21].path).exits(0);
    verify(&desk.repo, &prompts[2].path).exits(0);
    verify(&desk.repo, &other.path).exits(0);
    // The record went with the prompt, so that nobody can bring it back.
    prompts[0].restore();
    verify(&desk.repo, &prompts[0].path).exits(1);
}

#[test]
fn only_a_review_that_runs_is_opened() {
    let mut desk = Desk::new();
    desk.mission.log.walk("WP01", &["in_review", "in_progress", "for_review"]);
    desk.mission.save();
    let before = state(&desk.repo);
    let refused = desk.repo.kitty(["review", "open", "WP01"]).masked();
    let slug = &desk.mission.slug;
    let told = format!(
        "error: WP01 is for_review, not in_review [REVIEW_NOT_OPEN]\n\
         hint: `git kitty wp move WP01 --to in_review --mission {slug}`\n"
    );
    assert_eq!(refused.parts(), (1, "", told.as_str()));
    let unknown = desk.repo.kitty(["review", "open", "WP09"]).exits(1);
    assert_eq!(codes(&unknown), ["WP_NOT_FOUND"]);
    assert_eq!(diff(&before, &state(&desk.repo)), "");
}

#[test]
fn prompts_are_not_written_through_links() {
    let desk = Desk::new();
    let tmp = desk.repo.sandbox().root().join("home/tmp");
    fs::create_dir(tmp.join("theirs")).unwrap();
    std::os::unix::fs::symlink(tmp.join("theirs"), tmp.join("spec-kitty-review-prompts")).unwrap();
    let refused = desk.repo.kitty(["review", "open", "WP01"]).exits(1);
    assert_eq!(codes(&refused), ["REVIEW_PROMPT_PLACE_TAKEN"]);
    let words = ["kitty", "review", "open", "WP01"];
    let refused = desk.repo.call(words).env("TMPDIR", "/dev/null").run().exits(1);
    assert_eq!(codes(&refused), ["REVIEW_PROMPT_PLACE_TAKEN"]);
    let own = desk.repo.sandbox().root().join("own");
    let words = ["kitty", "review", "open", "WP01", "-q"];
    let opened = desk.repo.call(words).env("TMPDIR", &own).run().exits(0);
    assert!(opened.stdout.starts_with(&format!("{}/", own.display())), "{opened}");
    verify(&desk.repo, Path::new(opened.stdout.lines().next().unwrap())).exits(0);
}
