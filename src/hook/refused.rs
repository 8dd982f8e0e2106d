//! What a hook says of commits that it refuses, and how to get back to where one was: git has often
//! changed files by then.

use std::fmt::Write as _;

use crate::flow::commits::Judged;
use crate::flow::explain;
use crate::git::Repo;

/// How many commits are told one by one.
const SHOWN: usize = 3;

/// The reasons, a block for all commits that have the same, then the way back, if there is one. Empty if
/// there is nothing to tell.
pub(super) fn story(repo: &Repo, judged: &[Judged], way_back: Option<&str>) -> String {
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
    let mut blocks: Vec<(String, String)> = Vec::new();
    for one in told.iter().take(SHOWN) {
        let reasons = explain::reasons(&one.judgement);
        let place = in_commit(repo, one);
        match blocks.iter_mut().find(|(known, _)| *known == reasons) {
            Some((_, places)) => places.push_str(&place),
            None => blocks.push((reasons, place)),
        }
    }
    text.extend(blocks.into_iter().flat_map(|(reasons, places)| [reasons, places]));
    if told.len() > SHOWN {
        let _ = writeln!(text, "and {} more commits", told.len() - SHOWN);
    }
    text.push_str(&explain::last_resort(judged.iter().map(|one| &one.judgement)));
    if judged.iter().any(Judged::is_refused)
        && let Some(way_back) = way_back
    {
        let _ = writeln!(text, "hint: {way_back} brings back what was before");
    }
    text
}

fn in_commit(repo: &Repo, one: &Judged) -> String {
    one.commit.map_or_else(String::new, |commit| {
        let subject = repo.subject(commit).unwrap_or_default();
        format!("  in commit {commit:.10}: {}\n", subject.escape_debug())
    })
}
