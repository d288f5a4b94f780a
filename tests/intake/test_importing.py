"""Into a real database: every row accounted for, idempotent, and nothing lost or doubled by an interruption."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daogou.errors import AmbiguousColumns, FormatError, InputError, StoreError, StoreFull
from daogou.intake import ImportOptions, ImportProgress, ImportReport, import_files, read, recognise
from daogou.intake.seen import SeenIds
from daogou.stores import Database, open_database

Write = Callable[..., Path]


class Killed(Exception):
    """Stands for a kill between two batches."""


def rows(count: int, *, wrong_every: int = 7) -> list[str]:
    return [
        json.dumps(
            {
                "id": f"P{number:05}",
                "title": f"Cup {number}",
                "price": "-1 USD" if number % wrong_every == 3 else "5 USD",
            }
        )
        for number in range(count)
    ]


def accounted(report: ImportReport) -> bool:
    return report.rows == report.new + report.changed + report.unchanged + report.grouped + report.rejected


def rejects(report: ImportReport) -> list[int]:
    return [json.loads(line)["line"] for path in report.rejects_files for line in path.read_text().splitlines()]


def test_rows_are_accounted_for_and_a_second_import_changes_nothing(database: Database, write: Write) -> None:
    path = write("shop.jsonl", rows(100))
    first = import_files([path], "products", database)
    assert (first.rows, first.new, first.rejected, accounted(first)) == (100, 86, 14, True)
    assert database.count_products() == 86
    assert rejects(first) == [number + 1 for number in range(100) if number % 7 == 3]
    again = import_files([path], "products", database)
    assert (again.new, again.changed, again.unchanged, again.rejected) == (0, 0, 86, 14)
    assert rejects(again) == rejects(first)
    assert "14 rejected" in again.describe()


def test_a_changed_file_changes_what_changed(database: Database, write: Write) -> None:
    import_files([write("shop.csv", "id,title\n1,A\n2,B\n")], "products", database)
    report = import_files([write("shop.csv", "id,title\n1,A\n2,BB\n3,C\n")], None, database)
    assert (report.new, report.changed, report.unchanged) == (1, 1, 1)
    product = database.get_product("2")
    assert product is not None
    assert product.title == "BB"


def test_a_dry_run_tells_and_keeps_nothing(database: Database, write: Write, tmp_path: Path) -> None:
    import_files([write("shop.csv", "id,title\n1,A\n2,B\n")], "products", database)
    before = database.last_change()
    path = write("shop.csv", "id,title\n1,A\n2,BB\n3,C\n4,\n")
    report = import_files([path], "products", database, ImportOptions(dry_run=True))
    assert (report.new, report.changed, report.unchanged, report.rejected) == (1, 1, 1, 1)
    assert "would be kept" in report.describe()
    assert (database.count_products(), database.last_change()) == (2, before)
    assert not list(tmp_path.glob("*.rejects.jsonl"))
    assert [one.line for one in report.examples] == [5]
    assert import_files([path], "products", database).new == 1


def test_nothing_is_written_before_every_file_is_understood(database: Database, write: Write) -> None:
    good, asks = write("a.csv", "id,title\n1,A\n"), write("b.csv", "id,title,name\n1,A,B\n")
    with pytest.raises(AmbiguousColumns):
        import_files([good, asks], "products", database)
    with pytest.raises(FormatError):
        import_files([good, write("c.csv", "foo,bar\n1,A\n")], "products", database)
    with pytest.raises(InputError, match="each kind by itself"):
        import_files([good, write("faq.csv", "question,answer\nWhy,So\n")], None, database)
    with pytest.raises(InputError, match="No file"):
        import_files([], "products", database)
    assert database.count_products() == 0


def interrupted(paths: list[Path], database: Database, options: ImportOptions, after: int) -> bool:
    """Imports and stops after so many batches; whether it was stopped."""
    left = after

    def stop(_: ImportProgress) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed

    try:
        import_files(paths, "products", database, options, stop)
    except Killed:
        return True
    return False


@pytest.mark.parametrize("name", ["shop.jsonl", "shop.jsonl.gz"])
def test_an_interrupted_import_goes_on_where_it_stopped(
    database: Database, write: Write, name: str, tmp_path: Path
) -> None:
    path = write(name, rows(200))
    options = ImportOptions(batch_size=16)
    random_batches = random.Random(5)
    while interrupted([path], database, options, random_batches.randrange(4)):
        # What a kill in the middle of a write leaves behind: rejects whose batch was never committed.
        with (tmp_path / f"{name}.rejects.jsonl").open("ab") as file:
            file.write(b'{"line": 9999, "rea')
    report = import_files([path], "products", database, options)
    assert (report.rows, report.kept, report.rejected) == (200, 171, 29)
    assert database.count_products() == 171
    assert rejects(report) == [number + 1 for number in range(200) if number % 7 == 3]


def test_a_resumed_import_reports_the_whole_file(database: Database, write: Write) -> None:
    path = write("shop.jsonl", rows(100))
    options = ImportOptions(batch_size=10)
    assert interrupted([path], database, options, 4)
    report = import_files([path], "products", database, options)
    assert report.resumed_at == 50
    assert (report.rows, report.new, report.unchanged, report.rejected) == (100, 86, 0, 14)
    assert rejects(report) == [number + 1 for number in range(100) if number % 7 == 3]


def test_duplicates_are_found_across_a_resume(database: Database, write: Write) -> None:
    # P3 is rejected, so its second row is the first valid one; P0 is kept, so its second row is a duplicate.
    tail = [json.dumps({"id": "P00003", "title": "Late"}), json.dumps({"id": "P00000", "title": "Twice"})]
    path = write("shop.jsonl", rows(40) + tail)
    options = ImportOptions(batch_size=10)
    assert interrupted([path], database, options, 2)
    report = import_files([path], "products", database, options)
    late, first = database.get_product("P00003"), database.get_product("P00000")
    assert late is not None
    assert first is not None
    assert (late.title, first.title) == ("Late", "Cup 0")
    assert rejects(report)[-1] == 42


def test_groups_are_never_cut_by_an_interruption(database: Database, write: Write) -> None:
    lines = [f"V{number},T{number // 5},1 USD,G{number // 5}" for number in range(60)]
    path = write("groups.csv", "id,title,price,item_group_id\n" + "\n".join(lines) + "\n")
    options = ImportOptions(batch_size=2)
    while interrupted([path], database, options, 1):
        pass
    report = import_files([path], "products", database, options)
    assert (report.rows, report.grouped, report.rejected) == (60, 48, 0)
    assert [len(product.variants) for product in database.products()] == [5] * 12


def test_other_options_start_anew(database: Database, write: Write) -> None:
    path = write("shop.jsonl", rows(40))
    assert interrupted([path], database, ImportOptions(batch_size=10), 1)
    report = import_files([path], "products", database, ImportOptions(batch_size=10, language="zh"))
    assert (report.resumed_at, report.rows) == (0, 40)


def test_lost_rejects_are_written_again(database: Database, write: Write, tmp_path: Path) -> None:
    path = write("shop.jsonl", rows(40))
    options = ImportOptions(batch_size=10, rejects_dir=tmp_path / "wrong")
    assert interrupted([path], database, options, 1)
    (tmp_path / "wrong" / "shop.jsonl.rejects.jsonl").unlink()
    report = import_files([path], "products", database, options)
    assert rejects(report) == [number + 1 for number in range(40) if number % 7 == 3]


CHILD = """
import os, sys
from daogou.intake import ImportOptions, import_files
from daogou.stores import open_database
database = open_database(sys.argv[1])
put, left = database.put_products, int(sys.argv[3])
def counted(products):
    global left
    left -= 1
    done = put(products)
    if left < 0:
        os.kill(os.getpid(), 9)  # inside the transaction: the rejects are on disk, the batch is not
    return done
database.put_products = counted
import_files([sys.argv[2]], "products", database, ImportOptions(batch_size=20))
"""


def test_kill_9_in_the_middle_of_a_batch_loses_and_doubles_nothing(write: Write, tmp_path: Path) -> None:
    path = write("shop.jsonl", rows(100))
    address = f"sqlite:///{tmp_path / 'killed.sqlite3'}"
    for left in (0, 2):
        done = subprocess.run(
            [sys.executable, "-c", CHILD, address, str(path), str(left)], check=False, capture_output=True
        )
        assert done.returncode == -9, done.stderr.decode()
    database = open_database(address)
    try:
        report = import_files([path], "products", database, ImportOptions(batch_size=20))
        assert report.resumed_at == 40
        assert (report.rows, report.new, report.rejected, database.count_products()) == (100, 86, 14, 86)
        assert rejects(report) == [number + 1 for number in range(100) if number % 7 == 3]
    finally:
        database.close()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    ids=st.lists(st.sampled_from([f"I{number}" for number in range(12)] + [""]), min_size=1, max_size=40),
    size=st.integers(min_value=1, max_value=7),
    stops=st.lists(st.integers(min_value=0, max_value=3), max_size=3),
)
def test_any_interruptions_give_what_none_gives(tmp_path: Path, ids: list[str], size: int, stops: list[int]) -> None:
    path = tmp_path / "any.csv"
    path.write_text("id,title\n" + "".join(f"{one},T{number}\n" for number, one in enumerate(ids)))
    (tmp_path / "any.csv.rejects.jsonl").unlink(missing_ok=True)
    results = []
    for stopping in ([], stops):
        database = open_database(f"sqlite:///{tmp_path / f'{random.random()}.sqlite3'}")
        try:
            for after in stopping:
                interrupted([path], database, ImportOptions(batch_size=size), after)
            report = import_files([path], "products", database, ImportOptions(batch_size=size))
            assert accounted(report)
            results.append((report.rows, report.kept, [one.title for one in database.products()], rejects(report)))
        finally:
            database.close()
    assert results[0] == results[1]


def test_events_reviews_and_policies(database: Database, write: Write) -> None:
    events = write("events.csv", "user,item,time\nu,P,2026-01-01\nu,P,2026-01-01\nu,Q,2026-01-01\nu,Q,never\n")
    report = import_files([events], "events", database)
    assert (report.rows, report.new, report.unchanged, report.rejected) == (4, 2, 1, 1)
    assert (import_files([events], "events", database).unchanged, database.count_events()) == (3, 2)
    reviews = write("reviews.csv", "product_id,text\nP,Good\nP,Bad\n")
    assert import_files([reviews], "reviews", database).new == 2
    assert import_files([reviews], "reviews", database).unchanged == 2
    faq = write("faq.csv", "question,answer\nWhen?,Now\n")
    assert import_files([faq], "policies", database, ImportOptions(dry_run=True)).new == 1
    assert import_files([faq], None, database).new == 1
    assert [one.text for one in database.policies()] == ["Now"]


def test_progress_and_several_files(database: Database, write: Write, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    first, second = write("a.csv", "id,title\n1,A\n2,\n"), write("sub/a.csv", "id,title\n3,C\n4,\n")
    seen: list[ImportProgress] = []
    options = ImportOptions(batch_size=1, rejects_dir=tmp_path / "out")
    report = import_files([first, second], "products", database, options, seen.append)
    assert [one.rows for one in seen] == [1, 2, 1, 2]
    assert seen[-1].bytes_read == seen[-1].bytes_total == second.stat().st_size
    assert sorted(path.name for path in report.rejects_files) == ["a.csv.2.rejects.jsonl", "a.csv.rejects.jsonl"]
    assert (report.rows, report.new, report.rejected) == (4, 2, 2)


def test_a_full_disk_is_said_and_nothing_is_half_kept(
    database: Database, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("shop.jsonl", rows(40))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(StoreFull, match="No space left to write"):
            import_files([path], "products", database, ImportOptions(batch_size=10))
    assert database.count_products() == 0
    report = import_files([path], "products", database, ImportOptions(batch_size=10))
    assert (report.rows, report.rejected, rejects(report)) == (40, 6, [4, 11, 18, 25, 32, 39])


def test_a_folder_that_can_not_be_written_says_so(database: Database, write: Write, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(StoreError, match="rejects_dir"):
        import_files([write("shop.jsonl", rows(20))], "products", database, ImportOptions(rejects_dir=blocked / "x"))


def test_seen_ids_keep_what_they_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("daogou.intake.seen._RECENT", 10)
    seen = SeenIds()
    for number in range(35):
        assert str(number) not in seen
        seen.add(str(number))
        assert all(str(earlier) in seen for earlier in range(number + 1))


def test_memory_does_not_grow_with_the_file(write: Write) -> None:
    peaks: dict[int, int] = {}
    for count in (500, 2500):  # 1.2 MB and 6 MB of text; the sample looked at first is 1 MB
        rows = ({"id": str(number), "title": "T", "description": f"{number} words " * 200} for number in range(count))
        source = recognise(write(f"{count}.jsonl", "".join(json.dumps(row) + "\n" for row in rows)), "products")
        tracemalloc.start()
        assert sum(1 for _ in read(source, ImportOptions())) == count
        peaks[count] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peaks[2500] < peaks[500] + 1_000_000
