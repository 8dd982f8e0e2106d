//! The whole state of a repository as one text, to prove that nothing changed, or what did.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::hash::Hasher as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::checkout::Checkout;
use super::disk::built;

/// What [`state`] saw. `Debug` is the text.
#[derive(Clone, PartialEq, Eq)]
pub struct State(String);

/// Everything of a repository that can be seen from outside, in all its worktrees: HEADs, refs,
/// the number of reflog entries, index entries, files with kind, size and hash of the content, and
/// the git directories' own files (config, hooks, attributes, locks, what others keep there).
///
/// Left out, because it may change while nothing happens: objects, stat data in indexes, loose or
/// packed refs, `COMMIT_EDITMSG`, what git-kitty keeps in `kitty/cache/`, `kitty/seen/`, `kitty/judged/`
/// and `kitty/holders/`. Looking changes nothing and lets no time pass.
pub fn state(repo: &Checkout) -> State {
    let common = git_path(repo, "--git-common-dir");
    let mut lines = refs(repo, &common);
    lines.extend(files(&root_of(repo), "git", &common, &|path| is_storage(&common, path)));
    let worktrees = worktrees(repo);
    for (path, head) in worktrees.iter().filter(|(path, _)| path.exists()) {
        lines.extend(worktree(repo, path, head, &worktrees));
    }
    State(lines.join("\n").replace(&root_of(repo), "[TMP]") + "\n")
}

impl State {
    /// The state without the lines that contain `part`, e.g. a lock file that may stay.
    pub fn without(&self, part: &str) -> Self {
        let kept = self.0.lines().filter(|line| !line.contains(part));
        Self(kept.map(|line| format!("{line}\n")).collect())
    }
}

/// The lines that `after` lacks, each behind `- `, then those that it gained, behind `+ `; empty
/// if the two are equal.
pub fn diff(before: &State, after: &State) -> String {
    let count = |state: &State| {
        let mut lines = BTreeMap::new();
        state.0.lines().for_each(|line| *lines.entry(line.to_owned()).or_insert(0) += 1);
        lines
    };
    let (old, new) = (count(before), count(after));
    let only = |one: &BTreeMap<String, u32>, other: &BTreeMap<String, u32>, sign: &str| {
        let lines = one.iter().filter(|(line, n)| other.get(*line).is_none_or(|m| m < n));
        lines.map(|(line, _)| format!("{sign} {line}\n")).collect::<String>()
    };
    only(&old, &new, "-") + &only(&new, &old, "+")
}

/// Fails with the difference unless the two are equal.
#[track_caller]
pub fn assert_unchanged(before: &State, after: &State) {
    let difference = diff(before, after);
    assert!(difference.is_empty(), "the repository changed:\n{difference}");
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn refs(repo: &Checkout, common: &Path) -> Vec<String> {
    let format = "--format=%(refname) %(objectname) %(symref)";
    let named = repo.ask(["for-each-ref", format]);
    let line = |line: &str| {
        let name = line.split(' ').next().unwrap_or_default();
        format!("ref {} reflog={}", line.trim_end(), reflog(repo, common, name))
    };
    named.lines().map(line).collect()
}

/// The number of entries in the reflog of a ref, whose files are in `git_dir`; git is asked only
/// where they are in no files.
fn reflog(repo: &Checkout, git_dir: &Path, name: &str) -> usize {
    if git_dir.join("reftable").exists() {
        let said = repo.call(["reflog", "show", "--format=%H", name, "--"]).still().run();
        return said.stdout.lines().count();
    }
    let text = std::fs::read(git_dir.join("logs").join(name)).unwrap_or_default();
    text.iter().filter(|byte| **byte == b'\n').count()
}

/// The directories of all worktrees with their HEADs, the main one first; none for a bare
/// repository's own.
fn worktrees(repo: &Checkout) -> Vec<(PathBuf, String)> {
    let listed = repo.ask(["worktree", "list", "--porcelain", "-z"]);
    let blocks = listed.split("\0\0").filter(|block| !block.split('\0').any(|l| l == "bare"));
    blocks
        .filter_map(|block| {
            let mut lines = block.trim_start_matches('\0').split('\0');
            let path = lines.next()?.strip_prefix("worktree ")?;
            Some((PathBuf::from(path), lines.collect::<Vec<_>>().join(" ")))
        })
        .collect()
}

fn worktree(repo: &Checkout, path: &Path, head: &str, all: &[(PathBuf, String)]) -> Vec<String> {
    let here = Checkout::at(repo.sandbox(), path);
    let name = path.display();
    let entries = reflog(&here, &git_dir(path), "HEAD");
    let mut lines = vec![format!("worktree {name} {head} reflog={entries}")];
    let index = here.ask(["ls-files", "--stage", "-t", "-z"]);
    let entries = index.split('\0').filter(|entry| !entry.is_empty());
    lines.extend(entries.map(|entry| format!("index {name} {}", entry.escape_debug())));
    let skipped = |file: &Path| {
        file == path.join(".git") || (file != path && all.iter().any(|(other, _)| other == file))
    };
    lines.extend(files(&root_of(repo), "file", path, &skipped));
    lines
}

/// Where a worktree keeps its own HEAD and index.
fn git_dir(worktree: &Path) -> PathBuf {
    let link = worktree.join(".git");
    match std::fs::read_to_string(&link) {
        Ok(text) => worktree.join(text.trim_end().strip_prefix("gitdir: ").unwrap()),
        Err(_) => link,
    }
}

/// Whether a path in the common directory is Git's own storage, which [`refs`] and the index
/// entries tell better; lock files are told wherever they are.
fn is_storage(common: &Path, path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(common) else { return false };
    let own = match inside.strip_prefix("worktrees") {
        Ok(linked) => linked.components().skip(1).collect(),
        Err(_) => inside.to_owned(),
    };
    let plain = ["HEAD", "index", "packed-refs", "COMMIT_EDITMSG"];
    let git = ["objects", "logs", "refs", "reftable"];
    let kitty = ["kitty/cache", "kitty/seen", "kitty/judged", "kitty/holders"];
    let is_lock = path.extension().is_some_and(|extension| extension == "lock");
    plain.iter().any(|name| own == Path::new(name))
        || (git.iter().chain(&kitty).any(|name| own.starts_with(name))
            && path.is_file()
            && !is_lock)
}

/// A line for each file below `top`.
fn files(root: &str, label: &str, top: &Path, skipped: &dyn Fn(&Path) -> bool) -> Vec<String> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut lines = Vec::new();
    for path in entries.into_iter().filter(|path| !skipped(path)) {
        let name = path.as_os_str().as_encoded_bytes().escape_ascii();
        let kind = path.symlink_metadata().unwrap();
        if kind.is_symlink() {
            let target = path.read_link().unwrap();
            lines.push(format!("{label} {name} link {}", target.display()));
        } else if kind.is_dir() {
            lines.extend(files(root, label, &path, skipped));
        } else {
            lines.push(format!("{label} {name} {}", content(root, &path, &kind)));
        }
    }
    lines
}

/// Mode, size and hash. A text that names the sandbox, as the links between worktrees do, counts
/// as if it said `[TMP]`.
fn content(root: &str, path: &Path, metadata: &std::fs::Metadata) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    if let Some(program) = built_hook(path, metadata.len()) {
        return format!("{mode:o} is {program}");
    }
    let bytes = std::fs::read(path).unwrap();
    let bytes = String::from_utf8(bytes)
        .map(|text| text.replace(root, "[TMP]").into_bytes())
        .unwrap_or_else(|error| error.into_bytes());
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(&bytes);
    format!("{mode:o} size={} hash={:016x}", bytes.len(), hasher.finish())
}

/// The hook program that a file is a copy of, byte for byte. To compare takes much less than to hash.
fn built_hook(path: &Path, size: u64) -> Option<&'static str> {
    static PROGRAMS: OnceLock<Vec<(String, Vec<u8>)>> = OnceLock::new();
    let programs = PROGRAMS.get_or_init(|| {
        let directory = built("git-kitty").parent().unwrap().read_dir().unwrap();
        let names = directory.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let hooks = names.filter(|name| name.starts_with("git-kitty-hook-") && !name.contains('.'));
        hooks.map(|name| (name.clone(), std::fs::read(built(&name)).unwrap())).collect()
    });
    let is_it = |bytes: &[u8]| {
        let (mut file, mut chunk) = (File::open(path).unwrap(), vec![0; 1 << 16]);
        bytes.chunks(chunk.len()).all(|expected| {
            let chunk = &mut chunk[..expected.len()];
            file.read_exact(chunk).is_ok() && chunk == expected
        })
    };
    let found = programs.iter().find(|(_, bytes)| bytes.len() as u64 == size && is_it(bytes));
    found.map(|(name, _)| name.as_str())
}

fn git_path(repo: &Checkout, which: &str) -> PathBuf {
    PathBuf::from(repo.ask(["rev-parse", "--path-format=absolute", which]))
}

fn root_of(repo: &Checkout) -> String {
    repo.sandbox().root().display().to_string()
}
