"""Times the renditions of a photo with Pillow. Prints seconds of the processor as JSON.

    python3 pillow.py FILE ROUNDS
"""

import io
import json
import sys
import time

from PIL import Image

LANCZOS = Image.Resampling.LANCZOS


def fitted(image, side):
    scale = min(side / image.width, side / image.height)
    return tuple(round(length * scale) for length in image.size)


def fill(image, side):
    visible = min(image.size)
    left, top = (image.width - visible) / 2, (image.height - visible) / 2
    return image.resize((side, side), LANCZOS, box=(left, top, left + visible, top + visible))


def save(image, quality, subsampling):
    image.save(io.BytesIO(), "JPEG", quality=quality, subsampling=subsampling)


def renditions(full, at_least):
    """All renditions. `at_least` returns an image whose sides are not shorter."""
    save(at_least(300).resize((300, 225), LANCZOS), 90, 0)
    image = at_least(2000)
    save(image.resize(fitted(image, 2000), LANCZOS), 90, 0)
    save(full, 80, 2)


def each_alone(path):
    """One decode. Every rendition begins with the decoded photo."""
    photo = Image.open(path)
    photo.load()
    renditions(photo, lambda _: photo)
    for side in (None, None, 200, 100):
        image = photo.resize(fitted(photo, 1920), LANCZOS)
        save(image if side is None else fill(image, side), 80, 2)


def shared(path):
    """One decode. Renditions that begin with the same steps share their result."""
    photo = Image.open(path)
    photo.load()
    renditions(photo, lambda _: photo)
    image = photo.resize(fitted(photo, 1920), LANCZOS)
    for side in (None, None, 200, 100):
        save(image if side is None else fill(image, side), 80, 2)


def draft(path):
    """As `shared`, but small renditions are decoded at a reduced size by the JPEG decoder."""
    photo = Image.open(path)
    photo.load()

    def at_least(side):
        image = Image.open(path)
        image.draft("RGB", (side, side * 3 // 4))
        image.load()
        return image

    renditions(photo, at_least)
    image = at_least(1920)
    image = image.resize(fitted(image, 1920), LANCZOS)
    for side in (None, None, 200, 100):
        save(image if side is None else fill(image, side), 80, 2)


def main():
    path, rounds = sys.argv[1], int(sys.argv[2])
    results = {}
    for function in (each_alone, shared, draft):
        times = []
        for _ in range(rounds):
            start = time.process_time()
            function(path)
            times.append(time.process_time() - start)
        results[function.__name__] = times
    print(json.dumps(results))


if __name__ == "__main__":
    main()
