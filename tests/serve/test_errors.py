"""Every error has one shape and one status."""

from __future__ import annotations

import logging

import httpx
import pytest
from serve.stub_guide import StubGuide, every_error

from daogou import errors
from daogou.serve import STATUS, status_of


def test_the_table_names_every_class_of_the_tree() -> None:
    tree = {value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert set(STATUS) == tree


@pytest.mark.parametrize("error", every_error(), ids=lambda one: type(one).__name__)
def test_every_error_is_answered_in_the_one_shape(
    error: errors.DaogouError, guide: StubGuide, client: httpx.Client
) -> None:
    guide.fail_with = error
    reply = client.get("/v1/search", params={"q": "tea"})
    assert reply.status_code == status_of(error)
    detail = reply.json()["error"]
    assert set(detail) == {"type", "message", "next_step", "field"}
    assert detail["type"] == type(error).__name__
    assert detail["message"] == error.message
    assert detail["next_step"] == error.next_step
    assert detail["field"] == getattr(error, "field", None)


def test_an_error_of_a_room_has_the_status_of_its_nearest_class() -> None:
    class SoldOut(errors.QueryError):
        pass

    assert status_of(SoldOut("Sold out.")) == STATUS[errors.QueryError]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind", "field"),
    [
        ("POST", "/v1/chat", {}, 422, "ValidationError", "text"),
        ("POST", "/v1/chat", {"text": "hi", "mood": "good"}, 422, "ValidationError", "mood"),
        ("POST", "/v1/chat", {"text": "x" * 2001}, 422, "ValidationError", "text"),
        ("GET", "/v1/search?limit=0", None, 422, "ValidationError", "limit"),
        ("GET", "/v1/search?filter=price%3Dcheap", None, 422, "QueryError", None),
        ("GET", "/v1/search?filter=nonsense", None, 422, "QueryError", None),
        ("GET", "/v1/recommend/elsewhere", None, 422, "ValidationError", "surface"),
        ("GET", "/v1/products/P99", None, 404, "NotFound", None),
        ("GET", "/v1/nowhere", None, 404, "NotFound", None),
        ("DELETE", "/v1/search", None, 405, "MethodNotAllowed", None),
        ("PUT", "/v1/carts/c/items", {"product_id": "P6"}, 422, "QueryError", None),
        ("PUT", "/v1/carts/c/items", {"product_id": "P1", "quantity": -1}, 422, "ValidationError", "quantity"),
        ("POST", "/v1/chat/completions", {"messages": []}, 422, "ValidationError", "messages"),
        ("POST", "/v1/chat/completions", {"messages": [{"role": "system", "content": "x"}]}, 422, "QueryError", None),
    ],
)  # fmt: skip
def test_bad_requests(
    client: httpx.Client, method: str, path: str, body: object, status: int, kind: str, field: str | None
) -> None:
    reply = client.request(method, path, json=body)
    assert reply.status_code == status, reply.text
    detail = reply.json()["error"]
    assert (detail["type"], detail["field"]) == (kind, field)
    assert detail["message"]


def test_broken_json_is_said_to_be_that(client: httpx.Client) -> None:
    reply = client.post("/v1/chat", content=b'{"text": ', headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert "not valid JSON" in reply.json()["error"]["message"]


def test_an_unforeseen_error_tells_nothing_and_logs_no_words(
    guide: StubGuide, client: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    guide.fail_with = RuntimeError("secret words of a shopper")
    with caplog.at_level(logging.INFO):
        reply = client.get("/v1/search", params={"q": "private wish"}, headers={"x-request-id": "request-42"})
    assert reply.status_code == 500
    assert reply.json()["error"]["type"] == "InternalError"
    assert "request-42" in reply.json()["error"]["message"]
    assert "secret" not in reply.text
    assert "secret words" not in caplog.text
    assert "private wish" not in caplog.text
    assert "RuntimeError" in caplog.text
    assert "/v1/search" in caplog.text
