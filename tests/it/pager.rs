//! Long answers on a terminal: shown in the pager that git would use, and never elsewhere.

use crate::kit::mission::Topology;
use crate::scene::Scene;

/// What a call prints on a terminal of its own.
fn on_terminal(scene: &Scene, call: &str) -> String {
    let said = scene.repo.program("script").args(["-qec", call, "/dev/null"]).run();
    said.stdout.replace('\r', "")
}

#[test]
fn a_terminal_gets_the_pager_of_git() {
    let scene = Scene::new(Topology::Coordination);
    let plain = scene.repo.kitty(["status"]).exits(0).stdout;
    let paged = "GIT_PAGER='sed s/^/paged:/' git kitty";
    let expected: String = plain.lines().map(|line| format!("paged:{line}\n")).collect();
    assert_eq!(on_terminal(&scene, &format!("{paged} status")), expected);
    assert!(on_terminal(&scene, &format!("{paged} log -n 1")).starts_with("paged:{"));
    scene.repo.must(["config", "core.pager", "sed s/^/set:/"]);
    assert!(on_terminal(&scene, "env -u GIT_PAGER git kitty status").starts_with("set:"));
}

#[test]
fn without_a_terminal_or_a_pager_it_is_printed() {
    let scene = Scene::new(Topology::Coordination);
    let plain = scene.repo.kitty(["status"]).exits(0).stdout;
    let piped = scene.repo.program("sh").args(["-c", "GIT_PAGER=false git kitty status"]).run();
    assert_eq!(piped.exits(0).stdout, plain);
    for pager in ["''", "cat", "no-such-pager 2>/dev/null"] {
        let call = format!("GIT_PAGER='{}' git kitty status", pager.trim_matches('\''));
        assert_eq!(on_terminal(&scene, &call), plain, "{pager}");
    }
    let json = on_terminal(&scene, "GIT_PAGER='sed s/^/paged:/' git kitty --format json status");
    assert!(json.starts_with("{\"schema\":1"), "{json}");
}
