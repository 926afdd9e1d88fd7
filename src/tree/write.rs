//! The one YAML writer: block style, two spaces, lists indented below their key.
//!
//! It lays out maps, lists, tags and comments; how a scalar or a key is spelled is decided in [`scalar`].

use super::{Content, Name, Node, Note, Tag, scalar};

/// Readers of YAML look for the `:` of a key no further than this many characters (YAML 1.2.2, 7.4.2); a longer key
/// is announced by `?`.
const LONGEST_KEY: usize = 1024;

/// The document as YAML; `explain` turns a note into the text of a comment, `None` leaves notes out. Comments never
/// change what a reader sees, whatever their text.
pub fn write(root: &Node, explain: Option<&dyn Fn(&Note) -> String>) -> String {
    let mut writer = Writer { out: String::new(), explain };
    match &root.content {
        Content::Map(entries) if is_bare(root) => {
            writer.comment_above(root, 0);
            writer.map(entries, 0, false);
        }
        Content::Seq(items) if is_bare(root) => {
            writer.comment_above(root, 0);
            writer.seq(items, 0);
        }
        _ => writer.value(root, 0),
    }
    writer.out
}

/// A map or list with something in it and no tag before it: it may begin on any line.
fn is_bare(node: &Node) -> bool {
    let filled = match &node.content {
        Content::Map(entries) => !entries.is_empty(),
        Content::Seq(items) => !items.is_empty(),
        _ => false,
    };
    filled && node.tag.is_none()
}

struct Writer<'a> {
    out: String,
    explain: Option<&'a dyn Fn(&Note) -> String>,
}

impl Writer<'_> {
    /// `after_dash`: the first key stands on the line of its item.
    fn map(&mut self, entries: &[(Name, Node)], indent: usize, after_dash: bool) {
        for (i, (key, node)) in entries.iter().enumerate() {
            if i > 0 || !after_dash {
                self.indent(indent);
            }
            self.key(key, indent);
            self.value(node, indent + 2);
        }
    }

    fn seq(&mut self, items: &[Node], indent: usize) {
        for item in items {
            match &item.content {
                Content::Map(entries) if is_bare(item) => {
                    // The line of the dash also holds the first key, whose value has a comment of its own.
                    self.comment_above(item, indent);
                    self.indent(indent);
                    self.out.push_str("- ");
                    self.map(entries, indent + 2, true);
                }
                _ => {
                    self.indent(indent);
                    self.out.push('-');
                    self.value(item, indent + 2);
                }
            }
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        let start = self.out.len();
        scalar::push_key(&mut self.out, key);
        if self.out.len() - start > LONGEST_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            self.indent(indent);
        }
        self.out.push(':');
    }

    /// What follows `key:`, `-` or nothing, up to the end of its last line. `indent` is that of the lines below.
    fn value(&mut self, node: &Node, indent: usize) {
        if let Some(tag) = node.tag {
            self.word(match tag {
                Tag::Override => "!override",
                Tag::Reset => "!reset",
            });
        }
        match &node.content {
            Content::Map(entries) if !entries.is_empty() => {
                self.end_line(node);
                self.map(entries, indent, false);
            }
            Content::Seq(items) if !items.is_empty() => {
                self.end_line(node);
                self.seq(items, indent);
            }
            Content::Text(text) if scalar::is_block(text) => self.block(node, text, indent.max(2)),
            _ => {
                self.word("");
                self.scalar(&node.content);
                self.end_line(node);
            }
        }
    }

    fn scalar(&mut self, content: &Content) {
        let out = &mut self.out;
        match content {
            Content::Null => out.push_str("null"),
            Content::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Content::Number(number) => scalar::push(out, number),
            Content::Text(text) => scalar::push_text(out, text),
            Content::Quoted(text) => scalar::push_quoted(out, text),
            Content::Seq(_) => out.push_str("[]"),
            Content::Map(_) => out.push_str("{}"),
        }
    }

    /// A text of several lines that [`scalar::is_block`].
    fn block(&mut self, node: &Node, text: &str, indent: usize) {
        let (header, lines) = text.strip_suffix('\n').map_or(("|-", text), |lines| ("|", lines));
        self.word(header);
        self.end_line(node);
        for line in lines.split('\n') {
            if !line.is_empty() {
                self.indent(indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    /// A word of the current line, which is new only at the start of the document.
    fn word(&mut self, word: &str) {
        if !self.out.is_empty() {
            self.out.push(' ');
        }
        self.out.push_str(word);
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn end_line(&mut self, node: &Node) {
        if let Some(text) = self.comment(node) {
            self.out.push_str("  # ");
            self.out.push_str(&text);
        }
        self.out.push('\n');
    }

    fn comment_above(&mut self, node: &Node, indent: usize) {
        if let Some(text) = self.comment(node) {
            self.indent(indent);
            self.out.push_str("# ");
            self.out.push_str(&text);
            self.out.push('\n');
        }
    }

    fn comment(&self, node: &Node) -> Option<String> {
        let text = one_line(&self.explain?(node.note.as_ref()?));
        (!text.is_empty()).then_some(text)
    }
}

/// A comment ends where any reader sees the end of a line, and what follows would be YAML: no sign that somebody
/// takes for one may be left, nor one that hides what stands there.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_whitespace() => line.push(' '),
            c if scalar::is_invisible(c) => line.extend(c.escape_unicode()),
            c => line.push(c),
        }
    }
    line.trim().to_owned()
}
