from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.evaluate import (
    bootstrap,
    calibration_error,
    coverage,
    gains_at,
    hits_at,
    ndcg,
    precision,
    rank_of,
    recall,
    reciprocal_at,
    reciprocal_rank,
)


def test_ties_count_against_us() -> None:
    assert rank_of(np.zeros(10), 0) == 10
    assert rank_of(np.zeros(10), 9) == 10
    assert rank_of(np.array([3.0, 2.0, 2.0, 1.0]), 1) == 3
    assert rank_of(np.array([3.0, 2.0, 2.0, 1.0]), 1, excluded=[0, 2]) == 1
    assert rank_of(np.array([1.0, np.nan, 0.0]), 1) == 3


@given(st.lists(st.integers(0, 3), min_size=2, max_size=12), st.data())
def test_a_rank_is_the_worst_place_any_sorting_could_give(scores: list[int], data: st.DataObject) -> None:
    wanted = data.draw(st.integers(0, len(scores) - 1))
    assert rank_of(np.array(scores, float), wanted) == sum(score >= scores[wanted] for score in scores)


def test_figures_of_known_ranks() -> None:
    ranks = [1, 3, 11]
    assert hits_at(ranks, 10).tolist() == [1, 1, 0]
    assert gains_at(ranks, 10).tolist() == [1.0, 0.5, 0.0]
    assert reciprocal_at(ranks, 10).tolist() == pytest.approx([1.0, 1 / 3, 0.0])


def test_graded_gains() -> None:
    gains = {"a": 3.0, "b": 1.0}
    assert ndcg(["a", "b"], gains, 10) == 1.0
    assert ndcg(["b", "a"], gains, 10) == pytest.approx((1 + 3 / np.log2(3)) / (3 + 1 / np.log2(3)))
    assert ndcg(["x"], gains, 10) == 0.0
    assert ndcg(["x"], {}, 10) == 0.0


def test_lists_against_sets() -> None:
    assert precision(["a", "x"], {"a", "b"}, 4) == 0.25
    assert recall(["a", "x"], {"a", "b"}, 4) == 0.5
    assert reciprocal_rank(["x", "a"], {"a"}, 4) == 0.5
    assert reciprocal_rank(["x", "a"], {"a"}, 1) == 0.0
    assert coverage(np.array([[0, 1], [1, -1]]), 4) == 0.5


def test_calibration_sees_what_is_said_and_what_happens() -> None:
    rng = np.random.default_rng(0)
    said = rng.random(20_000)
    happened = rng.random(20_000) < said
    assert calibration_error(said, happened) < 0.02
    assert calibration_error(said / 2, happened) == pytest.approx(0.25, abs=0.02)
    assert calibration_error(np.array([]), np.array([])) == 0.0


def test_the_interval_holds_the_mean_and_narrows_with_more_data() -> None:
    rng = np.random.default_rng(0)
    few, many = rng.random(50), rng.random(5_000)
    low, high = bootstrap(few, seed=1)
    assert low < few.mean() < high
    narrow = bootstrap(many, seed=1)
    assert narrow[1] - narrow[0] < (high - low) / 5
    assert bootstrap(few, seed=1) == (low, high)
    assert bootstrap([], seed=1) == (0.0, 0.0)
