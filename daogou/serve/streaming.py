"""Server-sent events from a blocking iterator. When the client goes, the iterator is closed: the model stops."""

from __future__ import annotations

import itertools
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing
from typing import Any, TypeVar

import anyio
import anyio.to_thread
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from daogou.errors import DaogouError
from daogou.serve.errors import ErrorDetail, detail_of, internal_error

log = logging.getLogger("daogou.serve")

T = TypeVar("T")

# Streams wait in threads of their own number, so that many conversations can not keep a search waiting for a thread.
MAX_STREAMS = 64


class EventStream(StreamingResponse):
    """A `text/event-stream` response that always listens for the client's leaving and always closes its source."""

    def __init__(self, events: AsyncIterator[str]) -> None:
        super().__init__(
            events,
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with anyio.create_task_group() as tasks:

            async def stop_when_gone() -> None:
                await self.listen_for_disconnect(receive)
                tasks.cancel_scope.cancel()

            tasks.start_soon(stop_when_gone)
            async with aclosing(self._events):  # type: ignore[type-var]
                await self.stream_response(send)
            tasks.cancel_scope.cancel()


def event(data: Any, *, name: str = "") -> str:
    """One server-sent event; `data` becomes JSON on one line."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"


def with_first(pieces: Iterator[T]) -> Iterator[T]:
    """Asks for the first piece now, so that a refusal is an HTTP status and not an event inside a 200."""
    try:
        first = next(pieces)
    except StopIteration:
        return iter(())
    return _Chained(first, pieces)


async def stream_events(
    pieces: Iterator[T],
    words: Callable[[T], str],
    *,
    request_id: str,
    error_event: Callable[[ErrorDetail], str],
    ending: str = "",
    limiter: anyio.CapacityLimiter | None = None,
) -> AsyncIterator[str]:
    """Every piece as an event, then `ending`. Pieces are made and worded in a thread; an error becomes a last event."""

    def one() -> str | None:
        for piece in pieces:
            return words(piece)
        return None

    try:
        while (worded := await anyio.to_thread.run_sync(one, limiter=limiter)) is not None:
            yield worded
        if ending:
            yield ending
    except DaogouError as failure:
        yield error_event(detail_of(failure))
    except Exception as failure:
        log.error("request %s failed while streaming with %s", request_id, type(failure).__name__)
        yield error_event(internal_error(request_id))
    finally:
        close = getattr(pieces, "close", None)
        if close is not None:
            with anyio.CancelScope(shield=True):
                await anyio.to_thread.run_sync(close)


class _Chained(Iterator[T]):
    """The first piece put back before the rest, still closable (`itertools.chain` has no `close`)."""

    def __init__(self, first: T, rest: Iterator[T]) -> None:
        self._rest = rest
        self._all = itertools.chain((first,), rest)

    def __next__(self) -> T:
        return next(self._all)

    def close(self) -> None:
        close = getattr(self._rest, "close", None)
        if close is not None:
            close()
