//! What `--help` says.

use snapbox::{assert_data_eq, str};

use super::Place;

fn help(line: &str) -> String {
    let shown = Place::empty().run(line).silently();
    assert!(shown.lines().all(|line| line.chars().count() <= 100), "{shown}");
    shown
}

#[test]
fn of_the_program() {
    assert_data_eq!(
        help("--help"),
        str![[r#"
One app profile, rendered into Docker Compose, Kubernetes and Cloud Run: hardened, explained,
reproducible.

Usage: render [OPTIONS] <COMMAND>

Commands:
  k8s          Kubernetes objects, hardened for Pod Security `restricted`
  compose      Docker Compose files: production shape, development and environment overrides
  dockerfile   The Dockerfile of the image, for production and for development
  cloudrun     Cloud Run services, worker pools and jobs; or Knative services
  all          A tree of all apps: every target and environment that their profiles name
  diff         What differs, field by field: from the tree, a commit, any manifests, or a cluster
  list         What `render all` renders: profile, environment, target and folder
  set          Change a profile in place: `render set image orders=…`
  fn           A KRM function for kpt and kustomize: ResourceList in, ResourceList out
  argocd       A plugin of Argo CD: renders the profile of an Application's folder
  init         A first profile, of what the files of a project say or of a preset
  schema       The JSON Schema of profiles, for editors and validators
  completions  What a shell needs to complete commands, options and their values
  man          The manual page of the program, or with `-o` those of all its commands

Options:
      --color <WHEN>  When to write in colours; `auto`: on a terminal, unless NO_COLOR is set
                      [default: auto] [possible values: auto, always, never]
  -h, --help          Print help
  -V, --version       Print version

Examples:
  render k8s                             the objects of profile.toml, to standard output
  render k8s --env production --explain  an environment's, each line with its reason
  render k8s -o deploy/k8s               one file for each object
  render k8s -o deploy/k8s --check       does what is committed match the profile?
  render compose                         the base file, docker-compose.yml
  render compose -o .                    as a file, and .env.example with what it asks for
  render compose --dev                   the development override, docker-compose.override.yml
  render compose --env staging           an environment's override, docker-compose.staging.yml
  render compose --env staging --full    base and override, merged
  render dockerfile                      the production image's
  render dockerfile -o .                 as a file, with .dockerignore and docker-bake.json
  render dockerfile --dev -o .           the development image's, Dockerfile.dev
  render cloudrun                        the services of profile.toml, to standard output
  render cloudrun -o deploy/cloudrun     one file for each, for `gcloud run services replace`

"#]]
    );
}

#[test]
fn of_k8s() {
    assert_data_eq!(
        help("k8s --help"),
        str![[r#"
Kubernetes objects, hardened for Pod Security `restricted`

Usage: render k8s [OPTIONS] [PROFILE]...

Arguments:
  [PROFILE]...  App profile, or the folder of a `profile.toml`; `-` is standard input [default:
                profile.toml]

Options:
      --env <NAME>            Lay an environment of the profile over it
      --set <KEY=VALUE>       Set a key of the profile, as in `--set workers=8`; may be repeated
  -o, --output <DIR>          Write files into this folder instead of printing them
      --check                 Compare with the files in the folder; exit code 1 if they differ
      --force                 Overwrite files that were edited by hand or are not ours
      --only <FILE>           Print this file alone, by its name in a folder: `--only
                              deployment.yaml`
      --explain               Print the reason and the line of the profile behind each value
  -q, --quiet                 Say nothing but errors
      --format <FORMAT>       Print the report of a comparison in this format [possible values:
                              text, json, github, markdown, junit, sarif, gitlab, rdjsonl]
      --report <FORMAT=FILE>  Also write the report into a file, as in `--report junit=report.xml`;
                              may be repeated
      --max-bytes <BYTES>     Cut `markdown` to so many bytes; a comment on GitHub takes 65536
      --warnings <WHICH>      Of which profiles a report tells warnings and notes; errors always are
                              [default: differing] [possible values: all, differing, none]
      --color <WHEN>          When to write in colours; `auto`: on a terminal, unless NO_COLOR is
                              set [default: auto] [possible values: auto, always, never]
  -h, --help                  Print help

Examples:
  render k8s                             the objects of profile.toml, to standard output
  render k8s --env production --explain  an environment's, each line with its reason
  render k8s -o deploy/k8s               one file for each object
  render k8s -o deploy/k8s --check       does what is committed match the profile?

"#]]
    );
}

#[test]
fn of_compose() {
    assert_data_eq!(
        help("compose --help"),
        str![[r#"
Docker Compose files: production shape, development and environment overrides

Usage: render compose [OPTIONS] [PROFILE]...

Arguments:
  [PROFILE]...  App profile, or the folder of a `profile.toml`; `-` is standard input [default:
                profile.toml]

Options:
      --env <NAME>            Lay an environment of the profile over it
      --set <KEY=VALUE>       Set a key of the profile, as in `--set workers=8`; may be repeated
  -o, --output <DIR>          Write files into this folder instead of printing them
      --check                 Compare with the files in the folder; exit code 1 if they differ
      --force                 Overwrite files that were edited by hand or are not ours
      --only <FILE>           Print this file alone, by its name in a folder: `--only
                              deployment.yaml`
      --explain               Print the reason and the line of the profile behind each value
  -q, --quiet                 Say nothing but errors
      --format <FORMAT>       Print the report of a comparison in this format [possible values:
                              text, json, github, markdown, junit, sarif, gitlab, rdjsonl]
      --report <FORMAT=FILE>  Also write the report into a file, as in `--report junit=report.xml`;
                              may be repeated
      --max-bytes <BYTES>     Cut `markdown` to so many bytes; a comment on GitHub takes 65536
      --warnings <WHICH>      Of which profiles a report tells warnings and notes; errors always are
                              [default: differing] [possible values: all, differing, none]
      --dev                   Render the development override
      --full                  Render everything instead of what differs from the base
      --color <WHEN>          When to write in colours; `auto`: on a terminal, unless NO_COLOR is
                              set [default: auto] [possible values: auto, always, never]
  -h, --help                  Print help

Examples:
  render compose                       the base file, docker-compose.yml
  render compose -o .                  as a file, and .env.example with what it asks for
  render compose --dev                 the development override, docker-compose.override.yml
  render compose --env staging         an environment's override, docker-compose.staging.yml
  render compose --env staging --full  base and override, merged

"#]]
    );
}

#[test]
fn of_schema() {
    assert_data_eq!(
        help("schema --help"),
        str![[r#"
The JSON Schema of profiles, for editors and validators

Usage: render schema [OPTIONS] [OF]

Arguments:
  [OF]  `report`: of what `--format json` prints [default: profile] [possible values: profile,
        report]

Options:
      --color <WHEN>  When to write in colours; `auto`: on a terminal, unless NO_COLOR is set
                      [default: auto] [possible values: auto, always, never]
  -h, --help          Print help

Examples:
  render schema > profile.schema.json

Then, as the first line of the profile: #:schema ./profile.schema.json

"#]]
    );
}

#[test]
fn the_examples_in_it_work() {
    let place = Place::new();
    let profile = super::PROFILE.replace("dockerfile = \"Dockerfile\"\n", "");
    let environments = format!("{profile}[environments.production]\nworkers = 8\n");
    place.write("profile.toml", &environments);
    let examples = help("--help");
    let examples = examples.lines().filter_map(|line| line.trim().strip_prefix("render "));
    let commands: Vec<_> = examples.filter_map(|line| line.split("  ").next()).collect();
    assert!(commands.len() > 6, "{commands:?}");
    for command in commands {
        assert_eq!(place.run(command).code, 0, "render {command}");
    }
}

#[test]
fn the_version_is_that_of_the_package() {
    assert_eq!(Place::empty().run("--version").silently(), concat!("render ", env!("CARGO_PKG_VERSION"), "\n"));
}
