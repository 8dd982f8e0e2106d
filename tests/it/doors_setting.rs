//! `kitty.doors`: hooks that are left out, and that the doctor tells it.

use crate::doctor::{found, repository};
use crate::kit::checkout::Checkout;

fn installed(repo: &Checkout) -> Vec<String> {
    let hooks = std::fs::read_dir(repo.path().join(".git/hooks")).into_iter().flatten().flatten();
    let mut names: Vec<String> = hooks.map(|e| e.file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with(".sample"));
    names.sort();
    names
}

#[test]
fn install_and_init_go_by_the_setting_and_the_doctor_tells_once() {
    let repo = repository();
    if repo.sandbox().git_version() >= (2, 54, 0) {
        return;
    }
    let all = ["pre-commit", "pre-merge-commit", "pre-push", "reference-transaction"];
    assert_eq!(installed(&repo), all);
    repo.must(["config", "kitty.doors", "reference-transaction, pre-push"]);
    for command in ["install", "init"] {
        repo.kitty([command]).exits(0);
        assert_eq!(installed(&repo), ["pre-push", "reference-transaction"], "{command}");
        assert_eq!(found(&repo), ["DOORS_LOOSENED"], "{command}");
    }
    repo.kitty(["install", "--doors", "pre-commit"]).exits(0);
    assert_eq!(installed(&repo), ["pre-commit"], "what is asked for goes before what is set");
    assert_eq!(found(&repo), ["DOORS_LOOSENED", "DOORS_LOOSENED"]);
    repo.must(["config", "kitty.doors", "none"]);
    repo.kitty(["install"]).exits(0);
    assert_eq!(installed(&repo), Vec::<String>::new());
    repo.must(["config", "kitty.doors", "pre-comit"]);
    for command in ["install", "init"] {
        let said = repo.kitty([command]).exits(2);
        assert!(said.stderr.contains("`kitty.doors`"), "{said}");
        assert_eq!(installed(&repo), Vec::<String>::new());
    }
    // As the finding says.
    repo.must(["config", "--unset-all", "kitty.doors"]);
    repo.kitty(["install"]).exits(0);
    assert_eq!(installed(&repo), all);
    assert_eq!(found(&repo), Vec::<String>::new());
}
