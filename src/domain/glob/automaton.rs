//! What a pattern matches, as an automaton over bytes.
//!
//! A glob becomes the automaton of the very expression that globset matches with, so that the two
//! cannot differ. Its size is linear in the pattern's, which [`super::pattern`] bounds.

use std::collections::HashMap;
use std::sync::OnceLock;

use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_automata::util::syntax;

use super::pattern::{Meaning, Pattern};

/// A state, by its number.
pub(super) type StateId = u32;

/// Reads a byte from `first` to `last`, and goes on at `next`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) first: u8,
    pub(super) last: u8,
    pub(super) next: StateId,
}

/// What can happen next.
#[derive(Debug, Clone)]
pub(super) enum State {
    /// One byte is read, by any step that fits; without steps nothing more can match.
    Read(Vec<Step>),
    /// Goes on at any of these, without reading.
    Fork(Vec<StateId>),
    /// All was read: a match if the path ends here.
    Accept,
}

/// An automaton that matches the whole of a path or nothing.
#[derive(Debug, Clone)]
pub(super) struct Automaton {
    states: Vec<State>,
    start: StateId,
}

impl Automaton {
    /// The automaton of a pattern; with folded case it may take a few paths too many, never one too
    /// few. `None` if it would become too large.
    pub(super) fn of(pattern: &Pattern) -> Option<Self> {
        let mut building = Self { states: Vec::new(), start: 0 };
        let fold_case = pattern.folds_case();
        let accept = building.push(State::Accept);
        building.start = match pattern.meaning() {
            Meaning::Path(own) => {
                let below = building.below(accept);
                let end = building.push(State::Fork(vec![accept, below]));
                building.text(own, fold_case, end)
            }
            Meaning::Below(directory) => {
                let below = building.below(accept);
                building.text(directory, fold_case, below)
            }
            Meaning::Glob { .. } => {
                let itself = building.text(pattern.path(), fold_case, accept);
                match pattern.expression() {
                    Some(expression) => {
                        let glob = building.expression(&expression)?;
                        building.push(State::Fork(vec![itself, glob]))
                    }
                    None => itself,
                }
            }
        };
        Some(building)
    }

    /// Where it begins.
    pub(super) const fn start(&self) -> StateId {
        self.start
    }

    /// The state of this number.
    pub(super) fn state(&self, id: StateId) -> &State {
        const NOTHING: &State = &State::Read(Vec::new());
        self.states.get(id as usize).unwrap_or(NOTHING)
    }

    fn push(&mut self, state: State) -> StateId {
        self.states.push(state);
        self.next_id() - 1
    }

    fn next_id(&self) -> StateId {
        StateId::try_from(self.states.len()).unwrap_or(StateId::MAX)
    }

    /// A slash and whatever follows it.
    fn below(&mut self, accept: StateId) -> StateId {
        let any = self.next_id();
        self.push(State::Fork(vec![accept, any + 1]));
        self.push(State::Read(vec![Step { first: 0, last: u8::MAX, next: any }]));
        self.bytes(b"/", any)
    }

    fn bytes(&mut self, bytes: &[u8], next: StateId) -> StateId {
        let read = |byte: u8, next| State::Read(vec![Step { first: byte, last: byte, next }]);
        bytes.iter().rev().fold(next, |next, byte| self.push(read(*byte, next)))
    }

    /// The bytes of a text, or what becomes the same when its case is folded.
    fn text(&mut self, text: &str, fold_case: bool, next: StateId) -> StateId {
        if !fold_case {
            return self.bytes(text.as_bytes(), next);
        }
        let (mut after, mut after_dot) = (next, None);
        for c in text.to_lowercase().chars().rev() {
            let mut ways = vec![self.char(c, after)];
            for twin in twins().get(&c).into_iter().flatten() {
                ways.push(self.char(*twin, after));
            }
            if let (DOTTED_I_AS_LOWER, Some(after_dot)) = (c, after_dot) {
                ways.push(self.char(DOTTED_I, after_dot));
            }
            after_dot = (c == DOT_ABOVE).then_some(after);
            after = self.push(State::Fork(ways));
        }
        after
    }

    fn char(&mut self, c: char, next: StateId) -> StateId {
        self.bytes(c.encode_utf8(&mut [0; 4]).as_bytes(), next)
    }

    /// The states of an expression that is anchored at both ends, as all of globset's are.
    fn expression(&mut self, expression: &str) -> Option<StateId> {
        let nfa = NFA::compiler()
            .syntax(syntax::Config::new().utf8(false).dot_matches_new_line(true))
            .configure(
                thompson::Config::new()
                    .utf8(false)
                    .which_captures(WhichCaptures::None)
                    .nfa_size_limit(Some(MAX_EXPRESSION)),
            )
            .build(expression)
            .ok()?;
        let offset = self.next_id();
        self.states.extend(nfa.states().iter().map(|state| converted(state, offset)));
        Some(offset + nfa.start_anchored().as_u32())
    }
}

/// In bytes of memory: far above what a pattern of the greatest length needs.
const MAX_EXPRESSION: usize = 1 << 20;

const DOTTED_I: char = '\u{130}';
const DOTTED_I_AS_LOWER: char = 'i';
const DOT_ABOVE: char = '\u{307}';

fn converted(state: &thompson::State, offset: StateId) -> State {
    let id = |id: regex_automata::util::primitives::StateID| offset + id.as_u32();
    let step = |step: &thompson::Transition| Step {
        first: step.start,
        last: step.end,
        next: id(step.next),
    };
    match state {
        thompson::State::ByteRange { trans } => State::Read(vec![step(trans)]),
        thompson::State::Sparse(sparse) => {
            State::Read(sparse.transitions.iter().map(step).collect())
        }
        thompson::State::Dense(dense) => {
            let next = |byte| Some((byte, dense.matches_byte(byte)?));
            let steps = (0..=u8::MAX).filter_map(next);
            State::Read(
                steps
                    .map(|(byte, next)| Step { first: byte, last: byte, next: id(next) })
                    .collect(),
            )
        }
        thompson::State::Look { next, .. } | thompson::State::Capture { next, .. } => {
            State::Fork(vec![id(*next)])
        }
        thompson::State::Union { alternates } => {
            State::Fork(alternates.iter().map(|next| id(*next)).collect())
        }
        thompson::State::BinaryUnion { alt1, alt2 } => State::Fork(vec![id(*alt1), id(*alt2)]),
        thompson::State::Fail => State::Read(Vec::new()),
        thompson::State::Match { .. } => State::Accept,
    }
}

/// The characters that become another single one when their case is folded, by that one.
fn twins() -> &'static HashMap<char, Vec<char>> {
    static TWINS: OnceLock<HashMap<char, Vec<char>>> = OnceLock::new();
    TWINS.get_or_init(|| {
        let mut twins: HashMap<char, Vec<char>> = HashMap::new();
        for c in '\0'..=LAST_WITH_CASE {
            let mut lower = c.to_lowercase();
            if let (Some(only), None) = (lower.next(), lower.next())
                && only != c
            {
                twins.entry(only).or_default().push(c);
            }
        }
        // A capital sigma at the end of a word.
        twins.entry('ς').or_default().push('Σ');
        twins
    })
}

/// No script beyond this plane has case.
const LAST_WITH_CASE: char = '\u{1ffff}';
