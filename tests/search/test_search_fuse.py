from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.search import Candidates, fuse
from daogou.search.rank import Lift, probabilities, rank
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
    for one in fused.values():
        assert all(0.0 <= value <= 1.0 + 1e-9 for value in one[1:])


@given(_SCORES, st.sampled_from([0.25, 0.5, 2.0, 8.0]))
def test_the_scale_of_a_list_does_not_matter(words: dict[str, float], scale: float) -> None:
    one = fuse(Candidates(_ranked(words), ()))
    other = fuse(Candidates(_ranked({name: score * scale for name, score in words.items()}), ()))
    for name, fused in one.items():
        assert other[name].score == pytest.approx(fused.score)


def test_what_leads_both_lists_leads() -> None:
    words = (Scored("a", 9.0), Scored("b", 8.0), Scored("c", 1.0))
    meaning = (Scored("a", 0.9), Scored("c", 0.89), Scored("b", 0.8))
    fused = fuse(Candidates(words, meaning))
    assert max(fused, key=lambda one: fused[one].score) == "a"
    assert fused["a"][1:] == (1.0, 1.0, 1.0)


@given(st.lists(st.floats(-5, 5, allow_subnormal=False), max_size=30))
def test_probabilities_sum_to_one(scores: list[float]) -> None:
    chances = probabilities(scores)
    assert sum(chances) == pytest.approx(1.0 if scores else 0.0)


@given(_SCORES, _SCORES, st.floats(0, 1, allow_subnormal=False), st.integers(0, 5))
def test_the_cut_keeps_the_best(words: dict[str, float], meaning: dict[str, float], cut: float, keep: int) -> None:
    candidates = Candidates(_ranked(words), _ranked(meaning))
    whole = rank(candidates)
    kept = rank(candidates, cut=cut, keep=keep)
    assert kept == whole[: len(kept)]
    assert len(kept) >= min(keep, len(whole))
    assert all(one.score < cut * whole[0].score + 1e-12 for one in whole[len(kept) :])
    assert [one.score for one in whole] == sorted((one.score for one in whole), reverse=True)


def test_lifts_move_what_they_name() -> None:
    candidates = Candidates((Scored("a", 2.0), Scored("b", 1.9)), ())
    assert [one.product_id for one in rank(candidates)] == ["a", "b"]
    assert [one.product_id for one in rank(candidates, [Lift(0.5, {"b": 1.0, "gone": 1.0})])] == ["b", "a"]
