//! Rebuilds the program when a file of the course comes or goes: `include_dir!` sees only those it
//! already knows.

fn main() {
    for folder in ["compose", "labs", "lessons"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
