//! Git's `reference-transaction` hook.

fn main() -> std::process::ExitCode {
    git_kitty::hook::reference_transaction::main()
}
