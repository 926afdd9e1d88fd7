//! Which paths are asked whether the app is well. A wrong one would restart healthy processes for ever.

use super::{facts, line, profile};

fn paths(files: &[(&str, &str)]) -> (Option<String>, Option<String>) {
    let files = [files, &[("requirements.txt", "fastapi\nuvicorn\n")]].concat();
    let health = facts(&files).health;
    (health.liveness.map(|fact| fact.value), health.readiness.map(|fact| fact.value))
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const MAIN: &str =
    "from fastapi import FastAPI\nfrom shop.api import routes\nfrom shop.settings import settings\n\napp = FastAPI()\n";

#[test]
fn a_route_of_the_app_itself_is_sure() {
    let with = |route: &str| paths(&[("shop/main.py", &format!("{MAIN}{route}\ndef f(): ...\n"))]);
    assert_eq!(with("@app.get(\"/healthz\")"), (some("/healthz"), some("/healthz")));
    assert_eq!(with("@app.get(\"/health\", tags=[\"x\"])"), (None, some("/health")), "it may ask a database");
    assert_eq!(with("@app.get(path=\"/ready\")"), (None, some("/ready")));
    assert_eq!(with("@app.post(\"/healthz\")"), (None, None));
    assert_eq!(with("@app.get(\"/users/{id}/status\")"), (None, None));
    assert_eq!(with("@app.get(\"/orders\")"), (None, None));
    assert_eq!(with("@other.get(\"/healthz\")"), (None, None), "of whom nothing is known");
}

#[test]
fn routers_are_followed_to_the_app() {
    let route = "@router.get(\"/healthz\")\ndef f(): ...\n";
    let health = format!("from fastapi import APIRouter\nrouter = APIRouter(prefix=\"/ops\")\n{route}");
    let api = |include: &str, main: &str| {
        paths(&[
            ("shop/main.py", &format!("{MAIN}{main}\n")),
            ("shop/api/routes.py", &format!("from fastapi import APIRouter\nfrom shop.api import health\nfrom shop.api.health import router as ops\napi = APIRouter()\n{include}\n")),
            ("shop/api/health.py", &health),
            ("shop/settings.py", "class Settings(BaseSettings):\n    API: str = \"/v1\"\n"),
        ])
        .0
    };
    assert_eq!(api("api.include_router(health.router)", "app.include_router(routes.api)"), some("/ops/healthz"));
    assert_eq!(
        api("api.include_router(ops, prefix=\"/x\")", "app.include_router(routes.api, prefix=settings.API)"),
        some("/v1/x/ops/healthz")
    );
    assert_eq!(api("api.include_router(ops)", "app.include_router(routes.api, prefix=settings.UNKNOWN)"), None);
    assert_eq!(api("", "app.include_router(routes.api)"), None, "nobody includes it");
    assert_eq!(
        api("api.include_router(ops)", "api = FastAPI()\napp.mount(\"/v2\", app=api)\napi.include_router(routes.api)"),
        some("/v2/ops/healthz")
    );
    assert_eq!(
        api("api.include_router(ops)", "app.mount(\"/v2\", app)\napp.include_router(routes.api)"),
        None,
        "it has no end"
    );
    assert_eq!(api("api.include_router(ops)\nops.include_router(api)", ""), None, "nor has this");
}

#[test]
fn what_is_not_sure_is_told_and_not_asked() {
    let files = [
        ("requirements.txt", "fastapi\nuvicorn\n"),
        ("main.py", "app = FastAPI()\nload(app)\n"),
        ("health.py", "router = APIRouter()\n@router.get(\"/healthz\")\ndef f(): ...\n"),
    ];
    let text = profile(&files);
    assert_eq!(line(&text, "liveness"), None);
    assert!(text.contains("found: health.py:2 ends with /healthz"), "{text}");
}
