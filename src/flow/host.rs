//! What a write takes from the world besides the repository: time, chance, and who acts.

use std::cell::Cell;

use anyhow::{Context, Result};

use crate::domain::identity::Identity;
use crate::domain::time::Instant;
use crate::domain::ulid::ulid;
use crate::git::Purpose;

/// The world of a command.
#[derive(Debug)]
pub struct Host {
    clock: Clock,
    ids: Ids,
    /// Who acts, as events name them.
    pub actor: String,
    /// Who commits, as git names them.
    pub identity: Identity,
    /// The command, for others who wait for its lock, e.g. `wp move`.
    pub command: &'static str,
}

/// Where the time comes from.
#[derive(Debug)]
enum Clock {
    System,
    Fixed(Cell<u64>),
}

/// Where chance comes from.
#[derive(Debug)]
enum Ids {
    System,
    Counted(Cell<u64>),
}

impl Host {
    /// The world as it is.
    #[must_use]
    pub const fn system(actor: String, identity: Identity, command: &'static str) -> Self {
        Self { clock: Clock::System, ids: Ids::System, actor, identity, command }
    }

    /// A world for tests: it begins at an instant, each look at the clock is a microsecond later,
    /// and ids are counted.
    #[must_use]
    pub const fn seeded(actor: String, identity: Identity, begin: Instant) -> Self {
        let clock = Clock::Fixed(Cell::new(begin.micros()));
        Self { clock, ids: Ids::Counted(Cell::new(0)), actor, identity, command: "test" }
    }

    /// What others are told who wait for our lock.
    #[must_use]
    pub fn purpose(&self) -> Purpose<'_> {
        Purpose { actor: &self.actor, command: self.command, since: self.now() }
    }

    /// Now.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn now(&self) -> Instant {
        match &self.clock {
            Clock::System => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                let micros = since.map_or(0, |since| since.as_micros());
                Instant::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
            }
            Clock::Fixed(micros) => {
                let now = micros.get();
                micros.set(now + 1);
                Instant::from_micros(now)
            }
        }
    }

    /// A new id.
    ///
    /// # Errors
    /// If the system has no random bytes to give.
    pub fn ulid(&self) -> Result<String> {
        self.ulid_after(0)
    }

    /// A new id, as if it were some milliseconds later.
    ///
    /// # Errors
    /// As [`Host::ulid`].
    pub fn ulid_after(&self, millis: u64) -> Result<String> {
        let random = self.random::<10>()?;
        Ok(ulid((self.now().micros() / 1000).saturating_add(millis), random))
    }

    /// A random UUID (RFC 9562, version 4), as 32 hexadecimal digits.
    ///
    /// # Errors
    /// As [`Host::ulid`].
    pub fn uuid(&self) -> Result<String> {
        const VERSION: u128 = 0x4 << 76;
        const VARIANT: u128 = 0b10 << 62;
        const OTHERS: u128 = !(0xf << 76 | 0b11 << 62);
        let random = u128::from_be_bytes(self.random()?);
        Ok(format!("{:032x}", random & OTHERS | VERSION | VARIANT))
    }

    /// Random bytes, or the next number.
    fn random<const N: usize>(&self) -> Result<[u8; N]> {
        let mut random = [0; N];
        match &self.ids {
            Ids::System => {
                getrandom::fill(&mut random).context("could not get random bytes")?;
            }
            Ids::Counted(count) => {
                let next = count.get() + 1;
                count.set(next);
                let digits = next.to_be_bytes();
                random.iter_mut().rev().zip(digits.iter().rev()).for_each(|(to, from)| *to = *from);
            }
        }
        Ok(random)
    }
}
