//! Everything of one mission at one moment.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::domain::board::{Board, Obstacle, Package};
use crate::domain::id::{LaneId, WpId};
use crate::domain::lanes::Lanes;
use crate::domain::layout;
use crate::domain::refusal::{Document, Refusal, Warning};
use crate::domain::status::Status;
use crate::domain::wp::WorkPackage;

use super::files::Found;
use super::mission::{Mission, Store};
use super::plan::Plan;
use super::statuses::Statuses;

/// A mission with its lanes, work packages and statuses. What is damaged is kept as a refusal
/// beside what is not, so that one bad file hides nothing else.
#[derive(Debug)]
pub struct View {
    /// The mission.
    pub mission: Mission,
    /// Its lanes, if it has a `lanes.json` that can be read.
    pub lanes: Option<Lanes>,
    /// Its work packages' files.
    pub files: Vec<WpFile>,
    /// The statuses by its log.
    pub statuses: Statuses,
    /// What stands where lanes would be worked on.
    pub obstacles: BTreeMap<LaneId, Vec<Obstacle>>,
    /// Why the mission may not write down that these are started.
    pub forbidden: BTreeMap<WpId, Obstacle>,
    /// Whether it was given up: nothing is to be done in it.
    pub is_given_up: bool,
    /// What was found on the way.
    pub warnings: Vec<Warning>,
}

/// A file in `tasks/` that is named as a work package's.
#[derive(Debug)]
pub struct WpFile {
    /// The work package that the file's name announces.
    pub wp_id: WpId,
    /// The file's name in `tasks/`.
    pub name: String,
    /// What it says.
    pub content: Result<WorkPackage, Refusal>,
}

impl Store<'_> {
    /// Reads everything of a mission.
    ///
    /// # Errors
    /// If its log is damaged, or the repository cannot be read.
    pub fn view(&self, mission: Mission) -> Result<View> {
        let mut warnings = Vec::new();
        let mut damage = None;
        let plan = self.plan_at_hand(&mission);
        let lanes = match plan.lanes(self.repo) {
            Ok(lanes) => lanes,
            Err(error) => {
                let refusal = error.downcast::<Refusal>()?;
                warnings.push(Warning { code: refusal.code(), message: refusal.to_string() });
                damage = Some((refusal.code(), refusal.to_string()));
                None
            }
        };
        let files = self.work_packages_of(&plan)?;
        for file in &files {
            match &file.content {
                Ok(package) => warnings.extend(package.warnings.iter().cloned()),
                Err(refusal) => {
                    warnings.push(Warning { code: refusal.code(), message: refusal.to_string() });
                }
            }
        }
        let statuses = self.statuses(&mission)?;
        warnings.extend(statuses.evidence().warnings());
        warnings.extend(statuses.evidence().disorder());
        let obstacles = self.obstacles(&mission, lanes.as_ref())?;
        // Nothing can be claimed while nobody knows where.
        let damaged =
            |damage: Obstacle| files.iter().map(move |file| (file.wp_id.clone(), damage.clone()));
        let forbidden = damage.into_iter().flat_map(damaged).collect();
        let is_given_up = self.is_given_up(&mission)?;
        Ok(View { mission, lanes, files, statuses, obstacles, forbidden, is_given_up, warnings })
    }

    /// The files of all work packages.
    ///
    /// # Errors
    /// If they cannot be listed or read; damaged ones are refusals in the list.
    pub fn work_packages(&self, mission: &Mission) -> Result<Vec<WpFile>> {
        self.work_packages_of(&self.plan(mission))
    }

    fn work_packages_of(&self, plan: &Plan<'_>) -> Result<Vec<WpFile>> {
        let mut files: Vec<WpFile> = Vec::new();
        for name in plan.task_files(self.repo)? {
            let Some(wp_id) = layout::work_package_of(&name) else { continue };
            let found = match plan.read(self.repo, &format!("{}/{name}", layout::TASKS)) {
                Ok(Some(found)) => Ok(found),
                Ok(None) => continue,
                Err(error) => Err(error.downcast::<Refusal>()?),
            };
            match files.iter_mut().find(|known| known.wp_id == wp_id) {
                Some(known) => {
                    known.content =
                        Err(found.map_or_else(|damage| damage, |found| twice(&found, &known.name)))
                }
                None => {
                    let content = found.and_then(|found| parse(&found, &wp_id));
                    files.push(WpFile { wp_id, name, content });
                }
            }
        }
        Ok(files)
    }

    /// The file of one work package, if there is one.
    ///
    /// # Errors
    /// If it is damaged or cannot be read.
    pub fn work_package(&self, mission: &Mission, wp_id: &WpId) -> Result<Option<WorkPackage>> {
        let mut first: Option<(String, Found)> = None;
        let plan = self.plan(mission);
        for name in plan.task_files(self.repo)? {
            if layout::work_package_of(&name).as_ref() == Some(wp_id)
                && let Some(found) = plan.read(self.repo, &format!("{}/{name}", layout::TASKS))?
            {
                match &first {
                    Some((earlier, _)) => return Err(twice(&found, earlier).into()),
                    None => first = Some((name, found)),
                }
            }
        }
        Ok(first.map(|(_, found)| parse(&found, wp_id)).transpose()?)
    }
}

/// Reads a file that its name announces as that of `wp_id`, and that has to say the same.
fn parse(found: &Found, wp_id: &WpId) -> Result<WorkPackage, Refusal> {
    let package = WorkPackage::parse(&found.bytes, &found.shown)?;
    if package.id == *wp_id {
        return Ok(package);
    }
    let what = format!("`work_package_id` is {}, but the file is named {wp_id}", package.id);
    Err(Refusal::damaged(Document::WorkPackage, &found.shown, None, what))
}

/// Which of two files of one work package holds, nobody can tell.
fn twice(found: &Found, earlier: &str) -> Refusal {
    let what = format!("`{earlier}` is a file of the same work package");
    Refusal::damaged(Document::WorkPackage, &found.shown, None, what)
}

impl View {
    /// The work package's file, if it has one.
    #[must_use]
    pub fn file(&self, wp_id: &WpId) -> Option<&WpFile> {
        self.files.iter().find(|file| file.wp_id == *wp_id)
    }

    /// The board of all work packages that files, lanes or the log know.
    #[must_use]
    pub fn board(&self) -> Board {
        let mut ids: BTreeMap<WpId, ()> = BTreeMap::new();
        ids.extend(self.files.iter().map(|file| (file.wp_id.clone(), ())));
        let lanes = self.lanes.iter().flat_map(|lanes| &lanes.lanes);
        ids.extend(lanes.flat_map(|lane| &lane.wp_ids).map(|id| (id.clone(), ())));
        ids.extend(self.statuses.ids().map(|id| (id.clone(), ())));
        Board::new(ids.into_keys().map(|id| self.package(id)).collect())
    }

    fn package(&self, wp_id: WpId) -> Package {
        let file = self.file(&wp_id).map(|file| &file.content);
        let content = file.and_then(|content| content.as_ref().ok());
        let record = self.statuses.record(&wp_id);
        let legacy = content.and_then(|content| content.legacy_status);
        let lane_id =
            self.lanes.as_ref().and_then(|lanes| lanes.lane_of(&wp_id)).map(|l| l.id.clone());
        let workspace = lane_id.as_ref().and_then(|lane| self.obstacles.get(lane));
        Package {
            title: content.and_then(|content| content.title.clone()),
            status: record.map(|r| r.status).or(legacy).unwrap_or(Status::Planned),
            workspace: workspace.cloned().unwrap_or_default(),
            lane_id,
            actor: record.map(|r| r.actor.clone()),
            last_transition_at: record.map(|r| r.at.clone()),
            last_event_id: record.map(|r| r.event_id.clone()),
            dependencies: content.map(|content| content.dependencies.clone()).unwrap_or_default(),
            defect: defect(file),
            forbidden: self.forbidden.get(&wp_id).cloned(),
            wp_id,
        }
    }
}

/// What keeps a work package from being started, by its file alone.
fn defect(file: Option<&Result<WorkPackage, Refusal>>) -> Option<Obstacle> {
    match file {
        None => Some(("ACTIVE_WP_METADATA_MISSING", "it has no file in `tasks/`".to_owned())),
        Some(Err(refusal)) => Some(("ACTIVE_WP_METADATA_INVALID", refusal.to_string())),
        Some(Ok(package)) if package.owns_nothing() => {
            Some(("ACTIVE_WP_OWNERSHIP_MISSING", "its `owned_files` is empty".to_owned()))
        }
        Some(Ok(_)) => None,
    }
}
