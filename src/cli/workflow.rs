//! Workflow commands of GitHub Actions: lines on standard output that become annotations
//! (docs.github.com, "Workflow commands for GitHub Actions").

/// How an annotation is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Error,
    Warning,
}

/// An annotation, which belongs to a file if one is named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Annotation<'a> {
    pub(super) level: Level,
    pub(super) file: Option<&'a str>,
    pub(super) title: &'a str,
    pub(super) message: &'a str,
}

impl Annotation<'_> {
    /// Its line.
    pub(super) fn line(&self) -> String {
        let command = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        let title = property(self.title);
        let file = self.file.map(|file| format!("file={},", property(file))).unwrap_or_default();
        format!("::{command} {file}title={title}::{}\n", data(self.message))
    }
}

/// An error that is about no file.
pub(super) fn error(title: &str, message: &str) -> String {
    Annotation { level: Level::Error, file: None, title, message }.line()
}

/// A message ends with its line, and a percent sign begins an escape.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property ends at a comma besides, and all of them at a colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_ends_a_property_or_begins_a_command() {
        let annotation = Annotation {
            level: Level::Warning,
            file: Some("50%,a:b\r\n::error::x"),
            title: "T",
            message: "100%\n::error::x: y, z",
        };
        assert_eq!(
            annotation.line(),
            "::warning file=50%25%2Ca%3Ab%0D%0A%3A%3Aerror%3A%3Ax,title=T::100%25%0A::error::x: y, z\n"
        );
        assert_eq!(error("C", "m"), "::error title=C::m\n");
    }
}
