"""`daogou serve`: the API and the page of one store."""

from __future__ import annotations

import logging
import signal
import socket
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Any

import typer

from daogou.cli.common import Home, Llm, Set, learned_blend, say, settings_of
from daogou.cli.running import announced, refuse_if_served
from daogou.errors import DaogouError, SettingsError

if TYPE_CHECKING:
    from daogou.guide import Guide
    from daogou.settings import Settings

log = logging.getLogger("daogou.cli")
_GRACE_S = 5


def serve(
    home: Home = None,
    llm: Llm = None,
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on (DAOGOU_HOST).")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port; 0 takes a free one (DAOGOU_PORT).")] = None,
    more: Set = None,
) -> None:
    """Serve the API under /v1 and the page at /, and keep the index in step with the catalogue. Ctrl-C ends it.

    Examples:

        daogou serve

        daogou serve --home ~/.daogou/demo --port 9000

        daogou serve --llm none --host 0.0.0.0 --set token=SECRET
    """
    given = [*(more or [])]
    given += [f"host={host}"] if host is not None else []
    given += [f"port={port}"] if port is not None else []
    run_server(settings_of(home, llm, given))


def run_server(settings: Settings) -> None:
    """Opens the guide, serves until a signal comes, closes everything. Raises SettingsError on a busy port."""
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Every request of an HTTP client at this level would be a line that may name a shopper's words.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    refuse_if_served(settings)
    _warn_if_open(settings)
    listening = _listen(settings)
    # After its own clean-up the server raises the signal once more; without this SIGTERM would skip ours.
    signal.signal(signal.SIGTERM, _leave)
    try:
        _serve(settings, listening)
    except KeyboardInterrupt:
        say("stopped.")
    finally:
        listening.close()


def _serve(settings: Settings, listening: socket.socket) -> None:
    import uvicorn

    from daogou.guide import Guide
    from daogou.index import Keeper
    from daogou.serve import create_app

    host, port = listening.getsockname()[:2]
    url = f"http://{_readable(host)}:{port}"
    _build_if_missing(settings)
    guide = Guide.open(settings, blend=learned_blend(settings))
    try:
        for note in guide.notes:
            say(f"note: {note}")
        _check_encoder(guide)
        keeper = Keeper(guide.database, guide.indexes, guide.encoder)
        guide.upkeep = keeper
        app = create_app(guide, keeper=keeper)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, timeout_graceful_shutdown=_GRACE_S, server_header=False
        )

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                say(f"{settings.name} is open at {url}")
                _warm(guide)

        with announced(settings.home, url):
            Server(config).run(sockets=[listening])
    finally:
        guide.close()


def _build_if_missing(settings: Settings) -> None:
    """A catalogue without an index is indexed before it is served."""
    from daogou.cli.indexing import build
    from daogou.stores import open_database, open_index

    settings.home.mkdir(parents=True, exist_ok=True)
    with (
        closing(open_database(settings.database_address)) as database,
        closing(open_index(settings.index_address)) as indexes,
    ):
        products = database.count_products()
        missing = indexes.current_meta() is None
    if products and missing:
        say(f"{products:,} products are not indexed yet; doing that first.")
        build(settings)
    elif not products:
        say("The catalogue is empty. Next: `daogou import products FILE`, or `daogou demo` for a store to try.")
        if missing:
            build(settings)


def _check_encoder(guide: Guide) -> None:
    """Vectors of two encoders can not be compared, so nothing would be found by meaning."""
    meta = guide.indexes.current_meta()
    if meta is not None and meta.encoder != guide.encoder.name:
        raise SettingsError(
            f"The index was made with the encoder {meta.encoder!r}; DAOGOU_ENCODER gives {guide.encoder.name!r}.",
            next_step="Go back to that encoder, or run `daogou index`.",
        )


def _warm(guide: Guide) -> None:
    """Reads the event log and computes the fixed part of the prompts, so that no shopper waits for it."""

    def warm() -> None:
        try:
            guide.recommending.refresh()
            if guide.language_model is not None:
                guide.chatting.warm()
        except DaogouError as failure:
            log.warning("Not everything could be warmed: %s", failure)

    threading.Thread(target=warm, name="warm", daemon=True).start()


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
        listening.listen(2048)
    except OSError as failure:
        listening.close()
        raise SettingsError(
            f"{settings.host}:{settings.port} can not be listened on: {failure.strerror or failure}.",
            next_step="Choose another with --port N; --port 0 takes a free one.",
        ) from None
    return listening


def _warn_if_open(settings: Settings) -> None:
    local = settings.host in ("127.0.0.1", "::1", "localhost")
    if not local and not settings.token.get_secret_value():
        say(
            f"warning: {settings.host} can be reached from outside and DAOGOU_TOKEN is empty: "
            "anybody can change products."
        )


def _readable(host: str) -> str:
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _leave(*_: Any) -> None:
    raise KeyboardInterrupt
