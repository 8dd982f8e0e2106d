//! The next step: what to do about a refusal.

use super::{ByHand, Document, Refusal, Return, STANDARD_INPUT, UnderWay};
use crate::domain::board::Blockers;
use crate::domain::branch::MISSION_PREFIX;
use crate::domain::git_version::first_with;
use crate::domain::layout;
use crate::domain::status::Status;

impl Refusal {
    /// What to do next, as a command where there is one.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Commit(refusal) => refusal.hint(),
            Self::Merge(refusal) => refusal.hint(),
            Self::Review(refusal) => refusal.hint(),
            Self::Damaged { document: Document::Setup, file, .. } => {
                format!("use the version of git-kitty that wrote it, or remove `{file}` and run `git kitty install`")
            }
            Self::Damaged { document: Document::Overrides, file, .. } => {
                format!("what is in force is granted again by `git kitty override`; or remove `{file}`")
            }
            Self::Damaged { document: Document::AgentRecord, file, .. } => {
                format!("remove `{file}`, and take what it speaks of out of the tools' settings by hand")
            }
            Self::Damaged { document: Document::AgentSettings, file, .. } => {
                format!("mend `{file}`, or put it aside, and try again; nothing was changed")
            }
            Self::Damaged { document: Document::Policy, .. } => format!(
                "commit a `{}` that can be read, and nothing else with it: that commit passes",
                layout::POLICY
            ),
            Self::Damaged { file, .. } if file == STANDARD_INPUT => {
                "mend the input from that line on, and give it again".to_owned()
            }
            Self::Damaged { file, .. } => format!("mend `{file}`, or restore it from Git, and try again"),
            Self::FileUnreadable { .. } => "name a file that is there, or `-` for standard input".to_owned(),
            Self::PathOutside { .. } => {
                "name a path inside the work tree; paths count from where you are".to_owned()
            }
            Self::NotARepository { .. } => "go to a repository, or name one with `-C PATH`".to_owned(),
            // Inside of the repository git would fail.
            Self::WorkTreeMissing { config, .. } => format!(
                "bring it back, or take the setting out: `git -C / config --file {} --unset \
                 core.worktree`",
                quoted(config)
            ),
            Self::UntrustedRepository { path } => {
                format!("if you trust it: `git config --global --add safe.directory {path}`")
            }
            Self::EventConflict { contradictions } => {
                let seconds: Vec<_> = contradictions.iter().map(|c| c.second.as_str()).collect();
                let seconds = seconds.join(", ");
                format!("find out with `git log` which line is right, and take {seconds} out if it is not")
            }
            Self::SnapshotUnproven { path, .. } => {
                let log = path.replace("status.json", "status.events.jsonl");
                format!("merge `{log}` first, then `git kitty event reduce {log} > {path}`")
            }
            Self::IdentityUnknown => {
                "`git config user.name NAME` and `git config user.email ADDRESS`".to_owned()
            }
            Self::UnknownStatus { .. } => {
                format!("one of: {}", Status::ALL.map(Status::as_str).join(", "))
            }
            Self::IllegalTransition { from, .. } => {
                let legal = Status::ALL.into_iter().filter(|to| from.allows(*to));
                match legal.map(Status::as_str).collect::<Vec<_>>().as_slice() {
                    [] => format!("nothing but `--force --reason T` leads out of {from}"),
                    legal => format!("from {from} go to {}; or `--force --reason T`", legal.join(", ")),
                }
            }
            Self::OutputUnwritten { .. } => {
                "what was done is done: `git kitty status` shows it; make room, or ask again".to_owned()
            }
            Self::NotClaimable { mission, wp_id, from } => {
                let step = format!("git kitty wp move {wp_id} --mission {mission} --to");
                if from.allows(Status::InProgress) {
                    format!("`{step} in_progress` goes on with it")
                } else {
                    format!("`{step} planned --force --reason …` starts it again")
                }
            }
            Self::TransitionGuard { missing, .. } => {
                let options = missing.iter().map(|missing| missing.option()).collect::<Vec<_>>();
                format!("give {}", options.join(" and "))
            }
            Self::ForceIncomplete => "give `--actor NAME` and `--reason T`".to_owned(),
            Self::DestinationShape { .. } | Self::DestinationNotLocal { .. } => {
                "give the short name of a local branch, as in `kitty/mission-x-01ABCDEF`".to_owned()
            }
            Self::DestinationRemote { name } => format!("`git branch {name} origin/{name}`"),
            Self::DestinationMissing { name } => {
                format!("fetch it, or bring it back: `git branch {name} COMMIT`")
            }
            Self::DestinationUnborn { name } => {
                format!("commit something on `{name}` first: `git commit --allow-empty -m Begin`")
            }
            Self::DestinationProtected { .. } => {
                "open the work package's lane, whose branch takes it, or give the mission a coordination branch that is not protected (`mission adopt`)".to_owned()
            }
            Self::DoubleEventId { .. } => {
                "leave `event_id` out: each event gets an id of its own".to_owned()
            }
            Self::LogRegressed { regression } => regression.next_step(),
            Self::PublishRefused { .. } => {
                "nothing was changed: satisfy the hook, or have its owner let this branch pass, and \
                 try again"
                    .to_owned()
            }
            Self::SeveralDestinations { .. } => {
                "leave `--batch` out, so that each line is a commit of its own; or give the lines of \
                 each branch apart"
                    .to_owned()
            }
            Self::PublishLost { .. } => "try again".to_owned(),
            Self::NotPersisted { .. } => {
                "look at the branch with `git log -p`: another tool rewrote it meanwhile".to_owned()
            }
            Self::TimeExhausted { .. } => {
                "look at the event with that time: it cannot be right".to_owned()
            }
            Self::MissionOfBranchMissing { .. } => "plan the lane, or check out the branch that holds the \
                 mission's `kitty-specs/` in the primary checkout; rename this branch if it is no lane"
                .to_owned(),
            Self::CoordinationBranchDeleted { branch, tip: Some(tip), .. } => {
                format!("bring it back: `git branch {branch} {tip}`")
            }
            Self::CoordinationBranchDeleted { branch, tip: None, .. } => format!(
                "bring it back: `git fetch origin {branch}:refs/remotes/origin/{branch}`, then \
                 `git branch {branch} origin/{branch}`; or with its last commit, if somebody knows \
                 it: `git branch {branch} COMMIT`"
            ),
            Self::MissionClosed { .. } => {
                "`git kitty mission create` makes another one; `git for-each-ref refs/kitty` shows \
                 what is kept of this one"
                    .to_owned()
            }
            Self::MissionOnSeveralBranches { .. } => {
                "check out the right one in the primary checkout, or delete the others".to_owned()
            }
            Self::MissionNotFound { .. } => {
                "`git kitty mission list --all` shows those there are".to_owned()
            }
            Self::MissionAmbiguous { candidates, .. } | Self::MissionRequired { candidates }
                if candidates.is_empty() =>
            {
                "`git kitty mission list --all` shows those there are".to_owned()
            }
            Self::MissionAmbiguous { candidates, .. } | Self::MissionRequired { candidates } => {
                format!("name one of: {}", candidates.join(", "))
            }
            Self::WpNotFound { mission, .. } => {
                format!("`git kitty status {mission}` shows those there are")
            }
            Self::DependencyCycle { .. } => {
                "take one of them out of the `dependencies` of the one before it".to_owned()
            }
            Self::LanesBegunApart { first, second, .. } => format!(
                "narrow the `owned_files` of {} or {}, or merge {} or {} first",
                first.0, second.0, first.1, second.1
            ),
            Self::PlanInvalid { .. } => "mend what is named, and finalize again: nothing has changed".to_owned(),
            Self::OwnsMissionFiles { .. } => format!(
                "take these globs out, or say `execution_mode: planning_artifact` if it plans: lanes \
                 never change `{}/`",
                layout::MISSIONS
            ),
            Self::PlanConflict { others, .. } if !others.is_empty() => {
                "nothing has changed: make them agree in one of these places, take what you wrote in \
                 the other one back, and finalize again"
                    .to_owned()
            }
            Self::PlanConflict { mission, .. } => format!(
                "nothing has changed: bring in what the branch has (`git show \
                 {MISSION_PREFIX}{mission}:PATH`), and finalize again"
            ),
            Self::PlanElsewhere { mission, target: None } => {
                format!("`git kitty mission adopt {mission}`")
            }
            Self::PlanElsewhere { mission, target: Some(target) } => format!(
                "change it on `{target}`, where Spec Kitty keeps it: `spec-kitty agent mission \
                 finalize-tasks --mission {mission}`"
            ),
            Self::PolicyRefMissing { .. } => {
                "`git config --unset kitty.policyRef`, or fetch the ref that it names".to_owned()
            }
            Self::EditInGitDirectory { .. } => "say what you want to git: `git config`, `git commit`, or \
                 `git kitty install` for hooks"
                .to_owned(),
            Self::RangeCommitMissing { .. } => {
                "fetch it (`git fetch origin`), or name a commit that is here, as in \
                 `origin/main..HEAD`"
                    .to_owned()
            }
            Self::RangeUnrelated { ends: [one, other] } => {
                format!("`{one}..{other}` judges every commit that `{other}` has")
            }
            Self::RangeBranchUnknown { .. } => "name it with `--branch B`".to_owned(),
            Self::ShallowRepository => {
                "`git fetch --unshallow`; in CI fetch the whole history: `fetch-depth: 0` of \
                 actions/checkout, `GIT_DEPTH: 0` of GitLab"
                    .to_owned()
            }
            Self::NoBranch => "switch to a branch, or name one with `--branch B`".to_owned(),
            Self::BranchNameInvalid { .. } => "give the short name of a branch, as in `main`".to_owned(),
            Self::ScopeGlobInvalid { .. } => {
                "give a glob such as 'src/pay/**', quoted for the shell".to_owned()
            }
            Self::ScopeOnMissionBranch { .. } => {
                "`owned_files` of the mission's work packages say what it may touch".to_owned()
            }
            Self::OverrideReasonMissing => "say why with `--reason T`: it is written down".to_owned(),
            Self::OverrideSpanInvalid { .. } => {
                "give a number and a unit, as in `90s`, `10m` or `2h`, up to a day".to_owned()
            }
            Self::OverrideBranchMissing { .. } => {
                "name a branch that is there, as in `--ref main`: `git branch -a` lists them".to_owned()
            }
            Self::OverrideNotNeeded { .. } => {
                "go on without: nobody guards the branch, or the policy's mode is not `block`".to_owned()
            }
            Self::OverrideDenied { .. } => format!(
                "do what the refusal says; `policy.override: deny` in `{}` changes only by a commit \
                 on the branch that governs",
                layout::POLICY
            ),
            Self::OverrideNotFound { .. } => "`git kitty override --list` shows those in force".to_owned(),
            Self::GitTooOld { .. } => "install git 2.38 or later".to_owned(),
            Self::ExtensionUnknown { extensions } => match first_with(extensions) {
                Some((major, minor)) => {
                    format!("install git {major}.{minor} or later, and put it first on PATH")
                }
                None => "put the git that made the repository first on PATH".to_owned(),
            },
            Self::HookChainedBroken { path, .. } => {
                format!("mend it, or remove it: `rm {}`", quoted(path))
            }
            Self::CanaryRefused { .. } => {
                "nothing is wrong: `git kitty doctor --canary` asks for this to see whether hooks run"
                    .to_owned()
            }
            Self::HooksPathForeign { scope, .. } if scope == "command" => {
                "run it again without `-c core.hooksPath` and `GIT_CONFIG_COUNT`".to_owned()
            }
            Self::HooksPathForeign { own, .. } => {
                format!("install git 2.54 or later, or let this repository use its own hooks: `git config --local core.hooksPath {}`", quoted(own))
            }
            Self::ServerNotBare { .. } => "where people work, `git kitty install` installs the other hooks; on the server run it in the bare repository: `git -C DIRECTORY kitty install --server`".to_owned(),
            Self::HookTracked { .. } => {
                "install git 2.54 or later, or use a hooks directory outside version control: `git config --local --unset core.hooksPath`".to_owned()
            }
            Self::HookReplaced { path, chained } => {
                format!("keep one of the two: `mv {0} {1}` keeps the new one, `rm {0}` the old one; then try again", quoted(path), quoted(chained))
            }
            Self::HookPlaceTaken { path, .. } => format!("move `{path}` away and try again"),
            Self::HookBinaryMissing { name } => {
                format!("put `{name}` beside `git-kitty`, or into a directory on PATH")
            }
            Self::FileLocked { lock } => {
                format!("try again; if no other process is at work, remove `{lock}`")
            }
            Self::SettingInvalid { key, expected, .. } => {
                format!("set it to {expected}: `git config {key} VALUE`")
            }
            Self::MissionNameInvalid { .. } => {
                "`git kitty mission list` shows those there are".to_owned()
            }
            Self::MissionSlugInvalid { proposal: Some(slug), .. } => {
                format!("`git kitty mission create {slug}`")
            }
            Self::MissionSlugInvalid { proposal: None, .. } => {
                "choose one or a few words, as in `git kitty mission create user-login`".to_owned()
            }
            // Of a mission with a coordination branch the transaction says it.
            Self::ClaimBlocked { mission, blockers, .. } if is_protected(blockers) => format!(
                "`git kitty mission adopt {mission}` gives the mission a branch of its own, which takes \
                 it"
            ),
            Self::ClaimBlocked { mission, blockers, .. } => {
                let is_elsewhere =
                    blockers.workspace.iter().any(|(code, _)| *code == "BRANCH_CHECKED_OUT");
                let way = if is_elsewhere { "`git kitty doctor` says how to free it; " } else { "" };
                format!("{way}`git kitty ready {mission}` shows what can start now")
            }
            Self::ClaimHeld { mission, wp_id, .. } => format!(
                "`git kitty ready {mission}` shows what is free; if nobody works on it any more: {}",
                taking_over(mission, wp_id)
            ),
            Self::ClaimTakenOver { mission, wp_id, .. } => {
                format!("leave it to them, or take it back: {}", taking_over(mission, wp_id))
            }
            Self::ClaimUnfinished { mission, wp_id, hint, .. } => {
                let again =
                    format!("`git kitty wp claim {wp_id} --mission {mission}` again does the rest");
                hint.as_ref().map_or_else(|| again.clone(), |hint| format!("{hint}; then {again}"))
            }
            Self::MissionNotLanded { mission, .. } => format!(
                "merge it first; `git kitty mission close {mission} --discard` gives it up, \
                 `--keep-branches` removes its worktrees only"
            ),
            Self::AdoptionBranchTaken { mission, branch, target, .. } => format!(
                "merge it into `{target}`, or keep it under another name: `git branch -m {branch} \
                 work/{mission}`; then `git kitty mission adopt {mission}`"
            ),
            Self::AdoptionOutside { mission, .. } => format!(
                "put what it leads to in its place, then `git kitty mission adopt {mission}`"
            ),
            Self::AdoptionNeedsCheckout { mission, target } => format!(
                "`git switch {target}` in the primary checkout, then `git kitty mission adopt {mission}`"
            ),
            Self::MissionExists { slug, .. } => {
                format!("choose another name, e.g. `{slug}-2`; `git kitty mission list --all` shows all")
            }
            Self::NoPlanningDirectory { .. } => {
                "name the directory that has `tasks/WP01-title.md`, or `spec.md`, right in it".to_owned()
            }
            Self::TargetUnborn { .. } => {
                "make its first commit, e.g. `git commit --allow-empty -m Begin`".to_owned()
            }
            Self::TargetMissing { name, remote: Some(remote) } => {
                format!("make it first: `git branch --track {name} {remote}`")
            }
            Self::TargetMissing { name, remote: None } => {
                format!("`git branch` lists those that there are; `git branch {name} COMMIT` makes it")
            }
            Self::TargetNotLocal { branch: Some(branch), .. } => {
                format!("name the local branch: `--target {branch}`")
            }
            Self::TargetNotLocal { name, branch: None } => {
                format!("name a local branch; `git branch NAME {name}` makes one there")
            }
            Self::TargetRequired => {
                "name the branch to land on: `git kitty mission create … --target main`".to_owned()
            }
            Self::TargetIsAMissions { .. } => {
                "name the branch to land on with `--target`, e.g. `--target main`".to_owned()
            }
            Self::KeyNotEditable { key, .. } => {
                format!("write `{key}` once, with a single plain value, and try again")
            }
            Self::LockTimeout { .. } => {
                "try again; `git config kitty.lockTimeout 2m` waits longer".to_owned()
            }
            Self::OutcomeUnknown { mission, .. } => {
                format!("look whether they are there, and only then try again: `git kitty log {mission} -n 20`")
            }
            Self::LockReentered { .. } => {
                "finish the first write before the next one begins".to_owned()
            }
            Self::RefLocked { lock, .. } => {
                format!("try again; if no other process is at work, remove `{lock}`")
            }
            Self::RefNameConflict { existing, .. } => {
                format!("choose another name, or delete or rename `{existing}`")
            }
            Self::RefSymbolic { name } => {
                format!("let it hold a commit again: `git symbolic-ref --delete {name}`, then create the branch")
            }
            Self::Quarantined => "run it outside of a `pre-receive` hook".to_owned(),
            Self::NotWritable { place, .. } => format!(
                "`ls -ld {}` tells whose it is: let the user who works here write there, and try again",
                quoted(place)
            ),
            Self::ObjectNotWritten { .. } => {
                "make room or give permission, and try again: nothing has changed".to_owned()
            }
            Self::RefNotWritten { .. } => {
                "make room or give permission, and try again".to_owned()
            }
            Self::SigningFailed { .. } => {
                "mend `user.signingKey`, or sign no commits here: `git config commit.gpgSign false`".to_owned()
            }
            Self::WorktreeDirty { worktree, .. } => {
                format!("commit or move away what stands there: `git -C {} status`", quoted(worktree))
            }
            Self::WorktreePathTaken { path, .. } => {
                format!("look what it is, and move it away: `mv {0} {0}.old`", quoted(path))
            }
            Self::WorktreeMismatch { worktree, expected, back, .. } => {
                back.commands(&quoted(worktree), expected)
            }
            Self::WorktreeBusy { worktree, under_way } => ending(&quoted(worktree), *under_way),
            Self::HeadLost { commit, .. } | Self::CommitLeftBehind { commit, .. } => {
                format!("keep that commit: `git branch KEEP {commit}`; then try again")
            }
            Self::RecordKept { worktree, .. } => format!(
                "if nobody needs that any more: `git worktree remove {}`; then try again",
                quoted(worktree)
            ),
            Self::WorktreeMoved { worktree, .. } => {
                format!("`git worktree repair {}` tells Git where it is", quoted(worktree))
            }
            Self::WorktreeNotClean { worktree, .. } => {
                format!("commit it or take it away: `git -C {} status`", quoted(worktree))
            }
            Self::WorktreeLocked { worktree, .. } => {
                format!("if nobody needs that any more: `git worktree unlock {}`", quoted(worktree))
            }
            Self::WorktreeNotMade { .. } => "mend what git names, and try again".to_owned(),
            Self::BranchCheckedOut { worktree, place: Some(place), .. } => format!(
                "move it to where it belongs: `git worktree move {0} {1}`; or check out another \
                 branch there: `git -C {0} switch --detach`",
                quoted(worktree),
                quoted(place)
            ),
            Self::BranchCheckedOut { worktree, place: None, .. } => {
                format!("check out another branch there: `git -C {} switch --detach`", quoted(worktree))
            }
            Self::NoCoordinationBranch { mission } => {
                format!("`git kitty mission adopt {mission}` gives the mission one")
            }
            Self::LaneNotFound { mission, .. } => {
                format!("`git kitty lane list --mission {mission}` shows those there are")
            }
            Self::LaneRequired { .. } => "name one, or stand in its worktree".to_owned(),
            Self::LaneOfPlanning { target } => {
                format!("work in the primary checkout, on `{target}`")
            }
            Self::LaneNotOpen { mission, lane, .. } => {
                format!("`git kitty lane open {lane} --mission {mission}`")
            }
            Self::LaneBranchForeign { branch, .. } => {
                format!("give it another name, then try again: `git branch -m {branch} KEEP`")
            }
            Self::LaneNotContained { branch, .. } => {
                format!(
                    "merge the lane first; to give the commits up: `git worktree remove` its worktree, \
                     then `git branch -D {branch}`"
                )
            }
            Self::DependencyConflict { by_hand, .. } | Self::LaneSyncConflict { by_hand, .. } => {
                by_hand.commands()
            }
            Self::DeliveryNotFound { .. } => "`git kitty outbox` shows those there are".to_owned(),
            Self::UnknownCommand { suggestion: Some(name), .. } => {
                format!("did you mean `git kitty {name}`?")
            }
            Self::UnknownCommand { suggestion: None, .. } => {
                "`git kitty help` lists the commands".to_owned()
            }
        }
    }
}

/// The commands that end what is under way in a worktree.
fn ending(there: &str, under_way: UnderWay) -> String {
    let begun = format!("git -C {there} {}", under_way.command());
    match under_way {
        UnderWay::Bisect => format!("end it: `{begun} reset`"),
        UnderWay::Merge
        | UnderWay::CherryPick
        | UnderWay::Revert
        | UnderWay::Rebase
        | UnderWay::Am => {
            format!("finish it or give it up: `{begun} --continue` or `{begun} --abort`")
        }
    }
}

impl Return {
    fn commands(self, there: &str, branch: &str) -> String {
        match self {
            Self::End(under_way) => format!("{}; then try again", ending(there, under_way)),
            Self::KeepAndSwitch => format!(
                "commit what is there; `git -C {there} branch KEEP` keeps its commits; then `git -C \
                 {there} switch {branch}`"
            ),
            Self::Rename => format!("the branch was renamed: `git -C {there} branch -m {branch}`"),
            Self::Switch => {
                format!("commit what is there; then `git -C {there} switch {branch}`")
            }
        }
    }
}

impl ByHand {
    fn commands(&self) -> String {
        let Self { mission, into, worktree, branch } = self;
        let there = quoted(worktree);
        format!(
            "nothing was changed; merge by hand: `git kitty lane open {into} --mission {mission}`; `git \
             -C {there} merge {branch}`; mend the files there; `git -C {there} commit -a --no-edit`; \
             and try again"
        )
    }
}

/// The command that takes a work package over from whoever has it.
#[must_use]
pub fn taking_over(mission: &str, wp_id: &str) -> String {
    format!("`git kitty wp claim {wp_id} --mission {mission} --takeover --reason …`")
}

/// Whether the branch that takes the claim is protected, which no waiting changes.
fn is_protected(blockers: &Blockers) -> bool {
    let protected = Refusal::DestinationProtected { name: String::new() }.code();
    blockers.policy.iter().any(|(code, _)| *code == protected)
}

/// A text as one word of a shell.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
