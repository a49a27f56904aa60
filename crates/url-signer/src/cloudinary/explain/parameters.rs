//! The names of transformation parameters.

const MEANINGS: &[(&str, &str)] = &[
    ("a", "angle"),
    ("ac", "audio codec"),
    ("af", "audio frequency"),
    ("ar", "aspect ratio"),
    ("b", "background"),
    ("bo", "border"),
    ("br", "bit rate"),
    ("c", "crop mode"),
    ("co", "color"),
    ("cs", "color space"),
    ("d", "default image"),
    ("dl", "delay between frames"),
    ("dn", "density"),
    ("dpr", "device pixel ratio"),
    ("du", "duration"),
    ("e", "effect"),
    ("eo", "end offset"),
    ("f", "format"),
    ("fl", "flags"),
    ("fn", "custom function"),
    ("fps", "frames per second"),
    ("g", "gravity"),
    ("h", "height"),
    ("if", "condition"),
    ("ki", "keyframe interval"),
    ("l", "overlay"),
    ("o", "opacity"),
    ("p", "prefix"),
    ("pg", "page"),
    ("q", "quality"),
    ("r", "radius of the corners"),
    ("so", "start offset"),
    ("sp", "streaming profile"),
    ("t", "named transformation"),
    ("u", "underlay"),
    ("vc", "video codec"),
    ("vs", "video sampling"),
    ("w", "width"),
    ("x", "x"),
    ("y", "y"),
    ("z", "zoom"),
];

/// Returns the meaning of a parameter, such as `width` for `w`.
pub(super) fn meaning(name: &str) -> Option<&'static str> {
    MEANINGS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, meaning)| *meaning)
}
