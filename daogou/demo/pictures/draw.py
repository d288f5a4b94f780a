"""One picture: background and pattern, the shape of the kind, the brand, and dots for the other colours on offer."""

from __future__ import annotations

from random import Random

from daogou.demo.pictures import devices, packs, things, wear
from daogou.demo.pictures.canvas import RGB, Canvas, darker, lighter, lightness, mix
from daogou.demo.pictures.paint import Paint, Shape
from daogou.demo.products import DemoItem
from daogou.demo.tables import load_tables

SHAPES: dict[str, Shape] = {
    name: shape
    for room in (packs, devices, wear, things)
    for name, shape in vars(room).items()
    if not name.startswith("_") and getattr(shape, "__module__", "") == room.__name__
}
"""Every shape by the name the content tables use."""

_PAPERS: tuple[RGB, ...] = (
    (252, 236, 222),
    (226, 240, 248),
    (234, 244, 228),
    (248, 230, 238),
    (240, 234, 250),
    (253, 245, 214),
    (226, 244, 240),
    (240, 240, 236),
    (252, 226, 216),
    (220, 232, 244),
)
_ACCENTS: tuple[RGB, ...] = (
    (236, 112, 99),
    (72, 149, 196),
    (244, 190, 86),
    (88, 170, 130),
    (150, 118, 190),
    (232, 140, 160),
    (64, 84, 120),
    (238, 148, 84),
    (70, 166, 170),
    (186, 120, 86),
)
_BODIES: tuple[RGB, ...] = (
    (120, 168, 148),
    (226, 168, 148),
    (244, 214, 160),
    (148, 178, 212),
    (196, 168, 206),
    (92, 122, 150),
    (214, 122, 110),
    (240, 230, 214),
    (104, 142, 96),
    (232, 190, 196),
    (180, 150, 120),
    (72, 96, 100),
)


def draw_picture(item: DemoItem, seed: int) -> bytes:
    """The product as WebP, SIZE by SIZE pixels. The same item and seed give the same bytes."""
    rng = Random(f"{seed}/picture/{item.product.id}")
    known = load_tables().colours
    colours = [known[one.en][1] for one in item.values.get("color", ())]
    main = colours[0] if colours else rng.choice(_BODIES)
    paper = rng.choice([one for one in _PAPERS if _apart(one, main) > 60] or _PAPERS)
    accent = rng.choice([one for one in _ACCENTS if _apart(one, main) > 90 and _apart(one, paper) > 60])
    canvas = Canvas(paper)
    _pattern(canvas, paper, rng)
    canvas.oval(16, 81, 84, 93, darker(paper, 0.12))
    shape = SHAPES[item.kind.shape]
    shape(canvas, Paint(main, accent, item.values["brand"][0].en, item.values, rng))
    for at, colour in enumerate(colours[1:]):
        canvas.dot(94 - at * 8, 94, 3.4, (255, 255, 255))
        canvas.dot(94 - at * 8, 94, 2.7, colour)
    return canvas.webp()


def _apart(one: RGB, other: RGB) -> float:
    return float(sum(abs(a - b) for a, b in zip(one, other, strict=True)))


def _pattern(canvas: Canvas, paper: RGB, rng: Random) -> None:
    """A quiet pattern, a shade of the paper."""
    shade = mix(paper, lighter(rng.choice(_ACCENTS), 0.4), 0.22)
    style = rng.randrange(7)
    if style == 0:
        canvas.dot(rng.uniform(35, 65), rng.uniform(40, 55), rng.uniform(32, 42), shade)
    elif style == 1:
        for at in range(-2, 8):
            canvas.poly([(at * 18, 0), (at * 18 + 8, 0), (at * 18 - 22, 100), (at * 18 - 30, 100)], shade)
    elif style == 2:
        for row in range(8):
            for column in range(8):
                canvas.dot(6 + column * 13 + (row % 2) * 6, 6 + row * 13, 1.6, shade)
    elif style == 3:
        canvas.box(0, rng.uniform(58, 70), 100, 100, shade)
    elif style == 4:
        left = rng.uniform(8, 16)
        canvas.box(left, 14, 100 - left, 100, shade, r=34)
    elif style == 5:
        for radius in (60, 46, 32):
            canvas.ring(50, 55, radius, 5, shade)
    else:
        canvas.poly([(0, rng.uniform(20, 60)), (100, rng.uniform(0, 40)), (100, 100), (0, 100)], shade)
    if lightness(shade) > 0.97:
        canvas.box(0, 90, 100, 100, shade)
