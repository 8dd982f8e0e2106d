//! Commits made again on another base, computed without a work tree.

use anyhow::{Context, Result};
use gix::objs::Kind;

use super::durability::Durability;
use super::file::path_of;
use super::merge::{AutoMerge, Kept, merge_two};
use super::object::Commit;
use super::repo::Repo;
use super::write::{CommitSpec, Signed, Writer};
use crate::domain::oid::Oid;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Refusal;

/// What is to be made again.
#[derive(Debug, Clone, Copy)]
pub struct Replay<'a> {
    /// The commits, each with one parent at most, parents first.
    pub commits: &'a [Oid],
    /// The commit that they shall stand on.
    pub onto: Oid,
    /// Paths that stay as `onto` has them.
    pub fixed: &'a [RepoPath],
    /// Who does it; the authors stay.
    pub committer: Signed<'a>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Replayed {
    /// The last of the new commits.
    Done(Oid),
    /// A commit changes what the base changed too.
    Conflict {
        /// The commit.
        commit: Oid,
        /// The paths in conflict.
        paths: Vec<RepoPath>,
    },
}

/// Makes commits again on another base, each with its author and message. One that changes nothing
/// any more stays, empty. Writes objects that nothing reaches; moves no ref.
///
/// # Errors
/// If a commit cannot be read or written, or git fails.
pub fn replay(writer: &Writer<'_>, replay: &Replay<'_>) -> Result<Replayed> {
    let repo = writer.repo;
    let kept = Kept { tree: repo.tree_of_commit(replay.onto)?, paths: replay.fixed, but: &[] };
    let mut tip = replay.onto;
    for &commit in replay.commits {
        let tree = repo.tree_of_commit(tip)?;
        let merged = pick(repo, replay, (commit, tree))?.keeping(writer, &kept)?;
        if !merged.clean {
            return Ok(Replayed::Conflict { commit, paths: merged.conflicted });
        }
        writer.adopt_tree(repo.tree_of_commit(tip)?, merged.tree)?;
        tip = writer.again(commit, (merged.tree, tip), replay.committer)?;
    }
    Ok(Replayed::Done(tip))
}

/// The trees that [`replay()`] would come to, one for each commit; `None` where it would conflict.
/// Nothing is signed.
///
/// # Errors
/// As [`replay()`].
pub fn replayed_trees(writer: &Writer<'_>, replay: &Replay<'_>) -> Result<Option<Vec<Oid>>> {
    let repo = writer.repo;
    let base = repo.tree_of_commit(replay.onto)?;
    let kept = Kept { tree: base, paths: replay.fixed, but: &[] };
    let mut trees = Vec::new();
    for &commit in replay.commits {
        let tree = trees.last().copied().unwrap_or(base);
        let merged = pick(repo, replay, (commit, tree))?.keeping(writer, &kept)?;
        if !merged.clean {
            return Ok(None);
        }
        trees.push(merged.tree);
    }
    Ok(Some(trees))
}

/// The merge of what a commit changed into a tree. Its base is the commit's parent, whatever
/// the histories say: the three are merged as commits that were made for it, since git before 2.40
/// takes no base from outside.
fn pick(repo: &Repo, replay: &Replay<'_>, (commit, onto): (Oid, Oid)) -> Result<AutoMerge> {
    let writer = Writer::new(repo, Durability::Git);
    let Commit { tree, parents } = repo.commit(commit)?;
    let base = parents.first().map(|parent| repo.tree_of_commit(*parent)).transpose()?;
    let made = |tree: Oid, parents: Vec<Oid>| {
        let signed = replay.committer;
        let spec = CommitSpec { tree, parents, author: signed, committer: signed, message: "\n" };
        writer.scratch(&spec)
    };
    let base = made(base.unwrap_or(repo.empty_tree()), Vec::new())?;
    let ours = made(onto, vec![base])?;
    merge_two(repo, ours, made(tree, vec![base])?)
}

impl Writer<'_> {
    /// Stores a commit with author, encoding and message of another one; signed and as durable as
    /// by [`Writer::commit`].
    fn again(
        &self,
        original: Oid,
        (tree, parent): (Oid, Oid),
        committer: Signed<'_>,
    ) -> Result<Oid> {
        let text = self.repo.commit_text(original)?;
        let old = Parts::of(&text).with_context(|| format!("{original} has no author"))?;
        if self.repo.config_flag("commit.gpgSign") {
            let commit = self.signed_again(&old, (tree, parent), committer)?;
            self.loose.adopt(commit);
            self.sync()?;
            return Ok(commit);
        }
        let mut new = format!("tree {tree}\nparent {parent}\n").into_bytes();
        new.extend([b"author ", old.author, b"\ncommitter "].concat());
        new.extend(committer.signature().as_bytes());
        if let Some(encoding) = old.encoding {
            new.extend([b"\nencoding ", encoding].concat());
        }
        new.extend([b"\n\n", old.message].concat());
        let commit = self.loose.write(Kind::Commit, &new)?;
        self.sync()?;
        Ok(commit)
    }

    fn signed_again(
        &self,
        old: &Parts<'_>,
        (tree, parent): (Oid, Oid),
        committer: Signed<'_>,
    ) -> Result<Oid> {
        let encoding = [b"i18n.commitEncoding=", old.encoding.unwrap_or(b"UTF-8")].concat();
        let mut git = self.repo.git().args(["-c".as_ref(), path_of(encoding).as_os_str()]);
        git = git.args(["commit-tree", "-S", "-p", &parent.to_string(), &tree.to_string()]);
        let own = committer.variables("COMMITTER").into_iter();
        git = own.fold(git, |git, (name, value)| git.env(&name, value));
        for (name, value) in old.variables().context("an author without address")? {
            git = git.env(name, path_of(value));
        }
        let output = git.stdin(old.message).output()?;
        if output.status != 0 {
            return Err(Refusal::SigningFailed { what: output.stderr }.into());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().parse()?)
    }
}

/// What stays of a commit that is made again.
struct Parts<'t> {
    author: &'t [u8],
    encoding: Option<&'t [u8]>,
    message: &'t [u8],
}

impl<'t> Parts<'t> {
    /// `None` if the text has no author.
    fn of(text: &'t [u8]) -> Option<Self> {
        let end = text.windows(2).position(|pair| pair == b"\n\n").unwrap_or(text.len());
        let head = text.get(..end)?;
        let field = |name: &[u8]| head.split(|b| *b == b'\n').find_map(|l| l.strip_prefix(name));
        let message = text.get(end + 2..).unwrap_or_default();
        Some(Self { author: field(b"author ")?, encoding: field(b"encoding "), message })
    }

    /// The variables that make git say the same author.
    fn variables(&self) -> Option<[(&'static str, Vec<u8>); 3]> {
        let at = |wanted: u8| self.author.iter().rposition(|byte| *byte == wanted);
        let (open, close) = (at(b'<')?, at(b'>')?);
        let date = self.author.get(close + 1..)?.trim_ascii();
        Some([
            ("GIT_AUTHOR_NAME", self.author.get(..open)?.trim_ascii().to_vec()),
            ("GIT_AUTHOR_EMAIL", self.author.get(open + 1..close)?.to_vec()),
            ("GIT_AUTHOR_DATE", [b"@", date].concat()),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::Parts;

    #[test]
    fn author_encoding_and_message_are_found_among_other_headers() {
        let text =
            b"tree 1\nparent 2\nauthor Ada <a> L <ada@x> 17 +0100\ncommitter C <c> 1 +0000\n\
            encoding latin1\ngpgsig -----\n author no\n \n -----\n\nsubject\n\nauthor body\n";
        let parts = Parts::of(text).unwrap();
        assert_eq!(parts.author, b"Ada <a> L <ada@x> 17 +0100");
        assert_eq!(parts.encoding, Some(&b"latin1"[..]));
        assert_eq!(parts.message, b"subject\n\nauthor body\n");
        let [name, email, date] = parts.variables().unwrap().map(|(_, value)| value);
        assert_eq!((&name[..], &email[..]), (&b"Ada <a> L"[..], &b"ada@x"[..]));
        assert_eq!(date, b"@17 +0100");
        assert!(Parts::of(b"tree 1\n\nmessage").is_none());
    }
}
