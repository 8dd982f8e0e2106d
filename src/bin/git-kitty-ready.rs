//! The command `git kitty ready`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::ready::main()
}
