"""Whether a server runs on a store's home. One process holds the embedded index, so other commands must know."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from daogou.errors import StoreUnavailable

if TYPE_CHECKING:
    from daogou.settings import Settings

_FILE = "server.json"
_WAIT_S = 2.0


@contextmanager
def announced(home: Path, url: str) -> Iterator[None]:
    """Notes in the home that this process serves it, while it does."""
    path = home / _FILE
    path.write_text(json.dumps({"pid": os.getpid(), "url": url}), encoding="utf-8")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def server_of(home: Path) -> str | None:
    """The address of the server that runs on this home, or None. A note left by a killed server counts for nothing."""
    import httpx

    try:
        note = json.loads((home / _FILE).read_text(encoding="utf-8"))
        url, pid = str(note["url"]), int(note["pid"])
        os.kill(pid, 0)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    try:
        alive = httpx.get(f"{url}/healthz", timeout=_WAIT_S, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return None
    return url if alive else None


def refuse_if_served(settings: Settings) -> None:
    """Raises StoreUnavailable where a running server holds the embedded index."""
    if not settings.index_address.startswith("edge:"):
        return
    url = server_of(settings.home)
    if url is not None:
        raise StoreUnavailable(
            f"A server at {url} holds the index of {settings.home}.",
            next_step="It follows every change by itself. To rebuild, stop it first.",
        )
