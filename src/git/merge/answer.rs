//! What `git merge-tree` answers.

use anyhow::{Context, Result, bail, ensure};

use crate::domain::change::{Entry, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::git::write::Writer;

/// The result of a merge without a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutoMerge {
    /// The merged tree. Files in conflict hold conflict markers.
    pub tree: Oid,
    /// Whether there was no conflict at all. (There are conflicts that belong to no path.)
    pub clean: bool,
    /// The paths in conflict, sorted.
    pub conflicted: Vec<RepoPath>,
    /// What the sides have at the paths in conflict, sorted by path; not of each path where several
    /// were merged one after the other.
    pub stages: Vec<Conflicted>,
    /// The paths in conflict that have a merge driver, with its name: it is never run.
    pub drivers: Vec<(RepoPath, String)>,
    /// Conflicts that no path of an index shows.
    pub unplaced: Vec<Unplaced>,
}

/// A conflict over where files belong, after one side renamed a directory: git leaves them where they
/// are, and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The paths that it is about.
    pub paths: Vec<RepoPath>,
    /// What git says.
    pub message: String,
}

/// A path in conflict, as an index would hold it (`git help read-tree`, "3-Way Merge").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflicted {
    /// The path.
    pub path: RepoPath,
    /// What both sides began with.
    pub base: Option<Entry>,
    /// What is merged into has.
    pub ours: Option<Entry>,
    /// What is merged has.
    pub theirs: Option<Entry>,
}

/// What stays as one side has it.
#[derive(Debug, Clone, Copy)]
pub struct Kept<'a> {
    /// The side's tree.
    pub tree: Oid,
    /// Files, and directories with all below them.
    pub paths: &'a [RepoPath],
    /// Files in such directories that are merged all the same.
    pub but: &'a [RepoPath],
}

impl Kept<'_> {
    fn holds(&self, path: &RepoPath) -> bool {
        self.paths.iter().any(|kept| path == kept || path.is_below(kept.as_bytes()))
            && !self.but.contains(path)
    }
}

impl AutoMerge {
    /// The merge that changes nothing.
    #[must_use]
    pub fn of_tree(tree: Oid) -> Self {
        let (conflicted, stages, drivers, unplaced) = Default::default();
        Self { tree, clean: true, conflicted, stages, drivers, unplaced }
    }

    /// Whether a path is in conflict, or one beside it at which git put what did not fit.
    #[must_use]
    pub fn is_in_conflict(&self, path: &RepoPath) -> bool {
        let is_of = |conflict: &RepoPath| {
            let rest = path.as_bytes().strip_prefix(conflict.as_bytes());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"~"))
        };
        self.conflicted.iter().any(is_of)
    }

    /// This merge and then that one.
    pub(super) fn then(mut self, next: Self) -> Self {
        self.tree = next.tree;
        self.clean &= next.clean;
        self.conflicted.extend(next.conflicted);
        self.conflicted.sort();
        self.conflicted.dedup();
        self.stages.retain(|old| next.stages.iter().all(|new| new.path != old.path));
        self.stages.extend(next.stages);
        self.stages.sort_by(|a, b| a.path.cmp(&b.path));
        self.drivers.extend(next.drivers);
        self.drivers.sort();
        self.drivers.dedup();
        self.unplaced.extend(next.unplaced);
        self
    }

    /// The same merge in which what is kept is as its side has it, whatever the other says.
    ///
    /// # Errors
    /// If a tree cannot be read or written.
    pub fn keeping(self, writer: &Writer<'_>, kept: &Kept<'_>) -> Result<Self> {
        let mut entries = Vec::new();
        for path in kept.paths {
            entries.push((path.clone(), writer.repo.entry(kept.tree, path)?));
        }
        for path in kept.but {
            entries.push((path.clone(), writer.repo.entry(self.tree, path)?));
        }
        self.with(writer, &entries, |path| kept.holds(path))
    }

    /// The same merge in which these paths hold these entries, or nothing, and are no conflicts.
    ///
    /// # Errors
    /// If a tree cannot be read or written.
    pub fn settled(
        self,
        writer: &Writer<'_>,
        entries: &[(RepoPath, Option<Entry>)],
    ) -> Result<Self> {
        self.with(writer, entries, |path| entries.iter().any(|(settled, _)| settled == path))
    }

    /// The same merge, in which somebody has said where all files belong.
    #[must_use]
    pub fn placed(self) -> Self {
        Self { clean: self.conflicted.is_empty(), unplaced: Vec::new(), ..self }
    }

    fn with(
        self,
        writer: &Writer<'_>,
        entries: &[(RepoPath, Option<Entry>)],
        is_settled: impl Fn(&RepoPath) -> bool,
    ) -> Result<Self> {
        let Self { tree, clean, mut conflicted, mut stages, mut drivers, mut unplaced } = self;
        let tree = writer.tree_with(Some(tree), entries)?;
        let had_any = !conflicted.is_empty() || !unplaced.is_empty();
        conflicted.retain(|path| !is_settled(path));
        stages.retain(|stage| !is_settled(&stage.path));
        drivers.retain(|(path, _)| !is_settled(path));
        unplaced.retain(|one| !one.paths.iter().all(&is_settled));
        let clean = clean || (had_any && conflicted.is_empty() && unplaced.is_empty());
        Ok(Self { tree, clean, conflicted, stages, drivers, unplaced })
    }
}

/// Reads the answers of `git merge-tree --stdin -z` (`git help merge-tree`, "OUTPUT"): for each merge
/// `1` or `0` (conflicts), the tree, the stages, for conflicts a NUL and the messages, each of these
/// ended by a NUL, and another NUL.
pub(super) fn parse(output: &[u8]) -> Result<Vec<AutoMerge>> {
    let mut words = output.split(|byte| *byte == 0);
    let mut merges = Vec::new();
    while let Some(status) = words.next().filter(|word| !word.is_empty()) {
        let clean = match status {
            b"1" => true,
            b"0" => false,
            _ => bail!("`git merge-tree` answered with an unknown status"),
        };
        let tree = words.next().context("`git merge-tree` printed no tree")?;
        let lines: Vec<&[u8]> = words.by_ref().take_while(|word| !word.is_empty()).collect();
        let unplaced = if clean { Vec::new() } else { unplaced(&mut words)? };
        merges.push(AutoMerge { unplaced, ..read(clean, tree, &lines)? });
    }
    ensure!(words.next().is_none(), "`git merge-tree` printed more than its answers");
    Ok(merges)
}

/// Reads the answer about a single merge, which comes without a status and without an end.
pub(super) fn parse_one(clean: bool, output: &[u8]) -> Result<AutoMerge> {
    let mut words = output.split(|byte| *byte == 0);
    let tree = words.next().context("`git merge-tree` printed no tree")?;
    let lines: Vec<&[u8]> = words.by_ref().take_while(|word| !word.is_empty()).collect();
    let unplaced = if clean { Vec::new() } else { unplaced(&mut words)? };
    Ok(AutoMerge { unplaced, ..read(clean, tree, &lines)? })
}

/// What git says of conflicts over where files belong (`merge-ort.c`, `type_short_descriptions`), with
/// and without the blank.
const UNPLACED: [&[u8]; 5] = [
    b"CONFLICT (file in way of directory rename)",
    b"CONFLICT (directory rename collision)",
    b"CONFLICT(directory rename collision)",
    b"CONFLICT (directory rename unclear split)",
    b"CONFLICT(directory rename unclear split)",
];

/// Whether the messages of a merge end with this. Git before 2.41 puts its advice for submodules in front
/// of the NUL that ends them.
fn is_end(word: &[u8]) -> bool {
    word.is_empty() || word.starts_with(b"Recursive merging with submodules")
}

/// Reads messages: each a number, as many paths, its kind and its text. Only those are kept that no
/// stage stands for.
fn unplaced<'w>(words: &mut impl Iterator<Item = &'w [u8]>) -> Result<Vec<Unplaced>> {
    let mut found = Vec::new();
    while let Some(count) = words.next().filter(|word| !is_end(word)) {
        let count = std::str::from_utf8(count).ok().and_then(|count| count.parse().ok());
        let count = count.context("`git merge-tree` printed a message without paths")?;
        let paths: Vec<RepoPath> = words.by_ref().take(count).map(RepoPath::new).collect();
        let (Some(kind), Some(text)) = (words.next(), words.next()) else {
            bail!("`git merge-tree` printed half a message");
        };
        if UNPLACED.contains(&kind) {
            let message = String::from_utf8_lossy(text).trim_end().to_owned();
            found.push(Unplaced { paths, message });
        }
    }
    Ok(found)
}

fn read(clean: bool, tree: &[u8], lines: &[&[u8]]) -> Result<AutoMerge> {
    let tree = std::str::from_utf8(tree).context("`git merge-tree` printed no tree")?.parse()?;
    let mut stages: Vec<Conflicted> = Vec::new();
    for line in lines {
        let (path, stage, entry) = stage(line).with_context(|| {
            format!("`git merge-tree` printed `{}`, which is no stage", line.escape_ascii())
        })?;
        if stages.last().is_none_or(|last| last.path != path) {
            stages.push(Conflicted { path, base: None, ours: None, theirs: None });
        }
        let last = stages.last_mut().context("a stage without a path")?;
        match stage {
            1 => last.base = entry,
            2 => last.ours = entry,
            _ => last.theirs = entry,
        }
    }
    stages.sort_by(|a, b| a.path.cmp(&b.path));
    let conflicted = stages.iter().map(|stage| stage.path.clone()).collect();
    let (drivers, unplaced) = Default::default();
    Ok(AutoMerge { tree, clean, conflicted, stages, drivers, unplaced })
}

/// `<mode> <id> <stage>\t<path>`. Mode and id may be zero where a directory stands in the way of a
/// file that was renamed on the other side.
fn stage(line: &[u8]) -> Option<(RepoPath, u8, Option<Entry>)> {
    let tab = line.iter().position(|byte| *byte == b'\t')?;
    let mut words = std::str::from_utf8(line.get(..tab)?).ok()?.split(' ');
    let entry = match (u32::from_str_radix(words.next()?, 8).ok()?, words.next()?) {
        (0, _) => None,
        (bits, id) => Some(Entry { mode: Mode::from_bits(bits)?, oid: id.parse().ok()? }),
    };
    let stage = words.next()?.parse().ok().filter(|stage| (1..=3).contains(stage))?;
    let path = RepoPath::new(line.get(tab + 1..)?);
    words.next().is_none().then_some((path, stage, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(digit: &str) -> String {
        digit.repeat(40)
    }

    #[test]
    fn each_merge_has_its_own_stages() {
        let (one, two) = (id("1"), id("2"));
        let stage = |number: u8, path: &str| format!("100644 {two} {number}\t{path}\0");
        let nothing = format!("000000 {} 1\ta\tb\0", id("0"));
        let stages = [stage(1, "f"), stage(3, "f"), nothing, stage(2, "a\tb")].concat();
        let said = |count: usize, kind: &str| format!("{count}\0d\0{kind}\0{kind}: d\n\0");
        let split = "CONFLICT(directory rename unclear split)";
        let messages = [said(1, "CONFLICT (contents)"), said(1, split)].concat();
        let text = format!("1\0{one}\0\x000\0{two}\0{stages}\0{messages}\0");
        let merges = parse(text.as_bytes()).unwrap();
        assert_eq!(
            parse_one(false, format!("{two}\0{stages}\0{messages}").as_bytes()).unwrap(),
            merges[1]
        );
        let [clean, conflict] = merges.as_slice() else { panic!("{merges:?}") };
        assert_eq!((clean.clean, clean.tree.to_string()), (true, one.clone()));
        assert_eq!(clean.stages, []);
        let shown: Vec<_> = conflict
            .stages
            .iter()
            .map(|at| {
                let [base, ours, theirs] = [at.base, at.ours, at.theirs].map(|e| e.is_some());
                (at.path.as_bytes().to_vec(), base, ours, theirs)
            })
            .collect();
        assert_eq!(
            shown,
            [(b"a\tb".to_vec(), false, true, false), (b"f".to_vec(), true, false, true)]
        );
        assert_eq!(conflict.conflicted.len(), 2);
        let advice = "Recursive merging with submodules currently only\n";
        let older = format!("0\0{two}\0{stages}\0{messages}{advice}\0\x31\0{one}\0\0");
        let older = parse(older.as_bytes()).unwrap();
        assert_eq!((&older[0], older[1].clean), (conflict, true));
        let [unplaced] = conflict.unplaced.as_slice() else { panic!("{conflict:?}") };
        assert_eq!(unplaced.message, format!("{split}: d"));
        assert_eq!(unplaced.paths, [RepoPath::new("d")]);
    }

    #[test]
    fn what_git_never_prints_is_an_error() {
        let one = id("1");
        for text in [
            "2\0".to_owned(),
            "1\0".to_owned(),
            "1\0x\0\0".to_owned(),
            format!("0\0{one}\0100644 {one} 4\tf\0\0"),
            format!("0\0{one}\0100644 {one} 1 f\0\0"),
            format!("1\0{one}\0\0\0{one}\0"),
            format!("0\0{one}\0\0x\0"),
            format!("0\0{one}\0\x001\0d\0CONFLICT"),
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text:?}");
        }
        assert_eq!(parse(b"").unwrap(), []);
    }
}
