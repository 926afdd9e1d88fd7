//! How Kubernetes and Compose expand what they read: models of both, as small as they can be and still be right.

/// `$(NAME)` as kubelet expands it in variables, commands and arguments (Kubernetes,
/// `third_party/forked/golang/expansion/expand.go`). What is not known stays as it is.
pub fn kubelet(input: &str, env: &[(String, String)]) -> String {
    let mut out = String::new();
    let mut rest = input;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = match after.chars().next() {
            None => {
                out.push('$');
                after
            }
            Some('$') => {
                out.push('$');
                &after[1..]
            }
            Some('(') => match after.find(')') {
                Some(end) => {
                    let name = &after[1..end];
                    let value = env.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
                    out.push_str(&value.unwrap_or_else(|| format!("$({name})")));
                    &after[end + 1..]
                }
                None => {
                    out.push_str("$(");
                    &after[1..]
                }
            },
            Some(c) => {
                out.push('$');
                out.push(c);
                &after[c.len_utf8()..]
            }
        };
    }
    out + rest
}

/// `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?message}` and the like as Compose interpolates them (compose-go,
/// `template/template.go`).
///
/// # Errors
///
/// What Compose stops at: a reference that is none, or a required variable without a value.
pub fn compose(input: &str, vars: &[(&str, &str)]) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = input;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        rest = match after.chars().next() {
            Some('$') => {
                out.push('$');
                &after[1..]
            }
            Some('{') => {
                // The pattern is greedy; what it takes is cut where the braces balance, if they do.
                let line = after.split('\n').next().unwrap_or_default();
                let end = closing(after).or_else(|| line.rfind('}')).ok_or("invalid interpolation format")?;
                out.push_str(&braced(&after[1..end], vars)?);
                &after[end + 1..]
            }
            Some(_) if name(after) > 0 => {
                let (name, after) = after.split_at(name(after));
                out.push_str(value(name, vars).unwrap_or_default());
                after
            }
            _ => {
                out.push('$');
                after
            }
        };
    }
    Ok(out + rest)
}

/// The brace that closes the first one; only references open further ones.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    let mut at = 1;
    while at < text.len() {
        if text[at..].starts_with("${") {
            open += 1;
            at += 1;
        } else if text[at..].starts_with('}') {
            open -= 1;
            if open == 0 {
                return Some(at);
            }
        }
        at += text[at..].chars().next()?.len_utf8();
    }
    None
}

fn braced(inner: &str, vars: &[(&str, &str)]) -> Result<String, String> {
    let invalid = || "invalid interpolation format".to_owned();
    let (name, rest) = inner.split_at(name(inner));
    // The pattern's `.` is any character of the line.
    if name.is_empty() || rest.contains('\n') {
        return Err(invalid());
    }
    let value = value(name, vars);
    let (filled, rest) = match rest.strip_prefix(':') {
        Some(rest) => (value.filter(|value| !value.is_empty()), rest),
        None if rest.is_empty() => return Ok(value.unwrap_or_default().into()),
        None => (value, rest),
    };
    let word = compose(rest.get(1..).unwrap_or_default(), vars)?;
    match rest.chars().next() {
        Some('-') => Ok(filled.map_or(word, str::to_owned)),
        Some('+') => Ok(filled.map_or(String::new(), |_| word)),
        Some('?') => filled.map(str::to_owned).ok_or(format!("{name} is missing a value: {word}")),
        _ => Err(invalid()),
    }
}

/// The length of the name that a text starts with.
fn name(text: &str) -> usize {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    if !text.starts_with(first) {
        return 0;
    }
    text.find(|c: char| !first(c) && !c.is_ascii_digit()).unwrap_or(text.len())
}

fn value<'a>(name: &str, vars: &[(&str, &'a str)]) -> Option<&'a str> {
    vars.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
}

#[test]
fn kubelet_is_as_kubernetes_tests_it() {
    let env = [("VAR_A", "A"), ("VAR_B", "B"), ("VAR_EMPTY", ""), ("VAR_REF", "$(VAR_A)")];
    let env: Vec<_> = env.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    // Rows of `expand_test.go`.
    for (input, expanded) in [
        ("$(VAR_A)", "A"),
        ("___$(VAR_B)___", "___B___"),
        ("$(VAR_REF)", "$(VAR_A)"),
        ("$$(VAR_A)", "$(VAR_A)"),
        ("$$$(VAR_A)", "$A"),
        ("$$$$(VAR_A)", "$$(VAR_A)"),
        ("f000-$(VAR_EMPTY)", "f000-"),
        ("$(DOES_NOT_EXIST)", "$(DOES_NOT_EXIST)"),
        ("$(VAR_A", "$(VAR_A"),
        ("$?_boo_$!(VAR_A)", "$?_boo_$!(VAR_A)"),
        ("foo$", "foo$"),
        ("$$", "$"),
        ("\n$(VAR_A)\\", "\nA\\"),
    ] {
        assert_eq!(kubelet(input, &env), expanded, "{input}");
    }
}

#[test]
fn compose_is_as_docker_compose_2_40_does_it() {
    let vars = [("A", "va"), ("B", "v$b"), ("E", "")];
    for (input, expanded) in [
        ("${N:-a$$b}", "a$b"),
        ("${N:-a:?b}", "a:?b"),
        ("${N:-a-b?c+d}", "a-b?c+d"),
        ("${N:-a{b}", "a{b"),
        ("${N:-d}}", "d}"),
        ("${N:-}", ""),
        ("${N:-$${B}", "${B"),
        ("${A:?set A in .env}$${x} ${B:?set}", "va${x} v$b"),
        ("$$${A:?m}\n}$$", "$va\n}$"),
        ("x$$(A) $$$$ $1 100$", "x$(A) $$ $1 100$"),
        ("{${A:?m}} {$${A}} {${E:-}}", "{va} {${A}} {}"),
    ] {
        assert_eq!(compose(input, &vars).as_deref(), Ok(expanded), "{input}");
    }
    for refused in ["${N:-a\nb}", "${E:?set E in .env}", "${A:?m} ${N:?set N}", "${}", "${A"] {
        assert!(compose(refused, &vars).is_err(), "{refused}");
    }
}
