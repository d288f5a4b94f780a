"""Clothes, shoes and what is carried."""

from __future__ import annotations

from daogou.demo.pictures.canvas import Canvas, Point, darker, lighter, polar
from daogou.demo.pictures.paint import INK, METAL, WHITE, Paint


def shoe(c: Canvas, p: Paint) -> None:
    """A running shoe; the sole shows the cushioning, the lugs the trail."""
    sole = {"light cushioning": 5.0, "medium cushioning": 8.0}.get(p.word("cushion"), 12.0)
    base = 78.0
    top = base - sole
    upper: list[Point] = [
        (13, top),
        (12, top - 16),
        (17, top - 30),
        (25, top - 33),
        (31, top - 24),
        (41, top - 30),
        (50, top - 24),
        (62, top - 14),
        (78, top - 9),
        (87, top - 3),
        (88, top),
    ]
    c.blob([(11, top - 2), (50, top - 1), (90, top - 3), (91, base - 3), (80, base), (20, base), (11, base - 3)], WHITE)
    if p.has("ground", "trail"):
        for x in range(16, 86, 7):
            c.poly([(x, base - 1), (x + 5, base - 1), (x + 4, base + 3), (x + 1, base + 3)], INK)
    else:
        c.box(16, base - 1.6, 84, base + 0.6, p.accent, r=1)
    c.blob(upper, p.main)
    c.blob([(13, top - 1), (12, top - 14), (16, top - 27), (23, top - 20), (26, top - 6), (24, top)], p.dark)
    c.blob([(72, top), (76, top - 8), (84, top - 5), (88, top - 1), (86, top + 0.5)], p.dark)
    style = p.rng.randrange(4)
    mark = p.accent
    if style == 0:
        c.line([(30, top - 6), (44, top - 14), (58, top - 8), (68, top - 12)], 2.6, mark)
    elif style == 1:
        for at in range(3):
            c.line([(34 + at * 8, top - 3), (40 + at * 8, top - 17 + at * 2)], 2.4, mark)
    elif style == 2:
        c.poly([(32, top - 4), (58, top - 15), (46, top - 4)], mark)
        c.poly([(48, top - 4), (66, top - 12), (60, top - 4)], lighter(mark, 0.4))
    else:
        c.ring(42, top - 11, 7, 2.2, mark)
    for at in range(4):
        lace, y = 41 + at * 6.2, top - 28 + at * 4.4
        c.line([(lace, y), (lace - 4.5, y + 5)], 1.5, WHITE if p.ink == WHITE else INK)
    c.oval(17.5, top - 32, 30.5, top - 26, darker(p.main, 0.5))
    c.text(20, top - 8, p.label[:2].upper(), 3.6, p.on(p.dark))


def boot(c: Canvas, p: Paint) -> None:
    """A hiking boot of its height."""
    top = {"low-cut": 40.0, "mid-cut": 28.0}.get(p.word("height"), 16.0)
    c.blob(
        [
            (24, 76),
            (23, 56),
            (25, top + 2),
            (34, top - 1),
            (46, top + 2),
            (49, 44),
            (60, 52),
            (78, 58),
            (84, 70),
            (84, 76),
        ],
        p.main,
    )
    c.blob([(62, 76), (66, 60), (78, 60), (85, 70), (84, 76)], p.dark)
    c.box(20, 75, 87, 82, darker(p.main, 0.55), r=3)
    for x in range(23, 84, 8):
        c.box(x, 81, x + 5, 86, INK, r=1)
    c.box(24, top - 3, 47, top + 3, p.accent, r=3)
    for at in range(int((54 - top) // 6)):
        y = top + 7 + at * 6
        c.line([(38 + at * 0.8, y), (49 + max(0, y - 42) * 0.9, y + 1)], 1.3, WHITE if p.ink == WHITE else INK)
    if p.has("water", "yes"):
        c.blob([(34, 58), (38, 66), (34, 70), (30, 66)], (110, 190, 240))
    c.text(32, top + 12, p.label[:2].upper(), 4, p.ink)


def _torso(c: Canvas, p: Paint, hem: float, sleeve: float, wide: float = 20) -> None:
    """A garment's body and sleeves: `hem` is where it ends, `sleeve` where the sleeves end (0: none)."""
    if sleeve:
        for side in (-1, 1):
            c.poly(
                [
                    (50 + side * 12, 18),
                    (50 + side * (wide + 3), 22),
                    (50 + side * (wide + 15), sleeve),
                    (50 + side * (wide + 6), sleeve + 4),
                    (50 + side * (wide - 2), 42),
                ],
                p.dark,
            )
    c.poly([(38, 17), (62, 17), (50 + wide, 23), (50 + wide - 1, hem), (50 - wide + 1, hem), (50 - wide, 23)], p.main)


def _neck(c: Canvas, p: Paint) -> None:
    inside = darker(p.main, 0.45)
    if p.has("neck", "V-neck"):
        c.poly([(42, 16), (58, 16), (50, 32)], inside)
    elif p.has("neck", "roll"):
        c.box(41, 9, 59, 21, p.light, r=3)
    else:
        c.pie(41, 8, 59, 26, 0, 180, inside)


def tee(c: Canvas, p: Paint) -> None:
    """A T-shirt with a print."""
    wide = {"loose fit": 25.0, "slim fit": 19.0}.get(p.word("fit"), 22.0)
    _torso(c, p, 86, 44, wide)
    _neck(c, p)
    style = p.rng.randrange(5)
    if style == 0:
        c.text(50, 48, p.label, 6.5, p.ink, wide * 1.6)
    elif style == 1:
        for y in (44, 52, 60):
            c.box(50 - wide + 1, y, 50 + wide - 1, y + 3, p.accent)
    elif style == 2:
        c.dot(50, 50, 9, p.accent)
        c.box(38, 52, 62, 60, p.main)
    elif style == 3:
        c.box(54, 36, 64, 47, p.light, r=1)
    else:
        c.poly([(40, 58), (50, 40), (60, 58)], p.accent)


def jumper(c: Canvas, p: Paint) -> None:
    """A knitted jumper with ribbed hems."""
    wide = p.vary(22, 26)
    _torso(c, p, 82, 74, wide)
    c.box(50 - wide + 1, 77, 50 + wide - 1, 85, p.dark, r=1.5)
    _neck(c, p)
    style = p.rng.randrange(4)
    if style == 0:
        for x in range(-2, 3):
            c.line([(50 + x * 7, 32), (50 + x * 7, 76)], 1.4, p.light)
    elif style == 1:
        for at in range(7):
            mid = 50 - wide + 5 + at * (wide * 2 - 10) / 6
            c.poly([(mid - 3, 42), (mid, 36), (mid + 3, 42), (mid, 48)], p.accent)
    elif style == 2:
        c.box(50 - wide, 44, 50 + wide, 54, p.accent)
    else:
        for row in range(6):
            for column in range(-2, 3):
                c.line(
                    [(47 + column * 8, 34 + row * 7), (50 + column * 8, 37 + row * 7), (53 + column * 8, 34 + row * 7)],
                    0.9,
                    p.light,
                )


def jacket(c: Canvas, p: Paint) -> None:
    """A hooded shell jacket; a drop stands for waterproof."""
    wide = p.vary(22, 26)
    c.blob([(36, 22), (40, 8), (60, 8), (64, 22), (50, 28)], p.dark)
    c.blob([(42, 22), (45, 13), (55, 13), (58, 22), (50, 26)], darker(p.main, 0.5))
    _torso(c, p, 86, 76, wide)
    if p.rng.random() < 0.55:
        c.poly([(38, 17), (62, 17), (50 + wide, 23), (50 + wide, 42), (50 - wide, 42), (50 - wide, 23)], p.light)
    c.box(49, 18, 51, 86, p.accent)
    for side in (-1, 1):
        c.line([(50 + side * 8, 62), (50 + side * 15, 72)], 1.3, p.light)
    c.pie(41, 10, 59, 26, 0, 180, darker(p.main, 0.5))
    if p.has("lining", "down"):
        for y in (50, 57, 64, 71):
            c.line([(50 - wide + 2, y), (50 + wide - 2, y)], 0.6, p.dark)
    if p.has("water", "yes"):
        c.blob([(62, 30), (66, 38), (62, 42), (58, 38)], (130, 205, 250))
    c.text(38, 38, p.label[:2].upper(), 4, p.ink)


def dress(c: Canvas, p: Paint) -> None:
    """A dress of its length, sleeves and pattern."""
    hem = {"short": 66.0, "midi": 80.0}.get(p.word("length"), 92.0)
    flare = p.vary(20, 30)
    sleeve = {"short sleeves": 34.0, "long sleeves": 60.0}.get(p.word("sleeve"), 0.0)
    if sleeve:
        for side in (-1, 1):
            c.poly(
                [
                    (50 + side * 9, 16),
                    (50 + side * 15, 18),
                    (50 + side * (24 + (sleeve > 40) * 2), sleeve),
                    (50 + side * 17, sleeve + 3),
                    (50 + side * 11, 32),
                ],
                p.dark,
            )
    body: list[Point] = [
        (41, 12),
        (45, 20),
        (55, 20),
        (59, 12),
        (64, 18),
        (60, 42),
        (50 + flare, hem),
        (50 - flare, hem),
        (40, 42),
        (36, 18),
    ]
    c.poly(body, p.main)
    c.box(39.5, 40, 60.5, 44, p.dark)
    for at in range(26):
        y = 48 + (at % 6) * (hem - 52) / 6
        reach = 9 + (flare - 10) * (y - 44) / (hem - 44)
        x = 50 + p.vary(-1, 1) * reach
        if p.has("pattern", "floral"):
            for dx, dy in ((-1.2, 0), (1.2, 0), (0, -1.2), (0, 1.2)):
                c.dot(x + dx, y + dy, 1.1, p.light)
            c.dot(x, y, 0.8, WHITE)
        elif p.has("pattern", "polka"):
            c.dot(x, y, 1.6, p.light if p.ink == INK else WHITE)
    if p.has("pattern", "striped"):
        for at in range(-3, 4):
            c.line([(50 + at * 2.6, 45), (50 + at * (flare - 3) / 3.2, hem - 1)], 1, p.accent)


def jeans(c: Canvas, p: Paint) -> None:
    """A pair of jeans in its cut."""
    leg = {"slim": 10.0, "straight": 13.0}.get(p.word("cut"), 19.0)
    top = 12 if p.has("rise", "high") else 18
    for side in (-1, 1):
        c.poly(
            [
                (50, top + 4),
                (50 + side * 18, top),
                (50 + side * 20, 40),
                (50 + side * (10 + leg), 90),
                (50 + side * (10 - leg / 3), 90),
                (50 + side * 1.5, 44),
            ],
            p.main if side < 0 else darker(p.main, 0.08),
        )
    c.box(32, top - 2, 68, top + 5, p.dark, r=1)
    c.dot(50, top + 1.5, 1.4, (214, 173, 82))
    for side in (-1, 1):
        c.arc(50 + side * 13 - 8, top - 4, 50 + side * 13 + 8, top + 14, 20, 160, 0.8, (224, 190, 120))
    c.line([(50, top + 5), (50, 42)], 0.8, p.dark)
    c.box(56, top + 14, 64, top + 20, (150, 96, 60), r=0.6)


def scarf(c: Canvas, p: Paint) -> None:
    """A knotted scarf in its pattern."""
    c.blob([(26, 30), (50, 18), (74, 30), (66, 44), (50, 48), (34, 44)], p.dark)
    c.blob([(32, 30), (50, 24), (68, 30), (50, 38)], darker(p.main, 0.5))
    left, right = p.vary(78, 90), p.vary(74, 88)
    c.poly([(38, 42), (50, 42), (46, left), (28, left)], p.main)
    c.poly([(48, 42), (62, 42), (72, right), (54, right)], p.light)
    for x0, x1, y, ink in ((28, 46, left, p.main), (54, 72, right, p.light)):
        for at in range(6):
            x = x0 + (x1 - x0) * at / 5
            c.line([(x, y), (x, y + 4)], 1, ink)
    if not p.has("pattern", "plain"):
        for at in range(6):
            y = 50 + at * 6
            c.line([(36 - at * 1.4, y), (48 - at * 0.6, y)], 1.8, p.accent)
            c.line([(51 + at, y), (64 + at * 1.4, y)], 1.8, p.accent)
    if p.has("pattern", "checked"):
        c.line([(43, 46), (36, left - 2)], 1.8, p.accent)
        c.line([(56, 46), (64, right - 2)], 1.8, p.accent)
    c.box(41, 38, 59, 50, p.main, r=4)


def romper(c: Canvas, p: Paint) -> None:
    """A baby's romper with snaps."""
    for side in (-1, 1):
        c.poly(
            [
                (50 + side * 10, 18),
                (50 + side * 18, 20),
                (50 + side * 34, 42),
                (50 + side * 26, 50),
                (50 + side * 16, 40),
            ],
            p.dark,
        )
        c.poly([(50, 60), (50 + side * 20, 58), (50 + side * 20, 84), (50 + side * 6, 84)], p.main)
    c.poly([(39, 16), (61, 16), (68, 20), (71, 62), (50, 68), (29, 62), (32, 20)], p.main)
    c.pie(42, 9, 58, 24, 0, 180, darker(p.main, 0.4))
    if p.has("pattern", "striped"):
        for y in range(28, 60, 6):
            c.box(32, y, 68, y + 2.2, p.accent)
    elif p.has("pattern", "bear"):
        for x in (45, 55):
            c.dot(x, 36, 3, p.accent)
        c.dot(50, 42, 7.5, p.accent)
        for eye in (47.4, 52.6):
            c.dot(eye, 41, 0.9, INK)
    elif p.has("pattern", "star"):
        for _ in range(9):
            star_x, star_y = p.vary(36, 64), p.vary(28, 60)
            rays = [polar(star_x, star_y, 2.6 if ray % 2 == 0 else 0.9, ray * 45) for ray in range(8)]
            c.poly(rays, p.accent)
    else:
        c.box(44, 38, 56, 48, p.light, r=2)
    for x in (40, 50, 60):
        c.dot(x, 70, 1, METAL)


def backpack(c: Canvas, p: Paint) -> None:
    """A backpack: commuter, hiking or travel."""
    size = p.size("size", 25)
    wide, top = 17 + size / 6, 30 - size / 5
    c.arc(40, top - 10, 60, top + 12, 180, 360, 2.4, p.dark)
    if p.has("use", "hiking"):
        c.box(50 - wide - 4, 50, 50 + wide + 4, 70, p.dark, r=3)
        c.box(50 - wide + 3, top - 4, 50 + wide - 3, top + 8, p.accent, r=5)
    c.box(50 - wide, top, 50 + wide, 86, p.main, r=10 if not p.has("use", "travel") else 4)
    c.box(50 - wide + 5, 56, 50 + wide - 5, 82, p.light, r=4)
    c.line([(50 - wide + 7, 62), (50 + wide - 7, 62)], 1, p.dark)
    c.line([(50 - wide + 4, top + 16), (50 + wide - 4, top + 16)], 1.2, p.dark)
    if p.has("use", "travel"):
        for y in (44, 50):
            c.box(50 - wide, y, 50 + wide, y + 2, p.accent)
    for side in (-1, 1):
        c.box(50 + side * (wide - 1) - 1.5, 40, 50 + side * (wide - 1) + 1.5, 74, p.accent, r=1)
    c.box(42, top + 22, 58, top + 29, WHITE, r=1.5)
    c.text(50, top + 25.5, p.label, 3.2, INK, 14)


def headlamp(c: Canvas, p: Paint) -> None:
    """A headlamp on its strap, throwing light."""
    reach = 12 + p.size("lumen", 300) / 26
    c.poly([(50, 56), (50 - reach, 92), (50 + reach, 92)], (255, 244, 190))
    c.arc(14, 20, 86, 76, 150, 390, 6, p.main)
    c.arc(20, 26, 80, 76, 190, 350, 1.6, p.accent)
    c.box(35, 44, 65, 66, p.dark, r=6)
    c.dot(50, 55, 8, (255, 250, 220))
    c.dot(50, 55, 4.5, WHITE)
    c.text(50, 40, p.label, 3.4, INK, 34)
