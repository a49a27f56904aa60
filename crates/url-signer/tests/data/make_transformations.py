"""Prints transformations as the official SDK for Python writes them, one JSON
object a line: `options` are the SDK's own.

    python3 -m venv venv && venv/bin/pip install cloudinary==1.46.0
    venv/bin/python make_transformations.py > transformations.jsonl

What depends on chance is drawn with a fixed seed. Options whose text could not
stand in a URL as it is are left out. Made with Python 3.11.
"""

import copy
import json
import random
import re

from cloudinary.utils import generate_transformation_string

RANDOM = random.Random(20240607)
STANDS = re.compile(r"[!$%&'()*+\-.:;=@A-Z\[\]^_a-z~0-9,/]*\Z")

CROPS = ["scale", "fit", "limit", "mfit", "fill", "lfill", "fill_pad", "pad", "lpad", "mpad",
         "crop", "thumb", "auto", "auto_pad", "imagga_scale"]
GRAVITIES = ["north_west", "north", "north_east", "west", "center", "east", "south_west",
             "south", "south_east", "xy_center", "face", "face:center", "face:auto", "faces",
             "faces:center", "faces:auto", "body", "adv_face", "adv_faces", "adv_eyes",
             "ocr_text", "custom", "custom:face", "custom:faces", "custom:adv_face",
             "custom:adv_faces", "auto", "liquid", "auto:classic", "auto:subject",
             "auto:face:classic", "auto:faces", "auto:no_faces", "auto:cat_30:faces_avoid",
             "auto:custom_no_override:none", "cat"]
LENGTHS = [0, 1, 100, 1920, 0.5, 1.5, 2.25, "auto", "iw", "ih * 2", "width / 2", "$size + 10",
           "initial_width - $a_b", "auto:100:400"]
PLACES = [0, 10, -10, 0.25, -0.5, "iw * 0.5", "-$dx", "page_x"]
COLORS = ["red", "gray20", "#fff", "#ff8c", "#00390b", "#00390B80", "rgb:abc", "$color"]
VALUES = {
    "crop": CROPS,
    "width": LENGTHS,
    "height": LENGTHS,
    "size": ["100x200", "1x1"],
    "aspect_ratio": ["16:9", "1:1", 1.5, 2, "auto", "ar * 2", "iar"],
    "x": PLACES,
    "y": PLACES,
    "zoom": [0.7, 2, 1.25, "$z"],
    "gravity": GRAVITIES,
    "angle": [90, -20, 45, "auto_right", "auto_left", "ignore", "vflip", "hflip",
              ["hflip", 20], ["auto_right", "vflip", -5], "$turn"],
    "radius": [0, 20, "max", [10], [10, 20], [10, 20, 30], [10, 20, 30, 40], ["$r", "0"],
               "$r * 2", 1.5],
    "quality": [1, 80, 100, "auto", "auto:best", "auto:good", "auto:eco", "auto:low", "jpegmini",
                "jpegmini:0", "jpegmini:1", "jpegmini:2", "70:420", "90:444", "$q", "60:qmax_80"],
    "dpr": ["auto", 1, 2, 1.5, 3],
    "fetch_format": ["auto", "avif", "bmp", "gif", "heic", "ico", "jp2", "jpg", "jxl", "pdf",
                     "png", "svg", "tiff", "webp", "wdp"],
    "effect": ["sepia", "sepia:50", ["sepia", 80], ["shadow", -20], ["outline", 15, 200],
               "grayscale", "art:zorro", "blur:300", "brightness:-30", "pixelate_faces:15",
               "gen_remove:prompt_a%20cat", "trim:10", ["distort", 40, 25, 280, 60],
               "tint:100:red:0p:blue", "background_removal", "make_transparent:10", "gamma:$g",
               "replace_color:maroon:80:2b38aa", "bgremoval:screen", "theme:color_black:photosensitivity_110",
               "brand-new_one:1.5", ["vignette", 0.5]],
    "opacity": [0, 30, 100, "$o / 2"],
    "border": [{"width": 4, "color": "red"}, {"width": 1, "color": "#00390b"},
               {"width": 2, "color": "#0039"}, "4px_solid_red", "1px_solid_rgb:fff",
               {"color": "blue"}, {}],
    "background": COLORS + ["auto", "auto:border", "auto:predominant", "auto:border_contrast",
                            "auto:predominant_contrast", "auto:border_gradient",
                            "auto:predominant_gradient", "blurred", "blurred:400:15",
                            "blurred:100:-30", "gen_fill", "gen_fill:prompt_a%20hill"],
    "color": COLORS,
    "flags": ["attachment", "progressive", ["lossy", "strip_profile"], "keep_iptc",
              ["layer_apply", "no_overflow", "relative"], "attachment:photo", "attachment:My%20photo",
              ["any_format", "animated", "apng", "awebp", "c2pa"],
              ["clip", "clip_evenodd", "cutter", "force_icc", "force_strip"],
              ["getinfo", "group4", "ignore_aspect_ratio", "ignore_mask_channels"],
              ["immutable_cache", "keep_attribution", "original", "png8", "png24", "png32"],
              ["preserve_transparency", "rasterize", "region_relative", "replace_image"],
              ["sanitize", "text_disallow_overflow", "text_no_trim", "tiff8_lzw", "tiled"],
              "tiff8_lzw", "brand_new"],
    "overlay": None,
    "underlay": None,
    "transformation": ["square", ["square", "sepia"], ["a-b", "c_d", "e"]],
    "page": [1, 2, "1-3", "1-3;5", "2;4", "name:layer", "$p"],
    "density": [72, 400, "$d"],
    "default_image": ["avatar.png", "brand:avatar.png"],
    "color_space": ["srgb", "srgb:truecolor", "tinysrgb", "cmyk", "no_cmyk", "keep_cmyk", "copy",
                    "icc:brand:print.icc", "new"],
    "delay": [20, 200],
    "if": ["end", "else", "width > 100", "w_gt_100_and_ar_lte_1.5"],
    "variables": [[["$a", 1]], [["$a", 1], ["$b", "$a * 2"]], [["$name", "!text!"]]],
    "$foo": [10, -1, 0.5, "!text!", "!a_b:c!", "!a%20b!", "$bar", "$bar * 2", "width / 3", "fc"],
    "$a1": [1, "!x!", "$foo_mul_$bar"],
    "$B": [0, "initial_aspect_ratio", "!aspect_ratio!"],
    "start_offset": [2, "auto", 1.5],
    "video_codec": ["auto", "vp9"],
    "prefix": ["a"],
}

TEXTS = ["Hello", "Hello, World", "Hello, World/…", "a/b,c", "50% off & more?", "#1: a=b+c",
         "$(name)", "Hi $(name), $(a1)/$(a_b)!", "$(a)", "$(1a)", "$($(ab))", "$(a b)", "$(ab",
         "line\nline", "\ttab", "日本語", "é 😀", "%20", "%2C", "%252C", "\"q\" 'q' `q`", "\\", "<>|{}[]^~*",
         "a_b.c-d:e", " ", "$", "(", "v12", "..", "//", "__", "$(ab)$(cd)ef"]
PIECES = ["a", "Zz", "9", " ", ",", "/", "%", "$", "$(", ")", "(", "$(ab)", "$(a_1)", "é", "日", ":",
          "_", ".", "-", "\n", "&", "+", "%2C", "%2F", "😀", "!", "~", "'", "*", "="]
STYLES = {
    "font_weight": ["normal", "bold", "thin", "light", "medium", "black"],
    "font_style": ["normal", "italic"],
    "text_decoration": ["none", "underline", "strikethrough"],
    "text_align": ["left", "center", "right", "start", "end", "justify"],
    "stroke": ["none", "stroke"],
    "letter_spacing": [4, -2, 1.5],
    "line_spacing": [10, -3, 0.5],
    "font_antialiasing": ["none", "gray", "subpixel", "fast", "good", "best"],
    "font_hinting": ["none", "slight", "medium", "full"],
}
FONTS = ["Arial", "Open%20Sans", "Roboto", "authenticated:brand.ttf", "my_font-1.otf"]
URLS = ["https://example.com/a.jpg", "http://cloudinary.com/images/old_logo.png",
        "https://example.com/a%20b.jpg?x=1&y=2#z", "https://example.com/a/b/c", "ftp://example.com/a",
        "https://example.com/~a/?q=>>>???", "https://example.com/é.jpg", "s3://bucket/a.png"]
LAYERS = [
    {"public_id": "logo"},
    {"public_id": "folder/deep/logo"},
    {"public_id": "folder/logo", "format": "png"},
    {"public_id": "a-b_c.d", "resource_type": "image", "type": "upload"},
    {"public_id": "logo", "type": "private"},
    {"public_id": "folder/logo", "type": "authenticated", "format": "webp"},
    {"public_id": "dog", "resource_type": "video"},
    {"public_id": "pets/dog", "resource_type": "video", "type": "authenticated"},
    {"public_id": "a%20b"},
    {"public_id": "style", "resource_type": "text"},
    {"public_id": "folder/style", "resource_type": "text", "type": "private"},
    {"public_id": "folder/style", "text": "Hello, World"},
    {"public_id": "style", "type": "authenticated", "text": "$(name)"},
    "logo",
    "folder:logo",
    "text:Arial_20:a%252Cb",
    "lut:iwltbap_aspen.3dl",
    "subtitles:a.srt",
]

WORDS = ["width", "height", "aspect_ratio", "aspectRatio", "initial_width", "initialHeight",
         "initial_aspect_ratio", "trimmed_aspect_ratio", "trimmedAspectRatio", "current_page",
         "face_count", "faceCount", "page_count", "pageCount", "page_x", "pageY", "tags", "duration",
         "initial_duration", "illustration_score", "illustrationScore", "context", "ctx:!key!",
         "context:!width!", "md:!id!", "w", "h", "ar", "iw", "fc", "$foo", "$width", "$my_width",
         "$__x", "$_height", "widths", "mywidth", "myWidth1", ":width", "!tag!", "!a_b!", "!width!",
         "100", "1.5", "-5", "0", "$foo:$bar", "in", "nin", "tags_in", "_", "__", "current_pages"]
SIGNS = ["=", "!=", "<", ">", "<=", ">=", "&&", "||", "*", "/", "+", "-", "^", "eq", "ne", "lt",
         "gt", "lte", "gte", "and", "or", "mul", "div", "add", "sub", "mod", "pow", "in", "nin"]
SPACES = [" ", " ", " ", "_", "  ", "__", "_ ", ""]
EXPRESSIONS = [
    "width > 100 && aspect_ratio <= 1.5", "w_gt_100_and_ar_lte_1.5", "!a!_in_tags",
    "!my_tag:other!_in_tags_and_fc_gt_0", "$foo_eq_!x!", "width * 2 + height / 3 - 1 ^ 2",
    "width = 0 && height != 0 || aspectRatio < 1 && pageCount > 2", "$width > 10", "$my_width > 10",
    "$__width * 10", "initial_width >= initial_height", "illustration_score > 0.5",
    "ctx:!productType!_eq_!shoes!", "context:!width!_eq_1", "width_mul_2", "!width!", "!a!",
    "preset:width", "$height:width > 1", "faceCount_gt_2", "w mod 2 = 0", "a__b", " width ", "_",
    "=_", "-_w", "trimmed_aspect_ratio <= 2", "widthheight", "tags_tags", "!a!_=_!b!", "!!!",
]


def expression():
    parts = []
    for index in range(RANDOM.randint(1, 5)):
        if index:
            parts += [RANDOM.choice(SPACES), RANDOM.choice(SIGNS), RANDOM.choice(SPACES)]
        parts.append(RANDOM.choice(WORDS))
    return "".join(parts)


def style(chosen):
    layer = {"font_family": RANDOM.choice(FONTS), "font_size": RANDOM.choice([8, 20, 100])}
    for name in chosen:
        layer[name] = RANDOM.choice(STYLES[name])
    return layer


def text_layer():
    chosen = RANDOM.sample(sorted(STYLES), RANDOM.randint(0, 4))
    text = "".join(RANDOM.choice(PIECES) for _ in range(RANDOM.randint(1, 8)))
    return {**style(chosen), "text": text}


def layer():
    kind = RANDOM.randrange(3)
    if kind == 0:
        return RANDOM.choice(LAYERS)
    return text_layer() if kind == 1 else {"url": RANDOM.choice(URLS)}


def step():
    names = [name for name in VALUES if name not in ("transformation", "size", "variables")]
    options = {}
    for name in RANDOM.sample(names, RANDOM.randint(1, 9)):
        options[name] = RANDOM.choice(VALUES[name]) if VALUES[name] else layer()
    return options


def cases():
    for name, values in VALUES.items():
        for value in values or LAYERS:
            yield {name: value}
    for text in TEXTS:
        yield {"overlay": {"text": text, "font_family": "Arial", "font_size": 20}}
    for name, values in STYLES.items():
        for value in values:
            yield {"overlay": {**style([]), name: value, "text": "a"}}
    yield {"underlay": {**style(STYLES), "text": "all"}}
    for url in URLS:
        yield {"overlay": {"url": url}}
        yield {"underlay": "fetch:" + url}
        yield {"overlay": {"url": url, "resource_type": "video"}}
    for text in EXPRESSIONS:
        for name in ["if", "width", "x", "$foo"]:
            yield {name: text}
    for _ in range(400):
        yield {"if": expression()}
    for _ in range(150):
        yield {"overlay": text_layer()}
    for _ in range(300):
        yield step()
    for _ in range(150):
        yield {"transformation": [step() for _ in range(RANDOM.randint(1, 4))]}
    for _ in range(20):
        yield {**step(), "transformation": [step(), {"transformation": "named"}]}
    yield {"transformation": [
        {"if": "fc > 1"}, {"effect": "sepia"}, {"if": "else"}, {"angle": 90}, {"if": "end"},
    ]}
    yield {"transformation": [
        {"overlay": {"public_id": "logo"}, "width": 50}, {"effect": "grayscale"},
        {"flags": "layer_apply", "gravity": "south_east", "x": 10, "y": 10},
    ]}


seen = set()
for options in cases():
    # The SDK changes what it is given.
    transformation = generate_transformation_string(**copy.deepcopy(options))[0]
    line = json.dumps({"options": options, "transformation": transformation}, ensure_ascii=False)
    if line not in seen and transformation and STANDS.match(transformation):
        # A sign that is no operator may have left a `/` where no step ends.
        if set(options) == {"if"} and "/" in transformation:
            continue
        seen.add(line)
        print(line)
