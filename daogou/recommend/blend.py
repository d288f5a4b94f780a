"""The blend: scores of all sources -> one f(item, shopper), and P(item | shopper) = softmax f over the candidates.

f is a conditional logit (McFadden 1974), linear in two features of every source:

    share   score / best score of this answer: how an item stands among the others
    level   log(1 + 100 x score / scale) / log(101): how much the score is worth in itself

with weights that differ by what is known of the shopper. "Something else" stands beside the candidates with f = 0, so
the probabilities of the candidates sum to less than 1, and what is missing is the probability that none of them is it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]

# What is known: nothing; one item; two or three; four to seven; more.
KNOWN = (0, 1, 3, 7)


def known_bucket(m: int) -> int:
    """Which set of weights serves a history of m items."""
    return int(np.searchsorted(KNOWN, m))


class Example(NamedTuple):
    """One answer to learn from: (S, c) scores of c candidates, how long the history was, and which candidate it was
    that the shopper then chose (None: none of them)."""

    scores: NDArray[np.float32]
    known: int
    wanted: int | None


@dataclass
class Blend:
    """weights: (buckets, 2 S + 1), the last being a constant. scales: (S,) a typical best score of every source."""

    names: tuple[str, ...]
    weights: Floats
    scales: Floats

    @classmethod
    def by_hand(
        cls, weights: Mapping[str, tuple[float, float]], *, constant: float, scales: Mapping[str, float]
    ) -> Blend:
        """The same weights (share, level) for everybody, before anything was learned."""
        names = tuple(weights)
        row = [part for name in names for part in weights[name]] + [constant]
        return cls(
            names, np.tile(row, (len(KNOWN) + 1, 1)).astype(np.float64), np.array([scales[name] for name in names])
        )

    def features(self, scores: NDArray[np.float32]) -> Floats:
        """(S, c) scores -> (c, 2 S + 1) features."""
        best = scores.max(axis=1, initial=0.0)
        share = np.divide(scores, best[:, None], out=np.zeros_like(scores), where=best[:, None] > 0)
        level = np.log1p(100.0 * scores / self.scales[:, None]) / np.log(101.0)
        table = np.empty((scores.shape[1], 2 * len(scores) + 1))
        table[:, 0:-1:2] = share.T
        table[:, 1:-1:2] = level.T
        table[:, -1] = 1.0
        return table

    def logits(self, scores: NDArray[np.float32], known: int) -> Floats:
        """(S, c) scores -> (c,) f."""
        values: Floats = self.features(scores) @ self.weights[known_bucket(known)]
        return values

    def parts(self, scores: NDArray[np.float32], known: int) -> Floats:
        """(S, c) what every source adds to f of every candidate."""
        added = self.features(scores)[:, :-1] * self.weights[known_bucket(known)][:-1]
        whole: Floats = added.reshape(scores.shape[1], len(scores), 2).sum(axis=2).T
        return whole

    @staticmethod
    def probabilities(logits: Floats) -> Floats:
        """(c,) f -> (c,) softmax with 'something else' at 0; sums to less than 1."""
        top = max(float(logits.max(initial=0.0)), 0.0)
        shifted = np.exp(logits - top)
        whole: Floats = shifted / (shifted.sum() + np.exp(-top))
        return whole

    def learn(
        self, examples: Sequence[Example], *, ridge: float = 1.0, progress: Callable[[float], None] | None = None
    ) -> float:
        """Fits the weights by maximum likelihood, L-BFGS; returns the mean log-likelihood per example.

        Every bucket's weights are the common ones plus its own departure, which `ridge` keeps small where there are few
        examples; a bucket without examples keeps the weights it had. O(examples x candidates x features) a step, about
        60 steps."""
        self.scales = _typical_best(examples, self.scales)
        tables = [self.features(example.scores).astype(np.float32) for example in examples]
        starts = np.concatenate([[0], np.cumsum([len(table) for table in tables])])
        table = np.concatenate(tables)
        buckets = np.array([known_bucket(example.known) for example in examples])
        wanted = np.array(
            [-1 if one.wanted is None else start + one.wanted for one, start in zip(examples, starts[:-1], strict=True)]
        )
        groups = [_Group.of(table, starts, wanted, np.flatnonzero(buckets == b)) for b in range(len(KNOWN) + 1)]
        width, steps = table.shape[1], 0

        def loss(flat: Floats) -> tuple[float, Floats]:
            common, own = flat[:width], flat[width:].reshape(len(groups), width)
            value = 0.5 * ridge * (0.01 * float(common @ common) + float((own * own).sum()))
            slope = np.concatenate([0.01 * ridge * common, ridge * flat[width:]])
            for number, group in enumerate(groups):
                part, part_slope = group.loss(common + own[number])
                value += part
                slope[:width] += part_slope
                slope[width * (number + 1) : width * (number + 2)] += part_slope
            return value, slope

        def stepped(_: Floats) -> None:
            nonlocal steps
            steps += 1
            if progress is not None:
                progress(min(steps / 80.0, 1.0))

        start = np.concatenate([self.weights.mean(axis=0), np.zeros(len(groups) * width)])
        found = optimize.minimize(
            loss, start, jac=True, method="L-BFGS-B", callback=stepped, options={"maxiter": 80, "maxfun": 120}
        )
        common, own = found.x[:width], found.x[width:].reshape(len(groups), width)
        learned = np.array([len(group.starts) > 0 for group in groups])
        self.weights = np.where(learned[:, None], common + own, self.weights)
        return -sum(group.loss(weights)[0] for group, weights in zip(groups, self.weights, strict=True)) / len(examples)

    def save(self) -> dict[str, NDArray[Any]]:
        """Plain arrays for `np.savez`."""
        return {"names": np.array(self.names), "weights": self.weights, "scales": self.scales}

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[Any]]) -> Blend:
        """The reverse of `save`."""
        return cls(tuple(arrays["names"].tolist()), arrays["weights"], arrays["scales"])


class _Group(NamedTuple):
    """The examples of one bucket: (rows, features) table, where each example starts, the row wanted or -1."""

    table: NDArray[np.float32]
    starts: NDArray[np.int64]
    wanted: NDArray[np.int64]

    @classmethod
    def of(cls, table: NDArray[Any], starts: NDArray[Any], wanted: NDArray[Any], which: NDArray[Any]) -> _Group:
        which = which[starts[which + 1] > starts[which]]
        lengths = starts[which + 1] - starts[which]
        begin = np.cumsum(lengths) - lengths
        rows = np.repeat(starts[which] - begin, lengths) + np.arange(int(lengths.sum()))
        moved = np.where(wanted[which] >= 0, wanted[which] - starts[which] + begin, -1)
        return cls(table[rows], begin, moved)

    def loss(self, weights: Floats) -> tuple[float, Floats]:
        """Negative log-likelihood and its slope."""
        if not len(self.starts):
            return 0.0, np.zeros(self.table.shape[1])
        f = (self.table @ weights.astype(np.float32)).astype(np.float64)
        top = np.maximum(np.maximum.reduceat(f, self.starts), 0.0)
        lengths = np.diff(np.append(self.starts, len(f)))
        raised = np.exp(f - np.repeat(top, lengths))
        total = np.add.reduceat(raised, self.starts) + np.exp(-top)
        inside = self.wanted >= 0
        value = float((top + np.log(total)).sum() - f[self.wanted[inside]].sum())
        share = (raised / np.repeat(total, lengths)).astype(np.float32)
        slope = (share @ self.table).astype(np.float64) - self.table[self.wanted[inside]].sum(axis=0, dtype=np.float64)
        return value, slope


def _typical_best(examples: Sequence[Example], before: Floats) -> Floats:
    """(S,) median over the examples of each source's best score, where it had any."""
    best = np.array([example.scores.max(axis=1, initial=0.0) for example in examples])
    medians = [
        np.median(column[column > 0]) if (column > 0).any() else old for column, old in zip(best.T, before, strict=True)
    ]
    return np.array(medians, np.float64)
