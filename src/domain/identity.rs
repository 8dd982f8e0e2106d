//! Who wrote a commit or a line of a reflog.

use std::fmt;

use super::id::InvalidId;
use super::time::Instant;

/// A name and an address, cleaned as git cleans them, so that they fit into a commit's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    name: String,
    email: String,
}

impl Identity {
    /// Leaves out `<`, `>`, line ends and NUL, and what git takes for dirt at both ends: characters
    /// up to the space and `. , : ; " ' \` (`strbuf_addstr_without_crud` in git's `ident.c`).
    ///
    /// # Errors
    /// If nothing is left of the name. The address may be empty.
    pub fn new(name: &str, email: &str) -> Result<Self, InvalidId> {
        let identity = Self { name: clean(name), email: clean(email) };
        if identity.name.is_empty() {
            return Err(InvalidId { kind: "name of a person", text: name.to_owned() });
        }
        Ok(identity)
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The address.
    #[must_use]
    pub fn email(&self) -> &str {
        &self.email
    }

    /// How commits and reflogs say who and when: `Ada <ada@example.com> 1767603600 +0000`.
    #[must_use]
    pub fn signature(&self, at: Instant) -> String {
        format!("{self} {} +0000", at.micros() / 1_000_000)
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} <{}>", self.name, self.email)
    }
}

fn clean(text: &str) -> String {
    let crud = |c: char| c <= ' ' || ".,:;<>\"\\'".contains(c);
    let inside = |c: &char| !matches!(c, '<' | '>' | '\n' | '\0');
    text.trim_matches(crud).chars().filter(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_cannot_be_broken_out_of() {
        let ada = Identity::new(" Ada\nparent <x> \"B.\" ", "<ada@example.com>\n").unwrap();
        let at = Instant::from_micros(1_767_603_600_999_999);
        assert_eq!(ada.signature(at), "Adaparent x \"B <ada@example.com> 1767603600 +0000");
        assert_eq!(Identity::new("claude", "").unwrap().to_string(), "claude <>");
        assert!(Identity::new("<.>", "x").is_err());
    }
}
