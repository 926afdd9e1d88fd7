//! Secrets that stand where everybody reads them, or go where nobody meant them to.

use render::{
    flow,
    layers::Request,
    problem::{Code, Problem, Severity},
};

const APP: &str = "name = \"shop\"\nimage = \"example.com/shop:1.0.0\"\nport = 8000\nprobes = false\n\
                   resources = { memory = \"256Mi\" }\n";

fn problems(tables: &str, code: Code) -> Vec<Problem> {
    let profile = format!("{APP}{tables}");
    let problems = flow::app(&Request::alone("profile.toml", profile.as_bytes())).problems;
    let unfit = problems.iter().find(|one| one.code.severity() == Severity::Error && one.code != code);
    assert!(unfit.is_none(), "{tables}: {unfit:?}");
    problems.into_iter().filter(|one| one.code == code).collect()
}

fn in_words(words: &str) -> usize {
    let secrets = "[secrets]\nTOKEN = \"token\"\n[inputs]\nMARK = { default = \"a-b-c-d\" }\n";
    let command = problems(&format!("command = [{words}]\n{secrets}"), Code::SecretInEnv).len();
    let args = problems(&format!("command = [\"x\"]\nargs = [{words}]\n{secrets}"), Code::SecretInEnv).len();
    assert_eq!(command, args, "{words}");
    command
}

#[test]
fn a_literal_secret_in_a_command_line_is_an_error() {
    for words in [
        r#""x", "--password=hunter2""#,
        r#""x", "--api-key", "sk_live_abc""#,
        r#""x", "-Dspring.datasource.password=hunter2""#,
        r#""mysql", "-phunter2", "orders""#,
        r#""env", "PGPASSWORD=hunter2", "psql""#,
        r#""x", "postgresql://a:hunter2@db/a""#,
        r#""sh", "-c", "exec x --password hunter2""#,
        r#""sh", "-c", "exec x --password='hunter2'""#,
    ] {
        assert_eq!(in_words(words), 1, "{words}");
    }
}

#[test]
fn what_refers_to_a_secret_or_only_speaks_of_one_is_none() {
    for words in [
        r#""x", "--token=${secrets.TOKEN}""#,
        r#""x", "--token", "${secrets.TOKEN}""#,
        r#""x", "--eos-token", "${inputs.MARK}""#,
        r#""x", "--password-file=/run/secrets/db""#,
        r#""x", "--password", "/run/secrets/db""#,
        r#""pg_dump", "--no-password", "orders""#,
        r#""sort", "--key=2""#,
        r#""x", "--token""#,
        r#""x", "--partition-key", "region""#,
        r#""cp", "-pr", "a", "b""#,
        r#""x", "--password", "--verbose""#,
        r#""x", "--require-token=true""#,
        r#""sh", "-c", "exec x --password=\"$PASSWORD\" -p80""#,
        r#""psql", "postgresql://a:${secrets.TOKEN}@db/a""#,
    ] {
        assert_eq!(in_words(words), 0, "{words}");
    }
}

#[test]
fn a_line_of_a_file_that_holds_a_secret_is_told_once_for_all_who_have_it() {
    let told = |content: &str| {
        let worker = "[processes.w]\ncommand = [\"w\"]\nresources = { memory = \"64Mi\" }\n";
        let secrets = "[secrets]\nTOKEN = \"token\"\n";
        let file = format!("[files.\"/etc/a\"]\ncontent = '{content}'\ntemplate = false\n{secrets}{worker}");
        problems(&file, Code::SecretInFile).len()
    };
    for content in ["password = hunter2", "\"api_key\": \"sk_live_abc\",", "export TOKEN=abcdef", "db: http://a:b@c"] {
        assert_eq!(told(content), 1, "{content}");
    }
    for content in
        ["# password = hunter2", "password_file = /run/a", "password = ${PASSWORD}", "password: null", "key = a"]
    {
        assert_eq!(told(content), 0, "{content}");
    }
    let template =
        "[secrets]\nTOKEN = \"t\"\n[files.\"/a\"]\ncontent = \"token = ${secrets.TOKEN}\"\ntemplate = true\n";
    assert!(problems(template, Code::SecretInFile).is_empty());
}

#[test]
fn a_program_of_another_image_is_told_to_have_the_apps_secrets() {
    let with = |more: &str| {
        let profile = format!(
            "{more}[secrets]\nTOKEN = \"token\"\n[processes.w]\nimage = \"example.com/other:1.0.0\"\nresources = {{ memory = \"64Mi\" }}\n"
        );
        problems(&profile, Code::SharedSecrets)
    };
    let told = with("");
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert!(one.title.ends_with("its secrets: TOKEN"), "{}", one.title);
    assert!(one.help.as_ref().unwrap().contains("unset = [\"processes.w.secrets\"]"));
    assert!(with("unset = [\"processes.w.secrets\"]\n").is_empty());
    let same = "[secrets]\nTOKEN = \"t\"\n[processes.w]\nimage = \"example.com/shop:2.0.0\"\nresources = { memory = \"64Mi\" }\n";
    assert!(problems(same, Code::SharedSecrets).is_empty(), "another tag is the same program");
    let none = "[processes.w]\nimage = \"example.com/other:1.0.0\"\nresources = { memory = \"64Mi\" }\n";
    assert!(problems(none, Code::SharedSecrets).is_empty());
    let own = format!("{none}secrets = {{ TOKEN = \"of its own\" }}\n");
    assert!(problems(&own, Code::SharedSecrets).is_empty());
}

#[test]
fn every_job_and_cron_of_another_image_is_told_too() {
    for table in ["[jobs.w]", "[crons.w]\nschedule = \"@daily\""] {
        let profile = format!(
            "env_from = [\"secret/shared\"]\n{table}\nimage = \"example.com/other:1.0.0\"\nresources = {{ memory = \"64Mi\" }}\n"
        );
        let told = problems(&profile, Code::SharedSecrets);
        assert_eq!(told.len(), 1, "{table}");
        assert!(told[0].help.as_ref().unwrap().contains(".env_from\""), "{:?}", told[0].help);
    }
}
