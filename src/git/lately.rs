//! The commits and trees that were read last: a command goes the same way from a tip to a mission's
//! files several times, and from each commit to the next.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Rc;

use crate::domain::oid::Oid;

/// Some megabytes of small objects. An object never changes, so that none can be out of date.
#[derive(Debug, Default)]
pub(super) struct Lately {
    objects: RefCell<Objects>,
}

#[derive(Debug, Default)]
struct Objects {
    texts: HashMap<(Oid, &'static str), Rc<[u8]>>,
    /// In the order in which they were read.
    order: VecDeque<(Oid, &'static str)>,
    /// The sum of their lengths.
    bytes: usize,
}

/// How many bytes all of them may have.
const MOST: usize = 8 << 20;
/// How many one may have.
const LARGEST: usize = 16 << 10;

impl Lately {
    /// The object, if it is among them.
    pub(super) fn get(&self, oid: Oid, kind: &'static str) -> Option<Rc<[u8]>> {
        self.objects.borrow().texts.get(&(oid, kind)).cloned()
    }

    /// Keeps an object, in place of those that were read first.
    pub(super) fn keep(&self, oid: Oid, kind: &'static str, text: &Rc<[u8]>) {
        if text.len() > LARGEST {
            return;
        }
        let Objects { texts, order, bytes } = &mut *self.objects.borrow_mut();
        if texts.insert((oid, kind), Rc::clone(text)).is_some() {
            return;
        }
        order.push_back((oid, kind));
        *bytes += text.len();
        while *bytes > MOST
            && let Some(first) = order.pop_front()
        {
            *bytes -= texts.remove(&first).map_or(0, |text| text.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::{LARGEST, Lately, MOST};
    use crate::domain::oid::Oid;

    fn id(number: usize) -> Oid {
        format!("{:040x}", number + 1).parse().unwrap()
    }

    #[test]
    fn the_first_make_place_for_the_last() {
        let lately = Lately::default();
        let text: Rc<[u8]> = vec![0; LARGEST].into();
        let fits = MOST / LARGEST;
        for number in 0..=fits {
            lately.keep(id(number), "tree", &text);
            // Whoever keeps one twice takes no more place.
            lately.keep(id(number), "tree", &text);
        }
        let kept = |number| lately.get(id(number), "tree").is_some();
        assert!(!kept(0) && (1..=fits).all(kept));
        assert!(lately.get(id(fits), "commit").is_none());
        assert_eq!(lately.objects.borrow().bytes, MOST);
    }

    #[test]
    fn a_large_one_is_not_kept() {
        let lately = Lately::default();
        lately.keep(id(0), "tree", &vec![0; LARGEST + 1].into());
        assert!(lately.get(id(0), "tree").is_none());
    }
}
