"""Every documented bad input gives its clear error, or a reject with its line, and the rest goes on."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daogou.errors import AmbiguousColumns, DaogouError, FormatError, InputError, NotFound
from daogou.intake import Accepted, ImportOptions, Kind, Rejected, read, recognise
from daogou.intake.options import MAX_FIELD

Load = Callable[..., Any]
Write = Callable[..., Path]


@pytest.mark.parametrize(
    "content", [b"", b"  \n\r\n ", "\ufeff".encode(), gzip.compress(b"", mtime=0), gzip.compress(b" \n", mtime=0)]
)
def test_an_empty_file(write: Write, content: bytes) -> None:
    path = write("empty", content)
    with pytest.raises(FormatError, match=r"is empty|nothing but blanks"):
        recognise(path)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"missing\.csv"):
        recognise(tmp_path / "missing.csv")
    with pytest.raises(FormatError, match="is a folder"):
        recognise(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,title\n", "without a single row"),
        ("[]", "without a single row"),
        ('{"products": []}', "FormatError|No column"),
        ("just some words\nand more\n", "is no format known here"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel file"),
        ("<rss><channel></channel></rss>", "without a single row"),
    ],
)
def test_what_holds_no_products(load: Load, content: Any, said: str) -> None:
    with pytest.raises(FormatError) as failure:
        load("file", content, kind="products")
    assert any(part in str(failure.value) for part in said.split("|"))


def test_an_excel_file_says_how_to_save_it(write: Write) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(FormatError, match="Save it as CSV"):
        recognise(write("t.xlsx", out.getvalue()))


def test_a_missing_mandatory_column_names_what_to_type(load: Load) -> None:
    with pytest.raises(FormatError, match=r"the file has 'foo', 'title'.*--map COLUMN=id"):
        load("t.csv", "foo,title\n1,A\n")
    assert load("t.csv", "foo,title\n1,A\n", mapping={"foo": "id"}).only.id == "1"


@pytest.mark.parametrize(
    ("header", "field", "first"),
    [
        ("id,name,title", "title", "name"),
        ("id,title,desc,description", "description", "desc"),
        ("id,sku,title", "id", "id"),
        ("id,title,价格,售价", "price", "价格"),
    ],
)
def test_ambiguous_columns_name_what_to_type(load: Load, header: str, field: str, first: str) -> None:
    row = ",".join(str(number) for number in range(header.count(",") + 1))
    with pytest.raises(AmbiguousColumns) as failure:
        load("t.csv", f"{header}\n{row}\n", currency="CNY")
    assert f"--map {first}={field}" in str(failure.value)
    assert load("t.csv", f"{header}\n{row}\n", currency="CNY", mapping={first: field}).only
    assert load("t.csv", f"{header}\n{row}\n", currency="CNY", mapping={first: ""}).only


def test_a_mapping_that_can_not_be(load: Load) -> None:
    with pytest.raises(FormatError, match="there is no column 'nme'"):
        load("t.csv", "id,name\n1,A\n", mapping={"nme": "title"})
    with pytest.raises(FormatError, match="no field 'headline'"):
        load("t.csv", "id,name\n1,A\n", mapping={"name": "headline"})
    assert load("t.csv", "id,name,x\n1,A,7\n", mapping={"x": "attr:weight"}).only.attributes == {"weight": ("7",)}


@pytest.mark.parametrize(
    ("given_options", "said"),
    [
        ({"currency": "XYZ"}, "not an ISO 4217"),
        ({"kind": "cars"}, "can not be imported"),
        ({"price_unit": "pennies"}, "price_unit"),
        ({"batch_size": 0}, "batch_size"),
        ({"encoding": "klingon"}, "no encoding 'klingon'"),
        ({"timezone": "Mars/Base"}, "no time zone"),
    ],
)
def test_options_that_can_not_be(load: Load, given_options: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        load("t.csv", "id,title\n1,A\n", **given_options)


ROWS = {
    "missing id": ({"id": "", "title": "A"}, "id"),
    "null id": ({"id": None, "title": "A"}, "id"),
    "missing title": ({"id": "1", "title": ""}, "title"),
    "title of tags only": ({"id": "1", "title": "<p></p>"}, "title"),
    "negative price": ({"id": "1", "title": "A", "price": "-5 USD"}, "price"),
    "unknown currency": ({"id": "1", "title": "A", "price": "5 XYZ"}, "price"),
    "no currency": ({"id": "1", "title": "A", "price": "5"}, "price"),
    "currencies differ": ({"id": "1", "title": "A", "price": "5 USD", "list_price": "9 EUR"}, "record"),
    "long id": ({"id": "x" * 129, "title": "A"}, "id"),
    "long title": ({"id": "1", "title": "x" * 1001}, "title"),
    "long description": ({"id": "1", "title": "A", "description": "x" * 100_001}, "description"),
    "10 MB field": ({"id": "1", "title": "A", "description": "x" * (MAX_FIELD + 1)}, "row"),
    "long value": ({"id": "1", "title": "A", "attributes": {"a": "x" * 2001}}, "attributes.a.0"),
    "odd stock": ({"id": "1", "title": "A", "stock": "many"}, "stock"),
    "odd availability": ({"id": "1", "title": "A", "availability": "perhaps"}, "availability"),
    "odd date": ({"id": "1", "title": "A", "created": "soon"}, "created"),
    "id is a list": ({"id": ["1"], "title": "A"}, "id"),
    "odd variant": ({"id": "1", "title": "A", "skus": ["x"]}, "variants.0"),
    "variant twice": (
        {"id": "1", "title": "A", "skus": [{"id": "v", "spec": "a"}, {"id": "v", "spec": "b"}]},
        "record",
    ),
}


@pytest.mark.parametrize("name", ROWS)
def test_a_bad_row_is_rejected_and_the_rest_goes_on(load: Load, name: str) -> None:
    bad, field = ROWS[name]
    found = load("t.jsonl", [{"id": "ok1", "title": "A"}, bad, {"id": "ok2", "title": "B"}])
    assert [one.id for one in found.records] == ["ok1", "ok2"]
    (rejected,) = found.rejected
    assert (rejected.line, rejected.field) == (2, field)
    assert rejected.reason
    assert len(json.dumps(rejected.as_json())) < 2_000


@pytest.mark.parametrize(
    "line",
    ['{"id": "2", "title": ', '{"id": "2", "title": NaN}', '["2", "B"]', "null", "2", '{"id": "2" "title": "B"}', "}{"],
)
def test_a_broken_json_line_is_rejected(load: Load, line: str) -> None:
    found = load("t.jsonl", ['{"id": "1", "title": "A"}', line, '{"id": "3", "title": "C"}'])
    assert [one.id for one in found.records] == ["1", "3"]
    assert [one.line for one in found.rejected] == [2]


def test_the_first_line_may_be_the_broken_one(load: Load) -> None:
    found = load("t.jsonl", ['{"id": "0", "title', '{"id": "1", "title": "A"}', '{"id": "3", "title": "C"}'])
    assert [one.id for one in found.records] == ["1", "3"]
    assert [one.line for one in found.rejected] == [1]


def test_wrong_bytes_reject_their_row(load: Load) -> None:
    good = '{"id": "1", "title": "面霜"}\n'.encode()
    found = load("t.jsonl", good + b'{"id": "2", "title": "\xff\xfe\xfa"}\n' + good.replace(b'"1"', b'"3"'))
    assert [one.id for one in found.records] == ["1", "3"]
    assert "not utf-8" in found.rejected[0].reason
    text = "商品编号,标题\n" + "".join(f"{number},保湿面霜清爽型\n" for number in range(50))
    found = load("t.csv", text.encode("gb18030") + b"x,\x81\x20\xff\n" + "y,好\n".encode("gb18030"))
    assert found.source.encoding == "gb18030"
    assert len(found.records) == 51
    assert [one.line for one in found.rejected] == [52]


def test_wrong_bytes_in_a_json_document_reject_their_row(load: Load) -> None:
    found = load("t.json", b'[{"id":"1","title":"A"},{"id":"2","title":"\xff"},{"id":"3","title":"C"}]')
    assert [one.id for one in found.records] == ["1", "3"]
    assert "can not be decoded" in found.rejected[0].reason


def test_a_character_lost_before_the_export_is_no_reason_to_reject(load: Load) -> None:
    assert load("t.jsonl", [{"id": "1", "title": "Cup \ufffd"}]).only.title == "Cup \ufffd"


def test_neither_utf8_nor_gb18030(write: Write) -> None:
    with pytest.raises(FormatError, match="--encoding"):
        recognise(write("t.csv", b"id,title\n" + b"1,\xff\xff\xff\n" * 50))
    with pytest.raises(FormatError, match="zero bytes"):
        recognise(write("t.csv", "id,title\n1,A\n".encode("utf-16-le")))


def test_a_named_encoding_is_obeyed(load: Load) -> None:
    text = "id,title\n1,護手霜\n"
    assert load("t.csv", text, written_in="big5", encoding="big5").only.title == "護手霜"


def test_json_that_breaks_off_keeps_what_came_before(load: Load) -> None:
    found = load("t.json", '[{"id":"1","title":"A"},{"id":"2","title":"B"},{"id":')
    assert [one.id for one in found.records] == ["1", "2"]
    assert "nothing after it was read" in found.rejected[0].reason


def test_xml_that_breaks_off_keeps_what_came_before(load: Load) -> None:
    found = load(
        "t.xml", "<rss><channel><item><id>1</id><title>A</title></item>\n<item><id>2</wrong></item></channel></rss>"
    )
    assert [one.id for one in found.records] == ["1"]
    assert found.rejected[0].line == 2


@pytest.mark.parametrize("name", ["t.csv.gz", "t.jsonl.gz"])
def test_a_cut_gzip_keeps_what_came_before(write: Write, name: str) -> None:
    head = "id,title\n" if "csv" in name else ""
    one = (
        "{number},Title {number} {noise}\n"
        if "csv" in name
        else '{{"id":"{number}","title":"Title {number} {noise}"}}\n'
    )
    text = head + "".join(one.format(number=number, noise=hash((number, "x"))) for number in range(6_000))
    whole = gzip.compress(text.encode())
    path = write("cut.bin", whole[: len(whole) * 2 // 3])
    outcomes = list(read(recognise(path), ImportOptions()))
    kept = [one for one in outcomes if isinstance(one, Accepted)]
    lost = [one for one in outcomes if isinstance(one, Rejected)]
    assert len(kept) > 1_000
    assert any("damaged" in one.reason for one in lost)


def test_a_row_over_the_limit_in_json_is_not_built(monkeypatch: pytest.MonkeyPatch) -> None:
    from daogou.intake.jsonrows import json_items

    document = json.dumps(
        [{"id": "1"}, {"id": "2", "title": "x" * 5000, "more": [{"a": "y" * 9}]}, {"id": "3"}]
    ).encode()
    found = list(json_items(io.BufferedReader(io.BytesIO(document)), encoding="utf-8", prefix="item", limit=1000))
    assert [type(one).__name__ for one in found] == ["Row", "Broken", "Row"]


def test_a_row_over_the_limit_in_xml_stops_the_reading() -> None:
    from daogou.intake.xmlrows import xml_rows

    text = "<rss><item><id>1</id></item><item><id>" + "x" * 1_000_000 + "</id></item></rss>"
    found = list(xml_rows(io.BufferedReader(io.BytesIO(text.encode())), limit=100_000))
    assert [type(one).__name__ for one in found] == ["Row", "Broken"]


def test_duplicate_ids_are_rejected_not_overwritten(load: Load) -> None:
    found = load("t.csv", "id,title\n1,A\n2,B\n1,C\n")
    assert [one.title for one in found.records] == ["A", "B"]
    assert [(one.line, one.field, one.value) for one in found.rejected] == [(4, "id", "1")]


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False)
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = re.findall(
    r"\S+",
    """
id title description brand category price list_price sale_price currency availability stock image images link gtin
item_group_id attributes specifications skus language created user time event variants handle @type offers name
hasVariant event_name event_timestamp items event_params client_id events FeedbackType UserId ItemId Value
Timestamp product_id text rating question answer reviews
""",
)


@settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(
    rows=st.lists(st.dictionaries(st.sampled_from(FIELDS), anything, max_size=6), min_size=1, max_size=3),
    kind=st.sampled_from(["products", "events", "reviews", "policies", None]),
)
def test_any_json_gives_records_rejects_or_a_clear_error(
    tmp_path: Path, rows: list[dict[str, Any]], kind: Kind | None
) -> None:
    path = tmp_path / "any.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    options = ImportOptions(currency="CNY")
    try:
        source = recognise(path, kind, options)
        outcomes = list(read(source, options))
    except DaogouError:
        return
    assert source.describe()
    assert sum(one.rows if isinstance(one, Accepted) else 1 for one in outcomes) >= (0 if source.nested else 1)
