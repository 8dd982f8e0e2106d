//! `git kitty NAME`: finding the program and becoming it.

use std::process::Stdio;

use crate::install_kit::{GITS, Sandbox, program};

const KITTY: &str = "git-kitty";

/// A sandbox in which `git kitty` works, with a command of someone else.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::with_repository(GITS[1]);
    sandbox.hook("tools/git-kitty-theirs", "#!/bin/sh\necho \"$@\"\nexit 7\n");
    sandbox.hook("tools/git-kitty-hook-x", "#!/bin/sh\n");
    sandbox.write("tools/git-kitty-no-program", "");
    std::os::unix::fs::symlink(program(KITTY), sandbox.at("tools/git-kitty")).unwrap();
    sandbox.add_to_path("tools");
    sandbox
}

#[test]
fn options_arguments_and_status_pass_through() {
    let sandbox = sandbox();
    let said = sandbox.kitty("repo", KITTY, &["-C", ".", "--format=json", "theirs", "a b", "-q"]);
    let expected = (7, "-C . --format=json a b -q\n", "");
    assert_eq!((said.status, said.stdout.as_str(), said.stderr.as_str()), expected);
    let said = sandbox.run(".", "git", &["kitty", "-C", "repo", "install", "--status"]);
    let expected = (0, "pre-commit: missing in ROOT/repo\n", "");
    assert_eq!((said.status, said.stdout.as_str(), said.stderr.as_str()), expected);
}

#[test]
fn without_a_name_the_commands_are_listed() {
    let sandbox = sandbox();
    for arguments in [&[][..], &["help"], &["--help"], &["-h"]] {
        let said = sandbox.kitty(".", KITTY, arguments);
        assert_eq!((said.status, said.stderr.as_str()), (0, ""));
        assert!(said.stdout.starts_with("Usage: git kitty [OPTIONS] NAME"), "{said:?}");
        let (_, others) = said.stdout.split_once("\nCommands of others:\n").unwrap();
        assert_eq!(others, "  theirs\n\n`git kitty help NAME` tells about one.\n");
    }
    let said = sandbox.kitty(".", KITTY, &["--format", "json", "help"]);
    assert!(said.stdout.starts_with(r#"{"schema":1,"commands":[{"name":"init","summary":"#));
    let version = format!("git-kitty {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(sandbox.kitty(".", KITTY, &["--version"]).stdout, version);
}

#[test]
fn help_about_one_is_its_own() {
    let sandbox = sandbox();
    let said = sandbox.kitty(".", KITTY, &["help", "install"]);
    assert!(said.stdout.starts_with("Install, inspect or remove the hooks"), "{said:?}");
    assert!(said.stdout.contains("Usage: git kitty install [OPTIONS]"), "{said:?}");
}

#[test]
fn unknown_names_and_options_are_usage_errors() {
    let sandbox = sandbox();
    let said = sandbox.kitty(".", KITTY, &["instal"]);
    let expected = "error: `git kitty instal` is not a command [UNKNOWN_COMMAND]\nhint: did you mean `git kitty install`?\n";
    assert_eq!((said.status, said.stderr.as_str()), (2, expected));
    for name in ["../tools/theirs", "a/b", "", "hook-x", "no-program", "\u{1b}[2J"] {
        let said = sandbox.kitty(".", KITTY, &["--format", "json", name]);
        assert_eq!(said.status, 2, "{name}");
        assert!(said.stdout.contains(r#""error_code":"UNKNOWN_COMMAND""#), "{said:?}");
    }
    let said = sandbox.kitty(".", KITTY, &["--no-such", "install"]);
    assert_eq!((said.status, said.stdout.as_str()), (2, ""));
    let said = sandbox.kitty(".", "git-kitty-install", &["--doors", "x", "--format", "json"]);
    assert_eq!((said.status, said.stderr.as_str()), (2, ""));
    assert!(
        said.stdout.starts_with(r#"{"schema":1,"error_code":"USAGE","message":"invalid value"#)
    );
}

#[test]
fn a_reader_that_has_gone_is_no_error() {
    let sandbox = sandbox();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = sandbox.command(".", &program(KITTY));
    let output = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
    let output = output.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn signals_end_the_command_itself() {
    let sandbox = sandbox();
    sandbox.hook("tools/git-kitty-dies", "#!/bin/sh\nkill -TERM $$\n");
    let said = sandbox.kitty(".", KITTY, &["dies"]);
    assert_eq!(said.status, -1, "the shell would say 143");
}
