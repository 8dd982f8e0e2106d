//! A report as CI reads it.

use anyhow::Result;
use serde_json::Value;

use super::report::{Report, Told};
use crate::cli::sarif::{self, Finding};
use crate::cli::workflow::{Annotation, Level};
use crate::domain::layout;
use crate::domain::path::{RepoPath, is_unsafe};
use crate::git::Repo;
use crate::policy::{Outcome, Violation};

/// Workflow commands of GitHub Actions, a line a reason.
pub(super) fn workflow(report: &Report) -> String {
    let mut text = String::new();
    for (told, violation) in report.violations() {
        let file = violation.path.as_ref().map(shown);
        let annotation = Annotation {
            level: level(told),
            file: file.as_deref(),
            title: violation.code.as_str(),
            message: &told.message(violation),
        };
        text.push_str(&annotation.line());
    }
    for warning in report.warnings() {
        let (title, message) = (warning.code, warning.message.as_str());
        text.push_str(&Annotation { level: Level::Warning, file: None, title, message }.line());
    }
    text
}

/// A SARIF log.
///
/// # Errors
/// If a fingerprint cannot be made.
pub(super) fn sarif(repo: &Repo, report: &Report) -> Result<Value> {
    let findings = report.violations().map(|(told, violation)| finding(repo, told, violation));
    let findings: Vec<Finding> = findings.collect::<Result<_>>()?;
    let warnings = report.warnings();
    let notes: Vec<(&str, &str)> =
        warnings.iter().map(|warning| (warning.code, warning.message.as_str())).collect();
    Ok(sarif::log(&findings, &notes))
}

fn finding(repo: &Repo, told: &Told, violation: &Violation) -> Result<Finding> {
    let branch = told.judgement.branch.as_ref().map(ToString::to_string);
    let path = violation.path.as_ref().map(|path| path.as_bytes().to_vec());
    let path = path.unwrap_or_else(|| context(told).into_bytes());
    let name = branch.as_deref().unwrap_or_default();
    let same = [violation.code.as_str().as_bytes(), name.as_bytes(), &path].join(&0);
    Ok(Finding {
        code: violation.code,
        level: match level(told) {
            Level::Error => "error",
            Level::Warning => "warning",
        },
        message: told.message(violation),
        fingerprint: repo.id_of_blob(&same)?.to_string(),
        path,
        branch,
        commit: told.commit.as_ref().map(|(commit, _)| commit.to_string()),
    })
}

/// Where a reason is to be looked for that is about no path: viewers show none without a file.
fn context(told: &Told) -> String {
    match &told.judgement.mission_dir {
        Some(dir) => layout::in_mission(dir, layout::LANES).to_string(),
        None => layout::POLICY.to_owned(),
    }
}

const fn level(told: &Told) -> Level {
    match told.outcome() {
        Outcome::Warned => Level::Warning,
        Outcome::Allowed | Outcome::Refused => Level::Error,
    }
}

/// A path as GitHub knows it; where it would speak to a terminal, or is no text, as git shows it.
fn shown(path: &RepoPath) -> String {
    match std::str::from_utf8(path.as_bytes()) {
        Ok(text) if !text.contains(|c| is_unsafe(c) && !matches!(c, '\r' | '\n')) => {
            text.to_owned()
        }
        Ok(_) | Err(_) => path.to_string(),
    }
}
