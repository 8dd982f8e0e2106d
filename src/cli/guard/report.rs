//! What was judged, and what is said of it in every form.

use anyhow::Result;

use crate::cli::Printable;
use crate::domain::oid::Oid;
use crate::domain::overriding::Override;
use crate::domain::refusal::Warning;
use crate::flow::explain::{self, Place};
use crate::flow::guard::Judgement;
use crate::flow::range::RangeJudgement;
use crate::git::Repo;
use crate::policy::{Outcome, Violation};

/// Everything that was judged in one call.
pub(super) struct Report {
    /// For which branch, of which mission.
    pub(super) branch: Judgement,
    /// The judgements, each with the commit that it is about.
    pub(super) told: Vec<Told>,
    /// The range, if commits were judged.
    pub(super) range: Option<Range>,
}

/// The range that was judged.
pub(super) struct Range {
    pub(super) from: Option<Oid>,
    pub(super) to: Oid,
}

/// One judgement.
pub(super) struct Told {
    /// The commit, with the first line of its message.
    pub(super) commit: Option<(Oid, String)>,
    pub(super) judgement: Judgement,
    /// Where it is.
    place: Place,
}

impl Report {
    /// The report of one change that is no commit.
    pub(super) fn of_change(judgement: Judgement) -> Self {
        let branch = Judgement {
            branch: judgement.branch.clone(),
            mission_dir: judgement.mission_dir.clone(),
            lane_id: judgement.lane_id.clone(),
            policy_warnings: judgement.policy_warnings.clone(),
            ..Judgement::default()
        };
        let told = Told { commit: None, judgement, place: Place::default() };
        Self { branch, told: vec![told], range: None }
    }

    /// The report of a range.
    ///
    /// # Errors
    /// If a commit's message cannot be read.
    pub(super) fn of_range(repo: &Repo, ranged: RangeJudgement) -> Result<Self> {
        let RangeJudgement { branch, from, to, judged } = ranged;
        let mut told = Vec::new();
        for one in judged {
            let commit =
                one.commit.map(|commit| Ok::<_, anyhow::Error>((commit, repo.subject(commit)?)));
            let place = Place { base: one.base(repo), ..Place::default() };
            told.push(Told { commit: commit.transpose()?, judgement: one.judgement, place });
        }
        Ok(Self { branch, told, range: Some(Range { from, to }) })
    }

    /// The verdict on all of it: the strictest.
    pub(super) fn outcome(&self) -> Outcome {
        let has = |outcome| self.told.iter().any(|told| told.outcome() == outcome);
        if has(Outcome::Refused) {
            Outcome::Refused
        } else if has(Outcome::Warned) {
            Outcome::Warned
        } else {
            Outcome::Allowed
        }
    }

    /// How many commits were judged.
    pub(super) fn commits(&self) -> usize {
        self.told.iter().filter(|told| told.commit.is_some()).count()
    }

    /// The override that lets it pass.
    pub(super) fn overridden(&self) -> Option<&Override> {
        self.told.iter().find_map(|told| told.judgement.verdict.overridden.as_ref())
    }

    /// The command that lets it pass as a last resort, if there is one.
    pub(super) fn last_resort(&self) -> Option<String> {
        explain::last_command(self.told.iter().map(|told| &told.judgement))
    }

    /// Every reason, with what it is about.
    pub(super) fn violations(&self) -> impl Iterator<Item = (&Told, &Violation)> {
        let each = |told| violations(told).map(move |violation| (told, violation));
        self.told.iter().flat_map(each)
    }

    /// What is to be said besides, each once.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let mut all: Vec<Warning> = Vec::new();
        let each = self.told.iter().flat_map(|told| &told.judgement.verdict.warnings);
        for warning in self.branch.policy_warnings.iter().chain(each) {
            if !all.contains(warning) {
                all.push(warning.clone());
            }
        }
        all
    }

    /// The reasons in words, for standard error: a block a commit.
    pub(super) fn story(&self) -> String {
        let stories = self.told.iter().filter(|told| violations(told).next().is_some());
        let mut text: String = stories.map(|told| self.headline(told) + &told.reasons()).collect();
        text.push_str(&explain::last_resort(self.told.iter().map(|told| &told.judgement)));
        if self.range.is_some() && self.outcome() == Outcome::Refused {
            text.push_str(&self.sum());
        }
        text
    }

    /// The rules that decided, for standard output: a block a commit.
    pub(super) fn explanation(&self) -> String {
        let told = |told: &Told| format!("{}{}", self.headline(told), super::explanation(told));
        let text: String = self.told.iter().map(told).collect();
        if self.outcome() == Outcome::Refused { text } else { text + &self.sum() }
    }

    /// How it ended, in a line; empty if no commits were judged.
    pub(super) fn sum(&self) -> String {
        if self.range.is_none() {
            return String::new();
        }
        let (all, branch) = (self.commits(), self.branch.branch.as_ref());
        let commits = explain::commits(all);
        let branch = branch.map(|branch| format!(" for `{branch}`")).unwrap_or_default();
        match self.outcome() {
            Outcome::Allowed => format!("{commits} judged{branch}: allowed\n"),
            Outcome::Warned => format!("{commits} judged{branch}: allowed, with warnings\n"),
            Outcome::Refused => {
                let is_refused =
                    |told: &&Told| told.commit.is_some() && told.outcome() == Outcome::Refused;
                let refused = self.told.iter().filter(is_refused).count();
                format!("{commits} judged{branch}: {refused} refused\n")
            }
        }
    }

    fn headline(&self, told: &Told) -> String {
        match (&self.range, &told.commit) {
            (None, _) => String::new(),
            (Some(_), Some((commit, subject))) => {
                format!("commit {commit:.10}: {}\n", Printable(subject))
            }
            (Some(_), None) => "the branch as a whole:\n".to_owned(),
        }
    }
}

impl Told {
    /// The verdict.
    pub(super) const fn outcome(&self) -> Outcome {
        self.judgement.verdict.outcome
    }

    /// From where on the commit is made anew, as one names it to Git.
    pub(super) fn base(&self) -> Option<&str> {
        self.place.base.as_deref()
    }

    fn reasons(&self) -> String {
        explain::reasons_at(&self.judgement, &self.place)
    }

    /// One reason with its commit and the next step, for forms that have one text a reason.
    pub(super) fn message(&self, violation: &Violation) -> String {
        let fact = explain::fact(violation);
        let commit = self.commit.as_ref().map_or_else(String::new, |(commit, subject)| {
            format!(", in commit {commit:.10}: {}", Printable(subject))
        });
        format!("{fact}{commit}\n{}", explain::step(&self.judgement, violation, self.base()))
    }
}

fn violations(told: &Told) -> impl Iterator<Item = &Violation> {
    told.judgement.verdict.violations.iter()
}
