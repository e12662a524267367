//! Without this an edited .ftl or policy would go unnoticed until the next code change.
fn main() {
    println!("cargo:rerun-if-changed=i18n");
    println!("cargo:rerun-if-changed=policies");
}
