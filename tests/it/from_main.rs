//! Whoever stands on protected `main` (where the reference lost its log, its issue #1348): a write
//! that cannot be leaves `main`, its checkout and the log as they were, and one that can leaves
//! `main` alone.

use std::path::PathBuf;

use crate::kit::disk::Bytes;
use crate::kit::mission::Topology;
use crate::scene::{Scene, TOPOLOGIES};

/// What makes a commit to a branch impossible: the code that says so, and the files that do it, to
/// be removed afterwards.
type Obstacle = (&'static str, fn(&Scene, &str) -> Vec<String>);

const REFUSES: &str = "#!/bin/sh\necho no >&2\nexit 1\n";

const OBSTACLES: [Obstacle; 4] = [
    ("[BOOKKEEPING_COMMIT_FAILED]", |scene, _| {
        let hook = "repo/.git/hooks/reference-transaction";
        scene.repo.sandbox().hook(hook, REFUSES);
        vec![hook.to_owned()]
    }),
    ("[REF_LOCKED]", |scene, branch| {
        let lock = format!("repo/.git/refs/heads/{branch}.lock");
        scene.repo.sandbox().write(&lock, "");
        vec![lock]
    }),
    ("[BOOKKEEPING_COMMIT_FAILED]", |scene, _| {
        // A file stands wherever a folder for new objects would.
        scene.repo.must(["gc", "-q", "--prune=now"]);
        let folders = (0..=255).map(|digits| format!("repo/.git/objects/{digits:02x}"));
        folders.inspect(|folder| scene.repo.sandbox().write(folder, "")).collect()
    }),
    ("[PROTECTED_BRANCH_REFUSED]", |scene, branch| {
        let policy = format!("protection:\n  protected_branches: [main, '{branch}']\n");
        scene.repo.commit_file(".kittify/config.yaml", &policy);
        Vec::new()
    }),
];

/// Every byte of the primary checkout and of git's own files, but for objects and the cache.
fn bytes(scene: &Scene) -> Bytes {
    let mut bytes = scene.repo.sandbox().bytes("repo");
    let left_out = [".git/objects", ".git/kitty", ".git/spec-kitty-locks"];
    let left_out = left_out.map(|dir| scene.repo.file(dir));
    bytes.retain(|path, _| !left_out.iter().any(|dir| path.starts_with(dir)));
    bytes
}

#[test]
fn a_commit_that_cannot_be_leaves_main_its_checkout_and_the_log_as_they_were() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        assert_eq!(scene.repo.ask(["branch", "--show-current"]), "main");
        for (code, obstruct) in OBSTACLES {
            let files = obstruct(&scene, &scene.destination(topology));
            let before = bytes(&scene);
            for words in [
                &["wp", "move", "WP02", "--to", "blocked"][..],
                &["wp", "move", "WP03", "--to", "claimed"],
            ] {
                let said = scene.repo.kitty(words);
                assert!(said.stderr.contains(code) && said.status != 0, "{topology:?}: {said}");
                assert_eq!(changed(&before, &scene), Vec::<PathBuf>::new(), "{topology:?}: {said}");
            }
            let remove = |file: &String| std::fs::remove_file(scene.repo.sandbox().at(file));
            files.iter().for_each(|file| remove(file).unwrap());
        }
    }
}

fn changed(before: &Bytes, scene: &Scene) -> Vec<PathBuf> {
    let after = bytes(scene);
    let paths = before.keys().chain(after.keys());
    paths.filter(|path| before.get(*path) != after.get(*path)).cloned().collect()
}

#[test]
fn what_only_stands_in_the_way_of_main_stands_in_nobody_else_s() {
    for topology in [Topology::Coordination, Topology::Split] {
        let scene = Scene::new(topology);
        let git = "repo/.git";
        scene.repo.sandbox().hook(&format!("{git}/hooks/pre-commit"), REFUSES);
        scene.repo.sandbox().write(&format!("{git}/index.lock"), "");
        scene.repo.sandbox().write(&format!("{git}/refs/heads/main.lock"), "");
        scene.repo.write("src/a/one.rs", "half done\n");
        let before = (scene.repo.id("main"), scene.repo.read("src/a/one.rs"));
        let tip = scene.repo.id(&scene.mission.branch());
        scene.repo.kitty(["wp", "move", "WP03", "--to", "claimed"]).exits(0);
        assert_eq!((scene.repo.id("main"), scene.repo.read("src/a/one.rs")), before);
        assert_eq!(scene.repo.id(&format!("{}~", scene.mission.branch())), tip);
    }
}
