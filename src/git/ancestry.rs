//! Which commits come before which.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::file::read_if_present;
use super::process::Git;
use super::repo::{Repo, with_bytes};
use crate::domain::branch::BranchName;
use crate::domain::oid::Oid;
use crate::domain::refname::RefName;

impl Repo {
    /// Whether `commit` is `tip` or comes before it. A commit that is not here comes before none.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn is_ancestor(&self, commit: Oid, tip: Oid) -> Result<bool> {
        let call = ["merge-base", "--is-ancestor", &commit.to_string(), &tip.to_string()];
        Ok(self.git().args(call).output()?.status == 0)
    }

    /// Whether history ends at this commit in a shallow clone, although it has parents. What a push
    /// from such a clone would cut off here does not count.
    ///
    /// # Errors
    /// If the list of such commits cannot be read.
    pub fn is_cut_off(&self, commit: Oid) -> Result<bool> {
        Ok(self.cut_off()?.contains(&commit))
    }

    /// The commits of which [`Repo::is_cut_off`] is true.
    ///
    /// # Errors
    /// As it.
    pub fn cut_off(&self) -> Result<BTreeSet<Oid>> {
        let list = read_if_present(&self.common_dir().join("shallow"))?.unwrap_or_default();
        let list = String::from_utf8_lossy(&list).into_owned();
        Ok(list.lines().filter_map(|line| line.parse().ok()).collect())
    }

    /// A commit that both come from, the latest one; `None` if there is none.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn merge_base(&self, one: Oid, other: Oid) -> Result<Option<Oid>> {
        let output =
            self.git().args(["merge-base", &one.to_string(), &other.to_string()]).output()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok((output.status == 0).then(|| text.parse()).transpose()?)
    }

    /// The best commits that both come from: several where their histories cross, none if they have
    /// nothing in common.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn merge_bases(&self, one: Oid, other: Oid) -> Result<Vec<Oid>> {
        let call = ["merge-base", "--all", &one.to_string(), &other.to_string()];
        let text = self.git().args(call).output()?.stdout;
        let text = String::from_utf8_lossy(&text).into_owned();
        Ok(text.lines().map(str::parse).collect::<Result<_, _>>()?)
    }

    /// How many commits only the one has, and how many only the other.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub fn apart(&self, one: Oid, other: Oid) -> Result<(usize, usize)> {
        let range = format!("{one}...{other}");
        let line = self.git().args(["rev-list", "--left-right", "--count", &range]).line()?;
        let counts = line.split_once('\t').context("`git rev-list` printed no two counts")?;
        Ok((counts.0.parse()?, counts.1.parse()?))
    }

    /// The refs of any kind that are at a commit, or have it among what came before.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn refs_with(&self, commit: Oid) -> Result<Vec<RefName>> {
        let call = ["for-each-ref", "--format=%(refname)", "--contains", &commit.to_string()];
        let said = self.git().args(call).run()?;
        let lines = said.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        Ok(lines.map(RefName::new).collect::<Result<_, _>>()?)
    }

    /// The remote-tracking ref that a branch follows by its settings, whether that is there or not.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn upstream_of(&self, branch: &BranchName) -> Result<Option<RefName>> {
        // Most branches follow none, which takes no process to find out.
        if self.config_strings(format!("branch.{branch}.merge")).is_empty() {
            return Ok(None);
        }
        let name = branch.ref_name()?;
        let git = self.git().args(["for-each-ref", "--format=%(upstream)"]);
        let output = with_bytes(git, &[b"--", name.as_bytes()])?.output()?;
        let text = output.stdout.trim_ascii();
        Ok((!text.is_empty()).then(|| RefName::new(text)).transpose()?)
    }

    /// What a ref held before its last move, by its reflog, if that was told with a message that
    /// begins so; else `None`.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn previous(&self, name: &RefName, message: &str) -> Result<Option<Oid>> {
        let call = [&b"log"[..], b"--walk-reflogs", b"--max-count=2", b"--format=%H %gs"];
        let git = with_bytes(self.git(), &call)?;
        let output = with_bytes(git, &[name.as_bytes(), b"--"])?.output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut lines = text.lines().filter_map(|line| line.split_once(' '));
        let last = lines.next().filter(|(_, why)| why.starts_with(message));
        let before = lines.next().filter(|_| last.is_some());
        Ok(before.map(|(commit, _)| commit.parse()).transpose()?)
    }

    /// The commits that a branch ever held, by its reflog, the last one first; none if it has no
    /// reflog.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn once_at(&self, name: &RefName) -> Result<Vec<Oid>> {
        let git = with_bytes(self.git(), &[b"log", b"--walk-reflogs", b"--format=%H"])?;
        let output = with_bytes(git, &[name.as_bytes(), b"--"])?.output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(text.lines().filter_map(|line| line.parse().ok()).collect())
    }

    /// The commits that are `tip` or come before it, and of which a branch has neither them nor one
    /// that changes the same.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub fn unpicked(&self, name: &RefName, tip: Oid) -> Result<Vec<Oid>> {
        let git = self.git().args(["rev-list", "--cherry-pick", "--right-only"]);
        let range = [name.as_bytes(), b"...", tip.to_string().as_bytes()].concat();
        oids(with_bytes(git, &[&range, b"--"])?)
    }

    /// Whether a merge is among `tip` and what comes before it, but not before `old`. Where either is
    /// not here there is none.
    ///
    /// # Errors
    /// If git cannot be run.
    pub fn has_merged_since(&self, old: Oid, tip: Oid) -> Result<bool> {
        let (tip, old) = (tip.to_string(), format!("^{old}"));
        let output =
            self.git().args(["rev-list", "--merges", "--max-count=1", &tip, &old]).output()?;
        Ok(output.status == 0 && !output.stdout.is_empty())
    }

    /// Whether `commit` is one of these tips or comes before one.
    ///
    /// # Errors
    /// As [`Repo::is_ancestor`].
    pub fn is_in_any(&self, commit: Oid, tips: &[Oid]) -> Result<bool> {
        for tip in tips {
            if self.is_ancestor(commit, *tip)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether `tip`, or a commit before it, is none of `others` and of what comes before them.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub fn is_ahead(&self, tip: Oid, others: &[Oid]) -> Result<bool> {
        let others: String = others.iter().map(|other| format!("^{other}\n")).collect();
        let git = self.git().args(["rev-list", "--max-count=1", "--stdin"]);
        Ok(!git.stdin(format!("{tip}\n{others}")).run()?.is_empty())
    }

    /// The commits that are `tip` or come before it, and are none of `others` and of what comes
    /// before them; parents first.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub fn commits_since(&self, tip: Oid, others: &[Oid]) -> Result<Vec<Oid>> {
        let others = others.iter().map(|other| format!("^{other}"));
        let words = ["rev-list", "--reverse", "--topo-order"].map(str::to_owned);
        self.listed(words.into_iter().chain([tip.to_string()]).chain(others))
    }

    /// The oldest of the commits that a branch at `tip` took as its own: by first parents, and none of
    /// `others` and of what comes before them.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub fn oldest_own(&self, tip: Oid, others: &[Oid]) -> Result<Option<Oid>> {
        let others = others.iter().map(|other| format!("^{other}"));
        let words = ["rev-list", "--first-parent"].map(str::to_owned);
        let own = self.listed(words.into_iter().chain([tip.to_string()]).chain(others))?;
        Ok(own.last().copied())
    }

    /// Those of [`Repo::commits_since`] that are no merges, and change something outside of
    /// `directory`, which is counted from the top.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub fn commits_outside(&self, tip: Oid, others: &[Oid], directory: &str) -> Result<Vec<Oid>> {
        let options = ["--reverse", "--topo-order", "--no-merges", "--full-history"];
        let tip = tip.to_string();
        let others = others.iter().map(|other| format!("^{other}"));
        let outside = format!(":(top,exclude,literal){directory}");
        let git = self.git().env("GIT_LITERAL_PATHSPECS", "0").args(["rev-list"]).args(options);
        oids(git.args([tip]).args(others).args(["--", ":(top)", &outside]))
    }

    /// Those of [`Repo::commits_since`] that no remote-tracking ref has either.
    ///
    /// # Errors
    /// If the commits cannot be read.
    pub fn unpushed_since(&self, tip: Oid, others: &[Oid]) -> Result<Vec<Oid>> {
        let others = others.iter().map(|other| format!("^{other}"));
        let words = ["rev-list".to_owned(), tip.to_string()];
        let words = words.into_iter().chain(others);
        self.listed(words.chain(["--not".to_owned(), "--remotes".to_owned()]))
    }

    fn listed(&self, words: impl Iterator<Item = String>) -> Result<Vec<Oid>> {
        oids(self.git().args(words))
    }
}

/// The ids that a call prints, a line each.
fn oids(call: Git) -> Result<Vec<Oid>> {
    let output = call.run()?;
    let text = String::from_utf8_lossy(&output).into_owned();
    Ok(text.lines().map(str::parse).collect::<Result<_, _>>()?)
}
