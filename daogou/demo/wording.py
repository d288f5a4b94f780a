"""Bilingual wording: a text in both languages, templates that are filled in both, and conditions on what is true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

_SLOT = re.compile(r"\{(\w+)([\^*]?)\}")
_TEST = re.compile(r"^(\w+)\s*(!=|=|<|>)\s*(.+)$")
_ARTICLE = re.compile(r"\b([Aa])(?= (?!u[ns]i|USB|one)(?:[aeiouAEIOU]|8|11\b|18\b))")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SMALL = frozenset({"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
_BORDER = re.compile(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9-])|(?<=[A-Za-z0-9%²³])(?=[\u4e00-\u9fff])(?!恤)")


class Pair(NamedTuple):
    """One text in Chinese and in English."""

    zh: str
    en: str


Values = Mapping[str, tuple[Pair, ...]]
"""What is true of one product: attribute key -> its values."""


def pair(text: str) -> Pair:
    """'红色|red' -> Pair; without a bar the text is the same in both languages ('16 GB')."""
    zh, bar, en = text.partition("|")
    return Pair(zh.strip(), en.strip() if bar else zh.strip())


def slots(template: str) -> frozenset[str]:
    """Names of the values a template needs."""
    return frozenset(match.group(1) for match in _SLOT.finditer(template))


def capitals(text: str) -> str:
    """English title case that leaves units, model names and small words alone: 'green tea' -> 'Green Tea'."""
    words = text.split(" ")
    return " ".join(
        word
        if (at and word in _SMALL) or any(one.isdigit() or one.isupper() for one in word)
        else word[:1].upper() + word[1:]
        for at, word in enumerate(words)
    )


def fill(template: str, values: Values, language: str) -> str:
    """Put values into `{name}` slots. Raises KeyError where a value is unknown.

    In English `{name^}` writes them in title case and `{name*}` as owners (women -> Women's). In Chinese a space is put
    between a Chinese character and a Latin letter or digit."""

    def one(match: re.Match[str]) -> str:
        words = [value.zh if language == "zh" else value.en for value in values[match.group(1)]]
        if language == "zh":
            return "、".join(words)
        joined = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
        if match.group(2) == "*":
            return capitals(joined if joined == "unisex" else f"{joined}'s")
        return capitals(joined) if match.group(2) else joined

    text = re.sub(r" {2,}", " ", _SLOT.sub(one, template)).strip()
    if language == "zh":
        return _BORDER.sub(" ", text)
    text = _ARTICLE.sub(r"\1n", text)
    return text[:1].upper() + text[1:]


def number(text: str) -> float | None:
    """The first number of a value: '1.5 kg' -> 1.5."""
    found = _NUMBER.search(text)
    return float(found.group()) if found else None


def holds(condition: str, values: Values) -> bool:
    """'waterproof=no & weight<1.5 & skin!=dry skin/oily skin' over the English values. Empty holds always; a test on
    an unknown value never holds. Raises ValueError on a test that cannot be read."""
    return all(_test(part.strip(), values) for part in condition.split("&") if part.strip())


def _test(part: str, values: Values) -> bool:
    match = _TEST.match(part)
    if match is None:
        raise ValueError(f"condition {part!r} is not of the form key=value, key!=value, key<number or key>number")
    key, sign, wanted = match.groups()
    known = values.get(key)
    if known is None:
        return False
    if sign in "<>":
        size, limit = number(known[0].en), float(wanted)
        return size is not None and (size < limit if sign == "<" else size > limit)
    among = any(value.en in wanted.split("/") for value in known)
    return among if sign == "=" else not among
