//! What a hook says of commits that it refuses, and how to get back to where one was: git has often
//! changed files by then.

use std::fmt::Write as _;

use crate::flow::commits::Judged;
use crate::flow::explain;
use crate::git::Repo;

/// How many commits are told one by one.
const SHOWN: usize = 3;

/// The reasons, a block a commit, then the way back. Empty if there is nothing to tell.
pub(super) fn story(repo: &Repo, judged: &[Judged]) -> String {
    let mut text = String::new();
    let mut warnings: Vec<String> = Vec::new();
    for judged in judged {
        for warning in &judged.judgement.verdict.warnings {
            let line = format!("warning: {} [{}]\n", warning.message, warning.code);
            if !warnings.contains(&line) {
                warnings.push(line);
            }
        }
    }
    text.extend(warnings);
    let told: Vec<&Judged> =
        judged.iter().filter(|one| !one.judgement.verdict.violations.is_empty()).collect();
    for one in told.iter().take(SHOWN) {
        text.push_str(&explain::reasons(&one.judgement));
        if let Some(commit) = one.commit {
            let subject = repo.subject(commit).unwrap_or_default();
            let _ = writeln!(text, "  in commit {commit:.10}: {}", subject.escape_debug());
        }
    }
    if told.len() > SHOWN {
        let _ = writeln!(text, "and {} more commits", told.len() - SHOWN);
    }
    text.push_str(&explain::last_resort(judged.iter().map(|one| &one.judgement)));
    if judged.iter().any(Judged::is_refused)
        && let Some(way_back) = repo.way_back()
    {
        let _ = writeln!(text, "hint: {way_back} brings back what was before");
    }
    text
}
