"""docs/importing.md says what the code does."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daogou.intake import KINDS, known_fields
from daogou.intake.money import parse_price
from daogou.intake.recognise import _DIALECTS

PAGE = (Path(__file__).parents[2] / "docs/importing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_listed(kind: Any) -> None:
    line = re.search(rf"^\| {kind} \| (`.*`) \|$", PAGE, re.MULTILINE)
    assert line is not None
    assert tuple(re.findall(r"`([^`]+)`", line[1])) == known_fields(kind)


def test_every_dialect_is_named() -> None:
    for name in _DIALECTS:
        word = name.split("_")[0].replace("schema", "schema.org")
        assert re.search(rf"^\| {word}", PAGE, re.MULTILINE | re.IGNORECASE), name


def test_the_prices_of_the_page() -> None:
    table = PAGE[PAGE.index("| written | read |") : PAGE.index("`¥` is CNY and")]
    for line in table.splitlines()[2:5]:
        written, read = line.strip("| ").split(" | ")
        for one in re.findall(r"`([^`]+)`", written):
            price = parse_price(one, currency=None)
            assert price is not None
            assert price.decimal == read.split()[0], one


def test_the_messages_of_the_page(load: Callable[..., Any]) -> None:
    text = 'id,title,price,stock\n1,A,-5 USD,1\n2,B\n3,"C,,\n4,D,5,\n5,E,,x\n,F,,\n7,G,,\n7,H,,\n'
    reasons = " ".join(one.reason for one in load("t.csv", text).rejected)
    for said, limit in (
        ("price: is negative", ""),
        ("the row has", " 2 columns where the header has 4"),
        ("a quote is opened and never closed", ""),
        ("has no currency", ""),
        ("stock: is not a", " number"),
        ("id: is required", ""),
        ("id: stood on an earlier row of this file", ""),
    ):
        assert said + limit in reasons, said
        assert said in PAGE, said
