from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from index_things import shoe

from daogou.index import dense_text, facets, numbers, to_entries, token_fields
from daogou.index.entry import amount_of, average_lengths
from daogou.models import lexical_tokens
from daogou.records import Product, Variant
from daogou.stores import DEFAULT_AVERAGES, Weighting, query_weights


def test_the_dense_text_holds_what_matters_in_both_languages() -> None:
    text = dense_text(shoe(7, description="很轻。" * 500))
    assert text.startswith("轻量跑鞋 7 号. Light running shoe 7. 飞燕. 鞋 跑鞋. 颜色 黑色, 重量 0.25 kg. 很轻。")
    assert len(text) < 400


def test_a_bare_product_has_a_dense_text() -> None:
    assert dense_text(Product(id="1", title="Tea")) == "Tea"


def test_a_product_is_found_by_the_words_of_either_language() -> None:
    weights = to_entries([shoe(7)], np.ones((1, 4), np.float32), {}, DEFAULT_AVERAGES, Weighting())[0].sparse
    for query in ("跑鞋", "running shoes", "swallow", "黑色", "S0007"):
        assert set(query_weights(lexical_tokens(query, query=True))) & set(weights), query


def test_the_words_of_variants_count_as_the_products() -> None:
    product = shoe(1, variants=(Variant(id="v", attributes={"尺码": ("42",)}, gtin="4006381333931"),))
    words = token_fields(product)[0]["attributes"]
    assert "42" in words
    assert "4006381333931" in words
    assert facets(product)["attr:尺码"] == ["42"]


def test_facets_are_the_own_languages_values() -> None:
    assert facets(shoe(1)) == {
        "stock": ["yes"],
        "lang": ["zh"],
        "brand": ["飞燕"],
        "category": ["鞋", "鞋 > 跑鞋"],
        "currency": ["CNY"],
        "attr:颜色": ["黑色"],
        "attr:重量": ["0.25 kg"],
    }
    assert facets(shoe(1, stock=0))["stock"] == ["no"]
    assert "attr:故事" not in facets(shoe(1, attributes={"故事": ("长" * 200,)}))


def test_numbers() -> None:
    made = datetime(2026, 1, 2, tzinfo=UTC)
    assert numbers(shoe(1, created=made), 4.5) == {
        "price": 20000.0,
        "created": made.timestamp(),
        "rating": 4.5,
        "attr:重量": 250.0,
    }
    assert numbers(Product(id="1", title="Tea"), None) == {}


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.5 kg", 1500.0),
        ("500ml", 500.0),
        ("6", 6.0),
        ("6.0", 6.0),
        ("2,000 mAh", 2000.0),
        ("三十小时", 1800.0),
        ("1440 x 900", None),
        ("IPX4", None),
        ("black", None),
        ("约 2 米", None),
        ("", None),
        ("9" * 50, None),
    ],
)
def test_amounts(text: str, amount: float | None) -> None:
    assert amount_of(text) == pytest.approx(amount) if amount is not None else amount_of(text) is None


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_value_is_read_or_left(text: str) -> None:
    assert amount_of(text) is None or isinstance(amount_of(text), float)


def test_average_lengths_are_over_what_is_there() -> None:
    found = average_lengths([shoe(1), Product(id="1", title="green tea")])
    wordings = [*token_fields(shoe(1)), *token_fields(Product(id="1", title="green tea"))]
    titles = [len(wording["title"]) for wording in wordings]
    assert found["title"] == pytest.approx(sum(titles) / 3)
    assert "description" not in found
