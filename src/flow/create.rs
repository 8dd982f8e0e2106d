//! Making a mission: its id, its coordination branch and its first files, in one transaction.
//!
//! From any checkout, since none is touched: the branch is cut from the target's tip.

use anyhow::{Context, Result, bail};

use crate::domain::branch::{BranchName, split_mid8};
use crate::domain::id::{MID8_MILLIS, MissionId};
use crate::domain::layout;
use crate::domain::meta::{Draft, Meta};
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::scaffold::scaffold;
use crate::domain::slug::MissionSlug;
use crate::git::{Head, MissionLock, Repo};
use crate::store::{Mission, Source, Store};

use super::base::{Base, Ground};
use super::host::Host;
use super::transaction::{Receipt, Transaction, run_under};

/// A mission that was asked for.
#[derive(Debug)]
pub struct Created {
    /// It.
    pub mission: Mission,
    /// What was done; `None` if it was there already.
    pub receipt: Option<Receipt>,
    /// What is worth telling.
    pub warnings: Vec<Warning>,
}

/// What a mission is to be.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Its name.
    pub slug: MissionSlug,
    /// The branch it lands on; `None` is the one that is checked out.
    pub target: Option<BranchName>,
    /// Its title; `None` is one made of its name.
    pub title: Option<String>,
}

/// Makes a mission, or finds the one that was made so before.
///
/// # Errors
/// [`Refusal::MissionExists`] if there is another one of that name, [`Refusal::TargetRequired`],
/// [`Refusal::TargetIsAMissions`], [`Refusal::TargetUnborn`], [`Refusal::TargetMissing`] and
/// [`Refusal::TargetNotLocal`] for a target that is none, and as [`super::transaction::run`].
pub fn create(repo: &Repo, host: &Host, wish: &Wish) -> Result<Created> {
    let target = target(repo, wish.target.clone())?;
    // Of two who make a mission of one name at the same time, the second finds the first's.
    let lock = MissionLock::acquire(repo, wish.slug.as_str(), &host.purpose())?;
    if let Some(mission) = existing(repo, &wish.slug, &target)? {
        let warnings = other_title(&mission, wish).into_iter().collect();
        return Ok(Created { mission, receipt: None, warnings });
    }
    let draft = Draft {
        id: new_id(repo, host)?,
        slug: wish.slug.clone(),
        title: wish.title.clone(),
        target,
        at: host.now(),
    };
    let dir = draft.mission_dir();
    let start = || begin(repo, &draft);
    let work = |transaction: &mut Transaction<'_>| write(transaction, &draft);
    let ((), receipt) = run_under(lock, (repo, host), &start, work, |_| ())?;
    let mission = Store::new(repo).open(&dir)?.context("the mission that was made is not there")?;
    Ok(Created { mission, receipt: Some(receipt), warnings: Vec::new() })
}

/// An id whose first eight characters, which branches and directories are called by, no mission has,
/// nor had one that is gone: they change but once a second.
fn new_id(repo: &Repo, host: &Host) -> Result<MissionId> {
    let taken = Store::new(repo).mid8s()?;
    for windows in 0.. {
        let id: MissionId = host.ulid_after(windows * MID8_MILLIS)?.parse()?;
        if !taken.contains(&id.mid8()) {
            return Ok(id);
        }
    }
    bail!("every id is taken")
}

fn begin(repo: &Repo, draft: &Draft) -> Result<Base> {
    let tip = tip(repo, &draft.target)?;
    let meta = Meta::parse(&draft.meta()?, layout::META)?;
    let branch = draft.slug.coordination_branch(&draft.id)?;
    Base::begin(repo, (&draft.mission_dir(), meta), Ground { branch, old: None, tip }, Vec::new())
}

fn write(transaction: &mut Transaction<'_>, draft: &Draft) -> Result<()> {
    for (path, content) in scaffold(draft)? {
        transaction.put(path, Some(content));
    }
    transaction.describe(format!("Create mission {}", draft.slug));
    Ok(())
}

/// The branch to land on: the one that was named, else the one that is checked out.
fn target(repo: &Repo, named: Option<BranchName>) -> Result<BranchName> {
    let target = match named {
        Some(named) => named,
        None => match repo.head()? {
            Head::Branch { name, .. } => {
                BranchName::of_ref(&name).ok_or(Refusal::TargetRequired)?
            }
            Head::Detached { .. } => return Err(Refusal::TargetRequired.into()),
        },
    };
    tip(repo, &target)?;
    if Store::new(repo).by_branch(&target)?.is_some() {
        return Err(Refusal::TargetIsAMissions { branch: target.to_string() }.into());
    }
    Ok(target)
}

fn tip(repo: &Repo, target: &BranchName) -> Result<Oid> {
    match repo.find(&target.ref_name()?)? {
        Some(tip) => Ok(tip),
        None => Err(no_target(repo, target)?.into()),
    }
}

/// Why a branch is none to land on.
fn no_target(repo: &Repo, target: &BranchName) -> Result<Refusal> {
    let (name, is_there) = (target.to_string(), |name: &str| has(repo, "refs/heads/", name));
    let checked_out = match repo.head()? {
        Head::Branch { name, tip } => BranchName::of_ref(&name).map(|branch| (branch, tip)),
        Head::Detached { .. } => None,
    };
    if name == "HEAD" {
        let branch = checked_out.filter(|(_, tip)| tip.is_some()).map(|(name, _)| name.to_string());
        return Ok(Refusal::TargetNotLocal { name, branch });
    }
    if checked_out.is_some_and(|(branch, _)| branch == *target) {
        return Ok(Refusal::TargetUnborn { name });
    }
    let is_elsewhere = ["refs/remotes/", "refs/tags/", ""].iter().any(|at| has(repo, at, &name));
    if is_elsewhere {
        let below = name.strip_prefix("refs/heads/").or(name.split_once('/').map(|(_, name)| name));
        let branch = below.filter(|below| is_there(below)).map(str::to_owned);
        return Ok(Refusal::TargetNotLocal { name, branch });
    }
    let remote = has(repo, "refs/remotes/origin/", &name).then(|| format!("origin/{name}"));
    Ok(Refusal::TargetMissing { name, remote })
}

fn has(repo: &Repo, prefix: &str, name: &str) -> bool {
    let full = format!("{prefix}{name}").parse::<RefName>();
    full.is_ok_and(|full| repo.find(&full).is_ok_and(|found| found.is_some()))
}

/// The mission of that name, if it is one that could have been made by the same wish.
fn existing(repo: &Repo, slug: &MissionSlug, target: &BranchName) -> Result<Option<Mission>> {
    let store = Store::new(repo);
    let mut found = Vec::new();
    for dir in store.directories()? {
        if split_mid8(&dir).is_some_and(|(name, _)| name == slug.as_str()) {
            found.extend(store.open(&dir)?);
        }
    }
    let fits = |mission: &Mission| {
        mission.meta.target_branch == target.as_str()
            && matches!(mission.source, Source::Coordination { .. })
    };
    match found.as_slice() {
        [] => Ok(None),
        [only] if fits(only) => Ok(found.pop()),
        others => {
            let describe = |mission: &Mission| (mission.dir.clone(), why_not(mission, target));
            let missions = others.iter().map(describe).collect();
            Err(Refusal::MissionExists { slug: slug.to_string(), missions }.into())
        }
    }
}

/// Why a mission of the same name is another one.
fn why_not(mission: &Mission, target: &BranchName) -> String {
    match mission.source {
        Source::Primary => "it has no coordination branch".to_owned(),
        Source::Coordination { .. } if mission.meta.target_branch == target.as_str() => {
            "it would do".to_owned()
        }
        Source::Coordination { .. } => format!("it lands on `{}`", mission.meta.target_branch),
    }
}

fn other_title(mission: &Mission, wish: &Wish) -> Option<Warning> {
    let kept = &mission.meta.friendly_name;
    let asked = wish.title.as_ref().filter(|title| title.trim() != kept)?;
    let message = format!("`{}` keeps its title `{kept}`, not `{asked}`", mission.dir);
    Some(Warning { code: "TITLE_KEPT", message })
}
