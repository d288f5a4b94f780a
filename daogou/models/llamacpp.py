"""The language model on llama.cpp, for machines OpenVINO does not run on; imported only when its address is used.

`xllamacpp` runs llama.cpp's own server in this process; it speaks the OpenAI protocol over a local port, so the rest
is `HostedModel`. The address names a GGUF file: `llamacpp:PATH`.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from daogou.errors import ModelUnavailable, SettingsError, WeightsMissing
from daogou.models.hosted import HostedModel
from daogou.models.protocols import Generation, Message, Request

CONTEXT_TOKENS = 8192
_STREAMS = 4


class LlamaCppModel:
    """`LanguageModel` over a GGUF file. Thread-safe: the server batches four streams."""

    def __init__(self, path: str) -> None:
        try:
            library: Any = importlib.import_module("xllamacpp")
        except ImportError as failure:
            raise SettingsError(
                f"DAOGOU_LLM='llamacpp:{path}' needs a library that is not installed.",
                next_step="Run `pip install 'daogou[llamacpp]'`.",
            ) from failure
        file = Path(path).expanduser()
        if not file.is_file():
            raise WeightsMissing(f"There is no GGUF file {file}.", next_step="Give the path of one: llamacpp:PATH.")
        parameters = library.CommonParams()
        parameters.model.path = str(file)
        parameters.n_ctx = CONTEXT_TOKENS * _STREAMS
        parameters.n_parallel = _STREAMS
        parameters.port = 0
        try:
            self._server = library.Server(parameters)
        except RuntimeError as failure:
            raise ModelUnavailable(
                f"llama.cpp can not load {file}: {failure}.", next_step="Check the file."
            ) from failure
        self.name = file.stem
        self._inner = HostedModel(f"{self._server.listening_address}/v1", self.name)

    def generate(self, request: Request) -> Generation:
        """The whole reply."""
        return self._inner.generate(request)

    def stream(self, request: Request) -> Iterator[str]:
        """Pieces of the reply as they come."""
        return self._inner.stream(request)

    def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Raises ModelUnavailable: the server does not tell the probability of a given reply."""
        return self._inner.score(messages, continuations)

    def warm(self, messages: Sequence[Message]) -> None:
        """Compute the prefix; the server keeps it for the slot."""
        self._inner.generate(Request(tuple(messages), max_tokens=1))

    def close(self) -> None:
        """Stop the server."""
        self._inner.close()
        self._server = None
