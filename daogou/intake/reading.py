"""A recognised file to records and rejects, one row (or one product's rows) in memory at a time.

Every outcome carries the position up to which the file is settled once it and its neighbours with the same position are
kept, so that an import can stop there and go on later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson

from daogou.errors import RecordError
from daogou.intake.bytestream import Source
from daogou.intake.columns import Columns, match_columns
from daogou.intake.events import TableEvents, ga4_event, ga4_events, gorse_event
from daogou.intake.grouping import MAX_GROUP, merged
from daogou.intake.options import Accepted, AnyRecord, Broken, ImportOptions, Rejected, Row, shortened
from daogou.intake.products import TableProducts
from daogou.intake.recognise import Recognised, open_rows
from daogou.intake.schema_org import schema_org_id, schema_org_product
from daogou.intake.seen import SeenIds
from daogou.intake.shopify import ShopifyProduct, shopify_handle, shopify_json_product
from daogou.intake.texts import TablePolicies, TableReviews, nested_reviews
from daogou.intake.values import number_text, timezone_of
from daogou.records import Event, Policy, Product, Review

Outcome = Accepted | Rejected
Read = Callable[[Mapping[str, Any]], tuple[AnyRecord, tuple[str, ...]]]
_SHAPE_ERRORS = (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError)
_NESTED_REVIEW = {
    "product_id": "product_id", "id": "id", "title": "title", "name": "title", "headline": "title", "text": "text",
    "reviewBody": "text", "content": "text", "body": "text", "comment": "text", "rating": "rating", "stars": "rating",
    "star": "rating", "author": "author", "user": "author", "time": "time", "date": "time", "datePublished": "time",
}  # fmt: skip
_TWICE = "stood on an earlier row of this file"


class Meter:
    """How far the reading is, in bytes of the file on disk."""

    def __init__(self) -> None:
        self.source: Source | None = None

    @property
    def bytes_read(self) -> int:
        return self.source.bytes_read if self.source else 0


def read(
    source: Recognised,
    options: ImportOptions,
    *,
    start: int = 0,
    rejected_lines: Collection[int] = (),
    meter: Meter | None = None,
) -> Iterator[Outcome]:
    """Outcomes of every row after position `start`. Raises AmbiguousColumns and FormatError before the first.

    rejected_lines: lines up to `start` that were rejected, so that their ids do not count as taken."""
    timezone_of(options.timezone)
    options = options.for_kind(options.kind or source.kind)
    reader = _reader(source, options)
    return _reading(source, reader, start, frozenset(rejected_lines), meter or Meter())


def _reading(
    source: Recognised, reader: _Reader, start: int, rejected_lines: frozenset[int], meter: Meter
) -> Iterator[Outcome]:
    with open_rows(source.path, source) as (opened, rows):
        meter.source = opened
        for row in rows:
            if row.position > start:
                yield from reader.take(row)
            elif isinstance(row, Row) and row.line not in rejected_lines:
                reader.skip(row)
        yield from reader.end()


class _Reader:
    """Turns rows into outcomes. `expand`: one row may hold several records. `identify`: id of a row, cheaply, or None
    where the record has to be read for it; no id is checked where `unique` is False (events)."""

    def __init__(
        self,
        convert: Read,
        *,
        expand: Callable[[Mapping[str, Any]], Iterator[Mapping[str, Any]]] | None = None,
        identify: Callable[[Mapping[str, Any]], str] | None = None,
        unique: bool = True,
    ) -> None:
        self._convert = convert
        self._expand = expand
        self._identify = identify
        self._unique = unique
        self._seen = SeenIds()

    def skip(self, row: Row) -> None:
        """A row an earlier run has kept: only its id is remembered."""
        if not self._unique:
            return
        for data in self._expand(row.data) if self._expand else (row.data,):
            with suppress(RecordError, *_SHAPE_ERRORS):
                self._seen.add(self._identify(data) if self._identify else self._convert(data)[0].id)

    def take(self, row: Row | Broken) -> Iterator[Outcome]:
        if isinstance(row, Broken):
            yield broken(row)
            return
        try:
            several = list(self._expand(row.data)) if self._expand else [row.data]
        except (RecordError, *_SHAPE_ERRORS) as failure:
            yield rejected(row, failure)
            return
        for data in several:
            one = Row(row.line, row.position, data)
            try:
                record, notes = self._convert(data)
            except (RecordError, *_SHAPE_ERRORS) as failure:
                yield rejected(one, failure)
                continue
            if self._unique:
                if record.id in self._seen:
                    yield rejected(one, RecordError("id", record.id, _TWICE))
                    continue
                self._seen.add(record.id)
            yield Accepted(record, row.line, row.position, notes=notes)

    def end(self) -> Iterator[Outcome]:
        yield from ()


class _GroupReader(_Reader):
    """Consecutive rows of one key are one product; a key that comes back later is rejected."""

    def __init__(
        self,
        key: Callable[[Mapping[str, Any]], str],
        close: Callable[[str, list[Row]], Iterator[Outcome]],
        single: Read,
        identify: Callable[[Mapping[str, Any]], str],
    ) -> None:
        super().__init__(single, identify=identify)
        self._key = key
        self._close = close
        self._group = ""
        self._rows: list[Row] = []
        self._waiting: list[Outcome] = []

    def take(self, row: Row | Broken) -> Iterator[Outcome]:
        if isinstance(row, Broken):
            if self._group:
                self._waiting.append(broken(row))
            else:
                yield broken(row)
            return
        try:
            key = self._key(row.data)
        except (RecordError, *_SHAPE_ERRORS):
            key = ""
        if key and key == self._group:
            if len(self._rows) < MAX_GROUP:
                self._rows.append(row)
            else:
                reason = f"is shared by more than {MAX_GROUP} rows"
                self._waiting.append(rejected(row, RecordError("item group", key, reason)))
            return
        yield from self.end()
        if key:
            self._group, self._rows = key, [row]
        else:
            yield from super().take(row)

    def end(self) -> Iterator[Outcome]:
        """Closes the open group: all its outcomes are settled together, at its last row."""
        if not self._group:
            return
        group, rows, waiting = self._group, self._rows, self._waiting
        self._group, self._rows, self._waiting = "", [], []
        if group in self._seen:
            reason = f"{_TWICE}, and the rows of one product must follow one another; sort the file by it"
            outcomes: list[Outcome] = [rejected(row, RecordError("id", group, reason)) for row in rows]
        else:
            outcomes = list(self._close(group, rows))
            if any(isinstance(one, Accepted) for one in outcomes):
                self._seen.add(group)
        outcomes += waiting
        last = max([row.position for row in rows] + [one.position for one in waiting])
        yield from (replace(one, position=last) for one in outcomes)


def _reader(source: Recognised, options: ImportOptions) -> _Reader:
    """How the rows of this dialect become records. Raises AmbiguousColumns, FormatError."""
    if options.kind == "products":
        return _product_reader(source, options)
    if options.kind == "events":
        return _event_reader(source, options)
    if options.kind == "reviews":
        return _review_reader(source, options)
    if source.dialect == "daogou":
        return _Reader(_plain(Policy.parse))
    return _Reader(_plain(TablePolicies(match_columns(source.columns, "policies", options), options).read))


def _product_reader(source: Recognised, options: ImportOptions) -> _Reader:
    if source.dialect == "daogou":
        return _Reader(_plain(Product.parse), identify=_own_id)
    if source.dialect == "schema_org":
        return _Reader(lambda data: schema_org_product(data, options), identify=schema_org_id)
    if source.dialect == "shopify_json":
        return _Reader(lambda data: shopify_json_product(data, options))
    if source.dialect in ("shopify_csv_old", "shopify_csv_new"):
        return _GroupReader(
            shopify_handle, lambda handle, rows: _shopify_rows(rows, options), _no_handle, identify=shopify_handle
        )
    table = TableProducts(_columns(source, options), options)
    return _GroupReader(table.group_of, lambda group, rows: _table_rows(table, group, rows), table.read, table.id_of)


def _event_reader(source: Recognised, options: ImportOptions) -> _Reader:
    if source.dialect == "daogou":
        return _Reader(_plain(Event.parse), unique=False)
    if source.dialect == "ga4":
        return _Reader(_plain(lambda data: ga4_event(data, options)), expand=ga4_events, unique=False)
    if source.dialect == "gorse":
        return _Reader(_plain(lambda data: gorse_event(data, options)), unique=False)
    return _Reader(_plain(TableEvents(_columns(source, options), options).read), unique=False)


def _review_reader(source: Recognised, options: ImportOptions) -> _Reader:
    """Reviews in rows of their own, or inside the products they belong to."""
    if source.dialect == "daogou" and source.kind == "reviews":
        return _Reader(_plain(Review.parse), identify=_own_id)
    if not source.nested:
        return _Reader(_plain(TableReviews(_columns(source, options), options).read))
    table = TableReviews(Columns(_NESTED_REVIEW, {}), options)
    find = schema_org_id
    if source.dialect != "schema_org":
        owner = replace(options, mapping={})
        find = TableProducts(match_columns(source.columns, "products", owner, ask=False), owner).id_of
    return _Reader(_plain(table.read), expand=lambda data: nested_reviews(data, find(data)))


def _columns(source: Recognised, options: ImportOptions) -> Any:
    kind = options.kind or source.kind
    mapping = dict(options.mapping)
    if source.dialect == "gorse" and kind == "products":
        mapping = {
            name: field for name, field in (("Comment", "title"), ("Timestamp", "created")) if name in source.columns
        } | mapping
    ask = source.dialect == "table"
    return match_columns(source.columns, kind, replace(options, mapping=mapping), ask=ask)


def _plain(parse: Callable[[Any], AnyRecord]) -> Read:
    return lambda data: (parse(data), ())


def _own_id(data: Mapping[str, Any]) -> str:
    return str(data.get("id") or "").strip()


def _no_handle(data: Mapping[str, Any]) -> tuple[AnyRecord, tuple[str, ...]]:
    raise RecordError("Handle", "", "is required")


def _shopify_rows(rows: list[Row], options: ImportOptions) -> Iterator[Outcome]:
    product = ShopifyProduct(rows[0], options)
    good: list[Row] = []
    for row in rows:
        try:
            product.add(row)
        except (RecordError, *_SHAPE_ERRORS) as failure:
            yield rejected(row, failure)
        else:
            good.append(row)
    yield from _closed(good, product.finish)


def _table_rows(table: TableProducts, group: str, rows: list[Row]) -> Iterator[Outcome]:
    good: list[Row] = []
    members: list[Product] = []
    notes: dict[str, None] = {}
    ids: set[str] = set()
    for row in rows:
        try:
            member, said = table.read(row.data)
            if member.id in ids:
                raise RecordError("id", member.id, _TWICE)
        except (RecordError, *_SHAPE_ERRORS) as failure:
            yield rejected(row, failure)
            continue
        good.append(row)
        members.append(member)
        ids.add(member.id)
        notes |= dict.fromkeys(said)
    yield from _closed(good, lambda: (merged(group, members), tuple(notes)))


def _closed(rows: list[Row], finish: Callable[[], tuple[Product, tuple[str, ...]]]) -> Iterator[Outcome]:
    if not rows:
        return
    try:
        product, notes = finish()
    except (RecordError, *_SHAPE_ERRORS) as failure:
        yield from (rejected(row, failure) for row in rows)
    else:
        yield Accepted(product, rows[0].line, rows[-1].position, rows=len(rows), notes=notes)


def broken(row: Broken) -> Rejected:
    """A row that could not be read, as a reject."""
    return Rejected(row.line, row.reason, "row", "", shortened(row.raw), row.position)


def rejected(row: Row, failure: Exception) -> Rejected:
    """A row that was read and can not be kept, as a reject."""
    raw = shortened(orjson.dumps(dict(row.data), default=str, option=orjson.OPT_NON_STR_KEYS).decode())
    if isinstance(failure, RecordError):
        value = "" if failure.value is None else failure.value
        value = value if isinstance(value, str) else number_text(value) if isinstance(value, int) else repr(value)
        reason = f"{failure.field}: {failure.rule}." + (f" {failure.next_step}" if failure.next_step else "")
        return Rejected(row.line, reason, failure.field, shortened(value), raw, row.position)
    reason = f"the row has a shape that was not expected ({type(failure).__name__}: {shortened(str(failure), 100)})"
    return Rejected(row.line, reason, "row", "", raw, row.position)
