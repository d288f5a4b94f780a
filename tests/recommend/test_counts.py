from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from daogou.recommend.counts import PairCounts, Pairs

cells = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(1, 5000)), max_size=40)


def pairs(listed: list[tuple[int, int, int]]) -> Pairs:
    table = np.array(listed, np.int64).reshape(-1, 3)
    return Pairs(table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), table[:, 2])


def same(one: PairCounts, other: PairCounts, n: int = 8) -> bool:
    return (
        all(np.array_equal(mine, theirs) for mine, theirs in zip(one.table(), other.table(), strict=True))
        and np.array_equal(one.row_sums(n), other.row_sums(n))
        and np.array_equal(one.col_sums(n), other.col_sums(n))
    )


@settings(max_examples=50, deadline=None)
@given(cells, st.integers(0, 40))
def test_counting_in_pieces_is_counting_at_once(listed: list[tuple[int, int, int]], cut: int) -> None:
    at_once, in_pieces = PairCounts(), PairCounts()
    at_once.fit(pairs(listed))
    in_pieces.fit(pairs(listed[:cut]))
    for one in listed[cut:]:
        in_pieces.add(pairs([one]))
    assert same(at_once, in_pieces)


@settings(max_examples=50, deadline=None)
@given(cells, cells)
def test_what_is_taken_away_leaves_no_trace(kept: list[tuple[int, int, int]], gone: list[tuple[int, int, int]]) -> None:
    without, taken = PairCounts(), PairCounts()
    without.fit(pairs(kept))
    taken.fit(pairs(kept + gone))
    taken.add(pairs([]).minus(pairs(gone)))
    assert same(without, taken)


@settings(max_examples=50, deadline=None)
@given(cells, cells)
def test_the_difference_leads_from_one_to_the_other(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]
) -> None:
    counts, wanted = PairCounts(), PairCounts()
    counts.fit(pairs(before))
    counts.add(pairs(after).minus(pairs(before)))
    wanted.fit(pairs(after))
    assert same(counts, wanted)


@settings(max_examples=50, deadline=None)
@given(cells)
def test_a_cell_reads_the_same_everywhere(listed: list[tuple[int, int, int]]) -> None:
    counts = PairCounts()
    counts.fit(pairs(listed[::2]))
    counts.add(pairs(listed[1::2]))
    wanted = np.zeros((8, 8), np.int64)
    for row, col, weight in listed:
        wanted[row, col] += weight
    assert [[counts.get(row, col) for col in range(8)] for row in range(8)] == wanted.tolist()
    for row in range(8):
        cols, weights = counts.row(row)
        assert np.array_equal(cols, np.flatnonzero(wanted[row]))
        assert np.array_equal(weights, wanted[row][cols])


def test_a_crowded_row_is_cut_to_its_heaviest_whether_fitted_or_grown() -> None:
    listed = [(0, col, 100 + col % 7) for col in range(21)]
    fitted, grown = PairCounts(keep=10), PairCounts(keep=10)
    fitted.fit(pairs(listed))
    for one in listed:
        grown.add(pairs([one]))
    for counts in (fitted, grown):
        cols, weights = counts.row(0)
        assert len(cols) == 10
        assert weights.min() >= 103
        assert counts.row_sums(1)[0] == sum(one[2] for one in listed)
    assert same(fitted, grown, 21)


@settings(max_examples=50, deadline=None)
@given(cells)
def test_saved_and_restored_it_is_the_same(listed: list[tuple[int, int, int]]) -> None:
    counts, restored = PairCounts(), PairCounts()
    counts.fit(pairs(listed[::2]))
    counts.add(pairs(listed[1::2]))
    restored.restore("x", counts.state("x"))
    assert same(counts, restored)
