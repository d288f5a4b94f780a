"""R = argmax_r P(r | u_1..u_n, C): one turn = understand, act, reply, verify."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import perf_counter
from uuid import uuid4

from daogou.answer import clean, language_of
from daogou.chat.acts import Acts
from daogou.chat.carts import Carts
from daogou.chat.draft import Draft
from daogou.chat.prompts import PROMPT_VERSION, UNDERSTAND_SCHEMA, fixed_prefixes, understand_prompt
from daogou.chat.reply import Spoken, speak
from daogou.chat.state import remember
from daogou.chat.tools import Answers, Recommends, Searches, Tools
from daogou.chat.understand import Move, Situation, understand
from daogou.chat.wording import Phrases
from daogou.errors import ModelError, QueryError
from daogou.models import LanguageModel, Request
from daogou.records import DialogueState, Turn, TurnPiece
from daogou.stores import Database

MAX_TEXT = 500
MAX_SEEN = 40
_LOCKS = 64
_UNDERSTAND_S = 2.0


def _identity(text: str) -> str:
    return text


class ChatService:
    """Conversations. Thread-safe; two turns of one conversation follow each other. Works without a language model.

    mask: takes personal data out of what a shopper says before it is kept, logged, searched or put in a prompt."""

    def __init__(
        self,
        database: Database,
        search: Searches,
        recommend: Recommends,
        answer: Answers,
        language_model: LanguageModel | None,
        *,
        store_name: str = "daogou",
        deadline_s: float = 8.0,
        mask: Callable[[str], str] = _identity,
    ) -> None:
        self.carts = Carts(database)
        self._database = database
        self._search = search
        self._recommend = recommend
        self._answer = answer
        self._language_model = language_model
        self._store_name = store_name
        self._deadline_s = deadline_s
        self._mask = mask
        self._locks = tuple(Lock() for _ in range(_LOCKS))

    def warm(self) -> None:
        """Readies the answers and lets the language model keep the fixed parts of the prompts, so that the first
        shopper does not pay for them."""
        self._answer.warm()
        if self._language_model is not None:
            for messages in fixed_prefixes():
                self._language_model.warm(messages)

    def turn(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        shopper_id: str | None = None,
        session_id: str | None = None,
        language: str | None = None,
        product_id: str | None = None,
    ) -> Turn:
        """One whole turn. Raises QueryError on an utterance that is empty or too long."""
        last: Turn | None = None
        for piece in self.stream(
            text,
            conversation_id=conversation_id,
            shopper_id=shopper_id,
            session_id=session_id,
            language=language,
            product_id=product_id,
        ):
            last = piece.turn or last
        if last is None:  # stream always ends with the turn
            raise AssertionError("a turn ended without its record")
        return last

    def stream(
        self,
        text: str,
        *,
        conversation_id: str | None = None,
        shopper_id: str | None = None,
        session_id: str | None = None,
        language: str | None = None,
        product_id: str | None = None,
    ) -> Iterator[TurnPiece]:
        """The same turn in pieces: verified sentences as they come, then the whole turn once. Closing it cancels."""
        said = clean(self._mask(text))
        if not said:
            raise QueryError("The message is empty.", next_step="Say what you are looking for.")
        if len(said) > MAX_TEXT:
            raise QueryError(
                f"The message has {len(said)} characters; {MAX_TEXT} is the limit.", next_step="Say it shorter."
            )
        identity = conversation_id or f"c-{uuid4().hex}"
        return self._turn(said, identity, shopper_id, session_id, language, product_id)

    def _turn(
        self,
        said: str,
        identity: str,
        shopper_id: str | None,
        session_id: str | None,
        language: str | None,
        product_id: str | None,
    ) -> Iterator[TurnPiece]:
        with self._only_turn(identity):
            started = perf_counter()
            state = self._state(identity, shopper_id, session_id)
            tongue = _tag(language or language_of(said, state.language))
            state = state.model_copy(update={"language": tongue})
            acts, situation = self._prepare(state, tongue, shopper_id, session_id, product_id)
            move, understood_by = self._understand(said, situation, acts.tools)
            understood = perf_counter()
            draft = acts.act(move)
            acted = perf_counter()
            spoken = Spoken()
            seconds = {"understand": understood - started, "act": acted - understood}
            left_s = self._deadline_s - (acted - started)
            pieces = speak(draft, self._language_model, tongue, left_s, spoken)
            try:
                for at, sentence in enumerate(pieces):
                    if spoken.first_words_s is None:
                        spoken.first_words_s = perf_counter() - started
                    space = " " if at and tongue != "zh" else ""
                    yield TurnPiece(text=space + sentence)
            finally:
                pieces.close()  # type: ignore[attr-defined]
                text = spoken.text(tongue)
                draft.state = remember(_with_seen(draft.state, state), said, text)
                self._database.put_conversation(draft.state)
                seconds |= {"reply": perf_counter() - acted, "model": spoken.model_s, "turn": perf_counter() - started}
                seconds["first_words"] = spoken.first_words_s or 0.0
                self._log(draft, move, understood_by, spoken, seconds, shopper_id)
            yield TurnPiece(turn=self._record(draft, identity, tongue, text, spoken, seconds))

    @contextmanager
    def _only_turn(self, identity: str) -> Iterator[None]:
        """Holds the conversation for one turn. A turn that was left without closing must not hold it for ever."""
        lock = self._locks[hash(identity) % _LOCKS]
        if not lock.acquire(timeout=2 * self._deadline_s):
            raise QueryError(
                f"Conversation {identity!r} is still answering the last message.",
                next_step="Wait for that turn to end.",
            )
        try:
            yield
        finally:
            lock.release()

    def _state(self, identity: str, shopper_id: str | None, session_id: str | None) -> DialogueState:
        kept = self._database.get_conversation(identity)
        if kept is not None:
            return kept if kept.shopper_id or not shopper_id else kept.model_copy(update={"shopper_id": shopper_id})
        return DialogueState(id=identity, shopper_id=shopper_id, cart_id=session_id or identity)

    def _prepare(
        self,
        state: DialogueState,
        language: str,
        shopper_id: str | None,
        session_id: str | None,
        product_id: str | None,
    ) -> tuple[Acts, Situation]:
        tools = Tools(
            self._database,
            self._search,
            self._recommend,
            self._answer,
            language=language,
            shopper_id=shopper_id,
            session_id=session_id,
        )
        ids = [*state.shown, *state.seen, *filter(None, (state.focus, product_id))]
        known = {one.id: one for one in tools.products(list(dict.fromkeys(ids)))}
        situation = Situation(
            shown=tuple(known[one] for one in state.shown if one in known),
            seen=tuple(known[one] for one in state.seen if one in known),
            focus=known.get(state.focus or ""),
            page=known.get(product_id or ""),
            wishing=bool(state.need or state.constraints),
            pending=state.asked[-1] if state.asked and state.asked[-1].startswith("variant:") else "",
            language=language,
        )
        acts = Acts(
            tools=tools,
            carts=self.carts,
            say=Phrases(language, self._store_name),
            state=state,
            situation=situation,
            cart_id=state.cart_id or state.id,
            shopper_id=shopper_id,
        )
        return acts, situation

    def _understand(self, said: str, situation: Situation, tools: Tools) -> tuple[Move, str]:
        move = understand(said, situation, tools.read)
        if move.sure or self._language_model is None:
            return move, "rules"
        request = Request(
            messages=understand_prompt(said, situation.language),
            max_tokens=60,
            schema=UNDERSTAND_SCHEMA,
            deadline_s=min(_UNDERSTAND_S, self._deadline_s / 3),
        )
        try:
            read = json.loads(self._language_model.generate(request).text)
            intent, query = str(read["intent"]), clean(str(read["query"]))
        except (ModelError, ValueError, KeyError, TypeError):
            return move, "rules"
        if intent == "off_topic":
            return Move("decline", text=said), "model"
        if intent == "recommend":
            return Move("for_me", text=said), "model"
        if intent == "question":
            return Move("answer", text=said, referred=move.referred, plan=move.plan), "model"
        return (Move("search", text=query, plan=tools.read(query)), "model") if query else (move, "rules")

    def _log(
        self,
        draft: Draft,
        move: Move,
        understood_by: str,
        spoken: Spoken,
        seconds: dict[str, float],
        shopper_id: str | None,
    ) -> None:
        self._database.log(
            "turn",
            {
                "conversation": draft.state.id,
                "move": move.act,
                "understood_by": understood_by,
                "act": draft.act,
                "language": draft.state.language,
                "shown": [hit.product.id for hit in draft.hits],
                "evidence": list(draft.evidence),
                "model": spoken.model or (self._language_model.name if self._language_model else ""),
                "prompt": PROMPT_VERSION,
                "said": len(spoken.pieces),
                "sentences": [
                    {"raw": one.raw, "kept": bool(one.text), "faults": list(one.faults)} for one in spoken.checked
                ],
                "failed": spoken.failed,
                "seconds": {name: round(value, 5) for name, value in seconds.items()},
            },
            shopper_id=shopper_id,
        )

    def _record(
        self, draft: Draft, identity: str, language: str, text: str, spoken: Spoken, seconds: dict[str, float]
    ) -> Turn:
        notes = list(draft.notes)
        if spoken.failed:
            notes.append(Phrases(language).no_model())
        return Turn(
            conversation_id=identity,
            text=text,
            language=language,
            act=draft.act,
            plan=draft.plan,
            hits=draft.hits,
            answer=draft.answer,
            comparison=draft.comparison,
            cart=draft.cart,
            suggestions=draft.suggestions,
            state=draft.state,
            notes=tuple(dict.fromkeys(notes)),
            model=spoken.model or (draft.answer.model if draft.answer else ""),
            seconds=seconds,
        )


def _with_seen(new: DialogueState, old: DialogueState) -> DialogueState:
    """The state with what was shown before and is no longer, newest first."""
    if new.shown == old.shown:
        return new
    gone = dict.fromkeys(one for one in (*old.shown, *old.seen) if one not in new.shown)
    return new.model_copy(update={"seen": tuple(gone)[:MAX_SEEN]})


def _tag(language: str) -> str:
    return "zh" if language.lower().startswith("zh") else "en"
