"""The commands on a real store: index, search, talk, serve."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from small_shop import POLICIES, PRODUCTS, REVIEWS
from typer.testing import CliRunner, Result

from daogou.cli import app
from daogou.cli.running import server_of
from daogou.errors import SettingsError, StoreUnavailable
from daogou.models import list_weights
from daogou.settings import read_settings
from daogou.stores import open_database

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("cli-store")


def run(store: Path, *words: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(app, [*words, "--home", str(store)], input=stdin)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


class SharedEncoder:
    """The real encoder, opened once for all tests of this file (that takes seconds); closing it waits for the end."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module", autouse=True)
def shared_encoder(weights: Path) -> Iterator[None]:
    import daogou.guide
    import daogou.models

    encoder = daogou.models.open_encoder("embedded", weights)
    with pytest.MonkeyPatch.context() as patch:
        for module in (daogou.models, daogou.guide):
            patch.setattr(module, "open_encoder", lambda *_, **__: SharedEncoder(encoder))
        yield
    encoder.close()


@pytest.fixture(scope="module")
def weights() -> Path:
    weights = read_settings().weights
    if next(one for one in list_weights(weights) if one.name == "e5-small").state != "ready":
        if os.environ.get("CI"):
            pytest.fail("the encoder's weights are not here")
        pytest.skip("the encoder's weights are not here: daogou models pull")
    return weights


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a small store with an index."""
    home = tmp_path_factory.mktemp("cli-store")
    database = open_database(f"sqlite:///{home / 'store.sqlite3'}")
    database.put_products(PRODUCTS)
    database.put_reviews(REVIEWS)
    database.put_policies(POLICIES)
    database.close()
    assert "8 products" in run(home, "index").output
    return home


def test_search_says_what_it_understood(store: Path) -> None:
    said = run(store, "search", "running shoes under $60, not black", "--set", 'rates={"USD": 7}').output
    assert "understood:" in said
    assert "$60" in said
    assert re.search(r"^ +1 +shoe-4", said, re.M)


def test_search_as_json_is_what_the_api_answers(store: Path) -> None:
    found = json.loads(run(store, "search", "保湿面霜", "--json", "--filter", "price=..300").stdout)
    assert found["hits"][0]["product"]["id"] == "cream-1"
    assert found["hits"][0]["product"]["price"]["amount"] == "268.00"


def test_recommend_says_why(store: Path) -> None:
    said = run(store, "recommend", "--surface", "similar", "--product", "shoe-1", "--why").output
    assert "shoe-" in said
    assert len(said.splitlines()) >= 2


def test_ask_shows_its_evidence(store: Path) -> None:
    said = run(store, "ask", "Is it waterproof?", "--product", "shoe-2", "--llm", "none").output
    assert "IPX4" in said
    assert "[attr:shoe-2:" in said


def test_chat_keeps_the_thread(store: Path) -> None:
    said = run(store, "chat", "--llm", "none", stdin="保湿面霜\n把第一个加入购物车\n\n").output
    assert "玉兰保湿面霜" in said
    assert "1 × 玉兰保湿面霜" in said


def test_write_claims_only_what_is_known(store: Path) -> None:
    said = run(store, "write", "kettle-1", "--llm", "none", "--language", "zh").stdout
    assert "云水电热水壶" in said


def test_a_catalogue_that_changes_is_followed(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps({"id": "lamp-9", "title": "Zebra desk lamp", "price": "55", "currency": "CNY"}))
    run(store, "import", "products", str(file))
    try:
        assert "lamp-9" in run(store, "search", "zebra lamp").output
    finally:
        database = open_database(f"sqlite:///{store / 'store.sqlite3'}")
        database.delete_products(["lamp-9"])
        database.close()
        run(store, "index")


def test_doctor_is_content(store: Path) -> None:
    said = run(store, "doctor", "--llm", "none").output
    assert "8 products" in said
    assert "0 changes behind" in said
    assert "missing  " not in said.replace("missing, ", "")


# A server of its own


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:

    process = subprocess.Popen(
        [sys.executable, "-m", "daogou.cli", "serve", "--home", str(store), "--llm", "none", "--port", "0"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
    )
    assert process.stderr is not None
    seen = []
    for line in process.stderr:
        seen.append(line)
        found = re.search(r"is open at (http://\S+)", line)
        if found:
            break
    else:
        pytest.fail("the server did not start: " + "".join(seen))
    yield found.group(1), process
    if process.poll() is None:
        process.kill()
    process.stderr.close()
    process.wait(20)


def test_serve_answers_and_is_known_to_other_commands(
    store: Path, server: tuple[str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    url, _ = server
    assert httpx.get(f"{url}/readyz").json()["ready"] is True
    assert "<main" in httpx.get(url).text
    assert server_of(store) == url
    with pytest.raises(StoreUnavailable, match=re.escape(url)):
        run(store, "index")
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps({"id": "lamp-8", "title": "Giraffe lamp", "price": "55", "currency": "CNY"}))
    assert "follows by itself" in run(store, "import", "products", str(file)).output
    assert url in run(store, "doctor", "--llm", "none").output


def test_a_busy_port_is_refused_by_name(store: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(SettingsError, match=f"{port}.*--port"):
            run(tmp_path, "serve", "--port", str(port), "--llm", "none")


def test_a_signal_closes_everything(store: Path, server: tuple[str, subprocess.Popen[str]]) -> None:
    _, process = server
    assert (store / "server.json").exists()
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert not (store / "server.json").exists()
    assert server_of(store) is None
