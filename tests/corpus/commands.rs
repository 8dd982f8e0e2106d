//! The commands on real missions: what a person sees, and what a lane may commit.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assert_fs::TempDir;
use git_kitty::domain::lanes::Lanes;
use git_kitty::domain::wp::WorkPackage;
use serde_json::Value;

use crate::missions::{missions, root};

/// A repository whose primary checkout holds every mission of the corpus.
struct Project {
    directory: TempDir,
}

impl Project {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let project = Self { directory };
        project.run("git", &["init", "-q", "-b", "main", "."]);
        copy(&root(), &project.specs());
        project
    }

    fn specs(&self) -> PathBuf {
        self.directory.path().join("kitty-specs")
    }

    /// Standard output of a command that must end with 0 or 1.
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let home = self.directory.path();
        let done = duct::cmd(program, arguments)
            .dir(home)
            .env("HOME", home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", home.join("none"))
            .stdout_capture()
            .stderr_capture()
            .unchecked()
            .run()
            .unwrap();
        let code = done.status.code();
        assert!(
            matches!(code, Some(0 | 1)),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&done.stderr)
        );
        String::from_utf8(done.stdout).unwrap()
    }

    fn json(&self, program: &str, arguments: &[&str]) -> Value {
        let all = [arguments, &["--format", "json"]].concat();
        serde_json::from_str(&self.run(program, &all)).unwrap()
    }

    /// The verdict on some paths for a branch: refused paths, and the codes.
    fn judge(&self, branch: &str, paths: &[String]) -> (BTreeSet<String>, BTreeSet<String>) {
        let words: Vec<&str> = ["--branch", branch, "--paths"]
            .into_iter()
            .chain(paths.iter().map(String::as_str))
            .collect();
        let verdict = self.json(env!("CARGO_BIN_EXE_git-kitty-guard"), &words);
        let all = |key: &str| {
            let violations = verdict["violations"].as_array().unwrap().iter();
            violations.filter_map(|v| Some(v[key].as_str()?.to_owned())).collect()
        };
        (all("path"), all("error_code"))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            // Not `fs::copy`, which would copy that the corpus is read-only.
            fs::File::create(&target).unwrap();
            let bytes = fs::read(entry.path()).unwrap();
            std::io::Write::write_all(&mut fs::File::create(&target).unwrap(), &bytes).unwrap();
        }
    }
}

#[test]
#[ignore = "needs the corpus"]
fn the_command_prints_the_committed_snapshots() {
    let mut equal = 0;
    for mission in missions() {
        let log = root().join(&mission.name).join("status.events.jsonl");
        let reduced =
            duct::cmd(env!("CARGO_BIN_EXE_git-kitty-event"), ["reduce".as_ref(), log.as_os_str()])
                .stdout_capture()
                .run()
                .unwrap()
                .stdout;
        equal += usize::from(mission.snapshot.as_ref() == Some(&reduced));
    }
    assert_eq!(equal, 206);
}

#[test]
#[ignore = "needs the corpus"]
fn every_mission_has_a_board_and_every_handle_finds_it() {
    let project = Project::new();
    let status = env!("CARGO_BIN_EXE_git-kitty-status");
    let board = project.json(status, &[]);
    let missions = board["missions"].as_array().unwrap();
    let codes: Vec<_> = board["warnings"].as_array().unwrap().iter().map(|w| &w["code"]).collect();
    let [gone, unsorted] = ["COORDINATION_BRANCH_DELETED", "LOG_UNSORTED"];
    assert_eq!(
        codes,
        [gone, gone, unsorted, unsorted, unsorted],
        "of two that had not landed, the branch is not in the corpus; three old logs are unsorted"
    );
    assert_eq!(missions.len(), 213);
    let packages: usize =
        missions.iter().map(|m| m["work_packages"].as_array().unwrap().len()).sum();
    assert_eq!(packages, 1316, "all of the 1,325 files but the nine of those two");
    for mission in missions {
        let dir = mission["mission_slug"].as_str().unwrap();
        let one = project.json(status, &[dir]);
        assert_eq!(one["missions"][0], *mission, "{dir}");
        let id = mission["mission_id"].as_str().unwrap();
        let by_id = project.json(status, &[id]);
        assert_eq!(by_id["missions"][0]["mission_id"], *id, "{dir}");
    }
}

/// Missions whose log is on a branch that the corpus does not hold.
const COORDINATED: [&str; 1] = ["up-org-doctrine-consumers-01M05YAB"];

/// On every lane of the corpus: without an active work package its context is ambiguous; once its
/// first one is started, that one's files pass, and those that only others own do not.
#[test]
#[ignore = "needs the corpus"]
fn lanes_of_real_missions_are_guarded() {
    let project = Project::new();
    let (mut lanes_seen, mut passed, mut refused) = (0, 0, 0);
    for mission in missions() {
        let dir = project.specs().join(&mission.name);
        let Ok(bytes) = fs::read(dir.join("lanes.json")) else { continue };
        let lanes = Lanes::parse(&bytes, &mission.name).unwrap();
        let packages = work_packages(&dir);
        if COORDINATED.contains(&mission.name.as_str()) {
            continue;
        }
        for lane in lanes.lanes.iter().filter(|lane| !lane.id.is_planning()).take(2) {
            let first = lane.wp_ids.first().unwrap().as_str();
            let Some(active) = packages.iter().find(|package| package.id.as_str() == first) else {
                continue;
            };
            let globs = git_kitty::domain::glob::Globs::new(active.owned_entries(), false);
            if globs.is_empty() {
                continue;
            }
            only_active(
                &dir,
                &mission.log,
                &lane.wp_ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
                first,
            );
            let branch = format!("kitty/mission-{}-{}", mission.name, lane.id);
            let (own, foreign) = paths(&packages, active, &globs);
            let (refusals, codes) =
                project.judge(&branch, &[own.clone(), foreign.clone()].concat());
            assert_eq!(refusals, foreign.iter().cloned().collect(), "{branch} of {first}");
            assert!(
                codes.iter().all(|code| code == "ACTIVE_WP_SCOPE_VIOLATION"),
                "{branch}: {codes:?}"
            );
            (lanes_seen, passed, refused) =
                (lanes_seen + 1, passed + own.len(), refused + foreign.len());
        }
        fs::File::create(dir.join("status.events.jsonl"))
            .and_then(|mut file| std::io::Write::write_all(&mut file, &mission.log))
            .unwrap();
    }
    assert!(lanes_seen > 250 && passed > 500 && refused > 1000, "{lanes_seen} {passed} {refused}");
}

fn work_packages(dir: &Path) -> Vec<WorkPackage> {
    let names = fs::read_dir(dir.join("tasks")).unwrap().map(|entry| entry.unwrap().path());
    let files = names.filter(|path| path.extension().is_some_and(|e| e == "md"));
    files.filter_map(|path| WorkPackage::parse(&fs::read(&path).ok()?, "file").ok()).collect()
}

/// Literal paths that the active work package owns, and those that only others do.
fn paths(
    packages: &[WorkPackage],
    active: &WorkPackage,
    globs: &git_kitty::domain::glob::Globs,
) -> (Vec<String>, Vec<String>) {
    let literal = |entry: &&str| !entry.contains(['*', '?', '[', '{']) && !entry.ends_with('/');
    let usable =
        |entry: &&str| literal(entry) && !entry.starts_with("kitty-specs") && !entry.is_empty();
    let own = active.owned_entries().filter(usable).map(str::to_owned).collect();
    let others = packages.iter().filter(|package| package.id != active.id);
    let foreign = others.flat_map(WorkPackage::owned_entries).filter(usable);
    let foreign = foreign.filter(|entry| globs.matching(&(*entry).into()).is_none());
    (own, foreign.map(str::to_owned).collect())
}

/// Appends events after which of the lane's work packages only `active` is in progress.
fn only_active(dir: &Path, log: &[u8], lane: &[String], active: &str) {
    let mut text = String::from_utf8(log.to_vec()).unwrap();
    for (number, wp) in lane.iter().enumerate() {
        let to = if wp == active { "in_progress" } else { "planned" };
        text.push_str(&format!(
            "{{\"actor\": \"t\", \"at\": \"2999-01-01T00:00:{number:02}.000000+00:00\", \
             \"event_id\": \"7ZZZZZZZZZZZZZZZZZZZZZZZ{number:02}\", \"execution_mode\": \"worktree\", \
             \"force\": true, \"from_lane\": \"done\", \"reason\": \"test\", \"to_lane\": \"{to}\", \
             \"wp_id\": \"{wp}\"}}\n"
        ));
    }
    let mut file = fs::File::create(dir.join("status.events.jsonl")).unwrap();
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
}
