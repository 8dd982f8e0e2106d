//! Prints the staged paths, NUL-terminated, as `git diff --cached --name-only --no-renames -z` does;
//! `scripts/bench-staged` compares the two. With the argument `open` it only opens the repository.

use std::io::Write;
use std::path::Path;

use git_kitty::git::Repo;

fn main() -> anyhow::Result<()> {
    let repo = Repo::discover(Path::new("."))?;
    if std::env::args().nth(1).as_deref() == Some("open") {
        return Ok(());
    }
    let tip = repo.head()?.tip();
    let tree = tip.map(|tip| repo.tree_of_commit(tip)).transpose()?;
    let mut text = Vec::new();
    for change in repo.staged(tree)?.changes {
        text.extend_from_slice(change.path.as_bytes());
        text.push(0);
    }
    std::io::stdout().write_all(&text)?;
    Ok(())
}
