//! A repository as the reference's own `init` leaves it, as far as Git can see.

use super::checkout::Checkout;

const IGNORED: &str =
    ".kittify/runtime/\n.kittify/workspaces/\n.kittify/merge-state.json\n.worktrees/\n";

const ATTRIBUTES: &str = "\
kitty-specs/**/status.events.jsonl merge=spec-kitty-event-log
kitty-specs/**/decisions.events.jsonl merge=spec-kitty-event-log
kitty-specs/**/meta.json merge=spec-kitty-meta
";

/// Commits `.gitignore`, `.gitattributes` and `.kittify/config.yaml` to the branch that is checked
/// out. `policy` is YAML that is put at the end of the config, e.g. `protection:\n  ...`.
pub fn set_up(repo: &Checkout, policy: &str) -> String {
    let config = format!("vcs:\n  type: git\nagents:\n  available:\n  - claude\n{policy}");
    repo.stage(&[
        (".gitignore", IGNORED),
        (".gitattributes", ATTRIBUTES),
        (".kittify/config.yaml", &config),
    ]);
    let driver = "spec-kitty merge-driver-event-log %O %A %B";
    repo.ask(["config", "merge.spec-kitty-event-log.driver", driver]);
    repo.unhooked(["commit", "-q", "-m", "Set up the project"]).run().exits(0);
    repo.id("HEAD")
}
