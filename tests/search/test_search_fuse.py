from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.search import Candidates, fuse
from daogou.search.rank import probabilities
from daogou.stores import Scored

_SCORES = st.dictionaries(
    st.text("abcdef", min_size=1, max_size=2), st.integers(1, 60).map(lambda one: one / 2), max_size=12
)


def _ranked(scores: dict[str, float]) -> tuple[Scored, ...]:
    return tuple(Scored(one, score) for one, score in sorted(scores.items(), key=lambda pair: (-pair[1], pair[0])))


@given(_SCORES, _SCORES)
def test_parts_lie_between_nothing_and_all(words: dict[str, float], meaning: dict[str, float]) -> None:
    fused = fuse(Candidates(_ranked(words), _ranked(meaning)))
    assert set(fused) == set(words) | set(meaning)
    for _, part in fused.values():
        assert all(0.0 <= value <= 1.0 for value in part)


@given(_SCORES, st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_the_scale_of_a_list_does_not_matter(words: dict[str, float], scale: float) -> None:
    one = fuse(Candidates(_ranked(words), ()))
    other = fuse(Candidates(_ranked({name: score * scale for name, score in words.items()}), ()))
    for name, (score, _) in one.items():
        assert other[name][0] == pytest.approx(score)


def test_what_leads_both_lists_leads() -> None:
    words = (Scored("a", 9.0), Scored("b", 8.0), Scored("c", 1.0))
    meaning = (Scored("a", 0.9), Scored("c", 0.89), Scored("b", 0.8))
    fused = fuse(Candidates(words, meaning))
    assert max(fused, key=lambda one: fused[one][0]) == "a"
    assert fused["a"][1] == (1.0, 1.0, 1.0)


@given(st.lists(st.floats(-5, 5), max_size=30))
def test_probabilities_sum_to_one(scores: list[float]) -> None:
    chances = probabilities(scores)
    assert sum(chances) == pytest.approx(1.0 if scores else 0.0)
