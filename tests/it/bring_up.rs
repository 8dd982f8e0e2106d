//! Worktrees that follow their branch.

use crate::kit::checkout::Checkout;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::worker::{answers, moving};

/// `main` at a commit with `kept`, `log`, `old/file` and `swap/a`; `next` is a commit with another
/// `log`, `new/file` in place of `old/file`, and a file `swap`. The worktree has `lane`, at `main`.
struct Lane {
    repo: Checkout,
    lane: Checkout,
    commits: [String; 2],
    trees: [String; 2],
}

impl Lane {
    fn new() -> Self {
        let repo = RepoBuilder::default().build(&Sandbox::new(), "repo");
        repo.stage(&[("kept", "1\n"), ("log", "1\n"), ("old/file", "1\n"), ("swap/a", "1\n")]);
        let first = repo.commit_all("First");
        repo.git(["branch", "lane"]).exits(0);
        repo.git(["switch", "-q", "-c", "next"]).exits(0);
        repo.git(["rm", "-qr", "old", "swap"]).exits(0);
        repo.stage(&[("log", "1\n2\n"), ("new/file", "1\n"), ("swap", "1\n")]);
        let next = repo.commit_all("Next");
        repo.git(["switch", "-q", "main"]).exits(0);
        let lane = repo.worktree("../lane", "lane");
        let trees = [&first, &next].map(|commit| repo.id(&format!("{commit}^{{tree}}")));
        Self { repo, lane, commits: [first, next], trees }
    }

    fn order(&self, order: &str) -> String {
        format!("{order} lane {} {}\n", self.trees[0], self.trees[1])
    }

    fn check(&self) -> String {
        answers(&self.repo, &self.order("check"))
    }

    /// Moves the branch and brings the worktree up.
    fn follow(&self) -> String {
        let [first, next] = &self.commits;
        let orders = moving(&[("refs/heads/lane", first, next)]) + &self.order("bring-up");
        answers(&self.repo, &orders).strip_prefix("done\n").unwrap().to_owned()
    }

    /// What `git status` says in the worktree.
    fn status(&self) -> String {
        self.lane.ask(["status", "--porcelain", "--no-renames", "-uall", "--ignored"])
    }
}

#[test]
fn a_clean_worktree_follows_also_when_files_were_touched() {
    let lane = Lane::new();
    let past = std::time::SystemTime::UNIX_EPOCH;
    let log = std::fs::File::options().write(true).open(lane.lane.path().join("log")).unwrap();
    log.set_modified(past).unwrap();
    let before = state(&lane.repo);
    assert_eq!(lane.check(), "fine\n");
    assert_unchanged(&before, &state(&lane.repo));
    assert_eq!(lane.follow(), "fine\n");
    assert_eq!(lane.status(), "");
    assert_eq!(lane.lane.read("new/file"), "1\n");
    assert!(!lane.lane.path().join("old").exists());
}

#[test]
fn other_work_stays_where_it_is() {
    let lane = Lane::new();
    lane.lane.write("kept", "mine\n");
    lane.lane.stage(&[("staged", "mine\n")]);
    lane.lane.write("untracked", "mine\n");
    let status = lane.status();
    assert_eq!(lane.check(), "fine\n");
    assert_eq!(lane.follow(), "fine\n");
    assert_eq!(lane.status(), status);
    assert_eq!(lane.lane.read("log"), "1\n2\n");
}

#[test]
fn work_that_is_in_the_way_is_found_before_anything_moves() {
    type Dirt = (&'static str, fn(&Checkout));
    let dirts: [Dirt; 9] = [
        ("log", |lane| lane.write("log", "mine\n")),
        ("log", |lane| lane.stage(&[("log", "mine\n")])),
        ("log", |lane| {
            lane.stage(&[("log", "mine\n")]);
            lane.write("log", "1\n");
        }),
        ("old/file", |lane| std::fs::remove_file(lane.path().join("old/file")).unwrap()),
        ("new/file", |lane| lane.write("new/file", "mine\n")),
        ("new", |lane| lane.write("new", "mine\n")),
        ("swap/mine", |lane| lane.write("swap/mine", "mine\n")),
        ("new/file", |lane| {
            // Git itself would overwrite what is ignored.
            let exclude = lane.ask(["rev-parse", "--git-path", "info/exclude"]);
            std::fs::write(lane.path().join(exclude), "file\n").unwrap();
            lane.write("new/file", "mine\n");
        }),
        ("new/file", |lane| lane.stage(&[("new/file", "mine\n")])),
    ];
    for (path, dirt) in dirts {
        let lane = Lane::new();
        dirt(&lane.lane);
        let before = state(&lane.repo);
        let place = lane.lane.path().canonicalize().unwrap();
        let expected = format!(
            "REF_ADVANCE_DIRTY_WORKTREE uncommitted changes in `{}` stand in the way: `{path}`\n",
            place.display()
        );
        assert_eq!(lane.check(), expected);
        assert_unchanged(&before, &state(&lane.repo));
    }
}

#[test]
fn an_unmerged_worktree_is_not_touched() {
    let lane = Lane::new();
    lane.lane.commit_file("kept", "ours\n");
    lane.repo.git(["switch", "-q", "-c", "theirs"]).exits(0);
    lane.repo.commit_file("kept", "theirs\n");
    assert_ne!(lane.lane.git(["merge", "theirs"]).status, 0);
    let said = lane.check();
    assert!(said.ends_with("stand in the way: `kept`\n"), "{said}");
}

#[test]
fn sparse_checkouts_stay_sparse() {
    let lane = Lane::new();
    lane.lane.git(["sparse-checkout", "set", "--no-cone", "/*", "!log", "!new"]).exits(0);
    assert!(!lane.lane.path().join("log").exists());
    assert_eq!(lane.check(), "fine\n");
    assert_eq!(lane.follow(), "fine\n");
    assert!(!lane.lane.path().join("log").exists());
    assert!(!lane.lane.path().join("new").exists());
    assert_eq!(lane.lane.read("swap"), "1\n");
    assert_eq!(lane.status(), "");
}

#[test]
fn a_worktree_that_cannot_follow_is_a_warning() {
    let lane = Lane::new();
    let lock = lane.lane.ask(["rev-parse", "--path-format=absolute", "--git-path", "index.lock"]);
    std::fs::write(&lock, "").unwrap();
    assert_eq!(lane.check(), "fine\n");
    let said = lane.follow();
    assert!(said.starts_with("WORKTREE_BEHIND the worktree `"), "{said}");
    assert!(said.ends_with(": another process holds its `index.lock`\n"), "{said}");
    assert!(std::path::Path::new(&lock).exists());
    std::fs::remove_file(&lock).unwrap();
    assert_eq!(answers(&lane.repo, &lane.order("bring-up")), "fine\n");
    assert_eq!(lane.status(), "");

    let lane = Lane::new();
    std::fs::remove_dir_all(lane.lane.path()).unwrap();
    assert_eq!(lane.check(), "fine\n");
    let said = lane.follow();
    assert!(said.ends_with("could not follow its branch: its directory is missing\n"), "{said}");
}

/// A worktree whose merge was killed after it had written all files, and before the index.
fn half_way() -> Lane {
    let lane = Lane::new();
    lane.repo.must(["update-ref", "refs/heads/lane", &lane.commits[1]]);
    let index = lane.lane.ask(["rev-parse", "--path-format=absolute", "--git-path", "index"]);
    let copy = format!("{index}.other");
    std::fs::copy(&index, &copy).unwrap();
    let merge = lane.lane.call(["read-tree", "-m", "-u"]).args(&lane.trees);
    merge.env("GIT_INDEX_FILE", &copy).run().exits(0);
    std::fs::remove_file(copy).unwrap();
    assert_ne!(lane.status(), "");
    lane
}

fn catch_up(lane: &Lane) -> String {
    answers(&lane.repo, &format!("catch-up lane - {}\n", lane.commits[1]))
}

#[test]
fn a_merge_that_was_killed_is_done_again() {
    for broken in ["", "1", "1\n", "1\n2", "gone"] {
        let lane = half_way();
        match broken {
            "gone" => std::fs::remove_file(lane.lane.file("log")).unwrap(),
            begun => lane.lane.write("log", begun),
        }
        assert_eq!(catch_up(&lane), "fine\n");
        assert_eq!(lane.status(), "", "{broken:?}");
        assert_eq!(lane.lane.read("log"), "1\n2\n");
        assert_eq!(lane.lane.read("swap"), "1\n");
    }
    let lane = Lane::new();
    lane.repo.must(["update-ref", "refs/heads/lane", &lane.commits[1]]);
    assert_eq!((catch_up(&lane), lane.status()), ("fine\n".to_owned(), String::new()));
}

#[test]
fn what_no_killed_merge_has_written_is_somebody_s() {
    for (file, text) in [("log", "1\nmine\n"), ("log", "1\n2\n3\n"), ("new/file", "mine\n")] {
        let lane = half_way();
        lane.lane.write(file, text);
        let before = state(&lane.repo);
        assert_eq!(catch_up(&lane), "fine\n");
        assert_unchanged(&before, &state(&lane.repo));
        lane.lane.must(["add", file]);
        let before = state(&lane.repo);
        assert_eq!(catch_up(&lane), "fine\n");
        assert_unchanged(&before, &state(&lane.repo));
    }
}

#[test]
fn a_lock_on_the_index_that_a_dead_process_left_is_in_nobody_s_way() {
    let lane = Lane::new();
    let git_dir = lane.lane.ask(["rev-parse", "--absolute-git-dir"]);
    let at = |name: &str| std::path::Path::new(&git_dir).join(name);
    for (name, text) in [
        ("index.lock", "git-kitty\n"),
        ("index.kitty", "git-kitty\n"),
        ("index.copy", "half"),
        ("index.copy.lock", ""),
    ] {
        std::fs::write(at(name), text).unwrap();
    }
    assert_eq!(lane.follow(), "fine\n");
    assert_eq!(lane.status(), "");
    let left: Vec<_> = std::fs::read_dir(&git_dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("index"))
        .collect();
    assert_eq!(left, ["index"]);
    // One whose process lives is waited for, and not removed.
    std::fs::write(at("index.lock"), "git-kitty\n").unwrap();
    let living = std::fs::File::open(at("index.lock")).unwrap();
    living.lock().unwrap();
    let back = format!("bring-up lane {} {}\n", lane.trees[1], lane.trees[0]);
    let said = answers(&lane.repo, &back);
    assert!(said.ends_with(": another process holds its `index.lock`\n"), "{said}");
    drop(living);
    assert_eq!(answers(&lane.repo, &back), "fine\n");
}
