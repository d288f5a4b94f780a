"""The text of a query: its language, and one normal form to match against, with the way back to what was typed."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−～〜"), "-")


def is_han(char: str) -> bool:
    """Whether a character is a Chinese ideograph."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"


def guess_language(text: str) -> str:
    """'zh' where the text holds any ideograph, 'en' otherwise: the two languages the guide words itself in."""
    return "zh" if any(map(is_han, text)) else "en"


class Normal(NamedTuple):
    """`text`: NFKC, lower case, plain dashes; one character for each of `original`, so that spans agree."""

    text: str
    original: str

    def source(self, start: int, end: int) -> str:
        """The piece as it was typed."""
        return self.original[start:end].strip()


def normalise(text: str) -> Normal:
    """Full width to half width, upper to lower case, character by character, so that positions stay."""
    folded = text.translate(_DASHES)
    return Normal("".join(map(_fold, folded)), folded)


def _fold(char: str) -> str:
    if char.isspace() or not char.isprintable():
        return " "
    low = unicodedata.normalize("NFKC", char).lower()
    return low if len(low) == 1 else char
