//! Manual pages and completions: written from the commands' own arguments, and never stale.
//!
//! `GIT_KITTY_BLESS=1 cargo test manual` writes them anew.

mod bash;
mod config;
mod page;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap_complete::{Shell, generate};
use git_kitty::cli::{COMMANDS, commands};

/// `git kitty`, called by the name of `program`, with all commands as subcommands.
fn composite(program: &str) -> clap::Command {
    let mut commands = commands().into_iter();
    let top = commands.next().unwrap();
    let named = commands.zip(COMMANDS).map(|(command, known)| {
        let spoken = format!("{program} {}", known.name);
        command.name(known.name).bin_name(spoken).disable_help_subcommand(true)
    });
    top.bin_name(program).subcommands(named)
}

fn completions(shell: Shell, program: &str) -> String {
    let mut bytes = Vec::new();
    generate(shell, &mut composite(program), program, &mut bytes);
    String::from_utf8(bytes).unwrap()
}

fn docs(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(path)
}

/// Fails if the file is not this text, or writes it if that was asked for.
#[track_caller]
fn assert_written(path: &str, text: &str) {
    let file = docs(path);
    if std::env::var_os("GIT_KITTY_BLESS").is_some_and(|value| value == "1") {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, text).unwrap();
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    let differ = || written.lines().zip(text.lines()).find(|(old, new)| old != new);
    assert!(
        written == text,
        "docs/{path} is stale ({:?}): GIT_KITTY_BLESS=1 cargo test manual",
        differ()
    );
}

#[test]
fn every_command_has_its_arguments_here() {
    let names = commands().into_iter().skip(1).map(|command| command.get_name().to_owned());
    let known = COMMANDS.iter().map(|command| format!("git-kitty-{}", command.name));
    assert_eq!(names.collect::<Vec<_>>(), known.collect::<Vec<_>>());
    for command in commands() {
        command.debug_assert();
    }
}

#[test]
fn pages_are_fresh() {
    let mut expected = vec!["git-kitty-config.5".to_owned(), "git-kitty.1".to_owned()];
    assert_written("man/git-kitty.1", &page::top());
    for command in commands().into_iter().skip(1) {
        let name = format!("{}.1", command.get_name());
        assert_written(&format!("man/{name}"), &page::of(command));
        expected.push(name);
    }
    let entries = fs::read_dir(docs("man")).unwrap();
    let mut found: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected, "a page of no command is left over, or one is missing");
}

#[test]
fn examples_are_commands_that_parse() {
    for (command, text) in commands().into_iter().zip(texts::ALL) {
        assert_eq!(command.get_name(), text.name);
        assert!((2..=3).contains(&text.examples.len()), "{}", text.name);
        for (example, _) in text.examples {
            let words = words(example);
            let parsed = composite("git-kitty").try_get_matches_from(words.iter().skip(1));
            let error = parsed.err().filter(clap::Error::use_stderr);
            assert!(error.is_none(), "{example}: {error:?}");
        }
    }
}

/// The words of an example as a shell would pass them; `git kitty` as one.
fn words(example: &str) -> Vec<String> {
    let call = example.split(" | ").last().unwrap().split(" > ").next().unwrap();
    let mut words: Vec<String> =
        call.split_whitespace().map(|word| word.replace('\'', "")).collect();
    assert_eq!(words.first().map(String::as_str), Some("git"), "{example}");
    words[1] = "git-kitty".to_owned();
    words
}

#[test]
fn completions_are_fresh() {
    assert_written("completions/git-kitty.bash", &bash::completions());
    assert_written("completions/_git-kitty", &completions(Shell::Zsh, "git-kitty"));
    assert_written("completions/git-kitty.fish", &completions(Shell::Fish, "git-kitty"));
}

#[test]
fn everything_is_installed_below_a_prefix() {
    let prefix = assert_fs::TempDir::new().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/install-docs");
    let output = Command::new(script).arg("there").current_dir(&prefix).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let said: Vec<&str> = said.lines().map(|line| &line["installed ".len()..]).collect();
    assert_eq!(said.len(), commands().len() + 4, "{said:?}");
    for (from, to) in [
        ("man/git-kitty-wp.1", "man/man1/git-kitty-wp.1"),
        ("man/git-kitty-config.5", "man/man5/git-kitty-config.5"),
        ("completions/git-kitty.bash", "bash-completion/completions/git-kitty"),
        ("completions/_git-kitty", "zsh/site-functions/_git-kitty"),
        ("completions/git-kitty.fish", "fish/vendor_completions.d/git-kitty.fish"),
    ] {
        let to = prefix.path().canonicalize().unwrap().join("there/share").join(to);
        assert!(said.iter().any(|line| Path::new(line) == to), "{}", to.display());
        assert_eq!(fs::read(&to).unwrap(), fs::read(docs(from)).unwrap(), "{from}");
    }
}
