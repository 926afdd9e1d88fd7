//! The image reference, taken apart.

use super::findings::Findings;
use crate::{key::Key, problem::Code};

/// An image reference that names one image: `registry/path[:tag][@sha256:…]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
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

    /// Everything before the tag and the digest.
    pub fn repository(&self) -> &str {
        let named = self.reference.split('@').next().unwrap_or_default();
        let tag = self.tag.as_ref().map_or(0, |tag| tag.len() + 1);
        &named[..named.len() - tag]
    }

    /// Why the reference can name another image tomorrow; `None` if it cannot.
    pub fn floats(&self) -> Option<&'static str> {
        match (self.tag.as_deref(), &self.digest) {
            (_, Some(_)) => None,
            (None, None) => Some("it has no tag, which means `latest`"),
            (Some("latest"), None) => Some("`latest` moves"),
            (Some(_), None) => None,
        }
    }
}

/// What to write instead of a reference that floats.
pub const PINNED: &str = "give the tag of a release, a digest, or both: `orders:1.4.2@sha256:…`";

fn is_path(path: &str) -> bool {
    let (first, rest) = path.split_once('/').map_or((None, path), |(first, rest)| {
        let registry = first.contains(['.', ':']) || first == "localhost";
        if registry { (Some(first), rest) } else { (None, path) }
    });
    first.is_none_or(is_host) && path.len() <= 255 && rest.split('/').all(is_path_part)
}

/// A domain name or IPv6 address in brackets, perhaps with a port.
fn is_host(host: &str) -> bool {
    let port = |port: &str| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit());
    if let Some((address, rest)) = host.strip_prefix('[').and_then(|host| host.split_once(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok()
            && (rest.is_empty() || rest.strip_prefix(':').is_some_and(port));
    }
    let (domain, number) = host.split_once(':').map_or((host, None), |(domain, number)| (domain, Some(number)));
    let edge = |c: char| c.is_ascii_alphanumeric();
    let label =
        |part: &str| part.starts_with(edge) && part.ends_with(edge) && part.chars().all(|c| edge(c) || c == '-');
    domain.split('.').all(label) && number.is_none_or(port)
}

/// Words of lower-case letters and digits, between which stand `.`, `_`, `__` or any number of `-`.
fn is_path_part(part: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let between = |text: &str| matches!(text, "" | "." | "_" | "__") || text.chars().all(|c| c == '-');
    part.starts_with(word) && part.ends_with(word) && part.split(word).all(between)
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

/// The image of a process. An image that is not named for good would make the same profile mean different things.
pub fn image(reference: &str, key: &Key, findings: &mut Findings<'_>) -> Option<Image> {
    let Some(image) = Image::parse(reference) else {
        findings.value(
            Code::BadImage,
            key,
            format!("`{reference}` is not an image reference"),
            "not a reference",
            "write `registry/path:tag`, in lower case but for the tag, as in \"ghcr.io/acme/orders:1.4.2\"",
        );
        return None;
    };
    if let Some(why) = image.floats() {
        findings.value(
            Code::FloatingTag,
            key,
            format!("`{reference}` does not name one image: {why}"),
            "moves",
            PINNED,
        );
    }
    Some(image)
}
