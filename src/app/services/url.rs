//! The URL of a service, out of its parts.

use super::{
    Backing, Field,
    facts::{Database, User},
};
use crate::app::Part;

impl Backing {
    /// What its URL is made of. Empty: it has none.
    ///
    /// No target can percent-encode what stands in it, so names and passwords hold nothing that would need it.
    pub fn url(&self) -> Vec<Part> {
        let Some(url) = &self.facts().url else { return Vec::new() };
        let field = |field| Part::Service { service: self.name().to_owned(), field };
        let text = |text: &str| Part::Literal(text.to_owned());
        let mut parts = vec![text(self.driver.as_deref().unwrap_or(url.schemes[0])), text("://")];
        if matches!(url.user, User::App | User::Fixed(_)) {
            parts.extend([field(Field::User), text(":"), field(Field::Password), text("@")]);
        }
        parts.extend([field(Field::Host), text(":"), field(Field::Port)]);
        if url.database != Database::None {
            parts.extend([text("/"), field(Field::Name)]);
        }
        parts.push(text(url.query));
        parts
    }
}
