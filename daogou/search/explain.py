"""Reasons: why a hit is where it is, in the shopper's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from daogou.models import lexical_tokens
from daogou.records import Constraint, Reason
from daogou.search.lexicon import Lexicon
from daogou.search.prepared import Prepared
from daogou.search.rank import Ranked

_TEXTS = {
    "en": {
        "title": "Name matches: {words}",
        "other": "Details match: {words}",
        "constraint": "Meets: {labels}",
        "has": "Has: {labels}",
        "meaning": "Close in meaning to your search",
        "join": ", ",
    },
    "zh": {
        "title": "名称符合：{words}",
        "other": "详情符合：{words}",
        "constraint": "满足：{labels}",
        "has": "具备：{labels}",
        "meaning": "与您的描述意思相近",
        "join": "、",
    },
}
_CLOSE = 0.6
_CHUNK = re.compile(r"[^\s,.;:!?，。；：！？、]+")


def surfaces(text: str) -> dict[str, str]:
    """token -> the word of the query it came from, for showing."""
    found: dict[str, str] = {}
    for chunk in _CHUNK.findall(text):
        tokens = lexical_tokens(chunk, query=True)
        for token in tokens:
            found.setdefault(token, chunk if len(tokens) == 1 else token)
    longer = {token: word for token, word in found.items() if len(word) > 1}
    return longer or found


def reasons(
    one: Ranked, item: Prepared, shown: Mapping[str, str], met: Sequence[Reason], language: str, lexicon: Lexicon
) -> tuple[Reason, ...]:
    """At most four reasons, the most telling first. `shown`: what `surfaces` gave for the query; `met`: what
    `constraint_reasons` gave."""
    texts = _TEXTS.get(language, _TEXTS["en"])
    join = texts["join"]
    found: list[Reason] = []
    titled = [token for token in shown if token in item.title_words]
    if titled:
        found.append(_reason("match", texts["title"].format(words=join.join(_words(titled, shown)))))
    rest = [token for token in shown if token not in titled]
    other = [token for token in rest if _stands_in(shown[token].lower(), item.details)]
    if other:
        found.append(_reason("match", texts["other"].format(words=join.join(_words(other, shown)))))
    found += met
    if one.boosts:
        has = dict.fromkeys(lexicon.label(boost.value, language) for boost in one.boosts)
        found.append(_reason("match", texts["has"].format(labels=join.join(has))))
    if (one.fused.meaning >= _CLOSE and len(titled) < len(shown)) or not found:
        found.append(_reason("match", texts["meaning"]))
    return tuple(found[:4])


def constraint_reasons(constraints: Sequence[Constraint], language: str) -> tuple[Reason, ...]:
    """What every hit of a search satisfies; the only reason where there were no words."""
    texts = _TEXTS.get(language, _TEXTS["en"])
    labels = list(dict.fromkeys(constraint.label for constraint in constraints if constraint.label))
    if not labels:
        return ()
    return (_reason("constraint", texts["constraint"].format(labels=texts["join"].join(labels))),)


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text; a Latin one on its own or with an ending."""
    at = text.find(word)
    while at >= 0:
        if not (word[0].isascii() and word[0].isalnum()) or not text[at - 1 : at].isalnum() or at == 0:
            return True
        at = text.find(word, at + 1)
    return False


def _words(tokens: Sequence[str], shown: Mapping[str, str]) -> list[str]:
    """What to show of these tokens; a part of a longer word that is shown too (本 of 笔记本) says nothing more."""
    words = list(dict.fromkeys(shown[token] for token in tokens))
    return [word for word in words if not any(word != other and word in other for other in words)]


def _reason(kind: str, text: str) -> Reason:
    return Reason.model_construct(kind=kind, text=text, product_ids=())
