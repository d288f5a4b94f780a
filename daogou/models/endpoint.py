"""Calling an OpenAI-compatible endpoint: one client, time-outs, and retries with back-off."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from daogou.errors import ModelTimeout, ModelUnavailable

_RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504})
_SHOWN = 300


class Endpoint:
    """POSTs to `base/path`. Tries again on 429, 5xx and connection errors, waiting 0.5 s, 1 s, … or what it is told.

    deadlines are in seconds from the call; passing one raises ModelTimeout, everything else ModelUnavailable.
    """

    def __init__(
        self,
        base: str,
        *,
        api_key: str | None = None,
        connect_timeout_s: float = 5.0,
        read_timeout_s: float = 60.0,
        retries: int = 3,
        back_off_s: float = 0.5,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base = base.rstrip("/")
        self._retries = retries
        self._back_off_s = back_off_s
        self._connect_timeout_s = connect_timeout_s
        self._read_timeout_s = read_timeout_s
        self._sleep = sleep
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._client = httpx.Client(headers=headers, limits=httpx.Limits(max_connections=64))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def post(self, path: str, body: Mapping[str, Any], deadline_s: float | None = None) -> Any:
        """The JSON reply."""
        with self.open(path, body, deadline_s) as reply:
            try:
                reply.read()
                return reply.json()
            except ValueError as failure:
                raise ModelUnavailable(
                    f"{self.base}/{path} answered what is not JSON: {reply.text[:_SHOWN]!r}.",
                    next_step="Check that the address ends in /v1 of an OpenAI-compatible server.",
                ) from failure
            except httpx.TimeoutException as failure:
                raise self._late(path, deadline_s) from failure
            except httpx.HTTPError as failure:
                raise self._unreachable(path, failure, 1) from failure

    @contextmanager
    def open(self, path: str, body: Mapping[str, Any], deadline_s: float | None = None) -> Iterator[httpx.Response]:
        """The reply with status 200, its body not read yet. `Refused` carries a 400-range answer."""
        began = time.perf_counter()
        attempt = 0
        while True:
            attempt += 1
            left = None if deadline_s is None else deadline_s - (time.perf_counter() - began)
            if left is not None and left <= 0:
                raise self._late(path, deadline_s)
            read_s = self._read_timeout_s if left is None else min(left, self._read_timeout_s)
            timeout = httpx.Timeout(read_s, connect=min(self._connect_timeout_s, read_s))
            request = self._client.build_request("POST", f"{self.base}/{path}", json=dict(body), timeout=timeout)
            try:
                reply = self._client.send(request, stream=True)
            except httpx.TransportError as failure:
                slow = isinstance(failure, httpx.ReadTimeout | httpx.WriteTimeout)
                if slow or attempt > self._retries:
                    raise (
                        self._late(path, deadline_s) if slow else self._unreachable(path, failure, attempt)
                    ) from failure
                self._wait(attempt, None, left)
                continue
            try:
                if reply.status_code == 200:
                    yield reply
                    return
                reply.read()
                if reply.status_code not in _RETRIED or attempt > self._retries:
                    raise self._refused(path, reply, attempt)
            finally:
                reply.close()
            self._wait(attempt, reply.headers.get("retry-after"), left)

    def _wait(self, attempt: int, told: str | None, left: float | None) -> None:
        pause = self._back_off_s * 2 ** (attempt - 1) * random.uniform(0.8, 1.2)
        if told is not None and told.isdigit():
            pause = float(told)
        self._sleep(pause if left is None else min(pause, max(left, 0.0)))

    def _late(self, path: str, deadline_s: float | None) -> ModelTimeout:
        limit = self._read_timeout_s if deadline_s is None else deadline_s
        return ModelTimeout(
            f"{self.base}/{path} did not answer within {limit} s.", next_step="Raise the deadline, or ask later."
        )

    def _unreachable(self, path: str, failure: Exception, attempts: int) -> ModelUnavailable:
        return ModelUnavailable(
            f"{self.base}/{path} can not be reached after {attempts} attempts: {type(failure).__name__}: {failure}.",
            next_step="Check the address and that the server runs.",
        )

    def _refused(self, path: str, reply: httpx.Response, attempts: int) -> ModelUnavailable:
        return Refused(
            f"{self.base}/{path} answered {reply.status_code} after {attempts} attempts: {reply.text[:_SHOWN]!r}.",
            next_step="Check DAOGOU_API_KEY and the model's name." if reply.status_code < 500 else "Ask later.",
            status=reply.status_code,
        )


class Refused(ModelUnavailable):
    """The endpoint answered with an error status."""

    def __init__(self, message: str, *, next_step: str = "", status: int) -> None:
        super().__init__(message, next_step=next_step)
        self.status = status
