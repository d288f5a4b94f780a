"""A language model behind an OpenAI-compatible endpoint: vLLM, SGLang, DashScope, DeepSeek, OpenAI, Ollama."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import httpx

from daogou.errors import ModelTimeout, ModelUnavailable
from daogou.models.endpoint import Endpoint, Refused
from daogou.models.protocols import Generation, Message, Request

_FORMATS = ("json_schema", "json_object", "none")
_DONE = "[DONE]"


class HostedModel:
    """`LanguageModel` over `POST base/chat/completions`. Thread-safe."""

    def __init__(self, base: str, model: str, *, api_key: str | None = None, endpoint: Endpoint | None = None) -> None:
        self.name = model
        self._endpoint = endpoint or Endpoint(base, api_key=api_key)
        # The first response format the server has accepted; those before it were refused.
        self._format = 0

    def generate(self, request: Request) -> Generation:
        """The whole reply. Raises ModelTimeout, ModelUnavailable."""
        began = time.perf_counter()
        reply = self._with_format(
            request, lambda body: self._endpoint.post("chat/completions", body, request.deadline_s)
        )
        try:
            choice = reply["choices"][0]
            text = choice["message"]["content"] or ""
        except (KeyError, IndexError, TypeError) as failure:
            raise self._nonsense(reply) from failure
        usage = reply.get("usage") or {}
        return Generation(
            text=_json_only(text) if request.schema is not None else text,
            finish=_finish(choice.get("finish_reason")),
            prompt_tokens=usage.get("prompt_tokens"),
            output_tokens=usage.get("completion_tokens"),
            seconds=time.perf_counter() - began,
            model=str(reply.get("model") or self.name),
        )

    def stream(self, request: Request) -> Iterator[str]:
        """Pieces of the reply as they come. Closing the iterator closes the connection, which cancels."""
        began = time.perf_counter()
        with self._open_stream(request) as reply:
            try:
                yield from self._pieces(reply, request, began)
            except httpx.TimeoutException as failure:
                raise self._late(request) from failure
            except httpx.HTTPError as failure:
                raise ModelUnavailable(
                    f"The stream from {self._endpoint.base} broke off: {type(failure).__name__}.",
                    next_step="Ask again.",
                ) from failure

    def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Raises ModelUnavailable: chat endpoints do not tell the probability of a given reply."""
        raise ModelUnavailable(
            f"{self.name} at {self._endpoint.base} can not score a given reply.",
            next_step="Use the embedded model where replies are ranked by probability.",
        )

    def warm(self, messages: Sequence[Message]) -> None:
        """Nothing to do: what a server caches is its own affair."""

    def close(self) -> None:
        """Close the connections."""
        self._endpoint.close()

    def _body(self, request: Request, chosen: int) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.name,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if request.repetition_penalty > 1.0:
            # The common parameter nearest to it; `repetition_penalty` itself is an extension some servers refuse.
            body["frequency_penalty"] = min(2.0, 2 * (request.repetition_penalty - 1.0))
        if request.schema is not None:
            body.update(_response_format(request.schema, _FORMATS[chosen]))
        return body

    def _with_format(self, request: Request, send: Any) -> Any:
        """Send with the strictest response format the server takes, remembering which it refuses."""
        chosen = self._format if request.schema is not None else 0
        while True:
            try:
                reply = send(self._body(request, chosen))
            except Refused as failure:
                if request.schema is None or failure.status not in (400, 404, 422) or chosen + 1 >= len(_FORMATS):
                    raise
                chosen += 1
                continue
            if request.schema is not None:
                self._format = max(self._format, chosen)
            return reply

    @contextmanager
    def _open_stream(self, request: Request) -> Iterator[httpx.Response]:
        def send(body: dict[str, Any]) -> Any:
            opened = self._endpoint.open("chat/completions", {**body, "stream": True}, request.deadline_s)
            return opened, opened.__enter__()

        opened, reply = self._with_format(request, send)
        try:
            yield reply
        finally:
            opened.__exit__(None, None, None)

    def _pieces(self, reply: httpx.Response, request: Request, began: float) -> Iterator[str]:
        ended = False
        for line in reply.iter_lines():
            if request.deadline_s is not None and time.perf_counter() - began > request.deadline_s:
                raise self._late(request)
            if not line.startswith("data:"):
                continue
            data = line[5:].strip()
            if data == _DONE:
                return
            try:
                chunk = json.loads(data)
                choices = chunk.get("choices") or []
                piece = choices[0]["delta"].get("content") if choices else None
                ended = ended or bool(choices and choices[0].get("finish_reason"))
            except (ValueError, KeyError, AttributeError, TypeError) as failure:
                raise self._nonsense(data) from failure
            if piece:
                yield piece
        if not ended:
            raise ModelUnavailable(
                f"The stream from {self._endpoint.base} ended without saying it was done.", next_step="Ask again."
            )

    def _late(self, request: Request) -> ModelTimeout:
        return ModelTimeout(
            f"{self.name} did not finish within {request.deadline_s} s.",
            next_step="Raise the deadline or ask for fewer tokens.",
        )

    def _nonsense(self, reply: object) -> ModelUnavailable:
        return ModelUnavailable(
            f"{self._endpoint.base} answered what is no chat completion: {str(reply)[:300]!r}.",
            next_step="Check that the address ends in /v1 of an OpenAI-compatible server.",
        )


def _response_format(schema: Mapping[str, Any], kind: str) -> dict[str, Any]:
    if kind == "json_schema":
        return {
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "reply", "schema": dict(schema), "strict": True},
            }
        }
    return {"response_format": {"type": "json_object"}} if kind == "json_object" else {}


def _json_only(text: str) -> str:
    """A model left free to choose often wraps its JSON in a code fence."""
    stripped = text.strip()
    if stripped.startswith("```"):
        stripped = stripped.partition("\n")[2].rpartition("```")[0].strip()
    return stripped


def _finish(reason: object) -> Literal["stop", "length"]:
    return "length" if reason == "length" else "stop"
