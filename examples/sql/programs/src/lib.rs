//! The parts of the programs that run SQL with signed Cloudinary URLs:
//! `image-sync-sql`, `image-sync-scheduler` and `image-sync-executor`.

#![forbid(unsafe_code)]

pub mod arguments;
pub mod generated;
pub mod key_check;
pub mod logging;
pub mod output;
pub mod process;
pub mod progress;
pub mod query;
pub mod report;
pub mod session;
pub mod stores;
pub mod tables;
