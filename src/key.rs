//! The path of a key in the profile, such as `resources.memory`.

use std::{borrow::Cow, fmt};

use serde_json::Value;

/// The path of a key in the profile. Ordered and compared by its segments.
///
/// Written `a.b.c` in code, where no segment may contain a dot; segments that users choose are added with
/// [`Key::child`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Vec<Cow<'static, str>>);

impl Key {
    /// The profile itself.
    pub const ROOT: Key = Key(Vec::new());

    pub fn new(dotted: &'static str) -> Self {
        Key(dotted.split('.').map(Cow::Borrowed).collect())
    }

    /// From a JSON pointer (RFC 6901), the form in which `jsonschema` names a place.
    pub fn from_pointer(pointer: &str) -> Self {
        let unescape = |s: &str| Cow::Owned(s.replace("~1", "/").replace("~0", "~"));
        Key(pointer.split('/').skip(1).map(unescape).collect())
    }

    pub fn child(&self, segment: impl Into<String>) -> Self {
        let mut segments = self.0.clone();
        segments.push(Cow::Owned(segment.into()));
        Key(segments)
    }

    /// `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        let (_, parents) = self.0.split_last()?;
        Some(Key(parents.to_vec()))
    }

    pub fn last(&self) -> Option<&str> {
        self.0.last().map(AsRef::as_ref)
    }

    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(AsRef::as_ref)
    }

    /// What stands at this key in a merged profile.
    pub fn find<'a>(&self, model: &'a Value) -> Option<&'a Value> {
        self.segments().try_fold(model, |value, segment| match value {
            Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
            value => value.get(segment),
        })
    }

    /// Whether this key is `other`, or holds it.
    pub fn covers(&self, other: &Key) -> bool {
        other.0.starts_with(&self.0)
    }
}

/// As TOML writes it: `labels."acme.io/owner"`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        for (i, segment) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            if bare(segment) { f.write_str(segment)? } else { write!(f, "{segment:?}")? }
        }
        Ok(())
    }
}
