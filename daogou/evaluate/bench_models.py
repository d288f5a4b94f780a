"""The embedded models: the encoder beside the bare kernel its weights come from, the language model's quality and pace.

Figures: `encoder` (texts a second, milliseconds a query, agreement of the ten nearest) and `language_model` (quality by
kind on the bilingual set, tokens a second over 1, 4 and 8 streams, first token).
"""

from __future__ import annotations

from typing import Any

from daogou.evaluate.bench import BenchOptions


def run(options: BenchOptions) -> dict[str, Any]:
    """Both models measured in one process, one after the other. The data folder is not used."""
    encoder = options.services.need("measure_encoder")(options.weights)
    model = options.services.need("measure_language_model")(options.llm or "embedded", options.weights)
    return {"dataset": "own texts", "encoder": encoder, "language_model": model}
