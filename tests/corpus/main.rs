//! Real missions, read as a whole. Run with `cargo test --test corpus -- --ignored`.

mod documents;
