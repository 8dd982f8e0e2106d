//! Repositories of their own in a worktree that git ignores, and that would go with it.

use std::fs;
use std::path::Path;

use super::list::Worktree;
use crate::domain::path::RepoPath;
use crate::git::file::path_of;

/// The work trees in what is ignored: theirs is work that the worktree's repository knows nothing
/// of. What cannot be read has none.
pub(super) fn embedded(found: &Worktree, ignored: &[RepoPath]) -> Vec<RepoPath> {
    let mut left: Vec<Vec<u8>> = ignored.iter().map(|path| path.as_bytes().to_vec()).collect();
    let mut embedded = Vec::new();
    while let Some(path) = left.pop() {
        let Some(directory) = path.strip_suffix(b"/") else { continue };
        let place = found.path.join(path_of(directory.to_vec()));
        if is_work_tree(&place) {
            embedded.push(RepoPath::new(path));
            continue;
        }
        let entries = fs::read_dir(&place).into_iter().flatten().filter_map(Result::ok);
        // No link: what it leads to stays.
        let below = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        left.extend(
            below.map(|entry| {
                [path.as_slice(), entry.file_name().as_encoded_bytes(), b"/"].concat()
            }),
        );
    }
    embedded.sort();
    embedded
}

/// By its `.git`: a repository, or a file that leads to one (gitrepository-layout(5)).
fn is_work_tree(place: &Path) -> bool {
    let git = place.join(".git");
    git.join("HEAD").symlink_metadata().is_ok()
        || (git.is_file() && fs::read(&git).is_ok_and(|text| text.starts_with(b"gitdir:")))
}
