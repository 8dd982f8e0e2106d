//! The command `git kitty event`.

fn main() -> std::process::ExitCode {
    git_kitty::cli::event::main()
}
