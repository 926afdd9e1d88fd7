//! What we decided: complete, valid, and free of any target.

/// The app.
#[derive(Debug, Clone)]
pub struct App {}
