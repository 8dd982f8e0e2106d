//! The command `git kitty init`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::init::main()
}
