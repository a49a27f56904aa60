#!/usr/bin/env python3
"""Draws the pictures of the four recorded images.

The recorded exchange names four files, but does not contain them. These scenes take
their place. They are drawn from flat shapes, so that they stay small and the script
creates equal files on every run:

    python3 -m pip install pillow
    python3 examples/data/pictures/make_pictures.py
"""

from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

SIZE = 960
# Shapes are drawn larger and scaled down, which smooths their edges.
SCALE = 3
COLORS = 128


class Scene:
    """A canvas of 960 by 960 units, with the origin in the upper left corner."""

    def __init__(self, background):
        self.image = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), background)
        self.draw = ImageDraw.Draw(self.image)

    def box(self, x, y, width, height, color, radius=0):
        corners = [v * SCALE for v in (x, y, x + width, y + height)]
        corners[2] -= 1
        corners[3] -= 1
        self.draw.rounded_rectangle(corners, radius * SCALE, fill=color)

    def disc(self, x, y, radius, color):
        corners = [v * SCALE for v in (x - radius, y - radius, x + radius, y + radius)]
        self.draw.ellipse(corners, fill=color)

    def shape(self, points, color):
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=color)

    def line(self, points, color, width):
        points = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(points, fill=color, width=round(width * SCALE), joint="curve")

    def save(self, name):
        small = self.image.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
        small = small.quantize(COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        small.save(Path(__file__).parent / f"{name}.png", optimize=True)


def bands(scene, top, bottom, colors):
    """Fills the space between two heights with horizontal bands."""
    height = (bottom - top) / len(colors)
    for index, color in enumerate(colors):
        scene.box(0, top + index * height, SIZE, height + 1, color)


def curve(points, steps=24):
    """Returns a smooth line through points (Catmull-Rom)."""
    padded = [points[0], *points, points[-1]]
    line = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:]):
        for step in range(steps):
            t = step / steps
            line.append(tuple(
                0.5 * (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2
                       + (3 * q - p - 3 * r + s) * t**3)
                for p, q, r, s in zip(a, b, c, d)
            ))
    return [*line, points[-1]]


def hill(scene, heights, color):
    """Fills everything below a smooth line through evenly spaced heights."""
    gap = SIZE / (len(heights) - 1)
    line = curve([(index * gap, height) for index, height in enumerate(heights)])
    scene.shape([(-2, SIZE), *line, (SIZE + 2, SIZE)], color)


def sailboat(scene, x, y, size, hull, sails):
    def at(points):
        return [(x + dx * size, y + dy * size) for dx, dy in points]

    scene.shape(at([(-0.62, 0), (0.62, 0), (0.42, 0.24), (-0.44, 0.24)]), hull)
    scene.line(at([(0, 0), (0, -1.5)]), "#3b2f4a", 0.035 * size)
    scene.shape(at([(0.06, -1.45), (0.06, -0.12), (0.58, -0.12)]), sails[0])
    scene.shape(at([(-0.06, -1.2), (-0.06, -0.12), (-0.46, -0.12)]), sails[1])
    for index, half in enumerate([0.4, 0.28, 0.15]):
        scene.line(at([(-half, 0.36 + index * 0.15), (half, 0.36 + index * 0.15)]),
                   sails[1], 0.045 * size)


def harbour():
    scene = Scene("#f7c59f")
    bands(scene, 0, 560, ["#5b4a80", "#83568b", "#b0638c", "#d8787f", "#ef9673", "#f7b577", "#fbd08b"])
    scene.disc(380, 560, 150, "#fde7b0")
    scene.disc(380, 560, 118, "#fff4d2")
    hill(scene, [560, 535, 548, 560, 560, 552, 520, 492, 505], "#6d4a78")
    bands(scene, 560, SIZE, ["#3f6f95", "#38678d", "#325e84", "#2c557a", "#264c70"])
    random = Random(4)
    for row in range(16):
        half = 150 - row * 7 + random.randint(-14, 14)
        scene.line([(380 - half, 574 + row * 22), (380 + half, 574 + row * 22)], "#fbd9a0", 6 - row * 0.25)
    for _ in range(34):
        x, y, half = random.randint(0, SIZE), random.randint(580, 940), random.randint(14, 46)
        scene.line([(x - half, y), (x + half, y)], "#5f8cad", 3)
    # A lighthouse on a rock.
    scene.shape([(640, 640), (690, 588), (740, 560), (860, 552), (965, 590), (965, 660)], "#43334f")
    scene.shape([(640, 640), (740, 606), (965, 622), (965, 672), (700, 668)], "#35283f")
    for index in range(5):
        top, bottom = 300 + index * 52, 300 + (index + 1) * 52
        inset = 5 * (5 - index)
        scene.shape([(776 + inset, top), (864 - inset, top), (868 - inset, bottom), (772 + inset, bottom)],
                    "#f6f0e6" if index % 2 else "#d9483b")
    scene.box(790, 284, 60, 18, "#35283f", 3)
    scene.box(800, 236, 40, 50, "#ffe9a8")
    scene.line([(820, 236), (820, 286)], "#35283f", 5)
    scene.shape([(788, 238), (852, 238), (820, 200)], "#d9483b")
    sailboat(scene, 232, 742, 150, "#7d2f3f", ["#fff6e6", "#f4b8a0"])
    sailboat(scene, 560, 664, 78, "#3b2f4a", ["#fdeccb", "#e99f8c"])
    for x, y in [(150, 250), (214, 216), (262, 268)]:
        scene.line(curve([(x - 24, y - 9), (x - 9, y - 13), (x, y), (x + 9, y - 13), (x + 24, y - 9)]), "#3b2f4a", 4)
    scene.save("0b7e148bbd7c")


def pine(scene, x, y, size, color, trunk):
    scene.box(x - size * 0.06, y - size * 0.12, size * 0.12, size * 0.16, trunk)
    for base, half, top in [(0.1, 0.32, 0.55), (0.36, 0.25, 0.8), (0.6, 0.18, 1.04)]:
        scene.shape([(x - half * size, y - base * size), (x + half * size, y - base * size),
                     (x, y - top * size)], color)


def valley():
    scene = Scene("#bfe3ea")
    bands(scene, 0, 520, ["#8fcbe0", "#a0d3e4", "#b2dce7", "#c5e5ea", "#d8eeec", "#eaf6ed"])
    scene.disc(716, 190, 86, "#ffe6a0")
    scene.disc(716, 190, 66, "#fff3cd")
    for x, y, size in [(170, 150, 1.0), (430, 250, 0.7), (860, 330, 0.6)]:
        scene.box(x - 90 * size, y - 8 * size, 210 * size, 44 * size, "#ffffff", 22 * size)
        scene.disc(x - 22 * size, y - 6 * size, 38 * size, "#ffffff")
        scene.disc(x + 42 * size, y - 14 * size, 50 * size, "#ffffff")
    # Mountains with snow.
    for points, snow in [
        ([(-40, 600), (180, 300), (420, 600)], [(180, 300), (122, 379), (156, 366), (182, 396), (208, 364), (244, 380)]),
        ([(220, 620), (500, 250), (800, 620)], [(500, 250), (430, 342), (468, 330), (500, 368), (536, 328), (574, 341)]),
        ([(600, 620), (850, 350), (1100, 620)], [(850, 350), (790, 415), (826, 404), (852, 428), (880, 402), (912, 417)]),
    ]:
        scene.shape(points, "#7f9fc0")
        peak = points[1]
        scene.shape([peak, points[2], (peak[0] + 20, 620)], "#6d8db2")
        scene.shape(snow, "#f4f8fb")
    hill(scene, [560, 530, 520, 560, 600, 570, 520, 500, 530], "#79b39a")
    hill(scene, [600, 640, 660, 610, 570, 600, 640, 650, 610], "#5c9f7f")
    random = Random(9)
    for x in range(24, SIZE, 58):
        pine(scene, x + random.randint(-14, 14), 668 + random.randint(-18, 18), 92 + random.randint(-18, 26),
             random.choice(["#3f7d66", "#37725d", "#478a6f"]), "#4c3a33")
    hill(scene, [720, 690, 660, 680, 730, 760, 740, 700, 690], "#94c47d")
    # A road to a house.
    road = curve([(350, SIZE), (430, 880), (560, 826), (560, 778), (478, 742), (430, 716)])
    back = curve([(440, 712), (500, 738), (596, 774), (612, 834), (520, 892), (520, SIZE)])
    scene.shape([*road, *back], "#f2dfb4")
    scene.box(352, 626, 150, 92, "#fbf3e4")
    scene.shape([(334, 632), (520, 632), (476, 566), (378, 566)], "#c5523f")
    scene.box(452, 560, 24, 46, "#a8432f")
    scene.box(410, 662, 34, 56, "#6b4a3a", 4)
    for x in (368, 458):
        scene.box(x, 654, 28, 30, "#7db7cf", 3)
    hill(scene, [830, 850, 880, 930, 985, 1000, 960, 890, 840], "#6fae63")
    for x, y, size in [(70, 876, 190), (170, 906, 140), (880, 900, 210), (778, 948, 150)]:
        pine(scene, x, y, size, "#2f6b4f", "#4c3a33")
    for _ in range(60):
        x, y = random.randint(0, 330), random.randint(880, 950)
        scene.disc(x, y, random.choice([3, 4, 5]), random.choice(["#ffe08a", "#ffffff", "#f6a6a6"]))
    scene.save("a0edf094f09d")


def street():
    scene = Scene("#cfe8ef")
    bands(scene, 0, 420, ["#f6d9c2", "#f8e0ca", "#fae7d4", "#fceedf", "#fdf4ea"])
    scene.box(0, 400, SIZE, 560, "#fdf4ea")
    houses = [
        (14, 180, 318, "#d9674e", "#fff3e2", "step"),
        (198, 172, 232, "#e9b44c", "#fffaf0", "bell"),
        (374, 190, 350, "#5f8fa8", "#f4fafc", "point"),
        (568, 168, 268, "#84a97a", "#fbfdf4", "step"),
        (740, 206, 206, "#b9597a", "#fff0f4", "bell"),
    ]
    ground = 800
    for x, width, top, wall, light, gable in houses:
        middle = x + width / 2
        if gable == "step":
            for step in range(4):
                inset = step * width / 9
                scene.box(x + inset, top - step * 30, width - 2 * inset, 34, wall)
        elif gable == "bell":
            scene.shape(curve([(x, top + 4), (x + width * 0.2, top - 22), (x + width * 0.3, top - 84), (middle, top - 112),
                               (x + width * 0.7, top - 84), (x + width * 0.8, top - 22), (x + width, top + 4)]), wall)
        else:
            scene.shape([(x, top + 2), (middle, top - 120), (x + width, top + 2)], wall)
        scene.box(x, top, width, ground - top, wall)
        scene.box(x - 4, top - 2, width + 8, 12, light, 3)
        scene.disc(middle, top - 36, 19, light)
        scene.disc(middle, top - 36, 12, "#3d5266")
        columns = 3
        rows = int((ground - 190 - top) // 116)
        gap = (ground - 180 - top) / rows
        for row in range(rows):
            for column in range(columns):
                left = x + 18 + column * (width - 36 - 36) / (columns - 1)
                up = top + 34 + row * gap
                scene.box(left - 4, up - 4, 44, 78, light, 3)
                warm = (row * 5 + column * 3 + int(x)) % 4 == 0
                scene.box(left, up, 36, 70, "#ffd98a" if warm else "#3d5266", 2)
                scene.line([(left + 18, up), (left + 18, up + 70)], light, 4)
                scene.line([(left, up + 28), (left + 36, up + 28)], light, 4)
        scene.box(x + 18, ground - 116, 48, 116, light, 4)
        scene.box(x + 23, ground - 110, 38, 110, "#2f3e4e", 4)
        scene.disc(x + 54, ground - 56, 3, "#ffd98a")
        scene.box(x + 82, ground - 112, width - 100, 78, light, 4)
        scene.box(x + 87, ground - 107, width - 110, 68, "#8cc3d6", 3)
        for stripe in range(6):
            share = (width - 92) / 6
            scene.box(x + 78 + stripe * share, ground - 130, share + 0.5, 26, light if stripe % 2 else "#c8483c", 5)
    scene.box(0, ground, SIZE, 46, "#d8cbbd")
    scene.box(0, ground + 40, SIZE, 8, "#b3a597")
    scene.box(0, ground + 48, SIZE, 120, "#6f7580")
    for x in range(-20, SIZE, 150):
        scene.box(x, 906, 84, 9, "#f4efe4", 4)
    # A lamp, a tree and a bicycle.
    scene.box(544, 560, 9, 256, "#2f3e4e")
    scene.box(536, 800, 25, 20, "#2f3e4e", 4)
    scene.shape([(530, 560), (567, 560), (560, 516), (537, 516)], "#ffe6a0")
    scene.shape([(526, 518), (571, 518), (548, 498)], "#2f3e4e")
    scene.box(183, 640, 15, 180, "#6b4a3a")
    for x, y, radius, color in [(190, 580, 74, "#4f8a5b"), (146, 618, 52, "#437a50"), (236, 620, 54, "#5a9866"), (198, 540, 48, "#63a370")]:
        scene.disc(x, y, radius, color)
    for x in (790, 890):
        scene.draw.ellipse([v * SCALE for v in (x - 36, 810, x + 36, 882)], outline="#23303d", width=6 * SCALE)
    for points in [[(790, 846), (818, 792), (872, 792), (836, 846), (790, 846)], [(836, 846), (814, 778)], [(890, 846), (868, 772), (848, 766)], [(800, 776), (830, 776)]]:
        scene.line(points, "#c8483c" if len(points) == 5 else "#23303d", 7)
    scene.save("00e65594a9e0")


def roofs():
    scene = Scene("#1d2145")
    bands(scene, 0, 700, ["#161a3a", "#1c2148", "#252a57", "#303466", "#413f76", "#574a83", "#70568c", "#8b6391"])
    random = Random(12)
    for _ in range(90):
        x, y = random.randint(0, SIZE), random.randint(0, 430)
        scene.disc(x, y, random.choice([1.4, 1.8, 2.4, 3]), random.choice(["#f4ecc8", "#cfd4f2", "#ffffff"]))
    scene.disc(700, 220, 128, "#3a3a70")
    scene.disc(700, 220, 104, "#f8efc6")
    for x, y, radius in [(664, 190, 18), (730, 244, 25), (716, 170, 11), (676, 268, 10)]:
        scene.disc(x, y, radius, "#eadfae")
    # Houses in the distance.
    x = -10
    while x < SIZE:
        width, top = random.randint(56, 112), random.randint(440, 590)
        scene.box(x, top, width + 1, 520, "#3b3563")
        if random.random() < 0.6:
            scene.shape([(x - 6, top + 1), (x + width / 2, top - random.randint(30, 58)), (x + width + 6, top + 1)], "#332d58")
        for column in range(int(width // 26)):
            for row in range(4):
                if random.random() < 0.4:
                    scene.box(x + 12 + column * 26, top + 20 + row * 42, 11, 17, random.choice(["#f6c667", "#f2a65a", "#6a5f95"]), 2)
        x += width
    # The roof in front, with tiles.
    ridge = 566
    scene.shape([(-10, SIZE), (-10, 800), (230, ridge), (690, ridge), (1000, 850), (1000, SIZE)], "#8f3f4a")
    for row in range(14):
        y = ridge + 14 + row * 30
        left = max(-20, 230 - (y - ridge) * 240 / 234)
        right = 690 + (y - ridge) * 310 / 284
        position = left - (20 if row % 2 else 0)
        while position < right:
            if position > left - 8 and position + 38 < right + 12:
                scene.box(position, y, 38, 26, random.choice(["#a54a52", "#9c4550", "#b1545a", "#953f4b"]), 9)
            position += 42
    scene.box(222, ridge - 12, 476, 22, "#6e2f3d", 10)
    # A chimney with smoke.
    scene.box(276, 430, 92, 180, "#6b3a46")
    for row in range(5):
        for column in range(3):
            offset = 14 if row % 2 else 0
            scene.box(280 + offset + column * 29, 452 + row * 28, 24 if column < 2 or not offset else 14, 20, "#7d4651", 3)
    scene.box(264, 420, 116, 24, "#55303b", 5)
    for px, py, radius, color in [(322, 386, 24, "#5d5688"), (342, 340, 32, "#575081"), (322, 284, 40, "#504a7a"), (352, 220, 48, "#484373")]:
        scene.disc(px, py, radius, color)
    # A window in the roof.
    scene.shape([(430, 812), (430, 690), (520, 626), (610, 690), (610, 812)], "#5b2b39")
    scene.shape([(412, 700), (520, 620), (628, 700), (616, 712), (520, 642), (424, 712)], "#3f1f2d")
    scene.box(456, 700, 128, 104, "#f3e2c0", 4)
    scene.box(464, 708, 112, 88, "#f9c968", 2)
    scene.line([(520, 708), (520, 796)], "#f3e2c0", 6)
    scene.line([(464, 750), (576, 750)], "#f3e2c0", 6)
    scene.box(446, 800, 148, 16, "#3f1f2d", 4)
    for px, color in [(470, "#d9674e"), (498, "#f4f0e4"), (528, "#d9674e"), (560, "#f4f0e4")]:
        scene.disc(px, 797, 11, color)
    # A cat on the ridge.
    cat = "#14162e"
    scene.shape(curve([(588, 556), (582, 510), (598, 468), (622, 458), (644, 480), (652, 520), (650, 556)]), cat)
    scene.disc(614, 452, 27, cat)
    scene.shape([(591, 446), (594, 412), (614, 432)], cat)
    scene.shape([(637, 446), (636, 412), (614, 432)], cat)
    scene.line(curve([(646, 550), (684, 552), (706, 524), (700, 486), (716, 468)]), cat, 13)
    for px in (605, 624):
        scene.disc(px, 450, 4.5, "#f6c667")
    scene.save("b1554075eeb7")


if __name__ == "__main__":
    for picture in (harbour, valley, street, roofs):
        picture()
