//! The one judge: every door calls [`judge`], and gets the same verdict for the same facts.

use crate::domain::branch::BranchName;
use crate::domain::change::Change;
use crate::domain::glob::Globs;
use crate::domain::layout;
use crate::domain::path::RepoPath;

use super::config::{GuardConfig, Mode};
use super::lane::{LaneCase, LaneJudge};
use super::protect::Exemption;
use super::verdict::{Decision, GuardCode, Outcome, Rule, Verdict, Violation};

/// A change, and everything about its branch that decides whether it may pass.
#[derive(Debug)]
pub struct Case<'a> {
    /// What the policy says of the guard.
    pub guard: &'a GuardConfig,
    /// The branch; `None` for a detached HEAD.
    pub branch: Option<&'a BranchName>,
    /// What the branch is.
    pub standing: Standing<'a>,
    /// The change.
    pub changes: &'a [Change],
}

/// A file that a coordination branch may not take, although it is one of its mission's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    /// The file.
    pub path: RepoPath,
    /// The reason.
    pub code: GuardCode,
    /// The fact in one sentence.
    pub fact: String,
}

/// What a branch is to the judge.
pub enum Standing<'a> {
    /// Nobody guards it.
    Free,
    /// Protected, and perhaps exempt for this commit.
    Protected(Option<Exemption>),
    /// Without mission, but with a scope.
    Scoped(&'a Globs),
    /// A lane of a mission.
    Lane(LaneCase<'a>),
    /// The coordination branch of the mission in this directory of `kitty-specs`, and whether its
    /// log only grew, if it changed.
    Coordination {
        /// The mission's directory name.
        mission_dir: &'a str,
        /// `Some(true)` if the old log is a prefix of the new one; `None` if it did not change.
        log_grew: Option<bool>,
        /// What else keeps files of the mission out.
        unfit: &'a [Unfit],
    },
}

impl std::fmt::Debug for Standing<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Free => "Free",
            Self::Protected(_) => "Protected",
            Self::Scoped(_) => "Scoped",
            Self::Lane(_) => "Lane",
            Self::Coordination { .. } => "Coordination",
        })
    }
}

/// Judges a change. Pure: the same case always gets the same verdict.
#[must_use]
pub fn judge(case: Case<'_>) -> Verdict {
    let Case { guard, branch, standing, changes } = case;
    match standing {
        Standing::Free => passed(changes, |_| Rule::FreeBranch),
        Standing::Protected(Some(exemption)) => passed(changes, |_| Rule::Exempt(exemption)),
        Standing::Protected(None) => protected(branch, changes),
        Standing::Scoped(_) | Standing::Lane(_) | Standing::Coordination { .. }
            if guard.effective_mode() == Mode::Off =>
        {
            passed(changes, |_| Rule::NotEnforced)
        }
        Standing::Scoped(globs) => scoped(globs, changes).under(guard.mode),
        Standing::Lane(lane) => LaneJudge { guard, lane: &lane }.judge(changes).under(guard.mode),
        Standing::Coordination { mission_dir, log_grew, unfit } => {
            coordination(mission_dir, (log_grew, unfit), changes).under(guard.mode)
        }
    }
}

impl Verdict {
    /// Notes what decided about a path.
    pub(super) fn decide(&mut self, path: &RepoPath, rule: Rule) {
        self.decisions.push(Decision { path: path.clone(), rule, only_in_reference: None });
    }

    /// Notes a reason to refuse, and the path it is about.
    pub(super) fn refuse(&mut self, violation: Violation, only_in_reference: Option<String>) {
        if let Some(path) = violation.path.clone() {
            let rule = Rule::Refused(violation.code);
            self.decisions.push(Decision { path, rule, only_in_reference });
        }
        self.outcome = Outcome::Refused;
        self.violations.push(violation);
    }

    fn under(mut self, mode: Mode) -> Self {
        if self.outcome == Outcome::Refused && mode == Mode::Warn {
            self.outcome = Outcome::Warned;
        }
        self
    }
}

fn passed(changes: &[Change], rule: impl Fn(&Change) -> Rule) -> Verdict {
    let mut verdict = Verdict::default();
    changes.iter().for_each(|change| verdict.decide(&change.path, rule(change)));
    verdict
}

fn protected(branch: Option<&BranchName>, changes: &[Change]) -> Verdict {
    let name = branch.map_or("HEAD", BranchName::as_str);
    let mut verdict = passed(changes, |_| Rule::Refused(GuardCode::ProtectedBranchRefused));
    verdict.refuse(
        Violation {
            code: GuardCode::ProtectedBranchRefused,
            path: None,
            owners: Vec::new(),
            fact: format!("`{name}` is a protected branch"),
            next_step: way_to(name, changes),
        },
        None,
    );
    verdict
}

/// How a change comes to a protected branch. One of the policy gets no other way, also if it only takes
/// out what had no effect: what is written in its place has one.
fn way_to(name: &str, changes: &[Change]) -> String {
    let own = "commit on a branch of your own: `git switch -c NAME` takes your changes along";
    let is_policy = |change: &Change| change.path.as_bytes() == layout::POLICY.as_bytes();
    match changes.iter().any(is_policy) {
        true => format!("{own}; the policy of `{name}` changes by a pull request"),
        false => own.to_owned(),
    }
}

fn scoped(globs: &Globs, changes: &[Change]) -> Verdict {
    let owned_files = globs.entries().map(str::to_owned).collect();
    let mut verdict = Verdict { owned_files, ..Verdict::default() };
    for Change { path, .. } in changes {
        match globs.matching(path) {
            Some(entry) => verdict.decide(path, Rule::InScope { entry: entry.to_owned() }),
            None => verdict.refuse(
                Violation {
                    code: GuardCode::ScopeViolation,
                    path: Some(path.clone()),
                    owners: Vec::new(),
                    fact: format!("`{path}` is outside of the scope of this branch"),
                    next_step:
                        "widen the scope with `git kitty scope add GLOB`, or leave the path \
                                out of the commit: `git restore --staged PATH`"
                            .to_owned(),
                },
                globs.matching_in_reference(path).map(str::to_owned),
            ),
        }
    }
    verdict
}

fn coordination(
    mission_dir: &str,
    (log_grew, unfit): (Option<bool>, &[Unfit]),
    changes: &[Change],
) -> Verdict {
    let mut verdict = Verdict::default();
    for Change { path, .. } in changes {
        let rule = coordination_rule(mission_dir, log_grew, path);
        let found = unfit.iter().find(|unfit| unfit.path == *path);
        match rule.and_then(|rule| found.map_or(Ok(rule), |unfit| Err(unfit.violation()))) {
            Ok(rule) => verdict.decide(path, rule),
            Err(violation) => verdict.refuse(violation, None),
        }
    }
    verdict
}

impl Unfit {
    fn violation(&self) -> Violation {
        Violation {
            code: self.code,
            path: Some(self.path.clone()),
            owners: Vec::new(),
            fact: self.fact.clone(),
            next_step: "mend PATH, or leave it out of the commit: `git restore --staged PATH`"
                .to_owned(),
        }
    }
}

fn coordination_rule(
    mission_dir: &str,
    log_grew: Option<bool>,
    path: &RepoPath,
) -> Result<Rule, Violation> {
    let own = format!("{}/{mission_dir}/", layout::MISSIONS);
    let refused = |code, fact, next_step: &str| Violation {
        code,
        path: Some(path.clone()),
        owners: Vec::new(),
        fact,
        next_step: next_step.to_owned(),
    };
    match path.as_bytes().strip_prefix(own.as_bytes()) {
        None => Err(refused(
            GuardCode::CoordinationPathRefused,
            format!("`{path}` is no planning file of this mission"),
            "commit it on a lane, or on a branch of its own",
        )),
        Some(name) if name == layout::SNAPSHOT.as_bytes() => Ok(Rule::Snapshot),
        Some(name) if name != layout::EVENT_LOG.as_bytes() => Ok(Rule::PlanningFile),
        Some(_) if log_grew == Some(true) => Ok(Rule::LogGrowth),
        Some(_) => Err(refused(
            GuardCode::LogNotAppendOnly,
            format!("`{path}` lost or changed lines that it had, or has two events of one id"),
            "take the change back with `git restore --staged PATH`: corrections are new events",
        )),
    }
}
