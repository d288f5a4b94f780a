"""What a turn has decided to say and show, before it is worded: the program's sentences, and what a model may add
to."""

from __future__ import annotations

from dataclasses import dataclass, field

from daogou.chat.verify import Subject
from daogou.records import Answer, Cart, Comparison, DialogueState, Hit, Plan, Suggestion


@dataclass(slots=True)
class Draft:
    """opening, lead: said at once. body: said next, unless a model's verified sentences take its place (only where
    `subjects` are given). rest, closing: said last (other products; a question)."""

    act: str
    state: DialogueState
    opening: str = ""
    lead: str = ""
    body: str = ""
    rest: str = ""
    closing: str = ""
    subjects: tuple[Subject, ...] = ()
    wish: str = ""
    plan: Plan | None = None
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None
    comparison: Comparison | None = None
    cart: Cart | None = None
    suggestions: tuple[Suggestion, ...] = ()
    notes: list[str] = field(default_factory=list)
    evidence: tuple[str, ...] = ()
