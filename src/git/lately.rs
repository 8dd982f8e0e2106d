//! The commits and trees that were read last: a command goes the same way from a tip to a mission's
//! files several times.

use std::cell::RefCell;
use std::collections::VecDeque;

use crate::domain::oid::Oid;

/// A few small objects. An object never changes, so that none can be out of date.
#[derive(Debug, Default)]
pub(super) struct Lately {
    objects: RefCell<VecDeque<(Oid, &'static str, Vec<u8>)>>,
}

/// How many.
const MOST: usize = 16;
/// How large one may be.
const LARGEST: usize = 16 << 10;

impl Lately {
    /// The object, if it is among them.
    pub(super) fn get(&self, oid: Oid, kind: &str) -> Option<Vec<u8>> {
        let objects = self.objects.borrow();
        let found = objects.iter().find(|(known, is, _)| *known == oid && *is == kind)?;
        Some(found.2.clone())
    }

    /// Keeps an object, in place of the one that was read first.
    pub(super) fn keep(&self, oid: Oid, kind: &'static str, text: &[u8]) {
        if text.len() > LARGEST {
            return;
        }
        let mut objects = self.objects.borrow_mut();
        if objects.len() == MOST {
            objects.pop_front();
        }
        objects.push_back((oid, kind, text.to_vec()));
    }
}
