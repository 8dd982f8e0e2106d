//! The command `git kitty status`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::status::main()
}
