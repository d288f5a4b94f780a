"""Which column is which field, by the words of `synonyms`, and `--map` where two could be meant.

A field that two columns could be is asked about, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from daogou.errors import AmbiguousColumns, FormatError
from daogou.intake.options import ImportOptions, Kind
from daogou.intake.synonyms import FIELD_OF, WORDS, compact

REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "products": (("id",), ("title", "structured_title")),
    "events": (("item", "items", "search_term"), ("time",), ("shopper_id", "session_id")),
    "reviews": (("product_id",), ("text", "rating")),
    "policies": (("text",),),
}
"""For each kind, groups of fields of which one must be found."""
_MANY = frozenset({"images"})
_TYPE_MARK = re.compile(r"^[tnbsifd]_(?=\w)")


@dataclass(frozen=True, slots=True)
class Columns:
    """How the columns of a file are read. fields: column -> field. attributes: column -> its name. left: unused."""

    fields: Mapping[str, str]
    attributes: Mapping[str, str]
    left: tuple[str, ...] = ()

    def by_field(self) -> dict[str, tuple[str, ...]]:
        """field -> its columns, in file order."""
        out: dict[str, tuple[str, ...]] = {}
        for column, field in self.fields.items():
            out[field] = (*out.get(field, ()), column)
        return out


def known_fields(kind: Kind) -> tuple[str, ...]:
    """What a column of this kind of table may be mapped to, besides `attr:NAME`."""
    return tuple(field for field in WORDS[kind] if not field.startswith("attr:"))


def attribute_name(column: str, pattern: str = "") -> str:
    """attr_t_product_colour, found by "attr_*", is "product colour"."""
    prefix = pattern.split("*", 1)[0] if "*" in pattern else ""
    name = column[len(prefix) :] if prefix and column.startswith(prefix) else column
    if prefix:
        name = _TYPE_MARK.sub("", name)
    return " ".join(name.replace("_", " ").split()) or column


def match_columns(
    columns: Iterable[str], kind: Kind, options: ImportOptions, *, ask: bool = True, require: bool = True
) -> Columns:
    """Columns -> fields. Raises AmbiguousColumns where two columns could be one field, FormatError where a required
    field is not found or `--map` names what is not there.

    Not `ask`: the first of several is taken (formats with fixed names). Not `require`: what is found is enough."""
    names = list(dict.fromkeys(columns))
    fields: dict[str, str] = {}
    attributes = attribute_columns(names, options)
    for column, field in options.mapping.items():
        _check_mapping(column, field, names, kind)
        if field.startswith("attr:"):
            attributes[column] = field[5:]
        elif field:
            fields[column] = field
    mapped = set(fields.values())
    candidates: dict[str, list[str]] = {}
    for column in names:
        found = FIELD_OF[kind].get(compact(column))
        if column in options.mapping or column in attributes or found is None or found in mapped:
            continue
        candidates.setdefault(found, []).append(column)
    for field, could in candidates.items():
        if len(could) > 1 and field not in _MANY and ask:
            raise _ambiguous(field, could)
        for column in could if field in _MANY else could[:1]:
            if field.startswith("attr:"):
                attributes[column] = field[5:]
            else:
                fields[column] = field
    fields = {column: fields[column] for column in names if column in fields}
    if require:
        _require(fields, names, kind)
    left = tuple(column for column in names if column not in fields and column not in attributes)
    return Columns(fields, attributes, left)


def ambiguous_columns(columns: Iterable[str], kind: Kind) -> dict[str, tuple[str, ...]]:
    """field -> the columns that could each be it, where there are several."""
    could: dict[str, tuple[str, ...]] = {}
    for column in dict.fromkeys(columns):
        field = FIELD_OF[kind].get(compact(column))
        if field is not None and field not in _MANY:
            could[field] = (*could.get(field, ()), column)
    return {field: several for field, several in could.items() if len(several) > 1}


def attribute_columns(names: list[str], options: ImportOptions) -> dict[str, str]:
    """Columns that match a pattern -> attribute names. Two may give the same one (attr_t_size, attr_n_size): the same
    attribute, with the values of both."""
    out: dict[str, str] = {}
    for column in names:
        pattern = next((one for one in options.attribute_columns if fnmatchcase(column, one)), None)
        if pattern is not None:
            out[column] = attribute_name(column, pattern)
    return out


def _check_mapping(column: str, field: str, names: list[str], kind: Kind) -> None:
    if column not in names:
        raise FormatError(
            f"--map {column}={field}: there is no column {column!r}; the file has {_listed(names)}.",
            next_step="Write the column as the file does.",
        )
    if field and not field.startswith("attr:") and field not in WORDS[kind]:
        raise FormatError(
            f"--map {column}={field}: {kind} have no field {field!r}.",
            next_step=f"Use one of {', '.join(known_fields(kind))}, attr:NAME.",
        )


def _ambiguous(field: str, could: list[str]) -> AmbiguousColumns:
    quoted = " and ".join(repr(one) for one in could)
    typed = " or ".join(f"--map {_shell(one)}={field}" for one in could)
    return AmbiguousColumns(f"The columns {quoted} could each be the {field}.", next_step=f"Type {typed}.")


def _require(fields: Mapping[str, str], names: list[str], kind: Kind) -> None:
    have = set(fields.values())
    for group in REQUIRED[kind]:
        if not have & set(group):
            wanted = " or ".join(group)
            typed = " or ".join(f"--map COLUMN={field}" for field in group if not field.startswith("structured"))
            raise FormatError(
                f"No column was recognised as the {wanted} of the {kind}; the file has {_listed(names)}.",
                next_step=f"Type {typed}.",
            )


def _listed(names: list[str], limit: int = 40) -> str:
    shown = ", ".join(repr(one[:60]) for one in names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown


def _shell(name: str) -> str:
    return f'"{name}"' if re.search(r"[^\w.-]", name) else name


def plausible_kind(columns: Iterable[str]) -> Kind:
    """What a table holds, told from its columns, where the merchant did not say."""
    names = {compact(one) for one in columns}

    def has(kind: Kind, field: str) -> bool:
        return not names.isdisjoint(WORDS[kind][field])

    if has("events", "shopper_id") and has("events", "time") and (has("events", "item") or has("events", "items")):
        return "reviews" if has("reviews", "text") else "events"
    if (
        has("reviews", "product_id")
        and (has("reviews", "text") or has("reviews", "rating"))
        and not has("products", "price")
    ):
        return "reviews"
    if names & {"question", "q", "问题", "问"} and has("policies", "text"):
        return "policies"
    return "products"
