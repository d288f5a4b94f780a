from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from daogou.intake import Accepted, ImportOptions, Kind, Rejected, read, recognise
from daogou.stores import Database, open_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    yield opened
    opened.close()


class Read:
    """What a file was read as."""

    def __init__(self, path: Path, options: ImportOptions, kind: Kind | None) -> None:
        self.source = recognise(path, kind, options)
        outcomes = list(read(self.source, options))
        self.records: list[Any] = [one.record for one in outcomes if isinstance(one, Accepted)]
        self.accepted = [one for one in outcomes if isinstance(one, Accepted)]
        self.rejected = [one for one in outcomes if isinstance(one, Rejected)]

    @property
    def only(self) -> Any:
        assert not self.rejected, self.rejected
        assert len(self.records) == 1, self.records
        return self.records[0]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file: text or bytes as they are, a list as JSON lines, anything else as JSON; .gz names are packed."""

    def put(name: str, content: Any, written_in: str = "utf-8") -> Path:
        if isinstance(content, list):
            content = (
                "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in content)
                + "\n"
            )
        elif not isinstance(content, str | bytes):
            content = json.dumps(content, ensure_ascii=False)
        data = content.encode(written_in) if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return put


@pytest.fixture
def load(write: Callable[..., Path]) -> Callable[..., Read]:
    """Writes a file and reads it."""

    def go(name: str, content: Any, kind: Kind | None = None, written_in: str = "utf-8", **options: Any) -> Read:
        return Read(write(name, content, written_in), ImportOptions(**options), kind)

    return go
