//! A repository that another user owns may be used where `safe.directory` says so, wherever git itself
//! would hear it: in the user's settings, by `git -c`, in the environment; not in its own.

use std::os::unix::fs::chown;
use std::path::Path;

use crate::kit::mission::Topology;
use crate::scene::{Scene, codes};

/// The scene, given to another user with all that is in it; `None` if that takes more power.
fn of_another() -> Option<Scene> {
    let scene = Scene::new(Topology::Primary);
    for checkout in [&scene.repo, &scene.lane] {
        give_away(checkout.path()).ok()?;
    }
    Some(scene)
}

fn give_away(path: &Path) -> std::io::Result<()> {
    std::os::unix::fs::lchown(path, Some(12345), None)?;
    if path.is_dir() && !path.is_symlink() {
        for entry in std::fs::read_dir(path)? {
            give_away(&entry?.path())?;
        }
    }
    chown(path, Some(12345), None)
}

#[test]
fn a_command_hears_what_git_hears_about_it() {
    let Some(scene) = of_another() else { return };
    let repo = &scene.repo;
    let refused = repo.program("git-kitty").args(["status"]).run().exits(5);
    assert_eq!(codes(&refused), ["UNTRUSTED_REPOSITORY"]);
    let path = repo.path().display().to_string();
    for value in ["*".to_owned(), path.clone(), format!("{}/*", repo.sandbox().root().display())] {
        repo.must(["-c", &format!("safe.directory={value}"), "kitty", "status"]);
        let counted = repo.program("git-kitty").args(["status"]).env("GIT_CONFIG_COUNT", "1");
        let counted = counted.env("GIT_CONFIG_KEY_0", "safe.directory");
        counted.env("GIT_CONFIG_VALUE_0", &value).run().exits(0);
    }
    let taken_back = ["-c", "safe.directory=*", "-c", "safe.directory=", "kitty", "status"];
    assert_eq!(codes(&repo.git(taken_back)), ["UNTRUSTED_REPOSITORY"]);
    repo.git(["config", "--file", ".git/config", "safe.directory", "*"]).exits(0);
    let refused = repo.program("git-kitty").args(["status"]).run().exits(5);
    assert_eq!(codes(&refused), ["UNTRUSTED_REPOSITORY"]);
}

#[test]
fn a_hook_hears_it_too() {
    let Some(scene) = of_another() else { return };
    let trusting = ["-c", "safe.directory=*", "commit", "-q", "-m", "work"];
    scene.lane.write("src/a/foreign.rs", "x\n");
    scene.lane.git(["-c", "safe.directory=*", "add", "src"]).exits(0);
    assert_eq!(codes(&scene.lane.git(trusting).exits(1)), ["ACTIVE_WP_SCOPE_VIOLATION"]);
    std::fs::remove_file(scene.lane.file("src/a/foreign.rs")).unwrap();
    scene.lane.write("src/b/two.rs", "2\n");
    scene.lane.git(["-c", "safe.directory=*", "add", "src"]).exits(0);
    scene.lane.git(trusting).exits(0);
}

#[test]
fn the_settings_of_a_repository_that_is_trusted_count() {
    let Some(scene) = of_another() else { return };
    scene.repo.git(["config", "--file", ".git/config", "kitty.durability", "none"]).exits(0);
    let call = ["-c", "safe.directory=*", "kitty", "wp", "move", "WP03", "--to", "claimed"];
    assert_eq!(codes(&scene.repo.git(call)), ["SETTING_INVALID"]);
}
