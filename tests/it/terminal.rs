//! What only a person on a terminal sees: the pager that git would use, and that work goes on.

use crate::kit::approved::Approved;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::scene::Scene;

/// What a call prints on a terminal of its own.
fn on_terminal(repo: &Checkout, call: &str) -> String {
    let said = repo.program("script").args(["-qec", call, "/dev/null"]).run();
    said.stdout.replace('\r', "")
}

#[test]
fn a_terminal_gets_the_pager_of_git() {
    let scene = Scene::new(Topology::Coordination);
    let plain = scene.repo.kitty(["status"]).exits(0).stdout;
    let paged = "GIT_PAGER='sed s/^/paged:/' git kitty";
    let expected: String = plain.lines().map(|line| format!("paged:{line}\n")).collect();
    assert_eq!(on_terminal(&scene.repo, &format!("{paged} status")), expected);
    assert!(on_terminal(&scene.repo, &format!("{paged} log -n 1")).starts_with("paged:{"));
    scene.repo.must(["config", "core.pager", "sed s/^/set:/"]);
    assert!(on_terminal(&scene.repo, "env -u GIT_PAGER git kitty status").starts_with("set:"));
}

#[test]
fn without_a_terminal_or_a_pager_it_is_printed() {
    let scene = Scene::new(Topology::Coordination);
    let plain = scene.repo.kitty(["status"]).exits(0).stdout;
    let piped = scene.repo.program("sh").args(["-c", "GIT_PAGER=false git kitty status"]).run();
    assert_eq!(piped.exits(0).stdout, plain);
    for pager in ["''", "cat", "no-such-pager 2>/dev/null"] {
        let call = format!("GIT_PAGER='{}' git kitty status", pager.trim_matches('\''));
        assert_eq!(on_terminal(&scene.repo, &call), plain, "{pager}");
    }
    let json =
        on_terminal(&scene.repo, "GIT_PAGER='sed s/^/paged:/' git kitty --format json status");
    assert!(json.starts_with("{\"schema\":1"), "{json}");
}

#[test]
fn work_that_takes_its_time_is_seen_on_a_terminal_only() {
    let dry_run = |more: &str| format!("git kitty {more} merge --dry-run pay");
    for (more, is_told) in [("", true), ("-q", false)] {
        let scene = Approved::new(&[&[("a/one", "more\n")]]);
        let paused = format!("TERM=vt100 GIT_KITTY_PAUSE=after-build:$PWD/.. {}", dry_run(more));
        let call = format!("(sleep 0.8; touch ../go) & {paused}");
        let said = on_terminal(&scene.repo, &call);
        assert_eq!(said.contains("merging."), is_told, "{more}: {said}");
        let piped = scene
            .repo
            .program("sh")
            .args(["-c", &format!("rm -rf ../go ../after-build; {call}")])
            .run();
        assert!(!piped.exits(0).stderr.contains("merging"), "{more}");
    }
}
