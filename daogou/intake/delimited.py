"""CSV and TSV: physical lines to rows, so that one bad row costs that row and no other.

RFC 4180 with any delimiter: a field in quotes may hold delimiters, doubled quotes and line ends. Python's csv reader
follows it too, but a quote that is never closed would swallow the rest of the file, and wrong bytes would stop it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Mapping
from io import BufferedReader

from daogou.intake.bytestream import DAMAGED, Line, lines
from daogou.intake.encoding import MARK, as_utf8, by_line
from daogou.intake.options import MAX_FIELD, MAX_LINE, Broken, Row, shortened

MAX_LINES_IN_ROW = 2_000
"""Physical lines one quoted field may span before its quote is taken for one that was never closed."""

csv.field_size_limit(MAX_LINE)


def split_line(text: str, delimiter: str) -> list[str] | None:
    """The fields of a complete row, or None where a quote is open at its end. ValueError: a misplaced quote."""
    if '"' not in text:
        return text.split(delimiter)
    if not _closed(text, delimiter):
        return None
    # Not splitlines(): it also splits at characters that are ordinary inside a field.
    pieces = [f"{piece}\n" for piece in text.split("\n")]
    return next(csv.reader(pieces, delimiter=delimiter, strict=True))


def _closed(text: str, delimiter: str) -> bool:
    """Whether every quoted field of the text ends within it. Inside an unquoted field a quote is ordinary."""
    at = 0
    while at < len(text):
        if text[at] != '"':
            found = text.find(delimiter, at)
            if found < 0:
                return True
            at = found + 1
            continue
        at += 1
        while True:
            at = text.find('"', at)
            if at < 0:
                return False
            if text[at + 1 : at + 2] != '"':
                break
            at += 2
        after = text[at + 1 : at + 2]
        if after not in ("", delimiter):
            raise ValueError('after a closing quote stands neither a delimiter nor the end; write a quote inside as ""')
        at += 2
    return True


def delimited_rows(
    stream: BufferedReader, *, encoding: str, delimiter: str, quoted: bool = True, limit: int = MAX_LINE
) -> Iterator[Row | Broken]:
    """Rows of a file whose first non-empty line is the header. `quoted` False: quotes are ordinary (plain TSV)."""
    codec = encoding
    if not by_line(encoding):
        stream, codec = as_utf8(stream, encoding), "utf-8"
    reader = _Records(stream, codec, delimiter, quoted, limit)
    header: list[str] | None = None
    position = 0
    for record in reader:
        if isinstance(record, Broken):
            position += 1
            yield Broken(record.line, position, record.reason, record.raw)
            continue
        number, values = record
        if header is None:
            header = [name.strip() for name in values]
            continue
        position += 1
        yield _row(header, values, number, position, delimiter)


def _row(header: list[str], values: list[str], line: int, position: int, delimiter: str) -> Row | Broken:
    if len(values) > len(header) and not any(value.strip() for value in values[len(header) :]):
        values = values[: len(header)]
    if len(values) != len(header):
        raw = shortened(delimiter.join(values))
        return Broken(line, position, f"the row has {len(values)} columns where the header has {len(header)}", raw)
    for name, value in zip(header, values, strict=True):
        if len(value) > MAX_FIELD:
            reason = f"{name}: {len(value)} characters are more than {MAX_FIELD}"
            return Broken(line, position, reason, shortened(value))
        if MARK in value:
            return Broken(line, position, f"{name}: holds characters that can not be decoded", shortened(value))
    return Row(line, position, _columns(header, values))


def _columns(header: list[str], values: list[str]) -> Mapping[str, object]:
    if len(set(header)) == len(header):
        return dict(zip(header, values, strict=True))
    out: dict[str, object] = {}
    for name, value in zip(header, values, strict=True):
        if value or name not in out:  # the same column twice (Google allows it for pictures): its values together
            before = out.get(name)
            out[name] = f"{before},{value}" if before else value
    return out


class _Records:
    """Iterates (line number, fields) or Broken; the lines behind an unclosed quote are read again."""

    def __init__(self, stream: BufferedReader, codec: str, delimiter: str, quoted: bool, limit: int) -> None:
        self._lines = _safely(stream, limit)
        self._back: deque[Line | Broken] = deque()
        self._codec = codec
        self._delimiter = delimiter
        self._quoted = quoted
        self._limit = limit

    def __iter__(self) -> Iterator[tuple[int, list[str]] | Broken]:
        while (line := self._next()) is not None:
            if isinstance(line, Broken):
                yield line
            elif line.too_long:
                yield Broken(line.number, 0, f"the line is longer than {self._limit} bytes", self._shown(line))
            elif line.data.strip():
                yield self._record(line)

    def _next(self) -> Line | Broken | None:
        return self._back.popleft() if self._back else next(self._lines, None)

    def _record(self, first: Line) -> tuple[int, list[str]] | Broken:
        used = [first]
        size = len(first.data)
        try:
            text = self._text(first)
            fields = split_line(text, self._delimiter) if self._quoted else text.split(self._delimiter)
            while fields is None:
                line = self._next()
                if line is None or isinstance(line, Broken) or line.too_long:
                    if line is not None:
                        self._back.appendleft(line)
                    raise ValueError("a quote is opened and never closed")
                used.append(line)
                size += len(line.data)
                if size > self._limit or len(used) > MAX_LINES_IN_ROW:
                    raise ValueError(f"a quote is opened and not closed within {len(used)} lines")
                more = self._text(line)
                text = f"{text}\n{more}"
                fields = split_line(text, self._delimiter) if '"' in more else None
        except (ValueError, csv.Error) as failure:
            self._back.extendleft(reversed(used[1:]))
            return Broken(first.number, 0, str(failure), self._shown(first))
        return first.number, fields

    def _text(self, line: Line) -> str:
        try:
            text = line.data.decode("utf-8" if self._codec == "utf-8-sig" else self._codec)
        except UnicodeDecodeError as failure:
            wrong = line.data[failure.start : failure.start + 4].hex(" ")
            raise ValueError(f"byte {failure.start + 1} of the line ({wrong}) is not {self._codec}") from None
        return text.removeprefix("\ufeff") if line.number == 1 else text

    def _shown(self, line: Line) -> str:
        return shortened(line.data[:4000].decode("utf-8" if self._codec == "utf-8-sig" else self._codec, "replace"))


def _safely(stream: BufferedReader, limit: int) -> Iterator[Line | Broken]:
    """Lines, and one last Broken where the compressed file ends early."""
    number = 0
    try:
        for line in lines(stream, limit):
            number = line.number
            yield line
    except DAMAGED as failure:
        yield Broken(number + 1, 0, f"the compressed file is damaged here, nothing after it was read: {failure}")
