//! `.env.example`: every name that a Compose file asks for, no other, and no value that is secret.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use proptest::{prelude::*, string::string_regex};
use render::{
    app::App,
    bundle::Text,
    flow,
    layers::Request,
    problem::any_error,
    targets::{self, Rendered, Wish},
};

/// A profile of a command, which gives no warning that matters here.
fn profile(rest: &str) -> String {
    format!("name = \"orders\"\nimage = \"ghcr.io/acme/orders:1.4.2\"\ncommand = [\"orders\"]\n{rest}\n")
}

fn app(profile: &str, env: Option<&str>) -> App {
    let outcome = flow::app(&Request { env, ..Request::alone("profile.toml", profile.as_bytes()) });
    outcome.app.unwrap_or_else(|| panic!("{profile}\n{:?}", outcome.problems))
}

fn rendered(wish: &Wish<'_>) -> Rendered {
    let rendered = (targets::find("compose").unwrap().render)(wish);
    assert!(!any_error(&rendered.problems), "{:?}", rendered.problems);
    rendered
}

/// The example for the base file of a profile.
pub fn example(rest: &str) -> Option<Text> {
    let app = app(&profile(rest), None);
    rendered(&Wish { app: &app, base: None, dev: false, full: false }).bundle.texts.pop()
}

/// The same, for an environment or for development.
fn example_over(rest: &str, env: Option<&str>) -> Option<Text> {
    let (base, app) = (app(&profile(rest), None), app(&profile(rest), env));
    let dev = env.is_none();
    rendered(&Wish { app: &app, base: (!dev).then_some((&base).into()), dev, full: false }).bundle.texts.pop()
}

/// The lines that give a name a value, commented out or not, and what stands right above each.
fn settings(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let setting = |line: &str| name(line).is_some();
    let found = lines.iter().enumerate().filter(|(_, line)| setting(line));
    found
        .map(|(at, line)| ((*line).to_owned(), at.checked_sub(1).map_or("", |above| lines[above]).to_owned()))
        .collect()
}

/// The name that a line of an example is about.
fn name(line: &str) -> Option<&str> {
    let (name, _) = line.strip_prefix("# ").unwrap_or(line).split_once('=')?;
    let letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!name.is_empty() && name != "NAME" && name.chars().all(letter)).then_some(name)
}

fn names(text: &str) -> BTreeSet<String> {
    text.lines().filter_map(name).map(str::to_owned).collect()
}

/// The names that a Compose file asks for, found by other means than ours.
fn asked(compose: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let compose = compose.replace("$$", "");
    for after in compose.split("${").skip(1) {
        names.insert(after.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap().to_owned());
    }
    // A bare name is passed on.
    names.extend(compose.lines().filter_map(|line| Some(line.trim().strip_suffix(": null")?.to_owned())));
    names
}

fn goldens() -> Vec<PathBuf> {
    let examples = fs::read_dir("examples").unwrap().map(|entry| entry.unwrap().path().join("rendered/compose"));
    examples.filter(|folder| folder.is_dir()).collect()
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default()
}

#[test]
fn examples_name_what_compose_files_ask_for_and_nothing_else() {
    let mut count = 0;
    for folder in goldens() {
        let base = names(&read(&folder, ".env.example"));
        assert_eq!(asked(&read(&folder, "docker-compose.yml")), base, "{}", folder.display());
        count += base.len();
        for entry in fs::read_dir(&folder).unwrap() {
            let file = entry.unwrap().file_name().into_string().unwrap();
            let Some(over) = file.strip_prefix("docker-compose.").and_then(|name| name.strip_suffix(".yml")) else {
                continue;
            };
            let example = format!(".env.{}.example", if over == "override" { "dev" } else { over });
            let (asked, own) = (asked(&read(&folder, &file)), names(&read(&folder, &example)));
            assert!(own.is_subset(&asked), "{file} does not ask for all of {own:?}");
            assert!(asked.is_subset(&(&own | &base)), "{file} asks for {asked:?}");
        }
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn it_says_what_each_is_and_has_no_value_of_a_secret() {
    let text = example(
        "args = [\"${secrets.API_KEY}\"]
        [secrets]
        API_KEY = \"key of the payment provider\"
        SMTP_PASSWORD = { about = \"of the mail server\", optional = true }
        [inputs]
        REGION = { about = \"where this runs\", default = \"eu\" }
        TENANT = { about = \"whose data\" }",
    );
    let text = text.unwrap();
    assert_eq!(text.path, ".env.example");
    let expected = [
        ("API_KEY=", "# key of the payment provider"),
        ("TENANT=", "# whose data"),
        ("# REGION=eu", "# where this runs"),
        ("# SMTP_PASSWORD=", "# of the mail server"),
    ];
    let expected: Vec<_> = expected.map(|(line, above)| (line.to_owned(), above.to_owned())).into();
    let shown = text.text(None);
    assert_eq!(settings(&shown), expected, "{shown}");
    assert!(shown.contains("cp .env.example .env") && shown.contains("Never commit .env"), "{shown}");
}

#[test]
fn an_app_that_asks_for_nothing_has_none() {
    assert_eq!(example("[env]\nPRICE = \"5$$ and $${HOME}\""), None);
}

#[test]
fn a_secret_as_a_file_is_told_with_its_place_and_how_to_keep_it() {
    let text = example("[secrets]\nTLS_KEY = { about = \"PEM of the key\", mount = \"/etc/tls.key\" }").unwrap();
    let shown = text.text(None);
    assert!(shown.contains("\n# secrets/TLS_KEY: PEM of the key\n"), "{shown}");
    assert!(shown.contains("mkdir -m 700 secrets") && shown.contains("install -m 444"), "{shown}");
    assert!(!shown.contains("cp .env.example"), "there is nothing to copy: {shown}");
}

#[test]
fn what_several_processes_ask_for_stands_there_once() {
    let text = example(
        "[inputs]
        REGION = { about = \"where this runs\", default = \"eu\" }
        [secrets]
        TOKEN = { about = \"of the queue\", optional = true }
        [processes.worker]
        command = [\"work\"]
        inputs = { REGION = { default = \"us east\" } }
        secrets = { TOKEN = { optional = false } }",
    );
    let shown = text.unwrap().text(None);
    let lines: Vec<_> = settings(&shown).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, ["TOKEN=", "# REGION="], "needed where one of them needs it: {shown}");
    assert!(shown.contains("# where this runs\n# (without it, eu or 'us east', by service)\n# REGION="), "{shown}");
}

#[test]
fn what_only_a_job_asks_for_is_told_in_its_words() {
    let text = example(
        "[jobs.migrate]
        command = [\"migrate\"]
        secrets = { OWNER_URL = \"database, as its owner\" }",
    );
    let shown = text.unwrap().text(None);
    assert!(shown.contains("\n# database, as its owner\nOWNER_URL=\n"), "{shown}");
}

#[test]
fn what_a_patch_asks_for_is_named_too() {
    let text = example(
        "[[patches]]
        target = \"compose\"
        kind = \"service\"
        yaml = '''
        environment: { OTHER: '${FIRST:-${SECOND:-b}} $$NO $THIRD' }
        env_file: [{ path: ./shared.env }, { path: ./maybe.env, required: false }]
        '''",
    );
    let shown = text.unwrap().text(None);
    let lines: Vec<_> = settings(&shown).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, ["# FIRST=b", "# SECOND=b", "# THIRD="], "{shown}");
    assert!(shown.contains("\n# shared.env") && !shown.contains("maybe.env"), "{shown}");
}

const STAGES: &str = "
    [secrets]
    API_KEY = \"key of the payment provider\"
    [inputs]
    REGION = { default = \"eu\" }
    [environments.staging]
    workers = 1
    [environments.production.inputs]
    REGION = { default = \"us\" }
    [environments.production.secrets]
    SENTRY_DSN = \"where errors are reported\"
    SIGNING_KEY = { mount = \"/etc/key.pem\" }
";

#[test]
fn an_environment_has_an_example_of_its_own_for_what_it_adds() {
    assert_eq!(example_over(STAGES, Some("staging")), None);
    let text = example_over(STAGES, Some("production")).unwrap();
    assert_eq!(text.path, ".env.production.example");
    let shown = text.text(None);
    let lines: Vec<_> = settings(&shown).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, ["SENTRY_DSN=", "# REGION=us"], "{shown}");
    assert!(shown.contains("\n# secrets/SIGNING_KEY"), "{shown}");
}

#[test]
fn development_asks_who_runs_it() {
    let text = example_over("", None).unwrap();
    assert_eq!((text.path.as_str(), names(&text.text(None))), (".env.dev.example", names("UID=\nGID=")));
    assert_eq!(example_over("[dev]\nuser = \"app\"", None), None);
}

#[test]
fn each_setting_can_be_asked_why() {
    let profile = profile("[secrets]\nAPI_KEY = \"of the payment provider\"");
    let app = app(&profile, None);
    let bundle = rendered(&Wish { app: &app, base: None, dev: false, full: false }).bundle;
    let shown = bundle.texts[0].text(Some(&app.provenance));
    let expected =
        "\n# why: asked for, and Compose stops without it (profile.toml:5)\n# of the payment provider\nAPI_KEY=\n";
    assert!(shown.contains(expected), "{shown}");
}

proptest! {
    #[test]
    fn no_word_of_the_profile_leaves_its_line(about in any::<String>(), default in string_regex("[^{}\n]*").unwrap()) {
        // Strings of JSON are strings of TOML.
        let toml = |text: &str| serde_json::Value::from(text).to_string();
        let default = default.replace('\0', "");
        let rest = format!(
            "[secrets]\nAPI_KEY = {}\nFILE = {{ about = {}, mount = \"/f\" }}\n[inputs]\nREGION = {{ default = {} }}",
            toml(&about), toml(&about), toml(&default)
        );
        let parsed = flow::app(&Request::alone("profile.toml", profile(&rest).as_bytes()));
        prop_assume!(parsed.app.is_some());
        let shown = example(&rest).unwrap().text(None);
        let ends = |c: char| c != '\n' && (c.is_control() || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}'));
        prop_assert!(!shown.contains(ends), "{:?}", shown);
        let wild: Vec<&str> = shown.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        prop_assert_eq!(wild, ["API_KEY="]);
    }
}
