//! `git kitty lane`: the branches and worktrees that work packages are worked on in.

use std::fmt::Write as _;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::equip::told_tools;
use super::request::{commits, host, summary};
use super::{Answer, Context, Printable, run};
use crate::domain::id::LaneId;
use crate::domain::path::RepoPath;
use crate::domain::refusal::Warning;
use crate::flow::host::Host;
use crate::flow::lanes::{
    LaneWorktree, Site, Standing, State, SyncState, close, lane_of_checkout, list, make_worktree,
    open, sync,
};
use crate::flow::status::mission;
use crate::flow::transaction::Receipt;
use crate::git::Repo;
use crate::git::worktree::{How, Removed};
use crate::store::Mission;

/// The options of `lane`.
#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    #[command(subcommand)]
    action: Action,
    /// The mission: ULID, mid8, slug or directory (default: that of the branch, or the only open one)
    #[arg(long, value_name = "HANDLE", global = true)]
    mission: Option<String>,
}

#[derive(Debug, Clone, Subcommand)]
enum Action {
    /// List the lanes, and how their branches and worktrees stand
    List,
    /// Give a lane its branch and its worktree, or finish what was begun
    Open(Named),
    /// Bring the coordination branch into a lane
    Sync(Named),
    /// Put a lane's worktree and sparse checkout right
    Repair(Named),
    /// Remove a lane's worktree, then its branch, if nothing is lost by that
    Close(Named),
}

#[derive(Debug, Clone, Args)]
struct Named {
    /// The lane, e.g. lane-a (default: the one that one stands in, or the only one)
    #[arg(value_name = "LANE")]
    lane: Option<LaneId>,
}

/// What a command is about.
struct Task<'a> {
    repo: &'a Repo,
    host: Host,
    mission: &'a Mission,
    lane: LaneId,
}

/// The command.
#[must_use]
pub fn main() -> ExitCode {
    run("lane", answer)
}

fn answer(options: Options, context: &Context) -> Result<Answer<Value>> {
    let repo = Repo::discover(&context.directory)?;
    let mission = mission(&repo, options.mission.as_deref())?;
    let task = |named: Named, command| -> Result<Task<'_>> {
        let lane = lane_of_checkout(&repo, &mission, named.lane.as_ref())?;
        let host = host(&repo, context, command)?;
        Ok(Task { repo: &repo, host, mission: &mission, lane })
    };
    match options.action {
        Action::List => listed(&repo, &mission),
        Action::Open(named) => task(named, "lane open")?.open(),
        Action::Sync(named) => task(named, "lane sync")?.sync(),
        Action::Repair(named) => task(named, "lane repair")?.repair(),
        Action::Close(named) => task(named, "lane close")?.close(),
    }
}

/// How a worktree came to be, as JSON has it.
pub(super) const fn made(how: How) -> &'static str {
    match how {
        How::Present => "present",
        How::Created => "created",
        How::Completed => "completed",
        How::Restored => "restored",
    }
}

fn listed(repo: &Repo, mission: &Mission) -> Result<Answer<Value>> {
    let standings = list(repo, mission)?;
    let entry = |standing: &Standing| {
        json!({
            "lane_id": standing.lane_id.as_str(),
            "branch": standing.branch,
            "worktree": standing.worktree.display().to_string(),
            "base": standing.base,
            "state": standing.state.as_str(),
            "wp_ids": standing.wp_ids.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    };
    let lanes: Vec<Value> = standings.iter().map(entry).collect();
    let human = if standings.is_empty() {
        "no lanes\n".to_owned()
    } else {
        standings.iter().map(line).collect()
    };
    Ok(Answer::new(json!({ "mission_slug": mission.dir, "lanes": lanes }), human))
}

fn line(standing: &Standing) -> String {
    let state = standing.state.as_str().replace('_', " ");
    let ids: Vec<&str> = standing.wp_ids.iter().map(|id| id.as_str()).collect();
    let (lane, branch) = (&standing.lane_id, Printable(&standing.branch));
    let mut line = format!("{:<14} {state:<12} {branch}  {}", lane.as_str(), ids.join(", "));
    if standing.state == State::Elsewhere {
        let _ = write!(line, "  in {}", Printable(&standing.worktree.display().to_string()));
    }
    line + "\n"
}

impl Task<'_> {
    fn open(&self) -> Result<Answer<Value>> {
        let (opened, receipt) = open(self.repo, &self.host, self.mission, &self.lane)?;
        let made_now = self.worktree()?;
        let state = if opened.is_new { "created" } else { made(made_now.how) };
        let moved = opened.is_new.then_some("created");
        self.told(&opened.site, state, moved, (receipt, made_now.warnings))
    }

    fn repair(&self) -> Result<Answer<Value>> {
        let made_now = self.worktree()?;
        let state = made(made_now.how);
        let human = format!("{}: {state}\n", self.lane);
        let document = document(&made_now.site, state, Vec::new());
        Ok(Answer::new(document, human).with_warnings(made_now.warnings))
    }

    fn worktree(&self) -> Result<LaneWorktree> {
        let mut made = make_worktree(self.repo, &self.host, self.mission, (&self.lane, None))?;
        made.warnings.extend(told_tools(self.repo, &made.path));
        Ok(made)
    }

    fn sync(&self) -> Result<Answer<Value>> {
        let (synced, receipt) = sync(self.repo, &self.host, self.mission, &self.lane)?;
        let moved = (synced.state != SyncState::UpToDate).then_some(synced.state.as_str());
        self.told(&synced.site, synced.state.as_str(), moved, (receipt, Vec::new()))
    }

    fn close(&self) -> Result<Answer<Value>> {
        let (closed, receipt) = close(self.repo, &self.host, self.mission, &self.lane)?;
        let had_any = closed.worktree != Removed::Absent || closed.tip.is_some();
        let state = if had_any { "closed" } else { "absent" };
        let mut human = format!("{}: {state}\n", self.lane);
        let ignored = match &closed.worktree {
            Removed::Removed { ignored } => ignored.as_slice(),
            Removed::Absent => &[],
        };
        human.push_str(&gone_along(ignored));
        if let Some(tip) = closed.tip {
            let branch = Printable(closed.site.branch.as_str()).to_string();
            let _ = writeln!(human, "deleted {branch} (was {tip})");
        }
        let mut document = document(&closed.site, state, commits(&receipt));
        if let Value::Object(keys) = &mut document {
            let ignored = ignored.iter().map(ToString::to_string).collect();
            keys.insert("ignored_files".to_owned(), ignored);
        }
        Ok(Answer::new(document, human).with_warnings(receipt.warnings))
    }

    /// The answer to what may have moved the lane's branch, `moved` saying how.
    fn told(
        &self,
        site: &Site,
        state: &str,
        moved: Option<&str>,
        (receipt, more): (Receipt, Vec<Warning>),
    ) -> Result<Answer<Value>> {
        let mut all = commits(&receipt);
        let mut human = format!("{}: {}\n", self.lane, state.replace('_', " "));
        if receipt.commit.is_some() {
            human.push_str(&summary(&receipt));
        }
        if let (Some(outcome), Some(tip)) = (moved, self.repo.find(&site.name)?) {
            let (branch, message) = (site.branch.as_str(), self.repo.subject(tip)?);
            let _ = writeln!(human, "{} is at {tip}: {}", Printable(branch), Printable(&message));
            all.push(json!({"commit": tip.to_string(), "branch": branch, "message": message, "outcome": outcome}));
        }
        let warnings = receipt.warnings.into_iter().chain(more);
        Ok(Answer::new(document(site, state, all), human).with_warnings(warnings))
    }
}

/// How many ignored files a line names.
const NAMED: usize = 5;

/// The line that tells of ignored files which went with a worktree.
pub(super) fn gone_along(ignored: &[RepoPath]) -> String {
    if ignored.is_empty() {
        return String::new();
    }
    let names = ignored.iter().take(NAMED).map(|path| format!("`{path}`")).collect::<Vec<_>>();
    let names = names.join(", ");
    match ignored.len().saturating_sub(NAMED) {
        0 => format!("ignored files went with it: {names}\n"),
        rest => format!("ignored files went with it: {names} and {rest} more\n"),
    }
}

fn document(site: &Site, state: &str, commits: Vec<Value>) -> Value {
    json!({
        "lane_id": site.lane.id.as_str(),
        "branch": site.branch.as_str(),
        "worktree": site.path.display().to_string(),
        "base": site.base,
        "state": state,
        "commits": commits,
    })
}
