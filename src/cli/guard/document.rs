//! A report as JSON.

use serde::Serialize;

use super::outcome;
use super::report::{Report, Told};
use crate::flow::explain;
use crate::policy::{Decision, Violation};

#[derive(Debug, Serialize)]
pub(super) struct Document {
    verdict: &'static str,
    branch: Option<String>,
    mission_dir: Option<String>,
    lane_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<RangeEntry>,
    violations: Vec<ViolationEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decisions: Option<Vec<DecisionEntry>>,
    override_id: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    refusal: Option<RefusalFields>,
}

#[derive(Debug, Serialize)]
struct RefusalFields {
    error_code: &'static str,
    message: String,
    next_step: Option<String>,
    last_resort: Option<String>,
    destination_ref: Option<String>,
    wp_id: Option<String>,
    paths: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ViolationEntry {
    error_code: &'static str,
    path: Option<String>,
    commit: Option<String>,
    active_wp: Option<String>,
    owned_files: Vec<String>,
    owners: Vec<String>,
    message: String,
    next_step: String,
}

#[derive(Debug, Serialize)]
struct DecisionEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    path: String,
    rule: &'static str,
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    only_in_reference: Option<String>,
}

#[derive(Debug, Serialize)]
struct RangeEntry {
    from: Option<String>,
    to: String,
    judged: usize,
}

impl Document {
    /// The document; with each decision if they are to be explained.
    pub(super) fn of(report: &Report, explain: bool) -> Self {
        let branch = &report.branch;
        let decisions = || report.told.iter().flat_map(decisions).collect();
        let range = report.range.as_ref().map(|range| RangeEntry {
            from: range.from.map(|from| from.to_string()),
            to: range.to.to_string(),
            judged: report.commits(),
        });
        Self {
            verdict: outcome(report.outcome()),
            branch: branch.branch.as_ref().map(ToString::to_string),
            mission_dir: branch.mission_dir.clone(),
            lane_id: branch.lane_id.as_ref().map(ToString::to_string),
            range,
            violations: report.violations().map(|(told, v)| violation(told, v)).collect(),
            decisions: explain.then(decisions),
            override_id: report.overridden().map(|by| by.id.clone()),
            refusal: report.violations().next().map(|(told, first)| refusal(report, told, first)),
        }
    }
}

/// The first reason speaks for all.
fn refusal(report: &Report, told: &Told, first: &Violation) -> RefusalFields {
    let judgement = &told.judgement;
    let mut paths: Vec<String> = Vec::new();
    for (_, violation) in report.violations() {
        let path = violation.path.as_ref().map(ToString::to_string);
        paths.extend(path.filter(|path| report.range.is_none() || !paths.contains(path)));
    }
    RefusalFields {
        error_code: first.code.as_str(),
        message: explain::summary(judgement),
        next_step: explain::next_step(judgement, told.base()),
        last_resort: report.last_resort(),
        destination_ref: judgement.branch.as_ref().map(ToString::to_string),
        wp_id: judgement.verdict.active_wp.as_ref().map(ToString::to_string),
        paths,
    }
}

fn violation(told: &Told, violation: &Violation) -> ViolationEntry {
    let verdict = &told.judgement.verdict;
    ViolationEntry {
        error_code: violation.code.as_str(),
        path: violation.path.as_ref().map(ToString::to_string),
        commit: commit(told),
        active_wp: verdict.active_wp.as_ref().map(ToString::to_string),
        owned_files: verdict.owned_files.clone(),
        owners: violation.owners.iter().map(|owner| owner.wp_id.to_string()).collect(),
        message: violation.fact.clone(),
        next_step: match told.commit {
            Some(_) => explain::step(&told.judgement, violation, told.base()),
            None => violation.next_step.clone(),
        },
    }
}

fn commit(told: &Told) -> Option<String> {
    told.commit.as_ref().map(|(commit, _)| commit.to_string())
}

fn decisions(told: &Told) -> impl Iterator<Item = DecisionEntry> {
    told.judgement.verdict.decisions.iter().map(|decision| entry(told, decision))
}

fn entry(told: &Told, decision: &Decision) -> DecisionEntry {
    DecisionEntry {
        commit: commit(told),
        path: decision.path.to_string(),
        rule: decision.rule.name(),
        reason: decision.rule.to_string(),
        only_in_reference: decision.only_in_reference.clone(),
    }
}
