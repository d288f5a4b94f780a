from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.demo.wording import Pair, capitals, fill, holds, number, pair, slots

VALUES = {
    "water": (Pair("否", "no"),),
    "weight": (Pair("1.5 kg", "1.5 kg"),),
    "color": (Pair("黑色", "black"), Pair("蓝色", "blue")),
    "for": (Pair("女士", "women"),),
}


def test_a_pair_is_split_at_the_bar() -> None:
    assert pair("红色|red") == Pair("红色", "red")
    assert pair("16 GB") == Pair("16 GB", "16 GB")


def test_templates_are_filled_in_both_languages() -> None:
    assert fill("{color}，重{weight}", VALUES, "zh") == "黑色、蓝色，重 1.5 kg"
    assert fill("{color^} bag, {weight}", VALUES, "en") == "Black and Blue bag, 1.5 kg"
    assert fill("{for*} shoes", VALUES, "en") == "Women's shoes"
    assert slots("{color^} and {weight}") == {"color", "weight"}


def test_an_unknown_value_cannot_be_filled_in() -> None:
    with pytest.raises(KeyError):
        fill("{battery}", VALUES, "en")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("", True),
        ("water=no", True),
        ("water!=no", False),
        ("color=red/blue", True),
        ("weight<2 & water=no", True),
        ("weight>2", False),
        ("battery=no", False),
        ("battery!=no", False),
    ],
)
def test_conditions(condition: str, expected: bool) -> None:
    assert holds(condition, VALUES) is expected


def test_a_condition_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(ValueError, match="not of the form"):
        holds("water is no", VALUES)


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="{}"), max_size=60))
def test_capitals_keep_every_letter(text: str) -> None:
    assert capitals(text).casefold() == text.casefold() or len(capitals(text)) != len(text)


@given(st.floats(min_value=0, max_value=10_000, allow_nan=False, allow_subnormal=False).map(lambda one: round(one, 2)))
def test_numbers_are_read_back(value: float) -> None:
    assert number(f"{value:.2f} kg") == value


def test_articles_follow_the_sound() -> None:
    values = {"a": (pair("oolong"),), "b": (pair("8 L"),), "c": (pair("unisex"),), "d": (pair("18 cm"),)}
    text = fill("a {a}, a {b}, a {c}, a {d}, a mug, an egg", values, "en")
    assert text == "An oolong, an 8 L, a unisex, an 18 cm, a mug, an egg"
