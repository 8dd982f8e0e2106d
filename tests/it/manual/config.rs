//! git-kitty-config(5): a table of what can be set, held against the source.

use std::collections::BTreeSet;

use clap_mangen::roff::{Roff, bold, roman};
use git_kitty::policy::config::PolicyConfig;

use super::assert_written;
use crate::source::{literals, production};

/// A setting, what it defaults to, and what it does.
struct Setting(&'static str, &'static str, &'static str);

/// Settings in git's configuration.
const GIT: &[Setting] = &[
    Setting(
        "kitty.policyRef",
        "",
        "A ref, or the name of a branch, that holds a .kittify/config.yaml of its own, for \
         example that of a whole company. Key by key the stricter of the two policies holds: it \
         can only tighten. May be given several times, and each counts. If the ref holds no \
         policy, everything is refused.",
    ),
    Setting(
        "kitty.lockTimeout",
        "30s",
        "How long a write waits for another one on the same mission before it is refused with \
         BOOKKEEPING_LOCK_TIMEOUT: 500ms, 10s, 2m.",
    ),
    Setting(
        "kitty.durability",
        "full",
        "What a write must survive once it is acknowledged. full: a power cut; objects and refs \
         are on the disk before the command ends. git: a killed process, as much as git itself \
         makes sure of by default; faster where disks are slow.",
    ),
    Setting(
        "kitty.coordinationWorktree",
        "true",
        "Whether claims make the coordination worktree, .worktrees/<mission>-coord, a view of the \
         mission's branch for people and for Spec Kitty.",
    ),
    Setting(
        "kitty.syncStrategy",
        "auto",
        "How the coordination branch comes into a lane that has commits of its own. auto: these \
         are made again on top of it, unless one of them was pushed, is a merge or is in another \
         lane, or a review approved of them: then it is merged. replay: they are made again also where they were pushed. merge: it is always \
         merged.",
    ),
    Setting(
        "kitty.doors",
        "",
        "The hooks that git-kitty-init(1) and git-kitty-install(1) install, separated by commas, or \
         none; without it all: pre-commit, pre-merge-commit, pre-push, reference-transaction. It \
         takes effect at the next git kitty install, whose --doors goes before it. What passes \
         where a hook is left out is not judged there, and git-kitty-doctor(1) tells it.",
    ),
    Setting(
        "kitty.sink.<name>.command",
        "",
        "A command that committed events are delivered to: run by sh at the top of the main \
         worktree, with the events of a commit as JSON lines on standard input, and \
         GIT_KITTY_SINK and GIT_KITTY_DELIVERY set. Exit status 0 means that it has them; all \
         else, and more than 30 s, keeps them in the outbox, and a later delivery tries again. \
         Events come in order and at least once: the same GIT_KITTY_DELIVERY means the same \
         events.",
    ),
    Setting(
        "branch.<name>.kittyScope",
        "",
        "A glob of what the branch may touch; may be given several times. Written by \
         git-kitty-scope(1). A branch without any may touch everything. It has no effect on the \
         branches of a mission and on protected ones.",
    ),
];

/// Keys of the policy file; a default is YAML.
const POLICY: &[Setting] = &[
    Setting(
        "policy.commit_guard.enabled",
        "true",
        "Whether lanes, coordination branches and branches with a scope are guarded. false says \
         the same as mode: off.",
    ),
    Setting(
        "policy.commit_guard.mode",
        "block",
        "What happens to a change that is not allowed there: block refuses it, warn tells, off \
         lets it pass. Protected branches refuse in every mode.",
    ),
    Setting(
        "policy.commit_guard.block_mission_specs",
        "true",
        "Whether lanes are kept from kitty-specs/. If not, ownership decides there as well; the \
         event log and its snapshot stay closed to lanes all the same.",
    ),
    Setting(
        "policy.commit_guard.block_kitty_specs",
        "",
        "The older name of block_mission_specs, which counts where that is absent.",
    ),
    Setting(
        "policy.commit_guard.enforce_ownership",
        "true",
        "Whether a commit on a lane is kept to what its active work package owns.",
    ),
    Setting(
        "policy.commit_guard.case_insensitive",
        "false",
        "Whether owned_files and scopes match without regard to case.",
    ),
    Setting(
        "policy.override",
        "allow",
        "allow or deny. Whether git-kitty-override(1) may let these branches take for a while what \
         is refused.",
    ),
    Setting(
        "protection.protected_branches",
        "",
        "A list of branch names that replaces the default: main, master and the branch that the \
         remote's HEAD names, as last fetched. [] protects none. A protected branch takes the \
         first commit of a repository, the commit that first adds the policy file, and the commit \
         that mends a damaged one; no other.",
    ),
    Setting(
        "merge.strategy",
        "",
        "ff, merge, squash or rebase. Checked, but without effect in this version, which does not \
         merge.",
    ),
];

const PLACE: &[&str] = &[
    "The policy counts as it is committed, never as it lies in a work tree: for the branches of a \
     mission on its target branch, then the target's remote-tracking branch; for all others on the first of the remote's HEAD, main, master and HEAD that has one. \
     Without any, the defaults hold.",
    "Keys of others are left alone. A key of policy, policy.commit_guard or protection that nobody \
     knows is a warning, and so are commit_guard and protected_branches at the top of the file, and a \
     key that stands twice with the same value. A key without a value counts as absent, but for \
     protected_branches.",
    "Errors fail closed: a file that is no YAML, a value outside of its vocabulary, a boolean in \
     quotes, a list that is none, a key twice with different values and a merge key (<<) stop every \
     commit with POLICY_CONFIG_INVALID and the line. Only the commit that mends the file passes.",
];

fn page() -> String {
    let version = format!("git-kitty {}", env!("CARGO_PKG_VERSION"));
    let mut roff = Roff::new();
    roff.control("TH", ["GIT-KITTY-CONFIG", "5", "\"\"", &version, "Git Kitty Manual"]);
    roff.control("SH", ["NAME"]);
    roff.text([roman("git-kitty-config - Settings of git-kitty")]);
    roff.control("SH", ["DESCRIPTION"]);
    roff.text([roman(
        "What a project wants guarded stands in .kittify/config.yaml. What concerns one machine \
         stands in git's configuration, and can tighten the policy, never loosen it.",
    )]);
    roff.control("SH", ["GIT CONFIGURATION"]);
    settings(&mut roff, GIT);
    roff.control("SH", ["POLICY FILE"]);
    settings(&mut roff, POLICY);
    for paragraph in PLACE {
        roff.control("PP", []);
        roff.text([roman(*paragraph)]);
    }
    roff.control("SH", ["EXAMPLES"]);
    roff.text([roman("A policy that only tells, and protects two branches:")]);
    roff.control("PP", []);
    roff.control("nf", []);
    for line in EXAMPLE.lines() {
        roff.text([bold(line)]);
    }
    roff.control("fi", []);
    roff.control("SH", ["SEE ALSO"]);
    roff.text([bold("git-kitty"), roman("(1),")]);
    roff.text([bold("git-kitty-outbox"), roman("(1),")]);
    roff.text([bold("git-kitty-scope"), roman("(1),")]);
    roff.text([bold("git-config"), roman("(1)")]);
    roff.to_roff()
}

const EXAMPLE: &str = "policy:
    commit_guard:
        mode: warn
protection:
    protected_branches: [main, release]
";

fn settings(roff: &mut Roff, settings: &[Setting]) {
    for Setting(name, default, meaning) in settings {
        roff.control("TP", []);
        roff.text([bold(*name)]);
        let default =
            if default.is_empty() { String::new() } else { format!(" Default: {default}.") };
        roff.text([roman(format!("{meaning}{default}"))]);
    }
}

fn names(settings: &[Setting]) -> BTreeSet<String> {
    settings.iter().map(|Setting(name, ..)| (*name).to_owned()).collect()
}

#[test]
fn the_page_of_settings_is_fresh() {
    assert_written("man/git-kitty-config.5", &page());
}

#[test]
fn every_setting_that_is_read_is_described_and_no_other() {
    let sources = production("src");
    let literals = sources.iter().flat_map(|source| literals(&source.text));
    let read = literals.filter_map(|literal| {
        let own = literal.starts_with("kitty.") && !literal.contains(['/', ' ']);
        let of_branch = literal.strip_prefix("branch.{branch}.");
        let of_branch = of_branch.filter(|key| key.starts_with("kitty"));
        own.then(|| literal.replace('{', "<").replace('}', ">"))
            .or(of_branch.map(|key| format!("branch.<name>.{key}")))
    });
    assert_eq!(read.collect::<BTreeSet<_>>(), names(GIT));
}

#[test]
fn every_key_of_the_policy_is_described_and_no_other() {
    let keys = production("src/policy/config/keys.rs").remove(0).text;
    let list = |name: &str| {
        let from = keys.find(&format!("const {name}: &[&str] = &[")).unwrap();
        literals(keys[from..].split_once(';').unwrap().0)
    };
    let under = |prefix: &'static str, name: &str| {
        list(name).into_iter().map(move |key| format!("{prefix}.{key}"))
    };
    let mut read: BTreeSet<String> = under("policy", "POLICY")
        .chain(under("policy.commit_guard", "GUARD"))
        .chain(under("protection", "PROTECTION"))
        .chain(under("merge", "MERGE"))
        .collect();
    read.remove("policy.commit_guard");
    assert_eq!(list("SECTIONS"), ["merge", "policy", "protection"]);
    assert_eq!(read, names(POLICY));
}

#[test]
fn the_defaults_are_those_of_the_code() {
    let guard = "policy.commit_guard.";
    let line = |Setting(name, default, _): &Setting| {
        let key = name.strip_prefix(guard)?;
        (!default.is_empty()).then(|| format!("    {key}: {default}\n"))
    };
    let lines: String = POLICY.iter().filter_map(line).collect();
    let parse = |text: &str| PolicyConfig::parse(text.as_bytes(), "page").unwrap();
    let written = parse(&format!("policy:\n  override: allow\n  commit_guard:\n{lines}"));
    assert_eq!(lines.lines().count(), 5);
    assert_eq!(written, PolicyConfig::default());
    assert_ne!(parse(EXAMPLE), PolicyConfig::default());
    assert_eq!(parse(EXAMPLE).warnings, []);
}
