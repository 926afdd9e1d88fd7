//! A stage while it is written: its instructions, each with its reason.

use super::instruction::Instruction;
use crate::{bundle::Paragraph, key::Key, tree::Note};

pub struct Stage(Paragraph);

impl Stage {
    /// A stage that begins with an image, for a reason.
    pub fn from(image: String, stage: &'static str, reason: impl Into<String>, keys: Vec<Key>) -> Self {
        let lines = Instruction::From { image, stage }.text();
        Stage(Paragraph { name: stage.into(), lines, note: Note::new(reason.into(), keys), below: Vec::new() })
    }

    /// One instruction more, under a name that no other of the stage has.
    pub fn add(
        &mut self,
        name: impl Into<String>,
        instruction: Instruction,
        reason: impl Into<String>,
        keys: Vec<Key>,
    ) {
        let note = Note::new(reason.into(), keys);
        let paragraph = Paragraph { name: name.into(), lines: instruction.text(), note, below: Vec::new() };
        self.0.below.push(paragraph);
    }

    pub fn done(self) -> Paragraph {
        self.0
    }
}
