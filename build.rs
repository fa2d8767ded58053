//! Tells the linker to pack the addresses that are made right at the start of the program: two megabytes of them become a tenth. glibc 2.36
//! (Debian 12) and binutils 2.38 or newer know how; an older linker says that it does not and leaves them as they are.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu") {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
