//! Without this an edited .ftl would go unnoticed until the next code change.
fn main() {
    println!("cargo:rerun-if-changed=i18n");
}
