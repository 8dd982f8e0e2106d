//! Tests of reading and of tightening.

use proptest::prelude::*;

use super::*;

fn config(text: &str) -> Result<PolicyConfig, String> {
    PolicyConfig::parse(text.as_bytes(), "c.yaml").map_err(|refusal| refusal.to_string())
}

fn guard(text: &str) -> GuardConfig {
    config(&format!("policy:\n  commit_guard:\n    {text}\n")).unwrap().guard
}

fn exactly(names: &[&str]) -> Protected {
    Protected::Exactly(names.iter().map(|name| (*name).to_owned()).collect())
}

#[test]
fn what_is_not_said_is_strict() {
    let strict = GuardConfig {
        enabled: true,
        mode: Mode::Block,
        block_mission_specs: true,
        enforce_ownership: true,
        case_insensitive: false,
    };
    for text in [
        "",
        "# nothing\n",
        "~\n",
        "policy:\nprotection:\nmerge:\n",
        "policy: {commit_guard: }\n",
        "policy: {commit_guard: {mode: , enabled: ~}, override: }\nmerge: {strategy: }\n",
        "agents: {available: [a]}\npolicy: {risk: {mode: nonsense}, merge_gates: [1]}\n",
    ] {
        let read = config(text).unwrap();
        assert_eq!((read.guard, &read), (strict, &PolicyConfig::default()), "{text}");
    }
}

#[test]
fn every_key_is_read() {
    let read = config(
        "policy:\n  override: deny\n  commit_guard:\n    enabled: false\n    mode: warn\n    \
         block_mission_specs: False\n    enforce_ownership: FALSE\n    case_insensitive: true\n\
         protection:\n  protected_branches: [2.x, 'release/1', main]\nmerge: {strategy: rebase}\n",
    )
    .unwrap();
    let guard = GuardConfig {
        enabled: false,
        mode: Mode::Warn,
        block_mission_specs: false,
        enforce_ownership: false,
        case_insensitive: true,
    };
    assert_eq!(
        read,
        PolicyConfig {
            guard,
            protected: exactly(&["2.x", "release/1", "main"]),
            strategy: Some(MergeStrategy::Rebase),
            overrides: Overrides::Deny,
            warnings: Vec::new(),
        }
    );
    assert_eq!(guard.effective_mode(), Mode::Off);
}

#[test]
fn off_is_a_word_and_the_older_key_counts_where_the_new_one_is_missing() {
    assert_eq!(guard("mode: off").effective_mode(), Mode::Off);
    assert!(!guard("block_kitty_specs: false").block_mission_specs);
    assert!(guard("{block_kitty_specs: false, block_mission_specs: true}").block_mission_specs);
    assert_eq!(config("protection: {protected_branches: []}").unwrap().protected, exactly(&[]));
}

#[test]
fn what_cannot_be_understood_is_refused() {
    for (text, expected) in [
        (
            "policy: {commit_guard: {mode: blok}}",
            "1: `policy.commit_guard.mode` must be one of block, warn, off, not `blok`",
        ),
        (
            "policy: {commit_guard: {mode: false}}",
            "1: `policy.commit_guard.mode` must be one of block, warn, off, not `false`",
        ),
        (
            "policy:\n  commit_guard:\n    enabled: 'false'",
            "3: `policy.commit_guard.enabled` must be true or false, unquoted, not `false`",
        ),
        (
            "policy: {commit_guard: {enabled: no}}",
            "1: `policy.commit_guard.enabled` must be true or false, unquoted, not `no`",
        ),
        (
            "policy: {commit_guard: {block_kitty_specs: 1}}",
            "1: `policy.commit_guard.block_kitty_specs` must be true or false, unquoted, not `1`",
        ),
        (
            "policy: {commit_guard: off}",
            "1: `policy.commit_guard` must be keys and values, not a single value",
        ),
        ("policy: [commit_guard]", "1: `policy` must be keys and values, not a list"),
        (
            "policy: {override: maybe}",
            "1: `policy.override` must be one of allow, deny, not `maybe`",
        ),
        (
            "protection:\n  protected_branches: main",
            "2: `protection.protected_branches` must be a list, not a single value",
        ),
        (
            "protection:\n  protected_branches:\n  - main\n  -",
            "4: `protection.protected_branches` has an empty item",
        ),
        (
            "protection: {protected_branches: [[main]]}",
            "1: `protection.protected_branches` has a list where a single value belongs",
        ),
        (
            "protection:\n  protected_branches:",
            "2: `protection.protected_branches` is empty: write `[]` for no branch, or leave the key out for the default",
        ),
        (
            "merge: {strategy: octopus}",
            "1: `merge.strategy` must be one of ff, merge, squash, rebase, not `octopus`",
        ),
        (
            "policy: {}\nmerge: {}\npolicy: {override: deny}",
            "3: `policy` stands here and in line 1 already, with another value",
        ),
        (
            "policy:\n  commit_guard:\n    mode: block\n    mode: off",
            "4: `mode` stands here and in line 3 already, with another value",
        ),
        (
            "x: &x {a: b}\nprotection: {<<: *x}",
            "2: `protection.<<` is not supported: write the keys out",
        ),
        ("<<: {policy: {}}", "1: `<<` is not supported: write the keys out"),
        ("- a", "1: keys and values expected, not a list"),
    ] {
        assert_eq!(config(text).unwrap_err(), format!("c.yaml:{expected}"), "{text}");
    }
    assert!(config("policy: {commit_guard: {mode: warn}\n").unwrap_err().starts_with("c.yaml:"));
    let refusal = PolicyConfig::parse(b"a: 1\nb: \xff", "c.yaml").unwrap_err();
    assert_eq!(
        (refusal.to_string().as_str(), refusal.code()),
        ("c.yaml:2: not UTF-8", "POLICY_CONFIG_INVALID")
    );
}

#[test]
fn unknown_keys_where_they_might_be_meant_are_told() {
    let text = "policy:\n  commit_guard:\n    mod: warn\n    mode: block\n    mode: block\nprotection: {branches: [a]}\n";
    assert_eq!(
        told(text),
        [
            "5: `mode` stands here and in line 4 already",
            "3: `policy.commit_guard.mod` is an unknown key and has no effect, did you mean `policy.commit_guard.mode`?",
            "6: `protection.branches` is an unknown key and has no effect, did you mean `protection.protected_branches`?",
        ]
    );
}

#[test]
fn a_key_of_ours_at_another_place_is_told_with_the_right_one() {
    for (text, key, meant) in [
        ("policy: {mode: warn}", "policy.mode", "policy.commit_guard.mode"),
        ("policy:\n  mode:\n   warn", "policy.mode", "policy.commit_guard.mode"),
        ("policy: {enabled: false}", "policy.enabled", "policy.commit_guard.enabled"),
        ("policy: {overide: deny}", "policy.overide", "policy.override"),
        ("policy: {guard: {mode: warn}}", "policy.guard", "policy.commit_guard"),
        ("protection: {mode: off}", "protection.mode", "policy.commit_guard.mode"),
        ("commit_guard: {mode: off}", "commit_guard", "policy.commit_guard"),
        ("protected_branches: []", "protected_branches", "protection.protected_branches"),
    ] {
        let line = if text.starts_with("policy:\n") { 2 } else { 1 };
        let what = "is an unknown key and has no effect, did you mean";
        assert_eq!(told(text), [format!("{line}: `{key}` {what} `{meant}`?")], "{text}");
    }
    assert_eq!(
        told("policy: {zzz: 1}"),
        ["1: `policy.zzz` is an unknown key and has no effect".to_owned()]
    );
    assert_eq!(told("mode: off\nguard: {mode: off}\nagents: {mode: x}\nmerge: {x: 1}"), [""; 0]);
}

/// What is told of a file that can be read, without its name.
fn told(text: &str) -> Vec<String> {
    let warnings = config(text).unwrap().warnings.into_iter();
    warnings.map(|warning| warning.message.replacen("c.yaml:", "", 1)).collect()
}

fn any_policy() -> impl Strategy<Value = PolicyConfig> {
    let mode = prop_oneof![Just(Mode::Off), Just(Mode::Warn), Just(Mode::Block)];
    let names = prop::collection::vec("[a-c]", 0..3);
    let protected = prop_oneof![
        Just(Protected::Default),
        names.clone().prop_map(Protected::Exactly),
        names.prop_map(Protected::DefaultAnd),
    ];
    let strategy = prop_oneof![
        Just(None),
        Just(Some(MergeStrategy::Squash)),
        Just(Some(MergeStrategy::Rebase))
    ];
    let overrides = prop_oneof![Just(Overrides::Allow), Just(Overrides::Deny)];
    (mode, any::<[bool; 4]>(), protected, strategy, overrides).prop_map(
        |(mode, [enabled, specs, ownership, case], protected, strategy, overrides)| PolicyConfig {
            guard: GuardConfig {
                enabled,
                mode,
                block_mission_specs: specs,
                enforce_ownership: ownership,
                case_insensitive: case,
            },
            protected,
            strategy,
            overrides,
            warnings: Vec::new(),
        },
    )
}

/// Whether a branch of this name is protected, where the default ones are called `*`.
fn protects(protected: &Protected, name: &str) -> bool {
    match protected {
        Protected::Default => name == "*",
        Protected::Exactly(names) => names.iter().any(|n| n == name),
        Protected::DefaultAnd(names) => name == "*" || names.iter().any(|n| n == name),
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = PolicyConfig::parse(&bytes, "c.yaml");
    }

    #[test]
    fn tightening_loosens_neither_side(one in any_policy(), two in any_policy()) {
        let both = one.clone().tighten(two.clone());
        for side in [&one, &two] {
            prop_assert!(both.guard.effective_mode() >= side.guard.effective_mode());
            prop_assert!(both.guard.enforce_ownership || !side.guard.enforce_ownership);
            prop_assert!(both.guard.block_mission_specs || !side.guard.block_mission_specs);
            prop_assert!(!both.guard.case_insensitive || side.guard.case_insensitive);
            prop_assert!(both.overrides >= side.overrides);
            for name in ["*", "a", "b", "c"] {
                prop_assert!(protects(&both.protected, name) || !protects(&side.protected, name));
            }
        }
        prop_assert_eq!(&both.clone().tighten(one), &both, "once more changes nothing");
    }
}
