//! How Spec Kitty 3.2 matches `owned_files`, kept only to explain where the two differ.
//!
//! Its rule (`formats.md` section 4): shell matching in which `*` crosses `/` and braces mean
//! nothing, or the entry without its `/**` and `/*` is a directory above the path.

/// Whether the reference would say that `entry` owns `path`.
#[must_use]
pub fn matches(entry: &[u8], path: &[u8]) -> bool {
    shell_match(entry, path) || {
        let directory = without(&without(entry, b"/**"), b"/*");
        let end = directory.iter().rposition(|b| *b != b'/').map_or(0, |at| at + 1);
        let directory = directory.get(..end).unwrap_or_default();
        !directory.is_empty()
            && path.strip_prefix(directory).is_some_and(|rest| rest.first() == Some(&b'/'))
    }
}

fn without(text: &[u8], part: &[u8]) -> Vec<u8> {
    let mut rest = text;
    let mut kept = Vec::with_capacity(text.len());
    while let Some((first, tail)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(part) {
            rest = after;
        } else {
            kept.push(*first);
            rest = tail;
        }
    }
    kept
}

/// Shell matching with one point of return, so that its time is bounded by the product of lengths.
fn shell_match(mut pattern: &[u8], mut text: &[u8]) -> bool {
    let mut retry: Option<(&[u8], &[u8])> = None;
    loop {
        if let Some((b'*', rest)) = pattern.split_first() {
            retry = Some((rest, text));
            pattern = rest;
            continue;
        }
        match (match_one(pattern, text), text.split_first()) {
            (_, None) => return pattern.is_empty(),
            (Some(rest), Some((_, tail))) => (pattern, text) = (rest, tail),
            (None, Some(_)) => {
                let Some((after_star, from)) = retry else { return false };
                let Some((_, later)) = from.split_first() else { return false };
                retry = Some((after_star, later));
                (pattern, text) = (after_star, later);
            }
        }
    }
}

/// The pattern after the element that matches the first byte of `text`.
fn match_one<'a>(pattern: &'a [u8], text: &[u8]) -> Option<&'a [u8]> {
    let (element, rest) = pattern.split_first()?;
    let byte = text.first()?;
    match element {
        b'?' => Some(rest),
        b'[' => match class(rest) {
            Some((members, after)) => class_has(members, *byte).then_some(after),
            None => (*byte == b'[').then_some(rest),
        },
        element => (element == byte).then_some(rest),
    }
}

/// The members of a class and what follows it, after its opening bracket.
fn class(pattern: &[u8]) -> Option<(&[u8], &[u8])> {
    let skip = usize::from(pattern.first() == Some(&b'!'));
    let search = pattern.get(skip + 1..)?;
    let end = search.iter().position(|b| *b == b']')? + skip + 1;
    Some((pattern.get(..end)?, pattern.get(end + 1..)?))
}

fn class_has(members: &[u8], byte: u8) -> bool {
    let (negated, mut members) = match members.split_first() {
        Some((b'!', rest)) => (true, rest),
        _ => (false, members),
    };
    let mut found = false;
    while let Some((first, rest)) = members.split_first() {
        if let [b'-', last, tail @ ..] = rest {
            found |= (*first..=*last).contains(&byte);
            members = tail;
        } else {
            found |= *first == byte;
            members = rest;
        }
    }
    found != negated
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn wider_than_ours_and_narrower_in_braces() {
        for (entry, path) in [
            ("src/*", "src/deep/a.rs"),
            ("a/**/b", "a/b/c"),
            ("src/**", "src/a"),
            ("*.rs", "src/deep/a.rs"),
            ("[!x]bc", "abc"),
            ("[a-c]*[", "bx["),
            ("src/a.rs", "src/a.rs/below"),
        ] {
            assert!(matches(entry.as_bytes(), path.as_bytes()), "{entry} {path}");
        }
        for (entry, path) in
            [("*.{rs,toml}", "a.rs"), ("app/[id].ts", "app/[id].ts"), ("[!a]bc", "abc"), ("", "a")]
        {
            assert!(!matches(entry.as_bytes(), path.as_bytes()), "{entry} {path}");
        }
    }
}
