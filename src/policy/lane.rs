//! Judging a lane: mission files are closed to it, everything else is its active work package's.

use crate::domain::change::{Change, Mode};
use crate::domain::glob::Globs;
use crate::domain::id::{LaneId, WpId};
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Warning;

use super::active::ContextTrouble;
use super::config::GuardConfig;
use super::verdict::{GuardCode, Owner, Rule, Verdict, Violation};

/// What the judge knows about a lane.
pub struct LaneCase<'a> {
    /// The mission's directory name.
    pub mission_dir: String,
    /// The lane.
    pub lane_id: Option<LaneId>,
    /// Whose files count, or why nobody's do.
    pub active: Result<&'a Active, &'a ContextTrouble>,
    /// The work packages that own a path; asked only for paths that are refused.
    pub owners: &'a dyn Fn(&RepoPath) -> Vec<Owner>,
    /// What was found on the way.
    pub warnings: Vec<Warning>,
}

/// Whose files a lane may change.
#[derive(Debug)]
pub struct Active {
    /// Who.
    pub who: Who,
    /// What they own.
    pub owned: Globs,
    /// Whether the `scope` of one of them is `codebase-wide`.
    pub codebase_wide: bool,
}

/// The work packages that count at a door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The active one: at a commit.
    Active(WpId),
    /// All of the lane that were ever claimed: where the whole lane is judged.
    EverClaimed(Vec<WpId>),
}

impl Who {
    /// The active work package, where it is that which counts.
    #[must_use]
    pub const fn active(&self) -> Option<&WpId> {
        match self {
            Self::Active(wp_id) => Some(wp_id),
            Self::EverClaimed(_) => None,
        }
    }

    /// As a sentence names them.
    fn named(&self) -> String {
        match self {
            Self::Active(wp_id) => wp_id.to_string(),
            Self::EverClaimed(ids) => {
                ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
            }
        }
    }

    fn not_owned(&self, path: &RepoPath) -> String {
        match self {
            Self::Active(wp_id) => {
                format!("`{path}` is not owned by {wp_id}, which is active here")
            }
            Self::EverClaimed(_) => format!(
                "`{path}` is not owned by {}, which this lane was claimed for",
                self.named()
            ),
        }
    }
}

/// The judge of one lane.
pub(super) struct LaneJudge<'a> {
    pub(super) guard: &'a GuardConfig,
    pub(super) lane: &'a LaneCase<'a>,
}

impl LaneJudge<'_> {
    /// Judges every path: mission files first, then ownership.
    pub(super) fn judge(&self, changes: &[Change]) -> Verdict {
        let mut verdict = Verdict::default();
        verdict.warnings.clone_from(&self.lane.warnings);
        if let Ok(active) = self.lane.active {
            verdict.active_wp = active.who.active().cloned();
            verdict.owned_files = active.owned.entries().map(str::to_owned).collect();
        }
        let mut needs_context = false;
        for change in changes {
            match self.mission_file(change) {
                Some(Ok(rule)) => verdict.decide(&change.path, rule),
                Some(Err(violation)) => verdict.refuse(violation, None),
                None if !self.guard.enforce_ownership => {
                    verdict.decide(&change.path, Rule::NotEnforced);
                }
                None => match self.lane.active {
                    Ok(active) => self.ownership(active, &change.path, &mut verdict),
                    Err(trouble) => {
                        needs_context = true;
                        let rule = Rule::Refused(trouble.code);
                        verdict.decide(&change.path, rule);
                    }
                },
            }
        }
        if let (true, Err(trouble)) = (needs_context, self.lane.active) {
            verdict.refuse(trouble_violation(trouble), None);
        }
        verdict
    }

    /// What the protection of mission files says of a path; `None` if it is no mission file.
    fn mission_file(&self, change: &Change) -> Option<Result<Rule, Violation>> {
        let path = &change.path;
        let missions = layout::MISSIONS.as_bytes();
        let own_dir = format!("{}/{}", layout::MISSIONS, self.lane.mission_dir);
        let folded = RepoPath::new(path.as_bytes().to_ascii_lowercase());
        let seen = if self.guard.case_insensitive { &folded } else { path };
        if seen.as_bytes() != missions && !seen.is_below(missions) {
            return None;
        }
        let name =
            path.as_bytes().strip_prefix(own_dir.as_bytes()).and_then(|p| p.strip_prefix(b"/"));
        let plain =
            change.new.is_none_or(|entry| matches!(entry.mode, Mode::File | Mode::Executable));
        if name == Some(layout::OCCURRENCE_MAP.as_bytes()) && plain {
            return Some(Ok(Rule::OccurrenceMap));
        }
        if layout::is_status_file(seen.file_name()) {
            let fact = format!("`{path}` records status, which no lane may write");
            return Some(Err(closed(GuardCode::StatusFileProtected, fact, path)));
        }
        let fact = format!("`{path}` is a mission file, which lanes must not change");
        let protected = self.guard.block_mission_specs;
        protected.then(|| Err(closed(GuardCode::MissionFileProtected, fact, path)))
    }

    fn ownership(&self, active: &Active, path: &RepoPath, verdict: &mut Verdict) {
        if active.codebase_wide {
            return verdict.decide(path, Rule::CodebaseWide);
        }
        match active.owned.matching(path) {
            Some(entry) => verdict.decide(path, Rule::Owned { entry: entry.to_owned() }),
            None => verdict.refuse(
                Violation {
                    code: GuardCode::WpScopeViolation,
                    path: Some(path.clone()),
                    owners: (self.lane.owners)(path),
                    fact: active.who.not_owned(path),
                    next_step: format!(
                        "leave the path out of the commit: `git restore --staged PATH`; or add it to \
                         `owned_files` of {} where the mission is planned",
                        active.who.named()
                    ),
                },
                active.owned.matching_in_reference(path).map(str::to_owned),
            ),
        }
    }
}

fn closed(code: GuardCode, fact: String, path: &RepoPath) -> Violation {
    Violation {
        code,
        path: Some(path.clone()),
        owners: Vec::new(),
        fact,
        next_step:
            "leave it out of the commit: `git restore --staged PATH`; planning changes belong \
                    on the coordination branch or the primary checkout"
                .to_owned(),
    }
}

fn trouble_violation(trouble: &ContextTrouble) -> Violation {
    Violation {
        code: trouble.code,
        path: None,
        owners: Vec::new(),
        fact: trouble.fact.clone(),
        next_step: trouble.next_step.clone(),
    }
}
