"""Toys, camping gear, kitchen things and what pets use."""

from __future__ import annotations

from daogou.demo.pictures.canvas import RGB, Canvas, darker, lighter, polar
from daogou.demo.pictures.paint import INK, METAL, WHITE, Paint

_BRIGHT: tuple[RGB, ...] = (
    (224, 84, 78),
    (58, 134, 208),
    (245, 196, 72),
    (86, 172, 108),
    (150, 104, 190),
    (240, 140, 70),
)
_WOOD: tuple[RGB, ...] = ((222, 186, 136), (204, 160, 106), (186, 138, 88), (236, 208, 166))


def _stud(c: Canvas, x: float, y: float, wide: float, tall: float, colour: RGB, studs: int) -> None:
    for at in range(studs):
        left = x + wide * (at + 0.22) / studs
        c.box(left, y - 3, left + wide * 0.56 / studs, y + 1, darker(colour, 0.12), r=1)
    c.box(x, y, x + wide, y + tall, colour, r=1.2)
    c.box(x, y + tall * 0.75, x + wide, y + tall, darker(colour, 0.14), r=1.2)


def blocks(c: Canvas, p: Paint) -> None:
    """Building blocks: wooden shapes, large bricks or a small-brick model."""
    if p.has("material", "wood"):
        hues = _WOOD + (_BRIGHT[:4] if p.has("color", "multi") else ())
        c.box(20, 66, 42, 84, p.rng.choice(hues), r=1)
        c.box(44, 66, 58, 84, p.rng.choice(hues), r=1)
        c.box(60, 62, 80, 84, p.rng.choice(hues), r=1)
        c.pie(62, 68, 78, 100, 180, 360, (250, 244, 232))
        c.box(26, 50, 54, 66, p.rng.choice(hues), r=1)
        c.dot(68, 54, 8, p.rng.choice(hues))
        c.poly([(27, 50), (53, 50), (40, p.vary(26, 36))], p.rng.choice(hues))
        c.text(40, 58, p.label, 4, INK, 24)
        return
    hues = _BRIGHT if p.has("color", "multi") else (p.main, *_BRIGHT)
    fine = p.has("grain", "small")
    width, tall = (10.0, 8.0) if fine else (20.0, 15.0)
    rows = 6 if fine else 4
    first, last = 0, 6 if fine else 3
    for row in range(rows):
        y = 84 - (row + 1) * tall
        if row:
            first, last = first + p.rng.randint(0, 1), last - p.rng.randint(0, 1)
            last = max(first + 1, last)
        for column in range(first, last):
            _stud(c, 20 + column * width, y, width - 0.4, tall - 0.4, p.rng.choice(hues), 2)
    c.text(50, 91, p.label, 3.4, INK, 40)


def puzzle(c: Canvas, p: Paint) -> None:
    """A jigsaw with one piece still out."""
    side = {"24 pieces": 3, "60 pieces": 4, "300 pieces": 5}.get(p.word("count"), 6)
    step = 58 / side
    out = p.rng.randrange(side), p.rng.randrange(side)
    hues = [p.main, p.accent, p.light, lighter(p.accent)]
    for row in range(side):
        for column in range(side):
            x, y = 18 + column * step, 22 + row * step
            colour = hues[(row * 2 + column + p.rng.randrange(2)) % 4]
            if (row, column) == out:
                colour = darker(p.main, 0.6)
            c.box(x + 0.3, y + 0.3, x + step - 0.3, y + step - 0.3, colour, r=0.8)
            if column < side - 1:
                c.dot(x + step, y + step / 2, step * 0.16, colour)
            if row < side - 1:
                c.dot(x + step / 2, y + step, step * 0.16, colour)
    c.box(70, 64, 86, 80, p.accent, r=1.5)
    c.dot(78, 63, 3, p.accent)
    c.dot(70, 72, 3, darker(p.accent))
    c.text(47, 88, p.label, 4, INK, 50)


def plush(c: Canvas, p: Paint) -> None:
    """A sitting soft toy."""
    scale = 0.72 + p.size("size", 35) / 250
    y = 84 - 32 * scale
    wide = 19 * scale
    head = y - 18 * scale
    animal = p.word("animal")
    belly = p.light if animal != "penguin" else WHITE
    c.oval(50 - wide, y - 18 * scale, 50 + wide, 86, p.main)
    c.oval(50 - wide * 0.6, y - 4 * scale, 50 + wide * 0.6, 84, belly)
    for side in (-1, 1):
        c.oval(50 + side * wide - 7 * scale, y - 8 * scale, 50 + side * wide + 7 * scale, y + 14 * scale, p.dark)
        c.oval(50 + side * wide * 0.7 - 7 * scale, 78, 50 + side * wide * 0.7 + 7 * scale, 89, p.dark)
        hx = 50 + side * 13 * scale
        if animal == "rabbit":
            c.oval(hx - 5 * scale, head - 40 * scale, hx + 4 * scale, head - 6 * scale, p.main)
            c.oval(hx - 3 * scale, head - 36 * scale, hx + 1.5 * scale, head - 10 * scale, p.accent)
        elif animal == "kitten":
            c.poly(
                [
                    (hx - 8 * scale, head - 6 * scale),
                    (hx + side * 4, head - 26 * scale),
                    (hx + 8 * scale, head - 6 * scale),
                ],
                p.main,
            )
        elif animal == "elephant":
            c.oval(
                50 + side * 22 * scale - 10 * scale,
                head - 14 * scale,
                50 + side * 22 * scale + 10 * scale,
                head + 12 * scale,
                p.dark,
            )
        elif animal == "bear":
            c.dot(hx, head - 15 * scale, 6 * scale, p.main)
            c.dot(hx, head - 15 * scale, 3.4 * scale, p.accent)
    c.dot(50, head, 19 * scale, p.main)
    if animal == "penguin":
        c.oval(50 - 13 * scale, head - 10 * scale, 50 + 13 * scale, head + 16 * scale, WHITE)
        c.poly([(46, head + 2), (54, head + 2), (50, head + 7)], (240, 160, 60))
    elif animal == "elephant":
        c.box(50 - 4 * scale, head + 2, 50 + 4 * scale, head + 24 * scale, p.main, r=3)
        c.box(50 - 4 * scale, head + 12 * scale, 50 + 4 * scale, head + 14 * scale, p.dark)
    else:
        c.oval(50 - 8 * scale, head + 1, 50 + 8 * scale, head + 13 * scale, p.light)
        c.oval(47.4, head + 2.5, 52.6, head + 6, INK)
    for x in (50 - 7 * scale, 50 + 7 * scale):
        c.dot(x, head - 2, 2 * scale, INK)
    if p.rng.random() < 0.5:
        c.box(50 - 12 * scale, head + 16 * scale, 50 + 12 * scale, head + 20 * scale, p.accent, r=2)


def stroller(c: Canvas, p: Paint) -> None:
    """A pushchair with its hood."""
    high = 8 if p.has("style", "high") else 0
    for x, r in ((32, 8.5), (68, 8.5 if not p.has("style", "umbrella") else 6)):
        c.ring(x, 82, r, 3, INK)
        c.dot(x, 82, 2, METAL)
    c.line([(32, 82), (64, 48 - high), (82, 24)], 2.2, METAL)
    c.line([(68, 82), (42, 58 - high)], 2.2, METAL)
    c.line([(80, 25), (88, 22)], 3.4, INK)
    c.pie(22, 22 - high, 70, 70 - high, 180, 300, p.main)
    c.pie(22, 22 - high, 70, 70 - high, 215, 245, p.light)
    c.blob([(24, 47 - high), (62, 46 - high), (66, 54 - high), (54, 66 - high), (32, 66 - high)], p.dark)
    if not p.has("style", "umbrella"):
        c.box(38, 70, 62, 78, p.accent, r=2)
    c.text(44, 56 - high, p.label, 3.6, p.on(p.dark), 28)


def tent(c: Canvas, p: Paint) -> None:
    """A tent: ridge, dome or tunnel, larger for more people."""
    wide = {"1-person": 28, "2-person": 34}.get(p.word("people"), 41)
    top = p.vary(26, 36)
    if p.has("style", "pop-up"):
        c.pie(50 - wide, top, 50 + wide, 84 + (84 - top), 180, 360, p.main)
        c.pie(50 - wide * 0.45, top + 14, 50 + wide * 0.45, 84 + (70 - top), 180, 360, darker(p.main, 0.5))
        c.arc(50 - wide * 0.6, top, 50 + wide * 0.6, 84 + (84 - top), 180, 360, 1.4, p.accent)
    else:
        c.poly([(50 - wide, 84), (44, top), (56, top), (50 + wide, 84)], p.main)
        c.poly([(56, top), (50 + wide, 84), (50 + wide * 0.35, 84)], p.dark)
        c.poly([(50, top + 12), (50 - wide * 0.36, 84), (50 + wide * 0.3, 84)], darker(p.main, 0.5))
        c.poly([(50, top + 12), (50 - wide * 0.36, 84), (50 - wide * 0.16, 84)], p.accent)
        for side in (-1, 1):
            c.line([(50 + side * 5, top), (50 + side * (wide + 7), 86)], 0.6, INK)
    c.box(8, 84, 92, 86, (122, 160, 110))
    c.text(50, 90.5, p.label, 3.4, INK, 40)


def sleeping_bag(c: Canvas, p: Paint) -> None:
    """A mummy bag laid out."""
    c.blob([(50, 8), (66, 16), (70, 34), (66, 62), (60, 86), (50, 90), (40, 86), (34, 62), (30, 34), (34, 16)], p.main)
    c.blob([(50, 13), (60, 19), (61, 29), (50, 35), (39, 29), (40, 19)], p.accent)
    step = p.vary(7.5, 10)
    y = 40.0
    while y < 86:
        c.line([(35 + (y - 40) / 8, y), (65 - (y - 40) / 8, y)], 0.9, p.dark)
        y += step
    c.line([(62, 32), (58, 84)], 1.1, METAL)
    c.text(48, 44.5, p.label, 3.6, p.ink, 22)
    c.text(48, 62, p.word("temp"), 4.6, p.ink, 20)


def mat(c: Canvas, p: Paint) -> None:
    """A yoga mat, partly rolled out."""
    thick = p.size("thick", 6)
    c.poly([(24, 30), (82, 30), (92, 82), (34, 82)], p.main)
    for at in range(1, p.rng.randint(4, 8)):
        c.line([(24 + at * 1.4 + 8, 30 + at * 7), (80 + at * 1.2, 30 + at * 7)], 0.5, p.dark)
    radius = 6 + thick / 1.6
    c.box(20, 30 - radius, 84, 30 + radius, p.dark, r=radius)
    c.dot(84 - radius / 2, 30, radius, p.light)
    for r in (radius * 0.7, radius * 0.4):
        c.ring(84 - radius / 2, 30, r, 1, p.dark)
    c.text(60, 68, p.label, 4.4, p.ink, 40)
    c.ring(60, 54, 6, 1, p.accent)


def dripper(c: Canvas, p: Paint) -> None:
    """A dripper, a gooseneck kettle or a server."""
    if p.has("piece", "kettle"):
        c.blob([(36, 42), (64, 42), (70, 82), (30, 82)], p.main)
        c.line([(36, 74), (22, 66), (20, 44), (12, 36)], 3, p.dark)
        c.line([(64, 46), (82, 44), (80, 72)], 3.4, INK)
        c.box(42, 34, 58, 42, p.dark, r=2)
        c.dot(50, 32, 3, p.accent)
    elif p.has("piece", "server"):
        c.blob([(38, 30), (62, 30), (72, 66), (66, 86), (34, 86), (28, 66)], lighter(p.main, 0.3))
        c.blob([(31, 62), (69, 62), (70, 72), (64, 84), (36, 84), (30, 72)], (112, 68, 44))
        c.arc(60, 40, 86, 76, 260, 100, 3, p.accent)
        c.box(36, 26, 64, 32, p.accent, r=2)
    else:
        c.poly([(20, 30), (80, 30), (60, 64), (40, 64)], p.main)
        for x in range(30, 74, 8):
            c.line([(x, 33), (50 + (x - 50) * 0.5, 62)], 0.8, p.dark)
        c.oval(20, 25, 80, 35, p.light)
        c.oval(28, 27, 72, 34, (112, 68, 44))
        c.box(32, 64, 68, 70, p.dark, r=2)
        c.arc(72, 36, 90, 58, 260, 100, 3, p.accent)
        c.line([(50, 70), (50, 82)], 1, (112, 68, 44))
    c.text(
        50, 78 if not p.has("piece", "dripper") else 88, p.label, 3.6, INK if p.has("piece", "dripper") else p.ink, 30
    )


def teapot(c: Canvas, p: Paint) -> None:
    """A teapot, a lidded bowl or a travel set."""
    tea: RGB = (190, 120, 60)
    if p.has("piece", "gaiwan"):
        c.oval(20, 78, 80, 88, p.dark)
        c.pie(26, 22, 74, 82, 0, 180, p.main)
        c.oval(26, 46, 74, 58, p.light)
        c.pie(30, 34, 70, 66, 180, 360, p.main)
        c.box(44, 28, 56, 36, p.accent, r=3)
    else:
        c.blob([(30, 48), (50, 40), (70, 48), (76, 64), (66, 80), (50, 83), (34, 80), (24, 64)], p.main)
        c.poly([(72, 56), (88, 42), (92, 46), (76, 70)], p.main)
        c.arc(8, 46, 36, 76, 90, 280, 3.4, p.dark)
        if p.has("material", "glass"):
            c.blob([(28, 62), (72, 62), (66, 78), (50, 81), (34, 78)], tea)
        c.oval(36, 38, 64, 48, p.light)
        c.dot(50, 37, 3.6, p.accent)
        if p.has("piece", "travel"):
            for x in (22, 78):
                c.pie(x - 9, 72, x + 9, 94, 0, 180, p.light)
                c.oval(x - 9, 80, x + 9, 86, tea)
    c.text(50, 69, p.label, 3.8, p.ink, 30)


def mug(c: Canvas, p: Paint) -> None:
    """A mug in its pattern."""
    tall = 24 + p.size("size", 350) / 14
    wide = p.vary(19, 25)
    top = 84 - tall
    c.arc(50 + wide - 10, top + 8, 50 + wide + 14, top + 8 + tall * 0.62, 260, 100, 4, p.dark)
    c.box(50 - wide, top, 50 + wide, 85, p.main, r=6)
    c.box(50 - wide, top, 50 + wide, top + 12, p.main)
    if p.has("pattern", "striped"):
        for at in range(4):
            y = top + 12 + at * (tall - 16) / 4
            c.box(50 - wide, y, 50 + wide, y + 3, p.accent)
    elif p.has("pattern", "speckled"):
        for _ in range(34):
            c.dot(50 + p.vary(-wide + 2, wide - 2), p.vary(top + 8, 82), p.vary(0.5, 1.2), p.accent)
    elif p.has("pattern", "hand"):
        for at in range(3):
            x, y = 50 + (at - 1) * wide * 0.6, p.vary(top + 18, 72)
            for turn in range(5):
                px, py = polar(x, y, 3, turn * 72)
                c.dot(px, py, 2, p.accent)
            c.dot(x, y, 1.6, (250, 220, 120))
    else:
        c.text(50, (top + 86) / 2, p.label, 5, p.ink, wide * 1.6)
    c.oval(50 - wide, top - 4, 50 + wide, top + 5, p.light)
    c.oval(50 - wide + 3, top - 2.4, 50 + wide - 3, top + 4, (120, 76, 48))


def pan(c: Canvas, p: Paint) -> None:
    """A wok, a frying pan or a stock pot."""
    wide = 14 + p.size("size", 28) * 0.72
    inside = darker(p.main, 0.3)
    if p.has("type", "pot"):
        c.box(50 - wide, 46, 50 + wide, 84, p.main, r=5)
        c.oval(50 - wide, 38, 50 + wide, 54, p.light)
        c.oval(50 - wide + 4, 34, 50 + wide - 4, 50, p.main)
        c.dot(50, 35, 4, p.accent)
        for side in (-1, 1):
            c.box(50 + side * (wide + 4) - 5, 56, 50 + side * (wide + 4) + 5, 62, INK, r=2)
    else:
        x = 42
        c.line([(x + wide - 4, 60), (94, 40)], 5, (70, 52, 44) if p.rng.random() < 0.5 else INK)
        if p.has("type", "wok"):
            c.pie(x - wide, 32, x + wide, 92, 0, 180, p.main)
        else:
            c.oval(x - wide, 54, x + wide, 80, p.dark)
        c.oval(x - wide, 50, x + wide, 74, p.main)
        c.oval(x - wide + 4, 53, x + wide - 4, 72, inside)
        if p.has("material", "non-stick"):
            c.blob([(x - 12, 60), (x, 57), (x + 13, 62), (x + 4, 68), (x - 10, 67)], WHITE)
            c.dot(x, 62, 4, (248, 196, 70))
        c.text(x, 84 if p.has("type", "frying") else 82, p.label, 3.4, INK if p.has("type", "frying") else p.ink, 26)
        return
    c.text(50, 70, p.label, 4.2, p.ink, 40)


def knife(c: Canvas, p: Paint) -> None:
    """A kitchen knife of its type."""
    blade = {"ceramic": (236, 238, 240), "high-carbon steel": (150, 158, 170)}.get(p.word("steel"), METAL)
    long = 20 + p.size("size", 18) * 1.7
    x = 86 - long - 28
    x = max(8.0, x)
    end = x + long
    if p.has("type", "cleaver"):
        c.poly([(x, 34), (end, 34), (end, 62), (x, 62)], blade)
        c.poly([(x, 58), (end, 58), (end, 62), (x, 62)], WHITE)
        c.dot(x + 6, 40, 2, darker(blade, 0.4))
    elif p.has("type", "bread"):
        c.poly([(x, 44), (end, 44), (end, 54), (x + 3, 54)], blade)
        for at in range(int(long // 4)):
            c.dot(x + 5 + at * 4, 54, 2, blade)
    else:
        wide = 7 if p.has("type", "paring") else 14
        c.blob([(x, 44), (x + long * 0.5, 43), (end, 43), (end, 43 + wide), (x + long * 0.55, 43 + wide * 0.9)], blade)
        c.line([(x + 4, 46), (end - 2, 43 + wide - 1)], 0.8, WHITE)
    c.box(end, 42, end + 26, 52, p.main, r=4)
    c.box(end, 42, end + 4, 52, METAL)
    for at in range(3):
        c.dot(end + 9 + at * 6, 47, 1.2, p.dark)
    c.text(50, 76, p.label, 4.4, INK, 40)


def pet_bed(c: Canvas, p: Paint) -> None:
    """A pet bed: a ring, a sofa or a cave, with its guest."""
    fur = p.rng.choice(((230, 150, 84), (110, 110, 118), (244, 236, 222), (150, 112, 84)))
    if p.has("style", "cave"):
        c.blob([(18, 84), (22, 50), (50, 26), (78, 50), (82, 84), (50, 88)], p.main)
        c.oval(32, 50, 68, 84, darker(p.main, 0.55))
        _cat(c, 50, 70, 9, fur)
        return
    if p.has("style", "sofa"):
        c.box(14, 44, 86, 84, p.dark, r=8)
        c.box(22, 60, 78, 84, p.main, r=5)
        _cat(c, 50, 54, 11, fur)
        c.box(14, 52, 26, 86, p.main, r=5)
        c.box(74, 52, 86, 86, p.main, r=5)
    else:
        c.oval(12, 46, 88, 88, p.main)
        c.oval(24, 50, 76, 76, p.dark)
        c.oval(30, 52, 70, 72, fur)
        _cat(c, 42, 54, 9, fur)
    c.text(50, 81, p.label, 3.8, p.ink, 30)


def _cat(c: Canvas, x: float, y: float, r: float, fur: RGB) -> None:
    c.poly([(x - r, y), (x - r * 0.85, y - r * 1.35), (x - r * 0.1, y - r * 0.6)], fur)
    c.poly([(x + r, y), (x + r * 0.85, y - r * 1.35), (x + r * 0.1, y - r * 0.6)], fur)
    c.dot(x, y, r, fur)
    for side in (-1, 1):
        c.dot(x + side * r * 0.4, y - r * 0.05, r * 0.13, INK)
    c.oval(x - r * 0.14, y + r * 0.25, x + r * 0.14, y + r * 0.45, (220, 130, 130))


def scratcher(c: Canvas, p: Paint) -> None:
    """A cat scratcher: board, post or bowl."""
    tan: RGB = (206, 166, 116) if p.has("material", "sisal") else (216, 182, 134)
    if p.has("style", "post"):
        c.box(26, 80, 74, 87, p.main, r=2)
        c.box(42, 22, 58, 82, tan)
        for y in range(25, 80, 4):
            c.line([(42, y), (58, y + 1.5)], 0.7, darker(tan))
        c.box(34, 17, 66, 24, p.main, r=3)
        c.line([(62, 24), (64, 36)], 0.6, INK)
        c.dot(64, 39, 3.4, p.accent)
    elif p.has("style", "bowl"):
        c.pie(14, 28, 86, 92, 0, 180, p.main)
        c.oval(14, 50, 86, 70, tan)
        for r in (30, 22, 14):
            c.arc(50 - r, 60 - r * 0.26, 50 + r, 60 + r * 0.26, 0, 360, 0.7, darker(tan))
    else:
        c.poly([(16, 52), (70, 40), (88, 66), (34, 80)], tan)
        c.poly([(34, 80), (88, 66), (88, 72), (34, 87)], p.main)
        c.poly([(16, 52), (34, 80), (34, 87), (16, 59)], darker(p.main))
        for at in range(1, 9):
            c.line([(16 + at * 6, 52 - at * 1.33), (34 + at * 6, 80 - at * 1.55)], 0.6, darker(tan))
    _cat(c, 78, 30, 7, p.rng.choice(((230, 150, 84), (110, 110, 118), (244, 236, 222))))


def lead(c: Canvas, p: Paint) -> None:
    """A dog lead: retractable, plain or with a harness."""
    if p.has("style", "retractable"):
        c.blob([(24, 34), (52, 26), (66, 42), (60, 64), (34, 70), (20, 54)], p.main)
        c.oval(28, 38, 44, 60, darker(p.main, 0.6))
        c.dot(54, 44, 4, p.accent)
        c.line([(62, 56), (76, 62), (82, 78)], 1.8, p.dark)
    elif p.has("style", "harness"):
        c.arc(24, 40, 76, 88, 0, 360, 6, p.main)
        c.box(44, 40, 56, 86, p.dark, r=3)
        c.line([(50, 42), (56, 24), (74, 16)], 2.4, p.accent)
    else:
        c.arc(20, 16, 48, 46, 0, 360, 4, p.main)
        c.line([(40, 44), (52, 60), (44, 72), (62, 80), (78, 74)], 3.4, p.main)
    c.dot(83, 79, 4, METAL)
    if p.has("reflect", "yes"):
        c.line([(44, 47), (52, 58)], 1, (240, 244, 200))
    c.text(40, 90, p.label, 3.6, INK, 40)
