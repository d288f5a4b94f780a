"""Opinions, counted: how many reviewers speak of an aspect, how many of them well, and one of each in their own
words."""

from __future__ import annotations

from collections.abc import Sequence

from daogou.answer.asks import Ask, Asked
from daogou.answer.candidates import Candidate
from daogou.answer.evidence import Fact
from daogou.answer.polarity import opinion_of
from daogou.answer.text import contains
from daogou.answer.wording import Wording


def opinion_candidates(
    asked: Asked, reviews: Sequence[Fact], stars: tuple[float, int] | None, say: Wording
) -> list[Candidate]:
    """One candidate for each aspect asked about that reviews speak of, and the overall rating where that is asked."""
    made: list[Candidate] = []
    for order, group in enumerate(asked.groups):
        if group.kind == "rating" and stars:
            made.append(_overall(reviews, stars, say, 3.0 - 0.4 * order))
        elif group.kind == "opinion" or group.praise:
            counted = _aspect(group, reviews, say, 2.4 - 0.4 * order if group.kind == "opinion" else 1.2)
            if counted:
                made.append(counted)
    return made


def _aspect(group: Ask, reviews: Sequence[Fact], say: Wording, logit: float) -> Candidate | None:
    by_reviewer: dict[str, tuple[int, Fact]] = {}
    for fact in reviews:
        text = fact.evidence.text.lower()
        if not any(contains(text, sign) for sign in (*group.signs, *group.praise, *group.blame)):
            continue
        said = opinion_of(text, group, fact.rating)
        if fact.source not in by_reviewer or abs(said) > abs(by_reviewer[fact.source][0]):
            by_reviewer[fact.source] = (said, fact)
    if not by_reviewer:
        return None
    well = [fact for said, fact in by_reviewer.values() if said > 0]
    badly = [fact for said, fact in by_reviewer.values() if said < 0]
    quoted = (*well[:1], *badly[:1]) or tuple(fact for _, fact in by_reviewer.values())[:1]
    text = say.counted(group, len(by_reviewer), len(well), len(badly), quoted)
    rest = tuple(fact for fact in (*well[1:3], *badly[1:3]))
    return Candidate(text, (*quoted, *rest), logit)


def _overall(reviews: Sequence[Fact], stars: tuple[float, int], say: Wording, logit: float) -> Candidate:
    best = max((one for one in reviews if one.rating is not None and one.rating >= 4), key=_informative, default=None)
    worst = max(
        (one for one in reviews if one.rating is not None and one.rating <= 2.5), key=_informative, default=None
    )
    quoted = tuple(one for one in (best, worst) if one)
    return Candidate(say.overall(stars[0], stars[1], quoted), quoted, logit)


def _informative(fact: Fact) -> int:
    return min(len(fact.evidence.text), 120)
