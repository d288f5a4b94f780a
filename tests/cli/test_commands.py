"""The commands without a model: help, settings, import, doctor, errors."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from daogou.cli import app
from daogou.cli.common import settings_of, write_store_file
from daogou.cli.progress import progress
from daogou.errors import InputError, NotFound, SettingsError
from daogou.stores import open_database

ROOT = Path(__file__).parents[2]
CSV = "编号,品名,售价\nT1,绿茶,12.50\nT2,红茶,-3\n"
MAPS = ("--map", "编号=id", "--map", "品名=title", "--map", "售价=price")


def commands() -> Iterator[tuple[str, Any]]:
    """(words, command) of every command that does something."""

    def walk(command: Any, words: str) -> Iterator[tuple[str, Any]]:
        if not hasattr(command, "commands"):
            yield words, command
        for name, child in getattr(command, "commands", {}).items():
            yield from walk(child, f"{words} {name}")

    yield from walk(typer.main.get_command(app), "daogou")


def test_every_command_shows_examples() -> None:
    for words, command in commands():
        assert command.help, words
        assert "Example" in command.help, words
        assert re.search(rf"^ *(printf .*\| )?{words}( |$)", command.help, re.M), f"{words} shows no example of itself"


def test_the_page_of_documentation_lists_every_command() -> None:
    text = (ROOT / "docs/cli.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(daogou [a-z -]+)` \|", text, re.M)
    assert sorted(listed) == sorted(words for words, _ in commands())


def test_the_issue_of_commands_is_complete() -> None:
    top = {words.split()[1] for words, _ in commands()}
    assert sorted(top) == sorted(
        "demo import index train serve search recommend ask chat write models bench doctor".split()
    )


def test_help_loads_nothing_heavy(command: list[str]) -> None:
    code = (
        "import sys; sys.argv = ['daogou', '--help']\n"
        "from daogou.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'sqlalchemy', 'openvino', 'fastapi', 'pydantic', 'httpx', 'rjieba'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([command[0], "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["search", "tea", "--set", "currency=XXQ"], 2, "XXQ"),
        (["search", "tea", "--set", "colour=red"], 2, "names no setting"),
        (["import", "products", "nothing.csv"], 1, "nothing.csv"),
        (["bench", "no-such"], 2, "no-such"),
        (["models", "pull", "no-such"], 1, "e5-small"),
        (["nonsense"], 2, "nonsense"),
    ],
)
def test_an_error_is_a_message_and_a_status(
    command: list[str], tmp_path: Path, words: list[str], status: int, said: str
) -> None:
    environment = {**os.environ, "DAOGOU_HOME": str(tmp_path / "store")}
    done = subprocess.run(command + words, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert done.returncode == status, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_options_win_over_the_environment_and_both_over_the_stores_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_store_file(home, {"name": "File", "currency": "USD", "rates": {"CNY": 0.14}})
    assert settings_of(home).name == "File"
    assert settings_of(home).rates == {"CNY": 0.14}
    monkeypatch.setenv("DAOGOU_NAME", "Environment")
    assert settings_of(home).name == "Environment"
    assert settings_of(home, more=["name=Option"]).name == "Option"
    assert settings_of(home, more=["DAOGOU_PORT=9"]).port == 9
    assert settings_of(home, more=['rates={"USD": 7}']).rates == {"USD": 7.0}
    assert settings_of(home, "none").llm == "none"


@pytest.mark.parametrize("text", ["{", "[]", '{"token": "x"}'])
def test_a_wrong_file_of_the_store_is_refused(home: Path, text: str) -> None:
    home.mkdir()
    (home / "store.json").write_text(text)
    with pytest.raises(SettingsError, match=re.escape("store.json")):
        settings_of(home)


def test_a_catalogue_comes_in_and_every_row_is_accounted_for(run, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "茶.csv"
    file.write_text(CSV, encoding="utf-8")
    dry = run("import", "products", str(file), *MAPS, "--dry-run").output
    assert "would be" in dry
    said = run("import", "products", str(file), *MAPS, "--no-index").output
    assert "1 new" in said
    assert "1 rejected" in said
    assert "rejects.jsonl" in said
    database = open_database(f"sqlite:///{home / 'store.sqlite3'}")
    try:
        kept = database.get_product("T1")
    finally:
        database.close()
    assert kept is not None
    assert kept.price is not None
    assert (kept.title, kept.price.minor, kept.price.currency) == ("绿茶", 1250, "CNY")
    assert "1 unchanged" in run("import", "products", str(file), *MAPS, "--no-index").output


def test_a_map_that_is_none_is_refused(run, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="COLUMN=FIELD"):
        run("import", "products", str(tmp_path / "x.csv"), "--map", "nonsense")
    with pytest.raises(NotFound):
        run("import", "products", str(tmp_path / "x.csv"))


def test_models_list_names_size_and_licence(run, tmp_path: Path) -> None:
    said = run("models", "list", "--set", f"weights={tmp_path}").output
    assert re.search(r"^e5-small +missing +0 MB +default +MIT", said, re.M)
    empty = run("models", "verify", "--set", f"weights={tmp_path}", ok=False)
    assert empty.exit_code == 1


def test_doctor_says_what_is_missing_and_what_to_do(run, home: Path, tmp_path: Path) -> None:
    weights = f"weights={tmp_path / 'none'}"
    found = run("doctor", "--llm", "none", "--set", weights, "--set", "api_key=hush", ok=False)
    assert found.exit_code == 1
    assert "daogou models pull e5-small" in found.output
    assert "hush" not in found.output
    assert "(set)" in found.output
    assert not home.exists()
    report = json.loads(run("doctor", "--json", "--llm", "none", "--set", weights, ok=False).stdout)
    states = {one["what"]: one["state"] for one in report["findings"]}
    assert states["weights e5-small"] == "missing"
    assert states["language model"] == "ok"
    assert states["database"] == "note"
    assert report["settings"]["DAOGOU_HOME"] == str(home)


def test_doctor_hides_the_password_of_an_address(run) -> None:
    address = "database=postgresql+psycopg://shop:hush@127.0.0.1:1/none"
    found = run("doctor", "--llm", "none", "--set", address, ok=False)
    assert "hush" not in found.output
    assert "shop:***@127.0.0.1:1" in found.output


def test_doctor_names_an_endpoint_that_does_not_answer(run) -> None:
    found = run("doctor", "--llm", "http://127.0.0.1:1/v1#m", ok=False)
    assert re.search(r"note +language model +http://127.0.0.1:1/v1#m", found.output)


def test_progress_away_from_a_terminal_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("weights x", unit="bytes") as report:
        report(0, 2_000_000, "package-1")
        report(1_000, 2_000_000, "package-1")
        report(2_000_000, 2_000_000, "package-1")
    lines = capsys.readouterr().err.splitlines()
    assert lines[-1] == "weights x: package-1, 2.0 MB of 2.0 MB"
    assert len(lines) == 2
