//! The lines that `make_sizes.py` prints.

use local_delivery::named::NamedTransformations;
use local_delivery::render::geometry::{Layout, Rectangle, Size};
use local_delivery::render::{Hints, Limits, Plan, RenderError};
use serde_json::Value;
use url_signer::cloudinary::Transformation;

/// Returns the layouts of a transformation without limits of size.
pub(crate) fn layouts(transformation: &str, image: Size) -> Result<Vec<Layout>, RenderError> {
    let limits = Limits {
        side: u32::MAX,
        output_pixels: u64::MAX,
        ..Limits::default()
    };
    let plan = Plan::new(
        &Transformation::verbatim(transformation).unwrap(),
        &NamedTransformations::default(),
        &Hints::default(),
        &limits,
    );
    let plan = plan.unwrap_or_else(|error| panic!("{transformation}: {error}"));
    plan.layouts(image, &limits)
}

fn pair(value: &Value) -> Option<(u32, u32)> {
    let number = |index: usize| value.get(index)?.as_u64()?.try_into().ok();
    Some((number(0)?, number(1)?))
}

/// Checks the lines, and returns their number.
pub(crate) fn check_lines(lines: &str) -> usize {
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (width, height) = pair(&case["image"]).unwrap();
        let transformation = case["t"].as_str().unwrap();
        let result = layouts(transformation, Size::new(width, height));
        let Some(size) = pair(&case["size"]) else {
            assert_eq!(result, Err(RenderError::Empty), "{line}");
            continue;
        };
        let result = result.unwrap_or_else(|error| panic!("{line}: {error}"));
        let [layout] = result.as_slice() else {
            panic!("{line}: {result:?}");
        };
        assert_eq!((layout.canvas.width, layout.canvas.height), size, "{line}");
        let inner = pair(&case["inner"]).unwrap_or(size);
        assert_eq!((layout.inner.width, layout.inner.height), inner, "{line}");
        let at = pair(&case["at"]).unwrap_or((0, 0));
        assert_eq!(layout.offset, at, "{line}");
        let part: Vec<f64> = serde_json::from_value(case["part"].clone()).unwrap();
        let Rectangle {
            left,
            top,
            width,
            height,
        } = layout.source;
        for (actual, expected) in [left, top, width, height].into_iter().zip(part) {
            assert!((actual - expected).abs() < 2e-6, "{line}: {layout:?}");
        }
    }
    lines.lines().count()
}
