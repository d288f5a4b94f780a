"""Carts: priced from the records, one variant chosen, nothing sold that is not there."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_shop import PRODUCTS

from daogou.chat import Carts, SoldOut, VariantNeeded
from daogou.errors import NotFound, QueryError
from daogou.records import Money


@pytest.fixture
def carts(small_database):
    return Carts(small_database)


def test_an_unknown_cart_is_empty(carts):
    cart = carts.get("nobody")
    assert cart.lines == ()
    assert cart.total is None


def test_quantity_is_set_not_added_and_zero_removes(carts):
    carts.put("c", "cream-1", quantity=2)
    cart = carts.put("c", "cream-1", quantity=3)
    assert cart.lines[0].quantity == 3
    assert cart.total == Money.of("804", "CNY")
    assert carts.put("c", "cream-1", quantity=0).lines == ()


def test_prices_are_read_when_the_cart_is_read(carts, small_database):
    carts.put("c", "cream-1")
    cheaper = PRODUCTS[4].model_copy(update={"price": Money.of("99", "CNY")})
    small_database.put_products([cheaper])
    assert carts.get("c").total == Money.of("99", "CNY")
    small_database.delete_products(["cream-1"])
    assert carts.get("c").lines == ()


def test_a_variant_has_to_be_chosen(carts):
    with pytest.raises(VariantNeeded, match="shoe-1-41b"):
        carts.put("c", "shoe-1")
    cart = carts.put("c", "shoe-1", variant_id="shoe-1-42w")
    assert cart.lines[0].price == Money.of("419", "CNY")
    assert "白色 / 42" in cart.lines[0].title


@pytest.mark.parametrize(
    ("product_id", "variant_id", "quantity", "error"),
    [
        ("shoe-4", None, 1, SoldOut),
        ("shoe-1", "shoe-1-42b", 1, SoldOut),
        ("shoe-1", "shoe-1-42w", 4, SoldOut),
        ("shoe-3", None, 3, SoldOut),
        ("cream-1", None, 100, QueryError),
        ("cream-1", None, -1, QueryError),
        ("nothing", None, 1, NotFound),
        ("shoe-1", "nothing", 1, NotFound),
    ],
)
def test_what_cannot_be_ordered_is_refused_and_changes_nothing(carts, product_id, variant_id, quantity, error):
    carts.put("c", "cream-2")
    with pytest.raises(error):
        carts.put("c", product_id, variant_id=variant_id, quantity=quantity)
    assert [line.product_id for line in carts.get("c").lines] == ["cream-2"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["cream-1", "cream-2", "kettle-1"]), st.integers(0, 5)), max_size=8))
def test_the_total_is_the_sum_of_the_lines(carts, steps):
    wanted: dict[str, int] = {}
    for line in carts.get("sum").lines:
        carts.put("sum", line.product_id, quantity=0)
    for product_id, quantity in steps:
        carts.put("sum", product_id, quantity=quantity)
        wanted[product_id] = quantity
    prices = {one.id: one.price.minor for one in PRODUCTS}
    expected = sum(prices[one] * count for one, count in wanted.items())
    total = carts.get("sum").total
    assert (total.minor if total else 0) == expected


def test_the_conversation_asks_for_the_variant_and_completes(say):
    turn = say("running shoes", "add the first one to my cart")[-1]
    assert turn.act == "ask"
    assert [one.text for one in turn.suggestions] == ["black / 41", "white / 42"]
    done = say(turn.suggestions[1].text)
    assert done.act == "cart"
    assert done.cart.lines[0].variant_id == "shoe-1-42w"
    assert done.cart.total == Money.of("419", "CNY")
    assert "¥419" in done.text


def test_sold_out_is_said_and_nothing_is_added(say):
    turn = say("running shoes", "add the fourth one to the cart")[-1]
    assert "sold out" in turn.text
    assert turn.cart.lines == ()


def test_how_many_and_removing(say):
    turn = say("面霜", "第一款来两件")[-1]
    assert turn.cart.lines[0].quantity == 2
    assert "¥536" in turn.text
    assert say("购物车里有什么").cart.total == Money.of("536", "CNY")
    assert say("从购物车删除第一款").cart.lines == ()


def test_both_go_into_the_cart(say):
    turn = say("面霜", "前两款都加入购物车")[-1]
    assert {line.product_id for line in turn.cart.lines} == {"cream-1", "cream-2"}
