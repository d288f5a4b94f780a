"""The OpenAPI document: complete, with examples that can be sent as they are, and the same paths as `docs/api.md`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from serve.stub_guide import StubGuide

ORDER = {"put": 0, "get": 1, "post": 2, "delete": 3}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation): what is needed first comes first."""
    found = [(method, path, one) for path, item in document["paths"].items() for method, one in item.items()]
    yield from sorted(found, key=lambda one: ORDER[one[0]])


def body_examples(document: dict[str, Any], operation: dict[str, Any]) -> list[Any]:
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    name = schema["$ref"].rsplit("/", 1)[-1]
    return list(document["components"]["schemas"][name]["examples"])


def parameters(operation: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Path and query values made from the examples; what has none and is not required is left out."""
    values: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
    for one in operation.get("parameters", []):
        examples = one["schema"].get("examples")
        assert examples or not one["required"], f"{one['name']} has no example"
        if examples:
            values[one["in"]][one["name"]] = examples[0]
    return values["path"], values["query"]


def test_every_example_works(guide: StubGuide, client: httpx.Client) -> None:
    # The examples name a product of the demo store, so that they can be tried there.
    guide.database.kept["skin-0001"] = guide.database.kept["P5"].model_copy(update={"id": "skin-0001"})
    document = client.get("/openapi.json").json()
    called = 0
    for method, path, operation in operations(document):
        in_path, in_query = parameters(operation)
        bodies = body_examples(document, operation) if "requestBody" in operation else [None]
        assert bodies, f"{method} {path} has no example"
        for body in bodies:
            reply = client.request(method, path.format(**in_path), params=in_query, json=body)
            assert reply.status_code == 200, f"{method} {path}: {reply.text}"
            called += 1
        assert operation["description"], f"{method} {path} says nothing"
    assert called >= 23


def test_errors_are_part_of_the_document(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    for method, path, operation in operations(document):
        if path.startswith("/v1/") and path != "/v1/store":
            schema = operation["responses"]["422"]["content"]["application/json"]["schema"]
            assert schema["$ref"].endswith("/ErrorView"), f"{method} {path}"


@pytest.fixture
def documented() -> set[tuple[str, str]]:
    text = (Path(__file__).parents[2] / "docs/api.md").read_text(encoding="utf-8")
    return {(method.lower(), path) for method, path in re.findall(r"^\| `(GET|POST|PUT|DELETE) (/\S*)` \|", text, re.M)}


def test_the_page_of_documentation_lists_the_same_paths(client: httpx.Client, documented: set[tuple[str, str]]) -> None:
    document = client.get("/openapi.json").json()
    assert documented == {(method, path) for method, path, _ in operations(document)}
