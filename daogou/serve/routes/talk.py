"""Answers, conversation and copy."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import anyio
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from daogou.records import DialogueState, TurnPiece
from daogou.serve.errors import ErrorDetail
from daogou.serve.parts import ERRORS, NOT_FOUND, GuideDep
from daogou.serve.requests import AnswerBody, ChatBody, WriteBody
from daogou.serve.streaming import EventStream, event, stream_events, with_first
from daogou.serve.talk_views import AnswerView, CopyView, TurnPieceView, TurnView
from daogou.serve.views import Presenter

router = APIRouter(tags=["answer, chat and write"], responses=ERRORS | NOT_FOUND)


@router.post("/answer")
def answer(guide: GuideDep, body: AnswerBody) -> AnswerView:
    """The answer to a question, with the evidence it rests on; `known` is false where the evidence is silent."""
    if body.product_id is not None:
        guide.product(body.product_id)
    return AnswerView.of(
        guide.answer(body.question, product_id=body.product_id, language=body.language, shopper_id=body.shopper_id)
    )


@router.post(
    "/chat",
    response_model=TurnView,
    responses={200: {"content": {"text/event-stream": {"example": 'data: {"text":"Here are three "}\n\n'}}}},
)
async def chat(guide: GuideDep, body: ChatBody, request: Request) -> TurnView | Response:
    """One turn of a conversation. With `stream`, events of `{"text": …}` come first and one of `{"turn": …}` last."""
    if not body.stream:

        def whole() -> TurnView:
            turn = guide.chat(body.text, **_context(guide, body))
            return TurnView.of(turn, Presenter(guide, body.language or turn.language))

        return await run_in_threadpool(whole)
    limiter: anyio.CapacityLimiter = request.app.state.streams

    def begin() -> Iterator[TurnPiece]:
        return with_first(guide.chat_stream(body.text, **_context(guide, body)))

    pieces = await anyio.to_thread.run_sync(begin, limiter=limiter)

    def words(piece: TurnPiece) -> str:
        language = body.language or (piece.turn.language if piece.turn else None)
        view = TurnPieceView.of(piece, Presenter(guide, language))
        return event({"turn": view.turn.model_dump(mode="json")} if view.turn else {"text": view.text})

    def failed(detail: ErrorDetail) -> str:
        return event({"error": detail.model_dump()}, name="error")

    return EventStream(
        stream_events(pieces, words, request_id=request.state.request_id, error_event=failed, limiter=limiter)
    )


@router.post("/write")
def write(guide: GuideDep, body: WriteBody) -> CopyView:
    """A text for a product, an audience and a channel. What the record does not carry is in `removed`."""
    copy = guide.write(
        body.product_id, kind=body.kind, audience=body.audience, channel=body.channel, language=body.language
    )
    return CopyView.of(copy)


def _context(guide: GuideDep, body: ChatBody) -> dict[str, Any]:
    """Who speaks, where. A `cart_id` ties the conversation to the cart the page already shows."""
    said = body.model_dump(exclude={"stream", "text", "cart_id"})
    if body.cart_id is None:
        return said
    conversation_id = body.conversation_id or f"chat-{uuid.uuid4().hex}"
    state = guide.database.get_conversation(conversation_id)
    if state is None:
        state = DialogueState(id=conversation_id, shopper_id=body.shopper_id)
    if state.cart_id != body.cart_id:
        guide.database.put_conversation(state.model_copy(update={"cart_id": body.cart_id}))
    return said | {"conversation_id": conversation_id}
