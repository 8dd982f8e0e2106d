//! The `git` on PATH.

use anyhow::Result;

use super::case::Case;
use super::patient::Patient;
use crate::domain::finding::Kind;
use crate::git::setup::version;

const UNDETECTABLE: Kind =
    Kind::error("GIT_VERSION_UNDETECTABLE").left("git-kitty installs no programs");
const TOO_OLD: Kind = Kind::error("GIT_VERSION_TOO_OLD").left("git-kitty installs no programs");

const FIX: &str = "install git 2.38 or later, and put it first on PATH";

pub(super) fn look<'p>(patient: &Patient<'p>) -> Result<Vec<Case<'p>>> {
    let finding = match version(patient.repo.common_dir()) {
        Ok(version) if version.is_supported() => return Ok(Vec::new()),
        Ok(version) => TOO_OLD.found("git", format!("git is version {version}"), FIX),
        Err(error) => UNDETECTABLE.found("git", format!("{error:#}"), FIX),
    };
    Ok(vec![Case::left(finding)])
}
