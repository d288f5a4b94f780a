"""Which encoding a file is in: a byte order mark decides, then strict UTF-8, then GB18030 (GBK is part of it)."""

from __future__ import annotations

import codecs
import io
from pathlib import Path

from daogou.errors import FormatError

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
MARK = "\ufdd0"
"""Stands for bytes that could not be decoded: a code point that Unicode sets aside and no text contains."""
NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 with BOM", "utf-16": "UTF-16", "gb18030": "GB18030"}


def find_encoding(sample: bytes, path: Path, *, whole: bool) -> str:
    """Name of the codec. `whole`: the sample is the whole file, so that its last character is not cut.

    Where neither reads the sample without an error, the one with fewer wrong lines; the wrong lines are rejected one by
    one later. Raises FormatError where more than half of three or more lines are wrong in both."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if b"\x00" in sample[:1000]:
        raise FormatError(
            f"{path} holds zero bytes and no byte order mark: it is no text file, or UTF-16 without its mark.",
            next_step="Save it as UTF-8, or say --encoding utf-16-le.",
        )
    for name in ("utf-8", "gb18030"):
        if _reads(sample, name, whole=whole):
            return name
    pieces = sample.split(b"\n")
    if not whole and len(pieces) > 1:
        pieces = pieces[:-1]
    wrong = {name: sum(not _reads(piece, name, whole=True) for piece in pieces) for name in ("utf-8", "gb18030")}
    best = min(wrong, key=lambda name: wrong[name])
    if wrong[best] * 2 > len(pieces) > 2:
        raise FormatError(
            f"{path} is neither UTF-8 nor GB18030: {wrong[best]} of its first {len(pieces)} lines can not be read as "
            f"{NAMES[best]}.",
            next_step="Save it as UTF-8, or name its encoding with --encoding (for example big5 or latin-1).",
        )
    return best


def known_encoding(name: str) -> str:
    """The codec the merchant named. Raises FormatError where Python knows none of that name."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise FormatError(f"There is no encoding {name!r}.", next_step="For example utf-8, gb18030 or big5.") from None


def _reads(data: bytes, name: str, *, whole: bool) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        decoder.decode(data, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _mark(failure: UnicodeError) -> tuple[str, int]:
    if not isinstance(failure, UnicodeDecodeError):
        raise failure
    return MARK, failure.end


codecs.register_error("daogou.mark", _mark)


class _Transcoded(io.RawIOBase):
    """Any encoding as UTF-8; what can not be decoded becomes MARK, and the row readers reject rows that hold it."""

    def __init__(self, stream: io.BufferedReader, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)(errors="daogou.mark")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            data = self._stream.read1(1 << 16)
            self._rest = self._decoder.decode(data, final=not data).encode("utf-8")
            if not data:
                break
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def as_utf8(stream: io.BufferedReader, encoding: str) -> io.BufferedReader:
    """The stream as UTF-8 without a byte order mark, wrong bytes marked."""
    return io.BufferedReader(_Transcoded(stream, encoding), 1 << 16)


def by_line(encoding: str) -> bool:
    """Whether lines can be cut before decoding, so that wrong bytes spoil only their own line."""
    return not encoding.replace("_", "-").startswith(("utf-16", "utf-32"))
