"""Sizes and rectangles of the crop modes, computed with fractions.

The rules are those of README.md in this folder, not those of the Rust code.

    python3 make_sizes.py --all      every case, to standard output
    python3 make_sizes.py --sample   the cases of sizes.jsonl, to standard output
"""

import itertools
import json
import sys
from fractions import Fraction as F
from math import floor

HALF = F(1, 2)

COMPASS = {
    "north_west": (0, 0),
    "north": (HALF, 0),
    "north_east": (1, 0),
    "west": (0, HALF),
    "center": (HALF, HALF),
    "east": (1, HALF),
    "south_west": (0, 1),
    "south": (HALF, 1),
    "south_east": (1, 1),
}

# Modes that remove parts of the image, and modes that add space around it.
CROP_FAMILY = {"crop", "fill", "lfill", "thumb", "fill_pad"}
PAD_FAMILY = {"pad", "lpad", "mpad"}


def to_pixels(value):
    """The nearest integer; halves up; at least one pixel."""
    return max(1, floor(value + HALF))


def number(text):
    """A length is a number of pixels without a point, a fraction of the image with one."""
    return F(text), "." in text


def requested(parameters, image):
    """The requested width and height, or None."""
    width, height = image
    density = F(parameters.get("dpr", "1"))

    def side(name, full):
        if name not in parameters:
            return None
        text = parameters[name]
        if text == "iw":
            return F(width) * density
        if text == "ih":
            return F(height) * density
        value, is_fraction = number(text)
        return (value * full if is_fraction else value) * density

    w, h = side("w", width), side("h", height)
    if "ar" in parameters:
        a, _, b = parameters["ar"].partition(":")
        ratio = F(a) / F(b or 1)
        mode = parameters["c"]
        if w is not None and h is None:
            h = w / ratio
        elif h is not None and w is None:
            w = h * ratio
        elif w is None and h is None:
            inside = (min(F(width), height * ratio), min(F(height), width / ratio))
            around = (max(F(width), height * ratio), max(F(height), width / ratio))
            if mode in CROP_FAMILY:
                w, h = inside
            elif mode in PAD_FAMILY:
                w, h = around
            elif mode == "scale":
                w, h = F(width), width / ratio
    return (
        None if w is None else to_pixels(w),
        None if h is None else to_pixels(h),
    )


def offset_of(parameters, name, full):
    if name not in parameters:
        return None
    value, is_fraction = number(parameters[name])
    return (value * full if is_fraction else value) * F(parameters.get("dpr", "1"))


def inward(position, offset, place):
    """An offset leads away from the edge of the gravity."""
    if offset is None:
        return position
    return position - offset if place == 1 else position + offset


def clamp(value, low, high):
    return max(low, min(value, high))


def crop(parameters, image, target):
    """Returns the rectangle, clipped to the image, or None."""
    gravity = parameters.get("g")
    rectangle = []
    has_offset = "x" in parameters or "y" in parameters
    for axis, full in enumerate(image):
        length = target[axis] if target[axis] is not None else full
        offset = offset_of(parameters, "xy"[axis], full)
        if gravity is None and has_offset:
            start = 0 if offset is None else floor(offset + HALF)
        elif gravity == "xy_center":
            start = clamp(floor((F(full, 2) if offset is None else offset) - F(length, 2)),
                          0, max(0, full - length))
        else:
            place = COMPASS[gravity or "center"][axis]
            start = floor((full - length) * place)
            if offset is not None:
                start = clamp(inward(start, floor(offset + HALF), place),
                              0, max(0, full - length))
        end = min(full, start + length)
        start = max(0, start)
        if end <= start:
            return None
        rectangle.append((start, end - start))
    (left, width), (top, height) = rectangle
    return left, top, width, height


def cut(parameters, axis, full, length, scale):
    """The visible part of an axis whose result has this length at this scale."""
    visible = min(F(full), length / scale)
    offset = offset_of(parameters, "xy"[axis], full)
    gravity = parameters.get("g", "center")
    if gravity == "xy_center":
        start = (F(full, 2) if offset is None else offset) - visible / 2
    else:
        place = COMPASS[gravity][axis]
        start = (full - visible) * place
        if offset is not None:
            start = inward(start, offset / scale, place)
    return clamp(start, 0, full - visible), visible


def layout(parameters, image):
    """Returns the size of the result, the visible rectangle, its scaled size and position."""
    width, height = image
    mode = parameters["c"]
    target = requested(parameters, image)
    whole = (0, 0, width, height)

    if mode == "crop":
        rectangle = crop(parameters, image, target)
        if rectangle is None:
            return None
        size = rectangle[2:]
        return size, rectangle, size, (0, 0)

    if target == (None, None):
        return image, whole, image, (0, 0)
    scales = [F(t, full) for t, full in zip(target, image) if t is not None]
    has_both = len(scales) == 2

    def whole_at(scale):
        return tuple(to_pixels(full * scale) for full in image)

    def exact():
        return tuple(
            t if t is not None else to_pixels(full * scales[0]) for t, full in zip(target, image)
        )

    if mode == "scale" or (mode in {"fill", "thumb", "fill_pad"} and not has_both):
        return exact(), whole, exact(), (0, 0)

    smallest = min(scales)
    if mode == "fit":
        inner = whole_at(smallest)
    elif mode == "limit" or (mode == "lfill" and not has_both):
        inner = whole_at(min(F(1), smallest))
    elif mode == "mfit":
        inner = whole_at(max(F(1), smallest))
    else:
        inner = None
    if inner is not None:
        return inner, whole, inner, (0, 0)

    if mode in PAD_FAMILY:
        scale = {"pad": smallest, "lpad": min(F(1), smallest), "mpad": max(F(1), smallest)}[mode]
        inner = whole_at(scale)
        canvas = tuple(i if t is None else t for t, i in zip(target, inner))
        if mode == "mpad":
            canvas = tuple(max(c, i) for c, i in zip(canvas, inner))
        return canvas, whole, inner, place_in(parameters, image, canvas, inner)

    largest = max(scales)
    if mode in {"fill", "thumb"}:
        size = target
        scale = largest
    elif mode == "lfill":
        scale = min(F(1), largest)
        size = tuple(min(t, to_pixels(full * scale)) for t, full in zip(target, image))
    else:
        # fill_pad: at most a third of one axis is cut.
        scale = min(largest, smallest * F(3, 2))
        size = tuple(min(t, to_pixels(full * scale)) for t, full in zip(target, image))
    parts = []
    for axis, full in enumerate(image):
        if mode == "fill_pad" and full * scale <= target[axis]:
            parts.append((0, full))
        else:
            parts.append(cut(parameters, axis, full, size[axis], scale))
    (left, visible_width), (top, visible_height) = parts
    rectangle = (left, top, visible_width, visible_height)
    if mode == "fill_pad":
        return target, rectangle, size, place_in(parameters, image, target, size)
    return size, rectangle, size, (0, 0)


def place_in(parameters, image, canvas, inner):
    gravity = parameters.get("g", "center")
    gravity = "center" if gravity.startswith("auto") else gravity
    position = []
    for axis in (0, 1):
        free = canvas[axis] - inner[axis]
        place = COMPASS[gravity][axis]
        offset = offset_of(parameters, "xy"[axis], image[axis])
        start = inward(floor(free * place), offset, place)
        position.append(clamp(floor(start), 0, free))
    return tuple(position)


def cases():
    modes = ["scale", "fit", "limit", "mfit", "fill", "lfill", "pad", "lpad", "mpad",
             "fill_pad", "crop", "thumb"]
    images = [(1, 1), (48, 48), (101, 67), (640, 427), (1280, 853), (4000, 3000), (1, 5000)]
    targets = [
        {"w": "300"}, {"h": "99"}, {"w": "1"}, {"h": "2000"}, {"w": "200", "h": "200"},
        {"w": "300", "h": "100"}, {"w": "99", "h": "301"}, {"w": "1921", "h": "1081"},
        {"w": "101", "h": "67"}, {"w": "640", "h": "427"}, {"w": "3", "h": "2"},
        {"ar": "16:9", "w": "333"}, {"ar": "16:9", "h": "333"}, {"ar": "16:9"}, {"ar": "0.75"},
        {"ar": "1.0", "w": "7"}, {"ar": "3:1", "w": "50", "h": "50"},
        {"w": "0.5"}, {"h": "0.25"}, {"w": "0.35", "h": "0.9"}, {"w": "1.0", "h": "0.5"},
        {"w": "iw", "h": "99"}, {"w": "75", "h": "ih"},
        {"w": "100", "h": "100", "dpr": "2.0"}, {"w": "33", "h": "77", "dpr": "1.5"},
        {"w": "0.5", "dpr": "2.0"},
    ]
    for mode, image, target in itertools.product(modes, images, targets):
        gravity = {"g": "auto"} if mode == "fill_pad" else {}
        yield {"c": mode, **target, **gravity}, image
    # Gravities and offsets.
    boxes = [{"w": "200", "h": "99"}, {"w": "99", "h": "400"}, {"w": "60", "h": "60", "dpr": "2.0"}]
    offsets = [{}, {"x": "10"}, {"y": "-4"}, {"x": "7", "y": "3"}, {"x": "5000", "y": "5000"},
               {"x": "0.25"}]
    for mode, image, box, gravity, offset in itertools.product(
        ["fill", "lfill", "crop", "lpad"],
        [(101, 67), (640, 427), (1, 5000)],
        boxes,
        [None, *COMPASS, "xy_center"],
        offsets,
    ):
        if mode == "lpad" and (gravity == "xy_center" or offset.get("x") == "0.25"):
            continue
        chosen = {} if gravity is None else {"g": gravity}
        yield {"c": mode, **box, **chosen, **offset}, image
    # A rectangle without a size, and decimals.
    for image in images:
        for parameters in [
            {"x": "10", "y": "20"}, {"x": "3"}, {"y": "0.5"}, {"w": "0.5", "g": "west"},
            {"w": "0.5", "h": "0.5", "x": "0.25", "y": "0.25"}, {"x": "-5", "w": "20", "h": "20"},
            {"x": "4999", "y": "4999"},
        ]:
            yield {"c": "crop", **parameters}, image


def line(parameters, image):
    text = ",".join(f"{name}_{value}" for name, value in parameters.items())
    record = {"t": text, "image": image}
    result = layout({k: v for k, v in parameters.items() if v != "auto"}, image)
    if result is not None:
        size, rectangle, inner, position = result
        record["size"] = size
        record["part"] = [round(float(value), 6) for value in rectangle]
        if inner != size:
            record["inner"] = inner
            record["at"] = position
    return json.dumps(record, separators=(",", ":"))


def main():
    every = [line(parameters, image) for parameters, image in cases()]
    if sys.argv[1:] == ["--sample"]:
        # 9 has no common factor with the lengths of the inner loops.
        every = [line for index, line in enumerate(every) if index % 9 in (0, 4)]
    elif sys.argv[1:] != ["--all"]:
        sys.exit(__doc__)
    print("\n".join(every))


if __name__ == "__main__":
    main()
