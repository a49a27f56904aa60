//! Sizes and rectangles: pure functions of the crop modes.

mod crop;
mod gravity;
mod layout;
mod mode;
mod scale;
mod shapes;

pub use self::gravity::{Gravity, Place};
pub use self::layout::layout;
pub use self::mode::Mode;
pub use self::shapes::{Layout, Rectangle, Size, Target};
