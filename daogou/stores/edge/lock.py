"""One process holds a version of the index; who it is stands in the lock file, and the lock ends with the process."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from daogou.errors import StoreUnavailable


class OwnerLock:
    """An exclusive advisory lock (flock) on `path`. The kernel drops it when its holder dies, however it dies."""

    def __init__(self, path: Path) -> None:
        """Raises StoreUnavailable naming the holder's process id."""
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(self._descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._descriptor)
            whose = "this very process" if holder == str(os.getpid()) else f"the process {holder}"
            raise StoreUnavailable(
                f"The index {path.parent} is held by {whose}.",
                next_step="One process at a time can use an embedded index: stop the other, or set DAOGOU_INDEX to a "
                "Qdrant server (qdrant+http://HOST:PORT).",
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Lets the next one in. A second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
