"""Dialogue state: how a new utterance changes what is wished for. Later words win over earlier ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from daogou.answer import words
from daogou.records import Constraint, DialogueState, Message, Plan

MAX_MESSAGES = 60
MAX_NEED = 200
_ALSO = re.compile(r"\b(?:also|too|as well|or)\b|也|或者?|还有", re.IGNORECASE)
_CORRECTS = re.compile(
    (
        r"\b(?:actually|instead|rather|make it|i mean|what about|how about|only|but)\b|还是要?|换成|改成"
        r"|改为|其实|最好|只要|算了"
    ),
    re.IGNORECASE,
)
# 'I also need a jacket', 「送爸爸的礼物」: another wish begins, though no category is named
_BEGINS = re.compile(
    r"\bi(?:'m| am)? (?:also |now )?(?:need|want|looking for|would like) (?:a|an|some) (?!\w+ (?:one|size|colou?r)\b)"
    r"|\b(?:gifts?|presents?) for\b|\b(?:now )?(?:find|show) me (?:a|an|some)\b"
    r"|我?(?:还|也)?(?:想要?|需要|要)买|另外|再(?:帮我|给我)?(?:找|推荐)|送.{1,8}(?:的)?(?:礼物|礼品)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the shopper wants so far: words for meaning, and constraints."""

    need: str = ""
    constraints: tuple[Constraint, ...] = ()
    new_topic: bool = False


def merge(state: DialogueState, said: str, plan: Plan, dropped: Sequence[str] = ()) -> Wish:
    """The wish after an utterance whose own plan is `plan`: refined, corrected, or replaced where the topic changed."""
    text = _without_values(plan)
    if not state.need and not state.constraints:
        return Wish(plan.text, _without(plan.constraints, dropped), new_topic=True)
    if _new_topic(state, said, plan):
        return Wish(plan.text, plan.constraints, new_topic=True)
    kept = _without(state.constraints, dropped)
    also = _ALSO.search(said) is not None
    for one in plan.constraints:
        kept = _put(kept, one, also)
    return Wish(_add_words(state.need, text), kept)


def _new_topic(state: DialogueState, said: str, plan: Plan) -> bool:
    """Another category than before, or the beginning of another wish that shares no word with this one."""
    old = _categories(state.constraints)
    new = _categories(plan.constraints)
    if new and not old and state.asked[-1:] == ("category",):
        return False  # the shopper answers our question
    if new:
        nested = any(a.startswith(b) or b.startswith(a) for a in old for b in new)
        if old:
            return not nested
        return bool(words(plan.text) or words(said)) and not (words(said) & words(state.need)) and bool(state.need)
    return bool(old and plan.text and _BEGINS.search(said)) and not (words(plan.text) & words(state.need))


def _without_values(plan: Plan) -> str:
    """The words of the plan without those that became constraints: a colour that is corrected later must not linger."""
    text = plan.text
    for one in plan.constraints:
        if one.field != "category" and one.source:
            text = text.replace(one.source, " ")
    return re.sub(r"\s+", " ", text).strip()


def _categories(constraints: Sequence[Constraint]) -> tuple[str, ...]:
    return tuple(value for one in constraints if one.field == "category" and not one.negated for value in one.values)


def _without(constraints: Sequence[Constraint], fields: Sequence[str]) -> tuple[Constraint, ...]:
    lowered = {field.lower() for field in fields}
    return tuple(one for one in constraints if one.field.lower() not in lowered)


def _put(kept: tuple[Constraint, ...], new: Constraint, also: bool) -> tuple[Constraint, ...]:
    """One constraint added: it replaces what it contradicts."""
    same = [one for one in kept if one.field == new.field]
    rest = tuple(one for one in kept if one.field != new.field)
    if new.op == "range" and not new.negated:
        old = next((one for one in same if one.op == "range" and not one.negated), None)
        if old is None or (new.low is not None and new.high is not None):
            return (*rest, new)
        low = new.low if new.low is not None else old.low
        high = new.high if new.high is not None else old.high
        if low is not None and high is not None and low > high:
            return (*rest, new)
        both = new.low != low or new.high != high
        label = " · ".join(part for part in (old.label, new.label) if part) if both else new.label
        return (*rest, new.model_copy(update={"low": low, "high": high, "label": label}))
    values = set(new.values)
    if new.negated:
        left = [_minus(one, values) if not one.negated else one for one in same]
        return (*rest, *(one for one in left if one.values or one.op == "range"), new)
    against = [_minus(one, values) if one.negated else one for one in same]
    negated = tuple(one for one in against if one.negated and one.values)
    if also:
        old = next((one for one in same if not one.negated), None)
        if old:
            joined = tuple(dict.fromkeys((*old.values, *new.values)))
            label = " / ".join(part for part in (old.label, new.label) if part)
            return (*rest, *negated, new.model_copy(update={"values": joined, "label": label}))
    return (*rest, *negated, new)


def _minus(one: Constraint, values: set[str]) -> Constraint:
    return one.model_copy(update={"values": tuple(value for value in one.values if value not in values)})


def _add_words(need: str, new: str) -> str:
    """The need with the words it does not have yet."""
    fresh = words(new) - words(need)
    if not new or not fresh:
        return need
    return f"{need} {new}".strip()[-MAX_NEED:]


def remember(state: DialogueState, shopper: str, guide: str) -> DialogueState:
    """The state with one more exchange; the oldest are let go."""
    added = (*state.messages, Message(role="shopper", text=shopper), Message(role="guide", text=guide))
    return state.model_copy(update={"messages": added[-MAX_MESSAGES:]})
