from __future__ import annotations

import pytest
from small_shop import BagEncoder, PlainRecommend, PlainSearch

from daogou.answer import AnswerService
from daogou.chat import ChatService


@pytest.fixture
def open_chat(small_database):
    """open_chat(language_model, **options) -> ChatService over the small shop."""

    def make(language_model=None, **options):
        answers = AnswerService(small_database, BagEncoder(), language_model)
        return ChatService(
            small_database,
            PlainSearch(small_database),
            PlainRecommend(small_database),
            answers,
            language_model,
            store_name="小店",
            **options,
        )

    return make


@pytest.fixture
def chat(open_chat):
    return open_chat()


@pytest.fixture
def say(chat):
    """say(*utterances) -> the turns of one conversation, in order; goes on where it left off."""
    conversation: list[str | None] = [None]

    def talk(*utterances, **options):
        turns = []
        for one in utterances:
            turn = chat.turn(one, conversation_id=conversation[0], **options)
            conversation[0] = turn.conversation_id
            turns.append(turn)
        return turns[-1] if len(turns) == 1 else turns

    return talk
