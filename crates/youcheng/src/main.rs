//! `youcheng`: an open platform for the cooperation of sister cities.

use std::process::ExitCode;

fn main() -> ExitCode {
    youcheng::commands::run()
}
