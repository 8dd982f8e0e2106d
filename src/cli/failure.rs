//! What is said when a command did not do what was asked.

use std::path::Path;

use clap::error::ErrorKind;
use serde::Serialize;

use super::globals::Format;
use super::output::{Document, Story, json, print, tell};
use super::{sarif, workflow};
use crate::domain::refusal::{Exit, Facts, Refusal};
use crate::flow::whose;
use crate::git::{Repo, unwritable};

/// A "no", expected or not.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Failure {
    #[serde(skip)]
    pub(super) exit: Exit,
    error_code: &'static str,
    message: String,
    next_step: Option<String>,
    #[serde(flatten)]
    facts: Facts,
    /// What it is made of, each told by itself to people.
    #[serde(skip)]
    parts: Vec<Self>,
}

/// The form in which it is said.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) format: Format,
    pub(super) color: bool,
}

impl Failure {
    /// Arguments that make no sense, in clap's words: its first paragraph, and its tip.
    pub(super) fn usage(error: &clap::Error) -> Self {
        let text = error.render().to_string();
        let mut paragraphs = text.trim_start_matches("error: ").split("\n\n");
        let message = if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            "an argument is missing".to_owned()
        } else {
            one_line(paragraphs.next().unwrap_or_default())
        };
        let tip = paragraphs.find_map(|paragraph| paragraph.trim().strip_prefix("tip: "));
        let next_step = tip.map_or_else(|| "`--help` lists the arguments".to_owned(), one_line);
        let next_step = Some(next_step);
        Self {
            exit: Exit::Usage,
            error_code: "USAGE",
            message,
            next_step,
            facts: Facts::default(),
            parts: Vec::new(),
        }
    }

    /// Adds what the repository knows of what it is about.
    pub(super) fn complete(&mut self, directory: &Path) {
        if let Ok(repo) = Repo::discover(directory) {
            whose::complete(&repo, &mut self.facts);
        }
    }

    /// A panic. The message was printed where it happened.
    pub(super) fn panic() -> Self {
        Self {
            exit: Exit::Bug,
            error_code: "BUG",
            message: "git-kitty stopped because of a bug of its own".to_owned(),
            next_step: Some("please report the lines above".to_owned()),
            facts: Facts::default(),
            parts: Vec::new(),
        }
    }

    /// Says it: in a form for machines on standard output, else on standard error.
    pub(super) fn show(&self, form: Form) {
        match form.format {
            Format::Json => {
                // There is nobody left to tell if this fails.
                let _ = json(&Document::new(self, &[])).and_then(|bytes| print(&bytes));
            }
            Format::Github => {
                let text = [Some(self.message.as_str()), self.next_step.as_deref()];
                let text = text.into_iter().flatten().collect::<Vec<_>>().join("\n");
                let _ = print(workflow::error(self.error_code, &text).as_bytes());
            }
            Format::Sarif => {
                let log = sarif::failed(self.error_code, &self.message);
                let _ = json(&log).and_then(|bytes| print(&bytes));
                self.tell(form.color);
            }
            Format::Human => self.tell(form.color),
        }
    }

    fn tell(&self, color: bool) {
        if self.parts.len() > 1 {
            return self.parts.iter().for_each(|part| part.tell(color));
        }
        let code = Some(self.error_code);
        tell(&Story { label: ("error", 31), text: &self.message, code }, color);
        if let Some(hint) = &self.next_step {
            tell(&Story { label: ("hint", 36), text: hint, code: None }, color);
        }
    }
}
impl From<&anyhow::Error> for Failure {
    fn from(error: &anyhow::Error) -> Self {
        match unwritable::refusal(error) {
            Some(refusal) => Self::from(refusal),
            None => Self {
                exit: Exit::Bug,
                error_code: "UNEXPECTED",
                message: format!("{error:#}"),
                next_step: None,
                facts: Facts::default(),
                parts: Vec::new(),
            },
        }
    }
}

impl From<&Refusal> for Failure {
    fn from(refusal: &Refusal) -> Self {
        Self {
            exit: refusal.exit(),
            error_code: refusal.code(),
            message: refusal.to_string(),
            next_step: Some(refusal.hint()),
            facts: refusal.facts(),
            parts: refusal.blockers().iter().map(Self::from).collect(),
        }
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
