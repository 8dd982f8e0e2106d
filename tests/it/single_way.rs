//! There is one way for a mission's refs to move: `flow::transaction`, of which `flow::base` is a part,
//! and it publishes once, however much is done in it. What `commit --to-branch` moves is one branch, and
//! no mission's log.

use git_kitty::domain::transition::Request;
use git_kitty::flow::append::{Incoming, append};
use git_kitty::flow::wp::move_wp;

use crate::composed::{host, mission, wp};
use crate::kit::mission::Topology;
use crate::scene::Scene;
use crate::source::{Source, production};

/// The files whose text has `name` as a word of its own, right before `after`.
fn naming(files: &[Source], name: &str, after: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let with_end = format!("{name}{after}");
    let names =
        |text: &str| text.match_indices(&with_end).any(|(at, _)| !text[..at].ends_with(is_part));
    files.iter().filter(|file| names(&file.text)).map(|file| file.path.clone()).collect()
}

/// Where the source calls what moves refs, outside of its own module.
fn callers(files: Vec<Source>) -> Vec<String> {
    let outside: Vec<Source> =
        files.into_iter().filter(|file| !file.path.starts_with("src/git/publish/")).collect();
    naming(&outside, "publish", "(")
}

#[test]
fn only_the_transaction_publishes() {
    let files = || production("src").into_iter().chain(production("hooks")).collect::<Vec<_>>();
    let known = ["src/flow/base/build.rs", "src/flow/commit_to.rs", "src/flow/transaction.rs"];
    assert_eq!(callers(files()), known);
    // Under no other name either.
    let renamed: Vec<_> = files().into_iter().filter(|f| f.text.contains("publish as")).collect();
    assert!(renamed.is_empty());
    // `git` knows no other way to move a ref that the rest of the house could call.
    for command in ["update-ref", "branch", "reset", "fetch", "push"] {
        let named = naming(&production("src/git"), &format!("\"{command}\""), "");
        // The last moves the HEAD of a worktree of ours that is detached.
        let allowed =
            ["src/git/publish/through_git.rs", "src/git/canary.rs", "src/git/worktree/conflict.rs"];
        let allowed = named.iter().all(|path| allowed.contains(&path.as_str()));
        assert!(allowed, "`git {command}` in {named:?}");
    }
    // The canary's moves are never made.
    let canary = production("src/git/canary.rs").remove(0).text;
    assert!(canary.contains("\\nprepare\\nabort\\n\"") && !canary.contains("commit"), "{canary}");
}

#[test]
fn the_transaction_publishes_at_one_place() {
    let flow = production("src/flow/transaction.rs").remove(0).text;
    assert_eq!(flow.matches("transaction.publish(").count(), 1);
    assert_eq!(flow.matches("base.publish(").count(), 1);
    let base = production("src/flow/base/build.rs").remove(0).text;
    assert_eq!(base.matches(" publish(repo").count(), 1);
}

#[test]
fn a_planted_caller_is_found() {
    let planted = |text: &str| Source { path: "src/flow/wp.rs".to_owned(), text: text.to_owned() };
    for text in ["publish(repo, &moves)", "git::publish(repo)", "repo.publish()"] {
        assert_eq!(callers(vec![planted(text)]), ["src/flow/wp.rs"], "{text}");
    }
    assert!(callers(vec![planted("is_published(repo, batch) || unpublish(x)")]).is_empty());
}

#[test]
fn called_alone_an_operation_publishes_once() {
    let scene = Scene::new(Topology::Coordination);
    let repo = scene.repo.open();
    let branch = scene.mission.branch();
    let counts = || {
        let commits: usize = scene.repo.ask(["rev-list", "--count", &branch]).parse().unwrap();
        let moves = scene.repo.ask(["reflog", "show", &branch, "--"]).lines().count();
        [commits, moves]
    };
    let mission = mission(&repo, &scene);
    let claimed =
        Request { to: "claimed".to_owned(), actor: "ada".to_owned(), ..Request::default() };
    let notes = ["a", "b"].map(|note| {
        let line =
            format!(r#"{{"kind": "annotation", "wp_id": "WP03", "delta": {{"note": "{note}"}}}}"#);
        Incoming::parse(&line, 1, "ada").unwrap()
    });
    let operations: [&dyn Fn(); 2] =
        [&|| drop(move_wp(&repo, &host(), (&mission, &wp("WP03")), &claimed).unwrap()), &|| {
            drop(append(&repo, &host(), &mission, &notes).unwrap())
        }];
    for operation in operations {
        let before = counts();
        operation();
        assert_eq!(counts(), before.map(|count| count + 1));
    }
}
