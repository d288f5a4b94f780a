"""The gate: a candidate is promoted only where none of the measures that matter got worse than it may."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from daogou.errors import InputError


@dataclass(frozen=True, slots=True)
class Rule:
    """One measure the gate looks at. `slack`: how much worse it may be, in the measure's own unit. `floor`: the worst
    value ever allowed (a ceiling where smaller is better), also for the first candidate."""

    metric: str
    larger_is_better: bool = True
    slack: float = 0.0
    floor: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to promote, and one line for every measure looked at."""

    promote: bool
    reasons: tuple[str, ...]


def judge(candidate: Mapping[str, float], current: Mapping[str, float] | None, rules: Sequence[Rule]) -> Verdict:
    """Candidate against what serves now (None: nothing does). Raises InputError without rules: an open gate is no gate.

    A measure the candidate lacks, or that is not a finite number, refuses it; one the current version lacks cannot."""
    if not rules:
        raise InputError("The gate was given no rules.", next_step="Name at least one metric that must not get worse.")
    lines: list[str] = []
    passed = True
    for rule in rules:
        fine, line = _judge_one(rule, candidate, current or {})
        passed &= fine
        lines.append(line)
    return Verdict(passed, tuple(lines))


def _judge_one(rule: Rule, candidate: Mapping[str, float], current: Mapping[str, float]) -> tuple[bool, str]:
    value = candidate.get(rule.metric)
    if value is None or not math.isfinite(value):
        return False, f"{rule.metric}: refused, the candidate has no figure ({value})"
    sign = 1.0 if rule.larger_is_better else -1.0
    if rule.floor is not None and sign * value < sign * rule.floor:
        return False, f"{rule.metric}: refused, {value:g} is beyond the limit {rule.floor:g}"
    before = current.get(rule.metric)
    if before is None:
        return True, f"{rule.metric}: {value:g}, nothing to compare with"
    if sign * value < sign * before - rule.slack:
        return False, f"{rule.metric}: refused, {value:g} is worse than {before:g} by more than {rule.slack:g}"
    return True, f"{rule.metric}: {value:g} against {before:g}"
