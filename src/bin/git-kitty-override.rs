//! The command `git kitty override`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::overrides::main()
}
