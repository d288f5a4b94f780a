from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.prepare import duplicates, normal_title
from daogou.records import Money, Product


def product(product_id: str, title: str = "Nord Rain Jacket", **more: Any) -> Product:
    return Product.parse(
        {"id": product_id, "title": title, "brand": "Nord", "price": Money(minor=8000, currency="USD"), **more}
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Apple iPhone15 Pro", "apple iphone 15 PRO"),
        ("Rain-Jacket (blue)", "rain jacket, blue"),
        ("ＡＢＣ　保湿面霜", "abc 保湿面霜"),
        ('TV 55"', "TV 55"),
    ],
)
def test_titles_that_are_the_same(one: str, other: str) -> None:
    assert normal_title(one) == normal_title(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Pixel 8", "Pixel 8+"), ("1.5 l", "15 l"), ("Jacket S", "Jacket M"), ("面霜", "面膜")]
)
def test_titles_that_are_not(one: str, other: str) -> None:
    assert normal_title(one) != normal_title(other)


def test_the_same_product_entered_twice() -> None:
    found = duplicates([product("b"), product("a", "nord rain-jacket"), product("c", "Other jacket")])
    assert [one.product_ids for one in found] == [("a", "b")]
    assert found[0].keep == "a"


def test_the_first_entered_is_kept() -> None:
    found = duplicates([product("a"), product("b", created="2020-01-01T00:00:00Z")])
    assert found[0].product_ids == ("b", "a")


@pytest.mark.parametrize(
    "difference",
    [
        {"price": Money(minor=8100, currency="USD")},
        {"price": Money(minor=8000, currency="EUR")},
        {"price": None},
        {"brand": "Sud"},
        {"gtin": "4006381333948"},
        {"attributes": {"color": ("Red",)}},
    ],
)
def test_what_differs_is_another_product(difference: dict[str, Any]) -> None:
    same: dict[str, Any] = {"gtin": "4006381333931", "attributes": {"color": ("Blue",)}}
    assert duplicates([product("a", **same), product("b", **(same | difference))]) == []


def test_a_brand_in_two_scripts_is_one_brand() -> None:
    assert len(duplicates([product("a", brand="Julius/聚利时"), product("b", brand="JULIUS")])) == 1


@given(st.lists(st.sampled_from(["A 1", "a1", "B", "b!", "C"]), max_size=12), st.randoms())
def test_groups_do_not_depend_on_the_order(titles: list[str], shuffle: random.Random) -> None:
    entered = [product(f"p{number:02}", title) for number, title in enumerate(titles)]
    first = duplicates(entered)
    shuffle.shuffle(entered)
    assert duplicates(entered) == first
    assert all(len(one.product_ids) > 1 for one in first)
