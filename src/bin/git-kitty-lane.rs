//! The command `git kitty lane`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::lane::main()
}
