//! Words of next steps, by when something is judged: what helps before a commit does not after it.

use super::guard::Moment;

/// Where the words say what takes all back.
pub(super) const BACK: &str = "BACK";

/// In place of what only helps before a commit is made.
const COMMITTED: &[(&str, &str)] = &[
    ("leave the path out of the commit: `git restore --staged PATH`", ANEW),
    ("mend PATH, or leave it out of the commit: `git restore --staged PATH`", MEND),
    ("leave it out of the commit: `git restore --staged PATH`", ANEW),
    ("take the change back with `git restore --staged PATH`", ANEW),
    (OWN_BRANCH, "bring it on a branch of its own: a protected branch takes no commits"),
    (", then commit again", ", then try again"),
];

/// Where the files are judged as the last commit leaves them, another commit helps.
const MEND: &str = "mend PATH, as a part of that commit or in one more that comes with it";

const ANEW: &str = "make the commit anew without PATH: `git rebase --interactive`";

/// In place of what only helps before a commit is made, where it comes from another branch.
const BROUGHT: &[(&str, &str)] = &[
    ("leave the path out of the commit: `git restore --staged PATH`", ELSEWHERE),
    ("mend PATH, or leave it out of the commit: `git restore --staged PATH`", MEND),
    ("leave it out of the commit: `git restore --staged PATH`", ELSEWHERE),
    ("take the change back with `git restore --staged PATH`", ELSEWHERE),
    (OWN_BRANCH, "leave it on the branch that it comes from: a protected branch takes no commits"),
    (", then commit again", ", then try again"),
];

/// In place of what unstages, where nothing was staged.
const NAMED: &[(&str, &str)] = &[
    ("leave the path out of the commit: `git restore --staged PATH`", OTHERS),
    (
        "mend PATH, or leave it out of the commit: `git restore --staged PATH`",
        "mend PATH, or name the other paths only",
    ),
    ("leave it out of the commit: `git restore --staged PATH`", OTHERS),
    (
        "take the change back with `git restore --staged PATH`",
        "take the change back with `git restore PATH`",
    ),
];

const OTHERS: &str = "name the other paths only";

/// In place of what helps before a commit is made, where git makes it out of another one, with all that
/// changes there.
const PICKED: &[(&str, &str)] = &[
    ("leave the path out of the commit: `git restore --staged PATH`", ALL_BACK),
    ("mend PATH, or leave it out of the commit: `git restore --staged PATH`", ALL_BACK),
    ("leave it out of the commit: `git restore --staged PATH`", ALL_BACK),
    ("take the change back with `git restore --staged PATH`", ALL_BACK),
    (OWN_BRANCH, ELSEWHERE_OWN),
    (", then commit again", ", then try again"),
];

const ALL_BACK: &str = "take all of it back: BACK";

/// What a protected branch says, which git does not do in the midst of a merge, a pick or a revert.
const OWN_BRANCH: &str =
    "commit on a branch of your own: `git switch -c NAME` takes your changes along";

const ELSEWHERE_OWN: &str =
    "take all of it back: BACK; then do it on a branch of your own: `git switch -c NAME`";

const ELSEWHERE: &str = "make the commit anew without PATH, on the branch that it comes from: `git rebase --interactive`";

/// Words of next steps that make no sense at this moment, and those in their place.
pub(super) const fn instead(moment: Moment) -> &'static [(&'static str, &'static str)] {
    match moment {
        Moment::Commit => &[],
        Moment::FirstCommit => &[("git restore --staged PATH", "git rm --cached PATH")],
        Moment::OwnIndex => {
            &[("`git restore --staged PATH`", "`git commit -- OTHERS`, without `-a`")]
        }
        Moment::Named => NAMED,
        Moment::Committed => COMMITTED,
        Moment::Brought => BROUGHT,
        Moment::Picked => PICKED,
        Moment::Concluded => &[(OWN_BRANCH, ELSEWHERE_OWN)],
        Moment::Edit => &[
            (
                "leave the path out of the commit: `git restore --staged PATH`",
                "leave PATH as it is",
            ),
            ("leave it out of the commit: `git restore --staged PATH`", "leave PATH as it is"),
            ("take the change back with `git restore --staged PATH`", "leave PATH as it is"),
            ("commit it on a lane", "edit it in the worktree of a lane"),
            ("commit on a branch of your own", "edit on a branch of your own"),
            ("then commit again", "then edit again"),
        ],
    }
}
