//! The sentence that a person reads.

use std::fmt;

use super::{Contradiction, Refusal};

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Commit(refusal) => refusal.fmt(f),
            Self::Merge(refusal) => refusal.fmt(f),
            Self::Review(refusal) => refusal.fmt(f),
            Self::Damaged { file, line: Some(line), what, .. } => {
                write!(f, "{file}:{line}: {what}")
            }
            Self::Damaged { file, line: None, what, .. } => write!(f, "{file}: {what}"),
            Self::FileUnreadable { file, what } => write!(f, "could not read `{file}`: {what}"),
            Self::PathOutside { path } => write!(f, "`{path}` is not inside the work tree"),
            Self::NotARepository { start } => write!(f, "`{start}` is in no Git repository"),
            Self::WorkTreeMissing { path, .. } => {
                write!(f, "the work tree `{path}` is not there, which `core.worktree` names")
            }
            Self::UntrustedRepository { path } => {
                write!(f, "the repository at `{path}` belongs to another user")
            }
            Self::EventConflict { contradictions } => {
                let each: Vec<_> = contradictions.iter().map(ToString::to_string).collect();
                f.write_str(&each.join("; "))
            }
            Self::SnapshotUnproven { path, what } => {
                write!(f, "`{path}` cannot be made anew: {what}")
            }
            Self::IdentityUnknown => write!(f, "git knows nobody to commit as"),
            Self::UnknownStatus { status } => write!(f, "Unknown lane: {status}"),
            Self::IllegalTransition { from, to } => write!(f, "Illegal transition: {from} -> {to}"),
            Self::OutputUnwritten { what } => {
                write!(f, "the answer cannot be written to standard output: {what}")
            }
            Self::NotClaimable { wp_id, from, .. } => {
                write!(f, "{wp_id} is {from}, and cannot be claimed")
            }
            Self::TransitionGuard { message, .. } => f.write_str(message),
            Self::ForceIncomplete => write!(f, "Force transitions require actor and reason"),
            Self::DestinationShape { name } => write!(f, "`{name}` is no short name of a branch"),
            Self::DestinationNotLocal { name } => write!(f, "`{name}` is no local branch"),
            Self::DestinationRemote { name } => {
                write!(f, "there is no branch `{name}` here, only `origin/{name}`")
            }
            Self::DestinationMissing { name } => write!(f, "there is no branch `{name}`"),
            Self::DestinationUnborn { name } => write!(f, "`{name}` has no commit yet"),
            Self::DestinationProtected { name } => {
                write!(f, "`{name}` is a protected branch, which takes no bookkeeping")
            }
            Self::DoubleEventId { event_id } => {
                write!(f, "the log has an event `{event_id}` already")
            }
            Self::LogRegressed { regression } => regression.fmt(f),
            Self::PublishRefused { branch, transition, message } => {
                write!(f, "a hook refused `{transition}` on `{branch}`: {message}")
            }
            Self::SeveralDestinations { branch, wp_id, other } => write!(
                f,
                "one commit cannot go to two branches: `{branch}`, and `{other}` where {wp_id} belongs"
            ),
            Self::PublishLost { branch } => write!(f, "others kept moving `{branch}`"),
            Self::NotPersisted { branch, event_id } => {
                write!(f, "the event `{event_id}` was published, and `{branch}` does not hold it")
            }
            Self::TimeExhausted { at } => write!(f, "no time follows `{at}`, which the log holds"),
            Self::MissionOfBranchMissing { branch, mission, lane } => {
                write!(
                    f,
                    "`{branch}` is named as a lane, but no mission `{mission}` with a `{lane}` in its \
                     `lanes.json` is to be found"
                )
            }
            Self::MissionClosed { mission } => write!(f, "mission `{mission}` is closed"),
            Self::CoordinationBranchDeleted { branch, mission, .. } => {
                write!(f, "the coordination branch `{branch}` of mission `{mission}` is gone")
            }
            Self::MissionOnSeveralBranches { mission, branches } => {
                let branches = branches.join("`, `");
                write!(f, "mission `{mission}` is planned on several branches: `{branches}`")
            }
            Self::MissionNotFound { handle } => write!(f, "no mission is called `{handle}`"),
            Self::MissionAmbiguous { handle, .. } => {
                write!(f, "several missions are called `{handle}`")
            }
            Self::MissionRequired { candidates } if candidates.is_empty() => {
                write!(f, "there is no open mission")
            }
            Self::MissionRequired { .. } => write!(f, "several missions could be meant"),
            Self::WpNotFound { wp_id, mission } => {
                write!(f, "mission `{mission}` has no work package `{wp_id}`")
            }
            Self::DependencyCycle { wp_ids } => {
                let circle = wp_ids.iter().chain(wp_ids.first());
                let circle: Vec<&str> = circle.map(String::as_str).collect();
                write!(f, "work packages depend on each other: {}", circle.join(" -> "))
            }
            Self::LanesBegunApart { first, second, why } => write!(
                f,
                "{} and {} would have to share a lane, and work has begun in {} and {}: {why}",
                first.0, second.0, first.1, second.1
            ),
            Self::PlanInvalid { faults } | Self::OwnsMissionFiles { faults } => {
                let each: Vec<String> = faults.iter().map(ToString::to_string).collect();
                match each.as_slice() {
                    [only] => f.write_str(only),
                    all => write!(f, "the plan has {} faults: {}", all.len(), all.join("; ")),
                }
            }
            Self::PlanConflict { paths, place, others, .. } => {
                let quoted = |names: &[String], between: &str| {
                    let names = names.iter().map(|name| format!("`{name}`"));
                    names.collect::<Vec<_>>().join(between)
                };
                let other = match others.as_slice() {
                    [] => "on the coordination branch".to_owned(),
                    others => format!("in {}", quoted(others, " and ")),
                };
                write!(f, "changed in `{place}` and {other}: {}", quoted(paths, ", "))
            }
            Self::NoPlanningDirectory { directory, what } => {
                write!(f, "`{directory}` is no directory of planning files: {what}")
            }
            Self::PlanElsewhere { mission, .. } => {
                write!(f, "the plan of mission `{mission}` is not on a coordination branch")
            }
            Self::PolicyRefMissing { name } => {
                write!(f, "`kitty.policyRef` names `{name}`, which holds no policy")
            }
            Self::EditInGitDirectory { path } => {
                write!(f, "`{path}` is in a Git directory, in which only git writes")
            }
            Self::RangeCommitMissing { name } => write!(f, "`{name}` is no commit here"),
            Self::RangeUnrelated { ends: [one, other] } => {
                write!(f, "`{one}` and `{other}` have no commit in common")
            }
            Self::RangeBranchUnknown { tip, branches } if branches.is_empty() => {
                write!(f, "no branch ends with {tip}: nothing tells which its commits are for")
            }
            Self::RangeBranchUnknown { tip, branches } => {
                let branches = branches.join("`, `");
                write!(f, "several branches end with {tip}: `{branches}`")
            }
            Self::ShallowRepository => {
                write!(
                    f,
                    "the history of this clone is cut off: what is not there cannot be judged"
                )
            }
            Self::NoBranch => write!(f, "HEAD is detached: no branch is checked out"),
            Self::BranchNameInvalid { name } => write!(f, "`{name}` is no name of a branch"),
            Self::ScopeGlobInvalid { glob, what } => {
                write!(f, "the glob `{glob}` cannot be used: {what}")
            }
            Self::ScopeOnMissionBranch { branch } => {
                write!(f, "`{branch}` belongs to a mission, and so has no scope of its own")
            }
            Self::OverrideReasonMissing => write!(f, "an override needs a reason"),
            Self::OverrideSpanInvalid { text, fault } => {
                write!(f, "an override cannot last for `{text}`: that {fault}")
            }
            Self::OverrideBranchMissing { branch } => {
                write!(f, "there is no branch `{branch}`, here or on a remote")
            }
            Self::OverrideNotNeeded { branch } => {
                write!(f, "nothing is refused on `{branch}` that an override could let pass")
            }
            Self::OverrideDenied { branch } => {
                write!(f, "the policy of `{branch}` allows no override")
            }
            Self::OverrideNotFound { which } => write!(f, "no override is in force {which}"),
            Self::GitTooOld { found } => write!(f, "`{found}` is too old"),
            Self::ExtensionUnknown { extensions } => write!(
                f,
                "the git on PATH cannot read this repository: it does not know `{}`",
                extensions.join("`, `")
            ),
            Self::ServerNotBare { path } => {
                write!(f, "`{path}` is a work tree: the hook of a server is for bare repositories")
            }
            Self::HookChainedBroken { path, why } => {
                write!(f, "the hook that was there first cannot be run, `{path}`: {why}")
            }
            Self::CanaryRefused { what } => {
                write!(
                    f,
                    "the hooks of git-kitty {} run: they refuse `{what}` always",
                    env!("CARGO_PKG_VERSION")
                )
            }
            Self::HooksPathForeign { scope, value, .. } => {
                write!(
                    f,
                    "`core.hooksPath` is set to `{value}` in the {scope} configuration, which is not this repository's"
                )
            }
            Self::HookTracked { path } => {
                write!(
                    f,
                    "the hook `{path}` is under version control, and replacing it would change the work tree"
                )
            }
            Self::HookReplaced { path, chained } => {
                write!(
                    f,
                    "another tool wrote the hook `{path}`, and the hook from before is still in `{chained}`"
                )
            }
            Self::HookPlaceTaken { path, what } => {
                write!(f, "`{path}` is {what}: no hook can be put there")
            }
            Self::HookBinaryMissing { name } => {
                write!(f, "the hook program `{name}` was not found")
            }
            Self::FileLocked { lock } => write!(f, "another process holds the lock `{lock}`"),
            Self::SettingInvalid { key, value, .. } => {
                write!(f, "the setting `{key}` cannot be `{value}`")
            }
            Self::MissionNameInvalid { name } => {
                write!(f, "`{}` cannot be the name of a mission", name.escape_debug())
            }
            Self::MissionSlugInvalid { slug, fault, .. } => {
                write!(f, "`{}` cannot be the name of a new mission: {fault}", slug.escape_debug())
            }
            Self::ClaimBlocked { wp_id, blockers, .. } => {
                write!(f, "{wp_id} cannot be started: {}", blockers.reasons().join("; "))
            }
            Self::ClaimHeld { wp_id, actor, since, .. } => {
                write!(f, "{wp_id} is {actor}'s since {since}")
            }
            Self::ClaimTakenOver { wp_id, actor, epoch, .. } => {
                write!(f, "{wp_id} was claimed by {actor} since (epoch {epoch})")
            }
            Self::ClaimUnfinished { wp_id, what, .. } => {
                write!(f, "{wp_id} is claimed, but its worktree is not ready: {what}")
            }
            Self::MissionNotLanded { mission, target, branches } => {
                let each = branches.iter().map(|(branch, count)| format!("`{branch}` ({count})"));
                let all = each.collect::<Vec<_>>().join(", ");
                write!(f, "`{target}` does not have all commits of mission `{mission}`: {all}")
            }
            Self::AdoptionNeedsCheckout { mission, .. } => {
                write!(f, "the files of mission `{mission}` are not in the primary checkout")
            }
            Self::AdoptionOutside { path, real, .. } => {
                write!(f, "`{path}` is a symbolic link out of the repository, to `{real}`")
            }
            Self::AdoptionBranchTaken { mission, branch, target, commits } => {
                let first = commits.first().map(|id| id.chars().take(12).collect::<String>());
                let first = first.unwrap_or_default();
                let more = match commits.len() {
                    0 | 1 => String::new(),
                    many => format!(" and {} more", many - 1),
                };
                write!(
                    f,
                    "`{branch}` is to be the coordination branch of mission `{mission}`, and has work \
                     that neither `{target}` nor a lane has: {first}{more}"
                )
            }
            Self::MissionExists { slug, missions } => {
                let each = missions.iter().map(|(dir, why)| format!("`{dir}` ({why})"));
                let all = each.collect::<Vec<_>>().join(", ");
                write!(f, "there is a mission called `{slug}` already: {all}")
            }
            Self::TargetUnborn { name } => write!(f, "the branch `{name}` has no commit yet"),
            Self::TargetMissing { name, .. } => write!(f, "there is no branch `{name}` to land on"),
            Self::TargetNotLocal { name, .. } => {
                write!(f, "`{name}` is no local branch to land on")
            }
            Self::TargetRequired => f.write_str("no branch is checked out to land on"),
            Self::TargetIsAMissions { branch } => {
                write!(f, "`{branch}` is a branch of a mission, so that no other can land on it")
            }
            Self::KeyNotEditable { file, line, key, what } => {
                write!(f, "{file}:{line}: `{key}` cannot be changed on its own: {what}")
            }
            Self::LockTimeout { mission, waited, holder: Some(holder) } => {
                write!(f, "the mission `{mission}` was still locked after {waited}, by {holder}")
            }
            Self::LockTimeout { mission, waited, holder: None } => {
                write!(
                    f,
                    "the mission `{mission}` was still locked after {waited} by another process"
                )
            }
            Self::OutcomeUnknown { mission, event_ids } => write!(
                f,
                "another process took along what was to be written to `{mission}` ({}), and has not \
                 said what became of it",
                event_ids.join(", ")
            ),
            Self::LockReentered { mission } => {
                write!(f, "this process holds the lock of the mission `{mission}` already")
            }
            Self::RefLocked { name, .. } => write!(f, "another process keeps `{name}` locked"),
            Self::RefNameConflict { name, existing } => {
                write!(f, "`{name}` cannot be created, because `{existing}` exists")
            }
            Self::RefSymbolic { name } => {
                write!(f, "`{name}` is a symbolic ref, and would move another one")
            }
            Self::Quarantined => {
                write!(f, "no ref can move while pushed objects are in quarantine")
            }
            Self::RefNotWritten { branch, what } => {
                write!(f, "could not move `{branch}`: {what}")
            }
            Self::NotWritable { path, what, .. } => write!(f, "`{path}` cannot be written: {what}"),
            Self::ObjectNotWritten { path, what } => {
                write!(f, "could not store an object in `{path}`: {what}")
            }
            Self::SigningFailed { what } => write!(f, "the commit could not be signed: {what}"),
            Self::WorktreeDirty { worktree, paths } => {
                let names = paths.iter().map(|path| format!("`{path}`")).collect::<Vec<_>>();
                write!(
                    f,
                    "uncommitted changes in `{worktree}` stand in the way: {}",
                    names.join(", ")
                )
            }
            Self::WorktreePathTaken { path, what } => {
                write!(f, "no worktree can be at `{path}`: there is {what}")
            }
            Self::WorktreeMismatch { worktree, expected, found: Some(found), .. } => {
                write!(f, "the worktree `{worktree}` has `{found}` checked out, not `{expected}`")
            }
            Self::WorktreeMismatch { worktree, expected, found: None, .. } => {
                write!(f, "HEAD is detached in the worktree `{worktree}`, not on `{expected}`")
            }
            Self::WorktreeBusy { worktree, under_way } => {
                write!(f, "`git {}` is under way in the worktree `{worktree}`", under_way.command())
            }
            Self::HeadLost { worktree, commit } => write!(
                f,
                "the worktree `{worktree}` is gone, and only its record leads to the commit {commit} \
                 of its detached HEAD"
            ),
            Self::CommitLeftBehind { worktree, commit } => write!(
                f,
                "only the worktree `{worktree}` leads to the commit {commit}: HEAD was detached there, \
                 or a ref of the worktree names it"
            ),
            Self::RecordKept { worktree, what } => {
                write!(f, "the worktree `{worktree}` is gone, and of its record: {what}")
            }
            Self::WorktreeMoved { worktree, recorded } => write!(
                f,
                "the worktree `{worktree}` was moved there: its record has it in `{recorded}`, where it \
                 is not"
            ),
            Self::WorktreeNotClean { worktree, paths, .. } => {
                let paths = paths.join("`, `");
                write!(f, "the worktree `{worktree}` holds work that is not committed: `{paths}`")
            }
            Self::WorktreeLocked { worktree, reason } if reason.is_empty() => {
                write!(f, "the worktree `{worktree}` is locked")
            }
            Self::WorktreeLocked { worktree, reason } => {
                write!(f, "the worktree `{worktree}` is locked: {reason}")
            }
            Self::WorktreeNotMade { worktree, what } => {
                write!(f, "git refused the worktree `{worktree}`: {what}")
            }
            Self::BranchCheckedOut { branch, worktree, .. } => {
                write!(f, "`{branch}` is checked out in `{worktree}`")
            }
            Self::NoCoordinationBranch { mission } => {
                write!(f, "mission `{mission}` has no coordination branch")
            }
            Self::LaneNotFound { lane, mission } => {
                write!(f, "mission `{mission}` has no `{lane}`")
            }
            Self::LaneRequired { .. } => write!(f, "several lanes could be meant"),
            Self::LaneOfPlanning { target } => {
                write!(
                    f,
                    "the planning lane has no worktree: it is the primary checkout, on `{target}`"
                )
            }
            Self::LaneNotOpen { lane, branch, .. } => {
                write!(f, "{lane} is not open: there is no branch `{branch}`")
            }
            Self::LaneBranchForeign { branch, base } => {
                write!(f, "the branch `{branch}` has no commit in common with `{base}`")
            }
            Self::LaneNotContained { branch, commits } => write!(
                f,
                "`{branch}` has commits that neither coordination nor target branch has: {}",
                commits.join("; ")
            ),
            Self::DependencyConflict { lane, dependency, paths, .. } => write!(
                f,
                "{lane} depends on {dependency}, which cannot be merged into it: `{}`",
                paths.join("`, `")
            ),
            Self::LaneSyncConflict { lane, commit: Some(commit), paths, .. } => write!(
                f,
                "{lane} cannot be brought up to the coordination branch: `{commit}` conflicts with \
                 it in `{}`",
                paths.join("`, `")
            ),
            Self::LaneSyncConflict { lane, commit: None, paths, .. } => write!(
                f,
                "the coordination branch cannot be merged into {lane}: `{}`",
                paths.join("`, `")
            ),
            Self::DeliveryNotFound { id } => {
                write!(f, "no delivery of the outbox is called `{id}`")
            }
            Self::UnknownCommand { name, .. } => write!(f, "`git kitty {name}` is not a command"),
        }
    }
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { event_id, first, second } = self;
        write!(f, "{first} and {second} are different events with the same id `{event_id}`")
    }
}
