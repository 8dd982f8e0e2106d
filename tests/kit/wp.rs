//! Work package files.

/// A work package to be written as `tasks/<id>-<name>.md`.
#[derive(Clone, Debug)]
pub struct Wp {
    /// E.g. `WP01`.
    pub id: String,
    /// Globs of what it owns.
    pub owned_files: Vec<String>,
    /// Ids of the packages it needs.
    pub dependencies: Vec<String>,
    /// `code_change` or `planning_artifact`.
    pub execution_mode: String,
    front_matter: Option<String>,
    legacy_status: Option<String>,
}

impl Wp {
    /// A `code_change` package that owns nothing and needs nothing.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            owned_files: Vec::new(),
            dependencies: Vec::new(),
            execution_mode: "code_change".to_owned(),
            front_matter: None,
            legacy_status: None,
        }
    }

    /// Owning these globs.
    pub fn owns(self, globs: &[&str]) -> Self {
        Self { owned_files: globs.iter().map(|&glob| glob.to_owned()).collect(), ..self }
    }

    /// Needing these packages.
    pub fn needs(self, ids: &[&str]) -> Self {
        Self { dependencies: ids.iter().map(|&id| id.to_owned()).collect(), ..self }
    }

    /// Of another execution mode.
    pub fn mode(self, mode: &str) -> Self {
        Self { execution_mode: mode.to_owned(), ..self }
    }

    /// With this text between the `---` lines, in place of everything the kit would write there.
    pub fn front_matter(self, text: &str) -> Self {
        Self { front_matter: Some(text.to_owned()), ..self }
    }

    /// As files before the event log were: status in a `lane:` key, and an activity log below.
    pub fn legacy(self, status: &str) -> Self {
        Self { legacy_status: Some(status.to_owned()), ..self }
    }

    /// The file's name without its extension, which names the directory of its reviews too.
    pub fn stem(&self) -> String {
        format!("{}-part-{}", self.id, self.id.to_lowercase())
    }

    /// The file. `target` is the branch that it plans to land on.
    pub fn text(&self, target: &str) -> String {
        let front = self.front_matter.clone().unwrap_or_else(|| self.keys(target));
        let body = match &self.legacy_status {
            Some(status) => format!(
                "\n## Activity Log\n\n- 2026-01-05T09:00:00Z – claude – lane={status} – Moved.\n"
            ),
            None => String::new(),
        };
        format!("---\n{front}---\n\n# {}\n\nDo the part.\n{body}", self.id)
    }

    fn keys(&self, target: &str) -> String {
        let head = format!("work_package_id: {id}\ntitle: Part {id}\n", id = self.id);
        match &self.legacy_status {
            Some(status) => format!(
                "{head}lane: \"{status}\"\ndependencies: {}agent: claude\n",
                list(&self.dependencies)
            ),
            None => format!(
                "{head}dependencies: {}requirement_refs:\n- FR-001\n\
                 planning_base_branch: {target}\nmerge_target_branch: {target}\n\
                 subtasks:\n- T001\nexecution_mode: {}\nowned_files: {}tags: []\n",
                list(&self.dependencies),
                self.execution_mode,
                list(&self.owned_files)
            ),
        }
    }
}

/// A YAML list as the reference writes it: `[]`, or a line for each entry, not indented.
fn list(items: &[String]) -> String {
    if items.is_empty() {
        return "[]\n".to_owned();
    }
    let lines = items.iter().map(|item| format!("- {}\n", scalar(item)));
    format!("\n{}", lines.collect::<String>())
}

/// Quoted where YAML would read something else.
fn scalar(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_alphanumeric())
        && text.chars().all(|c| c.is_alphanumeric() || "/-_.*?".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}
