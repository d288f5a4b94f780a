"""A small drawing surface in hundredths of the picture, drawn large and scaled down so that edges are smooth."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw, ImageFont

RGB = tuple[int, int, int]
Point = tuple[float, float]

SIZE = 480
_OVERSAMPLING = 2
_UNIT = SIZE * _OVERSAMPLING / 100
_QUALITY = 82


def mix(one: RGB, other: RGB, share: float) -> RGB:
    """`share` of `other` in `one`: 0 is `one`, 1 is `other`."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return r, g, b


def lighter(colour: RGB, share: float = 0.35) -> RGB:
    """The colour with white in it."""
    return mix(colour, (255, 255, 255), share)


def darker(colour: RGB, share: float = 0.25) -> RGB:
    """The colour with a dark blue-grey in it."""
    return mix(colour, (24, 28, 40), share)


def lightness(colour: RGB) -> float:
    """Perceived lightness, 0 black to 1 white."""
    r, g, b = colour
    return (0.299 * r + 0.587 * g + 0.114 * b) / 255


class Canvas:
    """Shapes by their corners in units 0..100, y downwards."""

    def __init__(self, background: RGB) -> None:
        side = SIZE * _OVERSAMPLING
        self._image = Image.new("RGB", (side, side), background)
        self._draw = ImageDraw.Draw(self._image)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: RGB, r: float = 0) -> None:
        """A rectangle with corners rounded by `r`."""
        corners = (x0 * _UNIT, y0 * _UNIT, x1 * _UNIT, y1 * _UNIT)
        if r:
            self._draw.rounded_rectangle(corners, r * _UNIT, fill)
        else:
            self._draw.rectangle(corners, fill)

    def oval(self, x0: float, y0: float, x1: float, y1: float, fill: RGB) -> None:
        """An ellipse in that rectangle."""
        self._draw.ellipse((x0 * _UNIT, y0 * _UNIT, x1 * _UNIT, y1 * _UNIT), fill)

    def dot(self, x: float, y: float, r: float, fill: RGB) -> None:
        """A disc around a point."""
        self.oval(x - r, y - r, x + r, y + r, fill)

    def ring(self, x: float, y: float, r: float, width: float, fill: RGB) -> None:
        """A circle of that line width; `r` is the outer radius."""
        corners = ((x - r) * _UNIT, (y - r) * _UNIT, (x + r) * _UNIT, (y + r) * _UNIT)
        self._draw.ellipse(corners, outline=fill, width=round(width * _UNIT))

    def arc(
        self, x0: float, y0: float, x1: float, y1: float, start: float, end: float, width: float, fill: RGB
    ) -> None:
        """Part of an ellipse's line, degrees clockwise from three o'clock."""
        corners = (x0 * _UNIT, y0 * _UNIT, x1 * _UNIT, y1 * _UNIT)
        self._draw.arc(corners, start, end, fill, round(width * _UNIT))

    def pie(self, x0: float, y0: float, x1: float, y1: float, start: float, end: float, fill: RGB) -> None:
        """A slice of an ellipse."""
        self._draw.pieslice((x0 * _UNIT, y0 * _UNIT, x1 * _UNIT, y1 * _UNIT), start, end, fill)

    def poly(self, points: Sequence[Point], fill: RGB) -> None:
        """A polygon."""
        self._draw.polygon([(x * _UNIT, y * _UNIT) for x, y in points], fill)

    def blob(self, points: Sequence[Point], fill: RGB) -> None:
        """A closed smooth curve through the points (Catmull-Rom)."""
        self.poly(_smooth(points), fill)

    def line(self, points: Sequence[Point], width: float, fill: RGB) -> None:
        """A line with round ends and corners."""
        self._draw.line([(x * _UNIT, y * _UNIT) for x, y in points], fill, round(width * _UNIT), joint="curve")
        for x, y in (points[0], points[-1]):
            self.dot(x, y, width / 2, fill)

    def text(self, x: float, y: float, words: str, size: float, fill: RGB, limit: float = 90) -> None:
        """Words centred on a point; smaller where they would be wider than `limit`."""
        font = _font(round(size * _UNIT))
        wide = self._draw.textlength(words, font) / _UNIT
        if wide > limit:
            font = _font(max(8, round(size * _UNIT * limit / wide)))
        self._draw.text((x * _UNIT, y * _UNIT), words, fill, font, anchor="mm")

    def webp(self) -> bytes:
        """The picture at its final size."""
        small = self._image.reduce(_OVERSAMPLING)
        out = io.BytesIO()
        small.save(out, "WEBP", quality=_QUALITY, method=2)
        return out.getvalue()


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _smooth(points: Sequence[Point], steps: int = 10) -> list[Point]:
    out: list[Point] = []
    count = len(points)
    for at in range(count):
        p0, p1, p2, p3 = (points[(at + shift) % count] for shift in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            out.append((_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t)))
    return out


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def polar(x: float, y: float, r: float, degrees: float) -> Point:
    """The point at distance `r` and angle from (x, y)."""
    return x + r * math.cos(math.radians(degrees)), y + r * math.sin(math.radians(degrees))
