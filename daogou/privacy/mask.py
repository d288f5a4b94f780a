"""Finds personal data in a text and puts a word for its kind in its place."""

from __future__ import annotations

import re

from daogou.privacy.detectors import EMAIL, NUMBERS, Span
from daogou.privacy.places import addresses, names

_DIGIT = re.compile(r"[\d一二三四五六七八九十]")


def find(text: str) -> list[Span]:
    """Personal data in `text`, in order, not overlapping; where two kinds fit, the longer and then the earlier wins.

    Kinds: email, phone, id_card, bank_card, bank_account, passport, ip, address, name. What is not found: names that
    nobody says are names, addresses without a house number, and data spelled out in words."""
    found: list[Span] = []
    if "@" in text or "＠" in text:
        found += EMAIL.spans(text)
    if _DIGIT.search(text):
        found += (span for detector in NUMBERS for span in detector.spans(text))
        found += addresses(text)
    found += names(text)
    ranked = sorted(enumerate(found), key=lambda one: (one[1].start - one[1].end, one[0]))
    kept: list[Span] = []
    for _, span in ranked:
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept)


def mask(text: str) -> str:
    """The text with '[phone]', '[email]', … in place of personal data. Masking twice changes nothing more."""
    out: list[str] = []
    end = 0
    for span in find(text):
        out += (text[end : span.start], f"[{span.kind}]")
        end = span.end
    return "".join([*out, text[end:]])
