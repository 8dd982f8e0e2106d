//! `docs/codes.md` against the codes that the source can answer with, in both directions.

use std::collections::BTreeMap;

use git_kitty::domain::refusal::Exit;
use git_kitty::policy::GuardCode;

use crate::source::{literals, production};

/// Codes with what they end a command with: a number, or `-` for warnings, which end nothing.
type Codes = BTreeMap<String, String>;

const PAGE: &str = include_str!("../../docs/codes.md");

/// The rows of the tables below a heading: code and exit status.
fn rows(heading: &str) -> Codes {
    let (_, section) = PAGE.split_once(&format!("\n## {heading}\n")).unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let code = cells.get(1)?.strip_prefix('`')?.strip_suffix('`')?;
        assert_eq!(cells.len(), 6, "{line}");
        assert!(cells[3].len() > 10 && cells[4].len() > 10, "{line}");
        Some((code.to_owned(), cells[2].to_owned()))
    });
    rows.collect()
}

fn number(exit: Exit) -> String {
    (exit as u8).to_string()
}

fn exit_named(name: &str) -> Exit {
    *Exit::ALL.iter().find(|exit| format!("{exit:?}") == name).unwrap()
}

/// The body of a function of the refusals' files, up to the next one.
fn body(signature: &str) -> String {
    bodies(signature).remove(0)
}

/// The bodies of all functions with this signature, constant or not, in the order of the refusals'
/// files.
fn bodies(signature: &str) -> Vec<String> {
    let files = production("src/domain/refusal");
    let texts = files.iter().map(|file| file.text.replace("const fn", "fn"));
    let body = |text: String| {
        let (_, body) = text.split_once(signature)?;
        body.split(" fn ").next().map(str::to_owned)
    };
    texts.filter_map(body).collect()
}

/// `Self::Name` anywhere in a text.
fn variants(text: &str) -> Vec<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric()).collect();
    text.split("Self::").skip(1).map(name).collect()
}

/// The codes of the refusals, by what the source says of each variant.
fn refusals() -> Codes {
    let exits = body("pub fn exit(&self) -> Exit {");
    let mut codes = codes_of(&body("pub fn code(&self) -> &'static str {"), &exits);
    let [of_areas, exits_of_areas] = ["code(&self) -> &'static str {", "exit(&self) -> Exit {"]
        .map(|signature| bodies(&format!("pub(super) fn {signature}")));
    assert_eq!(of_areas.len(), exits_of_areas.len());
    assert!(!of_areas.is_empty());
    for (own, exits) in of_areas.iter().zip(&exits_of_areas) {
        codes.extend(codes_of(own, exits));
    }
    let damaged = number(exits_by_variant(&exits)["Damaged"]);
    let documents = literals(&body("impl Document {\n    pub(super) fn code(self)"));
    codes.extend(documents.into_iter().map(|code| (code, damaged.clone())));
    codes
}

/// The exit status of each variant, by the body of the function that says so.
fn exits_by_variant(body: &str) -> BTreeMap<String, Exit> {
    body.split_inclusive("Exit::")
        .collect::<Vec<_>>()
        .windows(2)
        .flat_map(|pair| {
            let name: String = pair[1].chars().take_while(|c| c.is_alphanumeric()).collect();
            let exit = exit_named(&name);
            variants(pair[0]).into_iter().map(move |variant| (variant, exit))
        })
        .collect()
}

/// The codes of an enum, by the bodies of its functions `code` and `exit`.
fn codes_of(own: &str, exits: &str) -> Codes {
    let exits = exits_by_variant(exits);
    let mut codes = Codes::new();
    for arm in own.split("Self::").skip(1) {
        let variant: String = arm.chars().take_while(|c| c.is_alphanumeric()).collect();
        let exit = number(exits[&variant]);
        codes.extend(literals(arm).into_iter().map(|code| (code, exit.clone())));
    }
    codes
}

/// The codes of what no lawful history does to a log.
fn findings() -> Vec<String> {
    let text = production("src/domain/event/integrity.rs").remove(0).text;
    let (_, after) = text.split_once("pub const fn code(self)").unwrap();
    literals(after.split_once("\n    }\n").unwrap().0)
}

/// The codes of failures that are no refusals, each with the status beside it.
fn failures() -> Codes {
    let text = production("src/cli/failure.rs").remove(0).text;
    let mut codes = Codes::new();
    for found in text.split("exit: Exit::").skip(1) {
        let name: String = found.chars().take_while(|c| c.is_alphanumeric()).collect();
        let code = found.split_once("error_code: ").unwrap().1;
        let code = literals(code.split_once(',').unwrap().0).remove(0);
        codes.insert(code, number(exit_named(&name)));
    }
    codes
}

/// The codes of warnings of their own; others repeat the code of a refusal.
fn warnings() -> Codes {
    let sources = production("src");
    let texts = sources.iter().flat_map(|source| source.text.split("Warning {").skip(1));
    let code = |text: &str| {
        let (_, code) = text.split_once("code: ")?;
        let code = code.split_once(',')?.0;
        code.strip_prefix('"')?.strip_suffix('"').map(|code| (code.to_owned(), "-".to_owned()))
    };
    let mut codes: Codes = texts.filter_map(code).collect();
    codes.extend(outbound().into_iter().chain(findings()).map(|code| (code, "-".to_owned())));
    codes
}

/// The codes of warnings about sinks, which are constants because they tell the phase.
fn outbound() -> Vec<String> {
    let text = production("src/domain/refusal/warning.rs").remove(0).text;
    let (_, after) = text.split_once("pub mod outbound {").unwrap();
    literals(after.split_once("\n}\n").unwrap().0)
}

#[test]
fn refusals_are_explained() {
    let found = refusals();
    assert!(found.len() > 30 && found.contains_key("META_INVALID"), "{found:?}");
    assert_eq!(findings().len(), 4);
    assert_eq!(rows("Commands"), found.into_iter().chain(failures()).collect());
    assert_eq!(failures().keys().collect::<Vec<_>>(), ["BUG", "UNEXPECTED", "USAGE"]);
}

#[test]
fn the_codes_of_the_judge_are_explained() {
    let refused = number(Exit::Refused);
    let all = GuardCode::ALL.iter().map(|code| (code.to_string(), refused.clone()));
    assert_eq!(rows("The judge"), all.collect());
}

#[test]
fn warnings_are_explained() {
    let found = warnings();
    assert!(found.contains_key("HOOK_REPLACED") && found.len() > 5, "{found:?}");
    assert_eq!(outbound().len(), 4);
    assert_eq!(rows("Warnings"), found);
}

#[test]
fn every_code_in_the_source_is_one_of_these() {
    let mut known: Vec<String> = ["Commands", "The judge", "Warnings"]
        .into_iter()
        .flat_map(|name| rows(name).into_keys())
        .collect();
    known.sort();
    for source in production("src") {
        for at in ["code: \"", "Some((\""] {
            for found in source.text.split(at).skip(1) {
                let code = found.split('"').next().unwrap();
                let shaped =
                    code.contains('_') && code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
                assert!(!shaped || known.iter().any(|k| k == code), "{}: {code}", source.path);
            }
        }
    }
}

#[test]
fn exit_statuses_are_those_of_the_enum() {
    let (_, head) = PAGE.split_once("\n## Exit statuses\n").unwrap();
    let head = head.split("\n## ").next().unwrap();
    let written: Vec<String> = head
        .lines()
        .filter_map(|line| line.split('|').nth(1)?.trim().parse::<u8>().ok())
        .map(|status| status.to_string())
        .collect();
    assert_eq!(written, Exit::ALL.map(number));
    for exit in Exit::ALL {
        assert!(head.contains(exit.meaning()), "{}", exit.meaning());
    }
}
