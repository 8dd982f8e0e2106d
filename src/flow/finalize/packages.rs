//! The work packages among the files, each with the mission's target in it.

use std::collections::BTreeMap;

use anyhow::Result;

use super::combine::with_target;
use super::desk::{Desk, Files, is_text, task_name};
use crate::domain::change::Entry;
use crate::domain::id::WpId;
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::plan::{Fault, Package};
use crate::domain::refusal::Warning;
use crate::domain::status::Status;
use crate::domain::wp::WorkPackage;
use crate::flow::transaction::Transaction;

/// What was read.
#[derive(Default)]
pub(super) struct Packages {
    /// In the order of their ids, as far as they can be read.
    pub(super) all: Vec<Package>,
    /// The same as people wrote them: with their lines, without what is edited.
    pub(super) as_written: Vec<Package>,
    /// What can be read of those whose files are wrong,
    pub(super) partial: Vec<Package>,
    /// and all of these by the names of their files.
    pub(super) unread: Vec<WpId>,
    pub(super) faults: Vec<Fault>,
    pub(super) warnings: Vec<Warning>,
}

/// Reads the work packages in `tasks/`, and writes the target into those files.
pub(super) fn packages(
    desk: &mut Desk<'_>,
    transaction: &Transaction<'_>,
    (files, target): (&mut Files, &str),
) -> Result<Packages> {
    let mut found = Packages::default();
    let mut files_of: BTreeMap<WpId, String> = BTreeMap::new();
    for (path, entry) in files.iter_mut() {
        let Some(name) = task_name(path) else {
            found.warnings.extend(no_file(desk, path));
            continue;
        };
        let announced = match announced(name) {
            Ok(Some(announced)) => announced,
            Ok(None) => continue,
            Err(what) => {
                found.faults.push(Fault::new(&desk.shown(path), None, what));
                continue;
            }
        };
        let shown = desk.shown(path);
        let [content, written] = match found.read(desk, path, entry, target)? {
            Ok(contents) => contents,
            Err(content) => {
                found.partial.extend(content.map(|own| partial(transaction, shown, own)));
                found.unread.push(announced);
                continue;
            }
        };
        if content.id != announced {
            let line = written.front_matter.entry("work_package_id").map(|entry| entry.line);
            let what =
                format!("`work_package_id` is {}, but the file is named {announced}", content.id);
            found.faults.push(Fault::new(&shown, line, what));
            found.unread.push(announced);
            continue;
        }
        if let Some(other) = files_of.insert(announced, shown.clone()) {
            let what = format!("`{other}` is a file of the same work package");
            found.faults.push(Fault::new(&shown, None, what));
            continue;
        }
        found.all.push(package(transaction, shown.clone(), content));
        found.as_written.push(package(transaction, shown, written));
    }
    for packages in [&mut found.all, &mut found.as_written] {
        packages.sort_by(|a, b| order(&a.content.id).cmp(&order(&b.content.id)));
    }
    Ok(found)
}

fn package(transaction: &Transaction<'_>, file: String, content: WorkPackage) -> Package {
    let status = status(transaction, &content);
    let is_new = matches!(status, Status::Genesis | Status::Uninitialized | Status::Planned);
    let is_settled = matches!(status, Status::Done | Status::Canceled);
    Package { file, is_new, is_settled, content }
}

/// As far as it can be read; that it owns nothing is not said where that cannot be known.
fn partial(transaction: &Transaction<'_>, file: String, content: WorkPackage) -> Package {
    let keys = ["owned_files", "execution_mode", "scope"];
    let is_said = keys.iter().any(|key| content.front_matter.entry(key).is_some());
    let is_known = !content.owned_files.is_empty() || !is_said;
    let package = package(transaction, file, content);
    Package { is_new: package.is_new && is_known, ..package }
}

impl Packages {
    /// The contents: edited, and as written; of one with which something is wrong what can be read.
    fn read(
        &mut self,
        desk: &mut Desk<'_>,
        path: &RepoPath,
        entry: &mut Entry,
        target: &str,
    ) -> Result<Result<[WorkPackage; 2], Option<WorkPackage>>> {
        let shown = desk.shown(path);
        if !is_text(entry) {
            self.faults.push(Fault::new(&shown, None, "it is no regular file on the branch"));
            return Ok(Err(None));
        }
        let (bytes, written) = (desk.text(entry.oid)?, desk.as_written(entry.oid)?);
        let read = || {
            let own = WorkPackage::parse(&written, &shown)?;
            let edited = with_target(&bytes, &shown, target)?;
            let content = match edited == written {
                true => own.clone(),
                false => WorkPackage::parse(&edited, &shown)?,
            };
            Ok((edited, [content, own]))
        };
        match read() {
            Ok((edited, contents)) => {
                if edited != bytes {
                    entry.oid = desk.add_edited(entry.oid, edited)?;
                }
                Ok(Ok(contents))
            }
            Err(refusal) => {
                let (content, mut refusals) = WorkPackage::read(&written, &shown);
                if refusals.is_empty() {
                    refusals.push(refusal);
                }
                self.faults.extend(refusals.iter().map(|refusal| Fault::of(refusal, &shown)));
                Ok(Err(content))
            }
        }
    }
}

/// Where a work package is: by the log, before its first event by its file.
pub(super) fn status(transaction: &Transaction<'_>, content: &WorkPackage) -> Status {
    let record = transaction.record(&content.id).map(|record| record.status);
    record.or(content.legacy_status).unwrap_or(Status::Planned)
}

/// WP9 comes before WP10, and WP99 before WP100.
fn order(id: &WpId) -> (usize, &str) {
    (id.as_str().len(), id.as_str())
}

/// The work package that a name in `tasks/` announces. One that is nearly a work package's would be
/// overlooked by everybody.
fn announced(name: &[u8]) -> Result<Option<WpId>, String> {
    let lower = name.to_ascii_lowercase();
    let is_near = lower.starts_with(b"wp")
        && lower.get(2).is_some_and(u8::is_ascii_digit)
        && lower.ends_with(b".md");
    let Ok(text) = std::str::from_utf8(name) else {
        return if is_near { Err("its name is no UTF-8".to_owned()) } else { Ok(None) };
    };
    match layout::work_package_of(text) {
        None if is_near => {
            Err("its name announces no work package: call it as in `WP01-title.md`".to_owned())
        }
        announced => Ok(announced),
    }
}

/// A directory that is called as a work package's file is.
fn no_file(desk: &Desk<'_>, path: &RepoPath) -> Option<Warning> {
    let rest = path.as_bytes().strip_prefix(layout::TASKS.as_bytes())?.strip_prefix(b"/")?;
    let name = std::str::from_utf8(rest.split(|byte| *byte == b'/').next()?).ok()?;
    layout::work_package_of(name)?;
    let place = desk.shown(&format!("{}/{name}", layout::TASKS).as_str().into());
    let message = format!("`{place}` is a directory, and so no work package");
    Some(Warning { code: "PLANNING_FILE_LEFT_OUT", message })
}

#[cfg(test)]
mod tests {
    use super::announced;

    #[test]
    fn names_that_are_nearly_right_are_told() {
        assert_eq!(announced(b"WP01-x.md").unwrap().unwrap().as_str(), "WP01");
        for name in [&b"README.md"[..], b"WP01-x.txt", b"wpx.md", b"\xff.md"] {
            assert_eq!(announced(name), Ok(None), "{name:?}");
        }
        for name in [&b"WP1-x.md"[..], b"wp01-x.md", b"WP01x.md", b"WP01-\xff.md"] {
            assert!(announced(name).is_err(), "{name:?}");
        }
    }
}
