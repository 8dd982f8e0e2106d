//! The command `git kitty outbox`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::outbox::main()
}
