"""The operations of the renderer with Pillow.

    python3 reference.py FOLDER

Writes the inputs and, for each line of FOLDER/jobs.jsonl, a PNG file with the expected image.
A job has the name of its input, a list of operations and the name of the output.
"""

import json
import math
import random
import sys
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps


def photo(width, height, seed):
    """Gradients, edges and noise."""
    generator = random.Random(seed)
    image = Image.new("RGB", (width, height))
    noise = [generator.gauss(0, 6) for _ in range(width * height)]
    pixels = []
    for y in range(height):
        for x in range(width):
            n = noise[y * width + x]
            pixels.append((
                int(min(255, max(0, 255 * x / width + n))),
                int(min(255, max(0, 128 + 100 * math.sin(x / 9) * math.cos(y / 13) + n))),
                int(min(255, max(0, 255 * y / height + n))),
            ))
    image.putdata(pixels)
    draw = ImageDraw.Draw(image)
    draw.rectangle((width // 8, height // 6, width // 3, height // 2), fill=(250, 240, 30))
    draw.ellipse((width // 2, height // 3, width - 5, height - 4), fill=(20, 60, 160))
    return image


def write_inputs(folder):
    picture = photo(101, 67, 1)
    picture.save(folder / "photo.png")
    photo(640, 427, 2).save(folder / "large.png")
    # The noise has sharp edges that JPEG decoders reconstruct differently.
    photo(320, 214, 3).save(folder / "photo.jpg", quality=90, subsampling=0)
    photo(160, 107, 4).convert("L").save(folder / "gray.png")
    alpha = Image.linear_gradient("L").resize(picture.size)
    transparent = picture.copy()
    transparent.putalpha(alpha)
    transparent.save(folder / "alpha.png")
    picture.quantize(32).save(folder / "palette.png")
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        picture.save(folder / f"exif{orientation}.png", exif=exif)
        picture.save(folder / f"exif{orientation}.jpg", exif=exif, quality=95, subsampling=0)
        picture.save(folder / f"exif{orientation}.webp", exif=exif, lossless=True)


def premultiplied(image, operation):
    """Applies an operation to an image whose transparent pixels have no color."""
    if image.mode != "RGBA":
        return operation(image)
    return operation(image.convert("RGBa")).convert("RGBA")


def resize(image, size, box):
    # Pillow premultiplies the alpha channel in `resize`.
    return image.resize(size, Image.Resampling.LANCZOS, box=box)


def rotate(image, degrees):
    """Clockwise, by the same transform that Pillow's `rotate` computes."""
    angle = math.radians(degrees)
    width, height = image.size
    sin, cos = math.sin(angle), math.cos(angle)
    size = (
        math.ceil(width * abs(cos) + height * abs(sin) - 1e-6),
        math.ceil(width * abs(sin) + height * abs(cos) - 1e-6),
    )
    x, y = size[0] / 2, size[1] / 2
    matrix = (
        cos, sin, width / 2 - cos * x - sin * y,
        -sin, cos, height / 2 + sin * x - cos * y,
    )
    return premultiplied(
        image.convert("RGBA"),
        lambda image: image.transform(
            size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
        ),
    )


def round_corners(image, radius):
    """A mask that is drawn eight times larger and reduced."""
    factor = 8
    large = Image.new("L", (image.width * factor, image.height * factor))
    draw = ImageDraw.Draw(large)
    box = (0, 0, large.width - 1, large.height - 1)
    if radius == "max":
        draw.ellipse(box, fill=255)
    else:
        draw.rounded_rectangle(box, radius * factor, fill=255)
    mask = large.resize(image.size, Image.Resampling.BOX)
    image = image.convert("RGBA")
    image.putalpha(ImageChops.multiply(image.getchannel("A"), mask))
    return image


def sepia(image, amount):
    """The matrix of `sepia()` in the W3C's Filter Effects."""
    a = 1 - amount
    matrix = (
        0.393 + 0.607 * a, 0.769 - 0.769 * a, 0.189 - 0.189 * a, 0,
        0.349 - 0.349 * a, 0.686 + 0.314 * a, 0.168 - 0.168 * a, 0,
        0.272 - 0.272 * a, 0.534 - 0.534 * a, 0.131 + 0.869 * a, 0,
    )
    return image.convert("RGB", matrix)


def pad(image, size, position, color):
    canvas = Image.new("RGBA", size, tuple(color))
    canvas.paste(image, tuple(position))
    return canvas


def flatten(image, color):
    canvas = Image.new("RGBA", image.size, tuple(color))
    return Image.alpha_composite(canvas, image.convert("RGBA"))


TRANSPOSE = {
    90: Image.Transpose.ROTATE_270,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_90,
    "hflip": Image.Transpose.FLIP_LEFT_RIGHT,
    "vflip": Image.Transpose.FLIP_TOP_BOTTOM,
}

OPERATIONS = {
    "resize": resize,
    "rotate": rotate,
    "transpose": lambda image, kind: image.transpose(TRANSPOSE[kind]),
    "upright": ImageOps.exif_transpose,
    "grayscale": lambda image: image.convert("L").convert("RGB"),
    "sepia": sepia,
    "blur": lambda image, sigma: premultiplied(
        image, lambda image: image.filter(ImageFilter.GaussianBlur(sigma))
    ),
    "corners": round_corners,
    "pad": pad,
    "flatten": flatten,
    "rgb": lambda image: image.convert("RGBA").convert("RGB"),
}


def main():
    folder = Path(sys.argv[1])
    write_inputs(folder)
    for line in (folder / "jobs.jsonl").read_text().splitlines():
        job = json.loads(line)
        image = Image.open(folder / job["input"])
        image.load()
        if image.mode in {"L", "P"}:
            image = image.convert("RGB")
        for name, *arguments in job["operations"]:
            image = OPERATIONS[name](image, *arguments)
        image.convert("RGBA").save(folder / job["output"])


if __name__ == "__main__":
    main()
