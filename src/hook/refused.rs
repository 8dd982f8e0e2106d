//! What a hook says of commits that it refuses, and how to get back to where one was: git has often
//! changed files by then.

use std::fmt::Write as _;

use crate::domain::printable::Printable;
use crate::flow::commits::Judged;
use crate::flow::explain::{self, Place};
use crate::flow::guard::Judgement;
use crate::git::Repo;

/// How many commits are told one by one.
const SHOWN: usize = 3;

/// Commits that are refused for the same reasons.
struct Block<'j> {
    judgement: &'j Judgement,
    reasons: String,
    place: Place,
}

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
    for Block { judgement, place, .. } in blocks(repo, judged, way_back) {
        text.push_str(&explain::reasons_at(judgement, &place));
    }
    text.push_str(&explain::last_resort(judged.iter().map(|one| &one.judgement)));
    if judged.iter().any(Judged::is_refused)
        && let Some(way_back) = way_back
    {
        text.push_str(&brings_back(way_back));
    }
    text
}

/// The hint at the way back, a line.
pub(super) fn brings_back(way_back: &str) -> String {
    format!("hint: {way_back} brings back what was before\n")
}

/// The refused commits by their reasons, as they are told.
fn blocks<'j>(repo: &Repo, judged: &'j [Judged], way_back: Option<&str>) -> Vec<Block<'j>> {
    let told: Vec<&Judged> =
        judged.iter().filter(|one| !one.judgement.verdict.violations.is_empty()).collect();
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for one in told.iter().take(SHOWN) {
        let reasons = explain::reasons(&one.judgement);
        let lines = in_commit(repo, one);
        match blocks.iter_mut().find(|block| block.reasons == reasons) {
            Some(block) => block.place.lines.push_str(&lines),
            None => {
                let back = way_back.map(str::to_owned);
                let place = Place { lines, base: one.base(repo), back };
                blocks.push(Block { judgement: &one.judgement, reasons, place });
            }
        }
    }
    if let Some(last) = blocks.last_mut().filter(|_| told.len() > SHOWN) {
        let _ = writeln!(last.place.lines, "  and in {} more", told.len() - SHOWN);
    }
    blocks
}

fn in_commit(repo: &Repo, one: &Judged) -> String {
    one.commit.map_or_else(String::new, |commit| {
        let subject = repo.subject(commit).unwrap_or_default();
        format!("  in commit {commit:.10}: {}\n", Printable(&subject))
    })
}
