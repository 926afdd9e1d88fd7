//! The profiles that come with the program, for `extends = "name"`.

/// Name and text. Their words are tested like any profile's.
pub const PRESETS: &[(&str, &str)] = &[
    ("arq", include_str!("../../profiles/arq.toml")),
    ("celery", include_str!("../../profiles/celery.toml")),
    ("django", include_str!("../../profiles/django.toml")),
    ("fastapi", include_str!("../../profiles/fastapi.toml")),
    ("fastapi-postgres-redis", include_str!("../../profiles/fastapi-postgres-redis.toml")),
    ("gunicorn", include_str!("../../profiles/gunicorn.toml")),
    ("node", include_str!("../../profiles/node.toml")),
];

pub(super) fn find(name: &str) -> Option<&'static str> {
    PRESETS.iter().find_map(|(preset, text)| (*preset == name).then_some(*text))
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}
