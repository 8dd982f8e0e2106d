//! What the environment says about the repository, as a hook sees it.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

/// The `GIT_*` variables that choose a repository and its parts (`git help git`, "The Git
/// Repository"), and ours that say who works there. Paths are as given: relative ones count from
/// where the process stands.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// `GIT_DIR`.
    pub git_dir: Option<PathBuf>,
    /// `GIT_WORK_TREE`.
    pub work_tree: Option<PathBuf>,
    /// `GIT_COMMON_DIR`.
    pub common_dir: Option<PathBuf>,
    /// `GIT_INDEX_FILE`.
    pub index_file: Option<PathBuf>,
    /// `GIT_OBJECT_DIRECTORY`, set while pushed objects are in quarantine.
    pub object_directory: Option<OsString>,
    /// `GIT_ALTERNATE_OBJECT_DIRECTORIES`.
    pub alternates: Option<OsString>,
    /// `GIT_QUARANTINE_PATH`: Git refuses to move refs while it is set.
    pub quarantine: Option<OsString>,
    /// `GIT_SHALLOW_FILE`: where history ends, with a push from a shallow clone.
    pub shallow_file: Option<OsString>,
    /// `GIT_CONFIG_PARAMETERS`: the settings of `git -c`, quoted for a shell.
    pub parameters: Option<OsString>,
    /// `GIT_COMMITTER_NAME`.
    pub committer: Option<String>,
    /// `GIT_KITTY_ACTOR`: who acts.
    pub actor: Option<String>,
    /// `GIT_PREFIX`: where git was called, from the top of the work tree, which is where a hook starts.
    pub prefix: Option<String>,
    /// `GIT_KITTY_EPOCH`: the epoch of the claim that a worker was given.
    pub epoch: Option<String>,
}

impl Environment {
    /// The environment of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a hook is told its repository in no other way")]
    pub fn of_process() -> Self {
        Self::from_lookup(|name| std::env::var_os(name))
    }

    /// The same without what chooses a repository: for one that is found by a path.
    #[must_use]
    pub fn anywhere(self) -> Self {
        let Self { parameters, committer, actor, epoch, .. } = self;
        Self { parameters, committer, actor, epoch, ..Self::default() }
    }

    /// From a function that gives a variable's value. Empty values count as unset, as in Git.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<OsString>) -> Self {
        let value = |name: &str| lookup(name).filter(|value| !value.is_empty());
        let text = |name: &str| value(name).and_then(|value| value.into_string().ok());
        Self {
            git_dir: value("GIT_DIR").map(PathBuf::from),
            work_tree: value("GIT_WORK_TREE").map(PathBuf::from),
            common_dir: value("GIT_COMMON_DIR").map(PathBuf::from),
            index_file: value("GIT_INDEX_FILE").map(PathBuf::from),
            object_directory: value("GIT_OBJECT_DIRECTORY"),
            alternates: value("GIT_ALTERNATE_OBJECT_DIRECTORIES"),
            quarantine: value("GIT_QUARANTINE_PATH"),
            shallow_file: value("GIT_SHALLOW_FILE"),
            parameters: value("GIT_CONFIG_PARAMETERS"),
            committer: text("GIT_COMMITTER_NAME"),
            actor: text("GIT_KITTY_ACTOR"),
            prefix: text("GIT_PREFIX"),
            epoch: text("GIT_KITTY_EPOCH"),
        }
    }

    /// The settings of `git -c`, each as `key=value` or, for a bare flag, `key`.
    #[must_use]
    pub fn settings(&self) -> Vec<Vec<u8>> {
        let text = self.parameters.as_deref().map(OsStr::as_encoded_bytes).unwrap_or_default();
        unquote_words(text)
    }

    /// The variables that a child needs, in the same directory, to find the same repository.
    pub(crate) fn place_variables(&self) -> impl Iterator<Item = (&'static str, &OsStr)> {
        [
            ("GIT_DIR", &self.git_dir),
            ("GIT_WORK_TREE", &self.work_tree),
            ("GIT_COMMON_DIR", &self.common_dir),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?.as_os_str())))
    }

    /// The variables that a child needs to find the same objects.
    pub(crate) fn object_variables(&self) -> impl Iterator<Item = (&'static str, &OsStr)> {
        [
            ("GIT_OBJECT_DIRECTORY", self.object_directory.as_deref()),
            ("GIT_ALTERNATE_OBJECT_DIRECTORIES", self.alternates.as_deref()),
            ("GIT_QUARANTINE_PATH", self.quarantine.as_deref()),
            ("GIT_SHALLOW_FILE", self.shallow_file.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// Words as Git's `sq_quote` writes them: `'key=value'`, and since 2.31 `'key'='value'`.
fn unquote_words(text: &[u8]) -> Vec<Vec<u8>> {
    let mut words = Vec::new();
    let mut word = Vec::new();
    let mut quoted = false;
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\'' => quoted = !quoted,
            b'\\' if !quoted => word.extend(bytes.next()),
            b' ' if !quoted => words.push(std::mem::take(&mut word)),
            byte => word.push(byte),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// A setting in the form that Git reads from `GIT_CONFIG_PARAMETERS` (since 2.31), which also
/// carries keys with a `=` in them.
pub(crate) fn quote_setting(key: &[u8], value: &[u8]) -> Vec<u8> {
    let mut text = quote(key);
    text.push(b'=');
    text.extend(quote(value));
    text
}

fn quote(text: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    for byte in text {
        match byte {
            b'\'' | b'!' => quoted.extend([b'\'', b'\\', *byte, b'\'']),
            byte => quoted.push(*byte),
        }
    }
    quoted.push(b'\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_both_quotings_are_read() {
        let text = r"'a.b=c d' 'x.y'='it'\''s' 'kitty.flag'";
        let environment =
            Environment::from_lookup(|name| (name == "GIT_CONFIG_PARAMETERS").then(|| text.into()));
        let expected: Vec<Vec<u8>> =
            vec![b"a.b=c d".into(), b"x.y=it's".into(), b"kitty.flag".into()];
        assert_eq!(environment.settings(), expected);
    }

    #[test]
    fn quoting_is_undone_by_unquoting() {
        let quoted = quote_setting(b"merge.it's=a!.driver", b"x 'y'");
        assert_eq!(unquote_words(&quoted), [b"merge.it's=a!.driver=x 'y'".to_vec()]);
    }

    #[test]
    fn an_empty_variable_is_unset() {
        assert_eq!(Environment::from_lookup(|_| Some("".into())).git_dir, None);
    }
}
