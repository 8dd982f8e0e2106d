//! May this work package move there, and what does the event say?
//!
//! The table of steps is in [`Status::allows`]; here are the guards: what a step asks for besides.
//! Sentences are the reference's own, since agents match on them (`formats.md` section 2).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::refusal::Refusal;
use super::status::Status;

/// What a caller wants, and what it brings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Where to; the name as given, so that an unknown one can be quoted.
    pub to: String,
    /// Who.
    pub actor: String,
    /// Past edges and guards.
    pub force: bool,
    /// Why.
    pub reason: Option<String>,
    /// The review that this answers.
    pub review_ref: Option<String>,
    /// A reviewer's verdict.
    pub review: Option<Review>,
    /// Whether all subtasks are done.
    pub subtasks_complete: bool,
    /// Whether there is something to review.
    pub implementation_evidence: bool,
    /// Where the work happens.
    pub workspace: Option<String>,
}

/// A reviewer's verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who reviewed.
    pub reviewer: String,
    /// What they say.
    pub verdict: Verdict,
    /// Where they say it.
    pub reference: String,
}

/// What a reviewer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It may go in.
    Approved,
    /// It needs work.
    ChangesRequested,
}

impl Verdict {
    /// The name in events.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::ChangesRequested => "changes_requested",
        }
    }
}

/// A step that is allowed, with the fields of its event that depend on the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// From where.
    pub from: Status,
    /// To where.
    pub to: Status,
    /// The fields, by their names in the log.
    pub fields: Map<String, Value>,
}

/// Something that a guard asks for and the request does not bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// Who acts.
    Actor,
    /// Why.
    Reason,
    /// Where the work happens.
    Workspace,
    /// All subtasks done.
    SubtasksComplete,
    /// Something to review.
    ImplementationEvidence,
    /// Reviewer, verdict `approved` and reference.
    ApprovalEvidence,
    /// Reviewer, verdict and reference.
    ReviewResult,
    /// The review that this answers.
    ReviewRef,
}

impl Missing {
    /// The option of the command line that brings it.
    #[must_use]
    pub const fn option(self) -> &'static str {
        match self {
            Self::Actor => "`--actor NAME`",
            Self::Reason => "`--reason T`",
            Self::Workspace => "`--workspace W`",
            Self::SubtasksComplete => "`--subtasks-complete`",
            Self::ImplementationEvidence => "`--evidence TEXT`, or commit to the lane",
            Self::ApprovalEvidence => "`--reviewer N --verdict approved --reference R`",
            Self::ReviewResult => "`--reviewer N --verdict V --reference R`",
            Self::ReviewRef => "`--review-ref R`, the same as `--reference`",
        }
    }

    /// The name that JSON carries.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Actor => "actor",
            Self::Reason => "reason",
            Self::Workspace => "workspace",
            Self::SubtasksComplete => "subtasks_complete",
            Self::ImplementationEvidence => "implementation_evidence",
            Self::ApprovalEvidence => "approval_evidence",
            Self::ReviewResult => "review_result",
            Self::ReviewRef => "review_ref",
        }
    }
}

/// Whether a work package may move from `from` as `request` asks.
///
/// # Errors
/// [`Refusal::UnknownStatus`], [`Refusal::IllegalTransition`], [`Refusal::TransitionGuard`] with
/// what is missing, [`Refusal::ForceIncomplete`].
pub fn plan(from: Status, request: &Request) -> Result<Transition, Refusal> {
    let to: Status =
        request.to.parse().map_err(|_| Refusal::UnknownStatus { status: request.to.clone() })?;
    let illegal = Refusal::IllegalTransition { from, to };
    if matches!(to, Status::Genesis | Status::Uninitialized) {
        return Err(illegal);
    }
    if request.force {
        let complete = !request.actor.trim().is_empty() && given(request.reason.as_deref());
        return if complete { Ok(request.event(from, to)) } else { Err(Refusal::ForceIncomplete) };
    }
    if !from.allows(to) {
        return Err(illegal);
    }
    match unmet(from, to, request) {
        Some((missing, message)) => Err(Refusal::TransitionGuard { from, to, missing, message }),
        None => Ok(request.event(from, to)),
    }
}

/// What the guard of a legal step misses, and how the reference says so.
fn unmet(from: Status, to: Status, request: &Request) -> Option<(Vec<Missing>, String)> {
    use Status::{
        Approved, Blocked, Canceled, Claimed, Done, ForReview, Genesis, InProgress, InReview,
        Planned, Uninitialized,
    };
    match (from, to) {
        (Planned, Claimed) | (ForReview, InReview) => request.needs_actor(),
        (Claimed, InProgress) => request.needs_workspace(from, to),
        (InProgress, ForReview) => request.needs_work_done(from, to),
        (InProgress, Approved) | (Approved, Done) => request.needs_approval(to),
        (InReview, Approved | Done) => request
            .needs_result()
            .or_else(|| request.needs_approval(to))
            .or_else(|| request.needs_agreement()),
        (InReview, _) => request.needs_result().or_else(|| request.needs_agreement()),
        (InProgress, Planned) => request.needs_reason(from, to),
        (Approved, InProgress | Planned) => request.needs_review_ref(from, to),
        (
            Genesis | Uninitialized | Planned | Claimed | InProgress | ForReview | Approved | Done
            | Blocked | Canceled,
            _,
        ) => None,
    }
}

fn given(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

fn lacks(missing: &[Missing], message: impl Into<String>) -> Option<(Vec<Missing>, String)> {
    Some((missing.to_vec(), message.into()))
}

impl Request {
    fn needs_actor(&self) -> Option<(Vec<Missing>, String)> {
        if self.actor.trim().is_empty() {
            return lacks(&[Missing::Actor], "Transition requires actor identity");
        }
        None
    }

    fn needs_workspace(&self, from: Status, to: Status) -> Option<(Vec<Missing>, String)> {
        if given(self.workspace.as_deref()) {
            return None;
        }
        let message = format!("Transition {from} -> {to} requires workspace context");
        lacks(&[Missing::Workspace], message)
    }

    fn needs_work_done(&self, from: Status, to: Status) -> Option<(Vec<Missing>, String)> {
        let wants =
            |what: &str| format!("Transition {from} -> {to} requires {what} or force with reason");
        match (self.subtasks_complete, self.implementation_evidence) {
            (true, true) => None,
            (true, false) => {
                lacks(&[Missing::ImplementationEvidence], wants("implementation evidence"))
            }
            (false, true) => lacks(&[Missing::SubtasksComplete], wants("completed subtasks")),
            (false, false) => lacks(
                &[Missing::SubtasksComplete, Missing::ImplementationEvidence],
                wants("completed subtasks"),
            ),
        }
    }

    fn needs_approval(&self, to: Status) -> Option<(Vec<Missing>, String)> {
        let approved = |review: &Review| {
            review.verdict == Verdict::Approved
                && given(Some(&review.reviewer))
                && given(Some(&review.reference))
        };
        if self.review.as_ref().is_some_and(approved) {
            return None;
        }
        let message = format!(
            "Transition to {to} requires evidence (reviewer identity and approval reference)"
        );
        lacks(&[Missing::ApprovalEvidence], message)
    }

    fn needs_result(&self) -> Option<(Vec<Missing>, String)> {
        let whole =
            |review: &Review| given(Some(&review.reviewer)) && given(Some(&review.reference));
        if self.review.as_ref().is_some_and(whole) {
            return None;
        }
        let message =
            "Transition from in_review requires review_result (reviewer, verdict, reference)";
        lacks(&[Missing::ReviewResult], message)
    }

    fn needs_agreement(&self) -> Option<(Vec<Missing>, String)> {
        let reference = self.review.as_ref().map(|review| &review.reference);
        match (&self.review_ref, reference) {
            (Some(named), Some(reference)) if named != reference => {
                lacks(&[Missing::ReviewRef], "review_ref must equal review_result.reference")
            }
            (Some(_) | None, _) => None,
        }
    }

    fn needs_reason(&self, from: Status, to: Status) -> Option<(Vec<Missing>, String)> {
        if given(self.reason.as_deref()) {
            return None;
        }
        lacks(&[Missing::Reason], format!("Transition {from} -> {to} requires reason"))
    }

    fn needs_review_ref(&self, from: Status, to: Status) -> Option<(Vec<Missing>, String)> {
        if given(self.review_ref.as_deref()) {
            return None;
        }
        lacks(&[Missing::ReviewRef], format!("Transition {from} -> {to} requires review_ref"))
    }

    /// The step with the fields of its event. A verdict goes with each exit of `in_review`, an
    /// approval with each step that needs one.
    fn event(&self, from: Status, to: Status) -> Transition {
        let mut fields = Map::new();
        let leaves_review = from == Status::InReview;
        let result = self.review.as_ref().map(Review::to_json);
        let review_ref = self.review_ref.clone().or_else(|| {
            let answers = leaves_review && matches!(to, Status::InProgress | Status::Planned);
            self.review.as_ref().filter(|_| answers).map(|review| review.reference.clone())
        });
        fields.insert("actor".to_owned(), self.actor.clone().into());
        fields.insert("from_lane".to_owned(), from.as_str().into());
        fields.insert("to_lane".to_owned(), to.as_str().into());
        fields.insert("force".to_owned(), self.force.into());
        fields.insert("reason".to_owned(), self.reason.clone().into());
        fields.insert("review_ref".to_owned(), review_ref.into());
        let approval = matches!(to, Status::Approved | Status::Done);
        let evidence =
            result.clone().filter(|_| approval).map(|review| json!({ "review": review }));
        fields.insert("evidence".to_owned(), evidence.into());
        if let Some(result) = result.filter(|_| leaves_review) {
            fields.insert("review_result".to_owned(), result);
        }
        Transition { from, to, fields }
    }
}

impl Review {
    fn to_json(&self) -> Value {
        json!({
            "reference": self.reference, "reviewer": self.reviewer, "verdict": self.verdict.as_str(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every() -> impl Iterator<Item = Status> {
        Status::ALL.into_iter().chain([Status::Genesis, Status::Uninitialized])
    }

    fn full(to: Status) -> Request {
        Request {
            to: to.to_string(),
            actor: "ada".into(),
            reason: Some("because".into()),
            review_ref: Some("r1".into()),
            review: Some(Review {
                reviewer: "rita".into(),
                verdict: Verdict::Approved,
                reference: "r1".into(),
            }),
            subtasks_complete: true,
            implementation_evidence: true,
            workspace: Some("w".into()),
            ..Request::default()
        }
    }

    #[test]
    fn with_everything_at_hand_exactly_the_edges_of_the_table_are_legal() {
        for (from, to) in every().flat_map(|from| every().map(move |to| (from, to))) {
            let planned = plan(from, &full(to));
            assert_eq!(planned.is_ok(), from.allows(to), "{from} -> {to}: {planned:?}");
            if let Err(refusal) = planned {
                assert_eq!(refusal.to_string(), format!("Illegal transition: {from} -> {to}"));
            }
        }
    }

    #[test]
    fn force_passes_everything_but_into_an_origin_and_needs_actor_and_reason() {
        for (from, to) in every().flat_map(|from| every().map(move |to| (from, to))) {
            let forced = |actor: &str, reason: Option<&str>| Request {
                to: to.to_string(),
                actor: actor.into(),
                reason: reason.map(str::to_owned),
                force: true,
                ..Request::default()
            };
            let origin = matches!(to, Status::Genesis | Status::Uninitialized);
            assert_eq!(plan(from, &forced("ada", Some("why"))).is_ok(), !origin, "{from} -> {to}");
            for incomplete in
                [forced("", Some("why")), forced("ada", None), forced("ada", Some(" "))]
            {
                assert!(plan(from, &incomplete).is_err());
            }
        }
    }

    /// What is missing when one thing is left out of a complete request.
    fn missing(
        from: Status,
        to: Status,
        leave_out: impl FnOnce(&mut Request),
    ) -> Vec<&'static str> {
        let mut request = full(to);
        leave_out(&mut request);
        match plan(from, &request) {
            Err(Refusal::TransitionGuard { missing, .. }) => {
                missing.into_iter().map(Missing::as_str).collect()
            }
            other => panic!("{from} -> {to}: {other:?}"),
        }
    }

    #[test]
    fn each_guard_names_what_it_misses() {
        use Status::{Approved, Claimed, Done, ForReview, InProgress, InReview, Planned};
        let no_actor = |r: &mut Request| r.actor.clear();
        let no_review = |r: &mut Request| r.review = None;
        let rejected = |r: &mut Request| {
            r.review.as_mut().unwrap().verdict = Verdict::ChangesRequested;
        };
        assert_eq!(missing(Planned, Claimed, no_actor), ["actor"]);
        assert_eq!(missing(ForReview, InReview, no_actor), ["actor"]);
        assert_eq!(missing(Claimed, InProgress, |r| r.workspace = None), ["workspace"]);
        assert_eq!(
            missing(InProgress, ForReview, |r| r.subtasks_complete = false),
            ["subtasks_complete"]
        );
        assert_eq!(
            missing(InProgress, ForReview, |r| r.implementation_evidence = false),
            ["implementation_evidence"]
        );
        for (from, to) in [(InProgress, Approved), (Approved, Done)] {
            assert_eq!(missing(from, to, no_review), ["approval_evidence"]);
            assert_eq!(missing(from, to, rejected), ["approval_evidence"]);
        }
        for to in [Approved, Done, InProgress, Planned, Status::Blocked, Status::Canceled] {
            assert_eq!(missing(InReview, to, no_review), ["review_result"]);
            let other = |r: &mut Request| r.review_ref = Some("r2".into());
            assert_eq!(missing(InReview, to, other), ["review_ref"]);
        }
        assert_eq!(missing(InReview, Approved, rejected), ["approval_evidence"]);
        assert_eq!(missing(InProgress, Planned, |r| r.reason = None), ["reason"]);
        for to in [InProgress, Planned] {
            assert_eq!(missing(Approved, to, |r| r.review_ref = None), ["review_ref"]);
        }
    }

    #[test]
    fn events_carry_the_verdict_where_the_reducer_looks_for_it() {
        let mut request = full(Status::InProgress);
        request.review_ref = None;
        request.review.as_mut().unwrap().verdict = Verdict::ChangesRequested;
        let sent_back = plan(Status::InReview, &request).unwrap().fields;
        assert_eq!(sent_back["review_ref"], "r1");
        assert_eq!(sent_back["review_result"]["verdict"], "changes_requested");
        assert_eq!(sent_back["evidence"], Value::Null);
        let approved = plan(Status::InProgress, &full(Status::Approved)).unwrap().fields;
        assert_eq!(approved["evidence"]["review"]["reviewer"], "rita");
        assert!(!approved.contains_key("review_result"));
        assert_eq!(
            plan(Status::Planned, &full(Status::Claimed)).unwrap().fields["evidence"],
            Value::Null
        );
    }

    #[test]
    fn doing_is_an_alias_and_unknown_names_are_quoted() {
        let request = Request { to: "doing".into(), ..full(Status::InProgress) };
        assert_eq!(plan(Status::Blocked, &request).unwrap().to, Status::InProgress);
        let request = Request { to: "finished".into(), ..full(Status::Done) };
        assert_eq!(
            plan(Status::Approved, &request).unwrap_err().to_string(),
            "Unknown lane: finished"
        );
    }
}
