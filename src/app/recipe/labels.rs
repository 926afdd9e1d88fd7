//! Labels of the image, in which build arguments are read.

use std::collections::BTreeMap;

use crate::{
    app::findings::Findings,
    key::Key,
    problem::{Code, near::near},
    profile,
};

/// A part of the value of a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LabelPart {
    Literal(String),
    /// The value of a build argument.
    Arg(String),
}

pub fn labels(
    wanted: BTreeMap<profile::LabelName, profile::LabelValue>,
    args: &BTreeMap<String, String>,
    findings: &mut Findings<'_>,
) -> BTreeMap<String, Vec<LabelPart>> {
    let table = Key::new("build.labels");
    let labels = wanted.into_iter().map(|(name, value)| {
        let parts = parts(&value.0);
        let key = table.child(&name.0);
        for part in &parts {
            let LabelPart::Arg(arg) = part else { continue };
            if !args.contains_key(arg) {
                let help = match near(arg, args.keys().map(String::as_str)) {
                    Some(meant) => format!("did you mean `${{{meant}}}`?"),
                    None => format!("declare it, as in `[build] args = {{ {arg} = \"unknown\" }}`; `$$` is a `$`"),
                };
                let title = format!("there is no build argument `{arg}`");
                findings.value(Code::BadReference, &key, title, "refers to nothing", help);
            }
        }
        (name.0, parts)
    });
    labels.collect()
}

/// Literals and `${NAME}`, in order; what is not closed is a literal.
fn parts(text: &str) -> Vec<LabelPart> {
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        let (before, after) = rest.split_at(at);
        literal.push_str(before);
        let name = after.strip_prefix("${").and_then(|inner| inner.split_once('}'));
        rest = match (after.strip_prefix("$$"), name) {
            (Some(tail), _) => {
                literal.push('$');
                tail
            }
            (None, Some((name, tail))) => {
                parts.extend((!literal.is_empty()).then(|| LabelPart::Literal(std::mem::take(&mut literal))));
                parts.push(LabelPart::Arg(name.to_owned()));
                tail
            }
            (None, None) => {
                literal.push('$');
                &after[1..]
            }
        };
    }
    literal.push_str(rest);
    parts.extend((!literal.is_empty()).then_some(LabelPart::Literal(literal)));
    parts
}
