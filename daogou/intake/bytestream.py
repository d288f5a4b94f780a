"""A file as bytes: gzip undone, counted, hashed, cut into lines of bounded length."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from daogou.errors import FormatError, NotFound
from daogou.intake.options import MAX_LINE

GZIP_MAGIC = b"\x1f\x8b"
SAMPLE = 1 << 20
DAMAGED = (EOFError, gzip.BadGzipFile, zlib.error)
"""What reading a cut or corrupted gzip file raises."""

_FOREIGN = {
    b"PK\x03\x04": ("a zip or Excel file", "Save it as CSV (UTF-8), or unpack it, and import that."),
    b"\xd0\xcf\x11\xe0": ("an old Excel file", "Save it as CSV (UTF-8) and import that."),
    b"BZh": ("a bzip2 file", "Unpack it, or compress it with gzip."),
    b"\x28\xb5\x2f\xfd": ("a zstd file", "Unpack it, or compress it with gzip."),
    b"\xfd7zXZ": ("an xz file", "Unpack it, or compress it with gzip."),
    b"SQLite format 3": ("a SQLite database", "Export the table as CSV and import that."),
    b"%PDF": ("a PDF", "Import the table it was made from."),
}


class Line(NamedTuple):
    """One physical line without its end. too_long: only its first 200 bytes are kept."""

    number: int
    data: bytes
    too_long: bool = False


class _Counted(io.RawIOBase):
    """The file on disk, with the bytes read so far."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        got = cast(int, self._file.readinto(buffer))  # type: ignore[attr-defined]
        self.count += got
        return got


class _Unzipped(io.RawIOBase):
    """A gzip file piece by piece: where it is damaged, its own read() would lose what it had read before."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


def _buffered(raw: io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(raw, 1 << 18)


class Source:
    """An open file: `stream` gives its content, `bytes_read` how far into the file on disk that is."""

    def __init__(self, counted: _Counted, stream: io.BufferedReader) -> None:
        self._counted = counted
        self.stream = stream

    @property
    def bytes_read(self) -> int:
        return self._counted.count


def require_file(path: Path) -> None:
    """Raises NotFound, FormatError unless this is a file with something in it that may be one of ours."""
    if not path.exists():
        raise NotFound("file", str(path), next_step="Check the path.")
    if path.is_dir():
        raise FormatError(f"{path} is a folder.", next_step="Name the files in it.")
    if path.stat().st_size == 0:
        raise FormatError(f"{path} is empty (0 bytes).", next_step="Export it again.")
    with path.open("rb") as file:
        head = file.read(16)
    for magic, (what, next_step) in _FOREIGN.items():
        if head.startswith(magic):
            raise FormatError(f"{path} is {what}, which is not read here.", next_step=next_step)


def is_gzip(path: Path) -> bool:
    """By content, whatever the name says."""
    with path.open("rb") as file:
        return file.read(2) == GZIP_MAGIC


@contextmanager
def open_bytes(path: Path) -> Iterator[Source]:
    """The content of a plain or gzipped file."""
    compressed = is_gzip(path)
    with path.open("rb", buffering=0) as file:
        counted = _Counted(cast(BinaryIO, file))
        buffered = _buffered(counted)
        if compressed:
            with gzip.GzipFile(fileobj=buffered, mode="rb") as unzipped:
                yield Source(counted, _buffered(_Unzipped(unzipped)))
        else:
            yield Source(counted, buffered)


def sample_of(path: Path, size: int = SAMPLE) -> bytes:
    """The first bytes of the content. Raises FormatError where a gzip file holds nothing or is damaged at its start."""
    parts: list[bytes] = []
    left = size
    try:
        with open_bytes(path) as source:
            while left > 0 and (part := source.stream.read1(min(left, 1 << 16))):
                parts.append(part)
                left -= len(part)
    except DAMAGED as failure:
        if not parts:
            raise FormatError(
                f"{path} is a damaged gzip file: {failure}.", next_step="Copy or export it again."
            ) from None
    sample = b"".join(parts)
    if not sample.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise FormatError(f"{path} holds nothing but blanks.", next_step="Export it again.")
    return sample


def fingerprint(path: Path) -> str:
    """BLAKE2b of the file as it is on disk: the same content has the same one whatever its name."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def lines(stream: io.BufferedReader, limit: int = MAX_LINE) -> Iterator[Line]:
    """Lines at b"\\n", without the end of line. Of a line over the limit only its beginning is kept."""
    number = 0
    while data := stream.readline(limit + 1):
        number += 1
        if len(data) > limit and not data.endswith(b"\n"):
            head = data[:200]
            while data and not data.endswith(b"\n"):
                data = stream.readline(1 << 20)
            yield Line(number, head, too_long=True)
            continue
        yield Line(number, data.rstrip(b"\r\n"))
