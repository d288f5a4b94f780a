"""Baselines of the recommendation benchmark, written apart from the service so that they cannot share its mistakes.

Each is a function from training sequences to a scorer: history (item numbers, oldest first) -> (n,) scores.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

Sequences = Sequence[NDArray[np.int64]]
Scorer = Callable[[NDArray[np.int64]], NDArray[Any]]


def table(sequences: Sequences, n_items: int) -> sparse.csr_array:
    """(users, items) of 1.0 where chosen."""
    users = np.repeat(np.arange(len(sequences)), [len(one) for one in sequences])
    items = np.concatenate(sequences)
    made = sparse.csr_array((np.ones(len(items), np.float32), (users, items)), shape=(len(sequences), n_items))
    made.data[:] = 1.0
    return made


def popularity(sequences: Sequences, n_items: int, seed: int) -> Scorer:
    """How often each item was chosen, the same for everybody."""
    counts = np.bincount(np.concatenate(sequences), minlength=n_items).astype(np.float64)
    return lambda history: counts


def itemknn(sequences: Sequences, n_items: int, seed: int, *, neighbours: int = 100) -> Scorer:
    """Cosine of item columns, each item's 100 nearest, summed over the history (Deshpande & Karypis 2004)."""
    chosen = table(sequences, n_items)
    norms = np.sqrt(np.maximum(np.asarray(chosen.sum(axis=0)).reshape(-1), 1.0))
    alike = (chosen.T @ chosen).tocsr()
    rows = np.repeat(np.arange(n_items), np.diff(alike.indptr))
    alike.data = alike.data / (norms[rows] * norms[alike.indices])
    alike.data[rows == alike.indices] = 0.0
    for item in range(n_items):
        part = alike.data[alike.indptr[item] : alike.indptr[item + 1]]
        if len(part) > neighbours:
            part[np.argsort(-part, kind="stable")[neighbours:]] = 0.0
    alike.eliminate_zeros()

    def score(history: NDArray[np.int64]) -> NDArray[Any]:
        scores = np.zeros(n_items)
        for item in history.tolist():
            part = slice(alike.indptr[item], alike.indptr[item + 1])
            scores[alike.indices[part]] += alike.data[part]
        return scores

    return score


def als(
    sequences: Sequences,
    n_items: int,
    seed: int,
    *,
    factors: int = 64,
    ridge: float = 0.05,
    alpha: float = 10.0,
    rounds: int = 10,
) -> Scorer:
    """Implicit-feedback matrix factorisation by alternating least squares (Hu, Koren & Volinsky 2008), confidence
    1 + alpha. A history is folded in: its user vector is solved for, so no user needs to have been trained."""
    chosen = table(sequences, n_items)
    rng = np.random.default_rng(seed)
    items = rng.normal(0.0, 0.1, (n_items, factors))
    users = np.zeros((len(sequences), factors))
    transposed = chosen.T.tocsr()
    for _ in range(rounds):
        _solve(chosen, items, users, ridge, alpha)
        _solve(transposed, users, items, ridge, alpha)
    gram = items.T @ items + ridge * np.eye(factors)

    def score(history: NDArray[np.int64]) -> NDArray[Any]:
        mine = items[history]
        user = np.linalg.solve(gram + alpha * mine.T @ mine, (1.0 + alpha) * mine.sum(axis=0))
        return np.asarray(items @ user)

    return score


def ease(sequences: Sequences, n_items: int, seed: int, *, ridge: float = 100.0) -> Scorer:
    """The closed-form linear autoencoder (Steck 2019), dense: 4 x items^2 bytes to keep, twice that while fitted."""
    chosen = table(sequences, n_items)
    gram = (chosen.T @ chosen).toarray().astype(np.float32, order="F")
    gram[np.diag_indices(n_items)] += ridge
    factor, failed = linalg.lapack.spotrf(gram, lower=1, overwrite_a=1)
    if not failed:
        factor, failed = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed:
        raise np.linalg.LinAlgError(f"LAPACK could not invert the Gram matrix ({failed})")
    for start in range(0, n_items, 1024):  # the upper half is not filled in by LAPACK
        stop = min(start + 1024, n_items)
        block = np.tril(factor[start:stop, start:stop])
        factor[start:stop, start:stop] = block + np.tril(block, -1).T
        factor[start:stop, stop:] = factor[stop:, start:stop].T
    weights = factor
    weights /= -np.diag(weights).copy()
    np.fill_diagonal(weights, 0.0)
    return lambda history: weights[history].sum(axis=0)


def _solve(
    chosen: sparse.csr_array, fixed: NDArray[np.float64], solved: NDArray[np.float64], ridge: float, alpha: float
) -> None:
    gram = fixed.T @ fixed + ridge * np.eye(fixed.shape[1])
    for row in range(chosen.shape[0]):
        part = chosen.indices[chosen.indptr[row] : chosen.indptr[row + 1]]
        if len(part):
            mine = fixed[part]
            solved[row] = np.linalg.solve(gram + alpha * mine.T @ mine, (1.0 + alpha) * mine.sum(axis=0))


BASELINES: dict[str, Callable[[Sequences, int, int], Scorer]] = {
    "popularity": popularity,
    "itemknn": itemknn,
    "als": als,
    "ease": ease,
}
