//! What differs between two readings of the same things, field by field, and what that does to what runs. Pure.
//!
//! Documents are paired by what they are, not by where they stand; items of lists by their key. What means the same is
//! the same, however it is written. What nobody may read is masked here, before any format sees it.

mod compare;
mod documents;
mod hide;
mod impact;
mod keys;
mod pair;
mod quantity;
mod same;
mod secrets;
mod step;
mod tags;
mod yaml;

pub use compare::{Rules, compare};
pub use documents::{Document, Form, documents};
pub use hide::{Hidden, Ignore, scales};
pub use impact::{group, impact};
pub use keys::item_name;
pub use pair::{Pair, pair};
pub use tags::{node, value};
