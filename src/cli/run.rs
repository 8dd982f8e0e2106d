//! The frame around every command: arguments in, answer or refusal out.

use std::env;
use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, FromArgMatches, ValueEnum};
use serde::Serialize;

use super::commands::COMMANDS;
use super::failure::{Failure, Form};
use super::globals::{Context, Format, Globals};
use super::output::{Answer, print};
use crate::domain::refusal::Exit;
use crate::git::fail_past_size_limit;

/// Options of no command.
#[derive(Debug, Clone, Args)]
pub(super) struct NoOptions {}

#[derive(Debug, Clone, Args)]
struct Call<O: Args> {
    #[command(flatten)]
    globals: Globals,
    #[command(flatten)]
    options: O,
}

/// Runs the command `name` of [`COMMANDS`] with the arguments of this process, to be returned from
/// `main`. `work` gets its options and returns the answer; a `Refusal` in its error is told as such
/// with its exit status, anything else and panics with status 70, wrong arguments with 2.
pub fn run<O, T>(name: &str, work: impl FnOnce(O, &Context) -> Result<Answer<T>>) -> ExitCode
where
    O: Args,
    T: Serialize,
{
    run_with(name, env::args_os().skip(1).collect(), work)
}

/// The arguments of the command `name`, for help, completions and manual pages.
#[must_use]
pub fn command<O: Args>(name: &str) -> clap::Command {
    let spoken = format!("git kitty {name}").trim_end().to_owned();
    let known = COMMANDS.iter().find(|command| command.name == name);
    let about = known.map_or("Guard parallel work in one repository", |known| known.summary);
    let command =
        clap::Command::new("git-kitty").bin_name(spoken).version(env!("CARGO_PKG_VERSION"));
    Call::<O>::augment_args(command)
        .mut_args(|arg| match arg.get_id().as_str() {
            "format" => arg.value_parser(formats(name)),
            _ => arg,
        })
        .about(about)
        .long_about(None)
}

/// As [`run`], with other arguments.
pub(super) fn run_with<O, T>(
    name: &str,
    arguments: Vec<OsString>,
    work: impl FnOnce(O, &Context) -> Result<Answer<T>>,
) -> ExitCode
where
    O: Args,
    T: Serialize,
{
    fail_past_size_limit();
    let form = Form { format: asked_format(name, &arguments), color: false };
    let outcome = catch_unwind(AssertUnwindSafe(|| match parse::<O>(name, arguments) {
        Ok(call) => answer(call, work),
        Err(error) => complain(&error, form),
    }));
    let exit = outcome.unwrap_or_else(|_| {
        let failure = Failure::panic();
        failure.show(form);
        failure.exit
    });
    ExitCode::from(exit as u8)
}

fn parse<O: Args>(name: &str, arguments: Vec<OsString>) -> Result<Call<O>, clap::Error> {
    let mut command = command::<O>(name);
    let words = std::iter::once(OsString::from(name)).chain(arguments);
    let matches = command.try_get_matches_from_mut(words)?;
    Call::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

fn answer<O, T>(call: Call<O>, work: impl FnOnce(O, &Context) -> Result<Answer<T>>) -> Exit
where
    O: Args,
    T: Serialize,
{
    let mut form = Form { format: call.globals.format, color: false };
    let mut directory = None;
    let shown = call.globals.context().and_then(|context| {
        form.color = context.color;
        directory = Some(context.directory.clone());
        work(call.options, &context)?.show(&context)
    });
    shown.unwrap_or_else(|error| {
        let mut failure = Failure::from(&error);
        if let (Format::Json, Some(directory)) = (form.format, directory) {
            failure.complete(&directory);
        }
        failure.show(form);
        failure.exit
    })
}

/// Help and version are answers; the rest is a refusal like others.
fn complain(error: &clap::Error, form: Form) -> Exit {
    if !error.use_stderr() {
        let _ = print(error.render().to_string().as_bytes());
        return Exit::Yes;
    }
    let failure = Failure::usage(error);
    failure.show(form);
    failure.exit
}

/// The format that was asked for, also where the arguments as a whole make no sense.
fn asked_format(command: &str, arguments: &[OsString]) -> Format {
    let words: Vec<&str> = arguments
        .iter()
        .map(|word| word.to_str().unwrap_or_default())
        .take_while(|word| *word != "--")
        .collect();
    let is_asked = |format: &&Format| {
        let name = spoken(**format);
        let joined = format!("--format={name}");
        words.contains(&joined.as_str())
            || words.windows(2).any(|pair| pair == ["--format", name.as_str()])
    };
    Format::of_command(command).iter().rfind(is_asked).copied().unwrap_or(Format::Human)
}

/// The values of `--format` that a command takes.
fn formats(command: &str) -> impl TypedValueParser<Value = Format> + use<> {
    let formats = Format::of_command(command);
    let names = formats.iter().filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(names).map(move |name| {
        let named = formats.iter().copied().find(|format| spoken(*format) == name);
        named.unwrap_or(Format::Human)
    })
}

fn spoken(format: Format) -> String {
    format.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}
