"""The catalogue's own vocabulary, ready to be found in a query: brands, categories, values, names of fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from daogou.search.language import normalise

Kind = Literal["brand", "category", "value", "field"]
_TOKEN = re.compile(r"[a-z]+|\d+(?:\.\d+)?|[\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]")
_MAX_TOKENS = 12
_MAX_HELD = 50


class Token(NamedTuple):
    """One word, one number or one ideograph of a normalised text, and where it stands."""

    key: str
    start: int
    end: int


class Entry(NamedTuple):
    """What a surface can mean: a filter `field` and the `value` the index holds (of a field's name: the field)."""

    kind: Kind
    field: str
    value: str


class Match(NamedTuple):
    """A surface found in a text, with everything it can mean."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    first: int
    last: int
    """Positions of the first token and of the one after the last."""


@dataclass(frozen=True, slots=True)
class NumberField:
    """A field that holds numbers: its unit (may be empty) and what stands in the catalogue."""

    field: str
    unit: str = ""
    low: float = 0.0
    high: float = 0.0
    count: int = 0


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Surfaces by their tokens. `lengths`: first token -> lengths of the surfaces that begin with it, longest first."""

    surfaces: Mapping[tuple[str, ...], tuple[Entry, ...]] = field(default_factory=dict)
    lengths: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    holders: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """token -> surfaces of attribute values that hold it beside others."""
    numbers: Mapping[str, NumberField] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def longest(self, tokens: Sequence[Token], at: int) -> Match | None:
        """The longest surface that begins with token `at`. Words must touch or stand one space or hyphen apart."""
        for length in self.lengths.get(tokens[at].key, ()):
            span = tokens[at : at + length]
            if len(span) < length:
                continue
            entries = self.surfaces.get(tuple(token.key for token in span))
            if entries and all(right.start - left.end <= 1 for left, right in pairwise(span)):
                return Match(span[0].start, span[-1].end, entries, at, at + length)
        return None

    def find(self, surface: str) -> tuple[Entry, ...]:
        """Everything a whole surface can mean."""
        return self.surfaces.get(_keys(surface), ())

    def holding(self, keys: tuple[str, ...]) -> tuple[Entry, ...]:
        """Attribute values whose surface holds these tokens side by side among others: 'matte black' holds 'black'."""
        found: dict[Entry, None] = {}
        for surface in self.holders.get(keys[0], ()) if keys else ():
            if any(surface[at : at + len(keys)] == keys for at in range(len(surface) - len(keys) + 1)):
                found.update((entry, None) for entry in self.surfaces[surface] if entry.kind == "value")
        return tuple(found)[:_MAX_HELD]

    def label(self, value: str, language: str) -> str:
        """A canonical value or field as a shopper of that language reads it; the last step of a category path."""
        words = self.labels.get(language, {})
        last = value.rsplit(" > ", 1)[-1]
        if value in words:
            return words[value].rsplit(" > ", 1)[-1]
        return words.get(last, last).removeprefix("attr:").replace("_", " ")


def tokenise(text: str) -> list[Token]:
    """Tokens of a normalised text; an English plural is the same token as its singular, iphone15 is two tokens."""
    return [Token(singular(match[0]), match.start(), match.end()) for match in _TOKEN.finditer(text)]


def singular(word: str) -> str:
    """'shoes' -> 'shoe', 'batteries' -> 'battery', 'boxes' -> 'box'; short words, 'glass' and 'wireless' stay."""
    if len(word) < 4 or not word.isascii() or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    return word[:-1]


def read_lexicon(data: Mapping[str, Any] | None) -> Lexicon:
    """The vocabulary checkpoint of an index -> lexicon. What is absent is empty; what is malformed is left out."""
    data = data or {}
    found: dict[tuple[str, ...], list[Entry]] = {}
    for surface, entry in _entries(data):
        keys = _keys(surface)
        if keys and len(keys) <= _MAX_TOKENS:
            entries = found.setdefault(keys, [])
            if entry not in entries:
                entries.append(entry)
    lengths: dict[str, set[int]] = {}
    holders: dict[str, list[tuple[str, ...]]] = {}
    for keys, entries in found.items():
        lengths.setdefault(keys[0], set()).add(len(keys))
        if len(keys) > 1 and any(entry.kind == "value" for entry in entries):
            for key in dict.fromkeys(keys):
                holders.setdefault(key, []).append(keys)
    return Lexicon(
        surfaces={keys: tuple(entries) for keys, entries in found.items()},
        lengths={key: tuple(sorted(sizes, reverse=True)) for key, sizes in lengths.items()},
        holders={key: tuple(surfaces) for key, surfaces in holders.items()},
        numbers=dict(_numbers(_mapping(data.get("numeric")))),
        labels=_labels(_mapping(data.get("labels"))),
    )


def field_name(name: str) -> str:
    """'color' -> 'attr:color'; 'attr:color', 'brand', 'category', 'price' and 'stock' stay."""
    return name if name.startswith("attr:") or name in {"brand", "category", "price", "stock"} else f"attr:{name}"


def _keys(surface: str) -> tuple[str, ...]:
    return tuple(token.key for token in tokenise(normalise(surface).text))


def _entries(data: Mapping[str, Any]) -> Iterator[tuple[str, Entry]]:
    for surface, brands in _mapping(data.get("brands")).items():
        yield from ((surface, Entry("brand", "brand", brand)) for brand in _strings(brands))
    for surface, paths in _mapping(data.get("categories")).items():
        yield from ((surface, Entry("category", "category", path)) for path in _strings(paths))
    for surface, pairs in _mapping(data.get("values")).items():
        for pair in pairs if isinstance(pairs, list | tuple) else ():
            if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(one, str) for one in pair):
                yield surface, Entry("value", field_name(pair[0]), pair[1])
    for surface, fields in _mapping(data.get("fields")).items():
        yield from ((surface, Entry("field", field_name(name), field_name(name))) for name in _strings(fields))
    for name in _mapping(data.get("numeric")):
        plain = name.removeprefix("attr:")
        yield plain.replace("_", " "), Entry("field", field_name(name), field_name(name))


def _numbers(data: Mapping[str, Any]) -> Iterator[tuple[str, NumberField]]:
    for name, facts in data.items():
        facts = _mapping(facts)
        yield (
            field_name(name),
            NumberField(
                field=field_name(name),
                unit=str(facts.get("unit") or ""),
                low=float(facts.get("low") or 0.0),
                high=float(facts.get("high") or 0.0),
                count=int(facts.get("count") or 0),
            ),
        )


def _labels(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Both {language: {key: label}} and {key: {language: label}} are read."""
    out: dict[str, dict[str, str]] = {}
    for outer, inner in data.items():
        for key, label in _mapping(inner).items():
            if isinstance(label, str) and label:
                language, name = (outer, key) if _is_tag(outer) and not _is_tag(key) else (key, outer)
                out.setdefault(language, {})[name] = label
    return out


def _is_tag(text: str) -> bool:
    return re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", text) is not None and len(text) <= 7


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()
