"""The guide as an OpenAI-compatible chat model: `/v1/chat/completions` and `/v1/models`.

Source: OpenAI API reference, "Create chat completion" and "The chat completion chunk object". What the protocol has no
place for (products, evidence, cart) stands in the extension field `daogou` of the message, or of the last chunk.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any, Literal

import anyio
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from daogou.errors import QueryError
from daogou.records import Turn, TurnPiece
from daogou.serve.dialogues import Dialogues, Said
from daogou.serve.errors import ErrorDetail
from daogou.serve.parts import ERRORS, GuideDep
from daogou.serve.requests import MAX_SAID
from daogou.serve.streaming import EventStream, event, stream_events, with_first
from daogou.serve.talk_views import TurnView
from daogou.serve.views import Presenter, View

__all__ = ["Dialogues", "router"]

MODEL = "daogou"
MAX_MESSAGES = 200
router = APIRouter(tags=["OpenAI-compatible"], responses=ERRORS)


class PartBody(BaseModel):
    """One part of a message; only text is taken."""

    type: str
    text: str = ""


class MessageBody(BaseModel):
    """One message of the history."""

    role: Literal["system", "developer", "user", "assistant", "tool"]
    content: str | list[PartBody] | None = None

    def said(self) -> str:
        """Its text. Raises QueryError on a part that is not text."""
        if self.content is None or isinstance(self.content, str):
            return self.content or ""
        for part in self.content:
            if part.type != "text":
                raise QueryError(f"A content part of type {part.type!r} can not be read.", next_step="Send text parts.")
        return "\n".join(part.text for part in self.content)


class ExtensionBody(BaseModel):
    """What the protocol has no place for. With `conversation_id` the guide's own memory is used, not the history."""

    conversation_id: str | None = Field(default=None, max_length=128)
    session_id: str | None = Field(default=None, max_length=128)
    product_id: str | None = Field(default=None, max_length=128)
    language: Literal["zh", "en"] | None = None


class StreamOptions(BaseModel):
    """Options of a stream."""

    include_usage: bool = False


class CompletionBody(BaseModel):
    """A chat completion request. Sampling options are accepted and not used: facts are not sampled."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {"model": MODEL, "messages": [{"role": "user", "content": "running shoes under $80, not black"}]}
            ]
        },
    )

    model: str = MODEL
    messages: list[MessageBody] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions = Field(default_factory=StreamOptions)
    n: int = Field(default=1, ge=1, le=1)
    user: str | None = Field(default=None, max_length=128, description="The shopper's pseudonym")
    daogou: ExtensionBody = Field(default_factory=ExtensionBody)

    def history(self) -> tuple[list[Said], str]:
        """What was said before, and what is said now. System messages are left out: the guide has its own rules."""
        said: list[Said] = [(one.role, one.said()) for one in self.messages if one.role in ("user", "assistant")]
        if not said or said[-1][0] != "user" or not said[-1][1].strip():
            raise QueryError("The last message is not a shopper's.", next_step="End `messages` with role `user`.")
        if len(said[-1][1]) > MAX_SAID:
            raise QueryError(
                f"The last message has {len(said[-1][1])} characters; the most is {MAX_SAID}.",
                next_step="Say it in fewer words.",
            )
        return said[:-1], said[-1][1]


class ReplyView(View):
    """The guide's message; `daogou` holds the whole turn."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: str | None = None
    daogou: TurnView | None = None


class ChoiceView(View):
    """The one choice."""

    index: int = 0
    message: ReplyView
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class CompletionView(View):
    """A chat completion. `usage` is null: the program and the model share the work, so tokens say nothing."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[ChoiceView]
    usage: None = None


class ModelView(View):
    """One model, and what it runs on here."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "daogou"
    daogou: dict[str, Any] = Field(default_factory=dict)


class ModelsView(View):
    """The models of this server: one."""

    object: Literal["list"] = "list"
    data: list[ModelView]


@router.get("/models")
def models(guide: GuideDep) -> ModelsView:
    """The one model this server has: the guide."""
    status = guide.status()
    runs_on = {"language_model": status["language_model"], "encoder": status["encoder"]}
    return ModelsView(data=[ModelView(id=MODEL, daogou=runs_on)])


@router.post(
    "/chat/completions",
    response_model=CompletionView,
    responses={200: {"content": {"text/event-stream": {"example": "data: {…}\n\ndata: [DONE]\n\n"}}}},
)
async def completions(guide: GuideDep, body: CompletionBody, request: Request) -> CompletionView | Response:
    """One turn of a conversation, in OpenAI's shape. With `stream`, chunks end in `data: [DONE]`."""
    talk = _Talk(guide, body, request.app.state.dialogues)
    if not body.stream:
        return await run_in_threadpool(talk.whole)
    limiter: anyio.CapacityLimiter = request.app.state.streams
    pieces = await anyio.to_thread.run_sync(lambda: with_first(talk.pieces()), limiter=limiter)

    def failed(detail: ErrorDetail) -> str:
        return event({"error": detail.model_dump()})

    return EventStream(
        stream_events(
            pieces,
            talk.chunk,
            request_id=request.state.request_id,
            error_event=failed,
            ending="data: [DONE]\n\n",
            limiter=limiter,
        )
    )


class _Talk:
    """One request: its conversation, its chunks."""

    def __init__(self, guide: GuideDep, body: CompletionBody, dialogues: Dialogues) -> None:
        self.guide = guide
        self.body = body
        self.dialogues = dialogues
        self.id = f"chatcmpl-{uuid.uuid4().hex}"
        self.created = int(time.time())
        self.before, self.now = body.history()
        self.began = False
        self.streamed = ""

    def whole(self) -> CompletionView:
        turn = self.guide.chat(self.now, **self._context())
        self._remember(turn, turn.text)
        reply = ReplyView(content=turn.text, daogou=self._view(turn))
        return CompletionView(id=self.id, created=self.created, choices=[ChoiceView(message=reply)])

    def pieces(self) -> Iterator[TurnPiece]:
        return self.guide.chat_stream(self.now, **self._context())

    def chunk(self, piece: TurnPiece) -> str:
        """One piece as one or two chunks: words, then, with the whole turn, the end."""
        out = ""
        if not self.began:
            self.began = True
            out += self._chunk({"role": "assistant", "content": ""})
        if piece.text:
            self.streamed += piece.text
            out += self._chunk({"content": piece.text})
        if piece.turn is not None:
            self._remember(piece.turn, self.streamed)
            view = self._view(piece.turn).model_dump(mode="json")
            out += self._chunk({}, finish="stop", extra={"daogou": view})
            if self.body.stream_options.include_usage:
                out += event(self._head() | {"choices": [], "usage": None})
        return out

    def _context(self) -> dict[str, Any]:
        given = self.body.daogou
        conversation_id = given.conversation_id or self.dialogues.resume(
            self.guide, self.body.user or "", self.before, shopper_id=self.body.user
        )
        return {
            "conversation_id": conversation_id,
            "shopper_id": self.body.user,
            "session_id": given.session_id,
            "language": given.language,
            "product_id": given.product_id,
        }

    def _remember(self, turn: Turn, text: str) -> None:
        state = turn.state or self.guide.database.get_conversation(turn.conversation_id)
        if state is not None:
            history = [*self.before, ("user", self.now), ("assistant", text)]
            self.dialogues.keep(self.body.user or "", history, state)

    def _view(self, turn: Turn) -> TurnView:
        return TurnView.of(turn, Presenter(self.guide, self.body.daogou.language or turn.language))

    def _head(self) -> dict[str, Any]:
        return {"id": self.id, "object": "chat.completion.chunk", "created": self.created, "model": MODEL}

    def _chunk(self, delta: dict[str, str], *, finish: str | None = None, extra: dict[str, Any] | None = None) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return event(self._head() | {"choices": [choice]} | (extra or {}))
