//! Opening a review: the prompt that tells a reviewer what to look at.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;

use super::context::{check_open, metadata};
use super::diff::reviewed;
use crate::domain::id::WpId;
use crate::domain::refusal::{Refusal, Warning, quoted};
use crate::domain::review::Reviewed;
use crate::domain::review::prompt::Metadata;
use crate::domain::wp::WorkPackage;
use crate::flow::host::Host;
use crate::flow::wp::status;
use crate::git::Repo;
use crate::store::{Mission, Store, prompts};

/// Who reviews, and where.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// Who reviews.
    pub reviewer: &'a str,
    /// The system's directory for temporary files, absolute.
    pub temporary: &'a Path,
}

/// A review that can begin.
#[derive(Debug)]
pub struct Opened {
    /// Where its prompt belongs.
    pub metadata: Metadata,
    /// What it is of; `None` for a work package without a lane.
    pub of: Option<Reviewed>,
    /// What is worth telling.
    pub warnings: Vec<Warning>,
}

/// Writes a new prompt for a work package that is in review. Nothing else changes.
///
/// # Errors
/// [`Refusal::WpNotFound`]; `REVIEW_NOT_OPEN`, `REVIEW_COMMIT_MISSING`, `REVIEW_PROMPT_PLACE_TAKEN`;
/// if the prompt cannot be written.
pub fn open(
    repo: &Repo,
    host: &Host,
    (mission, wp_id): (&Mission, &WpId),
    desk: Desk<'_>,
) -> Result<Opened> {
    let store = Store::new(repo);
    check_open(mission, wp_id, status(&store, mission, wp_id)?)?;
    let (of, warnings) = match reviewed(repo, mission, wp_id) {
        Ok((of, warnings)) => (Some(of), warnings),
        Err(error) => match error.downcast_ref() {
            Some(Refusal::LaneOfPlanning { .. }) => (None, Vec::new()),
            _ => return Err(error),
        },
    };
    let mut metadata = metadata(repo, mission, wp_id)?;
    metadata.invocation_id = host.uuid()?;
    metadata.created_at = host.now().to_log();
    let path = prompts::prompt_path(desk.temporary, &metadata)?;
    metadata.prompt_path = path.display().to_string();
    let package = store.work_package(mission, wp_id)?;
    let text = body(&metadata, of.as_ref(), (desk.reviewer, package.as_ref()));
    prompts::keep(repo, &metadata, &text)?;
    Ok(Opened { metadata, of, warnings })
}

/// What a reviewer is to do.
fn body(
    metadata: &Metadata,
    of: Option<&Reviewed>,
    (reviewer, package): (&str, Option<&WorkPackage>),
) -> String {
    let Metadata { mission_slug, work_package_id: wp_id, lane_branch, .. } = metadata;
    let title = package.and_then(|package| package.title.as_deref()).unwrap_or("(no title)");
    let mut text = format!("# Review of {wp_id}: {}\n\n", one_line(title));
    let _ = writeln!(
        text,
        "Mission {mission_slug}, branch `{lane_branch}`, for {}.\n",
        one_line(reviewer)
    );
    if let Some(Reviewed { base, tip, without }) = of {
        let _ = writeln!(text, "Review exactly what lies between these commits:\n");
        let _ = writeln!(text, "- base: {base}\n- tip: {tip}");
        for other in without {
            let _ = writeln!(text, "- without {other}, of a lane that it depends on");
        }
        text.push('\n');
    }
    let owned: Vec<&str> = package.map(|p| p.owned_entries().collect()).unwrap_or_default();
    if !owned.is_empty() {
        let _ = writeln!(text, "{wp_id} may change: {}\n", one_line(&owned.join(", ")));
    }
    let root = quoted(&metadata.repo_root);
    let kitty = |command: String| format!("    git kitty {command} -C {root}\n");
    let of_mission = format!("{wp_id} --mission {mission_slug}");
    let file = quoted(&metadata.prompt_path);
    text += "Before anything else, make sure that this prompt belongs here:\n\n";
    text += &kitty(format!("review verify {file} --wp {of_mission}"));
    text += "\nThe patch:\n\n";
    text += &kitty(format!("review diff {of_mission}"));
    text +=
        "\nThe verdict, `approved` or `changes_requested`, and where its reasons are written:\n\n";
    text += &kitty(format!("review verdict {of_mission} --verdict V --reference R"));
    text
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
