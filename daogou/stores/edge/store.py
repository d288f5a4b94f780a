"""Versions of the embedded index as directories, and a pointer file that is replaced in one step.

PATH/CURRENT                     the name of the current version, replaced by rename
PATH/versions/VERSION/shard/     the engine's files
PATH/versions/VERSION/shape.json what an unfinished version was begun with
PATH/versions/VERSION/meta.json  written last: its presence means finished
PATH/versions/VERSION/LOCK       held by the one process that has the version open
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import threading
import weakref
from dataclasses import asdict
from pathlib import Path

import orjson

from daogou.errors import InputError, NotFound, StoreError, StoreFull, StoreUnavailable
from daogou.stores.edge.index import EdgeIndex
from daogou.stores.edge.lock import OwnerLock
from daogou.stores.protocols import IndexMeta

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class EdgeIndexStore:
    """`daogou.stores.IndexStore` in one directory. Thread-safe.

    After a switch the old version stays open for whoever still holds it; when the last one lets go it is closed and
    its files are removed."""

    def __init__(self, path: Path) -> None:
        self.address = f"edge:{path}"
        self._path = path
        self._lock = threading.RLock()
        self._open: dict[str, EdgeIndex] = {}  # versions this process holds: the current one, and those being built
        self._holdings: dict[str, _Holding] = {}
        self._seen: tuple[int, int] | None = None
        self._current: EdgeIndex | None = None
        try:
            (path / "versions").mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            raise StoreUnavailable(
                f"The index {path} cannot be opened: {failure}.", next_step="Check the path and its permissions."
            ) from failure

    def create(self, version: str, *, dim: int) -> EdgeIndex:
        if not _VERSION.fullmatch(version):
            raise InputError(
                f"{version!r} is no name for an index version.",
                next_step="Use up to 64 letters, digits, dots, hyphens and underscores.",
            )
        with self._lock:
            if version in self._open and not self._finished(version):
                return self._open[version]
            if self._finished(version):
                raise StoreError(f"The index version {version} is finished.", next_step="Choose another name.")
            place = self._place(version)
            place.mkdir(exist_ok=True)
            shape = place / "shape.json"
            if not shape.exists():
                _replace(shape, orjson.dumps({"dim": dim}))
            elif orjson.loads(shape.read_bytes())["dim"] != dim:
                raise StoreError(
                    f"The unfinished index version {version} was begun with vectors of another size than {dim}.",
                    next_step="Drop it and build again.",
                )
            return self._opened(version, dim)

    def publish(self, meta: IndexMeta) -> None:
        """Of a version that is current already only the description is replaced."""
        with self._lock:
            place = self._place(meta.version)
            if not place.is_dir():
                raise NotFound("index version", meta.version)
            _replace(place / "meta.json", orjson.dumps(asdict(meta)))
            if self._pointer() != meta.version:
                _replace(self._path / "CURRENT", meta.version.encode())
                for version, index in list(self._open.items()):
                    if version != meta.version and index is not self._current and self._finished(version):
                        self._supersede(version)
                self._sweep()

    def current(self) -> EdgeIndex | None:
        seen = self._stamp()
        if seen == self._seen:
            return self._current
        with self._lock:
            seen = self._stamp()
            version = self._pointer()
            if version is None:
                return None
            if self._current is None or self._current.version != version:
                try:
                    self._switch(version)
                except StoreUnavailable:
                    if self._current is None:
                        raise
                    return self._current  # its builder has not let go yet: the old one answers until then
            self._seen = seen
            return self._current

    def current_meta(self) -> IndexMeta | None:
        version = self._pointer()
        if version is None:
            return None
        try:
            return IndexMeta(**orjson.loads((self._place(version) / "meta.json").read_bytes()))
        except FileNotFoundError:
            # Swept between the two reads: another version is current by now.
            return None if self._pointer() == version else self.current_meta()

    def versions(self) -> list[str]:
        return sorted(place.name for place in (self._path / "versions").iterdir() if not place.name.startswith("."))

    def drop(self, version: str) -> None:
        with self._lock:
            if version == self._pointer():
                raise StoreError(f"The index version {version} is current.", next_step="Publish another one first.")
            if not self._place(version).is_dir():
                raise NotFound("index version", version)
            held = self._open.pop(version, None)
            if held is not None:
                self._holdings.pop(version).let_go()
            lock = OwnerLock(self._place(version) / "LOCK")
            try:
                _remove(self._place(version))
            finally:
                lock.release()

    def close(self) -> None:
        """Closes every version, also for those who still hold one."""
        with self._lock:
            self._current, self._seen = None, None
            self._open.clear()
            while self._holdings:
                self._holdings.popitem()[1].let_go()

    def _switch(self, version: str) -> None:
        new = self._open.get(version) or self._opened(version, self._dim(version))
        old, self._current = self._current, new
        if old is not None:
            self._supersede(old.version)

    def _supersede(self, version: str) -> None:
        """Closed and removed as soon as nobody refers to it any more."""
        self._holdings[version].superseded = True
        self._open.pop(version, None)

    def _dim(self, version: str) -> int:
        try:
            return int(orjson.loads((self._place(version) / "shape.json").read_bytes())["dim"])
        except FileNotFoundError:
            raise StoreError(
                f"The files of the index version {version} are gone from {self._path}.",
                next_step="`daogou index` rebuilds it from the database.",
            ) from None

    def _opened(self, version: str, dim: int) -> EdgeIndex:
        lock = OwnerLock(self._place(version) / "LOCK")
        try:
            index = EdgeIndex(self._place(version) / "shard", version=version, dim=dim)
        except BaseException:
            lock.release()
            raise
        self._holdings = {name: held for name, held in self._holdings.items() if held.alive}
        self._open[version] = index
        self._holdings[version] = _Holding(index, lock, self._place(version))
        return index

    def _sweep(self) -> None:
        """Removes finished versions that are superseded and that nobody holds."""
        current = self._pointer()
        for version in self.versions():
            if version == current or version in self._open or not self._finished(version):
                continue
            try:
                lock = OwnerLock(self._place(version) / "LOCK")
            except StoreUnavailable:
                continue  # its holder removes it when it is done
            _remove(self._place(version))
            lock.release()

    def _place(self, version: str) -> Path:
        return self._path / "versions" / version

    def _finished(self, version: str) -> bool:
        return (self._place(version) / "meta.json").exists()

    def _pointer(self) -> str | None:
        try:
            return (self._path / "CURRENT").read_text().strip() or None
        except FileNotFoundError:
            return None

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self._path / "CURRENT")
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_ino


class _Holding:
    """A version this process has open. Let go when nobody refers to its index any more, or at the store's close."""

    def __init__(self, index: EdgeIndex, lock: OwnerLock, place: Path) -> None:
        self.superseded = False
        self._shard = index.shard
        self._lock = lock
        self._place = place
        self._finalizer = weakref.finalize(index, self._close)

    @property
    def alive(self) -> bool:
        return self._finalizer.alive

    def let_go(self) -> None:
        """Closes the engine, now."""
        self._finalizer()

    def _close(self) -> None:
        self._shard.close()
        if self.superseded:
            _remove(self._place)
        self._lock.release()


def _replace(path: Path, content: bytes) -> None:
    """The file has either its old content or all of the new one, also after a power cut."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as failure:
        beside.unlink(missing_ok=True)
        kind = StoreFull if failure.errno in {errno.ENOSPC, errno.EDQUOT} else StoreUnavailable
        raise kind(f"{path} cannot be written: {failure}.", next_step="Check space and permissions.") from failure


def _remove(place: Path) -> None:
    """Out of sight in one step, then file by file."""
    trash = place.with_name(f".{place.name}.removed")
    shutil.rmtree(trash, ignore_errors=True)
    if place.exists():
        os.replace(place, trash)
        shutil.rmtree(trash, ignore_errors=True)
