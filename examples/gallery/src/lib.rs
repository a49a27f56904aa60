//! Pages with the pictures of an image service: an axum router.
//!
//! The gallery shows the images of one user, the eleven URLs of each image as pictures,
//! and a form that uploads a file. The pages are rendered on the server, load nothing from
//! another host, and work without JavaScript.
//!
//! A host implements [`Images`], creates a [`Gallery`] and merges its [`router`]:
//!
//! ```
//! use std::sync::Arc;
//!
//! use axum::Router;
//! use gallery::{Gallery, Images};
//!
//! fn with_gallery<I: Images>(router: Router, gallery: Arc<Gallery<I>>) -> Router {
//!     router.merge(gallery.router())
//! }
//! ```
//!
//! The pages need no login. They are for a host on a loopback address: the gallery rejects
//! requests for another host name, and requests that other sites cause.
//!
//! [`router`]: Gallery::router

#![forbid(unsafe_code)]

mod crop_overlay;
mod detail;
mod error_page;
mod facts;
mod gallery;
mod grid;
mod images;
mod location;
mod page;
mod pictures;
mod routes;
mod upload_form;
mod url_settings;

pub use self::gallery::{Gallery, GallerySettings, SettingsError};
pub use self::images::{Entry, Images, ImagesError, Page};
