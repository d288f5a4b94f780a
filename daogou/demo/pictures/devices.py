"""Phones, computers, audio and household appliances."""

from __future__ import annotations

from daogou.demo.pictures.canvas import RGB, Canvas, darker, lighter, polar
from daogou.demo.pictures.paint import INK, METAL, SCREEN, WHITE, Paint


def _wallpaper(c: Canvas, p: Paint, x0: float, y0: float, x1: float, y1: float) -> None:
    sky: RGB = lighter(p.accent, 0.2)
    c.box(x0, y0, x1, y1, sky, r=1.5)
    wide, tall = x1 - x0, y1 - y0
    c.dot(x0 + wide * p.vary(0.25, 0.75), y0 + tall * p.vary(0.25, 0.45), min(wide, tall) * p.vary(0.1, 0.18), WHITE)
    peak = p.vary(0.3, 0.7)
    c.poly([(x0, y1), (x0 + wide * peak, y0 + tall * 0.55), (x1, y1)], darker(p.accent, 0.3))
    c.poly([(x0, y1), (x0, y0 + tall * 0.8), (x0 + wide * 0.5, y0 + tall * 0.7), (x1, y1)], darker(p.accent, 0.5))


def phone(c: Canvas, p: Paint) -> None:
    """A phone from behind with its cameras, and its screen in front."""
    wide = {"6.1 in": 13.0, "6.5 in": 14.2}.get(p.word("screen"), 15.5)
    tall = wide * 2.15
    x, y = 40.0, 48.0
    c.box(x - wide, y - tall, x + wide, y + tall, p.main, r=4.5)
    c.box(x - wide, y - tall, x - wide + 2, y + tall, p.light, r=1)
    style = p.rng.randrange(3)
    bump = p.dark
    if style == 0:
        c.box(x - wide + 2.5, y - tall + 3, x - wide + 13, y - tall + 20, bump, r=4)
        spots = [(x - wide + 7.8, y - tall + 7.5), (x - wide + 7.8, y - tall + 15.5)]
    elif style == 1:
        c.dot(x, y - tall + 13, 9.5, bump)
        spots = [(x - 3.6, y - tall + 10), (x + 3.6, y - tall + 10), (x, y - tall + 16.5)]
    else:
        c.box(x - wide, y - tall + 5, x + wide, y - tall + 14, bump)
        spots = [(x - 7, y - tall + 9.5), (x, y - tall + 9.5), (x + 7, y - tall + 9.5)]
    for sx, sy in spots:
        c.dot(sx, sy, 3, SCREEN)
        c.dot(sx - 0.8, sy - 0.8, 0.9, (120, 140, 170))
    c.text(x, y + tall - 8, p.label, 3.6, p.ink, wide * 1.5)
    fx, fy = 64.0, 52.0
    c.box(fx - wide, fy - tall, fx + wide, fy + tall, SCREEN, r=4.5)
    _wallpaper(c, p, fx - wide + 1.4, fy - tall + 1.6, fx + wide - 1.4, fy + tall - 1.6)
    c.box(fx - 3, fy - tall + 3, fx + 3, fy - tall + 4.6, SCREEN, r=0.8)
    c.text(fx, fy - tall * 0.62, f"{p.rng.randint(7, 21):02d}:{p.rng.randrange(60):02d}", 5.4, WHITE)


def case(c: Canvas, p: Paint) -> None:
    """A phone case seen from behind."""
    wide = {"6.1 in": 17.0, "6.5 in": 18.5}.get(p.word("fits"), 20.0)
    tall = wide * 2
    c.box(50 - wide - 1.5, 50 - tall - 1.5, 50 + wide + 1.5, 50 + tall + 1.5, p.dark, r=6.5)
    c.box(50 - wide, 50 - tall, 50 + wide, 50 + tall, p.main, r=5.5)
    c.box(50 - wide + 3, 50 - tall + 3, 50 - wide + 15, 50 - tall + 21, SCREEN, r=4)
    for y in (8.5, 15.5):
        c.dot(50 - wide + 9, 50 - tall + y, 3.2, (70, 78, 92))
    if p.has("magnet", "yes"):
        c.ring(50, 54, 11, 1.6, p.light)
    if p.has("style", "leather"):
        for y in range(int(50 - tall) + 26, int(50 + tall) - 2, 5):
            c.line([(50 - wide + 3, y), (50 + wide - 3, y)], 0.5, p.dark)
    elif p.has("style", "silicone"):
        c.text(50, 54, p.label[0], 9, p.ink)
    else:
        for at in range(p.rng.randint(2, 5)):
            c.dot(50 + p.vary(-wide + 5, wide - 5), 50 + p.vary(0, tall - 6), 1.6 + at * 0.5, p.accent)
    c.text(50, 50 + tall - 6, p.label, 3.6, p.ink, wide * 1.4)


def power_bank(c: Canvas, p: Paint) -> None:
    """A power bank with its charge lights and cable."""
    wide = 14 + p.size("capacity", 10000) / 1500
    c.line([(50, 18), (50, 10), (66, 8), (80, 16)], 1.8, INK)
    c.box(50 - wide, 20, 50 + wide, 84, p.main, r=6)
    c.box(50 - wide, 20, 50 - wide + 4, 84, p.light, r=2)
    c.box(44, 17, 56, 21, METAL, r=1)
    for at in range(4):
        c.dot(50 - 7.5 + at * 5, 74, 1.4, (120, 220, 140) if at < 3 else p.dark)
    c.text(50, 44, p.word("capacity").split(" ")[0], 7, p.ink, wide * 1.6)
    c.text(50, 51, "mAh", 3.6, p.ink)
    c.text(50, 62, p.label, 4.2, p.ink, wide * 1.6)


def laptop(c: Canvas, p: Paint) -> None:
    """An open laptop; the screen shows what it is for."""
    wide = 22 + p.size("screen", 14) * 0.95
    top = 74 - wide * 1.22
    c.box(50 - wide, top, 50 + wide, 72, darker(p.main, 0.15), r=3)
    c.box(50 - wide + 1.8, top + 1.8, 50 + wide - 1.8, 70, SCREEN, r=1)
    if p.has("use", "programming"):
        for at in range(9):
            x = 50 - wide + 5 + 3 * p.rng.randrange(4)
            long = p.vary(8, wide)
            colour = p.rng.choice(((120, 200, 160), (240, 180, 110), (130, 170, 240), (220, 130, 170)))
            c.box(x, top + 5 + at * 4.2, x + long, top + 6.6 + at * 4.2, colour, r=0.8)
    else:
        _wallpaper(c, p, 50 - wide + 2.6, top + 2.6, 50 + wide - 2.6, 69.2)
        if p.has("use", "gaming"):
            c.ring(50, 52, 9, 1.4, (240, 90, 90))
            c.line([(50, 40), (50, 64)], 0.8, (240, 90, 90))
            c.line([(38, 52), (62, 52)], 0.8, (240, 90, 90))
    c.poly([(50 - wide - 3, 72), (50 + wide + 3, 72), (50 + wide + 8, 80), (50 - wide - 8, 80)], p.main)
    c.box(50 - wide - 8, 79, 50 + wide + 8, 82.5, p.dark, r=1.5)
    c.poly([(43, 75), (57, 75), (58, 78.5), (42, 78.5)], darker(p.main, 0.12))
    c.text(50, 66.6, p.label, 2.8, WHITE, 40)


def keyboard(c: Canvas, p: Paint) -> None:
    """A keyboard from above; wider with a number pad."""
    wide = {"68-key": 31, "87-key": 37}.get(p.word("keys"), 43)
    c.box(50 - wide, 34, 50 + wide, 72, p.main, r=4)
    c.box(50 - wide, 68, 50 + wide, 72, p.dark, r=2)
    cap, odd = (p.light if p.ink == WHITE else darker(p.main, 0.1)), p.accent
    columns = round(wide / 3)
    step = (2 * wide - 5) / columns
    for row in range(5):
        for column in range(columns):
            x, y = 50 - wide + 2.5 + column * step, 37 + row * 6
            if row == 4 and columns // 4 < column < columns * 3 // 4:
                continue
            special = p.rng.random() < 0.09 or (row, column) == (0, 0)
            c.box(x + 0.4, y, x + step - 0.4, y + 5, odd if special else cap, r=1)
    left = 50 - wide + 2.5 + (columns // 4 + 1) * step
    c.box(left + 0.4, 61, 50 - wide + 2.1 + (columns * 3 // 4) * step, 66, cap, r=1)
    c.text(50, 27, p.label, 4.4, INK, 60)


def mouse(c: Canvas, p: Paint) -> None:
    """A mouse: flat, or tall and slanted."""
    if p.has("link", "wired"):
        c.line([(50, 22), (50, 14), (58, 8), (70, 10)], 1.6, INK)
    if p.has("grip", "vertical"):
        c.blob([(34, 80), (30, 60), (40, 32), (56, 22), (68, 36), (72, 62), (70, 80), (52, 84)], p.main)
        c.blob([(40, 32), (56, 22), (62, 30), (52, 44), (42, 48)], p.light)
        c.line([(60, 32), (52, 56)], 1, p.dark)
        c.oval(31, 56, 40, 66, p.accent)
    else:
        wide = 17 if p.has("grip", "travel") else 20
        c.blob(
            [
                (50 - wide, 44),
                (50 - wide * 0.7, 26),
                (50, 20),
                (50 + wide * 0.7, 26),
                (50 + wide, 44),
                (50 + wide, 66),
                (50 + wide * 0.6, 82),
                (50, 86),
                (50 - wide * 0.6, 82),
                (50 - wide, 66),
            ],
            p.main,
        )
        c.line([(50 - wide + 1, 46), (50 + wide - 1, 46)], 0.8, p.dark)
        c.line([(50, 21), (50, 46)], 0.8, p.dark)
        c.box(47.6, 28, 52.4, 40, p.accent, r=2.4)
    c.text(50, 70, p.label, 4, p.ink, 24)


def monitor(c: Canvas, p: Paint) -> None:
    """A monitor on its stand."""
    wide = 22 + p.size("size", 24) * 0.55
    c.box(47, 66, 53, 82, p.dark)
    c.box(34, 81, 66, 85, p.main, r=2)
    c.box(50 - wide, 22, 50 + wide, 70, p.main, r=2)
    c.box(50 - wide + 1.5, 23.5, 50 + wide - 1.5, 67, SCREEN)
    _wallpaper(c, p, 50 - wide + 2, 24, 50 + wide - 2, 66.5)
    c.text(50, 34, p.word("res"), 7, WHITE)
    c.text(50, 42, p.word("hz"), 4, WHITE)
    c.text(50, 73, p.label, 2.6, INK)


def headphones(c: Canvas, p: Paint) -> None:
    """Headphones from the front."""
    band = p.vary(4, 6.5)
    c.arc(22, 14, 78, 86, 180, 360, band, p.main)
    c.arc(25, 18, 75, 84, 200, 340, 2, p.light)
    round_cups = p.rng.random() < 0.5
    for x in (22, 78):
        c.box(x - 1.8, 42, x + 1.8, 56, METAL, r=1)
        if round_cups:
            c.oval(x - 11, 48, x + 11, 80, p.main)
            c.oval(x - 6.5, 54, x + 6.5, 74, p.accent)
        else:
            c.box(x - 9.5, 48, x + 9.5, 82, p.main, r=8)
            c.box(x - 5.5, 54, x + 5.5, 76, p.dark, r=5)
    pad = darker(p.main, 0.45)
    c.box(30, 52, 36, 78, pad, r=3)
    c.box(64, 52, 70, 78, pad, r=3)
    c.text(50, 62, p.label, 4.6, INK, 25)


def earbuds(c: Canvas, p: Paint) -> None:
    """Earbuds above their open case."""
    wide = p.vary(22, 29)
    c.box(50 - wide, 58, 50 + wide, 84, p.main, r=11)
    c.box(50 - wide + 2, 58, 50 + wide - 2, 64, p.dark, r=3)
    c.dot(50, 75, 1.2, (120, 220, 140))
    c.text(50, 70, p.label, 3.6, p.ink, wide * 1.4)
    for x, side in ((36, -1), (64, 1)):
        if p.has("fit", "hook"):
            c.arc(x - 10, 14, x + 10, 50, 180, 360 if side > 0 else 350, 2.6, p.dark)
        c.dot(x, 34, 8.5, p.main)
        c.dot(x - 2.5, 31, 2.2, p.light)
        if p.has("fit", "in-ear"):
            c.oval(x - side * 13 - 4, 31, x - side * 13 + 4, 40, p.accent)
        c.box(x - 2.8, 38, x + 2.8, 56, p.main, r=2.8)
        c.box(x - 2.8, 53, x + 2.8, 56, METAL, r=1)


def speaker(c: Canvas, p: Paint) -> None:
    """A speaker: a can, a brick or a ball with a strap."""
    mesh, size = p.dark, 0.75 + min(40.0, p.size("power", 10)) / 90
    form = p.word("model")
    if form in ("Brick", "Boom"):
        wide, tall = 38 * size, 17 * size
        c.box(50 - wide, 58 - tall, 50 + wide, 58 + tall, p.main, r=8)
        for x in (50 - wide * 0.5, 50 + wide * 0.5):
            c.dot(x, 58, tall * 0.72, mesh)
            c.dot(x, 58, tall * 0.36, p.light)
        c.text(50, 58, p.label[:2].upper(), 4.5, p.ink)
        y = 58 + tall
    elif form == "Shell":
        radius = 31 * size
        c.dot(50, 84 - radius, radius, p.main)
        for at in range(1, 5):
            c.ring(50, 84 - radius, radius * at / 5, 0.8, mesh)
        c.text(50, 84 - radius, p.label, 4.2, p.ink, radius)
        y = 84.0
    else:
        wide = 19 * size
        c.box(50 - wide, 24, 50 + wide, 84, p.main, r=9)
        for row in range(7):
            for column in range(-2, 3):
                c.dot(50 + column * wide * 0.36, 36 + row * 5, 1, mesh)
        c.oval(50 - wide, 22, 50 + wide, 32, p.accent)
        c.text(50, 76, p.label, 4.2, p.ink, wide * 1.6)
        y = 84.0
    if p.has("place", "outdoor"):
        c.arc(66, y - 34, 88, y - 6, 270, 90, 2, p.accent)


def watch(c: Canvas, p: Paint) -> None:
    """A sports watch, round or square."""
    c.box(39, 8, 61, 36, p.main, r=4)
    c.box(39, 64, 61, 92, p.main, r=4)
    for y in (74, 79, 84):
        c.dot(50, y, 1, p.dark)
    case = darker(p.main, 0.4)
    if p.rng.random() < 0.5:
        c.dot(50, 50, 23, case)
        c.dot(50, 50, 19.5, SCREEN)
    else:
        c.box(28, 28, 72, 72, case, r=9)
        c.box(31.5, 31.5, 68.5, 68.5, SCREEN, r=6)
    c.box(72, 46, 76, 54, METAL, r=1)
    c.text(50, 44, f"{p.rng.randint(5, 21):02d}:{p.rng.randrange(60):02d}", 8, WHITE)
    c.arc(40, 40, 60, 60, 30, 30 + p.vary(60, 200), 2, p.accent)
    c.text(50, 54, p.label, 3, lighter(p.accent), 26)


def vacuum(c: Canvas, p: Paint) -> None:
    """A robot, a cordless stick or an upright vacuum."""
    if p.has("style", "robot"):
        c.oval(14, 44, 86, 84, p.dark)
        c.oval(14, 38, 86, 78, p.main)
        c.oval(40, 48, 60, 60, p.accent)
        c.oval(45, 51, 55, 57, SCREEN)
        c.text(50, 69, p.label, 4, p.ink, 40)
        return
    stick = p.has("style", "stick")
    c.line([(64, 16), (40, 80)], 2.6, METAL)
    c.box(22, 78, 58, 86, p.dark, r=3)
    c.box(24, 84, 56, 87, p.accent if p.has("pet", "yes") else INK, r=1.5)
    if stick:
        c.blob([(56, 14), (70, 10), (78, 18), (76, 34), (66, 42), (58, 34)], p.main)
        c.dot(67, 25, 6, p.accent)
        c.arc(64, 8, 88, 38, 300, 110, 3, p.dark)
        c.text(67, 36.5, p.label, 2.8, p.ink, 16)
    else:
        c.blob([(42, 30), (58, 22), (66, 34), (60, 66), (48, 74), (38, 64)], p.main)
        c.box(46, 40, 58, 58, lighter(p.accent, 0.3), r=3)
        c.line([(64, 16), (72, 12), (76, 20)], 3, p.dark)
        c.text(52, 66, p.label, 3, p.ink, 16)


def purifier(c: Canvas, p: Paint) -> None:
    """A tower or a box of an air purifier."""
    tall = 30 + p.size("cadr", 300) / 16
    wide = p.vary(17, 22)
    top = 88 - tall
    c.box(50 - wide, top, 50 + wide, 87, p.main, r=5)
    c.oval(50 - wide + 3, top - 2, 50 + wide - 3, top + 7, p.dark)
    rows = p.rng.randint(6, 10)
    for row in range(rows):
        y = top + 22 + row * (tall - 28) / rows
        c.box(50 - wide + 5, y, 50 + wide - 5, y + 1.3, p.dark, r=0.6)
    c.dot(50, top + 14, 4.5, SCREEN)
    c.text(50, top + 14, str(p.rng.randint(6, 60)), 3.4, (120, 220, 160))
    c.text(50, 83, p.label, 3.2, p.ink, wide * 1.6)


def humidifier(c: Canvas, p: Paint) -> None:
    """A humidifier breathing mist."""
    mist = (255, 255, 255)
    for x, y, r in ((50, 14, 5), (57, 20, 4), (44, 22, 3.5), (52, 27, 3)):
        c.dot(x + p.vary(-2, 2), y, r, mist)
    wide = 14 + p.size("tank", 3) * 2
    c.blob(
        [
            (50, 32),
            (50 + wide * 0.7, 42),
            (50 + wide, 66),
            (50 + wide * 0.8, 86),
            (50 - wide * 0.8, 86),
            (50 - wide, 66),
            (50 - wide * 0.7, 42),
        ],
        p.main,
    )
    c.box(50 - wide * 0.85, 78, 50 + wide * 0.85, 87, p.dark, r=3)
    c.oval(43, 30, 57, 37, p.dark)
    c.blob([(50, 52), (55, 61), (50, 66), (45, 61)], p.accent)
    c.text(50, 73, p.label, 3.4, p.ink, wide * 1.4)


def rice_cooker(c: Canvas, p: Paint) -> None:
    """A rice cooker; larger for more litres."""
    wide = 20 + p.size("size", 3) * 2.6
    c.box(50 - wide, 44, 50 + wide, 84, p.main, r=10)
    c.blob([(50 - wide, 46), (50 - wide * 0.6, 32), (50 + wide * 0.6, 32), (50 + wide, 46), (50, 50)], p.light)
    c.box(42, 29, 58, 34, p.dark, r=2)
    c.box(38, 54, 62, 70, SCREEN, r=3)
    c.text(50, 62, p.word("size"), 5, (140, 220, 240), 20)
    c.box(30, 58, 35, 63, p.accent, r=2)
    c.box(65, 58, 70, 63, p.accent, r=2)
    c.text(50, 77, p.label, 3.6, p.ink, 30)
    c.line([(50 - wide - 1, 56), (50 - wide - 4, 62), (50 - wide - 1, 68)], 2, p.dark)


def lamp(c: Canvas, p: Paint) -> None:
    """A desk lamp with its cone of light."""
    glow = (255, 240, 186)
    clip = p.has("style", "clip")
    hx, hy = (36, 34) if p.has("style", "folding") else (30, 28)
    c.poly([(hx - 7, hy + 6), (hx + 9, hy + 9), (hx + 18, 86), (hx - 22, 86)], glow)
    c.line([(66, 84), (68, 48), (hx + 4, hy)], 2.6, p.dark)
    c.dot(68, 48, 2.8, p.accent)
    c.poly([(hx - 9, hy + 6), (hx - 4, hy - 7), (hx + 8, hy - 5), (hx + 11, hy + 9)], p.main)
    if clip:
        c.box(58, 78, 76, 83, p.main, r=1)
        c.box(60, 84, 88, 88, (170, 130, 96))
    else:
        c.oval(50, 80, 82, 90, p.main)
    c.text(66, 85, p.label, 3, p.ink if not clip else INK, 22)


def espresso(c: Canvas, p: Paint) -> None:
    """A coffee machine: capsule, lever or bean-to-cup."""
    wide = {"capsule": 17, "semi-automatic": 25}.get(p.word("type"), 28)
    c.box(50 - wide, 22, 50 + wide, 86, p.main, r=5)
    c.box(50 - wide + 5, 48, 50 + wide - 5, 76, darker(p.main, 0.5), r=2)
    c.box(50 - wide, 78, 50 + wide, 87, p.dark, r=3)
    c.box(45, 46, 55, 53, METAL, r=1)
    if p.has("type", "semi"):
        c.line([(50, 53), (66, 55)], 2.6, INK)
        c.line([(50 + wide - 6, 46), (50 + wide - 3, 64)], 1.4, METAL)
        c.dot(50 - wide + 9, 34, 5, WHITE)
        c.line([(50 - wide + 9, 34), (50 - wide + 12, 31)], 0.8, INK)
    elif p.has("type", "bean"):
        c.poly([(36, 12), (64, 12), (60, 22), (40, 22)], (140, 150, 160))
        c.box(40, 30, 60, 40, SCREEN, r=1.5)
        c.text(50, 35, "ESPRESSO", 2.6, WHITE)
    else:
        c.dot(50, 34, 5, p.accent)
    c.box(44, 65, 56, 76, WHITE, r=2)
    c.line([(50, 54), (50, 66)], 0.9, (100, 62, 40))
    c.text(50, 82.5, p.label, 3.6, p.ink, wide * 1.6)


def grinder(c: Canvas, p: Paint) -> None:
    """A hand mill with its crank, or an electric grinder."""
    if p.has("drive", "manual"):
        c.box(39, 34, 61, 86, p.main, r=4)
        c.box(39, 58, 61, 61, METAL)
        c.oval(40, 29, 60, 37, p.dark)
        c.line([(50, 32), (50, 20), (74, 16)], 2, METAL)
        c.dot(75, 16, 4, p.accent)
        c.text(50, 72, p.label, 3.6, p.ink, 19)
        return
    c.poly([(36, 14), (64, 14), (59, 36), (41, 36)], (206, 216, 222))
    for x, y in ((45, 28), (50, 25), (55, 29), (50, 32)):
        c.oval(x - 2.4, y - 1.6, x + 2.4, y + 1.6, (92, 58, 40))
    c.box(36, 35, 64, 86, p.main, r=4)
    c.box(40, 62, 60, 82, darker(p.main, 0.45), r=2)
    c.dot(50, 49, 6, p.accent)
    c.line([(50, 49), polar(50, 49, 5, p.vary(0, 360))], 1, WHITE)
    c.text(50, 58.5, p.label, 3, p.ink, 24)
