//! What the judge says of a commit, as the refusal or the warnings of the command.

use crate::domain::branch::BranchName;
use crate::domain::refusal::{CommitRefusal, Refusal, Warning};
use crate::flow::commits::Judged;
use crate::flow::explain;
use crate::flow::guard::{Judgement, Moment};
use crate::policy::{GuardCode, Outcome};

/// Lets pass what may, with what is worth telling of it.
///
/// # Errors
/// [`CommitRefusal::Judged`].
pub(super) fn passed(
    branch: &BranchName,
    mut judgement: Judgement,
) -> Result<Vec<Warning>, Refusal> {
    judgement.moment = Moment::Named;
    let verdict = &judgement.verdict;
    match verdict.outcome {
        Outcome::Refused => Err(refusal(branch, &judgement).into()),
        Outcome::Allowed | Outcome::Warned => {
            let doubt = |violation: &crate::policy::Violation| Warning {
                code: violation.code.as_str(),
                message: explain::fact(violation),
            };
            let doubts = verdict.violations.iter().map(doubt);
            Ok(doubts.chain(verdict.warnings.iter().cloned()).collect())
        }
    }
}

/// Lets a move pass of which everything may.
///
/// # Errors
/// As [`passed`], for the first that may not.
pub(super) fn passed_all(branch: &BranchName, judged: Vec<Judged>) -> Result<(), Refusal> {
    judged.into_iter().try_for_each(|one| passed(branch, one.judgement).map(drop))
}

fn refusal(branch: &BranchName, judgement: &Judgement) -> CommitRefusal {
    let violations = &judgement.verdict.violations;
    let is_protected =
        violations.first().is_some_and(|first| first.code == GuardCode::ProtectedBranchRefused);
    let each = violations.iter().map(|violation| {
        (violation.code.as_str(), violation.path.as_ref().map(ToString::to_string))
    });
    CommitRefusal::Judged {
        branch: branch.to_string(),
        is_protected,
        why: explain::summary(judgement),
        step: explain::next_step(judgement, None).unwrap_or_default(),
        violations: each.collect(),
    }
}
