"""Bilingual product-like texts for measuring, the same for a given number: words and lengths vary, nothing is real."""

from __future__ import annotations

import random
from importlib import resources

_SEED = 20261123


def passages(count: int) -> list[str]:
    """Texts of about 40 tokens, made by joining and cutting the sentences of `sample_texts.txt`."""
    random_source = random.Random(_SEED)
    sentences = _sentences()
    chinese = [text for text in sentences if not text.isascii()]
    english = [text for text in sentences if text.isascii()]
    return [_mix(random_source, chinese if number % 2 else english) for number in range(count)]


def queries(count: int) -> list[str]:
    """Short texts of 2 to 6 words or a dozen characters."""
    random_source = random.Random(_SEED + 1)
    made: list[str] = []
    for number in range(count):
        text = random_source.choice(passages(64))
        words = text.split()
        start = random_source.randrange(max(len(words) - 4, 1))
        made.append(" ".join(words[start : start + 4])[:24] + f" {number % 17}")
    return made


def _sentences() -> list[str]:
    text = resources.files("daogou.models").joinpath("sample_texts.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line]


def _mix(random_source: random.Random, sentences: list[str]) -> str:
    chosen = random_source.sample(sentences, 3)
    joiner = " " if chosen[0].isascii() else "，"
    halves = []
    for text in chosen:
        middle = max(len(text) // 2, 12)
        halves.append(text[:middle] if random_source.random() < 0.5 else text[-middle:])
    return joiner.join(halves).strip()
