//! Where a bundle goes. The only module that writes.
