//! The path of a key in the profile, such as `resources.memory`.

use std::{borrow::Cow, cmp::Ordering, fmt, sync::Arc};

use serde_json::Value;

/// The path of a key in the profile. Ordered and compared by its segments.
///
/// Written `a.b.c` in code, where no segment may contain a dot; segments that users choose are added with
/// [`Key::child`].
///
/// A rendering names thousands of keys, in its notes. What a table of the user's is called is shared among its keys, and what
/// follows in our own words is borrowed from the program.
#[derive(Debug, Clone, Default)]
pub struct Key {
    above: Option<Arc<[Segment]>>,
    /// Dotted; the rest of the path.
    below: &'static str,
}

type Segment = Cow<'static, str>;

/// What of a path is still to be read: segments, and then a dotted text.
type Rest<'a> = (&'a [Segment], &'a str);

impl Key {
    /// The profile itself.
    pub const ROOT: Key = Key { above: None, below: "" };

    pub const fn new(dotted: &'static str) -> Self {
        Key { above: None, below: dotted }
    }

    /// From a JSON pointer (RFC 6901), the form in which `jsonschema` names a place.
    pub fn from_pointer(pointer: &str) -> Self {
        let unescape = |s: &str| Cow::Owned(s.replace("~1", "/").replace("~0", "~"));
        Key::of(pointer.split('/').skip(1).map(unescape))
    }

    fn of(segments: impl Iterator<Item = Segment>) -> Self {
        let above: Arc<[Segment]> = segments.collect();
        Key { above: Some(above).filter(|above| !above.is_empty()), below: "" }
    }

    /// One segment further, whatever it contains.
    pub fn child(&self, segment: impl Into<String>) -> Self {
        let last = std::iter::once(Cow::Owned(segment.into()));
        match (&self.above, self.below) {
            // Of a known length, so that it is put where it stays.
            (Some(above), "") => Key::of(above.iter().cloned().chain(last)),
            _ => Key::of(self.owned().chain(last)),
        }
    }

    /// Further down, in our own words.
    pub fn below(&self, dotted: &'static str) -> Self {
        match self.below {
            "" => Key { above: self.above.clone(), below: dotted },
            _ => Key::of(self.owned().chain(words(dotted).map(Cow::Borrowed))),
        }
    }

    fn owned(&self) -> impl Iterator<Item = Segment> + use<'_> {
        self.above.iter().flat_map(|above| above.iter().cloned()).chain(words(self.below).map(Cow::Borrowed))
    }

    /// `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        match (self.below.rsplit_once('.'), &self.above) {
            (Some((parent, _)), _) => Some(Key { above: self.above.clone(), below: parent }),
            (None, _) if !self.below.is_empty() => Some(Key { above: self.above.clone(), below: "" }),
            (None, Some(above)) => Some(Key::of(above[..above.len() - 1].iter().cloned())),
            (None, None) => None,
        }
    }

    pub fn last(&self) -> Option<&str> {
        match self.below {
            "" => self.above.as_ref()?.last().map(AsRef::as_ref),
            below => below.rsplit('.').next(),
        }
    }

    pub fn segments(&self) -> impl Iterator<Item = &str> {
        let mut rest = self.rest();
        std::iter::from_fn(move || {
            let (first, left) = next(rest)?;
            rest = left;
            Some(first)
        })
    }

    fn rest(&self) -> Rest<'_> {
        (self.above.as_deref().unwrap_or_default(), self.below)
    }

    /// What stands at this key in a merged profile.
    pub fn find<'a>(&self, model: &'a Value) -> Option<&'a Value> {
        self.segments().try_fold(model, |value, segment| match value {
            Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
            value => value.get(segment),
        })
    }

    /// Where it lies in memory: equal keys may lie at several places, others never at one.
    pub fn address(&self) -> impl Ord + use<> {
        (
            self.above.as_ref().map(Arc::as_ptr).map(<*const [Segment]>::addr),
            self.below.as_ptr().addr(),
            self.below.len(),
        )
    }

    /// Whether this key is `other`, or holds it.
    pub fn covers(&self, other: &Key) -> bool {
        let mut below = other.segments();
        self.segments().all(|segment| below.next() == Some(segment))
    }
}

fn words(dotted: &str) -> impl Iterator<Item = &str> {
    dotted.split('.').filter(|word| !word.is_empty())
}

/// The first segment of a path, and the rest of it.
fn next<'a>((above, below): Rest<'a>) -> Option<(&'a str, Rest<'a>)> {
    match above {
        [first, above @ ..] => Some((first, (above, below))),
        [] if below.is_empty() => None,
        [] => {
            let end = below.bytes().position(|byte| byte == b'.');
            let (first, rest) = end.map_or((below, ""), |end| (&below[..end], &below[end + 1..]));
            Some((first, (above, rest)))
        }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        match (&self.above, &other.above) {
            (None, None) => self.below == other.below,
            _ => self.cmp(other).is_eq(),
        }
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.above, &other.above) {
            (None, None) => dotted(self.below, other.below),
            (Some(one), Some(two)) if Arc::ptr_eq(one, two) => dotted(self.below, other.below),
            _ => by_segment(self.rest(), other.rest()),
        }
    }
}

fn by_segment<'a>(mut one: Rest<'a>, mut other: Rest<'a>) -> Ordering {
    loop {
        let ((first, rest), (second, left)) = match (next(one), next(other)) {
            (Some(one), Some(other)) => (one, other),
            (one, other) => return one.is_some().cmp(&other.is_some()),
        };
        match first.cmp(second) {
            Ordering::Equal => (one, other) = (rest, left),
            order => return order,
        }
    }
}

/// As their segments compare: a dot ends one, so that it comes before all signs.
fn dotted(one: &str, other: &str) -> Ordering {
    let rank = |byte: u8| if byte == b'.' { 0 } else { byte };
    match one.bytes().zip(other.bytes()).find(|(one, other)| one != other) {
        Some((one, other)) => rank(one).cmp(&rank(other)),
        None => one.len().cmp(&other.len()),
    }
}

/// As TOML writes it: `labels."acme.io/owner"`.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        for (i, segment) in self.segments().enumerate() {
            if i > 0 {
                f.write_str(".")?;
            }
            if bare(segment) { f.write_str(segment)? } else { write!(f, "{segment:?}")? }
        }
        Ok(())
    }
}
