//! How texts are written into a Dockerfile. No user value reaches it without this.

use super::instruction::Value;

/// A value for `ENV`, `ARG` and `LABEL`, in which `$`, `\` and quotes stand for themselves (Dockerfile reference,
/// "Environment replacement").
pub fn quoted(parts: &[Value]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._/:@+,-".contains(c);
    if let [Value::Literal(text)] = parts
        && !text.is_empty()
        && text.chars().all(plain)
    {
        return text.clone();
    }
    let mut out = String::from("\"");
    for part in parts {
        match part {
            Value::Literal(text) => text.chars().for_each(|c| {
                out.extend(matches!(c, '"' | '\\' | '$').then_some('\\'));
                out.push(c);
            }),
            Value::Arg(name) => out.extend(["${", name, "}"]),
            Value::Path(folders) => out.extend([folders.as_str(), ":$PATH"]),
        }
    }
    out.push('"');
    out
}

/// Words in exec form: JSON, which is taken as it is.
pub fn json(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| serde_json::Value::from(word.as_str()).to_string()).collect();
    format!("[{}]", words.join(", "))
}

/// A path of the project or the image: the schema admits none that a builder would read otherwise.
pub fn path(path: &str) -> String {
    debug_assert!(!path.contains(|c: char| c.is_whitespace() || "$*?[]\\\"'".contains(c)), "{path}");
    path.to_owned()
}
