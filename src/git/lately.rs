//! The commits and trees that were read last: a command goes the same way from a tip to a mission's
//! files several times, and from each commit to the next.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};

use crate::domain::oid::Oid;

/// A few hundred small objects. An object never changes, so that none can be out of date.
#[derive(Debug, Default)]
pub(super) struct Lately {
    objects: RefCell<Objects>,
}

#[derive(Debug, Default)]
struct Objects {
    texts: HashMap<(Oid, &'static str), Vec<u8>>,
    /// In the order in which they were read.
    order: VecDeque<(Oid, &'static str)>,
}

/// How many.
const MOST: usize = 512;
/// How large one may be.
const LARGEST: usize = 16 << 10;

impl Lately {
    /// The object, if it is among them.
    pub(super) fn get(&self, oid: Oid, kind: &'static str) -> Option<Vec<u8>> {
        self.objects.borrow().texts.get(&(oid, kind)).cloned()
    }

    /// Keeps an object, in place of the one that was read first.
    pub(super) fn keep(&self, oid: Oid, kind: &'static str, text: &[u8]) {
        if text.len() > LARGEST {
            return;
        }
        let Objects { texts, order } = &mut *self.objects.borrow_mut();
        if order.len() == MOST
            && let Some(first) = order.pop_front()
        {
            texts.remove(&first);
        }
        if texts.insert((oid, kind), text.to_vec()).is_none() {
            order.push_back((oid, kind));
        }
    }
}
