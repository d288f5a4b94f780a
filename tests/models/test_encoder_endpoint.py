from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from endpoint_server import Handler, fails, raw, serving

from daogou.errors import ModelUnavailable, SettingsError
from daogou.models import TextEncoder, open_encoder
from daogou.models.encoder_endpoint import EndpointEncoder
from daogou.models.endpoint import Endpoint


def embeds(handler: Handler, body: dict[str, Any]) -> None:
    """Vectors told apart by the text's length, given back in another order than asked."""
    rows = [{"index": i, "embedding": [float(len(text)), 1.0, 0.0]} for i, text in enumerate(body["input"])]
    handler.send(200, json.dumps({"data": rows[::-1]}))


def test_vectors_come_back_in_order_and_in_batches() -> None:
    with serving(embeds) as server:
        encoder = EndpointEncoder(server.base, "bge-m3", api_key="k")
        assert isinstance(encoder, TextEncoder)
        assert encoder.dim == 3
        texts = ["x" * n for n in range(1, 151)]
        vectors = encoder.encode_passages(texts)
        assert vectors.shape == (150, 3)
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
        assert np.all(np.diff(vectors[:, 0]) > 0)
        assert encoder.encode_queries([]).shape == (0, 3)
        assert encoder.encode_queries([""]).shape == (1, 3)
        assert [len(body["input"]) for _path, _headers, body in server.seen[1:4]] == [64, 64, 22]
        encoder.close()


def test_e5_models_get_their_prefixes() -> None:
    with serving(embeds) as server:
        encoder = EndpointEncoder(server.base, "intfloat/multilingual-e5-large")
        encoder.encode_queries(["面霜"])
        encoder.encode_passages(["面霜"])
        assert [body["input"] for _path, _headers, body in server.seen[1:]] == [["query: 面霜"], ["passage: 面霜"]]
        encoder.close()


@pytest.mark.parametrize("text", ["[]", '{"data": []}', '{"data": [{"index": 0, "embedding": "x"}]}', "<html>"])
def test_nonsense(text: str) -> None:
    with serving(raw(text)) as server:
        endpoint = Endpoint(server.base)
        with pytest.raises(ModelUnavailable):
            EndpointEncoder(server.base, "m", endpoint=endpoint)
        endpoint.close()


def test_another_length_of_vector_later() -> None:
    def longer(handler: Handler, body: dict[str, Any]) -> None:
        rows = [{"index": i, "embedding": [1.0] * 5} for i, _text in enumerate(body["input"])]
        handler.send(200, json.dumps({"data": rows}))

    with serving(embeds, longer) as server:
        encoder = EndpointEncoder(server.base, "m")
        with pytest.raises(ModelUnavailable, match="no 1 vectors of 3"):
            encoder.encode_queries(["a"])
        encoder.close()


def test_failures_are_tried_again() -> None:
    with serving(fails(500), fails(500), embeds) as server:
        endpoint = Endpoint(server.base, sleep=lambda _seconds: None)
        assert EndpointEncoder(server.base, "m", endpoint=endpoint).dim == 3
        endpoint.close()


@pytest.mark.parametrize("address", ["", "e5", "sentence-transformers:", "https://host/v1", "ftp://x#y"])
def test_bad_addresses(address: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="DAOGOU_ENCODER"):
        open_encoder(address, tmp_path)
