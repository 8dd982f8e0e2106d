//! The command `git kitty commit`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::commit::main()
}
