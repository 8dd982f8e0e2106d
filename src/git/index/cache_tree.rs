use std::collections::HashMap;

use super::Unread;
use crate::domain::oid::Oid;

/// The `TREE` extension: which directories of the index are known as trees.
pub(super) struct CacheTree<'a> {
    /// In the order of the file: each node before those below it.
    nodes: Vec<Node<'a>>,
}

/// A directory in it.
pub(super) struct Node<'a> {
    name: &'a [u8],
    /// The tree; `None` if something below changed since it was last known.
    pub(super) valid: Option<Valid>,
    children: usize,
    /// Where the nodes below it end.
    end: usize,
}

/// A directory whose tree is known.
#[derive(Clone, Copy)]
pub(super) struct Valid {
    /// How many entries of the index lie below it.
    pub(super) entries: u32,
    pub(super) oid: Oid,
}

/// The first node; `None` if the payload is damaged or its root has a name.
pub(super) fn root(payload: &[u8], hash_size: usize) -> Option<Node<'_>> {
    let (node, _) = node(payload, hash_size)?;
    node.name.is_empty().then_some(node)
}

impl<'a> CacheTree<'a> {
    pub(super) const ROOT: usize = 0;

    pub(super) fn parse(payload: &'a [u8], hash_size: usize) -> Result<Self, Unread> {
        let mut nodes: Vec<Node<'a>> = Vec::new();
        let mut rest = payload;
        // The nodes that still miss children, and how many.
        let mut open: Vec<(usize, usize)> = Vec::new();
        while nodes.is_empty() || !open.is_empty() {
            let (node, left) = node(rest, hash_size).ok_or(DAMAGED)?;
            rest = left;
            open.push((nodes.len(), node.children));
            nodes.push(node);
            while let Some((index, 0)) = open.last().copied() {
                open.pop();
                let end = nodes.len();
                nodes.get_mut(index).ok_or(DAMAGED)?.end = end;
                if let Some((_, missing)) = open.last_mut() {
                    *missing -= 1;
                }
            }
        }
        if rest.is_empty() { Ok(Self { nodes }) } else { Err(DAMAGED) }
    }

    pub(super) fn node(&self, index: usize) -> Option<&Node<'a>> {
        self.nodes.get(index)
    }

    /// The directories right below a node, by their names.
    pub(super) fn children(&self, index: usize) -> HashMap<&'a [u8], usize> {
        let end = self.node(index).map_or(0, |node| node.end);
        let mut children = HashMap::new();
        let mut next = index + 1;
        while let Some(node) = self.node(next).filter(|_| next < end) {
            children.insert(node.name, next);
            next = node.end;
        }
        children
    }
}

const DAMAGED: Unread = Unread("its TREE extension is damaged");

/// Reads `name NUL count SP children LF`, and the id if the count is not negative.
fn node(bytes: &[u8], hash_size: usize) -> Option<(Node<'_>, &[u8])> {
    let (name, rest) = split_at_byte(bytes, 0)?;
    let (count, rest) = split_at_byte(rest, b' ')?;
    let (children, rest) = split_at_byte(rest, b'\n')?;
    let count: i64 = std::str::from_utf8(count).ok()?.parse().ok()?;
    let children = std::str::from_utf8(children).ok()?.parse().ok()?;
    let (valid, rest) = match u32::try_from(count) {
        Ok(entries) => {
            let (oid, rest) = rest.split_at_checked(hash_size)?;
            (Some(Valid { entries, oid: Oid::from_bytes(oid)? }), rest)
        }
        Err(_) => (None, rest),
    };
    Some((Node { name, valid, children, end: 0 }, rest))
}

fn split_at_byte(bytes: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let place = bytes.iter().position(|b| *b == byte)?;
    Some((bytes.get(..place)?, bytes.get(place + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload() -> Vec<u8> {
        let oid = [7; 20];
        let mut bytes = b"\x00-1 2\nb\x002 1\n".to_vec();
        bytes.extend(oid);
        bytes.extend(b"inner\x001 0\n");
        bytes.extend(oid);
        bytes.extend(b"aa\x00-1 0\n");
        bytes
    }

    #[test]
    fn nodes_know_their_children() {
        let bytes = payload();
        let tree = CacheTree::parse(&bytes, 20).unwrap();
        let top = tree.children(CacheTree::ROOT);
        assert_eq!(top.len(), 2);
        let b = top[&b"b"[..]];
        assert_eq!(tree.node(b).unwrap().valid.unwrap().entries, 2);
        assert!(tree.children(b).contains_key(&b"inner"[..]));
        assert!(tree.node(top[&b"aa"[..]]).unwrap().valid.is_none());
        assert!(tree.children(top[&b"aa"[..]]).is_empty());
    }

    #[test]
    fn every_cut_is_refused() {
        let bytes = payload();
        for length in 0..bytes.len() {
            assert!(CacheTree::parse(&bytes[..length], 20).is_err(), "{length}");
        }
        let longer = [bytes, vec![0]].concat();
        assert!(CacheTree::parse(&longer, 20).is_err());
    }
}
