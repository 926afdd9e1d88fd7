//! What a Compose file asks of whoever runs it: variables, and files that nobody renders.
//!
//! It is read off the document, after patches, so that nothing can be forgotten where a variable is written.

use std::collections::BTreeMap;

use super::{
    check::variables::{fixed, unset},
    interpolation::{Piece, Unset, pieces},
};
use crate::tree::{Content, Node, Note, Tag};

/// What a Compose file asks for, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    pub variables: BTreeMap<String, Variable>,
    /// By path, as seen from the folder of the Compose file.
    pub files: BTreeMap<String, File>,
}

/// A variable that Compose takes from the shell, or from `.env`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Variable {
    /// Compose stops where it is not set, or empty.
    pub required: bool,
    /// What places take where it is not set, each once, in their order. Empty ones are left out.
    pub defaults: Vec<String>,
    /// Why places ask for it.
    pub notes: Vec<Note>,
}

/// A file that must be there.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// The secret that it holds; none of a file of variables.
    pub secret: Option<String>,
    pub note: Option<Note>,
}

/// Stands for each item of a list.
const ITEM: &str = "*";

/// Everything that a document asks for.
pub fn asked(root: &Node) -> Asked {
    let mut asked = Asked::default();
    asked.walk(&mut Vec::new(), root, None);
    asked
}

impl Asked {
    /// Without what another file asks for in the same way.
    pub fn beyond(mut self, other: &Asked) -> Asked {
        let same = |a: &Variable, b: &Variable| (a.required, &a.defaults) == (b.required, &b.defaults);
        self.variables.retain(|name, variable| !other.variables.get(name).is_some_and(|known| same(variable, known)));
        self.files.retain(|path, _| !other.files.contains_key(path));
        self
    }

    fn walk<'a>(&mut self, path: &mut Vec<&'a str>, node: &'a Node, note: Option<&Note>) {
        // What is taken away asks for nothing.
        if node.tag == Some(Tag::Reset) {
            return;
        }
        let note = node.note.as_ref().or(note);
        match &node.content {
            Content::Map(entries) => {
                self.env_file(path, node, note);
                for (key, child) in entries.iter() {
                    path.push(key);
                    self.walk(path, child, note);
                    path.pop();
                }
            }
            Content::Seq(items) => {
                path.push(ITEM);
                items.iter().for_each(|item| self.walk(path, item, note));
                path.pop();
            }
            Content::Text(text) | Content::Quoted(text) => self.text(path, text, note),
            Content::Null => {
                if let ["services", _, "environment", name] | ["services", _, "build", "args", name] = path[..] {
                    self.variable(name, Unset::Nothing, note);
                }
            }
            Content::Bool(_) | Content::Number(_) => {}
        }
    }

    /// The long form of a file of variables.
    fn env_file(&mut self, path: &[&str], node: &Node, note: Option<&Note>) {
        let required = node.get("required").is_none_or(|required| required.content != Content::Bool(false));
        if let (["services", _, "env_file", ITEM], true) = (path, required) {
            node.get("path").and_then(Node::as_text).into_iter().for_each(|path| self.file(path, None, note));
        }
    }

    fn text(&mut self, path: &[&str], text: &str, note: Option<&Note>) {
        match path {
            ["services", _, "environment", ITEM] | ["services", _, "build", "args", ITEM] if !text.contains('=') => {
                self.variable(text, Unset::Nothing, note);
            }
            ["secrets" | "configs", _, "environment"] => self.variable(text, Unset::Stops(""), note),
            ["secrets", name, "file"] => self.file(text, Some(name), note),
            ["services", _, "env_file"] | ["services", _, "env_file", ITEM] => self.file(text, None, note),
            _ => {}
        }
        self.read(text, note);
    }

    /// The variables of a text; what cannot be read is the business of a rule.
    fn read(&mut self, text: &str, note: Option<&Note>) {
        // Hardly any text has one.
        if !text.contains('$') {
            return;
        }
        for piece in pieces(text).unwrap_or_default() {
            let Piece::Variable(variable) = piece else { continue };
            self.variable(variable.name, variable.unset, note);
            self.read(variable.unset.operand(), note);
        }
    }

    fn variable(&mut self, name: &str, without: Unset<'_>, note: Option<&Note>) {
        let Variable { required, defaults, notes } = self.variables.entry(name.to_owned()).or_default();
        *required |= matches!(without, Unset::Stops(_));
        if let Unset::Default(text) = without {
            let default = unset(text);
            if !default.is_empty() && !defaults.contains(&default) {
                defaults.push(default);
            }
        }
        notes.extend(note.filter(|note| !notes.contains(note)).cloned());
    }

    fn file(&mut self, path: &str, secret: Option<&str>, note: Option<&Note>) {
        // Where a variable decides, nobody knows the path.
        let Some(path) = fixed(path) else { return };
        let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
        let file = File { secret: secret.map(str::to_owned), note: note.cloned() };
        self.files.entry(path).or_insert(file);
    }
}
