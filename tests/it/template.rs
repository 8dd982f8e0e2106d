//! Repositories that nobody set up, and that have the hooks all the same: out of a template directory,
//! or by a `core.hooksPath` for everything. They are left alone, silently.

use std::fs;

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::disk::built;
use crate::kit::sandbox::Sandbox;

const EVENTS: [&str; 5] =
    ["pre-commit", "pre-merge-commit", "pre-push", "pre-receive", "reference-transaction"];

/// What people do with repositories; among it every event.
const LIFE: &str = r#"
git init -q -b main plain
cd plain
echo 1 >a; git add a; git commit -q -m one
git branch side; git switch -q side; echo 2 >b; git add b; git commit -q -am two
git switch -q main; echo 3 >a; git commit -qam three
git merge -q --no-edit side
git worktree add -q ../linked
git -C ../linked commit -q --allow-empty -m linked
git tag -a -m v1 v1; git notes add -m note; echo 4 >a; git stash -q; git stash pop -q; git commit -qam four
git rebase -q HEAD~1; git reset -q --hard HEAD~1; git pack-refs --all; git gc -q
cd ..
git clone -q --bare plain server.git
git clone -q server.git clone
cd clone
git commit -q --allow-empty -m five; git push -q; git push -q origin HEAD:new; git push -q origin :new
git fetch -q --prune; git branch -qm other; git branch -q gone; git branch -qD gone
cd ..
git clone -q clone elsewhere
git init -q --separate-git-dir apart.git apart; git -C apart commit -q --allow-empty -m x
git -c protocol.file.allow=always -C plain submodule --quiet add "$PWD/server.git" module
git -C plain for-each-ref; git -C server.git for-each-ref; git -C elsewhere for-each-ref; git -C apart for-each-ref
"#;

/// How a repository comes by hooks.
#[derive(Clone, Copy, Debug)]
enum Way {
    None,
    Template,
    Global,
}

fn lived(way: Way, script: &str) -> (Sandbox, Output) {
    let sandbox = Sandbox::new();
    let hooks = sandbox.at("template/hooks");
    fs::create_dir_all(&hooks).unwrap();
    for event in EVENTS {
        fs::copy(built(&format!("git-kitty-hook-{event}")), hooks.join(event)).unwrap();
    }
    let root = Checkout::at(&sandbox, sandbox.root());
    let key = match way {
        Way::None => None,
        Way::Template => Some(("init.templateDir", "template")),
        Way::Global => Some(("core.hooksPath", "template/hooks")),
    };
    if let Some((key, path)) = key {
        let path = sandbox.at(path);
        root.call(["config", "--global", key, path.to_str().unwrap()]).still().run().exits(0);
    }
    let call = root.program("sh").args(["-ec", script]).env("GIT_TRACE", sandbox.at("trace"));
    let said = call.env("GIT_ALLOW_PROTOCOL", "file").run().masked();
    (sandbox, said)
}

/// How many gits were started, and which hooks.
fn traced(sandbox: &Sandbox) -> (usize, Vec<&'static str>) {
    let trace = sandbox.read("trace");
    let ran = |event: &&str| {
        trace
            .lines()
            .any(|line| line.contains("run_command: ") && line.contains(&format!("hooks/{event}")))
    };
    let gits = trace.lines().filter(|line| line.contains("trace: built-in: "));
    (gits.count(), EVENTS.into_iter().filter(ran).collect())
}

#[test]
fn hooks_where_nobody_set_anything_up_say_and_do_nothing() {
    let (without, quiet) = lived(Way::None, LIFE);
    assert_eq!(quiet.status, 0, "{quiet}");
    let gits = traced(&without).0;
    for way in [Way::Template, Way::Global] {
        let (sandbox, said) = lived(way, LIFE);
        assert_eq!(said.parts(), quiet.parts(), "{way:?}");
        assert_eq!(traced(&sandbox), (gits, EVENTS.to_vec()), "{way:?}: no git of our own");
        let repo = Checkout::at(&sandbox, sandbox.at("plain"));
        assert!(!repo.path().join(".git/kitty").exists());
    }
}

#[test]
fn reftable_and_long_ids_are_left_alone_too() {
    if !Sandbox::new().has_reftable() {
        return;
    }
    let script = "git init -q --ref-format=reftable --object-format=sha256 -b main a; cd a
        git commit -q --allow-empty -m one; git commit -q --allow-empty -m two; git for-each-ref
        git switch -q -c b HEAD~1; git commit -q --allow-empty -m three; git merge -q main -m four
        git worktree add -q ../l; git clone -q --bare . ../s.git; git push -q ../s.git b:c; git for-each-ref";
    let (_, quiet) = lived(Way::None, script);
    let (_, said) = lived(Way::Template, script);
    assert_eq!((said.parts(), said.status), (quiet.parts(), 0));
}

#[test]
fn once_it_is_set_up_the_same_hooks_judge() {
    let script = "git init -q -b main a; cd a; git commit -q --allow-empty -m one; git kitty init --format json
        git commit -q --allow-empty -m two; git commit -qn --allow-empty -m two";
    let (_, said) = lived(Way::Template, script);
    assert!(said.status != 0 && said.stderr.contains("[PROTECTED_BRANCH_REFUSED]"), "{said}");
}

#[test]
fn uninstalling_leaves_the_hooks_that_a_template_put_there() {
    let script = "git init -q -b main a; cd a; git kitty init -q >../said
        git kitty install --uninstall -q >>../said; git kitty install --uninstall -q >>../said
        ls .git/hooks; test ! -e .git/kitty";
    let (sandbox, said) = lived(Way::Template, script);
    assert_eq!(said.parts(), (0, format!("{}\n", EVENTS.join("\n")).as_str(), ""));
    let own = "git init -q -b main b; cd b; rm .git/hooks/pre-push; git kitty init -q >../said
        git kitty install -q >>../said; git kitty install --uninstall -q >>../said; ls .git/hooks";
    let (_, said) = lived(Way::Template, own);
    assert_eq!(said.stdout, format!("{}\n", EVENTS.join("\n")).replace("pre-push\n", ""), "{said}");
    assert!(sandbox.at("a").is_dir());
}

/// What is left is told as what it is, beside a hook of another tool that is back.
#[test]
fn hooks_out_of_a_template_are_idle_where_nothing_is_set_up() {
    let script = "git init -q -b main a; cd a; printf '#!/bin/sh\\nexit 0\\n' >.git/hooks/pre-commit
        git kitty init -q >../said; git kitty install --uninstall | grep ' in '; grep -c exit .git/hooks/pre-commit
        chmod -x .git/hooks/pre-push; git kitty install --status | grep pre-push";
    let (sandbox, said) = lived(Way::Template, script);
    if sandbox.git_version() >= (2, 54, 0) {
        return;
    }
    let words = |line: &str| line.split(" in ").next().unwrap().to_owned();
    let mut stand: Vec<String> = said.stdout.lines().map(words).collect();
    let last = stand.pop();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(last, Some(format!("pre-push: outdated {version}")), "{said}");
    assert_eq!(stand.pop().as_deref(), Some("1"));
    let idle = |event: &str| format!("{event}: idle {version}");
    let others = ["pre-merge-commit", "pre-push", "reference-transaction"].map(idle);
    stand.sort();
    assert_eq!(stand, [&["pre-commit: foreign".to_owned()][..], &others].concat(), "{said}");
}
