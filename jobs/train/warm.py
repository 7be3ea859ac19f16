"""Warm start: rows with word links in, a bilingual embedding matrix and an output bias out.

A subword is described by the English contexts of the English subwords that it is, or is linked to: PPMI of window
counts, reduced by SVD (Levy and Goldberg 2014), so a Vietnamese word starts near its translation before any
training. A random part, carried over the same links, keeps words apart that share their contexts (January and
March). A random rotation spreads the strong directions of the SVD over all attention heads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jobs.train.rows import Rows

    Matrix = NDArray[np.float32]

_WINDOW = 4
# A translation rarer than this beside the main ones is mostly a wrong link.
_RARE_LINK = 0.04
_CONTEXT_POWER = 0.75  # Levy, Goldberg and Dagan 2015: smooths the frequencies of contexts
_MEANING, _IDENTITY = 0.75, 0.65
_TINY = 1e-9


def warm_embeddings(rows: Rows, vocabulary: int, size: int, *, seed: int) -> tuple[Matrix, Matrix]:
    """Return embeddings [vocabulary, size] of unit rows, `<pad>` zero, and the output bias [vocabulary]."""
    rng = np.random.default_rng(seed)
    expressed = _expressed(rows, vocabulary)
    meaning = _reduced(_ppmi(expressed @ _contexts(rows, vocabulary)), size, seed)
    identity = _unit(np.asarray(expressed @ rng.standard_normal((vocabulary, size))))
    # What was never met on the English side, nor linked, has no row there: a random one of its own.
    lost = np.flatnonzero(np.abs(identity).sum(1) == 0)
    identity[lost] = _unit(rng.standard_normal((lost.size, size)))
    rotation, _ = np.linalg.qr(rng.standard_normal((size, size)))
    embeddings = _unit((_MEANING * meaning + _IDENTITY * identity) @ rotation)
    embeddings[-1] = 0
    return embeddings.astype(np.float32), _output_bias(rows, vocabulary)


def _sparse(heads: NDArray[Any], tails: NDArray[Any], values: NDArray[Any], size: int) -> Any:
    from scipy.sparse import coo_matrix

    return coo_matrix((values, (heads, tails)), shape=(size, size)).tocsr()


def _expressed(rows: Rows, vocabulary: int) -> Any:
    """Return for each subword the distribution over the English subwords that express it: itself and its links."""
    source, target = rows.linked_ids()
    counts = _sparse(source, target, np.ones(source.size), vocabulary)
    own = np.bincount(rows.target, minlength=vocabulary)
    places = np.arange(vocabulary)
    counts = _rows_to_one(counts + _sparse(places, places, own.astype(float), vocabulary))
    counts.data[counts.data < _RARE_LINK] = 0
    counts.eliminate_zeros()
    return _rows_to_one(counts)


def _contexts(rows: Rows, vocabulary: int) -> Any:
    """Return the English window counts, each neighbour weighted by 1 / distance."""
    row_of = np.repeat(np.arange(len(rows)), np.diff(rows.target_at))
    total = _sparse(np.zeros(0, int), np.zeros(0, int), np.zeros(0), vocabulary)
    for distance in range(1, _WINDOW + 1):
        together = row_of[:-distance] == row_of[distance:]
        left, right = rows.target[:-distance][together], rows.target[distance:][together]
        near = _sparse(left, right, np.full(left.size, 1 / distance), vocabulary)
        total = total + near + near.T
    return total


def _ppmi(counts: Any) -> Any:
    table = counts.tocoo()
    mass = np.asarray(table.sum(1)).ravel()
    context = np.asarray(table.sum(0)).ravel() ** _CONTEXT_POWER
    context /= context.sum() + _TINY
    values = np.log(table.data / (mass[table.row] + _TINY) / (context[table.col] + _TINY))
    return _sparse(table.row, table.col, np.maximum(values, 0), table.shape[0])


def _reduced(table: Any, size: int, seed: int) -> NDArray[np.float64]:
    from sklearn.utils.extmath import randomized_svd

    rank = min(size, table.shape[0] - 1)
    left, strength, _ = randomized_svd(table, rank, n_iter=3, random_state=seed)
    found = left * np.sqrt(strength)
    found = np.pad(found - found.mean(0), ((0, 0), (0, size - rank)))
    return _unit(found)


def _rows_to_one(table: Any) -> Any:
    from scipy.sparse import diags

    return diags(1 / (np.asarray(table.sum(1)).ravel() + _TINY)) @ table


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows / (np.linalg.norm(rows, axis=1, keepdims=True) + _TINY))


def _output_bias(rows: Rows, vocabulary: int) -> Matrix:
    """Return the log frequencies of the target subwords and of `</s>`, centred."""
    counts = np.bincount(rows.target, minlength=vocabulary).astype(float)
    counts[0] += len(rows)
    bias = np.log((counts + 1) / (counts.sum() + vocabulary))
    return np.asarray(bias - bias[:-1].mean(), np.float32)
