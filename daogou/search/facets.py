"""Facets: what the found products can be narrowed by, with counts under the other filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daogou.records import Constraint, Facet, FacetValue
from daogou.search.lexicon import Lexicon
from daogou.stores import Index

MAX_FIELDS = 8
MAX_VALUES = 12
_LEAST_SHARE = 0.1
"""An attribute that fewer of the products have is not worth a filter."""
_NAMES = {
    "zh": {"brand": "品牌", "category": "类目", "price": "价格"},
    "en": {"brand": "Brand", "category": "Category", "price": "Price"},
}
Counts = dict[str, list[tuple[str, int]]]


def facets_of_found(
    index: Index,
    ids: Sequence[str],
    constraints: Sequence[Constraint],
    without: Mapping[str, Sequence[str]],
    lexicon: Lexicon,
    language: str,
) -> tuple[Facet, ...]:
    """Facets over the products a text found. `without`: field -> what is found when that field's filter is lifted."""
    counts = index.facets_of(ids)
    priced: Sequence[str] = ids
    for field, others in without.items():
        if field == "price":
            priced = others
        else:
            counts[field] = index.facets_of(others).get(field, [])
    prices = index.numbers_of("price", priced).values()
    span = (min(prices), max(prices)) if prices else None
    return _facets(counts, len(ids), span, constraints, lexicon, language)


def facets_of_index(
    index: Index, constraints: Sequence[Constraint], lexicon: Lexicon, language: str
) -> tuple[Facet, ...]:
    """Facets where there is no text: counted by the engine over the whole catalogue."""
    total = index.count(constraints)
    coverage = index.fields(filters=constraints)
    wanted = [name for name in coverage if name in {"brand", "category"} or name.startswith("attr:")]
    chosen = [name for name in wanted if not name.startswith("attr:") or coverage[name] >= _LEAST_SHARE * total]
    counts = index.facets(chosen[: MAX_FIELDS * 2], filters=constraints, limit=MAX_VALUES)
    for field in multi_select(constraints):
        others = [one for one in constraints if one.field != field or one.negated]
        if field != "price":
            counts[field] = index.facets([field], filters=others, limit=MAX_VALUES)[field]
    others = [one for one in constraints if one.field != "price"]
    return _facets(counts, total, index.number_range("price", filters=others), constraints, lexicon, language)


def multi_select(constraints: Sequence[Constraint]) -> list[str]:
    """Fields whose own choice must not shrink their own counts."""
    return list(
        dict.fromkeys(
            one.field
            for one in constraints
            if not one.negated and (one.field == "price" or (one.op == "in" and one.field != "stock"))
        )
    )


def _facets(
    counts: Mapping[str, Sequence[tuple[str, int]]],
    total: int,
    span: tuple[float, float] | None,
    constraints: Sequence[Constraint],
    lexicon: Lexicon,
    language: str,
) -> tuple[Facet, ...]:
    selected = {(one.field, value) for one in constraints if one.op == "in" and not one.negated for value in one.values}
    chosen_fields = {field for field, _ in selected}
    names = _NAMES.get(language, _NAMES["en"])
    found: list[Facet] = []
    if span is not None and (span[0] < span[1] or any(one.field == "price" for one in constraints)):
        found.append(Facet.model_construct(field="price", label=names["price"], values=(), low=span[0], high=span[1]))
    for field in _worth(counts, total, chosen_fields):
        listed = list(counts[field][:MAX_VALUES])
        present = {value for value, _ in listed}
        later = dict(counts[field][MAX_VALUES:])
        listed += [(v, later.get(v, 0)) for f, v in sorted(selected) if f == field and v not in present]
        values = tuple(
            FacetValue.model_construct(
                value=value, label=lexicon.label(value, language), count=number, selected=(field, value) in selected
            )
            for value, number in listed
        )
        label = names.get(field) or lexicon.label(field, language)
        found.append(Facet.model_construct(field=field, label=label, values=values, low=None, high=None))
    return tuple(found)


def _worth(counts: Mapping[str, Sequence[tuple[str, int]]], total: int, chosen: set[str]) -> list[str]:
    """Which fields to show, best first: category and brand, what is chosen, then attributes many products have and
    that tell them apart."""

    def value_of(field: str) -> tuple[int, float, str]:
        if field in {"category", "brand"}:
            return (0 if field == "category" else 1, 0.0, field)
        if field in chosen:
            return (2, 0.0, field)
        having = sum(number for _, number in counts[field])
        return (3, -min(having, total), field)

    def tells_apart(field: str) -> bool:
        values = counts[field]
        having = sum(number for _, number in values)
        if field in chosen or field in {"category", "brand"}:
            return True
        return len(values) > 1 and having >= _LEAST_SHARE * total and values[0][1] > 1

    fields = (field for field in counts if field in {"brand", "category"} or field.startswith("attr:"))
    return sorted((field for field in fields if counts[field] and tells_apart(field)), key=value_of)[:MAX_FIELDS]
