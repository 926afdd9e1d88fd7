//! Strings survive: whatever text a profile holds, the process gets that text, and references their value.
//!
//! The rendered text is read back as YAML, and then as its reader expands it: [`kubelet`] and [`compose`] are small
//! models of the two, and the latter was compared with docker-compose 2.40.3.

use proptest::prelude::*;
use serde_json::Value;

use crate::{
    expansion::{compose, kubelet},
    rendered::{Cluster, Host, Platform, documents, text, texts},
};

/// What the deployer's shell, `.env` and Secret hold. `A` is also a variable of the app, which stray references find.
const VALUES: &[(&str, &str)] =
    &[("A", "the app's own"), ("SECRET", "s$(A)$$${A}'\"\n}"), ("PLAIN", "word"), ("REGION", "(A) eu $$")];

/// A basic string of TOML, which is one of JSON but for DEL.
fn toml(text: &str) -> String {
    Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// A text of `[env]` and `args`, where `$$` is a dollar sign.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

/// Texts full of what somebody on the way could take for something else.
fn nasty() -> impl Strategy<Value = String> {
    let pieces = [
        "$", "$$", "$(A)", "$(", "${A}", "${", "}", "${A:-b}", "$A", "(A)", "(", ")", "{", "{{.A}}", "'", "\"", "\\",
        "\\n", "\n", "\r", "\t", " ", "#", " # ", ": ", "- ", "!", "&a", "*a", "%", "@", "`", "no", "null", "1_000",
        "12:30", "é", "😀", "\u{85}", "\u{2028}", "\u{feff}", "\u{7f}", "a", "A", "REGION", "=", ",", ";", "|", ">",
        "~",
    ];
    let piece = prop::sample::select(pieces.to_vec()).prop_map(str::to_owned);
    let any = any::<char>().prop_filter("no environment holds it", |c| *c != '\0').prop_map(String::from);
    prop::collection::vec(prop_oneof![8 => piece, 1 => any], 0..8).prop_map(|pieces| pieces.concat())
}

/// Texts of printable ASCII, as headers and paths take them.
fn printable() -> impl Strategy<Value = String> {
    nasty().prop_map(|text| text.chars().filter(|c| matches!(c, '!'..='~')).collect())
}

#[derive(Debug, Clone)]
enum Part {
    Literal(String),
    Secret,
    Plain,
    Input,
    Empty,
    Port,
    Named,
    Pod,
}

impl Part {
    fn written(&self) -> String {
        match self {
            Part::Literal(text) => literal(text),
            Part::Secret => "${secrets.SECRET}".into(),
            Part::Plain => "${secrets.PLAIN}".into(),
            Part::Input => "${inputs.REGION}".into(),
            Part::Empty => "${inputs.EMPTY}".into(),
            Part::Port => "${port}".into(),
            Part::Named => "${ports.metrics}".into(),
            Part::Pod => "${pod.name}".into(),
        }
    }

    fn meant(&self) -> &str {
        let value = |name: &str| VALUES.iter().find(|(known, _)| *known == name).expect("a value").1;
        match self {
            Part::Literal(text) => text,
            Part::Secret => value("SECRET"),
            Part::Plain => value("PLAIN"),
            Part::Input => value("REGION"),
            Part::Empty => "",
            Part::Port => "8000",
            Part::Named => "9100",
            // As on Compose, which has no pods.
            Part::Pod => "orders",
        }
    }
}

/// A text as it is written, and as it is meant.
fn with_references() -> impl Strategy<Value = (String, String)> {
    with(&[Part::Secret, Part::Plain, Part::Input, Part::Empty, Part::Port, Part::Named, Part::Pod])
}

fn with(references: &[Part]) -> impl Strategy<Value = (String, String)> + use<> {
    let part = prop_oneof![nasty().prop_map(Part::Literal), prop::sample::select(references.to_vec())];
    prop::collection::vec(part, 0..6).prop_map(|parts| {
        let written = parts.iter().map(Part::written).collect();
        (written, parts.iter().map(Part::meant).collect())
    })
}

/// What everybody may read, who is no pod: no file holds more.
fn without_secrets() -> impl Strategy<Value = (String, String)> {
    let references = [Part::Input, Part::Empty, Part::Port, Part::Named];
    let part = prop_oneof![nasty().prop_map(Part::Literal), prop::sample::select(references.to_vec())];
    prop::collection::vec(part, 0..6).prop_map(|parts| {
        let written = parts.iter().map(Part::written).collect();
        (written, parts.iter().map(Part::meant).collect())
    })
}

/// An app that declares everything there is to refer to.
fn app(top: &str, env: &str, tables: &str) -> String {
    format!(
        "name = \"orders\"\nimage = \"example.com/orders:1.4.2\"\nport = 8000\n{top}\n\
         [ports]\nmetrics = 9100\n\
         [secrets]\nSECRET = \"a\"\nPLAIN = \"b\"\n\
         [inputs]\nREGION = {{ default = {region} }}\nEMPTY = {{ default = \"\" }}\n\
         [env]\nA = \"the app's own\"\n{env}\n{tables}",
        region = toml("(A) eu $$"),
    )
}

/// What a process is given: variables, and its command line.
type Given = (Vec<(String, String)>, Vec<String>);

/// What the process gets in a cluster: variables in the order in which they are set, and the command line.
fn in_cluster(profile: &str) -> Result<Given, TestCaseError> {
    let cluster = Cluster::of(profile).map_err(TestCaseError::fail)?;
    let mut env: Vec<(String, String)> = Vec::new();
    for one in cluster.container()["env"].as_array().into_iter().flatten() {
        let name = text(&one["name"]);
        let value = match one.get("value") {
            Some(value) => kubelet(&text(value), &env),
            None if one["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name" => "orders".to_owned(),
            None => {
                let key = text(&one["valueFrom"]["secretKeyRef"]["key"]);
                VALUES.iter().find(|(known, _)| *known == key).expect("a secret").1.to_owned()
            }
        };
        env.push((name, value));
    }
    let argv = cluster.argv().iter().map(|word| kubelet(word, &env)).collect();
    Ok((env, argv))
}

/// What the process gets from Knative, which hands variables on to Kubernetes, or from Cloud Run, which reads nothing in
/// them.
fn on_platform(flavor: &str, profile: &str) -> Result<Given, TestCaseError> {
    let platform = Platform::of(flavor, profile).map_err(TestCaseError::fail)?;
    let expand = |text: &str, env: &[_]| if flavor == "knative" { kubelet(text, env) } else { text.to_owned() };
    let mut env: Vec<(String, String)> = Vec::new();
    for one in platform.container()["env"].as_array().into_iter().flatten() {
        let secret = || {
            let place = &one["valueFrom"]["secretKeyRef"];
            let at =
                if flavor == "knative" { text(&place["key"]) } else { text(&place["name"]).replace("orders-", "") };
            VALUES.iter().find(|(known, _)| *known == at).expect("a secret").1.to_owned()
        };
        let value = one.get("value").map_or_else(secret, |value| expand(&text(value), &env));
        env.push((text(&one["name"]), value));
    }
    let argv = platform.argv().iter().map(|word| expand(word, &env)).collect();
    Ok((env, argv))
}

/// What the process gets on a single host, whose shell supplies neither inputs nor anything unknown.
fn on_host(host: &Host) -> Result<Given, TestCaseError> {
    let expand = |text: &str| interpolated(text).map_err(TestCaseError::fail);
    let env = host.env().into_iter().map(|(name, value)| Ok((name, expand(&value)?)));
    let argv = host.argv().iter().map(|word| expand(word)).collect::<Result<_, _>>()?;
    Ok((env.collect::<Result<_, TestCaseError>>()?, argv))
}

fn interpolated(text: &str) -> Result<String, String> {
    let vars: Vec<_> = VALUES.iter().filter(|(name, _)| *name != "REGION").copied().collect();
    compose(text, &vars).map_err(|error| format!("{error}: {text:?}"))
}

fn get<'a>(env: &'a [(String, String)], name: &str) -> &'a str {
    &env.iter().find(|(known, _)| known == name).expect("the variable").1
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn variables_and_arguments((written, meant) in with_references(), (again, meant_again) in with_references()) {
        let top = format!("command = [\"serve\"]\nargs = [{}, {}]", toml(&written), toml(&again));
        let profile = app(&top, &format!("TEXT = {{ value = {}, public = true }}", toml(&written)), "");
        let host = Host::of(&profile).map_err(TestCaseError::fail)?;
        let dev = Host::dev(&profile).map_err(TestCaseError::fail)?;
        for (env, argv) in [in_cluster(&profile)?, on_host(&host)?, on_host(&dev)?] {
            prop_assert_eq!(get(&env, "TEXT"), &meant);
            prop_assert_eq!(get(&env, "REGION"), "(A) eu $$");
            prop_assert_eq!(get(&env, "SECRET"), VALUES[1].1);
            prop_assert_eq!(&argv, &["serve", &meant, &meant_again]);
        }
    }

    #[test]
    fn variables_and_arguments_of_platforms(
        (written, meant) in with(&[Part::Input, Part::Empty, Part::Port, Part::Named]),
        (again, meant_again) in with(&[Part::Secret, Part::Plain, Part::Input, Part::Empty, Part::Port, Part::Named]),
    ) {
        let profile = |arg: &str, text: &str| {
            let top = format!("command = [\"serve\"]\nargs = [{}]", toml(arg));
            app(&top, &format!("TEXT = {{ value = {}, public = true }}\nALONE = \"${{secrets.PLAIN}}\"", toml(text)), "")
        };
        for (flavor, arg, text, meant_arg, meant) in [
            ("cloudrun", &written, &written, &meant, &meant),
            ("knative", &written, &again, &meant, &meant_again),
        ] {
            let (env, argv) = on_platform(flavor, &profile(arg, text))?;
            prop_assert_eq!(get(&env, "TEXT"), meant);
            prop_assert_eq!(get(&env, "REGION"), "(A) eu $$");
            prop_assert_eq!(get(&env, "ALONE"), VALUES[2].1);
            prop_assert_eq!(&argv, &["serve", meant_arg]);
        }
    }

    #[test]
    fn a_dollar_sign_that_starts_nothing_need_not_be_doubled(raw in nasty()) {
        // What `$$` and `${` say to the profile is another matter.
        let raw = raw.replace('$', " $").replace("${", "$ {");
        let profile = app("", &format!("TEXT = {{ value = {}, public = true }}", toml(&raw)), "");
        let host = Host::of(&profile).map_err(TestCaseError::fail)?;
        for (env, _) in [in_cluster(&profile)?, on_host(&host)?] {
            prop_assert_eq!(get(&env, "TEXT"), &raw);
        }
    }

    #[test]
    fn words_of_commands_and_of_probes(
        (written, meant) in with_references(),
        (probe, meant_probe) in without_secrets(),
    ) {
        let top = format!("command = [\"serve\", {}]", toml(&written));
        let probes = format!("[probes]\nliveness = {{ exec = [\"ask\", {}] }}", toml(&probe));
        let profile = app(&top, "", &probes);
        let host = Host::of(&profile).map_err(TestCaseError::fail)?;
        for (_, argv) in [in_cluster(&profile)?, on_host(&host)?] {
            prop_assert_eq!(argv, ["serve", &meant]);
        }
        let cluster = Cluster::of(&profile).map_err(TestCaseError::fail)?;
        let asked = texts(&cluster.container()["livenessProbe"]["exec"]["command"]);
        prop_assert_eq!(asked.iter().map(|word| kubelet(word, &[])).collect::<Vec<_>>(), ["ask", &meant_probe]);
        let asked = texts(&host.service()["healthcheck"]["test"]);
        let asked: Result<Vec<_>, _> = asked.iter().map(|word| interpolated(word)).collect();
        prop_assert_eq!(asked.map_err(TestCaseError::fail)?, ["CMD", "ask", &meant_probe]);
    }

    #[test]
    fn what_files_hold(raw in nasty(), (written, meant) in without_secrets(), part in printable()) {
        let path = format!("/etc/a{}", part.replace(['/', ':', '.'], "-"));
        let files = format!(
            "[files]\n{path} = {{ content = {raw} }}\n\"/etc/t\" = {{ content = {written}, template = true }}",
            path = toml(&path), raw = toml(&raw), written = toml(&written),
        );
        let profile = app("command = [\"serve\"]", "", &files);
        let cluster = Cluster::of(&profile).map_err(TestCaseError::fail)?;
        let map = &cluster.get("ConfigMap").unwrap()["data"];
        let mounts = cluster.container()["volumeMounts"].as_array().unwrap();
        let held = |path: &str| {
            let mount = mounts.iter().find(|mount| mount["mountPath"] == path).expect("a mount");
            text(&map[mount["subPath"].as_str().unwrap()])
        };
        prop_assert_eq!(held(&path), raw.clone());
        prop_assert_eq!(held("/etc/t"), meant.clone());
        let file = documents("compose", &profile, false).map_err(TestCaseError::fail)?.remove(0);
        let variables = file["services"]["orders-volumes"]["environment"].as_object().unwrap();
        let held: Result<Vec<_>, _> = variables.values().map(|value| interpolated(&text(value))).collect();
        let held = held.map_err(TestCaseError::fail)?;
        prop_assert!(held.contains(&raw) && held.contains(&meant), "{held:?}");
        let script = interpolated(&text(&file["services"]["orders-volumes"]["entrypoint"][2]));
        let names = variables.keys().all(|name| script.as_ref().is_ok_and(|script| script.contains(&format!("\"${name}\""))));
        prop_assert!(names, "{script:?}");
    }

    #[test]
    fn probes_over_http(path in printable(), header in printable()) {
        let ask = format!("{{ http = {}, headers = {{ X-Probe = {} }} }}", toml(&format!("/{path}")), toml(&header));
        let profile = app("", "", &format!("[server]\napp = \"a:app\"\n[probes]\nliveness = {ask}"));
        let cluster = Cluster::of(&profile).map_err(TestCaseError::fail)?;
        let get = &cluster.container()["livenessProbe"]["httpGet"];
        prop_assert_eq!(text(&get["path"]), format!("/{path}"));
        prop_assert_eq!(text(&get["httpHeaders"][0]["value"]), header.clone());
        let host = Host::of(&profile).map_err(TestCaseError::fail)?;
        let test = texts(&host.service()["healthcheck"]["test"]);
        let script = interpolated(&test[4]).map_err(TestCaseError::fail)?;
        let literals = python(&script);
        prop_assert_eq!(&literals[1..], ["GET".into(), format!("/{path}"), "X-Probe".into(), header]);
    }

    #[test]
    fn what_only_one_target_takes(value in nasty(), about in nasty(), part in nasty()) {
        let folder: String = part.chars().filter(|c| !c.is_control() && !matches!(c, '/' | ':' | '.')).collect();
        let folder = format!("a{}b", folder.replace('\u{2028}', ""));
        let tables = format!(
            "[annotations]\nnote = {value}\n[build]\nargs = {{ A = {value} }}\n[compose]\n\
             logging = {{ driver = \"local\", options = {{ tag = {value} }} }}\n\
             [dev]\ncommand = [\"serve\", {word}]\nsync = [{folder}]\n\
             [secrets.CERT]\nabout = {about}\nmount = {file}\n[security]\nwritable = [{scratch}]",
            value = toml(&value), word = toml(&value.replace('$', "$$")), about = toml(&about), folder = toml(&folder),
            file = toml(&format!("/run/{folder}")), scratch = toml(&format!("/scratch/{folder}")),
        );
        let profile = app("command = [\"serve\"]", "", &tables);
        let cluster = Cluster::of(&profile).map_err(TestCaseError::fail)?;
        prop_assert_eq!(text(&cluster.get("Deployment").unwrap()["metadata"]["annotations"]["note"]), value.clone());
        let host = Host::of(&profile).map_err(TestCaseError::fail)?;
        let dev = Host::dev(&profile).map_err(TestCaseError::fail)?;
        let read = |value: &Value| interpolated(&text(value)).map_err(TestCaseError::fail);
        prop_assert_eq!(read(&host.service()["logging"]["options"]["tag"])?, value.clone());
        prop_assert_eq!(read(&dev.service()["build"]["args"]["A"])?, value.clone());
        prop_assert_eq!(on_host(&dev)?.1, ["serve", &value]);
        prop_assert_eq!(read(&dev.service()["volumes"][0]["source"])?, format!("./{folder}"));
        prop_assert_eq!(read(&dev.service()["volumes"][0]["target"])?, format!("/app/{folder}"));
        let mounts = &cluster.container()["volumeMounts"];
        prop_assert_eq!(text(&mounts[0]["mountPath"]), format!("/scratch/{folder}"));
        prop_assert_eq!(text(&mounts[1]["mountPath"]), format!("/run/{folder}"));
        let tmpfs = read(&host.service()["tmpfs"][0])?;
        prop_assert_eq!(tmpfs.split(':').next().map(str::to_owned), Some(format!("/scratch/{folder}")));
        prop_assert_eq!(read(&host.service()["secrets"][0]["target"])?, format!("/run/{folder}"));
    }
}

/// The string literals of a Python script, in order. Of the escapes only those that the renderer writes.
fn python(script: &str) -> Vec<String> {
    let mut literals = Vec::new();
    let mut chars = script.chars();
    while chars.by_ref().any(|c| c == '\'') {
        let mut literal = String::new();
        loop {
            match chars.next().expect("a closed literal") {
                '\'' => break,
                '\\' => match chars.next().expect("an escape") {
                    'U' => {
                        let digits: String = chars.by_ref().take(8).collect();
                        literal.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                    }
                    c => literal.push(c),
                },
                c => literal.push(c),
            }
        }
        literals.push(literal);
    }
    literals
}

#[test]
fn a_dollar_sign_before_a_reference() {
    let spelled = |value: &str| {
        let profile = app("", &format!("TEXT = {}", toml(value)), "");
        let of = |env: Vec<(String, String)>| get(&env, "TEXT").to_owned();
        (of(Cluster::of(&profile).unwrap().env()), of(Host::of(&profile).unwrap().env()))
    };
    for (value, k8s, compose) in [
        ("$$${secrets.PLAIN}", "$$$(PLAIN)", "$$${PLAIN:?set PLAIN in .env}"),
        ("$$$$${secrets.PLAIN}", "$$$$$(PLAIN)", "$$$$${PLAIN:?set PLAIN in .env}"),
        ("$$${inputs.EMPTY}${secrets.PLAIN}", "$$$(PLAIN)", "$$${EMPTY:-}${PLAIN:?set PLAIN in .env}"),
        ("$$${port}", "$8000", "$$8000"),
        ("cost: 5$", "cost: 5$", "cost: 5$$"),
        ("$(A)", "$$(A)", "$$(A)"),
    ] {
        assert_eq!(spelled(value), (k8s.to_owned(), compose.to_owned()), "{value}");
    }
}

#[test]
fn what_a_target_cannot_say_is_refused() {
    for default in ["a}b", "a{b", "a\nb"] {
        let profile = app("", "", &format!("[inputs.TEXT]\ndefault = {}", toml(default)));
        assert!(documents("compose", &profile, false).expect_err(default).contains("cannot write the default"));
        assert!(documents("k8s", &profile, false).is_ok());
    }
    let maybe = "[secrets.MAYBE]\noptional = true\nabout = \"x\"";
    for (top, env) in [("args = [\"${secrets.MAYBE}\"]", ""), ("", "TEXT = \"${secrets.MAYBE}\"")] {
        let refused = documents("k8s", &app(top, env, maybe), false).expect_err("an optional secret");
        assert!(refused.contains("optional secret"), "{refused}");
    }
    for header in ["X = \"é\"", "X = \"a\\nb\"", "\"X Y\" = \"a\""] {
        let probe = format!("[probes]\nliveness = {{ http = \"/\", headers = {{ {header} }} }}");
        assert!(documents("k8s", &app("", "", &probe), false).is_err(), "{header}");
    }
    for (top, env) in [("args = [\"a\\u0000\"]", ""), ("command = [\"a\\u0000\"]", ""), ("", "TEXT = \"a\\u0000\"")] {
        assert!(documents("k8s", &app(top, env, ""), false).is_err(), "no process can get a NUL");
    }
}
