//! The eleven pictures of an image, computed from the table of transformations of the
//! recorded service and the provider's documentation of the modes.
//!
//! This code shares nothing with the renderer: it maps points, and has no pixels.

/// A step of a transformation.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// `c_crop` with the upper left corner and the size.
    Crop {
        x: f64,
        y: f64,
        width: f64,
        height: f64,
    },
    /// `a_90`: a quarter turn clockwise.
    QuarterTurn,
    /// `c_fit` with a limit of the width and of the height. It enlarges.
    Fit { width: f64, height: f64 },
    /// `c_fill` with a square, around the center.
    Fill { side: f64 },
}

/// Returns the name and the steps of each of the eleven pictures of an image that is
/// cropped and rotated by 90 degrees.
pub(crate) fn pictures(crop: Step) -> [(&'static str, Vec<Step>); 11] {
    use Step::{Fill, Fit, QuarterTurn};
    let box_of = |side| Fit {
        width: side,
        height: side,
    };
    let full = [crop, box_of(1_920.0), QuarterTurn];
    let large = [&full[..], &[Fill { side: 200.0 }]].concat();
    let mini = [&full[..], &[Fill { side: 100.0 }]].concat();
    let width_300 = Fit {
        width: 300.0,
        height: f64::INFINITY,
    };
    [
        ("original_url", vec![]),
        ("external_urls.fill100", vec![crop, QuarterTurn, width_300]),
        (
            "external_urls.fit2000",
            vec![crop, QuarterTurn, box_of(2_000.0)],
        ),
        ("external_urls.mini", mini.clone()),
        ("external_urls.large", large.clone()),
        ("external_urls.full", full.to_vec()),
        ("thumbnails.original", vec![]),
        ("thumbnails.full_no_sharinpix", vec![box_of(1_920.0)]),
        ("thumbnails.full", full.to_vec()),
        ("thumbnails.large", large),
        ("thumbnails.mini", mini),
    ]
}

/// Returns the size after the steps, in whole pixels.
pub(crate) fn size(original: (u32, u32), steps: &[Step]) -> (f64, f64) {
    let size = (f64::from(original.0), f64::from(original.1));
    steps.iter().fold(size, |size, step| step.size(size))
}

/// Returns the point of the original that a point after the steps shows.
pub(crate) fn source(original: (u32, u32), steps: &[Step], point: (f64, f64)) -> (f64, f64) {
    let Some((last, before)) = steps.split_last() else {
        return point;
    };
    let point = last.source(size(original, before), point);
    source(original, before, point)
}

impl Step {
    fn size(self, (width, height): (f64, f64)) -> (f64, f64) {
        match self {
            Self::Crop { width, height, .. } => (width, height),
            Self::QuarterTurn => (height, width),
            Self::Fit {
                width: most_width,
                height: most_height,
            } => {
                let scale = (most_width / width).min(most_height / height);
                ((width * scale).round(), (height * scale).round())
            }
            Self::Fill { side } => (side, side),
        }
    }

    /// Returns the point before this step. `size` is the size before it.
    fn source(self, size: (f64, f64), (x, y): (f64, f64)) -> (f64, f64) {
        let (width, height) = size;
        match self {
            Self::Crop {
                x: left, y: top, ..
            } => (left + x, top + y),
            // The lower left corner becomes the upper left one.
            Self::QuarterTurn => (y, height - x),
            Self::Fit { .. } => {
                let (new_width, new_height) = self.size(size);
                (x * width / new_width, y * height / new_height)
            }
            Self::Fill { side } => {
                let visible = width.min(height);
                let scale = visible / side;
                let (left, top) = ((width - visible) / 2.0, (height - visible) / 2.0);
                (left + x * scale, top + y * scale)
            }
        }
    }
}
