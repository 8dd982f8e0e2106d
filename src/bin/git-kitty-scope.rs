//! The command `git kitty scope`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::scope::main()
}
