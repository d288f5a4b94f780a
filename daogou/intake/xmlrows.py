"""Google Merchant feeds in XML: RSS 2.0 items and Atom entries, one at a time, the tree behind them released."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader
from typing import Any

from lxml import etree

from daogou.intake.bytestream import DAMAGED
from daogou.intake.jsonrows import checked
from daogou.intake.options import MAX_LINE, Broken, Row

_ITEMS = ("item", "entry")


class _Guard:
    """Hands bytes to the parser, and stops where one item takes more than the limit."""

    def __init__(self, stream: BufferedReader, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self.since_item = 0

    def read(self, size: int = 1 << 16) -> bytes:
        if self.since_item > self._limit:
            raise ValueError(f"no item ended within {self._limit} bytes")
        data = self._stream.read1(min(size, 1 << 16))
        self.since_item += len(data)
        return data


def xml_rows(stream: BufferedReader, *, limit: int = MAX_LINE) -> Iterator[Row | Broken]:
    """Items as rows: local tag name -> text, list of texts, or a mapping for nested tags. Line: of the opening tag.

    Entities are not expanded, nothing is fetched. Broken XML is one Broken and ends the reading, since XML can not be
    taken up again after an error."""
    guard = _Guard(stream, limit)
    position = 0
    line = 1
    try:
        parser = etree.iterparse(
            guard, events=("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        for _, element in parser:
            if not isinstance(element.tag, str) or _local(element.tag) not in _ITEMS:
                continue
            guard.since_item = 0
            position += 1
            line = int(element.sourceline or line)
            yield checked(_content(element), line, position)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as failure:
        reason = f"the XML is broken here, nothing after it was read: {failure.msg}"
        yield Broken(int(failure.lineno or line), position + 1, reason)
    except (ValueError, *DAMAGED) as failure:
        yield Broken(line, position + 1, f"the XML breaks off here, nothing after it was read: {failure}")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _content(item: Any) -> dict[str, object]:
    """Repeated tags become a list; Atom's <link href> its address; an entity that was not expanded is left out."""
    row: dict[str, object] = {}
    for child in item:
        if not isinstance(child.tag, str):
            continue
        name = _local(child.tag)
        value: object = (
            _content(child) if len(child) and any(isinstance(one.tag, str) for one in child) else _text(child)
        )
        if not value and child.get("href"):
            value = child.get("href")
        if name in row:
            before = row[name]
            row[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            row[name] = value
    return row


def _text(element: Any) -> str:
    return "".join(element.itertext()).strip()
