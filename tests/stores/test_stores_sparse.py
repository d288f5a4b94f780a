from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daogou.stores import Weighting, document_weights, query_weights, token_id

AVERAGES = {"title": 4.0, "description": 20.0}
ONE = Weighting(k1=1.2, fields={"title": (1.0, 0.75)})


def test_token_numbers_never_change() -> None:
    # Kept indexes hold these numbers: another value here means that every index has to be built again.
    assert token_id("iphone15") == 2879608581
    assert token_id("面霜") == 3277618954


def test_one_field_is_plain_bm25() -> None:
    tokens = ["a", "b", "a", "c", "d", "e"]
    weights = document_weights([{"title": tokens}], {"title": 4.0}, ONE)
    length = 1 - 0.75 + 0.75 * 6 / 4
    assert weights[token_id("a")] == pytest.approx(2 * 2.2 / (2 + 1.2 * length))
    assert weights[token_id("b")] == pytest.approx(1 * 2.2 / (1 + 1.2 * length))
    assert len(weights) == 5


def test_a_translation_does_no_harm() -> None:
    own = {"title": ["跑鞋", "轻"], "description": ["x"] * 30}
    alone = document_weights([own], AVERAGES, Weighting())
    both = document_weights([own, {"title": ["running", "shoe"], "description": []}], AVERAGES, Weighting())
    assert alone.items() <= both.items()
    assert token_id("running") in both


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("abcdef"), max_size=40),
    st.lists(st.sampled_from("abcdef"), max_size=40),
    st.floats(0.1, 5),
)
def test_weights_are_bounded_and_grow_with_frequency(title: list[str], description: list[str], k1: float) -> None:
    weighting = Weighting(k1=k1)
    wording = {"title": title, "description": description}
    weights = document_weights([wording], AVERAGES, weighting)
    assert set(weights) == {token_id(token) for token in {*title, *description}}
    assert all(0 < weight < k1 + 1 and math.isfinite(weight) for weight in weights.values())
    for first in title:
        for second in title:
            if title.count(first) >= title.count(second) and description.count(first) >= description.count(second):
                assert weights[token_id(first)] >= weights[token_id(second)] - 1e-9


def test_query_weights() -> None:
    assert query_weights(["a", "b", "a"], {"b": 0.5}) == {token_id("a"): 1.0, token_id("b"): 0.5}
    assert query_weights([]) == {}
