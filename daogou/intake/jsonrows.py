"""JSON lines, JSON documents (an array, or an array inside an object) and JSON-LD inside a web page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BufferedReader
from typing import Any

import ijson
import orjson

from daogou.errors import FormatError
from daogou.intake.bytestream import DAMAGED, lines
from daogou.intake.encoding import MARK, as_utf8, by_line
from daogou.intake.options import MAX_FIELD, MAX_LINE, Broken, Row, shortened

MAX_PAGE = 64 * 1024 * 1024


def json_lines(stream: BufferedReader, *, encoding: str, limit: int = MAX_LINE) -> Iterator[Row | Broken]:
    """One JSON object a line; a wrong line is one Broken."""
    codec = "utf-8" if encoding == "utf-8-sig" else encoding
    if not by_line(encoding):
        stream, codec = as_utf8(stream, encoding), "utf-8"
    position = number = 0
    try:
        for line in lines(stream, limit):
            number = line.number
            data = line.data.removeprefix(b"\xef\xbb\xbf") if number == 1 else line.data
            if not data.strip():
                continue
            position += 1
            if line.too_long:
                shown = data.decode(codec, "replace")
                yield Broken(number, position, f"the line is longer than {limit} bytes", shown)
                continue
            yield _json_line(data, codec, number, position)
    except DAMAGED as failure:
        reason = f"the compressed file is damaged here, nothing after it was read: {failure}"
        yield Broken(number + 1, position + 1, reason)


def _json_line(data: bytes, codec: str, line: int, position: int) -> Row | Broken:
    try:
        row = orjson.loads(data if codec == "utf-8" else data.decode(codec))
    except UnicodeDecodeError as failure:
        wrong = data[failure.start : failure.start + 4].hex(" ")
        reason = f"byte {failure.start + 1} of the line ({wrong}) is not {codec}"
        return Broken(line, position, reason, shortened(data[:4000].decode(codec, "replace")))
    except orjson.JSONDecodeError as failure:
        reason = _wrong_bytes(data) if codec == "utf-8" else ""
        reason = reason or f"the line is not JSON: {failure}"
        return Broken(line, position, reason, shortened(data[:4000].decode(codec, "replace")))
    return checked(row, line, position)


def _wrong_bytes(data: bytes) -> str:
    """orjson calls bytes that are not UTF-8 a syntax error; say what they are."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as failure:
        return f"byte {failure.start + 1} of the line ({data[failure.start : failure.start + 4].hex(' ')}) is not utf-8"
    return ""


def checked(row: object, line: int, position: int) -> Row | Broken:
    """A parsed value as a Row, unless it is no object or one of its fields is too long."""
    if not isinstance(row, dict):
        return Broken(line, position, f"the row is a {type(row).__name__}, not a JSON object", shortened(repr(row)))
    for name, value in row.items():
        if isinstance(value, str):
            if len(value) > MAX_FIELD:
                reason = f"{name}: {len(value)} characters are more than {MAX_FIELD}"
                return Broken(line, position, reason, shortened(value))
            if MARK in value:
                return Broken(line, position, f"{name}: holds characters that can not be decoded", shortened(value))
    return Row(line, position, row)


def find_items(sample: bytes) -> str:
    """Where the rows of a JSON document are, as an ijson prefix: "item", "products.item", "" for the document itself.

    The first array of objects at most two levels down; an object with an "@type" or an "id" of its own is one row,
    except for "@graph". Raises FormatError where the text is no JSON from its start."""
    path: list[str] = []
    own = False
    depth = 0
    try:
        for prefix, event, value in ijson.parse(_Bytes(sample), use_float=True):
            if event == "start_array" and depth == 0:
                return "item"
            if event in ("start_map", "start_array"):
                depth += 1
            elif event in ("end_map", "end_array"):
                depth -= 1
            if event == "map_key" and depth == 1:
                own = own or str(value).lower() in {"id", "sku", "name", "title", "handle", "client_id", "event_name"}
                path = [str(value)]
            at_array = event == "start_map" and prefix.endswith(".item") and prefix.count(".") <= 2
            if at_array and path and (prefix.startswith("@graph") or not own):
                return str(prefix)
    except ijson.IncompleteJSONError:
        return ""
    except ijson.JSONError as failure:
        if depth == 0:
            message = f"The file is not JSON from its very start: {_first(failure)}."
            raise FormatError(message, next_step="Export it again.") from None
    return ""


class _Bytes:
    """ijson reads from a file; this is one over bytes that may end in the middle of a value."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int) -> bytes:
        part, self._data = self._data[:size], self._data[size:]
        return part


def json_items(stream: BufferedReader, *, encoding: str, prefix: str, limit: int = MAX_LINE) -> Iterator[Row | Broken]:
    """The rows of a JSON document, one at a time. Line numbers are the rows' ordinals, since the parser knows no lines.

    A row over the limit is rejected without being built. A syntax error is one Broken and ends the reading."""
    position = 0
    try:
        utf8 = as_utf8(stream, encoding)
        for row in _built(utf8, prefix, limit):
            for one in flattened(row) if isinstance(row, dict) else (row,):
                position += 1
                if isinstance(one, _TooLong):
                    yield Broken(position, position, f"the row is longer than {limit} characters")
                else:
                    yield checked(one, position, position)
    except (ijson.JSONError, *DAMAGED) as failure:
        yield Broken(
            position + 1, position + 1, f"the JSON breaks off here, nothing after it was read: {_first(failure)}"
        )


class _Pieces:
    """Reads what is there; a full read() would lose the last piece before a damaged place."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        return self._stream.read1(size)


class _TooLong:
    """Stands for a row that was not built."""


def _built(stream: BufferedReader, prefix: str, limit: int) -> Iterator[Any]:
    """Values at `prefix`, built from the parser's events."""
    builder: Any = None
    size = depth = 0
    for at, event, value in ijson.parse(_Pieces(stream), use_float=True):
        if builder is None:
            if at != prefix or event in ("end_map", "end_array", "map_key"):
                continue
            if event not in ("start_map", "start_array"):
                yield value
                continue
            builder, size, depth = ijson.ObjectBuilder(), 0, 0
        size += len(value) if isinstance(value, str) else 8
        depth += (event in ("start_map", "start_array")) - (event in ("end_map", "end_array"))
        if size > limit:
            builder.value = None
        else:
            builder.event(event, value)
        if depth == 0:
            yield _TooLong() if size > limit else builder.value
            builder = None


def _first(failure: BaseException) -> str:
    return str(failure).strip().splitlines()[0] if str(failure).strip() else type(failure).__name__


def flattened(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """schema.org wraps products in @graph, ItemList and WebPage; every other object is itself."""
    for wrapper in ("@graph", "itemListElement", "mainEntity"):
        inner = row.get(wrapper)
        if inner is not None and ("@type" in row or "@context" in row) and not _is_thing(row):
            for one in inner if isinstance(inner, list) else [inner]:
                if isinstance(one, Mapping):
                    item = one.get("item")
                    yield from flattened(item if isinstance(item, Mapping) else one)
            return
    yield row


def _is_thing(row: Mapping[str, Any]) -> bool:
    kinds = row.get("@type")
    return any(str(one).endswith(("Product", "ProductGroup", "Review")) for one in _listed(kinds))


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def json_ld_rows(stream: BufferedReader, *, encoding: str) -> Iterator[Row | Broken]:
    """Products of the <script type="application/ld+json"> blocks of one web page (64 MB at most)."""
    from lxml import html

    page = as_utf8(stream, encoding).read(MAX_PAGE + 1)
    if len(page) > MAX_PAGE:
        raise FormatError(f"The page is larger than {MAX_PAGE} bytes.", next_step="Import a feed instead.")
    document = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8", huge_tree=True))
    position = 0
    for script in document.xpath('//script[translate(@type, "LD", "ld")="application/ld+json"]'):
        line = int(script.sourceline or 1)
        try:
            parsed = json.loads(script.text or "", strict=False)
        except ValueError as failure:
            position += 1
            yield Broken(line, position, f"the JSON-LD block is not JSON: {failure}", shortened(script.text or ""))
            continue
        for top in parsed if isinstance(parsed, list) else [parsed]:
            for one in flattened(top) if isinstance(top, dict) else ():
                if _is_thing(one):
                    position += 1
                    yield checked(one, line, position)
