from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daogou.intake.delimited import delimited_rows
from daogou.intake.encoding import find_encoding
from daogou.intake.options import Broken, Row


def rows(text: str | bytes, delimiter: str = ",", encoding: str = "utf-8", **options: Any) -> list[Row | Broken]:
    data = text.encode(encoding) if isinstance(text, str) else text
    return list(delimited_rows(io.BufferedReader(io.BytesIO(data)), encoding=encoding, delimiter=delimiter, **options))


def data(found: list[Row | Broken]) -> list[dict[str, object]]:
    return [dict(one.data) for one in found if isinstance(one, Row)]


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters='\n",;\t '), max_size=12)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=8)


@given(tables, st.sampled_from([",", ";", "|", "\t"]))
def test_what_the_csv_module_writes_is_read_back(table: list[list[str]], delimiter: str) -> None:
    # Cells that begin or end in a quote character only read back when quoted, which QUOTE_ALL ensures.
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["a", "b", "c"])
    writer.writerows(table)
    found = rows(out.getvalue(), delimiter)
    assert [list(row.values()) for row in data(found)] == table
    assert [one.position for one in found] == list(range(1, len(table) + 1))


@settings(max_examples=50)
@given(tables, st.sampled_from(["utf-8", "gb18030", "utf-16", "utf-8-sig"]))
def test_every_encoding_is_read_back(table: list[list[str]], encoding: str) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["商品编号", "标题", "价格"], *table])
    packed = out.getvalue().encode(encoding)
    if encoding.startswith("utf"):
        assert find_encoding(packed, Path("x"), whole=True).removesuffix("-sig") == encoding.removesuffix("-sig")
    assert [list(row.values()) for row in data(rows(packed, encoding=encoding))] == table


def test_a_wrong_number_of_columns_rejects_only_that_row() -> None:
    found = rows("id,title\n1,A\n2,B,C\n3\n4,D\n")
    assert data(found) == [{"id": "1", "title": "A"}, {"id": "4", "title": "D"}]
    assert [(one.line, one.reason) for one in found if isinstance(one, Broken)] == [
        (3, "the row has 3 columns where the header has 2"),
        (4, "the row has 1 columns where the header has 2"),
    ]


def test_empty_columns_at_the_end_are_no_error() -> None:
    assert data(rows("id,title\n1,A,,\n")) == [{"id": "1", "title": "A"}]


def test_a_quote_that_is_never_closed_costs_its_own_row_only() -> None:
    found = rows('id,title\n1,"open\n2,B\n3,C\n')
    assert [row["id"] for row in data(found)] == ["2", "3"]
    wrong = [one for one in found if isinstance(one, Broken)]
    assert [(one.line, one.reason) for one in wrong] == [(2, "a quote is opened and never closed")]


def test_two_open_quotes_do_not_swallow_the_rows_between() -> None:
    found = rows('id,title\n1,"open\n2,B\n3,"open again\n4,D\n')
    assert [row["id"] for row in data(found)] == ["2", "4"]


def test_a_quote_inside_an_unquoted_field_is_an_inch_sign() -> None:
    assert data(rows('id,title\n1,TV 55" wide\n2,B\n')) == [
        {"id": "1", "title": 'TV 55" wide'},
        {"id": "2", "title": "B"},
    ]


def test_wrong_bytes_cost_their_own_row_only() -> None:
    found = rows("id,title\n1,好\n".encode() + b"2,\xff\xfe\n" + "3,天\n".encode())
    assert [row["id"] for row in data(found)] == ["1", "3"]
    assert [(one.line, one.reason) for one in found if isinstance(one, Broken)] == [
        (3, "byte 3 of the line (ff fe) is not utf-8")
    ]


def test_a_line_over_the_limit_is_skipped_and_the_next_is_read() -> None:
    found = rows("id,title\n1," + "x" * 5000 + "\n2,B\n", limit=1000)
    assert [row["id"] for row in data(found)] == ["2"]
    wrong = next(one for one in found if isinstance(one, Broken))
    assert (wrong.line, wrong.reason) == (2, "the line is longer than 1000 bytes")
    assert len(wrong.raw) < 400


def test_a_quoted_field_over_the_limit_is_skipped() -> None:
    found = rows('id,title\n1,"' + "x\n" * 1000 + '"\n2,B\n', limit=1000)
    assert "2" in [row["id"] for row in data(found)]
    assert any(isinstance(one, Broken) and one.line == 2 for one in found)


def test_the_same_column_twice_keeps_both_values() -> None:
    assert data(rows("id,image,image\n1,a.jpg,b.jpg\n2,,c.jpg\n")) == [
        {"id": "1", "image": "a.jpg,b.jpg"},
        {"id": "2", "image": "c.jpg"},
    ]


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_broken_rows(junk: bytes) -> None:
    found = rows(b"id,title\n" + junk)
    assert [one.position for one in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_numbers_are_those_of_the_file(ending: str) -> None:
    found = rows(ending.join(["id,title", '1,"a', 'b"', "", "2,c"]))
    assert [one.line for one in found] == [2, 5]
