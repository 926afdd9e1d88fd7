//! "Did you mean": the nearest of several names.

/// The name that is most like a misspelt one, if any is like it: about one mistake in three letters. An underscore for
/// a dash, or the other case, is no mistake.
pub(crate) fn near<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace('-', "_");
    let wrong = plain(wrong);
    // Comparing costs the product of the lengths.
    if wrong.len() > 64 {
        return None;
    }
    let distance = |name: &str| strsim::damerau_levenshtein(&wrong, &plain(name));
    let most = |name: &str| 1.max(name.len().min(wrong.len()) / 3);
    // Each letter that one has more is a mistake already; bytes say nothing of letters outside of ASCII.
    let in_reach =
        |name: &&str| !name.is_ascii() || !wrong.is_ascii() || name.len().abs_diff(wrong.len()) <= most(name);
    let candidates = names.into_iter().filter(in_reach).map(|name| (distance(name), name));
    let close = candidates.filter(|(distance, name)| *distance <= most(name));
    close.min().map(|(_, name)| name)
}

/// What to do about a misspelt name: write the one that was meant, or one of those that there are.
pub(crate) fn meant(wrong: &str, names: &[&str]) -> String {
    match near(wrong, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are: {}", names.join(", ")),
    }
}
