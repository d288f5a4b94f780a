"""What a text encoder and a language model are, as the rest of the house sees them.

Engines live beside this file; `open_encoder` and `open_language_model` turn an address into one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@runtime_checkable
class TextEncoder(Protocol):
    """Text to unit vectors. E5-style models word queries and passages differently, hence two methods."""

    name: str
    dim: int

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, dim) float32, L2-normalised."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """(n,) texts -> (n, dim) float32, L2-normalised; long texts are truncated by the engine."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Request:
    """All that is asked of a language model in one go.

    schema: a JSON schema the reply must satisfy, or None for free text.
    deadline_s: seconds from now after which `ModelTimeout` is raised; None waits.
    repetition_penalty: small models repeat themselves in long text.
    """

    messages: tuple[Message, ...]
    max_tokens: int = 256
    temperature: float = 0.0
    schema: Mapping[str, Any] | None = None
    stop: tuple[str, ...] = ()
    deadline_s: float | None = None
    repetition_penalty: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Generation:
    """What came back, and what it cost. `None` means unknown, which is not zero."""

    text: str
    finish: Literal["stop", "length", "cancelled"] = "stop"
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    first_token_s: float | None = None
    seconds: float | None = None
    model: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class LanguageModel(Protocol):
    """Understanding and wording. Thread-safe: many turns may call it at once."""

    name: str

    def generate(self, request: Request) -> Generation:
        """The whole reply. Raises ModelTimeout, ModelUnavailable."""
        ...

    def stream(self, request: Request) -> Iterator[str]:
        """Pieces of the reply as they come. Closing the iterator cancels the generation."""
        ...

    def score(self, messages: Sequence[Message], continuations: Sequence[str]) -> list[float]:
        """Mean log-probability per token of each continuation as the assistant's reply: log P(a | q, C) / |a|.

        Raises ModelUnavailable where the engine cannot tell (some hosted endpoints)."""
        ...

    def warm(self, messages: Sequence[Message]) -> None:
        """Compute and keep the prefix of these messages, so that the fixed part of a prompt is paid once."""
        ...

    def close(self) -> None: ...
