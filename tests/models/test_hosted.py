from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from endpoint_server import Answer, Server, fails, hangs, raw, says, serving, streams

from daogou.errors import ModelTimeout, ModelUnavailable
from daogou.models import LanguageModel, Message, Request
from daogou.models.endpoint import Endpoint
from daogou.models.hosted import HostedModel

ASK = Request((Message("system", "be short"), Message("user", "hello")), max_tokens=9, stop=("\n",))
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}


@contextmanager
def hosted(
    *script: Answer, read_timeout_s: float = 5.0, retries: int = 3
) -> Iterator[tuple[HostedModel, Server, list[float]]]:
    pauses: list[float] = []
    with serving(*script) as server:
        endpoint = Endpoint(
            server.base, api_key="k-1", read_timeout_s=read_timeout_s, retries=retries, sleep=pauses.append
        )
        model = HostedModel(server.base, "m", endpoint=endpoint)
        yield model, server, pauses
        model.close()


def test_generate() -> None:
    with hosted(says("你好")) as (model, server, _pauses):
        reply = model.generate(ASK)
        path, headers, body = server.seen[0]
    assert isinstance(model, LanguageModel)
    assert (reply.text, reply.finish, reply.prompt_tokens, reply.output_tokens) == ("你好", "stop", 7, 3)
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer k-1"
    assert body["messages"] == [{"role": "system", "content": "be short"}, {"role": "user", "content": "hello"}]
    assert (body["max_tokens"], body["stop"], body["temperature"]) == (9, ["\n"], 0.0)


def test_two_failures_then_a_reply() -> None:
    with hosted(fails(500), fails(429, Retry_After="3"), says("ok")) as (model, server, pauses):
        assert model.generate(ASK).text == "ok"
        assert len(server.seen) == 3
    assert 0.4 <= pauses[0] <= 0.6
    assert pauses[1] == 3.0


def test_it_gives_up() -> None:
    with (
        hosted(fails(503), retries=2) as (model, server, pauses),
        pytest.raises(ModelUnavailable, match="503 after 3 attempts"),
    ):
        model.generate(ASK)
    assert len(server.seen) == 3
    assert len(pauses) == 2


def test_a_refusal_is_not_tried_again() -> None:
    with hosted(fails(401)) as (model, server, _pauses), pytest.raises(ModelUnavailable, match="DAOGOU_API_KEY"):
        model.generate(ASK)
    assert len(server.seen) == 1


def test_a_server_that_hangs() -> None:
    with hosted(hangs) as (model, _server, _pauses), pytest.raises(ModelTimeout, match=r"0\.2 s"):
        model.generate(Request(ASK.messages, deadline_s=0.2))


def test_a_server_that_hangs_without_a_deadline() -> None:
    with hosted(hangs, read_timeout_s=0.2) as (model, _server, _pauses), pytest.raises(ModelTimeout):
        model.generate(ASK)


def test_nobody_there() -> None:
    pauses: list[float] = []
    model = HostedModel("x", "m", endpoint=Endpoint("http://127.0.0.1:9/v1", retries=2, sleep=pauses.append))
    with pytest.raises(ModelUnavailable, match="can not be reached after 3 attempts"):
        model.generate(ASK)
    assert len(pauses) == 2


@pytest.mark.parametrize("text", ["<html>welcome</html>", "[]", '{"choices": []}', '{"choices": [{}]}', "3"])
def test_nonsense(text: str) -> None:
    with hosted(raw(text)) as (model, _server, _pauses), pytest.raises(ModelUnavailable, match="/v1"):
        model.generate(ASK)


def test_the_schema_falls_back_and_is_remembered() -> None:
    fenced = says('```json\n{"a": 1}\n```')
    with hosted(fails(400), fails(422), fenced) as (model, server, _pauses):
        ask = Request(ASK.messages, schema=SCHEMA)
        assert json.loads(model.generate(ask).text) == {"a": 1}
        assert json.loads(model.generate(ask).text) == {"a": 1}
        formats = [body.get("response_format", {}).get("type") for _path, _headers, body in server.seen]
    assert formats == ["json_schema", "json_object", None, None]


def test_stream() -> None:
    with hosted(fails(502), streams("你", "好", "！")) as (model, server, _pauses):
        assert list(model.stream(ASK)) == ["你", "好", "！"]
        assert server.seen[-1][2]["stream"] is True


def test_a_stream_that_is_cut() -> None:
    with hosted(streams("half", done=False)) as (model, _server, _pauses):
        pieces = model.stream(ASK)
        assert next(pieces) == "half"
        with pytest.raises(ModelUnavailable):
            next(pieces)


def test_a_stream_that_hangs() -> None:
    with hosted(streams("half", then_hang=True), read_timeout_s=0.2) as (model, _server, _pauses):
        pieces = model.stream(ASK)
        assert next(pieces) == "half"
        with pytest.raises(ModelTimeout):
            next(pieces)


def test_closing_a_stream_early() -> None:
    with hosted(streams("a", "b", then_hang=True), says("next")) as (model, _server, _pauses):
        pieces = model.stream(ASK)
        assert next(pieces) == "a"
        pieces.close()  # type: ignore[attr-defined]
        assert model.generate(ASK).text == "next"


def test_it_can_not_score() -> None:
    with hosted(says("x")) as (model, _server, _pauses), pytest.raises(ModelUnavailable, match="score"):
        model.score(ASK.messages, ["a"])
