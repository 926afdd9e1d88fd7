//! The ResourceList: read as values, written as the text that it was wherever nothing changes.
//!
//! Comments and layout of what is not ours stay, as far as the list is written in blocks, as every orchestrator writes it.
//! What is spliced is read once more and compared, so nothing depends on how well the text was understood: where it was
//! not, the list is written anew from its values.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::tree::{Content, Node, Read, Spot, read, write};

const ITEMS: &str = "items";
const CONFIG: &str = "functionConfig";
const RESULTS: &str = "results";

/// An item of the list that goes out.
pub enum Slot {
    /// As it came in, by its place.
    Kept(usize),
    /// In the place of one that came in.
    Replaced(usize, Node),
    New(Node),
}

/// A ResourceList.
pub struct Document<'a> {
    text: &'a str,
    root: Spot,
}

impl<'a> Document<'a> {
    /// Reads a list.
    ///
    /// # Errors
    /// What the text is instead, in words.
    pub fn new(text: &'a str) -> Result<Self, String> {
        if text.trim().is_empty() {
            return Err("standard input is empty, where a ResourceList should be\n\
                        help: kpt, kustomize and others run this; see `render fn --help`"
                .into());
        }
        let root = read(text).map_err(|unreadable| format!("standard input is not YAML: {}", unreadable.why))?;
        let word = |key| root.get(key).and_then(Spot::as_text).unwrap_or_default();
        let (api, kind) = (word("apiVersion"), word("kind"));
        if kind != "ResourceList" || !api.starts_with("config.kubernetes.io/") {
            return Err(format!(
                "standard input is no ResourceList of config.kubernetes.io/v1, but `kind: {kind}` of `{api}`"
            ));
        }
        match root.get(ITEMS).map(|items| &items.value) {
            None | Some(Read::Null | Read::List(_)) => Ok(Document { text, root }),
            Some(_) => Err("`items` of the ResourceList is no list".into()),
        }
    }

    pub fn items(&self) -> &[Spot] {
        match self.root.get(ITEMS).map(|items| &items.value) {
            Some(Read::List(items)) => items,
            _ => &[],
        }
    }

    pub fn config(&self) -> Option<&Spot> {
        self.root.get(CONFIG).filter(|config| config.value != Read::Null)
    }

    /// The functionConfig as a document: as it is written, if that can be cut out.
    pub fn config_text(&self) -> String {
        let Some(config) = self.config() else { return String::new() };
        let value = Value::from(config);
        let cut = self.config_region().map(|range| dedented(&self.text[range]));
        let is_it = |text: &String| read(text).is_ok_and(|root| Value::from(&root) == value);
        cut.filter(is_it).unwrap_or_else(|| write(&Node::from(value), None))
    }

    /// All items as they came in.
    pub fn kept(&self) -> Vec<Slot> {
        (0..self.items().len()).map(Slot::Kept).collect()
    }

    /// The list with these items and results.
    pub fn write(&self, slots: &[Slot], results: Vec<Node>) -> String {
        let value = self.value(slots, &results);
        let spliced = self.splice(slots, &results);
        let is_it = |text: &String| read(text).is_ok_and(|root| Value::from(&root) == value);
        spliced.filter(is_it).unwrap_or_else(|| write(&Node::from(value), None))
    }

    fn value(&self, slots: &[Slot], results: &[Node]) -> Value {
        let mut value = match Value::from(&self.root) {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        let items = self.items();
        let of = |slot: &Slot| match slot {
            Slot::Kept(at) => Value::from(&items[*at]),
            Slot::Replaced(_, node) | Slot::New(node) => Value::from(node),
        };
        value.insert(ITEMS.into(), slots.iter().map(of).collect());
        value.shift_remove(RESULTS);
        if !results.is_empty() {
            value.insert(RESULTS.into(), results.iter().map(Value::from).collect());
        }
        Value::Object(value)
    }

    /// The text with other items; nothing where it is not written in blocks.
    fn splice(&self, slots: &[Slot], results: &[Node]) -> Option<String> {
        let chunks = self.chunks()?;
        let dash = chunks.first().map_or(0, |chunk| chunk.dash);
        let mut items = String::new();
        for slot in slots {
            match slot {
                Slot::Kept(at) => items.push_str(&ended(&self.text[chunks[*at].all.clone()])),
                Slot::Replaced(at, node) => {
                    items.push_str(&self.text[chunks[*at].all.start..chunks[*at].line]);
                    items.push_str(&block(node, dash));
                }
                Slot::New(node) => items.push_str(&block(node, dash)),
            }
        }
        let header = if slots.is_empty() { format!("{ITEMS}: []\n") } else { format!("{ITEMS}:\n") };
        let results = match results {
            [] => String::new(),
            all => write(&one(RESULTS, Node::new(Content::Seq(all.to_vec()))), None),
        };
        let (mut out, mut is_written) = (String::new(), false);
        let regions = self.regions()?;
        out.push_str(&self.text[..regions.first().map_or(self.text.len(), |(_, region)| region.start)]);
        for (name, region) in regions {
            match name {
                RESULTS => {}
                ITEMS => {
                    is_written = true;
                    let top = match chunks.first() {
                        Some(chunk) if !slots.is_empty() => self.text[region.start..chunk.all.start].to_owned(),
                        _ => header.clone(),
                    };
                    out.push_str(&top);
                    out.push_str(&items);
                }
                _ => out.push_str(&ended(&self.text[region])),
            }
        }
        if !is_written {
            out.push_str(&header);
            out.push_str(&items);
        }
        out.push_str(&results);
        Some(out)
    }

    /// The lines of each key of the list, with the comments right above it, in their order.
    fn regions(&self) -> Option<Vec<(&str, Range<usize>)>> {
        let mut keys = Vec::new();
        for (key, _) in self.root.entries() {
            let start = key.at.start;
            if start != line_start(self.text, start) {
                return None;
            }
            keys.push((key.as_text()?, above_comments(self.text, start, 0)));
        }
        let ends = keys.iter().skip(1).map(|(_, start)| *start).chain([self.text.len()]).collect::<Vec<_>>();
        Some(keys.into_iter().zip(ends).map(|((name, start), end)| (name, start..end)).collect())
    }

    /// The lines of each item.
    fn chunks(&self) -> Option<Vec<Chunk>> {
        let items = self.items();
        if items.is_empty() {
            return Some(Vec::new());
        }
        let region = self.regions()?.into_iter().find(|(name, _)| *name == ITEMS)?.1;
        let first_line = line_end(self.text, self.root.entry(ITEMS)?.0.at.start);
        let mut chunks: Vec<Chunk> = Vec::new();
        for item in items {
            let line = line_start(self.text, item.at.start);
            let before = &self.text[line..item.at.start];
            let dash = before.find('-')?;
            if before.trim() != "-"
                || before[..dash].contains('\t')
                || chunks.first().is_some_and(|one| one.dash != dash)
            {
                return None;
            }
            let start = above_comments(self.text, line, first_line);
            if let Some(last) = chunks.last_mut() {
                last.all.end = start;
            }
            chunks.push(Chunk { all: start..region.end, line, dash });
        }
        Some(chunks)
    }

    /// The lines below `functionConfig:`.
    fn config_region(&self) -> Option<Range<usize>> {
        let (key, _) = self.root.entry(CONFIG)?;
        let region = self.regions()?.into_iter().find(|(name, _)| *name == CONFIG)?.1;
        Some(line_end(self.text, key.at.start).min(region.end)..region.end)
    }
}

/// The text of an item.
struct Chunk {
    all: Range<usize>,
    /// Where the line of its dash begins, below its comments.
    line: usize,
    /// How far the dash is indented.
    dash: usize,
}

fn one(key: &'static str, value: Node) -> Node {
    let mut map = Node::map();
    map.set(key, value);
    map
}

/// An item of a list whose dashes are indented so far.
fn block(node: &Node, dash: usize) -> String {
    let text = write(node, None);
    let indent = " ".repeat(dash);
    let mut out = String::new();
    for (at, line) in text.lines().enumerate() {
        let lead = if at == 0 { "- " } else { "  " };
        let line = if line.is_empty() && at > 0 { "\n".to_owned() } else { format!("{indent}{lead}{line}\n") };
        out.push_str(&line);
    }
    out
}

/// Lines without the blanks that all of them begin with.
fn dedented(text: &str) -> String {
    let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let is_content = |line: &&str| !line.trim().is_empty();
    let least = text.lines().filter(is_content).map(blanks).min().unwrap_or(0);
    text.lines().map(|line| format!("{}\n", line.get(least..).unwrap_or_default())).collect()
}

/// A text that ends its last line.
fn ended(text: &str) -> String {
    if text.is_empty() || text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |end| end + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

/// Where the comments right above a line begin, but not before a place.
fn above_comments(text: &str, mut line: usize, first: usize) -> usize {
    while line > first {
        let above = line_start(text, line - 1);
        if above < first || !text[above..line].trim_start().starts_with('#') {
            break;
        }
        line = above;
    }
    line
}
