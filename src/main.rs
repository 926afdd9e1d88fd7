//! Arguments in, exit code out.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    render::cli::run(std::env::args_os(), &|name| std::env::var_os(name))
}
