"""Is what a sentence says held up by its evidence? The check behind every sentence that a language model words.

A closed vocabulary decides: each number (with its unit), code and content word of the sentence stands in the
evidence or among words that claim nothing; a denial needs a denying piece of evidence and the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from daogou.answer.text import words
from daogou.records import codes, figures, supported

_LATIN = re.compile(r"[A-Za-z][A-Za-z'’]*")
_HAN = re.compile(r"[㐀-鿿]+")
_CLAUSE = re.compile(r"[,，;；。.!！?？:：\n]+(?!\d)|\bbut\b|\bwhile\b|但是?|不过|而")
_DENIAL = re.compile(
    (
        r"\b(?:not|no|never|without|isn't|aren't|doesn't|don't|won't|can't|cannot|neither|nor|non"
        r"|free of|lacks?)\b|n't\b|[不没无非未勿别]|-free\b"
    ),
    re.IGNORECASE,
)
_EMPTY_DENIAL = re.compile(r"不错|不仅|不但|无论|不论|非常|没错|not only|no matter", re.IGNORECASE)
_CODE = re.compile(r"(?=[A-Za-z0-9+-]*\d)[A-Za-z0-9][A-Za-z0-9+-]*")
_ATTRIBUTE = re.compile(r"^[^:：。.!?]{1,40}[:：]")
_RECOMMENDS = re.compile(
    r"\b(?:for|suits?|suited|suitable|ideal|perfect|great|good|nice|fine|fits?|well)\b|适合|适用于?|合适|不错|很好|挺好|值得|推荐",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    r"^[^:：]*(?:\bfor\b|suit|skin|\bage|\buse|occasion|fits|season|works on"
    r"|适合|适用|肤质|年龄|用途|场景|场合|人群|季节)[^:：]*[:：]",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?:|www\.|\.(?:com|cn|net|org)\b|@", re.IGNORECASE)


@cache
def _plain() -> tuple[frozenset[str], tuple[str, ...]]:
    """Words that claim nothing about a product: English stems, and Chinese words with the longest first."""
    text = (files("daogou.answer") / "plain_words.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    english = frozenset(stem for line in lines for stem in words(" ".join(_LATIN.findall(line))))
    chinese = sorted({word for line in lines for word in _HAN.findall(line)}, key=len, reverse=True)
    return english, tuple(chinese)


def unsupported(sentence: str, evidence: Iterable[str], *, allowed: Iterable[str] = ()) -> tuple[str, ...]:
    """What a sentence says and its evidence does not: numbers, codes, words, denials, links. Empty where all is
    held up.

    allowed: further words that may be used because they claim nothing here (the shopper's own name for the kind of
    product)."""
    texts = [one for one in evidence if one]
    faults: list[str] = []
    if _LINK.search(sentence):
        faults.append("link")
    known = figures("\n".join(texts))
    faults.extend(figure.text for figure in figures(sentence) if not supported(figure, known))
    known_codes = set(codes("\n".join(texts)))
    faults.extend(code for code in codes(sentence) if code not in known_codes)
    affirmed, denied = _by_denial(texts)
    free = " ".join(allowed)
    for clause in _CLAUSE.split(_without_figures(sentence)):
        if clause.strip():
            faults.extend(_clause_faults(clause, denied if _denies(clause) else affirmed, free))
    return tuple(dict.fromkeys(faults))


def _clause_faults(clause: str, pieces: Sequence[str], free: str) -> list[str]:
    """Unknown words of one clause. A clause that recommends ('good for oily skin') has to stand in one piece: in an
    attribute that says for whom or what, or in a sentence that itself recommends; else words of a warning could be put
    together to praise."""
    if _RECOMMENDS.search(clause):
        fitting = [one for one in pieces if _PURPOSE.match(one) or _RECOMMENDS.search(one)]
        bare = _RECOMMENDS.sub(" ", clause)
        tried = [_unknown_words(bare, one.lower(), free) for one in fitting]
        return min(tried, key=len) if tried else ["recommendation"]
    return _unknown_words(clause, "\n".join(pieces).lower(), free)


def _without_figures(sentence: str) -> str:
    """The sentence with its numbers, units and codes, which are checked on their own, blanked out."""
    for piece in sorted({one.text for one in figures(sentence)}, key=len, reverse=True):
        sentence = sentence.replace(piece, " ")
    return _CODE.sub(" ", sentence)


def _denies(clause: str) -> bool:
    return _DENIAL.search(_EMPTY_DENIAL.sub("", clause)) is not None


def _by_denial(texts: Iterable[str]) -> tuple[list[str], list[str]]:
    """The pieces that affirm and those that deny. An attribute stays one piece; a sentence is cut into its clauses."""
    affirmed: list[str] = []
    denied: list[str] = []
    for text in texts:
        attribute = _ATTRIBUTE.match(text) is not None
        for piece in [text] if attribute else _CLAUSE.split(text):
            (denied if _denies(piece) else affirmed).append(piece)
    return affirmed, denied


def _unknown_words(clause: str, pool: str, free: str) -> list[str]:
    english, chinese = _plain()
    held = words(pool) | words(free) | english
    unknown = []
    for match in _LATIN.finditer(clause):
        word = match.group().strip("'’")
        if len(word) > 1 and not words(word) <= held:
            unknown.append(word)
    for run in _HAN.findall(clause):
        unknown.extend(_unknown_han(run, pool + free.lower(), chinese))
    return unknown


def _unknown_han(run: str, pool: str, plain: tuple[str, ...]) -> list[str]:
    """Cuts a run of Chinese into pieces that stand in the evidence (two characters or more) or claim nothing; what is
    left over is unknown. The cut with the fewest unknown characters wins."""
    size = len(run)
    best: list[tuple[int, int, bool]] = [(0, 0, True)] + [(10**6, 0, True)] * size
    plain_set = _plain_set(plain)
    for end in range(1, size + 1):
        best[end] = (best[end - 1][0] + 1, end - 1, False)
        for start in range(max(0, end - 12), end):
            piece = run[start:end]
            if (piece in plain_set or ((len(piece) > 1 or size == 1) and piece in pool)) and best[start][0] < best[end][
                0
            ]:
                best[end] = (best[start][0], start, True)
    unknown: list[str] = []
    end = size
    while end > 0:
        _, start, known = best[end]
        if not known:
            unknown.append(run[start:end])
        end = start
    return ["".join(reversed(unknown))] if unknown else []


@cache
def _plain_set(plain: tuple[str, ...]) -> frozenset[str]:
    return frozenset(plain)
