//! Making a plan hold: planning files from where people write them, checked, merged with what the
//! coordination branch has, with lanes computed and the log begun, in one transaction.
//!
//! Nothing changes anywhere until all of it is decided. Then the branch moves; the sources get what
//! it has, by atomic replacement (`write_back`). Who is killed in between runs it again.

mod combine;
mod desk;
mod gather;
mod lanes;
mod lost;
mod packages;
mod places;
mod presence;
mod sources;
mod write_back;

use std::cell::RefCell;
use std::path::Path;

use anyhow::Result;

use super::gate::Writes;
use super::host::Host;
use super::policy::{For, governing};
use super::transaction::{Receipt, Transaction, existing, run_under};
use crate::domain::branch::BranchName;
use crate::domain::change::Entry;
use crate::domain::id::WpId;
use crate::domain::lanes::{Join, Lanes, Moved};
use crate::domain::layout;
use crate::domain::meta::Meta;
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::plan::{Fault, Package, changed_identity, check, refuse};
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::status::Status;
use crate::domain::transition::{Request, plan};
use crate::git::{MissionLock, Repo};
use crate::store::{Mission, Source, Store};

use desk::{Desk, Files};
use gather::{Gathered, gather};
use write_back::{Outcome, announced, taken};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// The only directory to take planning files from; `None` looks where people write them.
    pub from: Option<&'a Path>,
    /// Whether nothing is to be written.
    pub dry_run: bool,
}

/// A plan that holds, or would.
#[derive(Debug)]
pub struct Finalized {
    /// The mission.
    pub mission: Mission,
    /// Its lanes.
    pub lanes: Lanes,
    /// Why work packages share lanes.
    pub joins: Vec<Join>,
    /// Dependencies that lanes do not wait for.
    pub left_out: Vec<(WpId, WpId)>,
    /// Work packages that changed their lane.
    pub moved: Vec<Moved>,
    /// The work packages, in the order of their ids, each with its status.
    pub packages: Vec<(Package, Status)>,
    /// The planning files that change on the branch, sorted, each with what happens to it.
    pub changes: Vec<(RepoPath, &'static str)>,
    /// What is worth telling.
    pub warnings: Vec<Warning>,
}

/// Finalizes the plan of the mission in `dir`.
///
/// # Errors
/// [`Refusal::PlanElsewhere`], [`Refusal::PlanConflict`], [`Refusal::PlanInvalid`],
/// [`Refusal::OwnsMissionFiles`], those of [`crate::domain::lanes::compute()`], and as
/// [`super::transaction::run`]. Nothing has changed then.
pub fn finalize(
    repo: &Repo,
    host: &Host,
    dir: &str,
    wish: Wish<'_>,
) -> Result<(Finalized, Receipt)> {
    let missing = || Refusal::MissionNotFound { handle: dir.to_owned() };
    let mission = Store::new(repo).open(dir)?.ok_or_else(missing)?;
    check_coordinated(repo, &mission)?;
    let lock = MissionLock::acquire(repo, &mission.meta.mission_slug, &host.purpose())?;
    let outcome = RefCell::new(None);
    let told = RefCell::new(Vec::new());
    let branch: BranchName = mission.branch().parse()?;
    let work = |transaction: &mut Transaction<'_>| {
        let (finalized, done) = round(transaction, (repo, host), wish)?;
        *outcome.borrow_mut() = (!wish.dry_run).then_some(done);
        Ok(finalized)
    };
    let settled = |receipt: &Receipt| {
        if let Some(outcome) = outcome.take() {
            let tip = || repo.find(&branch.ref_name()?);
            let warnings = outcome.write_back(receipt.commit.is_some(), tip);
            *told.borrow_mut() = warnings;
        }
    };
    let start = existing(repo, dir, (None, Writes::Destination));
    let (mut finalized, receipt) = run_under(lock, (repo, host), &start, work, settled)?;
    finalized.warnings.append(&mut told.borrow_mut());
    Ok((finalized, receipt))
}

fn check_coordinated(repo: &Repo, mission: &Mission) -> Result<()> {
    let dir = || mission.dir.clone();
    match mission.source {
        Source::Coordination { .. } => Ok(()),
        Source::Primary if Store::new(repo).is_over(mission)? => {
            Err(Refusal::MissionClosed { mission: dir() }.into())
        }
        Source::Primary => Err(Refusal::PlanElsewhere { mission: dir(), target: None }.into()),
    }
}

/// Decides everything against one tip, and puts it into the transaction unless that is not wished.
fn round<'r>(
    transaction: &mut Transaction<'_>,
    (repo, host): (&'r Repo, &Host),
    wish: Wish<'_>,
) -> Result<(Finalized, Outcome<'r>)> {
    let mission = transaction.mission().clone();
    check_coordinated(repo, &mission)?;
    let mut desk = Desk::new(repo, &mission.dir);
    let tree = repo.tree_of_commit(transaction.tip())?;
    let branch_files = repo.files_below(tree, &desk.root.as_str().into())?;
    if !branch_files.contains_key(&layout::META.into()) {
        let target = Some(mission.meta.target_branch.clone());
        return Err(Refusal::PlanElsewhere { mission: mission.dir, target }.into());
    }
    let mut gathered = gather(&mut desk, transaction, &branch_files, wish.from)?;
    let fold_case = fold_case(repo, &mission)?;
    let target = target_tip(repo, &mission.meta.target_branch)?;
    let checked = checked(&mut desk, transaction, (&mission, &mut gathered), wish.dry_run)?;
    let planned = lanes::lanes(repo, transaction, (&checked, fold_case), (target, host.now()))?;
    match target {
        Some(target) => {
            let tree = repo.tree_of_commit(target)?;
            gathered.warnings.extend(presence::warnings(repo, tree, &checked, fold_case)?);
        }
        None => gathered.warnings.push(no_target(&mission.meta.target_branch)),
    }
    if checked.is_empty() {
        gathered.warnings.push(no_packages(&desk));
    }
    let seeds = seeds(transaction, &checked, &mut gathered.warnings);
    let changes = changes(&desk, &branch_files, &gathered.files);
    if !wish.dry_run {
        put(transaction, &desk, (&branch_files, &gathered))?;
        if planned.is_new {
            let path = desk.full(&layout::LANES.into());
            transaction.put_lanes(path, planned.lanes.clone());
        }
        for wp_id in &seeds {
            seed(transaction, host, wp_id)?;
        }
        announce(transaction, &desk, &gathered)?;
    }
    let status = |package: &Package| packages::status(transaction, &package.content);
    let packages = checked.into_iter().map(|package| (status(&package), package));
    let finalized = Finalized {
        lanes: planned.lanes,
        joins: planned.grouping.joins,
        left_out: planned.grouping.left_out,
        moved: planned.grouping.moved,
        packages: packages.map(|(status, package)| (package, status)).collect(),
        changes,
        warnings: std::mem::take(&mut gathered.warnings),
        mission: mission.clone(),
    };
    let Gathered { files, used, record, .. } = gathered;
    let taken = announced(&used);
    Ok((finalized, Outcome { desk, used, files, record, taken, mission: mission.dir }))
}

/// Has told, before the branch has the plan, what it takes.
fn announce(transaction: &mut Transaction<'_>, desk: &Desk<'_>, gathered: &Gathered) -> Result<()> {
    let taken = announced(&gathered.used);
    let is_other = |(path, own): &(&RepoPath, &Entry)| gathered.files.get(*path) != Some(*own);
    let own = gathered.used.iter().flat_map(|used| &used.own);
    desk.store(own.filter(is_other).map(|(_, entry)| entry))?;
    let (record, dir) = (gathered.record.clone(), transaction.mission().dir.clone());
    transaction.announce(Box::new(move |repo, commit| {
        record.announcing(commit, &taken).write(repo, &dir)
    }));
    Ok(())
}

/// The work packages, with nothing wrong in them or in `meta.json`: as their files are afterwards,
/// so that lines in warnings are right.
fn checked(
    desk: &mut Desk<'_>,
    transaction: &Transaction<'_>,
    (mission, gathered): (&Mission, &mut Gathered),
    dry_run: bool,
) -> Result<Vec<Package>> {
    let mut faults = meta_faults(desk, mission, &gathered.files)?;
    let target = mission.meta.target_branch.as_str();
    let found = packages::packages(desk, transaction, (&mut gathered.files, target))?;
    faults.extend(found.faults);
    let read = found.as_written.iter().map(|package| package.content.id.clone());
    let known: Vec<WpId> = read.chain(found.unread).collect();
    faults.extend(check(&found.as_written, &known));
    faults.extend(check(&found.partial, &known));
    faults.extend(vanished(desk, transaction, &known));
    faults.extend(lanes::taken_out(transaction, &found.as_written));
    refuse(faults)?;
    gathered.warnings.extend(found.warnings);
    let packages = if dry_run { found.as_written } else { found.all };
    gathered.warnings.extend(packages.iter().flat_map(|p| p.content.warnings.iter().cloned()));
    Ok(packages)
}

/// What `meta.json` says now, and must not.
fn meta_faults(desk: &Desk<'_>, mission: &Mission, files: &Files) -> Result<Vec<Fault>> {
    let path = RepoPath::from(layout::META);
    let shown = desk.shown(&path);
    let Some(entry) = files.get(&path) else { return Ok(Vec::new()) };
    let fault = match Meta::parse(&desk.text(entry.oid)?, &shown) {
        Err(refusal) => Some(Fault::of(&refusal, &shown)),
        Ok(meta) => changed_identity(&mission.meta, &meta).map(|key| {
            Fault::new(&shown, None, format!("`{key}` cannot change once a mission is made"))
        }),
    };
    Ok(fault.into_iter().collect())
}

/// Work packages whose work has begun, and that have no file any more.
fn vanished(desk: &Desk<'_>, transaction: &Transaction<'_>, known: &[WpId]) -> Vec<Fault> {
    let lanes = transaction.lanes().into_iter().flat_map(|lanes| &lanes.lanes);
    let missing = lanes.flat_map(|lane| &lane.wp_ids).filter(|id| !known.contains(id));
    let is_begun = |id: &&WpId| {
        let record = transaction.record(id);
        record.is_some_and(|record| record.claim.is_some() && record.status != Status::Canceled)
    };
    let tasks = desk.shown(&layout::TASKS.into());
    let fault =
        |id: &WpId| Fault::new(&tasks, None, format!("{id} has begun, and its file is missing"));
    missing.filter(is_begun).map(fault).collect()
}

fn fold_case(repo: &Repo, mission: &Mission) -> Result<bool> {
    let policy = governing(repo, For::Mission(Some(&mission.meta.target_branch)))?;
    Ok(policy.config.guard.case_insensitive)
}

/// The target's tip: here, else as last fetched.
fn target_tip(repo: &Repo, target: &str) -> Result<Option<Oid>> {
    let Ok(branch) = target.parse::<BranchName>() else { return Ok(None) };
    match repo.find(&branch.ref_name()?)? {
        Some(tip) => Ok(Some(tip)),
        None => repo.find(&branch.remote_ref()?),
    }
}

fn no_packages(desk: &Desk<'_>) -> Warning {
    let first = desk.full(&format!("{}/WP01-NAME.md", layout::TASKS).as_str().into());
    let message = format!("there are no work packages: write `{first}`, and finalize again");
    Warning { code: "PLAN_EMPTY", message }
}

fn no_target(target: &str) -> Warning {
    let message = format!("the branch `{target}`, which the mission lands on, is not here");
    Warning { code: "TARGET_BRANCH_MISSING", message }
}

fn changes(desk: &Desk<'_>, old: &Files, new: &Files) -> Vec<(RepoPath, &'static str)> {
    let is_new = |path: &&RepoPath| !old.contains_key(*path);
    let all = old.keys().chain(new.keys().filter(is_new));
    let mut changes: Vec<_> = all
        .filter_map(|path| match (old.get(path), new.get(path)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(_), Some(_)) => Some((desk.full(path), "changed")),
            (None, _) => Some((desk.full(path), "added")),
            (_, None) => Some((desk.full(path), "deleted")),
        })
        .collect();
    changes.sort();
    changes
}

fn put(
    transaction: &mut Transaction<'_>,
    desk: &Desk<'_>,
    (old, gathered): (&Files, &Gathered),
) -> Result<()> {
    let Gathered { files, used, .. } = gathered;
    for (path, entry) in files.iter().filter(|(path, entry)| old.get(*path) != Some(*entry)) {
        transaction.put_as(desk.full(path), desk.text(entry.oid)?, entry.mode);
    }
    for path in old.keys().filter(|path| !files.contains_key(*path)) {
        transaction.put(desk.full(path), None);
    }
    for taken in used.iter().filter_map(|used| taken(desk, &used.source)) {
        transaction.take_from(taken);
    }
    transaction.describe("Finalize the plan".to_owned());
    Ok(())
}

/// The work packages that the log has no event of. What older files say of themselves is left to
/// whoever adopts them.
fn seeds(
    transaction: &Transaction<'_>,
    packages: &[Package],
    warnings: &mut Vec<Warning>,
) -> Vec<WpId> {
    let mut seeds = Vec::new();
    for package in packages {
        let content = &package.content;
        match content.legacy_status {
            _ if transaction.record(&content.id).is_some() => {}
            None | Some(Status::Planned) => seeds.push(content.id.clone()),
            Some(status) => {
                let id = &content.id;
                let message = format!(
                    "{}: {id} is {status} by its file alone, and the log knows nothing of it",
                    package.file
                );
                warnings.push(Warning { code: "STATUS_NOT_IN_LOG", message });
            }
        }
    }
    seeds
}

/// The reason that the reference gives for the first event.
const BEGINNING: &str = "canonical bootstrap";

fn seed(transaction: &mut Transaction<'_>, host: &Host, wp_id: &WpId) -> Result<()> {
    let request = Request {
        to: Status::Planned.as_str().to_owned(),
        actor: host.actor.clone(),
        reason: Some(BEGINNING.to_owned()),
        ..Request::default()
    };
    transaction.append(wp_id, plan(Status::Genesis, &request)?)?;
    Ok(())
}
