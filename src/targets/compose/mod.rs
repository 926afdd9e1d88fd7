//! Docker Compose: what Compose's own merge does to every field, and the overrides that follow from it.
//!
//! [`fields`] is the one table. [`merge`](merge::merge) reads it forwards, [`difference`](difference::difference)
//! backwards, [`order`](order::order) from top to bottom.

pub mod difference;
pub mod fields;
pub mod forms;
pub mod merge;
pub mod order;
