//! Tests of names given, and of names derived.

use proptest::prelude::*;

use super::*;

/// What is wrong, and the name that is proposed.
fn refused(text: &str) -> (String, String) {
    let refusal = MissionSlug::given(text).unwrap_err();
    let Refusal::MissionSlugInvalid { fault, proposal, .. } = refusal else { panic!("{refusal}") };
    (format!("{fault:?}"), proposal.map_or_else(|| "-".to_owned(), |slug| slug.to_string()))
}

#[test]
fn good_names_are_taken_as_they_are() {
    for good in [
        "pay",
        "user-login",
        "a",
        "7",
        "v2",
        "1057-pay",
        "57-pay",
        "fast-lane",
        "lane-a",
        "wp01",
        "two-lanes",
        "con-man",
        "com10",
        "pr",
        "git",
        "lock",
        "main",
        "2026-11-21",
    ] {
        assert_eq!(MissionSlug::given(good).unwrap().as_str(), good);
        assert_eq!(good.parse::<MissionSlug>().unwrap().to_string(), good);
    }
}

#[test]
fn bad_names_are_refused_with_a_good_one() {
    for (text, fault, proposal) in [
        ("", "Empty", "-"),
        ("../x", "Character('.')", "x"),
        ("-x", "Dash", "x"),
        ("--help", "Dash", "help"),
        ("a--b", "Dash", "a-b"),
        ("a-", "Dash", "a"),
        ("a/b", "Character('/')", "a-b"),
        ("pr/x", "Character('/')", "pr-x"),
        (".git", "Character('.')", "git"),
        ("a.lock", "Character('.')", "a-lock"),
        ("a\\b", "Character('\\\\')", "a-b"),
        ("C:x", "Character('C')", "c-x"),
        ("a b", "Character(' ')", "a-b"),
        ("a\nb", "Character('\\n')", "a-b"),
        ("a\u{202e}b", "Character('\\u{202e}')", "a-b"),
        ("a_b", "Character('_')", "a-b"),
        ("Pay", "Character('P')", "pay"),
        ("Über Café!", "Character('Ü')", "uber-cafe"),
        ("Straße", "Character('S')", "strasse"),
        ("日本", "Character('日')", "-"),
        ("@{u}", "Character('@')", "u"),
        ("con", "Reserved", "con-mission"),
        ("lpt9", "Reserved", "lpt9-mission"),
        ("NUL", "Character('N')", "nul-mission"),
        ("042", "Number", "mission-042"),
        ("042-pay", "Number", "pay"),
        ("pay-lane-a", "Lane", "pay-lane-a-mission"),
        ("pay-lane-planning", "Lane", "pay-lane-planning-mission"),
        ("pay-20261121", "Mid8", "pay-20261121-mission"),
        ("20261121", "Mid8", "20261121-mission"),
        ("pay-01ABCDEF", "Character('A')", "pay-01abcdef"),
    ] {
        assert_eq!(refused(text), (fault.to_owned(), proposal.to_owned()), "{text:?}");
        assert!(text.parse::<MissionSlug>().is_err());
    }
}

#[test]
fn long_names_are_cut_between_words() {
    let fits = "a".repeat(MissionSlug::MAX_LEN);
    assert!(MissionSlug::given(&fits).is_ok());
    let (fault, proposal) = refused(&format!("{fits}b"));
    assert_eq!((fault.as_str(), &proposal), ("TooLong { len: 73 }", &fits));
    let title = "word ".repeat(30);
    let derived = MissionSlug::derived(&title).unwrap();
    assert_eq!(derived.as_str().len(), 69, "14 words, and none cut in two");
    let refusal = MissionSlug::given(&"ab-".repeat(40)).unwrap_err();
    assert!(refusal.hint().starts_with("`git kitty mission create ab-ab-"), "{}", refusal.hint());
}

#[test]
fn the_message_says_what_is_wrong_and_what_to_do() {
    let refusal = MissionSlug::given("a\u{1b}[2J").unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "`a\\u{1b}[2J` cannot be the name of a new mission: `\\u{1b}` is none of the small letters, \
         digits and dashes that it may have"
    );
    assert_eq!(refusal.hint(), "`git kitty mission create a-2j`");
    assert_eq!((refusal.code(), refusal.exit() as u8), ("MISSION_SLUG_INVALID", 2));
}

#[test]
fn titles_become_words() {
    for (title, slug) in [
        ("Cafe\u{301} olé", "cafe-ole"),
        ("  It's   done? ", "its-done"),
        ("Łódź → Ærø", "lodz-aero"),
        ("042: Pay", "pay"),
        ("İstanbul", "istanbul"),
    ] {
        assert_eq!(MissionSlug::derived(title).unwrap().as_str(), slug);
    }
}

#[test]
fn names_around_it_are_those_of_the_format() {
    let id: MissionId = "01KV6DC9Y5FJ9FCYJMM1KA09XK".parse().unwrap();
    let slug = MissionSlug::given("pay").unwrap();
    assert_eq!(slug.mission_dir(&id), "pay-01KV6DC9");
    assert_eq!(slug.coordination_branch(&id).unwrap().as_str(), "kitty/mission-pay-01KV6DC9");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_is_derived_is_good(text in prop_oneof![any::<String>(), "[a-e0-2 A-CÜé./'-]{0,90}", "((lane|con|[0-9]{3,8}|a)[- ]){1,20}"]) {
        if let Some(slug) = MissionSlug::derived(&text) {
            prop_assert_eq!(MissionSlug::given(slug.as_str()).unwrap(), slug);
        }
    }

    #[test]
    fn a_good_name_is_a_branch_and_one_part_of_a_path(text in "[a-z0-9-]{1,74}|(a|lane|[0-9]{8}|-){1,6}") {
        let id: MissionId = "01KV6DC9Y5FJ9FCYJMM1KA09XK".parse().unwrap();
        if let Ok(slug) = MissionSlug::given(&text) {
            let branch = slug.coordination_branch(&id).unwrap();
            let parts = branch.mission_parts().unwrap();
            prop_assert_eq!(parts.lane, None);
            prop_assert_eq!(split_mid8(parts.name), Some((text.as_str(), id.mid8())));
            prop_assert_eq!(strip_number(parts.name), parts.name);
        } else if let Some(slug) = MissionSlug::derived(&text) {
            prop_assert_ne!(slug.as_str(), &text);
        }
    }
}
