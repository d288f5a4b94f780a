"""An address to an engine: `embedded`, `https://HOST/v1#MODEL`, `none`, and the optional ones."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urldefrag

from daogou.errors import SettingsError
from daogou.models.protocols import LanguageModel, TextEncoder
from daogou.models.weights import weights_path

DEFAULT_ENCODER = "e5-small"
DEFAULT_LANGUAGE_MODEL = "qwen2.5-coder-0.5b"
_ENCODERS = "embedded, https://HOST/v1#MODEL, sentence-transformers:NAME"
_MODELS = "embedded[:NAME], none, https://HOST/v1#MODEL, llamacpp:PATH, scripted:PATH"


def open_encoder(address: str, home: Path, api_key: str | None = None) -> TextEncoder:
    """The text encoder at `address`; `home` holds the weights. Raises SettingsError, WeightsMissing."""
    kind, _, rest = address.partition(":")
    if kind == "embedded":
        from daogou.models.encoder import OpenVinoEncoder

        name = rest or DEFAULT_ENCODER
        return OpenVinoEncoder(weights_path(name, home), name=name)
    if kind in ("http", "https"):
        from daogou.models.encoder_endpoint import EndpointEncoder

        url, model = _url_and_model(address, "DAOGOU_ENCODER")
        return EndpointEncoder(url, model, api_key=api_key)
    if kind == "sentence-transformers" and rest:
        from daogou.models.encoder_sentence import SentenceTransformersEncoder

        return SentenceTransformersEncoder(rest)
    raise SettingsError(f"DAOGOU_ENCODER={address!r} is no encoder address.", next_step=f"Use one of: {_ENCODERS}.")


def open_language_model(address: str, home: Path, api_key: str | None = None) -> LanguageModel | None:
    """The language model at `address`, None for `none`. Raises SettingsError, WeightsMissing, ModelUnavailable."""
    kind, _, rest = address.partition(":")
    if address == "none":
        return None
    if kind == "embedded":
        from daogou.models.embedded import EmbeddedModel

        name = rest or DEFAULT_LANGUAGE_MODEL
        return EmbeddedModel(weights_path(name, home), name=name)
    if kind in ("http", "https"):
        from daogou.models.hosted import HostedModel

        url, model = _url_and_model(address, "DAOGOU_LLM")
        return HostedModel(url, model, api_key=api_key)
    if kind == "scripted" and rest:
        from daogou.models.scripted import ScriptedModel

        return ScriptedModel.from_file(Path(rest))
    if kind == "llamacpp" and rest:
        from daogou.models.llamacpp import LlamaCppModel

        return LlamaCppModel(rest)
    raise SettingsError(f"DAOGOU_LLM={address!r} is no language model address.", next_step=f"Use one of: {_MODELS}.")


def _url_and_model(address: str, setting: str) -> tuple[str, str]:
    url, model = urldefrag(address)
    if not model:
        raise SettingsError(
            f"{setting}={address!r} names no model.", next_step="Add it after #, as in https://HOST/v1#MODEL."
        )
    return url.rstrip("/"), model
