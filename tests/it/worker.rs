//! A process that writes as git-kitty does, so that tests can let several of them run, and kill
//! them: the test binary itself, started again for one test that takes orders.
//!
//! Each line of its input is an order, each line of its standard error the answer to one.

use std::fmt::Write as _;
use std::io::{BufRead as _, Write as _};
use std::path::Path;
use std::time::Duration;

use git_kitty::domain::change::{Entry, Mode};
use git_kitty::domain::identity::Identity;
use git_kitty::domain::oid::Oid;
use git_kitty::domain::path::RepoPath;
use git_kitty::domain::refname::RefName;
use git_kitty::domain::refusal::{Refusal, Warning};
use git_kitty::domain::time::Instant;
use git_kitty::git::{
    CommitSpec, Durability, LogEntry, MissionLock, Move, Outcome, Published, Purpose, Repo, Signed,
    Writer, bring_up, catch_up, check, publish, recover,
};

use crate::kit::call::Call;
use crate::kit::checkout::Checkout;
use crate::kit::sandbox::EPOCH;

/// A worker to come, in `checkout`, with its orders.
pub(crate) fn worker<'c>(checkout: &'c Checkout, orders: &str) -> Call<'c> {
    let program = std::env::current_exe().unwrap();
    call(checkout, program.to_str().unwrap(), &[], orders)
}

/// A worker that `program` starts, given its path after `words`.
pub(crate) fn worker_under<'c>(
    checkout: &'c Checkout,
    program: &str,
    words: &[&str],
    orders: &str,
) -> Call<'c> {
    let own = std::env::current_exe().unwrap();
    call(checkout, program, &[words, &[own.to_str().unwrap()]].concat(), orders)
}

/// For `sh`: a disk without room, as far as a process can be told so. No file may grow over 4 KiB.
pub(crate) const NO_ROOM: [&str; 3] = ["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh"];

/// A worker to whom permissions apply, also where the tests run as the superuser.
pub(crate) fn powerless<'c>(checkout: &'c Checkout, orders: &str) -> Call<'c> {
    let words = ["--bounding-set=-all", "--inh-caps=-all", "--"];
    let probe = checkout.sandbox().call("setpriv", checkout.path()).args(words).args(["true"]);
    match probe.still().run().status {
        0 => worker_under(checkout, "setpriv", &words, orders),
        _ => worker(checkout, orders),
    }
}

fn call<'c>(checkout: &'c Checkout, program: &str, words: &[&str], orders: &str) -> Call<'c> {
    let test = ["--exact", "worker::obey", "--ignored", "--nocapture", "--test-threads=1"];
    let call = checkout.sandbox().call(program, checkout.path()).args(words).args(test);
    call.env("GIT_KITTY_WORKER", "1").stdin(orders)
}

/// The answers of a worker that must have come to its end.
#[track_caller]
pub(crate) fn answers(checkout: &Checkout, orders: &str) -> String {
    worker(checkout, orders).run().exits(0).stderr
}

/// An order to move refs: `(name, old, new)`, `-` for none.
pub(crate) fn moving(moves: &[(&str, &str, &str)]) -> String {
    let words: Vec<String> =
        moves.iter().map(|(name, old, new)| format!("{name} {old} {new}")).collect();
    format!("move {}\n", words.join(" "))
}

#[test]
#[ignore = "a worker that other tests start"]
fn obey() {
    if std::env::var_os("GIT_KITTY_WORKER").is_none() {
        return;
    }
    let repo = Repo::discover(Path::new(".")).unwrap();
    for order in std::io::stdin().lock().lines() {
        let order = order.unwrap();
        let words: Vec<&str> = order.split(' ').collect();
        let answer = obey_one(&repo, words[0], &words[1..]).unwrap_or_else(|error| {
            match error.downcast_ref::<Refusal>() {
                Some(refusal) => format!("{} {refusal}", refusal.code()),
                None => format!("error {error:#}"),
            }
        });
        std::io::stderr().write_all(format!("{}\n", answer.escape_debug()).as_bytes()).unwrap();
    }
}

fn obey_one(repo: &Repo, order: &str, words: &[&str]) -> anyhow::Result<String> {
    let durability = Durability::of(repo)?;
    let writer = Writer::new(repo, durability);
    Ok(match order {
        "blob" => writer.blob(words.join(" ").as_bytes())?.to_string(),
        "large" => writer.blob(&noise(words[0].parse()?))?.to_string(),
        "tree" => {
            let edits: Vec<_> = words[1..].iter().map(|word| edit(word)).collect();
            writer.tree_with(oid(words[0]), &edits)?.to_string()
        }
        "commit" => {
            let parents = words[1].split(',').filter_map(oid).collect();
            commit(&writer, oid(words[0]).unwrap(), parents, &words[2..].join(" "))?.to_string()
        }
        "move" => said(&move_all(repo, words, durability)?),
        "recover" => recovered(repo, durability)?,
        "append" => append(repo, &writer, words, durability)?,
        "lock" => lock(repo, words)?,
        "relock" => {
            let _held = acquire(repo, words[0], "20s")?;
            drop(acquire(repo, words[0], "20s")?);
            "not refused".to_owned()
        }
        "check" | "bring-up" | "catch-up" => worktrees(repo, order, words)?,
        _ => anyhow::bail!("no such order"),
    })
}

fn oid(word: &str) -> Option<Oid> {
    word.parse().ok()
}

/// Bytes that compress as little as text does.
fn noise(size: usize) -> Vec<u8> {
    let mut state: u64 = 7;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        b'a' + u8::try_from((state >> 33) % 20).unwrap()
    };
    (0..size).map(|_| next()).collect()
}

fn edit(word: &str) -> (RepoPath, Option<Entry>) {
    let (path, entry) = word.split_once('=').unwrap();
    let entry = entry.split_once(':').map(|(mode, oid)| Entry {
        mode: Mode::from_bits(u32::from_str_radix(mode, 8).unwrap()).unwrap(),
        oid: oid.parse().unwrap(),
    });
    (RepoPath::from(path), entry)
}

fn entry<'a>(who: &'a Identity, message: &'a str) -> LogEntry<'a> {
    let at = Instant::from_micros(EPOCH * 1_000_000);
    LogEntry { signed: Signed { who, at }, message }
}

fn who() -> Identity {
    Identity::new("Worker", "worker@example.com").unwrap()
}

fn commit(writer: &Writer<'_>, tree: Oid, parents: Vec<Oid>, text: &str) -> anyhow::Result<Oid> {
    let (who, message) = (who(), format!("{text}\n"));
    let signed = entry(&who, "").signed;
    let message = message.as_str();
    writer.commit(&CommitSpec { tree, parents, author: signed, committer: signed, message })
}

fn move_all(repo: &Repo, words: &[&str], durability: Durability) -> anyhow::Result<Published> {
    let moves: Vec<Move> = words
        .chunks(3)
        .map(|word| Move { name: word[0].parse().unwrap(), old: oid(word[1]), new: oid(word[2]) })
        .collect();
    publish(repo, &moves, &entry(&who(), "move  it\nnow"), durability)
}

fn said(published: &Published) -> String {
    match published {
        Published::Done => "done".to_owned(),
        Published::Lost { name, found } => {
            let found = found.map_or("-".to_owned(), |oid| oid.to_string());
            format!("lost {name} {found}")
        }
        Published::Refused { message } => format!("refused {message}"),
    }
}

fn recovered(repo: &Repo, durability: Durability) -> anyhow::Result<String> {
    let mut text = "recovered".to_owned();
    for one in recover(repo, durability)? {
        let outcome = match one.outcome {
            Outcome::Finished => "finished",
            Outcome::Dropped => "dropped",
        };
        write!(text, " {outcome}")?;
    }
    Ok(text)
}

/// `append LINE REF...`: adds a line to the file `log` on the first ref, and moves the others to
/// the same commit, again and again until nobody else was faster.
fn append(
    repo: &Repo,
    writer: &Writer<'_>,
    words: &[&str],
    durability: Durability,
) -> anyhow::Result<String> {
    let path = RepoPath::from("deep/er/log");
    for _ in 0..10_000 {
        let names: Vec<RefName> = words[1..].iter().map(|name| name.parse().unwrap()).collect();
        let olds: Vec<Option<Oid>> = names.iter().map(|name| repo.find(name).unwrap()).collect();
        let tip = olds[0].unwrap();
        let tree = repo.tree_of_commit(tip)?;
        let mut log = repo.blob_at(tree, &path)?.unwrap_or_default();
        log.extend(format!("{}\n", words[0]).bytes());
        let entry_ = Entry { mode: Mode::File, oid: writer.blob(&log)? };
        let tree = writer.tree_with(Some(tree), &[(path.clone(), Some(entry_))])?;
        let new = Some(commit(writer, tree, vec![tip], words[0])?);
        let moves = names.into_iter().zip(olds).map(|(name, old)| Move { name, old, new });
        let moves: Vec<Move> = moves.collect();
        match publish(repo, &moves, &entry(&who(), "append"), durability) {
            Ok(Published::Done) => return Ok("done".to_owned()),
            Ok(Published::Lost { .. }) => {}
            Ok(refused @ Published::Refused { .. }) => return Ok(said(&refused)),
            Err(error) if matches!(error.downcast_ref(), Some(Refusal::RefLocked { .. })) => {}
            Err(error) => return Err(error),
        }
    }
    anyhow::bail!("never the first")
}

fn acquire(repo: &Repo, mission: &str, patience: &str) -> anyhow::Result<MissionLock> {
    let since = Instant::from_micros(EPOCH * 1_000_000);
    let purpose = Purpose { actor: "ada", command: "wp move", since };
    match git_kitty::domain::duration::parse(patience) {
        Some(patience) => MissionLock::acquire_within(repo, mission, &purpose, patience),
        None => MissionLock::acquire(repo, mission, &purpose),
    }
}

/// `lock MISSION PATIENCE MILLISECONDS`: holds it that long.
fn lock(repo: &Repo, words: &[&str]) -> anyhow::Result<String> {
    let _held = acquire(repo, words[0], words[1])?;
    std::fs::write(repo.common_dir().join("held"), "")?;
    std::thread::sleep(Duration::from_millis(words[2].parse()?));
    Ok("held".to_owned())
}

/// `check BRANCH OLD NEW`, `bring-up BRANCH OLD NEW` or `catch-up BRANCH - TIP` in all worktrees that have the branch checked out.
fn worktrees(repo: &Repo, order: &str, words: &[&str]) -> anyhow::Result<String> {
    let (old, new) = (oid(words[1]), oid(words[2]));
    let mut warnings: Vec<Warning> = Vec::new();
    for worktree in repo.checkouts_of(&RefName::of_branch(words[0])?)? {
        match order {
            "check" => check(repo, &worktree, old, new)?,
            "catch-up" => warnings.extend(catch_up(repo, &worktree, new.unwrap())?),
            _ => warnings.extend(bring_up(repo, &worktree, old, new)?),
        }
    }
    let texts: Vec<String> =
        warnings.into_iter().map(|w| format!("{} {}", w.code, w.message)).collect();
    Ok(if texts.is_empty() { "fine".to_owned() } else { texts.join("; ") })
}
