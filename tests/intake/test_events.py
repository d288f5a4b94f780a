from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from daogou.records import EventName, Money

Load = Callable[..., Any]
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MICROS = int(NOON.timestamp() * 1_000_000)


def ga4_row(**more: Any) -> dict[str, Any]:
    return {
        "event_date": "20260101",
        "event_timestamp": str(MICROS),
        "event_name": "add_to_cart",
        "user_pseudo_id": "u1",
        "user_id": None,
        "event_params": [
            {"key": "ga_session_id", "value": {"string_value": None, "int_value": "77"}},
            {"key": "currency", "value": {"string_value": "CNY"}},
            {"key": "value", "value": {"double_value": 99.5}},
        ],
        "items": [
            {"item_id": "P1", "price": 49.75, "quantity": 2, "item_list_id": "home", "item_variant": "(not set)"}
        ],
        **more,
    }


def test_a_ga4_export(load: Load) -> None:
    found = load(
        "events.jsonl.gz", [ga4_row(), ga4_row(event_name="page_view"), ga4_row(event_timestamp=None, event_date=None)]
    )
    assert (found.source.dialect, found.source.kind) == ("ga4", "events")
    (event,) = found.records
    assert (event.name, event.time, event.shopper_id, event.session_id) == (EventName.add_to_cart, NOON, "u1", "u1.77")
    (item,) = event.items
    assert (item.product_id, item.quantity, item.price, item.variant_id) == (
        "P1",
        2,
        Money(minor=4975, currency="CNY"),
        None,
    )
    assert (event.value, event.list_id) == (99.5, "home")
    assert [(one.line, one.field) for one in found.rejected] == [(2, "name"), (3, "time")]
    assert "view_item" in found.rejected[0].reason


def test_a_purchase_and_a_search_of_ga4(load: Load) -> None:
    bought = ga4_row(event_name="purchase", ecommerce={"transaction_id": "T9"})
    search = ga4_row(
        event_name="view_search_results",
        items=[],
        event_params=[{"key": "search_term", "value": {"string_value": "tea"}}],
    )
    found = load("events.jsonl", [bought, search])
    assert [one.transaction_id for one in found.records] == ["T9", None]
    assert (found.records[1].name, found.records[1].search_term) == (EventName.search, "tea")


def test_measurement_protocol_requests(load: Load) -> None:
    body = {
        "client_id": "c1",
        "timestamp_micros": MICROS,
        "events": [
            {"name": "view_item", "params": {"session_id": "s", "items": [{"item_id": "P1"}]}},
            {
                "name": "purchase",
                "params": {"transaction_id": "T", "currency": "USD", "items": [{"item_id": "P1", "price": 5}]},
            },
            {"name": "user_engagement", "params": {}},
        ],
    }
    found = load("mp.jsonl", [body])
    view, purchase = found.records
    assert (view.shopper_id, view.session_id, view.time) == ("c1", "c1.s", NOON)
    assert (purchase.transaction_id, purchase.items[0].price) == ("T", Money(minor=500, currency="USD"))
    assert {one.position for one in (*found.accepted, *found.rejected)} == {1}
    assert len(found.rejected) == 1


def test_gorse_feedback(load: Load) -> None:
    rows = [
        {"FeedbackType": name, "UserId": "u", "ItemId": "P", "Value": 1, "Timestamp": "2026-01-01T12:00:00Z"}
        for name in ("read", "star", "like", "purchase", "cart", "teleport")
    ]
    found = load("feedback.json", rows)
    assert found.source.dialect == "gorse"
    assert [one.name.value for one in found.records] == [
        "view_item",
        "add_to_wishlist",
        "add_to_wishlist",
        "purchase",
        "add_to_cart",
    ]
    assert "view_item" in found.rejected[0].reason
    text = "FeedbackType,UserId,ItemId,Timestamp\nread,u,P,2026-01-01 12:00:00\n"
    assert load("feedback.csv", text).only.time == NOON


@pytest.mark.parametrize(
    "text",
    [
        "user_id,item_id,behavior,timestamp\nu,P,pv,1767268800\n",
        "用户,商品编号,行为,时间\nu,P,浏览,2026-01-01 20:00:00\n",
        "visitorid;itemid;timestamp\nu;P;1767268800000\n",
    ],
)
def test_tables(load: Load, text: str) -> None:
    found = load("log.csv", text, kind="events", timezone="Asia/Shanghai")
    event = found.only
    assert (event.name, event.time, event.shopper_id, event.items[0].product_id) == (
        EventName.view_item,
        NOON,
        "u",
        "P",
    )


def test_a_table_by_mapping(load: Load) -> None:
    text = "who,what,at,did,n,each\nu,P,2026-01-01T12:00Z,buy,3,5 USD\n"
    mapping = {"who": "shopper_id", "what": "item", "at": "time", "did": "name", "n": "quantity", "each": "price"}
    event = load("log.csv", text, kind="events", mapping=mapping).only
    assert (event.name, event.items[0].quantity, event.items[0].price) == (
        EventName.purchase,
        3,
        Money(minor=500, currency="USD"),
    )


def test_searches_and_ratings_in_a_table(load: Load) -> None:
    text = (
        "user,item,time,event,query,rating\n"
        "u,,2026-01-01,search,green tea,\n"
        "u,P,2026-01-01,rate,,4.5\n"
        "u,,2026-01-01,view,,\n"
    )
    found = load("log.csv", text, kind="events")
    assert [(one.name.value, one.search_term, one.value) for one in found.records] == [
        ("search", "green tea", None),
        ("rate", "", 4.5),
    ]
    assert [(one.line, one.field) for one in found.rejected] == [(4, "record")]


def test_the_same_row_is_the_same_event(load: Load) -> None:
    text = "user,item,time\nu,P,2026-01-01\nu,P,2026-01-01\nu,Q,2026-01-01\n"
    first, again, other = load("log.csv", text, kind="events").records
    assert first.id == again.id != other.id
    assert load("other-name.csv", text, kind="events").records[0].id == first.id


def test_our_own_events_round_trip(load: Load) -> None:
    event = load("log.csv", "user,item,time\nu,P,2026-01-01\n", kind="events").only
    found = load("own.jsonl", [json.loads(event.model_dump_json())])
    assert found.source.dialect == "daogou"
    assert found.only == event


def test_the_kind_is_told_from_the_columns(load: Load) -> None:
    assert load("a.csv", "user_id,item_id,timestamp\nu,P,1767268800\n").source.kind == "events"
    assert load("b.csv", "product_id,rating,content\nP,5,Good\n").source.kind == "reviews"
    assert load("c.csv", "question,answer\nWhen?,Now\n").source.kind == "policies"
    assert load("d.csv", "id,title,price\n1,A,5 USD\n").source.kind == "products"


def test_reviews(load: Load) -> None:
    rows = [
        {"id": "1", "product_id": "P", "content": "布料厚实", "star": "5", "time": "2018-02-01 00:00:00"},
        {"product_id": "P", "content": "Good", "star": 9},
        {"product_id": "", "content": "Good"},
        {"product_id": "P"},
        {"product_id": "P", "content": "Good <b>cup</b>"},
    ]
    found = load("r.jsonl", rows, kind="reviews")
    first, last = found.records
    assert (first.id, first.rating, first.language) == ("1", 5.0, "zh")
    assert (last.text, last.rating, last.language) == ("Good cup", None, "en")
    assert last.id.startswith("r-")
    assert [(one.line, one.field) for one in found.rejected] == [(2, "rating"), (3, "product_id"), (4, "text")]


def test_policies(load: Load) -> None:
    found = load("faq.jsonl", [{"q": "运费？", "a": "满88元免邮"}, {"q": "退货？", "a": ""}])
    (first,) = found.records
    assert (first.kind, first.question, first.text, first.language) == ("faq", "运费？", "满88元免邮", "zh")
    assert [one.field for one in found.rejected] == ["text"]
    rule = load("p.csv", "topic,text\nshipping,We ship daily\n", kind="policies").only
    assert (rule.kind, rule.topic) == ("policy", "shipping")
