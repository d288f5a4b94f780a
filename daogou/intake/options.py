"""What the merchant may say about a file, and what comes out of reading it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Literal, get_args

from daogou.errors import InputError
from daogou.records import CURRENCIES, Event, Policy, Product, Review

Kind = Literal["products", "events", "reviews", "policies"]
KINDS: tuple[Kind, ...] = get_args(Kind)
AnyRecord = Product | Event | Review | Policy

MAX_LINE = 32 * 1024 * 1024
"""Bytes of one row; a longer one is rejected and never held whole."""
MAX_FIELD = 10 * 1000 * 1000
"""Characters of one field, before the record's own and smaller limit."""
SHOWN = 200
"""Characters of a rejected value that are written to the rejects file."""

_NOT_CONTENT = frozenset({"batch_size", "dry_run", "rejects_dir"})


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a file does not say itself.

    kind: products, events, reviews or policies; None is taken from the content.
    mapping: column -> field, as typed with `--map column=field`; `--map column=` leaves the column out.
    currency: of prices without one. language: BCP 47 tag of all rows; guessed row by row where None.
    default_stock: units of products whose stock is not said; None keeps it unknown.
    encoding, delimiter: None is found out from the content.
    price_unit: "minor" reads whole cents or fen. timezone: of times that name none (IANA name).
    attribute_columns: patterns of columns that are attributes ("attr_*"). value_separator: "|" reads "A|B" in an
    attribute as two values. category_separator: between the steps of a category path; None is found out.
    image_base: put before relative picture paths.
    rejects_dir: where FILE.rejects.jsonl is written; None is the folder of the file."""

    kind: Kind | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    currency: str | None = None
    language: str | None = None
    default_stock: int | None = None
    encoding: str | None = None
    delimiter: str | None = None
    price_unit: Literal["major", "minor"] = "major"
    timezone: str = "UTC"
    attribute_columns: tuple[str, ...] = ()
    value_separator: str | None = None
    category_separator: str | None = None
    image_base: str = ""
    batch_size: int = 500
    dry_run: bool = False
    rejects_dir: Path | None = None

    def __post_init__(self) -> None:
        if self.kind is not None and self.kind not in KINDS:
            raise InputError(f"{self.kind!r} can not be imported.", next_step=f"Import one of {', '.join(KINDS)}.")
        if self.currency is not None:
            if self.currency.upper() not in CURRENCIES:
                raise InputError(
                    f"{self.currency!r} is not an ISO 4217 currency code.", next_step="For example CNY or USD."
                )
            object.__setattr__(self, "currency", self.currency.upper())
        if self.price_unit not in ("major", "minor"):
            raise InputError(f"price_unit {self.price_unit!r} is unknown.", next_step="Use major or minor.")
        if self.batch_size < 1:
            raise InputError(f"batch_size {self.batch_size} is less than 1.")

    def for_kind(self, kind: Kind) -> ImportOptions:
        """The same options, for this kind."""
        return replace(self, kind=kind)

    def digest(self) -> str:
        """Names everything that changes what is read; where it differs, an interrupted import starts anew."""
        said = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in _NOT_CONTENT}
        text = json.dumps(said, sort_keys=True, default=lambda value: dict(value))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Accepted:
    """One valid record. line: of its first row, from 1. position: rows of the file read so far, to resume after.

    rows: rows that went into it (a Shopify product takes one a variant). notes: what was left out, and why."""

    record: AnyRecord
    line: int
    position: int
    rows: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rejected:
    """One row that can not be kept: which line, which field, which value (shortened), why."""

    line: int
    reason: str
    field: str
    value: str
    raw: str
    position: int

    def as_json(self) -> dict[str, object]:
        """One line of the rejects file."""
        return {"line": self.line, "field": self.field, "value": self.value, "reason": self.reason, "raw": self.raw}


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file: column -> value. line from 1; position: its number among all rows, from 1."""

    line: int
    position: int
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Broken:
    """A row that could not be read at all."""

    line: int
    position: int
    reason: str
    raw: str = ""


def shortened(value: object, limit: int = SHOWN) -> str:
    """A value for a person to recognise, at most `limit` characters and the length of what was cut."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
