"""Candidate answers a, each with its logit of P(a | q, C): attribute values, yes / no / partly, prices, stock,
variants, counted opinions, store policies, and sentences. The program words each; nothing here asks a model for
words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daogou.answer.asks import Ask, Asked
from daogou.answer.evidence import Fact
from daogou.answer.polarity import about_value, settle
from daogou.answer.text import contains, words
from daogou.answer.wording import Wording
from daogou.records import figures

# Logits of the candidates that a rule makes; sentences get theirs from `score`.
_RULE = 3.2
_NAMED = 2.2
_WEAK = 0.9
_NAME_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible answer: its words, the evidence it rests on, log-odds of being right, and whether a model may
    reword it."""

    text: str
    evidence: tuple[Fact, ...]
    logit: float
    free: bool = False


def attribute_candidates(question: str, asked: Asked, facts: Sequence[Fact], say: Wording) -> list[Candidate]:
    """Attributes that a group of the question names, and attributes whose own name or value stands in the question."""
    text = question.lower()
    made: list[Candidate] = []
    attributes = [fact for fact in facts if fact.evidence.kind == "attribute"]
    for order, group in enumerate(asked.groups):
        fields = set(group.fields)
        named = [fact for fact in attributes if fact.names & fields]
        for fact in named:
            first = min((group.fields.index(name) for name in fact.names & fields), default=0)
            made.append(
                Candidate(_value_text(text, asked, group, fact, say), (fact,), _RULE - 0.4 * order - 0.05 * first)
            )
    asked_words = words(text)
    for fact in attributes:
        name_words = words(fact.field) - {"product", "type"}
        share = len(name_words & asked_words) / len(name_words) if name_words else 0.0
        also = any(len(name) > 1 and contains(text, name) for name in fact.names | fact.also)
        if share >= _NAME_SHARE or (also and not asked.groups):
            logit = _NAMED if share == 1 else _WEAK + share
            made.append(Candidate(_value_text(text, asked, None, fact, say), (fact,), logit))
    if asked.form == "yes_no":
        made += _by_figure(text, asked, attributes, say)
    return made


def _by_figure(text: str, asked: Asked, attributes: Sequence[Fact], say: Wording) -> list[Candidate]:
    """'Is it 2 litres?': attributes with a figure of the same kind."""
    wanted = [one for one in figures(text) if one.unit]
    kinds = {one.unit for one in wanted}
    made = []
    for fact in attributes:
        held = figures(", ".join(fact.values))
        if kinds & {one.unit for one in held}:
            same = any(one.same(two) for one in wanted for two in held)
            label = say.label(None, fact)
            worded = (
                say.verdict("yes", label, fact.values) if same else say.not_listed(wanted[0].text, label, fact.values)
            )
            made.append(Candidate(worded, (fact,), _NAMED if same else _WEAK))
    return made


def _value_text(text: str, asked: Asked, group: Ask | None, fact: Fact, say: Wording) -> str:
    label = say.label(group, fact)
    if asked.form == "yes_no":
        verdict = settle(text, group, fact)
        if verdict:
            return say.verdict(verdict, label, fact.values)
        missing = about_value(text, fact)
        if missing:
            return say.not_listed(missing, label, fact.values)
    return say.value(label, fact.values)


def price_candidates(asked: Asked, facts: Sequence[Fact], say: Wording) -> list[Candidate]:
    """The price, read from the record."""
    wanted = _first(asked, "price")
    return [
        Candidate(say.price(fact.evidence.text), (fact,), _RULE + 0.3 - 0.4 * wanted)
        for fact in facts
        if wanted is not None and fact.evidence.kind == "price"
    ]


def stock_candidates(asked: Asked, facts: Sequence[Fact], say: Wording) -> list[Candidate]:
    """Whether it can be ordered, read from the record."""
    wanted = _first(asked, "stock")
    return [
        Candidate(say.stock(fact.evidence.text), (fact,), _RULE - 0.4 * wanted)
        for fact in facts
        if wanted is not None and fact.evidence.kind == "stock"
    ]


def policy_candidates(
    question: str, asked: Asked, facts: Sequence[Fact], shares: Sequence[float], cosines: Sequence[float]
) -> list[Candidate]:
    """Rules of the store: the topic that the question names, and within it the entry nearest in words and meaning."""
    topics = [
        (order, set(group.topics) | set(group.terms))
        for order, group in enumerate(asked.groups)
        if group.kind == "policy"
    ]
    made = []
    for fact, share, cosine in zip(facts, shares, cosines, strict=True):
        near = max(-1.0, 2.5 * share + 12.0 * (cosine - 0.85))
        places = [order for order, wanted in topics if _on_topic(fact, wanted)]
        if places:
            logit = 1.6 - 0.4 * places[0] + near
        elif topics:
            logit = near - 3.0
        else:
            logit = near - 2.2
        made.append(Candidate(fact.evidence.text, (fact,), logit, free=True))
    return made


def _on_topic(fact: Fact, wanted: set[str]) -> bool:
    topic = fact.topic.replace("_", " ")
    if topic and any(topic == one or contains(topic, one) for one in wanted):
        return True
    return any(contains(fact.field.lower(), one) for one in wanted)


def sentence_candidates(asked: Asked, facts: Sequence[Fact], logits: Sequence[float], say: Wording) -> list[Candidate]:
    """Sentences of description and reviews. Where the question names a group, a sentence has to speak of it."""
    groups = [group for group in asked.groups if group.kind in {"attribute", "opinion", "policy"}]
    made = []
    for fact, scored in zip(facts, logits, strict=True):
        text = fact.evidence.text.lower()
        logit = scored
        if groups:
            spoken = any(contains(text, sign) for group in groups[:1] for sign in (*group.signs, *group.terms))
            logit = max(0.3 + 0.3 * scored, scored) if spoken else min(scored, -1.0)
        if fact.evidence.kind == "review":
            logit -= 0.5
        made.append(Candidate(say.quote(fact), (fact,), logit, free=True))
    return made


def _first(asked: Asked, kind: str) -> int | None:
    return next((order for order, group in enumerate(asked.groups) if group.kind == kind), None)
