from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from daogou.cli import app

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test, but where the weights are."""
    for name in [name for name in os.environ if name.startswith("DAOGOU_") and name != "DAOGOU_WEIGHTS"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def run(home: Path) -> Run:
    """Runs `daogou …` in this process; an error of ours is raised, as `main` sees it."""

    def run(*words: str, ok: bool = True) -> Result:
        result = CliRunner().invoke(app, list(words), env={"DAOGOU_HOME": str(home)})
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        if ok:
            assert result.exit_code == 0, result.output
        return result

    return run


@pytest.fixture
def command() -> list[str]:
    """`daogou` as a process of its own."""
    return [sys.executable, "-m", "daogou.cli"]
