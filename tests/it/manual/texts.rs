//! What the arguments do not say: descriptions, exit statuses, examples, related pages.

/// The words of one page.
pub(super) struct Text {
    pub(super) name: &'static str,
    pub(super) description: &'static [&'static str],
    /// Statuses that mean something of their own here.
    pub(super) exit: &'static [(&'static str, &'static str)],
    /// Commands that a reader may copy, and what they do.
    pub(super) examples: &'static [(&'static str, &'static str)],
    pub(super) see_also: &'static [(&'static str, &'static str)],
}

pub(super) fn of(name: &str) -> &'static Text {
    ALL.iter().find(|text| text.name == name).unwrap()
}

/// Variables that git-kitty reads besides those of git.
pub(super) const ENVIRONMENT: &[(&str, &str)] = &[
    ("GIT_KITTY_ACTOR", "Who acts, where --actor does not say."),
    ("NO_COLOR", "If set and not empty, nothing is coloured unless --color always asks for it."),
];

/// One a command, in the order of `cli::commands`.
pub(super) const ALL: &[Text] = &[
    Text {
        name: "git-kitty",
        description: &[
            "Guards the work of people and agents that share one repository, each in a worktree of \
             their own. Hooks judge each commit by the files that a work package, or a branch, \
             owns, and refuse what does not fit with the reason and the next step.",
            "git kitty NAME starts the program git-kitty-NAME that stands beside git-kitty or on \
             PATH, so commands of others count too. The answer is on standard output; refusals, \
             warnings and hints are on standard error. With --format json the answer, or the \
             refusal, is one document with \"schema\": 1.",
        ],
        exit: &[],
        examples: &[
            ("git kitty init", "Set the repository up; the working tree stays clean."),
            ("git kitty help wp", "Tell about one command."),
            (
                "git kitty -C ../shop --format json status",
                "The board of another repository, for a script.",
            ),
        ],
        see_also: &[
            ("git-kitty-config", "5"),
            ("git-kitty-init", "1"),
            ("git-kitty-guard", "1"),
            ("git", "1"),
            ("githooks", "5"),
        ],
    },
    Text {
        name: "git-kitty-init",
        description: &[
            "Sets a repository up for all its worktrees: installs the hooks as git-kitty-install(1) \
             does, keeps .worktrees/ out of git status by a line in info/exclude, and lets \
             git-kitty-merge-driver(1) merge event logs and snapshots. The working tree stays as \
             it is, and without a policy file the defaults hold. A second run changes nothing.",
        ],
        exit: &[
            ("1", "A hook cannot be put in its place; nothing was changed."),
            ("5", "Not a repository, git is older than 2.38, or the hook programs are not found."),
        ],
        examples: &[
            ("git kitty init", "Set up the repository around the current directory."),
            ("git kitty init -C ../shop", "The same elsewhere."),
        ],
        see_also: &[
            ("git-kitty-install", "1"),
            ("git-kitty-scope", "1"),
            ("git-kitty-config", "5"),
        ],
    },
    Text {
        name: "git-kitty-install",
        description: &[
            "Installs the hooks for all worktrees, and shows for each worktree and hook how it \
             stands: installed, outdated, idle (out of a template, where nothing is set up: it passes \
             everything), missing, replaced (another tool wrote over it) or foreign (never ours). A hook that was there first runs before ours from then on, with its \
             arguments, input and exit status.",
            "Before git 2.54 a hook is a copy of our program in the hooks directory; from 2.54 on it \
             is named in the configuration. core.hooksPath counts if it is set in the repository or \
             worktree; set elsewhere, it is refused. Everything is checked before anything changes, \
             and --uninstall restores what was there byte for byte.",
            "Hooks are left out by --doors, or by kitty.doors of git-kitty-config(5) for good; \
             git-kitty-doctor(1) tells what is not judged for that.",
            "With --agent, tools that edit files are told to ask git-kitty-guard(1) before they \
             write one: a hook is put into .claude/settings.local.json, .codex/hooks.json or \
             .cursor/hooks.json of every worktree, also of lanes that are opened later, and every \
             other byte of these stays. A file that is made for it is kept out of git status; one \
             that is under version control is changed only where one stands. --uninstall takes it \
             out, with --agent or with everything else. docs/agents.md says what each tool makes \
             of it. Codex runs the hook once you have trusted it there, with /hooks.",
        ],
        exit: &[
            ("1", "A hook cannot be put in its place; nothing was changed."),
            ("2", "The settings of a tool cannot be read; nothing was changed."),
            ("4", "Another process holds the lock of a file that has to change."),
            ("5", "Not a repository, git is older than 2.38, or the hook programs are not found."),
        ],
        examples: &[
            ("git kitty install", "Install, or bring up to this version."),
            ("git kitty install --status", "Where the hooks are, and of which version."),
            ("git kitty install --agent claude", "Claude Code asks before it writes a file."),
        ],
        see_also: &[
            ("git-kitty-init", "1"),
            ("git-kitty-guard", "1"),
            ("githooks", "5"),
            ("git-config", "1"),
        ],
    },
    Text {
        name: "git-kitty-scope",
        description: &[
            "A branch that belongs to no mission may touch everything, until it gets a scope: then \
             a commit with a path that no glob matches is refused. The globs are kept in the \
             repository's configuration, so that all worktrees share them and they follow the \
             branch when it is renamed or deleted.",
            "* and ? stop at /, ** crosses it, a name without wildcards is also everything below \
             it, braces and classes work as usual. Case counts.",
        ],
        exit: &[
            ("1", "HEAD is detached, or the branch is one of a mission's."),
            ("2", "A glob could never match, or the name can be no branch's."),
        ],
        examples: &[
            ("git kitty scope add 'src/cart/**' docs", "Two globs for the current branch."),
            ("git kitty scope list --branch cart-totals", "What another branch may touch."),
            ("git kitty scope clear", "The branch is free again."),
        ],
        see_also: &[("git-kitty-why", "1"), ("git-kitty-guard", "1"), ("git-kitty-config", "5")],
    },
    Text {
        name: "git-kitty-mission",
        description: &[
            "Makes missions, looks at those in kitty-specs/, and closes them. A mission is read \
             from its coordination branch if its meta.json names one, else from the primary \
             checkout, whatever directory one stands in.",
            "create makes its id, its coordination branch at the target's tip, and its first files \
             there, in one transaction; no checkout is touched. Asked again, it finds the mission \
             that was made so.",
            "A mission is named by its ULID, the first eight characters of that, its slug or its \
             directory. Without a name the mission of the branch is meant that is checked out, else \
             the only one that is open.",
            "worktree finds or makes the coordination worktree, a view of the mission's branch in \
             .worktrees/ that follows each write while nobody's changes are in the way. Nothing of \
             git-kitty needs it; Spec Kitty reads statuses there.",
            "finalize makes a plan hold. It takes the regular files below kitty-specs/MISSION from \
             the primary checkout, whatever is checked out there, and what is not committed yet in \
             a worktree of the coordination branch; never the log and its snapshot, and of new \
             files none that git ignores. What changed on both sides since the last time is merged; \
             a conflict changes nothing. Work packages are checked, all faults told at once; lanes \
             are computed, and keep their ids; planning_base_branch and merge_target_branch become \
             the mission's target; who has no event yet gets its first one. All of it is one \
             commit on the coordination branch. Then the files that were taken get what the branch \
             has; nothing else in a checkout changes, and no index but that of a worktree of the \
             coordination branch. Killed in between, it is finished by running it again.",
            "adopt gives an older mission, which lives in the primary checkout and on its lanes, a \
             coordination branch with its files and the union of its logs. What older files say of \
             a status themselves becomes an event. In the checkout only meta.json changes, which \
             names the branch: commit that.",
            "close removes the worktrees and branches of a mission whose commits the target has, \
             and keeps its last commit at refs/kitty/landed/ID. All is looked at before anything \
             goes: changes that are not committed, commits that only a branch has. --discard gives a \
             mission up, merged or not; its branches' last commits stay below \
             refs/kitty/discarded/ID. --keep-branches removes the worktrees only.",
        ],
        exit: &[
            (
                "1",
                "No mission, or several, can be meant; finalize: the plan has faults, or a \
                 worktree holds changes in the way.",
            ),
            ("2", "A file of the mission cannot be read."),
            (
                "3",
                "Its logs give one id to different events; finalize: planning files changed on \
                 both sides.",
            ),
        ],
        examples: &[
            ("git kitty mission create checkout-flow", "A mission that lands on this branch."),
            ("git kitty mission show checkout-flow", "One mission with its lanes."),
            ("git kitty mission finalize checkout-flow --dry-run", "What would become of a plan."),
        ],
        see_also: &[("git-kitty-status", "1"), ("git-kitty-wp", "1")],
    },
    Text {
        name: "git-kitty-wp",
        description: &[
            "Looks at the work packages of one mission, which is found as git-kitty-mission(1) \
             tells, and moves them through their life: planned, claimed, in_progress, for_review, \
             in_review, approved, done; aside of it blocked and canceled.",
            "claim and move commit an event and the new snapshot to the mission's coordination \
             branch, whatever is checked out where; of an older mission, which has none, to the \
             work package's lane, else to the target branch. All of it is done or nothing is: the \
             command says that an event is there after reading it back. Worktrees that have the \
             branch checked out follow it.",
            "claim also opens the lane: its branch, cut from the coordination branch and from the \
             finished lanes that it depends on, in the same transaction as the event; its worktree \
             below .worktrees/, without the log and its snapshot; and the coordination worktree, \
             unless kitty.coordinationWorktree is false. It is refused, with the reasons by kind, \
             while dependencies are not finished, the lane is busy, something stands where the \
             worktree would be, or the file of the work package has faults. Run again by the same \
             actor it writes nothing twice, and does what an interrupted claim left undone.",
            "Each claim of a work package has an epoch, counted from 1. --takeover with --reason \
             claims what is somebody else's. From then on commits of whoever had it before are \
             refused with CLAIM_TAKEN_OVER: known by their worktree, which was opened for another \
             claim, by GIT_KITTY_ACTOR or the name git commits by, or by GIT_KITTY_EPOCH, which a \
             worker may set to the epoch that its claim was told.",
            "The first claim in a lane and the first step from for_review to in_review bring the \
             coordination branch into the lane; a conflict refuses the step, and nothing changes.",
            "A step that the table of statuses does not have is refused, and so is one whose guard \
             asks for more: a reviewer, a reason, finished subtasks, commits on the lane. --force \
             with --reason passes both, and the event says so. The actor is --actor, else \
             GIT_KITTY_ACTOR, else whom git would commit as.",
        ],
        exit: &[
            (
                "1",
                "No mission, or several, can be meant, it has no such work package, or the step \
                 is refused; nothing was changed.",
            ),
            ("2", "A file of the mission cannot be read, or there is no such status."),
            ("3", "Its logs give one id to different events."),
            ("4", "Another write on the mission took too long, or kept moving the branch."),
            ("5", "Git knows nobody to commit as."),
        ],
        examples: &[
            ("git kitty wp claim WP02 --actor claude", "From now on it is claude's."),
            (
                "git kitty wp claim WP02 --takeover --reason gone",
                "It is mine, and claude's commits are refused.",
            ),
            (
                "git kitty wp show WP02 --mission checkout-flow --format json",
                "What it owns and what it waits for, for a script.",
            ),
        ],
        see_also: &[
            ("git-kitty-status", "1"),
            ("git-kitty-log", "1"),
            ("git-kitty-mission", "1"),
            ("git-kitty-event", "1"),
        ],
    },
    Text {
        name: "git-kitty-lane",
        description: &[
            "A lane is a branch with a worktree in .worktrees/, in which the work packages that share \
             files are worked on. open cuts the branch from the mission's coordination branch, and \
             merges the lanes that it depends on, if they are finished and not there yet; then it \
             makes the worktree, whose sparse checkout leaves out the mission's event log and its \
             snapshot. An opening that was interrupted is finished by opening the lane again.",
            "sync brings the coordination branch into the lane: by fast-forward if the lane has no \
             commits of its own; else these are made again on top of it, or it is merged where one of \
             them was pushed, is a merge or is in another lane, or where a review approved of them \
             (kitty.syncStrategy says otherwise). It is computed in \
             memory: a conflict is refused, and nothing has changed. git-kitty-wp(1) does it at the \
             first claim in a lane, and when the first review begins.",
            "repair puts right what is missing or wrong: the worktree, its record, its sparse checkout, \
             files that did not follow a sync. Where somebody's files stand in the way it says so and \
             leaves them. close removes the worktree, if all of it is committed, then the branch, if \
             the coordination branch or the target has all of its commits.",
            "The lane is the one that is named, else the one that one stands in. The lane of planning \
             artefacts, lane-planning, is the primary checkout on the target branch.",
        ],
        exit: &[
            ("1", "Refused: what is in the way is named, and nothing of it was touched."),
            ("2", "A file of the mission cannot be read, or a setting is wrong."),
            ("3", "The branches conflict; nothing was changed."),
            ("4", "Another write on the mission took too long, or kept moving the branch."),
            ("5", "Git knows nobody to commit as."),
        ],
        examples: &[
            ("git kitty lane open lane-b", "Branch and worktree of a lane."),
            ("git kitty lane sync", "Bring the lane one stands in up to the coordination branch."),
            ("git kitty lane close lane-b", "Remove what was merged."),
        ],
        see_also: &[
            ("git-kitty-mission", "1"),
            ("git-kitty-wp", "1"),
            ("git-kitty-config", "5"),
            ("git-worktree", "1"),
        ],
    },
    Text {
        name: "git-kitty-review",
        description: &[
            "Lets several reviews run at once without being taken for one another. The move of a work \
             package to in_review, by git-kitty-wp(1), records commits in its event: base, which \
             the lane has in common with the mission's branch, and tip, the lane's last commit once it \
             is in step; and, where the lane depends on others, what it has of these, which have \
             reviews of their own. All that is said here of a review is said of these commits.",
            "open writes a prompt for a work package that is in review, a new file for each call: \
             below spec-kitty-review-prompts in the temporary directory (TMPDIR), by repository, \
             mission and work package, of each of which the last 20 are kept. Its front matter says \
             where it belongs: invocation_id, repo_root, mission_id, mission_slug, work_package_id, \
             lane_worktree, mission_branch, lane_branch, base_ref, prompt_path and created_at. \
             Nothing else changes.",
            "verify reads a prompt and compares all of that with the repository as it is now, and with \
             the record that open left in the Git directory. A copy, a link, a prompt that was edited, \
             of another clone, or of a repository or worktree that was moved since is refused, with \
             the fields that are missing or differ; so is any prompt that is not of the mission \
             (--mission) or work package (--wp) that is named.",
            "diff prints the patch between these commits, whatever the lane has now; that the lane has \
             moved since is a warning. Where an older event, or one of another tool, recorded no commits, \
             the lane is shown as it is, and a warning says so. In a pipe the patch is raw; on a \
             terminal, control characters are escaped.",
            "verdict ends the review: approved lets the work package be approved, changes_requested \
             brings it back to in_progress. Of two verdicts at once the second is refused.",
        ],
        exit: &[
            (
                "1",
                "Refused: not in review, a prompt that does not belong here, or a commit that is missing.",
            ),
            ("2", "A file of the mission cannot be read, or the arguments make no sense."),
            ("4", "Another write on the mission took too long, or kept moving the branch."),
            ("5", "Git knows nobody to commit as."),
        ],
        examples: &[
            ("git kitty review open WP01", "A prompt for a reviewer; its path is printed."),
            ("git kitty review verify FILE --wp WP01", "What a reviewer does first."),
            (
                "git kitty review verdict WP01 --verdict changes_requested --reference notes/1.md",
                "Send it back to work.",
            ),
        ],
        see_also: &[("git-kitty-wp", "1"), ("git-kitty-lane", "1"), ("git-kitty-status", "1")],
    },
    Text {
        name: "git-kitty-status",
        description: &[
            "The board: each mission with its progress and its work packages by status, and what \
             keeps those back that cannot start, as in git-kitty-ready(1). Without a name, all \
             missions; one that cannot be read is a warning then.",
            "With --watch it goes on: whenever a ref, a worktree or a planning file of the primary \
             checkout changes the board, it is shown again, on a terminal in its place. With \
             --format json each board is a document on a line of its own. An interrupt ends it, \
             and so does a closed pipe.",
        ],
        exit: &[
            ("1", "No mission, or several, fit the name."),
            ("2", "A file of the named mission cannot be read."),
            ("3", "Its logs give one id to different events."),
        ],
        examples: &[
            ("git kitty status", "All missions."),
            ("git kitty status checkout-flow --format json", "One mission, for a script."),
            ("git kitty status --watch", "What happens while others work."),
        ],
        see_also: &[("git-kitty-mission", "1"), ("git-kitty-wp", "1")],
    },
    Text {
        name: "git-kitty-ready",
        description: &[
            "The planned work packages of all missions, or of the one that is named: those that can \
             be claimed now, and for each other one what stands in its way. That is a dependency \
             that is neither approved, done nor canceled; another work package that is being worked \
             on in the same lane; a worktree or a file where the lane would be; or a file of its own, \
             or a policy, that forbids it. The answer is the same from every directory.",
            "With --watch it goes on, as git-kitty-status(1) does.",
        ],
        exit: &[
            ("1", "No mission, or several, fit the name."),
            ("2", "A file of the named mission cannot be read."),
            ("3", "Its logs give one id to different events."),
        ],
        examples: &[
            ("git kitty ready", "What can be started in any mission."),
            ("git kitty ready checkout-flow --format json", "One mission, for a script."),
        ],
        see_also: &[("git-kitty-status", "1"), ("git-kitty-wp", "1")],
    },
    Text {
        name: "git-kitty-log",
        description: &[
            "Shows the events of one mission, which is found as git-kitty-mission(1) tells: one a \
             line, as stored, in the order in which they count. Filters join: an event must pass \
             all of them.",
            "With --follow it goes on until nobody reads its output any more. Each event comes \
             once, wherever the log moves.",
            "A log only grows. Commands that read one warn if it lost or changed lines since this \
             clone saw it last, and nothing is written to a coordination branch then. The message \
             says how the lines come back; --accept takes the log as it is instead, and prints no \
             events.",
        ],
        exit: &[
            ("1", "No mission, or several, can be meant."),
            ("2", "The log cannot be read, or a filter makes no sense."),
            ("3", "The mission's logs give one id to different events."),
        ],
        examples: &[
            ("git kitty log -n 5", "The last five events."),
            ("git kitty log --wp WP02 --kind lane --since 2h", "How WP02 moved of late."),
            ("git kitty log checkout-flow --follow", "What there is, and what comes."),
        ],
        see_also: &[("git-kitty-status", "1"), ("git-kitty-event", "1")],
    },
    Text {
        name: "git-kitty-forecast",
        description: &[
            "Shows what git-kitty-merge(1) would meet if it were run now, while the work goes on: each \
             two lanes of a mission, each lane and the target, all lanes one behind the other in the \
             order of their dependencies, and the target behind them, with the paths of each \
             conflict. Every lane counts that has a branch and is not canceled, finished or not. In \
             the train a lane that conflicts is left out, and the next one comes. If another order of \
             the lanes has fewer conflicts, it is proposed.",
            "Merges are made as git-kitty-merge(1) makes them, where nobody sees them: no ref, index or \
             worktree changes, and no object stays. What was found out is remembered by the ids of the \
             commits, so that only what moved is merged again; what touches nothing that another \
             side touches needs no merge then.",
            "Conflicts are what is asked for: the exit status is 0 with them, too. With --watch it goes \
             on, as git-kitty-status(1) does.",
        ],
        exit: &[
            ("1", "No mission, or several, fit the name."),
            ("2", "A file of the mission cannot be read."),
            ("3", "Its logs give one id to different events."),
        ],
        examples: &[
            ("git kitty forecast", "What the lanes would meet."),
            ("git kitty forecast checkout-flow --format json", "One mission, for a script."),
            ("git kitty forecast --watch", "The same while others work."),
        ],
        see_also: &[
            ("git-kitty-merge", "1"),
            ("git-kitty-lane", "1"),
            ("git-kitty-status", "1"),
            ("git-merge-tree", "1"),
        ],
    },
    Text {
        name: "git-kitty-merge",
        description: &[
            "Merges the lanes whose work packages are all approved, done or canceled into the \
             mission's coordination branch, in the order of their dependencies; then, if every work \
             package is finished, lands that on the target. All is computed in memory, and one \
             transaction moves coordination branch, target and operation log (refs/kitty/oplog): all \
             of it, or nothing. Worktrees that have a moved branch checked out follow; one with \
             changes in the way is refused before anything moves.",
            "What is in the way is told at once, all of it: work packages and dependencies that are \
             not finished, reviews that ask for changes, commits that a lane may not have, \
             uncommitted changes, a target that is not in step with the branch that it follows.",
            "Whatever the strategy, the tree that lands is the three-way merge of both sides, as git \
             makes it with fixed settings: nothing that the target got meanwhile is lost. Merge \
             drivers of others are not run; a path that has one and was changed on both sides is a \
             conflict. The landing leaves a certificate in the mission's log, which \
             git-kitty-verify-landing(1) recomputes on any clone; git-kitty-undo(1) takes it back.",
            "A conflict moves nothing. --resolve opens a worktree with it; edit the files there, git \
             add them, and --continue takes them and goes on; --abort leaves no trace.",
        ],
        exit: &[
            ("1", "Something is in the way; nothing has moved."),
            ("2", "A file of the mission cannot be read, or the arguments make no sense."),
            ("3", "A conflict; nothing has moved."),
            ("4", "Another write on the mission took too long, or kept moving the branches."),
            ("5", "Git knows nobody to commit as."),
        ],
        examples: &[
            ("git kitty merge --dry-run", "What would be done, or what is in the way."),
            ("git kitty merge --strategy squash", "Land the mission as one commit."),
            ("git kitty merge --pr", "Land on a branch for a pull request instead."),
        ],
        see_also: &[
            ("git-kitty-forecast", "1"),
            ("git-kitty-verify-landing", "1"),
            ("git-kitty-undo", "1"),
            ("git-kitty-lane", "1"),
            ("git-kitty-mission", "1"),
            ("git-merge-tree", "1"),
        ],
    },
    Text {
        name: "git-kitty-verify-landing",
        description: &[
            "Recomputes from commits alone what the certificate of a mission's last landing says: that \
             what came to the target is the merge of both sides and nothing else, that every change \
             which the target had got by then is in it, that each lane was merged as git does or as a \
             person resolved it, and that every work package was finished and no review spoke against \
             it. Any clone that has the target and the mission's commits can do so: those of a closed \
             mission are kept at refs/kitty/landed/.",
        ],
        exit: &[("1", "It does not hold, or there is nothing to verify; the message says what.")],
        examples: &[
            ("git kitty verify-landing checkout-flow", "Whether it landed as it says."),
            ("git kitty --format json verify-landing checkout-flow", "The same, for a script."),
        ],
        see_also: &[("git-kitty-merge", "1"), ("git-kitty-mission", "1")],
    },
    Text {
        name: "git-kitty-undo",
        description: &[
            "Takes back the last merge of the operation log: each ref goes back to where it was, and \
             worktrees follow. The mission's log keeps all its lines and gets events that take the \
             merge's back, so that the lanes can be merged again.",
            "Refused if a ref is not where the merge put it, if a remote or another branch has what it \
             made, or if a worktree has changes in the way.",
        ],
        exit: &[("1", "Refused: what is in the way is named, and nothing has moved.")],
        examples: &[
            ("git kitty undo --dry-run", "What would be taken back."),
            ("git kitty undo", "Take the last merge back."),
        ],
        see_also: &[("git-kitty-merge", "1"), ("git-reflog", "1")],
    },
    Text {
        name: "git-kitty-why",
        description: &[
            "Tells of each path which work packages own it, and what a commit on this branch would \
             be told about it. On a branch of a mission its own work packages are asked, elsewhere \
             those of all missions.",
        ],
        exit: &[
            ("0", "The answer was given, also if it is that the path would be refused."),
            ("2", "The policy or a file of the mission cannot be read."),
        ],
        examples: &[
            ("git kitty why src/pay/refund.rs", "Whose is it, and may this branch touch it?"),
            (
                "git kitty why --branch cart-totals src/cart docs/index.md",
                "The same for another branch.",
            ),
        ],
        see_also: &[("git-kitty-guard", "1"), ("git-kitty-scope", "1"), ("git-kitty-wp", "1")],
    },
    Text {
        name: "git-kitty-guard",
        description: &[
            "Judges a change as the pre-commit hook does: the staged change, or paths as if each \
             were changed. During the conclusion of a merge only what differs from the automatic \
             merge is judged.",
            "--range judges commits that were made already, as CI does: each commit that B has and A \
             has not, by itself, for the branch of --branch; else for the one that B names, HEAD's \
             if B is its tip, or the only one whose tip B is. On a lane every work package counts \
             that was ever claimed, and commits that come from its target, its coordination branch \
             and lanes that it may take are left out. Missions, policy and branches may be there as \
             remote-tracking refs only. A...B is the same, if both have a commit in common. An end \
             that is left out is HEAD, and the zero id as A leaves nothing out. The history must \
             not be cut off, as in a clone with --depth.",
            "Besides human and json the format may be github, for annotations by GitHub Actions, or \
             sarif, for a SARIF 2.1.0 log. docs/ci.md has ready files for CI.",
            "A glob may match less here than in Spec Kitty: --explain says so where it decides.",
            "--agent-hook is for tools that edit files, which git-kitty-install(1) sets up. It \
             reads the tool's event from standard input and answers as the tool wants it: an edit \
             that a commit would be refused for is refused before the file is written. The branch \
             of the worktree that holds the file decides, behind links, wherever the tool stands. \
             What is in no repository that was set up, in a Git directory or ignored passes, and \
             so does every event that is no edit. An edit that cannot be judged is refused.",
        ],
        exit: &[
            ("0", "The change or all commits may pass, or the policy's mode is warn."),
            ("1", "It is refused."),
            (
                "2",
                "The policy or a file of the mission cannot be read, so nothing may pass; an end of \
                 the range is no commit here, or nothing tells for which branch it is; and with \
                 --agent-hook every refusal.",
            ),
            ("5", "Not a repository, or a shallow one with --range."),
        ],
        examples: &[
            ("git kitty guard --explain", "Judge what is staged, rule by rule."),
            (
                "git kitty guard --branch cart-totals --paths src/cart/add.rs docs/index.md",
                "May this branch touch these two?",
            ),
            (
                "git kitty guard --range origin/main..HEAD --branch cart-totals --format github",
                "Judge the commits of a pull request, in CI.",
            ),
        ],
        see_also: &[("git-kitty-why", "1"), ("git-kitty-scope", "1"), ("git-kitty-config", "5")],
    },
    Text {
        name: "git-kitty-override",
        description: &[
            "Lets one branch take for a while what the hooks refuse: the only lawful way around, and \
             the last resort. Who granted it, why and until when is written down, and so is each \
             use, in policy-audit.jsonl in the repository's Git directory. Without --list or \
             --revoke, all of --ref, --reason and --for are needed.",
            "The hooks still tell every reason, as warnings. Whatever was granted, a log loses no \
             lines, no branch is deleted with its commits, and no push loses what the remote has; \
             a lane does not go to the target by itself. What a server or guard --range judges is \
             judged without overrides. The policy of the branch can deny them: policy.override in \
             git-kitty-config(5). docs/design/overrides.md tells all of it.",
        ],
        exit: &[
            (
                "1",
                "The policy denies it, nothing is refused there, or nothing like it is in force.",
            ),
            ("2", "The reason is missing, or the duration makes no sense or is over a day."),
        ],
        examples: &[
            (
                "git kitty override --ref main --reason hotfix-42 --for 10m",
                "main takes commits for ten minutes.",
            ),
            ("git kitty override --list", "What is in force."),
            ("git kitty override --revoke --ref main", "End it now."),
        ],
        see_also: &[("git-kitty-guard", "1"), ("git-kitty-config", "5"), ("git-kitty-doctor", "1")],
    },
    Text {
        name: "git-kitty-commit",
        description: &[
            "Commits what the named files and directories are now to the branch that is checked out, \
             which has to be named: where another one is, nothing happens. What is staged for other \
             paths, changed and not staged, or marked with git add -N stays as it is. New files that \
             are not ignored and deleted ones are taken too.",
            "The change is judged as at every commit, and the hooks pre-commit, prepare-commit-msg, \
             commit-msg and post-commit run on an index of their own. What a hook stages at the paths \
             is committed; one that stages more is refused. commit.gpgSign, commit.cleanup and the \
             variables for author and committer count as for git-commit(1).",
            "The caller's index is locked meanwhile. When the branch has moved its entries of the paths \
             are those of the commit; when anything goes wrong before, nothing has changed. Of a \
             process that was killed in between the next command of git-kitty finishes the rest.",
            "With GIT_KITTY_INFER_DESTINATION_REF=1 (or SPEC_KITTY_INFER_DESTINATION_REF=1) the branch \
             need not be named; which one is taken is said.",
        ],
        exit: &[
            ("1", "It is refused, or there is nothing to commit."),
            ("2", "No branch was named, or what was named cannot be one."),
            ("4", "Another process has the lock of the index, or moved the branch meanwhile."),
            ("5", "There is no work tree here."),
        ],
        examples: &[
            (
                "git kitty commit --to-branch cart-totals -m 'Add totals' -- src/cart",
                "All that changed in a directory.",
            ),
            (
                "git kitty commit --to-branch cart-totals -m Totals --format json src/cart/add.rs",
                "One file, with the commit's id as JSON.",
            ),
        ],
        see_also: &[("git-kitty-guard", "1"), ("git-kitty-override", "1"), ("git-kitty", "1")],
    },
    Text {
        name: "git-kitty-outbox",
        description: &[
            "Committed events are delivered to the sinks that the configuration names, as \
             git-kitty-config(5) tells, after the commit and without holding it up. What a sink \
             did not take waits in the outbox, in order; every later write tries again.",
            "A sink that hung is left alone for a minute, but not by --retry. An event is in the \
             outbox if and only if it was committed, whatever died in between; a sink may get it \
             twice.",
        ],
        exit: &[
            ("1", "A retry could not deliver everything, or no delivery has that id."),
            ("4", "Another process is delivering, so that nothing can be given up."),
        ],
        examples: &[
            ("git kitty outbox", "What waits, for whom, and why."),
            ("git kitty outbox --retry", "Try to deliver it now."),
            ("git kitty outbox --drop 1767603600000000-tracker", "Give a delivery up."),
        ],
        see_also: &[("git-kitty-config", "5"), ("git-kitty-log", "1")],
    },
    Text {
        name: "git-kitty-doctor",
        description: &[
            "Looks for what is wrong: the version of git, hooks that are missing or not ours, \
             documents and logs that are damaged, worktrees without record and records without \
             worktree, lanes that a claim left without a place to work in, sparse checkouts, \
             snapshots that are not what their log adds up to, claims that nobody goes on with, locks \
             and journals that killed processes left, and settings that others left. Each finding has \
             a code, what it is about, and what helps. docs/doctor.md lists them all.",
            "With --fix it mends what can be mended without losing anybody's work, and says of each \
             finding what it did or why it left it. It uses no force, and takes the locks that a \
             write takes. A second run finds nothing more to do.",
            "With --canary it proves in every worktree that hooks run, by moves of a ref that they \
             always refuse and that are taken back before they are made; where they do not run, it \
             says why. Together with --fix the hooks are installed again, and proven again.",
        ],
        exit: &[("1", "Something was found that is not mended, and is more than good to know.")],
        examples: &[
            ("git kitty doctor", "Look, and change nothing."),
            ("git kitty doctor --fix --format json", "Mend what is safe, and tell a script."),
            ("git kitty doctor --canary", "Do hooks run in all my worktrees?"),
        ],
        see_also: &[("git-kitty-install", "1"), ("git-kitty-log", "1"), ("git-kitty-status", "1")],
    },
    Text {
        name: "git-kitty-event",
        description: &[
            "Plumbing of event logs. reduce prints the snapshot of a log, the bytes that belong in \
             the status.json beside it, whatever the format that was asked for.",
            "check says what git-kitty-wp(1) move would, and writes nothing.",
            "append reads events from standard input, a JSON object a line: a move has wp_id and \
             to_status, and what its guard asks for by the names of the log; an annotation has \
             kind, wp_id and what else belongs to it. Id and time are given by git-kitty. Each is \
             judged as by git-kitty-wp(1), committed, and answered with a receipt before the next \
             is read, so that whoever feeds it can wait. With --batch all of them are one commit, \
             or none is made.",
        ],
        exit: &[
            ("1", "The step is refused; of append: events with a receipt stay."),
            ("2", "The log, meta.json or a line of the input cannot be read."),
            ("4", "Another write on the mission took too long, or kept moving the branch."),
        ],
        examples: &[
            (
                "git kitty event reduce kitty-specs/checkout-flow-01K9DEM0/status.events.jsonl",
                "The snapshot of a mission's log.",
            ),
            (
                "git kitty event check WP02 --to for_review",
                "What is missing until WP02 can be reviewed?",
            ),
            (
                "jq -c .[] moves.json | git kitty event append --batch",
                "Several events in one commit, or none.",
            ),
        ],
        see_also: &[("git-kitty-wp", "1"), ("git-kitty-log", "1"), ("git-kitty-status", "1")],
    },
    Text {
        name: "git-kitty-merge-driver",
        description: &[
            "What git calls to merge event logs and snapshots; git-kitty-init(1) sets it up. The \
             union of two logs has every event once, in the order in which events count, and the \
             snapshot is made anew from the union, so that branches of a mission merge without \
             conflicts in these files.",
            "OURS gets the result. If it cannot be proven right, OURS stays as it is, and git \
             reports a conflict: for lines that are no JSON, for one id on different events, and \
             for a snapshot whose log cannot be found.",
        ],
        exit: &[
            ("0", "OURS has the result."),
            ("2", "A line of a log cannot be read."),
            ("3", "One id stands for different events, or the snapshot cannot be proven."),
        ],
        examples: &[
            (
                "git kitty merge-driver event-log base.jsonl ours.jsonl theirs.jsonl",
                "Merge three versions of a log by hand; ours.jsonl gets the result.",
            ),
            (
                "git kitty merge-driver snapshot base.json ours.json theirs.json kitty-specs/checkout-flow-01K9DEM0/status.json",
                "The same of a snapshot, during a merge.",
            ),
        ],
        see_also: &[("git-kitty-init", "1"), ("git-kitty-event", "1"), ("gitattributes", "5")],
    },
];
