"""The content tables (`content/*.toml`) as typed objects.

A group is a department of the store, a kind one of its shelves. Words are written '中文|English'. A value may end in
'@1.3', the factor it puts on the price."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from daogou.demo.wording import Pair, pair

How = Literal["any", "tier", "many", "all"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value an attribute can have, and what it does to the price."""

    words: Pair
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """How one attribute is drawn. `any` one at random, `tier` dearer products get later values, `many` between
    `least` and `most` values, `all` every value. `by` names the attribute whose value picks the list of choices.
    Without a `name` it is used in texts but is not shown as an attribute. `missing` is how often it is unknown."""

    key: str
    name: Pair | None
    choices: dict[str, tuple[Choice, ...]]
    by: str = ""
    how: How = "any"
    least: int = 1
    most: int = 1
    missing: float = 0.0
    variant: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in both languages, true whenever its condition holds."""

    condition: str
    words: Pair


@dataclass(frozen=True, slots=True)
class Aspect:
    """Something shoppers disagree on: what the pleased say and what the displeased say."""

    condition: str
    praise: Pair
    blame: Pair


@dataclass(frozen=True, slots=True)
class Brand:
    """An invented brand and where it stands between cheap (0) and dear (1)."""

    name: Pair
    level: float


@dataclass(frozen=True, slots=True)
class Kind:
    """One shelf: a second-level category with everything needed to invent its products."""

    key: str
    group: str
    category: tuple[Pair, Pair]
    count: int
    shape: str
    price: tuple[float, float]
    title: Pair
    brands: tuple[Brand, ...]
    attributes: tuple[AttributeSpec, ...]
    openings: tuple[Sentence, ...]
    strengths: tuple[Sentence, ...]
    limits: tuple[Sentence, ...]
    aspects: tuple[Aspect, ...]
    queries: tuple[Pair, ...]
    goes_with: tuple[str, ...] = ()
    consumable: bool = False
    popularity: float = 1.0


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the store is made of."""

    kinds: tuple[Kind, ...]
    colours: dict[str, tuple[Pair, tuple[int, int, int]]]
    reviews: dict[str, tuple[Pair, ...]] = field(default_factory=dict)
    aspects: tuple[Aspect, ...] = ()
    policies: tuple[dict[str, str], ...] = ()


@cache
def load_tables() -> Tables:
    """Read every table once. Raises ValueError, naming the table and the entry, where one is malformed."""
    room = files("daogou.demo") / "content"
    read = {
        entry.name.removesuffix(".toml"): tomllib.loads(entry.read_text(encoding="utf-8"))
        for entry in sorted(room.iterdir(), key=lambda one: one.name)
        if entry.name.endswith(".toml")
    }
    colours = {pair(words).en: (pair(words), _rgb(code)) for words, code in read.pop("colours")["colours"].items()}
    policies = tuple(dict(entry) for entry in read.pop("policies")["entry"])
    talk = read.pop("reviews")
    kinds: list[Kind] = []
    for name, group in read.items():
        for entry in group["kind"]:
            try:
                kinds.append(_kind(name, group, entry, colours))
            except (KeyError, TypeError, ValueError) as failure:
                raise ValueError(f"content/{name}.toml, kind {entry.get('key')!r}: {failure!r}") from failure
    phrases = {mood: tuple(pair(one) for one in talk[mood]) for mood in ("pleased", "mixed", "displeased")}
    return Tables(tuple(kinds), colours, phrases, _aspects(talk["aspects"]), policies)


def _rgb(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _choice(text: str, colours: dict[str, tuple[Pair, tuple[int, int, int]]] | None) -> Choice:
    words, _, factor = text.partition("@")
    named = colours[words][0] if colours is not None else pair(words)
    return Choice(named, float(factor) if factor else 1.0)


def _attribute(entry: dict[str, Any], colours: dict[str, tuple[Pair, tuple[int, int, int]]]) -> AttributeSpec:
    table = colours if entry["key"] == "color" else None
    name = pair(entry["name"]) if "name" in entry else (pair("颜色|color") if table is not None else None)
    values = entry["values"] if isinstance(entry["values"], dict) else {"": entry["values"]}
    least, most = entry.get("n", (1, 1))
    return AttributeSpec(
        key=entry["key"],
        name=name,
        choices={key: tuple(_choice(one, table) for one in listed) for key, listed in values.items()},
        by=entry.get("by", ""),
        how=entry.get("how", "many" if "n" in entry else "any"),
        least=least,
        most=most,
        missing=entry.get("missing", 0.0),
        variant=entry.get("variant", False),
    )


def _sentences(rows: list[list[str]]) -> tuple[Sentence, ...]:
    return tuple(Sentence(condition, Pair(zh, en)) for condition, zh, en in rows)


def _aspects(rows: list[list[str]]) -> tuple[Aspect, ...]:
    return tuple(Aspect(condition, pair(praise), pair(blame)) for condition, praise, blame in rows)


def _brands(rows: list[str]) -> tuple[Brand, ...]:
    return tuple(Brand(Pair(zh, en), float(level)) for zh, en, level in (row.split("|") for row in rows))


def _kind(
    name: str, group: dict[str, Any], entry: dict[str, Any], colours: dict[str, tuple[Pair, tuple[int, int, int]]]
) -> Kind:
    own = [_attribute(one, colours) for one in entry["attributes"]]
    shared = [_attribute(one, colours) for one in group.get("attributes", [])]
    names = {one.key for one in own}
    skipped = set(entry.get("without", ()))
    low, high = entry["price"]
    return Kind(
        key=f"{name}.{entry['key']}",
        group=name,
        category=(pair(group["category"]), pair(entry["category"])),
        count=entry["count"],
        shape=entry["shape"],
        price=(float(low), float(high)),
        title=pair(entry["title"]),
        brands=_brands(entry.get("brands") or group["brands"]),
        attributes=tuple(own + [one for one in shared if one.key not in names | skipped]),
        openings=_sentences(entry["open"]),
        strengths=_sentences(entry["good"] + group.get("good", [])),
        limits=_sentences(entry["limit"] + group.get("limit", [])),
        aspects=_aspects(entry["reviews"] + group.get("reviews", [])),
        queries=tuple(pair(one) for one in entry["queries"]),
        goes_with=tuple(entry.get("goes_with", ())),
        consumable=entry.get("consumable", False),
        popularity=float(entry.get("popularity", 1.0)),
    )
