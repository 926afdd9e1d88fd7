//! Where a value stands, while a document is walked.

/// A step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    /// An item of a list, by what tells it from the others: `name=app`.
    Item(String),
    /// An item of a list whose items are told apart by their places alone.
    Index(usize),
}

impl Step {
    /// As people read it.
    pub fn shown(&self) -> String {
        match self {
            Step::Key(text) | Step::Item(text) => text.clone(),
            Step::Index(index) => index.to_string(),
        }
    }

    pub fn is_key(&self, name: &str) -> bool {
        matches!(self, Step::Key(key) if key == name)
    }
}

/// The key at a place counted from the end, or nothing where a list has an item.
pub(super) fn key_from_end(at: &[Step], from_end: usize) -> &str {
    match at.iter().nth_back(from_end) {
        Some(Step::Key(key)) => key,
        _ => "",
    }
}

/// A JSON pointer (RFC 6901).
pub(super) fn pointer<'a>(tokens: impl IntoIterator<Item = &'a str>) -> String {
    tokens.into_iter().map(|token| format!("/{}", token.replace('~', "~0").replace('/', "~1"))).collect()
}

/// The tokens of a JSON pointer.
pub(super) fn tokens(pointer: &str) -> impl Iterator<Item = String> {
    pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"))
}
