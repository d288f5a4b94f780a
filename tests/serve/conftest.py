from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from serve.stub_guide import StubGuide

from daogou.serve import create_app


@pytest.fixture
def guide(tmp_path: Path) -> StubGuide:
    return StubGuide(tmp_path)


@pytest.fixture
def client(guide: StubGuide) -> Iterator[httpx.Client]:
    with TestClient(create_app(guide)) as client:  # type: ignore[arg-type]
        yield client  # type: ignore[misc]
