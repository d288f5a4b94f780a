from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from daogou.errors import WeightsMissing
from daogou.models import LanguageModel, TextEncoder, open_encoder, open_language_model, weights_path


@pytest.fixture(scope="session")
def home() -> Path:
    """Where the real weights are: DAOGOU_WEIGHTS, or the product's default."""
    return Path(os.environ.get("DAOGOU_WEIGHTS") or os.environ.get("DAOGOU_HOME") or "~/.cache/daogou").expanduser()


def _need(name: str, home: Path) -> None:
    try:
        weights_path(name, home)
    except WeightsMissing as missing:
        if os.environ.get("CI") or os.environ.get("DAOGOU_REQUIRE_WEIGHTS") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def encoder(home: Path) -> Iterator[TextEncoder]:
    _need("e5-small", home)
    opened = open_encoder("embedded", home)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def embedded(home: Path) -> Iterator[LanguageModel]:
    _need("qwen2.5-coder-0.5b", home)
    opened = open_language_model("embedded", home)
    assert opened is not None
    yield opened
    opened.close()
