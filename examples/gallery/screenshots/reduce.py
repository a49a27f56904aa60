"""Reduces the screenshots in this folder to a palette. Fails if one is over 60 kB."""

from pathlib import Path

from PIL import Image

for file in sorted(Path(__file__).parent.glob("*.png")):
    image = Image.open(file).convert("RGB")
    # Without the second step, the colors of small areas change.
    palette = image.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=4)
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    print(f"{file.name}: {size} bytes")
    assert size <= 60_000, "too large for the repository"
