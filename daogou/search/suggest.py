"""Completion: brands, categories and titles that begin with what was typed, or have a word that does."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from daogou.records import Product
from daogou.search.language import guess_language, is_han, normalise

_WORD_STARTS = re.compile(r"(?<![a-z0-9])[a-z0-9]")
_MAX_STARTS = 6
_MAX_LENGTH = 80
_LOOKED_AT = 400
_CATEGORY, _BRAND, _TITLE = 0, 1, 2


class Completer:
    """Sorted keys and binary search. Built once per index version; about 300 bytes a title."""

    def __init__(self, products: Iterable[Product]) -> None:
        counts: dict[tuple[int, str], int] = {}
        for product in products:
            for wording in product.wordings():
                if wording.brand:
                    counts[_BRAND, wording.brand] = counts.get((_BRAND, wording.brand), 0) + 1
                if wording.category:
                    last = wording.category[-1]
                    counts[_CATEGORY, last] = counts.get((_CATEGORY, last), 0) + 1
                title = wording.title[:_MAX_LENGTH]
                counts[_TITLE, title] = counts.get((_TITLE, title), 0) + 1
        self._shown = [(kind, -count, text) for (kind, text), count in counts.items()]
        keys = [(key, at) for at, (_, _, text) in enumerate(self._shown) for key in _keys(text)]
        keys.sort()
        self._keys = [key for key, _ in keys]
        self._places = [place for _, place in keys]

    def complete(self, prefix: str, language: str, limit: int) -> list[str]:
        """At most `limit` completions: categories, then brands, then titles; those in the shopper's language first."""
        wanted = " ".join(normalise(prefix).text.split())
        if not wanted or limit <= 0:
            return []
        at = bisect_left(self._keys, wanted)
        found: dict[int, None] = {}
        for place in range(at, min(at + _LOOKED_AT, len(self._keys))):
            if not self._keys[place].startswith(wanted):
                break
            found[self._places[place]] = None
        best = sorted(found, key=lambda one: (guess_language(self._shown[one][2]) != language, *self._shown[one]))
        return [self._shown[one][2] for one in best[:limit]]


def _keys(text: str) -> Sequence[str]:
    """The text from its beginning and from its next words; Chinese from each of its first characters."""
    plain = " ".join(normalise(text).text.split())
    starts = [match.start() for match in _WORD_STARTS.finditer(plain)][:_MAX_STARTS]
    starts += [at for at, char in enumerate(plain) if is_han(char)][:_MAX_STARTS]
    return [plain[at : at + _MAX_LENGTH] for at in dict.fromkeys([0, *starts])] if plain else []
