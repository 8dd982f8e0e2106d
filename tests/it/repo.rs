//! Finding a repository and its parts.

use std::fs;
use std::path::{Path, PathBuf};

use git_kitty::domain::refusal::Refusal;
use git_kitty::git::{Environment, ObjectHash, RefBackend, Repo};

use crate::sandbox::{Sandbox, git_is_at_least};

#[test]
fn every_directory_leads_to_the_same_repository() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["worktree", "add", "-q", "../linked", "-b", "l"]);
    let (top, linked) = (sandbox.top.clone(), sandbox.home().join("linked"));
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
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["clone", "-q", "--bare", ".", "../bare.git"]);
    let bare = sandbox.home().join("bare.git");
    let sandbox = sandbox.at(bare.clone());
    sandbox.git(&["worktree", "add", "-q", "../linked", "-b", "l"]);
    let repo = sandbox.repo();
    assert!(repo.is_bare());
    assert_eq!((repo.work_tree(), repo.primary_work_tree().unwrap()), (None, None));
    let linked = sandbox.home().join("linked");
    let repo = Repo::open(&linked, Environment::default()).unwrap();
    assert!(!repo.is_bare());
    assert_eq!(repo.work_tree(), Some(linked.as_path()));
    assert_eq!(repo.primary_work_tree().unwrap(), None);
    // With config per worktree, the bareness of the main one moves there.
    sandbox.git(&["config", "extensions.worktreeConfig", "true"]);
    sandbox.git(&["config", "--worktree", "core.bare", "true"]);
    sandbox.git(&["config", "--local", "--unset", "core.bare"]);
    assert!(sandbox.repo().is_bare());
    let repo = Repo::open(&linked, Environment::default()).unwrap();
    assert_eq!(repo.primary_work_tree().unwrap(), None);
}

#[test]
fn a_git_directory_elsewhere_is_found() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["init", "-q", "--separate-git-dir", "../elsewhere"]);
    let repo = sandbox.repo();
    assert_eq!(repo.git_dir(), sandbox.home().join("elsewhere"));
    assert_eq!(repo.primary_work_tree().unwrap(), Some(sandbox.top.clone()));
    sandbox.git(&["config", "core.worktree", "../repo/d"]);
    assert_eq!(sandbox.repo().work_tree(), Some(sandbox.path("d").as_path()));
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let sandbox = Sandbox::with_files(&[]);
    let url = sandbox.top.display().to_string();
    sandbox.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", &url, "sub"]);
    let top = sandbox.path("sub");
    let repo = Repo::open(&top.join("d"), Environment::default()).unwrap();
    assert_eq!(repo.work_tree(), Some(top.as_path()));
    assert_eq!(repo.primary_work_tree().unwrap(), Some(top.clone()));
    assert_eq!(repo.git_dir(), sandbox.path(".git/modules/sub"));
    assert!(!repo.is_linked());
}

#[test]
fn the_environment_of_a_hook_is_obeyed() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["worktree", "add", "-q", "../linked", "-b", "l"]);
    let (top, linked) = (sandbox.top.clone(), sandbox.home().join("linked"));
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
        open(&sandbox.home(), environment.clone()).work_tree(),
        Some(sandbox.home().as_path())
    );
    let environment = Environment { work_tree: Some("repo/d".into()), ..environment };
    assert_eq!(
        open(&sandbox.home(), environment.clone()).work_tree(),
        Some(top.join("d").as_path())
    );
    let right = Environment { common_dir: Some(top.join(".git")), ..environment.clone() };
    assert_eq!(open(&top, right).common_dir(), top.join(".git"));
    let wrong = Environment { common_dir: Some(linked), ..environment };
    assert!(Repo::open(&top, wrong).is_err());
}

#[test]
fn what_is_no_repository_is_refused() {
    let sandbox = Sandbox::new(&[]);
    let empty = sandbox.home().join("empty");
    fs::create_dir(&empty).unwrap();
    let named = Environment { git_dir: Some(PathBuf::from("nowhere")), ..Environment::default() };
    for (start, environment) in [(empty, Environment::default()), (sandbox.top.clone(), named)] {
        let error = Repo::open(&start, environment).err().unwrap();
        let refusal = error.downcast_ref::<Refusal>();
        assert!(matches!(refusal, Some(Refusal::NotARepository { .. })), "{error:?}");
    }
}

#[test]
fn a_damaged_repository_is_no_missing_one() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.write(".git/config", "[core\n");
    let error = Repo::open(&sandbox.top, Environment::default()).err().unwrap();
    assert!(error.downcast_ref::<Refusal>().is_none(), "{error:?}");
}

/// Only root can give a directory to another user.
#[test]
fn a_repository_of_another_user_is_refused() {
    let sandbox = Sandbox::with_files(&[]);
    if std::os::unix::fs::chown(sandbox.path(".git"), Some(12345), None).is_err() {
        return;
    }
    std::os::unix::fs::chown(&sandbox.top, Some(12345), None).unwrap();
    assert!(!sandbox.output(&["status"]).status.success(), "git refuses, too");
    let error = Repo::open(&sandbox.top, Environment::default()).err().unwrap();
    let refusal = error.downcast_ref::<Refusal>();
    assert!(matches!(refusal, Some(Refusal::UntrustedRepository { .. })), "{error:?}");
}

#[test]
fn config_is_read_as_git_reads_it() {
    let sandbox = Sandbox::with_files(&[]);
    for value in ["a/**", "b c", "\u{e9}"] {
        sandbox.git(&["config", "--add", "branch.x/y.z.1.kittyscope", value]);
    }
    sandbox.git(&["config", "kitty.actor", "me"]);
    let parameters = "'kitty.actor'='it'\\''s me' 'kitty.flag'";
    let repo = sandbox.shared().env("GIT_CONFIG_PARAMETERS", parameters).repo();
    assert_eq!(repo.config_string("kitty.actor").as_deref(), Some("it's me"));
    assert_eq!(repo.config_strings("kitty.actor"), ["me", "it's me"]);
    let repo = sandbox.repo();
    assert_eq!(repo.config_string("Kitty.Actor").as_deref(), Some("me"));
    assert_eq!(repo.config_string("kitty.none"), None);
    assert_eq!(repo.config_strings("branch.x/y.z.1.kittyscope"), ["a/**", "b c", "\u{e9}"]);
    assert!(repo.config_strings("branch.X/y.z.1.kittyscope").is_empty(), "names keep their case");
    assert_eq!(repo.config_subsections("branch"), [b"x/y.z.1".to_vec()]);
}

#[test]
fn formats_are_told() {
    assert_eq!(Sandbox::new(&[]).repo().object_hash(), ObjectHash::Sha1);
    let sandbox = Sandbox::new(&["--object-format=sha256"]);
    assert_eq!(sandbox.repo().object_hash(), ObjectHash::Sha256);
    assert_eq!(sandbox.repo().ref_backend(), RefBackend::Files);
    assert_eq!(sandbox.repo().empty_tree(), sandbox.line(&["write-tree"]).parse().unwrap());
    if git_is_at_least(2, 45) {
        let sandbox = Sandbox::new(&["--ref-format=reftable"]);
        assert_eq!(sandbox.repo().ref_backend(), RefBackend::Other);
    }
}

/// What git is called with is about this repository, whatever the process was told.
#[test]
fn git_is_called_for_this_repository() {
    let sandbox = Sandbox::with_files(&[]);
    sandbox.git(&["worktree", "add", "-q", "../linked", "-b", "l"]);
    let sandbox = sandbox.at_subdirectory("../linked/d");
    let line = sandbox.repo().git().args(["rev-parse", "--show-toplevel"]).line().unwrap();
    assert_eq!(line, sandbox.home().join("linked").display().to_string());
    let again =
        sandbox.repo().git().env("GIT_DIR", "/nowhere").args(["rev-parse"]).output().unwrap();
    assert_eq!(again.status, 128, "a later value holds");
}
