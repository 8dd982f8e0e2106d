//! A commit of some paths to the branch that is checked out, past the caller's index.
//!
//! The branch is asserted, the change judged as at every door, and the hooks of a commit run on an
//! index of their own. Until the branch has moved nothing of the caller's has changed; then the
//! index entries of the paths are the commit's, and all others what they were.

mod destination;
mod verdict;

use anyhow::Result;

use self::destination::{Ground, ground};
use self::verdict::{passed, passed_all};
use super::guard::{Subject, guard, guard_commit};
use super::host::Host;
use super::moves::{judge_own_move, note_made};
use super::overriding::Overriding;
use crate::domain::change::{Change, Mode};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::ref_update::{RefUpdate, Value};
use crate::domain::refusal::{CommitRefusal, Refusal, UnderWay, Warning};
use crate::git::file::replace_quickly;
use crate::git::{
    Added, Author, Durability, HookSaid, LogEntry, Move, PrivateIndex, Published, Repo, Signed,
    Writer, after_commit, crash, publish, recover,
};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct CommitTo<'a> {
    /// The branch, as it was typed.
    pub branch: &'a str,
    /// The message.
    pub message: &'a str,
    /// The paths, from the top of the worktree; a directory is all below it, the empty path the top.
    pub paths: &'a [RepoPath],
}

/// A commit that was made.
#[derive(Debug)]
pub struct Committed {
    /// The branch.
    pub branch: String,
    /// The commit.
    pub commit: Oid,
    /// The first line of its message.
    pub subject: String,
    /// The paths that it changes, sorted.
    pub paths: Vec<RepoPath>,
    /// What hooks wrote.
    pub said: String,
    /// What is worth telling.
    pub warnings: Vec<Warning>,
}

/// A commit on its way.
struct Work<'w> {
    repo: &'w Repo,
    host: &'w Host,
    ground: Ground,
    index: PrivateIndex<'w>,
    author: Author,
    said: Vec<String>,
}

/// Makes the commit. What it takes of the paths is what the files are now, whatever is staged.
///
/// # Errors
/// [`CommitRefusal`]; [`Refusal::FileLocked`] if another process has the lock of the index;
/// [`Refusal::PublishLost`] if others moved the branch meanwhile; [`Refusal::SigningFailed`]. All but
/// [`CommitRefusal::RecoveryFailed`] leave everything as it was.
pub fn commit_to(repo: &Repo, host: &Host, request: CommitTo<'_>) -> Result<Committed> {
    let ground = ground(repo, request.branch)?;
    match repo.under_way() {
        None | Some(UnderWay::Bisect) => {}
        Some(begun) => return refused(CommitRefusal::UnderWay(begun)),
    }
    let message = repo.clean_message(request.message.as_bytes())?;
    if is_blank(&message) {
        return refused(CommitRefusal::MessageEmpty);
    }
    let author = Author::of(repo)?;
    let Some(index) = PrivateIndex::take(repo, request.paths)? else {
        let lock = format!("{}.lock", repo.index_file().display());
        return Err(Refusal::FileLocked { lock }.into());
    };
    recover(repo, Durability::of(repo)?)?;
    let mut work = Work { repo, host, ground, index, author, said: Vec::new() };
    work.add(&request)?;
    let message = work.ask_hooks(&message)?;
    work.make(&message, &request)
}

impl Work<'_> {
    /// Puts the files into the index that is committed, and judges that.
    fn add(&self, request: &CommitTo<'_>) -> Result<()> {
        let unmerged = self.index.unmerged();
        if !unmerged.is_empty() {
            return refused(CommitRefusal::Unmerged { paths: shown(&unmerged) });
        }
        match self.index.fill(self.ground.tree)? {
            Added::All => {}
            Added::Nothing { path } => return refused(CommitRefusal::Empty { paths: vec![path] }),
            Added::Refused { said } => return refused(CommitRefusal::NotAdded { said }),
        }
        self.changes(request)?;
        let overriding = Overriding::At(self.host.now());
        passed(
            &self.ground.branch,
            guard(&self.index.seen()?, None, &Subject::Staged, overriding)?,
        )?;
        Ok(())
    }

    /// What would be committed now, if that is something, and nothing but the paths.
    fn changes(&self, request: &CommitTo<'_>) -> Result<Vec<Change>> {
        let changes = self.index.staged(self.ground.tree)?.changes;
        if changes.is_empty() {
            return refused(CommitRefusal::Empty { paths: shown(request.paths) });
        }
        let others = only(&changes, |change| !self.index.covers(&change.path));
        if !others.is_empty() {
            return refused(CommitRefusal::Backstop { paths: others });
        }
        let is_gitlink = |entry: &Option<_>| matches!(entry, Some(e) if is_gitlink(e));
        let embedded = changes.iter().find(|change| {
            is_gitlink(&change.new)
                && !is_gitlink(&change.old)
                && !self.index.knows_submodule(&change.path)
        });
        match embedded {
            Some(change) => refused(CommitRefusal::Embedded { path: change.path.to_string() }),
            None => Ok(changes),
        }
    }

    /// Runs the hooks before the commit. Returns the message as they leave it.
    fn ask_hooks(&mut self, message: &[u8]) -> Result<Vec<u8>> {
        self.hook("pre-commit", &[])?;
        let file = self.repo.git_dir().join("COMMIT_EDITMSG");
        replace_quickly(&file, message)?;
        self.hook("prepare-commit-msg", &[&file, "message".as_ref()])?;
        self.hook("commit-msg", &[&file])?;
        let edited = std::fs::read(&file).map_err(|error| {
            let (file, why) = (file.display().to_string(), error.to_string());
            Refusal::from(CommitRefusal::MessageUnread { file, why })
        })?;
        if edited == message {
            return Ok(edited);
        }
        match self.repo.clean_message(&edited)? {
            message if is_blank(&message) => refused(CommitRefusal::MessageEmpty),
            message => Ok(message),
        }
    }

    fn hook(&mut self, hook: &'static str, arguments: &[&std::path::Path]) -> Result<()> {
        let answer = self.index.hook(hook, &self.author, arguments)?;
        if !answer.passes {
            return refused(CommitRefusal::Hook { hook, said: answer.text });
        }
        self.said.extend(Some(answer.text).filter(|text| !text.is_empty()));
        Ok(())
    }

    /// Builds the commit of what the hooks left, and moves the branch there.
    fn make(mut self, message: &[u8], request: &CommitTo<'_>) -> Result<Committed> {
        let changes = self.changes(request)?;
        let judgement = guard_commit(&self.index.seen()?, self.host)?;
        let mut warnings = passed(&self.ground.branch, judgement)?;
        let durability = Durability::of(self.repo)?;
        let tree = self.index.tree()?;
        let made: Vec<Oid> = changes.iter().filter_map(|change| Some(change.new?.oid)).collect();
        let writer = Writer::new(self.repo, durability);
        let commit =
            writer.commit_of_user((tree, self.ground.tip), &self.author, message, &made)?;
        crash::point("commit-built");
        let update = self.judge_move(commit)?;
        let paths: Vec<RepoPath> = changes.into_iter().map(|change| change.path).collect();
        self.index.announce((&update.name, commit, tree), &paths, durability)?;
        crash::point("commit-announced");
        let subject = message.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let subject = String::from_utf8_lossy(subject).into_owned();
        self.publish(&update, (commit, &subject), durability)?;
        let noted = note_made(self.repo, std::slice::from_ref(&update));
        if let Err(error) = noted.and(self.index.keep()) {
            let (commit, paths) = (commit.to_string(), shown(request.paths));
            let why = format!("{error:#}");
            return refused(CommitRefusal::RecoveryFailed { commit, paths, why });
        }
        crash::point("commit-ended");
        drop(self.index);
        let last = after_commit(self.repo, &self.author);
        if !matches!(&last, Ok(HookSaid { passes: true, .. })) {
            warnings.push(Warning {
                code: "POST_COMMIT_HOOK_FAILED",
                message: "the commit is made, but its `post-commit` hook failed".to_owned(),
            });
        }
        let text = last.map_or_else(|error| format!("{error:#}"), |last| last.text);
        self.said.extend(Some(text).filter(|text| !text.is_empty()));
        let branch = self.ground.branch.to_string();
        Ok(Committed { branch, commit, subject, paths, said: self.said.join("\n"), warnings })
    }

    /// Asks the door of ref moves. The branch must still be the one that is checked out.
    fn judge_move(&self, commit: Oid) -> Result<RefUpdate> {
        let again = ground(self.repo, self.ground.branch.as_str())?;
        let branch = &self.ground.branch;
        if again.tip != self.ground.tip {
            return Err(Refusal::PublishLost { branch: branch.to_string() }.into());
        }
        let old = again.tip.map_or(Value::Nothing, Value::Object);
        let update = RefUpdate { name: branch.ref_name()?, old, new: Value::Object(commit) };
        passed_all(branch, judge_own_move(self.repo, &update, self.host)?)?;
        Ok(update)
    }

    fn publish(
        &self,
        update: &RefUpdate,
        (commit, subject): (Oid, &str),
        durability: Durability,
    ) -> Result<()> {
        let first = if self.ground.tip.is_none() { " (initial)" } else { "" };
        let message = format!("commit{first}: {subject}");
        let signed = Signed { who: &self.host.identity, at: self.host.now() };
        let moved = Move { name: update.name.clone(), old: self.ground.tip, new: Some(commit) };
        let entry = LogEntry { signed, message: &message };
        let refusal = match publish(self.repo, &[moved], &entry, durability) {
            Ok(Published::Done) => return Ok(()),
            Ok(Published::Lost { .. }) => {
                Refusal::PublishLost { branch: self.ground.branch.to_string() }
            }
            Ok(Published::Refused { message }) => {
                CommitRefusal::Hook { hook: "reference-transaction", said: message }.into()
            }
            // After any other error it may have moved: whoever takes the index next looks.
            Err(error) => error.downcast::<Refusal>()?,
        };
        self.index.withdraw();
        Err(refusal.into())
    }
}

fn is_blank(message: &[u8]) -> bool {
    String::from_utf8_lossy(message).trim().is_empty()
}

fn is_gitlink(entry: &crate::domain::change::Entry) -> bool {
    entry.mode == Mode::Gitlink
}

fn only(changes: &[Change], test: impl Fn(&Change) -> bool) -> Vec<String> {
    changes.iter().filter(|change| test(change)).map(|change| change.path.to_string()).collect()
}

/// Paths as people read them; the top is `.`.
fn shown(paths: &[RepoPath]) -> Vec<String> {
    let one = |path: &RepoPath| match path.as_bytes() {
        b"" => ".".to_owned(),
        _ => path.to_string(),
    };
    paths.iter().map(one).collect()
}

fn refused<T>(refusal: CommitRefusal) -> Result<T> {
    Err(Refusal::from(refusal).into())
}
