"""What a file is, told from its content: container, dialect, encoding, delimiter, columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from daogou.errors import FormatError
from daogou.intake.bytestream import SAMPLE, Source, is_gzip, open_bytes, require_file, sample_of
from daogou.intake.columns import ambiguous_columns, match_columns, plausible_kind
from daogou.intake.delimited import delimited_rows, split_line
from daogou.intake.encoding import NAMES, find_encoding, known_encoding
from daogou.intake.jsonrows import find_items, json_items, json_ld_rows, json_lines
from daogou.intake.options import Broken, ImportOptions, Kind, Row
from daogou.intake.parquet import parquet_columns, parquet_rows
from daogou.intake.synonyms import compact
from daogou.intake.xmlrows import xml_rows
from daogou.records import Event, EventName, Policy, Product, Review

Container = Literal["csv", "tsv", "jsonl", "json", "parquet", "xml", "html"]
Dialect = Literal[
    "google_merchant_xml",
    "google_merchant_tsv",
    "shopify_csv_old",
    "shopify_csv_new",
    "shopify_json",
    "schema_org",
    "ga4",
    "gorse",
    "daogou",
    "table",
]
_LOOK_AT = 200
_DELIMITERS = ("\t", ",", ";", "|")
_GOOGLE = frozenset(
    [
        "imagelink",
        "additionalimagelink",
        "googleproductcategory",
        "itemgroupid",
        "saleprice",
        "identifierexists",
        "gtin",
        "mpn",
        "availability",
        "link",
        "agegroup",
        "producttype",
    ]
)
_GOOGLE_ONLY = frozenset({"imagelink", "googleproductcategory", "itemgroupid", "identifierexists"})
_CONTAINERS = {
    "csv": "CSV",
    "tsv": "TSV",
    "jsonl": "JSON lines",
    "json": "JSON",
    "parquet": "Parquet",
    "xml": "XML",
    "html": "web page",
}
_DIALECTS = {
    "google_merchant_xml": "Google Merchant feed",
    "google_merchant_tsv": "Google Merchant feed",
    "shopify_csv_old": "Shopify product export (older headers)",
    "shopify_csv_new": "Shopify product export (newer headers)",
    "shopify_json": "Shopify products",
    "schema_org": "schema.org JSON-LD",
    "ga4": "GA4 events",
    "gorse": "Gorse data",
    "daogou": "daogou's own format",
    "table": "table",
}
_BY_COLUMNS = ("table", "google_merchant_tsv", "google_merchant_xml")
_DELIMITER_NAMES = {"\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file was taken for.

    nested: the reviews are inside the rows of their products. items: where the rows of a JSON document are.
    fields: column -> field as far as certain. ambiguous: field -> the columns that could each be it."""

    path: Path
    kind: Kind
    container: Container
    dialect: Dialect
    gzipped: bool = False
    encoding: str = "utf-8"
    delimiter: str = ""
    quoted: bool = True
    items: str = ""
    nested: bool = False
    columns: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def describe(self) -> str:
        """One plain sentence: what the file is, and how its columns are read."""
        what = f"{_DIALECTS[self.dialect]} of {self.kind} in {_CONTAINERS[self.container]}"
        details = []
        if self.delimiter:
            details.append(f"separated by {_DELIMITER_NAMES.get(self.delimiter, repr(self.delimiter))}")
        if self.container not in ("parquet", "xml"):
            details.append(NAMES.get(self.encoding, self.encoding))
        if self.gzipped:
            details.append("gzipped")
        text = f"{self.path.name}: {what}" + (f" ({', '.join(details)})" if details else "")
        read = [column if column == name else f"{column} as {name}" for column, name in self.fields.items()]
        if self.nested:
            text += "; the reviews inside each product are read"
        elif read and self.dialect in _BY_COLUMNS:
            text += f"; reads {', '.join(read)}"
        for name, several in self.ambiguous.items():
            text += f"; could not tell which is the {name}: {', '.join(several)}"
        return f"{text}."


def recognise(path: Path | str, kind: Kind | None = None, options: ImportOptions | None = None) -> Recognised:
    """Looks at the beginning of a file. Raises NotFound, and FormatError where it is empty or can not be told."""
    path = Path(path)
    options = options or ImportOptions()
    kind = kind or options.kind
    require_file(path)
    sample = sample_of(path)
    shape = _shape(path, sample, options)
    rows = _first_rows(path, shape)
    data = [dict(row.data) for row in rows]
    columns = tuple(dict.fromkeys(name for row in data for name in row))
    if shape.container == "parquet":
        columns = parquet_columns(path)
    dialect, kind = _dialect(shape.container, columns, data, kind)
    nested = kind == "reviews" and _reviews_inside(dialect, columns, data)
    chosen = options.for_kind(kind)
    fields: Mapping[str, str] = {}
    ambiguous: Mapping[str, tuple[str, ...]] = {}
    if dialect in ("table", "google_merchant_tsv", "google_merchant_xml") or (
        dialect == "gorse" and kind == "products"
    ):
        ambiguous = ambiguous_columns(columns, kind) if dialect == "table" else {}
        found = match_columns(columns, kind, chosen, ask=False, require=False).fields
        settled = {name for column, name in options.mapping.items()}
        ambiguous = {name: several for name, several in ambiguous.items() if name not in settled}
        fields = {column: name for column, name in found.items() if name not in ambiguous}
    return Recognised(
        path=path,
        kind=kind,
        container=shape.container,
        dialect=dialect,
        gzipped=shape.gzipped,
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        quoted=shape.quoted,
        items=shape.items,
        nested=nested,
        columns=columns,
        fields=fields,
        ambiguous=ambiguous,
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    container: Container
    gzipped: bool
    encoding: str = "utf-8"
    delimiter: str = ""
    quoted: bool = True
    items: str = ""


@contextmanager
def open_rows(path: Path, source: Recognised | _Shape) -> Iterator[tuple[Source | None, Iterator[Row | Broken]]]:
    """(the open file, its rows)."""
    if source.container == "parquet":
        yield None, parquet_rows(path)
        return
    with open_bytes(path) as opened:
        yield opened, _rows(opened.stream, source)


def _rows(stream: BufferedReader, source: Recognised | _Shape) -> Iterator[Row | Broken]:
    if source.container in ("csv", "tsv"):
        return delimited_rows(stream, encoding=source.encoding, delimiter=source.delimiter, quoted=source.quoted)
    if source.container == "jsonl":
        return json_lines(stream, encoding=source.encoding)
    if source.container == "json":
        return json_items(stream, encoding=source.encoding, prefix=source.items)
    if source.container == "html":
        return json_ld_rows(stream, encoding=source.encoding)
    return xml_rows(stream)


def _first_rows(path: Path, shape: _Shape) -> list[Row]:
    """The first readable rows. Raises FormatError where there is none."""
    with open_rows(path, shape) as (_, rows):
        some = list(islice(rows, _LOOK_AT))
        good = [row for row in some if isinstance(row, Row)]
        while some and not good and len(some) < 50 * _LOOK_AT:
            more = list(islice(rows, _LOOK_AT))
            if not more:
                break
            some += more
            good += [row for row in more if isinstance(row, Row)]
    if good:
        return good
    first = next((row for row in some if isinstance(row, Broken)), None)
    what = _CONTAINERS[shape.container]
    if first is None:
        raise FormatError(f"{path} is {what} without a single row.", next_step="Export it again.")
    raise FormatError(
        f"{path} was taken for {what}, and none of its first {len(some)} rows could be read; "
        f"line {first.line}: {first.reason}.",
        next_step="Name the encoding or the delimiter with --encoding or --delimiter, or export it again.",
    )


def _shape(path: Path, sample: bytes, options: ImportOptions) -> _Shape:
    gzipped = is_gzip(path)
    if sample.startswith(b"PAR1"):
        return _Shape("parquet", gzipped)
    if options.encoding:
        encoding = known_encoding(options.encoding)
    elif re.match(rb"\s*(\xef\xbb\xbf)?\s*<\?xml", sample):
        encoding = "utf-8"  # XML declares its own, and its parser obeys that
    else:
        encoding = find_encoding(sample, path, whole=len(sample) < SAMPLE)
    text = sample.decode(encoding, "replace").removeprefix("\ufeff")
    start = text.lstrip()
    if start.startswith("<"):
        page = re.match(r"<(!doctype\s+html|html)", start, re.IGNORECASE) or "application/ld+json" in text
        return _Shape("html" if page else "xml", gzipped, encoding)
    if start.startswith("["):
        return _Shape("json", gzipped, encoding, items="item")
    if start.startswith("{"):
        return _json_shape(text, gzipped, encoding)
    delimiter = options.delimiter or _delimiter(path, text)
    return _Shape("tsv" if delimiter == "\t" else "csv", gzipped, encoding, delimiter, _is_quoted(text, delimiter))


def _json_shape(text: str, gzipped: bool, encoding: str) -> _Shape:
    """An object a line, or one document. One line alone is a document where its rows are inside it."""
    lines = [line for line in text.split("\n") if line.strip()]
    starts = sum(line.lstrip().startswith('{"') for line in lines)
    items = find_items(text.encode("utf-8", "replace"))
    if items and (len(lines) == 1 or not lines[0].rstrip().endswith("}")):
        return _Shape("json", gzipped, encoding, items=items)
    if starts * 2 >= len(lines) and re.match(r'\s*\{\s*"', lines[0]) and lines[0].rstrip().endswith("}"):
        return _Shape("jsonl", gzipped, encoding)
    if len(lines) > 1 and starts * 2 >= len(lines):  # the first row may be the broken one
        return _Shape("jsonl", gzipped, encoding)
    return _Shape("json" if len(lines) > 1 else "jsonl", gzipped, encoding, items=items if len(lines) > 1 else "")


def _delimiter(path: Path, text: str) -> str:
    """The one that splits the header into most columns. Raises FormatError where none splits it."""
    header = next((line.rstrip("\r") for line in text.split("\n") if line.strip()), "")
    best, most = "", 1
    for one in _DELIMITERS:
        try:
            columns = len(split_line(header, one) or ())
        except ValueError:
            continue
        if columns > most:
            best, most = one, columns
    if not best:
        raise FormatError(
            f"{path} is no format known here: its first line, {header[:80]!r}, is neither JSON nor XML nor a header of "
            "several columns.",
            next_step="Import CSV with a header line, TSV, JSON, JSON lines, Parquet or a Google Merchant feed.",
        )
    return best


def _is_quoted(text: str, delimiter: str) -> bool:
    """Whether quotes enclose fields. Tab-separated files mostly have none, and inch signs then stand for themselves."""
    if delimiter != "\t":
        return True
    fields = [part.strip("\r") for line in text.split("\n")[:2000] for part in line.split("\t")]
    opened = [part for part in fields if part.startswith('"')]
    return bool(opened) and all(part.endswith('"') and len(part) > 1 for part in opened)


def _dialect(
    container: Container, columns: tuple[str, ...], rows: list[dict[str, Any]], kind: Kind | None
) -> tuple[Dialect, Kind]:
    names = {compact(one) for one in columns}
    if container in ("json", "jsonl", "html", "parquet"):
        found = _json_dialect(names, rows, kind)
        if found is not None:
            return found
    if kind in (None, "products"):
        if container == "xml":
            return "google_merchant_xml", "products"
        if "urlhandle" in names and names & {"sku", "option1name", "price", "title"}:
            return "shopify_csv_new", "products"
        if "handle" in names and names & {"variantprice", "bodyhtml", "variantsku", "option1name"}:
            return "shopify_csv_old", "products"
        if len(names & _GOOGLE) >= 3 and names & _GOOGLE_ONLY:
            return "google_merchant_tsv", "products"
    if kind in (None, "events"):
        if {"feedbacktype", "itemid", "userid"} <= names:
            return "gorse", "events"
        if "eventname" in names and names & {"eventtimestamp", "eventparams", "userpseudoid"} and "items" in names:
            return "ga4", "events"
    return "table", kind or plausible_kind(columns)


def _json_dialect(names: set[str], rows: list[dict[str, Any]], kind: Kind | None) -> tuple[Dialect, Kind] | None:
    first = rows[0]
    if "@type" in names or "@context" in names:
        return "schema_org", kind or "products"
    if kind in (None, "events"):
        if {"feedbacktype", "itemid", "userid"} <= names:
            return "gorse", "events"
        if {"clientid", "events"} <= names or (
            "eventname" in names and names & {"eventtimestamp", "eventparams", "params"}
        ):
            return "ga4", "events"
    own = _own(rows)
    if own is not None and kind in (None, own):
        return "daogou", own
    if kind in (None, "products"):
        if {"itemid", "ishidden"} <= names or ({"itemid", "labels", "timestamp"} <= names and "comment" in names):
            return "gorse", "products"
        variants = first.get("variants")
        if isinstance(variants, list) and names & {"handle", "bodyhtml", "vendor", "producttype"}:
            return "shopify_json", "products"
    return None


def _reviews_inside(dialect: Dialect, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> bool:
    """Whether the rows are products that carry their reviews with them."""
    if dialect == "schema_org":
        return True
    held = [row[name] for row in rows for name in ("reviews", "review") if name in row]
    return "product_id" not in columns and any(isinstance(one, list | dict) for one in held)


def _own(rows: list[dict[str, Any]]) -> Kind | None:
    """Whether every row looked at is one of our records as `model_dump` writes it."""
    if all(set(row) <= set(Product.model_fields) and {"id", "title"} <= set(row) and _own_price(row) for row in rows):
        return "products" if any(isinstance(row.get("price"), dict) or "translations" in row for row in rows) else None
    names = {name.value for name in EventName}
    if all(set(row) <= set(Event.model_fields) and str(row.get("name")) in names and "id" in row for row in rows):
        return "events"
    if all(
        set(row) <= set(Review.model_fields) and {"id", "product_id", "text", "language"} <= set(row) for row in rows
    ):
        return "reviews"
    if all(set(row) <= set(Policy.model_fields) and {"id", "text", "language", "kind"} <= set(row) for row in rows):
        return "policies"
    return None


def _own_price(row: Mapping[str, Any]) -> bool:
    price = row.get("price")
    return price is None or (isinstance(price, dict) and {"minor", "currency"} == set(price))
