"""Jars, tubes, bottles, bags, boxes and books."""

from __future__ import annotations

from daogou.demo.pictures.canvas import Canvas, darker, lighter
from daogou.demo.pictures.paint import INK, METAL, WHITE, Paint


def jar(c: Canvas, p: Paint) -> None:
    """A jar of cream with its lid."""
    wide, tall = p.vary(23, 30), p.vary(24, 34)
    top, lid = 78 - tall, p.accent if p.rng.random() < 0.6 else METAL
    c.box(50 - wide, top, 50 + wide, 80, p.main, r=7)
    c.box(50 - wide, top, 50 - wide + 7, 80, p.light, r=3.5)
    c.box(50 - wide - 1.5, top - 13, 50 + wide + 1.5, top + 2, lid, r=3)
    c.box(50 - wide - 1.5, top - 4, 50 + wide + 1.5, top + 2, darker(lid, 0.12), r=2)
    middle = (top + 81) / 2
    c.box(50 - wide * 0.72, middle - 8, 50 + wide * 0.72, middle + 8, WHITE, r=2)
    c.text(50, middle - 2, p.label, 5.2, INK, wide * 1.3)
    c.text(50, middle + 4, p.word("hero").upper(), 2.6, p.dark, wide * 1.3)


def dropper(c: Canvas, p: Paint) -> None:
    """A dropper bottle."""
    wide = p.vary(14, 19)
    c.box(50 - wide, 42, 50 + wide, 84, p.main, r=6)
    c.box(50 - wide, 46, 50 - wide + 5, 82, p.light, r=2.5)
    c.poly([(50 - wide + 2, 44), (50 + wide - 2, 44), (57, 36), (43, 36)], p.main)
    c.box(42, 26, 58, 37, p.accent, r=1.5)
    c.box(45, 12, 55, 27, INK, r=4.5)
    c.box(50 - wide + 4, 54, 50 + wide - 4, 74, WHITE, r=1.5)
    c.text(50, 61, p.label, 4.6, INK, wide * 1.6)
    c.text(50, 68, p.word("strength", p.word("effect")), 3.2, p.dark, wide * 1.6)


def tube(c: Canvas, p: Paint) -> None:
    """A tube standing on its cap."""
    wide = p.vary(13, 18)
    c.poly([(50 - wide - 2, 14), (50 + wide + 2, 14), (50 + wide - 3, 74), (50 - wide + 3, 74)], p.main)
    c.box(50 - wide - 2, 12, 50 + wide + 2, 18, p.dark)
    c.poly([(50 - wide + 1, 18), (50 - wide + 6, 18), (50 - wide + 8, 74), (50 - wide + 4, 74)], p.light)
    c.box(50 - wide + 3, 74, 50 + wide - 3, 87, p.accent, r=2)
    c.text(50, 38, p.label, 5, p.ink, wide * 1.7)
    c.box(43, 43, 57, 44, p.ink)
    c.text(50, 49, p.word("hero").upper(), 2.8, p.ink, wide * 1.6)


def flat_tube(c: Canvas, p: Paint) -> None:
    """A flat bottle of sunscreen with a sun on it."""
    wide = p.vary(17, 21)
    c.box(50 - wide, 30, 50 + wide, 86, p.main, r=9)
    c.box(40, 16, 60, 31, p.accent, r=3)
    c.dot(50, 47, 8, (250, 205, 80))
    c.text(50, 64, p.word("spf").split()[0], 6, p.ink, wide * 1.7)
    c.text(50, 74, p.label, 4.4, p.ink, wide * 1.6)


def sachet(c: Canvas, p: Paint) -> None:
    """A sheet mask in its flat sachet, another behind it."""
    c.poly([(34, 14), (76, 20), (70, 84), (28, 78)], p.light)
    c.box(24, 14, 66, 84, p.main, r=2)
    c.box(24, 14, 66, 19, p.dark)
    c.blob([(34, 42), (45, 36), (56, 42), (58, 56), (45, 70), (32, 56)], WHITE)
    for x in (40, 50):
        c.oval(x - 3, 48, x + 3, 51, p.main)
    c.oval(41, 60, 49, 63, p.main)
    c.text(45, 27, p.label, 5, p.ink, 36)
    c.text(45, 77, p.word("count"), 3.6, p.ink, 36)


def coffee_bag(c: Canvas, p: Paint) -> None:
    """A bag of beans, its label tinted by the roast."""
    roast = {"light roast": (201, 152, 98), "medium roast": (150, 94, 56)}.get(p.word("roast"), (84, 52, 38))
    c.poly([(30, 20), (70, 20), (74, 86), (26, 86)], p.main)
    c.box(29, 14, 71, 22, p.dark, r=1)
    c.poly([(30, 22), (35, 22), (33, 86), (26, 86)], p.light)
    c.box(36, 36, 66, 72, WHITE, r=2)
    c.text(51, 42, p.label, 4.6, INK, 27)
    c.oval(43, 47, 59, 64, roast)
    c.line([(53, 48.5), (50, 54), (52, 58), (49, 62.5)], 1.2, lighter(roast, 0.45))
    c.text(51, 68.5, p.word("origin").upper(), 3, INK, 27)
    c.dot(51, 29, 2, p.dark)
    if p.has("caffeine", "decaf"):
        c.box(36, 75, 66, 81, p.accent, r=3)
        c.text(51, 78, "DECAF", 3.4, p.on(p.accent))


def tea_tin(c: Canvas, p: Paint) -> None:
    """Tea in a tin, a pouch or a gift box."""
    leaf = {"green tea": (110, 158, 76), "black tea": (139, 66, 42), "oolong tea": (92, 118, 88)}.get(
        p.word("type"), {"white tea": (190, 194, 160), "jasmine tea": (240, 226, 170)}.get(p.word("type"), (92, 56, 44))
    )
    if p.has("pack", "gift"):
        c.box(18, 34, 82, 82, p.main, r=2)
        c.box(18, 54, 82, 62, p.accent)
        c.box(46, 34, 54, 82, p.accent)
        c.blob([(50, 34), (38, 22), (34, 30), (46, 36)], p.accent)
        c.blob([(50, 34), (62, 22), (66, 30), (54, 36)], p.accent)
        c.text(33, 46, p.label, 4.4, p.ink, 24)
        c.dot(67, 72, 5, leaf)
        return
    if p.has("pack", "pouch"):
        c.poly([(30, 20), (70, 20), (74, 84), (26, 84)], p.main)
        c.box(29, 14, 71, 22, p.dark, r=1)
    else:
        c.box(31, 28, 69, 85, p.main, r=3)
        c.box(31, 32, 37, 83, p.light, r=2)
        c.box(30, 18, 70, 33, p.dark, r=4)
    c.box(40, 42, 63, 76, WHITE, r=1.5)
    c.blob([(51.5, 48), (58, 55), (51.5, 66), (45, 55)], leaf)
    c.line([(51.5, 52), (51.5, 68)], 0.8, WHITE)
    c.text(51.5, 71.5, p.label, 3.8, INK, 20)


def tea_bag(c: Canvas, p: Paint) -> None:
    """A carton of tea bags with one bag hanging out."""
    c.box(20, 36, 66, 84, p.main, r=2)
    c.poly([(20, 36), (30, 26), (76, 26), (66, 36)], p.light)
    c.poly([(66, 36), (76, 26), (76, 74), (66, 84)], p.dark)
    c.dot(43, 58, 12, WHITE)
    herb = p.rng.choice(((240, 200, 90), (214, 92, 92), (120, 170, 100), (232, 150, 80)))
    for turn in range(6):
        x = 43 + 6 * (0.5 if turn % 2 else 1) * (1 if turn < 3 else -1)
        c.dot(x, 52 + turn * 2.2, 2.6, herb)
    c.dot(43, 58, 3.2, p.accent)
    c.text(43, 77, p.label, 4.4, p.ink, 40)
    c.line([(74, 40), (84, 54)], 0.6, INK)
    c.poly([(79, 54), (90, 54), (90, 70), (79, 70)], WHITE)
    c.box(82, 60, 87, 68, herb, r=1)


def bottle(c: Canvas, p: Paint) -> None:
    """A sports bottle."""
    wide, top = p.vary(13, 17), 90 - 34 - p.size("size", 500) / 36
    top = max(28, top)
    c.box(50 - wide, top, 50 + wide, 88, p.main, r=6)
    c.box(50 - wide + 3, top + 5, 50 - wide + 6, 82, p.light, r=1.5)
    c.box(50 - wide + 2, top - 9, 50 + wide - 2, top + 3, p.dark, r=3)
    c.box(46, top - 17, 54, top - 7, p.accent, r=2)
    for y in range(int(top) + 12, 84, 8):
        c.box(50 + wide - 8, y, 50 + wide - 3, y + 1, p.ink)
    c.text(48, 62, p.label, 4.6, p.ink, wide * 1.3)


def flask(c: Canvas, p: Paint) -> None:
    """An insulated bottle; the lid tells its type."""
    tall = 44 + p.size("size", 500) / 30
    wide, top = p.vary(11, 14), 90 - tall
    c.box(50 - wide, top, 50 + wide, 88, p.main, r=4)
    c.box(50 - wide + 3, top + 4, 50 - wide + 6, 84, p.light, r=1.5)
    c.box(50 - wide, 80, 50 + wide, 84, METAL)
    c.box(50 - wide - 0.5, top - 10, 50 + wide + 0.5, top + 2, METAL if p.has("lid", "screw") else p.dark, r=3)
    if p.has("lid", "straw"):
        c.line([(53, top - 10), (57, top - 20)], 3, p.accent)
    elif p.has("lid", "flip"):
        c.box(44, top - 13, 60, top - 8, p.accent, r=2)
    c.text(51, 62, p.label, 4, p.ink, wide * 1.4)


def baby_bottle(c: Canvas, p: Paint) -> None:
    """A baby bottle with a scale."""
    wide, top = p.vary(14, 18), 52 - p.size("size", 240) / 24
    c.blob(
        [(50, top - 27), (54, top - 20), (58, top - 10), (50, top - 8), (42, top - 10), (46, top - 20)], (244, 214, 170)
    )
    c.box(50 - wide + 1, top - 11, 50 + wide - 1, top + 2, p.accent, r=3)
    c.box(50 - wide, top, 50 + wide, 88, lighter(p.main, 0.25), r=8)
    c.box(50 - wide, 60, 50 + wide, 88, WHITE, r=8)
    c.box(50 - wide, 58, 50 + wide, 70, WHITE)
    for y in range(int(top) + 10, 82, 7):
        c.box(50 + wide - 9, y, 50 + wide - 3, y + 0.9, INK)
    c.text(46, 74, p.label, 3.8, INK, wide * 1.3)


def nappy_pack(c: Canvas, p: Paint) -> None:
    """A soft pack of nappies."""
    c.blob([(22, 34), (36, 26), (64, 26), (78, 34), (80, 58), (77, 82), (50, 84), (23, 82), (20, 58)], p.main)
    c.line([(38, 26), (42, 15), (58, 15), (62, 26)], 2.4, p.dark)
    c.oval(30, 40, 70, 72, WHITE)
    c.blob([(39, 49), (61, 49), (58, 58), (54, 66), (46, 66), (42, 58)], p.accent)
    c.text(50, 77, p.label, 4.6, p.ink, 48)
    c.text(50, 55, p.word("nsize").split(" ")[0], 5.5, p.on(p.accent))


def pet_food(c: Canvas, p: Paint) -> None:
    """A bag of pet food with a face: a cat or a dog."""
    c.poly([(26, 18), (74, 18), (78, 86), (22, 86)], p.main)
    c.box(25, 12, 75, 20, p.dark, r=1)
    c.dot(50, 48, 15, WHITE)
    fur = p.rng.choice(((226, 152, 84), (120, 112, 108), (196, 160, 122), (90, 78, 72)))
    if p.has("pet", "cats"):
        c.poly([(39, 48), (40, 34), (48, 41)], fur)
        c.poly([(61, 48), (60, 34), (52, 41)], fur)
        c.oval(38.5, 39, 61.5, 59, fur)
    else:
        c.oval(39, 38, 61, 60, fur)
        c.oval(35, 40, 42.5, 56, darker(fur))
        c.oval(57.5, 40, 65, 56, darker(fur))
    for x in (45, 55):
        c.dot(x, 48, 1.7, INK)
    c.oval(48, 52, 52, 54.5, INK)
    c.text(50, 27, p.label, 5, p.ink, 42)
    c.box(31, 68, 69, 79, p.accent, r=4)
    c.text(50, 73.5, f"{p.word('flavour').upper()} {p.word('size')}", 3.8, p.on(p.accent), 34)


def book(c: Canvas, p: Paint) -> None:
    """A book with an abstract cover and its English title."""
    _volume(c, p, 27, 12, 75, 88)
    kind = p.rng.randrange(4)
    if kind == 0:
        c.dot(p.vary(44, 60), 52, p.vary(9, 14), p.accent)
        c.poly([(31, 88), (46, 62), (58, 78), (66, 68), (75, 88)], p.dark)
    elif kind == 1:
        for at in range(5):
            c.box(36 + at * 7, 74 - p.vary(6, 28), 41 + at * 7, 80, p.accent if at % 2 else p.light)
    elif kind == 2:
        for radius in (16, 11.5, 7):
            c.ring(53, 60, radius, 2.2, p.accent if radius != 11.5 else p.light)
    else:
        for at in range(4):
            c.line([(34, 56 + at * 6), (46, 52 + at * 6), (58, 58 + at * 6), (71, 53 + at * 6)], 1.8, p.accent)
    _title(c, p, 53, 24, 36, p.ink)


def picture_book(c: Canvas, p: Paint) -> None:
    """A wide picture book with a little scene."""
    _volume(c, p, 14, 20, 86, 82)
    c.box(19, 40, 86, 82, p.light)
    c.blob([(19, 70), (36, 62), (56, 70), (72, 63), (86, 68), (86, 82), (19, 82)], p.accent)
    c.dot(p.vary(66, 76), 50, 6, (252, 222, 120))
    x = p.vary(34, 54)
    fur = p.rng.choice(((226, 130, 84), (120, 130, 150), (150, 110, 84), (246, 240, 230)))
    c.oval(x - 8, 58, x + 8, 76, fur)
    c.dot(x, 56, 6.5, fur)
    ear = p.vary(2, 8)
    c.oval(x - 6, 50 - ear, x - 2, 56, fur)
    c.oval(x + 2, 50 - ear, x + 6, 56, fur)
    c.dot(x - 2.3, 55.5, 0.9, INK)
    c.dot(x + 2.3, 55.5, 0.9, INK)
    _title(c, p, 53, 29, 60, p.ink)


def _volume(c: Canvas, p: Paint, x0: float, y0: float, x1: float, y1: float) -> None:
    c.box(x0 + 2, y0 + 2, x1 + 2.5, y1 + 2, (236, 230, 216), r=1)
    c.box(x0, y0, x1, y1, p.main, r=1)
    c.box(x0, y0, x0 + 4, y1, p.dark, r=1)


def _title(c: Canvas, p: Paint, x: float, y: float, width: float, ink: tuple[int, int, int]) -> None:
    name = p.word("name") or f"{p.word('topic') or p.word('cuisine')} {p.word('style')}"
    words = name.split(" ")
    half = (len(words) + 1) // 2
    lines = [" ".join(words[:half]), " ".join(words[half:])] if len(words) > 2 else [name]
    for at, text in enumerate(lines):
        c.text(x, y + at * 6, text, 5, ink, width)
    c.text(x, y + 6 * len(lines), p.label, 2.8, ink, width)


def board_game(c: Canvas, p: Paint) -> None:
    """The box of a board game with dice and pawns."""
    c.poly([(14, 34), (22, 26), (86, 26), (78, 34)], p.light)
    c.poly([(78, 34), (86, 26), (86, 74), (78, 82)], p.dark)
    c.box(14, 34, 78, 82, p.main)
    _title(c, p, 46, 43, 56, p.ink)
    for at, colour in enumerate((p.accent, WHITE, p.light)):
        x = 28 + at * 13
        c.dot(x, 64, 3.2, colour)
        c.poly([(x - 4, 78), (x + 4, 78), (x + 1.5, 65), (x - 1.5, 65)], colour)
    c.box(60, 64, 72, 76, WHITE, r=2)
    for x, y in ((63, 67), (69, 73), (66, 70)):
        c.dot(x, y, 1.1, INK)
