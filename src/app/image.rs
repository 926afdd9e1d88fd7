//! The image reference, taken apart.

use super::findings::Findings;
use crate::{key::Key, problem::Code};

/// An image reference that names one image: `registry/path[:tag][@sha256:…]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// As the user wrote it.
    pub reference: String,
    pub tag: Option<String>,
    pub digest: Option<String>,
}

impl Image {
    /// Reads a reference (OCI distribution specification, and the reference grammar of Docker's `distribution`).
    pub fn parse(reference: &str) -> Option<Self> {
        let (named, digest) = match reference.split_once('@') {
            Some((named, digest)) => (named, Some(digest)),
            None => (reference, None),
        };
        // A colon before the last slash belongs to the registry's port.
        let (path, tag) = match named.rfind(':').filter(|at| !named[*at..].contains('/')) {
            Some(at) => (&named[..at], Some(&named[at + 1..])),
            None => (named, None),
        };
        let fits = is_path(path) && tag.is_none_or(is_tag) && digest.is_none_or(is_digest);
        fits.then(|| Image {
            reference: reference.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }
}

fn is_path(path: &str) -> bool {
    let (first, rest) = path.split_once('/').map_or((None, path), |(first, rest)| {
        let registry = first.contains(['.', ':']) || first == "localhost";
        if registry { (Some(first), rest) } else { (None, path) }
    });
    let host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    let word = |part: &str| {
        let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(edge) && part.ends_with(edge) && part.chars().all(|c| edge(c) || "._-".contains(c))
    };
    first.is_none_or(|first| first.chars().all(host)) && path.len() <= 255 && rest.split('/').all(word)
}

fn is_tag(tag: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    tag.len() <= 128 && tag.starts_with(word) && tag.chars().all(|c| word(c) || c == '.' || c == '-')
}

fn is_digest(digest: &str) -> bool {
    let hex = |text: &str, length| text.len() == length && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    match digest.split_once(':') {
        Some(("sha256", text)) => hex(text, 64),
        Some(("sha512", text)) => hex(text, 128),
        _ => false,
    }
}

/// The image of the app. An image that is not named for good would make the same profile mean different things.
pub fn image(reference: &str, findings: &mut Findings<'_>) -> Option<Image> {
    let key = Key::new("image");
    let Some(image) = Image::parse(reference) else {
        findings.value(
            Code::BadImage,
            &key,
            format!("`{reference}` is not an image reference"),
            "not a reference",
            "write `registry/path:tag`, in lower case but for the tag, as in \"ghcr.io/acme/orders:1.4.2\"",
        );
        return None;
    };
    let floating = match (image.tag.as_deref(), &image.digest) {
        (_, Some(_)) => None,
        (None, None) => Some("it has no tag, which means `latest`"),
        (Some("latest"), None) => Some("`latest` moves"),
        (Some(_), None) => None,
    };
    if let Some(why) = floating {
        findings.value(
            Code::FloatingTag,
            &key,
            format!("`{reference}` does not name one image: {why}"),
            "moves",
            "give the tag of a release, a digest, or both: `orders:1.4.2@sha256:…`",
        );
    }
    Some(image)
}
