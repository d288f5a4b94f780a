"""Negation: which words of a query say 'not', and how far it reaches (not black or white, 不要黑色和白色)."""

from __future__ import annotations

import re

_ENGLISH = (
    r"but not|not|no|without|w/o|except(?: for)?|excluding|exclude|other than|(?:i )?(?:don't|dont|"
    r"do not) (?:want|like|need)|anything but"
    r"|non|never|avoid(?:ing)?|isn't|aren't|free of|minus|instead of"
)
_ENGLISH_FILL = r"(?:(?:too|any|the|a|an|in|made (?:of|from)|from|with|by|brand|contain(?:ing)?)\s)*"
_CHINESE = (
    r"不想?要|不含有?|不带|不是|不喜欢|不买|不需要|不用|不能有|别要|别买|别给我|别|除了|除去|除|非|"
    r"没有|无|拒绝|排除|去掉|避免|不"
)
_CHINESE_FILL = r"(?:任何|有|含有?|带|是|买|推荐)?"
CUE = re.compile(rf"(?:(?<![a-z0-9])(?:{_ENGLISH})[\s-]+{_ENGLISH_FILL}|(?:{_CHINESE}){_CHINESE_FILL}\s?)")
"""A cue that stands before what is negated."""
JOIN = re.compile(
    rf"\s?(?:的)?\s?(?:,? ?(?:or|and|nor)(?![a-z])|/|、|,|，|和|或者?|跟|与|以及|"
    rf"及)\s?(?:{_ENGLISH_FILL}|(?:{_CHINESE}){_CHINESE_FILL})?"
)
"""What carries a negation over to the next value."""
SUFFIX = re.compile(r"\s?(?:色)?的?\s?(?:都|统统)?(?:不要|不行|除外|不考虑|免谈|不喜欢)")
"""A cue that stands behind what is negated."""


def free_forms(word: str, chinese: bool) -> tuple[str, ...]:
    """Ways a catalogue says that something is absent: 'without fragrance' is the value 'fragrance-free'."""
    if chinese:
        return (f"无{word}", f"不含{word}", f"零{word}", f"0{word}", f"{word}-free")
    return (f"{word}-free", f"{word} free", f"no {word}", f"without {word}", f"non-{word}")
