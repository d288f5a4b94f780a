"""Reply: the program's opening at once, then the model's sentences one by one as each is verified, else the program's.

Nothing is yielded that could be withdrawn: a sentence goes out whole, after its check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

from daogou.chat.draft import Draft
from daogou.chat.prompts import reasons_prompt
from daogou.chat.verify import Checked, check, finished_sentences
from daogou.errors import ModelError
from daogou.models import LanguageModel, Request

MAX_TOKENS = 72
MAX_SENTENCES = 2
_STOP = ("\n",)


@dataclass(slots=True)
class Spoken:
    """What was said and how it came about: for the turn's record."""

    pieces: list[str] = field(default_factory=list)
    checked: list[Checked] = field(default_factory=list)
    model: str = ""
    failed: str = ""
    first_words_s: float | None = None
    model_s: float = 0.0

    def text(self, language: str) -> str:
        return join(self.pieces, language)


def join(pieces: list[str], language: str) -> str:
    """Sentences side by side: without a space in Chinese, with one in English."""
    return ("" if language == "zh" else " ").join(piece for piece in pieces if piece)


def speak(
    draft: Draft, language_model: LanguageModel | None, language: str, deadline_s: float, spoken: Spoken
) -> Iterator[str]:
    """The sentences of the reply in order. `spoken` is filled as they go out. Closing the iterator cancels the
    model."""
    for sentence in filter(None, (draft.opening, draft.lead)):
        yield _say(sentence, spoken)
    worded = False
    if language_model is not None and draft.subjects and deadline_s > 0:
        for sentence in _worded(draft, language_model, language, deadline_s, spoken):
            worded = True
            yield _say(sentence, spoken)
    if not worded and draft.body:
        yield _say(draft.body, spoken)
    for sentence in filter(None, (draft.rest, draft.closing)):
        yield _say(sentence, spoken)


def _say(sentence: str, spoken: Spoken) -> str:
    spoken.pieces.append(sentence)
    return sentence


def _worded(
    draft: Draft, language_model: LanguageModel, language: str, deadline_s: float, spoken: Spoken
) -> Iterator[str]:
    request = Request(
        messages=reasons_prompt(draft.wish, draft.subjects[0].line, language),
        max_tokens=MAX_TOKENS,
        stop=_STOP,
        deadline_s=deadline_s,
        repetition_penalty=1.05,
    )
    started = perf_counter()
    said: set[str] = set()
    pieces = language_model.stream(request)
    try:
        for raw in finished_sentences(pieces):
            checked = check(raw, draft.subjects, language)
            if checked.text in said:
                continue
            spoken.checked.append(checked)
            if checked.text:
                said.add(checked.text)
                spoken.model = language_model.name
                yield checked.text
            if len(spoken.checked) >= MAX_SENTENCES:
                break
    except ModelError as failure:
        spoken.failed = failure.message
    finally:
        close = getattr(pieces, "close", None)
        if close:
            close()
        spoken.model_s = perf_counter() - started
