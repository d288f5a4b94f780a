"""The words by which a shopper's moves are recognised, read from `lexicon.toml`: one pattern a move, Chinese and
English."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files("daogou.chat") / "lexicon.toml").read_text(encoding="utf-8"))


@cache
def pattern(move: str) -> re.Pattern[str]:
    """The pattern of one move. Raises KeyError on a name that `lexicon.toml` does not have."""
    entry = _table()[move]
    return re.compile("|".join([*entry["en"], *entry["zh"]]), re.IGNORECASE)


def says(move: str, text: str) -> bool:
    """Whether an utterance makes this move."""
    return pattern(move).search(text) is not None


def dropped_fields(text: str) -> tuple[str, ...]:
    """Fields the shopper no longer cares about: 'any colour is fine', 「品牌不限」."""
    fields: list[str] = []
    for match in pattern("drop").finditer(text):
        word = next((group for group in match.groups() if group), "").lower()
        fields.extend(_table()["drop_fields"].get(word, ()))
    return tuple(dict.fromkeys(fields))


def without_talk(text: str) -> str:
    """What is left for the search: the utterance without greetings and 'I am looking for'."""
    left = pattern("talk").sub(" ", text)
    return re.sub(r"\s+", " ", left).strip(" ,.!?，。！？、~;；")
