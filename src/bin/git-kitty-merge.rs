//! The command `git kitty merge`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::merge::main()
}
