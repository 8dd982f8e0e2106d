//! Every document of real missions is read. The numbers were counted with another program (Python
//! and PyYAML) over the same files.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use git_kitty::domain::json;
use git_kitty::domain::lanes::Lanes;
use git_kitty::domain::meta::Meta;
use git_kitty::domain::review::{ReviewCycle, Verdict, cycle_number};
use git_kitty::domain::status::Status;
use git_kitty::domain::wp::{ActivityEntry, ExecutionMode, Scope, WorkPackage, activity_log};

/// Where the missions are: `GIT_KITTY_CORPUS`, or beside the repository.
fn corpus() -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "a test is told where its data is")]
    let given = std::env::var_os("GIT_KITTY_CORPUS").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let dir = given.unwrap_or(beside);
    assert!(dir.is_dir(), "no corpus at `{}`: set GIT_KITTY_CORPUS", dir.display());
    dir
}

/// All files below a directory, in order.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
        .into_iter()
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .collect()
}

/// The files of the corpus whose name is meant, with their bytes and their place in it.
fn documents(is_meant: impl Fn(&str) -> bool) -> Vec<(String, Vec<u8>)> {
    let corpus = corpus();
    files(&corpus)
        .into_iter()
        .filter(|path| is_meant(&path.file_name().unwrap().to_string_lossy()))
        .map(|path| {
            let name = path.strip_prefix(&corpus).unwrap().display().to_string();
            (name, fs::read(path).unwrap())
        })
        .collect()
}

fn work_packages() -> Vec<(String, Vec<u8>)> {
    documents(|name| name.starts_with("WP") && name.ends_with(".md"))
}

/// Files that are not the bytes that the format asks for, and why.
const WRITTEN_BY_HAND: [&str; 3] = [
    // Characters beyond ASCII are escaped.
    "charter-sync-sonar-remediation-01KZPPZW/meta.json",
    // No newline at the end.
    "per-project-sync-consent-ledgers-01KZKMQZ/meta.json",
    // Keys are not sorted.
    "write-path-integrity-01KZZD69/meta.json",
];

#[test]
#[ignore = "needs the corpus"]
fn every_meta_is_read_and_written_back_as_it_was() {
    let (mut numbered, mut flattened, mut coordinated) = (0, 0, 0);
    let mut other_bytes = Vec::new();
    let metas = documents(|name| name == "meta.json");
    for (file, bytes) in &metas {
        let meta = Meta::parse(bytes, file).unwrap();
        assert!(meta.id.is_some(), "{file}");
        numbered += usize::from(meta.number.is_some());
        flattened += usize::from(meta.flattened);
        coordinated += usize::from(meta.coordination_branch.is_some());
        if json::encode(&meta.document) != *bytes {
            other_bytes.push(file);
        }
    }
    assert_eq!((metas.len(), numbered, flattened, coordinated), (215, 132, 100, 3));
    assert_eq!(other_bytes, WRITTEN_BY_HAND);
}

#[test]
#[ignore = "needs the corpus"]
fn every_lanes_file_is_read() {
    let (mut lanes, mut wps, mut globs, mut planning, mut anonymous) = (0, 0, 0, 0, 0);
    let files = documents(|name| name == "lanes.json");
    for (file, bytes) in &files {
        let read = Lanes::parse(bytes, file).unwrap();
        assert!(read.unknown.is_empty(), "{file}: {:?}", read.unknown);
        anonymous += usize::from(read.mission_id().is_none());
        planning += read.planning_artifact_wps.len();
        lanes += read.lanes.len();
        for lane in &read.lanes {
            wps += lane.wp_ids.len();
            globs += lane.write_scope.len();
            assert!(lane.unknown.is_empty(), "{file}: {:?}", lane.unknown);
            assert_eq!(read.lane(&lane.id), Some(lane), "{file}");
            assert!(lane.wp_ids.iter().all(|wp| read.lane_of(wp) == Some(lane)), "{file}");
        }
    }
    assert_eq!((files.len(), lanes, wps, globs, planning), (179, 900, 1097, 4826, 42));
    assert_eq!(anonymous, 5, "their identity is the slug");
}

#[derive(Debug, Default, PartialEq)]
struct Counts {
    owned_files: usize,
    create_intent: usize,
    dependencies: usize,
    subtasks: usize,
    history: usize,
    requirement_refs: usize,
    tracker_refs: usize,
    code_changes: usize,
    planning_artifacts: usize,
    codebase_wide: usize,
    agents: usize,
    legacy_done: usize,
    legacy_planned: usize,
    base_commits: usize,
}

impl Counts {
    fn add(&mut self, wp: &WorkPackage) {
        let legacy = wp.legacy_status.map(Status::as_str);
        self.owned_files += wp.owned_files.len();
        self.create_intent += wp.create_intent.len();
        self.dependencies += wp.dependencies.len();
        self.subtasks += wp.subtasks.len();
        self.history += wp.history.len();
        self.requirement_refs += wp.requirement_refs.len();
        self.tracker_refs += wp.tracker_refs.len();
        self.code_changes += usize::from(wp.execution_mode == Some(ExecutionMode::CodeChange));
        self.planning_artifacts +=
            usize::from(wp.execution_mode == Some(ExecutionMode::PlanningArtifact));
        self.codebase_wide += usize::from(wp.scope == Some(Scope::CodebaseWide));
        self.agents += usize::from(wp.agent.is_some());
        self.legacy_done += usize::from(legacy == Some("done"));
        self.legacy_planned += usize::from(legacy == Some("planned"));
        self.base_commits += usize::from(wp.branches.base_commit.is_some());
    }
}

#[test]
#[ignore = "needs the corpus"]
fn every_work_package_is_read() {
    let mut counts = Counts::default();
    let files = work_packages();
    for (file, bytes) in &files {
        let wp = WorkPackage::parse(bytes, file).unwrap();
        assert_eq!(wp.warnings, [], "{file}");
        assert!(file.rsplit('/').next().unwrap().starts_with(wp.id.as_str()), "{file}: {}", wp.id);
        counts.add(&wp);
    }
    assert_eq!(files.len(), 1325);
    assert_eq!(
        counts,
        Counts {
            owned_files: 5721,
            create_intent: 902,
            dependencies: 1350,
            subtasks: 6242,
            history: 1223,
            requirement_refs: 4578,
            tracker_refs: 283,
            code_changes: 1232,
            planning_artifacts: 64,
            codebase_wide: 6,
            agents: 864,
            legacy_done: 29,
            legacy_planned: 17,
            base_commits: 360,
        }
    );
}

#[test]
#[ignore = "needs the corpus"]
fn every_activity_log_is_read() {
    let logs: Vec<Vec<ActivityEntry>> =
        work_packages().iter().map(|(_, bytes)| activity_log(bytes)).collect();
    let entries: Vec<&ActivityEntry> = logs.iter().flatten().collect();
    let with = |has: fn(&ActivityEntry) -> bool| entries.iter().filter(|e| has(e)).count();
    let counted = (
        logs.iter().filter(|log| !log.is_empty()).count(),
        entries.len(),
        with(|entry| entry.actor.is_some()),
        with(|entry| entry.shell_pid.is_some()),
        with(|entry| entry.status.is_some()),
    );
    assert_eq!(counted, (1060, 5007, 4995, 4301, 1044));
}

#[test]
#[ignore = "needs the corpus"]
fn every_review_is_read() {
    let files = documents(|name| cycle_number(name).is_some());
    let reviews: Vec<ReviewCycle> =
        files.iter().map(|(file, bytes)| ReviewCycle::parse(bytes, file).unwrap()).collect();
    let with = |has: &dyn Fn(&ReviewCycle) -> bool| reviews.iter().filter(|r| has(r)).count();
    let verdicts = [Some(Verdict::Approved), Some(Verdict::ChangesRequested), None]
        .map(|verdict| with(&|review| review.verdict == verdict));
    assert_eq!((reviews.len(), verdicts), (295, [68, 123, 104]));
    assert_eq!(with(&|review| review.set_aside.is_some()), 45);
    assert_eq!(reviews.iter().map(|review| review.affected_files.len()).sum::<usize>(), 71);
    let told: Vec<_> = reviews.iter().flat_map(|review| &review.warnings).collect();
    assert_eq!(told.len(), 1, "one verdict is `reject`: {told:#?}");
}

fn seed(number: &str) -> (WorkPackage, Vec<ActivityEntry>) {
    let seeds = corpus().join("../seeds");
    let path = files(&seeds)
        .into_iter()
        .find(|path| path.file_name().unwrap().to_string_lossy().starts_with(number))
        .unwrap();
    let bytes = fs::read(path).unwrap();
    (WorkPackage::parse(&bytes, number).unwrap(), activity_log(&bytes))
}

/// Line, actor, process and status of each entry; `-` for none.
fn summary(log: &[ActivityEntry]) -> Vec<(usize, &str, &str, &str)> {
    log.iter()
        .map(|entry| {
            let [actor, pid, status] = [&entry.actor, &entry.shell_pid, &entry.status]
                .map(|part| part.as_deref().unwrap_or("-"));
            (entry.line, actor, pid, status)
        })
        .collect()
}

fn steps(wp: &WorkPackage) -> Vec<&str> {
    wp.subtasks.iter().map(|subtask| subtask.id.as_str()).collect()
}

#[test]
#[ignore = "needs the seeds"]
fn the_first_seed_is_wp03_in_progress() {
    let (wp, log) = seed("000_");
    assert_eq!(
        (wp.id.as_str(), wp.legacy_status.map(Status::as_str)),
        ("WP03", Some("in_progress"))
    );
    assert_eq!(steps(&wp), ["T010", "T011", "T012", "T013", "T014", "T015"]);
    assert_eq!(wp.dependencies.iter().map(|id| id.as_str()).collect::<Vec<_>>(), ["WP02"]);
    assert_eq!((wp.history.len(), wp.history[0].at.as_deref()), (1, Some("2026-01-20T20:00:00Z")));
    assert_eq!((wp.owned_files.len(), wp.warnings.len()), (0, 0));
    assert_eq!(
        summary(&log),
        [
            (463, "system", "-", "planned"),
            (464, "claude-opus", "86115", "in_progress"),
            (465, "claude-opus", "86115", "for_review"),
            (466, "claude-opus", "94225", "in_progress"),
        ]
    );
}

#[test]
#[ignore = "needs the seeds"]
fn the_second_seed_is_wp05_done() {
    let (wp, log) = seed("001_");
    assert_eq!((wp.id.as_str(), wp.legacy_status.map(Status::as_str)), ("WP05", Some("done")));
    assert_eq!(steps(&wp), ["T025", "T026", "T027", "T028", "T029", "T030"]);
    assert_eq!((wp.dependencies.len(), wp.owned_files.len(), wp.warnings.len()), (0, 0, 0));
    assert_eq!((wp.history.len(), wp.history[0].actor.as_deref()), (1, Some("claude")));
    assert_eq!(
        summary(&log),
        [
            (282, "claude", "-", "planned"),
            (283, "system", "-", "in_progress"),
            (284, "system", "-", "for_review"),
            (285, "claude-reviewer", "67266", "done"),
        ]
    );
}
