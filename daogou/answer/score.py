"""P(a | q, C): how likely a piece of evidence answers a question, from words and meaning, calibrated by logistic
regression."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from daogou.answer.text import words
from daogou.models import TextEncoder

# Logistic regression on the open product questions (label 2, "answers fully", against 0), features as below.
# Learned once offline; `bench answer` measures it. Order: bias, covered, cosine, lead over the mean.
SENTENCE_WEIGHTS = (-11.38, 1.71, 11.39, 23.98)
_CACHE = 4096


class Meaning:
    """Cosine of question and evidence under the text encoder, with the vectors of evidence kept for the next
    question."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = Lock()

    def cosines(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n,) cosine of the question with each text."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known.update(zip(missing, self._encoder.encode_passages(missing), strict=True))
        with self._lock:
            self._kept.update(known)
            while len(self._kept) > _CACHE:
                self._kept.popitem(last=False)
        query = self._encoder.encode_queries([question])[0]
        cosines: NDArray[np.float32] = np.stack([known[text] for text in texts]) @ query
        return cosines


def covered(question: str, texts: Sequence[str]) -> list[float]:
    """(n,) share of the question's content words that each text holds, rare words counting more."""
    asked = words(question)
    held = [words(text) for text in texts]
    common = Counter(word for one in held for word in one if word in asked)
    weight = {word: math.log(1 + (len(texts) + 1) / (common[word] + 0.5)) for word in asked}
    whole = sum(weight.values())
    return [sum(weight[word] for word in asked & one) / whole if whole else 0.0 for one in held]


def sentence_probability(share: float, cosine: float, lead: float) -> float:
    """P(the sentence answers) from the share of words covered, the cosine, and its lead over the mean cosine."""
    bias, by_share, by_cosine, by_lead = SENTENCE_WEIGHTS
    return sigmoid(bias + by_share * share + by_cosine * cosine + by_lead * lead)


def sigmoid(logit: float) -> float:
    """1 / (1 + exp(-x)), without overflow."""
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))
