//! Text from elsewhere, made safe for a terminal.

use std::fmt;
use std::fmt::Write;

use super::path::is_unsafe;

/// Prints text with its control characters, and those that turn the direction of writing, escaped.
#[derive(Debug, Clone, Copy)]
pub struct Printable<'a>(pub &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            c if is_unsafe(c) => write!(f, "{}", c.escape_default()),
            c => f.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_speak_to_the_terminal() {
        assert_eq!(Printable("dé\u{1b}[2J\n\u{202e}\\").to_string(), "dé\\u{1b}[2J\\n\\u{202e}\\");
    }
}
