//! Reports for the judges: every format of every report, as files of one folder.

use super::*;

#[test]
#[ignore = "tests/judges/reports reads what it writes; .ci/run runs both"]
fn reports_for_the_judges() {
    let folder = std::env::var_os("RENDER_REPORTS").expect("RENDER_REPORTS names a folder");
    for (name, text) in all() {
        std::fs::write(std::path::Path::new(&folder).join(name), text).unwrap();
    }
}
