//! Without this an edited sentence or guide would go unnoticed until the next code change.
fn main() {
    println!("cargo:rerun-if-changed=i18n");
    println!("cargo:rerun-if-changed=../../docs/guide");
}
