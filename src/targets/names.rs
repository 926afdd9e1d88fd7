//! Names that are made of others, each unlike those before it.

use std::collections::BTreeMap;

/// Names that are taken, each with the number that the next of that name would get.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, usize>);

impl Names {
    /// A name that is not taken: this one, or with a number.
    pub fn unique(&mut self, plain: &str) -> String {
        let Some(next) = self.0.get(plain).copied() else {
            self.0.insert(plain.to_owned(), 2);
            return plain.to_owned();
        };
        let free = |number: &usize| !self.0.contains_key(&format!("{plain}-{number}"));
        let number = (next..).find(free).expect("numbers do not end");
        let name = format!("{plain}-{number}");
        self.0.insert(plain.to_owned(), number + 1);
        self.0.insert(name.clone(), 2);
        name
    }

    /// A name out of the path of a file, of letters, digits, `-`, `_` and `.`: what a key of a ConfigMap and the name of a
    /// Compose config can be (Kubernetes, `IsConfigMapKey`; Compose specification, `configs`).
    pub fn of_file(&mut self, path: &str) -> String {
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let plain: String = path.chars().map(|c| if fits(c) { c } else { '-' }).take(200).collect();
        let plain = plain.trim_matches(['-', '.']);
        self.unique(if plain.is_empty() { "file" } else { plain })
    }
}
