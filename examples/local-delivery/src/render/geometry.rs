//! Sizes and rectangles: pure functions of the crop modes.

mod crop;
mod crop_mode;
mod gravity;
mod layout;
mod scale;
mod shapes;

pub use self::crop_mode::CropMode;
pub use self::gravity::{Gravity, Place};
pub use self::layout::layout;
pub use self::shapes::{Layout, Rectangle, Size, Target};
