//! What the doctor says of hooks that are not ours any more: its fix is what works.

use crate::kit::checkout::Checkout;
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;

const HOOK: &str = "repo/.git/hooks/pre-commit";

fn guarded(sandbox: &Sandbox) -> Checkout {
    let repo = RepoBuilder::default().build(sandbox, "repo");
    sandbox.hook(HOOK, "#!/bin/sh\n# mine\n");
    repo.kitty(["init"]).exits(0);
    repo
}

/// The commands of the only fix.
fn fix(repo: &Checkout) -> Vec<String> {
    let said = repo.kitty(["doctor"]).exits(1).stdout;
    let (_, fix) = said.split_once("\n  fix: ").unwrap();
    assert!(said.ends_with("\n1 finding\n"), "{said}");
    fix.lines().next().unwrap().split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn a_hook_that_another_tool_wrote_over_ours_is_put_right_by_either_way_of_the_fix() {
    for kept in 0..2 {
        let sandbox = Sandbox::new();
        let repo = guarded(&sandbox);
        sandbox.hook(HOOK, "#!/bin/sh\n# another\n");
        let commands = fix(&repo);
        assert_eq!(
            (commands.len(), commands[2].as_str()),
            (3, "git kitty install"),
            "{commands:?}"
        );
        assert_ne!(repo.kitty(["install"]).status, 0);
        repo.sh(&format!("{} && {}", commands[kept], commands[2])).exits(0);
        repo.kitty(["doctor"]).exits(0);
        let chained = sandbox.read(&format!("{HOOK}.git-kitty-chained"));
        assert!(chained.ends_with(["# another\n", "# mine\n"][kept]), "{chained}");
    }
}

#[test]
fn where_nothing_would_be_lost_installing_is_the_fix() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    repo.kitty(["init"]).exits(0);
    sandbox.hook(HOOK, "#!/bin/sh\n");
    let commands = fix(&repo);
    assert_eq!(commands, ["git kitty install"]);
    repo.sh(&commands[0]).exits(0);
    repo.kitty(["doctor"]).exits(0);
    std::fs::remove_file(sandbox.at(HOOK)).unwrap();
    std::fs::create_dir(sandbox.at(HOOK)).unwrap();
    let said = repo.kitty(["doctor"]).exits(1).stdout;
    assert!(said.contains("pre-commit` away and `git kitty install`"), "{said}");
}
