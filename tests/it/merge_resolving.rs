//! `git kitty merge --resolve`, `--continue` and `--abort` where something besides the conflict is in
//! the worktree, or was left there.

use serde_json::json;

use crate::kit::approved::Approved;
use crate::kit::state::{assert_unchanged, state};
use crate::merge_conflict::{list, open, place, refused, resolve, scene};

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

/// A page that shows markers, and is in conflict elsewhere.
#[test]
fn markers_that_belong_to_a_file_are_none_that_are_left() {
    let page = |first: &str, last: &str| {
        format!("{first}\n\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n{last}\n")
    };
    let scene = Approved::new(&[
        &[("common/page", &page("a", "end"))],
        &[("common/page", &page("b", "end"))],
    ]);
    scene.json(&["merge", "--resolve"], 0);
    let place = place(&scene);
    let continued = |text: &str| {
        place.write("common/page", text);
        place.must(["add", "common/page"]);
        refused(&scene, &["--continue"], 1, "RESOLUTION_UNFINISHED")
    };
    let laid_out = place.read("common/page");
    assert_eq!(continued(&laid_out)["paths"], json!(["common/page"]));
    let (half, _) = laid_out.rsplit_once(">>>>>>> ").unwrap();
    continued(half);
    continued(&laid_out.replace('\n', "\r\n"));
    place.must(["checkout", "-q", "--merge", "common/page"]);
    continued(&place.read("common/page"));
    place.write("common/page", page("both", "end"));
    place.must(["add", "common/page"]);
    scene.json(&["merge", "--continue"], 0);
    assert_eq!(scene.at("main", "common/page"), Some(page("both", "end")));
    scene.json(&["verify-landing"], 0);
}
