from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from openvino_genai import GenerationStatus

from daogou.errors import ModelTimeout, ModelUnavailable, WeightsMissing
from daogou.models import LanguageModel, Message, Request, open_language_model
from daogou.models.batching import Done, Driver, Job
from daogou.models.embedded import CONTEXT_TOKENS

pytestmark = pytest.mark.llm

SYSTEM = Message("system", "You are a shopping guide. Be brief. 请简短。")


class _Handle:
    def can_read(self) -> bool:
        return False

    def get_status(self) -> object:
        return GenerationStatus.FINISHED


class _Pipeline:
    """Stands in for the engine where the engine must fail on cue."""

    def __init__(self, *, fail: bool) -> None:
        self.fail = fail

    def add_request(self, *_given: object) -> _Handle:
        return _Handle()

    def has_non_finished_requests(self) -> bool:
        return False

    def step(self) -> None:
        if self.fail:
            raise RuntimeError("boom")


def ask(text: str, **options: object) -> Request:
    return Request((SYSTEM, Message("user", text)), **{"max_tokens": 24, **options})  # type: ignore[arg-type]


def test_it_speaks_both_languages_and_counts(embedded: LanguageModel) -> None:
    assert isinstance(embedded, LanguageModel)
    reply = embedded.generate(ask("Say exactly: good morning"))
    assert "good morning" in reply.text.lower()
    assert reply.finish == "stop"
    assert reply.prompt_tokens
    assert reply.output_tokens
    assert reply.first_token_s is not None
    assert reply.seconds is not None
    assert 0 < reply.first_token_s <= reply.seconds
    assert any("\u4e00" <= c <= "\u9fff" for c in embedded.generate(ask("用中文问好")).text)


def test_the_schema_binds(embedded: LanguageModel) -> None:
    schema = {
        "type": "object",
        "properties": {
            "category": {"type": "string", "enum": ["skin_care", "phones"]},
            "max_price": {"type": ["integer", "null"]},
        },
        "required": ["category", "max_price"],
        "additionalProperties": False,
    }
    plan = json.loads(embedded.generate(ask("送妈妈的保湿面霜，500 以内", max_tokens=60, schema=schema)).text)
    assert plan == {"category": "skin_care", "max_price": 500}


def test_streamed_pieces_join_to_the_reply(embedded: LanguageModel) -> None:
    request = ask("用一句话介绍面霜 🧴")
    pieces = list(embedded.stream(request))
    assert len(pieces) > 3
    assert "".join(pieces) == embedded.generate(request).text


def test_characters_of_several_tokens_are_whole(embedded: LanguageModel) -> None:
    # " 轻" is three tokens of one or two bytes each; the runtime's detokeniser would drop it.
    schema = {"type": "object", "properties": {"a": {"const": "x 轻羽 🧴"}}, "required": ["a"]}
    reply = embedded.generate(ask("Reply in JSON", max_tokens=40, schema=schema))
    assert json.loads(reply.text) == {"a": "x 轻羽 🧴"}


def test_stop_strings_and_length(embedded: LanguageModel) -> None:
    counted = embedded.generate(ask("Count: 1 2 3 4 5 6 7 8 9", stop=("5",), max_tokens=40))
    assert "4" in counted.text
    assert "5" not in counted.text
    assert counted.finish == "stop"
    cut = embedded.generate(ask("Count from 1 to 100", max_tokens=5))
    assert (cut.finish, cut.output_tokens) == ("length", 5)


def test_closing_a_stream_frees_the_model(embedded: LanguageModel) -> None:
    pieces = embedded.stream(ask("Tell a very long story", max_tokens=2000))
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert embedded.generate(ask("hi", max_tokens=3)).output_tokens


def test_the_deadline(embedded: LanguageModel) -> None:
    with pytest.raises(ModelTimeout, match=r"0\.05 s"):
        embedded.generate(ask("Tell a very long story", max_tokens=2000, deadline_s=0.05))
    with pytest.raises(ModelTimeout):
        list(embedded.stream(ask("Tell a very long story", max_tokens=2000, deadline_s=0.0)))


def test_a_prompt_too_long_says_so(embedded: LanguageModel) -> None:
    with pytest.raises(ModelUnavailable, match=str(CONTEXT_TOKENS)):
        embedded.generate(ask(" ".join(map(str, range(CONTEXT_TOKENS)))))


def test_a_bad_schema_is_told(embedded: LanguageModel) -> None:
    with pytest.raises(ModelUnavailable, match="no such type"):
        embedded.generate(ask("x", schema={"type": "no such type"}))
    assert embedded.generate(ask("hi", max_tokens=2)).output_tokens


def test_a_step_that_fails_takes_only_its_own_jobs_with_it() -> None:
    opened = [_Pipeline(fail=True), _Pipeline(fail=False)]
    driver = Driver(opened.pop(0), "m", lambda: opened.pop(0))
    with pytest.raises(ModelUnavailable, match="boom"):
        list(driver.events(driver.submit(Job([1], None, None))))
    assert list(driver.events(driver.submit(Job([1], None, None)))) == [Done("stop")]
    driver.close()


def test_many_threads_at_once(embedded: LanguageModel) -> None:
    alone = [embedded.generate(ask(f"Repeat the number {n}", max_tokens=8)).text for n in (11, 22, 33)]
    together: dict[int, str] = {}

    def work(n: int) -> None:
        together[n] = embedded.generate(ask(f"Repeat the number {n}", max_tokens=8)).text

    threads = [threading.Thread(target=work, args=(n,)) for n in (11, 22, 33)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, text in zip((11, 22, 33), alone, strict=True):
        assert str(n) in text
        assert str(n) in together[n]


def test_sampling_repeats_with_its_seed(embedded: LanguageModel) -> None:
    request = ask("Name a colour and an animal", temperature=0.9, seed=5, max_tokens=12)
    assert embedded.generate(request).text
    assert len({embedded.generate(ask("Name three animals", temperature=1.5, seed=s)).text for s in range(4)}) > 1


def test_scores_rank_what_the_evidence_says(embedded: LanguageModel) -> None:
    messages = [SYSTEM, Message("user", "证据：防水等级 IP68。问题：这个防水吗？")]
    replies = ["防水，等级 IP68。", "不防水。", "banana helicopter"]
    scores = embedded.score(messages, replies)
    assert scores[0] > scores[1] > scores[2]
    assert all(score < 0 for score in scores)
    # The same again, and one at a time: neither an earlier call nor a neighbour may change a score.
    again = [embedded.score(messages, [reply])[0] for reply in replies]
    assert again == pytest.approx(scores, abs=0.1)
    with pytest.raises(ModelUnavailable, match="empty"):
        embedded.score(messages, [""])


def test_warm_then_ask(embedded: LanguageModel) -> None:
    rules = Message("system", "Rule: answer with one word. " * 40)
    embedded.warm([rules])
    assert embedded.generate(Request((rules, Message("user", "Hello")), max_tokens=4)).text


def test_weights_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"daogou models pull qwen2\.5-coder-1\.5b"):
        open_language_model("embedded:qwen2.5-coder-1.5b", tmp_path)


def test_closed_is_said(home: Path, embedded: LanguageModel) -> None:
    opened = open_language_model("embedded", home)
    assert opened is not None
    pieces = opened.stream(ask("Tell a very long story", max_tokens=2000))
    next(pieces)
    opened.close()
    list(pieces)  # ends rather than waits
    with pytest.raises(ModelUnavailable, match="closed"):
        opened.generate(ask("hi"))
