//! `docs/doctor.md` against the checks, in both directions.

use std::collections::BTreeMap;

use crate::source::{literals, production};

const PAGE: &str = include_str!("../../docs/doctor.md");

/// Codes with how bad they are, and whether they are always left.
type Kinds = BTreeMap<String, (String, bool)>;

fn written() -> Kinds {
    let rows = PAGE.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let code = cells.get(1)?.strip_prefix('`')?.strip_suffix('`')?;
        assert!(cells.len() == 6 && cells[3].len() > 20, "{line}");
        Some((code.to_owned(), (cells[2].to_owned(), cells[4].starts_with("Left"))))
    });
    rows.collect()
}

fn in_source() -> Kinds {
    let mut kinds = Kinds::new();
    for source in ["src/flow/doctor", "src/hook/doctor.rs", "src/hook/canary.rs"]
        .into_iter()
        .flat_map(production)
    {
        for found in source.text.split("Kind::").skip(1) {
            let statement = found.split(';').next().unwrap();
            let Some(severity) = ["error", "warning", "info"].into_iter().find(|severity| {
                statement.strip_prefix(severity).is_some_and(|rest| rest.starts_with("(\""))
            }) else {
                continue;
            };
            let code = literals(statement).remove(0);
            let twice = kinds.insert(code, (severity.to_owned(), statement.contains(".left(")));
            assert_eq!(twice, None, "{statement}");
        }
    }
    kinds
}

#[test]
fn each_kind_of_finding_is_on_the_page() {
    let kinds = in_source();
    assert!(kinds.len() > 25 && kinds.contains_key("WORKTREE_HUSK"), "{kinds:?}");
    assert_eq!(written(), kinds);
}

#[test]
fn each_check_is_in_the_table() {
    let table = production("src/flow/doctor/mod.rs").remove(0).text;
    let helpers = ["mod", "case", "patient"];
    for source in production("src/flow/doctor") {
        let name = source.path.trim_start_matches("src/flow/doctor/").trim_end_matches(".rs");
        let is_used = table.contains(&format!(", {name}::look)"));
        assert_ne!(is_used, helpers.contains(&name), "{name}");
    }
}
