"""The nouns: what they accept, what they refuse and in which words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daogou.errors import RecordError
from daogou.records import CURRENCIES, Constraint, Event, Money, Product, Query, exponent

RED_CUP = {
    "id": "cup-1",
    "title": "红色马克杯",
    "language": "zh",
    "attributes": {"颜色": ["红色", "红色"], "容量": "350 ml", "空": ""},
    "price": {"minor": 4990, "currency": "cny"},
    "translations": {"en": {"title": "Red mug", "attributes": {"color": "red", "capacity": "350 ml"}}},
}


def test_a_product_round_trips_through_json() -> None:
    product = Product.parse(RED_CUP)
    assert Product.model_validate_json(product.model_dump_json()) == product
    assert product.attributes == {"颜色": ("红色",), "容量": ("350 ml",)}


def test_a_translation_changes_words_and_never_facts() -> None:
    product = Product.parse(RED_CUP)
    english = product.in_language("en")
    assert (english.title, english.attributes["color"]) == ("Red mug", ("red",))
    assert (english.id, english.price, english.stock) == (product.id, product.price, product.stock)
    assert product.in_language("fr") is product
    assert [one.language for one in product.wordings()] == ["zh", "en"]


def test_variants_are_worded_as_the_parallel_attributes_are() -> None:
    variants = [{"id": "v1", "title": "红色 / 350 ml", "attributes": {"颜色": "红色", "容量": "350 ml"}}]
    english = Product.parse(RED_CUP | {"variants": variants}).in_language("en").variants[0]
    assert english.title == "red / 350 ml"
    assert english.attributes == {"color": ("red",), "capacity": ("350 ml",)}


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"id": ""}, "id", "at least 1 character"),
        ({"title": None}, "title", "valid string"),
        ({"price": {"minor": -1, "currency": "CNY"}}, "price.minor", "greater than or equal to 0"),
        ({"price": {"minor": 1, "currency": "ZZZ"}}, "price.currency", "ISO 4217"),
        ({"colour": "red"}, "colour", "not permitted"),
        ({"gtin": "12"}, "gtin", "match pattern"),
        ({"stock": -3}, "stock", "greater than or equal to 0"),
        ({"variants": [{"id": "a"}, {"id": "a"}]}, "record", "stands twice"),
    ],
)
def test_validation_names_field_value_and_rule(change: dict[str, object], field: str, rule: str) -> None:
    with pytest.raises(RecordError) as caught:
        Product.parse(RED_CUP | change)
    assert caught.value.field == field
    assert rule in caught.value.rule


def test_one_product_has_one_currency() -> None:
    with pytest.raises(RecordError, match="several currencies"):
        Product.parse(RED_CUP | {"list_price": {"minor": 1, "currency": "USD"}})


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(0, 10**11))
def test_money_survives_its_decimal_string(currency: str, minor: int) -> None:
    money = Money(minor=minor, currency=currency)
    assert Money.of(money.decimal, currency) == money
    assert Decimal(money.decimal).as_tuple().exponent == -exponent(currency)


@pytest.mark.parametrize(
    ("amount", "rule"), [("-1", "negative"), ("abc", "decimal"), ("nan", "finite"), ("1e30", "more than")]
)
def test_money_refuses(amount: str, rule: str) -> None:
    with pytest.raises(RecordError, match=rule):
        Money.of(amount, "CNY")


def test_money_reads_like_a_price() -> None:
    assert Money.of("1299", "CNY").format() == "¥1,299"
    assert Money.of("49.9", "CNY").format() == "¥49.90"
    assert Money.of("80", "CHF").format() == "CHF 80"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"id": "1", "name": "view_item", "items": [{"product_id": "p"}]}, "shopper_id or a session_id"),
        ({"id": "1", "name": "view_item", "shopper_id": "s"}, "at least one item"),
        ({"id": "1", "name": "search", "shopper_id": "s"}, "search_term"),
        ({"id": "1", "name": "sneeze", "shopper_id": "s"}, "view_item"),
    ],
)
def test_an_event_says_what_it_lacks(data: dict[str, object], said: str) -> None:
    with pytest.raises(RecordError, match=said):
        Event.parse(data)


def test_a_constraint_is_named_by_what_it_says() -> None:
    assert Constraint(field="price", op="range", high=50000).key == "price:..50000"
    assert Constraint(field="brand", values=("a", "b"), negated=True).key == "!brand:a|b"


def test_a_query_has_limits() -> None:
    with pytest.raises(RecordError, match="limit"):
        Query.parse({"text": "x", "limit": 0})
    with pytest.raises(RecordError, match="text"):
        Query.parse({"text": "x" * 501})
