//! Group commit: who waits for a mission's lock leaves its events in a queue, and who holds the lock
//! commits them with its own. So a crowd of writers needs one transaction where it would need many,
//! and each of them is still told of its own events, by its own process.
//!
//! What is not answered was not promised: a process that gets the lock without an answer looks
//! whether its events are in the log (the one that took them was killed before it could say so), and
//! else appends them itself. So nothing is lost or done twice, whoever dies, and whatever is refused
//! is refused in the process that wanted it.

use std::cell::RefCell;
use std::time::Duration;

use anyhow::Result;
use serde::{Deserialize, Serialize};

use crate::domain::refusal::Refusal;
use crate::git::{Durability, MissionLock, Repo, Turn};
use crate::store::queue::{Queue, Taken, Ticket};
use crate::store::{Mission, Source, Store};

use super::append::{Incoming, append_in};
use super::base::Base;
use super::gate::Writes;
use super::host::Host;
use super::transaction::{Pending, Receipt, Transaction, existing, run, run_under};

/// How long at least who took events along is waited for.
const TAKEN: Duration = Duration::from_secs(60);

/// Events that were written, and how.
type Written = (Vec<Pending>, Receipt);

/// What a process that waits wants.
#[derive(Serialize, Deserialize)]
struct Request {
    company: Company,
    /// The ids that the events shall have, one each.
    event_ids: Vec<String>,
    incoming: Vec<Incoming>,
}

/// What must be the same for events to go into one commit.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Company {
    version: String,
    /// Who commits.
    identity: String,
    durability: String,
    /// Where objects go.
    objects: String,
}

/// What the one who committed says.
#[derive(Serialize, Deserialize)]
struct Answer {
    events: Vec<Pending>,
    branch: String,
    commit: (String, String),
    log_path: String,
}

/// A write that may go together with others.
struct Group<'a> {
    repo: &'a Repo,
    host: &'a Host,
    mission: &'a Mission,
    incoming: &'a [Incoming],
}

/// What became of the own events.
enum Own {
    Appended(Vec<Pending>),
    /// A process that was killed since had committed them.
    Found(Written),
}

/// Appends events, all or none, together with what other processes append to the mission at the
/// same moment. Alone go those of an older mission, where each lane has a log of its own, and those
/// that were given ids, since an id in the log must then mean that it is taken.
///
/// # Errors
/// As [`append_in`] and [`run`].
pub(super) fn append(
    repo: &Repo,
    host: &Host,
    mission: &Mission,
    incoming: &[Incoming],
) -> Result<Written> {
    if mission.source == Source::Primary || incoming.iter().any(Incoming::has_id) {
        let about = incoming.first().and_then(Incoming::wp_id);
        return run(repo, host, (&mission.dir, about.as_ref()), |transaction| {
            append_in(transaction, repo, incoming)
        });
    }
    let group = Group { repo, host, mission, incoming };
    match group.lock()? {
        Some(lock) => group.lead(lock, &[]),
        None => group.follow(),
    }
}

impl Group<'_> {
    fn lock(&self) -> Result<Option<MissionLock>> {
        let name = &self.mission.meta.mission_slug;
        MissionLock::try_acquire(self.repo, name, &self.host.purpose())
    }

    fn queue(&self) -> Queue {
        Queue::of(self.repo.common_dir(), &self.mission.dir)
    }

    /// Commits the own events, which have these ids if they have any yet, and with them what waits.
    fn lead(&self, lock: MissionLock, event_ids: &[String]) -> Result<Written> {
        let company = Company::of(self.repo, self.host)?;
        let others = RefCell::new(Vec::<Other>::new());
        let work = |transaction: &mut Transaction<'_>| {
            if let Some(found) = self.found(transaction, event_ids)? {
                return Ok(Own::Found(found));
            }
            transaction.number(event_ids);
            let events = append_in(transaction, self.repo, self.incoming)?;
            self.take_along(transaction, &company, &mut others.borrow_mut());
            Ok(Own::Appended(events))
        };
        let settled = |receipt: &Receipt| {
            others.borrow_mut().iter_mut().for_each(|other| other.answer(receipt));
        };
        let start = existing(self.repo, &self.mission.dir, (None, Writes::Destination));
        let (own, receipt) = run_under(lock, (self.repo, self.host), &start, work, settled)?;
        Ok(match own {
            Own::Appended(events) => (events, receipt),
            Own::Found(found) => found,
        })
    }

    /// Appends what others want: what was taken before a race was lost, and what waits now. While
    /// that is appended, more may come.
    fn take_along(
        &self,
        transaction: &mut Transaction<'_>,
        company: &Company,
        others: &mut Vec<Other>,
    ) {
        let mut done = 0;
        loop {
            for other in others.iter_mut().skip(done) {
                other.append(transaction, self.repo);
            }
            done = others.len();
            let more = self.queue().take(|text| company.fits(text));
            others.extend(more.into_iter().filter_map(Other::of));
            if others.len() == done {
                return;
            }
        }
    }

    /// The own events as the log has them, if it does.
    fn found(
        &self,
        transaction: &Transaction<'_>,
        event_ids: &[String],
    ) -> Result<Option<Written>> {
        let (mut events, mut last) = (Vec::new(), None);
        for event_id in event_ids {
            let Some(origin) = transaction.origin(event_id)? else { return Ok(None) };
            events.push(Pending::of_line(&origin.line)?);
            last = Some(origin);
        }
        let receipt = last.map(|origin| transaction.receipt_of(origin, events.clone()));
        Ok(receipt.map(|receipt| (events, receipt)))
    }

    /// Waits until somebody has committed the own events, or the lock is free.
    fn follow(&self) -> Result<Written> {
        let event_ids =
            self.incoming.iter().map(|_| self.host.ulid()).collect::<Result<Vec<_>>>()?;
        let request = Request {
            company: Company::of(self.repo, self.host)?,
            event_ids,
            incoming: self.incoming.to_vec(),
        };
        let name = request.event_ids.first().map(String::as_str).unwrap_or_default();
        let Ok(mut ticket) = self.queue().join(name, &serde_json::to_string(&request)?) else {
            let name = &self.mission.meta.mission_slug;
            let lock = MissionLock::acquire(self.repo, name, &self.host.purpose())?;
            return self.lead(lock, &[]);
        };
        match self.wait(&mut ticket, &request.event_ids)? {
            Turn::Done(written) => Ok(written),
            Turn::Held(lock) => {
                drop(ticket);
                self.lead(lock, &request.event_ids)
            }
        }
    }

    /// Who took the events before the time was over is waited for: no other answer would be true.
    fn wait(&self, ticket: &mut Ticket, event_ids: &[String]) -> Result<Turn<Written>> {
        let patience = MissionLock::patience(self.repo)?;
        let waited = self.turn(ticket, patience);
        if !timed_out(&waited) || ticket.withdraw() {
            return waited;
        }
        let waited = self.turn(ticket, patience.max(TAKEN));
        if !timed_out(&waited) {
            return waited;
        }
        let unknown = || Refusal::OutcomeUnknown {
            mission: self.mission.dir.clone(),
            event_ids: event_ids.to_vec(),
        };
        Ok(Turn::Done(self.look(event_ids)?.ok_or_else(unknown)?))
    }

    fn turn(&self, ticket: &mut Ticket, patience: Duration) -> Result<Turn<Written>> {
        let name = &self.mission.meta.mission_slug;
        let purpose = self.host.purpose();
        MissionLock::acquire_unless(self.repo, name, &purpose, patience, || {
            let answer: Answer = serde_json::from_str(&ticket.answer()?).ok()?;
            Some(answer.into_receipt())
        })
    }

    /// The own events, if they are there, whoever holds the lock.
    fn look(&self, event_ids: &[String]) -> Result<Option<Written>> {
        let store = Store::new(self.repo);
        let Some(mission) = store.open(&self.mission.dir)? else { return Ok(None) };
        let base = Base::read(&store, self.repo, mission, (None, Writes::Destination))?;
        self.found(&Transaction::new((self.repo, self.host), base), event_ids)
    }
}

fn timed_out(waited: &Result<Turn<Written>>) -> bool {
    let refusal = waited.as_ref().err().and_then(|error| error.downcast_ref());
    matches!(refusal, Some(Refusal::LockTimeout { .. }))
}

/// Another process's events on their way into this one's commit.
struct Other {
    taken: Taken,
    request: Request,
    /// `None` if they are refused: their own process will be told why when it tries.
    events: Option<Vec<Pending>>,
}

impl Other {
    fn of(taken: Taken) -> Option<Self> {
        let request = serde_json::from_str(taken.request()).ok()?;
        Some(Self { taken, request, events: None })
    }

    fn append(&mut self, transaction: &mut Transaction<'_>, repo: &Repo) {
        let Request { incoming, event_ids, .. } = &self.request;
        let all = transaction.attempt(|transaction| {
            transaction.number(event_ids);
            append_in(transaction, repo, incoming)
        });
        self.events = all.ok();
    }

    fn answer(&mut self, receipt: &Receipt) {
        let (Some(events), Some(commit)) = (&self.events, &receipt.commit) else { return };
        let answer = Answer {
            events: events.clone(),
            branch: receipt.branch.clone(),
            commit: commit.clone(),
            log_path: receipt.log_path.clone(),
        };
        if let Ok(text) = serde_json::to_string(&answer) {
            self.taken.answer(&text);
        }
    }
}

impl Answer {
    fn into_receipt(self) -> Written {
        let Self { events, branch, commit, log_path } = self;
        let told = events.clone();
        let commit = Some(commit);
        (
            told,
            Receipt { branch, commit, moves: Vec::new(), events, log_path, warnings: Vec::new() },
        )
    }
}

impl Company {
    fn of(repo: &Repo, host: &Host) -> Result<Self> {
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            identity: host.identity.to_string(),
            durability: Durability::of(repo)?.as_str().to_owned(),
            objects: repo.objects_dir().display().to_string(),
        })
    }

    /// Whether a request may go into a commit of ours.
    fn fits(&self, request: &str) -> bool {
        #[derive(Deserialize)]
        struct Head {
            company: Company,
        }
        serde_json::from_str(request).is_ok_and(|head: Head| head.company == *self)
    }
}
