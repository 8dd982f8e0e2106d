//! Completion in bash, tried in bash.

use std::process::Command;

use clap_complete::Shell;

/// clap_complete 4.6 mixes names up where the program's has a hyphen, so that no option of a
/// subcommand completes: it gets another one, and only the last line the real one.
pub(super) fn completions() -> String {
    let text = super::completions(Shell::Bash, "gitkitty");
    let own = text.replace(" -o default gitkitty", " -o default git-kitty");
    format!("{}\n{THROUGH_GIT}", own.trim_end())
}

/// What lets `git kitty <TAB>` complete: git's own completion calls `_git_kitty`, and loads the
/// file `git-kitty` for it where bash-completion is installed.
const THROUGH_GIT: &str = r#"
# Called by git's completion for `git kitty ...`: passes the words from `kitty` on.
_git_kitty() {
    local at=1 prev
    while [[ $at -lt $COMP_CWORD && ${COMP_WORDS[at]} != kitty ]]; do
        at=$((at + 1))
    done
    local -a words_of_git=("${COMP_WORDS[@]}")
    local -a COMP_WORDS=(git-kitty "${words_of_git[@]:at+1}")
    local COMP_CWORD=$((COMP_CWORD - at))
    prev=${COMP_WORDS[COMP_CWORD - 1]}
    _gitkitty git-kitty "${COMP_WORDS[COMP_CWORD]}" "$prev"
    # Git's completion asks bash to add no spaces after words.
    for at in "${!COMPREPLY[@]}"; do
        [[ -d ${COMPREPLY[at]} ]] || COMPREPLY[at]+=" "
    done
}
"#;

/// What bash proposes for the last of the words; `None` without bash.
#[expect(clippy::print_stderr, reason = "a test that was skipped says so")]
fn proposals(function: &str, words: &[&str]) -> Option<Vec<String>> {
    let script = r#"eval "$1"; shift; function=$1; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        $function "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
        printf '%s\n' "${COMPREPLY[@]}""#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", script, "bash"]).arg(completions());
    let Ok(output) = bash.arg(function).args(words).output() else {
        eprintln!("skipped: there is no bash");
        return None;
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(str::to_owned).collect())
}

#[track_caller]
fn assert_completes(function: &str, words: &[&str], expected: &[&str]) {
    if let Some(found) = proposals(function, words) {
        assert_eq!(found, expected, "{words:?}");
    }
}

#[test]
fn completes_the_program() {
    assert_completes("_gitkitty", &["git-kitty", "sta"], &["status"]);
    assert_completes("_gitkitty", &["git-kitty", "guard", "--exp"], &["--explain"]);
    assert_completes("_gitkitty", &["git-kitty", "wp", "sh"], &["show"]);
    assert_completes("_gitkitty", &["git-kitty", "--format", "j"], &["json"]);
}

#[test]
fn completes_through_git() {
    assert_completes("_git_kitty", &["git", "kitty", "sta"], &["status "]);
    assert_completes("_git_kitty", &["git", "-C", "x", "kitty", "guard", "--exp"], &["--explain "]);
    assert_completes("_git_kitty", &["git", "kitty", "scope", "--branch", "b", "li"], &["list "]);
}
