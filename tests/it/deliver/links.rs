//! Symbolic links: the folder itself may be one, nothing in it.
#![cfg(unix)]

use std::os::unix::fs::symlink;

use render::deliver::{State, check, write};

use super::*;

#[test]
fn a_file_that_is_a_link_is_refused_even_with_force_and_its_target_untouched() {
    let (dir, outside) = (folder(), folder());
    put(outside.path(), "passwd", "root\n");
    symlink(outside.path().join("passwd"), dir.path().join("service.yaml")).unwrap();
    assert_eq!(refused(&two(), dir.path(), true), [("service.yaml".into(), State::Linked)]);
    assert_eq!(read(outside.path(), "passwd"), "root\n");
    assert_eq!(names(dir.path()), ["service.yaml"]);
}

#[test]
fn a_link_that_leads_nowhere_is_refused_too() {
    let dir = folder();
    symlink("/nowhere/at/all", dir.path().join("service.yaml")).unwrap();
    assert_eq!(refused(&two(), dir.path(), true), [("service.yaml".into(), State::Linked)]);
}

#[test]
fn a_folder_under_the_folder_that_is_a_link_is_refused() {
    let (dir, outside) = (folder(), folder());
    symlink(outside.path(), dir.path().join("sub")).unwrap();
    let output = output(&[("a.yaml", "a: 1\n"), ("sub/b.yaml", "b: 1\n")]);
    let message = write(&output, dir.path(), true).unwrap_err().to_string();
    assert!(message.contains("/sub` is a symbolic link"), "{message}");
    assert!(names(outside.path()).is_empty());
    assert_eq!(names(dir.path()), ["sub"]);
}

#[test]
fn the_folder_itself_may_be_a_link() {
    let (dir, real) = (folder(), folder());
    let link = dir.path().join("deploy");
    symlink(real.path(), &link).unwrap();
    write(&two(), &link, false).unwrap();
    assert_eq!(names(real.path()), ["deployment.yaml", "service.yaml"]);
    assert!(link.is_symlink());
}

#[test]
fn a_folder_that_is_a_link_to_nowhere_or_under_one_is_an_error_that_says_so() {
    let dir = folder();
    let link = dir.path().join("deploy");
    symlink("/nowhere/at/all", &link).unwrap();
    for at in [link.clone(), link.join("k8s/prod")] {
        for error in [write(&two(), &at, true).unwrap_err(), check(&two(), &at).unwrap_err()] {
            let message = error.to_string();
            assert!(message.contains(&format!("`{}`: it is a link that leads nowhere", link.display())), "{message}");
        }
    }
    assert_eq!(names(dir.path()), ["deploy"]);
}

#[test]
fn links_beside_the_files_are_not_followed_in_search_of_orphans() {
    let (dir, real) = (delivered(), delivered());
    fs::rename(real.path().join("service.yaml"), real.path().join("old.yaml")).unwrap();
    symlink(real.path().join("old.yaml"), dir.path().join("old.yaml")).unwrap();
    assert_eq!(states(&two(), dir.path()).len(), 2);
}
