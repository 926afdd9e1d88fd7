//! `render completions`, `render man`.

use std::process::{Command, Stdio};

use super::Place;

/// Whether a program is there; tests need Rust alone.
fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

/// The commands that help names.
fn commands() -> Vec<String> {
    let help = Place::empty().run("--help").silently();
    let list = help.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).map(first_word).collect()
}

fn first_word(line: &str) -> String {
    line.split_whitespace().next().unwrap().to_owned()
}

#[test]
fn every_shell_has_completions_for_every_command() {
    let commands = commands();
    assert!(commands.len() >= 8, "{commands:?}");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = Place::empty().run(&format!("completions {shell}")).silently();
        for name in &commands {
            assert!(script.contains(name.as_str()), "{shell} does not know {name}");
        }
    }
    let told = Place::empty().run("completions tcsh").told(2);
    assert!(told.contains("[possible values: bash, elvish, fish, powershell, zsh]"), "{told}");
}

/// What bash would offer for a line, with `render` being the program under test.
fn offered(place: &Place, line: &str) -> Vec<String> {
    place.write("render.bash", &place.run("completions bash").silently());
    let words: Vec<&str> = line.split(' ').collect();
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let last = words.len() - 1;
    let script = format!(
        "render() {{ '{program}' \"$@\"; }}\nsource ./render.bash\nCOMP_WORDS=({words}); COMP_CWORD={last}\n\
         _render render '{current}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        program = env!("CARGO_BIN_EXE_render"),
        words = quoted.join(" "),
        current = words[last],
        before = words[last - 1],
    );
    let output = Command::new("bash").current_dir(place.path()).args(["-c", &script]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut found: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    found.sort();
    found
}

#[test]
fn bash_completes_commands_presets_formats_and_environments() {
    if !is_there("bash") {
        return;
    }
    let place = Place::new();
    assert_eq!(offered(&place, "render comp"), ["completions", "compose"]);
    assert_eq!(offered(&place, "render init --preset fast"), ["fastapi", "fastapi-postgres-redis"]);
    assert_eq!(offered(&place, "render all --format s"), ["sarif"]);
    assert_eq!(offered(&place, "render k8s --env st"), ["staging"]);
}

#[test]
fn bash_can_read_its_script() {
    if !is_there("bash") {
        return;
    }
    let place = Place::empty();
    place.write("render.bash", &place.run("completions bash").silently());
    let output = Command::new("bash").current_dir(place.path()).args(["-n", "render.bash"]).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn every_command_has_a_manual_page() {
    let place = Place::empty();
    let told = place.run("man -o man1").told(0);
    let pages = place.list("man1");
    for name in commands() {
        assert!(pages.contains(&format!("render-{name}.1")), "{name}: {pages:?}");
    }
    assert!(pages.contains(&"render.1".to_owned()) && pages.contains(&"render-set-image.1".to_owned()), "{pages:?}");
    assert_eq!(told, format!("man1: {} manual pages\n", pages.len()));
    for page in &pages {
        let text = place.read(&format!("man1/{page}"));
        assert!(text.contains(".TH ") && text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{page}: {text}");
        assert!(!text.contains('\u{1b}'), "{page}");
    }
    let options = place.read("man1/render-all.1");
    assert!(options.contains("\\-\\-report") && options.contains("render all \\-o deploy \\-\\-check"), "{options}");
}

#[test]
fn the_page_of_the_program_is_printed_and_the_same_each_time() {
    let place = Place::empty();
    let page = place.run("man").silently();
    assert!(page.contains(".TH render 1"), "{page}");
    place.run("man -o man1").told(0);
    // Over those of another version.
    place.run("man -o man1").told(0);
    assert_eq!(place.read("man1/render.1"), page);
}

#[test]
fn a_folder_that_cannot_be_is_an_error() {
    let place = Place::new();
    let told = place.run("man -o profile.toml").told(2);
    assert!(told.contains("error: cannot "), "{told}");
}
