//! `git kitty NAME ...`: finds the program `git-kitty-NAME` and becomes it.
//!
//! Programs of others count too: what stands beside this program comes first, then PATH.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};

use super::commands::COMMANDS;
use super::listing::{Listing, PREFIX, is_command_name};
use super::run::{NoOptions, run_with};
use super::{Answer, Context};
use crate::domain::refusal::Refusal;
use crate::git::process::Program;

/// The command line of `git kitty`, taken apart at the name.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    /// The options before the name, which every command takes.
    globals: Vec<OsString>,
    request: Request,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Request {
    List,
    Start(OsString, Vec<OsString>),
}

/// The program `git-kitty`.
#[must_use]
pub fn main() -> ExitCode {
    let line = Line::split(env::args_os().skip(1));
    match line.request {
        Request::List => run_with("", line.globals, |_: NoOptions, _: &Context| list()),
        Request::Start(name, rest) => {
            let form = form(&rest);
            let arguments: Vec<_> = line.globals.iter().cloned().chain(rest).collect();
            match start(&name, &arguments) {
                Ok(status) => ExitCode::from(u8::try_from(status).unwrap_or(u8::MAX)),
                Err(error) => {
                    let globals = line.globals.into_iter().chain(form).collect();
                    run_with("", globals, |_: NoOptions, _: &Context| Err::<Answer<()>, _>(error))
                }
            }
        }
    }
}

impl Line {
    fn split(words: impl IntoIterator<Item = OsString>) -> Self {
        let mut words = words.into_iter();
        let mut globals = Vec::new();
        while let Some(word) = words.next() {
            if word == "-h" || word == "--help" {
                return Self { globals, request: Request::List };
            }
            if word.as_encoded_bytes().first() != Some(&b'-') {
                return Self { globals, request: Request::named(word, words.collect()) };
            }
            let takes_value = ["-C", "--format", "--color", "--actor"].iter().any(|o| word == *o);
            globals.push(word);
            globals.extend(takes_value.then(|| words.next()).flatten());
        }
        Self { globals, request: Request::List }
    }
}

impl Request {
    fn named(name: OsString, rest: Vec<OsString>) -> Self {
        if name != "help" {
            return Self::Start(name, rest);
        }
        match rest.into_iter().next() {
            Some(topic) => Self::Start(topic, vec!["--help".into()]),
            None => Self::List,
        }
    }
}

/// The form of the answer that is asked for after the name: also that there is no such command has to
/// be told in it.
fn form(rest: &[OsString]) -> Option<OsString> {
    let json = rest.windows(2).any(|pair| pair == ["--format", "json"]);
    (json || rest.iter().any(|word| word == "--format=json")).then(|| "--format=json".into())
}

fn list() -> Result<Answer<Listing>> {
    let listing = Listing::read();
    let human = listing.to_string();
    Ok(Answer::new(listing, human))
}

/// Becomes the program. Returns only where a process cannot be replaced, or on failure.
fn start(name: &OsStr, arguments: &[OsString]) -> Result<i32> {
    let program = find(name).ok_or_else(|| unknown(name))?;
    Program::new(program.as_os_str())
        .args(arguments)
        .become_it()
        .with_context(|| format!("could not start `{}`", program.display()))
}

fn find(name: &OsStr) -> Option<PathBuf> {
    let name = name.to_str().filter(|name| is_command_name(name))?;
    let file = format!("{PREFIX}{name}{}", env::consts::EXE_SUFFIX);
    let beside = env::current_exe().ok()?.parent()?.join(&file);
    if beside.is_file() { Some(beside) } else { which::which(file).ok() }
}

fn unknown(name: &OsStr) -> Refusal {
    let name = name.to_string_lossy().into_owned();
    let suggestion = similar(&name).map(str::to_owned);
    Refusal::UnknownCommand { name, suggestion }
}

/// The command whose name is one slip away, or a few for a long one.
fn similar(name: &str) -> Option<&'static str> {
    let distance = |known: &str| strsim::damerau_levenshtein(name, known);
    let known = COMMANDS.iter().map(|command| command.name).chain(["help"]);
    let near = known.filter(|known| distance(known) <= (name.len() / 3).max(1));
    near.min_by_key(|known| distance(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(words: &str) -> Line {
        Line::split(words.split_whitespace().map(OsString::from))
    }

    fn starts(words: &str, name: &str, rest: &[&str]) {
        let rest = rest.iter().map(OsString::from).collect();
        assert_eq!(line(words).request, Request::Start(name.into(), rest), "{words}");
    }

    #[test]
    fn the_name_is_the_first_word_that_is_no_option_or_value() {
        starts("status", "status", &[]);
        starts("-C a --format json -q --actor=b wp claim -q", "wp", &["claim", "-q"]);
        starts("help wp", "wp", &["--help"]);
        let expected: Vec<OsString> = vec!["-C".into(), "status".into(), "-v".into()];
        assert_eq!(line("-C status -v wp").globals, expected);
    }

    #[test]
    fn without_a_name_the_commands_are_listed() {
        for words in ["", "help", "--help", "-C x -h", "--version", "-C"] {
            assert_eq!(line(words).request, Request::List, "{words}");
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        assert_eq!(similar("stauts"), Some("status"));
        assert_eq!(similar("pw"), Some("wp"));
        assert_eq!(similar("frobnicate"), None);
    }
}
