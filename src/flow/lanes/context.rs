//! Spec Kitty's record of a lane, `.kittify/workspaces/<mission>-<lane>.json` (`formats.md` section
//! 1): kept where Spec Kitty was set up, since both tools then work on the project. It
//! ignores these files; where it is not, nobody would.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Serialize;
use serde_json::{Map, Value};

use super::site::Site;
use crate::domain::id::WpId;
use crate::domain::json::{Change, edit};
use crate::domain::layout;
use crate::domain::refusal::{Document, Warning};
use crate::domain::source::Source;
use crate::flow::host::Host;
use crate::git::Repo;
use crate::git::file::{read_if_present, replace};
use crate::store::{Mission, Store};

/// The keys in the order of the reference.
#[derive(Serialize)]
struct Record<'a> {
    wp_id: &'a str,
    mission_slug: &'a str,
    worktree_path: String,
    branch_name: &'a str,
    base_branch: &'a str,
    base_commit: Option<String>,
    dependencies: Vec<String>,
    created_at: String,
    created_by: &'static str,
    vcs_backend: &'static str,
    lane_id: &'a str,
    lane_wp_ids: Vec<&'a str>,
    current_wp: &'a str,
    lane_test_env: Map<String, Value>,
}

/// Writes the record; of one that is there only which work package is worked on. What hinders it is
/// a warning: Git and the log decide what holds.
pub(super) fn record(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (site, wp_id): (&Site, Option<&WpId>),
) -> Option<Warning> {
    let written = file_of(repo, mission, site).and_then(|file| match file {
        Some(file) => write(&file, repo, host, mission, (site, wp_id)),
        None => Ok(()),
    });
    written.err().map(|error| Warning {
        code: "WORKSPACE_CONTEXT_NOT_WRITTEN",
        message: format!("Spec Kitty's record of {} was not written: {error:#}", site.lane.id),
    })
}

/// Takes the record away.
///
/// # Errors
/// If it is there and cannot be removed.
pub fn forget(repo: &Repo, mission: &Mission, site: &Site) -> Result<()> {
    let Some(file) = file_of(repo, mission, site)? else { return Ok(()) };
    match fs::remove_file(&file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("could not remove `{}`", file.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn file_of(repo: &Repo, mission: &Mission, site: &Site) -> Result<Option<PathBuf>> {
    let is_theirs = |top: &PathBuf| {
        [layout::PROJECT, layout::WORKSPACES].iter().any(|own| top.join(own).exists())
    };
    let top = repo.primary_work_tree()?.filter(is_theirs);
    let name = format!("{}-{}.json", mission.dir, site.lane.id);
    Ok(top.map(|top| top.join(layout::WORKSPACES).join(name)))
}

fn write(
    file: &Path,
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    (site, wp_id): (&Site, Option<&WpId>),
) -> Result<()> {
    let Some(current) = wp_id.or(site.lane.wp_ids.first()) else { return Ok(()) };
    let bytes = match (read_if_present(file)?, wp_id) {
        (Some(_), None) => return Ok(()),
        (Some(old), Some(wp_id)) => {
            let shown = file.display().to_string();
            let source = Source::new(Document::WorkspaceContext, &shown);
            let new = edit(&old, source, &[Change::set("current_wp", wp_id.as_str())])?;
            if new == old {
                return Ok(());
            }
            new
        }
        (None, _) => {
            let record = new(repo, host, mission, (site, current))?;
            let mut text = serde_json::to_vec_pretty(&record)?;
            text.push(b'\n');
            text
        }
    };
    fs::create_dir_all(file.parent().unwrap_or(file))
        .with_context(|| format!("could not write `{}`", file.display()))?;
    replace(file, &bytes)
}

fn new<'a>(
    repo: &Repo,
    host: &Host,
    mission: &'a Mission,
    (site, wp_id): (&'a Site, &'a WpId),
) -> Result<Record<'a>> {
    let (dir, id) = (mission.dir.as_str(), site.lane.id.as_str());
    let file = Store::new(repo).work_package(mission, wp_id).ok().flatten();
    let dependencies = file.map(|file| file.dependencies).unwrap_or_default();
    let base = repo.find(&format!("refs/heads/{}", site.base).parse()?)?;
    let tip = repo.find(&site.name)?;
    let base = base.zip(tip).map(|(base, tip)| repo.merge_base(base, tip)).transpose()?.flatten();
    let test = format!("test_{dir}_{id}").replace('-', "_");
    Ok(Record {
        wp_id: wp_id.as_str(),
        mission_slug: dir,
        worktree_path: format!("{}/{dir}-{id}", layout::WORKTREES),
        branch_name: site.branch.as_str(),
        base_branch: &site.base,
        base_commit: base.map(|commit| commit.to_string()),
        dependencies: dependencies.iter().map(ToString::to_string).collect(),
        created_at: host.now().to_log(),
        created_by: "git-kitty",
        vcs_backend: "git",
        lane_id: id,
        lane_wp_ids: site.lane.wp_ids.iter().map(WpId::as_str).collect(),
        current_wp: wp_id.as_str(),
        lane_test_env: Map::from_iter([("SPEC_KITTY_TEST_DB_NAME".to_owned(), test.into())]),
    })
}
