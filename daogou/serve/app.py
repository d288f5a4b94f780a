"""The HTTP app of one guide."""

from __future__ import annotations

import logging
import mimetypes
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Protocol

import anyio
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from daogou import __version__
from daogou.serve.errors import add_error_handlers
from daogou.serve.middleware import Surroundings
from daogou.serve.routes import catalogue, openai, search, shoppers, store, talk
from daogou.serve.streaming import MAX_STREAMS

if TYPE_CHECKING:
    from starlette.responses import Response

    from daogou.guide import Guide

log = logging.getLogger("daogou.serve")
_STOP_WITHIN_S = 10.0
# Some systems do not know these, and a browser told not to sniff refuses a file of the wrong type.
_MEDIA_TYPES = {".webp": "image/webp", ".avif": "image/avif", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Keeps(Protocol):
    """Follows the catalogue's outbox until told to stop (`daogou.index.Keeper`)."""

    def run(self, stop: threading.Event) -> None: ...


def create_app(guide: Guide, *, keeper: Keeps | None = None) -> FastAPI:
    """The API under `/v1`, the page at `/`, product pictures under `/images`. The guide stays the caller's to close."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.streams = anyio.CapacityLimiter(MAX_STREAMS)
        stop = threading.Event()
        thread = None
        if keeper is not None:
            thread = threading.Thread(target=keeper.run, args=(stop,), name="keeper", daemon=True)
            thread.start()
        yield
        stop.set()
        if thread is not None:
            await run_in_threadpool(thread.join, _STOP_WITHIN_S)

    app = FastAPI(
        title="daogou",
        version=__version__,
        summary="The shopping guide: search, recommend, answer, chat, write.",
        lifespan=lifespan,
        # The ready-made pages for an OpenAPI document load scripts from another host.
        docs_url=None,
        redoc_url=None,
    )
    for ending, kind in _MEDIA_TYPES.items():
        mimetypes.add_type(kind, ending)
    app.state.guide = guide
    app.state.dialogues = openai.Dialogues()
    add_error_handlers(app)
    for module in (search, talk, catalogue, shoppers, openai):
        app.include_router(module.router, prefix="/v1")
    app.include_router(store.router)
    app.mount("/static", _Files(directory=store.STATIC, cache="no-cache"), name="static")
    pictures = guide.settings.home / "images"
    app.mount("/images", _Files(directory=pictures, check_dir=False, cache="public, max-age=86400"), name="images")
    app.add_middleware(Surroundings)
    return app


class _Files(StaticFiles):
    """Files of one folder. Starlette resolves each path and refuses one that leads outside."""

    def __init__(self, *, cache: str, directory: object, check_dir: bool = True) -> None:
        super().__init__(directory=str(directory), check_dir=check_dir)
        self._cache = cache

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.setdefault("cache-control", self._cache)
        return response
