"""The REST paths: what goes in, what comes out."""

from __future__ import annotations

import contextlib
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from serve.stub_guide import StubGuide

from daogou.errors import QueryError
from daogou.records import EventName, Product
from daogou.serve import create_app, parse_filters
from daogou.serve.views import _in_language, image_address


def test_prices_are_decimal_strings_with_a_ready_text(client: httpx.Client) -> None:
    product = client.get("/v1/products/P1").json()
    assert product["price"] == {"amount": "499.00", "currency": "CNY", "text": "¥499"}
    assert product["list_price"]["amount"] == "599.00"
    assert product["variants"][0]["price"]["amount"] == "499.00"
    assert product["images"] == ["/images/P1.png"]
    assert product["rating"] == {"value": 4.5, "count": 2}
    assert set(product) >= {
        "id", "title", "description", "brand", "category", "attributes", "availability", "stock", "link", "buyable"
    }  # fmt: skip


def test_a_script_is_no_link(client: httpx.Client) -> None:
    assert client.get("/v1/products/P2").json()["link"] is None
    assert client.get("/v1/products/P1").json()["link"] == "https://shop.example/P1"


@pytest.mark.parametrize(
    ("image", "address"),
    [
        ("https://shop.example/a.png", "https://shop.example/a.png"),
        ("a b.png", "/images/a%20b.png"),
        ("images/a.png", "/images/a.png"),
        ("./images/a.png", "/images/a.png"),
        ("/images/茶.webp", "/images/%E8%8C%B6.webp"),
        ("javascript:alert(1)", None),
        ("data:image/svg+xml,x", None),
        ("../secret", "/images/secret"),
        ("a/../../secret", None),
    ],
)
def test_where_a_picture_is(image: str, address: str | None) -> None:
    assert image_address(image) == address


def test_the_reader_chooses_the_language(client: httpx.Client) -> None:
    assert client.get("/v1/products/P3", params={"language": "zh"}).json()["title"] == "龙井绿茶 250 克"
    browser = {"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"}
    assert client.get("/v1/products/P3", headers=browser).json()["title"] == "龙井绿茶 250 克"
    assert client.get("/v1/products/P3", headers={"accept-language": "fr,en"}).json()["title"].startswith("Longjing")
    # The words of the search say its language, the reader's choice says that of the reply.
    found = client.get("/v1/search", params={"q": "茶", "language": "en"}).json()
    assert all(hit["product"]["language"] == "en" for hit in found["hits"])


def test_variants_are_worded_by_the_place_of_their_values() -> None:
    product = Product.parse(
        {
            "id": "V1",
            "title": "鞋",
            "language": "zh",
            "attributes": {"颜色": ["粉色", "藏青色"], "尺码": ["35 码", "36 码"]},
            "translations": {"en": {"attributes": {"colour": ["pink", "navy"], "size": ["EU 35", "EU 36"]}}},
            "variants": [{"id": "V1-a", "title": "藏青色 / 36 码", "attributes": {"颜色": "藏青色", "尺码": "36 码"}}],
        }
    )
    (variant,) = _in_language(product, "en").variants
    assert variant.title == "navy / EU 36"
    assert variant.attributes == {"colour": ("navy",), "size": ("EU 36",)}
    assert _in_language(product, "zh") is product


def test_understood_wishes_can_be_taken_back(guide: StubGuide, client: httpx.Client) -> None:
    found = client.get("/v1/search", params={"q": "running shoes under 500, not black"}).json()
    price, colour = found["plan"]["constraints"]
    assert (price["field"], price["low"], price["high"]) == ("price", None, "500.00")
    assert colour["negated"] is True
    less = client.get("/v1/search", params={"q": "running shoes under 500, not black", "undo": colour["key"]}).json()
    assert [one["key"] for one in less["plan"]["constraints"]] == [price["key"]]
    assert guide.queries[-1].undo == (colour["key"],)


def test_filters_become_constraints(guide: StubGuide, client: httpx.Client) -> None:
    asked = {"filter": ["brand=Aoki", "brand=Hupan", "price=100..500.5", "!attr:颜色=黑色"], "facets": "false"}
    assert client.get("/v1/search", params=asked).status_code == 200
    by_body = {"filters": asked["filter"], "facets": False}
    assert client.post("/v1/search", json=by_body).status_code == 200
    for query in guide.queries:
        brand, colour, price = query.constraints
        assert (brand.field, brand.values) == ("brand", ("Aoki", "Hupan"))
        assert (colour.field, colour.values, colour.negated) == ("attr:颜色", ("黑色",), True)
        assert (price.op, price.low, price.high) == ("range", 10000, 50050)
        assert query.facets is False


@given(st.text(max_size=40))
def test_any_filter_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(QueryError):
        assert len(parse_filters([text], "CNY")) == 1


def test_a_filter_a_facet_offers_can_be_sent_back(client: httpx.Client) -> None:
    facets = client.get("/v1/search").json()["facets"]
    brand, price = facets
    assert client.get("/v1/search", params={"filter": brand["values"][0]["filter"]}).status_code == 200
    assert (price["low"], price["high"]) == ("129.00", "499.00")


def test_products_are_put_all_or_none(guide: StubGuide, client: httpx.Client) -> None:
    good = {"id": "N1", "title": "New", "price": "12.50", "category": "Tea > Black"}
    bad = {"id": "N2", "title": "Bad", "price": {"amount": "-3", "currency": "CNY"}}
    reply = client.put("/v1/products", json={"products": [good, bad]})
    assert reply.status_code == 422
    assert reply.json()["error"]["field"] == "products.1.price"
    assert "N1" not in guide.database.kept
    assert client.put("/v1/products", json={"products": [good]}).json()["new"] == 1
    kept = guide.database.kept["N1"]
    assert kept.price is not None
    assert (kept.price.minor, kept.price.currency, kept.category) == (1250, "CNY", ("Tea", "Black"))
    assert client.delete("/v1/products/N1").json() == {"deleted": 1}
    assert client.delete("/v1/products/N1").status_code == 404


def test_the_token_guards_what_the_merchant_does(tmp_path: Path) -> None:
    with TestClient(create_app(StubGuide(tmp_path, token="hush"))) as client:  # type: ignore[arg-type]
        body = {"products": [{"id": "N1", "title": "New"}]}
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": "Bearer "}):
            assert client.put("/v1/products", json=body, headers=headers).status_code == 401
            assert client.delete("/v1/products/P1", headers=headers).status_code == 401
            assert client.get("/v1/shoppers/customer-7/export", headers=headers).status_code == 401
            assert client.delete("/v1/shoppers/customer-7", headers=headers).status_code == 401
        right = {"authorization": "Bearer hush"}
        assert client.put("/v1/products", json=body, headers=right).status_code == 200
        assert client.get("/v1/shoppers/customer-7/export", headers=right).status_code == 200
        # A shopper needs no token for what only they can name.
        assert client.get("/v1/shoppers/anon-0f0f0f0f/export").status_code == 200
        assert client.delete("/v1/shoppers/anon-0f0f0f0f").status_code == 200
        assert client.get("/v1/products/P1").status_code == 200


def test_events_in_our_shape(guide: StubGuide, client: httpx.Client) -> None:
    body = {
        "session_id": "s-1",
        "events": [
            {"id": "e1", "name": "search", "search_term": "tea"},
            {"name": "add_to_cart", "items": [{"product_id": "P3", "price": {"amount": "168.00", "currency": "CNY"}}]},
            {"name": "view_item"},
            {"name": "no_such_event"},
        ],
    }
    reply = client.post("/v1/events", json=body).json()
    assert (reply["kept"], reply["known"]) == (2, 0)
    assert [one["place"] for one in reply["rejected"]] == [2, 3]
    assert guide.events["e1"].session_id == "s-1"
    assert client.post("/v1/events", json=body | {"events": body["events"][:1]}).json()["known"] == 1
    alone = client.post("/v1/events", json={"session_id": "s", "events": [{"name": "view_item"}]})
    assert alone.status_code == 422
    assert alone.json()["error"]["field"].startswith("events.0")


def test_events_as_ga4_sends_them(guide: StubGuide, client: httpx.Client) -> None:
    purchase = {
        "name": "purchase",
        "params": {
            "transaction_id": "T1",
            "currency": "USD",
            "value": 30.03,
            "item_list_id": "search",
            "items": [{"item_id": "P3", "item_variant": "P3-a", "quantity": 3, "price": 10.01, "index": 2}],
        },
    }
    body = {
        "client_id": "7.7",
        "user_id": "customer-7",
        "timestamp_micros": 1_700_000_000_000_000,
        "events": [purchase],
    }
    assert client.post("/v1/events", json=body).json()["kept"] == 1
    assert client.post("/v1/events", json=body).json()["known"] == 1
    (event,) = guide.events.values()
    assert event.name is EventName.purchase
    assert (event.shopper_id, event.session_id, event.time.year) == ("customer-7", "7.7", 2023)
    (item,) = event.items
    assert item.price is not None
    assert (item.product_id, item.variant_id, item.quantity, item.price.minor, item.price.currency) == (
        "P3", "P3-a", 3, 1001, "USD"
    )  # fmt: skip


@pytest.mark.parametrize(
    "params", [7, {"items": "x"}, {"items": [{}]}, {"items": [3]}, {"items": [{"item_id": "P1", "price": "x"}]}]
)
def test_broken_ga4_events_are_rejected(client: httpx.Client, params: object) -> None:
    body = {"client_id": "7", "events": [{"name": "view_item", "params": params}]}
    assert client.post("/v1/events", json=body).status_code == 422


def test_a_cart_is_priced_and_pictured(client: httpx.Client) -> None:
    assert client.get("/v1/carts/c1").json()["lines"] == []
    line = {"product_id": "P1", "variant_id": "P1-41", "quantity": 2, "language": "zh"}
    cart = client.put("/v1/carts/c1/items", json=line).json()
    assert cart["count"] == 2
    assert cart["total"]["amount"] == "998.00"
    (shown,) = cart["lines"]
    assert (shown["title"], shown["variant"], shown["line_total"]["text"]) == ("青木 3 越野跑鞋", "Size 41", "¥998")
    assert shown["image"] == "/images/P1.png"
    assert client.put("/v1/carts/c1/items", json=line | {"quantity": 0}).json()["count"] == 0


def test_reviews_and_answers_keep_their_words(client: httpx.Client) -> None:
    reviews = client.get("/v1/products/P1/reviews").json()["reviews"]
    assert reviews[0]["text"] == "<b>Grippy</b> on wet stone."
    assert client.get("/v1/products/P9/reviews").status_code == 404
    answer = client.post("/v1/answer", json={"question": "Which colour?", "product_id": "P1"}).json()
    assert answer["known"] is True
    assert answer["evidence"][0]["id"] == "attr:P1:colour"
    assert client.post("/v1/answer", json={"question": "?", "product_id": "P9"}).status_code == 404


def test_suggest_recommend_write_store(client: httpx.Client) -> None:
    assert client.get("/v1/suggest", params={"q": "run"}).json()["suggestions"]
    shelf = client.get("/v1/recommend/similar", params={"product_id": "P1"}).json()
    assert shelf["surface"] == "similar"
    assert client.get("/v1/recommend/similar", params={"product_id": "P9"}).status_code == 404
    assert client.post("/v1/write", json={"product_id": "P1"}).json()["kind"] == "description"
    store = client.get("/v1/store").json()
    assert (store["name"], store["notice"], store["currency"]) == ("Test store", "Simulated data.", "CNY")
