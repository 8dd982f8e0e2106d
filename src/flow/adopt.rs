//! Giving an older mission a coordination branch.
//!
//! Its planning files come from the primary checkout, its log is the union of those that it had so
//! far, and what older files say of a status themselves becomes an event. In the checkout one thing
//! changes: the mission's `meta.json` names the branch, and from then on it is read from there.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::domain::branch::{BranchName, MISSION_PREFIX};
use crate::domain::event::{Log, write};
use crate::domain::json::Change;
use crate::domain::layout;
use crate::domain::meta::{Meta, Topology, edit};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::status::Status;
use crate::domain::transition::{Request, plan};
use crate::git::file::{read_if_present, replace};
use crate::git::{MissionLock, Repo};
use crate::store::{Mission, Source, Store, planning};

use super::base::{Base, Ground};
use super::branch_judge::{BranchJudge, Counting};
use super::found::Found;
use super::host::Host;
use super::transaction::{Receipt, Tip, Transaction, run_under};

/// An older mission that has a coordination branch now.
#[derive(Debug)]
pub struct Adopted {
    /// The branch.
    pub branch: String,
    /// What was done; `None` if it had one.
    pub receipt: Option<Receipt>,
    /// The file of the checkout that was changed, and is to be committed.
    pub changed: Option<PathBuf>,
    /// The branch that is checked out there, if it is protected: it takes no commit.
    pub protected: Option<BranchName>,
    /// What is worth telling.
    pub warnings: Vec<Warning>,
}

/// A file of the branch, and what is to be in it.
type Content = (RepoPath, Vec<u8>);

/// A mission on its way.
struct Adoption<'a> {
    repo: &'a Repo,
    host: &'a Host,
    mission: &'a Mission,
    /// Its directory in the primary checkout.
    directory: PathBuf,
    branch: BranchName,
    /// What its `meta.json` is to be,
    meta: Meta,
    /// and its text.
    text: Vec<u8>,
}

/// Gives a mission a coordination branch; one that has it stays as it is.
///
/// # Errors
/// [`Refusal::AdoptionOutside`] if its directory or log is a link out of the repository;
/// [`Refusal::AdoptionNeedsCheckout`] if its files are not in the primary checkout;
/// [`Refusal::AdoptionBranchTaken`] if the branch is there with somebody's work;
/// [`Refusal::EventConflict`] if its logs contradict each other; as [`super::transaction::run`].
pub fn adopt(repo: &Repo, host: &Host, mission: &Mission) -> Result<Adopted> {
    let branch = mission.branch();
    if let Source::Coordination { .. } = mission.source {
        return Ok(Adopted {
            branch,
            receipt: None,
            changed: None,
            protected: None,
            warnings: Vec::new(),
        });
    }
    let store = Store::new(repo);
    if store.is_closed(&mission.meta)? || store.is_over(mission)? {
        return Err(Refusal::MissionClosed { mission: mission.dir.clone() }.into());
    }
    let lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
    let adoption = Adoption::of(repo, host, mission)?;
    let is_sound = store.evidence(mission)?.warnings().is_empty();
    let start = || adoption.begin();
    let work = |transaction: &mut Transaction<'_>| adoption.write(transaction);
    let (warnings, receipt) = run_under(lock, (repo, host), &start, work, |_| ())?;
    let file = adoption.directory.join(layout::META);
    replace(&file, &adoption.text)?;
    if is_sound {
        remember(repo, &mission.dir);
    }
    // All is done: what cannot be found out is not told.
    let protected = protected(repo).ok().flatten();
    Ok(Adopted { branch, receipt: Some(receipt), changed: Some(file), protected, warnings })
}

/// The branch of the primary checkout, if it is protected.
fn protected(repo: &Repo) -> Result<Option<BranchName>> {
    let store = Store::new(repo);
    let Some(branch) = store.primary_branch()? else { return Ok(None) };
    let judge = BranchJudge::find(&store, repo, branch.clone(), Counting::Active)?;
    Ok(matches!(judge.found, Found::Protected).then_some(branch))
}

/// The log on the branch has all that was seen of the older ones, though not blank lines and lines
/// twice: from now on it is what was seen. Without that readers would ask how it came about.
fn remember(repo: &Repo, dir: &str) {
    let store = Store::new(repo);
    if let Ok(Some(mission)) = store.open(dir) {
        let _ = store.accept(&mission);
    }
}

impl<'a> Adoption<'a> {
    fn of(repo: &'a Repo, host: &'a Host, mission: &'a Mission) -> Result<Self> {
        let needs = || Refusal::AdoptionNeedsCheckout {
            mission: mission.dir.clone(),
            target: mission.meta.target_branch.clone(),
        };
        let checkout = repo.primary_work_tree()?.ok_or_else(needs)?;
        let directory = checkout.join(layout::MISSIONS).join(&mission.dir);
        for path in [directory.clone(), directory.join(layout::EVENT_LOG)] {
            check_within(&checkout, &path, mission)?;
        }
        let file = directory.join(layout::META);
        let old = read_if_present(&file)?.ok_or_else(needs)?;
        let branch: BranchName = format!("{MISSION_PREFIX}{}", mission.dir).parse()?;
        let id = mission.meta.id.as_ref().map_or_else(|| host.ulid(), |id| Ok(id.to_string()))?;
        let changes = [
            Change::set("coordination_branch", branch.as_str()),
            Change::set("mission_id", id),
            Change::set("topology", topology(&mission.meta).as_str()),
        ];
        let shown = file.display().to_string();
        let text = edit(&old, &shown, &changes)?;
        let meta = Meta::parse(&text, &shown)?;
        Ok(Self { repo, host, mission, directory, branch, meta, text })
    }

    fn begin(&self) -> Result<Base> {
        let old = self.repo.find(&self.branch.ref_name()?)?;
        let target: BranchName = self.mission.meta.target_branch.parse()?;
        let tip = match old {
            Some(tip) => tip,
            None => self.repo.find(&target.ref_name()?)?.ok_or_else(|| self.missing(&target))?,
        };
        if old.is_some() {
            self.refuse_others_work(tip, &target)?;
        }
        let ground = Ground { branch: self.branch.clone(), old, tip };
        let log = self.log(self.path(layout::EVENT_LOG), &ground)?;
        Base::begin(self.repo, (&self.mission.dir, self.meta.clone()), ground, log)
    }

    fn missing(&self, target: &BranchName) -> anyhow::Error {
        let is_unborn = self.repo.head().is_ok_and(|head| {
            head.tip().is_none()
                && head.branch().and_then(BranchName::of_ref).as_ref() == Some(target)
        });
        let name = target.to_string();
        match is_unborn {
            true => Refusal::DestinationUnborn { name }.into(),
            false => Refusal::DestinationMissing { name }.into(),
        }
    }

    /// Refuses a branch with work that would become bookkeeping. Spec Kitty makes a branch of this
    /// name too, to merge lanes in: what comes from target and lanes is welcome, so are merges.
    fn refuse_others_work(&self, tip: Oid, target: &BranchName) -> Result<()> {
        let dir = format!("{}/{}", layout::MISSIONS, self.mission.dir);
        let commits = self.repo.commits_outside(tip, &self.known(target)?, &dir)?;
        if commits.is_empty() {
            return Ok(());
        }
        Err(Refusal::AdoptionBranchTaken {
            mission: self.mission.dir.clone(),
            branch: self.branch.to_string(),
            target: target.to_string(),
            commits: commits.iter().map(ToString::to_string).collect(),
        }
        .into())
    }

    /// The tips of the target branch and the mission's lanes, here and on the remote.
    fn known(&self, target: &BranchName) -> Result<Vec<Oid>> {
        let mut known = Vec::new();
        for prefix in ["refs/heads/", "refs/remotes/origin/"] {
            known.extend(self.repo.find(&format!("{prefix}{target}").parse()?)?);
            let lanes = self.repo.list(&format!("{prefix}{}-lane-", self.branch))?;
            known.extend(lanes.into_iter().map(|(_, tip)| tip));
        }
        Ok(known)
    }

    /// The lines that the branch has, and behind them those that it lacks.
    fn log(&self, path: RepoPath, ground: &Ground) -> Result<Vec<u8>> {
        let tree = self.repo.tree_of_commit(ground.tip)?;
        let mut own = self.repo.blob_at(tree, &path)?.unwrap_or_default();
        let texts = Store::new(self.repo).log_texts(self.mission)?;
        let present = own.clone();
        let present = Log::parse(layout::EVENT_LOG, &present)?;
        let others = texts.iter().map(|text| Log::parse(&text.shown, &text.bytes));
        let others = others.collect::<Result<Vec<_>, _>>()?;
        let known = present.lines().iter().map(|line| line.text);
        let known: std::collections::HashSet<&str> = known.collect();
        let all = Log::union(std::iter::once(present.clone()).chain(others))?;
        let missing = all.lines().iter().map(|line| line.text).filter(|line| !known.contains(line));
        write::append(&mut own, &missing.collect::<Vec<_>>());
        Ok(own)
    }

    /// Decides all that the branch gets; told is what it does not get.
    fn write(&self, transaction: &mut Transaction<'_>) -> Result<Vec<Warning>> {
        transaction.describe(format!("Adopt mission {}", self.mission.dir));
        let (files, warnings) = self.files()?;
        for (path, content) in files {
            transaction.put(path, Some(content));
        }
        transaction.put(self.path(layout::META), Some(self.text.clone()));
        self.trust(transaction)?;
        self.seed(transaction)?;
        Ok(warnings)
    }

    /// Marks the branch as one that was adopted here, for who reads the mission before the changed
    /// `meta.json` is committed.
    fn trust(&self, transaction: &mut Transaction<'_>) -> Result<()> {
        let Some(id) = &self.meta.id else { return Ok(()) };
        let name: RefName = format!("{}/{id}", layout::ADOPTED).parse()?;
        if self.repo.find(&name)?.is_none() {
            transaction.also(name, None, Some(Tip::Own));
        }
        Ok(())
    }

    /// Events for the work packages that have none, by what their files say.
    fn seed(&self, transaction: &mut Transaction<'_>) -> Result<()> {
        for file in Store::new(self.repo).work_packages(self.mission)? {
            let Ok(content) = file.content else { continue };
            if transaction.record(&file.wp_id).is_some() {
                continue;
            }
            let status = content.legacy_status.unwrap_or(Status::Planned);
            let agent = content.agent.as_ref().and_then(|agent| agent.tool.clone());
            let transition = plan(Status::Genesis, &self.request(status, agent))?;
            transaction.append(&file.wp_id, transition)?;
        }
        Ok(())
    }

    /// What the file says of its status is said of who works on it, not of who adopts it.
    fn request(&self, status: Status, agent: Option<String>) -> Request {
        let own = agent.filter(|_| status != Status::Planned);
        Request {
            to: status.as_str().to_owned(),
            actor: own.unwrap_or_else(|| self.host.actor.clone()),
            force: status != Status::Planned,
            reason: Some("adopted: so its file said".to_owned()),
            ..Request::default()
        }
    }

    /// The mission's files in the checkout that git does not ignore, but for log and snapshot; of
    /// what is no file a warning.
    fn files(&self) -> Result<(Vec<Content>, Vec<Warning>)> {
        let (mut files, mut warnings) = (Vec::new(), Vec::new());
        for path in self.repo.kept_files(&self.directory)? {
            let name = path.as_bytes().strip_suffix(b"/").unwrap_or(path.as_bytes());
            if layout::is_status_file(name) {
                continue;
            }
            let place = self.directory.join(crate::git::file::path_of(name.to_vec()));
            match planning::read(&place)? {
                Some(found) => files.push((self.below(name), found.bytes)),
                None => warnings.extend(left_out(&place, &self.below(name))),
            }
        }
        Ok((files, warnings))
    }

    fn below(&self, name: &[u8]) -> RepoPath {
        let dir = format!("{}/{}/", layout::MISSIONS, self.mission.dir);
        RepoPath::new([dir.as_bytes(), name].concat())
    }

    fn path(&self, name: &str) -> RepoPath {
        layout::in_mission(&self.mission.dir, name)
    }
}

/// That a path leads to no place outside of the checkout; nothing leads nowhere.
fn check_within(checkout: &Path, path: &Path, mission: &Mission) -> Result<(), Refusal> {
    let (Ok(top), Ok(real)) = (fs::canonicalize(checkout), fs::canonicalize(path)) else {
        return Ok(());
    };
    if real.starts_with(top) {
        return Ok(());
    }
    let [path, real] = [path, &real].map(|path| path.display().to_string());
    Err(Refusal::AdoptionOutside { mission: mission.dir.clone(), path, real })
}

/// What stands in a planning file's place, if anything does.
fn left_out(place: &Path, path: &RepoPath) -> Option<Warning> {
    let what = planning::no_file(&fs::symlink_metadata(place).ok()?);
    let message = format!("`{path}` is left out: it is {what}");
    Some(Warning { code: "PLANNING_FILE_LEFT_OUT", message })
}

/// With a coordination branch, and with lanes where there were some.
const fn topology(meta: &Meta) -> Topology {
    match meta.topology {
        Some(Topology::Lanes | Topology::LanesWithCoord) | None => Topology::LanesWithCoord,
        Some(Topology::SingleBranch | Topology::Coord) => Topology::Coord,
    }
}
