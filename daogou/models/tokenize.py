"""Words of a text for lexical search, cut the same way when indexing and when asking.

Text is normalised (NFKC, lower case, traditional characters to simplified), then cut into runs. A run of Han characters
is segmented by jieba's search mode. A run of Latin letters becomes its Snowball stem. A model number is kept whole and
also split where letters meet digits, and a code written in pieces is joined too, so that `iPhone15`, `iPhone 15` and
`iphone-15` meet, as do `WH-1000XM4` and `wh1000xm4`.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal

from daogou.models.han import to_simplified
from daogou.models.stop_words import CHINESE, ENGLISH

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# Runs of Han; codes of letters and digits with inner . - / _ + ' & signs; any other word characters.
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|(?P<code>[a-z0-9]+(?:[.\-/_'’&][a-z0-9]+)*\+*)|(?P<word>[^\W{_HAN}a-z0-9_]+)")
_ATOM = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LETTERS = re.compile(r"[a-z]+")
_HAN_CHAR = re.compile(rf"[{_HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
_STEMMING = threading.Lock()
_MAX_CODE = 40  # longer ones are links or noise: their parts are kept, not the whole


def lexical_tokens(text: str, *, query: bool = False, stop_words: bool = True, characters: bool = False) -> list[str]:
    """The tokens of `text`, in order, repeats included.

    query: leave out the joined form of neighbours that documents write in one piece ("iphone 15" in a document also
        yields "iphone15"; in a query the two atoms match either writing, and more would count the same word twice).
    stop_words: leave out words that carry no meaning alone (的, the); a text of nothing else keeps them.
    characters: add every single Han character of longer words, for recall on names jieba does not know.
    """
    tokens: list[str] = []
    previous = ""  # the last run, where it was a lone word or number directly before this one
    for kind, run in _runs(text):
        if kind == "han":
            tokens.extend(_han(run, characters))
            previous = ""
            continue
        if kind == "word":
            tokens.append(run)
            previous = ""
            continue
        tokens.extend(_code(run))
        lone = _LETTERS.fullmatch(run) or _NUMBER.fullmatch(run)
        if not query and previous and lone and (previous[-1].isdigit() != run[0].isdigit()):
            tokens.append(previous + run)
        previous = run if lone else ""
    if not stop_words:
        return tokens
    kept = [token for token in tokens if token not in ENGLISH and token not in CHINESE]
    return kept or tokens


def detect_language(text: str) -> Literal["zh", "en"]:
    """Chinese when Han characters say more than Latin words do: a Han character counts half a word."""
    han = len(_HAN_CHAR.findall(text))
    words = len(_LATIN_WORD.findall(text))
    # Brand and model names stay Latin in Chinese text, so a third of the words in Han is enough.
    return "zh" if han and han / 2 >= words / 3 else "en"


def _runs(text: str) -> Iterator[tuple[str, str]]:
    clean = text if text.isascii() else to_simplified(unicodedata.normalize("NFKC", text))
    for match in _RUN.finditer(clean.lower()):
        yield str(match.lastgroup), match.group()


@lru_cache(maxsize=65_536)
def _code(run: str) -> tuple[str, ...]:
    """`wh-1000xm4` -> itself, `wh1000xm4`, and the atoms `wh`, `1000`, `xm`, `4`."""
    base = run.rstrip("+")
    if len(base) == 1 and base.isalpha() and base != run:
        return (run, base)  # c++, a+
    run = base
    if _LETTERS.fullmatch(run):
        return (_stem(run),)
    if _NUMBER.fullmatch(run):
        return (run,)
    atoms = _ATOM.findall(run)
    if "'" in run or "’" in run or "&" in run:
        run = run.replace("’", "'")
        if run.endswith("'s"):
            return _code(run[:-2])
        joined = run.replace("'", "").replace("&", "")
        return tuple(dict.fromkeys([_stem(joined), *(_stem(atom) for atom in atoms if len(atom) > 1)]))
    joined = re.sub(r"[.\-/_]", "", run)
    whole = [run, joined] if len(run) <= _MAX_CODE and any(c.isdigit() for c in run) else []
    parts = [part for part in re.split(r"[\-/_]", run) if part]
    if not whole and len(run) <= _MAX_CODE:
        whole = [joined] if len(parts) == 2 else []
    stems = [_stem(atom) if atom.isalpha() else atom for atom in atoms]
    return tuple(dict.fromkeys([*whole, *stems]))


def _han(run: str, characters: bool) -> Iterator[str]:
    import rjieba

    # Without guessing new words: a guess depends on the words around it, and query and document would part ways.
    for word in rjieba.cut_for_search(run, False):
        yield word
        if characters and len(word) > 1:
            yield from word


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    if len(word) < 4:
        return word
    with _STEMMING:  # the stemmer keeps the word it works on
        return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")
