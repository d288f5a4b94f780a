from __future__ import annotations

import json
from pathlib import Path

import pytest

from daogou.errors import ModelTimeout, ModelUnavailable, SettingsError
from daogou.models import LanguageModel, Message, Request, ScriptedModel, open_language_model

SCHEMA = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"], "additionalProperties": False}


def ask(text: str, **options: object) -> Request:
    return Request((Message("system", "s"), Message("user", text)), **options)  # type: ignore[arg-type]


def test_rules_calls_and_pieces() -> None:
    model = ScriptedModel(
        [
            (r"面霜|cream", "试试这款面霜。"),
            (lambda request: request.max_tokens == 7, lambda request: f"seven for {request.messages[-1].content}"),
            ("json", {"n": 3}),
        ]
    )
    assert isinstance(model, LanguageModel)
    assert model.generate(ask("要面霜")).text == "试试这款面霜。"
    assert model.generate(ask("x", max_tokens=7)).text == "seven for x"
    assert json.loads(model.generate(ask("json", schema=SCHEMA)).text) == {"n": 3}
    pieces = list(model.stream(ask("cream")))
    assert len(pieces) > 1
    assert "".join(pieces) == "试试这款面霜。"
    assert model.generate(ask("cream", stop=("面霜",))).text == "试试这款"
    assert len(model.calls) == 5
    assert model.calls[0].messages[-1].content == "要面霜"


def test_the_unexpected_fails() -> None:
    model = ScriptedModel([("json", '{"n": "three"}'), ("bad", ModelUnavailable("gone"))])
    with pytest.raises(AssertionError, match="no rule"):
        model.generate(ask("something else"))
    with pytest.raises(AssertionError, match="schema"):
        model.generate(ask("json", schema=SCHEMA))
    with pytest.raises(ModelUnavailable, match="gone"):
        list(model.stream(ask("bad")))
    with pytest.raises(ModelTimeout):
        model.generate(ask("json", deadline_s=0.0))
    with pytest.raises(ModelUnavailable):
        model.score((), ["a"])


def test_scores_and_warm() -> None:
    model = ScriptedModel(scores=[("防水", -0.5), (".", -3.0)])
    assert model.score((), ["它防水", "no"]) == [-0.5, -3.0]
    model.warm((Message("system", "s"),))
    assert model.warmed == [(Message("system", "s"),)]


def test_a_script_from_a_file(tmp_path: Path) -> None:
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"rules": [{"match": "hi", "reply": {"n": 1}}], "scores": [["a", -1]]}))
    model = open_language_model(f"scripted:{script}", tmp_path)
    assert model is not None
    assert model.generate(ask("hi", schema=SCHEMA)).text == '{"n": 1}'
    script.write_text("{}")
    with pytest.raises(SettingsError, match="script"):
        open_language_model(f"scripted:{script}", tmp_path)


def test_none_and_bad_addresses(tmp_path: Path) -> None:
    assert open_language_model("none", tmp_path) is None
    for address in ("", "gpt", "scripted:", "https://host/v1", "llamacpp:"):
        with pytest.raises(SettingsError, match="DAOGOU_LLM"):
            open_language_model(address, tmp_path)
