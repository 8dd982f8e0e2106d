//! What serde_json says of damaged JSON, fit for our messages.

/// What is wrong, without serde's own position: messages say the position in their own way.
pub(super) fn fault(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).map_or(text.clone(), str::to_owned)
}
