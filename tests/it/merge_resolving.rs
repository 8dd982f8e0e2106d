//! `git kitty merge --resolve`, `--continue` and `--abort` where something besides the conflict is in
//! the worktree, or was left there.

use serde_json::json;

use crate::kit::state::{assert_unchanged, state};
use crate::merge_conflict::{list, open, refused, resolve, scene};

#[test]
fn a_lock_that_was_left_is_named() {
    for name in ["index.lock", "HEAD.lock"] {
        let scene = scene();
        resolve(&open(&scene), &list("both"));
        let lock = scene.repo.file(format!(".git/worktrees/{}-merge/{name}", scene.mission.slug));
        std::fs::write(&lock, "").unwrap();
        let before = state(&scene.repo);
        for words in ["--continue", "--abort", "--resolve"] {
            let told = refused(&scene, &[words], 4, "FILE_LOCKED");
            assert_eq!(told["paths"], json!([lock.display().to_string()]), "{words}");
        }
        assert_unchanged(&before, &state(&scene.repo));
        std::fs::remove_file(lock).unwrap();
        scene.json(&["merge", "--continue"], 0);
        assert_eq!(scene.at("main", "common/list"), Some(list("both")));
    }
}
