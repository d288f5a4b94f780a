"""What a question asks for: bilingual groups of the things shoppers ask about, and the form of the question."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from daogou.answer.text import contains

Form = Literal["yes_no", "value", "opinion"]
_YES_NO_ZH = re.compile(
    r"吗|么[？?]?$|是不是|能不能|会不会|有没有|可不可以|可以.{0,12}[？?]|是否|行不行|好不好|适不适合|支不支持|够不够|贵不贵|[^什怎么]么[？?]"
)
_YES_NO_EN = re.compile(
    r"^(?:so |and |but |ok |okay |hi,? |hello,? |please tell me )*(?:is|are|does|do|can|could|will"
    r"|would|has|have|was|should|did|isn't|doesn't|whether)\b"
    r"|\b(?:is|are|does|do|can|will) (?:it|this|that|these|they|the)\b|\bwhether\b",
    re.IGNORECASE,
)
_WH = re.compile(
    r"\b(?:what|which|how|when|where|who|why)\b|什么|多少|多大|多重|多长|多久|几|哪|怎么|怎样|如何|谁|为何|为什么",
    re.IGNORECASE,
)
_ASKING = re.compile(r"[?？]\s*$|告诉我|想知道|请问|介绍一下|tell me|i wonder|do you know|explain", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing shoppers ask about. `terms`: words of the question; `fields`: names the attribute may have; `signs`:
    words by which a sentence speaks of it; `yes`/`no`: values that settle a yes/no question; `partly`: that half
    settle it."""

    key: str
    kind: Literal["attribute", "policy", "price", "stock", "variants", "rating", "opinion"]
    label: tuple[str, str]
    terms: tuple[str, ...]
    fields: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    praise: tuple[str, ...] = ()
    blame: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read: the groups it names, most specific first, and its form."""

    groups: tuple[Ask, ...]
    form: Form
    is_question: bool


@cache
def ask_groups() -> tuple[Ask, ...]:
    """The groups of `asks.toml`."""
    table = tomllib.loads((files("daogou.answer") / "asks.toml").read_text(encoding="utf-8"))
    groups = []
    for key, entry in table.items():
        zh, _, en = entry["label"].partition("|")
        lists = {name: tuple(entry.get(name, ())) for name in Ask.__dataclass_fields__ if name not in _PLAIN}
        groups.append(Ask(key=key, kind=entry["kind"], label=(zh, en), **lists))
    return tuple(groups)


_PLAIN = frozenset({"key", "kind", "label"})


def read_question(question: str) -> Asked:
    """The groups a question names (the longest matching term first) and whether it wants yes/no, a value or an
    opinion."""
    text = question.lower().strip()
    matched: list[tuple[int, int, Ask]] = []
    for order, group in enumerate(ask_groups()):
        longest = max(
            (len(term) * (3 if ord(term[0]) > 0x2E7F else 1) for term in group.terms if contains(text, term)), default=0
        )
        if longest:
            matched.append((-longest, order, group))
    # "is it good for dry skin?" asks about the skin: an overall opinion is meant only where nothing else is named.
    matched.sort(key=lambda one: (one[2].kind == "rating", *one[:2]))
    groups = tuple(group for _, _, group in matched)
    wh = _WH.search(text) is not None and not re.search(r"(怎么样|如何)[？?。]?$", text)
    bare = not wh and text.endswith(("?", "？"))  # "waterproof?"
    yes_no = bare or (_YES_NO_ZH.search(text) or _YES_NO_EN.search(text)) is not None
    form: Form = (
        "yes_no"
        if yes_no and not re.match(r"\s*(?:and |so |but )?(?:what|which|how|when|where|who)\b", text)
        else "value"
    )
    if (
        wh
        and form == "yes_no"
        and re.search(r"什么|多少|多大|多重|多长|多久|哪|怎么(?!样)|如何", text)
        and "有没有" not in text
    ):
        form = "value"
    if groups and groups[0].kind in {"opinion", "rating"}:
        form = "opinion"
    how = re.search(r"(?:怎么样|怎样|如何)[？?。呢]*$", text)
    return Asked(groups, form, bool(wh or how or yes_no or _ASKING.search(text)))
