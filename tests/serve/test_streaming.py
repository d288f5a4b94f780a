"""Conversations: whole, streamed, cancelled, and in OpenAI's shape."""

from __future__ import annotations

import json
import threading
from typing import Any

import anyio
import httpx
import pytest
from serve.stub_guide import StubGuide

from daogou.errors import ModelTimeout, NotFound
from daogou.serve import create_app


def events(text: str) -> list[tuple[str, str]]:
    """(name, data) of each server-sent event."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n"))
        found.append((lines.get("event", "message"), lines["data"]))
    return found


def test_a_turn_in_one_piece(client: httpx.Client) -> None:
    turn = client.post("/v1/chat", json={"text": "shoes"}).json()
    assert turn["text"] == "Here are two pairs."
    assert [hit["product"]["id"] for hit in turn["hits"]] == ["P1", "P2"]
    assert turn["comparison"]["rows"] == [{"label": "colour", "values": ["blue", "black"]}]
    assert turn["suggestions"] == [{"label": "Compare", "text": "Compare the two"}]


def test_a_streamed_turn_is_words_and_then_the_turn(client: httpx.Client) -> None:
    reply = client.post("/v1/chat", json={"text": "shoes", "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    pieces = [json.loads(data) for _, data in events(reply.text)]
    assert "".join(one.get("text", "") for one in pieces) == "Here are two pairs."
    assert [one for one in pieces if "turn" in one] == pieces[-1:]
    assert pieces[-1]["turn"] == client.post("/v1/chat", json={"text": "shoes"}).json() | {
        "cart": pieces[-1]["turn"]["cart"]
    }


def test_a_refusal_before_the_first_words_is_a_status(guide: StubGuide, client: httpx.Client) -> None:
    guide.fail_with = NotFound("product", "P9")
    assert client.post("/v1/chat", json={"text": "x", "stream": True}).status_code == 404


@pytest.mark.parametrize(
    ("failure", "kind"), [(ModelTimeout("Too slow."), "ModelTimeout"), (RuntimeError("inner"), "InternalError")]
)
def test_a_failure_on_the_way_is_the_last_event(
    guide: StubGuide, client: httpx.Client, failure: Exception, kind: str
) -> None:
    guide.fail_midway = failure
    reply = client.post("/v1/chat", json={"text": "x", "stream": True})
    name, data = events(reply.text)[-1]
    assert name == "error"
    assert json.loads(data)["error"]["type"] == kind
    assert "inner" not in reply.text
    assert guide.closed.is_set()


@pytest.mark.parametrize("path", ["/v1/chat", "/v1/chat/completions"])
def test_when_the_client_goes_the_guide_stops(guide: StubGuide, path: str) -> None:
    guide.gate = threading.Event()
    app = create_app(guide)  # type: ignore[arg-type]
    body = {"stream": True} | (
        {"text": "x"} if path == "/v1/chat" else {"messages": [{"role": "user", "content": "x"}]}
    )
    sent: list[bytes] = []

    async def talk() -> None:
        gone = anyio.Event()
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": json.dumps(body).encode(), "more_body": False}
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body" and message.get("body"):
                sent.append(message["body"])
                gone.set()
                guide.gate.set()  # type: ignore[union-attr]

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"content-type", b"application/json"), (b"host", b"test")],
            "server": ("test", 80),
            "client": ("test", 1),
            "root_path": "",
        }
        async with app.router.lifespan_context(app):
            await app(scope, receive, send)

    anyio.run(talk)
    assert guide.closed.is_set()
    assert b"turn" not in b"".join(sent)


def test_the_conversation_works_on_the_pages_cart(guide: StubGuide, client: httpx.Client) -> None:
    turn = client.post("/v1/chat", json={"text": "x", "cart_id": "cart-9", "shopper_id": "anon-1"}).json()
    state = guide.database.conversations[turn["conversation_id"]]
    assert (state.cart_id, state.shopper_id) == ("cart-9", "anon-1")
    said = {"text": "y", "cart_id": "cart-10", "conversation_id": turn["conversation_id"]}
    client.post("/v1/chat", json=said)
    assert guide.database.conversations[turn["conversation_id"]].cart_id == "cart-10"


# OpenAI's shape


def test_models(client: httpx.Client) -> None:
    listed = client.get("/v1/models").json()
    assert listed["object"] == "list"
    assert [one["id"] for one in listed["data"]] == ["daogou"]


def test_a_completion(client: httpx.Client) -> None:
    body = {"model": "daogou", "temperature": 0.2, "messages": [{"role": "user", "content": "shoes"}]}
    reply = client.post("/v1/chat/completions", json=body).json()
    assert reply["object"] == "chat.completion"
    assert reply["id"].startswith("chatcmpl-")
    assert isinstance(reply["created"], int)
    (choice,) = reply["choices"]
    assert (choice["index"], choice["finish_reason"]) == (0, "stop")
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["content"] == "Here are two pairs."
    assert choice["message"]["daogou"]["hits"][0]["product"]["price"]["amount"] == "499.00"


def test_chunks_end_in_done(client: httpx.Client) -> None:
    body = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": "shoes"}]}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    text = client.post("/v1/chat/completions", json=body).text
    datas = [data for _, data in events(text)]
    assert datas[-1] == "[DONE]"
    chunks = [json.loads(one) for one in datas[:-1]]
    assert {one["object"] for one in chunks} == {"chat.completion.chunk"}
    assert len({one["id"] for one in chunks}) == 1
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    words = "".join(one["choices"][0]["delta"].get("content") or "" for one in chunks if one["choices"])
    assert words == "Here are two pairs."
    ends = [one for one in chunks if one["choices"] and one["choices"][0]["finish_reason"]]
    assert len(ends) == 1
    assert ends[0]["daogou"]["hits"]
    assert chunks[-1]["choices"] == []


def test_a_picture_part_is_refused_by_its_kind(client: httpx.Client) -> None:
    parts = [{"type": "image_url", "image_url": {"url": "x"}}]
    reply = client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": parts}]})
    assert reply.status_code == 422
    assert "image_url" in reply.json()["error"]["message"]


def said(*texts: str) -> dict[str, Any]:
    roles = ("user", "assistant")
    return {"messages": [{"role": roles[place % 2], "content": text} for place, text in enumerate(texts)]}


@pytest.mark.parametrize("stream", [False, True])
def test_the_history_finds_its_conversation_again(guide: StubGuide, client: httpx.Client, stream: bool) -> None:
    reply = "Here are two pairs."
    client.post("/v1/chat/completions", json=said("shoes") | {"stream": stream})
    client.post("/v1/chat/completions", json=said("shoes", reply, "blue") | {"stream": stream})
    assert [one["text"] for one in guide.said] == ["shoes", "blue"]
    first, second = (guide.database.conversations[one["conversation_id"]] for one in guide.said)
    assert first.asked == ("shoes",)
    assert second.asked == ("shoes", "blue")
    # The caller goes back and says something else: the first state is still as it was.
    client.post("/v1/chat/completions", json=said("shoes", reply, "red"))
    assert guide.database.conversations[guide.said[-1]["conversation_id"]].asked == ("shoes", "red")


def test_a_history_nobody_knows_is_said_again(guide: StubGuide, client: httpx.Client) -> None:
    client.post("/v1/chat/completions", json=said("tea", "Which tea?", "green"))
    assert [one["text"] for one in guide.said] == ["tea", "green"]
    assert len({one["conversation_id"] for one in guide.said}) == 1


def test_a_copied_conversation_has_its_own_cart(guide: StubGuide, client: httpx.Client) -> None:
    client.post("/v1/chat/completions", json=said("shoes"))
    name = guide.said[0]["conversation_id"]
    guide.put_in_cart("c-first", "P3", quantity=2)
    state = guide.database.conversations[name].model_copy(update={"cart_id": "c-first"})
    client.app.state.dialogues.keep("", [("user", "shoes"), ("assistant", "ok")], state)  # type: ignore[attr-defined]
    client.post("/v1/chat/completions", json=said("shoes", "ok", "more"))
    copied = guide.database.conversations[guide.said[-1]["conversation_id"]]
    assert copied.cart_id not in (None, "c-first")
    assert guide.cart(str(copied.cart_id)).lines == guide.cart("c-first").lines


def test_an_erased_shopper_leaves_no_dialogue_behind(guide: StubGuide, client: httpx.Client) -> None:
    client.post("/v1/chat/completions", json=said("shoes") | {"user": "anon-5"})
    client.delete("/v1/shoppers/anon-5")
    client.post("/v1/chat/completions", json=said("shoes", "Here are two pairs.", "blue") | {"user": "anon-5"})
    assert [one["text"] for one in guide.said] == ["shoes", "shoes", "blue"]
