"""Conversations for callers that send the whole history each time, as OpenAI's protocol does.

The state after each reply is kept under a digest of everything said so far. The next request brings that history plus
one message; its digest finds the state, a copy goes on under a new id, and the earlier one stays as it was (a caller
may branch). Nobody gets at a cart or state but by repeating, word for word, the talk that made it. A history that is
not known here (after a restart) is said again to the guide, its last few messages only.
"""

from __future__ import annotations

import hashlib
import json
import threading
import uuid
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from daogou.records import DialogueState

if TYPE_CHECKING:
    from daogou.guide import Guide

Said = tuple[str, str]  # (role, text)
MAX_KEPT = 2_000
MAX_REPLAYED = 6


class Dialogues:
    """Digest of a history -> state of the dialogue after it; the least recently used go first. Thread-safe."""

    def __init__(self, max_kept: int = MAX_KEPT) -> None:
        self._max_kept = max_kept
        self._states: OrderedDict[str, DialogueState] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, user: str, history: Sequence[Said], state: DialogueState) -> None:
        """Remembers the state after `history`."""
        with self._lock:
            self._states[_digest(user, history)] = state
            self._states.move_to_end(_digest(user, history))
            while len(self._states) > self._max_kept:
                self._states.popitem(last=False)

    def forget(self, shopper_id: str) -> None:
        """Drops every state of one shopper."""
        with self._lock:
            for key in [key for key, state in self._states.items() if state.shopper_id == shopper_id]:
                del self._states[key]

    def resume(self, guide: Guide, user: str, history: Sequence[Said], *, shopper_id: str | None) -> str:
        """The id of a conversation that stands where `history` ends."""
        conversation_id = f"chat-{uuid.uuid4().hex}"
        if not history:
            return conversation_id
        with self._lock:
            state = self._states.get(_digest(user, history))
        if state is not None:
            self._copy(guide, state, conversation_id)
            return conversation_id
        for text in [text for role, text in history if role == "user"][-MAX_REPLAYED:]:
            guide.chat(text, conversation_id=conversation_id, shopper_id=shopper_id)
        return conversation_id

    def _copy(self, guide: Guide, state: DialogueState, conversation_id: str) -> None:
        cart_id = None
        if state.cart_id is not None:
            cart_id = f"cart-{uuid.uuid4().hex}"
            for line in guide.cart(state.cart_id).lines:
                guide.put_in_cart(cart_id, line.product_id, variant_id=line.variant_id, quantity=line.quantity)
        guide.database.put_conversation(state.model_copy(update={"id": conversation_id, "cart_id": cart_id}))


def _digest(user: str, history: Sequence[Said]) -> str:
    return hashlib.sha256(json.dumps([user, list(history)], ensure_ascii=False).encode()).hexdigest()
