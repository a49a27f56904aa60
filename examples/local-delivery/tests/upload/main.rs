//! Uploads.

#[path = "../http/pictures.rs"]
mod pictures;
#[path = "../http/server.rs"]
mod server;

mod form;
mod forms;
mod rejections;
mod webhooks;
