"""FILE.rejects.jsonl: what could not be kept, one JSON object a line; a resume neither loses nor doubles any."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import orjson

from daogou.errors import StoreError, StoreFull
from daogou.intake.options import Rejected


class RejectsFile:
    """Appends rejects after the first `size` bytes, which an earlier run made durable; the rest is cut off.

    The file exists only where something was rejected. Raises StoreFull, StoreError."""

    def __init__(self, path: Path, size: int = 0) -> None:
        self.path = path
        self._file: BinaryIO | None = None
        self._size = size
        with _told(path):
            if path.exists():
                if size == 0:
                    path.unlink()
                else:
                    os.truncate(path, min(size, path.stat().st_size))

    def lines(self) -> frozenset[int]:
        """Line numbers of what is already rejected."""
        if not self.path.exists():
            return frozenset()
        with self.path.open("rb") as file:
            return frozenset(int(orjson.loads(line)["line"]) for line in file)

    def write(self, several: list[Rejected]) -> int:
        """Appends and makes durable. The size of the file after it, for the checkpoint."""
        if not several:
            return self._size
        with _told(self.path):
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self.path.open("ab")
            self._file.write(b"".join(orjson.dumps(one.as_json()) + b"\n" for one in several))
            self._file.flush()
            os.fsync(self._file.fileno())
            self._size = self._file.tell()
        return self._size

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StoreFull(f"No space left to write {path}.", next_step="Free some space and import again.") from None
        raise StoreError(
            f"The rejects can not be written to {path}: {failure.strerror}.",
            next_step="Choose a folder that can be written (rejects_dir).",
        ) from None
