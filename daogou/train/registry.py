"""The registry: every trained version with what it was made of, one of them published.

ROOT/NAME/VERSION/            files, and manifest.json written last: its presence means finished
ROOT/NAME/published.json      {"history": [oldest, …, the one that serves]}, replaced in one step
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from daogou.errors import InputError, NotFound, WeightsCorrupt
from daogou.records import now

_MANIFEST = "manifest.json"
_POINTER = "published.json"
_HISTORY = 20


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One training run. data: its lineage (what was read, how much, up to where). files: name -> size and sha256."""

    name: str
    version: str
    created: str
    code: str
    seconds: float = 0.0
    seed: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


class Registry:
    """Versions under one folder. Several processes may use it; the last to publish wins, none sees half a version."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def start(self, name: str) -> tuple[str, Path]:
        """A new version's name and the folder to write its files to; it does not count until `finish`."""
        home = self.root / name
        home.mkdir(parents=True, exist_ok=True)
        version = now().strftime("%Y%m%dT%H%M%S%f")
        folder = home / version
        folder.mkdir()
        return version, folder

    def finish(self, record: RunRecord) -> RunRecord:
        """Notes size and hash of every file and writes the manifest. Returns the record as kept.

        Raises InputError where nothing was written: an empty version would be published as a finished one."""
        folder = self.root / record.name / record.version
        files = {}
        for path in sorted(folder.iterdir()):
            if path.name != _MANIFEST:
                _sync(path)
                files[path.name] = {"size": path.stat().st_size, "sha256": _hash(path)}
        if not files:
            raise InputError(f"{record.name} {record.version} holds no files.", next_step="Save something first.")
        kept = RunRecord(**{**asdict(record), "files": files})
        _write(folder / _MANIFEST, asdict(kept))
        return kept

    def versions(self, name: str) -> list[RunRecord]:
        """The finished versions, oldest first."""
        home = self.root / name
        found = [path.parent.name for path in sorted(home.glob(f"*/{_MANIFEST}"))] if home.is_dir() else []
        return [self.get(name, version) for version in found]

    def get(self, name: str, version: str) -> RunRecord:
        """One finished version's record. Raises NotFound."""
        path = self.root / name / version / _MANIFEST
        if not path.is_file():
            raise NotFound(f"finished version of {name}", version, next_step="`daogou train` makes one.")
        return RunRecord(**json.loads(path.read_text(encoding="utf-8")))

    def publish(self, name: str, version: str) -> None:
        """Makes a finished version the one that serves, in one step. Raises NotFound, WeightsCorrupt."""
        self.verify(name, version)
        history = [one for one in self._history(name) if one != version]
        _write(self.root / name / _POINTER, {"history": [*history, version][-_HISTORY:]})

    def published(self, name: str) -> RunRecord | None:
        """The version that serves, or None."""
        history = self._history(name)
        return self.get(name, history[-1]) if history else None

    def rollback(self, name: str) -> RunRecord | None:
        """Goes back to the version that served before; None where there was none, and nothing is published then.

        Raises NotFound where nothing is published."""
        history = self._history(name)
        if not history:
            raise NotFound("published version of", name, next_step="Publish one first.")
        _write(self.root / name / _POINTER, {"history": history[:-1]})
        return self.published(name)

    def file(self, name: str, file: str) -> Path | None:
        """A file of the version that serves, its hash checked; None where nothing is published."""
        record = self.published(name)
        if record is None:
            return None
        self.verify(name, record.version)
        path = self.root / name / record.version / file
        if file not in record.files:
            raise NotFound(f"file of {name} {record.version}", file)
        return path

    def verify(self, name: str, version: str) -> None:
        """Compares every file with its manifest. Raises NotFound, WeightsCorrupt naming the file."""
        for file, known in self.get(name, version).files.items():
            path = self.root / name / version / file
            if not path.is_file() or path.stat().st_size != known["size"] or _hash(path) != known["sha256"]:
                raise WeightsCorrupt(
                    f"{name} {version}: {file} is not the file its manifest names.",
                    next_step="Roll back, or train again.",
                )

    def drop(self, name: str, version: str) -> None:
        """Deletes a version that does not serve. Raises InputError where it does."""
        history = self._history(name)
        if history and history[-1] == version:
            raise InputError(f"{name} {version} is published.", next_step="Publish another version or roll back first.")
        if version in history:
            _write(self.root / name / _POINTER, {"history": [one for one in history if one != version]})
        folder = self.root / name / version
        if not folder.is_dir():
            raise NotFound(f"version of {name}", version)
        (folder / _MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder)

    def _history(self, name: str) -> list[str]:
        path = self.root / name / _POINTER
        return list(json.loads(path.read_text(encoding="utf-8"))["history"]) if path.is_file() else []


def _hash(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb") as opened:
        os.fsync(opened.fileno())


def _write(path: Path, data: Mapping[str, Any]) -> None:
    """Whole or not at all: written beside, synced, then moved into place."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(data, out, indent=1, sort_keys=True, default=str)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, path)
