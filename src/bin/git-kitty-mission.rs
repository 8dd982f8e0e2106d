//! The command `git kitty mission`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::mission::main()
}
