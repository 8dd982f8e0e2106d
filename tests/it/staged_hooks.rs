//! The staged change in the index that git gives to a real pre-commit hook.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git_kitty::git::Repo;

use crate::kit::library::{from_changes, from_raw, with_files};

const CASES: &[(&str, &str)] = &[
    ("commit", "echo 2 >>a; git add a; git commit -qm x"),
    ("commit -a", "echo 2 >>d/x; rm b.txt; git commit -qam x"),
    ("commit -- path", "echo 2 >>d/x; echo 2 >>a; git add a; git commit -qm x -- d/x"),
    ("commit -i path", "echo 2 >>d/x; echo 2 >>a; git add a; git commit -qm x -i d/x"),
    ("amend", "echo 2 >>d/x; git add d/x; git commit -q --amend -m x"),
    ("from below", "cd d/e; echo 2 >>../x; git commit -qam x"),
    ("from below, path", "cd d/e; echo 2 >>../x; git commit -qm x -- ../x"),
    ("allow-empty", "git commit -q --allow-empty -m x"),
    ("linked", "git worktree add -q ../l -b l; cd ../l; echo 2 >>d/x; git commit -qam x"),
    (
        "linked, from below, path",
        "git worktree add -q ../l -b l; cd ../l/d/e; echo 2 >>deep; git commit -qm x -- deep",
    ),
    (
        "conflict",
        "git checkout -qb o; echo o >>a; git commit -qnam o; git checkout -q main; echo m >>a;
         git commit -qnam m; git merge -q o; echo both >a; git add a; git commit -qm x",
    ),
    ("first", "git checkout -q --orphan fresh; git rm -q --cached d/x; git commit -qm x"),
    ("git dir", "echo 2 >>d/x; git --git-dir=.git --work-tree=. commit -qam x"),
];

#[test]
fn a_hook_sees_what_will_be_committed() {
    for (name, script) in CASES {
        let checkout = with_files();
        let report = checkout.sandbox().root().join("report");
        let probe = std::env::current_exe().unwrap();
        let hook = format!(
            "#!/bin/sh
tree=HEAD
git rev-parse -q --verify HEAD >/dev/null || tree=$(git hash-object -t tree --stdin </dev/null)
git diff-index --cached --raw -z --no-renames $tree >'{report}.raw'
KITTY_REPORT='{report}' '{probe}' -q --ignored --exact staged_hooks::probe >/dev/null
",
            report = report.display(),
            probe = probe.display(),
        );
        checkout.write(".git/hooks/pre-commit", hook);
        checkout.set_executable(".git/hooks/pre-commit", true);
        checkout.sh(script).exits(0);
        let raw = fs::read(report.with_extension("raw")).unwrap();
        // `commit -- path` gives a temporary index in which no tree is known.
        let way = if name.contains("-- path") || name.ends_with(", path") {
            "Entries"
        } else {
            "KnownTree"
        };
        let expected = [from_raw(&raw), vec![way.to_owned()]].concat().join("\n");
        assert_eq!(fs::read_to_string(&report).unwrap(), expected, "{name}");
        assert_eq!(raw.is_empty(), *name == "allow-empty", "{name}");
    }
}

/// Runs in the hook, with the environment and directory that git gives.
#[test]
#[ignore = "the test above runs it"]
#[expect(clippy::disallowed_methods, reason = "the environment is what is tested")]
fn probe() {
    let report = std::env::var_os("KITTY_REPORT").unwrap();
    let repo = Repo::discover(Path::new(".")).unwrap();
    let tip = repo.head().unwrap().tip();
    let staged = repo.staged(tip.map(|tip| repo.tree_of_commit(tip).unwrap())).unwrap();
    let lines = [from_changes(&staged.changes), vec![format!("{:?}", staged.way)]].concat();
    fs::write(Path::new(std::ffi::OsStr::from_bytes(report.as_bytes())), lines.join("\n")).unwrap();
}
