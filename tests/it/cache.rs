//! What is remembered of logs must never change an answer.

use std::fs;
use std::path::{Path, PathBuf};

use crate::kit::mission::Topology;
use crate::scene::{Scene, TOPOLOGIES, codes};

fn cache(scene: &Scene) -> PathBuf {
    scene.repo.path().join(".git/kitty/cache")
}

fn entry(scene: &Scene) -> PathBuf {
    cache(scene).join(&scene.mission.slug)
}

/// The answer about a file of WP01, which is not active here, and one of WP02, which is.
fn answers(scene: &Scene) -> String {
    let ask = |path| scene.lane.kitty(["why", "--format", "json", path]).to_string();
    ask("src/a/one.rs") + &ask("src/b/two.rs")
}

#[test]
fn a_second_answer_is_the_first_one() {
    for topology in TOPOLOGIES {
        let scene = Scene::new(topology);
        let first = answers(&scene);
        assert!(entry(&scene).is_file(), "{topology:?}: nothing was remembered");
        assert_eq!(answers(&scene), first, "{topology:?}");
    }
}

#[test]
fn a_log_that_grows_is_read_again() {
    for topology in TOPOLOGIES {
        let mut scene = Scene::new(topology);
        scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
        scene.walk("WP02", &["in_progress", "for_review"]);
        scene.walk("WP03", &["planned", "claimed", "in_progress"]);
        scene.commit(&[("docs/a.txt", "a\n")]).exits(0);
    }
}

/// Each entry says, if it were believed, that WP02 is done.
#[test]
fn a_damaged_entry_is_not_believed() {
    let scene = Scene::new(Topology::Coordination);
    let first = answers(&scene);
    let sound = fs::read_to_string(entry(&scene)).unwrap();
    let lie = sound.replace("in_progress", "done");
    let (id, text) = lie.split_once('\n').unwrap();
    let damaged = [
        lie.clone(),
        text.to_owned(),
        format!("{id}\n"),
        format!("{id}\n{{}}"),
        lie[..lie.len() / 2].to_owned(),
        String::new(),
        "\n\n".to_owned(),
    ];
    disbelieved(&entry(&scene), &damaged, &sound, |bytes| {
        assert_eq!(answers(&scene), first, "{bytes}")
    });
}

/// Whatever of these stands in the file, `check` holds, and the file is sound again afterwards.
#[track_caller]
fn disbelieved(file: &Path, damaged: &[String], sound: &str, check: impl Fn(&str)) {
    for bytes in damaged {
        fs::write(file, bytes).unwrap();
        check(bytes);
        assert_eq!(fs::read_to_string(file).unwrap(), sound, "it was not mended: {bytes}");
    }
}

#[test]
fn an_entry_for_other_logs_is_not_believed() {
    let mut scene = Scene::new(Topology::Primary);
    answers(&scene);
    let old = fs::read(entry(&scene)).unwrap();
    scene.walk("WP02", &["in_progress", "for_review"]);
    let fresh = answers(&scene);
    fs::write(entry(&scene), old).unwrap();
    assert_eq!(answers(&scene), fresh);
}

#[test]
fn a_damaged_log_is_refused_however_well_its_past_is_known() {
    let mut scene = Scene::new(Topology::Primary);
    scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
    scene.mission.log.raw("{");
    let log = format!("{}/status.events.jsonl", scene.mission.dir());
    scene.repo.write(&log, scene.mission.log.text());
    let refused = scene.commit(&[("src/b/two.rs", "3\n")]).exits(1);
    assert_eq!(codes(&refused), ["ACTIVE_WP_STATUS_UNAVAILABLE"]);
}

fn kept_plan(scene: &Scene) -> PathBuf {
    cache(scene).join(".plans").join(&scene.mission.slug)
}

fn board(scene: &Scene) -> String {
    scene.repo.kitty(["status", "--format", "json"]).exits(0).stdout
}

/// Each entry gives WP01 another title, if it were believed.
#[test]
fn a_damaged_plan_is_not_believed() {
    let scene = Scene::new(Topology::Coordination);
    let first = board(&scene);
    assert_eq!(board(&scene), first);
    let sound = fs::read_to_string(kept_plan(&scene)).unwrap();
    let lie = sound.replace("title: ", "title: Not ");
    assert_ne!(lie, sound);
    let (id, text) = lie.split_once('\n').unwrap();
    let damaged = [lie.clone(), text.to_owned(), format!("{id}\n{{}}"), lie[..90].to_owned()];
    disbelieved(&kept_plan(&scene), &damaged, &sound, |bytes| {
        assert_eq!(board(&scene), first, "{bytes}")
    });
}

#[test]
fn a_plan_is_kept_over_events_and_read_again_when_it_changes() {
    let mut scene = Scene::new(Topology::Coordination);
    board(&scene);
    let old = fs::read(kept_plan(&scene)).unwrap();
    scene.walk("WP02", &["in_progress", "for_review"]);
    board(&scene);
    assert_eq!(fs::read(kept_plan(&scene)).unwrap(), old);

    let task = format!("{}/tasks/WP01-part-wp01.md", scene.mission.dir());
    let branch = scene.mission.branch();
    let text = scene.repo.git(["show", &format!("{branch}:{task}")]);
    let renamed = text.stdout.replace("title: ", "title: Another ");
    scene.mission.put("Rename a part", vec![(task, renamed)]);
    let fresh = board(&scene);
    assert!(fresh.contains("Another "), "{fresh}");
    fs::write(kept_plan(&scene), old).unwrap();
    assert_eq!(board(&scene), fresh);
}

#[test]
fn without_a_place_to_remember_everything_works() {
    let scene = Scene::new(Topology::Coordination);
    let first = answers(&scene);
    fs::remove_dir_all(cache(&scene)).unwrap();
    fs::write(cache(&scene), "in the way\n").unwrap();
    assert_eq!(answers(&scene), first);
    scene.commit(&[("src/b/two.rs", "2\n")]).exits(0);
}

#[test]
fn uninstalling_forgets() {
    let scene = Scene::new(Topology::Coordination);
    answers(&scene);
    assert!(scene.repo.path().join(".git/kitty/seen").join(&scene.mission.slug).is_file());
    scene.repo.kitty(["install", "--uninstall"]).exits(0);
    assert!(!scene.repo.path().join(".git/kitty").exists());
    answers(&scene);
    assert!(!scene.repo.path().join(".git/kitty").exists(), "it remembers without being set up");
}
