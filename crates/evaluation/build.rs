//! Without this an edited .ftl, policy or template would go unnoticed until the next code change.
fn main() {
    println!("cargo:rerun-if-changed=i18n");
    println!("cargo:rerun-if-changed=policies");
    println!("cargo:rerun-if-changed=templates");
}
