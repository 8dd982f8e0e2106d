//! `git kitty mission create`: a mission out of nothing, from wherever one stands.

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};
use crate::kit::sandbox::Sandbox;
use crate::kit::state::{assert_unchanged, state};
use crate::kit::wp::Wp;

fn repo() -> Checkout {
    let repo = RepoBuilder::default().files(3).build(&Sandbox::new(), "repo");
    repo.kitty(["init"]).exits(0);
    repo
}

fn create(repo: &Checkout, arguments: &[&str]) -> Output {
    repo.call(["kitty", "mission", "create"]).args(arguments).args(["--format", "json"]).run()
}

fn made(repo: &Checkout, arguments: &[&str]) -> Value {
    let said = create(repo, arguments).exits(0);
    serde_json::from_str(&said.stdout).unwrap()
}

fn code(said: &Output) -> String {
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    document["error_code"].as_str().unwrap_or_default().to_owned()
}

fn branches(repo: &Checkout) -> usize {
    repo.ask(["for-each-ref", "--format=%(refname)", "refs/heads/kitty/"]).lines().count()
}

#[test]
fn it_has_an_id_a_branch_and_files_and_is_listed() {
    let repo = repo();
    let document = made(&repo, &["check-out", "--title", "Check  out\nfast"]);
    let (dir, branch) = (
        document["mission_slug"].as_str().unwrap(),
        document["coordination_branch"].as_str().unwrap(),
    );
    assert_eq!(document["created"], true);
    assert_eq!(document["target_branch"], "main");
    assert_eq!(document["commits"][0]["branch"], branch);
    assert_eq!(*branch, format!("kitty/mission-{dir}"));
    let id = document["mission_id"].as_str().unwrap();
    assert_eq!((document["mid8"].as_str().unwrap(), id.len()), (&id[..8], 26));
    assert_eq!(repo.id(&format!("{branch}^")), repo.id("main"));
    let meta = repo.ask(["show", &format!("{branch}:kitty-specs/{dir}/meta.json")]);
    let meta: Value = serde_json::from_str(&meta).unwrap();
    assert_eq!(meta["friendly_name"], "Check out fast");
    assert_eq!(meta["mission_id"], id);
    assert_eq!(meta["coordination_branch"], branch);
    for handle in [id, &id[..8], "check-out", dir] {
        let shown = repo.kitty(["mission", "show", handle, "--format", "json"]).exits(0).stdout;
        let shown: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(
            (&shown["mission_id"], &shown["source"]),
            (&meta["mission_id"], &"coordination".into())
        );
    }
    assert!(repo.kitty(["mission", "list"]).exits(0).stdout.starts_with(dir));
    repo.ask(["fsck", "--strict"]);
}

/// What a checkout has: HEAD, index, files, and its own ref.
fn checkout(repo: &Checkout) -> [String; 4] {
    let index = std::fs::read(repo.file(".git/index")).unwrap();
    [
        std::fs::read_to_string(repo.file(".git/HEAD")).unwrap(),
        format!("{index:?}"),
        repo.ask(["status", "--porcelain", "--untracked-files=all"]),
        repo.id("main"),
    ]
}

#[test]
fn no_checkout_is_touched_whatever_its_state() {
    let repo = repo();
    repo.write("staged.txt", "mine\n");
    repo.git(["add", "staged.txt"]).exits(0);
    repo.write("loose.txt", "mine\n");
    let before = checkout(&repo);
    made(&repo, &["from-main"]);
    assert_eq!(checkout(&repo), before);
    repo.git(["checkout", "-q", "--detach"]).exits(0);
    let before = checkout(&repo);
    let said = create(&repo, &["detached"]).exits(2);
    assert_eq!(code(&said), "TARGET_BRANCH_REQUIRED");
    made(&repo, &["detached", "--target", "main"]);
    assert_eq!(checkout(&repo), before);
    let linked = repo.worktree("linked", "other");
    let below = linked.below("deep");
    std::fs::create_dir(below.path()).unwrap();
    assert_eq!(made(&below, &["elsewhere"])["target_branch"], "other");
    let bare = repo.sandbox().call("git", repo.path());
    bare.args(["clone", "-q", "--bare", ".", "../bare.git"]).run().exits(0);
    let bare = repo.below("../bare.git");
    assert_eq!(made(&bare, &["in-bare", "--target", "main"])["created"], true);
}

/// What is printed says where to write: there work packages are found, from wherever one stands.
#[test]
fn where_it_says_to_write_work_packages_they_are_found() {
    let repo = repo();
    let linked = repo.worktree("../linked", "other");
    repo.must(["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = repo.below("../bare.git");
    let of_bare = bare.worktree("../of-bare", "other");
    for (checkout, slug) in [(&repo, "here"), (&linked, "linked"), (&of_bare, "of-bare")] {
        let said = checkout.kitty(["mission", "create", slug]).exits(0).stdout;
        let (_, told) = said.split_once("write its work packages in ").unwrap();
        let dir = said.split(':').next().unwrap();
        let tasks = format!("kitty-specs/{dir}/tasks");
        let named = told.split([' ', ',']).next().unwrap();
        let at = match slug {
            "of-bare" => {
                assert!(told.starts_with(&format!("{tasks} of the worktree that\n")), "{said}");
                let opened = checkout.kitty(["mission", "worktree", dir, "--format=json"]);
                let opened: Value = serde_json::from_str(&opened.exits(0).stdout).unwrap();
                checkout.below(opened["path"].as_str().unwrap()).below(tasks)
            }
            _ => checkout.below(named),
        };
        std::fs::create_dir_all(at.path()).unwrap();
        at.write("WP01-it.md", Wp::new("WP01").owns(&["src/**"]).text("other"));
        let finalized = checkout.kitty(["mission", "finalize", dir, "--dry-run"]);
        assert!(finalized.exits(0).stdout.contains("WP01"), "{slug}: {said}");
    }
}

#[test]
fn asked_again_it_is_the_same_mission() {
    let repo = repo();
    let first = made(&repo, &["pay"]);
    let before = state(&repo).without("spec-kitty-locks");
    let again = made(&repo, &["pay", "--title", "Another"]);
    assert_unchanged(&before, &state(&repo).without("spec-kitty-locks"));
    assert_eq!(again["created"], false);
    assert_eq!(again["warnings"][0]["code"], "TITLE_KEPT");
    for key in ["mission_id", "coordination_branch", "target_branch", "mission_dir"] {
        assert_eq!(first[key], again[key]);
    }
    repo.git(["branch", "other"]).exits(0);
    let said = create(&repo, &["pay", "--target", "other"]).exits(1);
    assert_eq!(code(&said), "MISSION_EXISTS");
    assert!(said.stdout.contains("it lands on `main`"), "{said}");
    assert_eq!(branches(&repo), 1);
}

#[test]
fn names_and_targets_that_will_not_do_are_refused_with_what_would() {
    let repo = repo();
    for slug in ["../x", "-x", "x/y", "Über", "con", "a--b", "", "x-lane-a", "042-x", "x y", ".git"]
    {
        let said = create(&repo, &["--target", "main", slug]).exits(2);
        assert_eq!(code(&said), "MISSION_SLUG_INVALID", "{slug}: {said}");
    }
    assert_eq!(
        code(&create(&repo, &["x", "--target", "nowhere"]).exits(1)),
        "DESTINATION_REF_NOT_FOUND"
    );
    let branch = made(&repo, &["first"])["coordination_branch"].as_str().unwrap().to_owned();
    let said = create(&repo, &["second", "--target", &branch]).exits(1);
    assert_eq!(code(&said), "TARGET_BRANCH_OF_MISSION");
    assert_eq!(branches(&repo), 1);
}

#[test]
fn a_target_that_is_no_local_branch_is_told_with_the_one_that_is_meant() {
    let repo = repo();
    for name in ["tags/v1", "remotes/origin/main", "remotes/origin/far"] {
        repo.must(["update-ref", &format!("refs/{name}"), "HEAD"]);
    }
    let main = "name the local branch: `--target main`";
    for (target, expected, hint) in [
        ("HEAD", "DESTINATION_REF_NOT_LOCAL", main),
        ("origin/main", "DESTINATION_REF_NOT_LOCAL", main),
        ("refs/heads/main", "DESTINATION_REF_NOT_LOCAL", main),
        (
            "v1",
            "DESTINATION_REF_NOT_LOCAL",
            "name a local branch; `git branch NAME v1` makes one there",
        ),
        ("far", "DESTINATION_REF_NOT_FOUND", "make it first: `git branch --track far origin/far`"),
        (
            "nowhere",
            "DESTINATION_REF_NOT_FOUND",
            "`git branch` lists those that there are; `git branch nowhere COMMIT` makes it",
        ),
    ] {
        let said = create(&repo, &["x", "--target", target]).exits(1);
        let document: Value = serde_json::from_str(&said.stdout).unwrap();
        assert_eq!((code(&said).as_str(), &document["next_step"]), (expected, &hint.into()));
        assert_eq!(document["destination_ref"], target);
    }
    repo.git(["checkout", "-q", "--orphan", "empty"]).exits(0);
    let said = repo.kitty(["mission", "create", "x"]).exits(1);
    assert_eq!(
        said.stderr,
        "error: the branch `empty` has no commit yet [DESTINATION_REF_NOT_FOUND]\n\
         hint: make its first commit, e.g. `git commit --allow-empty -m Begin`\n"
    );
    assert_eq!(branches(&repo), 0);
}

/// The first eight characters of ids that are so many seconds later.
fn later(mid8: &str, seconds: usize) -> String {
    let digits = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let value = |c: u8| digits.iter().position(|digit| *digit == c).unwrap();
    let sum = mid8.bytes().fold(0, |sum, c| sum << 5 | value(c)) + seconds;
    (0..8).rev().map(|place| char::from(digits[sum >> (5 * place) & 31])).collect()
}

#[test]
fn no_new_mission_is_called_as_one_that_is_gone() {
    let repo = repo();
    let first = made(&repo, &["pay"]);
    let (mid8, tip) = (first["mid8"].as_str().unwrap(), repo.id("main"));
    repo.kitty(["mission", "close", "pay", "--discard"]).exits(0);
    // Whenever the second one is made: all ids of the next minute are those of missions that went.
    for seconds in 1..60 {
        let (id, place) = match seconds % 2 {
            0 => (format!("{}{}", later(mid8, seconds), "0".repeat(18)), "discarded"),
            _ => (format!("{}{}", later(mid8, seconds), "Z".repeat(18)), "landed"),
        };
        let tail = if place == "landed" { "" } else { "/coordination" };
        let file = format!(".git/refs/kitty/{place}/{id}{tail}");
        repo.write(file, format!("{tip}\n"));
    }
    let second = made(&repo, &["pay"]);
    assert_eq!(second["mid8"].as_str().unwrap(), later(mid8, 60));
    assert_eq!(repo.kitty(["status"]).exits(0).stderr, "");
}

#[test]
fn of_many_who_make_it_at_once_one_does() {
    let repo = repo();
    let created: Vec<bool> = std::thread::scope(|scope| {
        let one = || made(&repo, &["crowd"])["created"].as_bool().unwrap();
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(created.into_iter().filter(|created| *created).count(), 1);
    assert_eq!(branches(&repo), 1);
}

#[test]
fn killed_at_any_step_and_run_again_it_is_there_once() {
    let steps = git_kitty::git::crash::PUBLISH.iter().chain(["after-build", "after-settle"].iter());
    for step in steps {
        let repo = repo();
        let call = repo.call(["kitty", "mission", "create", "once"]).env("GIT_KITTY_CRASH", step);
        let status = call.run().status;
        assert!(status == 128 + 6 || status == 0, "{step}: {status}");
        made(&repo, &["once"]);
        assert_eq!(branches(&repo), 1, "{step}");
        repo.kitty(["mission", "show", "once"]).exits(0);
        assert_eq!(repo.ask(["status", "--porcelain"]), "", "{step}");
    }
}

#[test]
fn in_other_formats_of_repositories() {
    let formats =
        [(ObjectFormat::Sha256, RefFormat::Files), (ObjectFormat::Sha1, RefFormat::Reftable)];
    for (objects, refs) in formats {
        let sandbox = Sandbox::new();
        if refs == RefFormat::Reftable && !sandbox.has_reftable() {
            continue;
        }
        let repo = RepoBuilder::default().objects(objects).refs(refs).build(&sandbox, "repo");
        repo.kitty(["init"]).exits(0);
        assert_eq!(made(&repo, &["formats"])["created"], true);
        assert_eq!(made(&repo, &["formats"])["created"], false);
    }
}
