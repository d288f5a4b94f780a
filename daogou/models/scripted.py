"""A language model that follows a script: the tests' stand-in, complete and strict."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from daogou.errors import ModelTimeout, ModelUnavailable, SettingsError
from daogou.models.protocols import Generation, Message, Request
from daogou.models.schema import schema_problem

Matcher = str | re.Pattern[str] | Callable[[Request], bool]
Reply = str | Mapping[str, Any] | Sequence[Any] | Exception | Callable[[Request], "str | Mapping[str, Any]"]


class ScriptedModel:
    """`LanguageModel` whose replies are written beforehand.

    rules: (matcher, reply) pairs, the first that matches wins. A matcher is a regular expression searched in the last
    user message (a plain string is one too), or a function of the request. A reply is a text, a value sent as JSON, an
    error to raise, or a function of the request. A prompt no rule matches raises AssertionError, and so does a reply
    that breaks the request's schema: a script must not be kinder than a model.
    scores: (matcher on the continuation, mean log-probability) pairs for `score`.
    """

    def __init__(
        self,
        rules: Sequence[tuple[Matcher, Reply]] = (),
        *,
        name: str = "scripted",
        scores: Sequence[tuple[str, float]] = (),
        piece_size: int = 4,
    ) -> None:
        self.name = name
        self.calls: list[Request] = []
        self.warmed: list[tuple[Message, ...]] = []
        self.closed = False
        self._rules = [(re.compile(match) if isinstance(match, str) else match, reply) for match, reply in rules]
        self._scores = [(re.compile(pattern), value) for pattern, value in scores]
        self._piece_size = piece_size
        self._lock = threading.Lock()

    @classmethod
    def from_file(cls, path: Path) -> ScriptedModel:
        """Read `{"rules": [{"match": REGEX, "reply": TEXT or JSON}, …], "scores": [[REGEX, number], …]}`."""
        try:
            script = json.loads(path.read_text(encoding="utf-8"))
            rules = [(str(rule["match"]), rule["reply"]) for rule in script["rules"]]
            scores = [(str(pattern), float(value)) for pattern, value in script.get("scores", [])]
            return cls(rules, name=f"scripted:{path.name}", scores=scores)
        except (OSError, ValueError, KeyError, TypeError, re.error) as failure:
            raise SettingsError(
                f"The script {path} can not be read: {type(failure).__name__}: {failure}.",
                next_step='It holds {"rules": [{"match": REGEX, "reply": TEXT}]}.',
            ) from failure

    def generate(self, request: Request) -> Generation:
        """The scripted reply."""
        began = time.perf_counter()
        text = self._reply(request)
        whole = self._cut(text, request)
        seconds = time.perf_counter() - began
        return Generation(text=whole, finish="stop", first_token_s=seconds, seconds=seconds, model=self.name)

    def stream(self, request: Request) -> Iterator[str]:
        """The scripted reply, a few characters at a time."""
        text = self._cut(self._reply(request), request)
        for start in range(0, len(text), self._piece_size):
            yield text[start : start + self._piece_size]

    def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """The scripted scores. Raises ModelUnavailable where the script has none, as some endpoints do."""
        if not self._scores:
            raise ModelUnavailable("The script has no scores.", next_step="Give scores=[(regex, number), …].")
        return [self._score(text) for text in continuations]

    def warm(self, messages: Sequence[Message]) -> None:
        """Recorded in `warmed`."""
        with self._lock:
            self.warmed.append(tuple(messages))

    def close(self) -> None:
        """Recorded in `closed`."""
        self.closed = True

    def _reply(self, request: Request) -> str:
        with self._lock:
            self.calls.append(request)
        if request.deadline_s is not None and request.deadline_s <= 0:
            raise ModelTimeout(f"The deadline of {request.deadline_s} s has passed.")
        for matcher, reply in self._rules:
            if not _matches(matcher, request):
                continue
            if isinstance(reply, Exception):
                raise reply
            value = reply(request) if callable(reply) else reply
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            if request.schema is not None and (problem := _schema_problem(text, request.schema)):
                raise AssertionError(f"the script's reply breaks the schema: {problem}: {text!r}")
            return text
        raise AssertionError(f"no rule of the script matches: {_last_user(request)!r}")

    def _score(self, text: str) -> float:
        for pattern, value in self._scores:
            if pattern.search(text):
                return value
        raise AssertionError(f"no score of the script matches: {text!r}")

    @staticmethod
    def _cut(text: str, request: Request) -> str:
        places = [place for stop in request.stop if stop and (place := text.find(stop)) >= 0]
        return text[: min(places)] if places else text


def _last_user(request: Request) -> str:
    return next((message.content for message in reversed(request.messages) if message.role == "user"), "")


def _matches(matcher: re.Pattern[str] | Callable[[Request], bool], request: Request) -> bool:
    if isinstance(matcher, re.Pattern):
        return matcher.search(_last_user(request)) is not None
    return matcher(request)


def _schema_problem(text: str, schema: Mapping[str, Any]) -> str:
    try:
        value = json.loads(text)
    except ValueError as failure:
        return f"not JSON ({failure})"
    return schema_problem(value, schema)
