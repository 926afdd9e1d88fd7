//! `render init`: a profile where none is, and never over one.

use super::Place;

/// A folder with a small project.
fn shop() -> Place {
    let place = Place::empty();
    place.write(
        "pyproject.toml",
        "[project]\nname = \"shop\"\nversion = \"1.0.0\"\ndependencies = [\"fastapi\", \"uvicorn\"]\n",
    );
    place.write(
        "shop/main.py",
        "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get(\"/healthz\")\ndef healthz(): ...\n",
    );
    place
}

#[test]
fn it_writes_a_profile_and_tells_what_was_found() {
    let place = shop();
    let told = place.run("init").told(0);
    assert!(told.contains("  server    uvicorn shop.main:app"), "{told}");
    assert!(
        told.contains("found: shop/main.py:3")
            && told.ends_with("wrote profile.toml; next: `render dockerfile -o .`, `render compose`, `render k8s`\n"),
        "{told}"
    );
    assert!(place.read("profile.toml").contains("app  = \"shop.main:app\"  # found: shop/main.py:3\n"));
    assert_eq!(place.run("k8s").code, 0);
    assert_eq!(place.list("."), ["profile.toml", "pyproject.toml", "shop"], "and nothing beside it");
}

#[test]
fn a_profile_that_is_there_is_overwritten_only_if_forced() {
    let place = shop();
    place.write("profile.toml", "mine");
    let told = place.run("init").told(2);
    assert!(told.contains("there is a `profile.toml` already") && told.contains("`--force` overwrites it"), "{told}");
    assert_eq!(place.read("profile.toml"), "mine");
    place.run("init --force -q").silently();
    assert!(place.read("profile.toml").contains("shop.main:app"));
}

#[test]
fn it_can_be_printed_or_written_elsewhere() {
    let place = shop();
    let printed = place.run("init -o - -q").silently();
    assert!(printed.contains("shop.main:app") && place.list(".").len() == 2);
    assert_eq!(place.run("init -o - -q").silently(), printed, "the same again");
    place.run("init -q -o deploy/shop.toml").silently();
    assert_eq!(place.read("deploy/shop.toml"), printed);
    assert_eq!(place.run("init -q -o deploy/shop.toml").told(2).lines().count(), 2);
    let other = Place::empty();
    let told = other.command("init -q").arg(place.path()).output().unwrap();
    assert!(told.status.success() && place.read("profile.toml") == printed && other.list(".").is_empty());
}

#[test]
fn a_preset_is_written_with_what_was_found() {
    let place = shop();
    place.run("init -q --preset fastapi").silently();
    let profile = place.read("profile.toml");
    for line in ["extends = \"fastapi\"\n", "app = \"shop.main:app\"", "# liveness  = \"/healthz\""] {
        assert!(profile.contains(line), "{line}\n{profile}");
    }
    assert_eq!(place.run("k8s").silently().matches("kind: Deployment").count(), 1);
    let empty = Place::empty();
    empty.run("init -q --preset celery").silently();
    assert_eq!(empty.run("compose").code, 0);
    let told = empty.run("init --force --preset nonsense").told(2);
    assert!(told.contains("fastapi-postgres-redis"), "{told}");
}

#[test]
fn where_nothing_says_what_the_app_is_nothing_is_written() {
    let place = Place::empty();
    place.write("notes.txt", "x");
    let told = place.run("init").told(2);
    assert!(
        told.contains("nothing in . says what the app is") && told.contains("render init --preset fastapi"),
        "{told}"
    );
    assert_eq!(place.list("."), ["notes.txt"]);
    let told = place.run("init nowhere").told(2);
    assert!(told.contains("nowhere cannot be read"), "{told}");
}

#[test]
fn it_reads_no_secrets_and_follows_no_links() {
    let place = shop();
    place.write(".env", "SENDER=hunter2\n");
    place.write("shop/settings.py", "import os\n\nSENDER = os.environ[\"SENDER\"]\n");
    place.write("shop/broken.py", "x = 1\n");
    std::fs::write(place.path().join("shop/broken.py"), b"\xff\xfe").unwrap();
    let elsewhere = Place::empty();
    elsewhere.write("more.py", "import os\n\nX = os.environ[\"ELSEWHERE\"]\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(elsewhere.path(), place.path().join("linked")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(place.path(), place.path().join("loop")).unwrap();
    let printed = place.run("init -q -o -").silently();
    assert!(printed.contains("SENDER") && !printed.contains("hunter2") && !printed.contains("ELSEWHERE"), "{printed}");
}

#[test]
fn the_repository_around_it_names_the_image() {
    let place = shop();
    place.write(".git/config", "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = git@github.com:acme/shop.git\n[remote \"other\"]\n\turl = x\n");
    assert!(place.run("init -q -o -").silently().contains("\"ghcr.io/acme/shop:1.0.0\""));
}
