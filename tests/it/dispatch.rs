//! `git kitty NAME`: finding the program and becoming it.

use crate::kit::sandbox::Sandbox;

const KITTY: &str = "git-kitty";

/// A sandbox in which `git kitty` works, with a command of someone else.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with_repository();
    sandbox.hook("tools/git-kitty-theirs", "#!/bin/sh\necho \"$@\"\nexit 7\n");
    sandbox.hook("tools/git-kitty-hook-x", "#!/bin/sh\n");
    sandbox.write("tools/git-kitty-no-program", "");
    sandbox.add_to_path(&sandbox.at("tools"));
    sandbox
}

#[test]
fn options_arguments_and_status_pass_through() {
    let sandbox = sandbox();
    let said = sandbox.run("repo", KITTY, ["-C", ".", "--format=json", "theirs", "a b", "-q"]);
    let expected = (7, "-C . --format=json a b -q\n", "");
    assert_eq!(said.parts(), expected);
    let said = sandbox.run(".", "git", ["kitty", "-C", "repo", "install", "--status"]);
    let doors = ["pre-commit", "pre-merge-commit", "pre-push", "reference-transaction"];
    let expected = doors.map(|door| format!("{door}: missing in [TMP]/repo\n")).concat();
    assert_eq!(said.parts(), (0, expected.as_str(), ""));
}

#[test]
fn that_there_is_no_such_command_is_told_in_the_form_that_is_asked_for() {
    let sandbox = sandbox();
    for arguments in [
        &["nothing", "--format", "json"][..],
        &["nothing", "--format=json"],
        &["--format=json", "nothing"],
    ] {
        let said = sandbox.run(".", KITTY, arguments);
        assert_eq!((said.status, said.stderr.as_str()), (2, ""), "{arguments:?}");
        assert!(said.stdout.contains(r#""error_code":"UNKNOWN_COMMAND""#), "{said:?}");
    }
}

#[test]
fn without_a_name_the_commands_are_listed() {
    let sandbox = sandbox();
    for arguments in [&[][..], &["help"], &["--help"], &["-h"]] {
        let said = sandbox.run(".", KITTY, arguments);
        assert_eq!((said.status, said.stderr.as_str()), (0, ""));
        assert!(said.stdout.starts_with("Usage: git kitty [OPTIONS] NAME"), "{said:?}");
        let (_, others) = said.stdout.split_once("\nCommands of others:\n").unwrap();
        assert_eq!(others, "  theirs\n\n`git kitty help NAME` tells about one.\n");
    }
    let said = sandbox.run(".", KITTY, ["--format", "json", "help"]);
    assert!(said.stdout.starts_with(r#"{"schema":1,"commands":[{"name":"init","summary":"#));
    let version = format!("git-kitty {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(sandbox.run(".", KITTY, ["--version"]).stdout, version);
}

#[test]
fn help_about_one_is_its_own() {
    let sandbox = sandbox();
    let said = sandbox.run(".", KITTY, ["help", "install"]);
    assert!(said.stdout.starts_with("Install, inspect or remove the hooks"), "{said:?}");
    assert!(said.stdout.contains("Usage: git kitty install [OPTIONS]"), "{said:?}");
}

#[test]
fn unknown_names_and_options_are_usage_errors() {
    let sandbox = sandbox();
    let said = sandbox.run(".", KITTY, ["instal"]);
    let expected = "error: `git kitty instal` is not a command [UNKNOWN_COMMAND]\nhint: did you mean `git kitty install`?\n";
    assert_eq!((said.status, said.stderr.as_str()), (2, expected));
    for name in ["../tools/theirs", "a/b", "", "hook-x", "no-program", "\u{1b}[2J"] {
        let said = sandbox.run(".", KITTY, ["--format", "json", name]);
        assert_eq!(said.status, 2, "{name}");
        assert!(said.stdout.contains(r#""error_code":"UNKNOWN_COMMAND""#), "{said:?}");
    }
    let said = sandbox.run(".", KITTY, ["--no-such", "install"]);
    assert_eq!((said.status, said.stdout.as_str()), (2, ""));
    let said = sandbox.run(".", "git-kitty-install", ["--doors", "x", "--format", "json"]);
    assert_eq!((said.status, said.stderr.as_str()), (2, ""));
    assert!(
        said.stdout.starts_with(r#"{"schema":1,"error_code":"USAGE","message":"invalid value"#)
    );
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let sandbox = sandbox();
    let script = "(sleep 0.1; git-kitty; echo $? >&2) | :";
    assert_eq!(sandbox.run(".", "sh", ["-c", script]).parts(), (0, "", "0\n"));
}

#[test]
fn signals_end_the_command_itself() {
    let sandbox = sandbox();
    sandbox.hook("tools/git-kitty-dies", "#!/bin/sh\nkill -TERM $$\n");
    let said = sandbox.run(".", KITTY, ["dies"]);
    assert_eq!(said.signal, Some(15));
}
