//! The image sync endpoint in four web frameworks. Each module contains the whole
//! endpoint; [`app`] contains the parts that the framework does not affect.

pub mod app;
pub mod with_actix_web;
pub mod with_axum;
pub mod with_hyper;
pub mod with_poem;
