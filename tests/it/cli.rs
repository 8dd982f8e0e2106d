//! What all commands have in common: help, options, refusals, exit statuses.

use serde_json::Value;

use crate::kit::call::Output;
use crate::kit::mission::{MissionBuilder, Topology};
use crate::kit::repo::RepoBuilder;
use crate::kit::sandbox::Sandbox;

/// Every command, with arguments that suffice.
const COMMANDS: [(&str, &[&str]); 22] = [
    ("init", &[]),
    ("install", &["--status"]),
    ("scope", &["list"]),
    ("mission", &["list"]),
    ("wp", &["list"]),
    ("lane", &["list"]),
    ("review", &["diff", "WP01"]),
    ("status", &[]),
    ("ready", &[]),
    ("log", &[]),
    ("forecast", &[]),
    ("merge", &[]),
    ("verify-landing", &[]),
    ("undo", &[]),
    ("why", &["src/x"]),
    ("guard", &["--staged"]),
    ("override", &["--list"]),
    ("commit", &["--to-branch", "main", "-m", "m", "x"]),
    ("outbox", &[]),
    ("doctor", &[]),
    ("event", &["reduce", "-"]),
    ("merge-driver", &["event-log", "base", "ours", "theirs"]),
];

fn kitty(sandbox: &Sandbox, directory: &str, words: &[&str]) -> Output {
    sandbox.program(directory, "git").args(["kitty"]).args(words).run().masked()
}

/// The document of a refusal: the only thing that is said.
#[track_caller]
fn refusal(said: &Output, status: i32, code: &str) -> Value {
    assert_eq!((said.status, said.stderr.as_str()), (status, ""), "{said}");
    assert!(said.stdout.starts_with("{\"schema\":1,"), "{said}");
    assert_eq!(said.stdout.matches('\n').count(), 1, "{said}");
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(document["error_code"], code, "{said}");
    assert!(document["message"].is_string() && document["next_step"].is_string(), "{said}");
    document
}

#[test]
fn these_are_all_commands() {
    let said = kitty(&Sandbox::new(), ".", &["--format", "json", "help"]).exits(0);
    let document: Value = serde_json::from_str(&said.stdout).unwrap();
    let names: Vec<_> =
        document["commands"].as_array().unwrap().iter().map(|c| c["name"].as_str()).collect();
    assert_eq!(names, COMMANDS.map(|(name, _)| Some(name)));
}

#[test]
fn every_command_has_help_and_a_version() {
    let sandbox = Sandbox::new();
    let version = format!("git-kitty {}\n", env!("CARGO_PKG_VERSION"));
    for (name, _) in COMMANDS {
        let program = format!("git-kitty-{name}");
        let help = sandbox.run(".", &program, ["--help"]);
        assert_eq!((help.status, help.stderr.as_str()), (0, ""));
        assert!(help.stdout.contains(&format!("Usage: git kitty {name}")), "{help}");
        for option in ["-C <PATH>", "--format <FORMAT>", "--quiet", "--verbose", "--color <WHEN>"] {
            assert!(help.stdout.contains(option), "{name}: {option}");
        }
        assert_eq!(sandbox.run(".", &program, ["-h"]).status, 0);
        assert_eq!(kitty(&sandbox, ".", &["help", name]).stdout, help.stdout);
        assert_eq!(sandbox.run(".", &program, ["--version"]).parts(), (0, version.as_str(), ""));
    }
}

#[test]
fn unknown_options_are_usage_errors() {
    let sandbox = Sandbox::with_repository();
    for (name, words) in COMMANDS {
        let words = [&[name], words, &["--no-such-option"]].concat();
        let said = kitty(&sandbox, "repo", &words);
        assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{said}");
        // A command that takes names says how to give one that looks like an option.
        let hint = match name {
            "review" | "status" | "ready" | "log" | "forecast" | "merge" | "verify-landing"
            | "why" | "commit" | "event" | "merge-driver" => {
                "to pass '--no-such-option' as a value, use '-- --no-such-option'"
            }
            _ => "`--help` lists the arguments",
        };
        let refused = "error: unexpected argument '--no-such-option' found [USAGE]";
        assert_eq!(said.stderr, format!("{refused}\nhint: {hint}\n"), "{name}");
        let said = kitty(&sandbox, "repo", &[words.as_slice(), &["--format", "json"]].concat());
        refusal(&said, 2, "USAGE");
        let said = kitty(&sandbox, "repo", &[&["--format=json"], words.as_slice()].concat());
        refusal(&said, 2, "USAGE");
    }
}

#[test]
fn values_that_make_no_sense_are_usage_errors() {
    let sandbox = Sandbox::with_repository();
    for words in [
        &["status", "--format", "xml"][..],
        &["status", "--color", "pink"],
        &["status", "-q", "-v"],
        &["scope"],
        &["scope", "add"],
        &["scope", "list", "--branch", "a..b"],
        &["wp", "show"],
        &["wp", "show", "WP"],
        &["why"],
        &["event", "reduce"],
        &["mission", "frobnicate"],
        &["status", "one", "--mission", "two"],
    ] {
        let said = kitty(&sandbox, "repo", words);
        assert_eq!((said.status, said.stdout.as_str()), (2, ""), "{said}");
        let lines: Vec<_> = said.stderr.lines().collect();
        assert!(lines[0].starts_with("error: ") && lines[0].ends_with("[USAGE]"), "{said}");
        assert!(lines[1..].iter().all(|line| line.starts_with("hint: ")), "{said}");
    }
}

#[test]
fn outside_of_a_repository_they_say_so() {
    let sandbox = Sandbox::new();
    sandbox.write("empty/x", "");
    let of_files = ["event", "merge-driver"];
    for (name, words) in COMMANDS.into_iter().filter(|(name, _)| !of_files.contains(name)) {
        let words = [&[name], words].concat();
        let said = kitty(&sandbox, "empty", &words);
        let expected = "error: `[TMP]/empty` is in no Git repository [NOT_A_GIT_REPOSITORY]\n\
            hint: go to a repository, or name one with `-C PATH`\n";
        assert_eq!(said.parts(), (5, "", expected), "{name}");
        let said = kitty(
            &sandbox,
            ".",
            &[&["--format", "json", "-C", "empty"], words.as_slice()].concat(),
        );
        refusal(&said, 5, "NOT_A_GIT_REPOSITORY");
    }
}

#[test]
fn a_directory_may_be_named_and_several_are_taken_one_after_another() {
    let sandbox = Sandbox::with_repository();
    sandbox.write("repo/sub/x", "");
    let expected = kitty(&sandbox, "repo", &["scope", "list"]).exits(0).stdout;
    let top = sandbox.at("repo").display().to_string();
    for words in [
        &["-C", "repo", "scope", "list"][..],
        &["scope", "-C", "repo", "list"],
        &["scope", "list", "-C", "repo"],
        &["scope", "list", "-C", &top],
        &["scope", "list", "-C", "repo/sub", "-C", ".."],
    ] {
        assert_eq!(kitty(&sandbox, ".", words).parts(), (0, expected.as_str(), ""), "{words:?}");
    }
    let said = sandbox.program(".", "git").args(["-C", "repo", "kitty", "scope", "list"]).run();
    assert_eq!(said.stdout, expected, "git's own -C");
    let said = kitty(&sandbox, ".", &["scope", "list", "-C", "nowhere"]);
    assert_eq!(said.status, 5, "{said}");
}

#[test]
fn quiet_leaves_out_warnings_and_nothing_else() {
    let sandbox = Sandbox::new();
    let repo = RepoBuilder::default().build(&sandbox, "repo");
    let mission = MissionBuilder::new("bad").topology(Topology::Primary).build(&repo);
    repo.write(format!("{}/meta.json", mission.dir()), "{");
    let loud = kitty(&sandbox, "repo", &["mission", "list"]);
    let quiet = kitty(&sandbox, "repo", &["mission", "list", "--quiet"]);
    assert!(loud.stderr.starts_with("warning: "), "{loud}");
    assert_eq!(quiet.parts(), (0, loud.stdout.as_str(), ""));
    let said = kitty(&sandbox, "repo", &["-q", "mission", "show", "bad"]);
    assert!(said.stderr.starts_with("error: "), "{said}");
}

#[test]
fn colour_only_where_it_is_asked_for() {
    let sandbox = Sandbox::new();
    let plain = kitty(&sandbox, ".", &["status"]).stderr;
    assert!(plain.starts_with("error: "), "{plain}");
    assert_eq!(kitty(&sandbox, ".", &["status", "--color", "never"]).stderr, plain);
    let coloured = kitty(&sandbox, ".", &["status", "--color", "always"]).stderr;
    assert_eq!(
        coloured.lines().next().unwrap(),
        plain.lines().next().unwrap().replace("error:", "\u{1b}[1;31merror:\u{1b}[0m")
    );
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let sandbox = Sandbox::with_repository();
    for (name, words) in COMMANDS {
        for more in ["", " --format json", " --help"] {
            let script = format!(
                "(sleep 0.02; git-kitty-{name} {}{more} </dev/null; echo $? >&2) | :",
                words.join(" ")
            );
            let said = sandbox.run("repo", "sh", ["-c", &script]);
            let expected = match name {
                _ if more == " --help" => 0,
                "wp" | "lane" | "review" | "log" | "forecast" | "merge" | "verify-landing"
                | "undo" | "commit" => 1,
                "merge-driver" => 2,
                _ => 0,
            };
            assert!(said.stderr.ends_with(&format!("{expected}\n")), "{name}{more}: {said}");
            assert!(
                !said.stderr.contains("Broken pipe") && !said.stderr.contains("panicked"),
                "{said}"
            );
        }
    }
}

#[test]
fn a_full_disk_is_an_error() {
    let sandbox = Sandbox::with_repository();
    let said = sandbox.run("repo", "sh", ["-c", "git-kitty-status >/dev/full"]);
    assert_eq!(said.status, 1, "{said}");
    assert!(said.stderr.contains("[OUTPUT_NOT_WRITTEN]\nhint: "), "{said}");
}

#[test]
fn a_file_is_no_directory_of_a_repository() {
    let sandbox = Sandbox::with_repository();
    let said = sandbox.run("repo", "sh", ["-c", "echo x >file; git-kitty-status -C file"]);
    assert_eq!(said.status, 5, "{said}");
    assert!(said.stderr.contains("[NOT_A_GIT_REPOSITORY]"), "{said}");
}
