"""What a shape needs to know: the colours, the label, the product's values, and chance for small differences."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from daogou.demo.pictures.canvas import RGB, Canvas, darker, lighter, lightness
from daogou.demo.wording import Values, number

WHITE: RGB = (250, 250, 248)
INK: RGB = (43, 46, 53)
METAL: RGB = (196, 202, 210)
SCREEN: RGB = (30, 34, 44)


@dataclass(frozen=True, slots=True)
class Paint:
    """`main` is the product's own colour, `accent` goes with it, `label` is the brand in Latin letters."""

    main: RGB
    accent: RGB
    label: str
    values: Values
    rng: Random

    @property
    def dark(self) -> RGB:
        """A shade of the main colour."""
        return darker(self.main)

    @property
    def light(self) -> RGB:
        """A tint of the main colour."""
        return lighter(self.main)

    @property
    def ink(self) -> RGB:
        """Legible on the main colour."""
        return INK if lightness(self.main) > 0.55 else WHITE

    def on(self, colour: RGB) -> RGB:
        """Legible on that colour."""
        return INK if lightness(colour) > 0.55 else WHITE

    def has(self, key: str, *wanted: str) -> bool:
        """One of the English values of `key` contains one of the wanted words."""
        return any(word in value.en for value in self.values.get(key, ()) for word in wanted)

    def word(self, key: str, default: str = "") -> str:
        """The first English value of `key`."""
        known = self.values.get(key)
        return known[0].en if known else default

    def size(self, key: str, default: float) -> float:
        """The number in the first value of `key`."""
        return number(self.word(key)) or default

    def vary(self, low: float, high: float) -> float:
        """A number between, for proportions that differ from product to product."""
        return self.rng.uniform(low, high)


Shape = Callable[[Canvas, Paint], None]
