//! `git kitty doctor`: what is wrong, and what was done about it.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::clock::now;
use super::request::host;
use super::{Answer, Context, Printable, run};
use crate::domain::finding::{Finding, Outcome};
use crate::domain::refusal::{Exit, Refusal};
use crate::flow::doctor::{Treatment, examine};
use crate::flow::host::Host;
use crate::git::Repo;
use crate::hook::{Canary, doctor as hooks};

/// The options of `doctor`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Mend what is safe to mend; nobody's work is touched
    #[arg(long)]
    fix: bool,
    /// Prove in each worktree that hooks run, by moves that must be refused and are never made
    #[arg(long)]
    canary: bool,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("doctor", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let host = if options.fix { host_if_known(&repo, context)? } else { None };
    let treatment = if options.fix { Treatment::Fix(host.as_ref()) } else { Treatment::None };
    let mut findings = examine(&repo, now(), treatment);
    // Without git, nobody can tell which hooks it would run.
    if !findings.iter().any(|finding| finding.kind.code.starts_with("GIT_VERSION_")) {
        let canary = options.canary.then(|| Canary::release(&repo)).transpose()?;
        findings.extend(hooks::examine(&repo, &context.directory, options.fix)?);
        if let Some(canary) = canary {
            let canary = if options.fix { canary.again(&repo)? } else { canary };
            findings.extend(canary.findings());
        }
    }
    findings.sort_by_key(|finding| finding.kind.severity);
    let exit = if findings.iter().any(Finding::counts) { Exit::Refused } else { Exit::Yes };
    let document = json!({ "findings": findings.iter().map(document).collect::<Vec<_>>() });
    Ok(Answer::new(document, human(&findings)).with_exit(exit))
}

/// Who commits, if git knows somebody: much can be mended without.
fn host_if_known(repo: &Repo, context: &Context) -> Result<Option<Host>> {
    match host(repo, context, "doctor --fix") {
        Ok(host) => Ok(Some(host)),
        Err(error) if error.is::<Refusal>() => Ok(None),
        Err(error) => Err(error),
    }
}

fn document(finding: &Finding) -> Value {
    let (outcome, did) = match &finding.outcome {
        None => (None, None),
        Some(Outcome::Mended(what)) => (Some("mended"), Some(what)),
        Some(Outcome::Left(why)) => (Some("left"), Some(why)),
    };
    json!({
        "code": finding.kind.code,
        "severity": finding.kind.severity.as_str(),
        "subject": finding.subject,
        "message": finding.message,
        "fix": finding.fix,
        "outcome": outcome,
        "explanation": did,
    })
}

fn human(findings: &[Finding]) -> String {
    if findings.is_empty() {
        return "nothing is wrong\n".to_owned();
    }
    let mut text = String::new();
    for finding in findings {
        let Finding { kind, subject, message, fix, outcome, .. } = finding;
        let severity = kind.severity.as_str();
        let _ = writeln!(text, "{severity}: {} [{}]", Printable(subject), kind.code);
        let _ = writeln!(text, "  {}", Printable(message));
        let _ = match outcome {
            None => writeln!(text, "  fix: {}", Printable(fix)),
            Some(Outcome::Mended(what)) => writeln!(text, "  mended: {}", Printable(what)),
            Some(Outcome::Left(why)) => {
                writeln!(text, "  left: {}\n  fix: {}", Printable(why), Printable(fix))
            }
        };
    }
    let mended = findings.iter().filter(|f| matches!(f.outcome, Some(Outcome::Mended(_)))).count();
    let count = match findings.len() {
        1 => "1 finding".to_owned(),
        many => format!("{many} findings"),
    };
    let done = if mended > 0 { format!(", {mended} mended") } else { String::new() };
    text + &format!("{count}{done}\n")
}
