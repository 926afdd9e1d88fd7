//! When the disk says no. Nothing here relies on permissions, which do not bind root.

use std::{path::PathBuf, process::Command};

use render::deliver::{Error, State, write};

use super::*;

#[test]
fn a_file_where_the_folder_should_be_is_an_error_that_names_it() {
    let dir = folder();
    put(dir.path(), "deploy", "I am a file\n");
    for at in [dir.path().join("deploy"), dir.path().join("deploy/k8s")] {
        for error in [write(&two(), &at, true).unwrap_err(), check(&two(), &at).unwrap_err()] {
            let message = error.to_string();
            assert!(message.contains(&format!("`{}`", at.display())) && message.contains("folder"), "{message}");
            assert!(message.to_lowercase().contains("not a directory"), "{message}");
        }
    }
    assert_eq!(read(dir.path(), "deploy"), "I am a file\n");
}

#[test]
fn a_file_where_a_folder_under_it_should_be_is_refused_before_anything_is_written() {
    let dir = folder();
    put(dir.path(), "sub", "I am a file\n");
    let output = output(&[("a.yaml", "a: 1\n"), ("sub/b.yaml", "b: 1\n")]);
    assert_eq!(refused(&output, dir.path(), true), [("b.yaml".into(), State::Blocked)]);
    assert_eq!(names(dir.path()), ["sub"]);
}

#[test]
fn a_folder_where_a_file_should_be_is_refused_before_anything_is_written() {
    let dir = folder();
    fs::create_dir(dir.path().join("service.yaml")).unwrap();
    assert_eq!(refused(&two(), dir.path(), true), [("service.yaml".into(), State::Blocked)]);
    assert_eq!(names(dir.path()), ["service.yaml"]);
}

#[cfg(unix)]
#[test]
fn a_socket_where_a_file_should_be_is_refused_and_not_read() {
    let dir = folder();
    let _socket = std::os::unix::net::UnixListener::bind(dir.path().join("service.yaml")).unwrap();
    assert_eq!(refused(&two(), dir.path(), true), [("service.yaml".into(), State::Blocked)]);
}

/// Not even root can make files there.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_an_error_that_says_so() {
    let message = write(&two(), Path::new("/proc/self/task"), false).unwrap_err().to_string();
    assert!(message.starts_with("cannot make a file in `/proc/self/task`: "), "{message}");
    assert!(!message.contains(".render-"), "no random name: {message}");
    let message = write(&two(), Path::new("/proc/self/task/deploy/k8s"), false).unwrap_err().to_string();
    assert!(message.starts_with("cannot make the folder `/proc/self/task/deploy/k8s`: "), "{message}");
}

#[cfg(unix)]
#[test]
fn a_new_file_has_the_permissions_of_any_new_file_and_a_replaced_one_keeps_its_own() {
    use std::os::unix::fs::PermissionsExt;
    let dir = delivered();
    let mode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().permissions().mode() & 0o7777;
    put(dir.path(), "any", "made without render\n");
    assert_eq!(mode("service.yaml"), mode("any"));
    fs::set_permissions(dir.path().join("service.yaml"), fs::Permissions::from_mode(0o640)).unwrap();
    write(&two_changed(), dir.path(), false).unwrap();
    assert!(read(dir.path(), "service.yaml").contains("None"));
    assert_eq!(mode("service.yaml"), 0o640);
}

const FULL: &str = "DELIVER_TEST_FULL_DISK";

fn small_and_large() -> Output {
    let large = format!("large: {}\n", "x".repeat(64 * 1024));
    output(&[("a.yaml", "small: 2\n"), ("new/deep/b.yaml", "small: 2\n"), ("c.yaml", &large)])
}

/// Runs in a process of its own, in which no file may grow beyond a few kilobytes.
#[test]
#[ignore = "part of the next test"]
fn writes_on_a_full_disk() {
    let dir = PathBuf::from(std::env::var_os(FULL).expect("the next test sets it"));
    let error = write(&small_and_large(), &dir, false).unwrap_err();
    assert!(matches!(error, Error::Io { doing: "write", .. }), "{error}");
    assert!(error.to_string().contains("c.yaml"), "{error}");
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    let dir = folder();
    write(&output(&[("a.yaml", "small: 1\n")]), dir.path(), false).unwrap();
    let before = read(dir.path(), "a.yaml");
    let script = r#"trap "" XFSZ; ulimit -f 8; exec "$0" "$@""#;
    let run = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "deliver::disk::writes_on_a_full_disk"])
        .env(FULL, dir.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(read(dir.path(), "a.yaml"), before);
    assert_eq!(names(dir.path()), ["a.yaml"]);
}
