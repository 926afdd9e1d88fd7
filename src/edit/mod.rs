//! An edit of a profile's text: which key is meant, and the bytes that change. Comments, order and layout stay.

mod images;
mod splice;

pub use images::{Named, Unknown, images, meant, name};
pub use splice::{Blocked, Edit, set};
