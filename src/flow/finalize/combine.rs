//! The files of a source and those of the branch become one.

use anyhow::Result;

use super::desk::{Desk, Files, is_text, task_name};
use super::sources::Source;
use super::write_back::Used;
use crate::domain::change::{Entry, Mode};
use crate::domain::layout;
use crate::domain::path::RepoPath;
use crate::domain::plan::{Fault, Step, decide, refuse};
use crate::domain::refusal::{Refusal, Warning};
use crate::domain::scaffold::BEGUN;
use crate::domain::wp::{Edit, WorkPackage, edit};
use crate::git::{Texts, Versions, merge_texts};

/// What is known of the mission besides its files.
pub(super) struct Context<'a> {
    /// The mission's directory.
    pub(super) mission: &'a str,
    /// The branch it lands on.
    pub(super) target: &'a str,
    pub(super) versions: &'a dyn Fn() -> Result<&'a Versions>,
    /// The files on the branch.
    pub(super) branch: &'a Files,
}

/// A file that both sides changed.
struct Both {
    path: RepoPath,
    base: Option<Entry>,
    ours: Entry,
    theirs: Entry,
}

/// Brings what a source changed into `files`; its own versions of work packages get the target
/// first, which they will have on the branch. Returns these.
pub(super) fn combine(
    desk: &mut Desk<'_>,
    source: &Source,
    context: &Context<'_>,
    (files, earlier, warnings): (&mut Files, &[Used], &mut Vec<Warning>),
) -> Result<Files> {
    let meta = RepoPath::from(layout::META);
    if source.gone.contains(&meta) && files.contains_key(&meta) {
        let what = "it says what the mission is, and cannot be deleted";
        refuse(vec![Fault::new(&desk.shown(&meta), None, what)])?;
    }
    let (mut own, mut both, mut conflicts) = (Files::new(), Vec::new(), Vec::new());
    for path in source.files.keys().chain(&source.gone) {
        let raw = source.files.get(path).copied();
        let theirs = raw.map(|raw| targeted(desk, path, raw, context.target)).transpose()?;
        own.extend(theirs.map(|theirs| (path.clone(), theirs)));
        let ours = files.get(path).copied();
        let base = base(source, path, (ours, [raw, theirs]), context)?;
        match decide(base, ours, theirs) {
            Step::Keep => {}
            Step::Take => match theirs {
                Some(theirs) => _ = files.insert(path.clone(), theirs),
                None => _ = files.remove(path),
            },
            Step::Merge => {
                let pair = ours.filter(is_text).zip(theirs);
                match pair {
                    Some((ours, theirs)) => {
                        both.push(Both { path: path.clone(), base, ours, theirs });
                    }
                    None => conflicts.push(path.clone()),
                }
            }
            Step::KeepChanged => warnings.push(kept(desk, path)),
            Step::Conflict => conflicts.push(path.clone()),
        }
    }
    merge(desk, both, (files, &mut conflicts))?;
    conflicts.extend(clashes(files));
    if conflicts.is_empty() {
        return Ok(own);
    }
    conflicts.sort();
    let of_others = |path: &&RepoPath| files.get(*path) != context.branch.get(*path);
    let mut others: Vec<String> = conflicts
        .iter()
        .filter(of_others)
        .flat_map(|path| earlier.iter().filter(|used| used.source.has_changed(path)))
        .map(|used| used.source.place.path().display().to_string())
        .collect();
    others.dedup();
    Err(Refusal::PlanConflict {
        mission: context.mission.to_owned(),
        paths: conflicts.iter().map(|path| desk.shown(path)).collect(),
        place: source.place.path().display().to_string(),
        others,
    }
    .into())
}

/// What both sides had: what the source knows of it; else, for a version that the branch once had,
/// that one, and for a file that nobody has written on since the mission was made, that.
fn base(
    source: &Source,
    path: &RepoPath,
    (ours, theirs): (Option<Entry>, [Option<Entry>; 2]),
    context: &Context<'_>,
) -> Result<Option<Entry>> {
    if let Some(base) = source.bases.get(path) {
        return Ok(Some(*base));
    }
    let [raw, targeted] = theirs;
    if (ours.is_none() && source.is_known) || ours == targeted {
        return Ok(None);
    }
    let versions = (context.versions)()?;
    let once = raw.into_iter().chain(targeted).find(|entry| versions.has(path, entry.oid));
    if once.is_some() {
        return Ok(targeted);
    }
    let is_begun = |ours: &Entry| {
        BEGUN.iter().any(|name| name.as_bytes() == path.as_bytes())
            && versions.began_with(path, ours.oid)
    };
    Ok(ours.filter(is_begun))
}

/// A work package's file with the mission's target in it; other files, and those with which
/// something is wrong (which will be told), as they are.
pub(super) fn targeted(
    desk: &mut Desk<'_>,
    path: &RepoPath,
    entry: Entry,
    target: &str,
) -> Result<Entry> {
    let name = task_name(path).and_then(|name| std::str::from_utf8(name).ok());
    if !is_text(&entry) || name.and_then(layout::work_package_of).is_none() {
        return Ok(entry);
    }
    let bytes = desk.text(entry.oid)?;
    match with_target(&bytes, &desk.shown(path), target) {
        Ok(edited) if edited != bytes => {
            Ok(Entry { oid: desk.add_edited(entry.oid, edited)?, ..entry })
        }
        Ok(_) | Err(_) => Ok(entry),
    }
}

/// The bytes of a work package's file with the target in its two lines.
pub(super) fn with_target(bytes: &[u8], file: &str, target: &str) -> Result<Vec<u8>, Refusal> {
    let branches = WorkPackage::parse(bytes, file)?.branches;
    let is_said = |said: &Option<String>| said.as_deref() == Some(target);
    if is_said(&branches.planning_base) && is_said(&branches.merge_target) {
        return Ok(bytes.to_vec());
    }
    let keys = ["planning_base_branch", "merge_target_branch"];
    edit(bytes, file, &keys.map(|key| Edit::set(key, target)))
}

fn merge(
    desk: &mut Desk<'_>,
    both: Vec<Both>,
    (files, conflicts): (&mut Files, &mut Vec<RepoPath>),
) -> Result<()> {
    let mut texts = Vec::new();
    for Both { base, ours, theirs, .. } in &both {
        // One that was cleaned away is as good as none.
        let base = base.filter(|base| desk.has(base.oid));
        let base = base.map(|base| desk.text(base.oid)).transpose()?;
        texts.push((base, desk.text(ours.oid)?, desk.text(theirs.oid)?));
    }
    let asked: Vec<Texts<'_>> = texts
        .iter()
        .map(|(base, ours, theirs)| Texts { base: base.as_deref(), ours, theirs })
        .collect();
    for (both, merged) in both.iter().zip(merge_texts(desk.repo, &asked)?) {
        match merged {
            None => conflicts.push(both.path.clone()),
            Some(text) => {
                let entry = Entry { mode: both.mode(), oid: desk.add(text)? };
                files.insert(both.path.clone(), entry);
            }
        }
    }
    Ok(())
}

impl Both {
    fn mode(&self) -> Mode {
        let was = self.base.map(|base| base.mode);
        if was == Some(self.theirs.mode) { self.ours.mode } else { self.theirs.mode }
    }
}

/// Files that stand where others need a directory.
fn clashes(files: &Files) -> Vec<RepoPath> {
    let mut found = Vec::new();
    for path in files.keys() {
        let slashes = path.as_bytes().iter().enumerate().filter(|(_, byte)| **byte == b'/');
        let above = slashes.filter_map(|(at, _)| path.as_bytes().get(..at)).map(RepoPath::new);
        found.extend(above.filter(|above| files.contains_key(above)));
    }
    found.dedup();
    found
}

fn kept(desk: &Desk<'_>, path: &RepoPath) -> Warning {
    let message = format!(
        "`{}` was deleted, but changed on the coordination branch since: it stays there",
        desk.shown(path)
    );
    Warning { code: "PLANNING_FILE_KEPT", message }
}
