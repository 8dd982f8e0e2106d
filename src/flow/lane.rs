//! What the judge has to know about a lane, and why it sometimes cannot.
//!
//! From a log that lost or changed lines nothing can be proven, since by its true statuses another
//! work package may be active: so it is no context, and the commit is refused. That of an older
//! mission, which follows what the primary checkout has checked out, gives a warning.

use std::cell::OnceCell;
use std::path::Path;

use anyhow::Result;

use crate::domain::claim::{Claim, Worker};
use crate::domain::glob::Globs;
use crate::domain::id::{LaneId, WpId};
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::refusal::{Document, Refusal, Warning, taking_over};
use crate::domain::status::Status;
use crate::domain::workspace::WorkspaceContext;
use crate::domain::wp::WorkPackage;
use crate::git::Repo;
use crate::policy::{Active, ContextTrouble, GuardCode, Owner, Who, active_work_package};
use crate::store::claims::claim_of;
use crate::store::{Mission, Statuses, Store, WpFile};

/// A lane with what its mission knows, read once and only as far as the judge asks.
pub(super) struct LaneFacts<'r> {
    store: &'r Store<'r>,
    /// The mission.
    pub(super) mission: Mission,
    /// The lane.
    pub(super) lane_id: LaneId,
    lanes: Option<Lanes>,
    statuses: Statuses,
    fold_case: bool,
    files: OnceCell<Vec<WpFile>>,
}

impl<'r> LaneFacts<'r> {
    /// Reads the lanes and statuses of a mission.
    ///
    /// # Errors
    /// The context code that fits what is wrong; unexpected errors become
    /// [`GuardCode::ContextError`].
    pub(super) fn read(
        store: &'r Store<'r>,
        mission: Mission,
        lane_id: LaneId,
        fold_case: bool,
    ) -> Result<Self, ContextTrouble> {
        let lanes = store.lanes(&mission).map_err(|e| trouble(GuardCode::ContextError, &e))?;
        let statuses =
            store.statuses(&mission).map_err(|e| trouble(GuardCode::StatusUnavailable, &e))?;
        let proven = statuses.evidence().proven().map_err(anyhow::Error::from);
        proven.map_err(|e| trouble(GuardCode::StatusUnavailable, &e))?;
        let files = OnceCell::new();
        Ok(Self { store, mission, lane_id, lanes, statuses, fold_case, files })
    }

    /// The active work package with what it owns.
    ///
    /// # Errors
    /// The context code that says why there is none.
    pub(super) fn active(&self) -> Result<Active, ContextTrouble> {
        let mut lane = Vec::new();
        for wp_id in self.wp_ids()? {
            lane.push((wp_id.clone(), self.status(&wp_id)?));
        }
        let wp_id = active_work_package(&lane)?;
        let content = self.content(&wp_id)?.ok_or_else(|| self.no_file(&wp_id))?;
        if content.owns_nothing() {
            return Err(ContextTrouble {
                code: GuardCode::OwnershipMissing,
                fact: format!("{wp_id}, which is active here, owns no files"),
                next_step: format!("give {wp_id} `owned_files` where the mission is planned"),
            });
        }
        let codebase_wide = content.is_codebase_wide();
        Ok(Active { who: Who::Active(wp_id), owned: self.globs(&content), codebase_wide })
    }

    /// All work packages of the lane that were ever claimed, with what they own together.
    ///
    /// # Errors
    /// The context code that says why there are none, or which of them cannot be read.
    pub(super) fn ever_claimed(&self) -> Result<Active, ContextTrouble> {
        let (mut claimed, mut entries, mut codebase_wide) = (Vec::new(), Vec::new(), false);
        for wp_id in self.wp_ids()? {
            if !self.was_claimed(&wp_id)? {
                continue;
            }
            let content = self.content(&wp_id)?.ok_or_else(|| self.no_file(&wp_id))?;
            entries.extend(content.owned_entries().map(str::to_owned));
            codebase_wide |= content.is_codebase_wide();
            claimed.push(wp_id);
        }
        if claimed.is_empty() {
            return Err(ContextTrouble {
                code: GuardCode::ContextAmbiguous,
                fact: format!("no work package of {} was ever claimed", self.lane_id),
                next_step: "claim the one that the work is for: `git kitty wp claim WP`".to_owned(),
            });
        }
        let owned = Globs::new(entries, self.fold_case);
        Ok(Active { who: Who::EverClaimed(claimed), owned, codebase_wide })
    }

    /// The mission's lanes, if it has any.
    pub(super) const fn lanes(&self) -> Option<&Lanes> {
        self.lanes.as_ref()
    }

    /// Where its work packages are.
    pub(super) const fn statuses(&self) -> &Statuses {
        &self.statuses
    }

    /// That nobody took the work package over from the worker who commits here.
    ///
    /// # Errors
    /// [`GuardCode::ClaimTakenOver`]; [`GuardCode::ContextError`] if it cannot be told.
    pub(super) fn check_claim(&self, repo: &Repo, wp_id: &WpId) -> Result<(), ContextTrouble> {
        let Some(claim) = self.statuses.record(wp_id).and_then(|record| record.claim.as_ref())
        else {
            return Ok(());
        };
        let opened = claim_of(repo.git_dir(), wp_id);
        let opened = opened.map_err(|error| trouble(GuardCode::ContextError, &error))?;
        let (actor, epoch) = (actor(repo), repo.environment().epoch.as_deref());
        let worker = Worker {
            event_id: opened.as_deref(),
            actor: actor.as_deref(),
            // What is no number is no epoch of anybody.
            epoch: epoch.map(|epoch| epoch.parse().unwrap_or(0)),
        };
        if !claim.is_over(worker) {
            return Ok(());
        }
        let Claim { actor, epoch, .. } = claim;
        Err(ContextTrouble {
            code: GuardCode::ClaimTakenOver,
            fact: format!("{wp_id} was claimed by {actor} since (epoch {epoch})"),
            next_step: format!(
                "leave it to them, or take it back: {}",
                taking_over(&self.mission.dir, wp_id.as_str())
            ),
        })
    }

    /// The work packages of the mission that own a path.
    pub(super) fn owners(&self, path: &RepoPath) -> Vec<Owner> {
        let files =
            self.files.get_or_init(|| self.store.work_packages(&self.mission).unwrap_or_default());
        owners(files, self.lanes.as_ref(), &self.statuses, self.fold_case, path)
    }

    /// What speaks against the log that the statuses are read from.
    pub(super) fn doubts(&self) -> Vec<Warning> {
        self.statuses.evidence().warnings()
    }

    /// What the records that Spec Kitty keeps of this lane say differently from the log.
    pub(super) fn stale_contexts(
        &self,
        branch: &str,
        checkout: Option<&Path>,
        active: &WpId,
    ) -> Vec<Warning> {
        let Some(checkout) = checkout else { return Vec::new() };
        let stale = |context: &WorkspaceContext| {
            context.current_wp.as_ref().is_some_and(|current| current != active)
        };
        contexts(checkout, branch)
            .into_iter()
            .filter(|(_, context)| stale(context))
            .map(|(file, context)| Warning {
                code: "ACTIVE_WP_CONTEXT_STALE",
                message: format!(
                    "{file} names {} as current; by the log {active} is active",
                    context.current_wp.map_or_else(String::new, |wp| wp.to_string())
                ),
            })
            .collect()
    }

    fn wp_ids(&self) -> Result<Vec<WpId>, ContextTrouble> {
        let lane = self.lanes.as_ref().and_then(|lanes| lanes.lane(&self.lane_id));
        let dir = &self.mission.dir;
        lane.map(|lane| lane.wp_ids.clone()).ok_or_else(|| ContextTrouble {
            code: GuardCode::ContextMissing,
            fact: match self.lanes {
                Some(_) => format!("mission `{dir}` has no `{}` in lanes.json", self.lane_id),
                None => format!("mission `{dir}` has no lanes.json"),
            },
            next_step: "plan the mission's lanes, or rename the branch if it is none of them"
                .to_owned(),
        })
    }

    fn was_claimed(&self, wp_id: &WpId) -> Result<bool, ContextTrouble> {
        let claim = self.statuses.record(wp_id).and_then(|record| record.claim.as_ref());
        Ok(match self.status(wp_id)? {
            Status::Genesis
            | Status::Uninitialized
            | Status::Planned
            | Status::Blocked
            | Status::Canceled => claim.is_some(),
            Status::Claimed
            | Status::InProgress
            | Status::ForReview
            | Status::InReview
            | Status::Approved
            | Status::Done => true,
        })
    }

    /// The status by the log; before the first event, by the file of older missions.
    fn status(&self, wp_id: &WpId) -> Result<Status, ContextTrouble> {
        if let Some(record) = self.statuses.record(wp_id) {
            return Ok(record.status);
        }
        let legacy = self.content(wp_id)?.and_then(|content| content.legacy_status);
        Ok(legacy.unwrap_or(Status::Planned))
    }

    fn content(&self, wp_id: &WpId) -> Result<Option<WorkPackage>, ContextTrouble> {
        let read = self.store.work_package(&self.mission, wp_id);
        read.map_err(|error| trouble(GuardCode::MetadataInvalid, &error))
    }

    fn no_file(&self, wp_id: &WpId) -> ContextTrouble {
        ContextTrouble {
            code: GuardCode::MetadataMissing,
            fact: format!(
                "{wp_id}, which is active here, has no file in `tasks/` of `{}`",
                self.mission.dir
            ),
            next_step: format!(
                "write `{}/{}/{}/{wp_id}-….md`",
                layout::MISSIONS,
                self.mission.dir,
                layout::TASKS
            ),
        }
    }

    fn globs(&self, content: &WorkPackage) -> Globs {
        Globs::new(content.owned_entries(), self.fold_case)
    }
}

/// Who commits: by `GIT_KITTY_ACTOR`, else as git names them.
fn actor(repo: &Repo) -> Option<String> {
    let environment = repo.environment();
    let named = environment.actor.clone().filter(|actor| !actor.trim().is_empty());
    let named = named.or_else(|| environment.committer.clone());
    let configured =
        || ["committer.name", "user.name"].iter().find_map(|key| repo.config_string(key));
    named.or_else(configured)
}

/// The work packages among `files` that own a path.
pub(super) fn owners(
    files: &[WpFile],
    lanes: Option<&Lanes>,
    statuses: &Statuses,
    fold_case: bool,
    path: &RepoPath,
) -> Vec<Owner> {
    let owner = |file: &WpFile| {
        let content = file.content.as_ref().ok()?;
        let entry = Globs::new(content.owned_entries(), fold_case).matching(path)?.to_owned();
        let status = statuses.record(&file.wp_id).map(|record| record.status);
        Some(Owner {
            wp_id: file.wp_id.clone(),
            lane_id: lanes.and_then(|lanes| lanes.lane_of(&file.wp_id)).map(|lane| lane.id.clone()),
            status: status.or(content.legacy_status).unwrap_or(Status::Planned),
            entry,
        })
    };
    files.iter().filter_map(owner).collect()
}

/// The context code for an error: what is damaged decides, else `otherwise`.
pub(super) fn trouble(otherwise: GuardCode, error: &anyhow::Error) -> ContextTrouble {
    let refusal = error.downcast_ref::<Refusal>();
    let code = match refusal {
        Some(Refusal::Damaged { document: Document::WorkPackage, .. }) => {
            GuardCode::MetadataInvalid
        }
        Some(Refusal::CoordinationBranchDeleted { .. }) => GuardCode::StatusUnavailable,
        Some(Refusal::MissionOfBranchMissing { .. }) => GuardCode::ContextMissing,
        Some(_) | None => otherwise,
    };
    let next_step = refusal.map_or_else(
        || {
            "`git fsck` may tell more; the commit can be made once the mission can be read"
                .to_owned()
        },
        Refusal::hint,
    );
    ContextTrouble { code, fact: format!("{error:#}"), next_step }
}

/// The contexts of Spec Kitty for a branch, with their files' names. What cannot be read is left
/// out: they only ever give a warning.
fn contexts(checkout: &Path, branch: &str) -> Vec<(String, WorkspaceContext)> {
    let directory = checkout.join(layout::WORKSPACES);
    let Ok(entries) = std::fs::read_dir(&directory) else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let name = format!("{}/{}", layout::WORKSPACES, entry.file_name().to_string_lossy());
            let bytes = std::fs::read(entry.path()).ok()?;
            let context = WorkspaceContext::parse(&bytes, &name).ok()?;
            (context.branch_name == branch).then_some((name, context))
        })
        .collect()
}
