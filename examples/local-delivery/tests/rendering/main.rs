//! Plans and rendered images, without HTTP.

mod damaged;
mod delivered;
mod images;
mod memo;
mod plans;
