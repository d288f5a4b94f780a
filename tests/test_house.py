"""The house rules: who may import whom, which names are public, nothing that runs at import time."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "daogou"
SHARED = {"errors"}
SERVICE = {"records", "stores", "models"}

# The table of rooms in docs/decisions/0001-rooms.md: what each may import, besides itself and errors.
ROOMS: dict[str, set[str]] = {
    "records": set(),
    "stores": {"records"},
    "models": set(),
    "intake": {"records", "stores"},
    "prepare": {"records", "stores", "models"},
    "privacy": {"records", "stores"},
    "index": {"records", "stores", "models", "prepare"},
    "train": {"records", "stores", "models", "prepare"},
    "search": SERVICE,
    "recommend": SERVICE,
    "answer": SERVICE | {"search"},
    "write": SERVICE | {"search"},
    "chat": SERVICE | {"search", "recommend", "answer", "write"},
    "feedback": {"records", "stores"},
    "evaluate": {"records", "stores", "prepare"},
    "serve": {"guide", "records", "settings"},
    "demo": {"records"},
    "guide": SERVICE | {"search", "recommend", "answer", "write", "chat", "feedback", "privacy", "settings"},
    "settings": {"records"},
}
FREE = {"cli", "__init__", "__main__", "errors"}


def room_of(path: Path) -> str:
    first = path.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imports_of(path: Path) -> list[str]:
    """Every `daogou.…` module a file imports, also inside functions."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.split(".")[0] == "daogou"]
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "daogou":
            inner = [f"daogou.{alias.name}" for alias in node.names] if node.module == "daogou" else [node.module]
            found += [name for name in inner if name != "daogou.__version__"]
    return found


FILES = sorted(path for path in ROOT.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_imports_only_what_the_table_allows(path: Path) -> None:
    room = room_of(path)
    if room in FREE:
        return
    allowed = ROOMS[room] | SHARED | {room}
    for name in imports_of(path):
        parts = name.split(".")
        other = parts[1] if len(parts) > 1 else "__init__"
        assert other in allowed, f"{room} may not import {other} (in {path.name})"
        if other != room and other not in SHARED:
            assert len(parts) == 2, f"{path.name} imports {name}; other rooms are entered by their door, daogou.{other}"


def test_every_room_is_in_the_table() -> None:
    rooms = {room_of(path) for path in FILES} - FREE
    assert rooms == set(ROOMS)


@pytest.mark.parametrize("room", sorted(set(ROOMS) - {"guide", "settings", "demo"}))
def test_a_room_has_one_door_and_it_opens(room: str) -> None:
    door = importlib.import_module(f"daogou.{room}")
    assert door.__doc__, f"daogou.{room} does not say what it is for"
    for name in getattr(door, "__all__", []):
        assert getattr(door, name) is not None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_idea(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 700, f"{path.name} has {lines} lines"
