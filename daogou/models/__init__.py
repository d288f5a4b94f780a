"""Whatever turns input into vectors, scores or words. Importing this is cheap; engines load when opened."""

from __future__ import annotations

from daogou.models.manifest import Progress
from daogou.models.measure import measure_encoder, measure_language_model
from daogou.models.open import open_encoder, open_language_model
from daogou.models.protocols import Generation, LanguageModel, Message, Request, TextEncoder, Vectors
from daogou.models.scripted import ScriptedModel
from daogou.models.tokenize import detect_language, lexical_tokens
from daogou.models.weights import WeightStatus, list_weights, pull, verify, weights_path

__all__ = [
    "Generation",
    "LanguageModel",
    "Message",
    "Progress",
    "Request",
    "ScriptedModel",
    "TextEncoder",
    "Vectors",
    "WeightStatus",
    "detect_language",
    "lexical_tokens",
    "list_weights",
    "measure_encoder",
    "measure_language_model",
    "open_encoder",
    "open_language_model",
    "pull",
    "verify",
    "weights_path",
]
