//! Finding a repository and its parts.

use std::fs;
use std::path::{Path, PathBuf};

use git_kitty::domain::refusal::Refusal;
use git_kitty::git::{Environment, ObjectHash, RefBackend, Repo};

use crate::kit::library::{empty, empty_in, git_is_at_least, with_files};
use crate::kit::repo::{ObjectFormat, RefFormat, RepoBuilder};

#[test]
fn every_directory_leads_to_the_same_repository() {
    let checkout = with_files();
    checkout.must(["worktree", "add", "-q", "../linked", "-b", "l"]);
    let (top, linked) = (checkout.path().to_owned(), checkout.sandbox().root().join("linked"));
    for (start, work_tree) in
        [(top.join("d/e"), &top), (top.join(".git"), &top), (linked.join("d"), &linked)]
    {
        let repo = Repo::open(&start, Environment::default()).unwrap();
        assert_eq!(repo.work_tree(), Some(work_tree.as_path()), "{}", start.display());
        assert_eq!(repo.common_dir(), top.join(".git"));
        assert_eq!(repo.primary_work_tree().unwrap(), Some(top.clone()));
        assert_eq!(repo.is_linked(), work_tree == &linked);
        assert!(!repo.is_bare());
    }
    let repo = Repo::open(&linked, Environment::default()).unwrap();
    assert_eq!(repo.git_dir(), top.join(".git/worktrees/linked"));
    assert_eq!(repo.index_file(), top.join(".git/worktrees/linked/index"));
}

#[test]
fn a_bare_repository_has_no_work_tree_but_its_linked_ones_do() {
    let checkout = with_files();
    checkout.must(["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = checkout.sandbox().root().join("bare.git");
    let checkout = checkout.below(bare.clone());
    checkout.must(["worktree", "add", "-q", "../linked", "-b", "l"]);
    let repo = checkout.open();
    assert!(repo.is_bare());
    assert_eq!((repo.work_tree(), repo.primary_work_tree().unwrap()), (None, None));
    let linked = checkout.sandbox().root().join("linked");
    let repo = Repo::open(&linked, Environment::default()).unwrap();
    assert!(!repo.is_bare());
    assert_eq!(repo.work_tree(), Some(linked.as_path()));
    assert_eq!(repo.primary_work_tree().unwrap(), None);
    // With config per worktree, the bareness of the main one moves there.
    checkout.must(["config", "extensions.worktreeConfig", "true"]);
    checkout.must(["config", "--worktree", "core.bare", "true"]);
    checkout.must(["config", "--local", "--unset", "core.bare"]);
    assert!(checkout.open().is_bare());
    let repo = Repo::open(&linked, Environment::default()).unwrap();
    assert_eq!(repo.primary_work_tree().unwrap(), None);
}

#[test]
fn a_git_directory_elsewhere_is_found() {
    let checkout = with_files();
    checkout.must(["init", "-q", "--separate-git-dir", "../elsewhere"]);
    let repo = checkout.open();
    assert_eq!(repo.git_dir(), checkout.sandbox().root().join("elsewhere"));
    assert_eq!(repo.primary_work_tree().unwrap(), Some(checkout.path().to_owned()));
    checkout.must(["config", "core.worktree", "../repo/d"]);
    assert_eq!(checkout.open().work_tree(), Some(checkout.file("d").as_path()));
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let checkout = with_files();
    let url = checkout.path().display().to_string();
    checkout.must(["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "sub"]);
    let top = checkout.file("sub");
    let repo = Repo::open(&top.join("d"), Environment::default()).unwrap();
    assert_eq!(repo.work_tree(), Some(top.as_path()));
    assert_eq!(repo.primary_work_tree().unwrap(), Some(top.clone()));
    assert_eq!(repo.git_dir(), checkout.file(".git/modules/sub"));
    assert!(!repo.is_linked());
}

#[test]
fn the_environment_of_a_hook_is_obeyed() {
    let checkout = with_files();
    checkout.must(["worktree", "add", "-q", "../linked", "-b", "l"]);
    let (top, linked) = (checkout.path().to_owned(), checkout.sandbox().root().join("linked"));
    let git_dir = top.join(".git/worktrees/linked");
    let open = |start: &Path, environment: Environment| Repo::open(start, environment).unwrap();
    // In a linked worktree a hook is given GIT_DIR alone.
    let environment = Environment { git_dir: Some(git_dir.clone()), ..Environment::default() };
    for start in [linked.clone(), linked.join("d")] {
        let repo = open(&start, environment.clone());
        assert_eq!((repo.git_dir(), repo.work_tree()), (git_dir.as_path(), Some(linked.as_path())));
    }
    // A hook of the receiving side stands in the Git directory.
    let environment = Environment { git_dir: Some(".".into()), ..Environment::default() };
    assert_eq!(open(&top.join(".git"), environment).work_tree(), Some(top.as_path()));
    // Anywhere else, Git takes the current directory for the work tree.
    let environment = Environment { git_dir: Some(top.join(".git")), ..Environment::default() };
    assert_eq!(
        open(checkout.sandbox().root(), environment.clone()).work_tree(),
        Some(checkout.sandbox().root())
    );
    let environment = Environment { work_tree: Some("repo/d".into()), ..environment };
    assert_eq!(
        open(checkout.sandbox().root(), environment.clone()).work_tree(),
        Some(top.join("d").as_path())
    );
    let right = Environment { common_dir: Some(top.join(".git")), ..environment.clone() };
    assert_eq!(open(&top, right).common_dir(), top.join(".git"));
    let wrong = Environment { common_dir: Some(linked), ..environment };
    assert!(Repo::open(&top, wrong).is_err());
}

#[test]
fn what_is_no_repository_is_refused() {
    let checkout = empty();
    let empty = checkout.sandbox().root().join("empty");
    fs::create_dir(&empty).unwrap();
    let named = Environment { git_dir: Some(PathBuf::from("nowhere")), ..Environment::default() };
    for (start, environment) in
        [(empty, Environment::default()), (checkout.path().to_owned(), named)]
    {
        let error = Repo::open(&start, environment).err().unwrap();
        let refusal = error.downcast_ref::<Refusal>();
        assert!(matches!(refusal, Some(Refusal::NotARepository { .. })), "{error:?}");
    }
}

#[test]
fn a_damaged_repository_is_no_missing_one() {
    let checkout = with_files();
    checkout.write(".git/config", "[core\n");
    let error = Repo::open(checkout.path(), Environment::default()).err().unwrap();
    assert!(error.downcast_ref::<Refusal>().is_none(), "{error:?}");
}

/// Only root can give a directory to another user.
#[test]
fn a_repository_of_another_user_is_refused() {
    let checkout = with_files();
    if std::os::unix::fs::chown(checkout.file(".git"), Some(12345), None).is_err() {
        return;
    }
    std::os::unix::fs::chown(checkout.path(), Some(12345), None).unwrap();
    assert!(checkout.git(["status"]).status != 0, "git refuses, too");
    let error = Repo::open(checkout.path(), Environment::default()).err().unwrap();
    let refusal = error.downcast_ref::<Refusal>();
    assert!(matches!(refusal, Some(Refusal::UntrustedRepository { .. })), "{error:?}");
}

#[test]
fn config_is_read_as_git_reads_it() {
    let checkout = with_files();
    for value in ["a/**", "b c", "\u{e9}"] {
        checkout.must(["config", "--add", "branch.x/y.z.1.kittyscope", value]);
    }
    checkout.must(["config", "kitty.actor", "me"]);
    let parameters = "'kitty.actor'='it'\\''s me' 'kitty.flag'";
    let repo = checkout.clone().env("GIT_CONFIG_PARAMETERS", parameters).open();
    assert_eq!(repo.config_string("kitty.actor").as_deref(), Some("it's me"));
    assert_eq!(repo.config_strings("kitty.actor"), ["me", "it's me"]);
    let repo = checkout.open();
    assert_eq!(repo.config_string("Kitty.Actor").as_deref(), Some("me"));
    assert_eq!(repo.config_string("kitty.none"), None);
    assert_eq!(repo.config_strings("branch.x/y.z.1.kittyscope"), ["a/**", "b c", "\u{e9}"]);
    assert!(repo.config_strings("branch.X/y.z.1.kittyscope").is_empty(), "names keep their case");
    assert_eq!(repo.config_subsections("branch"), [b"x/y.z.1".to_vec()]);
}

#[test]
fn formats_are_told() {
    assert_eq!(empty().open().object_hash(), ObjectHash::Sha1);
    let checkout = empty_in(RepoBuilder::default().objects(ObjectFormat::Sha256));
    assert_eq!(checkout.open().object_hash(), ObjectHash::Sha256);
    assert_eq!(checkout.open().ref_backend(), RefBackend::Files);
    assert_eq!(checkout.open().empty_tree(), checkout.ask(["write-tree"]).parse().unwrap());
    if git_is_at_least(2, 45) {
        let checkout = empty_in(RepoBuilder::default().refs(RefFormat::Reftable));
        assert_eq!(checkout.open().ref_backend(), RefBackend::Other);
    }
}

/// What git is called with is about this repository, whatever the process was told.
#[test]
fn git_is_called_for_this_repository() {
    let checkout = with_files();
    checkout.must(["worktree", "add", "-q", "../linked", "-b", "l"]);
    let checkout = checkout.below("../linked/d");
    let line = checkout.open().git().args(["rev-parse", "--show-toplevel"]).line().unwrap();
    assert_eq!(line, checkout.sandbox().root().join("linked").display().to_string());
    let again =
        checkout.open().git().env("GIT_DIR", "/nowhere").args(["rev-parse"]).output().unwrap();
    assert_eq!(again.status, 128, "a later value holds");
}
