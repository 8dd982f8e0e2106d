//! The program `git-kitty`, which finds the commands.

fn main() -> std::process::ExitCode {
    git_kitty::cli::dispatch::main()
}
