//! Objects as templates of a Helm chart: what the profile says stays what it says.

use crate::{
    app::{App, Jobs},
    key::Key,
    targets::object::Object,
    tree::{Content, Node, Note},
};

/// Escapes the texts of all objects. Before patches are applied: who writes a template there means one.
pub fn escape(app: &App, objects: &mut [Object]) {
    let is_template = app.k8s.jobs == Jobs::Helm;
    objects.iter_mut().for_each(|object| escape_below(&mut object.root, None, is_template));
}

/// `around` speaks for a node that has no note of its own. What would be escaped for Helm says so for others, too.
fn escape_below(node: &mut Node, around: Option<&Note>, is_template: bool) {
    let speaks = node.note.as_ref().or(around);
    let is_told = match &mut node.content {
        Content::Map(entries) => {
            entries.iter_mut().for_each(|(_, node)| escape_below(node, speaks, is_template));
            false
        }
        Content::Seq(items) => {
            let any = items.iter().any(|item| item.as_text().is_some_and(has_template));
            items.iter_mut().for_each(|node| escape_below(node, speaks, is_template));
            any
        }
        Content::Text(text) if has_template(text) => {
            if is_template {
                *text = template(text);
            }
            true
        }
        _ => false,
    };
    if is_told {
        node.note = speaks.map(|note| told(note, is_template));
    }
}

fn told(Note { reason, keys }: &Note, is_template: bool) -> Note {
    let keys = keys.iter().cloned().chain([Key::new("k8s.jobs")]).collect();
    match is_template {
        true => Note::new(format!("{reason}; braces are escaped, as Helm reads a template"), keys),
        false => Note::new(reason.clone(), keys),
    }
}

fn has_template(text: &str) -> bool {
    // Hardly any text has one, and looking for one byte is quick.
    text.contains('{') && text.contains("{{")
}

/// A text that Helm makes the same text of: where a template would begin, one stands that writes two braces (Go,
/// `text/template`).
fn template(text: &str) -> String {
    text.replace("{{", "{{`{{`}}")
}
