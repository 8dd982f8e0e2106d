//! Whether a mission's logs are those that were seen last, or have lawfully grown from them.
//!
//! Only lawful growth, or `git kitty log --accept`, changes what is remembered, so that each reader
//! says again what is wrong. On a coordination branch, what does not go on from a log that is gone
//! from the repository is a finding too: else a branch that was moved back would look sound after
//! `git gc`. In older missions it is none, since the primary checkout's file may never have been
//! stored. Whoever can write into the Git directory can forge what is remembered, as all else there.
//!
//! See `docs/design/regression.md`.

use anyhow::Result;

use crate::domain::event::integrity::{Finding, Kind, compare, doubled, lost};
use crate::domain::event::{Log, Regression, WayBack};
use crate::domain::layout;
use crate::domain::oid::Oid;
use crate::domain::refusal::{Refusal, Warning};

use super::log::{LogFile, LogText};
use super::mission::{Mission, Source, Store};
use super::seen::{Seen, SeenLog};

/// What is to be said of the logs that statuses were read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    seen: Option<Seen>,
    regressions: Vec<Regression>,
    /// Whether a regression forbids to rely on the statuses.
    binds: bool,
}

impl Evidence {
    /// What speaks against the logs.
    #[must_use]
    pub fn regressions(&self) -> &[Regression] {
        &self.regressions
    }

    /// What speaks against the logs, a warning each.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let warning = |found: &Regression| Warning {
            code: found.kind.code(),
            message: format!("{found}; {}", found.next_step()),
        };
        self.regressions.iter().map(warning).collect()
    }

    /// Lines that are not in the order of their times, a warning for the first one of a log.
    #[must_use]
    pub fn disorder(&self) -> Vec<Warning> {
        let logs = self.seen.iter().flat_map(|seen| &seen.logs);
        let unsorted = logs.filter_map(|log| Some((&log.shown, log.unsorted?)));
        let warning = |(file, line): (&String, usize)| Warning {
            code: "LOG_UNSORTED",
            message: format!("{file}:{line}: its time is before that of a line above, and counts"),
        };
        unsorted.map(warning).collect()
    }

    /// That nothing speaks against the log on a mission's coordination branch. Those of an older
    /// mission depend on what the primary checkout has checked out, and so forbid nothing.
    ///
    /// # Errors
    /// [`Refusal::LogRegressed`].
    pub fn proven(&self) -> Result<(), Refusal> {
        match self.regressions.first().filter(|_| self.binds) {
            Some(first) => Err(Refusal::LogRegressed { regression: Box::new(first.clone()) }),
            None => Ok(()),
        }
    }
}

impl Store<'_> {
    /// What speaks against the logs of a mission as they are now.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn evidence(&self, mission: &Mission) -> Result<Evidence> {
        self.evidence_of(mission, &self.logs(mission)?)
    }

    /// What speaks against these logs of a mission. Logs that have lawfully grown are remembered.
    pub(super) fn evidence_of(&self, mission: &Mission, logs: &[LogFile]) -> Result<Evidence> {
        let seen = self.seen(mission);
        if seen.as_ref().is_some_and(|seen| seen.is_of(logs)) {
            return Ok(Evidence { seen, ..Evidence::default() });
        }
        let texts = self.read_logs(logs)?;
        // What its branch had went with the branch, and whoever closed it meant that.
        if self.is_given_up(mission)?
            || self.regressions(mission, seen.as_ref(), &texts)?.is_empty()
        {
            let seen = Seen::of(mission, &texts);
            // Where nothing can be remembered, each look is the first one.
            let _ = self.keep(mission, &seen);
            return Ok(Evidence { seen: Some(seen), ..Evidence::default() });
        }
        self.second_look(mission)
    }

    /// What was remembered may be later than the logs that were compared with it, if another process
    /// wrote meanwhile: now it is read before them, and they at another moment.
    fn second_look(&self, mission: &Mission) -> Result<Evidence> {
        let (now, seen) = (Store::new(self.repo), self.seen(mission));
        let gone = || Refusal::MissionNotFound { handle: mission.dir.clone() };
        let mission = now.open(&mission.dir)?.ok_or_else(gone)?;
        let texts = now.read_logs(&now.logs(&mission)?)?;
        let regressions = now.regressions(&mission, seen.as_ref(), &texts)?;
        let binds = matches!(mission.source, Source::Coordination { .. });
        Ok(Evidence { seen, regressions, binds })
    }

    /// Takes the logs of a mission as they are for what was seen.
    ///
    /// # Errors
    /// If one is damaged, or that cannot be written down.
    pub fn accept(&self, mission: &Mission) -> Result<()> {
        let texts = self.read_logs(&self.logs(mission)?)?;
        for text in &texts {
            Log::parse(&text.found.shown, &text.found.bytes)?;
        }
        self.keep(mission, &Seen::of(mission, &texts))
    }

    /// Remembers what a write of ours made of the log on a coordination branch: its id and length,
    /// in `commit`.
    pub fn saw_growth(
        &self,
        mission: &Mission,
        (before, commit): (&Evidence, Oid),
        log: (Oid, usize),
    ) {
        if let Some(seen) = before.seen.clone().and_then(|seen| seen.grown(commit, log)) {
            let _ = self.keep(mission, &seen);
        }
    }

    fn regressions(
        &self,
        mission: &Mission,
        seen: Option<&Seen>,
        texts: &[LogText],
    ) -> Result<Vec<Regression>> {
        let (known, gone) = self.continued(seen, texts)?;
        let doubled = texts.iter().zip(known).filter_map(|(text, known)| {
            let found = doubled(&text.found.bytes, known)?;
            let case = Case { mission, seen: None, text: Some(text) };
            Some(case.regression(Some(found), WayBack::Unknown))
        });
        let mut all: Vec<Regression> = doubled.collect();
        if let Some(seen) = seen.filter(|_| !gone.is_empty()) {
            all.extend(self.missing(mission, (seen, &gone), texts)?);
        }
        Ok(all)
    }

    /// How many bytes of each log were seen before, and the logs that were seen and with which none
    /// begins.
    fn continued<'s>(
        &self,
        seen: Option<&'s Seen>,
        texts: &[LogText],
    ) -> Result<(Vec<usize>, Vec<&'s SeenLog>)> {
        let (mut known, mut gone) = (vec![0; texts.len()], Vec::new());
        for log in seen.iter().flat_map(|seen| &seen.logs) {
            let mut goes_on = false;
            for (text, known) in texts.iter().zip(&mut known) {
                if let Some(bytes) = log.known_of(self.repo, text)? {
                    (goes_on, *known) = (true, bytes.max(*known));
                }
            }
            gone.extend((!goes_on).then_some(log));
        }
        Ok((known, gone))
    }

    /// What is missing of logs that no present one begins with.
    fn missing(
        &self,
        mission: &Mission,
        (seen, gone): (&Seen, &[&SeenLog]),
        texts: &[LogText],
    ) -> Result<Option<Regression>> {
        let case = |log| Case { mission, seen: Some(log), text: texts.first() };
        let (mut logs, mut old) = (Vec::new(), Vec::new());
        for log in gone.iter().copied() {
            match (log.text(self.repo), &mission.source) {
                (Some(text), _) => {
                    logs.push(log);
                    old.push(text);
                }
                (None, Source::Coordination { .. }) => {
                    return Ok(Some(case(log).regression(None, WayBack::Unknown)));
                }
                (None, Source::Primary) => {}
            }
        }
        let old: Vec<&[u8]> = old.iter().map(Vec::as_slice).collect();
        let present: Vec<&[u8]> = texts.iter().map(|text| text.found.bytes.as_slice()).collect();
        let found = match lost(&old, &present) {
            Some(found) => Some(found),
            None => self.reordered(mission, seen, (&old, &present))?.map(|found| (0, found)),
        };
        let Some((file, finding)) = found else { return Ok(None) };
        let way_back = self.way_back(mission, seen)?;
        Ok(logs.get(file).map(|log| case(log).regression(Some(finding), way_back)))
    }

    /// The first line of the one log on a coordination branch that stands elsewhere, if neither the
    /// merge driver nor a merge put it there. In older missions the order does not count.
    fn reordered(
        &self,
        mission: &Mission,
        seen: &Seen,
        logs: (&[&[u8]], &[&[u8]]),
    ) -> Result<Option<Finding>> {
        let ([old], [new]) = logs else { return Ok(None) };
        let mut found = compare(old, new, false).into_iter();
        let found = found.find(|finding| finding.kind == Kind::Reordered);
        let (Some(found), Source::Coordination { tip, .. }) = (found, &mission.source) else {
            return Ok(None);
        };
        let merged = match seen.tip() {
            Some(old) => self.repo.has_merged_since(old, *tip)?,
            None => false,
        };
        Ok((!merged).then_some(found))
    }

    fn way_back(&self, mission: &Mission, seen: &Seen) -> Result<WayBack> {
        let Source::Coordination { branch, tip } = &mission.source else {
            return Ok(WayBack::Checkout);
        };
        let name = branch.ref_name()?;
        let known = seen.tip().filter(|seen| self.repo.commit(*seen).is_ok());
        let (Some(known), Some(_)) = (known, self.find(&name)?) else {
            return Ok(WayBack::Unknown);
        };
        let (seen, present) = (known.to_string(), tip.to_string());
        if self.repo.is_ancestor(*tip, known)? {
            return Ok(WayBack::Forward { name: name.to_string(), seen, present });
        }
        if self.repo.is_ancestor(known, *tip)? {
            let path = layout::event_log(&mission.dir).to_string();
            return Ok(WayBack::Revert { seen, present, path });
        }
        Ok(WayBack::Merge { branch: branch.to_string(), seen })
    }
}

/// What a finding is about.
struct Case<'a> {
    mission: &'a Mission,
    seen: Option<&'a SeenLog>,
    text: Option<&'a LogText>,
}

impl Case<'_> {
    /// A finding; without one the log that was seen is gone.
    fn regression(&self, finding: Option<Finding>, way_back: WayBack) -> Regression {
        let present = self.text.map(|text| text.oid.to_string());
        let shown = self.text.map(|text| text.found.shown.clone());
        Regression {
            kind: finding.as_ref().map_or(Kind::Forked, |finding| finding.kind),
            mission: self.mission.dir.clone(),
            file: self.seen.map(|log| log.shown.clone()).or(shown).unwrap_or_default(),
            line: finding.as_ref().map(|finding| finding.line),
            event_id: finding.and_then(|finding| finding.event_id),
            seen: self
                .seen
                .map(|log| log.id.clone())
                .or_else(|| present.clone())
                .unwrap_or_default(),
            present: present.filter(|_| way_back != WayBack::Checkout),
            way_back,
        }
    }
}
