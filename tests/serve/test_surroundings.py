"""Limits, headers, request ids, static files, the keeper."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from serve.stub_guide import StubGuide

from daogou.serve import create_app


def test_a_body_over_the_limit_is_refused_by_its_declared_size(client: httpx.Client) -> None:
    reply = client.post("/v1/chat", json={"text": "x" * (1 << 20)})
    assert reply.status_code == 413
    assert reply.json()["error"]["type"] == "TooLarge"


def test_a_body_that_declares_no_size_is_counted(client: httpx.Client) -> None:
    def endless() -> Iterator[bytes]:
        yield b'{"text": "'
        for _ in range(20):
            yield b"x" * 100_000

    reply = client.post("/v1/chat", content=endless(), headers={"content-type": "application/json"})
    assert reply.status_code == 413


def test_a_catalogue_may_be_larger(client: httpx.Client) -> None:
    product = {"id": "big", "title": "Big", "description": "x" * 90_000}
    many = {"products": [product | {"id": f"big-{i}"} for i in range(20)]}
    assert client.put("/v1/products", json=many).json() == {"new": 20, "changed": 0, "unchanged": 0}


def test_headers_keep_foreign_code_out(client: httpx.Client) -> None:
    for path in ("/", "/v1/store", "/static/app.js", "/v1/nowhere"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert len(headers["x-request-id"]) >= 8
    assert client.get("/v1/store").headers["cache-control"] == "no-store"


def test_a_wild_request_id_is_not_repeated(client: httpx.Client) -> None:
    assert client.get("/healthz", headers={"x-request-id": "mine-12345"}).headers["x-request-id"] == "mine-12345"
    assert client.get("/healthz", headers={"x-request-id": "a b<script>"}).headers["x-request-id"] != "a b<script>"


def test_the_log_has_the_route_and_not_the_words(client: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="daogou.serve"):
        client.get("/v1/search", params={"q": "embarrassing cream"})
        client.get("/v1/shoppers/anon-77/export")
        client.post("/v1/chat", json={"text": "my name is Li Lei"})
    logged = "\n".join(one.getMessage() for one in caplog.records if one.name == "daogou.serve")
    assert "GET /v1/search 200" in logged
    assert "/v1/shoppers/{shopper_id}/export" in logged
    assert "embarrassing" not in logged
    assert "anon-77" not in logged
    assert "Li Lei" not in logged


def test_pictures_come_from_the_home_and_nothing_else_does(guide: StubGuide, client: httpx.Client) -> None:
    images = guide.settings.home / "images"
    images.mkdir()
    (images / "P1.webp").write_bytes(b"RIFF....WEBP")
    (guide.settings.home / "store.sqlite3").write_text("the truth")
    found = client.get("/images/P1.webp")
    assert found.status_code == 200
    assert found.headers["content-type"] == "image/webp"
    for path in (
        "/images/../store.sqlite3",
        "/images/%2e%2e/store.sqlite3",
        "/images/..%2fstore.sqlite3",
        "/images//etc/passwd",
        "/images/%2fetc/passwd",
        "/static/%2e%2e/app.py",
    ):
        reply = client.get(path)
        assert reply.status_code in (404, 405), path
        assert "the truth" not in reply.text


def test_a_link_out_of_the_pictures_is_not_followed(guide: StubGuide, client: httpx.Client, tmp_path: Path) -> None:
    images = guide.settings.home / "images"
    images.mkdir()
    (guide.settings.home / "secret.txt").write_text("hidden")
    (images / "link.txt").symlink_to(guide.settings.home / "secret.txt")
    assert client.get("/images/link.txt").status_code == 404


def test_the_page_and_all_its_files_come_from_here(client: httpx.Client) -> None:
    static = Path(__file__).parents[2] / "daogou/serve/static"
    for path in ("/", "/p/P1", "/?q=tea"):
        reply = client.get(path)
        assert reply.status_code == 200
        assert "text/html" in reply.headers["content-type"]
    for file in static.iterdir():
        text = file.read_text(encoding="utf-8")
        assert "innerHTML" not in text
        assert "insertAdjacentHTML" not in text
        # The SVG namespace is a name, not an address that is called.
        assert "http://" not in text.replace("http://www.w3.org/2000/svg", ""), file.name
        assert "https://" not in text, file.name
        assert client.get(f"/static/{file.name}").status_code == 200
    assert "javascript" in client.get("/static/app.js").headers["content-type"]


def test_readiness_follows_the_guide(guide: StubGuide, client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").status_code == 200
    guide.ready = False
    reply = client.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["ready"] is False
    assert client.get("/healthz").status_code == 200
    assert "daogou_ready 0\n" in client.get("/metrics").text


def test_the_keeper_runs_while_the_app_does(guide: StubGuide) -> None:
    begun, ended = threading.Event(), threading.Event()

    class Keeper:
        def run(self, stop: threading.Event) -> None:
            begun.set()
            stop.wait(20)
            ended.set()

    with TestClient(create_app(guide, keeper=Keeper())):  # type: ignore[arg-type]
        assert begun.wait(20)
        assert not ended.is_set()
    assert ended.is_set()
