"""Retrieval: candidates by words and by meaning from the index, under the plan's filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daogou.models import lexical_tokens
from daogou.records import Constraint
from daogou.search.language import is_han
from daogou.search.weights import DEPTH, IDEOGRAPH
from daogou.stores import Index, Scored, Vector, query_weights


@dataclass(frozen=True, slots=True)
class Candidates:
    """Two ranked lists, best first. `words` is empty where the text has none; `meaning` where there is no vector."""

    words: tuple[Scored, ...]
    meaning: tuple[Scored, ...]

    @property
    def ids(self) -> list[str]:
        """Every candidate once."""
        return list(dict.fromkeys(one.product_id for one in (*self.words, *self.meaning)))


def query_tokens(text: str) -> list[str]:
    """The words a query is searched by; single ideographs too, for names that no dictionary knows."""
    return list(dict.fromkeys(lexical_tokens(text, query=True, characters=True))) if text else []


def _parts_of_words(tokens: Sequence[str]) -> dict[str, float]:
    """Ideographs of longer words count less than the words: they help where the word is unknown, and else mislead."""
    longer = "".join(token for token in tokens if len(token) > 1)
    return {token: IDEOGRAPH for token in tokens if len(token) == 1 and is_han(token) and token in longer}


def retrieve(
    index: Index,
    tokens: Sequence[str],
    vector: Vector | None,
    filters: Sequence[Constraint],
    *,
    depth: int = DEPTH,
) -> Candidates:
    """`depth` candidates by words and as many by meaning."""
    words = (
        index.search_sparse(query_weights(tokens, _parts_of_words(tokens)), filters=filters, limit=depth)
        if tokens
        else []
    )
    meaning = index.search_dense(vector, filters=filters, limit=depth) if vector is not None else []
    return Candidates(tuple(words), tuple(meaning))
