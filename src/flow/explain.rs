//! A judgement in words, the same at every door and on the command line.

use std::fmt::Write as _;

use crate::domain::overriding::Override;
use crate::domain::path::RepoPath;
use crate::domain::refusal::quoted;
use crate::policy::{GuardCode, Outcome, Owner, Violation};

use super::guard::Judgement;
use super::instead::{BACK, instead};

/// How many paths a message names before it sums up the rest.
const SHOWN_PATHS: usize = 10;

/// How many paths a next step names before it says `PATH`.
const TYPED_PATHS: usize = 3;

/// The reasons to refuse, grouped by code, with paths, owners and next steps; one block a code,
/// each ending in a line break. Empty if there is no reason.
#[must_use]
pub fn reasons(judgement: &Judgement) -> String {
    reasons_at(judgement, &Place::default())
}

/// Where it is that something is refused.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// More details for each block, whole lines.
    pub lines: String,
    /// From where on commits are made anew, as one names it to Git.
    pub base: Option<String>,
    /// What takes back all that is under way, as one types it between backticks.
    pub back: Option<String>,
}

/// As [`reasons`], with the place.
#[must_use]
pub fn reasons_at(judgement: &Judgement, place: &Place) -> String {
    let word = if judgement.verdict.outcome == Outcome::Warned { "warning" } else { "error" };
    let mut text = String::new();
    for group in groups(&judgement.verdict.violations) {
        if let Some(first) = group.first() {
            let _ = writeln!(text, "{word}: {} [{}]", headline(judgement, &group), first.code);
            details(judgement, &group, &mut text);
            text.push_str(&place.lines);
            if judgement.verdict.overridden.is_none() {
                let step =
                    from(hint(judgement, &group, place.back.as_deref()), place.base.as_deref());
                let _ = writeln!(text, "hint: {step}");
            }
        }
    }
    if let Some(by) = &judgement.verdict.overridden {
        let Override { id, actor, reason, until, .. } = by;
        let (actor, reason) = (RepoPath::from(actor.as_str()), RepoPath::from(reason.as_str()));
        let until = until.to_log();
        let _ = writeln!(text, "  passes by override {id} of {actor} until {until}: {reason}");
    }
    text
}

/// A hint at the last resort, a line, if an override could let all pass that is refused; else empty.
#[must_use]
pub fn last_resort<'j>(judgements: impl IntoIterator<Item = &'j Judgement>) -> String {
    let command = last_command(judgements);
    command.map_or_else(String::new, |command| {
        format!("hint: as a last resort, for a while and on record: `{command}`\n")
    })
}

/// The command that would let all pass that is refused.
#[must_use]
pub fn last_command<'j>(judgements: impl IntoIterator<Item = &'j Judgement>) -> Option<String> {
    let is_refused = |one: &&Judgement| one.verdict.outcome == Outcome::Refused;
    let refused: Vec<&Judgement> = judgements.into_iter().filter(is_refused).collect();
    let branch = refused.first()?.branch.as_ref()?;
    let may_pass =
        |one: &&Judgement| one.verdict.may_be_overridden && one.branch.as_ref() == Some(branch);
    let name =
        typed(&RepoPath::from(branch.as_str()), None).filter(|_| refused.iter().all(may_pass))?;
    Some(format!("git kitty override --ref {name} --reason T --for 10m"))
}

/// The whole refusal in one sentence, without code.
#[must_use]
pub fn summary(judgement: &Judgement) -> String {
    let headlines = groups(&judgement.verdict.violations);
    headlines.iter().map(|group| headline(judgement, group)).collect::<Vec<_>>().join("; ")
}

/// The next step of the first reason; `base` is that of its [`Place`].
#[must_use]
pub fn next_step(judgement: &Judgement, base: Option<&str>) -> Option<String> {
    let groups = groups(&judgement.verdict.violations);
    groups.first().map(|group| from(hint(judgement, group, None), base))
}

/// What to do about one reason; `base` is that of its [`Place`].
#[must_use]
pub fn step(judgement: &Judgement, violation: &Violation, base: Option<&str>) -> String {
    from(hint(judgement, &[violation], None), base)
}

/// One reason in a line, with the owners of its path.
#[must_use]
pub fn fact(violation: &Violation) -> String {
    format!("{}{}", violation.fact, ownership(violation).replace("  (", " ("))
}

/// So many commits, in words.
#[must_use]
pub fn commits(count: usize) -> String {
    if count == 1 { "1 commit".to_owned() } else { format!("{count} commits") }
}

/// The violations by code, in the order in which codes first occur.
fn groups(violations: &[Violation]) -> Vec<Vec<&Violation>> {
    let mut groups: Vec<Vec<&Violation>> = Vec::new();
    for violation in violations {
        let same = |group: &&mut Vec<&Violation>| {
            group.first().is_some_and(|first| first.code == violation.code)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(violation),
            None => groups.push(vec![violation]),
        }
    }
    groups
}

fn headline(judgement: &Judgement, group: &[&Violation]) -> String {
    let Some(first) = group.first() else { return String::new() };
    if first.path.is_none() {
        return first.fact.clone();
    }
    let branch = judgement.branch.as_ref().map_or("HEAD", |branch| branch.as_str());
    let (count, are) = match group.len() {
        1 => ("1 path".to_owned(), "is"),
        n => (format!("{n} paths"), "are"),
    };
    match (first.code, &judgement.verdict.active_wp) {
        (GuardCode::WpScopeViolation, Some(wp)) => {
            format!("{count} {are} not owned by {wp}, which is active on `{branch}`")
        }
        (GuardCode::WpScopeViolation, None) => {
            format!("{count} {are} owned by no work package that `{branch}` was claimed for")
        }
        (GuardCode::ScopeViolation, _) => {
            format!("{count} {are} outside of the scope of `{branch}`")
        }
        (GuardCode::MissionFileProtected, _) => {
            format!("{count} {are} of a mission, and closed to lanes such as `{branch}`")
        }
        (GuardCode::StatusFileProtected, _) => {
            format!("{count} {are} a record of status, which `{branch}` must not write")
        }
        (GuardCode::CoordinationPathRefused, _) => {
            let what = if group.len() == 1 { "no planning file" } else { "no planning files" };
            format!("{count} {are} {what} of the mission that `{branch}` coordinates")
        }
        (GuardCode::LogNotAppendOnly, _) => {
            format!(
                "the event log on `{branch}` lost or changed lines that it had, or has two events of one id"
            )
        }
        _ => first.fact.clone(),
    }
}

fn details(judgement: &Judgement, group: &[&Violation], text: &mut String) {
    let paths = group.iter().filter_map(|violation| Some((violation.path.as_ref()?, violation)));
    for (path, violation) in paths.clone().take(SHOWN_PATHS) {
        let _ = writeln!(text, "  {path}{}", ownership(violation));
    }
    let rest = paths.count().saturating_sub(SHOWN_PATHS);
    if rest > 0 {
        let _ = writeln!(text, "  and {rest} more: `git kitty guard --format json` lists all");
    }
    let owned = &judgement.verdict.owned_files;
    // What is wrong with a move as a whole is not a question of who owns what.
    match group.first().filter(|first| first.path.is_some()).map(|first| first.code) {
        Some(GuardCode::WpScopeViolation) => {
            let _ = match (&judgement.verdict.active_wp, owned.is_empty()) {
                (Some(wp), true) => writeln!(text, "  {wp} owns nothing"),
                (Some(wp), false) => writeln!(text, "  {wp} owns: {}", escaped(owned)),
                (None, true) => writeln!(text, "  these own nothing"),
                (None, false) => writeln!(text, "  these own: {}", escaped(owned)),
            };
        }
        Some(GuardCode::ScopeViolation) => {
            let _ = writeln!(text, "  scope: {}", escaped(owned));
        }
        Some(_) | None => {}
    }
}

fn escaped(globs: &[String]) -> String {
    let globs = globs.iter().map(|glob| RepoPath::from(glob.as_str()).to_string());
    globs.collect::<Vec<_>>().join(", ")
}

fn ownership(violation: &Violation) -> String {
    if violation.code != GuardCode::WpScopeViolation {
        return String::new();
    }
    let owners: Vec<String> = violation.owners.iter().map(owner).collect();
    match owners.as_slice() {
        [] => "  (owned by no work package)".to_owned(),
        owners => format!("  (owned by {})", owners.join("; ")),
    }
}

fn owner(owner: &Owner) -> String {
    let lane = owner.lane_id.as_ref().map_or(String::new(), |lane| format!("{lane}, "));
    format!("{}, {lane}{}", owner.wp_id, owner.status)
}

/// The next step of the first violation; `PATH` in it becomes the paths, if they are few and can be
/// typed.
fn hint(judgement: &Judgement, group: &[&Violation], back: Option<&str>) -> String {
    let mut step = group.first().map(|first| first.next_step.clone()).unwrap_or_default();
    for (words, instead) in instead(judgement.moment) {
        step = step.replace(words, &instead.replace(BACK, back.unwrap_or(GIVE_UP)));
    }
    let as_pathspec = step.contains(" PATH`").then_some(judgement.is_below_top);
    let spelled = |path: &RepoPath| typed(path, as_pathspec);
    let paths: Option<Vec<String>> =
        group.iter().map(|violation| violation.path.as_ref().and_then(spelled)).collect();
    match paths {
        Some(paths) if paths.len() <= TYPED_PATHS => step.replace("PATH", &paths.join(" ")),
        Some(_) | None => step,
    }
}

/// The same step, from this commit on: without one `rebase` asks for an upstream.
fn from(step: String, base: Option<&str>) -> String {
    match base {
        Some(base) => step.replace(&format!("`{REBASE}`"), &format!("`{REBASE} {base}`")),
        None => step,
    }
}

/// What takes a pick or a revert back where nothing better is known.
const GIVE_UP: &str = "`git reset --merge`";

/// What makes commits anew.
const REBASE: &str = "git rebase --interactive";

/// A path as one types it in a shell; for Git as a pathspec (gitglossary(7)), from below the top or not.
fn typed(path: &RepoPath, as_pathspec: Option<bool>) -> Option<String> {
    let text =
        std::str::from_utf8(path.as_bytes()).ok().filter(|text| *text == path.to_string())?;
    let is_odd = text.contains(['*', '?', '[', '\\']) || text.starts_with([':', '-']);
    let magic = match as_pathspec {
        Some(_) if is_odd => ":(top,literal)",
        Some(true) => ":(top)",
        Some(false) | None => "",
    };
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+' | ',' | '@');
    let bare = magic.is_empty() && text.chars().all(plain) && !text.starts_with('-');
    let spelled = format!("{magic}{text}");
    Some(if bare { spelled } else { quoted(&spelled) })
}
