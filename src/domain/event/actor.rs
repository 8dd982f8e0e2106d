//! Who acted.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use super::text::Text;

/// Who acted: a name, or the agent as it was bound to its role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor<'a> {
    /// A plain name.
    Name(Text<'a>),
    /// An agent's binding.
    Binding(Box<Binding<'a>>),
}

/// An agent as it was bound: exactly these four keys, each text or null.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "'de: 'a"))]
pub struct Binding<'a> {
    /// What it does, e.g. `reviewer`.
    #[serde(deserialize_with = "required")]
    pub role: Option<Text<'a>>,
    /// The profile it follows.
    #[serde(deserialize_with = "required")]
    pub profile: Option<Text<'a>>,
    /// The tool that runs it.
    #[serde(deserialize_with = "required")]
    pub tool: Option<Text<'a>>,
    /// The model behind it.
    #[serde(deserialize_with = "required")]
    pub model: Option<Text<'a>>,
}

impl Actor<'_> {
    /// The one name that stands for the actor in a snapshot: of a binding its tool, else its role,
    /// else nothing.
    #[must_use]
    pub fn identity(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Binding(binding) => [&binding.tool, &binding.role]
                .into_iter()
                .flatten()
                .find(|text| !text.is_empty())
                .map_or("", |text| text),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Actor<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ActorVisitor)
    }
}

/// Null is a value here, a missing key is an error: serde takes both for `None` by itself.
fn required<'de: 'a, 'a, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Text<'a>>, D::Error> {
    Option::deserialize(deserializer)
}

struct ActorVisitor;

impl<'de> Visitor<'de> for ActorVisitor {
    type Value = Actor<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an actor: a string, or {role, profile, tool, model}")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Actor<'de>, E> {
        Ok(Actor::Name(text.into()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Actor<'de>, E> {
        Ok(Actor::Name(Text::owned(text)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Actor<'de>, A::Error> {
        let binding = Binding::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Actor::Binding(Box::new(binding)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(json: &str) -> Option<String> {
        serde_json::from_str::<Actor<'_>>(json).ok().map(|actor| actor.identity().to_owned())
    }

    #[test]
    fn a_binding_goes_by_its_tool_else_its_role() {
        let binding =
            |tool, role| format!(r#"{{"role":{role},"profile":null,"tool":{tool},"model":"m"}}"#);
        assert_eq!(identity(r#""ann""#).as_deref(), Some("ann"));
        assert_eq!(identity(r#""\u00e5sa""#).as_deref(), Some("åsa"));
        assert_eq!(identity(&binding(r#""t""#, r#""r""#)).as_deref(), Some("t"));
        assert_eq!(identity(&binding(r#""""#, r#""r""#)).as_deref(), Some("r"));
        assert_eq!(identity(&binding("null", "null")).as_deref(), Some(""));
    }

    #[test]
    fn no_other_shape_is_an_actor() {
        for bad in [
            "null",
            "3",
            "[]",
            r#"{"role":null,"profile":null,"tool":null}"#,
            r#"{"role":null,"profile":null,"tool":null,"model":null,"more":null}"#,
            r#"{"role":1,"profile":null,"tool":null,"model":null}"#,
        ] {
            assert_eq!(identity(bad), None, "{bad}");
        }
    }
}
