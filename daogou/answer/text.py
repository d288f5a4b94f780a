"""Small readings of a text: its language, its sentences, its words, and whether it tries to give orders."""

from __future__ import annotations

import re
from functools import lru_cache

import snowballstemmer

_HAN = re.compile(r"[㐀-鿿]")
_LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d+(?:\.\d+)?[A-Za-z]*")
_HAN_RUN = re.compile(r"[㐀-鿿]+")
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])\s*|(?<=[.])\s+(?=[A-Z0-9\"'(])|\n+")
_ORDERS = re.compile(
    r"ignore (all|any|the|your|previous|prior|above)|disregard|(system|assistant|developer)\s*(:|prompt|message|note)"
    r"|you (must|should|are to|will) (now |always )?(say|tell|reply|answer|recommend|act|ignore|output|respond)"
    r"|(tell|inform) (the |every |all )?(shopper|customer|user|buyer)s?\b|new instructions?|act as|pretend"
    r"|<\s*/?\s*(system|instruction|script|im_)|\[/?inst\]|<\|"
    r"|忽略(之前|以上|上面|前面|所有|一切|先前)|无视(之前|以上|所有|先前)|系统(提示|指令|消息)|请?你(必须|现在|应该|务必)(说|回答|告诉|推荐|扮演|输出)"
    r"|告诉(顾客|客户|用户|所有|买家)|新的?指令|扮演",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S+|\b[\w.-]+\.(?:com|cn|net|org|io|shop|xyz)\b\S*", re.IGNORECASE)
_STOP_WORDS = """
a an and any are as at be been but by can could did do does for from had has have how i if in into is it its just
long many me much my of on or our please s so some tell than that the their them then there these they this those
to too was we what when where which who why will with would you your about also am between one
的 了 吗 呢 吧 啊 是 我 你 它 这 那 个 款 有 在 和 与 就 也 都 很 请 问 要 会 能 可 以 么 什 怎 样
"""
_STOP = frozenset(_STOP_WORDS.split())
_AMERICAN = re.compile(r"(?<=col)our|(?<=flav)our|(?<=od)our|(?<=fav)our")
_stemmer = snowballstemmer.stemmer("english")


def language_of(text: str, default: str = "en") -> str:
    """'zh' where Chinese characters carry the text, else 'en'; `default` where there are no letters at all."""
    han = len(_HAN.findall(text))
    latin = len(re.findall(r"[A-Za-z]+", text))
    if not han and not latin:
        return default
    return "zh" if han >= 2 or han > latin else "en"


def sentences(text: str, *, limit: int = 400) -> tuple[str, ...]:
    """The sentences of a text, each at most `limit` characters."""
    parts = (part.strip() for part in _SENTENCE_END.split(text))
    return tuple(part[:limit] for part in parts if len(part) > 1)


@lru_cache(maxsize=50_000)
def words(text: str) -> frozenset[str]:
    """Content words for matching: English stems, and single and paired Chinese characters, without stop words."""
    found: set[str] = set()
    for match in _LATIN_WORD.finditer(text):
        word = match.group().lower().replace("’", "'").removesuffix("'s")
        for part in {word, *word.split("-")}:
            if part and part not in _STOP:
                found.add(_stem(_AMERICAN.sub("or", part)))
    for match in _HAN_RUN.finditer(text):
        run = match.group()
        found.update(pair for pair in (run[at : at + 2] for at in range(len(run) - 1)) if not set(pair) <= _STOP)
        if len(run) == 1 and run not in _STOP:
            found.add(run)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer.stemWord(word))


def gives_orders(text: str) -> bool:
    """Whether a text from outside speaks to the guide instead of about the product. Such a sentence is not evidence."""
    return _ORDERS.search(text) is not None


def clean(text: str) -> str:
    """One line without links and control characters: text from outside, fit to be quoted."""
    text = _LINK.sub("", text)
    return re.sub(r"\s+", " ", "".join(char if char.isprintable() else " " for char in text)).strip()


def contains(text: str, term: str) -> bool:
    """Whether a term stands in a text: as whole words in English, as a run of characters in Chinese. Lower case
    both."""
    if not term:
        return False
    if _HAN.search(term):
        return term in text
    return re.search(rf"(?<![a-z0-9]){re.escape(term)}(?:e?s)?(?![a-z0-9])", text) is not None
