//! One value of a profile's text changes, and not a byte beside it.

use proptest::prelude::*;
use render::{
    edit::{Blocked, set},
    key::Key,
};
use toml::{Table, Value};

const IMAGE: &str = "ghcr.io/acme/orders:1.5.0";

fn key(dotted: &str) -> Key {
    dotted.split('.').fold(Key::ROOT, |key, segment| key.child(segment))
}

fn edited(text: &str, dotted: &str) -> String {
    let edit = set(text, &key(dotted), IMAGE).unwrap();
    assert_eq!(edit.text[edit.place.clone()].trim_matches(['"', '\'']), IMAGE, "{}", edit.text);
    edit.text
}

#[test]
fn a_value_is_replaced_between_its_quotes() {
    let text = "# top\n\nname=\"orders\"\nimage   =   \"a:1\"   # pinned\n\n[probes]\nliveness = '/x'";
    assert_eq!(edited(text, "image"), text.replace("a:1", IMAGE));
    let text = "name = 'orders'\r\nimage = 'a:1'\r\n";
    assert_eq!(edited(text, "image"), text.replace("a:1", IMAGE));
    let text = "\u{feff}environments = { prod = { image = \"a:1\", workers = 3 } }\n";
    assert_eq!(edited(text, "environments.prod.image"), text.replace("a:1", IMAGE));
    let text = "environments.prod.image = \"\"\"\na:1\"\"\" # why\n";
    assert_eq!(edited(text, "environments.prod.image"), format!("environments.prod.image = \"{IMAGE}\" # why\n"));
}

#[test]
fn what_is_missing_is_added_where_a_person_would() {
    let cases = [
        // Below the name of the app.
        ("image", "extends = \"a.toml\"\nname = \"orders\" # ours\n", "port = 1\n", ""),
        ("image", "extends = \"a.toml\"\r\n", "port = 1\r\n", "\r"),
        // Below the header, as far in as its neighbours.
        ("environments.prod.image", "[environments.prod] # live\n  ", "workers = 2\n", ""),
        ("environments.prod.image", "a = 1\n[environments.prod]\n", "\n[environments.test]\nworkers = 1\n", ""),
    ];
    for (key, above, below, end) in cases {
        let indent = if above.ends_with("  ") { "  " } else { "" };
        let expected = format!("{above}image = \"{IMAGE}\"{end}\n{indent}{below}");
        assert_eq!(edited(&format!("{above}{below}"), key), expected);
    }
    let expected = format!("  [environments.prod]\n  image = \"{IMAGE}\"\n");
    assert_eq!(edited("  [environments.prod]\n", "environments.prod.image"), expected);
}

#[test]
fn a_table_is_made_as_its_neighbours_are_written() {
    let cases = [
        ("name = \"a\"\n", "name = \"a\"\n\n[environments.prod]\nimage = \"IMAGE\"\n"),
        ("name = \"a\"", "name = \"a\"\n\n[environments.prod]\nimage = \"IMAGE\"\n"),
        ("name = \"a\"\r\n", "name = \"a\"\r\n\r\n[environments.prod]\r\nimage = \"IMAGE\"\r\n"),
        (
            "[environments.test]\nworkers = 1\n",
            "[environments.test]\nworkers = 1\n\n[environments.prod]\nimage = \"IMAGE\"\n",
        ),
        (
            "name = \"a\"\n\n# of production\n[environments.prod.resources]\ncpu = 1\n",
            "name = \"a\"\n\n[environments.prod]\nimage = \"IMAGE\"\n\n# of production\n[environments.prod.resources]\ncpu = 1\n",
        ),
        ("environments.prod.workers = 1\n", "environments.prod.image = \"IMAGE\"\nenvironments.prod.workers = 1\n"),
        ("environments.test.workers = 1\n", "environments.prod.image = \"IMAGE\"\nenvironments.test.workers = 1\n"),
        ("[environments]\n prod.workers = 1\n", "[environments]\n prod.image = \"IMAGE\"\n prod.workers = 1\n"),
        ("environments = { }\n", "environments = { prod.image = \"IMAGE\" }\n"),
        (
            "environments = { test = { workers = 1 } }\n",
            "environments = { prod.image = \"IMAGE\", test = { workers = 1 } }\n",
        ),
        ("environments.prod = { workers = 1 } # x\n", "environments.prod = { image = \"IMAGE\", workers = 1 } # x\n"),
        (
            "environments = { prod.resources.cpu = 1 }\n",
            "environments = { prod.image = \"IMAGE\", prod.resources.cpu = 1 }\n",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(edited(text, "environments.prod.image"), expected.replace("IMAGE", IMAGE), "{text}");
    }
    let text = "[environments]\nprod = { processes.worker.workers = 1 }\n";
    let expected = "[environments]\nprod = { processes.worker.image = \"IMAGE\", processes.worker.workers = 1 }\n";
    assert_eq!(edited(text, "environments.prod.processes.worker.image"), expected.replace("IMAGE", IMAGE));
    let text = "[environments.prod]\nworkers = 1\n";
    let expected = format!("{text}\n[environments.prod.processes.worker]\nimage = \"{IMAGE}\"\n");
    assert_eq!(edited(text, "environments.prod.processes.worker.image"), expected);
}

#[test]
fn what_stands_in_the_way_is_told() {
    assert_eq!(set("image = 1\n", &key("image"), IMAGE), Err(Blocked::Taken(key("image"))));
    assert_eq!(
        set("environments = 1\n", &key("environments.prod.image"), IMAGE),
        Err(Blocked::Taken(key("environments")))
    );
    assert_eq!(set("image = \n", &key("image"), IMAGE), Err(Blocked::Syntax));
}

#[test]
fn every_profile_that_we_have_can_be_edited() {
    let mut seen = 0;
    for path in profiles() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let Ok(before) = text.parse::<Table>() else { continue };
        let mut keys =
            vec!["image".to_owned(), "environments.prod.image".to_owned(), "environments.new.image".to_owned()];
        for table in ["processes", "jobs", "sidecars", "companions"] {
            let names = before.get(table).and_then(Value::as_table).into_iter().flat_map(|table| table.keys());
            keys.extend(names.map(|name| format!("{table}.{name}.image")));
        }
        for key in keys {
            let Ok(edit) = set(&text, &self::key(&key), IMAGE) else { continue };
            let path_of: Vec<&str> = key.split('.').collect();
            let mut expected = before.clone();
            let mut table = &mut expected;
            for name in &path_of[..path_of.len() - 1] {
                let entry = table.entry(*name).or_insert_with(|| Value::Table(Table::new()));
                table = entry.as_table_mut().unwrap();
            }
            table.insert("image".to_owned(), Value::String(IMAGE.to_owned()));
            let after = edit.text.parse::<Table>().unwrap_or_else(|error| panic!("{}: {key}: {error}", path.display()));
            assert_eq!(after, expected, "{}: {key}", path.display());
            // What was there is there still, in its order, but for the value itself.
            let above = text.bytes().zip(edit.text.bytes()).take_while(|(a, b)| a == b).count();
            let below = text.bytes().rev().zip(edit.text.bytes().rev()).take_while(|(a, b)| a == b).count();
            let gone = text.len().saturating_sub(above + below);
            assert!(gone < 150, "{}: {key}: {}", path.display(), edit.text);
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen} edits of profiles");
}

/// Every file of ours that is a profile, or ought to be one.
fn profiles() -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders: Vec<std::path::PathBuf> =
        ["examples", "profiles", "tests/cases", "tests/presets", "tests/problems"].map(Into::into).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// How a document says that an environment has two workers, with an image or without.
fn environment() -> impl Strategy<Value = String> {
    let image = prop_oneof![Just(None), Just(Some("\"a:1\"")), Just(Some("'a:1'")), Just(Some("\"a\\u003a1\""))];
    let form = 0..6usize;
    (image, form, any::<bool>()).prop_map(|(image, form, commented)| {
        let comment = if commented { " # why # \"image\" = 1" } else { "" };
        match (form, image) {
            (0, _) => String::new(),
            (1, Some(image)) => format!("[environments.prod]{comment}\nworkers = 2\n\timage={image}{comment}\n"),
            (1, None) => format!("[environments.prod]{comment}\nworkers = 2{comment}\n"),
            (2, Some(image)) => format!("[environments]\nprod = {{workers = 2, image = {image}}}{comment}\n"),
            (2, None) => format!("[environments]\nprod = {{workers = 2}}{comment}\n"),
            (3, Some(image)) => format!("[environments]\nprod.workers = 2\nprod . \"image\" = {image}{comment}\n"),
            (3, None) => format!("[environments]\n\"prod\".workers = 2{comment}\n"),
            (4, _) => format!("{comment}\n[environments.prod.resources]{comment}\ncpu = 1\n"),
            (_, _) => format!("[environments.\"prod\"]{comment}\n"),
        }
    })
}

/// What else a profile says, around it.
fn rest() -> impl Strategy<Value = Vec<String>> {
    let table = prop_oneof![
        Just("[env]\nA = \"# image = 'x'\"\nB = '''\nimage = \"a:1\"\n'''\n".to_owned()),
        Just("\n\n# image = \"a:1\"\n[labels]\n\"acme.io/image\" = \"ü\"\n".to_owned()),
        Just("[processes.worker]\nargs = [\n  \"a\", # first\n  \"b\",\n]\n".to_owned()),
        Just("  [environments.test]\n  image = \"a:1\"\n".to_owned()),
    ];
    prop::collection::btree_set(table, 0..4).prop_map(|all| all.into_iter().collect())
}

proptest! {
    /// The edit says what it should, says nothing else, and leaves every byte around it.
    #[test]
    fn everything_but_the_value_stays(
        own in environment(), rest in rest(), at in 0..4usize, crlf in any::<bool>(), ends in any::<bool>(),
        key in prop_oneof![Just("image"), Just("environments.prod.image")],
    ) {
        // Two headers of one table would be a mistake.
        let rest = rest.into_iter().filter(|one| !(own.starts_with("[environments]\n") && one.contains("environments")));
        let mut parts: Vec<String> = rest.collect();
        parts.insert(at.min(parts.len()), own);
        let mut text = format!("# a profile\nname = \"orders\"\nimage = \"a:1\"   # pinned\n{}", parts.concat());
        if crlf { text = text.replace('\n', "\r\n"); }
        if ends { text.truncate(text.trim_end().len()); }
        let before: Table = text.parse().unwrap();

        let key = self::key(key);
        let edit = set(&text, &key, IMAGE).unwrap();
        let path: Vec<&str> = key.segments().collect();
        let mut expected = before.clone();
        let mut table = &mut expected;
        for name in &path[..path.len() - 1] {
            let entry = table.entry(*name).or_insert_with(|| Value::Table(Table::new()));
            table = entry.as_table_mut().unwrap();
        }
        table.insert("image".to_owned(), Value::String(IMAGE.to_owned()));
        prop_assert_eq!(edit.text.parse::<Table>().unwrap(), expected, "{}", &edit.text);

        let value = |table: &Table| path.iter().try_fold(Value::Table(table.clone()), |value, name| value.get(*name).cloned());
        let (above, below) = (&edit.text[..edit.place.start], &edit.text[edit.place.end..]);
        if value(&before).is_some() {
            // The very bytes, but for those between the quotes.
            prop_assert!(text.starts_with(above) && text.ends_with(below), "{}", &edit.text);
        } else {
            // What was there is there still, in its order, and what is new is at one place.
            let same = text.bytes().zip(edit.text.bytes()).take_while(|(a, b)| a == b).count();
            prop_assert!(edit.text.as_bytes().ends_with(&text.as_bytes()[same..]), "{}", &edit.text);
            if crlf {
                prop_assert!(!edit.text.replace("\r\n", "").contains('\n'), "{:?}", &edit.text);
            }
        }
        // A second time there is nothing to change.
        prop_assert_eq!(&set(&edit.text, &key, IMAGE).unwrap().text, &edit.text);
    }
}
