"""Batches: rows in, padded id tensors out, in an order that the seed and the epoch fix.

An epoch is a pure function of (rows, seed, epoch): to go on from a place in it, it is cut again and entered there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

from jobs.train.subwords import EOS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from jobs.train.rows import Rows

# Rows sorted by length within pools of this size: enough to fill batches evenly, small enough to stay shuffled.
_POOL = 20_000
# Lengths are rounded up, so that there are few shapes: each new one costs a kernel to be built.
_MULTIPLE = 4


class Batch(NamedTuple):
    """Ids [n, length], padded: `target` is shifted and begins with `<pad>`; `links` are places or -1."""

    source: torch.Tensor
    target: torch.Tensor
    labels: torch.Tensor
    links: torch.Tensor


def epoch_batches(rows: Rows, tokens: int, *, seed: int, epoch: int) -> list[NDArray[np.int64]]:
    """Return the row numbers of each batch of an epoch; padded, a side of a batch has at most `tokens` ids."""
    rng = np.random.default_rng([seed, epoch])
    order = rng.permutation(len(rows))
    lengths = np.maximum(np.diff(rows.source_at), np.diff(rows.target_at)) + 1
    padded = -(-lengths // _MULTIPLE) * _MULTIPLE
    batches = []
    for begin in range(0, order.size, _POOL):
        pool = order[begin : begin + _POOL]
        pool = pool[np.argsort(padded[pool], kind="stable")]
        batches += _cut(pool, padded, tokens)
    return [batches[place] for place in rng.permutation(len(batches))]


def _cut(pool: NDArray[np.int64], padded: NDArray[np.int64], tokens: int) -> list[NDArray[np.int64]]:
    """Cut rows sorted by length into batches, longest first in each, so that its last row sets the width."""
    found = []
    end = pool.size
    while end > 0:
        size = max(1, tokens // int(padded[pool[end - 1]]))
        found.append(pool[max(0, end - size) : end])
        end -= size
    return found


def assemble(rows: Rows, chosen: NDArray[np.int64], pad: int) -> Batch:
    """Return the padded ids of `chosen` rows; `</s>` closes both sides and is linked to itself."""
    source = [[*rows.source_of(row), EOS] for row in chosen]
    labels = [[*rows.target_of(row), EOS] for row in chosen]
    links = [[*rows.links_of(row), len(ids) - 1] for row, ids in zip(chosen, source, strict=True)]
    wanted = _filled(labels, pad)
    start = torch.full((wanted.shape[0], 1), pad)
    shifted = torch.cat([start, wanted[:, :-1]], dim=1)
    return Batch(source=_filled(source, pad), target=shifted, labels=wanted, links=_filled(links, -1))


def _filled(rows: Sequence[Sequence[int]], filler: int) -> torch.Tensor:
    width = -(-max(map(len, rows)) // _MULTIPLE) * _MULTIPLE
    filled = np.full((len(rows), width), filler, np.int64)
    for place, row in enumerate(rows):
        filled[place, : len(row)] = row
    return torch.from_numpy(filled)
