"""Prepared rows: source and target ids and word links of every training pair, in flat arrays.

One safetensors file holds them: `source` and `target` with their offsets, and `links`, for each target id the place
in its source that it is linked to, or -1. Half a million pairs are about 60 MB and load at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Ids = list[int]


@dataclass(frozen=True)
class Rows:
    """Flat ids with offsets: row n is `source[source_at[n]:source_at[n + 1]]`, as for the target and its links."""

    source: NDArray[np.uint16]
    source_at: NDArray[np.int64]
    target: NDArray[np.uint16]
    target_at: NDArray[np.int64]
    links: NDArray[np.int16]

    @classmethod
    def build(cls, pairs: Sequence[tuple[Ids, Ids]]) -> Rows:
        """Flatten (source ids, target ids) pairs; no links yet."""
        source, source_at = _flat([pair[0] for pair in pairs])
        target, target_at = _flat([pair[1] for pair in pairs])
        return cls(source, source_at, target, target_at, np.full(target.size, -1, np.int16))

    def __len__(self) -> int:
        return len(self.source_at) - 1

    def source_of(self, row: int) -> NDArray[np.uint16]:
        """Return the source ids of a row, without `</s>`."""
        return self.source[self.source_at[row] : self.source_at[row + 1]]

    def target_of(self, row: int) -> NDArray[np.uint16]:
        """Return the target ids of a row, without `</s>`."""
        return self.target[self.target_at[row] : self.target_at[row + 1]]

    def links_of(self, row: int) -> NDArray[np.int16]:
        """Return the source place of each target id of a row, or -1."""
        return self.links[self.target_at[row] : self.target_at[row + 1]]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the arrays by name, to be written."""
        return {
            "source": self.source,
            "source_at": self.source_at,
            "target": self.target,
            "target_at": self.target_at,
            "links": self.links,
        }

    def linked_ids(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the source and target ids of all links."""
        starts = np.repeat(self.source_at[:-1], np.diff(self.target_at))
        on = self.links >= 0
        places = starts[on] + self.links[on]
        return self.source[places].astype(np.int64), self.target[on].astype(np.int64)


def _flat(rows: Sequence[Ids]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    flat = np.fromiter((item for row in rows for item in row), np.uint16, count=int(offsets[-1]))
    return flat, offsets
