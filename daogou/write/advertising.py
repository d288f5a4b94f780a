"""Advertising law: words that may not stand in copy, whoever wrote them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    allow: re.Pattern[str] | None
    reason: tuple[str, str]


@cache
def _rules() -> tuple[_Rule, ...]:
    table = tomllib.loads((files("daogou.write") / "advertising.toml").read_text(encoding="utf-8"))
    made = []
    for entry in table["rule"]:
        zh, _, en = entry["reason"].partition("|")
        allow = re.compile("|".join(entry["allow"]), re.IGNORECASE) if entry.get("allow") else None
        made.append(_Rule(re.compile(entry["pattern"], re.IGNORECASE), allow, (zh, en)))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Restricted:
    """A restricted word and why."""

    word: str
    reason: str


def restricted(text: str, language: str = "zh") -> tuple[Restricted, ...]:
    """Every restricted word of a text, with the reason in `language`."""
    found = []
    for rule in _rules():
        kept = rule.allow.sub(lambda match: " " * len(match.group()), text) if rule.allow else text
        found += [
            Restricted(match.group(), rule.reason[0 if language == "zh" else 1])
            for match in rule.pattern.finditer(kept)
        ]
    return tuple(found)
