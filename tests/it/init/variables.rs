//! What the source reads, and who has to tell it.

use super::{FASTAPI, line, profile};

fn of(settings: &str, example: &str) -> String {
    profile(&[
        ("requirements.txt", "fastapi\nuvicorn\n"),
        ("main.py", FASTAPI),
        ("settings.py", settings),
        (".env.example", example),
    ])
}

#[test]
fn what_has_to_be_set_is_asked_for_and_what_has_a_value_is_shown() {
    let text = of(
        "class Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix=\"SHOP_\")\n\nclass Settings(Base):\n    model_config = SettingsConfigDict(env_prefix=\"SHOP_\")\n    sender: str\n    \
         region: str\n    api_token: str = \"dev\"\n    page_size: int = 20\n    nested: Nested = Nested()\n    LIMITS: ClassVar[int] = 3\n    @property\n    def url(self): ...\n    other: str = Field(\"x\", validation_alias=\"OTHER_NAME\")\n",
        "SHOP_SENDER=shop@example.com\nSHOP_REGION=<your region>\n",
    );
    assert_eq!(line(&text, "SHOP_SENDER"), Some("\"shop@example.com\""), "as the example has it");
    assert_eq!(line(&text, "SHOP_REGION"), Some("\"read at settings.py:7\""), "asked for");
    assert_eq!(line(&text, "SHOP_API_TOKEN"), Some("\"read at settings.py:8\""), "a secret in the source is none");
    assert_eq!(line(&text, "# SHOP_PAGE_SIZE"), Some("\"20\""));
    assert_eq!(line(&text, "# OTHER_NAME"), Some("\"x\""));
    for name in ["LIMITS", "URL", "NESTED", "MODEL_CONFIG"] {
        assert!(!text.contains(name), "{name}\n{text}");
    }
}

#[test]
fn every_reader_of_variables_is_known() {
    let text = of(
        "a = os.environ[\"A_NAME\"]\nb = os.environ.get(\"B_NAME\", \"b\")\nc = os.getenv(\"C_NAME\")\nd = env.str(\"D_NAME\")\ne = env.int(\"E_NAME\", default=5)\n\
         f = config(\"F_NAME\", cast=str)\ng = config(\"G_NAME\", default=\"g\")\nos.environ[\"H_NAME\"] = \"set\"\ni = get(os.environ[ 'I_NAME' ])\n# os.environ[\"J_NAME\"]\nk = environ.get(name)\n",
        "",
    );
    for name in ["A_NAME", "D_NAME", "F_NAME", "I_NAME"] {
        assert!(line(&text, name).is_some(), "{name} is needed\n{text}");
    }
    for (name, value) in [("B_NAME", "\"b\""), ("C_NAME", "\"\""), ("E_NAME", "\"5\""), ("G_NAME", "\"g\"")] {
        assert_eq!(line(&text, &format!("# {name}")), Some(value), "{text}");
    }
    assert!(!text.contains("H_NAME") && !text.contains("J_NAME"), "{text}");
}

#[test]
fn no_secret_of_the_project_comes_along() {
    let text = of(
        "PASSWORD = os.environ.get(\"PASSWORD\", \"hunter2\")\nWEBHOOK = os.environ.get(\"WEBHOOK\", \"https://me:hunter2@example.com\")\nSALT = os.environ[\"SALT_KEY\"]\nHOOK = os.environ[\"HOOK\"]\n",
        "PASSWORD=hunter2\nSALT_KEY=hunter2\nHOOK=https://me:hunter2@example.com\n",
    );
    assert!(!text.contains("hunter2"), "{text}");
    assert!(line(&text, "PASSWORD").is_some() && line(&text, "SALT_KEY").is_some(), "{text}");
}

#[test]
fn what_the_renderer_or_the_system_sets_is_left_to_them() {
    let names =
        ["PORT", "WEB_CONCURRENCY", "UVICORN_LOG_LEVEL", "PATH", "HOME", "FORWARDED_ALLOW_IPS", "KUBERNETES_PORT"];
    let source: String = names.iter().map(|name| format!("x = os.environ[\"{name}\"]\n")).collect();
    let text = of(&source, "");
    assert!(!text.contains("[env]") && !text.contains("[secrets]"), "{text}");
}

#[test]
fn values_with_dollars_stay_as_they_are() {
    let text = of("A = os.environ[\"PATTERN\"]\nB = os.getenv(\"FORMAT\", \"$x ${y}\")\n", "PATTERN=^a$\n");
    assert_eq!(line(&text, "# FORMAT"), Some("\"$$x $${y}\""));
    assert_eq!(
        line(&text, "PATTERN"),
        Some("\"read at settings.py:1\""),
        "an example with a `$` may stand for something"
    );
}
