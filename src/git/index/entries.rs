use std::io::Read;

use super::Unread;
use super::file::word;
use crate::domain::change::Mode;
use crate::domain::oid::Oid;

/// The entries of an index, one after the other, through one buffer.
pub(super) struct Entries<R> {
    input: R,
    buffer: Vec<u8>,
    /// The part of the buffer that was read and not used up.
    start: usize,
    end: usize,
    version: u32,
    hash_size: usize,
    remaining: u32,
    /// What is read of an entry: times, mode, size, id, flags of the entry.
    fixed: Vec<u8>,
    path: Vec<u8>,
}

/// What an entry holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// What would be committed.
    Staged(Mode, Oid),
    /// One side of a conflict.
    Unmerged,
    /// `git add -N`: not part of the next commit.
    Intended,
}

/// Times, device, inode, owner and size before the id; the mode among them.
const STAT: usize = 40;
const MODE: usize = 24;
const CHUNK: usize = 64 << 10;

impl<R: Read> Entries<R> {
    /// From `input`, which stands behind the header.
    pub(super) fn new(input: R, version: u32, count: u32, hash_size: usize) -> Self {
        Self {
            input,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            version,
            hash_size,
            remaining: count,
            fixed: Vec::new(),
            path: Vec::new(),
        }
    }

    /// Goes to the next entry; `false` after the last.
    pub(super) fn advance(&mut self) -> Result<bool, Unread> {
        let Some(remaining) = self.remaining.checked_sub(1) else { return Ok(false) };
        self.remaining = remaining;
        let short = STAT + self.hash_size + 2;
        self.want(short + 2)?;
        let flags = self.half(short - 2)?;
        let size = if flags & EXTENDED == 0 { short } else { short + 2 };
        self.fixed.clear();
        let fixed = self.buffer.get(self.start..self.start + size).unwrap_or_default();
        self.fixed.extend_from_slice(fixed);
        match self.version {
            4 => self.read_shared_path(size)?,
            _ => self.read_padded_path(size, usize::from(flags & LENGTH))?,
        }
        Ok(true)
    }

    /// The path of the current entry.
    pub(super) fn path(&self) -> &[u8] {
        &self.path
    }

    /// What the current entry holds.
    pub(super) fn held(&self) -> Result<Held, Unread> {
        let damaged = Unread("an entry is damaged");
        let flags_at = STAT + self.hash_size;
        let flags = half(&self.fixed, flags_at).ok_or(damaged)?;
        if flags & STAGE != 0 {
            return Ok(Held::Unmerged);
        }
        if flags & EXTENDED != 0 && half(&self.fixed, flags_at + 2).ok_or(damaged)? & INTENT != 0 {
            return Ok(Held::Intended);
        }
        let mode = word(&self.fixed, MODE).and_then(Mode::from_bits);
        let oid = self.fixed.get(STAT..flags_at).and_then(Oid::from_bytes);
        match mode.zip(oid).ok_or(damaged)? {
            (Mode::Tree, _) => Err(Unread("it is sparse")),
            (mode, oid) => Ok(Held::Staged(mode, oid)),
        }
    }

    /// All that follows the entries.
    pub(super) fn rest(mut self) -> Result<Vec<u8>, Unread> {
        let mut rest = self.buffer.get(self.start..self.end).unwrap_or_default().to_vec();
        self.input.read_to_end(&mut rest)?;
        Ok(rest)
    }

    /// Versions 2 and 3: the whole path, then one to eight zeros up to a multiple of eight.
    fn read_padded_path(&mut self, fixed: usize, length: usize) -> Result<(), Unread> {
        let length = if length < usize::from(LENGTH) {
            self.want(fixed + length + 1)?;
            length
        } else {
            self.find_nul(fixed)? - fixed
        };
        let whole = (fixed + length + 8) & !7;
        self.want(whole)?;
        let text = self.buffer.get(self.start + fixed..self.start + fixed + length);
        self.path.clear();
        self.path.extend_from_slice(text.unwrap_or_default());
        self.start += whole;
        Ok(())
    }

    /// Version 4: how many bytes of the path before to drop, and what to add, up to a zero.
    fn read_shared_path(&mut self, fixed: usize) -> Result<(), Unread> {
        let mut at = fixed;
        let mut dropped: usize = 0;
        loop {
            self.want(at + 1)?;
            let byte = self.peek(at + 1)?.last().copied().unwrap_or_default();
            at += 1;
            dropped = dropped << 7 | usize::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                break;
            }
            dropped += 1;
            if at > fixed + 8 {
                return Err(Unread("a path is damaged"));
            }
        }
        let end = self.find_nul(at)?;
        let kept = self.path.len().checked_sub(dropped).ok_or(Unread("a path is damaged"))?;
        self.path.truncate(kept);
        let text = self.buffer.get(self.start + at..self.start + end);
        self.path.extend_from_slice(text.unwrap_or_default());
        self.start += end + 1;
        Ok(())
    }

    /// Where the next zero byte is, counted from `start`, at `from` or later.
    fn find_nul(&mut self, from: usize) -> Result<usize, Unread> {
        let mut searched = from;
        loop {
            let unread = self.buffer.get(self.start + searched..self.end).unwrap_or_default();
            if let Some(place) = unread.iter().position(|b| *b == 0) {
                return Ok(searched + place);
            }
            searched = self.end - self.start;
            self.want(searched + 1)?;
        }
    }

    /// Makes at least `size` bytes ready.
    fn want(&mut self, size: usize) -> Result<(), Unread> {
        if self.end - self.start >= size {
            return Ok(());
        }
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() < size {
            self.buffer.resize(size.next_multiple_of(CHUNK), 0);
        }
        while self.end < size {
            let free = self.buffer.get_mut(self.end..).unwrap_or_default();
            match self.input.read(free)? {
                0 => return Err(Unread("it ends too early")),
                read => self.end += read,
            }
        }
        Ok(())
    }

    fn peek(&self, size: usize) -> Result<&[u8], Unread> {
        self.buffer.get(self.start..self.start + size).ok_or(Unread("it ends too early"))
    }

    fn half(&self, offset: usize) -> Result<u16, Unread> {
        half(self.peek(offset + 2)?, offset).ok_or(Unread("it ends too early"))
    }
}

const LENGTH: u16 = 0x0fff;
const STAGE: u16 = 0x3000;
const EXTENDED: u16 = 0x4000;
const INTENT: u16 = 0x2000;

fn half(bytes: &[u8], offset: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(offset..)?.first_chunk()?))
}
