//! Where this user may not write what git-kitty keeps: reading works, and what has to write says what it
//! could not, and what to do about it.

use crate::kit::call::Output;
use crate::kit::checkout::Checkout;
use crate::kit::mission::Topology;
use crate::scene::{Scene, codes};

/// A git of somebody to whom permissions apply, also where the tests run as the superuser.
fn powerless(checkout: &Checkout, words: &[&str]) -> Output {
    let drop = ["--bounding-set=-all", "--inh-caps=-all", "--"];
    let probe = checkout.program("setpriv").args(drop).args(["true"]).still().run();
    match probe.status {
        0 => checkout.program("setpriv").args(drop).args(["git"]).args(words).run(),
        _ => checkout.git(words),
    }
}

/// The scene, in which `places` of the Git directory cannot be written, as long as `look` looks.
fn locked(places: &str, look: impl FnOnce(&Scene)) {
    let scene = Scene::new(Topology::Coordination);
    scene.lane.stage(&[("src/b/two.rs", "2\n")]);
    scene.repo.sh(&format!("chmod -R a-w {places}")).exits(0);
    look(&scene);
    scene.repo.sh("chmod -R u+w .git").exits(0);
}

/// What only looks.
const READS: [&[&str]; 5] = [
    &["status"],
    &["log"],
    &["ready"],
    &["why", "src/b/two.rs"],
    &["guard", "--range", "HEAD~1..HEAD", "--branch", "side"],
];

/// Checks that it is refused with what could not be written and a way out.
#[track_caller]
fn assert_told(output: &Output, part: &str) {
    assert_eq!(codes(output), ["NOT_WRITABLE"], "{output}");
    assert!(output.stderr.contains(part), "{output}");
    assert!(output.stderr.contains("Permission denied"), "{output}");
    assert!(output.stderr.contains("hint: `ls -ld "), "{output}");
    assert!(!output.stderr.contains("git kitty install"), "{output}");
    assert!(!output.stderr.contains(".tmp`"), "the name of the file itself: {output}");
}

#[test]
fn a_repository_that_nobody_may_write_can_be_read() {
    locked(".git", |scene| {
        for words in READS {
            let said = powerless(&scene.repo, &[&["kitty"], words].concat());
            assert!(said.status == 0 && said.stderr.is_empty(), "{said}");
        }
        // What is wrong with the scene itself, and no more.
        let found = powerless(&scene.repo, &["kitty", "doctor"]);
        assert!(found.stdout.contains("STALE_CLAIM"), "{found}");
        assert!(!found.stdout.contains("NOT_WRITABLE"), "{found}");
        let writes: [(&[&str], &str); 6] = [
            (&["wp", "move", "WP03", "--to", "claimed"], "spec-kitty-locks"),
            (&["mission", "create", "other"], "spec-kitty-locks"),
            (&["lane", "open", "lane-a"], ""),
            (
                &["override", "--ref", "main", "--reason", "T", "--for", "10m"],
                "kitty/overrides.lock",
            ),
            (&["install", "--uninstall"], ".git/hooks/"),
            (&["scope", "add", "--branch", "side", "src/**"], ".git`"),
        ];
        for (words, part) in writes {
            assert_told(&powerless(&scene.repo, &[&["kitty"], words].concat()).exits(1), part);
        }
    });
}

#[test]
fn where_hooks_cannot_be_asked_that_is_the_cause() {
    locked(".git", |scene| {
        let found = powerless(&scene.repo, &["kitty", "doctor", "--canary"]).exits(1).stdout;
        assert!(found.contains("HOOKS_UNPROVEN") && found.contains("Permission denied"), "{found}");
        let fix = format!("fix: `ls -ld '{}/.git/refs", scene.repo.path().display());
        assert!(found.contains(&fix) && !found.contains("git kitty install"), "{found}");
    });
}

#[test]
fn what_somebody_else_set_up_is_named() {
    locked(".git/kitty", |scene| {
        for words in READS {
            powerless(&scene.repo, &[&["kitty"], words].concat()).exits(0);
        }
        assert_told(&powerless(&scene.lane, &["commit", "-q", "-m", "work"]), "kitty/");
        let found = powerless(&scene.repo, &["kitty", "doctor"]).exits(1);
        assert_eq!(found.stdout.matches("NOT_WRITABLE").count(), 1, "{found}");
        assert!(found.stdout.contains("ls -ld "), "{found}");
    });
}
