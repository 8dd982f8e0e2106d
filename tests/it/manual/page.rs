//! A manual page, from a command's arguments and the few words that they do not say.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};
use git_kitty::cli::{COMMANDS, commands};
use git_kitty::domain::refusal::Exit;

use super::texts::{self, Text};

/// git-kitty(1).
pub(super) fn top() -> String {
    let command = commands().into_iter().next().unwrap();
    let text = &texts::ALL[0];
    let mut roff = head(&command, text);
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([bold("git kitty"), roman(" [OPTIONS] NAME [ARGUMENTS]")]);
    roff.control("SH", ["DESCRIPTION"]);
    paragraphs(&mut roff, text.description);
    roff.control("SH", ["COMMANDS"]);
    for entry in COMMANDS {
        roff.control("TP", []);
        roff.text([bold(format!("git-kitty-{}", entry.name)), roman("(1)")]);
        roff.text([roman(format!("{}.", entry.summary))]);
    }
    let options = options(&command, |_| true);
    roff.control("SH", ["OPTIONS"]);
    roff.text([roman("Every command takes them.")]);
    let mut exit = Roff::new();
    exit.control("SH", ["EXIT STATUS"]);
    for status in Exit::ALL {
        exit.control("TP", []);
        exit.text([bold((status as u8).to_string())]);
        exit.text([roman(status.meaning())]);
    }
    paragraphs(
        &mut exit,
        &["A refusal names its code in brackets, as in [SCOPE_VIOLATION]; \
        docs/codes.md in the source explains each."],
    );
    exit.control("SH", ["ENVIRONMENT"]);
    for (name, meaning) in texts::ENVIRONMENT {
        exit.control("TP", []);
        exit.text([bold(*name)]);
        exit.text([roman(*meaning)]);
    }
    format!("{}{options}{}{}", roff.to_roff(), exit.to_roff(), tail(text))
}

/// The page of a command.
pub(super) fn of(mut command: Command) -> String {
    let text = texts::of(command.get_name());
    command.build();
    let mut roff = head(&command, text);
    roff.control("SH", ["SYNOPSIS"]);
    let subcommands: Vec<Command> =
        command.get_subcommands().filter(|sub| sub.get_name() != "help").cloned().collect();
    if subcommands.is_empty() {
        roff.text([roman(usage(&command))]);
    }
    for (place, sub) in subcommands.iter().enumerate() {
        if place > 0 {
            roff.control("br", []);
        }
        roff.text([roman(usage(sub))]);
    }
    roff.control("SH", ["DESCRIPTION"]);
    paragraphs(&mut roff, text.description);
    let mut page = roff.to_roff();
    if !subcommands.is_empty() {
        page.push_str(".SH COMMANDS\n");
    }
    for sub in &subcommands {
        page.push_str(&subcommand(&command, sub));
    }
    page.push_str(".SH OPTIONS\n");
    page.push_str(&options(&command, |id| !is_global(id)));
    let mut roff = Roff::new();
    roff.control("PP", []);
    roff.text([
        roman("All options of "),
        bold("git-kitty"),
        roman("(1) hold here too: "),
        bold("-C"),
        roman(" "),
        italic("PATH"),
        roman(", "),
        bold("--format json"),
        roman(", "),
        bold("-q"),
        roman(" and others."),
    ]);
    roff.control("SH", ["EXIT STATUS"]);
    for (status, meaning) in text.exit {
        roff.control("TP", []);
        roff.text([bold(*status)]);
        roff.text([roman(*meaning)]);
    }
    roff.control("PP", []);
    roff.text([bold("git-kitty"), roman("(1) lists what holds for all commands.")]);
    page + &roff.to_roff() + &tail(text)
}

fn head(command: &Command, text: &Text) -> Roff {
    let version = format!("git-kitty {}", env!("CARGO_PKG_VERSION"));
    let mut roff = Roff::new();
    roff.control(
        "TH",
        [text.name.to_uppercase().as_str(), "1", "\"\"", &version, "Git Kitty Manual"],
    );
    roff.control("SH", ["NAME"]);
    roff.text([roman(format!("{} - {}", text.name, command.get_about().unwrap()))]);
    roff
}

fn usage(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    usage.replacen("Usage: ", "", 1).trim().to_owned()
}

/// A subcommand and its own arguments, as a subsection.
fn subcommand(parent: &Command, sub: &Command) -> String {
    let inherited = |id: &str| parent.get_arguments().any(|argument| argument.get_id() == id);
    let mut roff = Roff::new();
    roff.control("SS", [sub.get_name()]);
    roff.text([roman(format!("{}.", sub.get_about().unwrap()))]);
    roff.to_roff() + &options(sub, |id| !inherited(id))
}

/// The arguments of a command that are wanted, without a heading.
fn options(command: &Command, wanted: impl Fn(&str) -> bool) -> String {
    let mut command = command.clone();
    command.build();
    let arguments: Vec<_> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    for id in arguments {
        let hide = !wanted(&id);
        command = command.mut_arg(id, |argument| argument.hide(hide));
    }
    let mut bytes = Vec::new();
    Man::new(command).render_options_section(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    text.replacen(".SH OPTIONS\n", "", 1)
}

fn is_global(id: &str) -> bool {
    let top = commands().into_iter().next().unwrap();
    let known = top.get_arguments().any(|argument| argument.get_id() == id);
    known || matches!(id, "help" | "version")
}

fn tail(text: &Text) -> String {
    let mut roff = Roff::new();
    roff.control("SH", ["EXAMPLES"]);
    for (example, meaning) in text.examples {
        roff.control("TP", []);
        roff.text([bold(*example)]);
        roff.text([roman(*meaning)]);
    }
    roff.control("SH", ["SEE ALSO"]);
    for (place, (name, section)) in text.see_also.iter().enumerate() {
        let comma = if place + 1 < text.see_also.len() { "," } else { "" };
        roff.text([bold(*name), roman(format!("({section}){comma}"))]);
    }
    roff.to_roff()
}

fn paragraphs(roff: &mut Roff, paragraphs: &[&str]) {
    for paragraph in paragraphs {
        roff.control("PP", []);
        roff.text([roman(*paragraph)]);
    }
}
