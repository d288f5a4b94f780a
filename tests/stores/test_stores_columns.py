"""The columns against the plainest code that could be right."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from daogou.records import Constraint
from daogou.stores.columns import MISSING, Columns

Row = tuple[dict[str, list[str]], dict[str, float]]
ids = st.sampled_from([f"P{n}" for n in range(12)])
fields = st.sampled_from(["brand", "attr:颜 色.x", "n"])
values = st.sampled_from(["a", "b", "红", ""])
rows = st.tuples(
    st.dictionaries(fields, st.lists(values, max_size=3), max_size=3),
    st.dictionaries(fields, st.integers(-3, 3).map(float), max_size=2),
)
steps = st.lists(st.tuples(ids, st.one_of(st.none(), rows)), max_size=40)
limits = st.one_of(st.none(), st.integers(-3, 3).map(float))
constraints = st.lists(
    st.one_of(
        st.builds(Constraint, field=fields, values=st.lists(values, max_size=2).map(tuple), negated=st.booleans()),
        st.builds(Constraint, field=fields, op=st.just("range"), low=limits, high=limits, negated=st.booleans()),
    ),
    max_size=3,
)


def _satisfies(row: Row, one: Constraint) -> bool:
    if one.op == "in":
        holds = any(value in one.values for value in row[0].get(one.field, []))
    else:
        number = row[1].get(one.field)
        holds = (
            number is not None and (one.low is None or number >= one.low) and (one.high is None or number <= one.high)
        )
    return holds != one.negated


@settings(max_examples=150, deadline=None)
@given(steps, constraints, st.sampled_from(["", "n", "-n"]), st.integers(0, 5), st.integers(1, 8))
def test_the_same_as_the_plainest_code(
    steps: list[tuple[str, Row | None]], filters: list[Constraint], sort: str, offset: int, limit: int
) -> None:
    columns, plain = Columns(), dict[str, Row]()
    for product_id, row in steps:
        if row is None:
            columns.remove(product_id)
            plain.pop(product_id, None)
        else:
            columns.put(product_id, *row)
            plain[product_id] = row
        columns.count(filters)  # a kept mask must not outlive the change
    passing = {one: row for one, row in plain.items() if all(_satisfies(row, each) for each in filters)}
    assert columns.ids() == sorted(plain)
    assert columns.count(filters) == len(passing)
    assert columns.matching(filters)[0] == len(passing)
    assert sorted(columns.matching(filters)[1] or []) == sorted(passing)
    assert columns.satisfying(sorted(plain), filters) == [one in passing for one in sorted(plain)]
    sign = 1 if sort.startswith("-") else -1
    scores = {one: sign * row[1]["n"] if "n" in row[1] else MISSING for one, row in passing.items()}
    ranked = sorted(passing, key=(lambda one: (-scores[one], one)) if sort else None)
    assert [one for one, _ in columns.browse(filters, sort, limit, offset)] == ranked[offset : offset + limit]
    counts = Counter(value for row in passing.values() for value in set(row[0].get("brand", [])))
    assert columns.facets(["brand"], filters, 9)["brand"] == sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    having = Counter(name for row in passing.values() for name, listed in row[0].items() if listed)
    assert columns.fields(filters) == dict(having)
    numbers = [row[1]["n"] for row in passing.values() if "n" in row[1]]
    assert columns.number_range("n", filters) == ((min(numbers), max(numbers)) if numbers else None)


def test_packing_changes_nothing() -> None:
    columns = Columns()
    for round_ in range(4):
        for number in range(1000):
            columns.put(f"P{number:04}", {"brand": [f"b{(number + round_) % 5}"]}, {"n": float(number + round_)})
    assert len(columns._ids) < 4000  # dead rows were packed away
    assert len(columns) == 1000
    assert columns.facets(["brand"], (), 9)["brand"] == [(f"b{n}", 200) for n in range(5)]
    only = [Constraint(field="n", op="range", low=10, high=12)]
    assert sorted(columns.matching(only)[1] or []) == ["P0007", "P0008", "P0009"]
    assert columns.browse((), "-n", 1, 0) == [("P0999", 1002.0)]
